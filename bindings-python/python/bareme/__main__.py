"""``python -m bareme``: list, score, publish, verify, as the command line ``bareme`` does."""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import bareme
from bareme import _bareme

#: Something disagrees, or an input has faults; the latter is also what argparse exits with.
_DISPROVED, _FAULTS = 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; the exit status: 0, 1 when a verification fails, 2 for faults."""
    parser = argparse.ArgumentParser(prog="python -m bareme", description=bareme.__doc__.splitlines()[0])
    parser.add_argument("--lang", choices=["en", "fr"], default="en", help="language of what is said (default: en)")
    commands = parser.add_subparsers(dest="command", required=True)

    commands.add_parser("list", help="the methodologies of this package")

    score = commands.add_parser("score", help="score a cohort: CSV or JSON in, CSV or JSON out")
    _cohort(score)
    score.add_argument("--format", choices=["csv", "json"], default="csv", help="default: csv")
    score.add_argument("--by", help="one ranking in its order: a view of the methodology")
    score.add_argument("--within", help="among whom: stratum, region, cohort …")
    score.add_argument("-o", "--output", help="a file; otherwise standard output")

    publish = commands.add_parser("publish", help="score a cohort and write the open-data document")
    _cohort(publish)
    publish.add_argument("--inputs", choices=["included", "digest"], default="included")
    publish.add_argument("--note", action="append", default=[], help="what readers must know; may be repeated")
    publish.add_argument("--time", help="when, as given; no clock is read")
    publish.add_argument("--sign", metavar="KEY", help="an Ed25519 private key, PEM")
    publish.add_argument("-o", "--output", help="a file; otherwise standard output")

    verify = commands.add_parser("verify", help="recompute a publication or a receipt")
    verify.add_argument("document", help="the file")
    verify.add_argument("--cohort", help="the cohort, where the publication does not hold its inputs")
    verify.add_argument("--territories", help="the territories' table, when there are two")
    verify.add_argument("--from", dest="first", help="first day of the period")
    verify.add_argument("--to", dest="end", help="the day after the last")
    verify.add_argument("--reference", help="the reference, for a receipt without it")
    verify.add_argument("--key", action="append", default=[], help="a public key that may have signed")

    options = parser.parse_args(arguments)
    try:
        run = {"list": _list, "score": _score, "publish": _publish, "verify": _verify}[options.command]
        return run(options)
    except bareme.BaremeError as error:
        print(error.text(options.lang), file=sys.stderr)
        return _FAULTS
    except OSError as error:
        print(error, file=sys.stderr)
        return _FAULTS


def _cohort(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("cohort", help="a CSV table or a JSON cohort")
    parser.add_argument("-m", "--methodology", required=True, help="ID@VERSION, or a JSON file")
    parser.add_argument("--territories", help="the territories' table, when there are two")
    parser.add_argument("--from", dest="first", help="first day of the period")
    parser.add_argument("--to", dest="end", help="the day after the last")
    parser.add_argument("--ignore-unknown", action="store_true", help="leave out what the methodology does not know")


def _list(options: argparse.Namespace) -> int:
    for methodology in bareme.catalogue():
        print(f"{methodology.name}\t{methodology.status}\t{methodology.title(options.lang)}")
    return 0


def _methodology(name: str) -> bareme.Methodology:
    if "@" in name and not Path(name).is_file():
        return bareme.methodology(name)
    return bareme.Methodology.from_json(Path(name), others=bareme.catalogue())


def _period(options: argparse.Namespace) -> tuple[str, str] | None:
    if options.first is None and options.end is None:
        return None
    return options.first or "", options.end or ""


def _scored(options: argparse.Namespace) -> bareme.Scoring:
    territories = None if options.territories is None else Path(options.territories)
    scoring = _methodology(options.methodology).score(
        Path(options.cohort), territories, period=_period(options), ignore_unknown=options.ignore_unknown
    )
    for ignored in scoring.ignored:
        print(f"ignored: {ignored.kind} {ignored.name} ({ignored.count})", file=sys.stderr)
    return scoring


def _score(options: argparse.Namespace) -> int:
    scoring = _scored(options)
    if options.format == "json":
        _write(options.output, scoring.to_json() + "\n")
        return 0
    asked = options.by is not None or options.within is not None
    frame: bareme.Frame = scoring.ranking(options.by, options.within) if asked else scoring.scores
    if options.output is None:
        _csv(frame, sys.stdout)
    else:
        with Path(options.output).open("w", newline="", encoding="utf-8") as file:
            _csv(frame, file)
    return 0


def _csv(frame: bareme.Frame, file: Any) -> None:
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(frame.columns)
    columns = [map(_cell, values) for values in frame.to_dict().values()]
    writer.writerows(zip(*columns, strict=True))


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return _bareme.neutralised(value)
    if isinstance(value, bool):
        return "yes" if value else ""
    return _bareme.decimal(value)


def _write(output: str | None, text: str) -> None:
    if output is None:
        sys.stdout.write(text)
    else:
        Path(output).write_bytes(text.encode())


def _publish(options: argparse.Namespace) -> int:
    publication = _scored(options).publication(
        inputs=options.inputs == "included", notes=options.note, time=options.time
    )
    if options.sign is not None:
        publication = publication.sign(Path(options.sign))
    _write(options.output, publication.to_json())
    return 0


def _verify(options: argparse.Namespace) -> int:
    keys = [Path(key).read_text() if Path(key).is_file() else key for key in options.key]
    verification = bareme.verify(
        Path(options.document),
        None if options.cohort is None else Path(options.cohort),
        None if options.territories is None else Path(options.territories),
        period=_period(options),
        reference=None if options.reference is None else Path(options.reference),
        keys=keys,
    )
    for check in verification.checks:
        print(f"{check['outcome']:<12} {check['text'][options.lang]}")
    for disagreement in verification.disagreements:
        print(f"{disagreement['pointer']} {disagreement['step']}: {disagreement['text'][options.lang]}")
    print(verification)
    return 0 if verification else _DISPROVED


if __name__ == "__main__":
    sys.exit(main())
