"""field.md: strata, groups, eligibility."""

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
    ranking,
    stratum,
    view,
)
from .case import Page

page = Page("field")
Json = dict[str, Any]


def rule(id_: str, require: str) -> Json:
    """A rule."""
    return {"id": id_, "label": fr(id_), "require": require}


BANDS = [stratum("small", population={"below": 2000}), stratum("large", population={"from": 2000})]
EXAMPLE = methodology(
    strata=BANDS,
    eligibility=[
        rule("posted", "a >= 1"),
        rule("peopled", "population >= 100 or a > 1000"),
        rule("inhabited", "population > 50"),
    ],
)
ROWS = [
    Row("p", {"a": 3}, population=1999),
    Row("q", {"a": 0}, population=2000),
    Row("r", {"a": 5}),
    Row("s", {"a": None}, population=40),
    Row("t", None, population=30000, stratum={"id": "small", "reason": "ainsi"}),
    Row("u", {"a": None}, population=60),
    Row("v", {"a": 7}, population=60),
]
page.score(
    "example",
    "The example of the page: strata by population, rules about accounts and territories, their order.",
    "ineligible unknown outside absent",
    EXAMPLE,
    cohort(ROWS),
)
page.score(
    "example-other-order",
    "Rows in another order: the same of each.",
    "order ineligible unknown outside absent",
    EXAMPLE,
    cohort(ROWS[::-1]),
)
page.score(
    "bounds",
    "`from` is included, `below` is not; an end need not be whole.",
    "tie",
    methodology(
        strata=[
            stratum("s", population={"below": 10}),
            stratum("t", population={"from": 10, "below": 20.5}),
            stratum("u", population={"from": 20.5}),
        ]
    ),
    cohort(
        [Row(i, {"a": 1}, population=p) for i, p in zip("pqrstu", (0, 9, 10, 20, 21, 9007199254740991), strict=True)]
    ),
)
page.score(
    "population-zero",
    "A population of 0 is known.",
    "population-zero",
    methodology(strata=[stratum("empty", population={"below": 1}), stratum("rest", population={"from": 1})]),
    cohort([Row("p", {"a": 1}, population=0), Row("q", {"a": 1}, population=1), Row("r", {"a": 1})]),
)
page.score(
    "population-unknown",
    "An unknown population is taken only by a stratum without range; an empty range is one that takes all that are known.",
    "unknown outside",
    methodology(strata=[stratum("ranged", population={}), stratum("d", ["departement"])]),
    cohort([Row("p", {"a": 1}, population=0), Row("q", {"a": 1}), Row("r", {"a": 1}, structure_type="departement")]),
)
page.score(
    "by-hand",
    "A stratum set by hand takes whatever the type and population; the flag stands also when it is the one that the territory would have.",
    "outside",
    methodology(strata=[*BANDS, stratum("d", ["departement"])]),
    cohort(
        [
            Row("p", {"a": 1}, population=5, stratum={"id": "large", "reason": "r"}),
            Row("q", {"a": 1}, population=5, stratum={"id": "small", "reason": "s"}),
            Row("r", {"a": 1}, structure_type="departement", stratum={"id": "small", "reason": "t"}),
            Row("s", {"a": 1}, stratum={"id": "large", "reason": "u"}),
        ]
    ),
)
page.score(
    "one-member",
    "A stratum of one, of two, of none.",
    "one-member two-members empty-stratum constant",
    methodology(indicator(normalise=min_max("stratum")), strata=[*BANDS, stratum("d", ["departement"])]),
    cohort(
        [Row("p", {"a": 1}, population=5), Row("q", {"a": 2}, population=5000), Row("r", {"a": 4}, population=6000)]
    ),
)
REFUSE = methodology(
    strata=[stratum("s", population={"from": 0}), stratum("d", ["departement"])], outside_strata="refuse"
)
page.add(
    "refuse-unknown",
    "With `refuse` an unknown population is a fault, for each.",
    "outside unknown malformed stage",
    "score",
    "stratum_not_found /territories/0/population\nstratum_not_found /territories/2/population",
    methodology=REFUSE,
    cohort=cohort([Row("p", {"a": 1}), Row("q", {"a": 1}, population=0), Row("r")]),
)
HOLES = methodology(strata=[stratum("s", population={"from": 10})], structure_types={"commune": {"label": fr("C")}})
page.score(
    "leave-out",
    "With `leave_out` who is outside has no value of anything.",
    "outside",
    HOLES,
    cohort([Row("p", {"a": 1}, population=9), Row("q", {"a": 1}, population=10)]),
)
page.add(
    "refuse-after",
    "It is a stage after the checks under the methodology.",
    "outside malformed stage",
    "score",
    "missing_metric /accounts",
    methodology=REFUSE,
    cohort=cohort([Row("p", {"b": 1})]),
)

WITHIN = [
    "cohort",
    "stratum",
    "structure_type",
    "region",
    "department",
    ["region", "stratum"],
    ["department", "region"],
    ["structure_type", "stratum", "region", "department"],
]
page.score(
    "groups",
    "Every way of grouping; a dimension that is not known is a group of nobody; names of groups are in the order of words.",
    "outside unknown",
    methodology(strata=[*BANDS, stratum("d", ["departement"])], ranking=ranking(within=WITHIN)),
    cohort(
        [
            Row("p", {"a": 1}, population=5, region="84", department="01"),
            Row("q", {"a": 2}, population=5, region="84"),
            Row("r", {"a": 3}, population=5000, region="84", department="01"),
            Row("s", {"a": 4}, population=5000),
            Row("t", {"a": 5}, structure_type="departement", region="84", department="01"),
            Row("u", {"a": 6}, region="84"),
            Row("v", {"a": 7}, population=5, region="", department="01"),
        ]
    ),
)
page.score(
    "groups-bytewise",
    "Groups are the same when their values are, byte by byte.",
    "order",
    methodology(ranking=ranking(within=["region"])),
    cohort(
        [
            Row(i, {"a": n}, region=region)
            for n, (i, region) in enumerate(zip("pqrs", ("\u00e9", "e\u0301", "E", "e"), strict=True))
        ]
    ),
)
for within in WITHIN[:7]:
    name = within if isinstance(within, str) else "-".join(within)
    page.score(
        f"within-{name.replace('_', '-')}",
        f"Marks within {within}: each group has its own statistics; who is in none has no mark, and is flagged.",
        "unknown constant",
        methodology(indicator(normalise=min_max(within)), strata=[*BANDS, stratum("d", ["departement"])]),
        cohort(
            [
                Row("p", {"a": 1}, population=5, region="84", department="01"),
                Row("q", {"a": 2}, population=5, region="84", department="01"),
                Row("r", {"a": 3}, population=5000, region="84", department="01"),
                Row("s", {"a": 4}, population=5000),
                Row("t", {"a": 5}, structure_type="departement", region="84", department="01"),
                Row("u", {"a": 6}, population=6, region="11", department="75"),
                Row("v", {"a": 7}, population=8000, region="11"),
            ]
        ),
    )

# Eligibility.
page.score(
    "rule-territory-first",
    "Every rule about territories comes before any about accounts.",
    "ineligible",
    methodology(eligibility=[rule("posts", "a > 5"), rule("people", "population > 5")]),
    cohort(
        [
            Row("p", {"a": 1}, population=1),
            Row("q", {"a": 9}, population=1),
            Row("r", {"a": 1}, population=9),
            Row("s", {"a": 9}, population=9),
        ]
    ),
)
page.score(
    "rule-first-failed",
    "The first failed rule, in the document's order.",
    "ineligible",
    methodology(eligibility=[rule("one", "a > 5"), rule("two", "a > 3"), rule("three", "b > 0")]),
    cohort(
        [Row("p", {"a": 1, "b": 0}), Row("q", {"a": 4, "b": 0}), Row("r", {"a": 9, "b": 0}), Row("s", {"a": 9, "b": 1})]
    ),
)
page.score(
    "rule-absent",
    "Absence is no ineligibility.",
    "ineligible absent",
    methodology(eligibility=[rule("one", "a > 5")]),
    cohort([Row("p"), Row("q", {"a": 1}), Row("r", {"a": 6})]),
)
NETWORKS = methodology(
    root=inner("root", [child(index("on-x")), child(index("on-y", network="y"))]), eligibility=[rule("one", "a > 5")]
)
page.score(
    "rule-each-network",
    "A rule about accounts is tried on each network.",
    "ineligible absent",
    NETWORKS,
    cohort(
        [
            Row("p", {"a": 1}, {"a": 9}),
            Row("q", {"a": 9}, {"a": 1}),
            Row("r", None, {"a": 1}),
            Row("s", {"a": 9}, {"a": 9}),
            Row("t"),
        ]
    ),
)
page.score(
    "rule-territory-networks",
    "A failed rule about territories is flagged for every network on which there is an account.",
    "ineligible absent",
    {**NETWORKS, "eligibility": [rule("people", "population >= 1")]},
    cohort(
        [
            Row("p", {"a": 1}, {"a": 9}, population=0),
            Row("q", {"a": 9}, population=0),
            Row("r", population=0),
            Row("s", {"a": 9}, {"a": 9}, population=1),
            Row("t", {"a": 1}, {"a": 1}),
        ]
    ),
)
page.score(
    "rule-population-zero",
    "Communes without inhabitant: a division by 0 in a rule is undefined.",
    "ineligible population-zero undefined",
    methodology(eligibility=[rule("reach", "a / population < 5")]),
    cohort(
        [
            Row("p", {"a": 1}, population=0),
            Row("q", {"a": 1}, population=1),
            Row("r", {"a": 10}, population=2),
            Row("s", {"a": 1}),
        ]
    ),
)
# In binary64 0.1 + 0.2 - 0.3 is not 0: what is divided by 0 is known by exact arithmetic alone.
for name, require in (
    ("zero-of-decimals-or", "a / (b + c - 0.3) > 1 or a > 0"),
    ("zero-of-decimals-and", "a / (b + c - 0.3) > 1 and a > 5"),
    ("zero-constant", "a / (1 - 1) > 1"),
    ("zero-constant-of-decimals", "a / (0.1 + 0.2 - 0.3) > 1 or a > 0"),
    ("divisor-constant", "a / (0.1 + 0.2) > 1"),
):
    page.score(
        f"rule-{name}",
        "All comparisons are looked at: one that divides by 0 makes the rule undefined, whatever the other says.",
        "ineligible undefined",
        methodology(eligibility=[rule("one", require)]),
        cohort(
            [
                Row("p", {"a": 1, "b": 0.1, "c": 0.2}),
                Row("q", {"a": 6, "b": 1, "c": 1}),
                Row("r", {"a": 9, "b": 0.2, "c": 0.1}),
                Row("s", {"a": 0, "b": 1, "c": 0}),
            ]
        ),
    )
page.score(
    "rule-no-network",
    "A criterion without network: the verdict is that on the territory.",
    "ineligible",
    methodology(
        [indicator("i", "population"), indicator("j", "a")],
        eligibility=[rule("posts", "a > 5"), rule("people", "population > 5")],
    ),
    cohort(
        [
            Row("p", {"a": 1}, population=10),
            Row("q", {"a": 9}, population=1),
            Row("r", None, population=10),
            Row("s", {"a": 9}, population=10),
        ]
    ),
)
page.score(
    "rule-not-in-statistics",
    "Who is ineligible is in no statistics.",
    "ineligible",
    methodology(indicator(normalise=min_max()), eligibility=[rule("one", "b > 0")]),
    cohort(
        [
            Row("p", {"a": 1, "b": 1}),
            Row("q", {"a": 5, "b": 1}),
            Row("r", {"a": 100, "b": 0}),
            Row("s", {"a": 3, "b": 1}),
        ]
    ),
)
page.score(
    "rule-only-view",
    "A network that only a view names is one that a criterion is on.",
    "ineligible",
    methodology(
        [indicator(), indicator("j", "b", normalise=None)],
        index(),
        eligibility=[rule("one", "b > 0")],
        views=[view("v", indicator="j", network="y")],
    ),
    cohort([Row("p", {"a": 1, "b": 1}, {"b": 0}), Row("q", {"a": 5, "b": 1}, {"b": 3})]),
)
