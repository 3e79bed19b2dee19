//! `bareme verify`: does what was published agree with itself, and with what can be recomputed?

use std::io::{self, Write};
use std::sync::Arc;

use bareme::error::Language;
use bareme::publication::{Disagreement, Outcome, PublicKey, Published, Report, Shown, VerifyOptions};

use crate::arguments::publication::{Verify, VerifyFormat};
use crate::arguments::{Errors, Given};
use crate::failure::{Failure, notice};
use crate::input::{self, Input};
use crate::output::Destination;
use crate::words::{pick, plain};

/// Verifies, and says what came of it.
pub(crate) fn run(arguments: &Verify, errors: Errors, language: Language) -> Result<(), Failure> {
    let input = Input::read(&arguments.document)?;
    let keys = arguments.key.iter().map(|name| key(name)).collect::<Result<Vec<_>, _>>()?;
    let published = Published::from_json(input.bytes()).map_err(|faults| Failure::of(&input.name, faults))?;
    let mut options = VerifyOptions { keys, disagreements: arguments.list, ..VerifyOptions::default() };
    if let Some(name) = &arguments.reference {
        options.reference = Some(Input::read(name)?.bytes().to_vec());
    }
    let mut about = arguments.reference.as_deref().unwrap_or(&input.name);
    if let Some(name) = &arguments.cohort {
        // What the methodology does not know is left out, as it may have been when it was published; if
        // it was not, the digests say so.
        let given = Given {
            cohort: name.clone(),
            territories: arguments.territories.clone(),
            ignore_unknown: true,
            from: arguments.from.clone(),
            to: arguments.to.clone(),
        };
        let (cohort, ignored) = input::cohort(&given, input::period(&given)?, published.methodology())?;
        notice(&ignored, errors, language, &mut io::stderr().lock());
        options.cohort = Some(Arc::new(cohort));
        about = name;
    }
    let report = published.verify(&options).map_err(|faults| Failure::of(about, faults))?;
    Destination::stdout().write(|out| match arguments.format {
        VerifyFormat::Text => text(&report, language, out),
        VerifyFormat::Json => {
            serde_json::to_writer_pretty(&mut *out, &report)?;
            writeln!(out)
        }
    })?;
    if report.verified { Ok(()) } else { Err(Failure::Disproved) }
}

/// A public key, or the one in a file.
fn key(name: &str) -> Result<PublicKey, Failure> {
    if let Ok(key) = PublicKey::parse(name) {
        return Ok(key);
    }
    let input = Input::read(name)?;
    PublicKey::parse(&String::from_utf8_lossy(input.bytes())).map_err(|faults| Failure::of(&input.name, faults))
}

fn text(report: &Report, language: Language, out: &mut impl Write) -> io::Result<()> {
    let say = |fr: &'static str, en: &'static str| pick(language, fr, en);
    let colon = say("\u{a0}: ", ": ");
    let what = match report.of {
        "receipt" => say("Reçu", "Receipt"),
        _ => say("Publication", "Publication"),
    };
    writeln!(out, "{what} {}", report.sha256)?;
    let methodology = &report.methodology;
    let status = methodology.status.label();
    writeln!(
        out,
        "{}@{} ({}, {} {})",
        plain(&methodology.id),
        plain(&methodology.version),
        status.get(language),
        say("méthode", "method"),
        methodology.method_sha256.short(),
    )?;
    if let Some(territory) = &report.territory {
        writeln!(out, "{}{colon}{}", say("Territoire", "Territory"), plain(territory))?;
    }
    if let Some(signature) = &report.signature {
        let known = match (signature.valid, signature.known) {
            (false, _) => say("signature fausse", "the signature is wrong"),
            (true, Some(true)) => say("l'une des clés données", "one of the keys given"),
            (true, Some(false)) => say("aucune des clés données", "none of the keys given"),
            (true, None) => say("donnez --key pour dire à qui vous vous fiez", "give --key to say whom you trust"),
        };
        writeln!(out, "{}{colon}{} ({known})", say("Signé par", "Signed by"), signature.public_key)?;
    }
    if !report.canonical {
        let (fr, en) = (
            "Ce texte n'est pas la forme canonique ; ses valeurs ont été vérifiées.",
            "This text is not the canonical form; its values were verified.",
        );
        writeln!(out, "{}", say(fr, en))?;
    }
    writeln!(out)?;
    for check in &report.checks {
        let outcome = match check.outcome {
            Outcome::Agrees => say("conforme   ", "agrees     "),
            Outcome::Differs => say("DIFFÈRE    ", "DIFFERS    "),
            Outcome::NotChecked => say("non vérifié", "not checked"),
        };
        let count = if check.compared > 1 { format!(" ({})", check.compared) } else { String::new() };
        writeln!(out, "{outcome}  {}{count}", plain(check.text.get(language)))?;
    }
    writeln!(out)?;
    for disagreement in &report.disagreements {
        writeln!(out, "{}", plain(&line(disagreement, language)))?;
    }
    let listed = report.disagreements.len() as u64;
    if report.disagreement_count > listed {
        let more = report.disagreement_count.saturating_sub(listed);
        writeln!(out, "{} {more} {}", say("et", "and"), say("autres", "more"))?;
    }
    if report.verified {
        let depth = match report.depth {
            1 => say("intégrité seule", "integrity only"),
            2 => say("recalculé d'après la référence", "recomputed from the reference"),
            _ => say("tout recalculé", "all recomputed"),
        };
        writeln!(out, "{} ({depth})", say("Vérifié", "Verified"))
    } else {
        let count = report.disagreement_count;
        writeln!(out, "{} ({count})", say("NON VÉRIFIÉ : désaccords", "NOT VERIFIED: disagreements"))
    }
}

/// A disagreement on one line: where, whose, the step, what was expected and found.
fn line(disagreement: &Disagreement, language: Language) -> String {
    let territory = disagreement.territory.as_deref().map(|id| format!(" [{id}]")).unwrap_or_default();
    let (colon, semicolon) = (pick(language, "\u{a0}: ", ": "), pick(language, "\u{a0}; ", "; "));
    let mut line = format!(
        "{}{territory} {}{colon}{}",
        disagreement.pointer,
        disagreement.step.as_str(),
        disagreement.text.get(language)
    );
    let mut add = |name: &str, shown: &Shown| {
        let bits = shown.bits.as_ref().map(|bits| format!(" ({bits})")).unwrap_or_default();
        line.extend([semicolon, name, colon, &shown.text, &bits]);
    };
    if let Some(expected) = &disagreement.expected {
        add(pick(language, "attendu", "expected"), expected);
    }
    if let Some(found) = &disagreement.found {
        add(pick(language, "trouvé", "found"), found);
    }
    if disagreement.following > 0 {
        let after = pick(language, "autres valeurs de la ligne diffèrent", "further values of the row differ");
        line.extend([semicolon, &disagreement.following.to_string(), " ", after]);
    }
    line
}
