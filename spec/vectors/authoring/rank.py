"""rank.md: orders, ties, places, groups, grades."""

from __future__ import annotations

import itertools
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
    ranking,
    stratum,
    values,
    view,
)
from .case import Page

page = Page("rank")
Json = dict[str, Any]


def grades(by: str, *steps: tuple[str, float], **members: Any) -> Json:
    """Grades."""
    end = "from" if by == "threshold" else "top"
    return {"by": by, **members, "steps": [{"id": id_, "label": fr(id_), end: value} for id_, value in steps]}


VIEWS = [view("best", index="root"), view("close", indicator="b")]
EXAMPLE = methodology(
    [indicator("i", "a / 3"), indicator("b", "b", direction={"closest_to": 10}, normalise=None)],
    index(of=[child("i")]),
    views=VIEWS,
    publication={
        "decimals": 0,
        "rounding": "half_up",
        "grades": grades("rank", ("first", 0.25), ("second", 0.5), view="best", within="cohort"),
    },
    ranking=ranking(within=["cohort", "region"]),
)
ROWS = [
    Row("p", {"a": 30, "b": 8}, region="1"),
    Row("q", {"a": 31, "b": 12}, region="1"),
    Row("r", {"a": 30, "b": None}, region="2"),
    Row("s", {"a": 15, "b": 10}),
    Row("t", {"a": None, "b": 9}, region="2"),
    Row("u", None, region="2"),
]
for order, ties, breakers in itertools.product(
    ("score", "published"),
    ("competition", "dense"),
    ([], [{"indicator": "b"}], [{"index": "root"}, {"indicator": "b", "network": "x"}]),
):
    name = f"{order}-{ties}-{len(breakers)}"
    m = {**EXAMPLE, "ranking": ranking(order_by=order, ties=ties, tie_breakers=breakers, within=["cohort", "region"])}
    page.score(
        f"example-{name}",
        f"The example of the page: by {order}, {ties}, {len(breakers)} tie-breakers.",
        "tie unknown absent",
        m,
        cohort(ROWS),
    )
page.score("example-other-order", "Rows in another order.", "tie order unknown absent", EXAMPLE, cohort(ROWS[::-1]))
for ties in ("competition", "dense"):
    page.score(
        f"many-ties-{ties}",
        f"Many ties, {ties}.",
        "tie constant",
        methodology(ranking=ranking(ties=ties)),
        values(5, 5, 5, 3, 3, 1, 9, 9, None),
    )
    page.score(
        f"all-equal-{ties}",
        f"All equal, {ties}.",
        "tie constant",
        methodology(ranking=ranking(ties=ties)),
        values(5, 5, 5),
    )
page.score(
    "score-rounds-alike",
    "Exact values that round to one score are tied by score.",
    "tie rounding",
    methodology(indicator(formula="a + b")),
    cohort(
        [
            Row("p", {"a": 1, "b": 1e-17}),
            Row("q", {"a": 1, "b": 0}),
            Row("r", {"a": 1, "b": -1e-17}),
            Row("s", {"a": 1, "b": 3e-16}),
        ]
    ),
)
page.score(
    "criterion-exact",
    "By a criterion they are not: its values are exact.",
    "tie rounding",
    methodology([indicator(formula="a + b")], views=[view("v", indicator="i")]),
    cohort(
        [
            Row("p", {"a": 1, "b": 1e-17}),
            Row("q", {"a": 1, "b": 0}),
            Row("r", {"a": 1, "b": -1e-17}),
            Row("s", {"a": 1, "b": 3e-16}),
        ]
    ),
)
page.score(
    "published-ties",
    "Tied by published at half-way, both signs, and by -0.0 and 0.0, which are one.",
    "tie negative minus-zero",
    methodology(ranking=ranking(order_by="published")),
    values(0.05, 0.1, 0.14, -0.04, 0, 0.04, -0.05, -0.14),
)
page.score(
    "published-more-digits",
    "Published texts with more digits than a binary64 compare by all of them.",
    "tie huge",
    methodology(
        indicator(formula="a / 3"),
        publication={"decimals": 12, "rounding": "half_up"},
        ranking=ranking(order_by="published"),
    ),
    values(100000, 100000.00000000001, 100000.00000000003, 99999.99999999999),
)
page.score("negative-scores", "Scores below 0.", "negative", methodology(), values(-1, -2, 0, 3, -2))
page.score(
    "before-winsorising",
    "A criterion orders by its value before winsorising.",
    "tie",
    methodology(
        indicator(winsorise={"low": {"fixed": 2}, "high": {"fixed": 4}}, normalise=min_max()),
        views=[view("v", index="root"), view("w", indicator="i")],
    ),
    values(1, 2, 3, 4, 5, 100),
)
page.score(
    "raw-zero-ranks",
    "A raw zero is ranked.",
    "undefined",
    methodology(indicator(formula="a / b", undefined="raw_zero"), views=[view("w", indicator="i")]),
    cohort(
        [
            Row("p", {"a": -1, "b": 1}),
            Row("q", {"a": 1, "b": 0}),
            Row("r", {"a": 1, "b": 1}),
            Row("s", {"a": 0, "b": 1}),
        ]
    ),
)
for direction in ("higher", "lower", {"closest_to": 3}):
    name = direction if isinstance(direction, str) else "closest"
    page.score(
        f"by-criterion-{name}",
        f"By a criterion, {name}; a tie-breaker by an index.",
        "tie unknown",
        methodology(
            [indicator(), indicator("j", "b", direction=direction, normalise=None)],
            index(),
            views=[view("w", indicator="j")],
            ranking=ranking(tie_breakers=[{"index": "root"}]),
        ),
        cohort(
            [
                Row(i, {"a": a, "b": b})
                for i, a, b in zip("pqrstu", (1, 2, 3, 4, None, 6), (2, 4, 4, 2, 2, None), strict=True)
            ]
        ),
    )
page.score(
    "tie-breaker-none-last",
    "By a tie-breaker who has no value comes after all who have one; two who have none are equal.",
    "tie unknown",
    methodology(
        [indicator(), indicator("j", "b", normalise=None), indicator("k", "c", normalise=None)],
        index(),
        ranking=ranking(tie_breakers=[{"indicator": "j"}, {"indicator": "k"}]),
    ),
    cohort(
        [
            Row(i, {"a": 1, "b": b, "c": c})
            for i, b, c in zip("pqrstuv", (None, None, -5, 3, 3, None, 3), (1, None, 2, None, 0, 1, 0), strict=True)
        ]
    ),
)
page.score(
    "tie-breaker-negative",
    "A value below 0 still comes before none.",
    "tie unknown negative",
    methodology(
        [indicator(), indicator("j", "b", direction="lower", normalise=None)],
        index(),
        ranking=ranking(tie_breakers=[{"indicator": "j"}], ties="dense"),
    ),
    cohort([Row(i, {"a": 1, "b": b}) for i, b in zip("pqrs", (1e308, None, -1e308, 0), strict=True)]),
)
page.score(
    "groups",
    "Places in every kind of group.",
    "tie outside",
    methodology(
        strata=[stratum("s", population={"below": 9}), stratum("t", population={"from": 9})],
        ranking=ranking(within=["stratum", "structure_type", "department", ["stratum", "region"]]),
    ),
    cohort(
        [
            Row(i, {"a": a}, population=p, region=r, department=d)
            for i, a, p, r, d in zip(
                "pqrstuvw",
                (1, 2, 3, 4, 5, 6, 7, 8),
                (1, 1, 20, 20, None, 1, 20, 1),
                ("1", "1", "1", "2", "1", "", "2", "1"),
                ("01", "02", "01", "", "01", "01", "01", "02"),
                strict=True,
            )
        ]
    ),
)
page.score(
    "one-in-group",
    "A group of one, of two.",
    "one-member two-members",
    methodology(ranking=ranking(within=["region"])),
    cohort([Row("p", {"a": 1}, region="1"), Row("q", {"a": 1}, region="2"), Row("r", {"a": 2}, region="2")]),
)
page.score(
    "small-strata-not-replaced",
    "One is ranked in one's own stratum, however small.",
    "small-stratum",
    methodology(
        indicator(normalise=min_max("stratum")),
        strata=[
            stratum("s", population={"below": 9}, minimum_size=5, fallback="t"),
            stratum("t", population={"from": 9}),
        ],
        ranking=ranking(within=["stratum"]),
    ),
    cohort([Row(i, {"a": a}, population=p) for i, a, p in zip("pqrs", (1, 2, 30, 40), (1, 1, 20, 20), strict=True)]),
)
page.score(
    "inner-index",
    "A view by an index inside the tree, on its network.",
    "nested absent",
    methodology(
        root=inner("root", [child(index("on-x")), child(index("on-y", network="y"))]),
        views=[view("v", index="root"), view("w", index="on-y"), view("z", indicator="i", network="y")],
    ),
    cohort([Row("p", {"a": 1}, {"a": 9}), Row("q", {"a": 5}), Row("r", None, {"a": 9}), Row("s", {"a": 2}, {"a": 10})]),
)
for rounding in ("half_up", "half_even", "down"):
    page.score(
        f"grades-threshold-{rounding.replace('_', '-')}",
        f"Grades by what is published, {rounding}: 49.95 reaches 50 when it is published so.",
        "tie rounding negative",
        methodology(
            publication={
                "decimals": 1,
                "rounding": rounding,
                "grades": grades("threshold", ("a", 80.05), ("b", 50), ("c", -10)),
            }
        ),
        values(49.95, 49.94, 50, 80.04, 80.05, 80.1, -10.05, -10, -10.1, None),
    )
page.score(
    "grades-threshold-more-digits",
    "A published text with more digits than a binary64, against a threshold just by it.",
    "tie huge rounding",
    methodology(
        indicator(formula="a / 3"),
        publication={
            "decimals": 12,
            "rounding": "half_up",
            "grades": grades("threshold", ("a", 33333.666666666664), ("b", 33333.66666666666)),
        },
    ),
    values(100001, 100000.99999999999, 100000.99999999997),
)
page.score(
    "grades-rank",
    "Grades by rank: ties share, and the first step that is reached counts.",
    "tie",
    methodology(
        publication={
            "decimals": 1,
            "rounding": "half_up",
            "grades": grades("rank", ("a", 0.1), ("b", 0.25), ("c", 0.666667), view="v", within="cohort"),
        }
    ),
    values(10, 9, 9, 7, 6, 5, 4, 3, 2, 1),
)
page.score(
    "grades-rank-all",
    "A last step for all who are ranked.",
    "one-member unknown",
    methodology(
        publication={
            "decimals": 1,
            "rounding": "half_up",
            "grades": grades("rank", ("a", 0.5), ("z", 1), view="v", within="region"),
        }
    ),
    cohort(
        [
            Row("p", {"a": 1}, region="1"),
            Row("q", {"a": 2}, region="2"),
            Row("r", {"a": 3}, region="2"),
            Row("s", {"a": 4}),
            Row("t", {"a": None}, region="2"),
        ]
    ),
)
page.score(
    "grades-other-group",
    "`within` of a grade is none of those of the ranking.",
    "tie",
    methodology(
        [indicator(), indicator("j", "b", direction="lower", normalise=None)],
        index(),
        views=[view("v", index="root"), view("w", indicator="j")],
        ranking=ranking(within=["cohort"]),
        publication={
            "decimals": 1,
            "rounding": "half_up",
            "grades": grades("rank", ("a", 0.5), view="w", within=["region", "structure_type"]),
        },
    ),
    cohort([Row(i, {"a": 1, "b": b}, region=r) for i, b, r in zip("pqrst", (1, 2, 3, 4, 5), "11222", strict=True)]),
)
