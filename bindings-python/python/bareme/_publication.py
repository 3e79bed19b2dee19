"""Publications, receipts, and their verification."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import _bareme
from ._cohort import Cohort, Period, read
from ._inputs import Document, document_bytes

if TYPE_CHECKING:
    from ._methodology import Methodology


class Publication:
    """The open-data document of a scoring: scores, ranks, reference, methodology, inputs, digests. Immutable."""

    __slots__ = ("_native",)

    def __init__(self, native: _bareme.Publication) -> None:
        """Wrap a native publication."""
        if not isinstance(native, _bareme.Publication):
            raise TypeError("a publication is made by Scoring.publication or Publication.from_json")
        self._native = native

    @classmethod
    def from_json(cls, document: Document) -> Publication:
        """Read a publication. Raises :class:`InputError` with its faults."""
        return cls(_bareme.Publication.from_json(document_bytes(document, "publication")))

    @property
    def sha256(self) -> str:
        """The digest by which it is named."""
        return self._native.sha256

    @property
    def methodology(self) -> Methodology:
        """The methodology that it holds."""
        from ._methodology import Methodology

        return Methodology(self._native.methodology)

    @property
    def rows(self) -> dict[str, str]:
        """The digest of each row, by territory."""
        return dict(self._native.rows())

    def sheet(self, *, decimal_comma: bool = False) -> str:
        """Give the publication as a table for spreadsheets, in CSV: the bytes that anybody's would be.

        With ``decimal_comma``, cells stand between semicolons: what a French spreadsheet opens.
        """
        return self._native.sheet(decimal_comma)

    def receipt(self, territory: str, *, reference: bool = True) -> Receipt:
        """Give one territory's row, by its id or its name, with what proves that it belongs here.

        With the ``reference``, it is verified by itself. Raises :class:`NotFoundError`.
        """
        return Receipt(self._native.receipt(territory, reference))

    def sign(self, key: str | os.PathLike[str]) -> Publication:
        """Give the same signed by an Ed25519 private key: PEM text, as OpenSSL writes it, or its file."""
        pem = Path(key).read_text() if isinstance(key, os.PathLike) else key
        return Publication(self._native.signed(pem))

    def to_json(self) -> str:
        """Give the document as it is published: the bytes that the command line writes."""
        return self._native.to_json()

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the document to a file."""
        Path(path).write_bytes(self.to_json().encode())

    @property
    def document(self) -> dict[str, Any]:
        """The document, as ``json.loads`` gives it."""
        document: dict[str, Any] = json.loads(self.to_json())
        return document

    def __repr__(self) -> str:
        return f"<bareme.Publication {self.sha256[:12]} of {self.methodology.name}>"


class Receipt:
    """One row of a publication, and what proves that it belongs to it."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        """Hold the text of a receipt; :meth:`Publication.receipt` gives one."""
        self._text = text

    def to_json(self) -> str:
        """Give the document."""
        return self._text

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the document to a file."""
        Path(path).write_bytes(self._text.encode())

    @property
    def document(self) -> dict[str, Any]:
        """The document, as ``json.loads`` gives it."""
        document: dict[str, Any] = json.loads(self._text)
        return document


class Verification:
    """What a verification says. True when nothing disagrees."""

    __slots__ = ("report",)

    def __init__(self, report: dict[str, Any]) -> None:
        """Hold a report, as ``bareme.schema("verification")`` has it."""
        self.report = report

    def __bool__(self) -> bool:
        return self.verified

    @property
    def verified(self) -> bool:
        """Is there no disagreement?"""
        return bool(self.report["verified"])

    @property
    def depth(self) -> int:
        """What was reached: 1 integrity, 2 recomputed from the reference, 3 recomputed from the cohort."""
        return int(self.report["depth"])

    @property
    def checks(self) -> list[dict[str, Any]]:
        """What was checked: ``check``, ``outcome``, ``compared``, ``text``."""
        return list(self.report["checks"])

    @property
    def disagreements(self) -> list[dict[str, Any]]:
        """Where something first differs: ``pointer``, ``territory``, ``step``, ``expected``, ``found``, ``text``."""
        return list(self.report["disagreements"])

    def __repr__(self) -> str:
        if self.verified:
            return f"<bareme.Verification verified, depth {self.depth}>"
        return f"<bareme.Verification NOT verified: {self.report['disagreement_count']} disagreements>"

    def _repr_html_(self) -> str:
        from ._html import verification_html

        return verification_html(self)


def verify(
    document: Document | Publication | Receipt,
    accounts: Any = None,
    territories: Any = None,
    *,
    period: Period | None = None,
    reference: Document | None = None,
    keys: Iterable[str] = (),
    known: Iterable[Methodology] = (),
    disagreements: int = 100,
) -> Verification:
    """Recompute a publication or a receipt, as deeply as it can be.

    ``accounts``, ``territories`` and ``period`` give the cohort, as to :meth:`Methodology.score`, where the
    publication does not hold its inputs; ``reference`` the reference document of a receipt without it. ``keys``
    are Ed25519 public keys (64 hexadecimal digits or PEM): when there are any, one of them must have signed.
    ``known`` are methodologies besides those of the catalogue: another document of the same id and version is then a
    disagreement.
    At most so many ``disagreements`` are listed; all are counted.

    That something differs is no error: the result says it. Raises :class:`InputError` for a document that cannot be
    read, or for a cohort with faults.

    >>> publication = bareme.methodology("observatoire-instagram@2017.10").score(frame).publication()
    >>> bareme.verify(publication)
    <bareme.Verification verified, depth 3>
    >>> bool(bareme.verify(publication.to_json().replace('"75"', '"99"')))
    False
    """
    if isinstance(document, (Publication, Receipt)):
        text = document.to_json().encode()
    else:
        text = document_bytes(document, "document")
    cohort: Callable[[_bareme.Methodology], _bareme.Cohort] | None = None
    if accounts is not None:

        def cohort(methodology: _bareme.Methodology) -> _bareme.Cohort:
            # What the methodology does not know may have been left out when it was published; the digests tell.
            return read(methodology, accounts, territories, period, not isinstance(accounts, Cohort))[0]

    reference_text = None if reference is None else document_bytes(reference, "reference")
    natives = [methodology._native for methodology in known]
    return Verification(json.loads(_bareme.verify(text, reference_text, cohort, list(keys), natives, disagreements)))
