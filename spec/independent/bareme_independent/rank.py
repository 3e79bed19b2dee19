"""spec/rank.md: places in views, inside groups; grades."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from .methodology import Criterion, Methodology


@dataclass(frozen=True)
class Order:
    """What a key orders by: an index, or a criterion."""

    index: str | None
    criterion: Criterion | None
    larger_is_better: bool


# What an order compares of a territory; None: no value.
Compared = Fraction | None


def order_of(methodology: Methodology, key: dict[str, Any]) -> Order:
    """The order that a key means (Order)."""
    if "index" in key:
        return Order(key["index"], None, True)
    criterion = methodology.criterion_of(key)
    assert criterion is not None
    direction = methodology.indicators[criterion.indicator]["direction"]
    return Order(None, criterion, direction == "higher")


def orders_of_view(methodology: Methodology, view: str) -> list[Order]:
    """The view's own order, then each tie-breaker's."""
    keys = [next(v["by"] for v in methodology.document["views"] if v["id"] == view)]
    keys += methodology.document["ranking"]["tie_breakers"]
    return [order_of(methodology, key) for key in keys]


def sort_key(orders: Sequence[Order], values: Sequence[Compared]) -> tuple[Any, ...]:
    """A key by which the better sorts first; who has no value comes after all who have one."""
    return tuple(
        (1, Fraction(0)) if value is None else (0, -value if order.larger_is_better else value)
        for order, value in zip(orders, values, strict=True)
    )


def place(ties: str, own: tuple[Any, ...], others: Sequence[tuple[Any, ...]]) -> int:
    """The place among the ranked of a group (Places)."""
    better = [other for other in others if other < own]
    return 1 + (len(better) if ties == "competition" else len(set(better)))


def grade_by_threshold(steps: list[dict[str, Any]], published: int, decimals: int) -> str | None:
    """The first step that the root's published score reaches (Grades)."""
    score = Fraction(published, 10**decimals)
    return next((step["id"] for step in steps if score >= step["from"]), None)


def grade_by_rank(steps: list[dict[str, Any]], rank: int, of: int) -> str | None:
    """The first step that a place reaches (Grades)."""
    return next((step["id"] for step in steps if rank <= step["top"] * of), None)
