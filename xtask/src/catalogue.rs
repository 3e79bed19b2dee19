//! The catalogue: the documents of `spec/methodologies`, embedded in the core with one documented
//! function each.

use std::collections::BTreeMap;
use std::path::PathBuf;

use bareme::Methodology;
use bareme::error::Language;

use crate::Outcome;
use crate::files::{self, Generated, root};

const COMMAND: &str = "cargo xtask catalogue";

/// A document and its text.
struct Entry {
    methodology: Methodology,
    text: String,
    path: PathBuf,
}

/// Writes the catalogue, or checks that it is up to date.
pub(crate) fn run(check: bool) -> Outcome {
    let mut entries = entries()?;
    pin_bases(&mut entries)?;
    let folder = root().join("core/src/methodology/catalogue");
    let mut generated = Generated::default();
    for ((id, version), entry) in &entries {
        generated.file(entry.path.clone(), entry.text.clone());
        generated.file(folder.join(format!("{id}@{version}.json")), entry.text.clone());
    }
    generated.folder(folder.clone(), "json");
    generated.file(folder.join("documents.rs"), code(&entries)?);
    generated.settle(check, COMMAND)
}

type Entries = BTreeMap<(String, String), Entry>;

/// The documents by id and version, every fault of all of them at once.
fn entries() -> Result<Entries, String> {
    let mut entries = Entries::new();
    let mut wrong = Vec::new();
    let mut paths: Vec<PathBuf> = files::list(&root().join("spec/methodologies"));
    paths.retain(|path| files::has_extension(path, "json"));
    if paths.is_empty() {
        return Err("spec/methodologies holds no document".to_owned());
    }
    let texts: Vec<String> = paths.iter().map(|path| files::read(path)).collect::<Result<_, _>>()?;
    let read = Methodology::read_all(&texts, &[]);
    for ((path, text), read) in paths.into_iter().zip(texts).zip(read) {
        match read {
            Ok(methodology) => {
                let name = format!("{}@{}.json", methodology.id(), methodology.version());
                if files::name(&path) != name {
                    wrong.push(format!("{} must be called {name}", files::shown(&path)));
                }
                let key = (methodology.id().to_owned(), methodology.version().to_owned());
                entries.insert(key, Entry { methodology, text, path });
            }
            Err(faults) => wrong.extend(
                faults.iter().map(|fault| format!("{}: {}", files::shown(&path), fault.line(Language::English))),
            ),
        }
    }
    if wrong.is_empty() { Ok(entries) } else { Err(wrong.join("\n")) }
}

/// Writes into each variant the method digest of its base, and nothing else: the 64 digits alone
/// change, so that the document keeps the layout of its author.
fn pin_bases(entries: &mut Entries) -> Outcome {
    let digests: BTreeMap<_, _> =
        entries.iter().map(|(key, entry)| (key.clone(), entry.methodology.method_digest().to_string())).collect();
    for entry in entries.values_mut() {
        let Some(pin) = &entry.methodology.document().variant_of else { continue };
        let shown = files::shown(&entry.path);
        let digest = digests
            .get(&(pin.id.clone(), pin.version.clone()))
            .ok_or_else(|| format!("{shown}: there is no document {}@{} to be a variant of", pin.id, pin.version))?;
        if *digest == pin.method_sha256 {
            continue;
        }
        let not_found = || format!("{shown}: cannot find the digest of variant_of in the text");
        let (before, after) = entry.text.split_once("\"variant_of\"").ok_or_else(not_found)?;
        let (between, rest) = after.split_once(&pin.method_sha256).ok_or_else(not_found)?;
        let text = format!("{before}\"variant_of\"{between}{digest}{rest}");
        let methodology = Methodology::from_json_with(text.as_bytes(), entry.methodology.pinned())
            .map_err(|faults| format!("{shown}: {faults}"))?;
        if methodology.document().variant_of.as_ref().map(|pin| &pin.method_sha256) != Some(digest) {
            return Err(not_found());
        }
        entry.methodology = methodology;
        entry.text = text;
    }
    Ok(())
}

/// The Rust source of the catalogue.
fn code(entries: &Entries) -> Result<String, String> {
    let mut list = String::new();
    let mut functions = String::new();
    let mut names = BTreeMap::new();
    for ((id, version), entry) in entries {
        let full = format!("{id}@{version}");
        let function = identifier(&entry.methodology);
        if let Some(other) = names.insert(function.clone(), full.clone()) {
            return Err(format!("{full} and {other} would both be called `{function}` in Rust; rename one"));
        }
        let constant = function.to_ascii_uppercase();
        let pins: Vec<String> = entry
            .methodology
            .pinned()
            .iter()
            .map(|pinned| format!("&{}", identifier(pinned).to_ascii_uppercase()))
            .collect();
        list.extend(["    &", &constant, ",\n"]);
        let constant_item = format!(
            "\nstatic {constant}: Embedded = Embedded::new(\n    {id:?},\n    {version:?},\n    \
             include_str!(\"{full}.json\"),\n    &[{}],\n);\n\n",
            pins.join(", ")
        );
        functions.push_str(&constant_item);
        let page = entry.methodology.describe(Language::English);
        // The title is the summary of the function; rustdoc gives it a heading of its own.
        for line in page.strip_prefix("# ").unwrap_or(&page).trim_end().lines() {
            functions.push_str(if line.is_empty() { "///" } else { "/// " });
            functions.push_str(line);
            functions.push('\n');
        }
        let function_item = format!("pub fn {function}() -> Methodology {{\n    {constant}.get()\n}}\n");
        functions.push_str(&function_item);
    }
    Ok(format!(
        "//! Generated by `{COMMAND}` from the documents of `spec/methodologies`: change them, not this.\n\
         \n\
         #![allow(clippy::doc_markdown, reason = \"the documents' own prose\")]\n\
         \n\
         use super::Embedded;\n\
         use crate::methodology::Methodology;\n\
         \n\
         /// Every document, by id, then by version.\n\
         pub(super) static ALL: &[&Embedded] = &[\n{list}];\n{functions}"
    ))
}

/// The name of a methodology's function.
fn identifier(methodology: &Methodology) -> String {
    let name = format!("{}@{}", methodology.id(), methodology.version());
    name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' }).collect()
}
