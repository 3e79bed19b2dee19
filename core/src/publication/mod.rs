//! Publication: what is published of a scoring, and how anybody checks it.
//!
//! A [`Publication`] is the open-data document of a scoring. Its body is the same bytes whoever writes
//! it; its head binds every part of it by a digest; a signature of that digest says who vouches for it.
//! A [`Receipt`] is one row with what proves that it belongs to a publication. [`verify`] reads either
//! and recomputes what can be recomputed. `spec/publication.md` is the normative text.
//!
//! ```
//! use bareme::publication::{PublicationOptions, VerifyOptions, verify};
//! use bareme::{Cohort, catalogue};
//!
//! # fn main() -> Result<(), bareme::Faults> {
//! # let cohort = Cohort::from_json(br#"{"language": "bareme/1", "document": "cohort",
//! #     "period": {"from": "2026-10-01", "to": "2026-10-31"},
//! #     "territories": [{"id": "06083", "name": "Menton", "structure_type": "commune", "population": 30326}],
//! #     "accounts": [{"territory": "06083", "network": "instagram",
//! #         "metrics": {"followers": 18700, "following": 350, "posts": 31, "likes": 9000, "comments": 240}}]}"#)?;
//! let scoring = catalogue::observatoire_instagram_2017_10().score(cohort)?;
//! let publication = scoring.publication(&PublicationOptions::default())?.to_json();
//! assert!(verify(publication.as_bytes(), &VerifyOptions::default())?.verified);
//!
//! let altered = publication.replace("\"likes\":9000", "\"likes\":9100");
//! let report = verify(altered.as_bytes(), &VerifyOptions::default())?;
//! assert_eq!(report.disagreements[0].territory.as_deref(), Some("06083"));
//! # Ok(())
//! # }
//! ```

mod body;
mod difference;
mod document;
mod integrity;
mod merkle;
mod recompute;
mod report;
mod row;
mod sheet;
mod signature;
mod verify;
mod write;

pub use body::{MAX_BYTES, MAX_METHODOLOGIES, Published};
pub use document::{
    Algorithm, CriterionRecord, Envelope, FlagRecord, Head, Hex, IndexRecord, Inputs, MAX_NOTE, MAX_NOTES,
    MethodologyName, Note, Object, Package, PartRecord, PlaceAmong, Proof, PublicationDocument, ReceiptDocument,
    ResultRecord, RollUpGroup, RowRecord, Signature, Supersedes,
};
pub use report::{Check, CheckName, Disagreement, Outcome, Report, Shown, SignatureReport, Step};
pub use sheet::SheetForm;
pub use signature::{PublicKey, SigningKey};
pub use verify::{VerifyOptions, verify};
pub use write::{Publication, PublicationOptions, Receipt};
