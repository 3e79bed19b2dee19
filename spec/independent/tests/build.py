"""Small documents for tests."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

from bareme_independent import api, scoring
from bareme_independent import cohort as cohorts
from bareme_independent import methodology as methodologies
from bareme_independent.errors import Refused

Json = dict[str, Any]
SPEC = Path(__file__).resolve().parents[2]
EXAMPLES = SPEC.parent / "examples"
PERIOD = {"from": "2026-10-01", "to": "2026-10-31"}


def text(word: str) -> Json:
    """A text in French."""
    return {"fr": word}


def metric(name: str, kind: str = "decimal") -> Json:
    """A metric."""
    return {"kind": kind, "measure": "stock", "label": text(name)}


def indicator(id_: str, formula: str, **members: Any) -> Json:
    """An indicator that gives its value as its mark, unless told otherwise."""
    return {
        "id": id_,
        "label": text(id_),
        "formula": formula,
        "direction": "higher",
        "undefined": "leave_out",
        "unknown": "leave_out",
        "normalise": {"method": "none"},
        **members,
    }


def index(id_: str, of: list[Json], **members: Any) -> Json:
    """An index on network x, arithmetic, unless told otherwise."""
    result = {
        "id": id_,
        "label": text(id_),
        "network": "x",
        "absent": "leave_out",
        "aggregate": "arithmetic",
        "missing": "renormalise",
        "of": of,
        **members,
    }
    return {name: value for name, value in result.items() if value is not None}


def methodology(indicators: list[Json], root: Json, **members: Any) -> Json:
    """A draft on the networks x and y, with one stratum of communes."""
    names = {"a", "b", "c"}
    result = {
        "language": "bareme/1",
        "document": "methodology",
        "id": "t",
        "version": "1",
        "status": "draft",
        "title": text("T"),
        "structure_types": {"commune": {"label": text("C")}},
        "networks": {"x": {"label": text("X")}, "y": {"label": text("Y")}},
        "metrics": {name: metric(name) for name in sorted(names)},
        "strata": [{"id": "all", "label": text("A"), "structure_types": ["commune"]}],
        "outside_strata": "refuse",
        "indicators": indicators,
        "index": root,
        "ranking": {
            "order_by": "score",
            "ties": "competition",
            "tie_breakers": [],
            "within": ["cohort"],
        },
        "views": [{"id": "v", "label": text("V"), "by": {"index": root["id"]}}],
        "publication": {"decimals": 1, "rounding": "half_up"},
        **members,
    }
    return {name: value for name, value in result.items() if value is not None}


def territory(id_: str, **members: Any) -> Json:
    """A commune."""
    return {"id": id_, "name": id_.upper(), "structure_type": "commune", **members}


def account(id_: str, network: str = "x", **metrics: Any) -> Json:
    """An account."""
    return {"territory": id_, "network": network, "metrics": metrics}


def cohort(territories: list[Json], accounts: list[Json], **members: Any) -> Json:
    """A cohort of 30 days."""
    result = {
        "language": "bareme/1",
        "document": "cohort",
        "period": PERIOD,
        "territories": territories,
        "accounts": accounts,
        **members,
    }
    return {name: value for name, value in result.items() if value is not None}


def encoded(document: Json) -> bytes:
    """A document as bytes."""
    return json.dumps(document, ensure_ascii=False).encode()


def scored(c: Json, m: Json, others: tuple[Json, ...] = ()) -> scoring.Scored:
    """A scoring; faults fail the test."""
    library = methodologies.Library([encoded(other) for other in others])
    try:
        return scoring.score(cohorts.read(encoded(c)), methodologies.read(encoded(m), library))
    except Refused as refused:
        raise AssertionError(str(refused)) from None


def score(c: Json, m: Json, others: tuple[Json, ...] = ()) -> Json:
    """The scoring document, territories by id."""
    result = api.score(encoded(c), encoded(m), [encoded(other) for other in others])
    if isinstance(result, list):
        raise AssertionError(str(result))
    return {entry["id"]: entry for entry in result["territories"]}


def faults(pairs: list[Any]) -> set[tuple[str, str]]:
    """Faults as a set of code and pointer."""
    return {(code, place.get("pointer", str(place))) for code, place in pairs}


def block(page: str, start: str, language: str = "json", number: int = 0) -> str:
    """A code block of a page, after a text that stands in it."""
    rest = (SPEC / f"{page}.md").read_text(encoding="utf-8")
    rest = rest[rest.index(start) :]
    for _ in range(number + 1):
        rest = rest[rest.index(f"```{language}\n") + len(language) + 4 :]
        found, rest = rest.split("```", 1)
    return found


COLUMNS = (
    "territory name structure_type population population_vintage department region stratum "
    "stratum_reason from to network main synthetic"
).split()


def cohort_of_csv(path: Path, attributes: tuple[str, ...] = ()) -> Json:
    """A cohort from one of the example tables, which need none of the subtleties of tables."""
    territories: dict[str, Json] = {}
    accounts = []
    period: Json = {}
    synthetic = False
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            number = {k: int(v) if v else None for k, v in row.items() if k not in COLUMNS}
            period = {"from": row["from"], "to": row["to"]}
            entry = territory(
                row["territory"],
                name=row["name"],
                structure_type=row["structure_type"],
                population=int(row["population"]) if row["population"] else None,
            )
            for name in ("population_vintage", "department", "region"):
                entry[name] = row.get(name, "")
            if row.get("stratum"):
                entry["stratum"] = {"id": row["stratum"], "reason": row["stratum_reason"]}
            if attributes:
                entry["attributes"] = {name: number[name] for name in attributes}
            territories.setdefault(row["territory"], entry)
            if row["network"]:
                metrics = {k: v for k, v in number.items() if k not in attributes}
                accounts.append(account(row["territory"], row["network"], **metrics))
            synthetic = synthetic or row.get("synthetic") == "yes"
    members = {"synthetic": True} if synthetic else {}
    return cohort(list(territories.values()), accounts, period=period, **members)
