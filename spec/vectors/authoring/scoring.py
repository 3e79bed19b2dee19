"""scoring.md: the order of everything, applied weights, flags."""

from __future__ import annotations

from typing import Any

from .build import (
    Row,
    child,
    cohort,
    fr,
    index,
    indicator,
    inner,
    methodology,
    min_max,
    proportion,
    ranking,
    stratum,
    values,
    view,
    z_score,
)
from .case import Page
from .methodology import pin_of
from .rank import grades
from .roll_up import roll_up

page = Page("scoring")
Json = dict[str, Any]
EXAMPLE = methodology(
    [indicator(unknown="impute_median", normalise=min_max("stratum")), indicator("j", "b / c", normalise=None)],
    index(of=[child(inner("inner", [child("i", 2)]))]),
    views=[view("best", index="root"), view("ratio", indicator="j")],
    publication={"decimals": 1, "rounding": "half_up", "grades": grades("threshold", ("good", 50))},
    roll_ups=[roll_up("types", into="structure_type")],
)
page.score(
    "example",
    "The example of the page.",
    "constant unknown undefined nested",
    EXAMPLE,
    cohort(
        [
            Row("p", {"a": 3, "b": 1, "c": 3}),
            Row("q", {"a": None, "b": 2, "c": 0}, stratum={"id": "all", "reason": "par exemple"}),
        ]
    ),
)
page.score("no-period", "A cohort without period.", "unknown", methodology(), cohort([Row("p", {"a": 3})], period=None))
page.score(
    "names",
    "Names and texts stand as they are given; rows in the order given.",
    "order",
    methodology(title={"fr": "Été « ’ \u00a0»\t", "en": "x"}),
    cohort([Row("q", {"a": 3}, name="Zoé"), Row("p", {"a": 3}, name="=1+1"), Row("é", {"a": 3}, name="<b>&amp;")]),
)
TREE = methodology(
    [indicator(f"i{n}", "abs(a)") for n in range(1, 6)],
    index(
        of=[
            child("i1", 2),
            child(inner("a", [child(inner("a1", [child("i2")])), child(inner("a2", [child("i3")]), 3)]), 4),
            child(inner("b", [child("i4"), child("i5")]), 1),
        ]
    ),
)
page.score(
    "order-of-indices",
    "Indices in the reverse of depth first: root, b, a, a2, a1; criteria as the tree meets them.",
    "nested order",
    TREE,
    values(1, 2),
)
page.score(
    "order-of-criteria",
    "Criteria of the tree, then of the views, then of the tie-breakers, each once.",
    "order absent",
    methodology(
        [
            indicator("i", "a"),
            indicator("j", "b", normalise=None),
            indicator("k", "c", normalise=None),
            indicator("l", "population", normalise=None),
        ],
        inner("root", [child(index("on-y", network="y")), child(index("on-x"))]),
        views=[
            view("v1", indicator="l"),
            view("v2", indicator="k", network="x"),
            view("v3", indicator="i", network="x"),
            view("v4", indicator="j", network="y"),
        ],
        ranking=ranking(tie_breakers=[{"indicator": "j", "network": "x"}, {"indicator": "k", "network": "x"}]),
    ),
    cohort([Row("p", {"a": 1, "b": 2, "c": 3}, {"a": 4, "b": 5, "c": 6}, population=7), Row("q", population=8)]),
)
WEIGHTS = [child("i", 3), child("j", 1), child("k", 0.5), child("l", 0)]
IND = [indicator(i, f) for i, f in zip("ijkl", "abcd", strict=True)]
ROWS = [
    Row("p", {"a": 1, "b": None, "c": 3}, attributes={"d": 1}),
    Row("q", {"a": 1, "b": 2, "c": 3}),
    Row("r", {"a": None, "b": None, "c": None}),
    Row("s", None),
]
for missing, aggregate in (
    ("renormalise", "arithmetic"),
    ("zero", "arithmetic"),
    ("refuse", "arithmetic"),
    ("zero", "sum"),
    ("renormalise", "max"),
):
    page.score(
        f"weights-{missing}-{aggregate}",
        f"Applied weights, {aggregate} with {missing}: 0 for what does not count; as written in a sum.",
        "unknown absent rounding",
        methodology(IND, index(of=WEIGHTS, missing=missing, aggregate=aggregate)),
        cohort(ROWS),
    )
page.score(
    "weights-of-gate",
    "Weights are asked by the states of children, even when the gate gave the index its 0.",
    "absent",
    methodology(
        [indicator("i", "a"), indicator("j", "population")],
        index(of=[child("i", 3), child("j", 1)], absent="zero", missing="renormalise"),
    ),
    cohort([Row("p", {"a": 1}, population=4), Row("q", population=4), Row("r")]),
)
page.score(
    "weights-total-zero",
    "Weights that sum to 0 for this type: null.",
    "absent",
    methodology(
        IND[:2],
        index(of=[child("i", {"default": 0, "by_structure_type": {"departement": 1}}), child("j", 0)], absent="zero"),
        strata=[stratum(types=["commune", "departement"])],
    ),
    cohort([Row("p"), Row("q", {"a": 1, "b": 1}), Row("r", {"a": 1, "b": 1}, structure_type="departement")]),
)
page.score(
    "weights-overflow-free",
    "Sevenths and millionths, each rounded once.",
    "rounding",
    methodology(IND[:3], index(of=[child("i", 0.000001), child("j", 7), child("k", 1000000)])),
    cohort([Row("p", {"a": 1, "b": 2, "c": 3})]),
)

# Flags.
ALL = methodology(
    [
        indicator("i1", "a", unknown="impute_median", normalise=min_max("stratum")),
        indicator("i2", "b / c", undefined="raw_zero", normalise=min_max("region")),
        indicator("i3", "1 / b", normalise=proportion({"statistic": "max"}, "region")),
        indicator("i4", "population", normalise=min_max("stratum")),
        indicator("i5", "c", normalise=None),
        indicator("i6", "a", unknown="refuse"),
    ],
    inner(
        "root",
        [
            child(index("on-x", [child("i1"), child("i2"), child("i3")], minimum_share=0.5)),
            child(index("on-y", [child("i1"), child("i6", {"default": 0, "by_stratum": {"large": 1}})], network="y")),
            child("i4"),
        ],
    ),
    strata=[
        stratum("small", population={"below": 100}, minimum_size=3, fallback="large"),
        stratum("large", population={"from": 100}),
    ],
    views=[view(index="root"), view("w", indicator="i5", network="x")],
    eligibility=[
        {"id": "people", "label": fr("p"), "require": "population != 13"},
        {"id": "posted", "label": fr("q"), "require": "n >= 1  or 1 / k > 1"},
    ],
)
N = {"n": 1, "k": 1}
page.score(
    "every-flag",
    "Every flag but one, in their order: override, outside, absent, ineligible with its reasons, imputed, unknown, undefined, raw_zero, group_unknown, alone, fallback, insufficient, refused.",
    "small-stratum undefined unknown absent ineligible outside one-member",
    ALL,
    cohort(
        [
            Row("p", {"a": 1, "b": 2, "c": 4, **N}, {"a": 5, **N}, population=5, region="1"),
            Row("q", {"a": None, "b": 2, "c": 0, **N}, population=5, region="1"),
            Row("r", {"a": 3, "b": 0, "c": 4, **N}, {"a": None, **N}, population=500),
            Row("s", population=500, region="2"),
            Row("t", {"a": 3, "b": 0, "c": 4, **N}, {"a": 3, **N}, population=13, region="1"),
            Row(
                "u",
                {"a": 9, "b": None, "c": 4, "n": 0, "k": 0},
                {"a": 9, "n": None, "k": 1},
                population=700,
                region="1",
            ),
            Row(
                "v",
                {"a": 9, "b": 1, "c": 4, "n": 0, "k": 1},
                {"a": 4, **N},
                population=700,
                region="1",
                stratum={"id": "small", "reason": "ainsi"},
            ),
            Row("w", {"a": 9}, region="1"),
            Row(
                "k",
                {"a": 8, "b": 5, "c": None, **N},
                {"a": 2, **N},
                population=900,
                region="3",
                stratum={"id": "large", "reason": "la même"},
            ),
        ]
    ),
)
page.score(
    "alone-by-criterion",
    "`alone` is said where the statistics that are read are of one member: in one region and not in another, once for each group and network.",
    "one-member",
    methodology(
        [
            indicator("i", "a", normalise=min_max("region")),
            indicator("j", "b", normalise=min_max(["stratum", "region"])),
            indicator("k", "c", normalise=min_max("cohort")),
        ]
    ),
    cohort(
        [
            Row("p", {"a": 1, "b": 2, "c": None}, region="1"),
            Row("q", {"a": 1, "b": None, "c": 5}, region="1"),
            Row("r", {"a": 1, "b": 2, "c": None}, region="2"),
        ]
    ),
)
page.score(
    "alone-not-of-imputed",
    "Of who has no value of its own it is not said.",
    "one-member unknown",
    methodology(indicator(unknown="impute_median", normalise=min_max("stratum"))),
    cohort([Row("p", {"a": 1}), Row("q", {"a": None})]),
)
page.score(
    "alone-larger",
    "In a small stratum that others stand in for it is not said, unless together they are one.",
    "one-member small-stratum",
    methodology(
        indicator(normalise=min_max("stratum")),
        strata=[
            stratum("s", population={"below": 9}, minimum_size=2, fallback="t"),
            stratum("t", population={"from": 9}),
        ],
    ),
    cohort([Row("p", {"a": 1}, population=1), Row("q", {"a": None}, population=20)]),
)
page.score(
    "fallback-networks",
    "`fallback` is said once for each network, by who is small there.",
    "small-stratum absent",
    methodology(
        [indicator(normalise=min_max("stratum")), indicator("j", "b", normalise=min_max("stratum"))],
        inner(
            "root",
            [
                child(index("on-x", [child("i"), child("j")])),
                child(index("on-y", [child("i"), child("j")], network="y")),
            ],
        ),
        strata=[
            stratum("s", population={"below": 9}, minimum_size=2, fallback="t"),
            stratum("t", population={"from": 9}),
        ],
    ),
    cohort(
        [
            Row("p", {"a": 1, "b": 1}, {"a": 1, "b": 1}, population=1),
            Row("q", {"a": 2, "b": 2}, population=1),
            Row("r", {"a": 3, "b": 3}, {"a": 3, "b": 3}, population=20),
            Row("s", population=2),
        ]
    ),
)
page.score(
    "fallback-not-within-stratum",
    "Within a stratum and a region together nothing stands in.",
    "small-stratum one-member",
    methodology(
        indicator(normalise=min_max(["region", "stratum"])),
        strata=[
            stratum("s", population={"below": 9}, minimum_size=2, fallback="t"),
            stratum("t", population={"from": 9}),
        ],
    ),
    cohort([Row("p", {"a": 1}, population=1, region="1"), Row("q", {"a": 3}, population=20, region="1")]),
)
page.score(
    "insufficient-order",
    "Insufficient indices in the order of indices.",
    "nested unknown",
    methodology(
        IND[:2],
        index(
            of=[
                child(inner("first", [child("i", 1), child("j", 3)], minimum_share=0.5)),
                child(inner("second", [child("i", 1), child("j", 3)], minimum_share=0.9)),
            ],
            minimum_share=1,
        ),
    ),
    cohort([Row("p", {"a": 1, "b": None}), Row("q", {"a": 1, "b": 1}), Row("r", {"a": None, "b": 1})]),
)
OTHER = methodology(
    indicator(normalise=min_max("stratum")),
    id="other",
    strata=[stratum("theirs", population={"from": 10})],
    publication={"decimals": 3, "rounding": "down", "grades": grades("threshold", ("t", 0))},
    ranking=ranking(within=["stratum"]),
)
page.score(
    "parts",
    "A part has its own stratum, grade, ranks, digest and flags; a stratum set by hand that it has not puts the territory outside.",
    "pinned outside",
    methodology(
        indicator("own", "b"),
        inner("root", [child(pin_of(OTHER), 3, absent="leave_out"), child(index("mine", [child("own")]))]),
    ),
    cohort(
        [
            Row("p", {"a": 1, "b": 2}, population=5),
            Row("q", {"a": 3, "b": 4}, population=50),
            Row("r", {"a": 7, "b": 1}, population=60, stratum={"id": "all", "reason": "r"}),
            Row("s", None, population=70),
        ]
    ),
    others=[OTHER],
)

# A document that says everything that the format can say, in words and grounds too.
PUBLISHED = {"basis": "published", "source": "s", "quote": "« … »"}
INFERRED = {"basis": "inferred", "source": "s", "reason": fr("d’après le résultat")}
PROPOSED = {"basis": "proposed", "reason": {"fr": "faute de mieux", "en": "for want of better"}}
GROUNDS = {"*": PROPOSED}
EVERY_METHOD = [
    {**min_max("stratum"), "provenance": {"*": INFERRED, "clamp": PUBLISHED}},
    proportion({"quantile": 0.9}, "region", cap=100, provenance=GROUNDS),
    {"method": "percentile_rank", "within": "department", "provenance": GROUNDS},
    {"method": "rank", "within": "structure_type", "single": 50, "provenance": GROUNDS},
    z_score(["region", "structure_type"], clamp={"low": 0, "high": 100}, provenance=GROUNDS),
    {"method": "piecewise", "points": [{"at": 0, "mark": 0}, {"at": 9, "mark": 100}], "provenance": GROUNDS},
    {"method": "bands", "bands": [{"at": 3, "mark": 50}], "otherwise": 0, "provenance": GROUNDS},
    {"method": "none", "provenance": GROUNDS},
]
WORDS: Json = {"description": fr("…"), "provenance": GROUNDS}
EVERYTHING = methodology(
    [
        indicator(
            f"m{n}",
            "a",
            normalise=normalise,
            winsorise={"low": {"fixed": 2}, "provenance": GROUNDS},
            unit=fr("%"),
            **WORDS,
        )
        for n, normalise in enumerate(EVERY_METHOD)
    ],
    index(of=[child(f"m{n}", n + 1, provenance=GROUNDS) for n in range(8)], **WORDS),
    status="reconstruction",
    **WORDS,
    metrics={"a": {"kind": "decimal", "measure": "flow", "label": fr("a"), "unit": fr("u")}},
    attributes={"d": {"kind": "decimal", "label": fr("d"), "unit": fr("u")}},
    sources=[{"id": "s", "url": "u", "title": "t"}],
    strata=[stratum(types=["commune", "departement"], provenance=GROUNDS)],
    outside_strata="refuse",
    eligibility=[{"id": "e", "label": fr("e"), "require": "a >= 0", "provenance": GROUNDS}],
    ranking=ranking(provenance=GROUNDS),
    publication={"decimals": 1, "rounding": "half_up", "provenance": GROUNDS},
    roll_ups=[roll_up(weight="d", provenance=GROUNDS)],
)
page.score(
    "everything",
    "Every method side by side, and every word and ground that a document may give: words change no number.",
    "one-member weighted",
    EVERYTHING,
    cohort(
        [
            Row(i, {"a": a}, region=r, department=r + i, attributes={"d": 1})
            for i, a, r in zip("pqrst", (1, 4, 9, 2, 6), "11122", strict=True)
        ]
    ),
)
