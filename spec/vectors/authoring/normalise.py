"""normalise.md: every method, direction and state."""

from __future__ import annotations

from typing import Any

from .build import (
    Row,
    cohort,
    indicator,
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

page = Page("normalise")
Json = dict[str, Any]
DIRECTIONS: list[tuple[str, Any]] = [("higher", "higher"), ("lower", "lower"), ("closest", {"closest_to": 4})]
S = lambda word: {"statistic": word}  # noqa: E731
Q = lambda q: {"quantile": q}  # noqa: E731
F = lambda x: {"fixed": x}  # noqa: E731
POINTS = [{"at": 2, "mark": 10}, {"at": 6, "mark": 90}, {"at": 8, "mark": 50}]
BANDS = [{"at": 2, "mark": 20}, {"at": 5, "mark": 60}]
METHODS: dict[str, Json] = {
    "min-max": min_max(constant=40),
    "min-max-open": low_high(S("mean"), S("max"), clamp=False, constant=40),
    "proportion": proportion(S("mean"), cap=120),
    "proportion-open": proportion(S("median")),
    "percentile-rank": {"method": "percentile_rank", "within": "cohort"},
    "rank": {"method": "rank", "within": "cohort", "single": 70},
    "z-score": z_score(),
    "z-score-clamped": z_score(ddof=1, clamp={"low": 45, "high": 55}),
    "piecewise": {"method": "piecewise", "points": POINTS},
    "bands": {"method": "bands", "bands": BANDS, "otherwise": 5},
    "none": {"method": "none"},
}
for name, normalise in METHODS.items():
    for word, direction in DIRECTIONS:
        m = one(direction=direction, normalise=normalise)
        page.score(f"{name}-{word}", f"{name} of the values of the example, {word}.", "tie", m, values(2, 4, 4, 10))
    page.score(
        f"{name}-edges",
        f"{name}: one value of a stratum's one, equal values, unknown, absent.",
        "constant one-member two-members unknown absent",
        methodology(
            indicator(normalise=normalise if "within" not in normalise else {**normalise, "within": "stratum"}),
            strata=[stratum(f"s{n}", population={"from": n, "below": n + 1}) for n in range(5)],
        ),
        cohort(
            [
                Row("p", {"a": 3}, population=0),
                Row("q", {"a": 5}, population=1),
                Row("r", {"a": 5}, population=1),
                Row("s", {"a": 5}, population=1),
                Row("t", {"a": 1}, population=2),
                Row("u", {"a": 2}, population=2),
                Row("v", {"a": None}, population=3),
                Row("w", None, population=4),
            ]
        ),
    )
    page.score(
        f"{name}-imputed",
        f"{name} of an imputed value: it is no member.",
        "unknown",
        one(unknown="impute_median", normalise=normalise),
        values(2, 4, 4, 10, None, 6),
    )

# Bounds.
for name, low, high, flags in [
    ("quantile-ends", Q(0), Q(1), "quantile-end"),
    ("quantiles", Q(0.05), Q(0.95), "rounding"),
    ("quartiles", Q(0.25), Q(0.75), ""),
    ("mean-max", S("mean"), S("max"), "rounding"),
    ("min-median", S("min"), S("median"), ""),
    ("median-mean", S("median"), S("mean"), "rounding"),
    ("mean-median", S("mean"), S("median"), "undefined"),
    ("fixed-max", F(3), S("max"), ""),
    ("min-fixed", S("min"), F(7.5), ""),
    ("quantile-max", Q(0.5), S("max"), ""),
    ("fixed-above", F(50), S("max"), "undefined"),
    ("tiny-quantile", Q(5e-324), Q(0.9999999999999999), "quantile-end tiny"),
]:
    for clamp in (True, False):
        page.score(
            f"bounds-{name}{'' if clamp else '-open'}",
            f"min_max from {next(iter(low.items()))} to {next(iter(high.items()))}{', clamped' if clamp else ''}; where the lower bound is the larger there is no mark.",
            flags or "rounding",
            one(normalise=low_high(low, high, clamp=clamp)),
            values(1, 2, 4, 8, 16, 3.5),
        )
page.score(
    "bounds-fixed",
    "Fixed bounds: no group, no members, marks for whoever has a value.",
    "negative",
    one(normalise=low_high(F(-5), F(5), None)),
    values(-6, -5, 0, 5, 6, 0.1),
)
page.score(
    "bounds-fixed-open",
    "Not clamped, lower.",
    "negative",
    one(direction="lower", normalise=low_high(F(-5), F(5), None, clamp=False)),
    values(-6, -5, 0, 5, 6, 0.1),
)
page.score(
    "bounds-equal",
    "A fixed bound that is equal to the statistic: the constant, for all, also for one that is elsewhere.",
    "constant tie",
    one(normalise=low_high(F(4), S("median"), constant=33)),
    values(1, 4, 9),
)
page.score(
    "bounds-equal-exact",
    "Equal is exact: a bound one bit above is another.",
    "constant rounding",
    one(normalise=low_high(F(4.000000000000001), S("median"), constant=33)),
    values(1, 4, 9),
)
page.score(
    "constant-not-clamped-away",
    "The constant, whatever direction and clamp.",
    "constant",
    one(direction="lower", normalise=min_max(constant=100)),
    values(5, 5, 5),
)
page.score("constant-all-zero", "All values 0.", "constant", one(normalise=min_max(constant=0)), values(0, 0))
page.score(
    "min-max-thirds",
    "Bounds are exact fractions.",
    "rounding",
    methodology(indicator(formula="a / 3", normalise=min_max()), publication={"decimals": 12, "rounding": "half_even"}),
    values(1, 2, 4, 7, 5),
)
page.score(
    "min-max-tie",
    "Marks that are exact ties at one decimal.",
    "tie rounding",
    methodology(indicator(normalise=min_max()), publication={"decimals": 1, "rounding": "half_up"}),
    values(0, 2000, 1, 3, 5, 999, 1001),
)
page.score(
    "min-max-near-equal",
    "Bounds one bit apart.",
    "tiny rounding",
    one(normalise=min_max()),
    values(1, 1.0000000000000002, 1),
)
page.score(
    "min-max-overflow",
    "A mark that overflows is undefined, as clamped: where it is clamped it does not.",
    "overflow huge",
    methodology(
        [
            indicator(normalise=low_high(F(0), F(5e-324), None, clamp=False)),
            indicator("j", "a", normalise=low_high(F(0), F(5e-324), None)),
        ]
    ),
    values(1e-300, 1, 0, -1, 5e-324),
)
page.score(
    "min-max-huge",
    "The whole range.",
    "huge negative",
    one(normalise=min_max()),
    values(1.7976931348623157e308, -1.7976931348623157e308, 0, 1),
)

# proportion_of.
for name, target, more, row, flags, about in [
    ("max", S("max"), {}, (1, 3, 7), "rounding", "Of the largest."),
    ("quantile-one", Q(1), {}, (1, 3, 7), "quantile-end", "Of the quantile 1, which is the largest."),
    ("quantile-zero", Q(0), {"cap": 150}, (1, 3, 7), "quantile-end", "Of the quantile 0."),
    (
        "fixed",
        F(0.3),
        {"within": None},
        (0.1, 0.3, 7, -1),
        "negative",
        "Of a fixed number; a negative value has a negative mark.",
    ),
    ("zero-target", S("max"), {}, (0, 0, -1), "undefined", "A target of 0 gives no mark."),
    ("negative-target", S("mean"), {}, (-3, 1), "undefined negative", "A target below 0 gives none."),
    ("cap-exact", S("mean"), {"cap": 100}, (5, 10, 15), "tie", "A cap that is just reached."),
    ("min", S("min"), {"cap": 1000}, (1, 3, 70), "", "Of the smallest."),
]:
    for word in ("higher", "lower"):
        page.score(
            f"proportion-{name}-{word}",
            f"{about} {word.capitalize()}.",
            flags or "rounding",
            one(direction=word, normalise=proportion(target, **more)),
            values(*row),
        )
page.score(
    "proportion-lower-zero",
    "Lower, with a value of 0 or less: the cap.",
    "undefined negative",
    methodology(
        [
            indicator(direction="lower", normalise=proportion(S("max"), cap=110)),
            indicator("j", "a", direction="lower", normalise=proportion(S("max"))),
        ]
    ),
    values(0, -2, 5, 10),
)
page.score(
    "proportion-overflow",
    "A mark beyond the range, capped or not.",
    "overflow tiny",
    methodology(
        [
            indicator(direction="lower", normalise=proportion(S("max"), cap=110)),
            indicator("j", "a", direction="lower", normalise=proportion(S("max"))),
        ]
    ),
    values(5e-324, 1e300, 1),
)

# Ranks and percentiles.
page.score(
    "rank-single",
    "One member: `single`.",
    "one-member",
    one(normalise={"method": "rank", "within": "stratum", "single": 12.5}),
    values(3),
)
page.score(
    "rank-single-imputed",
    "One member: `single`, whatever the value, of an imputed one too.",
    "one-member unknown",
    one(unknown="impute_median", normalise={"method": "rank", "within": "cohort", "single": 12.5}),
    values(3, None),
)
for word, direction in DIRECTIONS:
    for name, normalise in (("rank", METHODS["rank"]), ("percentile-rank", METHODS["percentile-rank"])):
        page.score(
            f"{name}-ties-{word}",
            f"{name} with ties at both ends, {word}.",
            "tie constant",
            one(direction=direction, normalise=normalise),
            values(1, 1, 4, 4, 4, 9, 9),
        )
        page.score(
            f"{name}-all-equal-{word}",
            f"{name} of equal values, {word}.",
            "constant tie",
            one(direction=direction, normalise=normalise),
            values(7, 7, 7),
        )
    page.score(
        f"rank-imputed-worst-{word}",
        "An imputed value in a group where it is worse than every member gets 0, not less.",
        "unknown negative",
        methodology(
            indicator(
                direction=direction,
                unknown="impute_median",
                normalise={"method": "rank", "within": "region", "single": 50},
            )
        ),
        cohort(
            [
                Row(i, {"a": a}, region=r)
                for i, a, r in zip("pqrstuvw", (20, 30, 40, 1, 1, None, 2, None), "11122112", strict=True)
            ]
        ),
    )
page.score(
    "rank-exact",
    "Values that round alike are not equal: 1/3 and 0.3333333333333333.",
    "tie rounding",
    methodology(
        [
            indicator("i", "a / b", normalise=METHODS["rank"]),
            indicator("j", "a / b", normalise=METHODS["percentile-rank"]),
        ]
    ),
    cohort(
        [
            Row("p", {"a": 1, "b": 3}),
            Row("q", {"a": 0.3333333333333333, "b": 1}),
            Row("r", {"a": 2, "b": 6}),
            Row("s", {"a": 0.33333333333333337, "b": 1}),
        ]
    ),
)

# z_score.
page.score(
    "z-score-constant",
    "All values equal: the constant, not clamped.",
    "constant",
    one(normalise=z_score(clamp={"low": 50, "high": 60}, constant=5)),
    values(0.1, 0.1, 0.1),
)
page.score(
    "z-score-ddof-one-member",
    "Over n - 1 with one member: constant, as values decide it.",
    "constant one-member",
    one(normalise=z_score(ddof=1)),
    values(3),
)
page.score(
    "z-score-imputed-constant",
    "An imputed value in a constant group gets the constant.",
    "constant unknown",
    one(unknown="impute_median", normalise=z_score()),
    values(3, 3, None),
)
page.score(
    "z-score-spread-zero",
    "A spread that is rounded to 0 where values differ: no mark.",
    "tiny undefined",
    one(normalise=z_score()),
    values(0, 5e-324, 0, 0, 0, 0),
)
page.score(
    "z-score-overflow",
    "A mark beyond the range, clamped or not.",
    "overflow huge",
    methodology(
        [
            indicator(normalise=z_score(scale=1e308, centre=1.7e308)),
            indicator("j", "a", normalise=z_score(scale=1e308, centre=1.7e308, clamp={"low": -5, "high": 5})),
        ]
    ),
    values(1, 2, 50),
)
page.score(
    "z-score-rounded-mean",
    "Mean and spread are used as the decimals that they were rounded to.",
    "rounding",
    methodology(
        indicator(formula="a / 3", normalise=z_score(ddof=1)), publication={"decimals": 12, "rounding": "half_up"}
    ),
    values(1, 2, 4, 7),
)
for weight in ("population", "d"):
    page.score(
        f"z-score-weighted-{weight}",
        f"Weighted by {weight}; who weighs nothing is marked all the same.",
        "weighted population-zero unknown negative",
        one(statistics_weight=weight, normalise=z_score()),
        cohort(
            [
                Row(i, {"a": a}, population=abs(w) * 2 if w is not None else None, attributes={"d": w})
                for i, a, w in zip("pqrst", (1, 2, 4, 9, 9), (1, 2.5, 0.5, 0, None), strict=True)
            ]
        ),
    )
page.score(
    "z-score-weighted-negative",
    "A weight below 0 weighs nothing.",
    "weighted negative",
    one(statistics_weight="d", normalise=z_score()),
    cohort([Row(i, {"a": a}, attributes={"d": w}) for i, a, w in zip("pqr", (1, 2, 4), (1, 2, -1), strict=True)]),
)
page.score(
    "z-score-weighted-constant",
    "Constant among those that weigh.",
    "weighted constant population-zero",
    one(statistics_weight="population", normalise=z_score()),
    cohort([Row(i, {"a": a}, population=w) for i, a, w in zip("pqr", (4, 4, 9), (1, 2, 0), strict=True)]),
)
page.score(
    "z-score-weighted-none",
    "None weighs: no mark.",
    "weighted undefined population-zero",
    one(statistics_weight="population", normalise=z_score()),
    cohort([Row(i, {"a": a}, population=0) for i, a in zip("pq", (4, 9), strict=True)]),
)

# piecewise and bands.
for word, direction in DIRECTIONS:
    page.score(
        f"piecewise-points-{word}",
        f"Values below, at, between and above the points, {word}.",
        "tie",
        one(direction=direction, normalise=METHODS["piecewise"]),
        values(1, 2, 3, 6, 7, 8, 9, 2.0000000000000004),
    )
    page.score(
        f"bands-thresholds-{word}",
        f"Values below, at, between and above the thresholds, {word}.",
        "tie",
        one(direction=direction, normalise=METHODS["bands"]),
        values(1, 2, 3, 5, 6, 1.9999999999999998, 9, -1),
    )
page.score(
    "piecewise-exact",
    "Thirds between the points.",
    "rounding",
    methodology(
        indicator(
            formula="a / 3",
            normalise={"method": "piecewise", "points": [{"at": 0.1, "mark": 0}, {"at": 0.8, "mark": 7.7}]},
        )
    ),
    values(1, 2, 0.3, 2.4),
)
page.score(
    "piecewise-overflow",
    "Points far apart.",
    "huge overflow negative",
    one(
        normalise={
            "method": "piecewise",
            "points": [
                {"at": -1.7976931348623157e308, "mark": -1.7976931348623157e308},
                {"at": 1.7976931348623157e308, "mark": 1.7976931348623157e308},
            ],
        }
    ),
    values(0, 1, -1e308, 1.7976931348623157e308),
)

# Groups that are unknown, and the rules.
for unknown in ("mark_zero", "leave_out", "impute_median", "refuse"):
    page.score(
        f"group-unknown-{unknown}".replace("_", "-"),
        f"A region that is not given, with `unknown` {unknown}: the flag is the same, whatever becomes of the mark.",
        "unknown",
        methodology([indicator(unknown=unknown, normalise=min_max("region")), indicator("j", "b")]),
        cohort(
            [
                Row(i, {"a": a, "b": 10}, region=r)
                for i, a, r in zip("pqrst", (1, 3, 2, 4, None), ("1", "1", "", "1", ""), strict=True)
            ]
        ),
    )
for undefined in ("mark_zero", "raw_zero", "leave_out", "refuse"):
    page.score(
        f"mark-undefined-{undefined}".replace("_", "-"),
        f"A mark without value (the target is 0), with `undefined` {undefined}: the flag is the same.",
        "undefined",
        methodology([indicator(undefined=undefined, normalise=proportion(S("max"), "region")), indicator("j", "b")]),
        cohort([Row(i, {"a": a, "b": 10}, region=r) for i, a, r in zip("pqr", (0, 0, 4), "112", strict=True)]),
    )
page.score(
    "mark-zero-is-zero",
    "A mark 0 by rule is the number 0, not the lowest that the method gives.",
    "undefined unknown",
    methodology(
        indicator(
            formula="a / b",
            undefined="mark_zero",
            unknown="mark_zero",
            normalise={"method": "piecewise", "points": [{"at": 0, "mark": 40}, {"at": 1, "mark": 90}]},
        )
    ),
    cohort([Row("p", {"a": 1, "b": 0}), Row("q", {"a": None, "b": 1}), Row("r", {"a": -4, "b": 1})]),
)
page.score(
    "impute-no-median",
    "A stratum of which nothing is known has no median: it stays unknown.",
    "unknown empty-stratum",
    methodology(
        indicator(unknown="impute_median", normalise=min_max()),
        strata=[stratum("s", population={"below": 5}), stratum("t", population={"from": 5})],
    ),
    cohort(
        [
            Row("p", {"a": None}, population=1),
            Row("q", {"a": 3}, population=9),
            Row("r", {"a": 5}, population=9),
            Row("s", {"a": None}, population=9),
        ]
    ),
)
page.score(
    "impute-two",
    "The median of two is half-way.",
    "unknown two-members",
    one(unknown="impute_median", normalise=min_max()),
    values(1, 4, None),
)
page.score(
    "impute-weighted",
    "A weighted median.",
    "unknown weighted tie",
    one(unknown="impute_median", statistics_weight="population", normalise=min_max()),
    cohort(
        [
            Row(i, {"a": a}, population=p)
            for i, a, p in zip("pqrst", (1, 2, 4, None, None), (1, 2, 5, 1, None), strict=True)
        ]
    ),
)
page.score(
    "impute-not-drawn-in-again",
    "The median is of drawn-in values, and is not drawn in again.",
    "unknown",
    one(unknown="impute_median", winsorise={"low": {"fixed": 3}}, normalise=min_max()),
    values(1, 2, 9, None),
)
page.score(
    "impute-group-unknown",
    "Who has an imputed value and no group is unknown.",
    "unknown",
    one(unknown="impute_median", normalise=min_max("region")),
    cohort(
        [
            Row("p", {"a": 1}, region="1"),
            Row("q", {"a": 4}, region="1"),
            Row("r", {"a": None}),
            Row("s", {"a": None}, region="1"),
        ]
    ),
)
page.score(
    "impute-ranked",
    "An imputed value ranks in no view of the indicator.",
    "unknown",
    methodology(
        indicator(unknown="impute_median", normalise=min_max()),
        views=[view("v", index="root"), view("w", indicator="i")],
    ),
    values(1, 4, None),
)

# What a third implementation, written from this page, found missing.
HALF = 10 * 2**53
for name, above, sign in (("down", 5, ""), ("up", 3, ""), ("negative", 3, "0 - ")):
    page.score(
        f"half-way-{name}",
        "A mark half-way between two binary64s is rounded to the even one.",
        "rounding tie",
        one(formula=f"{sign}a / b", normalise=low_high(F(0), F(100), within=None, clamp=False, constant=0)),
        cohort([Row("p", {"a": HALF + 10 * above, "b": HALF})]),
    )
page.score(
    "half-way-not-quite",
    "A mark above the half by one part in 2^106 is rounded up.",
    "rounding",
    one(formula="(a * a + a + 1) / a / a", normalise=low_high(F(0), F(100), within=None)),
    values(2**53),
)
for name, normalise in {
    "proportion": proportion(S("mean")),
    "low": low_high(S("mean"), S("max"), clamp=False, constant=40),
    "high": low_high(S("min"), S("mean"), clamp=False, constant=40),
    "z-score": z_score(),
}.items():
    page.score(
        f"mean-of-binaries-{name}",
        "A mean is that of the binary64s, not of the decimals that they print as: of 0.1, 0.2 and 0.4 the two differ.",
        "rounding",
        one(normalise=normalise),
        values(0.1, 0.2, 0.4),
    )
for name, normalise in {
    "proportion": proportion(S("mean")),
    "median": proportion(S("median")),
    "low": low_high(S("mean"), S("max"), clamp=False, constant=40),
    "extremes": min_max(),
    "z-score": z_score(),
}.items():
    page.score(
        f"distances-overflow-{name}",
        "A distance beyond binary64's range: a mean or spread over it does not exist, other statistics are exact.",
        "overflow huge",
        one(direction={"closest_to": -1.7e308}, normalise=normalise, undefined="leave_out"),
        values(1.7e308, -1.7e308, 0, 1.6e308),
    )

# Quotients of whole numbers that everybody has, where a limit changes some marks.
WHOLE = cohort(
    [
        Row("p", {"n": 6, "k": 2}),
        Row("q", {"n": 3, "k": 3}),
        Row("r", {"n": 8, "k": 4}),
        Row("s", {"n": 2, "k": 4}),
    ]
)
for name, members, published in (
    ("clamped", {"normalise": low_high(F(1), F(2), None)}, "100.0 0.0 100.0 0.0"),
    ("capped", {"normalise": proportion(S("mean"), cap=120)}, "120.0 61.5 120.0 30.8"),
    ("z-score-clamped", {"normalise": z_score(clamp={"low": 45, "high": 55})}, "55.0 45.0 53.9 45.0"),
    ("winsorised", {"normalise": min_max(), "winsorise": {"high": F(2)}}, "100.0 33.3 100.0 0.0"),
):
    page.score(
        f"quotients-{name}",
        f"Quotients of whole numbers that everybody has, {name}.",
        "limit rounding",
        one(formula="n / k", **members),
        WHOLE,
        published,
    )
