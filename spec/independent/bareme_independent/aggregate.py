"""spec/aggregate.md: indices, from the children up to the root."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import NamedTuple

from . import numbers
from .field import Field
from .methodology import Json
from .normalise import HAS_MARK


class Value(NamedTuple):
    """The state of a child or an index, and its exact value where it has one."""

    state: str
    value: Fraction | None = None


class Counted(NamedTuple):
    """What becomes of a child in its index.

    `counts` is the pair (w, v) with which it counts, if it does.
    """

    weight: Fraction
    counts: tuple[Fraction, Fraction] | None = None
    there: bool = False
    refuses: bool = False


def weight_of(weight: Fraction | Json, territory: Json, stratum: str | None) -> Fraction:
    """The weight of a child for a territory (Weights)."""
    if isinstance(weight, Fraction):
        return weight
    if "by_structure_type" in weight:
        found = weight["by_structure_type"].get(territory["structure_type"])
        return weight["default"] if found is None else found
    if "by_stratum" in weight:
        found = weight["by_stratum"].get(stratum)
        return weight["default"] if found is None else found
    population = territory.get("population")
    if population is not None:
        for band in weight["by_population"]:
            if band.get("from", population) <= population and (
                "below" not in band or population < band["below"]
            ):
                return band["weight"]
    return weight["default"]


def gate(field: Field, t: int, index: Json, network: str | None) -> Value | None:
    """What an index is before its children count; None: they do (Gate)."""
    if field.stratum[t] is None:
        return Value("outside_strata")
    if field.verdict(t, None) is not None:
        return Value("ineligible")
    if network is None:
        return None
    if not field.is_there(t, network):
        match index.get("absent"):
            case "zero":
                return Value("present", Fraction(0))
            case "refuse":
                return Value("refused")
            case _:  # `leave_out`, or the network was named above
                return Value("absent")
    if field.verdict(t, network) is not None:
        return Value("ineligible")
    return None


def combine(
    index: Json, children: list[tuple[Json, Value]], weigh: Callable[[Json], Fraction]
) -> Value:
    """An index from the values of its children (Combining)."""
    counted = [_counted(index, child, value, weigh(child)) for child, value in children]
    weighing = [c for c in counted if c.weight != 0]
    if any(c.refuses for c in weighing):
        return Value("refused")
    if "minimum_share" in index:
        total = sum((c.weight for c in weighing), Fraction(0))
        there = sum((c.weight for c in weighing if c.there), Fraction(0))
        if there < index["minimum_share"] * total:
            return Value("insufficient")
    pairs = [c.counts for c in weighing if c.counts is not None]
    if not pairs:
        return Value("undefined")
    value = _aggregated(index["aggregate"], pairs)
    if value is None or numbers.overflows(value):
        return Value("undefined")
    return Value("present", value)


def _counted(index: Json, child: Json, value: Value, weight: Fraction) -> Counted:
    """Step 1 and 2: how a child counts."""
    if weight == 0:
        return Counted(weight)
    if value.state in HAS_MARK:
        assert value.value is not None
        return Counted(weight, (weight, value.value), there=True)
    if value.state == "refused":
        return Counted(weight, refuses=True)
    if value.state == "absent" and "methodology" in child:
        if child["absent"] == "zero":
            return Counted(weight, (weight, Fraction(0)), there=True)
        if child["absent"] == "refuse":
            return Counted(weight, refuses=True)
    match index["missing"]:
        case "renormalise":
            return Counted(weight)
        case "zero":
            return Counted(weight, (weight, Fraction(0)))
        case _:
            return Counted(weight, refuses=True)


def _aggregated(aggregate: str, pairs: list[tuple[Fraction, Fraction]]) -> Fraction | None:
    """Step 5: the value over the (w, v) that count; None: undefined."""
    total = sum((w for w, _ in pairs), Fraction(0))
    values = [v for _, v in pairs]
    match aggregate:
        case "arithmetic":
            return sum((w * v for w, v in pairs), Fraction(0)) / total
        case "geometric":
            mean = numbers.geometric_mean(values, [w for w, _ in pairs])
            return None if mean is None or math.isinf(mean) else numbers.shortest(mean)
        case "harmonic":
            if 0 in values:
                return Fraction(0)
            return total / sum((w / v for w, v in pairs), Fraction(0))
        case "sum":
            return sum((w * v for w, v in pairs), Fraction(0))
        case "min":
            return min(values)
        case _:
            return max(values)
