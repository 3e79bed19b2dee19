"""Cases, and what is expected of them by `spec/independent`."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from bareme_independent import api, numbers
from bareme_independent import documents as doc
from bareme_independent.errors import below

from .build import methodology as base_methodology

Json = dict[str, Any]

FLAGS = {
    "tie": "two ways would be as near, or two territories as good",
    "rounding": "an exact value is rounded",
    "constant": "all values of a group are equal",
    "empty-stratum": "a stratum without territory, or without member",
    "one-member": "a stratum or group of one",
    "two-members": "a stratum or group of two",
    "population-zero": "a population of 0",
    "absent": "no account on a network",
    "unknown": "a number that is not known",
    "undefined": "a formula, statistic or sum without value",
    "overflow": "a value beyond binary64's range",
    "minus-zero": "-0, or what could become it",
    "tiny": "numbers near 0, subnormal ones included",
    "huge": "numbers near the end of a range",
    "quantile-end": "quantiles 0 and 1",
    "nested": "indices inside indices",
    "pinned": "a methodology that pins another",
    "malformed": "a document with faults",
    "limit": "a limit, reached or passed",
    "order": "the order of rows or members must not show",
    "digest": "a digest or canonical form",
    "variant": "a JSON Merge Patch",
    "small-stratum": "a stratum that is too small, and its fallback",
    "weighted": "statistics or roll-ups by weights",
    "negative": "values below 0",
    "previous": "the previous period",
    "several-accounts": "several accounts of one territory",
    "ineligible": "a rule that is not satisfied",
    "outside": "a territory of no stratum",
    "table": "a cohort read from tables",
    "stage": "which faults are found together",
    "alone": "one territory against a reference",
    "publication": "a publication: its body, byte for byte",
    "receipt": "one row of a publication, and what proves it",
    "sheet": "a publication as a table for spreadsheets",
    "signature": "who published",
    "altered": "something was altered after publication",
    "resealed": "... and the digests were made anew, as who alters on purpose would",
    "full": "verified with a cohort that is given",
    "by-hand": "expected as the text has it, where `spec/independent` does not reach",
}


class Padded:
    """A text followed by spaces up to so many bytes."""

    def __init__(self, text: str, size: int) -> None:
        self.text, self.size = text, size


class Published:
    """A publication or a receipt of the page's `documents`, by its name, changed."""

    def __init__(self, name: str, document: Json, changed: Json | None = None) -> None:
        self.name = name
        self.document = json.loads(doc.canonical(document))
        self.changed = self.document if changed is None else json.loads(doc.canonical(changed))


def given(document: Any) -> Json:
    """A document as it stands in a vector."""
    if isinstance(document, Published):
        return {"document": document.name, "changes": list(changes(document.document, document.changed))}
    if isinstance(document, Padded):
        return {"text": document.text, "padded_to": document.size}
    if isinstance(document, str):
        return {"text": document}
    if isinstance(document, bytes):
        return {"base64": base64.b64encode(document).decode()}
    _plain(document)
    patch = difference(BASE, document) if document.get("document") == "methodology" else None
    if patch is not None and len(json.dumps(patch)) < len(json.dumps(document)):
        assert _sorted(doc.merge(BASE, patch)) == _sorted(document)
        return {"merge": patch}
    return {"json": document}


def _sorted(value: Any) -> str:
    """A text by which True is not 1."""
    return json.dumps(value, sort_keys=True)


# What `merge` of a case is merged into: the member `methodology` of every file.
BASE = base_methodology()


def difference(base: Json, document: Json) -> Json | None:
    """The JSON Merge Patch from one to the other, if there is one."""
    patch: Json = {name: None for name in base if name not in document}
    for name, value in document.items():
        if isinstance(value, dict):
            below = base.get(name)
            inside = difference(below if isinstance(below, dict) else {}, value)
            if inside is None:
                return None
            if inside or not isinstance(below, dict):
                patch[name] = inside
        elif value is None:
            return None
        elif name not in base or json.dumps(value) != json.dumps(base[name]):
            patch[name] = value
    return patch


def changes(a: Any, b: Any, pointer: str = "") -> Iterator[Json]:
    """What makes one value the other: members put, replaced or taken out, deepest places."""
    if isinstance(a, dict) and isinstance(b, dict):
        for name in a:
            if name not in b:
                yield {"at": below(pointer, name)}
        for name, value in b.items():
            if name not in a:
                yield {"at": below(pointer, name), "value": value}
            else:
                yield from changes(a[name], value, below(pointer, name))
    elif isinstance(a, list) and isinstance(b, list) and len(a) == len(b):
        for i, (one, other) in enumerate(zip(a, b, strict=True)):
            yield from changes(one, other, below(pointer, i))
    elif _sorted(a) != _sorted(b):
        yield {"at": pointer, "value": b}


def change(document: Any, list_: list[Json]) -> Any:
    """A document after its changes."""
    document = json.loads(json.dumps(document))
    for entry in list_:
        if entry["at"] == "":
            document = entry["value"]
            continue
        *way, last = (word.replace("~1", "/").replace("~0", "~") for word in entry["at"].split("/")[1:])
        place = document
        for name in way:
            place = place[int(name) if isinstance(place, list) else name]
        if isinstance(place, list):
            place[int(last)] = entry["value"]
        elif "value" in entry:
            place[last] = entry["value"]
        else:
            del place[last]
    return document


def _plain(value: Any) -> None:
    """Refuses what a JSON library could read in two ways; such documents are given as text."""
    if isinstance(value, dict):
        for item in value.values():
            _plain(item)
    elif isinstance(value, list):
        for item in value:
            _plain(item)
    elif isinstance(value, float) and value == 0:
        assert str(value) == "0.0", "-0 is given as text"
    elif isinstance(value, int | float) and not isinstance(value, bool):
        assert not isinstance(numbers.read_decimal(json.dumps(value)), str), value


def bytes_of(document: Json, documents: Json | None = None) -> bytes:
    """The bytes that an implementation reads."""
    if "document" in document:
        assert documents is not None
        return doc.canonical(change(documents[document["document"]], document["changes"])).encode("utf-8")
    if "json" in document:
        return json.dumps(document["json"], ensure_ascii=False).encode("utf-8")
    if "merge" in document:
        merged = doc.merge(BASE, document["merge"])
        return json.dumps(merged, ensure_ascii=False).encode("utf-8")
    if "base64" in document:
        return base64.b64decode(document["base64"])
    text = document["text"].encode("utf-8")
    return text.ljust(document.get("padded_to", 0), b" ")


# Members of documents that are binary64s; other numbers are whole.
BINARY64 = ("score", "raw", "mark", "weight", "mean", "spread")
# Members of a territory that say what the digest of the scoring says already.
LEFT_OUT = ("name", "structure_type", "status", "method_sha256")


def shown(value: Any, name: str = "") -> Any:
    """A value of a result, each binary64 with its bits and its text."""
    if isinstance(value, dict):
        return {key: shown(item, key) for key, item in value.items() if key not in LEFT_OUT}
    if isinstance(value, list):
        return [shown(item, name.removesuffix("s")) for item in value]
    if name in BINARY64 and value is not None:
        x = float(value)
        return {"bits": numbers.bits(x), "decimal": numbers.text_of(x)}
    assert not isinstance(value, float), (name, value)
    return value


def faults(found: api.Faults) -> Json:
    """A set of faults, in one order."""
    listed = [{"code": code, **place} for code, place in found]
    return {"faults": sorted(listed, key=lambda fault: json.dumps(fault, sort_keys=True))}


def expected(case: Json, documents: Json | None = None) -> Json:
    """What `spec/independent` answers."""
    names = ("methodology", "cohort", "patch", "reference", "publication")
    inputs = {name: bytes_of(case[name], documents) for name in names if name in case}
    others = [bytes_of(other) for other in case.get("others", [])]
    m, c = inputs.get("methodology"), inputs.get("cohort")
    match case["operation"]:
        case "check":
            return faults(api.check(m, others))
        case "digests":
            found = api.digests(m, c, others)
            return faults(found) if isinstance(found, list) else found
        case "variant":
            found = api.variant(m, inputs["patch"], others)
            if isinstance(found, list):
                return faults(found)
            return {
                "version": found["version"],
                "document_sha256": doc.document_digest(found),
                "method_sha256": doc.method_digest(found),
            }
        case "score":
            found = api.score(c, m, others)
            if isinstance(found, list):
                return faults(found)
            result = {"territories": shown(found["territories"])}
            if "roll_ups" in found:
                result["roll_ups"] = shown(found["roll_ups"])
            return {**result, "sha256": doc.digest(found)}
        case "reference":
            found = api.reference(c, m, others)
            if isinstance(found, list):
                return faults(found)
            return {"reference": shown(found), "sha256": doc.digest(found)}
        case "alone":
            found = api.score_alone(c, m, inputs["reference"], others)
            if isinstance(found, list):
                return faults(found)
            return {"territory": shown(found), "sha256": doc.digest(found)}
        case "publish":
            more = (case.get("inputs", "included"), case.get("notes", []), case.get("supersedes"))
            found = api.publish(c, m, others, *more)
            return faults(found) if isinstance(found, list) else published(found)
        case "receipt":
            found = api.receipt(inputs["publication"], case["territory"], case.get("with_reference", True))
            if isinstance(found, list):
                return faults(found)
            return {"proof": found["proof"], "text_sha256": doc.digest(found)}
        case "sheet":
            found = api.sheets(inputs["publication"])
            return faults(found) if isinstance(found, list) else found
        case "verify":
            known = [bytes_of(one) for one in case.get("known", [])]
            found = api.verify(inputs["publication"], case.get("keys", []), known, c, inputs.get("reference"))
            if isinstance(found, list):
                return faults(found)
            if "json" in case["publication"]:
                del found["canonical"]
            found["disagreements"].sort(
                key=lambda one: json.dumps(one, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
            )
            return {"report": found}
        case operation:
            raise ValueError(operation)


def published(body: Json) -> Json:
    """The answer to `publish`: what inputs, methodologies and reference say is in the digests."""
    plain = json.loads(doc.canonical(body))
    result: Json = {
        "head": plain["head"],
        "rows": [{"result": _result(row["result"]), "sha256": row["sha256"]} for row in plain["rows"]],
    }
    if "roll_ups" in plain:
        result["roll_ups"] = shown(plain["roll_ups"])
    return {**result, "sha256": plain["sha256"], "text_sha256": doc.digest(body)}


def _result(result: Json) -> Json:
    """A result, its binary64s with their bits; ids are no names of members."""
    shapes = {name: result[name] for name in ("stratum", "ranks", "grade", "flags", "id", "version") if name in result}
    shapes["indices"] = {id_: shown(index) for id_, index in result["indices"].items()}
    if "criteria" in result:
        shapes["criteria"] = {
            id_: {network: shown(criterion) for network, criterion in networks.items()}
            for id_, networks in result["criteria"].items()
        }
    if "parts" in result:
        shapes["parts"] = [_result(part) for part in result["parts"]]
    return shapes


PLAIN = ("inputs", "notes", "supersedes", "territory", "with_reference", "keys")


class Page:
    """The cases of one page."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.cases: list[Json] = []
        # Publications and receipts that cases change, by name.
        self.documents: Json = {}

    def add(
        self,
        name: str,
        about: str,
        flags: str,
        operation: str,
        finds: str | None = None,
        published: str | None = None,
        others: Sequence[Any] = (),
        by_hand: Json | None = None,
        **inputs: Any,
    ) -> None:
        """Adds a case.

        `finds` are the faults that the author expects, as lines `code place`; `published` the
        published scores of the root, territory by territory, `-` for none. Either is held against
        what `spec/independent` says: a slip of the author, or a defect there, shows.
        """
        id_ = f"{self.name}/{name}"
        words = flags.split()
        assert re.fullmatch(r"[a-z_]+/[a-z0-9-]+", id_), id_
        assert all(flag in FLAGS for flag in words), (id_, flags)
        assert about and about[-1] == ".", (id_, about)
        case: Json = {"id": id_, "about": about, "flags": words, "operation": operation}
        for key, value in inputs.items():
            if key == "known":
                case[key] = [given(one) for one in value]
            else:
                # What is no document is given as it is.
                case[key] = value if key in PLAIN else given(value)
        if others:
            case["others"] = [given(other) for other in others]
        case["expected"] = expected(case, self.documents) if by_hand is None else by_hand
        self._hold(case, finds, published)
        self.cases.append(case)

    def _hold(self, case: Json, finds: str | None, published: str | None) -> None:
        """Holds what was expected by the author against what was computed."""
        found = case["expected"]
        if finds is not None:
            lines = {_line(fault) for fault in found.get("faults", [None]) if fault is not None}
            wanted = {line.strip() for line in finds.strip().split("\n") if line.strip()}
            if "faults" not in found or lines != wanted:
                more, less = sorted(lines - wanted)[:9], sorted(wanted - lines)[:9]
                DISAGREEMENTS.append(f"{case['id']}: not by the author: {more}; not found: {less}")
        else:
            refused = found.get("faults")
            if refused and "by-hand" not in case["flags"]:
                DISAGREEMENTS.append(f"{case['id']}: faults {[_line(f) for f in refused]}")
        if published is not None and "faults" not in found:
            rows = found.get("territories", [found.get("territory")])
            scores = " ".join(row["indices"][0]["published"] or "-" for row in rows)
            if scores != published:
                DISAGREEMENTS.append(f"{case['id']}: the author says {published!r}, not {scores!r}")

    def verify(
        self, name: str, about: str, flags: str, publication: Any, differs: str | None = None, **more: Any
    ) -> None:
        """A verification. `differs` are the disagreements that the author expects, as lines `step pointer`."""
        self.add(name, about, flags, "verify", publication=publication, **more)
        found = self.cases[-1]["expected"]
        if differs is not None and "report" in found:
            lines = sorted(f"{d['step']} {d['pointer']}".strip() for d in found["report"]["disagreements"])
            wanted = sorted(line.strip() for line in differs.strip().split("\n") if line.strip())
            if lines != wanted:
                DISAGREEMENTS.append(f"{self.name}/{name}: found {lines}; the author expects {wanted}")

    def check(self, name: str, about: str, finds: str, methodology: Any, flags: str = "malformed", **more: Any) -> None:
        """A methodology with faults, or (`finds` empty) without."""
        self.add(name, about, flags, "check", finds, methodology=methodology, **more)

    def score(
        self,
        name: str,
        about: str,
        flags: str,
        methodology: Any,
        cohort: Any,
        published: str | None = None,
        **more: Any,
    ) -> None:
        """A scoring."""
        self.add(name, about, flags, "score", published=published, methodology=methodology, cohort=cohort, **more)

    def cohort(
        self, name: str, about: str, finds: str | None, cohort: Any, flags: str = "malformed", **more: Any
    ) -> None:
        """A cohort read by itself: its digest, or its faults."""
        self.add(name, about, flags, "digests", finds, cohort=cohort, **more)

    def alone(
        self,
        name: str,
        about: str,
        flags: str,
        methodology: Any,
        cohort: Json,
        one: Json,
        others: Iterable[Any] = (),
        **more: Any,
    ) -> None:
        """A territory against the reference of a cohort."""
        others = list(others)
        made = api.reference(
            bytes_of(given(cohort)), bytes_of(given(methodology)), [bytes_of(given(o)) for o in others]
        )
        assert isinstance(made, dict), (name, made)
        reference = json.loads(doc.canonical(made))
        self.add(
            name,
            about,
            flags + " alone",
            "alone",
            others=others,
            methodology=methodology,
            reference=reference,
            cohort=one,
            **more,
        )

    def table(
        self,
        name: str,
        about: str,
        methodology: Any,
        table: Any,
        says: Json | None = None,
        finds: str = "",
        territories: Any = None,
        flags: str = "",
    ) -> None:
        """A cohort read from one table or two.

        `spec/independent` reads no tables. What a sound table says is given as the cohort in JSON,
        of which the digest is computed as everywhere; faults are those that the page demands, by
        hand: lines `code row:column` of a cell (`#2` after it: of the second table), or
        `code @line:column` of a position.
        """
        inputs = {} if territories is None else {"territories": territories}
        if says is not None:
            wanted = api.digests(None, bytes_of(given(says)))
            assert isinstance(wanted, dict), (name, wanted)
        else:
            wanted = faults([_cell(line.strip()) for line in finds.strip().split("\n")])
            flags += " by-hand malformed"
        self.add(name, about, f"table {flags}", "table", by_hand=wanted, methodology=methodology, table=table, **inputs)


DISAGREEMENTS: list[str] = []


def _cell(line: str) -> tuple[str, Json]:
    """A fault of a table, from its line."""
    code, place = line.split(" ", 1)
    if place[0] == "@":
        row, column = place[1:].split(":")
        return code, {"position": {"line": int(row), "column": int(column)}}
    row, column = place.split(":", 1)
    cell: Json = {"row": int(row), "column": column.removesuffix(" #2")}
    if column.endswith(" #2"):
        cell["table"] = "territories"
    return code, {"cell": cell}


def _line(fault: Json) -> str:
    """`code place` of a fault."""
    if "pointer" in fault:
        return f"{fault['code']} {fault['pointer']}".strip()
    if "cell" in fault:
        cell = fault["cell"]
        table = f" {cell['table']}" if "table" in cell else ""
        return f"{fault['code']} {cell['row']}:{cell['column']}{table}"
    return f"{fault['code']} {fault['position']['line']}:{fault['position']['column']}"
