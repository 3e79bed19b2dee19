"""spec/reference.md: statistics, small strata, the reference document."""

from __future__ import annotations

import math
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from . import documents as doc
from . import numbers, rank
from .cohort import day_number
from .errors import Fault, below, stage
from .field import Field, Group, dimensions_of, group_order
from .indicator import HAS_VALUE, Limits, Raw, drawn_in, oriented, winsorises
from .methodology import STATUSES, Criterion, Json, Methodology, bounds_of

if TYPE_CHECKING:
    from .scoring import Scored

ZERO = Fraction(0)
HALF = Fraction(1, 2)


# --- Statistics -----------------------------------------------------------------------------------


@dataclass
class GroupStatistics:
    """The statistics that a method keeps of a group (What a method keeps)."""

    size: int
    larger: bool = False
    low: Fraction | None = None
    high: Fraction | None = None
    target: Fraction | None = None
    mean: Fraction | None = None
    spread: Fraction | None = None
    values: list[Fraction] | None = None
    counts: list[int] = field(default_factory=list)
    # Of each value, who has it, of those whose own group this is; by place in the cohort, or, of a
    # reference that was read, by number.
    members: list[list[int]] = field(default_factory=list)

    def without(self, member: int, x: Fraction | None) -> GroupStatistics:
        """The distribution for a member scored alone (One territory against a reference, 3).

        Its old entry is taken out; an entry of its value is put in, if it has one.
        """
        if self.values is None or not any(member in some for some in self.members):
            return self
        entries = dict(self.distribution())
        old = next(v for v, some in zip(self.values, self.members, strict=True) if member in some)
        entries[old] -= 1
        if x is not None:
            entries[x] = entries.get(x, 0) + 1
        values = sorted(value for value, count in entries.items() if count > 0)
        return GroupStatistics(
            size=self.size - (x is None),
            larger=self.larger,
            values=values or None,
            counts=[entries[value] for value in values],
        )

    def distribution(self) -> list[tuple[Fraction, int]]:
        """The distinct values, and how many members have each."""
        return list(zip(self.values or [], self.counts, strict=True))


@dataclass
class CriterionReference:
    """What the reference keeps of a criterion."""

    limits: dict[Group, Limits] | None = None  # None: the indicator does not winsorise
    medians: dict[str, Fraction] | None = None  # None: it does not impute
    groups: dict[Group, GroupStatistics] = field(default_factory=dict)


@dataclass
class Member:
    """A member of a group: its value, and its weight where it weighs."""

    value: Fraction
    weight: Fraction | None


def weight_of(indicator: Json, territory: Json) -> Fraction | None:
    """The weight of a member; None: it is left out of what weighs (Members)."""
    name = indicator.get("statistics_weight")
    if name is None:
        return Fraction(1)
    if name == "population":
        weight = territory.get("population")
    else:
        weight = territory.get("attributes", {}).get(name)
    return weight if weight is not None and weight > 0 else None


def quantile(indicator: Json, members: Sequence[Member], q: Fraction) -> Fraction | None:
    """The quantile q, weighted or of type 7 (Quantiles)."""
    if "statistics_weight" in indicator:
        return _weighted_quantile(members, q)
    values = sorted(member.value for member in members)
    if not values:
        return None
    h = (len(values) - 1) * q
    k = h.numerator // h.denominator
    if h == k:
        return values[k]
    return values[k] + (h - k) * (values[k + 1] - values[k])


def _weighted_quantile(members: Sequence[Member], q: Fraction) -> Fraction | None:
    """The smallest value whose cumulated weight is at least q W; nothing is interpolated."""
    weighing = [(m.value, m.weight) for m in members if m.weight is not None]
    if not weighing:
        return None
    asked = q * sum((w for _, w in weighing), ZERO)
    for value in sorted({v for v, _ in weighing}):
        if sum((w for v, w in weighing if v <= value), ZERO) >= asked:
            return value
    raise AssertionError("q is at most 1")


def _existing(x: float | None) -> Fraction | None:
    """A rounded statistic, carried as its decimal; one beyond the range does not exist."""
    return None if x is None or math.isinf(x) else numbers.shortest(x)


def mean(indicator: Json, members: Sequence[Member]) -> Fraction | None:
    """The mean (Statistics)."""
    if "statistics_weight" not in indicator:
        return _existing(numbers.mean(m.value for m in members))
    weighing = [(m.value, m.weight) for m in members if m.weight is not None]
    return _existing(numbers.weighted_mean([v for v, _ in weighing], [w for _, w in weighing]))


def spread(indicator: Json, members: Sequence[Member], ddof: int) -> Fraction | None:
    """The spread (Statistics)."""
    if "statistics_weight" not in indicator:
        return _existing(numbers.spread([m.value for m in members], ddof))
    weighing = [(m.value, m.weight) for m in members if m.weight is not None]
    return _existing(numbers.weighted_spread([v for v, _ in weighing], [w for _, w in weighing]))


def bound(indicator: Json, members: Sequence[Member], what: Json) -> Fraction | None:
    """A bound over members; None: it does not exist. A fixed one always does."""
    if "fixed" in what:
        return what["fixed"]
    if "quantile" in what:
        return quantile(indicator, members, what["quantile"])
    match what["statistic"]:
        case "min":
            return min((m.value for m in members), default=None)
        case "max":
            return max((m.value for m in members), default=None)
        case "median":
            return quantile(indicator, members, HALF)
        case _:
            return mean(indicator, members)


def keeps_statistics(normalise: Json) -> bool:
    """Whether a method keeps statistics of groups: it then has a `within`."""
    if normalise["method"] in ("min_max", "proportion_of"):
        return any("fixed" not in b for b in bounds_of(normalise).values())
    return normalise["method"] in ("percentile_rank", "rank", "z_score")


def statistics(indicator: Json, members: Sequence[Member], larger: bool) -> GroupStatistics:
    """What the indicator's method keeps of a group (What a method keeps)."""
    n = indicator["normalise"]
    result = GroupStatistics(len(members), larger)
    match n["method"]:
        case "min_max":
            low, high = (bound(indicator, members, n[end]) for end in ("low", "high"))
            if members and low is not None and high is not None:
                result.low, result.high = low, high
        case "proportion_of":
            result.target = bound(indicator, members, n["target"])
        case "z_score":
            weighing = [m.value for m in members if m.weight is not None]
            if weighing:
                average = mean(indicator, members)
                width = spread(indicator, members, int(n["ddof"]))
                if len(set(weighing)) == 1:
                    result.mean = average
                elif average is not None and width is not None:
                    result.mean, result.spread = average, width
        case _:  # percentile_rank, rank
            if members:
                result.values = sorted({m.value for m in members})
                result.counts = [sum(m.value == value for m in members) for value in result.values]
    return result


# --- The reference of a criterion -----------------------------------------------------------------


def of_criterion(f: Field, criterion: Criterion, raws: Sequence[Raw]) -> CriterionReference:
    """Limits, medians and statistics of a criterion, from all territories."""
    indicator = f.methodology.indicators[criterion.indicator]
    result = CriterionReference()
    if "normalise" not in indicator:
        return result
    everyone = {
        t: Member(oriented(indicator, raw.value), weight_of(indicator, f.territories[t]))
        for t, raw in enumerate(raws)
        if raw.state in HAS_VALUE and raw.value is not None
    }
    if winsorises(indicator):
        result.limits = _limits(f, indicator, everyone)
        for t, member in everyone.items():
            member.value = drawn_in(member.value, limits_of(f, indicator, result, t))
    if indicator["unknown"] == "impute_median":
        result.medians = {}
        for stratum in f.methodology.document["strata"]:
            members = [m for t, m in everyone.items() if f.stratum[t] == stratum["id"]]
            median = quantile(indicator, members, HALF)
            if median is not None:
                result.medians[stratum["id"]] = median
    normalise = indicator["normalise"]
    if keeps_statistics(normalise):
        within = normalise["within"]
        for group in f.groups(within):
            groups = [group]
            if within == "stratum":
                groups = [(("stratum", s),) for s in chain(f, group[0][1], criterion.network)]
            members = [m for t, m in everyone.items() if f.group(t, within) in groups]
            kept = statistics(indicator, members, len(groups) > 1)
            own = {t: m.value for t, m in everyone.items() if f.group(t, within) == group}
            kept.members = [
                [t for t, x in own.items() if x == value] for value in kept.values or []
            ]
            result.groups[group] = kept
    return result


def _limits(f: Field, indicator: Json, everyone: dict[int, Member]) -> dict[Group, Limits]:
    """The limits of each group of `winsorise.within`, from oriented values (indicator.md)."""
    w = indicator["winsorise"]
    ends = ("low", "high")
    if "within" not in w:  # every limit is fixed: the same for all
        return {(): Limits(*(w[end]["fixed"] if end in w else None for end in ends))}
    result = {}
    for group in f.groups(w["within"]):
        members = [m for t, m in everyone.items() if f.group(t, w["within"]) == group]
        result[group] = Limits(
            *(bound(indicator, members, w[end]) if end in w else None for end in ends)
        )
    return result


def limits_of(f: Field, indicator: Json, reference: CriterionReference, t: int) -> Limits | None:
    """The limits that are those of a territory; None: it is not drawn in."""
    group = f.group(t, indicator["winsorise"].get("within", "cohort"))
    return None if group is None else (reference.limits or {}).get(group)


def chain(f: Field, stratum: str, network: str | None) -> list[str]:
    """The chain of strata that stands for a stratum (Small strata)."""
    strata = {s["id"]: s for s in f.methodology.document["strata"]}
    result = [stratum]
    while True:
        last = strata[result[-1]]
        size = sum(f.eligible_size(s, network) for s in result)
        if "minimum_size" not in last or size >= last["minimum_size"]:
            return result
        result.append(last["fallback"])


# --- The reference document: writing --------------------------------------------------------------


def document(scored: Scored) -> Json:
    """The reference document of a scored cohort (The reference document)."""
    cohort = scored.cohort
    order = sorted(scored.everyone, key=lambda t: doc.bytewise(cohort.territories[t]["id"]))
    numbered = {t: number for number, t in enumerate(order)}
    result: Json = {
        "language": doc.LANGUAGE,
        "document": "reference",
        "status": scored.methodology.status,
        "cohort_sha256": cohort.sha256(),
        "members": [cohort.territories[t]["id"] for t in order],
        "statistics": _of_methodology(scored, order, numbered, None),
    }
    if cohort.synthetic:
        result["synthetic"] = True
    if cohort.period is not None:
        result["period"] = cohort.period
    return result


# The finest groups, and the place among them of each member's.
Seating = tuple[list[Json], list[int]]


def _of_methodology(
    scored: Scored, order: list[int], numbered: dict[int, int], above: Seating | None
) -> Json:
    """The statistics of a methodology; `above` is the seating of the one that pins it."""
    m = scored.methodology
    result: Json = {
        "methodology": {"id": m.id, "version": m.version, "method_sha256": m.method_sha256},
        "strata": {
            s["id"]: scored.field.number_of_territories(s["id"]) for s in m.document["strata"]
        },
        "criteria": [
            _criterion_document(criterion, scored.references[criterion], numbered)
            for criterion in m.criteria
        ],
        "rankings": {
            view["id"]: _ranked_values(scored, view["id"], order, numbered)
            for view in m.document["views"]
        },
    }
    seating = _seating(scored, order)
    if seating != above:
        result["groups"], result["seats"] = seating
    if m.pinned:
        result["parts"] = [
            _of_methodology(part, order, numbered, seating) for part in scored.parts.values()
        ]
    return result


def _criterion_document(
    criterion: Criterion, reference: CriterionReference, numbered: dict[int, int]
) -> Json:
    """A criterion of the reference document."""
    result: Json = {"indicator": criterion.indicator}
    if criterion.network is not None:
        result["network"] = criterion.network
    if reference.limits:
        result["limits"] = [
            {"group": dict(group), **_exacts(low=limits.low, high=limits.high)}
            for group, limits in reference.limits.items()
        ]
    if reference.medians is not None:
        result["medians"] = _exacts(**reference.medians)
    result["groups"] = [
        _statistics_document(group, s, numbered) for group, s in reference.groups.items()
    ]
    return result


def _exacts(**values: Fraction | None) -> dict[str, str]:
    """Those of some exact values that exist, as texts."""
    return {k: numbers.exact_text(v) for k, v in values.items() if v is not None}


def _statistics_document(group: Group, s: GroupStatistics, numbered: dict[int, int]) -> Json:
    """Statistics of a group."""
    result: Json = {"group": dict(group), "size": s.size}
    if s.larger:
        result["larger"] = True
    result |= _exacts(low=s.low, high=s.high, target=s.target)
    if s.mean is not None:
        result["mean"] = s.mean
    if s.spread is not None:
        result["spread"] = s.spread
    if s.values is not None:
        result["values"] = [numbers.exact_text(value) for value in s.values]
        result["counts"] = s.counts
        result["members"] = [sorted(numbered[t] for t in some) for some in s.members]
    return result


def _dimensions_of_ranking(m: Methodology) -> set[str]:
    """All dimensions in which a methodology ranks (Ranked values)."""
    withins = list(m.document["ranking"]["within"])
    grades = m.document["publication"].get("grades")
    if grades is not None and grades["by"] == "rank":
        withins.append(grades["within"])
    return {name for within in withins for name in dimensions_of(within)}


def _seating(scored: Scored, order: list[int]) -> Seating:
    """The finest groups that some territory is in, and the place of each member's."""
    names = _dimensions_of_ranking(scored.methodology)
    finest = [scored.field.known_group(t, names) for t in order]
    groups = sorted(set(finest), key=group_order)
    return [dict(group) for group in groups], [groups.index(group) for group in finest]


def _ranked_values(scored: Scored, view: str, order: list[int], numbered: dict[int, int]) -> Json:
    """The ranked values of a view."""
    orders = scored.orders[view]
    having: dict[tuple[Any, ...], list[int]] = {}
    for t in order:
        if scored.compared(t, orders[0]) is not None:
            having.setdefault(scored.sort_key(t, view), []).append(t)
    ordered = [having[key] for key in sorted(having)]
    return {
        "keys": [[scored.key_text(some[0], order) for order in orders] for some in ordered],
        "members": [[numbered[t] for t in some] for some in ordered],
    }


# --- Reading a reference --------------------------------------------------------------------------

_GROUP = doc.mapping(doc.string)
_EXACT = doc.string
_NUMBERS = doc.array(doc.array(doc.whole))


def _statistics(value: Any, pointer: str, faults: list[Fault]) -> None:
    """The statistics of a methodology in their shape; parts are such."""
    doc.record(
        {
            "methodology": doc.record(
                {"id": doc.string, "version": doc.string, "method_sha256": doc.string}
            ),
            "strata": doc.mapping(doc.whole),
            "criteria": doc.array(
                doc.record(
                    {
                        "indicator": doc.string,
                        "groups": doc.array(
                            doc.record(
                                {"group": _GROUP, "size": doc.whole},
                                {
                                    "larger": doc.boolean,
                                    "low": _EXACT,
                                    "high": _EXACT,
                                    "target": _EXACT,
                                    "mean": doc.number,
                                    "spread": doc.number,
                                    "values": doc.array(_EXACT),
                                    "counts": doc.array(doc.whole),
                                    "members": _NUMBERS,
                                },
                            )
                        ),
                    },
                    {
                        "network": doc.string,
                        "limits": doc.array(
                            doc.record({"group": _GROUP}, {"low": _EXACT, "high": _EXACT})
                        ),
                        "medians": doc.mapping(_EXACT),
                    },
                )
            ),
            "rankings": doc.mapping(
                doc.record({"keys": doc.array(doc.array(doc.string)), "members": _NUMBERS})
            ),
        },
        {
            "groups": doc.array(_GROUP),
            "seats": doc.array(doc.whole),
            "parts": doc.array(_statistics),
        },
    )(value, pointer, faults)


SHAPE = doc.record(
    {
        "language": doc.string,
        "document": doc.string,
        "status": doc.word(*STATUSES),
        "cohort_sha256": doc.string,
        "members": doc.array(doc.string),
        "statistics": _statistics,
    },
    {
        "synthetic": doc.boolean,
        "period": doc.record({"from": doc.string, "to": doc.string}),
    },
)


@dataclass
class RankedValue:
    """A key of a view, as what is compared, and the members that have it."""

    key: tuple[Any, ...]
    members: list[int]


@dataclass
class Reference:
    """A reference that was read, held against its methodology; a part is such, too."""

    document: Json  # the whole
    methodology: Methodology
    criteria: dict[Criterion, CriterionReference]
    groups: list[Json]
    seats: list[int]
    rankings: dict[str, list[RankedValue]]
    parts: list[Reference]

    def number_of(self, territory: str) -> int | None:
        """The number of a member."""
        members = self.document["members"]
        return members.index(territory) if territory in members else None


def read(data: bytes, methodology: Methodology) -> Reference:
    """Reads a reference, with the methodology at hand (Reading a reference)."""
    value = doc.check_kind(doc.read_text(data, doc.LARGEST["reference"]), "reference")
    faults: list[Fault] = []
    SHAPE(value, "", faults)
    stage(faults)
    return of_document(value, methodology, "")


def of_document(d: Json, m: Methodology, pointer: str) -> Reference:
    """What is one stage, after the shape."""
    faults = list(_period_faults(d, f"{pointer}/period"))
    members = [doc.bytewise(member) for member in d["members"]]
    if not _increase(members):
        faults.append(Fault("unknown_reference", f"{pointer}/members"))
    result = _Reading(d, faults).statistics(d["statistics"], m, f"{pointer}/statistics", None)
    stage(faults)
    assert result is not None
    return result


def _increase(items: Sequence[Any]) -> bool:
    """Whether each item is above the one before it."""
    return all(a < b for a, b in zip(items, items[1:], strict=False))


def _period_faults(d: Json, pointer: str) -> Iterator[Fault]:
    """The dates of the period."""
    if "period" not in d:
        return
    days = {end: day_number(d["period"][end]) for end in ("from", "to")}
    for end, day in days.items():
        if day is None:
            yield Fault("invalid_date", f"{pointer}/{end}")
    start, end_ = days["from"], days["to"]
    if start is not None and end_ is not None and not start < end_:
        yield Fault("bounds_order", f"{pointer}/to")


class _Reading:
    """The checks of a reference under its methodology."""

    def __init__(self, document: Json, faults: list[Fault]) -> None:
        self.document = document
        self.count = len(document["members"])
        self.faults = faults

    def fault(self, code: str, pointer: str) -> None:
        """Collects a fault."""
        self.faults.append(Fault(code, pointer))

    def statistics(
        self, d: Json, m: Methodology, s: str, above: Seating | None
    ) -> Reference | None:
        """The statistics of a methodology; `above` is the seating of the one that pins it."""
        pin = {"id": m.id, "version": m.version, "method_sha256": m.method_sha256}
        if d["methodology"] != pin:
            self.fault("pin_mismatch", f"{s}/methodology")
            return None
        criteria = {}
        if len(d["criteria"]) != len(m.criteria):
            self.fault("unknown_reference", f"{s}/criteria")
        for i, (entry, criterion) in enumerate(zip(d["criteria"], m.criteria, strict=False)):
            place = f"{s}/criteria/{i}"
            if Criterion(entry["indicator"], entry.get("network")) == criterion:
                criteria[criterion] = self.criterion(m, criterion, entry, place)
            else:
                self.fault("unknown_reference", f"{place}/indicator")
        seating = above
        if above is None or "groups" in d or "seats" in d:
            seating = self.seating(d, s)
        assert seating is not None
        rankings = {}
        for view in m.document["views"]:
            ranked = self.ranked(m, view["id"], d["rankings"].get(view["id"]))
            if ranked is None:
                self.fault("unknown_reference", below(s, "rankings", view["id"]))
            else:
                rankings[view["id"]] = ranked
        given = d.get("parts", [])
        if len(given) != len(m.pinned):
            self.fault("unknown_reference", f"{s}/parts")
        parts = [
            self.statistics(part, pinned, f"{s}/parts/{k}", seating)
            for k, (part, pinned) in enumerate(zip(given, m.pins_in_order(), strict=False))
        ]
        known = [part for part in parts if part is not None]
        return Reference(self.document, m, criteria, *seating, rankings, known)

    def seating(self, d: Json, s: str) -> Seating:
        """Finest groups and seats."""
        groups, seats = d.get("groups", []), [int(seat) for seat in d.get("seats", [])]
        if len(seats) != self.count:
            self.fault("unknown_reference", f"{s}/seats")
        for n, seat in enumerate(seats):
            if seat >= len(groups):
                self.fault("unknown_reference", f"{s}/seats/{n}")
        return groups, seats

    def are_members(self, lists: list[list[Any]]) -> bool:
        """Whether numbers are members', none twice."""
        all_ = [number for some in lists for number in some]
        return all(number < self.count for number in all_) and len(set(all_)) == len(all_)

    def ranked(self, m: Methodology, view: str, d: Json | None) -> list[RankedValue] | None:
        """The ranked values of a view; None: something is wrong with them."""
        if d is None or len(d["keys"]) != len(d["members"]) or not self.are_members(d["members"]):
            return None
        orders = rank.orders_of_view(m, view)
        result = []
        for texts, members in zip(d["keys"], d["members"], strict=True):
            if len(texts) != len(orders) or texts[0] == "":
                return None
            values = []
            for order, text in zip(orders, texts, strict=True):
                value = read_key(m, order, text)
                if value is None and text != "":
                    return None
                values.append(value)
            key = rank.sort_key(orders, values)
            result.append(RankedValue(key, [int(number) for number in members]))
        return result if _increase([value.key for value in result]) else None

    def exact(self, text: str | None, place: str) -> Fraction | None:
        """An exact."""
        if text is None:
            return None
        value = numbers.read_exact(text)
        if value is None:
            self.fault("not_a_number", place)
        return value

    def group(self, group: Json, within: Any, seen: Container[Group], pointer: str) -> Group:
        """A group of an entry, held against its `within` and the groups of earlier entries."""
        key = tuple(sorted(group.items()))
        if set(group) != set(dimensions_of(within)):
            self.fault("unknown_reference", f"{pointer}/group")
        elif key in seen:
            self.fault("duplicate_id", f"{pointer}/group")
        return key

    def criterion(
        self, m: Methodology, criterion: Criterion, d: Json, c: str
    ) -> CriterionReference:
        """A criterion that is the methodology's."""
        indicator = m.indicators[criterion.indicator]
        result = CriterionReference()
        if "winsorise" in indicator:
            result.limits = {}
            within = indicator["winsorise"].get("within", "cohort")
            for j, limits in enumerate(d.get("limits", [])):
                place = f"{c}/limits/{j}"
                group = self.group(limits["group"], within, result.limits, place)
                result.limits[group] = Limits(
                    *(self.exact(limits.get(end), f"{place}/{end}") for end in ("low", "high"))
                )
        result.medians = {}
        strata = {s["id"] for s in m.document["strata"]}
        for name, text in d.get("medians", {}).items():
            if name in strata:
                median = self.exact(text, below(c, "medians", name))
                if median is not None:
                    result.medians[name] = median
        if "normalise" in indicator and keeps_statistics(indicator["normalise"]):
            within = indicator["normalise"]["within"]
            for j, entry in enumerate(d["groups"]):
                place = f"{c}/groups/{j}"
                group = self.group(entry["group"], within, result.groups, place)
                result.groups[group] = self.group_statistics(entry, place)
        return result

    def group_statistics(self, d: Json, place: str) -> GroupStatistics:
        """An entry of `groups`: of what a method may keep, the first that is there."""
        s = GroupStatistics(int(d["size"]), d.get("larger", False))
        if "low" in d and "high" in d:
            s.low, s.high = (self.exact(d[end], f"{place}/{end}") for end in ("low", "high"))
        elif "target" in d:
            s.target = self.exact(d["target"], f"{place}/target")
        elif "mean" in d:
            s.mean, s.spread = d["mean"], d.get("spread")
        elif "values" in d and "counts" in d:
            values = [self.exact(v, f"{place}/values/{k}") for k, v in enumerate(d["values"])]
            s.values = [value for value in values if value is not None]
            s.counts = [int(count) for count in d["counts"]]
            s.members = [[int(number) for number in some] for some in d.get("members", [])]
            if len(s.values) == len(values) and not _increase(s.values):
                self.fault("unknown_reference", f"{place}/values")
            if len(s.counts) != len(values):
                self.fault("unknown_reference", f"{place}/counts")
            if (
                len(s.members) != len(values)
                or any(len(some) > count for some, count in zip(s.members, s.counts, strict=False))
                or not self.are_members(s.members)
            ):
                self.fault("unknown_reference", f"{place}/members")
            if s.size != sum(s.counts):
                self.fault("unknown_reference", f"{place}/size")
        return s


def read_key(m: Methodology, order: rank.Order, text: str) -> rank.Compared:
    """A text of a key, as what is compared; None: no value, or not in the form (Ranked values)."""
    if order.criterion is not None:
        return numbers.read_exact(text)
    if m.document["ranking"]["order_by"] == "published":
        decimals = int(m.document["publication"]["decimals"])
        digits = text.removeprefix("-").replace(".", "", 1)
        if not (digits.isascii() and digits.isdigit()):
            return None
        u = numbers.int_of(digits) * (-1 if text.startswith("-") else 1)
        return Fraction(u) if numbers.published_text(u, decimals) == text else None
    value = numbers.read_decimal(text)
    if isinstance(value, str):
        return None
    x = numbers.rnd(value)
    return numbers.binary(x) if numbers.text_of(x) == text else None
