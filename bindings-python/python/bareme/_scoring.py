"""Scorings: what a methodology says of a cohort; references, against which one territory is scored alone."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from . import _bareme
from ._cohort import Cohort, Ignored, Period, read
from ._frames import Frame, Maker
from ._inputs import Document, document_bytes
from ._publication import Publication, Receipt

if TYPE_CHECKING:
    from ._methodology import Methodology


def _methodology(native: _bareme.Methodology) -> Methodology:
    from ._methodology import Methodology

    return Methodology(native)


class Territory(Mapping[str, Any]):
    """Everything that a scoring says of one territory, as its document has it.

    ``indices`` (the root first), ``criteria`` (raw value, state, mark, weight), ``ranks``, ``flags``, and ``parts``:
    what each methodology that is pinned says. ``bareme.schema("scoring")`` says the rest.
    """

    __slots__ = ("_found",)

    def __init__(self, found: dict[str, Any]) -> None:
        """Wrap a territory of a scoring document."""
        self._found = found

    def __getitem__(self, key: str) -> Any:
        return self._found[key]

    def __iter__(self) -> Any:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)

    @property
    def published(self) -> str | None:
        """The score as it is published; ``None`` when there is none."""
        found: str | None = self["indices"][0]["published"]
        return found

    @property
    def score(self) -> float | None:
        """The score as a number; ``None`` when there is none."""
        found: float | None = self["indices"][0]["score"]
        return found

    def __repr__(self) -> str:
        return f"<bareme.Territory {self['id']} {self['name']}: {self.published or 'no score'}>"

    def _repr_html_(self) -> str:
        from ._html import territory_html

        return territory_html(self)


class Scoring:
    """A cohort scored by a methodology. Immutable; frames are made when they are first asked for."""

    def __init__(
        self,
        native: _bareme.Scoring | _bareme.Alone,
        maker: Maker,
        ignored: list[Ignored],
        alone: Reference | None = None,
    ) -> None:
        """Wrap a native scoring; :meth:`Methodology.score` makes one."""
        self._native = native
        self._make = maker
        self._alone = alone
        #: What was left out because the methodology does not know it (``ignore_unknown``).
        self.ignored = ignored

    @property
    def methodology(self) -> Methodology:
        """The methodology."""
        if self._alone is not None:
            return self._alone.methodology
        return _methodology(self._whole("methodology").methodology)

    @property
    def cohort(self) -> Cohort:
        """The cohort."""
        return Cohort(self._whole("cohort").cohort)

    @cached_property
    def scores(self) -> Any:
        """The scores, a row for each territory in the cohort's order.

        Columns: ``territory``, ``name``, ``structure_type``, ``stratum``, ``department``, ``region``; of each index,
        the root first, ``<index>.score`` (binary64) and ``<index>.published`` (text, as people read it); of each
        ranking, ``<view>.<within>.rank`` and ``.of``; ``grade`` where the methodology gives grades; ``flags``;
        and, as in every frame, ``synthetic``, ``methodology``, ``version``, ``status``, ``method_sha256``. Which
        columns there are depends on the methodology alone.
        """
        return self._make(Frame(self._native.scores()))

    @cached_property
    def indicators(self) -> Any:
        """Why each score is what it is, a row for each territory and criterion.

        Columns: ``territory``, ``network``, ``indicator``, ``index`` (the one above), ``raw`` (the value, in the
        indicator's unit), ``state`` (``present``, or why there is none), ``mark`` (0 to 100 in most methodologies),
        ``weight`` (in the index above, as applied: 0 to 1), and what every row says of its method.
        """
        return self._make(Frame(self._native.indicators()))

    def ranking(self, by: str | None = None, within: str | None = None) -> Any:
        """Give one ranking, group after group, the best first, the unranked last.

        ``by`` is one of :attr:`Methodology.views`, or its label; the first one without it. ``within`` is ``stratum``,
        ``structure_type``, ``region``, ``department``, several joined by ``+``, or ``cohort``; without it, the
        first group that the methodology ranks within.

        Raises :class:`NotFoundError` for a view that there is not, :class:`InputError` for a group.

        >>> scoring = bareme.methodology("observatoire-instagram@2017.10").score(frame)
        >>> ranking = scoring.ranking(by="most-followed", within="cohort")
        >>> ranking["rank"], ranking["name"], ranking["raw"]
        ([1, 2], ['Nice', 'Menton'], [92000.0, 18700.0])
        """
        return self._make(Frame(self._whole("ranking").ranking(by, within)))

    @cached_property
    def reference(self) -> Reference:
        """The statistics of the cohort: with it, one territory can be scored alone, to the same bits."""
        if self._alone is not None:
            return self._alone
        return Reference(self._whole("reference").reference())

    def publication(
        self,
        *,
        inputs: bool = True,
        notes: Sequence[str] = (),
        supersedes: Publication | str | None = None,
        reason: str | None = None,
        time: str | None = None,
    ) -> Publication:
        """Give the open-data document of the scores, with everything that they rest on.

        ``inputs`` or only their digest; ``notes`` are what readers must know (``synthetic``, or a text); of an erratum,
        the publication that it ``supersedes`` (or its digest) and the ``reason``; ``time`` is written beside
        the document, outside its digest: no clock is read.
        """
        if isinstance(notes, str):
            raise TypeError("notes: a list of texts is needed, not one text")
        if (supersedes is None) != (reason is None):
            raise TypeError("supersedes and reason go together")
        before = supersedes.sha256 if isinstance(supersedes, Publication) else supersedes
        replaced = None if before is None or reason is None else (before, reason)
        return Publication(self._whole("publication").publication(inputs, list(notes), replaced, time))

    def receipt(self, territory: str, *, reference: bool = True) -> Receipt:
        """Give one territory's row of the publication, and what proves that it belongs to it.

        For more than one, or to choose what is published, take :meth:`publication` once and its receipts.

        Raises :class:`NotFoundError`.
        """
        return self.publication().receipt(territory, reference=reference)

    def territory(self, territory: str) -> Territory:
        """Give everything about one territory, by its id or, whatever the case and accents, its name.

        Raises :class:`NotFoundError`, also for a name that several have.

        >>> scoring = bareme.methodology("observatoire-instagram@2017.10").score(frame)
        >>> scoring.territory("menton")
        <bareme.Territory 06083 Menton: 25>
        """
        return Territory(json.loads(self._whole("territory").territory(territory)))

    @property
    def territories(self) -> list[Territory]:
        """Everything about every territory, in the cohort's order: as :attr:`document` has it."""
        return [Territory(found) for found in self.document["territories"]]

    @property
    def parts(self) -> dict[str, Scoring]:
        """The same cohort scored by each methodology that is pinned, by ``id@version``."""
        parts = [Scoring(native, self._make, []) for native in self._whole("parts").parts]
        return {part.methodology.name: part for part in parts}

    @property
    def document(self) -> dict[str, Any]:
        """The scoring as a document, as ``json.loads`` gives it."""
        document: dict[str, Any] = json.loads(self.to_json())
        return document

    def to_json(self) -> str:
        """Give the scoring as JSON; ``bareme.schema("scoring")`` says its shape."""
        return self._native.document()

    def _whole(self, what: str) -> _bareme.Scoring:
        if isinstance(self._native, _bareme.Alone):
            raise TypeError(f"{what}: these territories were each scored alone, against a reference")
        return self._native

    def __len__(self) -> int:
        return len(self._native)

    def __repr__(self) -> str:
        alone = ", each alone" if self._alone is not None else ""
        return f"<bareme.Scoring {len(self)} territories by {self.methodology.name}, {self.methodology.status}{alone}>"

    def _repr_html_(self) -> str:
        from ._html import scoring_html

        return scoring_html(self)


class Reference:
    """The statistics of a cohort, against which one territory is scored alone, to the same bits. Immutable."""

    __slots__ = ("_native",)

    def __init__(self, native: _bareme.Reference) -> None:
        """Wrap a native reference."""
        if not isinstance(native, _bareme.Reference):
            raise TypeError("a reference is made by Scoring.reference or Reference.from_json")
        self._native = native

    @classmethod
    def from_json(cls, document: Document, *, methodology: Methodology | None = None) -> Reference:
        """Read a reference document, drawn by ``methodology``: that of the catalogue unless it is given.

        Raises :class:`InputError` with the faults, ``pin_mismatch`` when it is of another methodology.
        """
        text = document_bytes(document, "reference")
        if methodology is None:
            native = _bareme.methodology(_bareme.Reference.methodology_of(text))
        else:
            native = methodology._native
        return cls(_bareme.Reference.from_json(text, native))

    def score(self, accounts: Any, territories: Any = None, *, period: Period | None = None) -> Scoring:
        """Score each territory alone; takes what :meth:`Methodology.score` takes.

        Raises :class:`InputError`; ``period_conflict`` for another period than the reference's.

        >>> scoring = bareme.methodology("observatoire-instagram@2017.10").score(frame)
        >>> nice = {name: column[1:] for name, column in frame.items()}
        >>> alone = scoring.reference.score(nice)
        >>> alone.scores["performance.published"], alone.scores["performance.stratum.rank"]
        (['75'], [1])
        """
        own = self._native.period
        is_frame = not isinstance(accounts, (Cohort, str, bytes, bytearray))
        when = period if period is not None or own is None or not is_frame else own
        if isinstance(accounts, Mapping) and accounts.get("document") == "cohort":
            when = period
        cohort, ignored, maker = read(self._native.methodology, accounts, territories, when, False)
        return Scoring(self._native.score(cohort), maker, ignored, self)

    @property
    def methodology(self) -> Methodology:
        """The methodology."""
        return _methodology(self._native.methodology)

    @property
    def sha256(self) -> str:
        """The digest of the document."""
        return self._native.sha256

    def is_member(self, territory: str) -> bool:
        """Was this territory, by its id, a member of the cohort?"""
        return self._native.is_member(territory)

    def to_json(self) -> str:
        """Give the document as canonical JSON (RFC 8785)."""
        return self._native.to_json()

    @property
    def document(self) -> dict[str, Any]:
        """The document, as ``json.loads`` gives it."""
        document: dict[str, Any] = json.loads(self.to_json())
        return document

    def __repr__(self) -> str:
        return f"<bareme.Reference of {self.methodology.name}>"
