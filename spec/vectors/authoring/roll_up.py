"""roll_up.md: scores of groups."""

from __future__ import annotations

from typing import Any

from .build import Row, child, cohort, fr, index, indicator, inner, methodology, stratum
from .case import Page
from .methodology import pin_of

page = Page("roll_up")
Json = dict[str, Any]


def roll_up(id_: str = "r", **members: Any) -> Json:
    """Of communes into regions."""
    return {"id": id_, "label": fr(id_), "index": "root", "structure_types": ["commune"], "into": "region", **members}


ROWS = [
    Row("p", {"a": 1}, region="84", population=100),
    Row("q", {"a": 2}, region="84", population=300),
    Row("r", {"a": 30}, region="84"),
    Row("s", {"a": 31}, region="84", population=0),
    Row("t", {"a": 3}, region="11", population=0),
    Row("u", {"a": 3}, population=50),
    Row("v", None, region="84", population=0),
]
EXAMPLE = methodology(indicator(formula="a / 3"), roll_ups=[roll_up("weighted", weight="population"), roll_up("plain")])
page.score(
    "example",
    "The example of the page: weighted by population and not.",
    "weighted population-zero unknown absent",
    EXAMPLE,
    cohort(ROWS),
)
page.score(
    "example-other-order",
    "Rows in another order: the same groups, in the order of their names.",
    "weighted order population-zero unknown absent",
    EXAMPLE,
    cohort(ROWS[::-1]),
)
for into in ("stratum", "structure_type", "region", "department"):
    page.score(
        f"into-{into.replace('_', '-')}",
        f"Into {into}; of communes only, and of all.",
        "outside unknown",
        methodology(
            strata=[
                stratum("s", population={"below": 9}),
                stratum("t", population={"from": 9}),
                stratum("d", ["departement"]),
            ],
            roll_ups=[
                roll_up("communes", into=into),
                roll_up("all", into=into, structure_types=["departement", "commune"], weight="population"),
            ],
        ),
        cohort(
            [
                Row("p", {"a": 1}, population=5, region="84", department="01"),
                Row("q", {"a": 2}, population=50, region="84", department="03"),
                Row("r", {"a": 6}, structure_type="departement", region="84", department="01", population=7),
                Row("s", {"a": 9}, region="11"),
                Row("t", {"a": 9}, population=3),
            ]
        ),
    )
page.score(
    "binary-values",
    "Scores count at their binary values: not 7/30, and published from the decimal of the mean.",
    "rounding",
    methodology(roll_ups=[roll_up()], publication={"decimals": 12, "rounding": "half_up"}),
    cohort([Row(i, {"a": a}, region="1") for i, a in zip("pqr", (0.1, 0.2, 0.4), strict=True)]),
)
for rounding in ("half_up", "half_even", "down"):
    page.score(
        f"published-{rounding.replace('_', '-')}",
        f"Published by {rounding}, at ties of the rounded mean.",
        "tie rounding negative",
        methodology(roll_ups=[roll_up()], publication={"decimals": 1, "rounding": rounding}),
        cohort(
            [
                Row(i, {"a": a}, region=r)
                for i, a, r in zip("pqrstu", (0.5, 0, -0.5, 0, 0.25, 0.25), "112233", strict=True)
            ]
        ),
    )
page.score(
    "mean-tie",
    "A mean half-way between two binary64s.",
    "tie rounding huge",
    methodology(roll_ups=[roll_up()]),
    cohort([Row(i, {"a": a}, region="1") for i, a in zip("pq", (9007199254740992, 9007199254740994), strict=True)]),
)
page.score(
    "mean-overflow",
    "A sum beyond the range, a mean that is not.",
    "overflow huge",
    methodology(roll_ups=[roll_up(), roll_up("w", weight="population")]),
    cohort([Row(i, {"a": 1.7976931348623157e308}, region="1", population=9007199254740991) for i in "pq"]),
)
page.score(
    "weights-decimal",
    "Weights by a decimal attribute: 0 and below say nothing, unknown is left out.",
    "weighted negative unknown",
    methodology(roll_ups=[roll_up(weight="d")]),
    cohort(
        [
            Row(i, {"a": a}, region="1", attributes={"d": d})
            for i, a, d in zip("pqrst", (1, 2, 4, 8, 16), (0.1, 0.3, 0, -5, None), strict=True)
        ]
    ),
)
page.score(
    "weights-count",
    "Weights by a count attribute.",
    "weighted",
    methodology(roll_ups=[roll_up(weight="e")]),
    cohort(
        [
            Row(i, {"a": a}, region="1", attributes={"e": e})
            for i, a, e in zip("pqr", (1, 2, 4), (3, 1, 9007199254740991), strict=True)
        ]
    ),
)
page.score(
    "weight-before-nothing",
    "Without score it is left out, also with a weight of 0; with a weight of 0 and a score it says nothing.",
    "weighted population-zero unknown",
    methodology(roll_ups=[roll_up(weight="population")]),
    cohort(
        [
            Row("p", {"a": None}, region="1", population=0),
            Row("q", {"a": 1}, region="1", population=0),
            Row("r", {"a": None}, region="1"),
        ]
    ),
)
page.score(
    "inner-index",
    "Of an index inside the tree.",
    "nested absent",
    methodology(
        root=inner("root", [child(index("on-x")), child(index("on-y", network="y"))]),
        roll_ups=[roll_up(index="on-y"), roll_up("r2")],
    ),
    cohort(
        [Row("p", {"a": 1}, {"a": 4}, region="1"), Row("q", {"a": 2}, region="1"), Row("r", None, {"a": 8}, region="1")]
    ),
)
page.score(
    "group-names",
    "Groups are ordered byte by byte.",
    "order",
    methodology(roll_ups=[roll_up()]),
    cohort([Row(f"t{n}", {"a": n}, region=r) for n, r in enumerate(("é", "z", "Z", "\uffee", "😀", "10", "9"))]),
)
page.score(
    "nobody",
    "A structure type that nobody has: no group.",
    "empty-stratum",
    methodology(
        strata=[stratum(types=["commune", "departement"])], roll_ups=[roll_up(structure_types=["departement"])]
    ),
    cohort([Row("p", {"a": 1}, region="1")]),
)
page.score(
    "outside",
    "Who is outside has no score, and is left out; into strata it stands in none.",
    "outside",
    methodology(strata=[stratum(population={"from": 1})], roll_ups=[roll_up(), roll_up("s", into="stratum")]),
    cohort([Row("p", {"a": 1}, region="1", population=0), Row("q", {"a": 3}, region="1", population=4)]),
)
page.score(
    "by-hand",
    "Into strata by the one that is set by hand.",
    "outside",
    methodology(
        strata=[stratum("s", population={"below": 9}), stratum("t", population={"from": 9})],
        roll_ups=[roll_up(into="stratum")],
    ),
    cohort([Row("p", {"a": 1}, population=1, stratum={"id": "t", "reason": "r"}), Row("q", {"a": 3}, population=4)]),
)
OTHER = methodology(id="other", roll_ups=[roll_up("theirs")])
page.score(
    "pinned",
    "Only roll-ups of the methodology itself.",
    "pinned",
    methodology(
        root=inner("root", [child(index("mine")), child(pin_of(OTHER), 1, absent="zero")]), roll_ups=[roll_up("ours")]
    ),
    cohort([Row("p", {"a": 1}, region="1"), Row("q", {"a": 4}, region="1")]),
    others=[OTHER],
)
page.score(
    "geometric-root",
    "Of a root that is rounded itself.",
    "rounding",
    methodology(
        [indicator("i", "abs(a)"), indicator("j", "abs(b)")],
        index(of=[child("i"), child("j")], aggregate="geometric"),
        roll_ups=[roll_up(weight="population")],
    ),
    cohort(
        [
            Row(i, {"a": a, "b": b}, region="1", population=p)
            for i, a, b, p in zip("pqr", (1, 2, 0), (3, 5, 4), (10, 7, 5), strict=True)
        ]
    ),
)
