"""The conformance vectors: all by the runner inside this build, and all by the public API."""

from __future__ import annotations

import base64
import copy
import hashlib
import json
import struct
from pathlib import Path
from typing import Any

import bareme
import pytest
from bareme import _bareme
from conftest import ROOT

PAGES = sorted((ROOT / "spec" / "vectors" / "bareme-1").glob("*.json"))
LEFT_OUT = {"name", "structure_type", "status", "method_sha256"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_vector_by_the_runner(page: Path) -> None:
    outcomes = _bareme.vectors(page.read_bytes())
    assert outcomes
    assert {case: differences for case, differences in outcomes if differences} == {}


def merged(target: Any, patch: Any) -> Any:
    if not isinstance(patch, dict):
        return patch
    target = copy.copy(target) if isinstance(target, dict) else {}
    for name, change in patch.items():
        if change is None:
            target.pop(name, None)
        else:
            target[name] = merged(target.get(name), change)
    return target


def canonical(value: Any) -> str:
    """Give the canonical form of RFC 8785."""
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))
        return "{" + ",".join(f"{canonical(name)}:{canonical(value[name])}" for name in names) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    return _bareme.decimal(value) if isinstance(value, float) else json.dumps(value, ensure_ascii=False)


def changed(document: Any, change: dict[str, Any]) -> Any:
    """Put a value at a place, or take a member out."""
    if change["at"] == "":
        return change["value"]
    *above, last = [step.replace("~1", "/").replace("~0", "~") for step in change["at"].split("/")[1:]]
    inside = document
    for step in above:
        inside = inside[int(step)] if isinstance(inside, list) else inside[step]
    key: Any = int(last) if isinstance(inside, list) else last
    if "value" in change:
        inside[key] = change["value"]
    else:
        del inside[key]
    return document


def text_of(given: dict[str, Any], page: dict[str, Any]) -> bytes:
    if "json" in given:
        return json.dumps(given["json"]).encode()
    if "merge" in given:
        return json.dumps(merged(page.get("methodology"), given["merge"])).encode()
    if "document" in given:
        document = copy.deepcopy(page["documents"][given["document"]])
        for change in given.get("changes", []):
            document = changed(document, change)
        return canonical(document).encode()
    if "text" in given:
        text: bytes = given["text"].encode()
        return text.ljust(given.get("padded_to", 0))
    return base64.b64decode(given["base64"])


def compare(expected: Any, found: Any, place: str, differences: list[str]) -> None:
    if isinstance(expected, dict) and set(expected) == {"bits", "decimal"}:
        bits = struct.pack(">d", found).hex() if isinstance(found, (int, float)) else None
        if bits != expected["bits"]:
            differences.append(f"{place}: expected {expected['bits']}, found {bits}")
    elif isinstance(expected, dict) and isinstance(found, dict):
        for name in expected.keys() | (found.keys() - LEFT_OUT):
            if name not in expected or name not in found:
                differences.append(f"{place}/{name}")
            else:
                compare(expected[name], found[name], f"{place}/{name}", differences)
    elif isinstance(expected, list) and isinstance(found, list):
        if len(expected) != len(found):
            differences.append(f"{place}: {len(expected)} expected, {len(found)} found")
        for at, (one, other) in enumerate(zip(expected, found, strict=False)):
            compare(one, other, f"{place}/{at}", differences)
    elif expected != found or type(expected) is not type(found):
        differences.append(f"{place}: expected {expected!r}, found {found!r}")


class Case:
    def __init__(self, case: dict[str, Any], page: dict[str, Any]) -> None:
        self.case, self.base = case, page

    def text(self, name: str) -> bytes:
        return text_of(self.case[name], self.base)

    def methodology(self) -> bareme.Methodology:
        waiting = [text_of(other, self.base) for other in self.case.get("others", [])]
        known: list[bareme.Methodology] = []
        while True:
            left = []
            for text in waiting:
                try:
                    known.append(bareme.Methodology.from_json(text, others=list(known)))
                except bareme.InputError:
                    left.append(text)
            if len(left) == len(waiting):
                break
            waiting = left
        # The order is the file's: a fault may say which of two it took.
        order = [text_of(other, self.base) for other in self.case.get("others", [])]
        digests = {one.document_sha256: one for one in known}
        ordered = []
        for text in order:
            try:
                digest = bareme.Methodology.from_json(text, others=known).document_sha256
            except bareme.InputError:
                continue
            ordered.append(digests[digest])
        return bareme.Methodology.from_json(self.text("methodology"), others=ordered)

    def cohort(self) -> bareme.Cohort:
        return bareme.Cohort.from_json(self.text("cohort"))

    def answer(self) -> Any:
        return getattr(self, self.case["operation"])()

    def check(self) -> Any:
        self.methodology()
        return {"faults": []}

    def digests(self) -> Any:
        found: dict[str, str] = {}
        if "methodology" in self.case:
            methodology = self.methodology()
            found |= {
                "document_sha256": methodology.document_sha256,
                "method_sha256": methodology.method_sha256,
            }
        if "cohort" in self.case:
            found["cohort_sha256"] = self.cohort().sha256
        return found

    def variant(self) -> Any:
        variant = self.methodology().variant(self.text("patch"))
        return {
            "version": variant.version,
            "document_sha256": variant.document_sha256,
            "method_sha256": variant.method_sha256,
        }

    def score(self) -> Any:
        scoring = self.methodology().score(self.cohort())
        document = scoring.document
        return {name: document[name] for name in ("territories", "roll_ups") if name in document}

    def reference(self) -> Any:
        reference = self.methodology().score(self.cohort()).reference
        return {"reference": reference.document, "sha256": reference.sha256}

    def publish(self) -> Any:
        replaced = self.case.get("supersedes", {})
        publication = (
            self.methodology()
            .score(self.cohort())
            .publication(
                inputs=self.case.get("inputs", "included") == "included",
                notes=self.case.get("notes", []),
                supersedes=replaced.get("sha256"),
                reason=replaced.get("reason"),
            )
        )
        document = publication.document
        found = {name: document[name] for name in ("head", "roll_ups", "sha256") if name in document}
        return found | {"rows": [{"result": row["result"], "sha256": row["sha256"]} for row in document["rows"]]}

    def receipt(self) -> Any:
        publication = bareme.Publication.from_json(self.text("publication"))
        receipt = publication.receipt(self.case["territory"], reference=self.case.get("with_reference", True))
        digest = hashlib.sha256(receipt.to_json().encode()).hexdigest()
        return {"proof": receipt.document["proof"], "text_sha256": digest}

    def sheet(self) -> Any:
        publication = bareme.Publication.from_json(self.text("publication"))
        return {"point": publication.sheet(), "comma": publication.sheet(decimal_comma=True)}

    def verify(self) -> Any:
        known: list[bareme.Methodology] = []
        for given in self.case.get("known", []):
            known.append(bareme.Methodology.from_json(text_of(given, self.base), others=known))
        found = bareme.verify(
            self.text("publication"),
            self.cohort() if "cohort" in self.case else None,
            reference=self.text("reference") if "reference" in self.case else None,
            keys=self.case.get("keys", []),
            known=known,
            disagreements=1_000_000,
        )
        report = {"verified": found.verified, "depth": found.depth}
        if "json" not in self.case["publication"]:
            report["canonical"] = found.report["canonical"]
        names = ("step", "pointer", "depth", "territory")
        disagreements = []
        for each in found.disagreements:
            told = {name: each[name] for name in names if name in each}
            for side in ("expected", "found"):
                if "bits" in (each.get(side) or {}):
                    told[side] = each[side]["bits"]
            disagreements.append(told)
        checks = [{"check": check["check"], "outcome": check["outcome"]} for check in found.checks]
        disagreements.sort(key=lambda told: json.dumps(told, sort_keys=True))
        return {"report": report | {"checks": checks, "disagreements": disagreements}}

    def alone(self) -> Any:
        reference = bareme.Reference.from_json(self.text("reference"), methodology=self.methodology())
        return {"territory": reference.score(self.cohort()).document["territories"][0]}


def faults(error: bareme.InputError) -> set[str]:
    found = set()
    for fault in error.faults:
        place: dict[str, Any]
        if fault.pointer is not None:
            place = {"pointer": fault.pointer}
        elif fault.row is not None:
            place = {"cell": {"row": fault.row, "column": fault.column}}
            if fault.table is not None:
                place["cell"]["table"] = fault.table
        else:
            place = {"position": {"line": fault.line, "column": fault.column}}
        found.add(json.dumps({"code": fault.code} | place, sort_keys=True))
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_vectors_by_the_public_api(page: Path, tmp_path: Path, record_property: Any) -> None:
    file = json.loads(page.read_text(encoding="utf-8"))
    failed: dict[str, list[str]] = {}
    asked = 0
    for case in file["cases"]:
        question, expected = Case(case, file), case["expected"]
        if case["operation"] == "table":
            continue
        asked += 1
        differences: list[str] = []
        try:
            answer = question.answer()
        except bareme.InputError as error:
            wanted = {json.dumps(fault, sort_keys=True) for fault in expected.get("faults", [])}
            if wanted != faults(error):
                differences.append(f"expected {sorted(wanted)}, found {sorted(faults(error))}")
        else:
            # The digest of a scoring is of its canonical text, which only the runner has.
            # That of a publication's text is of one without an envelope, which the public API always writes.
            expected = {name: value for name, value in expected.items() if name in answer or "sha256" not in name}
            if "disagreements" in expected.get("report", {}):
                expected["report"]["disagreements"].sort(key=lambda told: json.dumps(told, sort_keys=True))
            compare(
                expected,
                {name: answer[name] for name in answer if name != "sha256" or name in expected},
                "",
                differences,
            )
        if differences:
            failed[case["id"]] = differences
    record_property("asked", asked)
    assert failed == {}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_tables_by_the_public_api(page: Path, tmp_path: Path) -> None:
    file = json.loads(page.read_text(encoding="utf-8"))
    cases = [case for case in file["cases"] if case["operation"] == "table"]
    if not cases:
        pytest.skip("no tables on this page")
    failed: dict[str, Any] = {}
    for case in cases:
        question, expected = Case(case, file), case["expected"]
        paths = []
        for name in ("table", "territories"):
            if name in case:
                paths.append(tmp_path / f"{name}.csv")
                paths[-1].write_bytes(question.text(name))
        try:
            found: Any = question.methodology().cohort(*paths).sha256
        except bareme.InputError as error:
            wanted = {json.dumps(fault, sort_keys=True) for fault in expected.get("faults", [])}
            if wanted != faults(error):
                failed[case["id"]] = (sorted(wanted), sorted(faults(error)))
        else:
            if found != expected.get("cohort_sha256"):
                failed[case["id"]] = (expected, found)
    assert failed == {}


def test_how_many_vectors_there_are() -> None:
    count = 0
    for page in PAGES:
        with open(page, encoding="utf-8") as file:
            count += len(json.load(file)["cases"])
    assert count >= 1633
