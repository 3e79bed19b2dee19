//! One function for each command.

mod publish;
mod receipt;
mod reference;
mod score;
mod sheet;
mod show;
mod vectors;
mod verify;

use bareme::error::{Code, Fault, Language, Place, Text};
use bareme::{Methodology, catalogue};
use serde_json::{Value, json};
use std::io::{self, Write};

use crate::arguments::{Arguments, Command, Reading};
use crate::failure::Failure;
use crate::input;
use crate::output::Destination;
use crate::output::grid::Grid;
use crate::output::table::{Layout, claim};
use crate::words::{pick, plain};

/// Does what is asked.
pub(crate) fn run(arguments: &Arguments, language: Language) -> Result<(), Failure> {
    let (errors, others) = (arguments.errors, arguments.others.as_slice());
    match &arguments.command {
        Command::List { format } => list(&catalogue::all(), *format, language),
        Command::Show { methodology, format } => show::run(methodology, others, *format, language),
        Command::Check { file } => check(file, others, language),
        Command::Schema { document } => schema(document.as_str()),
        Command::Score(arguments) => score::run(arguments, others, errors, language),
        Command::Reference(arguments) => reference::run(arguments, others, errors, language),
        Command::Publish(arguments) => publish::run(arguments, others, errors, language),
        Command::Verify(arguments) => verify::run(arguments, errors, language),
        Command::Receipt(arguments) => receipt::run(arguments),
        Command::Sheet(arguments) => sheet::run(arguments, language),
        Command::Vectors { folder } => vectors::run(folder, language),
    }
}

fn layout(out: &Destination, language: Language) -> Layout {
    Layout { language, width: out.width(), styled: out.styled() }
}

fn list(methodologies: &[Methodology], format: Reading, language: Language) -> Result<(), Failure> {
    Destination::stdout().write(|out| match format {
        Reading::Table => list_table(methodologies, language, out),
        Reading::Json => {
            let list: Vec<Value> = methodologies.iter().map(entry).collect();
            serde_json::to_writer_pretty(&mut *out, &list)?;
            writeln!(out)
        }
    })
}

fn list_table(methodologies: &[Methodology], language: Language, out: &mut Destination) -> io::Result<()> {
    let layout = layout(out, language);
    let mut grid = Grid::default();
    grid.text("Id").text("Version").text(layout.say("Statut", "Status")).text(layout.say("Titre", "Title"));
    grid.table(methodologies.iter().map(|methodology| {
        vec![
            methodology.id().to_owned(),
            methodology.version().to_owned(),
            methodology.status().label().get(language).to_owned(),
            methodology.document().title.get(language).to_owned(),
        ]
    }));
    grid.lines(layout.width).iter().try_for_each(|table| writeln!(out, "{table}"))
}

/// A methodology in the JSON list.
fn entry(methodology: &Methodology) -> Value {
    json!({
        "id": methodology.id(),
        "version": methodology.version(),
        "status": methodology.status(),
        "title": methodology.document().title,
        "method_sha256": methodology.method_digest(),
        "document_sha256": methodology.document_digest(),
    })
}

fn check(file: &str, others: &[String], language: Language) -> Result<(), Failure> {
    let methodology = input::document(file, others)?;
    Destination::stdout().write(|out| {
        let colon = pick(language, "\u{a0}:", ":");
        writeln!(
            out,
            "{}{colon} {} ({}@{}, {}, {} {})",
            plain(file),
            pick(language, "aucune faute", "no fault"),
            methodology.id(),
            methodology.version(),
            claim(methodology.status(), language),
            pick(language, "méthode", "method"),
            methodology.method_digest().short(),
        )
    })
}

fn schema(name: &str) -> Result<(), Failure> {
    // The argument allows only kinds that have a schema.
    let text = catalogue::schema(name).ok_or_else(|| {
        Failure::of(name, Fault::new(Code::Internal, Place::Pointer(String::new()), name, Text::default()))
    })?;
    Destination::stdout().write(|out| out.write_all(text.as_bytes()))
}
