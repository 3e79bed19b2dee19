"""spec/indicator.md: raw values and their states, transforms, direction, winsorising."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import NamedTuple

from . import formula as fml
from . import numbers
from .field import Field
from .methodology import Criterion, Json

HAS_VALUE = ("present", "raw_zero")


class Raw(NamedTuple):
    """The state of a raw value, and the value where there is one."""

    state: str
    value: Fraction | None = None


def raw_value(field: Field, criterion: Criterion, t: int) -> Raw:
    """The raw value of a territory (State of a raw value: the first that applies)."""
    indicator = field.methodology.indicators[criterion.indicator]
    if field.stratum[t] is None:
        return Raw("outside_strata")
    if not field.is_there(t, criterion.network):
        return Raw("absent")
    if field.verdict(t, criterion.network) is not None:
        return Raw("ineligible")
    expression = field.methodology.formulas[criterion.indicator]
    value = fml.value(expression, field.view.environment(t, criterion.network))
    if value == "unknown":
        return Raw("unknown")
    if isinstance(value, Fraction) and "transform" in indicator:
        value = transformed(value, indicator["transform"])
    if isinstance(value, Fraction):
        return Raw("present", value)
    if indicator["undefined"] == "raw_zero":
        return Raw("raw_zero", Fraction(0))
    return Raw("undefined")


def transformed(value: Fraction, transform: str) -> Fraction | str:
    """The transform, rounded to binary64 and carried as its decimal; or `undefined`."""
    functions = {
        "ln": numbers.ln,
        "ln1p": numbers.ln1p,
        "log10": numbers.log10,
        "sqrt": numbers.sqrt,
    }
    result = functions[transform](value)
    if result is None or math.isinf(result):
        return "undefined"
    return numbers.shortest(result)


def is_lower(indicator: Json) -> bool:
    """Whether smaller oriented values are better (Direction)."""
    return indicator["direction"] != "higher"


def oriented(indicator: Json, raw: Fraction) -> Fraction:
    """The oriented value: the distance, where the value closest to a target is best."""
    direction = indicator["direction"]
    if isinstance(direction, dict):
        return abs(raw - direction["closest_to"])
    return raw


class Limits(NamedTuple):
    """The limits of winsorising of a group, each where it exists."""

    low: Fraction | None
    high: Fraction | None


def drawn_in(value: Fraction, limits: Limits | None) -> Fraction:
    """The drawn-in value; without limits, the oriented one (Winsorising)."""
    if limits is not None and limits.low is not None:
        value = max(value, limits.low)
    if limits is not None and limits.high is not None:
        value = min(value, limits.high)
    return value


def winsorises(indicator: Json) -> bool:
    """Only an indicator that has both `winsorise` and `normalise`."""
    return "winsorise" in indicator and "normalise" in indicator
