//! `bareme sheet`: a publication as a table for spreadsheets.

use bareme::error::Language;
use bareme::publication::Publication;

use super::publish::form;
use crate::arguments::publication::Sheet;
use crate::failure::Failure;
use crate::input::Input;
use crate::output::Destination;

/// Writes the sheet.
pub(crate) fn run(arguments: &Sheet, language: Language) -> Result<(), Failure> {
    let input = Input::read(&arguments.publication)?;
    let publication = Publication::from_json(input.bytes()).map_err(|faults| Failure::of(&input.name, faults))?;
    let form = form(arguments.delimiter, language);
    Destination::open(arguments.output.as_deref())?.text(|out| publication.write_sheet(form, out))
}
