//! A JSON value read without guessing.
//!
//! `serde_json` keeps the last of two equal keys and rounds a number that binary64 cannot hold;
//! an official document may rest on neither. This reader (RFC 8259) reports both as faults, with
//! the JSON Pointer of each, and goes on to find the others.

use super::record::At;
use crate::error::{Code, Fault, Faults, Place, Text};
use crate::exact::{Decimal, ParseDecimalError};

/// A JSON value. An object keeps the order in which it was written and has no key twice.
#[derive(Debug, Clone, PartialEq)]
pub enum Json {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number: the decimal that its binary64 prints as.
    Number(Decimal),
    /// A string.
    String(String),
    /// An array.
    Array(Vec<Json>),
    /// An object.
    Object(Vec<(String, Json)>),
}

/// Deepest nesting that is read.
const MAX_DEPTH: usize = 64;

impl Json {
    /// Reads one JSON value from at most `max_bytes` of UTF-8.
    ///
    /// # Errors
    /// `json_syntax` and `limit_exceeded` end the reading; `duplicate_key`, `lone_surrogate` and
    /// `number_not_representable` are collected, each with its pointer.
    pub fn parse(bytes: &[u8], max_bytes: usize) -> Result<Self, Faults> {
        Self::parse_with(bytes, max_bytes, None)
    }

    /// The same, but the items of the list that is the member `list` of the root are handed over one by
    /// one, and an empty list stands in their place: a long list is never held as a tree.
    pub(crate) fn parse_list(
        bytes: &[u8],
        max_bytes: usize,
        list: &str,
        each: &mut dyn FnMut(usize, Self, &mut Faults),
    ) -> Result<Self, Faults> {
        Self::parse_with(bytes, max_bytes, Some((list, each)))
    }

    fn parse_with(bytes: &[u8], max_bytes: usize, list: Option<List<'_>>) -> Result<Self, Faults> {
        if bytes.len() > max_bytes {
            return Err(limit(bytes.len(), max_bytes, "octets", "bytes").into());
        }
        let text = match std::str::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => {
                let valid = bytes.get(..error.valid_up_to()).unwrap_or_default();
                let valid = String::from_utf8_lossy(valid);
                let expected = Text::new("du texte UTF-8", "UTF-8 text");
                return Err(Fault::new(Code::JsonSyntax, position(&valid, valid.len()), "", expected)
                    .advise("enregistrez le fichier en UTF-8", "save the file as UTF-8")
                    .into());
            }
        };
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut reader = Reader { text, at: 0, faults: Faults::new(), list };
        match reader.document() {
            Ok(value) => reader.faults.into_result(value),
            Err(stop) => {
                let mut faults = reader.faults;
                faults.push(*stop);
                Err(faults)
            }
        }
    }

    /// The member `key` of an object.
    pub fn get(&self, key: &str) -> Option<&Self> {
        match self {
            Self::Object(members) => members.iter().find(|(name, _)| name == key).map(|(_, value)| value),
            _ => None,
        }
    }

    /// The string, if it is one.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// The value as a fault shows it: short, on one line.
    pub(crate) fn shown(&self) -> String {
        match self {
            Self::Null => "null".into(),
            Self::Bool(value) => value.to_string(),
            Self::Number(value) => value.to_string(),
            Self::String(text) => text.clone(),
            Self::Array(_) => "[…]".into(),
            Self::Object(_) => "{…}".into(),
        }
    }

    /// Applies a JSON Merge Patch (RFC 7396).
    pub fn merge(&mut self, patch: &Self) {
        let Self::Object(changes) = patch else {
            self.clone_from(patch);
            return;
        };
        if !matches!(self, Self::Object(_)) {
            *self = Self::Object(Vec::new());
        }
        let Self::Object(members) = self else { return };
        for (key, change) in changes {
            let place = members.iter().position(|(name, _)| name == key);
            match (change, place) {
                (Self::Null, Some(index)) => drop(members.remove(index)),
                (Self::Null, None) => {}
                (_, Some(index)) => {
                    if let Some((_, value)) = members.get_mut(index) {
                        value.merge(change);
                    }
                }
                (_, None) => {
                    let mut value = Self::Null;
                    value.merge(change);
                    members.push((key.clone(), value));
                }
            }
        }
    }
}

/// The fault of a text, list or nesting that is larger than the specification allows.
pub(crate) fn limit(found: usize, most: usize, fr: &str, en: &str) -> Fault {
    Fault::new(
        Code::LimitExceeded,
        Place::Pointer(String::new()),
        found,
        Text::new(format!("au plus {most} {fr}"), format!("at most {most} {en}")),
    )
}

/// The line and column of a byte offset.
fn position(text: &str, offset: usize) -> Place {
    let before = text.get(..offset).unwrap_or(text);
    let line = before.matches('\n').count().saturating_add(1);
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count().saturating_add(1);
    Place::Position { line, column }
}

/// The name of a list of the root, and who takes its items.
type List<'a> = (&'a str, &'a mut dyn FnMut(usize, Json, &mut Faults));

struct Reader<'a, 'l> {
    text: &'a str,
    at: usize,
    faults: Faults,
    list: Option<List<'l>>,
}

impl Reader<'_, '_> {
    fn document(&mut self) -> Result<Json, Box<Fault>> {
        let value = self.value(&At::ROOT, 0)?;
        self.space();
        match self.peek() {
            None => Ok(value),
            Some(_) => Err(self.syntax("la fin du texte", "the end of the text")),
        }
    }

    fn value(&mut self, at: &At<'_>, depth: usize) -> Result<Json, Box<Fault>> {
        if depth > MAX_DEPTH {
            let mut fault = limit(depth, MAX_DEPTH, "niveaux d'imbrication", "levels of nesting");
            fault.place = at.place();
            return Err(Box::new(fault));
        }
        self.space();
        match self.peek() {
            Some(b'{') => self.object(at, depth),
            Some(b'[') => self.array(at, depth),
            Some(b'"') => Ok(Json::String(self.string(at)?)),
            Some(b'-' | b'0'..=b'9') => self.number(at),
            Some(b't') => self.word("true", Json::Bool(true)),
            Some(b'f') => self.word("false", Json::Bool(false)),
            Some(b'n') => self.word("null", Json::Null),
            _ => Err(self.syntax("une valeur JSON", "a JSON value")),
        }
    }

    fn object(&mut self, at: &At<'_>, depth: usize) -> Result<Json, Box<Fault>> {
        self.step();
        let mut members: Vec<(String, Json)> = Vec::new();
        // Only a large object needs an index to find a repeated key.
        let mut seen = std::collections::HashSet::new();
        self.space();
        if self.peek() == Some(b'}') {
            self.step();
            return Ok(Json::Object(members));
        }
        loop {
            self.space();
            if self.peek() != Some(b'"') {
                return Err(self.syntax("une clé entre guillemets", "a key in double quotes"));
            }
            let key = self.string(at)?;
            self.space();
            self.expect(b':')?;
            self.space();
            let listed =
                depth == 0 && self.peek() == Some(b'[') && self.list.as_ref().is_some_and(|list| list.0 == key);
            let value = if listed {
                self.items(&at.key(&key), depth.saturating_add(1), true)?
            } else {
                self.value(&at.key(&key), depth.saturating_add(1))?
            };
            if seen.insert(key.clone()) {
                members.push((key, value));
            } else {
                self.faults.push(
                    Fault::new(
                        Code::DuplicateKey,
                        at.key(&key).place(),
                        &key,
                        Text::new("une seule fois", "once only"),
                    )
                    .advise("supprimez l'une des deux", "delete one of the two"),
                );
            }
            self.space();
            match self.peek() {
                Some(b',') => self.step(),
                Some(b'}') => break,
                _ => return Err(self.syntax("« , » ou « } »", "`,` or `}`")),
            }
        }
        self.step();
        Ok(Json::Object(members))
    }

    fn array(&mut self, at: &At<'_>, depth: usize) -> Result<Json, Box<Fault>> {
        self.items(at, depth, false)
    }

    /// The items of an array; handed over if `listed`.
    fn items(&mut self, at: &At<'_>, depth: usize, listed: bool) -> Result<Json, Box<Fault>> {
        self.step();
        let mut items = Vec::new();
        let mut count = 0_usize;
        self.space();
        if self.peek() == Some(b']') {
            self.step();
            return Ok(Json::Array(items));
        }
        loop {
            let item = self.value(&at.index(count), depth.saturating_add(1))?;
            match self.list.as_mut().filter(|_| listed) {
                Some((_, each)) => each(count, item, &mut self.faults),
                None => items.push(item),
            }
            count = count.saturating_add(1);
            self.space();
            match self.peek() {
                Some(b',') => self.step(),
                Some(b']') => break,
                _ => return Err(self.syntax("« , » ou « ] »", "`,` or `]`")),
            }
        }
        self.step();
        Ok(Json::Array(items))
    }

    fn number(&mut self, at: &At<'_>) -> Result<Json, Box<Fault>> {
        let rest = self.rest();
        let length = rest.find(|c: char| !matches!(c, '0'..='9' | '-' | '+' | '.' | 'e' | 'E')).unwrap_or(rest.len());
        let text = rest.get(..length).unwrap_or_default();
        let value = match Decimal::parse(text) {
            Ok(value) => value,
            Err(ParseDecimalError::Syntax) => return Err(self.syntax("un nombre JSON", "a JSON number")),
            Err(error) => {
                self.faults.push(unrepresentable(at.place(), text, &error));
                Decimal::ZERO
            }
        };
        self.at = self.at.saturating_add(length);
        Ok(Json::Number(value))
    }

    fn string(&mut self, at: &At<'_>) -> Result<String, Box<Fault>> {
        self.step();
        let mut text = String::new();
        loop {
            let rest = self.rest();
            let plain = rest
                .bytes()
                .position(|b| matches!(b, b'"' | b'\\' | 0..=0x1f))
                .ok_or_else(|| self.syntax("la fin de la chaîne", "the end of the string"))?;
            text.push_str(rest.get(..plain).unwrap_or_default());
            self.at = self.at.saturating_add(plain);
            match self.peek() {
                Some(b'"') => {
                    self.step();
                    return Ok(text);
                }
                Some(b'\\') => {
                    self.step();
                    let c = self.escape(at)?;
                    text.push(c);
                }
                _ => {
                    return Err(
                        self.syntax("un caractère de contrôle écrit \\u00XX", "a control character written \\u00XX")
                    );
                }
            }
        }
    }

    fn escape(&mut self, at: &At<'_>) -> Result<char, Box<Fault>> {
        let c = match self.peek() {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                self.step();
                return self.unicode(at);
            }
            _ => return Err(self.syntax("un échappement JSON", "a JSON escape")),
        };
        self.step();
        Ok(c)
    }

    /// What follows `\u`: one code unit, or the two of a surrogate pair.
    fn unicode(&mut self, at: &At<'_>) -> Result<char, Box<Fault>> {
        let first = self.hex()?;
        if let Some(c) = char::from_u32(first) {
            return Ok(c);
        }
        if first < 0xdc00 && self.rest().starts_with("\\u") {
            let before = self.at;
            self.at = self.at.saturating_add(2);
            let second = self.hex()?;
            if (0xdc00..0xe000).contains(&second) {
                let pair = 0x1_0000_u32
                    .wrapping_add(first.wrapping_sub(0xd800) << 10)
                    .wrapping_add(second.wrapping_sub(0xdc00));
                return Ok(char::from_u32(pair).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            self.at = before;
        }
        let expected = Text::new("une paire de surrogates", "a surrogate pair");
        self.faults.push(Fault::new(Code::LoneSurrogate, at.place(), format!("\\u{first:04x}"), expected));
        Ok(char::REPLACEMENT_CHARACTER)
    }

    fn hex(&mut self) -> Result<u32, Box<Fault>> {
        let digits = self.rest().get(..4).filter(|four| four.bytes().all(|b| b.is_ascii_hexdigit()));
        let value = digits.and_then(|four| u32::from_str_radix(four, 16).ok());
        let value = value.ok_or_else(|| self.syntax("quatre chiffres hexadécimaux", "four hexadecimal digits"))?;
        self.at = self.at.saturating_add(4);
        Ok(value)
    }

    fn word(&mut self, word: &str, value: Json) -> Result<Json, Box<Fault>> {
        if self.rest().starts_with(word) {
            self.at = self.at.saturating_add(word.len());
            Ok(value)
        } else {
            Err(self.syntax("une valeur JSON", "a JSON value"))
        }
    }

    fn expect(&mut self, byte: u8) -> Result<(), Box<Fault>> {
        if self.peek() == Some(byte) {
            self.step();
            return Ok(());
        }
        let c = char::from(byte);
        Err(self.syntax(&format!("« {c} »"), &format!("`{c}`")))
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.step();
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn step(&mut self) {
        self.at = self.at.saturating_add(1);
    }

    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn syntax(&self, fr: &str, en: &str) -> Box<Fault> {
        let found: String = self.rest().chars().take(20).collect();
        Box::new(Fault::new(Code::JsonSyntax, position(self.text, self.at), found, Text::new(fr, en)))
    }
}

/// The fault of a number that would have to be rounded to be read.
pub(crate) fn unrepresentable(place: Place, text: &str, error: &ParseDecimalError) -> Fault {
    match error {
        ParseDecimalError::NotRepresentable { nearest } => Fault::new(
            Code::NumberNotRepresentable,
            place,
            text,
            Text::new(
                "un nombre qu'un binary64 restitue chiffre pour chiffre",
                "a number that a binary64 gives back digit for digit",
            ),
        )
        .advise(format!("écrivez {nearest}"), format!("write {nearest}")),
        ParseDecimalError::OutOfRange => Fault::new(
            Code::NumberNotRepresentable,
            place,
            text,
            Text::new("un nombre entre -1,8e308 et 1,8e308", "a number between -1.8e308 and 1.8e308"),
        ),
        ParseDecimalError::Syntax => {
            Fault::new(Code::NotANumber, place, text, Text::new("un nombre, comme 1234.5", "a number, such as 1234.5"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn parse(text: &str) -> Result<Json, Faults> {
        Json::parse(text.as_bytes(), 1 << 20)
    }

    fn codes(text: &str) -> Vec<(String, Code)> {
        let faults = parse(text).unwrap_err();
        faults.iter().map(|fault| (fault.place.to_string(), fault.code)).collect()
    }

    #[test]
    fn every_fault_is_found_with_its_pointer() {
        let text = r#"{"a": {"b/c": 0.1234567890123456789, "b/c": 1}, "d": ["\ud800", 9007199254740993]}"#;
        assert_eq!(
            codes(text),
            [
                ("/a/b~1c".into(), Code::NumberNotRepresentable),
                ("/a/b~1c".into(), Code::DuplicateKey),
                ("/d/0".into(), Code::LoneSurrogate),
                ("/d/1".into(), Code::NumberNotRepresentable),
            ]
        );
    }

    #[test]
    fn syntax_faults_have_a_position() {
        for (text, place) in [
            ("", "1:1"),
            ("{\n  \"a\" 1}", "2:7"),
            ("[1,]", "1:4"),
            ("[01]", "1:2"),
            ("1 2", "1:3"),
            ("\"a\u{1}\"", "1:3"),
            ("nul", "1:1"),
            ("{a:1}", "1:2"),
            ("\"\\u12\"", "1:4"),
        ] {
            assert_eq!(codes(text), [(place.to_string(), Code::JsonSyntax)], "{text}");
        }
    }

    #[test]
    fn nesting_is_limited() {
        let deep = |n: usize| "[".repeat(n) + &"]".repeat(n);
        assert!(parse(&deep(MAX_DEPTH)).is_ok());
        assert_eq!(codes(&deep(1_000_000 / 2))[0].1, Code::LimitExceeded);
    }

    #[test]
    fn merge_patch_follows_rfc_7396() {
        // The examples of the RFC's appendix A.
        for (target, patch, result) in [
            (r#"{"a":"b"}"#, r#"{"a":"c"}"#, r#"{"a":"c"}"#),
            (r#"{"a":"b"}"#, r#"{"b":"c"}"#, r#"{"a":"b","b":"c"}"#),
            (r#"{"a":"b"}"#, r#"{"a":null}"#, "{}"),
            (r#"{"a":"b","b":"c"}"#, r#"{"a":null}"#, r#"{"b":"c"}"#),
            (r#"{"a":["b"]}"#, r#"{"a":"c"}"#, r#"{"a":"c"}"#),
            (r#"{"a":"c"}"#, r#"{"a":["b"]}"#, r#"{"a":["b"]}"#),
            (r#"{"a":{"b":"c"}}"#, r#"{"a":{"b":"d","c":null}}"#, r#"{"a":{"b":"d"}}"#),
            (r#"{"a":[{"b":"c"}]}"#, r#"{"a":[1]}"#, r#"{"a":[1]}"#),
            (r#"["a","b"]"#, r#"["c","d"]"#, r#"["c","d"]"#),
            (r#"{"a":"b"}"#, r#"["c"]"#, r#"["c"]"#),
            (r#"{"a":"foo"}"#, "null", "null"),
            (r#"{"e":null}"#, r#"{"a":1}"#, r#"{"e":null,"a":1}"#),
            ("[1,2]", r#"{"a":"b","c":null}"#, r#"{"a":"b"}"#),
            ("{}", r#"{"a":{"bb":{"ccc":null}}}"#, r#"{"a":{"bb":{}}}"#),
        ] {
            let mut value = parse(target).unwrap();
            value.merge(&parse(patch).unwrap());
            assert_eq!(value, parse(result).unwrap(), "{target} + {patch}");
        }
    }

    fn same(ours: &Json, theirs: &serde_json::Value) -> bool {
        match (ours, theirs) {
            (Json::Null, serde_json::Value::Null) => true,
            (Json::Bool(a), serde_json::Value::Bool(b)) => a == b,
            (Json::Number(a), serde_json::Value::Number(b)) => b.as_f64() == Some(a.get()),
            (Json::String(a), serde_json::Value::String(b)) => a == b,
            (Json::Array(a), serde_json::Value::Array(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
            }
            (Json::Object(a), serde_json::Value::Object(b)) => {
                a.len() == b.len() && a.iter().all(|(key, value)| b.get(key).is_some_and(|other| same(value, other)))
            }
            _ => false,
        }
    }

    proptest! {
        /// Whatever we accept, `serde_json` accepts with the same meaning; what it refuses, we refuse.
        #[test]
        fn agrees_with_serde_json(text in r#"[\[\]{}:,"\\ untrefalsd0-9.eE+\-é\n]{0,24}"#) {
            match (parse(&text), serde_json::from_str::<serde_json::Value>(&text)) {
                (Ok(ours), Ok(theirs)) => prop_assert!(same(&ours, &theirs)),
                (Ok(_), Err(_)) => prop_assert!(false, "only we accept {text:?}"),
                (Err(faults), Ok(_)) => prop_assert!(faults.iter().all(|fault| fault.code != Code::JsonSyntax)),
                (Err(_), Err(_)) => {}
            }
        }
    }
}
