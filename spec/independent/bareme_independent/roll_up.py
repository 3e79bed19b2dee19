"""spec/roll_up.md: the score of each group, drawn from the scores of its members."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from . import documents as doc
from . import numbers
from .field import Field
from .methodology import Json


def results(field: Field, roll_up: Json, score: Callable[[int], float | None]) -> list[Json]:
    """The results of a roll-up, by increasing group.

    `score` gives the score of a territory by the roll-up's index, if it has one.
    """
    groups: dict[str, list[int]] = {}
    for t, territory in enumerate(field.territories):
        if territory["structure_type"] in roll_up["structure_types"]:
            group = field.dimension(t, roll_up["into"])
            if group is not None:
                groups.setdefault(group, []).append(t)
    return [
        _result(field, roll_up, group, groups[group], score)
        for group in sorted(groups, key=doc.bytewise)
    ]


def _weight(roll_up: Json, territory: Json) -> Fraction | None:
    """1 without `weight`, else the population or attribute; None: unknown."""
    name = roll_up.get("weight")
    if name is None:
        return Fraction(1)
    if name == "population":
        return territory.get("population")
    return territory.get("attributes", {}).get(name)


def _result(
    field: Field,
    roll_up: Json,
    group: str,
    standing: list[int],
    score: Callable[[int], float | None],
) -> Json:
    """The result of one group (Definitions)."""
    scores: list[Fraction] = []
    weights: list[Fraction] = []
    left_out = 0
    for t in standing:
        s, w = score(t), _weight(roll_up, field.territories[t])
        if s is None or w is None:
            left_out += 1
        elif w > 0:
            scores.append(numbers.binary(s))
            weights.append(w)
    mean = numbers.weighted_mean(scores, weights)
    publication = field.methodology.document["publication"]
    decimals = int(publication["decimals"])
    published = None
    if mean is not None:
        u = numbers.published(numbers.shortest(mean), decimals, publication["rounding"])
        published = numbers.published_text(u, decimals)
    return {
        "group": group,
        "score": mean,
        "published": published,
        "members": len(scores),
        "left_out": left_out,
    }
