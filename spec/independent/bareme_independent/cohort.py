"""spec/cohort.md: territories and accounts, their checks, several accounts, mergers.

Cohorts are read from JSON. The section on tables is left out: this is no table reader.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from . import documents as doc
from . import formula as fml
from . import numbers
from .errors import Fault, below, stage
from .methodology import Methodology

Json = dict[str, Any]
Metrics = dict[str, Fraction | None]

MAX_ROWS = 5_000_000
MAX_NAMES = 500
MAX_FORMER = 500
MAX_NAME = 200
MAX_REASON = 1_000

_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_FOUR_DIGITS = re.compile(r"[0-9]{4}")


# --- Definitions ----------------------------------------------------------------------------------


def has_control(text: str) -> bool:
    """Whether a text has a control character (Unicode category Cc)."""
    return any(ord(c) < 0x20 or 0x7F <= ord(c) <= 0x9F for c in text)


def is_id_text(text: str) -> bool:
    """An id text (Definitions)."""
    return (
        1 <= len(text) <= 64
        and text[0] not in doc.WHITE_SPACE
        and text[-1] not in doc.WHITE_SPACE
        and not has_control(text)
    )


def day_number(text: str) -> int | None:
    """The number of a civil date's day, counted from 0000-01-01; None if it is no date."""
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    year, month, day = map(int, match.groups())
    if not 1 <= month <= 12 or not 1 <= day <= _month_days(year, month):
        return None
    # Leap years before this one, the year 0 being one.
    leap = 0 if year == 0 else (year - 1) // 4 - (year - 1) // 100 + (year - 1) // 400 + 1
    return 365 * year + leap + sum(_month_days(year, m) for m in range(1, month)) + day - 1


def _month_days(year: int, month: int) -> int:
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31


def days_of(period: Json) -> int:
    """The length of a sound period."""
    start, end = day_number(period["from"]), day_number(period["to"])
    assert start is not None and end is not None
    return end - start


# --- The document ---------------------------------------------------------------------------------

_PERIOD = doc.record({"from": doc.string, "to": doc.string})
_NUMBERS = doc.mapping(doc.number_or_null)
TERRITORY = doc.record(
    {"id": doc.string, "name": doc.string, "structure_type": doc.string},
    {
        "population": doc.number_or_null,
        "population_vintage": doc.string,
        "department": doc.string,
        "region": doc.string,
        "attributes": _NUMBERS,
        "stratum": doc.record({"id": doc.string, "reason": doc.string}),
        "formerly": doc.array(doc.string),
    },
)
ACCOUNT = doc.record(
    {"territory": doc.string, "network": doc.string, "metrics": _NUMBERS},
    {"main": doc.boolean},
)


@dataclass
class Cohort:
    """A sound cohort document."""

    document: Json
    owners: dict[str, int]  # of ids in the previous period: the index of the territory

    @property
    def territories(self) -> list[Json]:
        """In the order given."""
        return self.document["territories"]

    @property
    def period(self) -> Json | None:
        """The period, if it is given."""
        return self.document.get("period")

    @property
    def synthetic(self) -> bool:
        """Whether its numbers are invented."""
        return self.document.get("synthetic", False)

    @property
    def previous_period(self) -> Json | None:
        """The previous period, if it is given."""
        return self.document.get("previous", {}).get("period")

    def accounts(self, previous: bool) -> list[Json]:
        """Of this period, or of the previous one; in the order given."""
        if previous:
            return self.document.get("previous", {}).get("accounts", [])
        return self.document["accounts"]

    def owner_of(self, account: Json, previous: bool) -> int:
        """The index of the territory for which an account counts."""
        return (self.owners if previous else self.ids)[account["territory"]]

    @property
    def ids(self) -> dict[str, int]:
        """Territories by id."""
        if not hasattr(self, "_ids"):
            self._ids = {t["id"]: i for i, t in enumerate(self.territories)}
        return self._ids

    def canonical(self) -> Json:
        """The document of which the digest is taken (documents.md)."""
        return doc.canonical_cohort(
            self.document, lambda former: self.territories[self.owners[former]]["id"]
        )

    def sha256(self) -> str:
        """The digest of the cohort."""
        return doc.digest(self.canonical())

    def ordered(self, previous: bool, names: list[str], some: Iterable[int]) -> list[int]:
        """Accounts of one network in the order of the digest, by their indices."""
        accounts = self.accounts(previous)

        def owner(territory: str) -> str:
            return self.territories[(self.owners if previous else self.ids)[territory]]["id"]

        return sorted(some, key=lambda i: doc.account_order(accounts[i], names, owner))


def read(data: bytes) -> Cohort:
    """Reads a cohort: its text, its kind, then its shape and rows (Checks of the document)."""
    document = doc.check_kind(doc.read_text(data, doc.LARGEST["cohort"]), "cohort")
    return of_document(document)


def of_document(document: Json) -> Cohort:
    """Shape and rows, one stage."""
    checks = _Checks(document)
    checks.run()
    stage(checks.faults)
    return Cohort(document, checks.owners)


class _Checks:
    """The checks of shape and rows."""

    def __init__(self, document: Json) -> None:
        self.document = document
        self.faults: list[Fault] = []
        self.owners: dict[str, int] = {}
        self.ids: set[str] = set()  # of territories of sound shape
        self.excused: set[str] = set()  # ids and former ids of territories of the wrong shape
        self.networks: list[set[str]] = [set(), set()]  # of this and of the previous period
        self.metrics: dict[tuple[bool, str], set[str]] = {}

    def fault(self, code: str, pointer: str) -> None:
        """Collects a fault."""
        self.faults.append(Fault(code, pointer))

    def run(self) -> None:
        """All checks of the document."""
        d = self.document
        doc.members(
            d,
            "",
            self.faults,
            {
                "language": doc.any_value,
                "document": doc.any_value,
                "territories": _is_array,
                "accounts": _is_array,
            },
            {"period": _PERIOD, "previous": doc.any_value, "synthetic": doc.boolean},
        )
        period = self.period(d.get("period"), "/period")
        previous = d.get("previous")
        if "previous" in d:
            doc.record({"accounts": _is_array}, {"period": _PERIOD})(
                previous, "/previous", self.faults
            )
        if not isinstance(previous, dict):
            previous = {}
        earlier = self.period(previous.get("period"), "/previous/period")
        territories = d.get("territories")
        known = isinstance(territories, list)
        if isinstance(territories, list):
            if period is not None and earlier is not None and earlier[1] > period[0]:
                self.fault("bounds_order", "/previous/period/to")
            self.territories(territories)
        for pointer, entries, is_previous in (
            ("/accounts", d.get("accounts"), False),
            ("/previous/accounts", previous.get("accounts"), True),
        ):
            if isinstance(entries, list):
                self.accounts(entries, pointer, is_previous, known)

    def period(self, period: Any, pointer: str) -> tuple[int, int] | None:
        """The dates of a period; its two days when it is sound (rows 2 and 3)."""
        if not isinstance(period, dict):
            return None
        days = []
        for end in ("from", "to"):
            text = period.get(end)
            if isinstance(text, str):
                day = day_number(text)
                if day is None:
                    self.fault("invalid_date", f"{pointer}/{end}")
                else:
                    days.append(day)
        if len(days) < 2:
            return None
        if not days[0] < days[1]:
            self.fault("bounds_order", f"{pointer}/to")
            return None
        return days[0], days[1]

    def sound(self, kind: doc.Type, value: Any, pointer: str) -> bool:
        """Whether a row has its shape; an unknown member alone does not count."""
        faults: list[Fault] = []
        kind(value, pointer, faults)
        self.faults += faults
        return all(fault.code == "unknown_field" for fault in faults)

    def territories(self, territories: list[Any]) -> None:
        """Each territory, and former ids."""
        if not territories:
            self.fault("empty_cohort", "/territories")
        if len(territories) > MAX_ROWS:
            self.fault("limit_exceeded", "/territories")
            territories = territories[:MAX_ROWS]
        attributes: set[str] = set()
        rows: list[tuple[int, Json]] = []
        for i, territory in enumerate(territories):
            pointer = f"/territories/{i}"
            if self.sound(TERRITORY, territory, pointer):
                rows.append((i, territory))
                self.territory(territory, pointer, attributes)
            elif isinstance(territory, dict):
                former = territory.get("formerly")
                names = [territory.get("id"), *(former if isinstance(former, list) else [])]
                self.excused.update(name for name in names if isinstance(name, str))
        self.former_ids(rows)

    def territory(self, t: Json, pointer: str, attributes: set[str]) -> None:
        """Each territory."""
        self.id_text(t["id"], f"{pointer}/id")
        if t["id"]:
            if (
                is_id_text(t["id"])
                and t["structure_type"] == "commune"
                and _FOUR_DIGITS.fullmatch(t["id"])
            ):
                self.fault("lost_leading_zero", f"{pointer}/id")
            if t["id"] in self.ids:
                self.fault("duplicate_territory", f"{pointer}/id")
            self.ids.add(t["id"])
        if doc.is_blank(t["name"]):
            self.fault("missing_field", f"{pointer}/name")
        self.length(t["name"], MAX_NAME, f"{pointer}/name")
        self.id_text(t["structure_type"], f"{pointer}/structure_type")
        population = t.get("population")
        code = None if population is None else numbers.count_fault(population)
        if code is not None:
            self.fault(code, f"{pointer}/population")
        for name in ("population_vintage", "department", "region"):
            self.length(t.get(name, ""), MAX_NAME, f"{pointer}/{name}")
        if "stratum" in t:
            self.id_text(t["stratum"]["id"], f"{pointer}/stratum/id")
            if doc.is_blank(t["stratum"]["reason"]):
                self.fault("override_without_reason", f"{pointer}/stratum/reason")
            self.length(t["stratum"]["reason"], MAX_REASON, f"{pointer}/stratum/reason")
        former = t.get("formerly", [])
        if len(former) > MAX_FORMER:
            self.fault("limit_exceeded", f"{pointer}/formerly")
            former = []
        for j, name in enumerate(former):
            if name in former[:j]:
                self.fault("duplicate_id", f"{pointer}/formerly/{j}")
            elif not is_id_text(name):
                self.fault("invalid_id", f"{pointer}/formerly/{j}")
        for name in t.get("attributes", {}):
            self.new_name(name, attributes, below(pointer, "attributes", name), "/territories")

    def id_text(self, text: str, pointer: str) -> None:
        """An id: empty, or no id text."""
        if not text:
            self.fault("missing_field", pointer)
        elif not is_id_text(text):
            self.fault("invalid_id", pointer)

    def length(self, text: str, most: int, pointer: str) -> None:
        """A text that is too long, or holds a control character."""
        if len(text) > most or has_control(text):
            self.fault("out_of_range", pointer)

    def new_name(self, name: str, names: set[str], pointer: str, limit: str) -> bool:
        """A name that none earlier has must be an id text; beyond 500 it is left out (Limits)."""
        if name in names:
            return True
        if len(names) >= MAX_NAMES:
            self.fault("limit_exceeded", limit)
            return False
        names.add(name)
        if not is_id_text(name):
            self.fault("invalid_id", pointer)
        return True

    def former_ids(self, rows: list[tuple[int, Json]]) -> None:
        """Former ids, the three steps."""
        owners = self.owners
        for i, territory in rows:
            owners.setdefault(territory["id"], i)
        with_former = [
            (i, t)
            for i, t in rows
            if "formerly" in t
            and len(t["formerly"]) <= MAX_FORMER
            and list(dict.fromkeys(t["formerly"])) != [t["id"]]  # which says nothing
        ]
        for i, territory in with_former:
            if owners.get(territory["id"]) == i:
                del owners[territory["id"]]
        for i, territory in with_former:
            for name in dict.fromkeys(territory["formerly"]):
                if owners.setdefault(name, i) != i:
                    self.fault("former_id_shared", f"/territories/{i}/formerly")

    def accounts(self, accounts: list[Any], list_: str, previous: bool, known: bool) -> None:
        """Each account of one period."""
        if len(accounts) > MAX_ROWS:
            self.fault("limit_exceeded", list_)
            accounts = accounts[:MAX_ROWS]
        territories: Callable[[str], bool] = (
            self.owners.__contains__ if previous else self.ids.__contains__
        )
        for i, account in enumerate(accounts):
            pointer = f"{list_}/{i}"
            if not self.sound(ACCOUNT, account, pointer):
                continue
            network, territory = account["network"], account["territory"]
            if not network:
                self.fault("missing_field", f"{pointer}/network")
                continue
            if not territory:
                self.fault("missing_field", f"{pointer}/territory")
                continue
            if not self.new_name(network, self.networks[previous], f"{pointer}/network", list_):
                continue
            metrics = self.metrics.setdefault((previous, network), set())
            for name in account["metrics"]:
                self.new_name(name, metrics, below(pointer, "metrics", name), list_)
            if known and not territories(territory) and territory not in self.excused:
                self.fault("unknown_territory", f"{pointer}/territory")


def _is_array(value: Any, pointer: str, faults: list[Fault]) -> None:
    """An array; its items are read elsewhere."""
    if not isinstance(value, list):
        faults.append(Fault("wrong_type", pointer))


# --- Checks under a methodology -------------------------------------------------------------------


def check_under(cohort: Cohort, methodology: Methodology, alone: bool = False) -> dict[str, View]:
    """The stage of a cohort under a methodology; the cohort as each methodology reads it.

    The views are by the document digest of their methodology. Of a territory alone, missing
    metrics are not asked for (reference.md, One territory against a reference).
    """
    everything = [methodology, *methodology.all_pinned()]
    faults = [
        *_period_checks(cohort, everything),
        *_name_checks(cohort, everything),
        *_count_checks(cohort, everything),
        *([] if alone else _missing_metrics(cohort, everything)),
    ]
    views = {}
    for m in everything:
        view = View(cohort, m)
        faults += view.faults
        views[m.document_sha256] = view
    stage(faults)
    return views


def _period_checks(cohort: Cohort, everything: list[Methodology]) -> Iterator[Fault]:
    """Period."""

    def lengths(some: Iterable[Methodology]) -> set[int]:
        asked = (m.document.get("period_days") for m in some)
        return {int(length) for length in asked if length is not None}

    if cohort.period is not None:
        if lengths(everything) - {days_of(cohort.period)}:
            yield Fault("period_length", "/period")
    elif lengths(everything) or any("days" in m.all_variables() for m in everything):
        yield Fault("period_missing", "/period")
    if cohort.previous_period is not None:
        asked = lengths(m for m in everything if m.reads_previous)
        if asked - {days_of(cohort.previous_period)}:
            yield Fault("period_length", "/previous/period")


def _list_of(previous: bool) -> str:
    return "/previous/accounts" if previous else "/accounts"


def _name_checks(cohort: Cohort, everything: list[Methodology]) -> Iterator[Fault]:
    """Names: structure types, strata, attributes, networks, metrics not known."""
    types = {name for m in everything for name in m.document["structure_types"]}
    strata = {stratum["id"] for m in everything for stratum in m.document["strata"]}
    attributes = {name for m in everything for name in m.attributes}
    networks = {name for m in everything for name in m.document["networks"]}
    metrics = {name for m in everything for name in m.metrics}
    for i, territory in enumerate(cohort.territories):
        if territory["structure_type"] not in types:
            types.add(territory["structure_type"])
            yield Fault("unknown_structure_type", f"/territories/{i}/structure_type")
        if "stratum" in territory and territory["stratum"]["id"] not in strata:
            yield Fault("unknown_stratum", f"/territories/{i}/stratum/id")
    named = dict.fromkeys(name for t in cohort.territories for name in t.get("attributes", {}))
    for name in named:
        if name not in attributes:
            holders = (
                i
                for i, t in enumerate(cohort.territories)
                if t.get("attributes", {}).get(name) is not None
            )
            yield Fault(
                "unknown_metric", below(f"/territories/{next(holders, 0)}", "attributes", name)
            )
    for previous in (False, True):
        accounts = cohort.accounts(previous)
        for i, account in enumerate(accounts):
            if account["network"] not in networks:
                networks.add(account["network"])
                yield Fault("unknown_network", f"{_list_of(previous)}/{i}/network")
        for network, names in doc.metrics_by_network(accounts).items():
            for name in names:
                if name not in metrics:
                    i = _first_account(cohort, previous, network, names, name)
                    yield Fault(
                        "unknown_metric", below(f"{_list_of(previous)}/{i}", "metrics", name)
                    )


def _first_account(
    cohort: Cohort, previous: bool, network: str, names: list[str], metric: str
) -> int:
    """The first account of a network of which a metric is known, else the first.

    Accounts are in the order of their territories as given; those of one as in the digest.
    """
    accounts = cohort.accounts(previous)
    some = [i for i, account in enumerate(accounts) if account["network"] == network]
    some = cohort.ordered(previous, names, some)
    some.sort(key=lambda i: cohort.owner_of(accounts[i], previous))
    return next((i for i in some if accounts[i]["metrics"].get(metric) is not None), some[0])


def _count_checks(cohort: Cohort, everything: list[Methodology]) -> Iterator[Fault]:
    """Numbers of kind `count` (of several documents, if one says so)."""

    def counts(entries: Iterable[Json]) -> set[str]:
        return {name for some in entries for name, e in some.items() if e["kind"] == "count"}

    attributes = counts(m.attributes for m in everything)
    metrics = counts(m.metrics for m in everything)
    rows: list[tuple[str, Json, set[str]]] = [
        (f"/territories/{i}/attributes", t.get("attributes", {}), attributes)
        for i, t in enumerate(cohort.territories)
    ]
    for previous in (False, True):
        rows += [
            (f"{_list_of(previous)}/{i}/metrics", account["metrics"], metrics)
            for i, account in enumerate(cohort.accounts(previous))
        ]
    for pointer, values, names in rows:
        for name, value in values.items():
            if name in names and value is not None:
                code = numbers.count_fault(value)
                if code is not None:
                    yield Fault(code, below(pointer, name))


def _missing_metrics(cohort: Cohort, everything: list[Methodology]) -> Iterator[Fault]:
    """Missing metrics."""
    attributes = {name for t in cohort.territories for name in t.get("attributes", {})}
    now = doc.metrics_by_network(cohort.accounts(False))
    before = doc.metrics_by_network(cohort.accounts(True))
    for m in everything:
        by_rules = {name for _, rule in m.rules for name in fml.predicate_variables(rule)}
        for criterion in m.criteria:
            names = by_rules | set(fml.variables(m.formulas[criterion.indicator]))
            for name in names:
                if name in m.attributes and name not in attributes:
                    yield Fault("missing_metric", "/territories")
                if criterion.network is None or criterion.network not in now:
                    continue
                if name in m.metrics and name not in now[criterion.network]:
                    yield Fault("missing_metric", "/accounts")
                metric = name.removeprefix("previous.")
                if metric != name and metric not in before.get(criterion.network, []):
                    yield Fault("missing_metric", "/previous/accounts")


# --- Several accounts -----------------------------------------------------------------------------


class View:
    """A cohort as one methodology reads it: one account for each territory and network.

    Only networks that concern the methodology are here (Several accounts).
    """

    def __init__(self, cohort: Cohort, methodology: Methodology) -> None:
        self.cohort = cohort
        self.methodology = methodology
        self.faults: list[Fault] = []
        self.days = None if cohort.period is None else Fraction(days_of(cohort.period))
        self._accounts: list[dict[tuple[int, str], Metrics]] = [{}, {}]
        for previous in (False, True) if methodology.reads_previous else (False,):
            self._join(previous)

    def account(self, territory: int, network: str, previous: bool = False) -> Metrics | None:
        """The metrics of a territory's account on a network, or None: absent."""
        return self._accounts[previous].get((territory, network))

    def _join(self, previous: bool) -> None:
        """One account for each territory and network, in one period."""
        rule = self.methodology.document.get("several_accounts", "refuse")
        accounts = self.cohort.accounts(previous)
        names = doc.metrics_by_network(accounts)
        together: dict[tuple[int, str], dict[str, list[int]]] = {}
        used = self.methodology.networks_used
        for i, account in enumerate(accounts):
            if account["network"] in used:
                owner = self.cohort.owner_of(account, previous)
                by_id = together.setdefault((owner, account["network"]), {})
                by_id.setdefault(account["territory"], []).append(i)
        for (territory, network), by_id in together.items():
            kept: list[int] = []
            for some in by_id.values():
                ordered = self.cohort.ordered(previous, names[network], some)
                kept += self._kept(rule, some, ordered, previous)
            kept = self.cohort.ordered(previous, names[network], kept)
            if kept:
                joined = self._joined(kept, names[network], previous)
                self._accounts[previous][territory, network] = joined

    def _kept(self, rule: str, given: list[int], ordered: list[int], previous: bool) -> list[int]:
        """Which accounts of one id are kept, by the rule."""
        if len(given) == 1 or rule == "sum":
            return given
        list_ = _list_of(previous)
        if rule == "refuse":
            self.faults += [Fault("duplicate_account", f"{list_}/{i}/network") for i in given[1:]]
            return given[:1]
        accounts = self.cohort.accounts(previous)
        marked = [i for i in ordered if accounts[i].get("main", False)]
        if len(marked) != 1:
            self.faults.append(Fault("duplicate_account", f"{list_}/{given[0]}/main"))
        return marked[:1]

    def _joined(self, kept: list[int], names: list[str], previous: bool) -> Metrics:
        """The metrics of the one account; `kept` is in the order of the digest."""
        rows: list[Metrics] = [self.cohort.accounts(previous)[i]["metrics"] for i in kept]
        if len(rows) == 1:
            return rows[0]
        result: Metrics = {}
        for name in names:
            result[name] = None
            declared = self.methodology.metrics.get(name)
            if declared is None or declared["kind"] != "count":
                continue
            total = Fraction(0)
            values = [row.get(name) for row in rows]
            if any(value is None or numbers.count_fault(value) for value in values):
                continue
            for i, value in zip(kept, values, strict=True):
                assert value is not None
                total += value
                if total > numbers.MAX_COUNT:
                    place = below(f"{_list_of(previous)}/{i}", "metrics", name)
                    self.faults.append(Fault("out_of_range", place))
                    break
            result[name] = total
        return result

    def environment(self, territory: int, network: str | None) -> fml.Environment:
        """The variables of a territory, and of its account on a network (formula.md)."""
        row = self.cohort.territories[territory]
        now = None if network is None else self.account(territory, network)
        before = None if network is None else self.account(territory, network, True)
        attributes = row.get("attributes", {})

        def value(name: str) -> Fraction | None:
            if name == "population":
                return row.get("population")
            if name == "days":
                return self.days
            if name.startswith("previous."):
                return (before or {}).get(name.removeprefix("previous."))
            if name in self.methodology.metrics:
                return (now or {}).get(name)
            return attributes.get(name)

        return value
