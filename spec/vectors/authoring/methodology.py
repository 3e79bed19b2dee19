"""methodology.md: every check, with its code and place."""

from __future__ import annotations

from typing import Any

from bareme_independent import documents as doc

from .build import (
    changed,
    child,
    fr,
    index,
    indicator,
    inner,
    low_high,
    methodology,
    metric,
    min_max,
    proportion,
    stratum,
    values,
    view,
    z_score,
)
from .case import Page

page = Page("methodology")
SOUND = methodology()
Json = dict[str, Any]


def at(name: str, path: str, value: Any, finds: str, about: str, base: Json = SOUND, flags: str | None = None) -> None:
    """The base with one change."""
    page.check(name, about, finds, changed(base, path, value), flags or ("malformed" if finds else "limit"))


def made(name: str, finds: str, about: str, document: Json, flags: str | None = None, **more: Any) -> None:
    """A whole document."""
    page.check(name, about, finds, document, flags or ("malformed" if finds else "limit"), **more)


made("sound", "", "The base of these cases has no fault.", SOUND)

# Identity and names.
for name, value in [
    ("upper", "T"),
    ("space", "a b"),
    ("empty", ""),
    ("dash-first", "-a"),
    ("underscore-first", "_a"),
    ("accent", "é"),
    ("long", "a" * 65),
    ("point", "a.b"),
]:
    at(f"id-{name}", "/id", value, "invalid_id /id", "An id is 1 to 64 of a-z 0-9 - _, a letter or digit first.")
at("id-longest", "/id", "0" + "-_a" * 21, "", "64 characters, a digit first.")
for name, value in [("space", "1 2"), ("empty", ""), ("long", "1" * 65), ("underscore", "1_2"), ("accent", "é")]:
    at(f"version-{name}", "/version", value, "invalid_id /version", "A version is 1 to 64 of A-Z a-z 0-9 . + -.")
at("version-any", "/version", "+-.Aa0", "", "A version may begin with anything allowed.")
at("period-days-zero", "/period_days", 0, "out_of_range /period_days", "A period of no days.")
at(
    "variant-of-digest",
    "/variant_of",
    {"id": "É", "version": "", "method_sha256": "A" * 64},
    "invalid_id /variant_of/method_sha256",
    "Only the digest of variant_of is checked; digits are lower case.",
)
at(
    "variant-of-short",
    "/variant_of",
    {"id": "o", "version": "1", "method_sha256": "a" * 63},
    "invalid_id /variant_of/method_sha256",
    "A digest too short.",
)
at("variant-without-of", "/status", "variant", "missing_field", "A variant says of what.")
at(
    "structure-type-id",
    "/structure_types/Ville",
    {"label": fr("V")},
    "invalid_id /structure_types/Ville",
    "A name that is no id.",
)
at(
    "network-id-escaped",
    "/networks/a~1b",
    {"label": fr("V")},
    "invalid_id /networks/a~01b",
    "The pointer of a name with ~ in it, escaped.",
)
page.check(
    "network-id-slash",
    "The pointer of a name with / in it, escaped.",
    "invalid_id /networks/a~1b",
    {**SOUND, "networks": {**SOUND["networks"], "a/b": {"label": fr("V")}}},
)
page.check(
    "structure-type-id-slash",
    "The same of a structure type.",
    "invalid_id /structure_types/a~1b~0",
    {**SOUND, "structure_types": {**SOUND["structure_types"], "a/b~": {"label": fr("V")}}},
)
at(
    "no-structure-type",
    "/structure_types",
    {},
    "out_of_range /structure_types\nunknown_reference /strata/0/structure_types/0",
    "No structure type; so what strata name is not declared.",
)
for name, value in [
    ("dash", "a-b"),
    ("digit-first", "1a"),
    ("reserved", "population"),
    ("word", "and"),
    ("function", "min"),
    ("previous", "previous"),
    ("upper", "A"),
    ("empty", ""),
]:
    at(
        f"metric-name-{name}",
        f"/metrics/{value}",
        metric("m"),
        f"invalid_id /metrics/{value}",
        "A name of a metric must be usable in formulas, and none of the words of the language.",
    )
at("metric-name-underscore", "/metrics/a_1", metric("m"), "", "Underscores and digits after a letter.")
page.check(
    "attribute-name-slash",
    "An attribute whose name is no formula name; the pointer is escaped.",
    "invalid_id /attributes/a~1b",
    {**SOUND, "attributes": {"a/b": {"kind": "count", "label": fr("x")}}},
)
at(
    "attribute-is-metric",
    "/attributes/a",
    {"kind": "count", "label": fr("x")},
    "duplicate_id /attributes/a",
    "One name for a metric and an attribute.",
)

# Limits of lists, all at once.
MANY = 501
SOURCE = {"url": "u", "title": "t"}
CONFLICT = {"between": [], "question": fr("q"), "choice": fr("c")}
ROLL_UP = {"label": fr("r"), "index": "root", "structure_types": ["commune"], "into": "region"}


def many(count: int) -> Json:
    """A methodology with so many of everything."""
    ids = [f"n{number}" for number in range(count)]
    indicators = [indicator(id_) for id_ in ids]
    half = count // 2
    return methodology(
        indicators,
        index(of=[child(id_) for id_ in ids[:500]]),
        structure_types={id_: {"label": fr("x")} for id_ in ids},
        networks={"x": {"label": fr("x")}, **{id_: {"label": fr("x")} for id_ in ids[1:]}},
        metrics={"a": metric("a"), **{id_: metric("m") for id_ in ids[1:half]}},
        attributes={id_: {"kind": "count", "label": fr("x")} for id_ in ids[half:]},
        strata=[stratum(id_, [id_]) for id_ in ids],
        eligibility=[{"id": id_, "label": fr("x"), "require": "a >= 0"} for id_ in ids],
        views=[view(id_, indicator=id_) for id_ in ids],
        roll_ups=[{"id": id_, **ROLL_UP, "structure_types": [ids[0]]} for id_ in ids],
        sources=[{"id": id_, **SOURCE} for id_ in ids],
        conflicts=[{"id": id_, **CONFLICT} for id_ in ids],
        publication={
            "decimals": 1,
            "rounding": "down",
            "grades": {
                "by": "threshold",
                "steps": [{"id": id_, "label": fr("x"), "from": -number} for number, id_ in enumerate(ids)],
            },
        },
    )


made("limits-500", "", "500 of everything that is counted.", many(500), "limit")
made(
    "limits-501",
    "\n".join(
        f"limit_exceeded {place}"
        for place in "/structure_types /networks /metrics /strata /eligibility /indicators /views /roll_ups /sources /conflicts /publication/grades/steps".split()
    )
    + "\nunused /indicators/500/normalise",
    "One more of each: every limit is said.",
    many(501),
    "limit malformed",
)

# Of each list: an item whose id is none, one that is sound, one with the same id again, and what
# tells them apart otherwise.
for name, place, item, apart in [
    (
        "strata",
        "/strata",
        stratum(),
        [{"population": {"below": 5}}, {"population": {"from": 5}}, {"structure_types": ["departement"]}],
    ),
    ("eligibility", "/eligibility", {"label": fr("e"), "require": "a >= 0"}, []),
    ("indicators", "/indicators", indicator(), []),
    ("views", "/views", view(), []),
    ("roll-ups", "/roll_ups", ROLL_UP, []),
    ("sources", "/sources", SOURCE, []),
    ("conflicts", "/conflicts", CONFLICT, []),
    ("grades", "/publication/grades/steps", {"label": fr("g")}, [{"from": 2}, {"from": 1}, {"from": 0}]),
]:
    items = [{**item, "id": id_, **more} for id_, more in zip(("É", "z", "z"), apart or [{}] * 3, strict=True)]
    document = {**SOUND, place[1:]: items}
    if name == "grades":
        grades = {"by": "threshold", "steps": items}
        document = {**SOUND, "publication": {**SOUND["publication"], "grades": grades}}
    if name == "indicators":
        document = changed(document, "/index/of", [child("É"), child("z")])
    made(
        f"list-ids-{name}",
        f"invalid_id {place}/0/id\nduplicate_id {place}/2/id",
        f"Ids of {place}: one that is none, and one that stands before.",
        document,
    )

# Strata.
BANDS = methodology(strata=[stratum("small", population={"below": 2000}), stratum("large", population={"from": 2000})])
made("strata", "", "Two strata that touch.", BANDS)
at("no-stratum", "/strata", [], "out_of_range /strata", "No stratum.")
at(
    "stratum-bounds",
    "/strata/0/population",
    {"from": 10, "below": 10},
    "bounds_order /strata/0/population",
    "An empty range.",
)
at(
    "stratum-negative",
    "/strata/0/population",
    {"from": -2, "below": -1},
    "out_of_range /strata/0/population/from\nout_of_range /strata/0/population/below",
    "Ends below 0.",
)
at("stratum-fraction", "/strata/0/population", {"from": 0.5}, "", "An end need not be whole.")
at(
    "stratum-no-type",
    "/strata/0/structure_types",
    [],
    "out_of_range /strata/0/structure_types",
    "A stratum of no structure type.",
)
at(
    "stratum-unknown-type",
    "/strata/0/structure_types/0",
    "canton",
    "unknown_reference /strata/0/structure_types/0",
    "A structure type that is not declared.",
)
at(
    "strata-overlap",
    "/strata/1/population/from",
    1999,
    "strata_overlap /strata/1/structure_types/0",
    "Populations that overlap by one.",
    BANDS,
)
at(
    "strata-overlap-open",
    "/strata/1/population",
    ...,
    "strata_overlap /strata/1/structure_types/0",
    "An open range overlaps all.",
    BANDS,
)
made(
    "strata-overlap-own",
    "strata_overlap /strata/0/structure_types/1",
    "A structure type twice in one stratum.",
    methodology(strata=[stratum(types=["commune", "commune"])]),
)
made(
    "strata-overlap-second-type",
    "strata_overlap /strata/1/structure_types/1",
    "The place is the structure type that is shared.",
    methodology(strata=[stratum(types=["commune"]), stratum("other", ["departement", "commune"])]),
)
made(
    "strata-overlap-third",
    "strata_overlap /strata/2/structure_types/0",
    "Held against every earlier one, once.",
    methodology(
        strata=[
            stratum("s", population={"below": 5}),
            stratum("t", population={"from": 5}),
            stratum("u", population={"from": 3, "below": 8}),
        ]
    ),
)
made(
    "strata-same-range-other-type",
    "",
    "Of different structure types nothing overlaps.",
    methodology(strata=[stratum("s"), stratum("t", ["departement"])]),
)
at(
    "minimum-without-fallback",
    "/strata/0/minimum_size",
    3,
    "missing_field /strata/0",
    "A minimum size and nothing to fall back to.",
    BANDS,
)
at(
    "fallback-without-minimum",
    "/strata/0/fallback",
    "nowhere",
    "missing_field /strata/0",
    "A fallback without minimum size; then it is not checked.",
    BANDS,
)
SMALL = methodology(
    strata=[
        stratum("small", population={"below": 2000}, minimum_size=3, fallback="large"),
        stratum("large", population={"from": 2000}),
    ]
)
made("fallback", "", "A fallback.", SMALL)
at(
    "fallback-unknown",
    "/strata/0/fallback",
    "huge",
    "unknown_reference /strata/0/fallback",
    "A fallback that is no stratum.",
    SMALL,
)
at(
    "fallback-self",
    "/strata/0/fallback",
    "small",
    "cycle /strata/0/fallback",
    "A stratum that falls back to itself.",
    SMALL,
)
made(
    "fallback-cycle",
    "cycle /strata/0/fallback\ncycle /strata/1/fallback",
    "Two that fall back to each other; a third whose chain runs into them is not at fault.",
    methodology(
        strata=[
            stratum("s", population={"below": 5}, minimum_size=3, fallback="t"),
            stratum("t", population={"from": 5}, minimum_size=3, fallback="s"),
            stratum("u", ["departement"], minimum_size=1, fallback="t"),
        ]
    ),
    "malformed small-stratum",
)
made(
    "fallback-cycle-without-minimum",
    "missing_field /strata/1\ncycle /strata/0/fallback",
    "The chain follows a fallback without minimum size.",
    methodology(
        strata=[
            stratum("s", population={"below": 5}, minimum_size=3, fallback="t"),
            stratum("t", population={"from": 5}, fallback="s"),
        ]
    ),
    "malformed small-stratum",
)
REFUSE = {**BANDS, "outside_strata": "refuse", "structure_types": {"commune": {"label": fr("C")}}}
made("gap-none", "", "All populations are taken.", REFUSE)
at("gap", "/strata/1/population/from", 2500, "strata_gap /strata", "From 2000 to 2500 there is no stratum.", REFUSE)
at(
    "gap-start",
    "/strata/0/population",
    {"from": 1, "below": 2000},
    "strata_gap /strata",
    "A population of 0 belongs nowhere.",
    REFUSE,
    "malformed population-zero",
)
at(
    "gap-end",
    "/strata/1/population",
    {"from": 2000, "below": 9007199254740991},
    "strata_gap /strata",
    "The largest population belongs nowhere.",
    REFUSE,
    "malformed huge",
)
at(
    "gap-type",
    "/structure_types/departement",
    {"label": fr("D")},
    "strata_gap /strata",
    "A structure type that is in no stratum.",
    REFUSE,
)
at(
    "gap-allowed",
    "/outside_strata",
    "leave_out",
    "",
    "With leave_out there may be gaps.",
    changed(REFUSE, "/strata/1/population/from", 2500),
)

# The tree.
TWO = methodology([indicator(), indicator("j", "b")], index(of=[child(inner("in")), child("j")]))
made("tree", "", "An index inside an index.", TWO)
at("index-id", "/index/of/0/index/id", "In", "invalid_id /index/of/0/index/id", "An index whose id is none.", TWO)
at(
    "index-id-of-indicator",
    "/index/of/0/index/id",
    "j",
    "duplicate_id /index/of/0/index/id",
    "The id of an indicator.",
    TWO,
)
at(
    "index-id-twice",
    "/index/of/0/index/id",
    "root",
    "duplicate_id /index/of/0/index/id",
    "The id of an index met before.",
    TWO,
)
at(
    "network-inside",
    "/index/of/0/index/network",
    "y",
    "not_allowed_here /index/of/0/index/network\nmissing_field /index/of/0/index",
    "A network under a network.",
    TWO,
)
at("network-unknown", "/index/network", "z", "unknown_reference /index/network", "A network that is not declared.")
at(
    "network-without-absent",
    "/index/absent",
    ...,
    "missing_field /index",
    "A network without what becomes of the absent.",
)
at(
    "absent-without-network",
    "/index/of/0/index/absent",
    "zero",
    "not_allowed_here /index/of/0/index/absent",
    "`absent` where no network is named.",
    TWO,
)
at("no-child", "/index/of", [], "out_of_range /index/of\nunused /indicators/0", "An index of nothing.")
at(
    "sum-renormalise",
    "/index/aggregate",
    "sum",
    "not_allowed_here /index/missing",
    "A sum of points cannot renormalise.",
)
for name, value in [("zero", 0), ("negative", -0.5), ("above-one", 1.000001), ("seven-decimals", 0.1234567)]:
    at(
        f"share-{name}",
        "/index/minimum_share",
        value,
        "out_of_range /index/minimum_share",
        "A share is above 0, at most 1, with at most six decimals.",
    )
at("share-one", "/index/minimum_share", 1, "", "A share of 1.")
at("share-least", "/index/minimum_share", 0.000001, "", "A share of a millionth.")
PIN = {"id": "other", "version": "1", "method_sha256": "0" * 64}
at(
    "pin-without-absent",
    "/index",
    inner("root", [child("i"), child(PIN)], network="x", absent="zero"),
    "missing_field /index/of/1\nnot_allowed_here /index/of/1/methodology\nunknown_methodology /index/of/1/methodology",
    "A pin without `absent`, where a network is in force, and not at hand.",
    flags="malformed pinned",
)
at(
    "child-absent",
    "/index/of/0/absent",
    "zero",
    "not_allowed_here /index/of/0/absent",
    "`absent` of a child that is no pin.",
)
at("child-none", "/index/of/0/indicator", ..., "wrong_type /index/of/0\nunused /indicators/0", "A child of no kind.")
at("child-two", "/index/of/0/index", inner("in"), "wrong_type /index/of/0", "A child of two kinds.")
at("child-unknown", "/index/of/-", child("k"), "unknown_reference /index/of/1/indicator", "An indicator that is none.")
at(
    "network-missing",
    "/index",
    inner("root"),
    "network_missing /index/of/0/indicator",
    "A formula that reads metrics, and no network.",
)
made(
    "network-not-needed",
    "",
    "A formula that reads none needs no network.",
    methodology(indicator(formula="population"), inner("root")),
)
at(
    "child-twice",
    "/index/of/-",
    child("i"),
    "duplicate_id /index/of/1/indicator",
    "The same indicator twice in an index.",
)
made(
    "child-twice-apart",
    "",
    "The same indicator in two indices.",
    methodology([indicator()], index(of=[child(inner("in")), child("i")])),
    "nested",
)
at("weights-zero", "/index/of/0/weight", 0, "weights_zero /index/of", "None can weigh.")
at(
    "weights-zero-table",
    "/index/of/0/weight",
    {"default": 0, "by_structure_type": {"commune": 0}},
    "weights_zero /index/of",
    "Nor by a table.",
)
at(
    "weights-zero-somewhere",
    "/index/of/0/weight",
    {"default": 0, "by_structure_type": {"departement": 1}},
    "",
    "One entry is enough, even of a type that no stratum has.",
)
at(
    "weights-negative",
    "/index/of/0/weight",
    -1,
    "out_of_range /index/of/0/weight\nweights_zero /index/of",
    "A negative weight weighs nothing, and is out of range.",
    flags="malformed negative",
)


def nest(depth: int) -> Json:
    """A tree so deep; the root is at depth 1."""
    node = inner(f"n{depth}") if depth > 1 else index()
    for level in range(depth - 1, 0, -1):
        node = inner(f"n{level}", [child(node)]) if level > 1 else index(of=[child(node)])
    return methodology(root=node)


made("depth-8", "", "Eight levels.", nest(8), "limit nested")
made("depth-9", "limit_exceeded /index" + "/of/0/index" * 8, "Nine levels.", nest(9), "limit nested malformed")
DEEP = "/index" + "/of/0/index" * 8
made(
    "depth-9-below",
    f"limit_exceeded {DEEP}\ninvalid_id {DEEP}/id",
    "Of an index too deep the id is checked, and nothing more: not its share.",
    changed(changed(nest(9), f"{DEEP}/id", "É"), f"{DEEP}/minimum_share", 2),
    "limit nested malformed",
)
made(
    "children-501",
    "out_of_range /index/of\nduplicate_id /index/of/500/indicator",
    "501 children.",
    methodology(
        [indicator(f"n{n}") for n in range(500)], index(of=[child(f"n{n}") for n in range(500)] + [child("n0")])
    ),
    "limit malformed",
)
made(
    "indices-500",
    "",
    "500 indices.",
    methodology(
        root=index(of=[child(inner(f"n{n}", [child(inner(f"m{n}"))] if n == 0 else None)) for n in range(498)])
    ),
    "limit nested",
)
made(
    "indices-501",
    "limit_exceeded /index",
    "501 indices.",
    methodology(
        root=index(of=[child(inner(f"n{n}", [child(inner(f"m{n}"))] if n == 0 else None)) for n in range(499)])
    ),
    "limit nested malformed",
)

# Weights.
for name, value in [("negative", -0.000001), ("too-large", 1000000.5), ("seven-decimals", 0.1234567)]:
    at(
        f"weight-{name}",
        "/index/of/0/weight",
        value,
        "out_of_range /index/of/0/weight" + ("\nweights_zero /index/of" if value < 0 else ""),
        "A weight is from 0 to 1,000,000 with at most six decimals.",
    )
at("weight-largest", "/index/of/0/weight", 1000000, "", "The largest weight.")
at("weight-least", "/index/of/0/weight", 0.000001, "", "The least weight above 0.")
at("weight-string", "/index/of/0/weight", "1", "wrong_type /index/of/0/weight", "A weight in quotes.")
W = "/index/of/0/weight"
at(
    "table-default",
    W,
    {"default": -1, "by_stratum": {"all": 1}},
    f"out_of_range {W}/default",
    "The default is no weight value.",
)
at("table-empty", W, {"default": 1}, f"wrong_type {W}", "A table of nothing.")
at("table-two", W, {"default": 1, "by_stratum": {}, "by_structure_type": {}}, f"wrong_type {W}", "Two tables.")
at("table-no-default", W, {"by_stratum": {}}, f"missing_field {W}", "No default.")
at(
    "table-structure-type",
    W,
    {"default": 1, "by_structure_type": {"canton": 1, "commune": -1}},
    f"unknown_reference {W}/by_structure_type/canton\nout_of_range {W}/by_structure_type/commune",
    "A key that is not declared, a value that is none.",
)
page.check(
    "table-slash",
    "Names in pointers are escaped.",
    f"unknown_reference {W}/by_structure_type/a~1b",
    changed(SOUND, W, {"default": 1, "by_structure_type": {"a/b": 1}}),
)
page.check(
    "table-stratum-slash",
    "And of strata.",
    f"unknown_reference {W}/by_stratum/a~1b~0",
    changed(SOUND, W, {"default": 1, "by_stratum": {"a/b~": 1}}),
)
at(
    "table-stratum",
    W,
    {"default": 1, "by_stratum": {"none": 1, "all": 2000000}},
    f"unknown_reference {W}/by_stratum/none\nout_of_range {W}/by_stratum/all",
    "The same by stratum.",
)
at(
    "table-both-wrong",
    W,
    {"default": 1, "by_stratum": {"none": -1}},
    f"unknown_reference {W}/by_stratum/none\nout_of_range {W}/by_stratum/none",
    "A key that is none with a value that is none.",
)
at(
    "table-bands",
    W,
    {
        "default": 1,
        "by_population": [
            {"below": 10, "weight": 1},
            {"from": 10, "below": 20, "weight": 0.5},
            {"from": 20, "weight": 2},
        ],
    },
    "",
    "Bands that touch.",
)
at(
    "table-bands-faults",
    W,
    {
        "default": 1,
        "by_population": [
            {"from": -1, "below": -2, "weight": -1},
            {"from": 5, "weight": 1},
            {"from": 3, "below": 6, "weight": 1},
        ],
    },
    f"out_of_range {W}/by_population/0/weight\nbounds_order {W}/by_population/0\nout_of_range {W}/by_population/0/from\nout_of_range {W}/by_population/0/below\nbounds_order {W}/by_population/2",
    "Every fault of bands.",
)
at(
    "table-bands-unordered",
    W,
    {"default": 1, "by_population": [{"from": 20, "weight": 1}, {"below": 20, "weight": 2}]},
    "",
    "Bands need not stand in order.",
)
at(
    "table-bands-500",
    W,
    {"default": 1, "by_population": [{"from": n, "below": n + 1, "weight": 1} for n in range(500)]},
    "",
    "500 bands.",
    flags="limit",
)
at(
    "table-bands-501",
    W,
    {"default": 1, "by_population": [{"from": 5, "below": n, "weight": 1} for n in range(501)]},
    f"limit_exceeded {W}/by_population",
    "501 bands: none of them is checked.",
    flags="limit malformed",
)

# Negative marks.


def negative(
    name: str, finds: str, about: str, aggregate: str = "geometric", root: Json | None = None, **members: Any
) -> None:
    """An indicator that may stand under a geometric mean, or (`finds`) may not."""
    document = methodology(indicator(**members), root or index(aggregate=aggregate))
    made(f"negative-{name}", finds, about, document, "negative malformed" if finds else "negative")


N0 = "negative_marks /index/of/0"
negative("decimal", N0, "The value of a decimal metric can be negative.")
negative("decimal-harmonic", N0, "In a harmonic mean, too.", "harmonic")
negative("arithmetic", "", "Elsewhere it may be.", "arithmetic")
for name, formula, finds in [
    ("count", "n", ""),
    ("previous-count", "previous.n", ""),
    ("sum", "n + k", ""),
    ("product", "n * k / (1 + n)", ""),
    ("difference", "n - 0", N0),
    ("opposite", "-n", N0),
    ("abs", "abs(a)", ""),
    ("max-one", "max(a, 0)", ""),
    ("max-none", "max(a, -1)", N0),
    ("min", "min(n, a)", N0),
    ("min-sound", "min(n, 5)", ""),
    ("population", "n * population / days", ""),
    ("count-attribute", "e + n", ""),
    ("decimal-attribute", "d + n", N0),
    ("square", "a * a", N0),
    ("literal", "0 * n", ""),
]:
    negative(
        f"formula-{name}",
        finds,
        f"By its text alone, {formula} {'can' if finds else 'cannot'} be negative.",
        formula=formula,
    )
for transform, finds in [("ln", N0), ("log10", N0), ("ln1p", ""), ("sqrt", "")]:
    negative(
        f"transform-{transform}",
        finds,
        f"{transform} of a count {'can' if finds else 'cannot'} be negative.",
        formula="n",
        transform=transform,
    )
negative("distance", "", "A distance cannot be.", direction={"closest_to": 5})
negative(
    "winsorised-below",
    N0,
    "Drawn in to a fixed limit below 0, any value is negative.",
    formula="n",
    winsorise={"high": {"fixed": -1}},
)
negative(
    "winsorised-distance-below",
    N0,
    "Even a distance.",
    direction={"closest_to": 5},
    winsorise={"low": {"fixed": -3}, "high": {"fixed": -1}},
)
negative("winsorised-at-zero", "", "Drawn in to 0 it is not.", formula="n", winsorise={"high": {"fixed": 0}})
negative("winsorised-low", N0, "A lower limit, which could help, is not asked.", winsorise={"low": {"fixed": 0}})
negative("min-max-clamped", "", "Clamped.", normalise=min_max())
negative("min-max", N0, "Not clamped.", normalise=min_max(clamp=False))
negative("min-max-count", N0, "Not clamped, whatever the formula.", formula="n", normalise=min_max(clamp=False))
negative("percentile-rank", "", "Never.", normalise={"method": "percentile_rank", "within": "cohort"})
negative("rank", "", "Never.", normalise={"method": "rank", "within": "cohort", "single": 50})
negative("z-score", N0, "Without clamp.", normalise=z_score())
negative("z-score-clamped", "", "Clamped from 0.", normalise=z_score(clamp={"low": 0, "high": 100}))
negative("z-score-clamped-below", N0, "Clamped from below 0.", normalise=z_score(clamp={"low": -1, "high": 100}))
negative("proportion", N0, "Of a decimal.", normalise=proportion({"statistic": "max"}, cap=100))
negative("proportion-count", "", "Of a count.", formula="n", normalise=proportion({"statistic": "max"}))
negative(
    "piecewise",
    N0,
    "A point below 0.",
    normalise={"method": "piecewise", "points": [{"at": 0, "mark": -1}, {"at": 1, "mark": 1}]},
)
negative(
    "piecewise-zero",
    "",
    "Points from 0.",
    normalise={"method": "piecewise", "points": [{"at": -5, "mark": 0}, {"at": 1, "mark": 1}]},
)
negative(
    "bands", N0, "A band below 0.", normalise={"method": "bands", "bands": [{"at": 0, "mark": -1}], "otherwise": 0}
)
negative(
    "bands-otherwise",
    N0,
    "Otherwise below 0.",
    normalise={"method": "bands", "bands": [{"at": 0, "mark": 0}], "otherwise": -1},
)
negative(
    "nested", N0, "Anywhere below.", root=index(of=[child(inner("in", [child(inner("deep"))]))], aggregate="harmonic")
)
negative(
    "nested-clamped",
    "",
    "Nothing below can be.",
    root=index(of=[child(inner("in"))], aggregate="harmonic"),
    normalise=min_max(),
)
negative(
    "unknown-indicator",
    "unknown_reference /index/of/1/indicator\nnegative_marks /index/of/0",
    "An indicator that is none cannot.",
    root=index(of=[child(), child("k")], aggregate="geometric"),
)

# Views, keys, groups.
at("no-view", "/views", [], "out_of_range /views", "No view.")
at("view-both", "/views/0/by", {"index": "root", "indicator": "i"}, "wrong_type /views/0/by", "A key by two things.")
at("view-none", "/views/0/by", {}, "wrong_type /views/0/by", "A key by nothing.")
at("view-network-alone", "/views/0/by", {"network": "x"}, "wrong_type /views/0/by", "A network is no key.")
at(
    "view-index",
    "/views/0/by/index",
    "i",
    "unknown_reference /views/0/by/index",
    "No index has this id, though an indicator has.",
)
at(
    "view-index-network",
    "/views/0/by/network",
    "x",
    "not_allowed_here /views/0/by/network",
    "An index is on its own network.",
)
at(
    "view-indicator",
    "/views/0/by",
    {"indicator": "root", "network": "z"},
    "unknown_reference /views/0/by/indicator",
    "No indicator has this id; nothing more of the key.",
)
at(
    "view-network",
    "/views/0/by",
    {"indicator": "i", "network": "z"},
    "unknown_reference /views/0/by/network",
    "A network that is not declared.",
)
at(
    "tie-breaker-index",
    "/ranking/tie_breakers",
    [{"index": "none"}],
    "unknown_reference /ranking/tie_breakers/0/index",
    "Tie-breakers are keys.",
)
at(
    "tie-breaker-both",
    "/ranking/tie_breakers",
    [{"index": "root"}, {"index": "root", "indicator": "i"}],
    "wrong_type /ranking/tie_breakers/1",
    "A tie-breaker by two things.",
)
BOTH = methodology(root=inner("root", [child(index("on-x")), child(index("on-y", network="y"))]))
at(
    "key-ambiguous",
    "/views/0/by",
    {"indicator": "i"},
    "network_missing /views/0/by",
    "An indicator on two networks of the tree: a key must say which.",
    BOTH,
)
at("key-network", "/views/0/by", {"indicator": "i", "network": "y"}, "", "And then means it.", BOTH)
made(
    "key-ambiguous-whatever-other-views",
    "network_missing /views/0/by",
    "By the tree alone: another view that names a network does not help.",
    methodology(
        [indicator(), indicator("j", "b", normalise=None)],
        inner("root", [child(index("on-x")), child(index("on-y", [child()], network="y"))]),
        views=[view("v", indicator="j"), view("w", indicator="j", network="x"), view("r", index="root")],
    ),
)
made(
    "key-in-force",
    "",
    "An indicator outside the tree: on the only network in force in the tree.",
    methodology([indicator(), indicator("j", "b", normalise=None)], index(), views=[view("v", indicator="j")]),
)
made(
    "key-only-network",
    "",
    "No network in the tree: the only one of the document.",
    methodology(
        [indicator("i", "population"), indicator("j", "b", normalise=None)],
        inner("root"),
        networks={"x": {"label": fr("X")}},
        views=[view("v", indicator="j")],
    ),
)
made(
    "key-used-without-network",
    "network_missing /index/of/0/indicator\nnetwork_missing /views/0/by",
    "The tree uses it under no network: then the only one of the document is not meant either.",
    methodology(root=inner("root"), networks={"x": {"label": fr("X")}}, views=[view("v", indicator="i")]),
)
made(
    "key-no-network",
    "network_missing /views/0/by\nunused /indicators/1",
    "No network in the tree, two in the document.",
    methodology(
        [indicator("i", "population"), indicator("j", "b", normalise=None)],
        inner("root"),
        views=[view("v", indicator="j")],
    ),
)
made(
    "key-reads-none",
    "",
    "An indicator that reads no metric is on none, whatever the key says.",
    methodology(
        [indicator(), indicator("j", "population", normalise=None)],
        index(),
        views=[view("v", indicator="j", network="y")],
    ),
)
at("within-none", "/ranking/within", [], "out_of_range /ranking/within", "No group.")
at(
    "within-twice",
    "/ranking/within",
    ["cohort", "region", "cohort"],
    "duplicate_id /ranking/within/2",
    "A group twice.",
)
at(
    "within-twice-other-order",
    "/ranking/within",
    [["region", "stratum"], ["stratum", "region"]],
    "duplicate_id /ranking/within/1",
    "In whatever order of words.",
)
at("within-word", "/ranking/within", ["regions"], "unknown_value /ranking/within/0", "A word that is none.")
at("within-one", "/ranking/within", [["region"]], "wrong_type /ranking/within/0", "An array of one.")
at("within-empty", "/ranking/within", [[]], "wrong_type /ranking/within/0", "An array of none.")
at("within-number", "/ranking/within", [1], "wrong_type /ranking/within/0", "Neither a string nor an array.")
at(
    "within-cohort-in-array",
    "/ranking/within",
    [["cohort", "region"]],
    "unknown_value /ranking/within/0/0",
    "`cohort` stands alone.",
)
at(
    "within-item-number",
    "/ranking/within",
    [["region", 1]],
    "wrong_type /ranking/within/0/1",
    "An item that is no string.",
)
at("within-item-twice", "/ranking/within", [["region", "region"]], "wrong_type /ranking/within/0", "An item twice.")
at(
    "within-all",
    "/ranking/within",
    [
        "cohort",
        "stratum",
        "structure_type",
        "region",
        "department",
        ["department", "region", "structure_type", "stratum"],
    ],
    "",
    "All words.",
)

# Indicators.
at(
    "no-indicator",
    "/indicators",
    [],
    "out_of_range /indicators\nunknown_reference /index/of/0/indicator",
    "No indicator.",
)
at("unused", "/indicators/-", indicator("j"), "unused /indicators/1", "An indicator that nothing uses.")
made(
    "normalise-unused",
    "unused /indicators/1/normalise",
    "A view needs no normalisation.",
    methodology([indicator(), indicator("j", "b")], index(), views=[view("v", indicator="j")]),
)
at(
    "normalise-missing",
    "/indicators/0/normalise",
    ...,
    "missing_field /indicators/0",
    "In the tree, without normalisation.",
)
for name, direction in [("lower", "lower"), ("closest", {"closest_to": 1})]:
    at(
        f"raw-zero-{name}",
        "/indicators/0",
        indicator(undefined="raw_zero", direction=direction),
        "not_allowed_here /indicators/0/undefined",
        "A raw value of 0 would be the best.",
    )
made(
    "raw-zero-view",
    "",
    "Where no mark is made it does no harm.",
    methodology(
        [indicator(), indicator("j", "1 / a", undefined="raw_zero", direction="lower", normalise=None)],
        index(),
        views=[view("v", indicator="j")],
    ),
)
at(
    "direction-word",
    "/indicators/0/direction",
    "highest",
    "unknown_value /indicators/0/direction",
    "A direction that is none.",
)
at(
    "direction-empty",
    "/indicators/0/direction",
    {},
    "missing_field /indicators/0/direction",
    "An object without target.",
)
at(
    "direction-number",
    "/indicators/0/direction",
    1,
    "wrong_type /indicators/0/direction",
    "Neither a string nor an object.",
)
at(
    "direction-more",
    "/indicators/0/direction",
    {"closest_to": 1, "by": 2},
    "unknown_field /indicators/0/direction/by",
    "A member too many.",
)
NORM = "/indicators/0/normalise"
FIXED0, FIXED9, Q = {"fixed": 0}, {"fixed": 9}, lambda q: {"quantile": q}
S = lambda word: {"statistic": word}
for name, bound, finds in [
    ("none", {}, "wrong_type {}"),
    ("two", {"fixed": 1, "quantile": 0.5}, "wrong_type {}"),
    ("statistic", S("mode"), "unknown_value {}/statistic"),
    ("number", 5, "wrong_type {}"),
    ("more", {"fixed": 0, "colour": 1}, "unknown_field {}/colour"),
    ("none-and-more", {"colour": 1}, "wrong_type {0}\nunknown_field {0}/colour"),
    ("fixed-string", {"fixed": "0"}, "wrong_type {}/fixed"),
]:
    at(
        f"bound-{name}",
        NORM,
        low_high(bound, {"statistic": "max"}),
        finds.format(f"{NORM}/low"),
        "A bound is exactly one of statistic, quantile and fixed.",
    )
for name, low, high, finds in [
    ("quantile-below", Q(-0.01), S("max"), f"out_of_range {NORM}/low/quantile"),
    ("quantile-above", S("min"), Q(1.5), f"out_of_range {NORM}/high/quantile"),
    ("quantiles-ends", Q(0), Q(1), ""),
    ("quantiles-equal", Q(0.5), Q(0.5), f"bounds_order {NORM}"),
    ("quantiles-crossed", Q(0.9), Q(0.1), f"bounds_order {NORM}"),
    ("fixed-mixed", FIXED0, S("max"), ""),
    ("statistics-equal", S("mean"), S("mean"), f"bounds_order {NORM}"),
    ("max-low", S("max"), S("mean"), f"bounds_order {NORM}"),
    ("min-high", S("mean"), S("min"), f"bounds_order {NORM}"),
    ("mean-median", S("mean"), S("median"), ""),
    ("median-mean", S("median"), S("mean"), ""),
    ("max-quantile", S("max"), Q(1), f"bounds_order {NORM}"),
    ("quantile-min", Q(0), S("min"), f"bounds_order {NORM}"),
    ("min-quantile", S("min"), Q(0), ""),
    ("median-quantile", S("median"), Q(0.1), ""),
    ("max-fixed", S("max"), FIXED0, ""),
    ("quantile-max", Q(1), S("max"), ""),
]:
    at(
        f"min-max-{name}",
        NORM,
        low_high(low, high),
        finds,
        "Bounds of min_max are refused when the document alone shows that they are out of order.",
    )
at(
    "min-max-fixed-within",
    NORM,
    low_high(FIXED0, FIXED9),
    f"not_allowed_here {NORM}/within",
    "Nothing is drawn from a group.",
)
at("min-max-fixed", NORM, low_high(FIXED0, FIXED9, None), "", "Fixed bounds.")
at("min-max-fixed-equal", NORM, low_high(FIXED9, FIXED9, None), f"bounds_order {NORM}", "Fixed bounds that are equal.")
at("min-max-no-within", NORM, min_max(None), f"missing_field {NORM}", "A statistic of no group.")
for value in (-0.5, 100.5):
    at(
        f"min-max-constant-{'low' if value < 0 else 'high'}",
        NORM,
        min_max(constant=value),
        f"out_of_range {NORM}/constant",
        "A constant outside 0 to 100.",
    )
for name, target, more, finds in [
    ("quantile", Q(2), {}, f"out_of_range {NORM}/target/quantile"),
    ("fixed-within", {"fixed": 5}, {}, f"not_allowed_here {NORM}/within"),
    ("no-within", S("max"), {"within": None}, f"missing_field {NORM}"),
    ("fixed-zero", {"fixed": 0}, {"within": None}, f"out_of_range {NORM}/target/fixed"),
    ("fixed-negative", {"fixed": -1}, {"within": None}, f"out_of_range {NORM}/target/fixed"),
    ("cap-zero", S("max"), {"cap": 0}, f"out_of_range {NORM}/cap"),
    ("fixed", {"fixed": 0.5}, {"within": None, "cap": 1000}, ""),
]:
    at(f"proportion-{name}", NORM, proportion(target, **more), finds, "The target and the cap of proportion_of.")
for value in (-1, 101):
    at(
        f"rank-single-{'low' if value < 0 else 'high'}",
        NORM,
        {"method": "rank", "within": "cohort", "single": value},
        f"out_of_range {NORM}/single",
        "`single` outside 0 to 100.",
    )
for name, more, finds in [
    ("scale-zero", {"scale": 0}, f"out_of_range {NORM}/scale"),
    ("scale-negative", {"scale": -1}, f"out_of_range {NORM}/scale"),
    ("constant", {"constant": 101}, f"out_of_range {NORM}/constant"),
    ("ddof", {"ddof": 2}, f"out_of_range {NORM}/ddof"),
    ("ddof-fraction", {"ddof": 0.5}, f"wrong_type {NORM}/ddof"),
    ("clamp-order", {"clamp": {"low": 5, "high": 5}}, f"bounds_order {NORM}/clamp"),
    ("clamp-half", {"clamp": {"low": 5}}, f"missing_field {NORM}/clamp"),
    ("centre", {"centre": -500, "clamp": {"low": -1000, "high": 1e9}}, ""),
]:
    at(f"z-score-{name}", NORM, z_score(**more), finds, "The parameters of z_score.")
P = lambda *points: [{"at": a, "mark": m} for a, m in points]
for name, points, finds in [
    ("one", P((0, 0)), f"out_of_range {NORM}/points"),
    ("none", [], f"out_of_range {NORM}/points"),
    ("equal", P((0, 0), (1, 1), (1, 2)), f"bounds_order {NORM}/points/2/at"),
    ("falling", P((3, 0), (2, 1), (1, 2)), f"bounds_order {NORM}/points/1/at\nbounds_order {NORM}/points/2/at"),
    ("two", P((-1, 200), (1, -200)), ""),
    ("200", P(*[(n, n) for n in range(200)]), ""),
    ("201", P(*[(n, n) for n in range(201)]), f"limit_exceeded {NORM}/points"),
]:
    at(f"piecewise-{name}", NORM, {"method": "piecewise", "points": points}, finds, "The points of piecewise.")
for name, bands, finds in [
    ("none", [], f"out_of_range {NORM}/bands"),
    ("one", P((0, 0)), ""),
    ("equal", P((1, 1), (1, 2)), f"bounds_order {NORM}/bands/1/at"),
    ("200", P(*[(n, n) for n in range(200)]), ""),
    ("201", P(*[(n, n) for n in range(201)]), f"limit_exceeded {NORM}/bands"),
]:
    at(f"bands-{name}", NORM, {"method": "bands", "bands": bands, "otherwise": -5}, finds, "The thresholds of bands.")
WIN = "/indicators/0/winsorise"
for name, value, finds in [
    ("none", {"within": "cohort"}, f"missing_field {WIN}\nnot_allowed_here {WIN}/within"),
    ("empty", {}, f"missing_field {WIN}"),
    (
        "statistic",
        {"within": "cohort", "low": S("min"), "high": S("mean")},
        f"not_allowed_here {WIN}/low\nnot_allowed_here {WIN}/high",
    ),
    (
        "quantile",
        {"within": "cohort", "low": Q(-1), "high": Q(2)},
        f"out_of_range {WIN}/low/quantile\nout_of_range {WIN}/high/quantile",
    ),
    ("fixed-within", {"within": "cohort", "low": FIXED0}, f"not_allowed_here {WIN}/within"),
    ("no-within", {"low": Q(0.1)}, f"missing_field {WIN}"),
    ("order", {"low": FIXED9, "high": FIXED0}, f"bounds_order {WIN}"),
    ("order-quantiles", {"within": "cohort", "low": Q(0.5), "high": Q(0.5)}, f"bounds_order {WIN}"),
    ("mixed", {"within": "cohort", "low": FIXED9, "high": Q(0.1)}, ""),
    ("fixed", {"low": FIXED0, "high": FIXED9}, ""),
    ("one", {"within": "stratum", "high": Q(1)}, ""),
]:
    at(f"winsorise-{name}", WIN, value, finds, "The limits of winsorising.")
SW = "/indicators/0/statistics_weight"
QUANTILES = low_high(Q(0.1), Q(0.9))
for name, weight, normalise, more, finds in [
    ("population", "population", QUANTILES, {}, ""),
    ("attribute", "d", z_score(), {}, ""),
    ("unknown", "f", QUANTILES, {}, f"unknown_reference {SW}"),
    ("metric", "n", QUANTILES, {}, f"unknown_reference {SW}"),
    ("ddof", "population", z_score(ddof=1), {}, f"not_allowed_here {SW}"),
    ("min-max", "population", min_max(), {}, f"not_allowed_here {SW}"),
    ("none", "population", {"method": "none"}, {}, f"not_allowed_here {SW}"),
    ("impute", "population", min_max(), {"unknown": "impute_median"}, ""),
    ("winsorise", "population", min_max(), {"winsorise": {"within": "cohort", "low": Q(0.1)}}, ""),
    ("winsorise-fixed", "population", min_max(), {"winsorise": {"low": FIXED0}}, f"not_allowed_here {SW}"),
    ("mean", "population", proportion(S("mean")), {}, ""),
    ("max", "population", proportion(S("max")), {}, f"not_allowed_here {SW}"),
    ("percentile", "population", {"method": "percentile_rank", "within": "cohort"}, {}, f"not_allowed_here {SW}"),
    ("unknown-and-nothing", "f", min_max(), {}, f"unknown_reference {SW}\nnot_allowed_here {SW}"),
]:
    at(
        f"statistics-weight-{name}",
        "/indicators/0",
        indicator(statistics_weight=weight, normalise=normalise, **more),
        finds,
        "A weight of statistics must have something to weigh.",
        flags="weighted malformed" if finds else "weighted",
    )

# Publication, grades, roll-ups.
at("decimals-13", "/publication/decimals", 13, "out_of_range /publication/decimals", "More than 12 decimals.")
at("decimals-12", "/publication/decimals", 12, "", "12 decimals.")
G = "/publication/grades"
STEP = lambda id_, **more: {"id": id_, "label": fr(id_), **more}
for name, grades, finds in [
    ("no-step", {"by": "threshold", "steps": []}, f"out_of_range {G}/steps"),
    ("form", {"by": "score", "steps": []}, f"unknown_value {G}/by"),
    ("no-form", {"steps": []}, f"missing_field {G}"),
    (
        "threshold-order",
        {"by": "threshold", "steps": [STEP("s", **{"from": 50}), STEP("t", **{"from": 50}), STEP("u", **{"from": 60})]},
        f"bounds_order {G}/steps/1/from\nbounds_order {G}/steps/2/from",
    ),
    ("threshold", {"by": "threshold", "steps": [STEP("s", **{"from": 50}), STEP("t", **{"from": -1})]}, ""),
    (
        "threshold-top",
        {"by": "threshold", "steps": [STEP("s", top=0.5)]},
        f"unknown_field {G}/steps/0/top\nmissing_field {G}/steps/0",
    ),
    (
        "rank-share",
        {"by": "rank", "view": "v", "within": "cohort", "steps": [STEP("s", top=0), STEP("t", top=1.5)]},
        f"out_of_range {G}/steps/0/top\nout_of_range {G}/steps/1/top",
    ),
    (
        "rank-order",
        {"by": "rank", "view": "v", "within": "cohort", "steps": [STEP("s", top=0.5), STEP("t", top=0.5)]},
        f"bounds_order {G}/steps/1/top",
    ),
    (
        "rank-view",
        {"by": "rank", "view": "w", "within": "region", "steps": [STEP("s", top=0.5)]},
        f"unknown_reference {G}/view",
    ),
    (
        "rank-within",
        {"by": "rank", "view": "v", "within": "county", "steps": [STEP("s", top=0.5)]},
        f"unknown_value {G}/within",
    ),
    (
        "rank",
        {"by": "rank", "view": "v", "within": ["region", "stratum"], "steps": [STEP("s", top=0.1), STEP("t", top=1)]},
        "",
    ),
]:
    at(f"grades-{name}", G, grades, finds, "Grades.")
R = {"id": "r", **ROLL_UP}
for name, more, finds in [
    ("index", {"index": "none"}, "unknown_reference /roll_ups/0/index"),
    ("no-type", {"structure_types": []}, "out_of_range /roll_ups/0/structure_types"),
    ("type", {"structure_types": ["commune", "canton"]}, "unknown_reference /roll_ups/0/structure_types/1"),
    ("weight", {"weight": "a"}, "unknown_reference /roll_ups/0/weight"),
    ("into", {"into": "cohort"}, "unknown_value /roll_ups/0/into"),
    ("all", {"weight": "d", "into": "stratum"}, ""),
]:
    at(f"roll-up-{name}", "/roll_ups", [{**R, **more}], finds, "Roll-ups.")

# Grounds.
PROPOSED = {"*": {"basis": "proposed", "reason": fr("r")}}


def grounded(document: Json) -> Json:
    """With a ground for everything."""
    result = {**document, "status": "proposal", "provenance": PROPOSED}
    for list_ in ("strata", "eligibility", "indicators", "roll_ups"):
        if list_ in result:
            result[list_] = [{**item, "provenance": PROPOSED} for item in result[list_]]

    def tree(node: Json) -> Json:
        of = [
            {**c, "provenance": PROPOSED, **({"index": tree(c["index"])} if "index" in c else {})} for c in node["of"]
        ]
        return {**node, "provenance": PROPOSED, "of": of}

    result["index"] = tree(result["index"])
    for name in ("ranking", "publication"):
        result[name] = {**result[name], "provenance": PROPOSED}
    return result


FULL = methodology(
    indicator(
        transform="sqrt",
        statistics_weight="d",
        winsorise={"within": "cohort", "low": Q(0.1), "high": Q(0.9)},
        normalise=low_high(Q(0.2), S("mean")),
    ),
    index(minimum_share=0.5),
    period_days=30,
    several_accounts="sum",
    strata=[stratum("s", population={"below": 9}, minimum_size=2, fallback="t"), stratum("t", ["departement"])],
    eligibility=[{"id": "e", "label": fr("e"), "require": "a >= 0"}],
    roll_ups=[{**R, "weight": "population"}],
    publication={
        "decimals": 1,
        "rounding": "down",
        "grades": {"by": "threshold", "steps": [STEP("s", **{"from": 50})]},
    },
)
made("grounds", "", "With `*` everywhere nothing is owed.", grounded(FULL), "digest")
made("grounds-draft", "", "A draft owes none.", FULL, "digest")
made("grounds-variant", "", "Nor does a variant.", {**FULL, "status": "variant", "variant_of": PIN}, "variant")
OWED = """/outside_strata /period_days /several_accounts /strata/0/structure_types /strata/0/population /strata/0/minimum_size /strata/0/fallback /strata/1/structure_types
/eligibility/0/require /indicators/0/formula /indicators/0/direction /indicators/0/undefined /indicators/0/unknown /indicators/0/transform /indicators/0/statistics_weight
/indicators/0/winsorise/within /indicators/0/winsorise/low /indicators/0/winsorise/high /indicators/0/normalise/method /indicators/0/normalise/low /indicators/0/normalise/high
/indicators/0/normalise/clamp /indicators/0/normalise/constant /indicators/0/normalise/within /index/aggregate /index/missing /index/network /index/absent /index/minimum_share /index/of/0/weight
/ranking/order_by /ranking/ties /ranking/tie_breakers /ranking/within /roll_ups/0/index /roll_ups/0/structure_types /roll_ups/0/into /roll_ups/0/weight /publication/decimals /publication/rounding /publication/grades""".split()
for status in ("proposal", "reconstruction", "official"):
    made(
        f"grounds-owed-{status}",
        "\n".join(f"provenance_missing {place}" for place in OWED),
        f"Every parameter that owes a ground, under {status}.",
        {**FULL, "status": status},
    )
METHODS: dict[str, tuple[Json, str]] = {
    "min-max-fixed": (low_high(FIXED0, FIXED9, None), "method low high clamp constant"),
    "proportion": (proportion(S("max"), cap=5), "method target within cap"),
    "percentile": ({"method": "percentile_rank", "within": "cohort"}, "method within"),
    "rank": ({"method": "rank", "within": "cohort", "single": 1}, "method within single"),
    "z-score": (z_score(clamp={"low": 0, "high": 1}), "method within centre scale ddof constant clamp"),
    "piecewise": ({"method": "piecewise", "points": P((0, 0), (1, 1))}, "method points"),
    "bands": ({"method": "bands", "bands": P((0, 0)), "otherwise": 0}, "method bands otherwise"),
    "none": ({"method": "none"}, "method"),
}
for name, (normalise, owed) in METHODS.items():
    document = grounded(methodology(indicator(normalise=normalise)))
    document["indicators"][0]["provenance"] = dict.fromkeys(
        ("formula", "direction", "undefined", "unknown"), PROPOSED["*"]
    )
    made(
        f"grounds-owed-{name}",
        "\n".join(f"provenance_missing {NORM}/{word}" for word in owed.split()),
        f"What {name} owes.",
        document,
    )
BASIS = {"basis": "proposed", "reason": fr("r")}
ON_INDICATOR = grounded(methodology(indicator(normalise=min_max(), winsorise={"low": FIXED0})))
for name, provenance, finds, about in [
    (
        "by-names",
        dict.fromkeys(("formula", "direction", "undefined", "unknown", "normalise", "winsorise"), BASIS),
        "",
        "The indicator's provenance may speak of `normalise` and `winsorise` as wholes.",
    ),
    (
        "unknown-name",
        {"*": BASIS, "colour": BASIS},
        "unknown_reference /indicators/0/provenance/colour",
        "A ground for what is no parameter.",
    ),
    (
        "not-given",
        {"*": BASIS, "transform": BASIS},
        "unknown_reference /indicators/0/provenance/transform",
        "A ground for a parameter that is not given.",
    ),
    (
        "unknown-source",
        {"*": {"basis": "published", "source": "s", "quote": "q"}},
        "unknown_reference /indicators/0/provenance/*/source",
        "A source that is none.",
    ),
    (
        "published-bare",
        {"*": {"basis": "published"}},
        "missing_field /indicators/0/provenance/*",
        "Published, without source nor quotation.",
    ),
    (
        "inferred-bare",
        {"*": {"basis": "inferred", "quote": "q"}},
        "missing_field /indicators/0/provenance/*",
        "Inferred, without reason.",
    ),
    (
        "proposed-bare",
        {"*": {"basis": "proposed"}},
        "missing_field /indicators/0/provenance/*",
        "Proposed, without reason.",
    ),
    (
        "basis-unknown",
        {"*": {"basis": "guessed"}},
        "unknown_value /indicators/0/provenance/*/basis",
        "A basis that is none.",
    ),
    ("no-basis", {"*": {"reason": fr("r")}}, "missing_field /indicators/0/provenance/*", "No basis."),
]:
    at(
        f"grounds-{name}",
        "/indicators/0/provenance",
        provenance,
        finds,
        about,
        ON_INDICATOR,
        "malformed" if finds else "digest",
    )
page.check(
    "grounds-slash",
    "A name of a ground, escaped.",
    "unknown_reference /provenance/a~1b",
    {**SOUND, "provenance": {"a/b": BASIS}},
)
at(
    "grounds-draft-checked",
    "/provenance",
    {"colour": BASIS},
    "unknown_reference /provenance/colour",
    "Of a draft what is given is checked all the same.",
)
SOURCED = {
    **ON_INDICATOR,
    "sources": [{"id": "s", "url": "u", "title": "t", "published": "2017", "note": fr("n")}],
    "conflicts": [{"id": "c", "between": ["s", "none"], "question": fr("q"), "choice": fr("c"), "alternative": "x"}],
}
made(
    "conflict-source", "unknown_reference /conflicts/0/between/1", "A conflict between sources that are none.", SOURCED
)
made(
    "published",
    "",
    "A published basis with its source and words.",
    changed(
        changed(SOURCED, "/conflicts/0/between", ["s"]),
        "/indicators/0/provenance",
        {"*": {"basis": "published", "source": "s", "quote": "q"}},
    ),
    "digest",
)
page.score(
    "grounds-scored",
    "Grounds, sources, labels and conflicts change no number.",
    "digest",
    changed(
        changed(SOURCED, "/conflicts/0/between", ["s"]),
        "/indicators/0/provenance",
        {"*": {"basis": "published", "source": "s", "quote": "q", "reason": fr("r")}},
    ),
    values(1, 2, 4),
)

# Pins.


def pin_of(document: Json, **more: Any) -> Json:
    """The pin of a document."""
    return {"id": document["id"], "version": document["version"], "method_sha256": doc.method_digest(document), **more}


OTHER = methodology(id="other")
PINNING = methodology([indicator()], inner("root", [child(index("own")), child(pin_of(OTHER), absent="zero")]))
made("pin", "", "A pin at hand.", PINNING, "pinned", others=[OTHER])
made(
    "pin-not-at-hand",
    "unknown_methodology /index/of/1/methodology",
    "A pin that is not at hand.",
    PINNING,
    "pinned malformed",
)
made(
    "pin-other-version",
    "unknown_methodology /index/of/1/methodology",
    "Only another version is at hand.",
    PINNING,
    "pinned malformed",
    others=[{**OTHER, "version": "2"}],
)
made(
    "pin-mismatch",
    "pin_mismatch /index/of/1/methodology/method_sha256",
    "The document at hand is another method.",
    PINNING,
    "pinned malformed",
    others=[changed(OTHER, "/publication/decimals", 2)],
)
made(
    "pin-label",
    "",
    "A corrected label breaks no pin.",
    PINNING,
    "pinned",
    others=[changed(OTHER, "/title/fr", "Corrigé")],
)
made(
    "pin-digest",
    "invalid_id /index/of/1/methodology/method_sha256",
    "A digest of another form is asked first.",
    changed(PINNING, "/index/of/1/methodology/method_sha256", "0" * 63 + "A"),
    "pinned malformed",
    others=[OTHER],
)
made(
    "pin-once",
    "unknown_methodology /index/of/0/index/of/0/methodology",
    "The same pin in two places is one fault, where it first stands.",
    methodology(
        [indicator()],
        inner(
            "root", [child(inner("in", [child(PIN, absent="zero")])), child(PIN, absent="zero"), child(index("own"))]
        ),
    ),
    "pinned malformed",
)
made(
    "pin-of-pin",
    "",
    "A document at hand may pin another.",
    methodology(root=inner("root", [child(index("own")), child(pin_of({**PINNING, "id": "middle"}), absent="zero")])),
    "pinned",
    others=[{**PINNING, "id": "middle"}, OTHER],
)
made(
    "pin-negative",
    "negative_marks /index/of/1",
    "What is pinned can give negative marks.",
    methodology(
        indicator(normalise=min_max()),
        inner("root", [child(index("own")), child(pin_of(OTHER), absent="zero")], aggregate="geometric"),
    ),
    "pinned malformed negative",
    others=[OTHER],
)
CLAMPED = methodology(indicator(normalise=min_max()), id="other")
made(
    "pin-not-negative",
    "",
    "What is pinned cannot.",
    methodology(
        indicator(normalise=min_max()),
        inner("root", [child(index("own")), child(pin_of(CLAMPED), absent="zero")], aggregate="harmonic"),
    ),
    "pinned negative",
    others=[CLAMPED],
)

made(
    "faults-together",
    "out_of_range /index/of/0/weight\nunknown_reference /index/of/1/indicator\nnegative_marks /index/of/0\nunknown_reference /views/0/by/index\nbounds_order /indicators/0/normalise",
    "The example of the page: no fault of meaning hides another.",
    methodology(
        indicator(normalise=low_high(FIXED0, FIXED0, None, clamp=False)),
        index(of=[child("i", 0.1234567), child("k")], aggregate="geometric"),
        views=[view(index="rot")],
    ),
    "malformed stage",
)
