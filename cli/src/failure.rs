//! What is said when something is wrong.

use std::io::{self, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};

use bareme::cohort::Ignored;
use bareme::error::{Code, Fault, Faults, Language, Place, Text};
use serde_json::{Value, json};

use crate::arguments::Errors;
use crate::words::plain;

/// Why a command did not do what it was asked to.
#[derive(Debug)]
pub(crate) enum Failure {
    /// What is wrong with some inputs.
    Faults(Vec<(String, Faults)>),
    /// Something outside the inputs' content: a file that is not there, an argument that does not fit.
    Plain(Text),
    /// Nobody reads the output any more.
    Closed,
    /// What was verified, or run, does not agree; the output says where.
    Disproved,
}

impl Failure {
    /// The faults of one input.
    pub(crate) fn of(file: impl Into<String>, faults: impl Into<Faults>) -> Self {
        Self::Faults(vec![(file.into(), faults.into())])
    }

    /// A failure in one sentence.
    pub(crate) fn plain(fr: impl Into<String>, en: impl Into<String>) -> Self {
        Self::Plain(Text::new(fr, en))
    }

    /// A file that cannot be read or written.
    pub(crate) fn file(name: &str, error: &io::Error) -> Self {
        let (fr, en) = match error.kind() {
            io::ErrorKind::BrokenPipe => return Self::Closed,
            io::ErrorKind::NotFound => ("fichier ou dossier introuvable".into(), "no such file or folder".into()),
            io::ErrorKind::PermissionDenied => ("accès refusé".into(), "permission denied".into()),
            io::ErrorKind::IsADirectory => {
                ("c'est un dossier, pas un fichier".into(), "this is a folder, not a file".into())
            }
            io::ErrorKind::StorageFull => ("le disque est plein".into(), "the disk is full".into()),
            _ => (format!("erreur du système ({error})"), format!("system error ({error})")),
        };
        Self::plain(format!("{name}\u{a0}: {fr}"), format!("{name}: {en}"))
    }

    /// Says what is wrong. An error while writing it could be told to nobody, and is passed over.
    pub(crate) fn report(&self, errors: Errors, language: Language, out: &mut impl Write) {
        let _ = match errors {
            Errors::Text => self.lines(language, out),
            Errors::Json => self.json(language, out),
        };
    }

    fn lines(&self, language: Language, out: &mut impl Write) -> io::Result<()> {
        match self {
            Self::Faults(inputs) => {
                for (file, faults) in inputs {
                    for fault in faults {
                        // The name of a file or of a column may hold anything.
                        writeln!(out, "{}", plain(&line(file, fault, language)))?;
                    }
                    if faults.omitted() > 0 {
                        writeln!(out, "{}", plain(&format!("{file}{}", omitted(faults.omitted()).get(language))))?;
                    }
                }
                Ok(())
            }
            Self::Plain(text) => writeln!(out, "bareme: {}", plain(text.get(language))),
            Self::Closed | Self::Disproved => Ok(()),
        }
    }

    fn json(&self, language: Language, out: &mut impl Write) -> io::Result<()> {
        let mut list = Vec::new();
        match self {
            Self::Faults(inputs) => {
                for (file, faults) in inputs {
                    for fault in faults {
                        let mut value = serde_json::to_value(fault)?;
                        if let Value::Object(members) = &mut value {
                            members.insert("file".into(), json!(file));
                            members.insert("message".into(), json!(fault.code.meaning().get(language)));
                        }
                        list.push(value);
                    }
                    if faults.omitted() > 0 {
                        list.push(json!({"file": file, "code": null, "message": omitted(faults.omitted()).get(language).trim_start_matches([':', ' ', '\u{a0}'])}));
                    }
                }
            }
            // Codes name faults of inputs; this is none.
            Self::Plain(text) => list.push(json!({"code": null, "message": text.get(language)})),
            Self::Closed | Self::Disproved => return Ok(()),
        }
        serde_json::to_writer_pretty(&mut *out, &Value::Array(list))?;
        writeln!(out)
    }
}

/// Says what was left out of the input, on one line that is no failure.
pub(crate) fn notice(ignored: &[Ignored], errors: Errors, language: Language, out: &mut impl Write) {
    if ignored.is_empty() {
        return;
    }
    let list = ignored.iter().map(|ignored| ignored.text().get(language).to_owned()).collect::<Vec<_>>();
    let text = match language {
        Language::French => format!("ignoré, car la méthode ne le connaît pas\u{a0}: {}", list.join("\u{a0}; ")),
        Language::English => format!("ignored, as the methodology does not know it: {}", list.join("; ")),
    };
    let _ = match errors {
        Errors::Text => writeln!(out, "bareme: {}", plain(&text)),
        Errors::Json => writeln!(out, "{}", json!([{"code": null, "message": text}])),
    };
}

fn omitted(count: usize) -> Text {
    Text::new(format!("\u{a0}: et {count} autres"), format!(": and {count} more"))
}

/// `file:row:column code message`, `file:/pointer code message`, or `file code message`.
fn line(file: &str, fault: &Fault, language: Language) -> String {
    let line = fault.line(language);
    if let Place::Pointer(pointer) = &fault.place
        && pointer.is_empty()
    {
        let place = fault.place.to_string();
        let rest = line.strip_prefix(&place).unwrap_or(&line);
        return format!("{file}{rest}");
    }
    format!("{file}:{line}")
}

/// Runs `work`; a panic in it becomes the fault `internal`, with what a report needs and no backtrace.
pub(crate) fn guarded<T>(work: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failure> {
    let told = Arc::new(Mutex::new(String::new()));
    let listener = Arc::clone(&told);
    std::panic::set_hook(Box::new(move |panic| {
        if let Ok(mut told) = listener.lock() {
            let place = panic.location().map(|place| format!(" ({}:{})", place.file(), place.line()));
            let payload = panic.payload();
            let message = payload
                .downcast_ref::<&str>()
                .copied()
                .or_else(|| payload.downcast_ref::<String>().map(String::as_str));
            *told = format!("{}{}", message.unwrap_or_default(), place.unwrap_or_default());
        }
    }));
    let result = catch_unwind(AssertUnwindSafe(work));
    let _ = std::panic::take_hook();
    result.unwrap_or_else(|_| {
        let told = told.lock().map(|told| told.clone()).unwrap_or_default();
        Err(Failure::of("bareme", Fault::new(Code::Internal, Place::Pointer(String::new()), told, Text::default())))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(failure: &Failure, errors: Errors) -> String {
        let mut out = Vec::new();
        failure.report(errors, Language::English, &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_panic_is_a_fault_without_backtrace() {
        let failure = guarded(|| -> Result<(), Failure> { panic!("left the rails") }).unwrap_err();
        let said = said(&failure, Errors::Text);
        assert!(said.starts_with("bareme internal "), "{said}");
        assert!(said.contains("left the rails (") && said.lines().count() == 1, "{said}");
    }

    #[test]
    fn a_column_name_cannot_drive_a_terminal() {
        let place = Place::Cell { row: 2, column: "a\u{1b}[2J\nb".into(), table: None };
        let failure = Failure::of("x\u{7}.csv", Fault::new(Code::NotANumber, place, "", Text::default()));
        let said = said(&failure, Errors::Text);
        assert!(said.starts_with("x�.csv:2:a [2J b not_a_number "), "{said}");
    }

    #[test]
    fn faults_beyond_the_limit_are_counted() {
        let mut faults = Faults::new();
        for _ in 0..Faults::KEPT + 7 {
            faults.push(Fault::new(Code::Unused, Place::Pointer("/a".into()), "", Text::default()));
        }
        let failure = Failure::of("m.json", faults);
        assert!(said(&failure, Errors::Text).ends_with("\nm.json: and 7 more\n"));
        let list: Value = serde_json::from_str(&said(&failure, Errors::Json)).unwrap();
        assert_eq!(list.as_array().unwrap().last().unwrap()["message"], "and 7 more");
    }
}
