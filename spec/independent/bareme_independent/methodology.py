"""spec/methodology.md: the methodology document, its shape and its checks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any, NamedTuple

from . import documents as doc
from . import formula as fml
from . import numbers
from .errors import Fault, Refused, below, stage

STATUSES = ("variant", "draft", "proposal", "reconstruction", "official")
DIMENSIONS = ("stratum", "structure_type", "region", "department")
MEAN_KINDS = ("geometric", "harmonic")
MAX_LIST = 500
MAX_DEPTH = 8
MAX_POINTS = 200

ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
FORMULA_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
RESERVED = frozenset("population days previous min max abs and or".split())
VERSION = re.compile(r"[A-Za-z0-9.+-]{1,64}")
DIGEST = re.compile(r"[0-9a-f]{64}")

Json = dict[str, Any]


# --- The shape ------------------------------------------------------------------------------------


def _formula_text(value: Any, pointer: str, faults: list[Fault]) -> None:
    """A formula: a string that can be read (formula.md, Errors)."""
    _read(value, pointer, faults, fml.read_formula)


def _predicate_text(value: Any, pointer: str, faults: list[Fault]) -> None:
    """A predicate."""
    _read(value, pointer, faults, fml.read_predicate)


def _read(value: Any, pointer: str, faults: list[Fault], reader: Any) -> None:
    if not isinstance(value, str):
        faults.append(Fault("wrong_type", pointer))
        return
    try:
        reader(value)
    except fml.FormulaFault as fault:
        faults.append(Fault(fault.code, pointer))


def _within(value: Any, pointer: str, faults: list[Fault]) -> None:
    """A way of grouping (The document, Within)."""
    if isinstance(value, str):
        if value != "cohort" and value not in DIMENSIONS:
            faults.append(Fault("unknown_value", pointer))
        return
    if not isinstance(value, list) or len(value) < 2:
        faults.append(Fault("wrong_type", pointer))
        return
    before = len(faults)
    doc.array(doc.word(*DIMENSIONS))(value, pointer, faults)
    if len(faults) == before and len(set(value)) < len(value):
        faults.append(Fault("wrong_type", pointer))


def _direction(value: Any, pointer: str, faults: list[Fault]) -> None:
    """`higher`, `lower`, or closest to a number (Indicator)."""
    if isinstance(value, str):
        doc.word("higher", "lower")(value, pointer, faults)
    else:
        doc.record({"closest_to": doc.number})(value, pointer, faults)


def _bound(value: Any, pointer: str, faults: list[Fault]) -> None:
    """An object with exactly one of three members (Indicator)."""
    kinds: dict[str, doc.Type] = {
        "statistic": doc.word("min", "max", "mean", "median"),
        "quantile": doc.number,
        "fixed": doc.number,
    }
    doc.record({}, kinds)(value, pointer, faults)
    if isinstance(value, dict) and sum(name in value for name in kinds) != 1:
        faults.append(Fault("wrong_type", pointer))


_BASIS = doc.record(
    {"basis": doc.word("published", "inferred", "proposed")},
    {"source": doc.string, "quote": doc.string, "reason": doc.text},
)
_PROVENANCE: dict[str, doc.Type] = {"provenance": doc.mapping(_BASIS)}
_PIN = doc.record({"id": doc.string, "version": doc.string, "method_sha256": doc.string})
_LABEL: dict[str, doc.Type] = {"label": doc.text}
_KEY = doc.record({}, {"index": doc.string, "indicator": doc.string, "network": doc.string})
_AT_MARK = doc.array(doc.record({"at": doc.number, "mark": doc.number}))
_ENDS: dict[str, doc.Type] = {"from": doc.number, "below": doc.number}


def _forms(**known: tuple[dict[str, doc.Type], dict[str, doc.Type]]) -> Any:
    return {
        name: (required, {**optional, **_PROVENANCE})
        for name, (required, optional) in known.items()
    }


_NORMALISE = doc.forms(
    "method",
    _forms(
        min_max=(
            {"low": _bound, "high": _bound, "clamp": doc.boolean, "constant": doc.number},
            {"within": _within},
        ),
        proportion_of=({"target": _bound}, {"within": _within, "cap": doc.number}),
        percentile_rank=({"within": _within}, {}),
        rank=({"within": _within, "single": doc.number}, {}),
        z_score=(
            {
                "within": _within,
                "centre": doc.number,
                "scale": doc.number,
                "ddof": doc.whole,
                "constant": doc.number,
            },
            {"clamp": doc.record({"low": doc.number, "high": doc.number})},
        ),
        piecewise=({"points": _AT_MARK}, {}),
        bands=({"bands": _AT_MARK, "otherwise": doc.number}, {}),
        none=({}, {}),
    ),
)

_INDICATOR = doc.record(
    {
        "id": doc.string,
        "label": doc.text,
        "formula": _formula_text,
        "direction": _direction,
        "undefined": doc.word("mark_zero", "raw_zero", "leave_out", "refuse"),
        "unknown": doc.word("mark_zero", "leave_out", "impute_median", "refuse"),
    },
    {
        "description": doc.text,
        "unit": doc.text,
        "transform": doc.word("ln", "ln1p", "log10", "sqrt"),
        "winsorise": doc.record(
            {}, {"within": _within, "low": _bound, "high": _bound, **_PROVENANCE}
        ),
        "statistics_weight": doc.string,
        "normalise": _NORMALISE,
        **_PROVENANCE,
    },
)


def _weight(value: Any, pointer: str, faults: list[Fault]) -> None:
    """A number, or a table (Index)."""
    if doc.is_number(value):
        return
    doc.record(
        {"default": doc.number},
        {
            "by_structure_type": doc.mapping(doc.number),
            "by_stratum": doc.mapping(doc.number),
            "by_population": doc.array(doc.record({"weight": doc.number}, _ENDS)),
        },
    )(value, pointer, faults)


_ABSENT = doc.word("zero", "leave_out", "refuse")


def _index(value: Any, pointer: str, faults: list[Fault]) -> None:
    """An index and all below it (Index)."""
    child = doc.record(
        {"weight": _weight},
        {
            "indicator": doc.string,
            "index": _index,
            "methodology": _PIN,
            "absent": _ABSENT,
            **_PROVENANCE,
        },
    )
    doc.record(
        {
            "id": doc.string,
            "label": doc.text,
            "aggregate": doc.word("arithmetic", "geometric", "harmonic", "sum", "min", "max"),
            "missing": doc.word("renormalise", "zero", "refuse"),
            "of": doc.array(child),
        },
        {
            "description": doc.text,
            "network": doc.string,
            "absent": _ABSENT,
            "minimum_share": doc.number,
            **_PROVENANCE,
        },
    )(value, pointer, faults)


def _steps(**members: doc.Type) -> doc.Type:
    return doc.array(doc.record({"id": doc.string, "label": doc.text, **members}))


_GRADES = doc.forms(
    "by",
    {
        "threshold": ({"steps": _steps(**{"from": doc.number})}, {}),
        "rank": (
            {"view": doc.string, "within": _within, "steps": _steps(top=doc.number)},
            {},
        ),
    },
)

_KIND = doc.word("count", "decimal")
_DOCUMENT = doc.record(
    {
        "language": doc.any_value,
        "document": doc.any_value,
        "id": doc.string,
        "version": doc.string,
        "status": doc.word(*STATUSES),
        "title": doc.text,
        "structure_types": doc.mapping(doc.record(_LABEL)),
        "networks": doc.mapping(doc.record(_LABEL)),
        "metrics": doc.mapping(
            doc.record(
                {"kind": _KIND, "measure": doc.word("stock", "flow"), "label": doc.text},
                {"unit": doc.text},
            )
        ),
        "strata": doc.array(
            doc.record(
                {"id": doc.string, "label": doc.text, "structure_types": doc.array(doc.string)},
                {
                    "population": doc.record({}, _ENDS),
                    "minimum_size": doc.whole,
                    "fallback": doc.string,
                    **_PROVENANCE,
                },
            )
        ),
        "outside_strata": doc.word("refuse", "leave_out"),
        "indicators": doc.array(_INDICATOR),
        "index": _index,
        "ranking": doc.record(
            {
                "order_by": doc.word("score", "published"),
                "ties": doc.word("competition", "dense"),
                "tie_breakers": doc.array(_KEY),
                "within": doc.array(_within),
            },
            _PROVENANCE,
        ),
        "views": doc.array(doc.record({"id": doc.string, "label": doc.text, "by": _KEY})),
        "publication": doc.record(
            {
                "decimals": doc.whole,
                "rounding": doc.word("half_up", "half_even", "down"),
            },
            {"grades": _GRADES, **_PROVENANCE},
        ),
    },
    {
        "description": doc.text,
        "variant_of": _PIN,
        "sources": doc.array(
            doc.record(
                {"id": doc.string, "url": doc.string, "title": doc.string},
                {"published": doc.string, "note": doc.text},
            )
        ),
        "conflicts": doc.array(
            doc.record(
                {
                    "id": doc.string,
                    "between": doc.array(doc.string),
                    "question": doc.text,
                    "choice": doc.text,
                },
                {"alternative": doc.string},
            )
        ),
        "period_days": doc.whole,
        "attributes": doc.mapping(
            doc.record({"kind": _KIND, "label": doc.text}, {"unit": doc.text})
        ),
        "several_accounts": doc.word("refuse", "sum", "main"),
        "eligibility": doc.array(
            doc.record(
                {"id": doc.string, "label": doc.text, "require": _predicate_text}, _PROVENANCE
            )
        ),
        "roll_ups": doc.array(
            doc.record(
                {
                    "id": doc.string,
                    "label": doc.text,
                    "index": doc.string,
                    "structure_types": doc.array(doc.string),
                    "into": doc.word(*DIMENSIONS),
                },
                {"weight": doc.string, **_PROVENANCE},
            )
        ),
        **_PROVENANCE,
    },
)


def check_shape(document: Json) -> None:
    """Stage 3 of a methodology."""
    faults: list[Fault] = []
    _DOCUMENT(document, "", faults)
    stage(faults)


# --- The document ---------------------------------------------------------------------------------


class Criterion(NamedTuple):
    """An indicator on a network, or on none (Criteria)."""

    indicator: str
    network: str | None


def within_name(within: str | list[str]) -> str:
    """The name of a way of grouping: its words in the order of the page, joined by `+`."""
    if isinstance(within, str):
        return within
    return "+".join(word for word in DIMENSIONS if word in within)


@dataclass(frozen=True)
class Node:
    """An index of the tree, with its pointer, the network in force and its depth."""

    index: Json
    pointer: str
    network: str | None
    depth: int


class Methodology:
    """A methodology document of sound shape, and what is drawn from it.

    `pinned` holds the methodologies that its pins name, by (id, version, digest), as far as they
    are at hand.
    """

    def __init__(self, document: Json, library: Library) -> None:
        self.document = document
        self.id: str = document["id"]
        self.version: str = document["version"]
        self.document_sha256 = doc.document_digest(document)
        self.method_sha256 = doc.method_digest(document)
        self.metrics: Json = document["metrics"]
        self.attributes: Json = document.get("attributes", {})
        self.kinds = {name: entry["kind"] for name, entry in self.attributes.items()}
        self.kinds |= {name: entry["kind"] for name, entry in self.metrics.items()}
        self.indicators: dict[str, Json] = {}
        self.formulas: dict[str, fml.Expression] = {}
        for indicator in document["indicators"]:
            if indicator["id"] not in self.indicators:
                self.indicators[indicator["id"]] = indicator
                self.formulas[indicator["id"]] = fml.read_formula(indicator["formula"])
        self.rules = [
            (rule, fml.read_predicate(rule["require"])) for rule in document.get("eligibility", [])
        ]
        self.nodes = list(walk(document["index"], "/index", None, 1))
        self.indices: dict[str, Node] = {}
        for node in self.nodes:
            self.indices.setdefault(node.index["id"], node)
        self.pinned: dict[tuple[str, str, str], Methodology] = {}
        for _, pin in _pins_in_tree(document["index"], "/index"):
            found = library.find(pin)
            if found is not None:
                self.pinned[pin] = found
        self.tree_criteria = list(dict.fromkeys(self._tree_criteria()))
        self.criteria = self._criteria()

    def children(self) -> Iterator[tuple[Node, Json]]:
        """Every child of every index, depth first."""
        for node in self.nodes:
            for child in node.index["of"]:
                yield node, child

    def reads_metrics(self, names: Iterable[str]) -> bool:
        """Whether one of these variables is a metric, `previous.` or not (formula.md)."""
        return any(name.removeprefix("previous.") in self.metrics for name in names)

    def indicator_reads_metrics(self, indicator: str) -> bool:
        """Whether the indicator's formula reads metrics."""
        return self.reads_metrics(fml.variables(self.formulas[indicator]))

    def is_declared(self, name: str) -> bool:
        """Whether a variable is one of the document (formula.md, Errors)."""
        if name.startswith("previous."):
            return name.removeprefix("previous.") in self.metrics
        return name in ("population", "days") or name in self.metrics or name in self.attributes

    def _tree_criteria(self) -> Iterator[Criterion]:
        """The criteria of the tree, depth first, children in their order (Criteria)."""

        def of(index: Json, above: str | None) -> Iterator[Criterion]:
            network = index.get("network", above)
            for child in index["of"]:
                if "indicator" in child:
                    if child["indicator"] in self.indicators:
                        reads = self.indicator_reads_metrics(child["indicator"])
                        yield Criterion(child["indicator"], network if reads else None)
                elif "index" in child:
                    yield from of(child["index"], network)

        return of(self.document["index"], None)

    def keys(self) -> Iterator[tuple[str, Json]]:
        """The keys of the views, then of the tie-breakers, with their pointers."""
        for i, view in enumerate(self.document["views"]):
            yield f"/views/{i}/by", view["by"]
        for i, key in enumerate(self.document["ranking"]["tie_breakers"]):
            yield f"/ranking/tie_breakers/{i}", key

    def criterion_of_indicator(self, key: Json) -> Criterion | None:
        """The criterion that a key with a known indicator means (Keys), if any."""
        indicator = key["indicator"]
        if not self.indicator_reads_metrics(indicator):
            return Criterion(indicator, None)
        if "network" in key:
            return Criterion(indicator, key["network"])
        if indicator in {child.get("indicator") for _, child in self.children()}:
            networks = {c.network for c in self.tree_criteria if c.indicator == indicator}
        else:
            networks = {node.network for node in self.nodes}
            if networks == {None}:
                networks = set(self.document["networks"])
        networks.discard(None)
        return Criterion(indicator, networks.pop()) if len(networks) == 1 else None

    def criterion_of(self, key: Json) -> Criterion | None:
        """The criterion that a key means; None when it names an index, or means nothing."""
        if "index" in key or key.get("indicator") not in self.indicators:
            return None
        return self.criterion_of_indicator(key)

    def _criteria(self) -> list[Criterion]:
        """All criteria, each once, in the order in which they are first met (Criteria)."""
        by_keys = [self.criterion_of(key) for _, key in self.keys()]
        return list(dict.fromkeys([*self.tree_criteria, *(c for c in by_keys if c is not None)]))

    def pins_in_order(self) -> list[Methodology]:
        """The methodologies pinned, each once, in the order in which the tree names them first."""
        return list(self.pinned.values())

    def all_pinned(self) -> list[Methodology]:
        """All that it pins, and that those pin, each once, each after those that it pins."""
        found: dict[str, Methodology] = {}
        for pinned in self.pins_in_order():
            for inner in pinned.all_pinned():
                found.setdefault(inner.document_sha256, inner)
            found.setdefault(pinned.document_sha256, pinned)
        return list(found.values())

    @property
    def status(self) -> str:
        """The weakest of its own and of those that it pins."""
        own = [self.document["status"], *(pinned.status for pinned in self.pinned.values())]
        return min(own, key=STATUSES.index)

    @property
    def networks_used(self) -> set[str]:
        """The networks that its indices name and those of its criteria (cohort.md)."""
        named = {node.index["network"] for node in self.nodes if "network" in node.index}
        return named | {c.network for c in self.criteria if c.network is not None}

    @property
    def reads_previous(self) -> bool:
        """Whether one of its formulas or rules reads `previous.` something."""
        return any(name.startswith("previous.") for name in self.all_variables())

    def all_variables(self) -> Iterator[str]:
        """The variables of all its formulas and rules."""
        for expression in self.formulas.values():
            yield from fml.variables(expression)
        for _, predicate in self.rules:
            yield from fml.predicate_variables(predicate)


def walk(
    index: Json, pointer: str, above: str | None, depth: int, everything: bool = False
) -> Iterator[Node]:
    """An index and all the indices below it, depth first.

    A child that has an indicator is no index, whatever else it has (Criteria); `everything` goes
    into what else it has, too.
    """
    network = index.get("network", above)
    yield Node(index, pointer, network, depth)
    for j, child in enumerate(index["of"]):
        if "index" in child and (everything or "indicator" not in child):
            place = f"{pointer}/of/{j}/index"
            yield from walk(child["index"], place, network, depth + 1, everything)


def pin_of(pin: Json) -> tuple[str, str, str]:
    """A pin as a key."""
    return pin["id"], pin["version"], pin["method_sha256"]


class Library:
    """The documents that may be pinned, handed over by the caller (Pins).

    A document with a fault is refused whole: it is not at hand.
    """

    def __init__(
        self,
        texts: Iterable[bytes] = (),
        sound: dict[tuple[str, str, str], Methodology] | None = None,
    ) -> None:
        self.texts = list(texts)
        self._documents: list[tuple[tuple[str, str, str], Json]] | None = None
        self._read: dict[tuple[str, str, str], Methodology | None] = dict(sound or {})

    def documents(self) -> list[tuple[tuple[str, str, str], Json]]:
        """Those of sound shape, by id, version and method digest; read when first asked for."""
        if self._documents is None:
            self._documents = [(pin, m.document) for pin, m in self._read.items() if m is not None]
            for text in self.texts:
                try:
                    document = read_shape(text)
                except Refused:
                    continue
                name = (document["id"], document["version"], doc.method_digest(document))
                self._documents.append((name, document))
        return self._documents

    def find(self, pin: tuple[str, str, str]) -> Methodology | None:
        """The methodology that a pin names, if it is at hand."""
        if pin not in self._read:
            self._read[pin] = None
            several = [
                Methodology(document, self) for name, document in self.documents() if name == pin
            ]
            # The weakest status, then the document digest.
            sound = [each for each in several if not check_meaning(each, self)]
            sound.sort(key=lambda each: (STATUSES.index(each.status), each.document_sha256))
            self._read[pin] = sound[0] if sound else None
        return self._read[pin]

    def knows(self, id_: str, version: str) -> bool:
        """Whether a document at hand has that id and version."""
        return any(
            name[:2] == (id_, version) and self.find(name) is not None
            for name, _ in self.documents()
        )


def read_shape(data: bytes) -> Json:
    """Stages 1 to 3 of a methodology."""
    value = doc.read_text(data, doc.LARGEST["methodology"])
    document = doc.check_kind(value, "methodology")
    check_shape(document)
    return document


def read(data: bytes, library: Library) -> Methodology:
    """Reads a methodology, all four stages."""
    return of_document(read_shape(data), library)


def of_document(document: Json, library: Library) -> Methodology:
    """Stage 4, of a document of sound shape."""
    methodology = Methodology(document, library)
    stage(check_meaning(methodology, library))
    return methodology


def variant(methodology: Methodology, patch: bytes) -> Methodology:
    """A variant of a methodology (documents.md, Variants).

    It may pin the documents that the methodology pins, and no others.
    """
    document = doc.check_kind(doc.variant(methodology.document, patch), "methodology")
    check_shape(document)
    return of_document(document, Library(sound=methodology.pinned))


# --- Checks ---------------------------------------------------------------------------------------


def is_id(text: str) -> bool:
    """An id (Definitions)."""
    return ID.fullmatch(text) is not None


def is_formula_name(text: str) -> bool:
    """A formula name (Definitions)."""
    return FORMULA_NAME.fullmatch(text) is not None and text not in RESERVED


def is_share(v: Fraction) -> bool:
    """Above 0, at most 1, with at most 6 decimals (Shares and weights)."""
    return 0 < v <= 1 and numbers.is_whole(v * 10**6)


def is_weight_value(v: Fraction) -> bool:
    """From 0 to 1,000,000 with at most 6 decimals."""
    return 0 <= v <= 1_000_000 and numbers.is_whole(v * 10**6)


def overlap(a: Json, b: Json) -> bool:
    """Whether two ranges overlap; an open end satisfies either condition (Strata)."""
    return _under(a, b) and _under(b, a)


def _under(a: Json, b: Json) -> bool:
    return "from" not in a or "below" not in b or a["from"] < b["below"]


def check_meaning(m: Methodology, library: Library) -> list[Fault]:
    """Stage 4: the faults of the meaning (Checks)."""
    return [
        *_identity(m),
        *_lists(m),
        *_strata(m),
        *_variables(m),
        *_tree(m),
        *_views(m),
        *_indicators(m),
        *_publication(m),
        *_roll_ups(m),
        *_grounds(m),
        *_pins(m, library),
    ]


def _identity(m: Methodology) -> Iterator[Fault]:
    """Identity and names."""
    d = m.document
    if not is_id(m.id):
        yield Fault("invalid_id", "/id")
    if VERSION.fullmatch(m.version) is None:
        yield Fault("invalid_id", "/version")
    if d.get("period_days") == 0:
        yield Fault("out_of_range", "/period_days")
    if "variant_of" in d and DIGEST.fullmatch(d["variant_of"]["method_sha256"]) is None:
        yield Fault("invalid_id", "/variant_of/method_sha256")
    if d["status"] == "variant" and "variant_of" not in d:
        yield Fault("missing_field", "")
    for member in ("structure_types", "networks"):
        for name in d[member]:
            if not is_id(name):
                yield Fault("invalid_id", below("", member, name))
        if len(d[member]) > MAX_LIST:
            yield Fault("limit_exceeded", below("", member))
    if not d["structure_types"]:
        yield Fault("out_of_range", "/structure_types")
    for member, entries in (("metrics", m.metrics), ("attributes", m.attributes)):
        for name in entries:
            if not is_formula_name(name):
                yield Fault("invalid_id", below("", member, name))
    for name in m.attributes:
        if name in m.metrics:
            yield Fault("duplicate_id", below("", "attributes", name))
    if len(m.metrics.keys() | m.attributes.keys()) > MAX_LIST:
        yield Fault("limit_exceeded", "/metrics")


def _lists(m: Methodology) -> Iterator[Fault]:
    """Ids of a list."""
    d = m.document
    lists = {
        f"/{name}": d.get(name, [])
        for name in "strata eligibility indicators views roll_ups sources conflicts".split()
    }
    lists["/publication/grades/steps"] = d["publication"].get("grades", {}).get("steps", [])
    for pointer, items in lists.items():
        seen: set[str] = set()
        for i, item in enumerate(items):
            if not is_id(item["id"]):
                yield Fault("invalid_id", f"{pointer}/{i}/id")
            if item["id"] in seen:
                yield Fault("duplicate_id", f"{pointer}/{i}/id")
            seen.add(item["id"])
        if len(items) > MAX_LIST:
            yield Fault("limit_exceeded", pointer)


def _range(entry: Json, pointer: str, ends: str) -> Iterator[Fault]:
    """The ends of a range: their order at `pointer`, each at or above 0 at `ends`."""
    if "from" in entry and "below" in entry and not entry["from"] < entry["below"]:
        yield Fault("bounds_order", pointer)
    for end in ("from", "below"):
        if end in entry and entry[end] < 0:
            yield Fault("out_of_range", f"{ends}/{end}")


def _strata(m: Methodology) -> Iterator[Fault]:
    """Strata."""
    strata = m.document["strata"]
    types = m.document["structure_types"]
    if not strata:
        yield Fault("out_of_range", "/strata")
    first: dict[str, int] = {}
    for i, stratum in enumerate(strata):
        first.setdefault(stratum["id"], i)
    earlier: dict[str, list[Json]] = {}
    for i, stratum in enumerate(strata):
        pointer = f"/strata/{i}"
        if i < MAX_LIST:
            yield from _stratum_checks(stratum, pointer, types, earlier)
        if ("minimum_size" in stratum) != ("fallback" in stratum):
            yield Fault("missing_field", pointer)
        elif "fallback" in stratum:
            if stratum["fallback"] not in first:
                yield Fault("unknown_reference", f"{pointer}/fallback")
            elif _comes_back(strata, first, i):
                yield Fault("cycle", f"{pointer}/fallback")
    looked_at = strata[:MAX_LIST]
    if m.document["outside_strata"] == "refuse" and any(_has_gap(looked_at, t) for t in types):
        yield Fault("strata_gap", "/strata")


def _stratum_checks(
    stratum: Json, pointer: str, types: Json, earlier: dict[str, list[Json]]
) -> Iterator[Fault]:
    """The population and the structure types of a stratum; `earlier` has those before it."""
    population = stratum.get("population", {})
    yield from _range(population, f"{pointer}/population", f"{pointer}/population")
    if not stratum["structure_types"]:
        yield Fault("out_of_range", f"{pointer}/structure_types")
    for j, name in enumerate(stratum["structure_types"]):
        place = f"{pointer}/structure_types/{j}"
        if name not in types:
            yield Fault("unknown_reference", place)
        if any(overlap(population, other) for other in earlier.get(name, [])):
            yield Fault("strata_overlap", place)
        earlier.setdefault(name, []).append(population)


def _comes_back(strata: list[Json], first: dict[str, int], start: int) -> bool:
    """Whether the chain of fallbacks from a stratum comes to one of its id."""
    seen: set[int] = set()
    at = start
    while True:
        if "fallback" not in strata[at]:
            return False
        following = first.get(strata[at]["fallback"])
        if following is None or following in seen:
            return False
        at = following
        if at == first[strata[start]["id"]]:
            return True
        seen.add(at)


def _has_gap(strata: list[Json], structure_type: str) -> bool:
    """Whether some number from 0 up lies in no stratum of that type."""
    ranges = [
        stratum.get("population", {})
        for stratum in strata
        if structure_type in stratum["structure_types"]
    ]
    covered = Fraction(0)  # all below it is covered
    while True:
        reaching = [r for r in ranges if r.get("from", covered) <= covered]
        if any("below" not in r for r in reaching):
            return False
        further = max((r["below"] for r in reaching), default=covered)
        if further <= covered:
            return True
        covered = further


def _variables(m: Methodology) -> Iterator[Fault]:
    """Variables: no variable of the document."""
    for i, indicator in enumerate(m.document["indicators"]):
        for name in fml.variables(fml.read_formula(indicator["formula"])):
            if not m.is_declared(name):
                yield Fault("unknown_reference", f"/indicators/{i}/formula")
    for i, (_, predicate) in enumerate(m.rules):
        for name in fml.predicate_variables(predicate):
            if not m.is_declared(name):
                yield Fault("unknown_reference", f"/eligibility/{i}/require")


# --- The tree -------------------------------------------------------------------------------------


def _tree(m: Methodology) -> Iterator[Fault]:
    """The tree."""
    met: list[str] = []
    yield from _index_checks(m, m.document["index"], "/index", None, 1, met)
    if len(met) > MAX_LIST:
        yield Fault("limit_exceeded", "/index")


def _index_checks(
    m: Methodology, index: Json, x: str, above: str | None, depth: int, met: list[str]
) -> Iterator[Fault]:
    """The checks of one index, at pointer `x`, and of those below it."""
    d = m.document
    if not is_id(index["id"]):
        yield Fault("invalid_id", f"{x}/id")
    if index["id"] in m.indicators or index["id"] in met:
        yield Fault("duplicate_id", f"{x}/id")
    met.append(index["id"])
    if depth > MAX_DEPTH:
        yield Fault("limit_exceeded", x)
        return
    if "network" in index:
        if above is not None:
            yield Fault("not_allowed_here", f"{x}/network")
        elif index["network"] not in d["networks"]:
            yield Fault("unknown_reference", f"{x}/network")
        if "absent" not in index:
            yield Fault("missing_field", x)
    elif "absent" in index:
        yield Fault("not_allowed_here", f"{x}/absent")
    network = index.get("network", above)
    children = index["of"]
    if not 1 <= len(children) <= MAX_LIST:
        yield Fault("out_of_range", f"{x}/of")
    if index["aggregate"] == "sum" and index["missing"] == "renormalise":
        yield Fault("not_allowed_here", f"{x}/missing")
    if "minimum_share" in index and not is_share(index["minimum_share"]):
        yield Fault("out_of_range", f"{x}/minimum_share")
    earlier: set[str] = set()
    for j, child in enumerate(children):
        yield from _child_checks(m, child, f"{x}/of/{j}", network, depth, met, earlier)
        if "indicator" in child:
            earlier.add(child["indicator"])
        yield from _weight_checks(m, child["weight"], f"{x}/of/{j}/weight")
        if index["aggregate"] in MEAN_KINDS and child_can_be_negative(m, child):
            yield Fault("negative_marks", f"{x}/of/{j}")
    if children and not any(_can_weigh(child["weight"]) for child in children):
        yield Fault("weights_zero", f"{x}/of")


def _child_checks(
    m: Methodology,
    child: Json,
    pointer: str,
    network: str | None,
    depth: int,
    met: list[str],
    earlier: set[str],
) -> Iterator[Fault]:
    """The rows of the table of the tree that speak of a child."""
    if "methodology" in child and "absent" not in child:
        yield Fault("missing_field", pointer)
    if "methodology" not in child and "absent" in child:
        yield Fault("not_allowed_here", f"{pointer}/absent")
    if sum(name in child for name in ("indicator", "index", "methodology")) != 1:
        yield Fault("wrong_type", pointer)
        return
    if "indicator" in child:
        name = child["indicator"]
        if name not in m.indicators:
            yield Fault("unknown_reference", f"{pointer}/indicator")
        elif network is None and m.indicator_reads_metrics(name):
            yield Fault("network_missing", f"{pointer}/indicator")
        if name in earlier:
            yield Fault("duplicate_id", f"{pointer}/indicator")
    elif "methodology" in child:
        if network is not None:
            yield Fault("not_allowed_here", f"{pointer}/methodology")
    else:
        yield from _index_checks(m, child["index"], f"{pointer}/index", network, depth + 1, met)


def _can_weigh(weight: Fraction | Json) -> bool:
    """Whether a weight is above 0, of a table the default or some entry."""
    if isinstance(weight, Fraction):
        return weight > 0
    entries = [
        weight["default"],
        *weight.get("by_structure_type", {}).values(),
        *weight.get("by_stratum", {}).values(),
        *(band["weight"] for band in weight.get("by_population", [])),
    ]
    return any(entry > 0 for entry in entries)


def _weight_checks(m: Methodology, weight: Fraction | Json, w: str) -> Iterator[Fault]:
    """Shares and weights."""
    if isinstance(weight, Fraction):
        if not is_weight_value(weight):
            yield Fault("out_of_range", w)
        return
    if not is_weight_value(weight["default"]):
        yield Fault("out_of_range", f"{w}/default")
    tables = ("by_structure_type", "by_stratum", "by_population")
    if sum(name in weight for name in tables) != 1:
        yield Fault("wrong_type", w)
    known = {
        "by_structure_type": set(m.document["structure_types"]),
        "by_stratum": {stratum["id"] for stratum in m.document["strata"]},
    }
    for table, names in known.items():
        for name, value in weight.get(table, {}).items():
            place = below(w, table, name)
            if name not in names:
                yield Fault("unknown_reference", place)
            if not is_weight_value(value):
                yield Fault("out_of_range", place)
    bands = weight.get("by_population", [])
    if len(bands) > MAX_LIST:
        yield Fault("limit_exceeded", f"{w}/by_population")
        return
    for k, band in enumerate(bands):
        place = f"{w}/by_population/{k}"
        if not is_weight_value(band["weight"]):
            yield Fault("out_of_range", f"{place}/weight")
        yield from _range(band, place, place)
        if any(overlap(band, other) for other in bands[:k]):
            yield Fault("bounds_order", place)


# --- Can a mark be negative? ----------------------------------------------------------------------


def child_can_be_negative(m: Methodology, child: Json) -> bool:
    """Whether a mark of a child can be negative, as far as the documents alone show."""
    if "indicator" in child:
        indicator = m.indicators.get(child["indicator"])
        return indicator is not None and _mark_can_be_negative(m, indicator)
    if "index" in child:
        return any(child_can_be_negative(m, inner) for inner in child["index"]["of"])
    if "methodology" in child:
        pinned = m.pinned.get(pin_of(child["methodology"]))
        return pinned is not None and any(
            child_can_be_negative(pinned, inner) for inner in pinned.document["index"]["of"]
        )
    return False


def _raw_can_be_negative(m: Methodology, indicator: Json) -> bool:
    """Whether the raw value can be."""
    high = indicator.get("winsorise", {}).get("high", {})
    if "fixed" in high and high["fixed"] < 0:
        return True
    if isinstance(indicator["direction"], dict):
        return False
    if indicator.get("transform") in ("ln", "log10"):
        return True
    return fml.can_be_negative(m.formulas[indicator["id"]], m.kinds)


def _mark_can_be_negative(m: Methodology, indicator: Json) -> bool:
    """Whether a mark of the indicator can be."""
    n = indicator.get("normalise", {"method": "rank"})
    match n["method"]:
        case "percentile_rank" | "rank":
            return False
        case "min_max":
            return not n["clamp"]
        case "z_score":
            return "clamp" not in n or n["clamp"]["low"] < 0
        case "proportion_of" | "none":
            return _raw_can_be_negative(m, indicator)
        case "piecewise":
            return any(point["mark"] < 0 for point in n["points"])
        case _:  # bands
            return n["otherwise"] < 0 or any(band["mark"] < 0 for band in n["bands"])


# --- Views, tie-breakers, groups ------------------------------------------------------------------


def _views(m: Methodology) -> Iterator[Fault]:
    """Views, tie-breakers, groups."""
    if not m.document["views"]:
        yield Fault("out_of_range", "/views")
    for k, key in m.keys():
        yield from _key_checks(m, k, key)
    groups = m.document["ranking"]["within"]
    if not groups:
        yield Fault("out_of_range", "/ranking/within")
    names = [within_name(group) for group in groups]
    for i, name in enumerate(names):
        if name in names[:i]:
            yield Fault("duplicate_id", f"/ranking/within/{i}")


def _key_checks(m: Methodology, k: str, key: Json) -> Iterator[Fault]:
    """The checks of one key."""
    if ("index" in key) == ("indicator" in key):
        yield Fault("wrong_type", k)
    elif "index" in key:
        if key["index"] not in m.indices:
            yield Fault("unknown_reference", f"{k}/index")
        if "network" in key:
            yield Fault("not_allowed_here", f"{k}/network")
    elif key["indicator"] not in m.indicators:
        yield Fault("unknown_reference", f"{k}/indicator")
    elif "network" in key and key["network"] not in m.document["networks"]:
        yield Fault("unknown_reference", f"{k}/network")
    elif m.criterion_of_indicator(key) is None:
        yield Fault("network_missing", k)


# --- Indicators -----------------------------------------------------------------------------------


def _indicators(m: Methodology) -> Iterator[Fault]:
    """Indicators."""
    if not m.document["indicators"]:
        yield Fault("out_of_range", "/indicators")
    in_tree = {
        child["indicator"]
        for node in walk(m.document["index"], "/index", None, 1, everything=True)
        for child in node.index["of"]
        if "indicator" in child
    }
    by_keys = {c.indicator for c in (m.criterion_of(key) for _, key in m.keys()) if c is not None}
    for i, indicator in enumerate(m.document["indicators"]):
        pointer = f"/indicators/{i}"
        # A key means the first of an id that stands twice.
        is_first = indicator is m.indicators[indicator["id"]]
        used = indicator["id"] in in_tree or (is_first and indicator["id"] in by_keys)
        if not used:
            yield Fault("unused", pointer)
        normalise = indicator.get("normalise")
        if normalise is None:
            if indicator["id"] in in_tree:
                yield Fault("missing_field", pointer)
        else:
            if used and indicator["id"] not in in_tree:
                yield Fault("unused", f"{pointer}/normalise")
            if indicator["undefined"] == "raw_zero" and indicator["direction"] != "higher":
                yield Fault("not_allowed_here", f"{pointer}/undefined")
            yield from _normalise_checks(normalise, f"{pointer}/normalise")
        if "winsorise" in indicator:
            yield from _winsorise_checks(indicator["winsorise"], f"{pointer}/winsorise")
        if "statistics_weight" in indicator:
            yield from _statistics_weight_checks(m, indicator, f"{pointer}/statistics_weight")


def bounds_of(normalise: Json) -> dict[str, Json]:
    """The bounds of `min_max`, the target of `proportion_of`; nothing of other methods."""
    names = {"min_max": ("low", "high"), "proportion_of": ("target",)}
    return {name: normalise[name] for name in names.get(normalise["method"], ())}


def _normalise_checks(n: Json, pointer: str) -> Iterator[Fault]:
    """The checks of a normalisation."""
    method = n["method"]
    if method in ("min_max", "proportion_of"):
        bounds = bounds_of(n)
        yield from _quantile_checks(bounds, pointer)
        all_fixed = all("fixed" in bound for bound in bounds.values())
        if "within" in n and all_fixed:
            yield Fault("not_allowed_here", f"{pointer}/within")
        if "within" not in n and not all_fixed:
            yield Fault("missing_field", pointer)
    if method in ("min_max", "z_score") and not 0 <= n["constant"] <= 100:
        yield Fault("out_of_range", f"{pointer}/constant")
    match method:
        case "min_max":
            if not in_order(n["low"], n["high"]):
                yield Fault("bounds_order", pointer)
        case "proportion_of":
            if n["target"].get("fixed", 1) <= 0:
                yield Fault("out_of_range", f"{pointer}/target/fixed")
            if n.get("cap", 1) <= 0:
                yield Fault("out_of_range", f"{pointer}/cap")
        case "rank":
            if not 0 <= n["single"] <= 100:
                yield Fault("out_of_range", f"{pointer}/single")
        case "z_score":
            if n["scale"] <= 0:
                yield Fault("out_of_range", f"{pointer}/scale")
            if n["ddof"] > 1:
                yield Fault("out_of_range", f"{pointer}/ddof")
            if "clamp" in n and not n["clamp"]["low"] < n["clamp"]["high"]:
                yield Fault("bounds_order", f"{pointer}/clamp")
        case "piecewise" | "bands":
            name, least = ("points", 2) if method == "piecewise" else ("bands", 1)
            items = n[name]
            if len(items) < least:
                yield Fault("out_of_range", f"{pointer}/{name}")
            if len(items) > MAX_POINTS:
                yield Fault("limit_exceeded", f"{pointer}/{name}")
            for j in range(1, len(items)):
                if not items[j - 1]["at"] < items[j]["at"]:
                    yield Fault("bounds_order", f"{pointer}/{name}/{j}/at")


def _quantile_checks(bounds: dict[str, Json], pointer: str) -> Iterator[Fault]:
    """A quantile not within 0 to 1."""
    for name, bound in bounds.items():
        if "quantile" in bound and not 0 <= bound["quantile"] <= 1:
            yield Fault("out_of_range", f"{pointer}/{name}/quantile")


def in_order(low: Json, high: Json) -> bool:
    """Whether bounds are in order, unless the document alone shows the contrary."""
    if "fixed" in low and "fixed" in high:
        return low["fixed"] < high["fixed"]
    if "quantile" in low and "quantile" in high:
        return low["quantile"] < high["quantile"]
    if "statistic" in low and "statistic" in high:
        return (
            low["statistic"] != high["statistic"]
            and low["statistic"] != "max"
            and high["statistic"] != "min"
        )
    if low.get("statistic") == "max" and "quantile" in high:
        return False
    return not ("quantile" in low and high.get("statistic") == "min")


def _winsorise_checks(w: Json, s: str) -> Iterator[Fault]:
    """The checks of `winsorise`."""
    limits: dict[str, Json] = {name: w[name] for name in ("low", "high") if name in w}
    if not limits:
        yield Fault("missing_field", s)
    for name, limit in limits.items():
        if "statistic" in limit:
            yield Fault("not_allowed_here", f"{s}/{name}")
    yield from _quantile_checks(limits, s)
    all_fixed = all("fixed" in limit for limit in limits.values())
    if "within" in w and all_fixed:
        yield Fault("not_allowed_here", f"{s}/within")
    if "within" not in w and not all_fixed:
        yield Fault("missing_field", s)
    if len(limits) == 2 and not in_order(w["low"], w["high"]):
        yield Fault("bounds_order", s)


def _statistics_weight_checks(m: Methodology, indicator: Json, pointer: str) -> Iterator[Fault]:
    """The checks of `statistics_weight`."""
    name = indicator["statistics_weight"]
    if name != "population" and name not in m.attributes:
        yield Fault("unknown_reference", pointer)
    n = indicator.get("normalise", {"method": "none"})
    if n["method"] == "z_score" and n["ddof"] > 0:
        yield Fault("not_allowed_here", pointer)
    w = indicator.get("winsorise", {})
    bounds = [*bounds_of(n).values(), *(w[name] for name in ("low", "high") if name in w)]
    weighs = any(
        "quantile" in bound or bound.get("statistic") in ("mean", "median") for bound in bounds
    )
    if not weighs and n["method"] != "z_score" and indicator["unknown"] != "impute_median":
        yield Fault("not_allowed_here", pointer)


# --- Publication, roll-ups ------------------------------------------------------------------------


def _publication(m: Methodology) -> Iterator[Fault]:
    """Publication and grades."""
    p = m.document["publication"]
    if p["decimals"] > 12:
        yield Fault("out_of_range", "/publication/decimals")
    if "grades" not in p:
        return
    grades, g = p["grades"], "/publication/grades"
    steps = grades["steps"]
    if not steps:
        yield Fault("out_of_range", f"{g}/steps")
    for j, step in enumerate(steps):
        if grades["by"] == "threshold":
            if j > 0 and not step["from"] < steps[j - 1]["from"]:
                yield Fault("bounds_order", f"{g}/steps/{j}/from")
        else:
            if not is_share(step["top"]):
                yield Fault("out_of_range", f"{g}/steps/{j}/top")
            if j > 0 and not step["top"] > steps[j - 1]["top"]:
                yield Fault("bounds_order", f"{g}/steps/{j}/top")
    if grades["by"] == "rank" and grades["view"] not in {v["id"] for v in m.document["views"]}:
        yield Fault("unknown_reference", f"{g}/view")


def _roll_ups(m: Methodology) -> Iterator[Fault]:
    """Roll-ups."""
    for i, roll_up in enumerate(m.document.get("roll_ups", [])):
        pointer = f"/roll_ups/{i}"
        if roll_up["index"] not in m.indices:
            yield Fault("unknown_reference", f"{pointer}/index")
        if not roll_up["structure_types"]:
            yield Fault("out_of_range", f"{pointer}/structure_types")
        for j, name in enumerate(roll_up["structure_types"]):
            if name not in m.document["structure_types"]:
                yield Fault("unknown_reference", f"{pointer}/structure_types/{j}")
        weight = roll_up.get("weight", "population")
        if weight != "population" and weight not in m.attributes:
            yield Fault("unknown_reference", f"{pointer}/weight")


# --- Grounds --------------------------------------------------------------------------------------

_NORMALISE_PARAMETERS = {
    "min_max": ("low high clamp constant", "within"),
    "proportion_of": ("target", "within cap"),
    "percentile_rank": ("within", ""),
    "rank": ("within single", ""),
    "z_score": ("within centre scale ddof constant", "clamp"),
    "piecewise": ("points", ""),
    "bands": ("bands otherwise", ""),
    "none": ("", ""),
}


class Ground(NamedTuple):
    """An object that owes provenance: its parameters, names allowed besides, enough elsewhere."""

    object: Json
    pointer: str
    parameters: list[str]
    besides: tuple[str, ...] = ()
    elsewhere: bool = False


def _ground(
    value: Json, pointer: str, always: str, given: str = "", besides: tuple[str, ...] = ()
) -> Ground:
    """An object with the parameters that it always has, and those that count when given."""
    parameters = [*always.split(), *(name for name in given.split() if name in value)]
    return Ground(value, pointer, parameters, besides)


def _all_grounds(m: Methodology) -> Iterator[Ground]:
    """Every object that owes provenance (Grounds, the table of parameters)."""
    d = m.document
    yield _ground(d, "", "outside_strata", "period_days several_accounts")
    for i, stratum in enumerate(d["strata"]):
        yield _ground(
            stratum, f"/strata/{i}", "structure_types", "population minimum_size fallback"
        )
    for i, rule in enumerate(d.get("eligibility", [])):
        yield _ground(rule, f"/eligibility/{i}", "require")
    for i, indicator in enumerate(d["indicators"]):
        pointer = f"/indicators/{i}"
        yield _ground(
            indicator,
            pointer,
            "formula direction undefined unknown",
            "transform statistics_weight",
            ("normalise", "winsorise"),
        )
        own = indicator.get("provenance", {})
        if "winsorise" in indicator:
            ground = _ground(indicator["winsorise"], f"{pointer}/winsorise", "", "within low high")
            yield ground._replace(elsewhere="winsorise" in own or "*" in own)
        if "normalise" in indicator:
            n = indicator["normalise"]
            always, given = _NORMALISE_PARAMETERS[n["method"]]
            ground = _ground(n, f"{pointer}/normalise", f"method {always}", given)
            yield ground._replace(elsewhere="normalise" in own or "*" in own)
    for node in walk(d["index"], "/index", None, 1, everything=True):
        named = " network absent" if "network" in node.index else ""
        yield _ground(node.index, node.pointer, f"aggregate missing{named}", "minimum_share")
        for j, child in enumerate(node.index["of"]):
            pinned = "absent" if "methodology" in child else ""
            yield _ground(child, f"{node.pointer}/of/{j}", "weight", pinned)
    yield _ground(d["ranking"], "/ranking", "order_by ties tie_breakers within")
    for i, roll_up in enumerate(d.get("roll_ups", [])):
        yield _ground(roll_up, f"/roll_ups/{i}", "index structure_types into", "weight")
    yield _ground(d["publication"], "/publication", "decimals rounding", "grades")


def _grounds(m: Methodology) -> Iterator[Fault]:
    """Grounds."""
    sources = {source["id"] for source in m.document.get("sources", [])}
    for i, conflict in enumerate(m.document.get("conflicts", [])):
        for j, name in enumerate(conflict["between"]):
            if name not in sources:
                yield Fault("unknown_reference", f"/conflicts/{i}/between/{j}")
    owed = m.document["status"] not in ("variant", "draft")
    for ground in _all_grounds(m):
        provenance = ground.object.get("provenance", {})
        if owed and not ground.elsewhere and "*" not in provenance:
            for parameter in ground.parameters:
                if parameter not in provenance:
                    yield Fault("provenance_missing", below(ground.pointer, parameter))
        allowed = {*ground.parameters, *ground.besides, "*"}
        for name, basis in provenance.items():
            place = below(ground.pointer, "provenance", name)
            if name not in allowed:
                yield Fault("unknown_reference", place)
            if "source" in basis and basis["source"] not in sources:
                yield Fault("unknown_reference", f"{place}/source")
            needed = ("source", "quote") if basis["basis"] == "published" else ("reason",)
            if any(member not in basis for member in needed):
                yield Fault("missing_field", place)


# --- Pins -----------------------------------------------------------------------------------------


def _pins(m: Methodology, library: Library) -> Iterator[Fault]:
    """Pins: each distinct pin of a child, once, where it first stands in the tree."""
    seen: set[tuple[str, str, str]] = set()
    for pointer, pin in _pins_in_tree(m.document["index"], "/index"):
        if pin in seen:
            continue
        seen.add(pin)
        if DIGEST.fullmatch(pin[2]) is None:
            yield Fault("invalid_id", f"{pointer}/method_sha256")
        elif pin in m.pinned:
            continue
        elif library.knows(pin[0], pin[1]):
            yield Fault("pin_mismatch", f"{pointer}/method_sha256")
        else:
            yield Fault("unknown_methodology", pointer)


def _pins_in_tree(index: Json, x: str) -> Iterator[tuple[str, tuple[str, str, str]]]:
    """The pins, depth first, children in their order."""
    for j, child in enumerate(index["of"]):
        if "indicator" in child:
            continue
        if "index" in child:
            yield from _pins_in_tree(child["index"], f"{x}/of/{j}/index")
        elif "methodology" in child:
            yield f"{x}/of/{j}/methodology", pin_of(child["methodology"])


@cache
def _no_library() -> Library:
    return Library()


def check(data: bytes, others: Sequence[bytes]) -> list[Fault]:
    """The faults of a methodology's bytes, given the documents that it may pin."""
    try:
        read(data, Library(others) if others else _no_library())
    except Refused as refused:
        return refused.faults
    return []
