"""spec/publication.md: verification, its checks and its report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from . import cohort as cohorts
from . import documents as doc
from . import numbers, scoring
from . import publication as publications
from . import reference as references
from .errors import Fault, Refused, below, stage
from .methodology import Json, Methodology
from .publication import Published
from .reference import Reference
from .scoring import Scored

STEPS = (
    "integrity methodology metric stratum raw bound mark weight index rounding rank grade flag "
    "roll_up"
).split()
DEPTHS = {
    **dict.fromkeys(
        "head signature methodologies known_methodologies reference_digest roll_ups_digest rows "
        "root cohort".split(),
        1,
    ),
    "scores": 2,
    "reference": 3,
    "full": 3,
}
Path = tuple[str | int, ...]
MISSING = object()


class Disagreement(NamedTuple):
    """A value that is not what it should be (The places)."""

    step: str
    pointer: str
    depth: int = 1
    territory: str | None = None
    expected: Any = MISSING
    found: Any = MISSING

    def document(self) -> Json:
        """As the report has it; of numbers, the bits of their binary64."""
        result: Json = {"step": self.step, "pointer": self.pointer, "depth": self.depth}
        if self.territory is not None:
            result["territory"] = self.territory
        for name, value in (("expected", self.expected), ("found", self.found)):
            if isinstance(value, int | float | Fraction) and not isinstance(value, bool):
                result[name] = numbers.bits(float(value))
        return result


class Report(NamedTuple):
    """What a verification says (The report)."""

    depth: int
    checks: dict[str, str]
    disagreements: list[Disagreement]

    @property
    def verified(self) -> bool:
        """Whether there is no disagreement."""
        return not self.disagreements

    def document(self, published: Published) -> Json:
        """What is normative of the report."""
        result: Json = {
            "verified": self.verified,
            "depth": self.depth,
            "canonical": published.is_canonical,
            "checks": [{"check": name, "outcome": o} for name, o in self.checks.items()],
            "disagreements": [one.document() for one in self.disagreements],
        }
        return result


Found = Iterator[Disagreement]


def verify(
    published: Published,
    keys: Sequence[str] = (),
    known: Sequence[Methodology] = (),
    cohort: bytes | None = None,
    reference: bytes | None = None,
) -> Report:
    """Verifies as deeply as it can be; `Refused` for the faults of what is given besides."""
    return _Verification(published, keys, known, cohort, reference).report()


class _Verification:
    """The checks, one function each."""

    def __init__(
        self,
        published: Published,
        keys: Sequence[str],
        known: Sequence[Methodology],
        cohort: bytes | None,
        reference: bytes | None,
    ) -> None:
        self.published = published
        self.document = published.document
        self.head: Json = self.document["head"]
        self.m = published.methodologies[-1]
        self.keys = keys
        self.known = known
        self.included = self.head["inputs"] == "included"
        # What is given besides the document.
        self.given = cohorts.read(cohort) if cohort is not None else None
        self.scored: Scored | None = None
        self.reference: Reference | None = None
        faults: list[Fault] = []
        try:
            if self.given is not None:
                self.scored = scoring.score(self.given, self.m)
        except Refused as refused:
            faults += refused.faults
        try:
            if "reference" in self.document:
                self.reference = references.of_document(self.document["reference"], self.m, "")
            elif reference is not None:
                self.reference = references.read(reference, self.m)
        except Refused as refused:
            faults += refused.faults
        stage(faults)
        self.other_reference = (
            self.reference is not None
            and "reference" not in self.document
            and doc.digest(self.reference.document) != self.head["reference_sha256"]
        )
        self.sound = False  # are the inputs included a cohort that the methodology takes?

    def report(self) -> Report:
        """Every check, in order."""
        outcomes: dict[str, str] = {}
        found: list[Disagreement] = []
        told: set[tuple[str, str, str | None]] = set()
        for name, depth in DEPTHS.items():
            check = getattr(self, f"check_{name}")()
            if check is None:
                outcomes[name] = "not_checked"
                continue
            differs = False
            for each in check:
                differs = True
                # What was told already is not told again.
                place = (each.step, each.pointer, each.territory)
                if place not in told:
                    told.add(place)
                    found.append(each._replace(depth=depth))
            outcomes[name] = "differs" if differs else "agrees"
        depth = max(DEPTHS[name] for name, outcome in outcomes.items() if outcome != "not_checked")
        return Report(depth, outcomes, found)

    # --- Depth 1 ---

    def head_digest(self) -> str:
        """The digest of the head as it stands."""
        return doc.digest(self.head)

    def check_head(self) -> Found:
        """The digest of the head."""
        if self.head_digest() != self.document["sha256"]:
            yield Disagreement("integrity", "/sha256")

    def check_signature(self) -> Found | None:
        """The signature, and whose it is."""
        signature = self.document.get("envelope", {}).get("signature")
        if signature is None and not self.keys:
            return None
        return self._signature(signature)

    def _signature(self, signature: Json | None) -> Found:
        if signature is None:
            yield Disagreement("integrity", "/envelope")
            return
        if not publications.is_signed(self.head_digest(), signature):
            yield Disagreement("integrity", "/envelope/signature")
        if self.keys and signature["public_key"] not in self.keys:
            yield Disagreement("integrity", "/envelope/signature/public_key")

    def check_methodologies(self) -> Found:
        """They are those that the head names, in this order, and all pinned."""
        read = self.published.methodologies
        pinned = self.head.get("pinned", [])
        named = [(f"/head/pinned/{i}", name) for i, name in enumerate(pinned)]
        named.append(("/head/methodology", self.head["methodology"]))
        if len(named) != len(read):
            yield Disagreement("integrity", "/methodologies")
        else:
            for i, (each, (pointer, name)) in enumerate(zip(read, named, strict=True)):
                right = publications.name_of(each)
                if any(right[member] != name[member] for member in right if member != "status"):
                    yield Disagreement("integrity", f"/methodologies/{i}")
                if right["status"] != name["status"]:
                    yield Disagreement("integrity", f"{pointer}/status")
        order = publications.order_of_methodologies(self.m)
        if [each.document_sha256 for each in read] != [each.document_sha256 for each in order]:
            yield Disagreement("integrity", "/methodologies")

    def check_known_methodologies(self) -> Found | None:
        """A methodology that is known is the same."""
        pairs = [
            (i, each, other)
            for i, each in enumerate(self.published.methodologies)
            for other in self.known
            if (other.id, other.version) == (each.id, each.version)
        ]
        return self._known(pairs) if pairs else None

    def _known(self, pairs: list[tuple[int, Methodology, Methodology]]) -> Found:
        for i, each, other in pairs:
            if each.method_sha256 != other.method_sha256:
                yield Disagreement("methodology", f"/methodologies/{i}")

    def check_reference_digest(self) -> Found | None:
        """The reference is that of the head, of this status, period and cohort."""
        return None if self.reference is None else self._reference_digest(self.reference)

    def _reference_digest(self, reference: Reference) -> Found:
        r = reference.document
        here = "reference" in self.document
        if doc.digest(r) != self.head["reference_sha256"]:
            yield Disagreement("integrity", "/reference" if here else "/head/reference_sha256")
        if not here:
            return
        for member, value in (
            ("status", self.m.status),
            ("period", self.head.get("period")),
            ("cohort_sha256", self.head["cohort_sha256"]),
            ("synthetic", self.head.get("synthetic")),
        ):
            if r.get(member) != value:
                yield Disagreement("integrity", f"/reference/{member}")

    def check_roll_ups_digest(self) -> Found | None:
        """Roll-ups are there exactly when they are declared, and have their digest."""
        return None if self.published.is_receipt else self._roll_ups_digest()

    def _roll_ups_digest(self) -> Found:
        declared = bool(self.m.document.get("roll_ups"))
        own = doc.digest(self.document["roll_ups"]) if "roll_ups" in self.document else None
        if own != self.head.get("roll_ups_sha256") or declared != (own is not None):
            yield Disagreement("integrity", "/roll_ups")

    def check_rows(self) -> Found:
        """Of every row: its digest, what it repeats of the head, its order."""
        before: bytes | None = None
        for pointer, row in self.published.rows():
            id_ = row["territory"]["id"]
            if doc.digest({k: v for k, v in row.items() if k != "sha256"}) != row["sha256"]:
                yield Disagreement("integrity", f"{pointer}/sha256", territory=id_)
            for member, value in (
                ("status", self.m.status),
                ("method_sha256", self.m.method_sha256),
                ("synthetic", self.head.get("synthetic")),
            ):
                if row.get(member) != value:
                    yield Disagreement("integrity", f"{pointer}/{member}", territory=id_)
            if before is not None and doc.bytewise(id_) <= before:
                yield Disagreement("integrity", f"{pointer}/territory/id", territory=id_)
            before = doc.bytewise(id_)

    def check_root(self) -> Found:
        """The number of rows and their root; the proof of a receipt."""
        d, head = self.document, self.head
        expected = bytes.fromhex(head["rows_root"])
        rows = [row for _, row in self.published.rows()]
        stated = [bytes.fromhex(row["sha256"]) for row in rows]
        computed = [
            bytes.fromhex(doc.digest({k: v for k, v in row.items() if k != "sha256"}))
            for row in rows
        ]
        if self.published.is_receipt:
            proof = [bytes.fromhex(p) for p in d["proof"]["path"]]
            index, count = int(d["proof"]["index"]), int(head["rows"])
            if not any(
                publications.proves(digest, index, count, proof, expected)
                for digest in (stated[0], computed[0])
            ):
                yield Disagreement("integrity", "/proof")
            return
        if len(rows) != head["rows"]:
            yield Disagreement("integrity", "/head/rows")
        if expected not in (publications.root(stated), publications.root(computed)):
            yield Disagreement("integrity", "/head/rows_root")

    def check_cohort(self) -> Found | None:
        """The inputs included."""
        return self._inputs() if self.included else None

    def _inputs(self) -> Found:
        for pointer, row in self.published.rows():
            id_ = row["territory"]["id"]
            for i, account in enumerate(row.get("accounts", [])):
                if account["territory"] != id_:
                    place = f"{pointer}/accounts/{i}/territory"
                    yield Disagreement("metric", place, territory=id_)
            former = row["territory"].get("formerly", [id_])
            for i, account in enumerate(row.get("previous", [])):
                if account["territory"] not in former:
                    place = f"{pointer}/previous/{i}/territory"
                    yield Disagreement("metric", place, territory=id_)
        rebuilt = self.rebuilt(self.published.rows())
        try:
            cohort = cohorts.of_document(rebuilt)
            if self.published.is_receipt:
                scoring.fields_of(cohort, self.m, alone=True)
            else:
                scored = scoring.score(cohort, self.m)
                self.scored = self.scored or scored
            self.sound = True
        except Refused as refused:
            for fault in refused.faults:
                yield self.moved(fault.pointer or "")
        if self.published.is_receipt:
            return
        if _vintages(rebuilt["territories"]) != self.head.get("population_vintages", []):
            yield Disagreement("metric", "/head/population_vintages")
        if doc.digest(rebuilt) != self.head["cohort_sha256"]:
            yield Disagreement("metric", "/head/cohort_sha256")

    def rebuilt(self, rows: Sequence[tuple[str, Json]]) -> Json:
        """The cohort document that rows and head give back (Rows)."""
        result: Json = {
            "language": doc.LANGUAGE,
            "document": "cohort",
            "territories": [row["territory"] for _, row in rows],
            "accounts": [account for _, row in rows for account in row.get("accounts", [])],
        }
        for name in ("period", "synthetic"):
            if name in self.head:
                result[name] = self.head[name]
        previous = [account for _, row in rows for account in row.get("previous", [])]
        if previous or "previous_period" in self.head:
            result["previous"] = {"accounts": previous}
            if "previous_period" in self.head:
                result["previous"]["period"] = self.head["previous_period"]
        return result

    def moved(self, pointer: str) -> Disagreement:
        """A fault of the cohort, at the same place in the document."""
        rows = self.published.rows()
        words = pointer.split("/")[1:]
        match words:
            case ["territories", number, *rest]:
                place, row = rows[int(number)]
                return _at("metric", [place, "territory", *rest], row)
            case ["accounts", number, *rest] if number.isdigit():
                return self._of_list("accounts", int(number), rest)
            case ["previous", "accounts", number, *rest]:
                return self._of_list("previous", int(number), rest)
            case ["territories"] | ["accounts"] | ["previous", "accounts"]:
                return Disagreement("metric", "/row" if self.published.is_receipt else "/rows")
            case ["previous", "period", *rest]:
                return _at("metric", ["/head/previous_period", *rest])
            case ["period", *rest]:
                return _at("metric", ["/head/period", *rest])
            case _:
                return Disagreement("metric", "")

    def _of_list(self, name: str, number: int, rest: list[str]) -> Disagreement:
        """Of an account, by its number in the whole list."""
        for place, row in self.published.rows():
            here = len(row.get(name, []))
            if number < here:
                return _at("metric", [place, name, str(number), *rest], row)
            number -= here
        raise AssertionError(name)

    # --- Depth 2 ---

    def check_scores(self) -> Found | None:
        """Every row, from its inputs against the reference."""
        if not self.sound or self.reference is None or self.other_reference:
            return None
        if self.reference.document.get("period") != self.head.get("period"):
            return None
        return self._scores(self.reference)

    def _scores(self, reference: Reference) -> Found:
        for pointer, row in self.published.rows():
            one = cohorts.of_document(self.rebuilt([(pointer, row)]))
            right = publications.result(
                scoring.score_alone(one, reference).territory(0), "included"
            )
            yield from _first_step(right, row, pointer)

    # --- Depth 3 ---

    def check_reference(self) -> Found | None:
        """The reference, of the cohort."""
        return None if self.scored is None else self._reference(self.scored)

    def _reference(self, scored: Scored) -> Found:
        right = references.document(scored)
        if "reference" not in self.document:
            if doc.digest(right) != self.head["reference_sha256"]:
                yield Disagreement("bound", "/head/reference_sha256")
            return
        places = [
            place
            for place in _different(right, self.document["reference"])
            if place[0] in ("members", "statistics")
        ]
        bounds = [place for place in places if not _is_of_rankings(place)]
        for step, some in (("bound", bounds), ("rank", places)):
            if some:
                place = min(some, key=_canonical_order)
                sides = (_value(side, place) for side in (right, self.document["reference"]))
                yield Disagreement(step, below("/reference", *place), 3, None, *sides)
                return

    def check_full(self) -> Found | None:
        """Everything, of the cohort."""
        return None if self.scored is None else self._full(self.scored)

    def _full(self, scored: Scored) -> Found:
        known = scored.cohort.canonical()
        if self.given is not None:
            for member, value in (
                ("cohort_sha256", self.given.sha256()),
                ("period", self.given.period),
                ("previous_period", self.given.previous_period),
                ("population_vintages", _vintages(self.given.territories) or None),
                ("synthetic", True if self.given.synthetic else None),
            ):
                if self.head.get(member) != value:
                    yield Disagreement("metric", f"/head/{member}")
        ids = scored.cohort.ids
        rows = self.published.rows()
        there = {row["territory"]["id"] for _, row in rows}
        for pointer, row in rows:
            id_ = row["territory"]["id"]
            if id_ not in ids:
                yield Disagreement("metric", f"{pointer}/territory/id", territory=id_)
                continue
            right = publications.row_of(scored, known, ids[id_], self.head["inputs"])
            names = ("accounts", "inputs_sha256", "previous", "territory")
            inputs = [{name: of[name] for name in names if name in of} for of in (right, row)]
            places = list(_different(inputs[0], inputs[1]))
            if places:
                first = min(places, key=_canonical_order)
                yield Disagreement(
                    "metric",
                    below(pointer, *first),
                    territory=id_,
                    expected=_value(inputs[0], first),
                    found=_value(inputs[1], first),
                )
                continue
            yield from _first_step(right["result"], row, pointer)
        if not self.published.is_receipt:
            for id_ in sorted(set(ids) - there, key=doc.bytewise):
                yield Disagreement("metric", "/rows", territory=id_)
            yield from self._roll_ups(scored)

    def _roll_ups(self, scored: Scored) -> Found:
        if "roll_ups" not in self.document or not self.m.document.get("roll_ups"):
            return  # said by the digest's check
        right = publications.roll_ups_of(scored)
        places = list(_different(right, self.document["roll_ups"]))
        for name in dict.fromkeys(place[0] for place in places):
            place = min((p for p in places if p[0] == name), key=_canonical_order)
            sides = (_value(side, place) for side in (right, self.document["roll_ups"]))
            yield Disagreement("roll_up", below("/roll_ups", *place), 3, None, *sides)


def _at(step: str, words: Sequence[str], row: Json | None = None) -> Disagreement:
    """A disagreement at a pointer that is put together."""
    territory = None if row is None else row["territory"]["id"]
    return Disagreement(step, "/".join(words), territory=territory)


def _vintages(territories: Sequence[Json]) -> list[str]:
    """The distinct vintages."""
    vintages = {t.get("population_vintage", "") for t in territories} - {""}
    return sorted(vintages, key=doc.bytewise)


# --- Places ---------------------------------------------------------------------------------------


def _equal(a: Any, b: Any) -> bool:
    """Whether two values are the same; both may be missing."""
    if a is MISSING or b is MISSING:
        return a is b
    return doc.canonical(a) == doc.canonical(b)


def _different(a: Any, b: Any, place: Path = ()) -> Iterator[Path]:
    """The places at which two values differ (The places)."""
    if isinstance(a, dict) and isinstance(b, dict):
        for name in {**a, **b}:
            yield from _different(a.get(name, MISSING), b.get(name, MISSING), (*place, name))
    elif isinstance(a, list) and isinstance(b, list) and len(a) == len(b):
        for i, (one, other) in enumerate(zip(a, b, strict=True)):
            yield from _different(one, other, (*place, i))
    elif not _equal(a, b):
        yield place


def _canonical_order(place: Path) -> list[tuple[int, bytes]]:
    """Members by their names in UTF-16, items by number."""
    return [(p, b"") if isinstance(p, int) else (0, p.encode("utf-16-be")) for p in place]


def _is_of_rankings(place: Path) -> bool:
    """Whether a place of a reference is inside its rankings, or those of a part."""
    inside = place
    if inside[:1] != ("statistics",):
        return False
    inside = inside[1:]
    while len(inside) > 2 and inside[0] == "parts":
        inside = inside[2:]
    return inside[:1] == ("rankings",)


def _inside(place: Path) -> tuple[int, Path]:
    """How many parts a place of a result is inside of, and the place in the innermost."""
    depth = 0
    while len(place) > 2 and place[0] == "parts":
        place, depth = place[2:], depth + 1
    return depth, place


def _step(place: Path) -> str:
    """The step to which a place of a result belongs (The steps)."""
    match _inside(place)[1]:
        case ("criteria", _, _, "mark"):
            return "mark"
        case ("criteria", *_):
            return "raw"
        case ("indices", _, "published"):
            return "rounding"
        case ("indices", _, "weights", *_):
            return "weight"
        case ("indices" | "parts", *_):
            return "index"
        case ("ranks", *_):
            return "rank"
        case ("flags", *_):
            return "flag"
        case ("stratum" | "grade" as name,):
            return str(name)
        case _:
            return "integrity"  # id, version of a part


def _first_step(right: Json, row: Json, pointer: str) -> Found:
    """The first place of the first step at which a row's result differs."""
    places = list(_different(right, row["result"]))
    if places:
        first = min(
            places, key=lambda p: (STEPS.index(_step(p)), -_inside(p)[0], _canonical_order(p))
        )
        yield Disagreement(
            _step(first),
            below(f"{pointer}/result", *first),
            territory=row["territory"]["id"],
            expected=_value(right, first),
            found=_value(row["result"], first),
        )


def _value(value: Any, place: Path) -> Any:
    """What stands at a place."""
    for name in place:
        if isinstance(value, dict) and name not in value:
            return MISSING
        value = value[name]
    return value
