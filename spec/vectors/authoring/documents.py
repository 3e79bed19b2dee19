"""documents.md: text, kind, shape, canonical form, digests, variants."""

from __future__ import annotations

import json

from .build import Row, changed, child, cohort, fr, index, methodology, one, spelled, stratum
from .case import Padded, Page

page = Page("documents")
SOUND = methodology()

# Stage 1: a text that is not JSON, and where.
for name, text, at, about in [
    ("empty", "", "1:1", "No text at all: a value is missing at the first position."),
    ("white-space-only", " \n\t\r ", "2:4", "White space alone; the position stands after it, and CR ends no line."),
    ("trailing-comma-array", '{"a": [1,]}', "1:10", "A comma before the end of an array: many readers let it pass."),
    ("trailing-comma-object", '{"a": 1,}', "1:9", "A comma before the end of an object."),
    ("no-comma-array", "[1 2]", "1:4", "A comma is missing between items."),
    ("no-comma-object", '{"a": 1 "b": 2}', "1:9", "A comma is missing between members."),
    ("no-colon", '{"a" 1}', "1:6", "A colon is missing."),
    ("no-value", '{"a": }', "1:7", "A value is missing."),
    ("key-not-a-string", "{a: 1}", "1:2", "A bare key, as JavaScript allows."),
    ("key-number", "{1: 1}", "1:2", "A number for a key."),
    ("single-quotes", "{'a': 1}", "1:2", "Single quotes."),
    ("open-object", '{"a": 1', "1:8", "An object that is not closed."),
    ("open-array", "[1", "1:3", "An array that is not closed."),
    ("two-values", "{} {}", "1:4", "Something follows the value."),
    ("closing-bracket", "{}]", "1:3", "A bracket follows the value."),
    ("comment", '{/* no */"a": 1}', "1:2", "A comment."),
    ("literal-upper-case", '{"a": True}', "1:7", "A literal in the spelling of Python."),
    ("literal-cut", '{"a": tru}', "1:7", "A literal cut short: the position is its first character."),
    ("nan", '{"a": NaN}', "1:7", "NaN, which some writers write."),
    ("infinity", '{"a": Infinity}', "1:7", "Infinity, which some writers write."),
    ("leading-zero", '{"a": 01}', "1:7", "A number with a leading zero."),
    ("number-bare-point", '{"a": 1.}', "1:7", "A point without decimals."),
    ("number-no-whole", '{"a": .5}', "1:7", "A number without whole part: a value is missing there."),
    ("number-plus", '{"a": +1}', "1:7", "A plus sign."),
    ("number-exponent-empty", '{"a": 1e}', "1:7", "An exponent without digits."),
    ("number-run", '{"a": 1-2}', "1:7", "The longest run of number characters is one number, and no number."),
    ("number-minus", '{"a": -}', "1:7", "A minus sign alone."),
    ("hexadecimal", '{"a": 0x10}', "1:8", "The number ends before the x, where a comma or the end should stand."),
    ("open-string", '{"a": "bc', "1:8", "A string without end: the position after its opening quote."),
    ("open-string-after-escape", '{"a": "b\\nc', "1:11", "A string without end: the position after its last escape."),
    ("control-character", '{"a": "b\tc"}', "1:9", "A tab inside a string must be escaped."),
    ("line-in-string", '{"a": "b\nc"}', "1:9", "A line end inside a string."),
    ("bad-escape", '{"a": "\\x41"}', "1:9", "An escape that JSON does not have."),
    ("unicode-escape-short", '{"a": "\\u12"}', "1:10", "An escape with too few hexadecimal digits."),
    ("second-line", '{"a": 1,\n "é": tru}', "2:7", "Lines end at LF; columns count characters, not bytes."),
    ("carriage-return", '{"a": 1,\r "b": tru}', "1:16", "CR alone ends no line."),
    ("byte-order-mark-inside", '{\ufeff"a": 1}', "1:2", "U+FEFF is passed over at the very beginning only."),
    ("byte-order-mark-counted-out", '\ufeff{"a": tru}', "1:7", "A U+FEFF at the beginning is not counted in a column."),
    ("two-byte-order-marks", "\ufeff\ufeff{}", "1:1", "Only one U+FEFF is passed over."),
    ("no-break-space", '{"a":\u00a01}', "1:6", "Only four characters are white space."),
]:
    page.check(name, about, f"json_syntax {at}", text)

for name, data, at, about in [
    ("not-utf-8", b'{"a": "\xff"}', "1:8", "A byte that begins nothing in UTF-8."),
    (
        "latin-1",
        '{"a": "é"}'.encode("latin-1"),
        "1:8",
        "A text in Latin-1: the byte of é is followed by none that continues it.",
    ),
    ("utf-16", "{}".encode("utf-16"), "1:1", "UTF-16, recognised by nothing but its first byte."),
    ("overlong", b'{"\xc0\xaf": 1}', "1:3", "An overlong form is no UTF-8."),
    ("surrogate-bytes", b'{"a":\n"\xed\xa0\x80"}', "2:2", "Surrogates have no bytes in UTF-8."),
    (
        "not-utf-8-after-mark",
        b"\xef\xbb\xbf{\xff}",
        "1:3",
        "The position of a bad byte does count the U+FEFF before it.",
    ),
]:
    page.check(name, about, f"json_syntax {at}", data)

page.check(
    "too-large",
    "One byte more than a methodology may have; nothing else is said, though it is no methodology.",
    "limit_exceeded",
    Padded("{}", 2**20 + 1),
    "limit malformed",
)
page.check(
    "largest",
    "As many bytes as a methodology may have: the size is no fault, and the next stage speaks.",
    "missing_field",
    Padded("{}", 2**20),
    "limit malformed",
)
page.check(
    "nested-64",
    "A value at depth 64 is read.",
    "missing_field",
    '{"a":' + "[" * 63 + "1" + "]" * 63 + "}",
    "limit malformed",
)
page.check(
    "nested-65",
    "A value at depth 65, a number here, is not; the text behind it is not looked at.",
    "limit_exceeded /a" + "/0" * 64,
    '{"a":' + "[" * 64 + "1" + "]" * 64 + "}",
    "limit malformed",
)
page.check(
    "nested-65-object",
    "Members count like items; the pointer names the way.",
    "limit_exceeded " + "/a" * 65,
    '{"a":' * 65 + "1" + "}" * 65,
    "limit malformed",
)
page.check(
    "nested-65-cut",
    "Nothing of the value too deep is read, so a text that is cut there has this fault alone.",
    "limit_exceeded /a" + "/0" * 64,
    '{"a":' + "[" * 65,
    "limit malformed",
)

page.check(
    "duplicate-key",
    "A key twice: readers differ on which wins, so neither does.",
    "duplicate_key /a",
    '{"a": 1, "a": 1}',
)
page.check("duplicate-key-escaped", "Two spellings of one key.", "duplicate_key /a", '{"a": 1, "\\u0061": 2}')
page.check(
    "duplicate-key-thrice", "Three times is one pair in the set.", "duplicate_key /a", '{"a": 1, "a": 2, "a": 3}'
)
page.check(
    "duplicate-key-read",
    "The value of a key that stands twice is read for its own faults.",
    "duplicate_key /a\nnumber_not_representable /a/0",
    '{"a": [], "a": [1e999]}',
)
page.check(
    "no-normalisation",
    "Two spellings of é by code points are two keys: nothing is normalised.",
    "missing_field",
    '{"\\u00e9": 1, "e\\u0301": 2}',
)
page.check("lone-high", "Half of a pair, the high one.", "lone_surrogate /a", '{"a": "\\ud800"}')
page.check("lone-low", "Half of a pair, the low one.", "lone_surrogate /a", '{"a": "x\\udfffy"}')
page.check("lone-in-key", "In a key: the place is the object.", "lone_surrogate /a", '{"a": {"\\ud800": 1}}')
page.check(
    "high-high-low",
    "The second half is read afresh: it begins a pair.",
    "lone_surrogate /a",
    '{"a": "\\ud800\\ud83d\\ude00"}',
)
page.check(
    "low-high",
    "In the wrong order both are alone, and that is one pair in the set.",
    "lone_surrogate /a",
    '{"a": "\\ude00\\ud83d"}',
)
page.check(
    "pair-apart",
    "A high half is paired only with what follows at once.",
    "lone_surrogate /a",
    '{"a": "\\ud83dx\\ude00"}',
)
page.check("pair", "Two escapes are one character.", "missing_field", '{"a": "\\ud83d\\ude00"}')
page.check(
    "lone-keys-collide",
    "Both keys read as U+FFFD, so the second is there already.",
    "lone_surrogate\nduplicate_key /\ufffd",
    '{"\\ud800": 1, "\\ud801": 2}',
)
page.check(
    "pointer-escaped",
    "Names in pointers: ~ is ~0, / is ~1.",
    "number_not_representable /a~1b~0c/",
    '{"a/b~c": {"": 1e999}}',
)
page.check(
    "text-faults-together",
    "The example of the page: every fault of a text; that `language` is missing is not said.",
    "number_not_representable /a/b~1c\nduplicate_key /a/b~1c\nlone_surrogate /d/0\nnumber_not_representable /d/1",
    '{"a": {"b/c": 0.1234567890123456789, "b/c": 1}, "d": ["\\ud800", 9007199254740993]}',
    "malformed stage",
)
page.check(
    "syntax-after-others",
    "A fault that stops the reading stands beside those before it, and hides those behind.",
    "number_not_representable /a\njson_syntax 1:14",
    '{"a": 1e999, b: 1e999}',
    "malformed stage",
)
page.check(
    "number-1100-bytes",
    "A number text of 1,100 bytes is read.",
    "missing_field",
    '{"a": 1.' + "0" * 1098 + "}",
    "limit malformed",
)
page.check(
    "number-1101-bytes",
    "One byte more is no number.",
    "json_syntax 1:7",
    '{"a": 1.' + "0" * 1099 + "}",
    "limit malformed",
)

# Stage 2.
for name, text, finds, about in [
    ("root-array", "[]", "wrong_type", "The root is an array."),
    ("root-null", "null", "wrong_type", "The root is null."),
    ("root-string", '"methodology"', "wrong_type", "The root is a string."),
    (
        "no-language-no-kind",
        "{}",
        "missing_field",
        "Neither language nor kind: one pair, as both stand at the empty pointer.",
    ),
    (
        "language-later",
        '{"language": "bareme/2", "document": "methodology"}',
        "language_unsupported /language",
        "A language to come.",
    ),
    (
        "language-null",
        '{"language": null, "document": "methodology"}',
        "language_unsupported /language",
        "The language is null.",
    ),
    (
        "language-case",
        '{"language": "Bareme/1", "document": "methodology"}',
        "language_unsupported /language",
        "Compared byte by byte.",
    ),
    ("kind-cohort", '{"language": "bareme/1", "document": "cohort"}', "unknown_value /document", "Another kind."),
    ("kind-number", '{"language": "bareme/1", "document": 1}', "unknown_value /document", "The kind is a number."),
    (
        "language-and-kind",
        '{"language": 1, "document": []}',
        "language_unsupported /language\nunknown_value /document",
        "Both are wrong, and both are said.",
    ),
    (
        "language-and-no-kind",
        '{"language": 1}',
        "language_unsupported /language\nmissing_field",
        "One is wrong, the other missing.",
    ),
    (
        "kind-before-shape",
        '{"language": "bareme/1", "document": "Methodology", "id": 3}',
        "unknown_value /document",
        "The shape is not looked at.",
    ),
]:
    page.check(name, about, finds, text, "malformed stage")
page.cohort("kind-of-cohort", "A methodology handed over as a cohort.", "unknown_value /document", SOUND)

# Stage 3.
for name, path, value, finds, about in [
    ("unknown-member", "/colour", 1, "unknown_field /colour", "A member that the document does not have."),
    (
        "unknown-member-inside",
        "/index/of/0/weigth",
        1,
        "unknown_field /index/of/0/weigth",
        "A misspelt member, the usual case, is never passed over.",
    ),
    ("missing-member", "/ranking", ..., "missing_field", "A required member is not there."),
    ("missing-member-inside", "/index/of/0/weight", ..., "missing_field /index/of/0", "The place is the object."),
    ("null-optional", "/description", None, "wrong_type /description", "Null stands for a missing member nowhere."),
    ("null-required", "/id", None, "wrong_type /id", "Null for a string."),
    ("number-for-string", "/version", 2026.11, "wrong_type /version", "A version is a text: 2017.10 is not 2017.1."),
    ("string-for-number", "/index/of/0/weight", "1", "wrong_type /index/of/0/weight", "A number in quotes."),
    ("boolean-for-number", "/index/of/0/weight", True, "wrong_type /index/of/0/weight", "True is no number."),
    ("object-for-array", "/views", {}, "wrong_type /views", "An object for an array."),
    ("array-for-map", "/metrics", [], "wrong_type /metrics", "An array for a map."),
    (
        "inside-wrong-type",
        "/indicators",
        {"colour": 1},
        "wrong_type /indicators",
        "What is inside a value of the wrong type is not read.",
    ),
    (
        "whole-fraction",
        "/publication/decimals",
        1.5,
        "wrong_type /publication/decimals",
        "A whole number that is none.",
    ),
    ("whole-negative", "/publication/decimals", -1, "wrong_type /publication/decimals", "A whole number below 0."),
    (
        "whole-too-large",
        "/period_days",
        4294967296,
        "wrong_type /period_days",
        "2^32 is no whole number of the format.",
    ),
    (
        "whole-largest",
        "/publication/decimals",
        4294967295,
        "out_of_range /publication/decimals",
        "2^32 - 1 has the shape; its domain is another stage.",
    ),
    ("word-unknown", "/outside_strata", "ignore", "unknown_value /outside_strata", "A word that is not allowed."),
    ("word-wrong-type", "/outside_strata", False, "wrong_type /outside_strata", "No word at all."),
    ("text-no-french", "/title", {"en": "T"}, "text_without_french /title", "French is required."),
    (
        "text-french-blank",
        "/title",
        {"fr": " \u00a0\u2003", "en": "T"},
        "text_without_french /title",
        "Unicode white space alone is blank.",
    ),
    ("text-french-empty", "/title", {"fr": ""}, "text_without_french /title", "Empty is blank."),
    ("text-string", "/title", "T", "wrong_type /title", "A text is a map."),
    (
        "text-value-number",
        "/title",
        {"fr": 1, "en": 2},
        "wrong_type /title/fr\nwrong_type /title/en",
        "Values that are no strings; French is then not asked for.",
    ),
    (
        "text-value-null",
        "/title",
        {"en": None},
        "wrong_type /title/en",
        "A value that is null, and no French: only the first is said.",
    ),
    (
        "form-missing",
        "/indicators/0/normalise",
        {"cap": "x", "colour": 1},
        "missing_field /indicators/0/normalise",
        "Without the member that tells the form nothing else of the object is reported.",
    ),
    (
        "form-unknown",
        "/indicators/0/normalise",
        {"method": "minmax", "cap": "x"},
        "unknown_value /indicators/0/normalise/method",
        "An unknown form: nothing else is reported.",
    ),
    (
        "form-wrong-type",
        "/indicators/0/normalise",
        {"method": 1, "cap": "x"},
        "wrong_type /indicators/0/normalise/method",
        "A form that is no string: the same.",
    ),
    (
        "form-member-of-another",
        "/indicators/0/normalise",
        {"method": "none", "within": "cohort"},
        "unknown_field /indicators/0/normalise/within",
        "A member of another form.",
    ),
    (
        "map-member-escaped",
        "/networks",
        {"x": {"label": fr("X")}, "a/b~": 3},
        "wrong_type /networks/a~1b~0",
        "All members of a map are read; the name is escaped.",
    ),
    (
        "every-item",
        "/views",
        [1, {"id": "v", "label": fr("V"), "by": {"index": "root"}}, None],
        "wrong_type /views/0\nwrong_type /views/2",
        "All items are read.",
    ),
]:
    page.check(name, about, finds, changed(SOUND, path, value))
page.check(
    "text-any-language",
    "Any other tag is allowed, even one that is no tag, and any text.",
    "",
    changed(SOUND, "/title", {"fr": "T", "br": "", "": "x", "tlh-Latn": "nuq"}),
    "digest",
)
page.check(
    "shape-of-everything",
    "Faults of shape stand together; the meaning is not looked at, though no id is valid.",
    "missing_field\nwrong_type /id\nunknown_value /status\ntext_without_french /title\nunknown_field /x\nmissing_field /strata/0",
    {
        "language": "bareme/1",
        "document": "methodology",
        "id": 1,
        "status": "x",
        "title": {},
        "x": 1,
        "strata": [{"id": "É", "structure_types": []}],
    },
    "malformed stage",
)
page.check(
    "members-in-any-order", "Members are read in whatever order they stand.", "", dict(reversed(SOUND.items())), "order"
)

# Canonical form and digests of a methodology.


def digests(name: str, about: str, document: object, flags: str = "digest", **more: object) -> None:
    """The digests of a methodology."""
    page.add(name, about, flags, "digests", methodology=document, **more)


digests("digests", "The base that the cases of this section change.", SOUND)
digests(
    "digests-white-space",
    "Written with other white space and a U+FEFF: the same digests.",
    "\ufeff" + json.dumps(SOUND, indent=3) + "\n\n",
)
digests(
    "digests-order-of-members",
    "Members in another order: the same digests.",
    dict(sorted(SOUND.items(), reverse=True)),
    "digest order",
)
digests("digests-label", "A label changes the document digest alone.", changed(SOUND, "/views/0/label/fr", "Autre"))
digests(
    "digests-status",
    "So does the status.",
    changed(SOUND, "/status", "variant") | {"variant_of": {"id": "o", "version": "1", "method_sha256": "0" * 64}},
)
digests(
    "digests-unit-description",
    "So do unit, description, sources, conflicts, provenance.",
    changed(changed(SOUND, "/indicators/0/unit", fr("%")), "/description", fr("…"))
    | {
        "sources": [{"id": "s", "url": "u", "title": "t"}],
        "conflicts": [],
        "provenance": {"*": {"basis": "proposed", "reason": fr("r")}},
    },
)
digests("digests-version", "The version is part of the method.", changed(SOUND, "/version", "2"))
digests(
    "digests-measure",
    "`measure` changes no number, and is part of the method all the same.",
    changed(SOUND, "/metrics/a/measure", "flow"),
)
digests(
    "digests-spelt-numbers",
    "0.350, 1E2 and -0 are written 0.35, 100 and 0.",
    spelled(
        one(
            normalise={
                "method": "piecewise",
                "points": [{"at": "<zero>", "mark": "<small>"}, {"at": "<large>", "mark": 1}],
            }
        ),
        zero="-0",
        small="0.350",
        large="1E2",
    ),
    "digest minus-zero",
)
digests(
    "digests-numbers-in-all-forms",
    "Exponents begin above 21 digits and below 10^-6.",
    one(
        normalise={
            "method": "piecewise",
            "points": [
                {"at": at, "mark": 1}
                for at in (
                    -1.5e300,
                    -1e21,
                    -123456789012345680000,
                    -100,
                    -12.5,
                    1e-7,
                    1e-6,
                    0.1,
                    1e23,
                    1.7976931348623157e308,
                )
            ],
        }
    ),
    "digest tiny huge",
)
digests(
    "digests-strings",
    "Escapes: the short ones, \\u00xx in lower case, and every other character as itself, U+007F and U+2028 included.",
    changed(SOUND, "/title/fr", '"\\/\b\t\n\f\r\x00\x1f\x7f\u2028é€😀'),
)
digests(
    "digests-keys-by-utf-16",
    "Keys are ordered by UTF-16 units: U+1F600 (D83D …) before U+FB33, though its code point is larger.",
    changed(SOUND, "/title", {"fr": "T", "\U0001f600": "1", "\ufb33": "2", "é": "3", "e": "4"}),
    "digest order",
)
NAMED = methodology(
    networks={"unit": {"label": fr("U")}, "title": {"label": fr("T")}},
    root=index(network="unit"),
    structure_types={"status": {"label": fr("S")}},
    strata=[stratum("description", ["status"])],
)
digests(
    "digests-names-kept",
    "Keys that are names are kept in the method, even if they read like what only speaks to people.",
    NAMED,
)
digests(
    "digests-names-in-weights",
    "The same in the tables of weights.",
    changed(NAMED, "/index/of/0", child("i", {"default": 1, "by_stratum": {"description": 2}})),
)
digests(
    "digests-names-by-type",
    "And by structure type.",
    changed(NAMED, "/index/of/0", child("i", {"default": 1, "by_structure_type": {"status": 2}})),
)

# The digest of a cohort.
EXAMPLE = """{"language": "bareme/1", "document": "cohort", "period": {"from": "2026-06-01", "to": "2026-07-01"},
 "territories": [
   {"id": "06083", "name": "Menton", "structure_type": "commune", "population": 30326, "region": "93"},
   {"id": "06029", "name": "Cannes", "structure_type": "commune", "formerly": ["06029"]}],
 "accounts": [
   {"territory": "06083", "network": "x", "metrics": {"posts": 4, "followers": 1.2e4}, "main": false},
   {"territory": "06029", "network": "x", "metrics": {"followers": 36000}}]}"""
TWO = cohort([Row("q", {"a": 1, "b": None}, d=None, population=3), Row("p", {"a": 2}, {"c": 1})])
for name, document, flags, about in [
    ("cohort-example", EXAMPLE, "unknown", "The example of the page."),
    ("cohort", TWO, "unknown", "Two territories, an unknown metric, two networks."),
    (
        "cohort-other-order",
        {**TWO, "territories": TWO["territories"][::-1], "accounts": TWO["accounts"][::-1]},
        "order unknown",
        "Rows in another order: the same digest.",
    ),
    (
        "cohort-null-written",
        changed(TWO, "/territories/1/population", None),
        "unknown",
        "Null and a member left out say the same: the same digest.",
    ),
    (
        "cohort-name-counts",
        changed(TWO, "/accounts/1/metrics/n", None),
        "unknown",
        "A name counts as soon as it is written, even with null, for every account of the network.",
    ),
    (
        "cohort-empty-texts",
        changed(changed(TWO, "/territories/0/region", ""), "/territories/0/population_vintage", ""),
        "order",
        "Texts that are empty are as if left out: the same digest.",
    ),
    (
        "cohort-attributes",
        changed(TWO, "/territories/0/attributes", {"d": 1.5, "e": None}),
        "unknown",
        "Attributes of one are null for the others.",
    ),
    (
        "cohort-no-period",
        {name: value for name, value in TWO.items() if name != "period"},
        "unknown",
        "Without a period.",
    ),
    (
        "cohort-minus-zero",
        spelled(changed(TWO, "/accounts/0/metrics/a", "<z>"), z="-0.0e5"),
        "minus-zero",
        "-0 is 0, and is written so.",
    ),
    (
        "cohort-bytes-order",
        cohort([Row("z"), Row("é"), Row("\uffee"), Row("😀"), Row("Z")]),
        "order",
        "Ids are ordered by their UTF-8 bytes: U+1F600 after U+FFEE, unlike UTF-16.",
    ),
    ("cohort-main", changed(TWO, "/accounts/0/main", True), "several-accounts", "`main` is written when true."),
    (
        "cohort-several",
        changed(
            changed(TWO, "/accounts/-", {"territory": "q", "network": "x", "metrics": {"a": 0.5}}),
            "/accounts/-",
            {"territory": "q", "network": "x", "metrics": {"a": 5}, "main": True},
        ),
        "several-accounts order",
        "Several accounts: main ones first, then by the values of the metrics, unknown last.",
    ),
    (
        "cohort-several-unknown",
        cohort(
            [Row("p", {"a": None, "b": 1}), Row("q")],
            accounts=[
                {"territory": "p", "network": "x", "metrics": m}
                for m in ({"a": None, "b": 1}, {"a": 2, "b": 9}, {"b": 0}, {"a": -2, "b": 3}, {"a": 2, "b": 8})
            ],
        ),
        "several-accounts unknown order",
        "Unknown comes after every number, metric by metric in the order of their names.",
    ),
    (
        "cohort-override",
        changed(TWO, "/territories/0/stratum", {"id": "all", "reason": "ainsi"}),
        "outside",
        "A stratum set by hand, with its reason.",
    ),
    (
        "cohort-formerly",
        cohort(
            [Row("p", {"a": 1}, formerly=["q2", "p", "q1"]), Row("n", formerly=[]), Row("r", formerly=["r"])],
            previous={
                "accounts": [{"territory": i, "network": "x", "metrics": {"a": 1}} for i in ("q2", "r", "q1", "p")]
            },
        ),
        "previous order",
        "Former ids are sorted; the own id alone says nothing; accounts of the previous period by the territory that they count for now, then by former id.",
    ),
    (
        "cohort-previous-period",
        cohort([Row("p", {"a": 1})], previous={"period": {"from": "2026-04-01", "to": "2026-05-01"}, "accounts": []}),
        "previous",
        "A previous period without accounts is written.",
    ),
    (
        "cohort-previous-empty",
        cohort([Row("p", {"a": 1})], previous={"accounts": []}),
        "previous",
        "Neither period nor account: as if there were no previous.",
    ),
    (
        "cohort-synthetic-name",
        changed(TWO, "/territories/0/name", " É ’"),
        "unknown",
        "A name as given: no normalisation, no trimming.",
    ),
    (
        "cohort-2-53",
        cohort([Row("p", {"n": 9007199254740991}, population=9007199254740991)]),
        "huge",
        "The largest counts.",
    ),
]:
    page.cohort(name, about, None, document, f"digest {flags}")

# Variants.
BASE = methodology(version="2026.1")


def variant(
    name: str, about: str, patch: object, finds: str | None = None, document: object = BASE, **more: object
) -> None:
    """A variant."""
    page.add(
        name,
        about,
        "variant" if finds is None else "variant malformed",
        "variant",
        finds,
        methodology=document,
        patch=patch,
        **more,
    )


variant("variant-empty", "An empty patch: status, variant_of and version are set.", {})
variant(
    "variant-merge",
    "An object is merged member by member; the version is that of the patch.",
    {"version": "mine", "publication": {"decimals": 3}},
)
variant("variant-delete", "Null deletes.", {"attributes": None, "metrics": {"b": None, "c": None}})
variant(
    "variant-delete-nothing",
    "Null for what is not there says nothing.",
    {"description": None, "publication": {"grades": None}},
)
variant(
    "variant-array-replaced",
    "Arrays are replaced whole.",
    {"views": [{"id": "other", "label": fr("O"), "by": {"indicator": "i"}}]},
)
variant(
    "variant-nulls-in-new-object",
    "Nulls inside an object that is new are left out, nulls inside arrays are not.",
    {"provenance": {"*": {"basis": "proposed", "reason": fr("r"), "source": None}}},
)
variant(
    "variant-null-in-array",
    "A null inside an array stays, and is a fault of the result.",
    {"ranking": {"within": [None]}},
    "wrong_type /ranking/within/0",
)
variant(
    "variant-object-over-string",
    "An object replaces what is none.",
    {"indicators": [{**BASE["indicators"][0], "direction": {"closest_to": 3}}]},
)
variant("variant-version-null", "A version deleted: it is not set, and is missing.", {"version": None}, "missing_field")
variant(
    "variant-version-too-long",
    "The version with +variant is held to the same length.",
    {},
    "invalid_id /version",
    {**BASE, "version": "1" * 57},
)
variant("variant-status-kept-out", "A status in the patch says nothing.", {"status": "official"})
variant(
    "variant-of-overwritten",
    "variant_of in the patch: its members are set.",
    {"variant_of": {"id": "other", "version": "0", "method_sha256": "x"}},
)
variant(
    "variant-of-member-added",
    "A member of variant_of beside those is a fault.",
    {"variant_of": {"colour": 1}},
    "unknown_field /variant_of/colour",
)
variant(
    "variant-fault",
    "Pointers are into the result.",
    {"publication": {"decimals": 13}},
    "out_of_range /publication/decimals",
)
variant(
    "variant-language",
    "The result is read from its kind on.",
    {"language": "bareme/2"},
    "language_unsupported /language",
)
variant("variant-patch-array", "A patch that is no object.", "[]", "wrong_type")
variant("variant-patch-syntax", "A patch that is no JSON.", "{,}", "json_syntax 1:2")
variant(
    "variant-patch-number",
    "A number in a patch is read as everywhere.",
    '{"publication": {"decimals": 1e999}}',
    "number_not_representable /publication/decimals",
)
variant("variant-patch-too-large", "A patch may have 2^20 bytes.", Padded("{}", 2**20 + 1), "limit_exceeded")
variant(
    "variant-of-variant",
    "A variant of a variant names the one that it changes, and its version gets longer.",
    {"publication": {"decimals": 0}},
    None,
    {
        **BASE,
        "status": "variant",
        "version": "1+variant",
        "variant_of": {"id": "t", "version": "1", "method_sha256": "0" * 64},
    },
)
