"""spec/reference.md: statistics, small strata, the reference document."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from . import documents as doc
from . import numbers
from .cohort import day_number
from .errors import Fault, Refused, below, stage
from .field import Field, Group, group_order
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
            result.groups[group] = statistics(indicator, members, len(groups) > 1)
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
    m, cohort = scored.methodology, scored.cohort
    result: Json = {
        "language": doc.LANGUAGE,
        "document": "reference",
        "methodology": {"id": m.id, "version": m.version, "method_sha256": m.method_sha256},
        "status": m.status,
        "cohort_sha256": cohort.sha256(),
        "members": sorted((t["id"] for t in cohort.territories), key=doc.bytewise),
        "strata": {
            s["id"]: scored.field.number_of_territories(s["id"]) for s in m.document["strata"]
        },
        "criteria": [
            _criterion_document(criterion, scored.references[criterion]) for criterion in m.criteria
        ],
        "rankings": {view["id"]: _rankings(scored, view["id"]) for view in m.document["views"]},
    }
    if cohort.period is not None:
        result["period"] = cohort.period
    if m.pinned:
        result["parts"] = [document(part) for part in scored.parts.values()]
    return result


def _criterion_document(criterion: Criterion, reference: CriterionReference) -> Json:
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
    result["groups"] = [_statistics_document(group, s) for group, s in reference.groups.items()]
    return result


def _exacts(**values: Fraction | None) -> dict[str, str]:
    """Those of some exact values that exist, as texts."""
    return {k: numbers.exact_text(v) for k, v in values.items() if v is not None}


def _statistics_document(group: Group, s: GroupStatistics) -> Json:
    """Statistics of the reference document."""
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
    return result


def _rankings(scored: Scored, view: str) -> list[Json]:
    """The ranked groups of a view (Rankings)."""
    names = {
        name
        for within in scored.methodology.document["ranking"]["within"]
        for name in ([within] if isinstance(within, str) else within)
        if name != "cohort"
    }
    orders = scored.orders[view]
    groups: dict[Group, list[int]] = {}
    for t in range(len(scored.cohort.territories)):
        if scored.compared(t, orders[0]) is not None:
            groups.setdefault(scored.field.known_group(t, names), []).append(t)
    result = []
    for group in sorted(groups, key=group_order):
        keys: dict[tuple[Any, ...], list[list[str]]] = {}
        for t in groups[group]:
            text = [scored.key_text(t, order) for order in orders]
            keys.setdefault(scored.sort_key(t, view), []).append(text)
        ordered = [keys[key] for key in sorted(keys)]
        result.append(
            {
                "group": dict(group),
                "keys": [texts[0] for texts in ordered],
                "counts": [len(texts) for texts in ordered],
            }
        )
    return result


# --- Reading a reference --------------------------------------------------------------------------

_GROUP = doc.mapping(doc.string)
_EXACT = doc.string


def _reference(value: Any, pointer: str, faults: list[Fault]) -> None:
    """A reference in its shape; parts are such."""
    doc.record(
        {
            "language": doc.string,
            "document": doc.string,
            "methodology": doc.record(
                {"id": doc.string, "version": doc.string, "method_sha256": doc.string}
            ),
            "status": doc.word(*STATUSES),
            "cohort_sha256": doc.string,
            "members": doc.array(doc.string),
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
                doc.array(
                    doc.record(
                        {
                            "group": _GROUP,
                            "keys": doc.array(doc.array(doc.string)),
                            "counts": doc.array(doc.whole),
                        }
                    )
                )
            ),
        },
        {
            "period": doc.record({"from": doc.string, "to": doc.string}),
            "parts": doc.array(_reference),
        },
    )(value, pointer, faults)


@dataclass
class Reference:
    """A reference that was read, held against its methodology."""

    document: Json
    methodology: Methodology
    criteria: dict[Criterion, CriterionReference]
    parts: list[Reference]


def read(data: bytes, methodology: Methodology) -> Reference:
    """Reads a reference, with the methodology at hand (Reading a reference)."""
    value = doc.check_kind(doc.read_text(data, doc.LARGEST["reference"]), "reference")
    faults: list[Fault] = []
    _reference(value, "", faults)
    stage(faults)
    return of_document(value, methodology, "")


def of_document(d: Json, m: Methodology, pointer: str) -> Reference:
    """Stages 4 to 7."""
    if d["methodology"] != {
        "id": m.id,
        "version": m.version,
        "method_sha256": m.method_sha256,
    }:
        raise Refused([Fault("pin_mismatch", f"{pointer}/methodology")])
    stage(list(_period_faults(d, f"{pointer}/period")))
    faults: list[Fault] = []
    criteria = {}
    if len(d["criteria"]) != len(m.criteria):
        faults.append(Fault("unknown_reference", f"{pointer}/criteria"))
    for i, entry in enumerate(d["criteria"]):
        place = f"{pointer}/criteria/{i}"
        criterion = Criterion(entry["indicator"], entry.get("network"))
        if i < len(m.criteria) and m.criteria[i] == criterion:
            indicator = m.indicators[criterion.indicator]
            criteria[criterion] = _read_criterion(m, indicator, entry, place, faults)
        else:
            faults.append(Fault("unknown_reference", f"{place}/indicator"))
    given = d.get("parts", [])
    if len(given) != len(m.pinned):
        faults.append(Fault("unknown_reference", f"{pointer}/parts"))
    stage(faults)
    parts = [
        of_document(part, pinned, f"{pointer}/parts/{k}")
        for k, (part, pinned) in enumerate(zip(given, m.pins_in_order(), strict=True))
    ]
    return Reference(d, m, criteria, parts)


def _period_faults(d: Json, pointer: str) -> Iterator[Fault]:
    """Stage 5: the dates of the period."""
    if "period" not in d:
        return
    days = {end: day_number(d["period"][end]) for end in ("from", "to")}
    for end, day in days.items():
        if day is None:
            yield Fault("invalid_date", f"{pointer}/{end}")
    start, end_ = days["from"], days["to"]
    if start is not None and end_ is not None and not start < end_:
        yield Fault("bounds_order", f"{pointer}/to")


def _read_criterion(
    m: Methodology, indicator: Json, entry: Json, pointer: str, faults: list[Fault]
) -> CriterionReference:
    """A criterion that is the methodology's (stage 6)."""

    def exact(text: str | None, place: str) -> Fraction | None:
        if text is None:
            return None
        value = numbers.read_exact(text)
        if value is None:
            faults.append(Fault("not_a_number", place))
        return value

    result = CriterionReference()
    if "winsorise" in indicator:
        result.limits = {}
        for k, limits in enumerate(entry.get("limits", [])):
            place = f"{pointer}/limits/{k}"
            result.limits[_group(limits["group"])] = Limits(
                *(exact(limits.get(end), f"{place}/{end}") for end in ("low", "high"))
            )
    result.medians = {}
    strata = {s["id"] for s in m.document["strata"]}
    for name, text in entry.get("medians", {}).items():
        if name in strata:
            median = exact(text, below(pointer, "medians", name))
            if median is not None:
                result.medians[name] = median
    if "normalise" not in indicator or not keeps_statistics(indicator["normalise"]):
        return result
    for j, given in enumerate(entry["groups"]):
        place = f"{pointer}/groups/{j}"
        s = GroupStatistics(int(given["size"]), given.get("larger", False))
        if "low" in given and "high" in given:
            s.low, s.high = (exact(given[end], f"{place}/{end}") for end in ("low", "high"))
        elif "target" in given:
            s.target = exact(given["target"], f"{place}/target")
        elif "mean" in given:
            s.mean, s.spread = given["mean"], given.get("spread")
        elif "values" in given and "counts" in given:
            values = [exact(v, f"{place}/values/{k}") for k, v in enumerate(given["values"])]
            s.values = [value for value in values if value is not None]
            s.counts = [int(count) for count in given["counts"]]
            if len(values) != len(s.counts):
                faults.append(Fault("unknown_reference", f"{place}/counts"))
        result.groups[_group(given["group"])] = s
    return result


def _group(group: dict[str, str]) -> Group:
    """A group as a key."""
    return tuple(sorted(group.items()))
