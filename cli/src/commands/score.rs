//! `bareme score`: a cohort into scores and ranks.

use std::path::Path;

use bareme::error::{Code, Fault, Language, Place, Text};
use bareme::methodology::model::{Document, View, Within};
use bareme::{Methodology, Scoring};

use crate::arguments::{Errors, Format, Score};
use crate::failure::{Failure, notice};
use crate::input;
use crate::output::csv::{self, Dialect};
use crate::output::listing::Listing;
use crate::output::{Destination, json, table};
use crate::progress::Progress;
use crate::words::pick;

/// Scores, then writes: nothing is opened for writing while something may still be wrong.
pub(crate) fn run(arguments: &Score, errors: Errors, language: Language) -> Result<(), Failure> {
    let format = arguments.format.unwrap_or_else(|| implied(arguments.output.as_deref()));
    let asked = arguments.by.is_some() || arguments.within.is_some();
    if format == Format::Json && asked {
        return Err(Failure::plain(
            "--by et --within ordonnent le tableau et le CSV ; le JSON contient tous les classements de la méthode",
            "--by and --within order the table and the CSV; the JSON holds every ranking of the methodology",
        ));
    }
    let period = input::period(arguments.from.as_deref(), arguments.to.as_deref());
    let methodology = input::methodology(&arguments.methodology);
    let (period, methodology) = both(period, methodology)?;
    let (view, within) =
        both(view(&methodology, arguments.by.as_deref()), within(&methodology, arguments.within.as_deref()))?;
    let (cohort, ignored) = input::cohort(
        &arguments.cohort,
        arguments.territories.as_deref(),
        period,
        &methodology,
        arguments.ignore_unknown,
    )?;
    let scoring = {
        let mut progress = Progress::new(pick(language, "Calcul", "Scoring"));
        methodology.score_watched(cohort, |done, total| progress.advance(done, total))
    };
    let scoring = scoring.map_err(|faults| Failure::of(&arguments.cohort, faults))?;
    notice(&ignored, errors, language, &mut std::io::stderr().lock());
    write(arguments, format, &scoring, view, within, language)
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
    let listing =
        Listing::new(scoring, view, within).ok_or_else(|| unknown_view(scoring.methodology().document(), &view.id))?;
    let groups = listing.groups(language);
    if format == Format::Table {
        return Destination::open(output)?.write(|out| {
            let layout = super::layout(out, language);
            table::write(&listing, &groups, layout, out)
        });
    }
    // Rows stay in the order of the cohort unless another is asked for.
    let asked = arguments.by.is_some() || arguments.within.is_some();
    let order: Vec<usize> = if asked {
        groups.into_iter().flat_map(|group| group.territories).collect()
    } else {
        (0..scoring.len()).collect()
    };
    let dialect = Dialect::new(language, arguments.delimiter);
    Destination::open(output)?.write(|out| csv::write(&listing, &order, dialect, out))
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

/// The view that `by` names by its id or, whatever the case, by one of its labels; the first one
/// without it.
fn view<'a>(methodology: &'a Methodology, by: Option<&str>) -> Result<&'a View, Failure> {
    let document = methodology.document();
    let views = &document.views;
    let found = match by {
        None => views.first(),
        Some(by) => views.iter().find(|view| view.id == by).or_else(|| {
            let by = by.trim().to_lowercase();
            views.iter().find(|view| view.label.all().values().any(|label| label.to_lowercase() == by))
        }),
    };
    found.ok_or_else(|| unknown_view(document, by.unwrap_or_default()))
}

fn unknown_view(document: &Document, found: &str) -> Failure {
    let list = |language| {
        document
            .views
            .iter()
            .map(|view| format!("{} ({})", view.id, view.label.get(language)))
            .collect::<Vec<_>>()
            .join(", ")
    };
    let expected =
        Text::new(format!("l'un de : {}", list(Language::French)), format!("one of: {}", list(Language::English)));
    Failure::of("--by", Fault::new(Code::UnknownView, Place::Pointer(String::new()), found, expected))
}

/// The group that `within` names; the first one that the document ranks within without it.
fn within(methodology: &Methodology, within: Option<&str>) -> Result<Within, Failure> {
    let Some(name) = within else {
        return Ok(methodology.document().ranking.within.first().cloned().unwrap_or_default());
    };
    Within::from_name(name).ok_or_else(|| {
        let expected = Text::new(
            "cohort, ou l'un de stratum, structure_type, department, region, ou plusieurs joints par +",
            "cohort, or one of stratum, structure_type, department, region, or several joined by +",
        );
        Failure::of("--within", Fault::new(Code::UnknownValue, Place::Pointer(String::new()), name, expected))
    })
}
