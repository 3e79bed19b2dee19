"""What is wrong with an input: every fault at once, each with a stable code."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

#: How many faults the text of an exception lists; ``faults`` holds them all.
_SHOWN = 10

_NOT_FOUND = {"unknown_methodology", "unknown_view", "territory_not_found", "ambiguous_territory"}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with an input.

    ``code`` is stable and the same in every language; the words are not. Either ``pointer`` says where (a JSON
    Pointer into a document), or ``row`` and ``column`` do (the first row of a frame is 1; ``table`` is
    ``"territories"`` for the second of two frames), or ``line`` and ``column`` (of a text).
    """

    code: str
    value: str
    expected: str
    advice: str
    pointer: str | None = None
    row: int | None = None
    line: int | None = None
    column: str | int | None = None
    table: str | None = None
    _lines: dict[str, str] = field(default_factory=dict, repr=False, compare=False)

    def text(self, lang: str = "en") -> str:
        """Give the fault in one line, in English or French (``"fr"``)."""
        return self._lines.get(lang, self._lines.get("en", self.code))

    def __str__(self) -> str:
        return self.text()


class BaremeError(Exception):
    """Whatever this package raises by itself.

    ``faults`` lists what is wrong; ``code`` is that of the first.
    """

    def __init__(self, message: str = "", faults: tuple[Fault, ...] = (), omitted: int = 0) -> None:
        """Hold the faults, and how many more there are than are kept."""
        super().__init__(message)
        self.faults = faults
        self.omitted = omitted

    @property
    def code(self) -> str:
        """The code of the first fault."""
        return self.faults[0].code if self.faults else "internal"

    def text(self, lang: str = "en") -> str:
        """Give every fault, one a line, in English or French (``"fr"``)."""
        return "\n".join(fault.text(lang) for fault in self.faults)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (str(self), self.faults, self.omitted)


class InputError(BaremeError, ValueError):
    """An input has faults: a document, a frame, a value."""


class NotFoundError(InputError, LookupError):
    """A methodology, a view or a territory that was asked for is not there."""


class InternalError(BaremeError, RuntimeError):
    """A defect of this package: please report it."""


def _fault(value: dict[str, Any]) -> Fault:
    place = value["place"]
    where: dict[str, Any] = {}
    if "pointer" in place:
        where["pointer"] = place["pointer"]
    else:
        where.update(place.get("cell") or place.get("position") or {})
    expected, advice = value["expected"]["en"], value["advice"]["en"]
    return Fault(value["code"], value["value"], expected, advice, _lines=value["line"], **where)


def from_json(text: str) -> BaremeError:
    """Make the exception of the faults that the native half hands over."""
    found = json.loads(text)
    faults = tuple(_fault(fault) for fault in found["faults"])
    omitted = found["omitted"]
    codes = {fault.code for fault in faults}
    if "internal" in codes:
        kind: type[BaremeError] = InternalError
    elif codes and codes <= _NOT_FOUND:
        kind = NotFoundError
    else:
        kind = InputError
    return kind(_summary(faults, omitted), faults, omitted)


def _summary(faults: tuple[Fault, ...], omitted: int) -> str:
    if len(faults) == 1 and not omitted:
        return _where(faults[0], 0)
    # One line for all rows of a column with the same fault: a whole column is mostly wrong in one way.
    groups: dict[Any, list[Fault]] = {}
    for fault in faults:
        alike = fault if fault.row is None else (fault.code, fault.column, fault.table)
        groups.setdefault(alike, []).append(fault)
    lines = [f"{len(faults) + omitted} faults"]
    lines += [f"  {_where(alike[0], len(alike) - 1)}" for alike in list(groups.values())[:_SHOWN]]
    rest = Counter(fault.code for alike in list(groups.values())[_SHOWN:] for fault in alike)
    if rest:
        kinds = ", ".join(f"{code} ({number})" for code, number in rest.most_common())
        lines.append(f"  and: {kinds}")
    if omitted:
        lines.append(f"  and {omitted} more that were not kept")
    return "\n".join([*lines, "`.faults` lists them"])


def _where(fault: Fault, more: int) -> str:
    """Give the line of a fault with its place in words, and in how many more rows it stands."""
    line = fault.text()
    place, _, rest = line.partition(f" {fault.code} ")
    if fault.row is not None:
        of = " of the territories" if fault.table else ""
        others = f" and {more} more" if more else ""
        place = f"row {fault.row}{others}{of}, column {fault.column!r}"
    elif fault.line is not None:
        place = f"line {fault.line}, column {fault.column}"
    elif not fault.pointer:
        place = ""
    return f"{place}{': ' if place else ''}{rest} [{fault.code}]"
