"""Cohorts: the territories and accounts compared with one another for one period."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from . import _bareme
from ._frames import Frame, Maker, columns_of
from ._inputs import Document, document_bytes

if TYPE_CHECKING:
    from ._methodology import Methodology

#: The first day, and the day after the last: dates, or texts written ``YYYY-MM-DD``.
Period: TypeAlias = "tuple[str | date, str | date]"


@dataclass(frozen=True, slots=True)
class Ignored:
    """Something that was left out because the methodology does not know it."""

    #: ``column``, ``network``, ``metric`` or ``attribute``.
    kind: str
    #: Its id, or the header of a column.
    name: str
    #: How many cells, accounts or known numbers it had.
    count: int


class Cohort:
    """Territories and their accounts for one period, checked.

    Made from a cohort document by :meth:`from_json`, or from data frames by :meth:`Methodology.cohort`, for the
    methodology's names are what columns are called by. Immutable.
    """

    __slots__ = ("_native",)

    def __init__(self, native: _bareme.Cohort) -> None:
        """Wrap a native cohort."""
        if not isinstance(native, _bareme.Cohort):
            raise TypeError("a cohort is made by Cohort.from_json or Methodology.cohort")
        self._native = native

    @classmethod
    def from_json(cls, document: Document) -> Cohort:
        """Read a cohort document; ``bareme.schema("cohort")`` says its shape.

        Raises :class:`InputError` with every fault, each with its JSON Pointer.

        >>> bareme.Cohort.from_json(cohort_json)
        <bareme.Cohort 2 territories, 2026-10-01/2026-10-31>
        """
        return cls(_bareme.Cohort.from_json(document_bytes(document, "cohort")))

    def __len__(self) -> int:
        return len(self._native)

    def __repr__(self) -> str:
        period = self._native.period
        when = f", {period[0]}/{period[1]}" if period else ""
        return f"<bareme.Cohort {len(self)} territories{when}{', synthetic' if self.synthetic else ''}>"

    @property
    def sha256(self) -> str:
        """The digest of its content, whatever the order of its rows."""
        return self._native.sha256

    @property
    def period(self) -> tuple[date, date] | None:
        """The first day, and the day after the last, when they are given."""
        period = self._native.period
        return (date.fromisoformat(period[0]), date.fromisoformat(period[1])) if period else None

    @property
    def synthetic(self) -> bool:
        """Are its numbers invented?"""
        return self._native.synthetic

    @property
    def networks(self) -> list[str]:
        """The networks on which at least one territory has an account."""
        return self._native.networks


def _same(frame: Frame) -> Any:
    return frame


def _period(period: Period | None) -> tuple[str, str] | None:
    if period is None:
        return None
    if isinstance(period, str) or len(period) != 2:
        raise TypeError("period: two dates are needed, the first day and the day after the last")
    first, end = period
    return (
        first.strftime("%Y-%m-%d") if isinstance(first, date) else str(first),
        end.strftime("%Y-%m-%d") if isinstance(end, date) else str(end),
    )


def read(
    methodology: Methodology | _bareme.Methodology,
    accounts: Any,
    territories: Any,
    period: Period | None,
    ignore_unknown: bool,
) -> tuple[_bareme.Cohort, list[Ignored], Maker]:
    """Read whatever a cohort may be given as; also how results are given back."""
    rules = methodology if isinstance(methodology, _bareme.Methodology) else methodology._native
    dates = _period(period)
    is_document = isinstance(accounts, (str, bytes, bytearray)) or (
        isinstance(accounts, Mapping) and accounts.get("document") == "cohort"
    )
    is_file = isinstance(accounts, os.PathLike)
    if is_file and Path(accounts).suffix.lower() != ".json":
        second = None if territories is None else document_bytes(territories, "territories")
        cohort, left_out = _bareme.Cohort.from_csv(Path(accounts).read_bytes(), second, dates, rules, ignore_unknown)
        return cohort, [Ignored(*each) for each in left_out], _same
    if isinstance(accounts, Cohort) or is_document or is_file:
        if territories is not None or period is not None:
            raise TypeError("a cohort document has its own territories and period")
        cohort = accounts._native if isinstance(accounts, Cohort) else Cohort.from_json(accounts)._native
        left_out = []
        if ignore_unknown:
            cohort, left_out = cohort.restricted_to(rules)
        return cohort, [Ignored(*each) for each in left_out], _same
    first, maker = columns_of(accounts, "accounts")
    second_columns = None if territories is None else columns_of(territories, "territories")[0]
    cohort, left_out = _bareme.Cohort.from_columns(first, second_columns, dates, rules, ignore_unknown)
    return cohort, [Ignored(*each) for each in left_out], maker
