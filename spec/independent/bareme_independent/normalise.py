"""spec/normalise.md: marks, a value set against the reference of its group."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from . import numbers
from .indicator import is_lower
from .methodology import Json
from .reference import GroupStatistics

HAS_MARK = ("present", "raw_zero", "imputed")


class Mark(NamedTuple):
    """The state of a mark, and the mark where there is one."""

    state: str
    value: Fraction | None = None


def settle(indicator: Json, mark: Mark) -> Mark:
    """Step 4: the rules of the indicator for what is unknown or undefined (States of marks)."""
    if mark.state not in ("unknown", "undefined"):
        return mark
    rule = indicator[mark.state]
    if rule == "mark_zero":
        return Mark("present", Fraction(0))
    if rule == "refuse":
        return Mark("refused")
    return Mark(mark.state)


def marked(indicator: Json, state: str, x: Fraction, statistics: GroupStatistics | None) -> Mark:
    """Steps 3 of States of marks: the method, for a territory with a value.

    `statistics` are those of its group; None for a method that keeps none.
    """
    m = method(indicator["normalise"], is_lower(indicator), x, statistics)
    if m is None or numbers.overflows(m):
        return Mark("undefined")
    return Mark(state, m)


def method(n: Json, lower: bool, x: Fraction, s: GroupStatistics | None) -> Fraction | None:
    """The mark that a method gives; None: no mark (Methods)."""
    match n["method"]:
        case "min_max":
            low, high = (_bound(n["low"], n["high"], s, i) for i in (0, 1))
            return _min_max(n, lower, x, low, high)
        case "proportion_of":
            target = n["target"].get("fixed") if s is None else s.target
            return _proportion_of(n, lower, x, target)
        case "percentile_rank":
            return None if s is None else _percentile_rank(lower, x, s)
        case "rank":
            return None if s is None else _rank(n, lower, x, s)
        case "z_score":
            return None if s is None else _z_score(n, lower, x, s)
        case "piecewise":
            return _piecewise(n["points"], x)
        case "bands":
            return _bands(n, lower, x)
        case _:  # none
            return x


def _bound(low: Json, high: Json, s: GroupStatistics | None, which: int) -> Fraction | None:
    """`low` or `high` of the group, or the fixed number when both are fixed."""
    if s is None:
        return (low, high)[which].get("fixed")
    return (s.low, s.high)[which]


def _min_max(
    n: Json, lower: bool, x: Fraction, low: Fraction | None, high: Fraction | None
) -> Fraction | None:
    """Method `min_max`."""
    if low is None or high is None:
        return None
    if low == high:
        return n["constant"]
    if low > high:
        return None
    m = 100 * (x - low) / (high - low)
    if lower:
        m = 100 - m
    return min(max(m, Fraction(0)), Fraction(100)) if n["clamp"] else m


def _proportion_of(n: Json, lower: bool, x: Fraction, target: Fraction | None) -> Fraction | None:
    """Method `proportion_of`."""
    if target is None or target <= 0:
        return None
    if not lower:
        m = 100 * x / target
    elif x > 0:
        m = 100 * target / x
    else:
        return n.get("cap")
    return min(m, n["cap"]) if "cap" in n else m


def _counts(x: Fraction, s: GroupStatistics) -> tuple[int, int, int, int]:
    """n, L, E, A of a distribution."""
    smaller = sum(count for value, count in s.distribution() if value < x)
    same = sum(count for value, count in s.distribution() if value == x)
    return s.size, smaller, same, s.size - smaller - same


def _percentile_rank(lower: bool, x: Fraction, s: GroupStatistics) -> Fraction | None:
    """Method `percentile_rank`."""
    if s.values is None:
        return None
    n, smaller, same, larger = _counts(x, s)
    return 100 * ((larger if lower else smaller) + Fraction(same, 2)) / n


def _rank(n: Json, lower: bool, x: Fraction, s: GroupStatistics) -> Fraction | None:
    """Method `rank`."""
    if s.values is None:
        return None
    size, smaller, _, larger = _counts(x, s)
    if size == 1:
        return n["single"]
    r = (smaller if lower else larger) + 1
    return max(Fraction(100 * (size - r), size - 1), Fraction(0))


def _z_score(n: Json, lower: bool, x: Fraction, s: GroupStatistics) -> Fraction | None:
    """Method `z_score`."""
    if s.mean is None:
        return None
    if s.spread is None:
        return n["constant"]
    if s.spread == 0:
        return None
    distance = n["scale"] * (x - s.mean) / s.spread
    m = n["centre"] - distance if lower else n["centre"] + distance
    if "clamp" in n:
        m = min(max(m, n["clamp"]["low"]), n["clamp"]["high"])
    return m


def _piecewise(points: list[Json], x: Fraction) -> Fraction:
    """Method `piecewise`."""
    if x <= points[0]["at"]:
        return points[0]["mark"]
    for before, after in zip(points, points[1:], strict=False):
        if before["at"] < x <= after["at"]:
            slope = (after["mark"] - before["mark"]) / (after["at"] - before["at"])
            return before["mark"] + (x - before["at"]) * slope
    return points[-1]["mark"]


def _bands(n: Json, lower: bool, x: Fraction) -> Fraction:
    """Method `bands`."""
    bands = n["bands"]
    if lower:
        return next((b["mark"] for b in bands if b["at"] >= x), n["otherwise"])
    return next((b["mark"] for b in reversed(bands) if b["at"] <= x), n["otherwise"])
