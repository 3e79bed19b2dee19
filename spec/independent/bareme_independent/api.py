"""What tests and the command call: documents as bytes in, results or sets of faults out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from . import cohort as cohorts
from . import documents as doc
from . import methodology as methodologies
from . import publication as publications
from . import reference as references
from . import scoring, sheet, verification
from .errors import Fault, Refused, distinct
from .methodology import Library, Methodology

Place = dict[str, Any]
Faults = list[tuple[str, Place]]


def places(faults: Sequence[Fault]) -> Faults:
    """Faults as pairs of code and place."""
    return [(fault.code, fault.place()) for fault in distinct(faults)]


def check(document: bytes, others: Sequence[bytes] = ()) -> Faults:
    """The faults of a methodology, given the documents that it may pin."""
    return places(methodologies.check(document, others))


def read_both(
    cohort: bytes, methodology: bytes, others: Sequence[bytes]
) -> tuple[cohorts.Cohort, Methodology]:
    """Reads both; neither hides the faults of the other (errors.md, Stages)."""
    faults: list[Fault] = []

    def reading(read: Callable[[], Any]) -> Any:
        try:
            return read()
        except Refused as refused:
            faults.extend(refused.faults)
            return None

    m = reading(lambda: methodologies.read(methodology, Library(others)))
    c = reading(lambda: cohorts.read(cohort))
    if faults:
        raise Refused(faults)
    return c, m


def score(
    cohort: bytes, methodology: bytes, others: Sequence[bytes] = ()
) -> dict[str, Any] | Faults:
    """The scoring document, or the faults.

    Numbers in it are floats (binary64) and integers; `documents.canonical` writes it.
    """
    try:
        return scoring.score(*read_both(cohort, methodology, others)).document()
    except Refused as refused:
        return places(refused.faults)


def reference(
    cohort: bytes, methodology: bytes, others: Sequence[bytes] = ()
) -> dict[str, Any] | Faults:
    """The reference document, or the faults."""
    try:
        scored = scoring.score(*read_both(cohort, methodology, others))
        return references.document(scored)
    except Refused as refused:
        return places(refused.faults)


def score_alone(
    cohort: bytes, methodology: bytes, known: bytes, others: Sequence[bytes] = ()
) -> dict[str, Any] | Faults:
    """One territory against a reference: its entry, or the faults (reference.md)."""
    try:
        m = methodologies.read(methodology, Library(others))
        return _alone(cohort, references.read(known, m))
    except Refused as refused:
        return places(refused.faults)


def _alone(cohort: bytes, r: references.Reference) -> dict[str, Any]:
    """The entry of the territory of a cohort of one; the period is the reference's."""
    given = cohorts.read(cohort)
    own = r.document.get("period")
    if given.period is not None and own is not None and given.period != own:
        raise Refused([Fault("period_conflict", "/period")])
    document = {name: value for name, value in given.document.items() if name != "period"}
    if own is not None:
        document["period"] = own
    return scoring.score_alone(cohorts.of_document(document), r).territory(0)


def variant(
    methodology: bytes, patch: bytes, others: Sequence[bytes] = ()
) -> dict[str, Any] | Faults:
    """The document of a variant, or the faults."""
    try:
        m = methodologies.read(methodology, Library(others))
        return methodologies.variant(m, patch).document
    except Refused as refused:
        return places(refused.faults)


def digests(
    methodology: bytes | None, cohort: bytes | None, others: Sequence[bytes] = ()
) -> dict[str, Any] | Faults:
    """The digests of a methodology and of a cohort, of those that are given; or the faults."""
    result: dict[str, Any] = {}
    try:
        if methodology is not None:
            m = methodologies.read(methodology, Library(others))
            result |= {"document_sha256": m.document_sha256, "method_sha256": m.method_sha256}
        if cohort is not None:
            result["cohort_sha256"] = cohorts.read(cohort).sha256()
    except Refused as refused:
        return places(refused.faults)
    return result


def publish(
    cohort: bytes,
    methodology: bytes,
    others: Sequence[bytes] = (),
    inputs: str = "included",
    notes: Sequence[str] = (),
    supersedes: dict[str, Any] | None = None,
) -> dict[str, Any] | Faults:
    """The body of a publication, or the faults."""
    try:
        scored = scoring.score(*read_both(cohort, methodology, others))
        return publications.publication(scored, inputs, notes, supersedes)
    except Refused as refused:
        return places(refused.faults)


def receipt(
    publication: bytes, territory: str, with_reference: bool = True
) -> dict[str, Any] | Faults:
    """The receipt of a territory of a publication, or the faults."""
    try:
        published = publications.read(publication)
        found = publications.receipt(published.document, territory)
    except Refused as refused:
        return places(refused.faults)
    if found is None:
        return places([Fault("territory_not_found", "")])
    return {k: v for k, v in found.items() if with_reference or k != "reference"}


def sheets(publication: bytes) -> dict[str, str] | Faults:
    """The sheet of a publication in each form, or the faults."""
    try:
        published = publications.read(publication)
    except Refused as refused:
        return places(refused.faults)
    if published.is_receipt:
        return places([Fault("unknown_value", "/document")])
    return _sheets(published)


def _sheets(published: publications.Published) -> dict[str, str]:
    return {name: sheet.sheet(published, form) for name, form in sheet.FORMS.items()}


def verify(
    publication: bytes,
    keys: Sequence[str] = (),
    known: Sequence[bytes] = (),
    cohort: bytes | None = None,
    reference: bytes | None = None,
) -> dict[str, Any] | Faults:
    """The report on a publication or a receipt, or the faults."""
    try:
        published = publications.read(publication)
        library = Library(known)
        others = [methodologies.read(text, library) for text in known]
        given = verification.verify(published, keys, others, cohort, reference)
        return given.document(published)
    except Refused as refused:
        return places(refused.faults)


def _faults(refused: Refused) -> dict[str, Any]:
    """Faults in an order of their own: that of their texts."""
    pairs = [[code, place] for code, place in places(refused.faults)]
    return {"faults": sorted(pairs, key=lambda pair: doc.canonical(pair).encode("utf-8"))}


def _verified(published: bytes, cohort: bytes | None) -> dict[str, Any]:
    """The report on a publication, sorted, with its sheets; or the faults."""
    try:
        read = publications.read(published)
        report = verification.verify(read, (), [], cohort, None).document(read)
    except Refused as refused:
        return _faults(refused)
    report["disagreements"].sort(key=lambda one: doc.canonical(one).encode("utf-8"))
    if not read.is_receipt:
        report["sheets"] = _sheets(read)
    return report


def everything(
    cohort: bytes,
    methodology: bytes,
    others: Sequence[bytes] = (),
    alone: Sequence[bytes] = (),
    patch: bytes | None = None,
    against: bytes | None = None,
    publish: str | None = None,
    published: bytes | None = None,
    full: bool = False,
) -> dict[str, Any]:
    """The answers to all questions about a case at once, each computed from the same scoring."""
    result: dict[str, Any] = {}
    if patch is not None:
        try:
            m = methodologies.read(methodology, Library(others))
        except Refused:
            pass
        else:
            try:
                result["variant"] = methodologies.variant(m, patch).document
            except Refused as refused:
                result["variant"] = _faults(refused)
    if published is not None:
        result["verified"] = _verified(published, cohort if full else None)
    try:
        scored = scoring.score(*read_both(cohort, methodology, others))
    except Refused as refused:
        return result | _faults(refused)
    result["scoring"] = scored.document()
    result["reference"] = references.document(scored)

    def entry(one: bytes, known: bytes) -> dict[str, Any]:
        try:
            return _alone(one, references.read(known, scored.methodology))
        except Refused as refused:
            return _faults(refused)

    known = doc.canonical(result["reference"]).encode("utf-8")
    result["alone"] = [entry(one, known) for one in alone]
    if against is not None and alone:
        result["against"] = entry(alone[0], against)
    if publish is not None:
        body = publications.publication(scored, publish)
        result["publication"] = body
        family = publications.order_of_methodologies(scored.methodology)
        result["sheets"] = _sheets(publications.Published(body, family, True))
    return result


def _bytes(value: str | dict[str, str]) -> bytes:
    """A document of a request: a string, or its bytes in hexadecimal digits."""
    if isinstance(value, str):
        return value.encode("utf-8", "surrogatepass")
    return bytes.fromhex(value["hex"])


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """Answers one request of the differential test; README.md tells its members."""

    def text(name: str) -> bytes | None:
        value = request.get(name)
        return None if value is None else _bytes(value)

    others = [_bytes(other) for other in request.get("others", [])]
    methodology, cohort = text("methodology") or b"", text("cohort") or b""
    ask = request.get("ask", "score" if "cohort" in request else "check")
    result: dict[str, Any] | Faults
    match ask:
        case "everything":
            alone = [_bytes(one) for one in request.get("alone", [])]
            given = (text("patch"), text("reference"), request.get("inputs"))
            checked = (text("published"), request.get("full", False))
            return everything(cohort, methodology, others, alone, *given, *checked)
        case "check":
            result = check(methodology, others)
        case "score":
            result = score(cohort, methodology, others)
        case "reference":
            result = reference(cohort, methodology, others)
        case "alone":
            result = score_alone(cohort, methodology, text("reference") or b"", others)
        case "variant":
            result = variant(methodology, text("patch") or b"", others)
        case "digests":
            result = digests(text("methodology"), text("cohort"), others)
        case "publish":
            result = publish(cohort, methodology, others, request.get("inputs", "included"))
        case _:
            raise ValueError(ask)
    if isinstance(result, list):
        return {"faults": [[code, place] for code, place in result]}
    names = {"score": "scoring", "alone": "territory", "publish": "publication"}
    return {names.get(ask, ask): result}
