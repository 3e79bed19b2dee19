"""cohort.md: the document, rows, former ids, checks under a methodology, several accounts."""

from __future__ import annotations

from typing import Any

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
    methodology,
    metric,
    one,
    spelled,
)
from .case import Page
from .methodology import pin_of
from .tables import add_tables

page = Page("cohort")
Json = dict[str, Any]
SOUND = cohort(
    [Row("p", {"a": 1}, population=10), Row("q", {"a": 2})],
    previous={"period": BEFORE, "accounts": [{"territory": "q", "network": "x", "metrics": {"a": 1}}]},
)


def at(name: str, path: str, value: Any, finds: str, about: str, base: Json = SOUND, flags: str | None = None) -> None:
    """The base with one change, read by itself."""
    page.cohort(name, about, finds or None, changed(base, path, value), flags or ("malformed" if finds else "digest"))


def made(name: str, finds: str, about: str, document: Any, flags: str | None = None) -> None:
    """A whole cohort, read by itself."""
    page.cohort(name, about, finds or None, document, flags or ("malformed" if finds else "digest"))


made("sound", "", "The base of these cases has no fault.", SOUND)

# Shape.
for name, path, value, finds in [
    ("unknown-member", "/colour", 1, "unknown_field /colour"),
    ("unknown-member-account", "/accounts/0/followers", 1, "unknown_field /accounts/0/followers"),
    ("territories-missing", "/territories", ..., "missing_field"),
    ("territories-map", "/territories", {}, "wrong_type /territories"),
    ("accounts-missing", "/accounts", ..., "missing_field"),
    ("accounts-null", "/accounts", None, "wrong_type /accounts"),
    ("previous-accounts", "/previous/accounts", "none", "wrong_type /previous/accounts"),
    ("previous-no-accounts", "/previous/accounts", ..., "missing_field /previous"),
    ("previous-null", "/previous", None, "wrong_type /previous"),
    ("id-number", "/territories/0/id", 6083, "wrong_type /territories/0/id\nunknown_territory /accounts/0/territory"),
    ("name-missing", "/territories/0/name", ..., "missing_field /territories/0"),
    ("population-string", "/territories/0/population", "12", "wrong_type /territories/0/population"),
    ("metric-string", "/accounts/0/metrics/a", "1", "wrong_type /accounts/0/metrics/a"),
    ("metrics-array", "/accounts/0/metrics", [1], "wrong_type /accounts/0/metrics"),
    ("main-number", "/accounts/0/main", 1, "wrong_type /accounts/0/main"),
    ("period-string", "/period", "2026-06", "wrong_type /period"),
    ("period-half", "/period/to", ..., "missing_field /period"),
    ("attribute-boolean", "/territories/0/attributes", {"d": True}, "wrong_type /territories/0/attributes/d"),
    ("stratum-string", "/territories/0/stratum", "all", "wrong_type /territories/0/stratum"),
    ("stratum-half", "/territories/0/stratum", {"id": "all"}, "missing_field /territories/0/stratum"),
    ("formerly-string", "/territories/0/formerly", "p", "wrong_type /territories/0/formerly"),
    ("formerly-number", "/territories/0/formerly", ["p1", 2], "wrong_type /territories/0/formerly/1"),
    ("region-null", "/territories/0/region", None, "wrong_type /territories/0/region"),
]:
    at(f"shape-{name}", path, value, finds, "A member of another shape.")
at(
    "shape-row-left-out",
    "/territories/0",
    {"id": "p", "name": 1, "structure_type": "commune", "population": -1},
    "wrong_type /territories/0/name",
    "A territory of the wrong shape is left out of the checks of rows: its population is not looked at, and its account is not said to be of no territory.",
)
at(
    "shape-unknown-member-row",
    "/territories/0",
    {"id": "p", "name": "P", "structure_type": "commune", "population": -1, "x": 1},
    "unknown_field /territories/0/x\nnegative_value /territories/0/population",
    "An unknown member alone leaves nothing out.",
)
at(
    "shape-account-left-out",
    "/accounts/0",
    {"territory": "z", "network": "x"},
    "missing_field /accounts/0",
    "The same of an account: that z is no territory is not said.",
)

# Periods.
for name, date in [
    ("form", "2026-6-1"),
    ("month-13", "2026-13-01"),
    ("february-29", "2026-02-29"),
    ("june-31", "2026-06-31"),
    ("day-0", "2026-06-00"),
    ("space", " 2026-06-01"),
    ("time", "2026-06-01T00:00"),
    ("digits", "２０２６-06-01"),
    ("empty", ""),
    ("sign", "+026-06-01"),
    ("1900", "1900-02-29"),
]:
    at(
        f"date-{name}",
        "/period/from",
        date,
        "invalid_date /period/from",
        "A date that does not exist, or in another form.",
    )
made(
    "date-leap", "", "29 February of leap years.", cohort([Row("p")], period={"from": "2000-02-29", "to": "2028-02-29"})
)
at(
    "date-ends",
    "/period",
    {"from": "0000-01-01", "to": "9999-12-31"},
    "bounds_order /previous/period/to",
    "The first and the last day; the previous period is then after the beginning.",
)
at("period-empty", "/period/to", "2026-06-01", "bounds_order /period/to", "A period of no days.")
at(
    "period-backwards",
    "/period/to",
    "2026-01-01",
    "bounds_order /period/to",
    "A period that ends before it begins; it is still held against the previous one only if sound.",
)
at(
    "period-both-ends",
    "/period",
    {"from": "x", "to": "y"},
    "invalid_date /period/from\ninvalid_date /period/to",
    "Both ends.",
)
at(
    "previous-period-overlaps",
    "/previous/period/to",
    "2026-06-02",
    "bounds_order /previous/period/to",
    "A previous period that runs into this one.",
)
at("previous-period-touches", "/previous/period/to", "2026-06-01", "", "One that touches it.")
at(
    "previous-period-date",
    "/previous/period/from",
    "x",
    "invalid_date /previous/period/from",
    "Dates of the previous period.",
)
at(
    "previous-period-empty",
    "/previous/period/from",
    "2026-05-31",
    "bounds_order /previous/period/to",
    "A previous period of no days.",
)
at("no-period", "/period", ..., "", "No period: the previous one has nothing to be held against.")
at(
    "empty",
    "/territories",
    [],
    "empty_cohort /territories\nunknown_territory /accounts/0/territory\nunknown_territory /accounts/1/territory\nunknown_territory /previous/accounts/0/territory",
    "No territory, so accounts of none.",
)
made("empty-alone", "empty_cohort /territories", "Nothing at all.", cohort([]))
at(
    "empty-of-wrong-shape",
    "/territories",
    [1],
    "wrong_type /territories/0\nunknown_territory /accounts/0/territory\nunknown_territory /accounts/1/territory\nunknown_territory /previous/accounts/0/territory",
    "A territory of the wrong shape is one, so the cohort is not empty.",
)

# Territories.
for name, value, code in [
    ("empty", "", "missing_field"),
    ("space", " p", "invalid_id"),
    ("no-break-space", "p\u00a0", "invalid_id"),
    ("control", "p\u0007q", "invalid_id"),
    ("c1-control", "p\u0085q", "invalid_id"),
    ("long", "é" * 65, "invalid_id"),
    ("blank", "  ", "invalid_id"),
]:
    made(
        f"id-{name}",
        f"{code} /territories/0/id",
        "An id text is 1 to 64 characters, without white space at its ends and without control characters.",
        cohort([Row(value, name="N")]),
    )
made("id-64", "", "64 characters, which are 128 bytes, with a space inside.", cohort([Row("é" * 62 + " é")]), "limit")
made("lost-zero", "lost_leading_zero /territories/0/id", "A commune's code of four digits.", cohort([Row("6083")]))
made("lost-zero-other-type", "", "Of a département it is none.", cohort([Row("6083", structure_type="departement")]))
made("lost-zero-other-digits", "", "Only ASCII digits.", cohort([Row("٦٠٨٣"), Row("608"), Row("60830"), Row("2A04")]))
made(
    "duplicate",
    "duplicate_territory /territories/2/id\nduplicate_territory /territories/3/id",
    "An id again, and again.",
    cohort([Row("p"), Row("q"), Row("p"), Row("p")]),
)
made(
    "duplicate-of-invalid",
    "invalid_id /territories/0/id\ninvalid_id /territories/1/id\nduplicate_territory /territories/1/id",
    "An invalid id twice is both.",
    cohort([Row(" p"), Row(" p")]),
)
made("duplicate-other-form", "", "Ids are opaque: é in two spellings is two.", cohort([Row("\u00e9"), Row("e\u0301")]))
for name, member, value, code in [
    ("name-empty", "name", "", "missing_field"),
    ("name-blank", "name", " \u2003", "missing_field"),
    ("name-long", "name", "n" * 201, "out_of_range"),
    ("name-control", "name", "a\nb", "out_of_range"),
    ("type-empty", "structure_type", "", "missing_field"),
    ("type-space", "structure_type", "commune ", "invalid_id"),
    ("population-negative", "population", -1, "negative_value"),
    ("population-negative-fraction", "population", -0.5, "negative_value"),
    ("population-large", "population", 9007199254740992, "out_of_range"),
    ("population-fraction", "population", 2.5, "fractional_count"),
    ("population-huge", "population", 1e300, "out_of_range"),
    ("population-tiny", "population", 5e-324, "fractional_count"),
    ("vintage-long", "population_vintage", "2" * 201, "out_of_range"),
    ("department-control", "department", "0\t6", "out_of_range"),
    ("region-long", "region", "r" * 201, "out_of_range"),
]:
    at(
        f"territory-{name}",
        f"/territories/0/{member}",
        value,
        f"{code} /territories/0/{member}",
        "A member of a territory outside its domain.",
    )
made(
    "population-ends",
    "",
    "0 and 2^53 - 1; -0 is 0.",
    spelled(
        cohort([Row("p", population=0), Row("q", population=9007199254740991), Row("r", population="<z>")]), z="-0"
    ),
    "population-zero huge minus-zero",
)
at("name-200", "/territories/0/name", "é" * 200, "", "A name of 200 characters.", flags="limit")
for name, override, finds in [
    ("id-empty", {"id": "", "reason": "r"}, "missing_field /territories/0/stratum/id"),
    ("id-space", {"id": " all", "reason": "r"}, "invalid_id /territories/0/stratum/id"),
    ("no-reason", {"id": "all", "reason": " "}, "override_without_reason /territories/0/stratum/reason"),
    ("reason-long", {"id": "all", "reason": "r" * 1001}, "out_of_range /territories/0/stratum/reason"),
    ("reason-control", {"id": "all", "reason": "a\u0000"}, "out_of_range /territories/0/stratum/reason"),
    ("reason-1000", {"id": "all", "reason": "é" * 1000}, ""),
]:
    at(f"override-{name}", "/territories/0/stratum", override, finds, "A stratum set by hand, and its reason.")
for name, attributes, finds in [
    ("name", {" d": 1}, "invalid_id /territories/0/attributes/ d"),
    ("name-empty", {"": 1}, "invalid_id /territories/0/attributes/"),
    ("name-slash", {" a/b~": None}, "invalid_id /territories/0/attributes/ a~1b~0"),
]:
    at(f"attribute-{name}", "/territories/0/attributes", attributes, finds, "A name that is no id text.")
made(
    "attribute-name-once",
    "invalid_id /territories/0/attributes/d ",
    "A bad name is said at the first territory that has it.",
    cohort([Row("p", attributes={"d ": 1}), Row("q", attributes={"d ": 2})]),
)

# Accounts.
for name, path, value, finds, about in [
    (
        "network-empty",
        "/accounts/0",
        {"territory": "", "network": "", "metrics": {" a": 1}},
        "missing_field /accounts/0/network",
        "An empty network: nothing else of the account is checked.",
    ),
    (
        "territory-empty",
        "/accounts/0",
        {"territory": "", "network": " x", "metrics": {}},
        "missing_field /accounts/0/territory",
        "An empty territory: the same.",
    ),
    ("network-space", "/accounts/0/network", "x ", "invalid_id /accounts/0/network", "A network that is no id text."),
    (
        "metric-name",
        "/accounts/0/metrics",
        {" a": 1, "b": 2},
        "invalid_id /accounts/0/metrics/ a",
        "A metric whose name is no id text.",
    ),
    (
        "unknown-territory",
        "/accounts/0/territory",
        "z",
        "unknown_territory /accounts/0/territory",
        "An account of nobody.",
    ),
    (
        "previous-unknown-territory",
        "/previous/accounts/0/territory",
        "z",
        "unknown_territory /previous/accounts/0/territory",
        "An account of nobody in the previous period.",
    ),
]:
    at(f"account-{name}", path, value, finds, about)
made(
    "account-names-once",
    "invalid_id /accounts/0/network\ninvalid_id /accounts/0/metrics/a \ninvalid_id /accounts/2/metrics/a ",
    "A bad network is said once; a bad metric once for each network.",
    cohort(
        [Row("p"), Row("q")],
        accounts=[
            {"territory": t, "network": n, "metrics": {"a ": 1}} for t, n in (("p", " x"), ("q", " x"), ("p", "y"))
        ],
    ),
)
made(
    "account-of-wrong-shape",
    "wrong_type /territories/0/population",
    "The territory is there, in the wrong shape.",
    cohort([Row("p", {"a": 1}, population="10")]),
)
made(
    "account-of-former",
    "missing_field /territories/0",
    "An id that stands in the `formerly` of a territory of the wrong shape is not said to be of nobody in the previous period.",
    {
        **cohort([]),
        "territories": [{"id": "p", "structure_type": "commune", "formerly": ["p1"]}],
        "previous": {"accounts": [{"territory": "p1", "network": "x", "metrics": {}}]},
    },
    "malformed previous",
)

# Former ids.
for name, rows, finds, about in [
    ("merger", [Row("p", formerly=["p1", "p2"]), Row("q")], "", "Two became one."),
    ("new", [Row("p", formerly=[]), Row("q")], "", "A new territory had no id."),
    ("own", [Row("p", formerly=["p"]), Row("q")], "", "The own id alone says nothing: the digest is as without it."),
    ("exchange", [Row("p", formerly=["q"]), Row("q", formerly=["p"])], "", "Two that exchanged their ids."),
    (
        "shared",
        [Row("p", formerly=["z"]), Row("q", formerly=["z"])],
        "former_id_shared /territories/1/formerly",
        "Two that claim one id.",
    ),
    (
        "taken",
        [Row("p"), Row("q", formerly=["p"])],
        "former_id_shared /territories/1/formerly",
        "The id of one that says nothing, which has it.",
    ),
    (
        "taken-before",
        [Row("q", formerly=["p"]), Row("p")],
        "former_id_shared /territories/0/formerly",
        "The same in the other order: the turn is what counts.",
    ),
    (
        "given-up",
        [Row("q", formerly=["p"]), Row("p", formerly=["r"]), Row("r", formerly=[])],
        "",
        "An id that its territory gave up, later in the list.",
    ),
    (
        "duplicate",
        [Row("p", formerly=["z", "y", "z"])],
        "duplicate_id /territories/0/formerly/2",
        "An id twice in a list; it is passed over.",
    ),
    (
        "invalid",
        [Row("p", formerly=["", " y"])],
        "invalid_id /territories/0/formerly/0\ninvalid_id /territories/0/formerly/1",
        "Ids that are none.",
    ),
    ("500", [Row("p", formerly=[f"z{n}" for n in range(500)])], "", "500 former ids."),
    (
        "501",
        [Row("p", formerly=[f"z{n % 9}" for n in range(501)]), Row("q", formerly=["z1"])],
        "limit_exceeded /territories/0/formerly",
        "501: nothing else of the list counts.",
    ),
]:
    made(f"formerly-{name}", finds, about, cohort(rows), "previous malformed" if finds else "previous")
made(
    "formerly-unknown",
    "unknown_territory /previous/accounts/0/territory\nunknown_territory /previous/accounts/2/territory",
    "Who has given its id up, or never had it.",
    cohort(
        [Row("p", formerly=["p1"]), Row("q", formerly=[])],
        previous={"accounts": [{"territory": t, "network": "x", "metrics": {}} for t in ("p", "p1", "q")]},
    ),
    "previous malformed",
)

# Limits.
made(
    "networks-501",
    "limit_exceeded /accounts",
    "501 networks.",
    cohort([Row("p")], accounts=[{"territory": "p", "network": f"n{n}", "metrics": {}} for n in range(501)]),
    "limit malformed",
)
made(
    "networks-500",
    "",
    "500 networks.",
    cohort([Row("p")], accounts=[{"territory": "p", "network": f"n{n}", "metrics": {}} for n in range(500)]),
    "limit",
)
made(
    "metrics-501",
    "limit_exceeded /accounts",
    "501 metrics on a network.",
    cohort([Row("p")], accounts=[{"territory": "p", "network": "x", "metrics": {f"m{n}": n for n in range(501)}}]),
    "limit malformed",
)
made(
    "attributes-501",
    "limit_exceeded /territories",
    "501 attributes.",
    cohort(
        [
            Row("p", attributes={f"m{n}": n for n in range(300)}),
            Row("q", attributes={f"m{n}": n for n in range(299, 501)}),
        ]
    ),
    "limit malformed",
)
made(
    "faults-together",
    "bounds_order /period/to\nlost_leading_zero /territories/0/id\nnegative_value /territories/0/population\nmissing_field /territories/1/name\nfractional_count /territories/1/population\nmissing_field /accounts/1/network\nunknown_territory /accounts/0/territory",
    "The example of the page, with an account of `06083`, which lost its zero.",
    cohort(
        [Row("6083", name="Menton", population=-1), Row("06029", name=" ", population=2.5)],
        period={"from": "2026-07-01", "to": "2026-06-01"},
        accounts=[
            {"territory": "06083", "network": "x", "metrics": {}},
            {"territory": "06029", "network": "", "metrics": {}},
        ],
    ),
    "malformed stage",
)

# Under a methodology.
ONE = methodology()


def under(name: str, finds: str, about: str, m: Json, c: Json, flags: str = "malformed", others: Any = ()) -> None:
    """Faults of a cohort under a methodology."""
    page.add(f"under-{name}", about, flags, "score", finds, methodology=m, cohort=c, others=others)


A = cohort([Row("p", {"a": 1}), Row("q", {"a": 2})])
DAYS30 = methodology(period_days=30)
page.score("under-period-days", "A period of the length asked.", "order", DAYS30, A)
under(
    "period-length",
    "period_length /period",
    "A period of another length.",
    DAYS30,
    changed(A, "/period/to", "2026-07-02"),
)
under(
    "period-missing-length",
    "period_missing /period",
    "A length is asked, and no period given.",
    DAYS30,
    {n: v for n, v in A.items() if n != "period"},
)
under(
    "period-missing-days",
    "period_missing /period",
    "A formula reads the days.",
    one(formula="a / days"),
    {n: v for n, v in A.items() if n != "period"},
)
under(
    "period-missing-rule",
    "period_missing /period",
    "A rule reads the days.",
    methodology(eligibility=[{"id": "e", "label": fr("e"), "require": "days > 2"}]),
    {n: v for n, v in A.items() if n != "period"},
)
page.score(
    "under-no-period", "Nothing asks for the period.", "unknown", ONE, {n: v for n, v in A.items() if n != "period"}
)
GROWTH = one(formula="a - previous.a")
GREW = cohort([Row("p", {"a": 3}, before={"a": 1}), Row("q", {"a": 2})])
under(
    "previous-length",
    "period_length /previous/period",
    "The previous period has another length; it is read.",
    {**GROWTH, "period_days": 30},
    changed(GREW, "/previous/period/to", "2026-05-30"),
    "previous malformed",
)
page.score(
    "under-previous-length-unread",
    "The previous period is not read, so its length is not asked.",
    "previous",
    DAYS30,
    changed(GREW, "/previous/period/to", "2026-05-30"),
)
page.score(
    "under-previous-no-period",
    "A previous period whose dates are not given.",
    "previous",
    {**GROWTH, "period_days": 30},
    changed(GREW, "/previous/period", ...),
)
under(
    "structure-type",
    "unknown_structure_type /territories/1/structure_type",
    "A structure type not known, once, at the first that has it.",
    ONE,
    cohort([Row("p", {"a": 1}), Row("q", structure_type="canton"), Row("r", structure_type="canton")]),
)
under(
    "stratum",
    "unknown_stratum /territories/0/stratum/id\nunknown_stratum /territories/1/stratum/id",
    "A stratum set by hand that is not known, each time.",
    ONE,
    cohort([Row(i, {"a": 1}, stratum={"id": "none", "reason": "r"}) for i in "pq"]),
)
under(
    "network",
    "unknown_network /accounts/1/network",
    "A network not known, at its first account.",
    ONE,
    cohort([Row("p", {"a": 1})], accounts=[{"territory": "p", "network": n, "metrics": {"a": 1}} for n in "xz"]),
)
under(
    "network-twice",
    "unknown_network /accounts/0/network",
    "In both periods: once, in this one.",
    ONE,
    cohort(
        [Row("p")],
        accounts=[{"territory": "p", "network": "z", "metrics": {}}],
        previous={"accounts": [{"territory": "p", "network": "z", "metrics": {}}]},
    ),
)
under(
    "network-previous",
    "unknown_network /previous/accounts/0/network",
    "Only in the previous one.",
    ONE,
    cohort([Row("p", {"a": 1})], previous={"accounts": [{"territory": "p", "network": "z", "metrics": {}}]}),
    "previous malformed",
)
under(
    "metric",
    "unknown_metric /accounts/1/metrics/zz",
    "A metric not known, where it is first known.",
    ONE,
    cohort([Row("p", {"a": 1, "zz": None}), Row("q", {"a": 1, "zz": 3}), Row("r", {"a": 1, "zz": 4})]),
)
under(
    "metric-nowhere",
    "unknown_metric /accounts/0/metrics/zz",
    "One that is nowhere known: at the first account.",
    ONE,
    cohort([Row("p", {"a": 1}), Row("q", {"a": 1, "zz": None})]),
    "malformed unknown",
)
under(
    "metric-order",
    "unknown_metric /accounts/1/metrics/zz",
    "First is by the order of territories, not of accounts.",
    ONE,
    cohort(
        [Row("p"), Row("q")], accounts=[{"territory": t, "network": "x", "metrics": {"a": 1, "zz": 1}} for t in "qp"]
    ),
    "malformed order",
)
under(
    "metric-each-network",
    "unknown_metric /accounts/0/metrics/zz\nunknown_metric /accounts/1/metrics/zz\nunknown_metric /previous/accounts/0/metrics/zz",
    "Once for each network and period.",
    ONE,
    cohort([Row("p", {"a": 1, "zz": 1}, {"zz": 1}, before={"zz": 1})]),
)
under(
    "metric-unknown-network",
    "unknown_network /accounts/0/network\nunknown_metric /accounts/0/metrics/zz",
    "Metrics are checked by name, whether their network is known or not.",
    ONE,
    cohort([Row("p")], accounts=[{"territory": "p", "network": "z", "metrics": {"zz": 1, "a": 1}}]),
)
under(
    "attribute",
    "unknown_metric /territories/1/attributes/zz",
    "An attribute not known.",
    ONE,
    cohort([Row("p", {"a": 1}, attributes={"zz": None}), Row("q", attributes={"zz": 1})]),
)
under(
    "attribute-nowhere",
    "unknown_metric /territories/0/attributes/zz",
    "One that is nowhere known: at the first territory.",
    ONE,
    cohort([Row("p", {"a": 1}), Row("q", attributes={"zz": None})]),
    "malformed unknown",
)
under(
    "counts",
    "negative_value /accounts/0/metrics/n\nfractional_count /accounts/1/metrics/n\nout_of_range /accounts/2/metrics/n\nnegative_value /territories/0/attributes/e\nfractional_count /previous/accounts/0/metrics/k",
    "Counts below 0, not whole, above 2^53 - 1: each.",
    ONE,
    cohort(
        [
            Row("p", {"a": 1, "n": -1}, attributes={"e": -0.5}, before={"k": 0.1}),
            Row("q", {"a": 1, "n": 1.5}),
            Row("r", {"a": 1, "n": 9007199254740992}),
        ]
    ),
    "malformed huge negative",
)
page.score(
    "under-counts-sound",
    "Counts at their ends, decimals of every kind.",
    "huge negative tiny",
    one(formula="n - a"),
    cohort(
        [
            Row("p", {"n": 0, "a": -5e-324}),
            Row("q", {"n": 9007199254740991, "a": -1.5}, attributes={"d": -0.5, "e": 9007199254740991}),
        ]
    ),
)
under("missing", "missing_metric /accounts", "A metric that nobody gives.", ONE, cohort([Row("p", {"b": 1})]))
page.score(
    "under-named-unknown",
    "A metric that is named, with null only, is unknown and not missing.",
    "unknown",
    ONE,
    cohort([Row("p", {"a": None})]),
)
page.score(
    "under-nobody",
    "A network on which nobody is misses nothing.",
    "absent",
    ONE,
    cohort([Row("p"), Row("q", None, {"b": 1})]),
)
under("missing-attribute", "missing_metric /territories", "An attribute that nobody gives.", one(formula="a * d"), A)
page.score(
    "under-named-attribute",
    "An attribute that is named with null.",
    "unknown",
    one(formula="a * d"),
    cohort([Row("p", {"a": 1}, attributes={"d": None})]),
)
under(
    "missing-rule",
    "missing_metric /accounts\nmissing_metric /territories",
    "What rules read is needed, too.",
    methodology(eligibility=[{"id": "e", "label": fr("e"), "require": "b >= d"}]),
    A,
)
under(
    "missing-previous",
    "missing_metric /previous/accounts",
    "A metric of the previous period, while the network is there in this one.",
    GROWTH,
    A,
    "previous malformed",
)
page.score(
    "under-previous-elsewhere",
    "Of the previous period a network is asked only if somebody is on it now.",
    "previous absent",
    GROWTH,
    cohort([Row("p", None, {"b": 1})]),
)
under(
    "missing-on-network",
    "missing_metric /accounts",
    "The metric is given on another network only.",
    ONE,
    cohort([Row("p", {"b": 1}, {"a": 1})]),
)
under(
    "together",
    "period_length /period\nunknown_metric /accounts/0/metrics/zz\nmissing_metric /accounts\nunknown_structure_type /territories/1/structure_type\nunknown_network /accounts/1/network\nduplicate_account /accounts/2/network",
    "All of these together.",
    DAYS30,
    cohort(
        [Row("p"), Row("q", structure_type="canton")],
        period={"from": "2026-06-01", "to": "2026-06-02"},
        accounts=[
            {"territory": "p", "network": "x", "metrics": {"zz": 1}},
            {"territory": "p", "network": "z", "metrics": {}},
            {"territory": "p", "network": "x", "metrics": {}},
        ],
    ),
    "malformed stage",
)

# Under pins.
KNOWS = methodology(
    indicator(formula="zz"),
    id="knows",
    metrics={"zz": metric("zz", "count"), "n": metric("n")},
    attributes=None,
    period_days=31,
)
PINS = methodology(
    root=inner("root", [child(index("own")), child(pin_of(KNOWS), absent="leave_out")]),
    networks={"x": {"label": fr("X")}},
)
under(
    "pin-names",
    "period_length /period\nfractional_count /accounts/0/metrics/n\nnegative_value /accounts/2/metrics/zz",
    "Names of what is pinned are known; a metric is a count if one of the documents says so; each asks for its own length.",
    PINS,
    cohort([Row("p", {"a": 1, "n": 0.5}, {"zz": 4}), Row("q", {"a": 1, "zz": -1})]),
    "malformed pinned",
    [KNOWS],
)
under(
    "pin-missing",
    "period_length /period\nmissing_metric /accounts",
    "What is pinned misses a metric.",
    PINS,
    A,
    "malformed pinned",
    [KNOWS],
)

# Several accounts.
for name, rule, metrics, about in [
    ("sum", "sum", {"n": 18, "k": 2, "a": 1}, "Counts are added; decimals are unknown."),
    ("main", "main", {"n": 18, "k": 2, "a": 1}, "The main one is taken."),
]:
    accounts = [
        {"territory": "p", "network": "x", "metrics": metrics},
        {"territory": "p", "network": "x", "metrics": {"n": 12, "k": None, "a": 1}, "main": True},
        {"territory": "q", "network": "x", "metrics": {"n": 5, "k": 1, "a": 3}},
    ]
    m = methodology([indicator("i", "n"), indicator("j", "k"), indicator("l", "a")], several_accounts=rule)
    page.score(f"several-{name}", about, "several-accounts unknown", m, cohort([Row("p"), Row("q")], accounts=accounts))
    page.score(
        f"several-{name}-order",
        about + " In another order: the same.",
        "several-accounts unknown order",
        m,
        cohort([Row("q"), Row("p")], accounts=accounts[::-1]),
    )
TWICE = cohort([Row("p"), Row("q")], accounts=[{"territory": t, "network": "x", "metrics": {"a": 1}} for t in "ppqp"])
under(
    "several-refuse",
    "duplicate_account /accounts/1/network\nduplicate_account /accounts/3/network",
    "Refused when left out: each but the first.",
    ONE,
    TWICE,
    "several-accounts malformed",
)
under(
    "several-refuse-said",
    "duplicate_account /accounts/1/network\nduplicate_account /accounts/3/network",
    "Refused when said.",
    methodology(several_accounts="refuse"),
    TWICE,
    "several-accounts malformed",
)
under(
    "several-main-none",
    "duplicate_account /accounts/0/main",
    "None is the main one: at the first given.",
    methodology(several_accounts="main"),
    TWICE,
    "several-accounts malformed",
)
under(
    "several-main-two",
    "duplicate_account /accounts/0/main",
    "Two are.",
    methodology(several_accounts="main"),
    changed(changed(TWICE, "/accounts/1/main", True), "/accounts/3/main", True),
    "several-accounts malformed",
)
page.score(
    "several-other-network",
    "On a network that no index names several are no fault.",
    "several-accounts",
    ONE,
    cohort([Row("p", {"a": 1})], accounts=[{"territory": "p", "network": n, "metrics": {"a": 1}} for n in "xyy"]),
)
page.score(
    "several-previous-unread",
    "In a previous period that nothing reads several are no fault.",
    "several-accounts previous",
    ONE,
    cohort([Row("p", {"a": 1})], previous={"accounts": [{"territory": "p", "network": "x", "metrics": {"a": 1}}] * 2}),
)
under(
    "several-previous-read",
    "duplicate_account /previous/accounts/1/network",
    "In one that is read they are.",
    GROWTH,
    cohort(
        [Row("p", {"a": 1})],
        previous={"accounts": [{"territory": "p", "network": "x", "metrics": {"a": n}} for n in (1, 2)]},
    ),
    "several-accounts previous malformed",
)
under(
    "several-overflow",
    "out_of_range /accounts/1/metrics/n",
    "A sum above 2^53 - 1, at the account with which it passes, in the order of the digest.",
    methodology(indicator(formula="n"), several_accounts="sum"),
    cohort(
        [Row("p")], accounts=[{"territory": "p", "network": "x", "metrics": {"n": n}} for n in (1, 9007199254740991)]
    ),
    "several-accounts malformed huge",
)
page.score(
    "several-largest",
    "A sum of 2^53 - 1.",
    "several-accounts huge",
    methodology(indicator(formula="n"), several_accounts="sum"),
    cohort(
        [Row("p")], accounts=[{"territory": "p", "network": "x", "metrics": {"n": n}} for n in (1, 9007199254740990)]
    ),
)
MERGER = """{"language": "bareme/1", "document": "cohort", "period": {"from": "2026-06-01", "to": "2026-07-01"},
 "territories": [
   {"id": "m", "name": "M", "structure_type": "commune", "formerly": ["m1", "m2"]},
   {"id": "n", "name": "N", "structure_type": "commune"}],
 "accounts": [
   {"territory": "m", "network": "x", "metrics": {"followers": 18}},
   {"territory": "m", "network": "x", "metrics": {"followers": 12}},
   {"territory": "n", "network": "x", "metrics": {"followers": 12}}],
 "previous": {"period": {"from": "2026-05-01", "to": "2026-06-01"}, "accounts": [
   {"territory": "m2", "network": "x", "metrics": {"followers": 20}},
   {"territory": "m1", "network": "x", "metrics": {"followers": 4}}]}}"""
FOLLOWERS = methodology(
    indicator(formula="100 * (followers - previous.followers) / previous.followers"),
    several_accounts="sum",
    metrics={"followers": metric("f", "count")},
)
page.score(
    "merger",
    "The example of the page: several accounts and a merger.",
    "several-accounts previous unknown",
    FOLLOWERS,
    MERGER,
    "25.0 -",
)
page.score(
    "merger-refuse",
    "Accounts of the several ids that a territory had are no several accounts: they are put together, whatever the rule.",
    "several-accounts previous",
    {**FOLLOWERS, "several_accounts": "refuse"},
    cohort(
        [Row("m", {"followers": 30}, formerly=["m1", "m2"])],
        previous={"accounts": [{"territory": i, "network": "x", "metrics": {"followers": 12}} for i in ("m1", "m2")]},
    ),
    "25.0",
)
page.score(
    "merger-decimals",
    "Decimals of the merged cannot be added, so they are unknown.",
    "previous unknown",
    GROWTH,
    cohort(
        [Row("m", {"a": 30}, formerly=["m1", "m2"]), Row("n", {"a": 3}, before={"a": 1})],
        previous={"accounts": [{"territory": i, "network": "x", "metrics": {"a": 12}} for i in ("m1", "m2", "n")]},
    ),
)
page.score(
    "merger-one-unknown",
    "What is unknown of one is unknown of the whole.",
    "previous unknown",
    FOLLOWERS,
    cohort(
        [Row("m", {"followers": 30}, formerly=["m1", "m2"])],
        previous={
            "accounts": [
                {"territory": "m1", "network": "x", "metrics": {"followers": 12}},
                {"territory": "m2", "network": "x", "metrics": {}},
            ]
        },
    ),
)
page.score(
    "merger-one-account",
    "Only one of the merged had an account: its metrics are those of the whole.",
    "previous",
    FOLLOWERS,
    cohort(
        [Row("m", {"followers": 30}, formerly=["m1", "m2"])],
        previous={"accounts": [{"territory": "m2", "network": "x", "metrics": {"followers": 20}}]},
    ),
    "50.0",
)
page.score(
    "exchange",
    "Two that exchanged their ids have each other's past.",
    "previous",
    FOLLOWERS,
    cohort(
        [Row("p", {"followers": 30}, formerly=["q"]), Row("q", {"followers": 30}, formerly=["p"])],
        previous={
            "accounts": [
                {"territory": "p", "network": "x", "metrics": {"followers": 10}},
                {"territory": "q", "network": "x", "metrics": {"followers": 20}},
            ]
        },
    ),
    "50.0 200.0",
)
under(
    "merger-several",
    "duplicate_account /previous/accounts/2/network",
    "Two accounts of one former id are several.",
    FOLLOWERS | {"several_accounts": "refuse"},
    cohort(
        [Row("m", {"followers": 30}, formerly=["m1", "m2"])],
        previous={
            "accounts": [{"territory": i, "network": "x", "metrics": {"followers": 12}} for i in ("m1", "m2", "m1")]
        },
    ),
    "several-accounts previous malformed",
)
page.cohort(
    "synthetic",
    "Numbers that are invented say so, in the digest too.",
    None,
    changed(SOUND, "/synthetic", True),
    "digest",
)
page.cohort(
    "synthetic-false",
    "False says nothing: the digest is that of the base.",
    None,
    changed(SOUND, "/synthetic", False),
    "digest",
)
page.cohort(
    "synthetic-word", "A boolean, and nothing else.", "wrong_type /synthetic", changed(SOUND, "/synthetic", "yes")
)
page.score(
    "synthetic-scored",
    "Every output that rests on a synthetic cohort repeats it.",
    "digest",
    ONE,
    {**A, "synthetic": True},
)

add_tables(page)
