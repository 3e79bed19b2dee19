"""spec/publication.md: the publication and its receipt, written and read."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from . import cohort as cohorts
from . import documents as doc
from . import ed25519
from . import methodology as methodologies
from . import reference as references
from .cohort import Cohort
from .errors import Fault, Refused, below, stage
from .methodology import STATUSES, Json, Library, Methodology
from .scoring import Scored

MAX_ROWS = 5_000_000
MAX_METHODOLOGIES = 100
MAX_NOTES = 100
MAX_NOTE = 1_000
MAX_PATH = 64
KINDS = ("publication", "receipt")


# --- Writing: the head ----------------------------------------------------------------------------


def order_of_methodologies(methodology: Methodology) -> list[Methodology]:
    """Post-order, one of each document digest, the root last."""
    return [*methodology.all_pinned(), methodology]


def name_of(methodology: Methodology) -> Json:
    """A methodology as the head names it."""
    return {
        "id": methodology.id,
        "version": methodology.version,
        "status": methodology.status,
        "method_sha256": methodology.method_sha256,
        "document_sha256": methodology.document_sha256,
    }


def publication(
    scored: Scored,
    inputs: str = "included",
    notes: Sequence[str] = (),
    supersedes: Json | None = None,
) -> Json:
    """The body of a publication."""
    cohort, m = scored.cohort, scored.methodology
    known = cohort.canonical()
    rows = [row_of(scored, known, t, inputs) for t in _by_id(cohort)]
    reference = references.document(scored)
    everything = order_of_methodologies(m)
    head: Json = {
        "language": doc.LANGUAGE,
        "methodology": name_of(m),
        "cohort_sha256": doc.digest(known),
        "inputs": inputs,
        "reference_sha256": doc.digest(reference),
        "rows": len(rows),
        "rows_root": root([bytes.fromhex(row["sha256"]) for row in rows]).hex(),
    }
    if len(everything) > 1:
        head["pinned"] = [name_of(pinned) for pinned in everything[:-1]]
    if cohort.period is not None:
        head["period"] = cohort.period
    if cohort.previous_period is not None:
        head["previous_period"] = cohort.previous_period
    vintages = {t.get("population_vintage", "") for t in cohort.territories} - {""}
    if vintages:
        head["population_vintages"] = sorted(vintages, key=doc.bytewise)
    if cohort.synthetic:
        head["synthetic"] = True
    if notes:
        head["notes"] = list(notes)
    if supersedes is not None:
        head["supersedes"] = supersedes
    result: Json = {
        "language": doc.LANGUAGE,
        "document": "publication",
        "head": head,
        "methodologies": [each.document for each in everything],
        "rows": rows,
    }
    if inputs == "included":
        result["reference"] = reference
    if m.document.get("roll_ups"):
        result["roll_ups"] = roll_ups_of(scored)
        head["roll_ups_sha256"] = doc.digest(result["roll_ups"])
    result["sha256"] = doc.digest(head)
    return result


def _by_id(cohort: Cohort) -> list[int]:
    """The territories by increasing id."""
    ids = [territory["id"] for territory in cohort.territories]
    return sorted(range(len(ids)), key=lambda t: doc.bytewise(ids[t]))


def roll_ups_of(scored: Scored) -> Json:
    """The scores of groups; members without value are left out (Roll-ups)."""
    return {name: [_given(group) for group in groups] for name, groups in scored.roll_ups().items()}


def _given(members: Json) -> Json:
    """The members that have a value."""
    return {name: value for name, value in members.items() if value is not None}


# --- Writing: the rows ----------------------------------------------------------------------------


def row_of(scored: Scored, known: Json, t: int, inputs: str) -> Json:
    """The row of a territory (Rows)."""
    cohort, m = scored.cohort, scored.methodology
    id_ = cohort.territories[t]["id"]
    whole: Json = {"territory": next(e for e in known["territories"] if e["id"] == id_)}
    accounts = [entry for entry in known["accounts"] if entry["territory"] == id_]
    previous = [
        entry
        for entry in known.get("previous", {}).get("accounts", [])
        if cohort.owners[entry["territory"]] == t
    ]
    if accounts:
        whole["accounts"] = accounts
    if previous:
        whole["previous"] = previous
    row: Json = {
        "status": m.status,
        "method_sha256": m.method_sha256,
        "result": result(scored.territory(t), inputs),
    }
    if cohort.synthetic:
        row["synthetic"] = True
    if inputs == "included":
        row |= whole
    else:
        names = ("id", "name", "structure_type")
        row["territory"] = {name: whole["territory"][name] for name in names}
        row["inputs_sha256"] = doc.digest(whole)
    row["sha256"] = doc.digest(row)
    return row


def result(entry: Json, inputs: str) -> Json:
    """The result, drawn from a territory's entry in the scoring document (The result)."""
    found: Json = {
        "indices": {
            index["id"]: _index(index)
            for i, index in enumerate(entry["indices"])
            if i == 0 or index["score"] is not None
        }
    }
    if entry["stratum"] is not None:
        found["stratum"] = entry["stratum"]
    criteria: Json = {}
    for criterion in entry["criteria"]:
        if _is_listed(criterion):
            networks = criteria.setdefault(criterion["indicator"], {})
            networks[criterion.get("network", "")] = _criterion(criterion, inputs)
    ranks: Json = {}
    for rank in entry["ranks"]:
        if rank["rank"] is not None:
            groups = ranks.setdefault(rank["view"], {})
            groups[rank["within"]] = [rank["rank"], rank["of"]]
    parts = [_part_result(part, inputs) for part in entry.get("parts", [])]
    parts = [part for part in parts if not _says_nothing(part)]
    for name, value in (
        ("criteria", criteria),
        ("ranks", ranks),
        ("flags", entry["flags"]),
        ("parts", parts),
    ):
        if value:
            found[name] = value
    if "grade" in entry:
        found["grade"] = entry["grade"]
    return found


def _index(index: Json) -> Json:
    """An index."""
    if index["score"] is None:
        return {"state": index["state"]}
    return {name: index[name] for name in ("score", "published", "weights") if name in index}


def _is_listed(criterion: Json) -> bool:
    """When a criterion is listed."""
    return criterion["raw"] is not None or criterion["mark"] is not None


def _criterion(criterion: Json, inputs: str) -> Json:
    """A criterion."""
    found = _given({name: criterion[name] for name in ("raw", "mark")})
    if inputs == "digest":
        found.pop("raw", None)
    if criterion["state"] != "present":
        found["state"] = criterion["state"]
    return found


def _part_result(part: Json, inputs: str) -> Json:
    """A part: no ranks and no grade, these are not the root's."""
    found = result(part["territory"], inputs)
    found.pop("ranks", None)
    found.pop("grade", None)
    return found | {name: part[name] for name in ("id", "version")}


def _says_nothing(part: Json) -> bool:
    """Whether a part is left out."""
    states = [index.get("state") for index in part["indices"].values()]
    return "criteria" not in part and ("absent" in states or "outside_strata" in states)


# --- The root of the rows, and proofs -------------------------------------------------------------


def leaf(digest: bytes) -> bytes:
    """The hash of a row's digest."""
    return hashlib.sha256(b"\x00" + digest).digest()


def node(left: bytes, right: bytes) -> bytes:
    """The hash of two hashes."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def _split(n: int) -> int:
    """The largest power of two below n."""
    k = 1
    while 2 * k < n:
        k *= 2
    return k


def root(digests: Sequence[bytes]) -> bytes:
    """The root of the rows."""
    if len(digests) == 1:
        return leaf(digests[0])
    k = _split(len(digests))
    return node(root(digests[:k]), root(digests[k:]))


def path(index: int, digests: Sequence[bytes]) -> list[bytes]:
    """The inclusion proof of RFC 9162, section 2.1.3.1, from the leaf upwards."""
    if len(digests) == 1:
        return []
    k = _split(len(digests))
    if index < k:
        return [*path(index, digests[:k]), root(digests[k:])]
    return [*path(index - k, digests[k:]), root(digests[:k])]


def proves(digest: bytes, index: int, rows: int, proof: Sequence[bytes], expected: bytes) -> bool:
    """Whether an inclusion proof holds (section 2.1.3.2)."""
    if index >= rows:
        return False
    fn, sn, r = index, rows - 1, leaf(digest)
    for p in proof:
        if sn == 0:
            return False
        if fn % 2 == 1 or fn == sn:
            r = node(p, r)
            while fn % 2 == 0 and fn != 0:
                fn, sn = fn // 2, sn // 2
        else:
            r = node(r, p)
        fn, sn = fn // 2, sn // 2
    return sn == 0 and r == expected


def receipt(published: Json, territory: str) -> Json | None:
    """The receipt of a territory's row; None when there is none."""
    ids = [row["territory"]["id"] for row in published["rows"]]
    if territory not in ids:
        return None
    index = ids.index(territory)
    digests = [bytes.fromhex(row["sha256"]) for row in published["rows"]]
    members = ("head", "sha256", "methodologies", "reference", "envelope")
    return {
        "language": doc.LANGUAGE,
        "document": "receipt",
        **{name: published[name] for name in members if name in published},
        "row": published["rows"][index],
        "proof": {"index": index, "path": [p.hex() for p in path(index, digests)]},
    }


# --- Reading --------------------------------------------------------------------------------------

_HEX = re.compile(r"[0-9a-f]*")


def _hexadecimal(digits: int) -> doc.Type:
    """So many lower-case hexadecimal digits."""

    def check(value: Any, pointer: str, faults: list[Fault]) -> None:
        doc.string(value, pointer, faults)
        if isinstance(value, str) and (len(value) != digits or not _HEX.fullmatch(value)):
            faults.append(Fault("out_of_range", pointer))

    return check


def _note(value: Any, pointer: str, faults: list[Fault]) -> None:
    """A note or a reason."""
    doc.string(value, pointer, faults)
    if isinstance(value, str) and (not 1 <= len(value) <= MAX_NOTE or cohorts.has_control(value)):
        faults.append(Fault("out_of_range", pointer))


def _list(item: doc.Type, most: int | None, least: int = 0) -> doc.Type:
    """An array of a limited length; of any but the least without `most`."""

    def check(value: Any, pointer: str, faults: list[Fault]) -> None:
        doc.array(item)(value, pointer, faults)
        if isinstance(value, list):
            if most is not None and len(value) > most:
                faults.append(Fault("limit_exceeded", pointer))
            if len(value) < least:
                faults.append(Fault("out_of_range", pointer))

    return check


def _true(value: Any, pointer: str, faults: list[Fault]) -> None:
    """A boolean that is written only when it is true."""
    doc.boolean(value, pointer, faults)
    if value is False:
        faults.append(Fault("out_of_range", pointer))


def _language(value: Any, pointer: str, faults: list[Fault]) -> None:
    """The language of the head."""
    doc.string(value, pointer, faults)
    if isinstance(value, str) and value != doc.LANGUAGE:
        faults.append(Fault("language_unsupported", pointer))


def _object(value: Any, pointer: str, faults: list[Fault]) -> None:
    """An object whose members are read elsewhere."""
    if not isinstance(value, dict):
        faults.append(Fault("wrong_type", pointer))


_SHA256 = _hexadecimal(64)
_STATUS = doc.word(*STATUSES)
_PERIOD = doc.record({"from": doc.string, "to": doc.string})
_METHODOLOGY = doc.record(
    {
        "id": doc.string,
        "version": doc.string,
        "status": _STATUS,
        "method_sha256": _SHA256,
        "document_sha256": _SHA256,
    }
)
_HEAD = doc.record(
    {
        "language": _language,
        "methodology": _METHODOLOGY,
        "cohort_sha256": _SHA256,
        "inputs": doc.word("included", "digest"),
        "reference_sha256": _SHA256,
        "rows": doc.whole,
        "rows_root": _SHA256,
    },
    {
        "pinned": _list(_METHODOLOGY, None, 1),
        "period": _PERIOD,
        "previous_period": _PERIOD,
        "population_vintages": _list(doc.string, None, 1),
        "synthetic": _true,
        "roll_ups_sha256": _SHA256,
        "notes": _list(_note, MAX_NOTES, 1),
        "supersedes": doc.record({"sha256": _SHA256, "reason": _note}),
    },
)
_INDEX = doc.record(
    {},
    {
        "score": doc.number,
        "published": doc.string,
        "weights": doc.array(doc.number),
        "state": doc.string,
    },
)
_CRITERION = doc.record({}, {"raw": doc.number, "state": doc.string, "mark": doc.number})
_FLAG = doc.record(
    {"code": doc.string},
    {"subject": doc.string, "network": doc.string, "reason": doc.string},
)


def _place(value: Any, pointer: str, faults: list[Fault]) -> None:
    """A place and the number ranked."""
    if isinstance(value, list) and len(value) != 2:
        faults.append(Fault("wrong_type", pointer))
    else:
        doc.array(doc.whole)(value, pointer, faults)


def _part(value: Any, pointer: str, faults: list[Fault]) -> None:
    """A part, which may have parts."""
    required = {"id": doc.string, "version": doc.string, "indices": doc.mapping(_INDEX)}
    doc.record(required, _OF_RESULT)(value, pointer, faults)


_OF_RESULT: dict[str, doc.Type] = {
    "stratum": doc.string,
    "criteria": doc.mapping(doc.mapping(_CRITERION)),
    "flags": doc.array(_FLAG),
    "parts": doc.array(_part),
}
_RESULT = doc.record(
    {"indices": doc.mapping(_INDEX)},
    {**_OF_RESULT, "ranks": doc.mapping(doc.mapping(_place)), "grade": doc.string},
)
_ACCOUNTS = _list(cohorts.ACCOUNT, MAX_ROWS, 1)
_ROW = doc.record(
    {
        "territory": cohorts.TERRITORY,
        "status": _STATUS,
        "method_sha256": _SHA256,
        "result": _RESULT,
        "sha256": _SHA256,
    },
    {
        "accounts": _ACCOUNTS,
        "previous": _ACCOUNTS,
        "inputs_sha256": _SHA256,
        "synthetic": _true,
    },
)
_ROLL_UPS = doc.mapping(
    doc.array(
        doc.record(
            {"group": doc.string, "members": doc.whole, "left_out": doc.whole},
            {"score": doc.number, "published": doc.string},
        )
    )
)
_ENVELOPE = doc.record(
    {},
    {
        "package": doc.record({"name": doc.string, "version": doc.string}),
        "platform": doc.string,
        "time": doc.string,
        "signature": doc.record(
            {
                "algorithm": doc.word("ed25519"),
                "public_key": _SHA256,
                "signature": _hexadecimal(128),
            }
        ),
    },
)
_COMMON: dict[str, doc.Type] = {
    "language": doc.any_value,
    "document": doc.any_value,
    "head": _HEAD,
    "sha256": _SHA256,
    "methodologies": _list(_object, MAX_METHODOLOGIES, 1),
}
_PUBLICATION = doc.record(
    {**_COMMON, "rows": _list(_ROW, MAX_ROWS, 1)},
    {"reference": references.SHAPE, "roll_ups": _ROLL_UPS, "envelope": _ENVELOPE},
)
_RECEIPT = doc.record(
    {
        **_COMMON,
        "row": _ROW,
        "proof": doc.record({"index": doc.whole, "path": _list(_SHA256, MAX_PATH)}),
    },
    {"reference": references.SHAPE, "envelope": _ENVELOPE},
)


class Published(NamedTuple):
    """A publication or a receipt that was read, with its methodologies, the root last."""

    document: Json
    methodologies: list[Methodology]
    is_canonical: bool

    @property
    def is_receipt(self) -> bool:
        """Whether it is a receipt."""
        return self.document["document"] == "receipt"

    def rows(self) -> list[tuple[str, Json]]:
        """The rows, with their pointers."""
        if self.is_receipt:
            return [("/row", self.document["row"])]
        return [(f"/rows/{i}", row) for i, row in enumerate(self.document["rows"])]


def read(data: bytes) -> Published:
    """Reads a publication or a receipt (Reading)."""
    value = doc.read_text(data, doc.LARGEST["publication"])
    kind = value.get("document") if isinstance(value, dict) else None
    d = doc.check_kind(value, kind if kind in KINDS else "publication")
    faults: list[Fault] = []
    (_RECEIPT if kind == "receipt" else _PUBLICATION)(d, "", faults)
    stage(faults)
    included = d["head"]["inputs"] == "included"
    if not included and "reference" in d:
        faults.append(Fault("not_allowed_here", "/reference"))
    if included and "reference" not in d and kind == "publication":
        faults.append(Fault("missing_field", ""))
    rows = (
        [("/row", d["row"])]
        if kind == "receipt"
        else [(f"/rows/{i}", row) for i, row in enumerate(d["rows"])]
    )
    for pointer, row in rows:
        if included and "inputs_sha256" in row:
            faults.append(Fault("not_allowed_here", f"{pointer}/inputs_sha256"))
        if not included and "inputs_sha256" not in row:
            faults.append(Fault("missing_field", pointer))
        if not included:
            faults += [
                Fault("not_allowed_here", f"{pointer}/{name}")
                for name in ("accounts", "previous")
                if name in row
            ]
            faults += [
                Fault("not_allowed_here", below(pointer, "territory", name))
                for name in row["territory"]
                if name not in ("id", "name", "structure_type")
            ]
    found: list[Methodology] = []
    for i, document in enumerate(d["methodologies"]):
        texts = [doc.canonical(m.document).encode() for m in found]
        try:
            found.append(methodologies.read(doc.canonical(document).encode(), Library(texts)))
        except Refused as refused:
            faults += _moved(refused, f"/methodologies/{i}")
    stage(faults)
    if "reference" in d:
        try:
            references.read(doc.canonical(d["reference"]).encode(), found[-1])
        except Refused as refused:
            stage(_moved(refused, "/reference"))
    return Published(d, found, doc.canonical(d).encode() == data)


def _moved(refused: Refused, pointer: str) -> list[Fault]:
    """Faults of a document inside another."""
    return [fault._replace(pointer=pointer + (fault.pointer or "")) for fault in refused.faults]


def is_signed(digest: str, signature: Json) -> bool:
    """Whether the signature is one of the publication's digest (The envelope)."""
    return ed25519.verify(
        bytes.fromhex(signature["public_key"]),
        bytes.fromhex(signature["signature"]),
        b"bareme/1 publication " + digest.encode("ascii"),
    )
