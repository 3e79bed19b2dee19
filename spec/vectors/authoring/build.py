"""Small documents, of which each case changes what it is about.

The methodology is a draft (it owes no provenance) with the networks x and y, the decimal metrics
a, b, c, the counts n, k, the decimal attribute d and the count attribute e, one stratum `all` of
communes. The cohort covers 30 days.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterable
from typing import Any

Json = dict[str, Any]
PERIOD = {"from": "2026-06-01", "to": "2026-07-01"}
BEFORE = {"from": "2026-05-01", "to": "2026-05-31"}
LETTERS = "pqrstuvwklmno"


def fr(word: str) -> Json:
    """A text."""
    return {"fr": word}


def merged(base: Json, members: Json) -> Json:
    """`base` with `members`; None takes a member out."""
    result = {**base, **members}
    return {name: value for name, value in result.items() if value is not None}


def indicator(id_: str = "i", formula: str = "a", **members: Any) -> Json:
    """An indicator whose mark is its value, unless told otherwise."""
    base = {
        "id": id_,
        "label": fr(id_),
        "formula": formula,
        "direction": "higher",
        "undefined": "leave_out",
        "unknown": "leave_out",
        "normalise": {"method": "none"},
    }
    return merged(base, members)


def child(what: str | Json = "i", weight: Any = 1, **members: Any) -> Json:
    """A child: an indicator by its id, an index, or a pin."""
    if isinstance(what, str):
        return {"indicator": what, "weight": weight, **members}
    kind = "methodology" if "method_sha256" in what else "index"
    return {kind: what, "weight": weight, **members}


def index(id_: str = "root", of: Iterable[Json] | None = None, **members: Any) -> Json:
    """An index on the network x, arithmetic, that leaves out what is missing."""
    base = {
        "id": id_,
        "label": fr(id_),
        "network": "x",
        "absent": "leave_out",
        "aggregate": "arithmetic",
        "missing": "renormalise",
        "of": [child()] if of is None else list(of),
    }
    return merged(base, members)


def inner(id_: str, of: Iterable[Json] | None = None, **members: Any) -> Json:
    """An index that names no network."""
    return index(id_, of, **{"network": None, "absent": None, **members})


def metric(name: str, kind: str = "decimal") -> Json:
    """A metric."""
    return {"kind": kind, "measure": "stock", "label": fr(name)}


def stratum(id_: str = "all", types: Iterable[str] = ("commune",), **members: Any) -> Json:
    """A stratum."""
    return merged({"id": id_, "label": fr(id_), "structure_types": list(types)}, members)


def view(id_: str = "v", **by: str) -> Json:
    """A view; by the root unless told otherwise."""
    return {"id": id_, "label": fr(id_), "by": by or {"index": "root"}}


def methodology(indicators: Json | list[Json] | None = None, root: Json | None = None, **members: Any) -> Json:
    """A methodology."""
    if indicators is None:
        indicators = indicator()
    if isinstance(indicators, dict):
        indicators = [indicators]
    if root is None:
        root = index(of=[child(i["id"]) for i in indicators])
    base = {
        "language": "bareme/1",
        "document": "methodology",
        "id": "t",
        "version": "1",
        "status": "draft",
        "title": fr("T"),
        "structure_types": {"commune": {"label": fr("C")}, "departement": {"label": fr("D")}},
        "networks": {"x": {"label": fr("X")}, "y": {"label": fr("Y")}},
        "metrics": {
            **{name: metric(name) for name in "abc"},
            **{name: metric(name, "count") for name in "nk"},
        },
        "attributes": {
            "d": {"kind": "decimal", "label": fr("d")},
            "e": {"kind": "count", "label": fr("e")},
        },
        "strata": [stratum()],
        "outside_strata": "leave_out",
        "indicators": indicators,
        "index": root,
        "ranking": ranking(),
        "views": [view(index=root["id"])],
        "publication": {"decimals": 1, "rounding": "half_up"},
    }
    return merged(base, members)


def ranking(**members: Any) -> Json:
    """By score, with equal places, in the cohort."""
    base = {"order_by": "score", "ties": "competition", "tie_breakers": [], "within": ["cohort"]}
    return merged(base, members)


def one(within: Any = None, **members: Any) -> Json:
    """A methodology with one indicator, which these members change."""
    return methodology(indicator(**members))


class Row:
    """A territory with its accounts, by network; `before` are those of the previous period."""

    def __init__(
        self,
        id_: str,
        x: Json | None = None,
        y: Json | None = None,
        before: Json | None = None,
        **members: Any,
    ) -> None:
        self.territory = merged({"id": id_, "name": id_.upper(), "structure_type": "commune"}, members)
        self.accounts = [
            {"territory": id_, "network": network, "metrics": metrics}
            for network, metrics in (("x", x), ("y", y))
            if metrics is not None
        ]
        self.before = [] if before is None else [{"territory": id_, "network": "x", "metrics": before}]


def cohort(rows: Iterable[Row], **members: Any) -> Json:
    """A cohort of 30 days."""
    rows = list(rows)
    before = [account for row in rows for account in row.before]
    base: Json = {
        "language": "bareme/1",
        "document": "cohort",
        "period": PERIOD,
        "territories": [row.territory for row in rows],
        "accounts": [account for row in rows for account in row.accounts],
    }
    if before:
        base["previous"] = {"period": BEFORE, "accounts": before}
    return merged(base, members)


def values(*numbers: float | None, name: str = "a", **members: Any) -> Json:
    """A cohort of territories p, q, r … with one metric each; None is unknown."""
    rows = [Row(id_, {name: value}) for id_, value in zip(LETTERS, numbers, strict=False)]
    return cohort(rows, **members)


def changed(document: Json, path: str, value: Any) -> Json:
    """A copy in which the member at the pointer is `value` (added if need be; `...` removes it)."""
    result = copy.deepcopy(document)
    *way, last = path.split("/")[1:]
    place: Any = result
    for name in way:
        place = place[int(name) if isinstance(place, list) else name]
    if isinstance(place, list):
        if last == "-":
            place.append(value)
        elif value is ...:
            del place[int(last)]
        else:
            place[int(last)] = value
    elif value is ...:
        del place[last]
    else:
        place[last] = value
    return result


def spelled(document: Json, **texts: str) -> str:
    """The text of a document in which the strings `<name>` stand for these texts."""
    result = json.dumps(document, ensure_ascii=False)
    for name, text in texts.items():
        assert f'"<{name}>"' in result
        result = result.replace(f'"<{name}>"', text)
    return result


def low_high(low: Json, high: Json, within: Any = "cohort", **members: Any) -> Json:
    """`min_max`, clamped, constant 50."""
    base = {
        "method": "min_max",
        "within": within,
        "low": low,
        "high": high,
        "clamp": True,
        "constant": 50,
    }
    return merged(base, members)


def min_max(within: Any = "cohort", **members: Any) -> Json:
    """`min_max` from the smallest to the largest value."""
    return low_high({"statistic": "min"}, {"statistic": "max"}, within, **members)


def proportion(target: Json, within: Any = "cohort", **members: Any) -> Json:
    """`proportion_of`, without cap."""
    return merged({"method": "proportion_of", "within": within, "target": target}, members)


def z_score(within: Any = "cohort", **members: Any) -> Json:
    """`z_score` to 50 ± 10."""
    base = {
        "method": "z_score",
        "within": within,
        "centre": 50,
        "scale": 10,
        "ddof": 0,
        "constant": 45,
    }
    return merged(base, members)
