//! The methodologies that the crate embeds, one documented function each, and the schemas.
//!
//! Every embedded document goes through [`Methodology::from_json`], as a document from anywhere else
//! does; it is read when it is first asked for.
//!
//! ```
//! use bareme::catalogue;
//!
//! let methodology = catalogue::observatoire_instagram_2017_10();
//! assert_eq!(catalogue::methodology("observatoire-instagram@2017.10")?.id(), methodology.id());
//! assert!(catalogue::all().len() > 1);
//! # Ok::<(), bareme::Faults>(())
//! ```

#[rustfmt::skip]
mod documents;

use std::sync::OnceLock;

pub use documents::*;

use super::Methodology;
use crate::document::record::nearest;
use crate::error::{Code, Fault, Faults, Place, Text};

/// A document inside the crate.
#[derive(Debug)]
struct Embedded {
    id: &'static str,
    version: &'static str,
    text: &'static str,
    /// The embedded documents that it pins.
    pins: &'static [&'static Self],
    read: OnceLock<Methodology>,
}

impl Embedded {
    const fn new(id: &'static str, version: &'static str, text: &'static str, pins: &'static [&'static Self]) -> Self {
        Self { id, version, text, pins, read: OnceLock::new() }
    }

    fn parse(&self) -> Result<Methodology, Faults> {
        let pinned: Vec<Methodology> = self.pins.iter().map(|pinned| pinned.get()).collect();
        Methodology::from_json_with(self.text.as_bytes(), &pinned)
    }

    #[expect(clippy::expect_used, reason = "depends on no input: a test reads every embedded document")]
    fn get(&self) -> Methodology {
        self.read.get_or_init(|| self.parse().expect("an embedded document is sound")).clone()
    }
}

/// Every embedded methodology, by id, then by version.
pub fn all() -> Vec<Methodology> {
    documents::ALL.iter().map(|embedded| embedded.get()).collect()
}

/// The embedded methodology with this name, `id@version`.
///
/// # Errors
/// `unknown_methodology`, with the names that there are. An id alone is refused: scores computed
/// today must be computable tomorrow, when there is a newer version.
///
/// ```
/// let faults = bareme::catalogue::methodology("observatoire-instagram@2017.1").unwrap_err();
/// assert!(faults.to_string().contains("did you mean `observatoire-instagram@2017.10`?"));
/// ```
pub fn methodology(name: &str) -> Result<Methodology, Faults> {
    let (id, version) = name.split_once('@').unwrap_or((name, ""));
    if let Some(embedded) = documents::ALL.iter().find(|embedded| embedded.id == id && embedded.version == version) {
        return Ok(embedded.get());
    }
    Err(unknown(name, id, version).into())
}

/// The names of the embedded methodologies, or of the versions of one.
fn names(id: Option<&str>) -> String {
    let wanted = documents::ALL.iter().filter(|embedded| id.is_none_or(|id| embedded.id == id));
    wanted.map(|embedded| format!("{}@{}", embedded.id, embedded.version)).collect::<Vec<_>>().join(", ")
}

/// Why there is no methodology of this name, and which there are.
fn unknown(name: &str, id: &str, version: &str) -> Fault {
    let versions: Vec<&str> =
        documents::ALL.iter().filter(|embedded| embedded.id == id).map(|embedded| embedded.version).collect();
    let known = names(Some(id).filter(|_| !versions.is_empty()));
    let expected = Text::new(format!("l'un de : {known}"), format!("one of: {known}"));
    let fault = Fault::new(Code::UnknownMethodology, Place::Pointer(String::new()), name, expected);
    if versions.is_empty() {
        let ids: Vec<&str> = documents::ALL.iter().map(|embedded| embedded.id).collect();
        return match nearest(id, &ids) {
            Some(near) => {
                let near = names(Some(near));
                fault.advise(format!("vouliez-vous l'un de : {near} ?"), format!("did you mean one of: {near}?"))
            }
            None => fault,
        };
    }
    if version.is_empty() {
        return fault.advise(
            "ajoutez la version, pour que le même calcul reste possible plus tard",
            "add the version, so that the same computation stays possible later",
        );
    }
    match nearest(version, &versions) {
        Some(near) => fault.advise(format!("vouliez-vous « {id}@{near} » ?"), format!("did you mean `{id}@{near}`?")),
        None => fault,
    }
}

/// The JSON Schema (draft 2020-12) of a kind of document: `methodology`, `cohort`, `scoring`, `reference`,
/// `publication`, `receipt` or `verification`.
///
/// ```
/// assert!(bareme::catalogue::schema("cohort").is_some_and(|schema| schema.starts_with('{')));
/// assert_eq!(bareme::catalogue::schema("weather"), None);
/// ```
pub fn schema(name: &str) -> Option<&'static str> {
    Some(match name {
        "methodology" => include_str!("catalogue/schemas/methodology.schema.json"),
        "cohort" => include_str!("catalogue/schemas/cohort.schema.json"),
        "scoring" => include_str!("catalogue/schemas/scoring.schema.json"),
        "reference" => include_str!("catalogue/schemas/reference.schema.json"),
        "publication" => include_str!("catalogue/schemas/publication.schema.json"),
        "receipt" => include_str!("catalogue/schemas/receipt.schema.json"),
        "verification" => include_str!("catalogue/schemas/verification.schema.json"),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::methodology::Status;

    /// What [`Embedded::get`] rests on.
    #[test]
    fn every_embedded_document_is_sound_and_called_by_its_name() {
        for embedded in documents::ALL {
            let methodology = embedded.parse().unwrap_or_else(|faults| panic!("{}: {faults}", embedded.id));
            assert_eq!((methodology.id(), methodology.version()), (embedded.id, embedded.version));
        }
        assert!(documents::ALL.is_sorted_by_key(|embedded| (embedded.id, embedded.version)));
    }

    /// A variant names its base by the digest that the base has.
    #[test]
    fn variants_pin_their_base() {
        for methodology in all() {
            let Some(pin) = &methodology.document().variant_of else {
                assert_ne!(methodology.status(), Status::Variant);
                continue;
            };
            let base = super::methodology(&format!("{}@{}", pin.id, pin.version)).unwrap();
            assert_eq!(base.method_digest().to_string(), pin.method_sha256);
            assert_ne!(base.method_digest(), methodology.method_digest());
        }
    }

    #[test]
    fn a_name_needs_a_version_that_exists() {
        let line = |name: &str| methodology(name).unwrap_err().to_string();
        assert!(methodology("observatoire-instagram@2017.10").is_ok());
        let bare = line("observatoire-instagram");
        assert!(bare.contains("unknown_methodology") && bare.contains("observatoire-instagram@2019.09"), "{bare}");
        assert!(bare.contains("add the version"), "{bare}");
        assert!(!bare.contains("adverbia"), "{bare}");
        assert!(line("observatoire-instagram@2017.11").contains("did you mean `observatoire-instagram@2017.10`?"));
        assert!(
            line("observatoire-instagran@2017.10").contains("did you mean one of: observatoire-instagram@2017.10, ")
        );
        assert!(line("").contains("adverbia-facebook-regions@2012.08"));
    }
}
