//! What stands between the core and its callers: faults become an exception, and so does a panic.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use bareme::Faults;
use bareme::error::Code;

/// A text for people, in French and in English.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Text {
    /// French.
    pub fr: String,
    /// English.
    pub en: String,
}

impl From<bareme::error::Text> for Text {
    fn from(text: bareme::error::Text) -> Self {
        Self { fr: text.fr, en: text.en }
    }
}

impl Text {
    pub(crate) fn of(texts: &bareme::document::Texts) -> Self {
        let text = |language| texts.get(language).to_owned();
        Self { fr: text(bareme::error::Language::French), en: text(bareme::error::Language::English) }
    }
}

/// Where a fault is.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum Place {
    /// In a document.
    Pointer {
        /// A JSON Pointer (RFC 6901); empty for the whole document.
        pointer: String,
    },
    /// In a table.
    Cell {
        /// The row, from 1; the header is row 1.
        row: i64,
        /// The column's name.
        column: String,
        /// Which table, when there are two: `territories` for the second; none for the first, that of the accounts.
        table: Option<String>,
    },
    /// In a text.
    Position {
        /// The line, from 1.
        line: i64,
        /// The character of the line, from 1.
        column: i64,
    },
}

/// One thing that is wrong with an input.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Fault {
    /// What: a stable code, the same in every language.
    pub code: String,
    /// Where.
    pub place: Place,
    /// The value that was found, shortened when it is long; empty when there is none.
    pub value: String,
    /// What the code means.
    pub meaning: Text,
    /// What was expected.
    pub expected: Text,
    /// What to do.
    pub advice: Text,
    /// All of it in one line.
    pub line: Text,
}

impl From<&bareme::Fault> for Fault {
    fn from(fault: &bareme::Fault) -> Self {
        let number = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
        let line = |language| fault.line(language);
        Self {
            code: fault.code.as_str().to_owned(),
            place: match &fault.place {
                bareme::error::Place::Pointer(pointer) => Place::Pointer { pointer: pointer.clone() },
                bareme::error::Place::Cell { row, column, table } => {
                    Place::Cell { row: number(*row), column: column.clone(), table: table.map(str::to_owned) }
                }
                bareme::error::Place::Position { line, column } => {
                    Place::Position { line: number(*line), column: number(*column) }
                }
            },
            value: fault.value.clone(),
            meaning: fault.code.meaning().into(),
            expected: fault.expected.clone().into(),
            advice: fault.advice.clone().into(),
            line: Text { fr: line(bareme::error::Language::French), en: line(bareme::error::Language::English) },
        }
    }
}

/// What goes wrong. Every fault of an input is told at once; beyond a thousand they are only counted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, uniffi::Error)]
#[uniffi::export(Display)]
pub enum BaremeError {
    /// A document, a table or a value has faults.
    #[error("{}", said(.faults, *.omitted))]
    Input {
        /// What is wrong.
        faults: Vec<Fault>,
        /// How many more there are.
        omitted: i64,
    },
    /// There is no such methodology, view or territory, or more than one.
    #[error("{}", said(.faults, *.omitted))]
    NotFound {
        /// What is wrong.
        faults: Vec<Fault>,
        /// How many more there are.
        omitted: i64,
    },
    /// The work was stopped.
    #[error("{}", said(.faults, *.omitted))]
    Cancelled {
        /// What stopped it.
        faults: Vec<Fault>,
        /// How many more there are.
        omitted: i64,
    },
    /// A defect of this package, which never ends the process.
    #[error("{}", said(.faults, *.omitted))]
    Internal {
        /// What is known of it.
        faults: Vec<Fault>,
        /// How many more there are.
        omitted: i64,
    },
}

fn said(faults: &[Fault], omitted: i64) -> String {
    let lines: Vec<&str> = faults.iter().map(|fault| fault.line.en.as_str()).collect();
    let more = if omitted > 0 { format!("\nand {omitted} more") } else { String::new() };
    lines.join("\n") + &more
}

impl From<&Faults> for BaremeError {
    fn from(found: &Faults) -> Self {
        let faults = found.iter().map(Fault::from).collect();
        let omitted = i64::try_from(found.omitted()).unwrap_or(i64::MAX);
        match found.iter().next().map(|fault| fault.code) {
            Some(Code::UnknownMethodology | Code::UnknownView | Code::TerritoryNotFound | Code::AmbiguousTerritory) => {
                Self::NotFound { faults, omitted }
            }
            Some(Code::Cancelled) => Self::Cancelled { faults, omitted },
            Some(Code::Internal) => Self::Internal { faults, omitted },
            _ => Self::Input { faults, omitted },
        }
    }
}

/// Does some work; its faults, or a panic, become an error.
///
/// uniffi has a guard of its own, behind this one, for what it does before and after; but its exception is none
/// of ours, and in Swift only a function that throws can give it.
pub(crate) fn guard<T>(work: impl FnOnce() -> Result<T, Faults>) -> Result<T, BaremeError> {
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(faults)) => Err(BaremeError::from(&faults)),
        Err(payload) => Err(BaremeError::from(&internal(panicked(&*payload)))),
    }
}

/// What went wrong inside, as a fault.
pub(crate) fn internal(text: impl std::fmt::Display) -> Faults {
    let place = bareme::error::Place::Pointer(String::new());
    bareme::Fault::new(Code::Internal, place, text, bareme::error::Text::default()).into()
}

fn panicked(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().map(ToString::to_string);
    text.or_else(|| payload.downcast_ref::<String>().cloned()).unwrap_or_default()
}

/// A document of ours as JSON text.
pub(crate) fn text_of(document: &impl serde::Serialize) -> Result<String, Faults> {
    serde_json::to_string(document).map_err(internal)
}
