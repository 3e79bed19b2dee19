"""indicator.md: states, transforms, direction, winsorising."""

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
    low_high,
    methodology,
    min_max,
    one,
    proportion,
    stratum,
    values,
    view,
    z_score,
)
from .case import Page

page = Page("indicator")
Json = dict[str, Any]
RULE = [{"id": "e", "label": fr("e"), "require": "c >= 1"}]
EXAMPLE = methodology(
    indicator(
        formula="a / b",
        direction={"closest_to": 1},
        unknown="impute_median",
        winsorise={"within": "cohort", "high": {"quantile": 0.5}},
        normalise=min_max(),
    ),
    eligibility=RULE,
)
ROWS = [
    Row("p", {"a": 3, "b": 2, "c": 1}),
    Row("q", {"a": 1, "b": 4, "c": 1}),
    Row("r", {"a": 9, "b": 1, "c": 1}),
    Row("s", {"a": 5, "b": 5, "c": 0}),
    Row("t", {"a": 1, "b": 0, "c": 1}),
    Row("u", {"a": None, "b": 0, "c": 1}),
    Row("v"),
    Row("w", {"a": 7, "b": 7, "c": 1}),
]
page.score(
    "example",
    "The example of the page: every state, a distance, a limit of winsorising, an imputed value.",
    "ineligible undefined unknown absent",
    EXAMPLE,
    cohort(ROWS),
    "20.0 0.0 0.0 - - 10.0 - 100.0",
)
page.score(
    "example-other-order",
    "Rows in another order.",
    "order ineligible undefined unknown absent",
    EXAMPLE,
    cohort(ROWS[::-1]),
)

# States: every policy for what is undefined and unknown.
STATES = [
    Row("p", {"a": 4, "b": 2}),
    Row("q", {"a": 4, "b": 0}),
    Row("r", {"a": None, "b": 2}),
    Row("s"),
    Row("t", {"a": 9, "b": 1}),
    Row("u", {"a": None, "b": 0}),
]
for undefined in ("mark_zero", "raw_zero", "leave_out", "refuse"):
    for unknown in ("mark_zero", "leave_out", "impute_median", "refuse"):
        page.score(
            f"undefined-{undefined}-unknown-{unknown}".replace("_", "-"),
            f"Undefined: {undefined}; unknown: {unknown}. Beside a second indicator, so that what is left out shows.",
            "undefined unknown absent",
            methodology(
                [
                    indicator(formula="a / b", undefined=undefined, unknown=unknown, normalise=min_max(clamp=False)),
                    indicator("j", "b"),
                ],
                index(of=[child("i", 3), child("j", 1)]),
            ),
            cohort(STATES),
        )
page.score(
    "raw-zero-counts",
    "A raw zero enters statistics, is drawn in, marked and ranked like any value; the transform is not applied to it.",
    "undefined",
    methodology(
        [
            indicator(formula="a", transform="ln1p", undefined="raw_zero", normalise=min_max()),
            indicator(
                "j",
                "a / b",
                undefined="raw_zero",
                winsorise={"low": {"fixed": 1}},
                normalise=low_high({"statistic": "min"}, {"quantile": 1}),
            ),
        ],
        views=[view("v", index="root"), view("w", indicator="i"), view("z", indicator="j")],
    ),
    cohort([Row("p", {"a": -5, "b": 1}), Row("q", {"a": 3, "b": 0}), Row("r", {"a": 7, "b": 2})]),
)
page.score(
    "raw-zero-overflow",
    "An overflow is undefined like a division by 0.",
    "overflow undefined",
    methodology(
        [
            indicator(formula="a * 1e308", undefined="raw_zero", normalise=min_max()),
            indicator("j", "a", undefined="raw_zero", transform="log10"),
        ]
    ),
    values(1, 100, 0, -3),
)
page.score(
    "absent-first",
    "Absent comes before ineligible, unknown and undefined.",
    "absent ineligible",
    methodology(
        [indicator(formula="a / b"), indicator("j", "population")],
        eligibility=[{"id": "e", "label": fr("e"), "require": "population > 5"}],
    ),
    cohort(
        [
            Row("p", None, population=1),
            Row("q", {"a": 1, "b": 0}, population=1),
            Row("r", {"a": 1, "b": 0}, population=9),
            Row("s", None, population=9),
        ]
    ),
)
page.score(
    "without-network",
    "A criterion that reads no metric is the same whatever the accounts are.",
    "absent population-zero",
    methodology(
        [indicator("i", "population / days"), indicator("j", "d * e")], inner("root", [child("i"), child("j")])
    ),
    cohort(
        [
            Row("p", None, population=31, attributes={"d": 1.5, "e": 2}),
            Row("q", {"a": 1}, population=0, attributes={"d": 0, "e": 0}),
            Row("r", attributes={"d": None, "e": 1}),
        ]
    ),
)

for name, before in (("whole", (3, 5, 9)), ("decimals", (3.5, 5.5, 9.5))):
    page.score(
        f"previous-without-account-{name}",
        "A criterion that reads the previous period alone: who has no account today is absent, whatever it had then.",
        "absent previous",
        one(formula="previous.a", normalise=min_max()),
        cohort(
            [
                Row("p", {"a": 1}, before={"a": before[0]}),
                Row("q", None, before={"a": before[1]}),
                Row("r", {"a": 2}, before={"a": before[2]}),
            ]
        ),
        "0.0 - 100.0",
    )

# Direction.
for direction in ("higher", "lower", {"closest_to": 2.5}):
    name = direction if isinstance(direction, str) else "closest"
    page.score(
        f"direction-{name}",
        "A direction: the raw value that is shown is not oriented; ranks by the indicator are.",
        "tie",
        methodology(
            indicator(direction=direction, normalise=min_max()),
            views=[view("v", index="root"), view("w", indicator="i")],
        ),
        values(1, 4, 2.5, 2, 3, None),
    )
page.score(
    "closest-none",
    "With `none` the mark is the distance; a view orders by the value, the smaller first.",
    "negative",
    methodology(
        [indicator(direction={"closest_to": -1.5}), indicator("j", "a", direction="lower", normalise=None)],
        index(),
        views=[view("v", index="root"), view("w", indicator="j")],
    ),
    values(-1.5, -3, 0, 5e-324),
)
page.score(
    "closest-exact",
    "A distance is exact: 1/3 from 0.3333333333333333.",
    "tie rounding",
    methodology(indicator(formula="a / 3", direction={"closest_to": 0.3333333333333333})),
    values(1, 0.9999999999999999, 2),
)
page.score(
    "closest-overflow",
    "A distance beyond binary64's range is a value still; as a mark it is undefined.",
    "overflow huge",
    methodology(
        [
            indicator(direction={"closest_to": -1.7976931348623157e308}),
            indicator("j", "a", direction={"closest_to": -1.7976931348623157e308}, normalise=min_max()),
        ]
    ),
    values(1.7976931348623157e308, -1.7976931348623157e308, 0),
)

# Winsorising.
SEVEN = (1, 2, 3, 4, 5, 6, 100)
for name, limits, about in [
    (
        "quantiles",
        {"within": "cohort", "low": {"quantile": 0.1}, "high": {"quantile": 0.9}},
        "Two quantiles, interpolated.",
    ),
    ("low", {"within": "cohort", "low": {"quantile": 0.25}}, "A lower limit alone."),
    ("high", {"within": "cohort", "high": {"quantile": 0.75}}, "An upper limit alone."),
    ("fixed", {"low": {"fixed": 2.5}, "high": {"fixed": 6}}, "Fixed limits."),
    ("mixed", {"within": "cohort", "low": {"fixed": 2.5}, "high": {"quantile": 0.5}}, "A fixed limit and a quantile."),
    (
        "ends",
        {"within": "cohort", "low": {"quantile": 0}, "high": {"quantile": 1}},
        "The quantiles 0 and 1 draw nothing in.",
    ),
    (
        "crossed",
        {"within": "cohort", "low": {"fixed": 50}, "high": {"quantile": 0.5}},
        "Limits that cross: the upper one decides, and all are equal.",
    ),
]:
    page.score(
        f"winsorise-{name}",
        about + " Statistics and marks are of drawn-in values; ranks and what is shown are not.",
        "quantile-end constant" if name in ("ends", "crossed") else "rounding",
        methodology(
            indicator(winsorise=limits, normalise=min_max(clamp=False)),
            views=[view("v", index="root"), view("w", indicator="i")],
        ),
        values(*SEVEN),
    )
page.score(
    "winsorise-distance",
    "Limits are on distances: the far ones are drawn in on both sides.",
    "negative",
    one(direction={"closest_to": 3}, winsorise={"within": "cohort", "high": {"quantile": 0.8}}, normalise=min_max()),
    values(-100, 1, 2, 3, 4, 100, 7),
)
page.score(
    "winsorise-groups",
    "Each group has its own limits; who is in none is not drawn in.",
    "unknown",
    one(winsorise={"within": "region", "high": {"quantile": 0.5}}, normalise=min_max()),
    cohort(
        [
            Row(i, {"a": a}, region=r)
            for i, a, r in zip("pqrstuv", (1, 5, 9, 2, 4, 50, 60), ("1", "1", "1", "2", "2", "", "2"), strict=True)
        ]
    ),
)
page.score(
    "winsorise-other-within",
    "Limits within the region, marks within the stratum, medians within the stratum.",
    "unknown",
    methodology(
        indicator(
            winsorise={"within": ["region", "stratum"], "low": {"quantile": 0.3}, "high": {"quantile": 0.7}},
            unknown="impute_median",
            normalise=min_max("stratum"),
        ),
        strata=[stratum("s", population={"below": 10}), stratum("t", population={"from": 10})],
    ),
    cohort(
        [
            Row(i, {"a": a}, population=p, region=r)
            for i, a, p, r in zip(
                "pqrstuvw", (1, 5, 9, 2, 4, 50, None, None), (1, 1, 1, 20, 20, 20, 1, 20), "11212112", strict=True
            )
        ]
    ),
)
page.score(
    "winsorise-weighted",
    "A weighted quantile as limit.",
    "weighted",
    one(winsorise={"within": "cohort", "high": {"quantile": 0.5}}, statistics_weight="population", normalise=min_max()),
    cohort(
        [Row(i, {"a": a}, population=p) for i, a, p in zip("pqrst", (1, 2, 3, 4, 9), (1, 1, 1, 10, 0), strict=True)]
    ),
)
page.score(
    "winsorise-no-weight",
    "None weighs: there is no limit, and nothing is drawn in.",
    "weighted population-zero",
    one(winsorise={"within": "cohort", "high": {"quantile": 0.5}}, statistics_weight="population", normalise=min_max()),
    cohort([Row(i, {"a": a}, population=p) for i, a, p in zip("pqr", (1, 2, 3), (0, 0, None), strict=True)]),
)
page.score(
    "winsorise-view",
    "Of an indicator without normalisation winsorising does nothing.",
    "order",
    methodology(
        [indicator(), indicator("j", "a", normalise=None, winsorise={"high": {"fixed": 2}})],
        index(of=[child("i")]),
        views=[view("v", indicator="j")],
    ),
    values(1, 5, 3),
)
page.score(
    "winsorise-small-stratum",
    "A stratum that is too small keeps its own limits.",
    "small-stratum",
    methodology(
        indicator(winsorise={"within": "stratum", "high": {"quantile": 0.5}}, normalise=min_max("stratum")),
        strata=[
            stratum("s", population={"below": 10}, minimum_size=3, fallback="t"),
            stratum("t", population={"from": 10}),
        ],
    ),
    cohort(
        [Row(i, {"a": a}, population=p) for i, a, p in zip("pqrst", (1, 9, 2, 30, 60), (1, 1, 20, 20, 20), strict=True)]
    ),
)
page.score(
    "winsorise-raw-zero",
    "A raw zero is a member of the limits.",
    "undefined",
    one(
        formula="a / b",
        undefined="raw_zero",
        winsorise={"within": "cohort", "low": {"quantile": 0.5}},
        normalise=min_max(),
    ),
    cohort([Row("p", {"a": 1, "b": 0}), Row("q", {"a": 2, "b": 1}), Row("r", {"a": 6, "b": 1})]),
)
for transform in ("ln", "ln1p", "log10", "sqrt"):
    page.score(
        f"transform-then-orient-{transform}",
        "The transform comes before direction and winsorising.",
        "rounding",
        one(
            transform=transform,
            direction={"closest_to": 1},
            winsorise={"within": "cohort", "high": {"quantile": 0.9}},
            normalise=proportion({"statistic": "mean"}, cap=200),
        ),
        values(1, 2, 10, 0.5, 100, 0),
    )

# A divisor that is 0 only exactly: in binary64, 0.1 + 0.2 - 0.3 is not.
for name, normalise in (
    ("min-max", min_max()),
    ("z-score", z_score()),
    ("rank", {"method": "rank", "within": "cohort", "single": 0}),
):
    page.score(
        f"zero-divisor-of-decimals-{name}",
        "A divisor that is 0 by exact arithmetic alone: who has it is undefined, and no member of a statistic.",
        "undefined",
        one(formula="a / (b + c - 0.3)", normalise=normalise),
        cohort(
            [
                Row("p", {"a": 1, "b": 0.1, "c": 0.2}),
                Row("q", {"a": 1, "b": 1, "c": 1}),
                Row("r", {"a": 3, "b": 1, "c": 2}),
                Row("s", {"a": 7, "b": 2, "c": 2}),
            ]
        ),
    )
page.score(
    "zero-divisor-constant",
    "A divisor that is 0 for everybody.",
    "undefined",
    one(formula="a / (0.1 + 0.2 - 0.3)", undefined="mark_zero"),
    values(1, 2, 3),
)

# Quotients of whole numbers that are known of everybody.
WHOLE = [
    Row("p", {"a": 9, "b": 4, "c": 1}),
    Row("q", {"a": 1, "b": 2, "c": 1}),
    Row("r", {"a": 8, "b": 2, "c": 1}),
    Row("s", {"a": 16, "b": 1, "c": 0}),
    Row("t", {"a": 3, "b": 3, "c": 1}),
]
for name, formula, members, more in (
    ("transformed", "a / b", {"transform": "sqrt"}, {}),
    ("from-target", "a / b", {"direction": {"closest_to": 4}}, {}),
    ("of-quotients", "(a / b) / (b / a)", {}, {}),
    ("divided", "a / b / 2", {}, {}),
    ("by-quotients", "a / (a / b)", {}, {}),
    ("by-zero", "a / c", {}, {}),
    ("of-decimals", "(a + 0.1) / b", {}, {}),
    ("by-decimals", "a / (b + 0.1)", {}, {}),
    ("ineligible", "a / b", {}, {"eligibility": RULE}),
):
    page.score(
        f"quotients-{name}",
        "Quotients of whole numbers, known of everybody, but not plain ones.",
        "undefined" if name == "by-zero" else "ineligible" if name == "ineligible" else "rounding",
        methodology(indicator(formula=formula, normalise=min_max(), **members), **more),
        cohort(WHOLE),
    )
