//! Texts for people inside documents: an open map of language tags in which `fr` is required.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Json;
use super::record::{At, FromJson, read_map};
use crate::error::{Code, Fault, Faults, Language, Text};

/// A text in one or more languages: a map from language tag to text. `fr` is always there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct Texts(#[cfg_attr(feature = "schema", schemars(extend("required" = ["fr"])))] BTreeMap<String, String>);

impl Texts {
    /// The text in `language`, in French where that language is missing.
    pub fn get(&self, language: Language) -> &str {
        let tag = match language {
            Language::French => "fr",
            Language::English => "en",
        };
        let text = self.0.get(tag).or_else(|| self.0.get("fr"));
        text.map(String::as_str).unwrap_or_default()
    }

    /// All texts by language tag.
    pub fn all(&self) -> &BTreeMap<String, String> {
        &self.0
    }
}

impl FromJson for Texts {
    fn from_json(json: &Json, at: &At<'_>, faults: &mut Faults) -> Option<Self> {
        let map: BTreeMap<String, String> = read_map(json, at, faults)?;
        if map.get("fr").is_none_or(|text| text.trim().is_empty()) {
            faults.push(
                Fault::new(Code::TextWithoutFrench, at.place(), "", Text::new("{\"fr\": \"…\"}", "{\"fr\": \"…\"}"))
                    .advise("ajoutez le texte français", "add the French text"),
            );
            return None;
        }
        Some(Self(map))
    }
}
