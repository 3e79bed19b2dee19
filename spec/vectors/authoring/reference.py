"""reference.md: members, statistics, small strata; the document; one territory alone."""

from __future__ import annotations

import json
from typing import Any

from bareme_independent import api
from bareme_independent import documents as doc

from .build import (
    BEFORE,
    Row,
    changed,
    child,
    cohort,
    fr,
    index,
    indicator,
    inner,
    low_high,
    methodology,
    metric,
    min_max,
    one,
    proportion,
    ranking,
    stratum,
    values,
    view,
    z_score,
)
from .case import Page, bytes_of, given
from .methodology import pin_of
from .rank import grades

page = Page("reference")
Json = dict[str, Any]
S = lambda word: {"statistic": word}  # noqa: E731
Q = lambda q: {"quantile": q}  # noqa: E731


def drawn(name: str, about: str, flags: str, m: Json, c: Json, others: Any = ()) -> None:
    """The reference of a cohort."""
    page.add(name, about, flags, "reference", methodology=m, cohort=c, others=others)


def document(m: Json, c: Json, others: Any = ()) -> Json:
    """The reference of a cohort, to be changed."""
    made = api.reference(bytes_of(given(c)), bytes_of(given(m)), [bytes_of(given(o)) for o in others])
    assert isinstance(made, dict), made
    return json.loads(doc.canonical(made))


def alone(name: str, about: str, flags: str, m: Json, c: Json, one_row: Row, **more: Any) -> None:
    """A territory against the reference of a cohort; the reference's period is the period."""
    page.alone(name, about, flags, m, c, cohort([one_row], period=None), **more)


# The example.
FEW = [
    stratum("few", population={"below": 1000}, minimum_size=3, fallback="many"),
    stratum("many", population={"from": 1000}),
]
EXAMPLE = methodology(
    indicator(unknown="impute_median", normalise=low_high(S("min"), Q(0.75), "stratum")),
    strata=FEW,
    ranking=ranking(order_by="published", tie_breakers=[{"indicator": "i"}], within=["region", "cohort"]),
)
ROWS = [
    Row("p", {"a": 1}, population=1, region="84"),
    Row("q", {"a": 4}, population=1, region="84"),
    Row("r", {"a": 2}, population=1000, region="11"),
    Row("s", {"a": 7}, population=1000),
    Row("t", {"a": None}, population=1000, region="11"),
    Row("u", {"a": 9}, population=1000, region="11"),
]
COHORT = cohort(ROWS)
drawn("example", "The example of the page.", "small-stratum unknown tie", EXAMPLE, COHORT)
drawn(
    "example-other-order",
    "Rows in another order: the same reference, byte for byte.",
    "small-stratum unknown tie order digest",
    EXAMPLE,
    cohort(ROWS[::-1]),
)
page.score(
    "example-scored",
    "The scores of the example.",
    "small-stratum unknown tie",
    EXAMPLE,
    COHORT,
    "0.0 50.0 0.0 83.3 83.3 100.0",
)
for row in ROWS:
    alone(
        f"alone-{row.territory['id']}",
        "A member given as the cohort has it gets what the scoring of the cohort says of it.",
        "small-stratum unknown",
        EXAMPLE,
        COHORT,
        row,
    )
alone(
    "alone-stranger",
    "The stranger of the page.",
    "tie",
    EXAMPLE,
    COHORT,
    Row("z", {"a": 7}, population=1000, region="11"),
)
alone(
    "alone-new-metrics",
    "The member with new metrics of the page: its own old entry does not count.",
    "tie",
    EXAMPLE,
    COHORT,
    Row("u", {"a": 1}, population=1000, region="11"),
)
alone(
    "alone-stranger-worst",
    "A stranger worse than all: the place of + 1.",
    "tie",
    EXAMPLE,
    COHORT,
    Row("z", {"a": 0.5}, population=1000, region="11"),
)
alone(
    "alone-stranger-no-region", "A stranger without region.", "tie", EXAMPLE, COHORT, Row("z", {"a": 100}, population=1)
)
alone(
    "alone-stranger-new-region",
    "A region that nobody had: place 1 of 0.",
    "empty-stratum",
    EXAMPLE,
    COHORT,
    Row("z", {"a": 100}, population=1, region="76"),
)
alone(
    "alone-unknown",
    "A stranger of whom the metric is unknown: imputed.",
    "unknown",
    EXAMPLE,
    COHORT,
    Row("z", {"a": None}, population=1000, region="11"),
)
alone(
    "alone-not-named",
    "A metric that is not even named is unknown: missing metrics are not asked.",
    "unknown",
    EXAMPLE,
    COHORT,
    Row("z", {"b": 1}, population=1000, region="11"),
)
alone(
    "alone-absent", "A stranger on no network.", "absent", EXAMPLE, COHORT, Row("z", None, population=1000, region="11")
)
alone("alone-outside", "A stranger outside.", "outside", EXAMPLE, COHORT, Row("z", {"a": 4}, region="11"))
page.add(
    "alone-fault",
    "Checks of a cohort, with its places.",
    "malformed alone",
    "alone",
    "negative_value /territories/0/population",
    methodology=EXAMPLE,
    reference=document(EXAMPLE, COHORT),
    cohort=cohort([Row("z", {"a": 4}, population=-1)], period=None),
)
page.add(
    "alone-fault-under",
    "And those under the methodology.",
    "malformed alone",
    "alone",
    "unknown_structure_type /territories/0/structure_type\nunknown_metric /accounts/0/metrics/zz",
    methodology=EXAMPLE,
    reference=document(EXAMPLE, COHORT),
    cohort=cohort([Row("z", {"a": 4, "zz": 1}, structure_type="canton")], period=None),
)

# Quantiles: every place between members.
for n in (1, 2, 3, 5):
    for name, q in [
        ("zero", 0),
        ("tenth", 0.1),
        ("quarter", 0.25),
        ("half", 0.5),
        ("third", 0.3333333333333333),
        ("ninety-nine", 0.99),
        ("one", 1),
    ]:
        drawn(
            f"quantile-{name}-of-{n}",
            f"The quantile {q} of {n} members, type 7.",
            "quantile-end" if q in (0, 1) else "rounding",
            one(normalise=proportion(Q(q))),
            values(*(1, 2, 4, 8, 16)[:n]),
        )
drawn(
    "quantile-no-binary",
    "0.1 is a tenth: h is whole where a binary64 would not be.",
    "tie rounding",
    one(normalise=proportion(Q(0.1))),
    values(*range(1, 12)),
)
drawn(
    "quantile-of-fractions",
    "Of thirds: an exact fraction.",
    "rounding",
    methodology(indicator(formula="a / 3", normalise=proportion(Q(0.35)))),
    values(1, 2, 4, 8),
)
WEIGHTS = (1, 2, 5)
for name, q in [
    ("zero", 0),
    ("eighth", 0.125),
    ("three-eighths", 0.375),
    ("just-above", 0.375000000000001),
    ("half", 0.5),
    ("one", 1),
]:
    drawn(
        f"weighted-quantile-{name}",
        f"The weighted quantile {q}: the smallest value whose cumulative weight reaches it, equal included.",
        "weighted tie" + (" quantile-end" if q in (0, 1) else ""),
        one(statistics_weight="population", normalise=proportion(Q(q))),
        cohort([Row(i, {"a": a}, population=p) for i, a, p in zip("pqr", (1, 2, 4), WEIGHTS, strict=True)]),
    )
drawn(
    "weighted-quantile-zero-weight",
    "The quantile 0 is the smallest value that weighs; minimum and maximum are never weighted.",
    "weighted quantile-end population-zero",
    methodology(
        [
            indicator(statistics_weight="population", normalise=low_high(S("min"), Q(0.5))),
            indicator("j", "a", statistics_weight="population", normalise=low_high(Q(0), S("max"))),
        ]
    ),
    cohort(
        [Row(i, {"a": a}, population=p) for i, a, p in zip("pqrst", (1, 2, 4, 8, 16), (0, 3, 3, None, 1), strict=True)]
    ),
)
drawn(
    "weighted-exact",
    "Weights are summed as decimals: 0.1 + 0.2 reaches 0.3 of 1.",
    "weighted tie rounding",
    one(statistics_weight="d", normalise=proportion(Q(0.3))),
    cohort([Row(i, {"a": a}, attributes={"d": d}) for i, a, d in zip("pqr", (1, 2, 4), (0.1, 0.2, 0.7), strict=True)]),
)
drawn(
    "weighted-mean",
    "Weighted mean and spread, at binary values.",
    "weighted rounding",
    methodology(
        [
            indicator(statistics_weight="d", normalise=proportion(S("mean"))),
            indicator("j", "b", statistics_weight="d", normalise=z_score()),
        ]
    ),
    cohort(
        [
            Row(i, {"a": a, "b": b}, attributes={"d": d})
            for i, a, b, d in zip("pqrst", (1, 2, 4, 9, 9), (0.1, 0.2, 0.4, 1, 1), (0.1, 2, 5, 0, -1), strict=True)
        ]
    ),
)
drawn(
    "weighted-none",
    "None weighs: no weighted statistic, while the smallest value is there.",
    "weighted population-zero undefined",
    methodology(
        [
            indicator(statistics_weight="population", normalise=proportion(S("median"))),
            indicator("j", "a", statistics_weight="population", normalise=low_high(S("min"), Q(1))),
        ]
    ),
    cohort([Row(i, {"a": a}, population=p) for i, a, p in zip("pq", (1, 2), (0, None), strict=True)]),
)

# What each method keeps.
WITHIN_REGION: dict[str, Json] = {
    "min-max": min_max("region"),
    "min-max-mixed": low_high({"fixed": 0}, S("mean"), "region"),
    "proportion": proportion(S("median"), "region"),
    "percentile-rank": {"method": "percentile_rank", "within": "region"},
    "rank": {"method": "rank", "within": "region", "single": 50},
    "z-score": z_score("region"),
    "z-score-ddof": z_score("region", ddof=1),
}
GROUPED = [
    Row(i, {"a": a}, region=r)
    for i, a, r in zip("pqrstuvw", (1, 5, 5, 7, 3, None, 2, None), ("1", "1", "1", "2", "", "3", "1", "2"), strict=True)
]
for name, normalise in WITHIN_REGION.items():
    m = methodology(indicator(normalise=normalise, unknown="impute_median"), ranking=ranking(within=["region"]))
    drawn(
        f"keeps-{name}",
        f"What {name} keeps of each group: of several members, of one, of none.",
        "one-member empty-stratum unknown constant",
        m,
        cohort(GROUPED),
    )
    for letter in "pqtuw":
        row = next(row for row in GROUPED if row.territory["id"] == letter)
        alone(
            f"keeps-{name}-{letter}",
            "Scored alone, a member gets the same.",
            "unknown one-member",
            m,
            cohort(GROUPED),
            row,
        )
    alone(
        f"keeps-{name}-stranger",
        "A stranger, between the members.",
        "tie",
        m,
        cohort(GROUPED),
        Row("z", {"a": 4}, region="1"),
    )
    alone(
        f"keeps-{name}-equal",
        "A stranger equal to two members.",
        "tie",
        m,
        cohort(GROUPED),
        Row("z", {"a": 5}, region="1"),
    )
    alone(
        f"keeps-{name}-moved", "A member with another value.", "tie", m, cohort(GROUPED), Row("q", {"a": 1}, region="1")
    )
    alone(
        f"keeps-{name}-gone",
        "A member whose value is unknown now: its old entry is taken out.",
        "unknown",
        m,
        cohort(GROUPED),
        Row("q", {"a": None}, region="1"),
    )
    alone(
        f"keeps-{name}-only-gone",
        "The only member of a group, unknown now.",
        "unknown one-member",
        m,
        cohort(GROUPED),
        Row("t", {"a": None}, region="2"),
    )
TIED = cohort([member if member.territory["id"] != "s" else Row("s", {"a": 7}, region="1") for member in GROUPED])
for name in ("percentile-rank", "rank"):
    m = methodology(indicator(normalise=WITHIN_REGION[name], unknown="impute_median"))
    for moved, row in (
        ("risen", Row("p", {"a": 6}, region="1")),
        ("risen-to-equal", Row("p", {"a": 7}, region="1")),
        ("fallen-to-equal", Row("s", {"a": 5}, region="1")),
        ("risen-above-all", Row("q", {"a": 9}, region="1")),
    ):
        alone(
            f"moved-{name}-{moved}",
            "A member whose new value stands elsewhere in the distribution: it leaves its old place, wherever that is.",
            "tie",
            m,
            TIED,
            row,
        )
    alone(
        f"moved-{name}-only-gone",
        "The only member of a group, unknown now, takes a median with it: nobody is left, and there is no distribution.",
        "unknown one-member",
        m,
        cohort(GROUPED),
        Row("s", {"a": None}, region="2"),
    )
    alone(
        f"moved-{name}-only",
        "The only member of a group, with another value, is still alone in it.",
        "one-member",
        m,
        cohort(GROUPED),
        Row("s", {"a": 2}, region="2"),
    )
for name, normalise in [
    ("fixed", low_high({"fixed": 0}, {"fixed": 9}, None)),
    ("target", proportion({"fixed": 9}, None)),
    ("piecewise", {"method": "piecewise", "points": [{"at": 0, "mark": 0}, {"at": 9, "mark": 90}]}),
    ("bands", {"method": "bands", "bands": [{"at": 3, "mark": 9}], "otherwise": 1}),
    ("none", {"method": "none"}),
]:
    drawn(
        f"keeps-nothing-{name}",
        "A method that keeps no statistics, and no groups; medians all the same.",
        "unknown",
        one(unknown="impute_median", normalise=normalise),
        values(1, 5, None),
    )
drawn(
    "keeps-no-overflow",
    "A mean beyond the range does not exist; nor does one over a value that rounds to an infinity.",
    "overflow huge",
    methodology(
        [
            indicator(formula="a", direction={"closest_to": -1.7976931348623157e308}, normalise=proportion(S("mean"))),
            indicator("j", "a", direction={"closest_to": -1.7976931348623157e308}, normalise=z_score()),
            indicator("k", "b", direction={"closest_to": 0}, normalise=proportion(S("mean"))),
        ]
    ),
    cohort([Row("p", {"a": 1.7976931348623157e308, "b": 1}), Row("q", {"a": 0, "b": 2})]),
)
drawn(
    "constant-no-mean",
    "A constant group without a mean has no statistic.",
    "constant overflow huge",
    one(direction={"closest_to": -1.7976931348623157e308}, normalise=z_score()),
    values(1.7976931348623157e308, 1.7976931348623157e308),
)
drawn(
    "spread-zero",
    "A spread that rounds to 0 is written; the group is not constant.",
    "tiny",
    one(normalise=z_score()),
    values(0, 5e-324, 0, 0, 0, 0),
)
drawn(
    "ineligible-not-counted",
    "Who is ineligible, outside, absent or unknown enters nothing; a raw zero does, a weight of 0 in the index does not matter.",
    "ineligible outside absent unknown undefined",
    methodology(
        [
            indicator(
                formula="a / b", undefined="raw_zero", normalise={"method": "rank", "within": "cohort", "single": 0}
            ),
            indicator("j", "c"),
        ],
        index(of=[child("i", 0), child("j")]),
        strata=[stratum(population={"from": 1})],
        eligibility=[{"id": "e", "label": fr("e"), "require": "c > 0"}],
    ),
    cohort(
        [
            Row("p", {"a": 1, "b": 1, "c": 1}, population=5),
            Row("q", {"a": 1, "b": 0, "c": 1}, population=5),
            Row("r", {"a": 9, "b": 1, "c": 0}, population=5),
            Row("s", {"a": 9, "b": 1, "c": 1}, population=0),
            Row("t", {"a": None, "b": 1, "c": 1}, population=5),
            Row("u", population=5),
        ]
    ),
)

# Limits and medians.
LIMITED = methodology(
    indicator(
        winsorise={"within": "region", "low": Q(0.25), "high": Q(0.75)}, unknown="impute_median", normalise=min_max()
    ),
    strata=[
        stratum("s", population={"below": 10}),
        stratum("t", population={"from": 10}),
        stratum("none", ["departement"]),
    ],
)
MANY = cohort(
    [
        Row(i, {"a": a}, population=p, region=r)
        for i, a, p, r in zip(
            "pqrstuvwk",
            (1, 5, 9, 20, 4, 50, None, None, 3),
            (1, 1, 1, 20, 20, 20, 1, 20, 1),
            ("1", "1", "2", "1", "2", "1", "", "3", "2"),
            strict=True,
        )
    ]
)
drawn(
    "limits",
    "Limits of each group, of one without members too; medians of each stratum that has one.",
    "unknown empty-stratum",
    LIMITED,
    MANY,
)
for letter, row in (
    ("q", Row("q", {"a": 5}, population=1, region="1")),
    ("u", Row("u", {"a": 50}, population=20, region="1")),
    ("v", Row("v", {"a": None}, population=1)),
    ("stranger", Row("z", {"a": 1000}, population=20, region="2")),
    ("new-region", Row("z", {"a": 1000}, population=20, region="9")),
):
    alone(
        f"limits-{letter}",
        "Scored alone with limits and medians; where no limit is written nothing is drawn in.",
        "unknown",
        LIMITED,
        MANY,
        row,
    )
drawn(
    "limits-fixed",
    "Fixed limits: one entry, of the group that is everybody.",
    "order",
    one(winsorise={"low": {"fixed": 2}}, normalise=min_max()),
    values(1, 5),
)
drawn(
    "limits-nobody",
    "No territory has a region: no entry, and the member is left out.",
    "empty-stratum",
    one(winsorise={"within": "region", "low": Q(0.5)}, normalise=min_max()),
    values(1, 5),
)

# Small strata.
CHAIN = [
    stratum("s", population={"below": 10}, minimum_size=3, fallback="t"),
    stratum("t", population={"from": 10, "below": 20}, minimum_size=4, fallback="u"),
    stratum("u", population={"from": 20}),
]


def sizes(*counts: int) -> Json:
    """A cohort with so many members in each stratum of the chain, each with another value."""
    rows = []
    for place, count in enumerate(counts):
        rows += [Row(f"{'stu'[place]}{n}", {"a": 10 * place + n * n}, population=10 * place + 1) for n in range(count)]
    return cohort(rows)


for counts in [
    (0, 0, 0),
    (1, 0, 0),
    (2, 1, 3),
    (2, 2, 3),
    (3, 1, 2),
    (2, 3, 0),
    (1, 3, 2),
    (0, 4, 1),
    (1, 1, 1),
    (3, 3, 3),
    (0, 0, 2),
]:
    if not sum(counts):
        continue
    drawn(
        f"chain-{'-'.join(map(str, counts))}",
        f"A chain of strata of sizes {counts}, which want 3 and 4: each that joins brings its own minimum; a size equal to it is enough.",
        "small-stratum"
        + (" empty-stratum" if 0 in counts else "")
        + (" one-member" if 1 in counts else "")
        + (" two-members" if 2 in counts else ""),
        methodology(indicator(normalise=min_max("stratum")), strata=CHAIN),
        sizes(*counts),
    )
page.score(
    "chain-scored",
    "The marks and flags of such a chain.",
    "small-stratum",
    methodology(indicator(normalise=min_max("stratum")), strata=CHAIN),
    sizes(2, 1, 3),
)
drawn(
    "chain-eligible-size",
    "The size is of those eligible with an account, known or not; not of members.",
    "small-stratum unknown ineligible absent",
    methodology(
        indicator(normalise=min_max("stratum")),
        strata=[
            stratum("s", population={"below": 10}, minimum_size=2, fallback="t"),
            stratum("t", population={"from": 10}),
        ],
        eligibility=[{"id": "e", "label": fr("e"), "require": "b > 0"}],
    ),
    cohort(
        [
            Row("p", {"a": 1, "b": 1}, population=1),
            Row("q", {"a": None, "b": 1}, population=1),
            Row("r", {"a": 3, "b": 1}, population=11),
        ]
    ),
)
drawn(
    "chain-not-enough-eligible",
    "Ineligible and absent do not count.",
    "small-stratum ineligible absent",
    methodology(
        indicator(normalise=min_max("stratum")),
        strata=[
            stratum("s", population={"below": 10}, minimum_size=2, fallback="t"),
            stratum("t", population={"from": 10}),
        ],
        eligibility=[{"id": "e", "label": fr("e"), "require": "b > 0"}],
    ),
    cohort(
        [
            Row("p", {"a": 1, "b": 1}, population=1),
            Row("q", {"a": 2, "b": 0}, population=1),
            Row("s", population=1),
            Row("r", {"a": 3, "b": 1}, population=11),
        ]
    ),
)
drawn(
    "chain-each-network",
    "A stratum may be too small on one network and not on another.",
    "small-stratum",
    methodology(
        indicator(normalise=min_max("stratum")),
        inner("root", [child(index("on-x")), child(index("on-y", network="y"))]),
        strata=[
            stratum("s", population={"below": 10}, minimum_size=2, fallback="t"),
            stratum("t", population={"from": 10}),
        ],
    ),
    cohort(
        [
            Row("p", {"a": 1}, {"a": 1}, population=1),
            Row("q", {"a": 2}, population=1),
            Row("r", {"a": 3}, {"a": 3}, population=11),
        ]
    ),
)
drawn(
    "chain-distribution",
    "A distribution of a larger group: members are those whose own group it is.",
    "small-stratum tie",
    methodology(indicator(normalise={"method": "percentile_rank", "within": "stratum"}), strata=CHAIN),
    sizes(2, 1, 3),
)
for letter in ("s0", "t0", "u2"):
    place = "stu".index(letter[0])
    alone(
        f"chain-{letter}",
        "A member of a small stratum, alone, with a distribution of the larger group.",
        "small-stratum tie",
        methodology(indicator(normalise={"method": "percentile_rank", "within": "stratum"}), strata=CHAIN),
        sizes(2, 1, 3),
        Row(letter, {"a": 10 * place + int(letter[1]) ** 2}, population=10 * place + 1),
    )
drawn(
    "minimum-zero",
    "A minimum size of 0: never too small, even without members.",
    "small-stratum empty-stratum",
    methodology(
        indicator(normalise=min_max("stratum")),
        strata=[
            stratum("s", population={"below": 10}, minimum_size=0, fallback="t"),
            stratum("t", population={"from": 10}),
        ],
    ),
    values(1, 2),
)

# The document.
VIEWS = [view("v", index="root"), view("w", indicator="j"), view("z", indicator="k")]
RANKED = methodology(
    [
        indicator(),
        indicator("j", "b / 3", direction={"closest_to": 1}, normalise=None),
        indicator("k", "population", direction="lower", normalise=None),
    ],
    index(),
    views=VIEWS,
    ranking=ranking(ties="dense", within=["region", ["stratum", "department"]], tie_breakers=[{"indicator": "k"}]),
    publication={
        "decimals": 1,
        "rounding": "half_up",
        "grades": grades("rank", ("top", 0.5), view="w", within="structure_type"),
    },
)
PEOPLE = cohort(
    [
        Row(i, {"a": a, "b": b}, population=p, region=r, department=d)
        for i, a, b, p, r, d in zip(
            "pqrstu",
            (1, 2, 2, 2, None, 9),
            (1, 5, None, 4, 3, 3),
            (5, None, 7, 7, 7, 7),
            ("1", "1", "", "2", "1", "2"),
            ("01", "", "01", "02", "01", "02"),
            strict=True,
        )
    ]
)
drawn(
    "ranked-values",
    "Keys of views with tie-breakers, exact and as scores; finest groups by every dimension of ranks and grades.",
    "tie unknown",
    RANKED,
    PEOPLE,
)
for letter in "pqrstu":
    row = next(
        Row(
            t["id"],
            next(a["metrics"] for a in PEOPLE["accounts"] if a["territory"] == t["id"]),
            **{n: v for n, v in t.items() if n != "id"},
        )
        for t in PEOPLE["territories"]
        if t["id"] == letter
    )
    alone(f"ranked-values-{letter}", "Ranks and grade of a member, alone.", "tie unknown", RANKED, PEOPLE, row)
alone(
    "ranked-values-stranger",
    "A stranger among dense ranks.",
    "tie",
    RANKED,
    PEOPLE,
    Row("z", {"a": 2, "b": 5}, population=7, region="2", department="02"),
)
alone(
    "ranked-values-moved",
    "A member who moved to another region, with another value.",
    "tie",
    RANKED,
    PEOPLE,
    Row("s", {"a": 9, "b": 3}, population=7, region="1", department="01"),
)
DENSE = methodology(ranking=ranking(ties="dense"))
for was, place in (("shared", 4), ("alone", 3)):
    alone(
        f"dense-own-key-{was}",
        f"A member that falls behind all others: its own old key, {was} in the group, makes it {place}th among dense ranks.",
        "tie",
        DENSE,
        values(10, 10, 7, 5) if was == "shared" else values(10, 7, 7, 5),
        Row("p", {"a": 1}),
    )
drawn(
    "groups-order",
    "Groups are ordered by their dimensions and values, byte by byte.",
    "order",
    methodology(
        indicator(normalise=min_max(["region", "department"])), ranking=ranking(within=[["region", "department"]])
    ),
    cohort(
        [
            Row(f"t{n}", {"a": n}, region=r, department=d)
            for n, (r, d) in enumerate(
                (("é", "1"), ("z", "10"), ("z", "9"), ("", "z"), ("Z", ""), ("", ""), ("😀", "1"), ("\uffee", "1"))
            )
        ]
    ),
)
drawn("empty-views", "A view in which nobody has a value.", "unknown empty-stratum", methodology(), values(None, None))
drawn("no-period", "A cohort without period.", "order", methodology(), cohort([Row("p", {"a": 1})], period=None))
drawn("synthetic", "Of a synthetic cohort.", "digest", methodology(), {**values(1, 2), "synthetic": True})
alone(
    "alone-synthetic",
    "Against a synthetic reference the result is synthetic.",
    "digest",
    methodology(),
    {**values(1, 2), "synthetic": True},
    Row("p", {"a": 1}),
)
drawn(
    "published-keys",
    "Keys by published scores, with more digits than a binary64.",
    "tie huge",
    methodology(
        indicator(formula="a / 3"),
        publication={"decimals": 12, "rounding": "half_up"},
        ranking=ranking(order_by="published"),
    ),
    values(100000, 100000.00000000001, 99999.99999999999),
)
alone(
    "published-keys-alone",
    "A place among such keys.",
    "tie huge",
    methodology(
        indicator(formula="a / 3"),
        publication={"decimals": 12, "rounding": "half_up"},
        ranking=ranking(order_by="published"),
    ),
    values(100000, 100000.00000000001, 99999.99999999999),
    Row("z", {"a": 100000.00000000001}),
)
drawn(
    "score-keys",
    "Keys by scores: the text of each.",
    "tiny huge negative minus-zero",
    methodology(),
    values(1e21, 1e-7, 5e-324, -1e300, 0.1, 0),
)
GROWTH = methodology(indicator(formula="a - previous.a", normalise=min_max()))
GREW = cohort([Row("p", {"a": 5}, before={"a": 1}), Row("q", {"a": 9}, before={"a": 8}), Row("r", {"a": 2})])
drawn("growth", "Of two periods; the reference holds the dates of this one.", "previous unknown", GROWTH, GREW)
page.alone(
    "growth-alone",
    "A member with its accounts of both periods.",
    "previous",
    GROWTH,
    GREW,
    cohort([Row("p", {"a": 5}, before={"a": 1})], period=None),
)
page.alone(
    "growth-alone-new",
    "A stranger without accounts in the previous period: unknown, and not missing.",
    "previous unknown",
    GROWTH,
    GREW,
    cohort([Row("z", {"a": 5})], period=None),
)
page.alone(
    "growth-alone-former",
    "A stranger with former ids.",
    "previous",
    {**GROWTH, "several_accounts": "sum", "metrics": {"a": metric("a", "count")}},
    GREW,
    cohort(
        [Row("z", {"a": 50}, formerly=["z1", "z2"])],
        period=None,
        previous={
            "period": BEFORE,
            "accounts": [{"territory": i, "network": "x", "metrics": {"a": 4}} for i in ("z1", "z2")],
        },
    ),
)

# Pins.
OTHER = methodology(
    indicator(normalise={"method": "rank", "within": "stratum", "single": 50}),
    id="other",
    strata=[stratum("o1", population={"below": 10}), stratum("o2", population={"from": 10})],
    ranking=ranking(within=["region"]),
)
PINNING = methodology(
    indicator("own", "b", normalise=min_max()),
    inner("root", [child(index("mine", [child("own")])), child(pin_of(OTHER), 2, absent="zero")]),
    ranking=ranking(within=["region"]),
)
BOTH = cohort(
    [
        Row(i, {"a": a, "b": b}, population=p, region=r)
        for i, a, b, p, r in zip("pqrs", (1, 2, 3, 4), (9, 8, 7, None), (1, 1, 20, None), "1121", strict=True)
    ]
)
drawn(
    "parts",
    "The statistics of what is pinned are a part; where groups and seats are those of the methodology they are left out.",
    "pinned outside unknown",
    PINNING,
    BOTH,
    [OTHER],
)
OTHERWISE = {**OTHER, "ranking": ranking(within=["cohort"])}
ELSEWHERE = methodology(
    indicator("own", "b", normalise=min_max()),
    inner("root", [child(index("mine", [child("own")])), child(pin_of(OTHERWISE), 2, absent="zero")]),
    ranking=ranking(within=["region"]),
)
drawn("parts-other-groups", "A part that ranks otherwise has its own.", "pinned", ELSEWHERE, BOTH, [OTHERWISE])
for letter, row in (
    ("p", Row("p", {"a": 1, "b": 9}, population=1, region="1")),
    ("s", Row("s", {"a": 4, "b": None}, region="1")),
    ("stranger", Row("z", {"a": 2, "b": 8.5}, population=1, region="2")),
):
    page.alone(
        f"parts-{letter}",
        "Alone, with a part.",
        "pinned outside" if letter == "s" else "pinned",
        PINNING,
        BOTH,
        cohort([row], period=None),
        others=[OTHER],
    )

# Reading.
REFERENCE = document(EXAMPLE, COHORT)
RANKS = methodology(
    indicator(
        winsorise={"within": "region", "low": Q(0.1)},
        unknown="impute_median",
        normalise={"method": "rank", "within": "region", "single": 0},
    )
)
DISTRIBUTED = document(RANKS, cohort(GROUPED))
PARTED = document(PINNING, BOTH, [OTHER])
PERSON = cohort([Row("z", {"a": 4}, population=1)], period=None)


def reading(name: str, finds: str | None, about: str, reference: Any, m: Json = EXAMPLE, others: Any = ()) -> None:
    """A reference with faults, or (`finds` None) without."""
    page.add(
        f"read-{name}",
        about,
        ("alone malformed" if finds else "alone") + (" pinned" if others else ""),
        "alone",
        finds,
        methodology=m,
        reference=reference,
        cohort=PERSON,
        others=others,
    )


ST = "/statistics"
C0 = "/statistics/criteria/0"
reading("sound", None, "The reference that these cases change.", REFERENCE)
reading("formatted", None, "In any form.", json.dumps(REFERENCE, indent=2, ensure_ascii=False))
reading("text", "json_syntax 1:1", "No JSON.", "reference")
reading("kind", "unknown_value /document", "Another kind.", EXAMPLE)
reading(
    "shape",
    "unknown_field /colour\nmissing_field\nwrong_type /members/0",
    "Its shape.",
    {**{n: v for n, v in REFERENCE.items() if n != "status"}, "colour": 1, "members": [1]},
)
for name, path, value, finds, about in [
    (
        "other-version",
        f"{ST}/methodology/version",
        "2",
        f"pin_mismatch {ST}/methodology",
        "Of another version; nothing more is looked at.",
    ),
    (
        "other-method",
        f"{ST}/methodology/method_sha256",
        "0" * 64,
        f"pin_mismatch {ST}/methodology",
        "Of another method.",
    ),
    ("date", "/period/to", "2026-02-30", "invalid_date /period/to", "A date that is none."),
    ("period-order", "/period/to", "2026-01-01", "bounds_order /period/to", "A period that ends before it begins."),
    (
        "both-dates",
        "/period",
        {"from": "x", "to": "y"},
        "invalid_date /period/from\ninvalid_date /period/to",
        "Both dates.",
    ),
    (
        "members-order",
        "/members",
        ["q", "p", "r", "s", "t", "u"],
        "unknown_reference /members",
        "Members out of order.",
    ),
    ("members-twice", "/members", ["p", "p", "r", "s", "t", "u"], "unknown_reference /members", "A member twice."),
    ("no-criteria", f"{ST}/criteria", [], f"unknown_reference {ST}/criteria", "Not as many criteria."),
    ("criterion-indicator", f"{C0}/indicator", "j", f"unknown_reference {C0}/indicator", "Another indicator."),
    ("criterion-network", f"{C0}/network", "y", f"unknown_reference {C0}/indicator", "Another network."),
    ("seats", f"{ST}/seats", [0], f"unknown_reference {ST}/seats", "Not as many seats as members."),
    ("seat", f"{ST}/seats/1", 9, f"unknown_reference {ST}/seats/1", "A seat that is no place."),
    ("no-rankings", f"{ST}/rankings", {}, f"unknown_reference {ST}/rankings/v", "A view without ranked values."),
    (
        "rankings-length",
        f"{ST}/rankings/v/members",
        [[0]],
        f"unknown_reference {ST}/rankings/v",
        "Keys and members of unequal length.",
    ),
    (
        "key-length",
        f"{ST}/rankings/v/keys/0",
        ["100.0"],
        f"unknown_reference {ST}/rankings/v",
        "A key without a text for each tie-breaker.",
    ),
    ("key-form", f"{ST}/rankings/v/keys/0/0", "100", f"unknown_reference {ST}/rankings/v", "A text in another form."),
    ("key-order", f"{ST}/rankings/v/keys/0/0", "1.0", f"unknown_reference {ST}/rankings/v", "Keys out of order."),
    (
        "key-member",
        f"{ST}/rankings/v/members/0",
        [77],
        f"unknown_reference {ST}/rankings/v",
        "A number that is no member's.",
    ),
    (
        "key-member-twice",
        f"{ST}/rankings/v/members/0",
        [5, 3],
        f"unknown_reference {ST}/rankings/v",
        "A member twice in a view.",
    ),
    (
        "key-without-value",
        f"{ST}/rankings/v/keys/5/0",
        "",
        f"unknown_reference {ST}/rankings/v",
        "No value where the view orders: the empty string is for tie-breakers.",
    ),
    ("parts", f"{ST}/parts", [], None, "An empty list of parts, where nothing is pinned."),
    ("exact", f"{C0}/groups/0/low", "2/4", f"not_a_number {C0}/groups/0/low", "A text that is no exact."),
    ("median", f"{C0}/medians/few", "5", f"not_a_number {C0}/medians/few", "A median that is no exact."),
    ("median-elsewhere", f"{C0}/medians/none", "x", None, "Of a stratum that there is not nothing is asked."),
    (
        "group-dimension",
        f"{C0}/groups/0/group",
        {"region": "1"},
        f"unknown_reference {C0}/groups/0/group",
        "A group of other dimensions.",
    ),
    ("group-twice", f"{C0}/groups/1/group", {"stratum": "few"}, f"duplicate_id {C0}/groups/1/group", "A group twice."),
]:
    reading(name, finds, about, changed(REFERENCE, path, value))
for text in (
    "1/-2",
    "+1/2",
    "0/2",
    "-0/1",
    "01/2",
    "1",
    "1/0",
    "",
    " 1/2",
    "1/2 ",
    "1.5/1",
    "1" * 25000 + "/" + "3" * 25000 + "1",
):
    name = {
        "": "empty",
        "1": "whole",
        "1/0": "over-zero",
        " 1/2": "space-before",
        "1/2 ": "space-after",
        "1.5/1": "decimal",
        "1/-2": "negative-below",
        "+1/2": "plus",
        "0/2": "zero",
        "-0/1": "minus-zero",
        "01/2": "leading-zero",
    }.get(text, "too-long")
    reading(
        f"exact-{name}",
        f"not_a_number {C0}/groups/0/low",
        "A text in another form than n/d reduced.",
        changed(REFERENCE, f"{C0}/groups/0/low", text),
    )
reading(
    "several",
    f"unknown_reference /members\nunknown_reference {ST}/seats/0\nnot_a_number {C0}/groups/0/low\nduplicate_id {C0}/groups/1/group\nbounds_order /period/to",
    "All of it is one stage.",
    changed(
        changed(
            changed(
                changed(changed(REFERENCE, f"{C0}/groups/0/low", "x"), f"{C0}/groups/1/group", {"stratum": "few"}),
                "/period/to",
                "2026-01-01",
            ),
            "/members/0",
            "zz",
        ),
        f"{ST}/seats/0",
        50,
    ),
)
for name, path, value, finds, about in [
    (
        "values",
        f"{C0}/groups/0/values",
        ["5/1", "1/1", "2/1"],
        f"unknown_reference {C0}/groups/0/values",
        "Values that do not increase.",
    ),
    (
        "values-twice",
        f"{C0}/groups/0/values",
        ["1/1", "1/1", "2/1"],
        f"unknown_reference {C0}/groups/0/values",
        "A value twice does not increase.",
    ),
    ("value", f"{C0}/groups/0/values/0", "x", f"not_a_number {C0}/groups/0/values/0", "A value that is no exact."),
    (
        "counts",
        f"{C0}/groups/0/counts",
        [4],
        f"unknown_reference {C0}/groups/0/counts",
        "Not as many counts as values.",
    ),
    (
        "size",
        f"{C0}/groups/0/size",
        9,
        f"unknown_reference {C0}/groups/0/size",
        "A size that is not the sum of counts.",
    ),
    (
        "who",
        f"{C0}/groups/0/members",
        [[0]],
        f"unknown_reference {C0}/groups/0/members",
        "Members not as long as values.",
    ),
    (
        "who-many",
        f"{C0}/groups/0/members/0",
        [0, 4],
        f"unknown_reference {C0}/groups/0/members",
        "More members than the count.",
    ),
    (
        "who-none",
        f"{C0}/groups/0/members/0",
        [99],
        f"unknown_reference {C0}/groups/0/members",
        "A number that is no member's.",
    ),
    ("limit", f"{C0}/limits/0/low", "1", f"not_a_number {C0}/limits/0/low", "A limit that is no exact."),
    (
        "limit-group",
        f"{C0}/limits/0/group",
        {},
        f"unknown_reference {C0}/limits/0/group",
        "A group of limits of other dimensions.",
    ),
]:
    reading(f"distribution-{name}", finds, about, changed(DISTRIBUTED, path, value), RANKS)
for name, path, value, finds, about in [
    ("missing", f"{ST}/parts", [], f"unknown_reference {ST}/parts", "Not as many parts as pins."),
    (
        "pin",
        f"{ST}/parts/0/methodology/id",
        "x",
        f"pin_mismatch {ST}/parts/0/methodology",
        "A part of another methodology.",
    ),
    (
        "criterion",
        f"{ST}/parts/0/criteria/0/indicator",
        "x",
        f"unknown_reference {ST}/parts/0/criteria/0/indicator",
        "A fault inside a part, at its place.",
    ),
    (
        "value",
        f"{ST}/parts/0/criteria/0/groups/0/values/0",
        "x",
        f"not_a_number {ST}/parts/0/criteria/0/groups/0/values/0",
        "A text inside a part.",
    ),
]:
    reading(f"part-{name}", finds, about, changed(PARTED, path, value), PINNING, [OTHER])
