//! JSON Schemas of the documents, from the Rust types.

use bareme::cohort::CohortDocument;
use bareme::document::LANGUAGE;
use bareme::methodology::Document;
use bareme::publication::{PublicationDocument, ReceiptDocument, Report};
use bareme::scoring::{ReferenceDocument, ScoringDocument};
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use crate::Outcome;
use crate::files::{Generated, read as read_file, root};

const COMMAND: &str = "cargo xtask schemas";

/// Writes the schemas, or checks that they are up to date: in `spec`, and inside the core, which
/// hands them out.
pub(crate) fn run(check: bool) -> Outcome {
    let mut generated = Generated::default();
    let folders = [root().join("spec/schemas"), root().join("core/src/methodology/catalogue/schemas")];
    for (name, schema) in all() {
        let text = format!("{schema:#}\n");
        for folder in &folders {
            generated.file(folder.join(format!("{name}.schema.json")), text.clone());
        }
    }
    // No Rust type stands for vectors: their schema is written by hand, and stands among the others.
    let vectors = root().join("spec/schemas/vectors.schema.json");
    let text = read_file(&vectors)?;
    generated.file(vectors, text);
    for folder in folders {
        generated.folder(folder, "json");
    }
    generated.settle(check, COMMAND)
}

/// The schemas by the name of the kind of document.
pub(crate) fn all() -> [(&'static str, Value); 7] {
    [
        ("methodology", read::<Document>("methodology", "A scoring methodology")),
        ("cohort", read::<CohortDocument>("cohort", "A cohort of territories and their accounts")),
        ("reference", read::<ReferenceDocument>("reference", "The statistics of a scored cohort")),
        ("publication", read::<PublicationDocument>("publication", "What is published of a scoring")),
        ("receipt", read::<ReceiptDocument>("receipt", "One row of a publication, with its proof")),
        ("verification", written::<Report>("verification", "What a verification says")),
        ("scoring", written::<ScoringDocument>("scoring", "A cohort scored by a methodology")),
    ]
}

/// Records of which exactly one of several members is given, which their Rust types cannot say.
const ONE_OF: &[(&str, &[&str])] = &[
    ("Child", &["indicator", "index", "methodology"]),
    ("Key", &["index", "indicator"]),
    ("WeightTable", &["by_structure_type", "by_stratum", "by_population"]),
];

/// The schema of a document that is read: an optional member is left out, never null.
fn read<T: JsonSchema>(name: &str, title: &str) -> Value {
    let settings = SchemaSettings::draft2020_12();
    let mut schema = settings.into_generator().into_root_schema_for::<T>().to_value();
    for (definition, members) in ONE_OF {
        if let Some(object) = schema.pointer_mut(&format!("/$defs/{definition}")).and_then(Value::as_object_mut) {
            let choices = members.iter().map(|member| json!({ "required": [member] })).collect::<Vec<_>>();
            object.insert("oneOf".to_owned(), choices.into());
        }
    }
    // The head is digested, and says by which language by itself.
    if let Some(language) = schema.pointer_mut("/$defs/Head/properties/language").and_then(Value::as_object_mut) {
        language.insert("const".to_owned(), LANGUAGE.into());
    }
    each_object(&mut schema, &mut |object| {
        for property in
            object.get_mut("properties").and_then(Value::as_object_mut).into_iter().flat_map(Map::values_mut)
        {
            without_null(property);
        }
    });
    finished(schema, name, title)
}

/// The schema of a document that is written: no other members than those there are.
fn written<T: JsonSchema>(name: &str, title: &str) -> Value {
    let settings = SchemaSettings::draft2020_12().for_serialize();
    let mut schema = settings.into_generator().into_root_schema_for::<T>().to_value();
    each_object(&mut schema, &mut |object| {
        if object.contains_key("properties") && !object.contains_key("additionalProperties") {
            object.insert("additionalProperties".to_owned(), Value::Bool(false));
        }
    });
    finished(schema, name, title)
}

fn finished(mut schema: Value, name: &str, title: &str) -> Value {
    if let Some(object) = schema.as_object_mut() {
        object.insert("$id".to_owned(), format!("urn:{}:schema:{name}", LANGUAGE.replace('/', ":")).into());
        object.insert("title".to_owned(), title.into());
        if let Some(properties) = object.get_mut("properties").and_then(Value::as_object_mut) {
            for (member, value) in [("language", LANGUAGE), ("document", name)] {
                if let Some(property) = properties.get_mut(member).and_then(Value::as_object_mut) {
                    property.insert("const".to_owned(), value.into());
                }
            }
        }
    }
    sorted(schema)
}

/// Takes back the null that schemars gives to the type of every `Option`.
fn without_null(schema: &mut Value) {
    let Some(object) = schema.as_object_mut() else { return };
    if let Some(Value::Array(types)) = object.get_mut("type") {
        types.retain(|name| name != "null");
        if let [one] = types.as_slice() {
            let one = one.clone();
            object.insert("type".to_owned(), one);
        }
    }
    if let Some(Value::Array(choices)) = object.get_mut("anyOf") {
        choices.retain(|choice| *choice != json!({ "type": "null" }));
        if let [Value::Object(one)] = choices.as_slice() {
            let one = one.clone();
            object.remove("anyOf");
            object.extend(one);
        }
    }
}

/// Calls `change` on every object of a JSON value.
fn each_object(value: &mut Value, change: &mut impl FnMut(&mut Map<String, Value>)) {
    match value {
        Value::Object(object) => {
            change(object);
            object.values_mut().for_each(|member| each_object(member, change));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| each_object(item, change)),
        _ => {}
    }
}

/// The value with its members in alphabetical order, whatever features `serde_json` is built with.
fn sorted(value: Value) -> Value {
    match value {
        Value::Object(object) => {
            let mut members: Vec<(String, Value)> =
                object.into_iter().map(|(name, member)| (name, sorted(member))).collect();
            members.sort_by(|(a, _), (b, _)| a.cmp(b));
            Value::Object(members.into_iter().collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(sorted).collect()),
        other => other,
    }
}
