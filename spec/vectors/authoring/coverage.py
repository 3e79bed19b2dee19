"""What the vectors must have at least: every member and word of the formats, every code."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from .case import FLAGS, bytes_of
from .schema import Schema

Json = dict[str, Any]
SPEC = Path(__file__).resolve().parents[2]

# Codes that no document causes, or none of the operations of vectors.
ELSEWHERE = {
    "unknown_view": "asked of an interface",
    "territory_not_found": "asked of an interface",
    "ambiguous_territory": "asked of an interface",
    "cancelled": "asked of an interface",
    "internal": "a defect",
    "column_length": "columns in memory",
}


def uncovered(cases: Iterable[Json]) -> Iterator[str]:
    """What no case covers."""
    cases = list(cases)
    for kind in ("methodology", "cohort"):
        yield from _parts(kind, cases)
    codes = {fault["code"] for case in cases for fault in case["expected"].get("faults", [])}
    text = (SPEC / "errors.md").read_text(encoding="utf-8")
    section = text[text.index("## Codes") : text.index("## Limits")]
    for code in re.findall(r"^\| `([a-z_]+)` \|", section, re.M):
        if code not in codes and code not in ELSEWHERE:
            yield f"code {code}"
    used = {flag for case in cases for flag in case["flags"]}
    yield from (f"flag {flag}" for flag in FLAGS if flag not in used)


def _parts(kind: str, cases: list[Json]) -> Iterator[str]:
    """Members and words of a format that stand in no document of which something is computed."""
    path = SPEC / "schemas" / f"{kind}.schema.json"
    schema = Schema(json.loads(path.read_text(encoding="utf-8")))
    used: set[str] = set()
    for case in cases:
        if "faults" in case["expected"]:
            continue
        inputs = [case.get(kind), *(case.get("others", []) if kind == "methodology" else [])]
        for document in inputs:
            if document is not None and ("json" in document or "merge" in document):
                used |= set(schema.used(json.loads(bytes_of(document))))
    for part in sorted(schema.parts() - used):
        yield f"{kind}: {part}"
