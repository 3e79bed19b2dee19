//! Methodologies, and what is embedded.

use std::sync::Arc;

use bareme::catalogue;

use crate::error::{BaremeError, Text, guard};

/// A language in which texts are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum Language {
    /// French.
    French,
    /// English.
    English,
}

impl From<Language> for bareme::error::Language {
    fn from(language: Language) -> Self {
        match language {
            Language::French => Self::French,
            Language::English => Self::English,
        }
    }
}

/// What a methodology claims to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum Status {
    /// The official method.
    Official,
    /// A reconstruction from public texts.
    Reconstruction,
    /// A proposal, adopted by nobody.
    Proposal,
    /// Work in progress.
    Draft,
    /// A changed copy of another.
    Variant,
}

/// What a methodology is.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct MethodologyInfo {
    /// Its id.
    pub id: String,
    /// Its version.
    pub version: String,
    /// What it claims to be.
    pub status: Status,
    /// Its title.
    pub title: Text,
    /// SHA-256 of the method, without what only speaks to people: what pins and results carry.
    pub method_sha256: String,
    /// SHA-256 of the whole document, in canonical form.
    pub document_sha256: String,
}

impl MethodologyInfo {
    fn of(methodology: &bareme::Methodology) -> Self {
        Self {
            id: methodology.id().to_owned(),
            version: methodology.version().to_owned(),
            status: methodology.status().into(),
            title: Text::of(&methodology.document().title),
            method_sha256: methodology.method_digest().to_string(),
            document_sha256: methodology.document_digest().to_string(),
        }
    }
}

/// A scoring method: a document with an id, a version and digests.
#[derive(Debug, uniffi::Object)]
pub struct Methodology {
    pub(crate) core: bareme::Methodology,
}

impl Methodology {
    pub(crate) fn of(core: &bareme::Methodology) -> Arc<Self> {
        Arc::new(Self { core: core.clone() })
    }

    /// The cores of those that a caller brings along.
    pub(crate) fn cores(given: &[Arc<Self>]) -> Vec<bareme::Methodology> {
        given.iter().map(|one| one.core.clone()).collect()
    }
}

/// What each embedded methodology is, by id, then by version. Nothing here is official.
#[uniffi::export]
pub fn catalogue() -> Result<Vec<MethodologyInfo>, BaremeError> {
    guard(|| Ok(catalogue::all().iter().map(MethodologyInfo::of).collect()))
}

/// The embedded methodology of this name, `id@version`.
#[uniffi::export]
pub fn methodology(name: String) -> Result<Arc<Methodology>, BaremeError> {
    guard(|| Ok(Methodology::of(&catalogue::methodology(&name)?)))
}

/// The JSON Schema (draft 2020-12) of a kind of document: `methodology`, `cohort`, `scoring`, `reference`,
/// `publication`, `receipt` or `verification`.
#[uniffi::export]
pub fn schema(name: String) -> Result<Option<String>, BaremeError> {
    guard(|| Ok(catalogue::schema(&name).map(str::to_owned)))
}

/// The version of this package.
#[uniffi::export]
pub fn bareme_version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}

#[uniffi::export]
impl Methodology {
    /// Reads a document; `others` are those that it may pin beside the embedded ones.
    #[uniffi::constructor(default(others = []))]
    pub fn from_json(document: Vec<u8>, others: Vec<Arc<Self>>) -> Result<Arc<Self>, BaremeError> {
        guard(|| Ok(Self::of(&bareme::Methodology::from_json_with(&document, &Self::cores(&others))?)))
    }

    /// Another methodology: this one changed by a JSON Merge Patch (RFC 7396), in which `null` removes a member.
    /// Its status becomes `variant`.
    pub fn variant(&self, patch: Vec<u8>) -> Result<Arc<Self>, BaremeError> {
        guard(|| Ok(Self::of(&self.core.variant(&patch)?)))
    }

    /// What it is.
    pub fn info(&self) -> Result<MethodologyInfo, BaremeError> {
        guard(|| Ok(MethodologyInfo::of(&self.core)))
    }

    /// The method in words, as Markdown.
    pub fn describe(&self, language: Language) -> Result<String, BaremeError> {
        guard(|| Ok(self.core.describe(language.into())))
    }

    /// The methodologies that it pins, each once.
    pub fn pinned(&self) -> Result<Vec<Arc<Self>>, BaremeError> {
        guard(|| Ok(self.core.pinned().iter().map(Self::of).collect()))
    }

    /// The document in canonical form (RFC 8785).
    pub fn to_json(&self) -> Result<String, BaremeError> {
        guard(|| Ok(self.core.to_json()))
    }
}
