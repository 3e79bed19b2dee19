"""aggregate.md: weights, missing values, gates, indices, pinned methodologies."""

from __future__ import annotations

import itertools
from typing import Any

from .build import (
    LETTERS,
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
)
from .case import Page
from .methodology import pin_of

page = Page("aggregate")
Json = dict[str, Any]
IJK = [indicator("i", "a"), indicator("j", "b"), indicator("k", "c")]
POSITIVE = [indicator("i", "abs(a)"), indicator("j", "abs(b)"), indicator("k", "abs(c)")]
OF = [child("i", 3), child("j", 1), child("k", 0)]
AGGREGATES = ("arithmetic", "geometric", "harmonic", "sum", "min", "max")
MISSING = ("renormalise", "zero", "refuse")

# The example.
A = index("part-a", OF)
B = index("part-b", OF, network="y", absent="zero", aggregate="min", missing="zero")
EXAMPLE = methodology(
    IJK, inner("root", [child(A, 2), child(B, {"default": 1, "by_population": [{"below": 100, "weight": 0.5}]})])
)
ROWS = [
    Row("p", {"a": 40, "b": 80, "c": 9}, {"a": 10, "b": None, "c": None}, population=50),
    Row("q", {"a": None, "b": None, "c": 1}),
    Row("r", population=1000),
    Row("s", {"a": 40, "b": 80, "c": None}, {"a": 90, "b": 60, "c": 4}, population=1000),
]
page.score(
    "example",
    "The example of the page: two networks, weights by population, every kind of absence.",
    "nested absent unknown",
    EXAMPLE,
    cohort(ROWS),
    "40.0 0.0 0.0 53.3",
)
for missing in MISSING:
    root = {**EXAMPLE["index"], "missing": missing}
    page.score(
        f"example-{missing}",
        f"With `missing` {missing} in the root.",
        "nested absent unknown",
        {**EXAMPLE, "index": root},
        cohort(ROWS),
    )
page.score(
    "example-sum",
    "As a sum of points.",
    "nested absent unknown",
    {**EXAMPLE, "index": {**EXAMPLE["index"], "missing": "zero", "aggregate": "sum"}},
    cohort(ROWS),
)

# Every aggregate with every rule for what is missing.
MIXED = [
    Row(i, dict(zip("abc", row, strict=True)))
    for i, row in zip(
        LETTERS,
        [
            (40, 80, 9),
            (None, 80, 9),
            (40, None, None),
            (0, 80, 9),
            (None, None, 9),
            (None, None, None),
            (50, 50, 50),
            (1, 3, 7),
        ],
        strict=False,
    )
]
for aggregate, missing in itertools.product(AGGREGATES, MISSING):
    if (aggregate, missing) == ("sum", "renormalise"):
        continue
    indicators = POSITIVE if aggregate in ("geometric", "harmonic") else IJK
    page.score(
        f"{aggregate}-{missing}",
        f"{aggregate}, what is missing: {missing}. A child of weight 0 is passed over, whatever its state.",
        "unknown rounding" + (" undefined" if missing == "renormalise" else ""),
        methodology(indicators, index(of=OF, aggregate=aggregate, missing=missing)),
        cohort(MIXED),
    )
page.score(
    "negative-values",
    "Values below 0 where they may be.",
    "negative",
    methodology(
        [indicator(f"{n}", n) for n in "abc"],
        inner(
            "root",
            [
                child(
                    index(
                        f"x-{word}",
                        [child("a", 2), child("b", 1), child("c", 0.5)],
                        aggregate=word,
                        missing="zero",
                        network="x",
                        absent="leave_out",
                    )
                )
                for word in ("arithmetic", "sum", "min", "max")
            ],
        ),
    ),
    cohort(
        [Row("p", {"a": -3, "b": 1, "c": -7}), Row("q", {"a": -3, "b": -3, "c": 0}), Row("r", {"a": 0, "b": 0, "c": 0})]
    ),
)
for aggregate in AGGREGATES:
    indicators = POSITIVE if aggregate in ("geometric", "harmonic") else IJK
    page.score(
        f"{aggregate}-one",
        f"One child: {aggregate} of it"
        + (", which a geometric mean rounds all the same." if aggregate == "geometric" else "."),
        "rounding",
        methodology(
            [indicator("i", "abs(a) / 3" if indicators is POSITIVE else "a / 3")],
            index(of=[child("i", 0.7)], aggregate=aggregate, missing="zero"),
            publication={"decimals": 12, "rounding": "half_up"},
        ),
        values(1, 2, 0, 100),
    )
page.score(
    "weights-millionths",
    "Weights from a millionth to a million.",
    "rounding tiny huge",
    methodology(IJK, index(of=[child("i", 0.000001), child("j", 1000000), child("k", 0.3)])),
    cohort(MIXED),
)
page.score(
    "arithmetic-ties",
    "Marks of whole numbers with weights 30, 25, 20, 15, 10: ties at one decimal, which ordinary arithmetic decides by chance.",
    "tie rounding",
    methodology(
        [indicator("i", "a"), indicator("j", "b"), indicator("k", "c"), indicator("l", "n")],
        index(of=[child("i", 0.3), child("j", 0.25), child("k", 0.2), child("l", 0.25)]),
    ),
    cohort(
        [
            Row(i, dict(zip("abcn", row, strict=True)))
            for i, row in zip(
                LETTERS,
                [(1, 1, 1, 0), (7, 0, 0, 1), (3, 1, 2, 5), (0.5, 0.5, 0.5, 1), (99, 98, 97, 95), (33, 67, 12, 8)],
                strict=False,
            )
        ]
    ),
)

# Shares.
SHARES = [indicator("i", "a"), indicator("j", "b"), indicator("k", "c")]
for name, share in [("just", 0.4), ("above", 0.400001), ("one", 1), ("least", 0.000001)]:
    page.score(
        f"share-{name}",
        f"A minimum share of {share}: equal is enough; it is a share of weight.",
        "tie unknown",
        methodology(SHARES, index(of=[child("i", 3), child("j", 1), child("k", 1)], minimum_share=share)),
        cohort(MIXED),
    )
page.score(
    "share-zero",
    "What is missing counts as 0, and is not there.",
    "unknown",
    methodology(SHARES, index(of=[child("i", 3), child("j", 1), child("k", 1)], minimum_share=0.5, missing="zero")),
    cohort(MIXED),
)
page.score(
    "share-no-weight",
    "No child weighs for this type: enough, and undefined.",
    "undefined",
    methodology(
        SHARES,
        index(
            of=[child("i", {"default": 0, "by_structure_type": {"departement": 1}})] + [child("j", 0), child("k", 0)],
            minimum_share=1,
        ),
        strata=[stratum(types=["commune", "departement"])],
    ),
    cohort([Row("p", {"a": 1, "b": 2, "c": 3}), Row("q", {"a": 1, "b": 2, "c": 3}, structure_type="departement")]),
)
page.score(
    "share-nested",
    "An insufficient child of a larger index is missing there.",
    "nested unknown",
    methodology(SHARES, index(of=[child(inner("in", [child("i", 3), child("j", 1)], minimum_share=0.5)), child("k")])),
    cohort(MIXED),
)

# Weights by tables.
TYPES = [
    stratum("s", ["commune"], population={"below": 10}),
    stratum("t", ["commune"], population={"from": 10}),
    stratum("d", ["departement"]),
]
WHO = [
    Row("p", {"a": 10, "b": 70}, population=5),
    Row("q", {"a": 10, "b": 70}, population=10),
    Row("r", {"a": 10, "b": 70}, population=20),
    Row("s", {"a": 10, "b": 70}, structure_type="departement"),
    Row("t", {"a": 10, "b": 70}, stratum={"id": "d", "reason": "r"}),
    Row("u", {"a": 10, "b": 70}, population=0, stratum={"id": "t", "reason": "r"}),
]
for name, table in [
    ("structure-type", {"default": 1, "by_structure_type": {"departement": 3}}),
    ("stratum", {"default": 1, "by_stratum": {"s": 0, "d": 2.5}}),
    (
        "population",
        {
            "default": 7,
            "by_population": [
                {"from": 10, "below": 20, "weight": 2},
                {"from": 20, "weight": 3},
                {"below": 1, "weight": 0.5},
            ],
        },
    ),
    ("population-open", {"default": 7, "by_population": [{"weight": 2}]}),
]:
    page.score(
        f"table-{name}",
        f"Weights by {name}, with a default; the stratum is that set by hand.",
        "population-zero unknown",
        methodology([indicator(), indicator("j", "b")], index(of=[child("i", table), child("j", 1)]), strata=TYPES),
        cohort(WHO),
    )
page.score(
    "table-zero-for-some",
    "A weight of 0 for some: the child is passed over, refused or not.",
    "unknown",
    methodology(
        [indicator(unknown="refuse"), indicator("j", "b")],
        index(of=[child("i", {"default": 1, "by_structure_type": {"departement": 0}}), child("j", 1)]),
        strata=TYPES,
    ),
    cohort(
        [
            Row("p", {"a": None, "b": 5}, population=1),
            Row("q", {"a": None, "b": 5}, structure_type="departement"),
            Row("r", {"a": 1, "b": 5}, population=1),
        ]
    ),
)

# Gates.
TWO = [indicator(), indicator("j", "b")]
for absent in ("zero", "leave_out", "refuse"):
    for missing in MISSING:
        page.score(
            f"absent-{absent}-{missing}".replace("_", "-"),
            f"On no network y, with `absent` {absent}, under a root with `missing` {missing}.",
            "absent nested",
            methodology(
                indicator(),
                inner(
                    "root",
                    [child(index("on-x"), 3), child(index("on-y", network="y", absent=absent), 1)],
                    missing=missing,
                ),
            ),
            cohort([Row("p", {"a": 10}, {"a": 30}), Row("q", {"a": 10}), Row("r", None, {"a": 30}), Row("s")]),
        )
page.score(
    "absent-not-unknown",
    "An account without numbers is not no account.",
    "absent unknown",
    methodology(indicator(), index(absent="zero")),
    cohort([Row("p", {"a": 10}), Row("q", {}), Row("r")]),
)
page.score(
    "absent-inside",
    "Indices inside are absent; `absent` acts on the one that names the network. The weights of its children are asked by their states all the same.",
    "absent nested",
    methodology(TWO, index(of=[child(inner("in", missing="zero")), child("j")], absent="zero", missing="zero")),
    cohort([Row("p", {"a": 10, "b": 1}), Row("q")]),
)
page.score(
    "absent-sum",
    "The gate gives 0, whatever the aggregate.",
    "absent",
    methodology(TWO, index(of=[child(), child("j")], absent="zero", missing="zero", aggregate="sum")),
    cohort([Row("p", {"a": 10, "b": 1}), Row("q")]),
)
page.score(
    "ineligible-networks",
    "Ineligible on one network, there on the other.",
    "ineligible nested",
    methodology(
        indicator(),
        inner("root", [child(index("on-x")), child(index("on-y", network="y"))]),
        eligibility=[{"id": "e", "label": fr("e"), "require": "b >= 1"}],
    ),
    cohort([Row("p", {"a": 10, "b": 1}, {"a": 30, "b": 0}), Row("q", {"a": 10, "b": 0}, {"a": 20, "b": 0})]),
)
for missing in MISSING:
    page.score(
        f"ineligible-{missing}",
        f"Ineligible on one of two networks, with `missing` {missing}.",
        "ineligible nested",
        methodology(
            indicator(),
            inner("root", [child(index("on-x")), child(index("on-y", network="y"))], missing=missing),
            eligibility=[{"id": "e", "label": fr("e"), "require": "b >= 1"}],
        ),
        cohort([Row("p", {"a": 10, "b": 1}, {"a": 30, "b": 0}), Row("q", {"a": 10, "b": 1}, {"a": 20, "b": 5})]),
    )
page.score(
    "refused-up",
    "Refused goes all the way up, through indices in which it weighs, before any share.",
    "nested unknown",
    methodology(
        [indicator(unknown="refuse"), indicator("j", "b")],
        index(
            of=[
                child(inner("mid", [child(inner("deep")), child("j")], minimum_share=1)),
                child(inner("side", [child("j")])),
            ],
            missing="zero",
        ),
    ),
    cohort([Row("p", {"a": None, "b": 3}), Row("q", {"a": 1, "b": None}), Row("r", {"a": 1, "b": 3})]),
)
page.score(
    "no-network-gate",
    "A root over no network of an indicator that reads none: there is no account to ask for.",
    "absent",
    methodology(indicator(formula="population"), inner("root")),
    cohort([Row("p", population=3), Row("q"), Row("r", {"a": 1}, population=4)]),
)
LEVELS = ["harmonic", "geometric", "arithmetic", "sum", "min", "harmonic", "geometric", "max"]
node = inner("l8", aggregate=LEVELS[7])
for level in range(7, 0, -1):
    missing = "zero" if LEVELS[level - 1] == "sum" else "renormalise"
    make = index if level == 1 else inner
    node = make(f"l{level}", [child(node, level), child("j", 2)], aggregate=LEVELS[level - 1], missing=missing)
page.score(
    "deep",
    "Eight levels, each with another aggregate.",
    "nested rounding",
    methodology([indicator("i", "abs(a)"), indicator("j", "abs(b)")], node),
    cohort(
        [
            Row("p", {"a": 3, "b": 7}),
            Row("q", {"a": 100, "b": 1}),
            Row("r", {"a": 0, "b": 5}),
            Row("s", {"a": None, "b": 5}),
        ]
    ),
)
page.score(
    "exact-inside",
    "What is handed up is exact, not the score: thirds cancel.",
    "nested tie rounding",
    methodology(
        [indicator("i", "a / 3"), indicator("j", "b / 3")],
        index(
            of=[child(inner("in", [child("i"), child("j")], aggregate="sum", missing="zero"), 3), child("j", 0)],
            missing="zero",
            aggregate="sum",
        ),
        publication={"decimals": 0, "rounding": "half_up"},
    ),
    cohort([Row("p", {"a": 0.25, "b": 0.25}), Row("q", {"a": 1, "b": 1.5})]),
)
page.score(
    "geometric-carried",
    "A geometric mean is carried as its decimal.",
    "nested rounding",
    methodology(
        [indicator("i", "abs(a)"), indicator("j", "abs(b)")],
        index(of=[child(inner("in", [child("i"), child("j")], aggregate="geometric"), 3)]),
        publication={"decimals": 12, "rounding": "half_up"},
    ),
    cohort([Row("p", {"a": 2, "b": 1}), Row("q", {"a": 3, "b": 5})]),
)
page.score(
    "repeated-indicator",
    "An indicator in two indices: the weight that is shown is that in the first of them in the order of indices; the weights of each index say all.",
    "nested",
    methodology(TWO, index(of=[child(inner("in", [child("i", 3), child("j", 1)])), child("i", 5)])),
    cohort([Row("p", {"a": 10, "b": 1}), Row("q", {"a": 10, "b": None})]),
)
page.score(
    "harmonic-nought",
    "A zero with a weight gives 0; with weight 0 it is ignored.",
    "rounding",
    methodology(
        POSITIVE,
        index(
            of=[child("i", 1), child("j", 1), child("k", {"default": 0, "by_structure_type": {"departement": 1}})],
            aggregate="harmonic",
        ),
        strata=[stratum(types=["commune", "departement"])],
    ),
    cohort(
        [
            Row("p", {"a": 1, "b": 3, "c": 0}),
            Row("q", {"a": 1, "b": 3, "c": 0}, structure_type="departement"),
            Row("r", {"a": 0, "b": 3, "c": 1}),
        ]
    ),
)

# Pins.
OTHER = methodology(
    indicator(normalise=min_max("stratum")),
    index(absent="leave_out"),
    id="other",
    strata=[stratum("o-small", population={"below": 100}), stratum("o-large", population={"from": 100})],
    eligibility=[{"id": "oe", "label": fr("oe"), "require": "a >= 1"}],
    publication={"decimals": 0, "rounding": "down"},
)


def pinning(
    absent: str = "zero", weight: Any = 1, missing: str = "renormalise", other: Json = OTHER, **members: Any
) -> Json:
    """A methodology of one index of its own and one that it pins."""
    return methodology(
        indicator("own", "b"),
        inner(
            "root",
            [child(index("mine", [child("own")], network="y"), 2), child(pin_of(other), weight, absent=absent)],
            missing=missing,
        ),
        **members,
    )


PINNED = [
    Row("p", {"a": 1}, {"b": 30}, population=5),
    Row("q", {"a": 3}, {"b": 30}, population=5),
    Row("r", {"a": 2}, {"b": 30}, population=5),
    Row("s", None, {"b": 30}, population=5),
    Row("t", {"a": 0}, {"b": 30}, population=500),
    Row("u", {"a": 7}, {"b": 30}),
    Row("v", {"a": 7}, population=500),
    Row("w", population=500),
]
for absent, missing in itertools.product(("zero", "leave_out", "refuse"), MISSING):
    page.score(
        f"pin-{absent}-{missing}".replace("_", "-"),
        f"A pinned methodology: its own strata, eligibility and reference; absent there: {absent}; missing: {missing}.",
        "pinned absent ineligible outside",
        pinning(absent, missing=missing),
        cohort(PINNED),
        others=[OTHER],
    )
page.score(
    "pin-exact",
    "Its root's exact value is handed on, not what it publishes.",
    "pinned rounding",
    pinning(publication={"decimals": 3, "rounding": "half_up"}),
    cohort(
        [
            Row("p", {"a": 1}, {"b": 0}, population=5),
            Row("q", {"a": 4}, {"b": 0}, population=5),
            Row("r", {"a": 2}, {"b": 0}, population=5),
        ]
    ),
    others=[OTHER],
)
page.score(
    "pin-weight-zero",
    "A pin that weighs nothing for this type.",
    "pinned",
    pinning(weight={"default": 0, "by_structure_type": {"departement": 1}}),
    cohort(PINNED),
    others=[OTHER],
)
for aggregate in ("arithmetic", "sum", "min"):
    page.score(
        f"absent-zero-{aggregate}",
        "An index that counts 0 for who has no account: no weight is applied, so none is written.",
        "absent",
        methodology(
            [indicator(), indicator("j", "b")],
            index(aggregate=aggregate, absent="zero", missing="refuse", of=[child(), child("j", 2)]),
        ),
        cohort([Row("p", {"a": 1, "b": 3}), Row("q"), Row("r", {"a": None, "b": 3}), Row("s", {"a": 2, "b": None})]),
    )
for method, normalise in (("min-max", min_max("stratum")), ("share", proportion({"statistic": "max"}, "stratum"))):
    other = methodology(
        indicator(normalise=normalise),
        id="other",
        strata=[stratum("o-small", population={"below": 100}), stratum("o-large", population={"from": 100})],
    )
    page.score(
        f"pin-strata-{method}",
        "Of one stratum here, and of two in what is pinned: each is marked in its own there.",
        "pinned",
        pinning(other=other),
        cohort(
            [
                Row("p", {"a": 1}, {"b": 30}, population=5),
                Row("q", {"a": 3}, {"b": 30}, population=500),
                Row("r", {"a": 2}, {"b": 30}, population=5),
                Row("s", {"a": 8}, {"b": 30}, population=500),
            ]
        ),
        others=[other],
    )
TWICE = methodology(
    indicator("own", "b"),
    inner(
        "root",
        [
            child(
                inner(
                    "first", [child(pin_of(OTHER), 1, absent="zero"), child(index("mine", [child("own")], network="y"))]
                )
            ),
            child(pin_of(OTHER), 3, absent="leave_out"),
        ],
    ),
)
page.score(
    "pin-twice",
    "Pinned in two places it is one part; each place has its own `absent` and weight.",
    "pinned nested absent",
    TWICE,
    cohort(PINNED),
    others=[OTHER],
)
MIDDLE = methodology(
    indicator("m", "a + 1"),
    inner("mroot", [child(index("mx", [child("m")])), child(pin_of(OTHER), 2, absent="zero")]),
    id="middle",
    views=[view("mv", index="mroot")],
)
page.score(
    "pin-of-pin",
    "A pin that pins: parts inside parts.",
    "pinned nested",
    pinning(other=MIDDLE),
    cohort(PINNED),
    others=[MIDDLE, OTHER],
)
SAME = methodology(
    indicator(normalise=min_max("stratum")),
    index(),
    id="same",
    metrics={"a": {"kind": "decimal", "measure": "stock", "label": fr("a")}},
    attributes={"n": {"kind": "decimal", "label": fr("n")}},
)
page.score(
    "pin-same-names",
    "Ids of the two documents are apart: an index, an indicator, a stratum of the same name; each reads its own metric or attribute of a name that is the other's attribute or metric.",
    "pinned",
    methodology(
        indicator(formula="a + n", normalise=min_max("stratum")),
        inner("root", [child(index("mine")), child(pin_of(SAME), 1, absent="zero")]),
        metrics={"n": {"kind": "decimal", "measure": "stock", "label": fr("n")}},
        attributes={"a": {"kind": "decimal", "label": fr("a")}},
    ),
    cohort(
        [
            Row("p", {"a": 1, "n": 3}, attributes={"a": 100, "n": 0}, population=5),
            Row("q", {"a": 2, "n": 1}, attributes={"a": 50, "n": 0}, population=5),
            Row("r", {"a": 1.5, "n": 1}, attributes={"a": 70, "n": 0}, population=5),
        ]
    ),
    others=[SAME],
)
SUMS = methodology(indicator(formula="n"), id="sums", several_accounts="sum")
page.score(
    "pin-several-accounts",
    "Each methodology has its own rule for several accounts.",
    "pinned several-accounts",
    methodology(
        indicator(formula="n"),
        inner("root", [child(index("mine")), child(pin_of(SUMS), 1, absent="zero")]),
        several_accounts="main",
    ),
    cohort(
        [Row("p"), Row("q", {"n": 5})],
        accounts=[
            {"territory": "p", "network": "x", "metrics": {"n": 10}, "main": True},
            {"territory": "p", "network": "x", "metrics": {"n": 7}},
            {"territory": "q", "network": "x", "metrics": {"n": 5}},
        ],
    ),
    "13.5 5.0",
    others=[SUMS],
)
GROWS = methodology(indicator(formula="a - previous.a"), id="grows")
page.score(
    "pin-previous",
    "Only what is pinned reads the previous period.",
    "pinned previous",
    methodology(root=inner("root", [child(index("mine")), child(pin_of(GROWS), 1, absent="zero")])),
    cohort([Row("p", {"a": 10}, before={"a": 4}), Row("q", {"a": 5})]),
    "8.0 5.0",
    others=[GROWS],
)
NETWORKED = methodology(
    root=inner("nroot", [child(index("nx")), child(index("ny", network="y"))]),
    id="networked",
    views=[view(index="nroot")],
)
page.score(
    "pin-over-networks",
    "A pinned root over networks of which one is on none is what its children make it, not absent.",
    "pinned absent",
    pinning("zero", other=NETWORKED),
    cohort([Row("p", {"a": 4}, {"a": 2, "b": 30}), Row("q", {"a": 4}), Row("r")]),
    others=[NETWORKED],
)
for status in ("proposal", "reconstruction", "official", "variant"):
    grounds = {"*": {"basis": "proposed", "reason": fr("r")}}
    other = methodology(
        indicator(provenance=grounds),
        index(of=[child(provenance=grounds)], provenance=grounds),
        id="claimed",
        status=status,
        provenance=grounds,
        strata=[stratum(provenance=grounds)],
        ranking=ranking(provenance=grounds),
        publication={"decimals": 1, "rounding": "half_up", "provenance": grounds},
        variant_of=None if status != "variant" else {"id": "o", "version": "1", "method_sha256": "0" * 64},
    )
    mine = methodology(
        indicator("own", "b", provenance=grounds),
        inner(
            "root",
            [
                child(
                    index("mine", [child("own", provenance=grounds)], network="y", provenance=grounds),
                    2,
                    provenance=grounds,
                ),
                child(pin_of(other), 1, absent="zero", provenance=grounds),
            ],
            provenance=grounds,
        ),
        status="reconstruction",
        provenance=grounds,
        strata=[stratum(provenance=grounds)],
        ranking=ranking(provenance=grounds),
        publication={"decimals": 1, "rounding": "half_up", "provenance": grounds},
    )
    page.score(
        f"pin-status-{status}",
        f"A reconstruction that pins what is {status}: the status of the whole is the weakest.",
        "pinned",
        mine,
        cohort([Row("p", {"a": 4}, {"b": 30})]),
        others=[other],
    )

# Several documents at hand with the digest that is pinned: their order does not decide.
VARIANT = {"status": "variant", "variant_of": {"id": "v", "version": "1", "method_sha256": "0" * 64}}
SEVERAL = [{**OTHER, "title": fr("B")}, {**OTHER, **VARIANT, "title": fr("A")}, {**OTHER, **VARIANT, "title": fr("C")}]
for name, others in (("first", SEVERAL), ("last", SEVERAL[::-1])):
    page.score(
        f"pin-several-{name}",
        "Of several documents with the digest that is pinned the weakest status decides, in whatever order.",
        "pinned order",
        pinning(),
        cohort(PINNED),
        others=others,
    )
page.score(
    "pin-several-one",
    "One of them only: the status of the whole, and so the digest, is another.",
    "pinned",
    pinning(),
    cohort(PINNED),
    others=SEVERAL[:1],
)

# What changed functions of the core survived (docs/mutants.md).
BY_TYPE = {"default": 1, "by_structure_type": {"departement": 3}}
NOTHING = {"default": 0, "by_structure_type": {"departement": 3}}
EVERYBODY = [
    Row("p", {"a": 10, "b": 40}),
    Row("q", {"a": 30, "b": 20}, structure_type="departement"),
    Row("r", {"a": 70, "b": 60}),
]
BOTH_TYPES = [stratum(), stratum("dep", ["departement"])]
for kind in ("arithmetic", "sum"):
    page.score(
        f"weights-by-type-all-present-{kind}",
        f"Weights by structure type where everybody has every mark: each its own, {kind}.",
        "weighted" if kind == "arithmetic" else "weighted nested",
        methodology(
            IJK[:2],
            index(of=[child("i", BY_TYPE), child("j", 1)], aggregate=kind, missing="zero"),
            strata=BOTH_TYPES,
        ),
        cohort(EVERYBODY),
    )
    page.score(
        f"weights-all-zero-for-everybody-{kind}",
        f"Every mark is there, and no child weighs for this structure type: no value, {kind}.",
        "undefined weighted",
        methodology(IJK[:2], index(of=[child("i", NOTHING), child("j", NOTHING)], aggregate=kind, missing="zero")),
        cohort([EVERYBODY[0], EVERYBODY[2]]),
    )
for name, rows in (
    ("all-present", [Row("p", {"a": 1.7e308, "b": 1}), Row("q", {"a": 1, "b": 1})]),
    ("one-missing", [Row("p", {"a": 1.7e308, "b": None}), Row("q", {"a": 1, "b": 1})]),
):
    page.score(
        f"sum-overflow-{name}",
        "A sum beyond binary64's range is undefined, for the index above too, though that could bring it back.",
        "overflow unknown nested",
        methodology(
            IJK[:2],
            index(
                of=[
                    child(inner("big", [child("i", 10), child("j", 1)], aggregate="sum", missing="zero"), 0.000001),
                    child("j", 1),
                ]
            ),
        ),
        cohort(rows),
    )
page.score(
    "weights-all-by-type-all-present",
    "Every weight by structure type, where everybody has every mark.",
    "weighted",
    methodology(
        IJK[:2],
        index(of=[child("i", BY_TYPE), child("j", {"default": 2, "by_structure_type": {"departement": 1}})]),
        strata=[stratum("all", ["commune", "departement"])],
    ),
    cohort(EVERYBODY),
)
page.score(
    "sum-overflow-beside",
    "A sum beyond binary64's range, of a territory of which something is missing, is left out by the index above.",
    "overflow unknown nested",
    methodology(
        IJK,
        index(
            of=[
                child(inner("big", [child("i", 10), child("j", 1)], aggregate="sum", missing="zero"), 0.000001),
                child("k", 1),
            ]
        ),
    ),
    cohort([Row("p", {"a": 1.7e308, "b": None, "c": 5}), Row("q", {"a": 1, "b": 1, "c": 7})]),
)

# What an implementation may do at once for quotients with one divisor, and must not for those with another.
QUOTIENTS = [
    indicator("i", "n / k", normalise=min_max()),
    indicator("j", "a / k", normalise=min_max()),
    indicator("l", "a / b", normalise=min_max()),
    indicator("m", "(n + a) / b", normalise=min_max(), direction="lower"),
]
WHOLE = [
    Row("p", {"n": 6, "k": 2, "a": 10, "b": 5}),
    Row("q", {"n": 3, "k": 3, "a": 3, "b": 6}),
    Row("r", {"n": 8, "k": 4, "a": 2, "b": 4}),
]
for kind, weights, published in (
    ("arithmetic", (3, 1, 2, 0), "100.0 1.9 25.0"),
    ("sum", (0.25, 0.125, 0.5, 0.125), "87.5 13.9 16.5"),
):
    page.score(
        f"quotients-two-divisors-{kind}",
        f"Quotients of whole numbers that everybody has, two by one divisor, the others by another; {kind}.",
        "weighted rounding",
        methodology(
            QUOTIENTS,
            index(
                of=[child(id_, weight) for id_, weight in zip("ijlm", weights, strict=True)],
                aggregate=kind,
                missing="zero",
            ),
        ),
        cohort(WHOLE),
        published,
    )
