//! `bareme publish`: a cohort into the open-data document of its scores.

use std::path::Path;

use bareme::document::Digest;
use bareme::error::Language;
use bareme::publication::{Envelope, Inputs, Note, Publication, PublicationOptions, SheetForm, SigningKey, Supersedes};

use crate::arguments::publication::{InputsShown, Publish, PublishFormat};
use crate::arguments::{Delimiter, Errors};
use crate::failure::Failure;
use crate::input::{self, Input};
use crate::output::Destination;

/// Scores and publishes: nothing is opened for writing while something may still be wrong.
pub(crate) fn run(arguments: &Publish, others: &[String], errors: Errors, language: Language) -> Result<(), Failure> {
    let format = arguments.format.unwrap_or_else(|| implied(arguments.output.as_deref()));
    let options = options(arguments)?;
    let key = arguments.sign.as_deref().map(key).transpose()?;
    let methodology = input::methodology(&arguments.methodology, others)?;
    let scoring = super::score::scored(&arguments.given, &methodology, errors, language)?;
    let publication = scoring.publication(&options);
    let mut publication = publication.map_err(|faults| Failure::of("publication", faults))?;
    if let Some(key) = &key {
        publication.sign(key);
    }
    let out = Destination::open(arguments.output.as_deref())?;
    match format {
        PublishFormat::Json => out.text(|out| publication.write(out)),
        PublishFormat::Csv => out.text(|out| publication.write_sheet(form(arguments.delimiter, language), out)),
    }
}

/// The form of the sheet: of the two, that of the delimiter.
pub(super) fn form(delimiter: Delimiter, language: Language) -> SheetForm {
    match (delimiter, language) {
        (Delimiter::Comma, _) | (Delimiter::Auto, Language::English) => SheetForm::Point,
        (Delimiter::Semicolon, _) | (Delimiter::Auto, Language::French) => SheetForm::Comma,
    }
}

fn implied(output: Option<&Path>) -> PublishFormat {
    let csv = output.and_then(Path::extension).is_some_and(|extension| extension.eq_ignore_ascii_case("csv"));
    if csv { PublishFormat::Csv } else { PublishFormat::Json }
}

fn options(arguments: &Publish) -> Result<PublicationOptions, Failure> {
    let note = |argument: &str, text: &str| Note::new(text).map_err(|faults| Failure::of(argument, faults));
    let notes = arguments.note.iter().map(|text| note("--note", text)).collect::<Result<Vec<_>, _>>()?;
    let supersedes = match (&arguments.supersedes, &arguments.reason) {
        (Some(before), Some(reason)) => Some(Supersedes { sha256: digest(before)?, reason: note("--reason", reason)? }),
        _ => None,
    };
    Ok(PublicationOptions {
        inputs: match arguments.inputs {
            InputsShown::Included => Inputs::Included,
            InputsShown::Digest => Inputs::Digest,
        },
        notes,
        supersedes,
        envelope: Envelope::of_this_build(arguments.time.clone()),
    })
}

/// A digest, or that of the publication in a file.
fn digest(given: &str) -> Result<Digest, Failure> {
    if let Some(digest) = Digest::parse(given) {
        return Ok(digest);
    }
    let input = Input::read(given)?;
    let publication = Publication::from_json(input.bytes()).map_err(|faults| Failure::of(&input.name, faults))?;
    Ok(publication.digest())
}

fn key(name: &str) -> Result<SigningKey, Failure> {
    let input = Input::read(name)?;
    let text = String::from_utf8_lossy(input.bytes());
    SigningKey::from_pem(&text).map_err(|faults| Failure::of(&input.name, faults))
}
