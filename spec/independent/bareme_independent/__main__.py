"""The command: `python -m bareme_independent score|check|reference|publish|receipt|sheet|verify`.

Exit 0: done, or verified. 1: not verified. 2: bad input; its faults are on standard
error, as a JSON array of `{"code", "pointer"}` or `{"code", "position"}`.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from . import api, publication, reference, scoring, sheet, verification
from . import documents as doc
from . import methodology as methodologies
from .errors import Refused
from .methodology import Library

METHODOLOGIES = Path(__file__).resolve().parents[2] / "methodologies"


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="bareme_independent", description=__doc__)
    parser.add_argument(
        "--stdin-lines",
        action="store_true",
        help="answer JSON requests, one a line, on standard output",
    )
    commands = parser.add_subparsers(dest="command")

    def command(name: str, what: str, *, scores: bool = False) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=what, description=what)
        if scores:
            sub.add_argument("cohort", type=Path, metavar="COHORT")
            sub.add_argument("-m", "--methodology", type=Path, required=True)
        sub.add_argument(
            "--with",
            dest="others",
            type=Path,
            action="append",
            default=[],
            metavar="METHODOLOGY",
            help="a document that may be pinned, beside those of spec/methodologies",
        )
        sub.add_argument("-o", "--output", type=Path)
        return sub

    check = command("check", "check a methodology")
    check.add_argument("methodology", type=Path)
    score = command("score", "score a cohort", scores=True)
    score.add_argument("--reference", type=Path, help="score one territory against this reference")
    command("reference", "write the reference of a cohort", scores=True)
    publish = command("publish", "write the body of a publication", scores=True)
    publish.add_argument("--inputs", choices=("included", "digest"), default="included")
    publish.add_argument("--note", action="append", default=[])
    publish.add_argument("--supersedes", nargs=2, metavar=("SHA256", "REASON"))
    receipt = command("receipt", "take one row out of a publication")
    receipt.add_argument("publication", type=Path)
    receipt.add_argument("territory")
    table = command("sheet", "write a publication as a table for spreadsheets")
    table.add_argument("publication", type=Path)
    table.add_argument("--form", choices=tuple(sheet.FORMS), default="point")
    verify = command("verify", "verify a publication or a receipt")
    verify.add_argument("publication", type=Path)
    verify.add_argument("--cohort", type=Path)
    verify.add_argument("--reference", type=Path, help="of a document that has none")
    verify.add_argument("--key", action="append", default=[], help="64 hexadecimal digits")
    return parser


def _others(arguments: argparse.Namespace) -> list[bytes]:
    """The documents that may be pinned: handed over, and those of the specification."""
    own = sorted(METHODOLOGIES.glob("*.json")) if METHODOLOGIES.is_dir() else []
    return [path.read_bytes() for path in [*arguments.others, *own]]


def _write(arguments: argparse.Namespace, value: object) -> None:
    """Writes a document in canonical form, without a final line end."""
    data = doc.canonical(value).encode("utf-8")
    if arguments.output is None:
        sys.stdout.buffer.write(data)
    else:
        arguments.output.write_bytes(data)


def _faults(faults: api.Faults) -> None:
    """Prints faults to standard error."""
    print(json.dumps([{"code": code, **place} for code, place in faults]), file=sys.stderr)


def _score(arguments: argparse.Namespace) -> int:
    """The commands that need a cohort and a methodology."""
    cohort, methodology = arguments.cohort.read_bytes(), arguments.methodology.read_bytes()
    others = _others(arguments)
    if arguments.command == "score" and arguments.reference is not None:
        result = api.score_alone(cohort, methodology, arguments.reference.read_bytes(), others)
        if isinstance(result, list):
            _faults(result)
            return 2
        _write(arguments, result)
        return 0
    scored = scoring.score(*api.read_both(cohort, methodology, others))
    match arguments.command:
        case "score":
            _write(arguments, scored.document())
        case "reference":
            _write(arguments, reference.document(scored))
        case _:
            supersedes = arguments.supersedes
            if supersedes is not None:
                supersedes = {"sha256": supersedes[0], "reason": supersedes[1]}
            _write(
                arguments,
                publication.publication(scored, arguments.inputs, arguments.note, supersedes),
            )
    return 0


def _verify(arguments: argparse.Namespace) -> int:
    """Verifies a publication or a receipt."""
    published = publication.read(arguments.publication.read_bytes())
    known = []
    library = Library(_others(arguments))
    for _, document in library.documents():
        known.append(methodologies.Methodology(document, library))
    paths = (arguments.cohort, arguments.reference)
    given = [None if path is None else path.read_bytes() for path in paths]
    report = verification.verify(published, arguments.key, known, *given)
    _write(arguments, report.document(published))
    return 0 if report.verified else 1


def _receipt(arguments: argparse.Namespace) -> int:
    """Takes one row out of a publication."""
    published = publication.read(arguments.publication.read_bytes())
    found = (
        None
        if published.is_receipt
        else publication.receipt(published.document, arguments.territory)
    )
    if found is None:
        _faults([("territory_not_found", {"pointer": ""})])
        return 2
    _write(arguments, found)
    return 0


def _sheet(arguments: argparse.Namespace) -> int:
    """Writes the sheet of a publication."""
    published = publication.read(arguments.publication.read_bytes())
    if published.is_receipt:
        _faults([("unknown_value", {"pointer": "/document"})])
        return 2
    data = sheet.sheet(published, sheet.FORMS[arguments.form]).encode("utf-8")
    if arguments.output is None:
        sys.stdout.buffer.write(data)
    else:
        arguments.output.write_bytes(data)
    return 0


def _stdin_lines() -> int:
    """The mode of the differential test: a JSON request a line, a JSON answer a line."""
    for line in sys.stdin.buffer:
        if line.strip():
            sys.stdout.buffer.write(doc.canonical(api.answer(json.loads(line))).encode("utf-8"))
            sys.stdout.buffer.write(b"\n")
            sys.stdout.buffer.flush()
    return 0


def main() -> int:
    """Runs the command."""
    parser = _arguments()
    arguments = parser.parse_args()
    if arguments.stdin_lines:
        return _stdin_lines()
    try:
        match arguments.command:
            case "score" | "reference" | "publish":
                return _score(arguments)
            case "check":
                faults = api.check(arguments.methodology.read_bytes(), _others(arguments))
                if faults:
                    _faults(faults)
                return 2 if faults else 0
            case "receipt":
                return _receipt(arguments)
            case "sheet":
                return _sheet(arguments)
            case "verify":
                return _verify(arguments)
            case _:
                parser.print_usage(sys.stderr)
                return 2
    except Refused as refused:
        _faults(api.places(refused.faults))
        return 2
    except OSError as error:
        print(error, file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
