"""How vectors are written: one item a line where it fits."""

from __future__ import annotations

import json
import unicodedata
from typing import Any

WIDTH = 140


def text(value: Any) -> str:
    """A file of vectors."""
    return _written(value, 0, 0) + "\n"


def _string(value: str) -> str:
    """A string in which what cannot be seen is escaped."""
    result = []
    for character in json.dumps(value, ensure_ascii=False):
        if character != " " and unicodedata.category(character)[0] in "CZM":
            result.append(json.dumps(character)[1:-1])
        else:
            result.append(character)
    return "".join(result)


def _line(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_string(k)}: {_line(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_line, value)) + "]"
    return _string(value) if isinstance(value, str) else json.dumps(value)


def _written(value: Any, depth: int, taken: int) -> str:
    line = _line(value)
    if not isinstance(value, dict | list):
        return line
    # Cases themselves are never on one line.
    if depth > 2 and (not value or depth + taken + len(line) <= WIDTH):
        return line
    margin = " " * (depth + 1)
    if isinstance(value, list):
        items = [margin + _written(item, depth + 1, 0) for item in value]
        return "[\n" + ",\n".join(items) + "\n" + " " * depth + "]"
    items = []
    for name, item in value.items():
        key = f"{_string(name)}: "
        items.append(margin + key + _written(item, depth + 1, len(key)))
    return "{\n" + ",\n".join(items) + "\n" + " " * depth + "}"
