"""spec/publication.md, The sheet: a publication as a table for spreadsheets."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from . import documents as doc
from .methodology import Criterion, Json, Methodology, within_name
from .publication import Published
from .scoring import children_first

# What a spreadsheet would run (cohort.md, Texts in cells and headers).
RUN = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?")


class Form(NamedTuple):
    """A form of the sheet."""

    delimiter: str
    decimal_mark: str
    start: str


FORMS = {"point": Form(",", ".", ""), "comma": Form(";", ",", "\ufeff")}


def neutralised(text: str) -> str:
    """A text that no spreadsheet runs (README.md, Conformance)."""
    return "'" + text if text.lstrip("'").startswith(RUN) else text


def sheet(published: Published, form: Form) -> str:
    """The sheet of a publication."""
    columns = _columns(published, form)
    lines = [[name for name, _ in columns]]
    for i in range(len(published.document["rows"])):
        lines.append([cells[i] for _, cells in columns])
    written = [form.delimiter.join(_quoted(cell, form) for cell in line) for line in lines]
    return form.start + "".join(line + "\n" for line in written)


def _quoted(cell: str, form: Form) -> str:
    """A cell as it is written."""
    if any(mark in cell for mark in (form.delimiter, '"', "\r", "\n")):
        return '"' + cell.replace('"', '""') + '"'
    return cell


def _columns(published: Published, form: Form) -> list[tuple[str, list[str]]]:
    """Every column: its header, and its cell in each row."""
    d, m = published.document, published.methodologies[-1]
    rows = d["rows"]
    head = d["head"]

    def text(*path: str | int) -> list[str]:
        return [neutralised(str(_at(row, path) or "")) for row in rows]

    def number(*path: str | int) -> list[str]:
        return [_number(_at(row, path), form) for row in rows]

    def same(value: str) -> list[str]:
        return [neutralised(value)] * len(rows)

    columns = [
        ("territory", text("territory", "id")),
        ("name", text("territory", "name")),
        ("structure_type", text("territory", "structure_type")),
        ("stratum", text("result", "stratum")),
    ]
    for name in ("department", "region"):
        if any(name in row["territory"] for row in rows):
            columns.append((name, text("territory", name)))
    for index, _ in reversed(list(children_first(m.document["index"], None))):
        for member in ("score", "published"):
            place = ("result", "indices", index["id"], member)
            columns.append((f"{index['id']}.{member}", number(*place)))
    for criterion, name in zip(m.criteria, _names(m), strict=True):
        place = ("result", "criteria", criterion.indicator, criterion.network or "")
        if head["inputs"] == "included":
            columns.append((f"{name}.raw", number(*place, "raw")))
        if "normalise" in m.indicators[criterion.indicator]:
            columns.append((f"{name}.mark", number(*place, "mark")))
            weight = next(_standing(m, criterion), None)
            cells = number("result", "indices", *weight) if weight else [""] * len(rows)
            columns.append((f"{name}.weight", cells))
    for view in m.document["views"]:
        for within in m.document["ranking"]["within"]:
            group = within_name(within)
            for i, member in enumerate(("rank", "of")):
                cells = number("result", "ranks", view["id"], group, i)
                columns.append((f"{view['id']}.{group}.{member}", cells))
    if "grades" in m.document["publication"]:
        columns.append(("grade", text("result", "grade")))
    flags = [" | ".join(_flag(flag) for flag in row["result"].get("flags", [])) for row in rows]
    columns.append(("flags", [neutralised(cell) for cell in flags]))
    if "synthetic" in head:
        columns.append(("synthetic", same("yes")))
    return [
        *columns,
        ("methodology", same(head["methodology"]["id"])),
        ("version", same(head["methodology"]["version"])),
        ("status", text("status")),
        ("method_sha256", text("method_sha256")),
        ("publication_sha256", same(d["sha256"])),
        ("row_sha256", text("sha256")),
    ]


def _at(value: Json, path: tuple[str | int, ...]) -> object:
    """What stands at a path, or None."""
    found: object = value
    for step in path:
        if isinstance(found, dict):
            found = found.get(step)
        elif isinstance(found, list) and isinstance(step, int) and step < len(found):
            found = found[step]
        else:
            return None
    return found


def _number(value: object, form: Form) -> str:
    """A number, or a published text."""
    if value is None:
        return ""
    if isinstance(value, str) and not _DECIMAL.fullmatch(value):
        return neutralised(value)
    text = value if isinstance(value, str) else doc.canonical(value)
    return text.replace(".", form.decimal_mark)


def _names(m: Methodology) -> list[str]:
    """What the columns of criteria begin with."""
    times = Counter(criterion.indicator for criterion in m.criteria)
    return [
        f"{c.indicator}.{c.network}" if times[c.indicator] > 1 and c.network else c.indicator
        for c in m.criteria
    ]


def _standing(m: Methodology, criterion: Criterion) -> Iterator[tuple[str, str, int]]:
    """Where the weights of a criterion stand in `indices`, index by index in their order."""
    reads = m.indicator_reads_metrics(criterion.indicator)
    for index, network in children_first(m.document["index"], None):
        standing = Criterion(criterion.indicator, network if reads else None)
        for i, child in enumerate(index["of"]):
            if child.get("indicator") == criterion.indicator and standing == criterion:
                yield index["id"], "weights", i


def _flag(flag: Json) -> str:
    """A flag in a word."""
    subject = ":" + flag["subject"] if "subject" in flag else ""
    network = "@" + flag["network"] if "network" in flag else ""
    return flag["code"] + subject + network
