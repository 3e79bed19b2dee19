"""Methodologies: documents that say everything a score depends on."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

from . import _bareme
from ._cohort import Cohort, Period, read
from ._errors import Fault, InputError
from ._inputs import Document, document_bytes
from ._scoring import Scoring


class Methodology:
    """A methodology document that is sound.

    Taken from the catalogue by :func:`bareme.methodology`, read by :meth:`from_json`, or made from another by
    :meth:`variant`. Immutable.
    """

    __slots__ = ("_native",)

    def __init__(self, native: _bareme.Methodology) -> None:
        """Wrap a native methodology."""
        if not isinstance(native, _bareme.Methodology):
            raise TypeError("a methodology is made by bareme.methodology, Methodology.from_json or .variant")
        self._native = native

    @classmethod
    def from_json(cls, document: Document, *, others: Iterable[Methodology] = ()) -> Methodology:
        """Read a methodology document; ``bareme.schema("methodology")`` says its shape.

        ``others`` are those that it pins, if it pins any: nothing is searched for.

        Raises :class:`InputError` with every fault, each with its JSON Pointer.

        >>> official = bareme.methodology("observatoire-instagram@2017.10")
        >>> bareme.Methodology.from_json(official.to_json()) == official
        True
        >>> bareme.Methodology.from_json('{"language": "bareme/1"}')
        Traceback (most recent call last):
        bareme._errors.InputError: a required field is missing; expected: "document": "methodology" [missing_field]
        """
        natives = [other._native for other in others]
        return cls(_bareme.Methodology.from_json(document_bytes(document, "methodology"), natives))

    def variant(self, patch: Document) -> Methodology:
        """Give another methodology: this one changed by a JSON Merge Patch (RFC 7396).

        Its status becomes ``variant``, and it names this one in ``variant_of``; a patch that gives no version gets
        this one's with ``+variant``.

        Raises :class:`InputError` with the faults of the patch or of what becomes of the document.

        >>> official = bareme.methodology("observatoire-instagram@2017.10")
        >>> official.variant({"publication": {"decimals": 3}})
        <bareme.Methodology observatoire-instagram@2017.10+variant, variant>
        """
        return Methodology(self._native.variant(document_bytes(patch, "patch")))

    def check(
        self,
        accounts: Any,
        territories: Any = None,
        *,
        period: Period | None = None,
        ignore_unknown: bool = False,
    ) -> list[Fault]:
        """Give what keeps data from being scored; nothing when they can be.

        Takes what :meth:`score` takes, and raises nothing that is wrong with the data.

        >>> official = bareme.methodology("observatoire-instagram@2017.10")
        >>> [fault.code for fault in official.check(frame | {"posts": [-1, 2.5]})]
        ['negative_value', 'fractional_count']
        """
        try:
            self.score(accounts, territories, period=period, ignore_unknown=ignore_unknown)
        except InputError as error:
            return list(error.faults)
        return []

    def cohort(
        self,
        accounts: Any,
        territories: Any = None,
        *,
        period: Period | None = None,
        ignore_unknown: bool = False,
    ) -> Cohort:
        """Read a cohort by the names of this methodology, to score or verify it more than once.

        Takes what :meth:`score` takes.
        """
        return Cohort(read(self, accounts, territories, period, ignore_unknown)[0])

    def score(
        self,
        accounts: Any,
        territories: Any = None,
        *,
        period: Period | None = None,
        ignore_unknown: bool = False,
        threads: int = 1,
        progress: Callable[[int, int], object] | None = None,
    ) -> Scoring:
        """Score a cohort.

        ``accounts`` is one long frame, a row for each territory and network: ``territory`` (a code, as text),
        ``name``, ``structure_type``, ``population``, ``department``, ``region``, ``network`` (empty for a territory
        that is on none) and the methodology's metrics over the period; :attr:`metrics` lists them. With
        ``territories``, it holds ``territory``, ``network`` and the metrics, and ``territories`` the rest. Headers
        may be French or English. NaN and nulls are unknown.

        A frame is anything that offers ``__arrow_c_stream__`` (pandas, polars, pyarrow, DuckDB …), a dictionary of
        columns or a list of dictionaries; results come back in the same kind. A cohort document (a
        :class:`Cohort`, JSON text, or the ``pathlib.Path`` of a JSON or CSV file) does as well. The memory of frames
        is read in place: it must not be changed until this returns.

        ``period``: the first day, and the day after the last; or the columns ``from`` and ``to``.
        ``ignore_unknown`` leaves out the columns, networks and metrics that the methodology does not know;
        :attr:`Scoring.ignored` names them. ``threads``: how many may work; the result is the same, to the last
        bit, with any number. ``progress(done, total)`` is called from time to time; the units are arbitrary. An
        exception of it, or Ctrl-C, stops the work.

        Raises :class:`InputError` with every fault, each with its row (the first is 1) and column.

        >>> scoring = bareme.methodology("observatoire-instagram@2017.10").score(frame)
        >>> scoring.scores["performance.published"]
        ['25', '75']
        >>> scoring.scores["status"]
        ['reconstruction', 'reconstruction']
        """
        if threads < 1:
            raise ValueError(f"threads: at least 1, not {threads}")
        cohort, ignored, maker = read(self, accounts, territories, period, ignore_unknown)
        return Scoring(_bareme.score(self._native, cohort, threads, progress), maker, ignored)

    @property
    def id(self) -> str:
        """The id."""
        return self._native.id

    @property
    def version(self) -> str:
        """The version."""
        return self._native.version

    @property
    def name(self) -> str:
        """The id and version: what :func:`bareme.methodology` takes.

        >>> bareme.catalogue()[0].name
        'adverbia-facebook-regions@2012.08'
        """
        return f"{self.id}@{self.version}"

    @property
    def status(self) -> str:
        """What it claims to be: ``official``, ``reconstruction``, ``proposal``, ``variant`` or ``draft``."""
        return self._native.status

    @property
    def method_sha256(self) -> str:
        """The digest of the method alone, without what only speaks to people: what results carry."""
        return self._native.method_sha256

    @property
    def document_sha256(self) -> str:
        """The digest of the whole document."""
        return self._native.document_sha256

    @property
    def pinned(self) -> list[Methodology]:
        """The methodologies that it rests on, by id, version and digest."""
        return [Methodology(native) for native in self._native.pinned]

    @property
    def document(self) -> dict[str, Any]:
        """The document, as ``json.loads`` gives it."""
        document: dict[str, Any] = json.loads(self.to_json())
        return document

    @property
    def metrics(self) -> dict[str, str]:
        """What an account is measured by: each metric's id with its label in English, or else in French.

        >>> list(bareme.methodology("observatoire-instagram@2017.10").metrics)
        ['comments', 'followers', 'following', 'likes', 'posts']
        """
        found: dict[str, str] = {}
        for methodology in [*self.pinned, self]:
            for name, metric in methodology.document["metrics"].items():
                found[name] = metric["label"].get("en", metric["label"]["fr"])
        return dict(sorted(found.items()))

    @property
    def views(self) -> list[str]:
        """What :meth:`Scoring.ranking` may order by.

        >>> bareme.methodology("observatoire-instagram@2017.10").views
        ['performance', 'most-followed', 'most-active', 'most-engaging']
        """
        return [view["id"] for view in self.document["views"]]

    def title(self, lang: str = "en") -> str:
        """Give the title in English (``en``) or French (``fr``)."""
        return self._native.title(lang)

    def describe(self, lang: str = "en") -> str:
        """Say the whole method in words, as Markdown: what each parameter is and on what it rests."""
        return self._native.describe(lang)

    def to_json(self) -> str:
        """Give the document as canonical JSON (RFC 8785)."""
        return self._native.to_json()

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Methodology):
            return NotImplemented
        return self.document_sha256 == other.document_sha256

    def __hash__(self) -> int:
        return hash(self.document_sha256)

    def __repr__(self) -> str:
        return f"<bareme.Methodology {self.name}, {self.status}>"

    def _repr_html_(self) -> str:
        from ._html import methodology_html

        return methodology_html(self)


def catalogue() -> list[Methodology]:
    """Give every methodology of this package, by id, then by version.

    >>> [methodology.name for methodology in bareme.catalogue() if methodology.id == "territoires"]
    ['territoires@2026.11']
    """
    return [Methodology(native) for native in _bareme.catalogue()]


def methodology(name: str) -> Methodology:
    """Give the methodology ``id@version`` of the catalogue.

    An id alone is refused: what is computed today must be computable when there is a newer version.

    Raises :class:`NotFoundError`.

    >>> bareme.methodology("observatoire-instagram@2017.1")
    Traceback (most recent call last):
    bareme._errors.NotFoundError: no methodology has this id and version; ... `observatoire-instagram@2017.10`? ...
    """
    return Methodology(_bareme.methodology(name))


def schema(name: str) -> dict[str, Any]:
    """Give the JSON Schema (2020-12) of a kind of document.

    ``name``: ``methodology``, ``cohort``, ``scoring``, ``reference``, ``publication``, ``receipt`` or
    ``verification``. Raises ``ValueError`` for any other.

    >>> bareme.schema("cohort")["$schema"]
    'https://json-schema.org/draft/2020-12/schema'
    """
    text = _bareme.schema(name)
    if text is None:
        raise ValueError(
            f"schema: one of methodology, cohort, scoring, reference, publication, receipt, verification, not {name!r}"
        )
    found: dict[str, Any] = json.loads(text)
    return found
