//! Typed records out of JSON, every fault at once.
//!
//! `serde` stops at the first error. Here each record reads all its members, reports those that are
//! unknown, missing or of the wrong type with their JSON Pointer, and only then gives up. The
//! [`record!`], [`words!`] and [`tagged!`] macros define a type once: for reading, for writing
//! (`serde::Serialize`) and for its JSON Schema (`schemars`, feature `schema`).

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::Json;
use crate::error::{Code, Fault, Faults, Place, Text};
use crate::exact::Decimal;

/// A place inside a document while it is read: a JSON Pointer built only when a fault needs it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct At<'a> {
    parent: Option<&'a At<'a>>,
    step: Step<'a>,
}

#[derive(Debug, Clone, Copy)]
enum Step<'a> {
    Root,
    Key(&'a str),
    Index(usize),
}

/// A name as a step of a JSON Pointer (RFC 6901).
pub(crate) fn step(name: &str) -> Cow<'_, str> {
    if name.contains(['~', '/']) { name.replace('~', "~0").replace('/', "~1").into() } else { name.into() }
}

impl At<'static> {
    /// The whole document.
    pub(crate) const ROOT: Self = At { parent: None, step: Step::Root };
}

impl At<'_> {
    /// The member `key`.
    pub(crate) fn key<'b>(&'b self, key: &'b str) -> At<'b> {
        At { parent: Some(self), step: Step::Key(key) }
    }

    /// The item `index`.
    pub(crate) fn index(&self, index: usize) -> At<'_> {
        At { parent: Some(self), step: Step::Index(index) }
    }

    /// The place as a fault carries it.
    pub(crate) fn place(&self) -> Place {
        let mut pointer = String::new();
        self.write(&mut pointer);
        Place::Pointer(pointer)
    }

    fn write(&self, out: &mut String) {
        if let Some(parent) = self.parent {
            parent.write(out);
        }
        match self.step {
            Step::Root => {}
            Step::Key(key) => {
                out.push('/');
                out.push_str(&step(key));
            }
            // Writing to a `String` cannot fail.
            Step::Index(index) => drop(write!(out, "/{index}")),
        }
    }
}

/// A type that can be read from JSON.
pub(crate) trait FromJson: Sized {
    /// Reads a value; on failure the faults say why.
    fn from_json(json: &Json, at: &At<'_>, faults: &mut Faults) -> Option<Self>;

    /// The value of a member that is not there; `None` makes it required.
    fn missing() -> Option<Self> {
        None
    }
}

/// Reports a value of the wrong type.
pub(crate) fn wrong_type<T>(json: &Json, at: &At<'_>, faults: &mut Faults, fr: &str, en: &str) -> Option<T> {
    faults.push(Fault::new(Code::WrongType, at.place(), json.shown(), Text::new(fr, en)));
    None
}

impl FromJson for String {
    fn from_json(json: &Json, at: &At<'_>, faults: &mut Faults) -> Option<Self> {
        match json {
            Json::String(text) => Some(text.clone()),
            _ => wrong_type(json, at, faults, "une chaîne", "a string"),
        }
    }
}

impl FromJson for bool {
    fn from_json(json: &Json, at: &At<'_>, faults: &mut Faults) -> Option<Self> {
        match json {
            Json::Bool(value) => Some(*value),
            _ => wrong_type(json, at, faults, "true ou false", "true or false"),
        }
    }
}

impl FromJson for Decimal {
    fn from_json(json: &Json, at: &At<'_>, faults: &mut Faults) -> Option<Self> {
        match json {
            Json::Number(value) => Some(*value),
            _ => wrong_type(json, at, faults, "un nombre", "a number"),
        }
    }
}

impl serde::Serialize for Decimal {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(self.get())
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Decimal {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Decimal".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "number" })
    }
}

impl FromJson for u32 {
    fn from_json(json: &Json, at: &At<'_>, faults: &mut Faults) -> Option<Self> {
        if let Json::Number(value) = json {
            let (mantissa, exponent) = value.parts();
            let integer =
                u32::try_from(exponent).ok().and_then(|e| 10_i64.checked_pow(e)).and_then(|p| mantissa.checked_mul(p));
            if let Some(integer) = integer.and_then(|integer| Self::try_from(integer).ok()) {
                return Some(integer);
            }
        }
        wrong_type(json, at, faults, "un entier positif ou nul", "a whole number, zero or more")
    }
}

impl<T: FromJson> FromJson for Option<T> {
    fn from_json(json: &Json, at: &At<'_>, faults: &mut Faults) -> Option<Self> {
        T::from_json(json, at, faults).map(Some)
    }

    fn missing() -> Option<Self> {
        Some(None)
    }
}

impl<T: FromJson> FromJson for Box<T> {
    fn from_json(json: &Json, at: &At<'_>, faults: &mut Faults) -> Option<Self> {
        T::from_json(json, at, faults).map(Box::new)
    }
}

impl<T: FromJson> FromJson for Vec<T> {
    fn from_json(json: &Json, at: &At<'_>, faults: &mut Faults) -> Option<Self> {
        let Json::Array(items) = json else {
            return wrong_type(json, at, faults, "une liste", "an array");
        };
        // Every item is read, so that every fault is found.
        let read: Vec<Option<T>> =
            items.iter().enumerate().map(|(i, item)| T::from_json(item, &at.index(i), faults)).collect();
        read.into_iter().collect()
    }
}

impl<T: FromJson> FromJson for BTreeMap<String, T> {
    fn from_json(json: &Json, at: &At<'_>, faults: &mut Faults) -> Option<Self> {
        read_map(json, at, faults)
    }
}

/// Reads a map with free keys.
pub(crate) fn read_map<T: FromJson>(json: &Json, at: &At<'_>, faults: &mut Faults) -> Option<BTreeMap<String, T>> {
    let Json::Object(members) = json else {
        return wrong_type(json, at, faults, "un objet", "an object");
    };
    let read: Vec<_> = members
        .iter()
        .map(|(key, value)| T::from_json(value, &at.key(key), faults).map(|value| (key.clone(), value)))
        .collect();
    read.into_iter().collect()
}

/// The members of an object that is read as a record.
pub(crate) struct Members<'a> {
    members: &'a [(String, Json)],
    at: &'a At<'a>,
}

impl<'a> Members<'a> {
    /// The members of `json`, after reporting those whose name is not in `known`.
    pub(crate) fn of(json: &'a Json, at: &'a At<'a>, known: &[&str], faults: &mut Faults) -> Option<Self> {
        let Json::Object(members) = json else {
            return wrong_type(json, at, faults, "un objet", "an object");
        };
        for (name, _) in members.iter().filter(|(name, _)| !known.contains(&name.as_str())) {
            let fields = known.join(", ");
            let mut fault = Fault::new(
                Code::UnknownField,
                at.key(name).place(),
                name,
                Text::new(format!("l'un de : {fields}"), format!("one of: {fields}")),
            );
            if let Some(near) = nearest(name, known) {
                fault = fault.advise(format!("vouliez-vous « {near} » ?"), format!("did you mean `{near}`?"));
            }
            faults.push(fault);
        }
        Some(Self { members, at })
    }

    /// The member `name` as it stands.
    pub(crate) fn get(&self, name: &str) -> Option<&'a Json> {
        self.members.iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    /// Reads the member `name`.
    pub(crate) fn read<T: FromJson>(&self, name: &str, faults: &mut Faults) -> Option<T> {
        match self.get(name) {
            Some(value) => T::from_json(value, &self.at.key(name), faults),
            None => T::missing().or_else(|| {
                faults.push(
                    Fault::new(
                        Code::MissingField,
                        self.at.place(),
                        "",
                        Text::new(format!("« {name} »"), format!("`{name}`")),
                    )
                    .advise(format!("ajoutez « {name} »"), format!("add `{name}`")),
                );
                None
            }),
        }
    }
}

/// The one of `known` that `name` most resembles, if it does.
pub(crate) fn nearest<'a>(name: &str, known: &[&'a str]) -> Option<&'a str> {
    let distance = |candidate: &str| edit_distance(name, candidate);
    let best = known.iter().copied().min_by_key(|candidate| distance(candidate))?;
    (distance(best) <= 2 && name.len() < 64).then_some(best)
}

/// Levenshtein's distance, for short names.
pub(crate) fn edit_distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().take(64).collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().take(64).enumerate() {
        let mut corner = i;
        let mut left = i.saturating_add(1);
        let mut next = vec![left];
        for (y, above) in b.iter().zip(row.iter().skip(1)) {
            let replaced = corner.saturating_add(usize::from(x != *y));
            left = replaced.min(left.saturating_add(1)).min(above.saturating_add(1));
            corner = *above;
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

/// Reports a word that is none of `allowed`.
pub(crate) fn unknown_word<T>(word: &str, at: &At<'_>, allowed: &[&str], faults: &mut Faults) -> Option<T> {
    let list = allowed.join(", ");
    let mut fault = Fault::new(
        Code::UnknownValue,
        at.place(),
        word,
        Text::new(format!("l'un de : {list}"), format!("one of: {list}")),
    );
    if let Some(near) = nearest(word, allowed) {
        fault = fault.advise(format!("vouliez-vous « {near} » ?"), format!("did you mean `{near}`?"));
    }
    faults.push(fault);
    None
}

/// Defines a record: a struct whose fields are the members of a JSON object, no others.
/// `Option` fields may be left out; fields marked `#[serde(default, …)]` must have a type whose
/// [`FromJson::missing`] gives the default.
macro_rules! record {
    ($(#[$meta:meta])* $name:ident { $($(#[$field_meta:meta])* $field:ident: $type:ty,)* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, serde::Serialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[cfg_attr(feature = "schema", schemars(deny_unknown_fields))]
        pub struct $name { $($(#[$field_meta])* pub $field: $type,)* }

        impl $crate::document::record::FromJson for $name {
            fn from_json(
                json: &$crate::document::Json,
                at: &$crate::document::record::At<'_>,
                faults: &mut $crate::error::Faults,
            ) -> Option<Self> {
                const FIELDS: &[&str] = &[$(stringify!($field)),*];
                let members = $crate::document::record::Members::of(json, at, FIELDS, faults)?;
                $(let $field = members.read::<$type>(stringify!($field), faults);)*
                Some(Self { $($field: $field?,)* })
            }
        }
    };
}

/// Defines an enum whose values are words.
macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$variant_meta:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        pub enum $name { $($(#[$variant_meta])* #[serde(rename = $word)] $variant,)* }

        impl $name {
            /// The word that stands for the value in documents.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }

            /// Every word.
            pub const WORDS: &[&str] = &[$($word),*];

            /// The value that `word` stands for.
            pub fn from_word(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)* _ => None }
            }
        }

        impl $crate::document::record::FromJson for $name {
            fn from_json(
                json: &$crate::document::Json,
                at: &$crate::document::record::At<'_>,
                faults: &mut $crate::error::Faults,
            ) -> Option<Self> {
                let word = String::from_json(json, at, faults)?;
                Self::from_word(&word)
                    .or_else(|| $crate::document::record::unknown_word(&word, at, Self::WORDS, faults))
            }
        }
    };
}

/// Defines an enum of records told apart by the member `$tag`.
macro_rules! tagged {
    ($(#[$meta:meta])* $name:ident by $tag:literal { $($(#[$variant_meta:meta])* $variant:ident = $word:literal { $($(#[$field_meta:meta])* $field:ident: $type:ty,)* },)* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, serde::Serialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[cfg_attr(feature = "schema", schemars(deny_unknown_fields))]
        #[serde(tag = $tag)]
        pub enum $name { $($(#[$variant_meta])* #[serde(rename = $word)] $variant { $($(#[$field_meta])* $field: $type,)* },)* }

        impl $name {
            /// The word of this variant in documents.
            pub const fn as_str(&self) -> &'static str {
                match self { $(Self::$variant { .. } => $word),* }
            }
        }

        impl $crate::document::record::FromJson for $name {
            fn from_json(
                json: &$crate::document::Json,
                at: &$crate::document::record::At<'_>,
                faults: &mut $crate::error::Faults,
            ) -> Option<Self> {
                const WORDS: &[&str] = &[$($word),*];
                let tag = match json.get($tag) {
                    Some(tag) => String::from_json(tag, &at.key($tag), faults)?,
                    None => {
                        // Reports the missing tag, or that this is no object; of the other members
                        // nothing can be said without it.
                        let mut others = $crate::error::Faults::new();
                        return match $crate::document::record::Members::of(json, at, &[$tag], &mut others) {
                            Some(members) => members.read::<String>($tag, faults).and(None),
                            None => $crate::document::record::wrong_type(json, at, faults, "un objet", "an object"),
                        };
                    }
                };
                match tag.as_str() {
                    $($word => {
                        const FIELDS: &[&str] = &[$tag, $(stringify!($field)),*];
                        #[allow(unused_variables, reason = "a variant may have no field")]
                        let members = $crate::document::record::Members::of(json, at, FIELDS, faults)?;
                        $(let $field = members.read::<$type>(stringify!($field), faults);)*
                        Some(Self::$variant { $($field: $field?,)* })
                    })*
                    other => $crate::document::record::unknown_word(other, &at.key($tag), WORDS, faults),
                }
            }
        }
    };
}

pub(crate) use {record, tagged, words};
