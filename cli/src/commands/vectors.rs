//! `bareme vectors`: the conformance vectors of the specification against this build.

use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;

use bareme::error::Language;
use bareme_conformance::{Difference, NoVectors, Outcome, Page, digest_of};

use crate::failure::Failure;
use crate::output::Destination;
use crate::words::{pick, plain};

/// As many differences of one case are told.
const SHOWN: usize = 8;

/// Runs every page of a folder, and says what passed, and where what did not differs.
pub(crate) fn run(folder: &str, language: Language) -> Result<(), Failure> {
    let mut pages = Vec::new();
    for page in read(folder)? {
        let outcomes = page.run().collect::<Result<Vec<_>, _>>().map_err(|error| unknown(&page.name, &error))?;
        pages.push((page.name, outcomes));
    }
    let outcomes = || pages.iter().flat_map(|(_, outcomes)| outcomes);
    let failed = outcomes().filter(|outcome| !outcome.differences.is_empty()).count();
    Destination::stdout().write(|out| {
        for (name, outcomes) in &pages {
            told_of_page(name, outcomes, language, out)?;
        }
        // Of every bit that came out: two builds that print the same gave the same.
        let output = digest_of(outcomes().map(|outcome| outcome.output));
        let counted = counted(outcomes().count(), failed, language);
        writeln!(out, "{:<12} {counted}; {} {output}", "total", pick(language, "empreinte", "output"))
    })?;
    if failed == 0 { Ok(()) } else { Err(Failure::Disproved) }
}

fn told_of_page(name: &str, outcomes: &[Outcome], language: Language, out: &mut impl Write) -> io::Result<()> {
    let failed: Vec<&Outcome> = outcomes.iter().filter(|outcome| !outcome.differences.is_empty()).collect();
    writeln!(out, "{:<12} {}", plain(name), counted(outcomes.len(), failed.len(), language))?;
    for outcome in failed {
        writeln!(out, "  {}: {}", plain(&outcome.id), plain(&outcome.about))?;
        for difference in outcome.differences.iter().take(SHOWN) {
            writeln!(out, "    {}", plain(&told(difference, language)))?;
        }
        if let Some(more @ 1..) = outcome.differences.len().checked_sub(SHOWN) {
            writeln!(out, "    {} {more}", pick(language, "et encore", "and more:"))?;
        }
    }
    Ok(())
}

/// The pages of a folder, by name.
fn read(folder: &str) -> Result<Vec<Page>, Failure> {
    let entries = fs::read_dir(folder).map_err(|error| Failure::file(folder, &error))?;
    let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    if files.is_empty() {
        return Err(Failure::plain(
            format!("{folder}\u{a0}: aucun vecteur (fichier .json)"),
            format!("{folder}: no vectors (file .json)"),
        ));
    }
    let page = |file: &PathBuf| {
        let name = file.display().to_string();
        let bytes = fs::read(file).map_err(|error| Failure::file(&name, &error))?;
        Page::read(&bytes).map_err(|error| unknown(&name, &error))
    };
    files.iter().map(page).collect()
}

/// What holds no vectors, or such as this build does not know.
fn unknown(name: &str, error: &NoVectors) -> Failure {
    Failure::plain(
        format!("{name}\u{a0}: ce ne sont pas des vecteurs que l'on sait lire ({error})"),
        format!("{name}: not vectors that can be read ({error})"),
    )
}

fn counted(all: usize, failed: usize, language: Language) -> String {
    let passed = all.saturating_sub(failed);
    let plural = |number: usize| if number > 1 { "s" } else { "" };
    match language {
        Language::French => format!("{passed} réussi{}, {failed} échoué{}", plural(passed), plural(failed)),
        Language::English => format!("{passed} passed, {failed} failed"),
    }
}

fn told(difference: &Difference, language: Language) -> String {
    match language {
        Language::French => {
            let Difference { place, expected, found } = difference;
            format!("{place}\u{a0}: attendu {expected}, trouvé {found}")
        }
        Language::English => difference.to_string(),
    }
}
