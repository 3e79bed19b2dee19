//! `bareme score`: a cohort into scores and ranks.

use std::io::Write;
use std::path::Path;

use bareme::error::Language;
use bareme::methodology::model::{View, Within};
use bareme::scoring::Reference;
use bareme::{Methodology, Scoring};

use crate::arguments::{Errors, Format, Given, Score};
use crate::failure::{Failure, notice};
use crate::input;
use crate::output::card::Card;
use crate::output::csv::{self, Dialect, Ranking, Sheet};
use crate::output::listing::{Group, Listing};
use crate::output::names::Names;
use crate::output::selection::Selection;
use crate::output::{Destination, json, table};
use crate::progress::Progress;
use crate::words::pick;

/// Scores, then writes: nothing is opened for writing while something may still be wrong.
pub(crate) fn run(arguments: &Score, others: &[String], errors: Errors, language: Language) -> Result<(), Failure> {
    let format = arguments.format.unwrap_or_else(|| implied(arguments.output.as_deref()));
    if let Some(reference) = &arguments.reference {
        return alone(
            arguments,
            &input::reference(reference, arguments.methodology.as_deref(), others)?,
            format,
            errors,
            language,
        );
    }
    if format == Format::Json && (asked(arguments) || Selection::is_asked(arguments)) {
        return Err(Failure::plain(
            "--by, --within et ce qui choisit les territoires montrés vont avec le tableau et le CSV ; le JSON contient tous les territoires et tous les classements de la méthode",
            "--by, --within and what chooses the territories shown go with the table and the CSV; the JSON holds every territory and every ranking of the methodology",
        ));
    }
    let methodology = input::methodology(arguments.methodology.as_deref().unwrap_or_default(), others);
    let (_, methodology) = both(input::period(&arguments.given), methodology)?;
    let (view, within) = both(
        methodology.view(arguments.by.as_deref()).map_err(|faults| Failure::of("--by", faults)),
        methodology.within(arguments.within.as_deref()).map_err(|faults| Failure::of("--within", faults)),
    )?;
    let scoring = scored(&arguments.given, &methodology, errors, language)?;
    write(arguments, format, &scoring, view, within, language)
}

/// The scoring of the cohort that is given.
pub(super) fn scored(
    given: &Given,
    methodology: &Methodology,
    errors: Errors,
    language: Language,
) -> Result<Scoring, Failure> {
    let (cohort, ignored) = input::cohort(given, input::period(given)?, methodology)?;
    let scoring = {
        let mut progress = Progress::new(pick(language, "Calcul", "Scoring"));
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        methodology.score_watched(cohort, threads, |done, total| progress.advance(done, total))
    };
    let scoring = scoring.map_err(|faults| Failure::of(&given.cohort, faults))?;
    notice(&ignored, errors, language, &mut std::io::stderr().lock());
    Ok(scoring)
}

/// Each territory of a file alone against a reference.
fn alone(
    arguments: &Score,
    reference: &Reference,
    format: Format,
    errors: Errors,
    language: Language,
) -> Result<(), Failure> {
    let methodology = reference.methodology();
    let period = input::period(&arguments.given)?.or_else(|| reference.period());
    let (cohort, ignored) = input::cohort(&arguments.given, period, methodology)?;
    let document = reference.score_each(&cohort).map_err(|faults| Failure::of(&arguments.given.cohort, faults))?;
    notice(&ignored, errors, language, &mut std::io::stderr().lock());
    let names = Names::of(&cohort);
    let destination = Destination::open(arguments.output.as_deref())?;
    match format {
        Format::Json => destination.write(|out| json::write(&document, out)),
        Format::Csv => {
            let dialect = Dialect::new(language, arguments.delimiter);
            let sheet = Sheet {
                methodology,
                cohort: &cohort,
                rows: document.territories.iter().enumerate().collect(),
                ranking: None,
            };
            destination.write(|out| csv::write(&sheet, dialect, out))
        }
        Format::Table => destination.write(|out| {
            let layout = super::layout(out, language);
            for (place, territory) in document.territories.iter().enumerate() {
                if place > 0 {
                    writeln!(out)?;
                }
                let card = Card { methodology, cohort: &cohort, place, territory, names: &names, layout };
                card.write(out)?;
            }
            Ok(())
        }),
    }
}

/// Is another order asked for than that of the cohort?
fn asked(arguments: &Score) -> bool {
    arguments.by.is_some() || arguments.within.is_some()
}

fn write(
    arguments: &Score,
    format: Format,
    scoring: &Scoring,
    view: &View,
    within: Within,
    language: Language,
) -> Result<(), Failure> {
    let output = arguments.output.as_deref();
    if format == Format::Json {
        return Destination::open(output)?.write(|out| json::write(scoring, out));
    }
    let names = Names::of(scoring.cohort());
    let selection = Selection::new(arguments, scoring, &names)?;
    if let (Format::Table, Some(place)) = (format, selection.one()) {
        let Some(territory) = scoring.territory(place) else { return Ok(()) };
        return Destination::open(output)?.write(|out| {
            let layout = super::layout(out, language);
            let (methodology, cohort) = (scoring.methodology(), scoring.cohort());
            Card { methodology, cohort, place, territory: &territory, names: &names, layout }.write(out)
        });
    }
    let Some(mut listing) = Listing::new(scoring, view, within, &names) else { return Ok(()) };
    let groups: Vec<Group> =
        listing.groups(language).into_iter().filter_map(|group| selection.shown(group, &listing.ranks)).collect();
    listing.describe(&groups);
    if format == Format::Table {
        return Destination::open(output)?.write(|out| {
            let layout = super::layout(out, language);
            table::write(&listing, &groups, selection.words(language).as_deref(), layout, out)
        });
    }
    // Rows stay in the order of the cohort unless another is asked for.
    let mut order: Vec<usize> = groups.into_iter().flat_map(|group| group.territories).collect();
    if !asked(arguments) {
        order.sort_unstable();
    }
    let rows = order.into_iter().filter_map(|place| Some((place, listing.territory(place)?))).collect();
    let ranking =
        asked(arguments).then(|| Ranking { view: &view.id, within: listing.within.name(), ranks: &listing.ranks });
    let sheet = Sheet { methodology: scoring.methodology(), cohort: scoring.cohort(), rows, ranking };
    let dialect = Dialect::new(language, arguments.delimiter);
    Destination::open(output)?.write(|out| csv::write(&sheet, dialect, out))
}

/// The format that the name of the output implies.
fn implied(output: Option<&Path>) -> Format {
    let extension =
        output.and_then(Path::extension).and_then(|extension| extension.to_str()).map(str::to_ascii_lowercase);
    match extension.as_deref() {
        Some("csv") => Format::Csv,
        Some("json") => Format::Json,
        _ => Format::Table,
    }
}

/// Two results, or the faults of both.
fn both<A, B>(a: Result<A, Failure>, b: Result<B, Failure>) -> Result<(A, B), Failure> {
    match (a, b) {
        (Ok(a), Ok(b)) => Ok((a, b)),
        (Err(Failure::Faults(mut faults)), Err(Failure::Faults(others))) => {
            faults.extend(others);
            Err(Failure::Faults(faults))
        }
        (Err(failure), _) | (_, Err(failure)) => Err(failure),
    }
}
