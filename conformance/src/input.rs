//! The documents of a case, as the bytes that an implementation reads.

use bareme::document::{Json, canonical};
use serde_json::{Map, Value};

/// The documents of a page that its cases change.
#[derive(Debug)]
pub(crate) struct Documents {
    /// What `merge` changes.
    pub(crate) methodology: Value,
    /// What `document` names.
    pub(crate) published: Value,
}

/// The bytes of an input.
pub(crate) fn bytes(input: &Value, page: &Documents) -> Result<Vec<u8>, String> {
    let text = |value: &Value| serde_json::to_vec(value).map_err(|error| error.to_string());
    if let Some(value) = input.get("json") {
        return text(value);
    }
    if let Some(patch) = input.get("merge") {
        let mut document = page.methodology.clone();
        merge(&mut document, patch);
        return text(&document);
    }
    if let Some(name) = input.get("document").and_then(Value::as_str) {
        let mut document = page.published.get(name).cloned().ok_or_else(|| format!("no document {name:?}"))?;
        for one in input.get("changes").and_then(Value::as_array).into_iter().flatten() {
            change(&mut document, one).ok_or_else(|| format!("no place for {one}"))?;
        }
        let json = Json::parse(&text(&document)?, usize::MAX).map_err(|faults| faults.to_string())?;
        return Ok(canonical::text(&json).into_bytes());
    }
    if let Some(value) = input.get("text").and_then(Value::as_str) {
        let mut bytes = value.as_bytes().to_vec();
        if let Some(size) = input.get("padded_to").and_then(Value::as_u64) {
            bytes.resize(usize::try_from(size).map_err(|error| error.to_string())?, b' ');
        }
        return Ok(bytes);
    }
    input
        .get("base64")
        .and_then(Value::as_str)
        .and_then(from_base64)
        .ok_or_else(|| format!("an input of a kind that is not known: {input}"))
}

/// Puts a value at a place, or takes a member out.
fn change(document: &mut Value, change: &Value) -> Option<()> {
    let at = change.get("at")?.as_str()?;
    let value = change.get("value");
    let Some((above, last)) = at.rsplit_once('/') else {
        *document = value?.clone();
        return Some(());
    };
    match (document.pointer_mut(above)?, value) {
        (Value::Object(members), Some(value)) => {
            members.insert(last.replace("~1", "/").replace("~0", "~"), value.clone());
        }
        (Value::Object(members), None) => {
            members.remove(&last.replace("~1", "/").replace("~0", "~"))?;
        }
        (Value::Array(items), Some(value)) => *items.get_mut(last.parse::<usize>().ok()?)? = value.clone(),
        _ => return None,
    }
    Some(())
}

/// JSON Merge Patch (RFC 7396).
fn merge(target: &mut Value, patch: &Value) {
    let Value::Object(changes) = patch else {
        target.clone_from(patch);
        return;
    };
    if !target.is_object() {
        *target = Value::Object(Map::new());
    }
    let Value::Object(members) = target else { return };
    for (name, change) in changes {
        if change.is_null() {
            members.remove(name);
        } else {
            merge(members.entry(name.clone()).or_insert(Value::Null), change);
        }
    }
}

/// Base64 (RFC 4648), of a text whose length is a multiple of four.
fn from_base64(text: &str) -> Option<Vec<u8>> {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let digits = text.trim_end_matches('=');
    let mut bytes = Vec::new();
    for group in digits.as_bytes().chunks(4) {
        let mut bits: u32 = 0;
        for digit in group {
            let value = ALPHABET.iter().position(|letter| letter == digit)?;
            bits = (bits << 6) | u32::try_from(value).ok()?;
        }
        bits <<= 6 * (4_usize.checked_sub(group.len())?);
        let [_, all @ ..] = bits.to_be_bytes();
        bytes.extend(all.iter().take(group.len().checked_sub(1)?));
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_of_the_rfc() {
        for (text, bytes) in [("", ""), ("Zg==", "f"), ("Zm8=", "fo"), ("Zm9v", "foo"), ("Zm9vYmE=", "fooba")] {
            assert_eq!(from_base64(text).as_deref(), Some(bytes.as_bytes()), "{text}");
        }
        assert_eq!(from_base64("/w=="), Some(vec![0xff]));
        assert_eq!(from_base64("a-b="), None);
    }

    #[test]
    fn merges_as_the_rfc_says() {
        let mut target = serde_json::json!({"a": {"b": 1, "c": 2}, "d": [1]});
        merge(&mut target, &serde_json::json!({"a": {"b": null, "e": {"f": null}}, "d": [null]}));
        assert_eq!(target, serde_json::json!({"a": {"c": 2, "e": {}}, "d": [null]}));
    }
}
