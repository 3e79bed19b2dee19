"""`python3 -m authoring`, from `spec/vectors`: computes what is expected and writes the vectors."""

from __future__ import annotations

import argparse
import fnmatch
import importlib
import json
import sys
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(FOLDER.parent / "independent"))
sys.setrecursionlimit(10_000)

from . import coverage, kept, write  # noqa: E402
from .case import BASE, DISAGREEMENTS  # noqa: E402
from .schema import Schema  # noqa: E402

Json = dict[str, Any]
WRITTEN = FOLDER / "bareme-1"
PAGES = (
    "documents numbers formula methodology cohort field indicator reference normalise aggregate "
    "rank roll_up scoring publication errors"
).split()


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="authoring", description=__doc__)
    parser.add_argument("pages", nargs="*", help="only these pages, and not whether all is covered")
    parser.add_argument(
        "--replace",
        action="append",
        default=[],
        metavar="ID",
        help="a case that may change or go; `*` and `?` stand for other characters",
    )
    parser.add_argument("--check", action="store_true", help="write nothing; fail if something would change")
    return parser.parse_args()


def merged(page: str, authored: list[Json], documents: Json, replace: list[str]) -> tuple[list[Json], list[str]]:
    """The cases of a page: those written before keep their places; what may not change is told."""
    path = WRITTEN / f"{page}.json"
    written = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {"cases": []}
    before = written["cases"]
    now = {case["id"]: case for case in authored}
    if len(now) != len(authored):
        ids = [case["id"] for case in authored]
        return [], [f"{page}: an id twice: {sorted({i for i in ids if ids.count(i) > 1})}"]
    errors, cases = [], []
    for name, document in written.get("documents", {}).items():
        free = any(fnmatch.fnmatchcase(f"{page}/{name}", pattern) for pattern in replace)
        if not free and json.loads(json.dumps(documents.get(name))) != document:
            errors.append(f"{page}/{name}: a document that cases change would change")
    for case in before:
        id_ = case["id"]
        free = any(fnmatch.fnmatchcase(id_, pattern) for pattern in replace)
        if id_ not in now:
            if not free:
                errors.append(f"{id_}: written before, and authored no more")
            continue
        # A case is what is asked and what is expected; its words may be mended.
        if not free and any(case.get(name) != now[id_].get(name) for name in {*case, *now[id_]} - {"about", "flags"}):
            errors.append(f"{id_}: what is asked or expected would change")
        cases.append(now.pop(id_))
    return [*cases, *now.values()], errors


def main() -> int:
    """Writes every page; 1 if something may not be written."""
    asked = arguments()
    schema = Schema(json.loads((FOLDER.parent / "schemas/vectors.schema.json").read_text("utf-8")))
    files, problems, everything = {}, [], []
    for name in asked.pages or PAGES:
        page = importlib.import_module(f".{name}", __package__).page
        # What JSON makes of it, which is what is held against what was written.
        authored = json.loads(json.dumps([*page.cases, *kept.cases(name)]))
        cases, errors = merged(name, authored, page.documents, asked.replace)
        problems += errors
        document = {
            "language": "bareme/1",
            "document": "vectors",
            "page": name,
            "methodology": BASE,
            **({"documents": page.documents} if page.documents else {}),
            "cases": cases,
        }
        problems += [f"{name}{error}" for error in schema.errors(document)]
        everything += cases
        files[WRITTEN / f"{name}.json"] = write.text(document)
        print(f"{name}: {len(cases)}")
    if not asked.pages:
        problems += [f"nothing covers {what}" for what in coverage.uncovered(everything)]
    problems += DISAGREEMENTS
    print(f"{len(everything)} cases")
    for path, text in files.items():
        changed = not path.exists() or path.read_text(encoding="utf-8") != text
        if asked.check and changed:
            problems.append(f"{path.name} is not what the authoring program writes")
    for problem in problems:
        print(problem, file=sys.stderr)
    if problems:
        return 1
    if not asked.check:
        WRITTEN.mkdir(exist_ok=True)
        for path, text in files.items():
            path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
