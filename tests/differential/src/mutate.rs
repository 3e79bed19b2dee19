//! Faults: documents changed so that something is wrong with them, or nearly.

use serde_json::{Map, Value, json};

use crate::case::{Case, Document, RAW, write};
use crate::draw::Draw;

/// Changes one of the documents of a case.
pub fn one_document(draw: &mut Draw, case: &mut Case) {
    let document = match draw.below(10) {
        0..5 => &mut case.methodology,
        5..9 => &mut case.cohort,
        _ => match case.others.last_mut() {
            Some(other) => other,
            None => &mut case.methodology,
        },
    };
    let Document::Value(value) = document else { return };
    let words = words(value);
    for _ in 0..draw.one(&[1, 1, 1, 2, 3, 6]) {
        if draw.chance(12) {
            twice(draw, value);
        } else if draw.chance(65) {
            apt(draw, value);
        } else {
            change(draw, value, &words);
        }
    }
    if draw.chance(12) {
        let text = text(draw, &write(value));
        *document = Document::Bytes(text);
    }
}

/// A merge patch.
pub fn patch(draw: &mut Draw) -> Document {
    let mut patch = draw.one(&[
        json!({"publication": {"decimals": 2}}),
        json!({"version": null}),
        json!({"version": "9"}),
        json!({"eligibility": null}),
        json!({"index": {"aggregate": "harmonic"}}),
        json!({"ranking": {"within": ["region"]}}),
        json!({"variant_of": {"extra": 1}}),
        json!({"title": "x"}),
        json!({"strata": []}),
        json!({"id": "Bad Id"}),
        json!([]),
        json!({}),
    ]);
    if draw.chance(40) {
        let words = words(&patch);
        change(draw, &mut patch, &words);
    }
    Document::Value(patch)
}

/// Makes another of a cohort of one: it may be no member, or a member with other numbers.
pub fn stranger(draw: &mut Draw, one: &mut Value) {
    if draw.chance(60) {
        let id = json!("stranger");
        one["territories"][0]["id"] = id.clone();
        for account in one["accounts"].as_array_mut().into_iter().flatten() {
            account["territory"] = id.clone();
        }
        if let Some(territory) = one["territories"][0].as_object_mut() {
            territory.remove("formerly");
        }
        for account in one["previous"]["accounts"].as_array_mut().into_iter().flatten() {
            account["territory"] = id.clone();
        }
        if one["previous"].is_null() {
            one.as_object_mut().map(|members| members.remove("previous"));
        }
    }
    for account in one["accounts"].as_array_mut().into_iter().flatten() {
        for value in account["metrics"].as_object_mut().into_iter().flat_map(Map::values_mut) {
            if draw.chance(40) {
                *value = json!(draw.below(8));
            }
        }
    }
    if draw.chance(30) {
        one["territories"][0]["region"] = json!(draw.one(&["84", "nowhere"]));
    }
}

/// Every string of a document and every name, to be put where they do not belong.
pub fn words(value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![value];
    while let Some(value) = open.pop() {
        match value {
            Value::String(text) => found.push(text.clone()),
            Value::Array(items) => open.extend(items),
            Value::Object(members) => {
                found.extend(members.keys().cloned());
                open.extend(members.values());
            }
            _ => {}
        }
    }
    found.sort();
    found.dedup();
    found
}

/// The pointers of all values but the root.
pub(crate) fn pointers(value: &Value) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    let mut open = vec![(Vec::new(), value)];
    while let Some((path, value)) = open.pop() {
        let mut add = |name: String, value| {
            let mut path: Vec<String> = path.clone();
            path.push(name);
            found.push(path.clone());
            open.push((path, value));
        };
        match value {
            Value::Array(items) => items.iter().enumerate().for_each(|(place, item)| add(place.to_string(), item)),
            Value::Object(members) => members.iter().for_each(|(name, value)| add(name.clone(), value)),
            _ => {}
        }
    }
    found
}

/// The value at a path.
pub(crate) fn at<'a>(value: &'a mut Value, path: &[String]) -> Option<&'a mut Value> {
    let mut found = value;
    for name in path {
        found = match found {
            Value::Array(items) => items.get_mut(name.parse::<usize>().ok()?)?,
            Value::Object(members) => members.get_mut(name)?,
            _ => return None,
        };
    }
    Some(found)
}

/// Takes a value away from its container.
pub(crate) fn remove(value: &mut Value, path: &[String]) {
    let Some((name, parent)) = path.split_last() else { return };
    match at(value, parent) {
        Some(Value::Array(items)) => {
            if let Ok(place) = name.parse::<usize>()
                && place < items.len()
            {
                items.remove(place);
            }
        }
        Some(Value::Object(members)) => drop(members.remove(name)),
        _ => {}
    }
}

fn anything(draw: &mut Draw, words: &[String]) -> Value {
    match draw.below(14) {
        0 => Value::Null,
        1 => json!(draw.chance(50)),
        2..5 => draw.one(&[
            json!(0),
            json!(-1),
            json!(1),
            json!(1.5),
            json!(1e300),
            json!(13),
            json!(4_294_967_296_u64),
            json!(0.123_456_7),
            json!(-0.5),
            json!(101),
        ]),
        5 => raw(draw),
        6 => draw.one(&[
            json!(""),
            json!(" "),
            json!("x y"),
            json!("É"),
            json!("a/b~c"),
            json!("2026-02-30"),
            json!("0123"),
            json!("\u{7f}"),
            json!("\u{a0}x"),
            json!("x\u{85}"),
        ]),
        7 => draw.one(&[
            json!([]),
            json!({}),
            json!([null]),
            json!({"fr": ""}),
            json!({"en": "x"}),
            json!([[]]),
            json!({"": 1}),
        ]),
        8 => draw.one(&[
            json!("likes +"),
            json!("1 / (posts"),
            json!("previous.x + y"),
            json!("((((1))))"),
            json!("1e999"),
            json!("0.1234567890123456789"),
            json!("posts >= 1 and"),
            json!("1 1e999"),
            json!("1."),
            json!("Posts"),
        ]),
        _ => json!(draw.one(words)),
    }
}

fn raw(draw: &mut Draw) -> Value {
    let text = draw.one(&[
        "1E2",
        "-0",
        "-0.0",
        "0.350",
        "1e999",
        "0.1234567890123456789",
        "9007199254740993",
        "9007199254740992",
        "4.9e-324",
        "5e-324",
        "2e-324",
        "1e23",
        "100000000000000000000000",
        "1e-7",
        "01",
        "1.",
        "+1",
        "-",
        "0.30000000000000004",
        "tru",
        "NaN",
    ]);
    json!(format!("{RAW}{text}"))
}

/// Changes something.
pub fn change(draw: &mut Draw, value: &mut Value, words: &[String]) {
    let places = pointers(value);
    if places.is_empty() {
        return;
    }
    // Half of the time something near the top, where one change weighs more.
    let mut path = draw.one(&places);
    if draw.chance(50) {
        let other = draw.one(&places);
        if other.len() < path.len() {
            path = other;
        }
    }
    match draw.below(13) {
        0..3 => remove(value, &path),
        3..6 => {
            let new = anything(draw, words);
            if let Some(old) = at(value, &path) {
                *old = new;
            }
        }
        6 => {
            // An item again, or a copy of another value.
            let source = draw.one(&places);
            let copy = at(value, &source).map(|value| value.clone()).unwrap_or_default();
            if let Some(Value::Array(items)) = at(value, &path[..path.len() - 1]) {
                let place = draw.below(items.len() + 1);
                let item = if draw.chance(70) { draw.one(items) } else { copy };
                items.insert(place, item);
            } else if let Some(old) = at(value, &path) {
                *old = copy;
            }
        }
        7 => {
            if let Some(Value::Array(items)) = at(value, &path[..path.len() - 1]) {
                draw.shuffle(items);
            }
        }
        8 => {
            let name = if draw.chance(50) {
                draw.one(words)
            } else {
                draw.one(&["extra", "", "a/b", "a~b", "É", "population", "days", "region"]).to_owned()
            };
            let new = anything(draw, words);
            if let Some(Value::Object(members)) = at(value, &path[..path.len() - 1]) {
                members.insert(name, new);
            }
        }
        9 => {
            // A member under another name.
            let name =
                if draw.chance(50) { draw.one(words) } else { draw.one(&["extra", "a/b", "A", "min"]).to_owned() };
            if let Some((last, parent)) = path.split_last()
                && let Some(Value::Object(members)) = at(value, parent)
                && let Some(old) = members.remove(last)
            {
                members.insert(name, old);
            }
        }
        10 => {
            if let Some(Value::String(text)) = at(value, &path) {
                *text = draw.one(words);
            }
        }
        11 => {
            if let Some(number) = at(value, &path).filter(|value| value.is_number()) {
                *number = match draw.below(4) {
                    0 => json!(-number.as_f64().unwrap_or_default()),
                    1 => json!(number.as_f64().unwrap_or_default() + 1.0),
                    2 => json!(number.as_f64().unwrap_or_default() / 2.0),
                    _ => raw(draw),
                };
            }
        }
        _ => {
            if let Some(Value::Object(members)) = at(value, &path)
                && let Some(name) = members.keys().nth(draw.below(members.len())).cloned()
            {
                members.remove(&name);
            }
        }
    }
}

/// Values for the members of a name that mean something there, though not always something sound.
fn candidates(name: &str) -> Vec<Value> {
    match name {
        "weight" => vec![
            json!(0),
            json!(-1),
            json!(1_000_001),
            json!(0.123_456_7),
            json!({"default": 0}),
            json!({"default": 1, "by_structure_type": {"commune": 0, "a/b": 1}, "by_stratum": {}}),
            json!({"default": 0, "by_population": [{"from": 5, "below": 5, "weight": 0}, {"from": 3, "weight": -1}]}),
            json!({"default": 1, "by_stratum": {"all": 0, "a~b": 2}}),
            json!("population"),
            json!("posts"),
        ],
        "population" => vec![
            json!({"from": 5, "below": 5}),
            json!({"from": -1}),
            json!({"from": 500}),
            json!({}),
            json!(-1),
            json!(2.5),
            json!(9_007_199_254_740_992_u64),
            json!(null),
        ],
        "minimum_size" => vec![json!(0), json!(1), json!(100), json!(2.5)],
        "fallback" | "stratum" | "by_stratum" => vec![
            json!("all"),
            json!("small"),
            json!("none"),
            json!({"id": "all", "reason": " "}),
            json!({"id": "", "reason": "x"}),
            json!({"id": "none", "reason": "x\u{1}"}),
        ],
        "quantile" => vec![json!(-0.1), json!(1.5), json!(0), json!(1), json!(0.999_999_9)],
        "statistic" => vec![json!("max"), json!("min"), json!("median")],
        "fixed" => vec![json!(0), json!(-1), json!(1e300), json!(5e-324)],
        "low" | "high" | "target" => vec![
            json!({"fixed": 0}),
            json!({"fixed": -3}),
            json!({"statistic": "max"}),
            json!({"statistic": "min"}),
            json!({"quantile": 0.5}),
            json!({"quantile": 0.5, "fixed": 1}),
            json!({"fixed": 1, "x": 2}),
            json!({}),
            json!(100),
        ],
        "within" => vec![
            json!([]),
            json!(["region"]),
            json!(["region", "stratum", "region"]),
            json!(["region", "cohort"]),
            json!("cohort"),
            json!(["department", "structure_type"]),
            json!([["region", "stratum"], ["stratum", "region"]]),
            json!([1, "x"]),
        ],
        "constant" | "single" | "cap" | "centre" | "scale" | "otherwise" | "mark" => {
            vec![json!(-1), json!(0), json!(101), json!(1e300)]
        }
        "ddof" => vec![json!(0), json!(1), json!(2)],
        "at" => vec![json!(0), json!(1), json!(-5)],
        "decimals" => vec![json!(12), json!(13), json!(0)],
        "top" | "minimum_share" => vec![json!(0), json!(1.5), json!(0.5), json!(0.123_456_7)],
        "from" => vec![json!(0), json!("2026-10-31"), json!("2026-02-29"), json!("2026-1-01"), json!("0000-01-01")],
        "to" => vec![json!("2026-10-01"), json!("9999-12-31"), json!("2026-10-32"), json!("2026-10-31")],
        "aggregate" => vec![json!("geometric"), json!("harmonic"), json!("sum"), json!("min")],
        "missing" => vec![json!("renormalise"), json!("zero")],
        "absent" => vec![json!("zero"), json!("refuse"), json!(null)],
        "network" => vec![json!("net"), json!("other"), json!("none"), json!(""), json!("x y"), json!("x ")],
        "direction" => vec![json!("lower"), json!({"closest_to": -1}), json!({"closest_to": 0, "x": 1}), json!({})],
        "undefined" => vec![json!("raw_zero"), json!("refuse")],
        "unknown" => vec![json!("impute_median"), json!("mark_zero")],
        "formula" | "require" => vec![
            json!("likes / posts"),
            json!("previous.posts"),
            json!("previous.area"),
            json!("a + b + a"),
            json!("likes >= 1"),
            json!("days"),
            json!("-1"),
            json!("posts >= 1 or nothing > 2"),
            json!("x".repeat(65)),
            json!(format!("{}1", "-".repeat(33))),
            json!(format!("{}1", "-".repeat(32))),
        ],
        "transform" => vec![json!("ln"), json!("log10")],
        "winsorise" => vec![
            json!({}),
            json!({"within": "cohort", "low": {"fixed": 1}}),
            json!({"low": {"quantile": 0.5}}),
            json!({"high": {"fixed": -1}}),
            json!({"low": {"fixed": 3}, "high": {"fixed": 3}}),
            json!({"low": {"statistic": "min"}}),
        ],
        "normalise" => vec![
            json!({"method": "none"}),
            json!({"method": "x"}),
            json!({}),
            json!({"method": "piecewise", "points": [{"at": 1, "mark": 2}]}),
            json!({"method": "bands", "bands": [], "otherwise": 0}),
            json!({"method": "rank", "within": "cohort", "single": 200}),
            json!({"method": "z_score", "within": "cohort", "centre": 0, "scale": 0, "ddof": 2, "constant": -1, "clamp": {"low": 1, "high": 1}}),
        ],
        "statistics_weight" => vec![json!("population"), json!("area"), json!("posts")],
        "by" => vec![
            json!({"index": "root"}),
            json!({"indicator": "a"}),
            json!({"index": "root", "indicator": "b"}),
            json!({}),
            json!({"index": "none", "network": "net"}),
            json!({"indicator": "a", "network": "none"}),
        ],
        "indicator" => vec![json!("a"), json!("b"), json!("none")],
        "method_sha256" => vec![json!("0".repeat(64)), json!("A".repeat(64)), json!("@auto")],
        "version" => vec![json!("1"), json!("2"), json!("é"), json!("")],
        "status" => vec![json!("variant"), json!("proposal"), json!("official"), json!("draft")],
        "outside_strata" => vec![json!("refuse"), json!("leave_out")],
        "several_accounts" => vec![json!("sum"), json!("main"), json!("refuse")],
        "period_days" => vec![json!(0), json!(30), json!(29)],
        "kind" => vec![json!("count"), json!("decimal")],
        "id" => vec![
            json!("a"),
            json!("root"),
            json!("T0"),
            json!("É"),
            json!(""),
            json!("0123"),
            json!(" x"),
            json!("x".repeat(65)),
            json!("s1"),
        ],
        "name" => vec![
            json!(""),
            json!("\u{a0} "),
            json!("x".repeat(201)),
            json!("x".repeat(200)),
            json!("a\u{85}b"),
            json!(" ".repeat(201)),
        ],
        "structure_type" => vec![json!("commune"), json!("none"), json!(""), json!("x ")],
        "territory" => vec![json!("T0"), json!("none"), json!("")],
        "formerly" => vec![
            json!([]),
            json!(["T0", "T1"]),
            json!(["x", "x"]),
            json!([""]),
            json!(["old0-0"]),
            json!(["T0", "t1", "02"]),
        ],
        "metrics" | "attributes" => vec![
            json!({}),
            json!({"posts": 1.5, "nothing": null}),
            json!({"posts": -1, "likes": 9_007_199_254_740_992_u64}),
            json!({"a/b": 1, "a~b": 2}),
            json!({" x": 1}),
            json!({"posts": {"kind": "count", "measure": "flow", "label": {"fr": "x"}}, "min": {"kind": "decimal", "label": {"fr": "x"}}}),
        ],
        "territories" | "accounts" | "views" | "strata" | "indicators" | "of" | "steps" | "structure_types"
        | "points" | "bands" => vec![json!([]), json!([{}]), json!([1]), json!({})],
        "networks" => vec![json!({}), json!({"a/b": {"label": {"fr": "x"}}, "net": {"label": {"fr": " "}}})],
        "title" | "label" => {
            vec![json!({"fr": "\u{2003}"}), json!({"en": "x"}), json!({"fr": "x", "de": 1}), json!("x")]
        }
        "provenance" => vec![
            json!({"weight": {"basis": "published"}}),
            json!({"*": {"basis": "inferred"}}),
            json!({"x/y": {"basis": "proposed", "reason": {"fr": "x"}}}),
            json!({"*": {"basis": "published", "source": "s1", "quote": "q"}}),
            json!({"*": {"basis": "guessed"}}),
        ],
        "main" => vec![json!(true), json!(false), json!(1)],
        "language" => vec![json!("bareme/2"), json!(null)],
        "document" => vec![json!("cohort"), json!("methodology"), json!(1)],
        "keys" | "members" | "seats" | "counts" | "values" | "groups" | "parts" | "limits" | "medians" | "rankings" => {
            vec![json!([]), json!([[]]), json!([0]), json!([[0]]), json!({}), json!(["1/2", "1/1"])]
        }
        "size" => vec![json!(0), json!(1), json!(7)],
        "mean" | "spread" => vec![json!(0), json!(1.5), json!(-1)],
        _ => Vec::new(),
    }
}

/// Gives a member a value that belongs there, or nearly.
pub fn apt(draw: &mut Draw, value: &mut Value) {
    let places: Vec<Vec<String>> = pointers(value)
        .into_iter()
        .filter(|path| path.last().is_some_and(|name| !candidates(name).is_empty()))
        .collect();
    if places.is_empty() {
        return;
    }
    let path = draw.one(&places);
    let parent = &path[..path.len() - 1];
    if draw.chance(20) {
        // Beside it, where it may not stand.
        let name = draw.one(&[
            "within",
            "network",
            "absent",
            "weight",
            "fallback",
            "cap",
            "provenance",
            "formerly",
            "stratum",
            "winsorise",
            "transform",
            "minimum_share",
            "population",
            "seats",
            "low",
        ]);
        let new = draw.one(&candidates(name));
        if let Some(Value::Object(members)) = at(value, parent) {
            members.insert(name.to_owned(), new);
        }
        return;
    }
    let new = draw.one(&candidates(path.last().map_or("", String::as_str)));
    if let Some(old) = at(value, &path) {
        *old = new;
    }
}

/// Lets an object of a list stand twice, with another value for one of its members or none.
fn twice(draw: &mut Draw, value: &mut Value) {
    let is_item = |path: &Vec<String>| path.last().is_some_and(|name| name.parse::<usize>().is_ok());
    let places: Vec<Vec<String>> = pointers(value).into_iter().filter(is_item).collect();
    if places.is_empty() {
        return;
    }
    let path = draw.one(&places);
    let Some(mut item) = at(value, &path).map(|item| item.clone()) else { return };
    if draw.chance(30) {
        apt(draw, &mut item);
    }
    if let Some(Value::Array(items)) = at(value, &path[..path.len() - 1]) {
        let place = draw.below(items.len() + 1);
        items.insert(place, item);
    }
}

/// A reference with something changed.
pub fn reference(draw: &mut Draw, mut reference: Value) -> Document {
    let words = words(&reference);
    for _ in 0..draw.one(&[1, 1, 2]) {
        match draw.below(4) {
            0 => apt(draw, &mut reference),
            1 => {
                // A number of its lists, where most of what is checked lies.
                let places: Vec<Vec<String>> = pointers(&reference)
                    .into_iter()
                    .filter(|path| path.last().is_some_and(|name| name.parse::<usize>().is_ok()))
                    .collect();
                if !places.is_empty() {
                    let path = draw.one(&places);
                    let new = draw.one(&[
                        json!(0),
                        json!(1),
                        json!(2),
                        json!(9),
                        json!("1/3"),
                        json!("2/4"),
                        json!("-5/1"),
                        json!("50"),
                        json!("50.0"),
                        json!(""),
                        json!("1e2"),
                        json!([0]),
                        json!(["1"]),
                    ]);
                    if let Some(old) = at(&mut reference, &path) {
                        *old = new;
                    }
                }
            }
            _ => change(draw, &mut reference, &words),
        }
    }
    Document::Value(reference)
}

/// The text of a document, broken.
fn text(draw: &mut Draw, text: &str) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    for _ in 0..draw.one(&[1, 1, 2]) {
        let place = draw.below(bytes.len());
        match draw.below(8) {
            0 => bytes.truncate(place),
            1 => drop(bytes.drain(place..(place + draw.within(1, 3)).min(bytes.len()))),
            2 | 3 => {
                let token: &[u8] = draw.one(&[
                    &b"{"[..],
                    b"}",
                    b"[",
                    b"]",
                    b",",
                    b":",
                    b"\"",
                    b"\\",
                    b"\\u12",
                    b"\\ud800",
                    b"\\ud83d\\ude00",
                    b"\\udc00",
                    b"\\n",
                    b"\n",
                    b"\t",
                    b"\x01",
                    b"0",
                    b"-",
                    b"e",
                    b"null",
                    b"tru",
                    b"\xff",
                    b"\xc3\xa9",
                    b"\xe2\x82",
                    b" ",
                ]);
                bytes.splice(place..place, token.iter().copied());
            }
            4 => {
                // A key twice.
                if let Some(start) = bytes[place..].iter().position(|byte| *byte == b'{') {
                    let at = place + start + 1;
                    let member: &[u8] = draw.one(&[
                        &b"\"id\":1,\"id\":2,"[..],
                        b"\"a/b\":0.1234567890123456789,\"a/b\":1,",
                        b"\"label\":null,",
                        b"\"k\\ud800\":1,",
                    ]);
                    bytes.splice(at..at, member.iter().copied());
                }
            }
            5 => {
                let wrapped = draw.one(&[60, 63, 64, 65, 70]);
                let mut value = vec![b'['; wrapped];
                value.extend(vec![b']'; wrapped]);
                if let Some(start) = bytes[place..].iter().position(|byte| *byte == b'[') {
                    let at = place + start + 1;
                    value.push(b',');
                    bytes.splice(at..at, value);
                }
            }
            6 => {
                bytes.splice(0..0, draw.one(&[&b"\xef\xbb\xbf"[..], b" \n", b"\xef\xbb\xbf\n"]).iter().copied());
            }
            _ => bytes.extend_from_slice(draw.one(&[&b" "[..], b"x", b"\n\n{}", b"\0"])),
        }
    }
    bytes
}
