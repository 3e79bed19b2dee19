"""publication.md: publications, receipts, and what a verifier finds."""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Callable, Iterable
from typing import Any

from bareme_independent import api, ed25519
from bareme_independent import documents as doc
from bareme_independent import publication as publications

from .build import (
    Row,
    changed,
    child,
    cohort,
    fr,
    index,
    indicator,
    inner,
    methodology,
    min_max,
    ranking,
    stratum,
    values,
    view,
    z_score,
)
from .case import Page, Published, bytes_of, given
from .methodology import pin_of
from .rank import grades

page = Page("publication")
Json = dict[str, Any]

# --- What is published ----------------------------------------------------------------------------

M = methodology(
    [
        indicator("i", "100 * a / b", normalise=min_max("stratum"), unknown="impute_median"),
        indicator("j", "n - previous.n", normalise={"method": "percentile_rank", "within": "cohort"}),
        indicator("size", "d", normalise=None),
    ],
    index("root", [child("j", 1), child(inner("half", [child("i", 3)]), 2)]),
    strata=[stratum("small", population={"below": 1000}), stratum("large", population={"from": 1000})],
    views=[view("best", index="root"), view("biggest", indicator="size")],
    ranking=ranking(within=["cohort", ["stratum", "region"]], order_by="published", ties="dense"),
    publication={
        "decimals": 1,
        "rounding": "half_up",
        "grades": grades("rank", ("first", 0.25), ("second", 0.5), view="best", within="cohort"),
    },
    roll_ups=[
        {"id": "regions", "label": fr("R"), "index": "root", "structure_types": ["commune"], "into": "region"},
    ],
)
ROWS = [
    Row(
        "p",
        {"a": 1, "b": 3, "n": 9},
        before={"n": 2},
        population=1200,
        region="84",
        population_vintage="2023",
        attributes={"d": 2.5},
    ),
    Row("q", {"a": 2, "b": 3, "n": 4}, before={"n": 3}, population=5000, region="84", population_vintage="2022"),
    Row("r", {"a": None, "b": 3, "n": 5}, population=1300, region="11", attributes={"d": 7}),
    Row("s", None, population=800, region="11"),
    Row("t", {"a": 5, "b": 0, "n": 1}, before={"n": 1}, population=200, stratum={"id": "large", "reason": "vœu"}),
    Row("u", {"a": 2, "b": 7, "n": 8}, population=None),
]
C = cohort(ROWS)

SHA = "0123456789abcdef" * 4
# The weakest of the statuses, which is then that of the whole.
OTHER = methodology(
    indicator("k", "c"),
    index("other", [child("k")], network="y"),
    id="other",
    status="variant",
    variant_of={"id": "old", "version": "1", "method_sha256": SHA},
)
DEEP = methodology(indicator("k", "b"), index("deep", [child("k")]), id="deep", version="2")
MIDDLE = methodology(
    indicator("i", "a"),
    inner("middle", [child(index("x-side"), 1), child(pin_of(DEEP), 1, absent="leave_out")]),
    id="middle",
)
PINNING = methodology(
    indicator("i", "a"),
    inner(
        "whole",
        [
            child(pin_of(MIDDLE), 2, absent="leave_out"),
            child(pin_of(OTHER), 1, absent="leave_out"),
            child(pin_of(DEEP), 1, absent="zero"),
            child(index("own", [child("i")]), 1),
        ],
    ),
)
OTHERS = [OTHER, DEEP, MIDDLE]
PINNED = cohort(
    [
        Row("p", {"a": 30, "b": 10}, {"c": 50}),
        Row("q", {"a": 20, "b": 5}),
        Row("r", None, {"c": 12.5}),
        Row("s"),
    ]
)


def body(m: Json, c: Json, others: Iterable[Json] = (), **more: Any) -> Json:
    """A publication by `spec/independent`, as JSON."""
    made = api.publish(bytes_of(given(c)), bytes_of(given(m)), [bytes_of(given(o)) for o in others], **more)
    assert isinstance(made, dict), made
    return json.loads(doc.canonical(made))


def receipt(document: Json, territory: str, with_reference: bool = True) -> Json:
    """A receipt by `spec/independent`, as JSON."""
    made = api.receipt(doc.canonical(document).encode(), territory, with_reference)
    assert isinstance(made, dict), made
    return json.loads(doc.canonical(made))


# --- Signing (RFC 8032, section 5.1.6) ------------------------------------------------------------


def encoded(point: tuple[int, int]) -> bytes:
    """A point in 32 bytes."""
    x, y = point
    return (y | (x & 1) << 255).to_bytes(32, "little")


def signed(document: Json, seed: bytes = bytes(range(32)), message: bytes | None = None) -> Json:
    """A document with a signature by the key of a seed."""
    hashed = hashlib.sha512(seed).digest()
    secret = int.from_bytes(hashed[:32], "little") & (2**254 - 8) | 2**254
    base = ed25519.decode(bytes([0x58]) + bytes([0x66]) * 31)
    assert base is not None
    key = encoded(ed25519.multiply(secret, base))
    if message is None:
        message = b"bareme/1 publication " + document["sha256"].encode("ascii")
    r = int.from_bytes(hashlib.sha512(hashed[32:] + message).digest(), "little") % ed25519.L
    point = encoded(ed25519.multiply(r, base))
    k = int.from_bytes(hashlib.sha512(point + key + message).digest(), "little")
    s = (r + k * secret) % ed25519.L
    signature = {
        "algorithm": "ed25519",
        "public_key": key.hex(),
        "signature": (point + s.to_bytes(32, "little")).hex(),
    }
    envelope = {"package": {"name": "example", "version": "1"}, "time": "2026-11-24T12:00:00Z"}
    return {**document, "envelope": {**envelope, "signature": signature}}


page.documents = {
    "included": signed(body(M, C, notes=["une note"], supersedes={"sha256": SHA, "reason": "une faute"})),
    "digest": body(M, C, inputs="digest"),
    "pinning": body(PINNING, PINNED, OTHERS),
}
page.documents["receipt"] = receipt(page.documents["included"], "q")
page.documents["receipt-alone"] = receipt(page.documents["included"], "q", with_reference=False)
page.documents["receipt-digest"] = receipt(page.documents["digest"], "q")
KEY = page.documents["included"]["envelope"]["signature"]["public_key"]
OTHER_KEY = signed(page.documents["digest"], bytes(32))["envelope"]["signature"]["public_key"]


def of(name: str, make: Callable[[Json], Any] | None = None) -> Published:
    """A document of the page, perhaps changed."""
    document = page.documents[name]
    copied = copy.deepcopy(document)
    made = copied if make is None else make(copied)
    return Published(name, document, copied if made is None else made)


def put(pointer: str, value: Any = ...) -> Callable[[Json], Any]:
    """A change of one member; without value it is taken out."""
    return lambda document: changed(document, pointer, value)


def resealed(document: Json) -> Json:
    """All digests made anew, as one does who alters on purpose; a signature he cannot make."""
    for row in document["rows"]:
        row["sha256"] = doc.digest({k: v for k, v in row.items() if k != "sha256"})
    head = document["head"]
    head["rows"] = len(document["rows"])
    head["rows_root"] = publications.root([bytes.fromhex(row["sha256"]) for row in document["rows"]]).hex()
    if "reference" in document:
        head["reference_sha256"] = doc.digest(document["reference"])
    if "roll_ups" in document:
        head["roll_ups_sha256"] = doc.digest(document["roll_ups"])
    document.pop("envelope", None)
    document["sha256"] = doc.digest(head)
    return document


def altered(pointer: str, value: Any = ...) -> Callable[[Json], Any]:
    """A change of one member, and all digests made anew."""
    return lambda document: resealed(changed(document, pointer, value))


# --- Publications ---------------------------------------------------------------------------------


def publish(name: str, about: str, flags: str, m: Json, c: Json, **more: Any) -> None:
    """A publication, of which every member and the whole text are expected."""
    page.add(name, about, f"publication {flags}".strip(), "publish", methodology=m, cohort=c, **more)


publish("included", "Everything that a row can have: imputed, absent, undefined, outside the strata.", "unknown", M, C)
publish("digest", "The same without inputs, raw values and reference.", "digest unknown", M, C, inputs="digest")
publish("other-order", "Rows and accounts in another order make the same text.", "order", M, cohort(ROWS[::-1]))
publish(
    "notes",
    "Notes, and a publication that is replaced.",
    "digest",
    M,
    C,
    notes=["b", "a\u2028"],
    supersedes={"sha256": SHA, "reason": "une « faute »"},
)
publish(
    "pinned",
    "Methodologies after those that they pin, each once; parts, and parts of parts.",
    "pinned nested absent",
    PINNING,
    PINNED,
    others=OTHERS,
)
publish("pinned-digest", "The same without inputs.", "pinned nested", PINNING, PINNED, others=OTHERS, inputs="digest")
publish("one-row", "The root of one row is its leaf.", "one-member", methodology(), values(5))
for count in (2, 3, 4, 5, 7):
    publish(f"rows-{count}", f"A tree of {count} rows.", "", methodology(), values(*range(count)))
publish(
    "synthetic",
    "Invented numbers are said in the head, the rows and the reference.",
    "",
    methodology(),
    values(1, 2, synthetic=True),
)
publish("without-period", "A cohort without period.", "", methodology(), values(1, 2, period=None))
publish(
    "ids",
    "Rows by their ids in UTF-8, members by their names in UTF-16: U+FF61 and U+1F600 stand either way.",
    "order",
    methodology(),
    cohort([Row(id_, {"a": 1}, name=f"Nom {id_}") for id_ in ("\U0001f600", "\uff61", "é", "z", "10", "9")]),
)
publish(
    "vintages",
    "Vintages, each once, byte by byte; an empty one is none.",
    "order",
    methodology(),
    cohort(
        [Row(id_, {"a": 1}, population_vintage=v) for id_, v in zip("pqrs", ("2023", "", "2019", "2023"), strict=True)]
    ),
)
publish(
    "merged",
    "A territory merged from two: its accounts of the previous period stand under the old ids.",
    "previous",
    methodology([indicator("i", "n - previous.n")]),
    {
        **cohort([Row("m", {"n": 9}, formerly=["m2", "m1"]), Row("q", {"n": 1}, before={"n": 4})]),
        "previous": {
            "accounts": [
                {"territory": "m2", "network": "x", "metrics": {"n": 3}},
                {"territory": "q", "network": "x", "metrics": {"n": 4}},
                {"territory": "m1", "network": "x", "metrics": {"n": 2}},
            ]
        },
    },
)
publish("nothing", "Nobody has a value: states, and no ranks.", "absent", methodology(), cohort([Row("p"), Row("q")]))
publish(
    "without-network",
    "A criterion that reads no account stands under the empty network.",
    "",
    methodology([indicator("i", "population")], inner("root")),
    cohort([Row("p", population=5), Row("q", population=7)]),
)
publish(
    "roll-up-empty",
    "Of a group without score neither score nor text.",
    "absent",
    M,
    cohort(
        [Row("p", {"a": 1, "b": 1, "n": 2}, before={"n": 1}, region="84", attributes={"d": 1}), Row("q", region="11")]
    ),
)
publish(
    "malformed",
    "Nothing is published of a cohort with faults.",
    "malformed",
    methodology(),
    values(1, 2, territories=[]),
    finds="empty_cohort /territories\nunknown_territory /accounts/0/territory\nunknown_territory /accounts/1/territory",
)
publish(
    "z-score",
    "The reference holds mean and spread as numbers.",
    "rounding",
    methodology(indicator(normalise=z_score("stratum"))),
    values(0.1, 0.2, 0.4),
)

# --- Receipts -------------------------------------------------------------------------------------

for name, document in (("included", "included"), ("digest", "digest"), ("pinning", "pinning")):
    for territory in [row["territory"]["id"] for row in page.documents[document]["rows"]]:
        if name == "included" or territory in "ps":
            page.add(
                f"receipt-{name}-{territory}",
                f"The receipt of {territory} from `{document}`: its proof and its text.",
                "receipt",
                "receipt",
                publication=of(document),
                territory=territory,
            )
page.add(
    "receipt-without-reference",
    "The reference may be left out.",
    "receipt",
    "receipt",
    publication=of("included"),
    territory="q",
    with_reference=False,
)
page.add(
    "receipt-of-nobody",
    "There is no such row.",
    "receipt malformed",
    "receipt",
    finds="territory_not_found",
    publication=of("included"),
    territory="z",
)

# --- Verified -------------------------------------------------------------------------------------

for name in page.documents:
    page.verify(f"sound-{name}", f"`{name}` is what it should be.", "publication", of(name), "")
page.verify("key-right", "Signed by the key that is asked for.", "signature", of("included"), "", keys=[OTHER_KEY, KEY])
page.verify(
    "key-other",
    "Signed by another key.",
    "signature",
    of("included"),
    "integrity /envelope/signature/public_key",
    keys=[OTHER_KEY],
)
page.verify(
    "key-unsigned",
    "A signature is asked for, and there is none.",
    "signature",
    of("digest"),
    "integrity /envelope",
    keys=[KEY],
)
page.verify(
    "receipt-key-right",
    "A receipt carries the signature of its publication.",
    "signature receipt",
    of("receipt"),
    "",
    keys=[KEY],
)
page.verify(
    "receipt-key-other",
    "Signed by another key.",
    "signature receipt",
    of("receipt"),
    "integrity /envelope/signature/public_key",
    keys=[OTHER_KEY],
)
page.verify(
    "receipt-alone-with",
    "A receipt without reference, with the reference given.",
    "receipt",
    of("receipt-alone"),
    "",
    reference=page.documents["included"]["reference"],
)
page.verify(
    "receipt-alone-with-other",
    "The reference that is given is another: it is not used.",
    "receipt altered",
    of("receipt-alone"),
    "integrity /head/reference_sha256",
    reference=changed(page.documents["included"]["reference"], "/statistics/strata/small", 9),
)
page.verify("receipt-full", "A receipt with the cohort.", "receipt full", of("receipt"), "", cohort=C)
page.verify(
    "receipt-digest-full",
    "A receipt without inputs, with the cohort.",
    "receipt full digest",
    of("receipt-digest"),
    "",
    cohort=C,
)
page.verify("digest-full", "Without inputs, with the cohort.", "full digest", of("digest"), "", cohort=C)
page.verify(
    "included-full",
    "With the inputs, and with the cohort in another order.",
    "full order",
    of("included"),
    "",
    cohort=cohort(ROWS[::-1]),
)
page.verify("pinning-full", "With parts, and the cohort.", "full pinned", of("pinning"), "", cohort=PINNED)
page.verify(
    "known-same",
    "A methodology that is known, and the same but for its words.",
    "",
    of("included"),
    "",
    known=[{**M, "title": fr("Autre")}],
)
page.verify(
    "known-other",
    "Another methodology of this id and version is known.",
    "altered",
    of("included"),
    "methodology /methodologies/0",
    known=[{**M, "period_days": 30}],
)
page.verify(
    "known-pinned",
    "Another is known of one that is pinned.",
    "altered pinned",
    of("pinning"),
    "methodology /methodologies/2",
    known=[{**OTHER, "period_days": 30}],
)
page.verify(
    "known-version",
    "Another version of the same id is no other methodology.",
    "",
    of("included"),
    "",
    known=[{**M, "version": "2"}],
)
page.verify("canonical", "The canonical text itself.", "digest", doc.canonical(page.documents["digest"]), "")
page.verify(
    "not-canonical",
    "Another text of the same values is verified, and said not to be canonical.",
    "digest order",
    json.dumps(page.documents["digest"], indent=1)[:-1] + " \n}",
    "",
)
page.verify(
    "envelope",
    "The envelope is no part of what is digested.",
    "altered",
    of("included", put("/envelope/time", "never")),
    "",
)
page.verify(
    "unsigned",
    "A signature that was taken away, and nobody asks for one.",
    "signature altered",
    of("included", put("/envelope")),
    "",
)

# --- Altered --------------------------------------------------------------------------------------

ALTERED: list[tuple[str, str, str, Any, str]] = [
    # name, document, pointer, value, step and pointer of what is found
    ("sha256", "included", "/sha256", SHA, "integrity /sha256"),
    ("rows-root", "digest", "/head/rows_root", SHA, "integrity /sha256\nintegrity /head/rows_root"),
    ("rows", "digest", "/head/rows", 5, "integrity /sha256\nintegrity /head/rows"),
    ("note", "included", "/head/notes/0", "une autre", "integrity /sha256\nintegrity /envelope/signature"),
    (
        "reason",
        "included",
        "/head/supersedes/reason",
        "deux fautes",
        "integrity /sha256\nintegrity /envelope/signature",
    ),
    ("supersedes", "included", "/head/supersedes", ..., "integrity /sha256\nintegrity /envelope/signature"),
    (
        "head-status",
        "digest",
        "/head/methodology/status",
        "official",
        "integrity /sha256\nintegrity /head/methodology/status",
    ),
    ("head-id", "digest", "/head/methodology/id", "u", "integrity /sha256\nintegrity /methodologies/0"),
    ("head-version", "digest", "/head/methodology/version", "1.0", "integrity /sha256\nintegrity /methodologies/0"),
    ("head-method", "digest", "/head/methodology/method_sha256", SHA, "integrity /sha256\nintegrity /methodologies/0"),
    (
        "head-document",
        "digest",
        "/head/methodology/document_sha256",
        SHA,
        "integrity /sha256\nintegrity /methodologies/0",
    ),
    ("head-pinned", "pinning", "/head/pinned/1/version", "3", "integrity /sha256\nintegrity /methodologies/1"),
    ("head-pinned-less", "pinning", "/head/pinned", ..., "integrity /sha256\nintegrity /methodologies"),
    (
        "head-pinned-more",
        "digest",
        "/head/pinned",
        [dict.fromkeys(("method_sha256", "document_sha256"), SHA) | {"id": "o", "version": "1", "status": "draft"}],
        "integrity /sha256\nintegrity /methodologies",
    ),
    (
        "vintages",
        "included",
        "/head/population_vintages/0",
        "2021",
        "integrity /sha256\nintegrity /envelope/signature\nmetric /head/population_vintages",
    ),
    ("vintages-digest", "digest", "/head/population_vintages/0", "2021", "integrity /sha256"),
    ("cohort-sha256", "digest", "/head/cohort_sha256", SHA, "integrity /sha256"),
    ("reference-sha256", "digest", "/head/reference_sha256", SHA, "integrity /sha256"),
    ("roll-ups-sha256", "digest", "/head/roll_ups_sha256", SHA, "integrity /sha256\nintegrity /roll_ups"),
    ("roll-ups-sha256-less", "digest", "/head/roll_ups_sha256", ..., "integrity /sha256\nintegrity /roll_ups"),
    ("roll-ups-less", "digest", "/roll_ups", ..., "integrity /roll_ups"),
    ("roll-ups-more", "pinning", "/roll_ups", {}, "integrity /roll_ups"),
    ("roll-ups-score", "digest", "/roll_ups/regions/0/score", 51, "integrity /roll_ups"),
    ("title", "digest", "/methodologies/0/title/fr", "Autre", "integrity /methodologies/0"),
    ("weight", "digest", "/methodologies/0/index/of/0/weight", 2, ""),
    ("pinned-title", "pinning", "/methodologies/2/title/fr", "Autre", "integrity /methodologies/2"),
    ("row-sha256", "digest", "/rows/2/sha256", SHA, "integrity /rows/2/sha256"),
    ("row-status", "digest", "/rows/0/status", "official", "integrity /rows/0/sha256\nintegrity /rows/0/status"),
    ("row-method", "digest", "/rows/0/method_sha256", SHA, "integrity /rows/0/sha256\nintegrity /rows/0/method_sha256"),
    ("row-synthetic", "digest", "/rows/0/synthetic", True, "integrity /rows/0/sha256\nintegrity /rows/0/synthetic"),
    ("row-name", "digest", "/rows/0/territory/name", "Autre", "integrity /rows/0/sha256"),
    ("row-inputs", "digest", "/rows/0/inputs_sha256", SHA, "integrity /rows/0/sha256"),
    ("row-score", "digest", "/rows/0/result/indices/root/score", 99, "integrity /rows/0/sha256"),
    ("row-id", "digest", "/rows/1/territory/id", "o", "integrity /rows/1/sha256\nintegrity /rows/1/territory/id"),
    ("name", "included", "/rows/0/territory/name", "Autre", "integrity /rows/0/sha256\nmetric /head/cohort_sha256"),
    (
        "score",
        "included",
        "/rows/0/result/indices/root/score",
        99,
        "integrity /rows/0/sha256\nindex /rows/0/result/indices/root/score",
    ),
    (
        "reference-status",
        "included",
        "/reference/status",
        "official",
        "integrity /reference\nintegrity /reference/status",
    ),
    (
        "reference-cohort",
        "included",
        "/reference/cohort_sha256",
        SHA,
        "integrity /reference\nintegrity /reference/cohort_sha256",
    ),
    ("reference-synthetic", "included", "/reference/synthetic", True, ""),
    ("reference-period", "included", "/reference/period/to", "2026-06-30", ""),
    ("signature", "included", "/envelope/signature/signature", "0" + "f" * 127, "integrity /envelope/signature"),
    ("key", "included", "/envelope/signature/public_key", OTHER_KEY, "integrity /envelope/signature"),
    (
        "key-small-order",
        "included",
        "/envelope/signature/public_key",
        "01" + "00" * 31,
        "integrity /envelope/signature",
    ),
    ("receipt-sha256", "receipt", "/sha256", SHA, "integrity /sha256"),
    (
        "receipt-score",
        "receipt",
        "/row/result/indices/root/score",
        99,
        "integrity /row/sha256\nindex /row/result/indices/root/score",
    ),
    (
        "receipt-metric",
        "receipt",
        "/row/accounts/0/metrics/a",
        1,
        "integrity /row/sha256\nraw /row/result/criteria/i/x/raw",
    ),
    ("receipt-index", "receipt", "/proof/index", 0, "integrity /proof"),
    ("receipt-index-far", "receipt", "/proof/index", 6, "integrity /proof"),
    ("receipt-path", "receipt", "/proof/path/0", SHA, "integrity /proof"),
    ("receipt-path-less", "receipt", "/proof/path/2", ..., "integrity /proof"),
    ("receipt-path-none", "receipt", "/proof/path", [], "integrity /proof"),
    ("receipt-root", "receipt-digest", "/head/rows_root", SHA, "integrity /sha256\nintegrity /proof"),
    ("receipt-rows", "receipt-digest", "/head/rows", 7, ""),
    (
        "receipt-rank",
        "receipt",
        "/row/result/ranks/best/cohort/0",
        3,
        "integrity /row/sha256\nrank /row/result/ranks/best/cohort/0",
    ),
]
for name, document, pointer, value, differs in ALTERED:
    shown = "is taken out" if value is ... else "is another"
    page.verify(
        f"altered-{name}",
        f"`{pointer}` of `{document}` {shown}.",
        "altered",
        of(document, put(pointer, value)),
        differs or None,
    )

# A signature of something else, by the right key, and one whose S is not reduced.
wrong = signed(page.documents["digest"], message=page.documents["digest"]["sha256"].encode())["envelope"]
page.verify(
    "signature-without-prefix",
    "A signature of the digest alone.",
    "signature altered",
    of("digest", put("/envelope", wrong)),
    "integrity /envelope/signature",
)
right = signed(page.documents["digest"])["envelope"]
page.verify(
    "signature-right",
    "A signature put beside a publication.",
    "signature",
    of("digest", put("/envelope", right)),
    "",
    keys=[KEY],
)
s = bytes.fromhex(right["signature"]["signature"])
unreduced = (int.from_bytes(s[32:], "little") + ed25519.L).to_bytes(32, "little")
page.verify(
    "signature-not-reduced",
    "The same, with an S that is not reduced.",
    "signature altered",
    of("digest", put("/envelope", changed(right, "/signature/signature", (s[:32] + unreduced).hex()))),
    "integrity /envelope/signature",
)
page.verify(
    "signature-of-other",
    "The signature of another publication.",
    "signature altered",
    of("digest", put("/envelope", page.documents["included"]["envelope"])),
    "integrity /envelope/signature",
)

# Resealed: whoever alters on purpose makes the digests anew; recomputation finds where.
RESEALED: list[tuple[str, str, Any, str | None]] = [
    ("metric", "/rows/0/accounts/0/metrics/a", 2, None),
    ("raw", "/rows/0/result/criteria/i/x/raw", 34, "raw /rows/0/result/criteria/i/x/raw"),
    ("raw-less", "/rows/0/result/criteria/i/x/raw", ..., "raw /rows/0/result/criteria/i/x/raw"),
    ("raw-last-bit", "/rows/0/result/criteria/i/x/raw", 33.33333333333333, "raw /rows/0/result/criteria/i/x/raw"),
    ("state", "/rows/2/result/criteria/i/x/state", "undefined", "raw /rows/2/result/criteria/i/x/state"),
    ("criterion-less", "/rows/0/result/criteria/i", ..., "raw /rows/0/result/criteria/i"),
    ("criterion-more", "/rows/3/result/criteria", {"i": {"x": {"mark": 100}}}, "raw /rows/3/result/criteria"),
    ("mark", "/rows/0/result/criteria/i/x/mark", 1, "mark /rows/0/result/criteria/i/x/mark"),
    ("weight", "/rows/0/result/indices/root/weights/0", 0.5, "weight /rows/0/result/indices/root/weights/0"),
    ("weights-less", "/rows/0/result/indices/root/weights", [1], "weight /rows/0/result/indices/root/weights"),
    ("score", "/rows/0/result/indices/half/score", 5, "index /rows/0/result/indices/half/score"),
    ("index-less", "/rows/0/result/indices/half", ..., "index /rows/0/result/indices/half"),
    ("index-state", "/rows/3/result/indices/root/state", "undefined", "index /rows/3/result/indices/root/state"),
    ("published", "/rows/0/result/indices/root/published", "99.9", "rounding /rows/0/result/indices/root/published"),
    ("rank", "/rows/0/result/ranks/best/cohort", [3, 9], "rank /rows/0/result/ranks/best/cohort/1"),
    ("ranks-less", "/rows/0/result/ranks/best", ..., "rank /rows/0/result/ranks/best"),
    ("ranks-more", "/rows/3/result/ranks", {"best": {"cohort": [1, 3]}}, "rank /rows/3/result/ranks"),
    ("grade", "/rows/0/result/grade", "second", "grade /rows/0/result/grade"),
    ("grade-more", "/rows/3/result/grade", "first", "grade /rows/3/result/grade"),
    ("flag", "/rows/3/result/flags", ..., "flag /rows/3/result/flags"),
    ("flag-reason", "/rows/4/result/flags/0/reason", "voeu", "flag /rows/4/result/flags/0/reason"),
    ("stratum", "/rows/0/result/stratum", "small", "stratum /rows/0/result/stratum"),
    ("stratum-less", "/rows/0/result/stratum", ..., "stratum /rows/0/result/stratum"),
    ("roll-up", "/roll_ups/regions/1/published", "1.0", "roll_up /roll_ups/regions/1/published"),
    ("roll-up-group", "/roll_ups/regions/0/group", "12", "roll_up /roll_ups/regions/0/group"),
    ("roll-up-less", "/roll_ups/regions", [], "roll_up /roll_ups/regions"),
    ("roll-up-other", "/roll_ups/more", [], "roll_up /roll_ups/more"),
    ("vintage", "/rows/0/territory/population_vintage", "2021", None),
    ("period", "/head/period/to", "2026-07-02", None),
    ("synthetic", "/head/synthetic", True, None),
    ("previous", "/rows/0/previous/0/metrics/n", 3, None),
    ("account-network", "/rows/0/accounts/0/network", "y", None),
    ("account-of-other", "/rows/0/accounts/0/territory", "q", None),
    ("account-of-nobody", "/rows/0/accounts/0/territory", "z", None),
    ("previous-of-other", "/rows/0/previous/0/territory", "q", None),
    ("count-negative", "/rows/0/accounts/0/metrics/n", -1, None),
    ("count-fraction", "/rows/1/accounts/0/metrics/n", 0.5, None),
    ("territory-id", "/rows/0/territory/id", "q", None),
    ("name-empty", "/rows/0/territory/name", " ", None),
    ("structure-type", "/rows/0/territory/structure_type", "pays", None),
    ("stratum-by-hand", "/rows/4/territory/stratum/id", "gone", None),
    ("previous-period", "/head/previous_period/to", "2026-06-02", None),
    ("bound", "/reference/statistics/criteria/1/groups/0/low", "1/1", None),
    ("reference-size", "/reference/statistics/criteria/1/groups/0/size", 9, None),
    ("reference-members", "/reference/members/5", "z", None),
    ("reference-key", "/reference/statistics/rankings/best/keys/0/0", "99.9", None),
    ("reference-strata", "/reference/statistics/strata/small", 3, None),
]
for name, pointer, value, differs in RESEALED:
    shown = "is taken out" if value is ... else "is another"
    page.verify(
        f"resealed-{name}",
        f"`{pointer}` {shown}, and the digests are made anew.",
        "altered resealed",
        of("included", altered(pointer, value)),
        differs,
    )
for name, pointer, value, differs in (
    ("part-mark", "/rows/0/result/parts/1/criteria/k/y/mark", 1, "mark /rows/0/result/parts/1/criteria/k/y/mark"),
    (
        "part-of-part",
        "/rows/0/result/parts/0/parts/0/indices/deep/score",
        1,
        "index /rows/0/result/parts/0/parts/0/indices/deep/score",
    ),
    ("part-less", "/rows/0/result/parts/2", ..., "index /rows/0/result/parts"),
    ("part-version", "/rows/0/result/parts/2/version", "3", "integrity /rows/0/result/parts/2/version"),
    ("part-parts-less", "/rows/0/result/parts/0/parts", ..., "index /rows/0/result/parts/0/parts"),
):
    page.verify(
        f"resealed-{name}",
        f"`{pointer}` of a part is altered, and the digests are made anew.",
        "altered resealed pinned",
        of("pinning", altered(pointer, value)),
        differs,
    )

for name, territory, pointer, value in (
    ("structure-type", "q", "/rows/1/territory/structure_type", "pays"),
    ("count-fraction", "q", "/rows/1/accounts/0/metrics/n", 0.5),
    ("stratum-by-hand", "t", "/rows/4/territory/stratum/id", "gone"),
):
    page.verify(
        f"resealed-receipt-{name}",
        f"`{pointer}` is another, the digests are made anew, and a receipt is drawn: its row is no cohort that the methodology takes.",
        "altered resealed receipt",
        of("receipt", lambda _, t=territory, p=pointer, v=value: receipt(altered(p, v)(page.documents["included"]), t)),
    )


def several(document: Json) -> Json:
    """A row altered at several steps, in a part and in the whole."""
    result = document["rows"][0]["result"]
    result["indices"]["whole"]["score"] = 1
    result["indices"]["own"]["score"] = 1
    result["parts"][1]["indices"]["other"]["score"] = 1
    result["parts"][0]["parts"][0]["indices"]["deep"]["score"] = 1
    result["parts"][2]["indices"]["deep"]["published"] = "1.0"
    return resealed(document)


page.verify(
    "resealed-several",
    "Of several places that differ the first: by step, then parts before the whole.",
    "altered resealed pinned",
    of("pinning", several),
    "index /rows/0/result/parts/0/parts/0/indices/deep/score",
)


def swapped(document: Json) -> Json:
    """Two rows change places, and the digests are made anew."""
    document["rows"][1:3] = document["rows"][2:0:-1]
    return resealed(document)


page.verify(
    "rows-swapped",
    "Rows in another order: the first that is not larger than the one before.",
    "altered resealed order",
    of("digest", swapped),
    "integrity /rows/2/territory/id",
)
page.verify(
    "rows-swapped-included",
    "With inputs, the cohort is given back in another order too.",
    "altered resealed order",
    of("included", swapped),
)
page.verify(
    "row-dropped",
    "A row is left out, and the digests are made anew.",
    "altered resealed",
    of("included", lambda d: resealed(changed(d, "/rows/5", ...))),
)
page.verify(
    "row-dropped-full",
    "Without inputs, only the cohort shows it.",
    "altered resealed full digest",
    of("digest", lambda d: resealed(changed(d, "/rows/5", ...))),
    "metric /rows",
    cohort=C,
)
page.verify(
    "row-twice",
    "A row stands twice.",
    "altered resealed",
    of("digest", lambda d: resealed({**d, "rows": [*d["rows"], d["rows"][-1]]})),
    "integrity /rows/6/territory/id",
)

OTHER_METRIC = changed(C, "/accounts/0/metrics/a", 2)
page.verify(
    "full-other-metric",
    "The cohort that is given has another metric.",
    "altered full",
    of("included"),
    cohort=OTHER_METRIC,
)
page.verify(
    "full-other-metric-digest", "The same, without inputs.", "altered full digest", of("digest"), cohort=OTHER_METRIC
)
page.verify(
    "full-other-metric-receipt",
    "The same, of a receipt whose row it does not concern.",
    "altered full receipt",
    of("receipt"),
    cohort=OTHER_METRIC,
)
page.verify(
    "full-without-row",
    "The cohort that is given has not all the territories.",
    "altered full",
    of("digest"),
    cohort=cohort(ROWS[:-1]),
)
page.verify(
    "full-other-period",
    "The cohort that is given is of another period.",
    "altered full",
    of("digest"),
    cohort=changed(C, "/period/to", "2026-07-02"),
)
page.verify(
    "full-synthetic",
    "The cohort that is given says that it is invented.",
    "altered full",
    of("digest"),
    cohort={**C, "synthetic": True},
)
page.verify(
    "full-name",
    "The cohort that is given has another name.",
    "altered full digest",
    of("digest"),
    cohort=changed(C, "/territories/1/name", "Autre"),
)
page.verify(
    "full-altered-score",
    "A score altered in a publication without inputs is found with the cohort.",
    "altered resealed full digest",
    of("digest", altered("/rows/0/result/indices/root/score", 99)),
    "index /rows/0/result/indices/root/score",
    cohort=C,
)
page.verify(
    "full-altered-inputs",
    "So is a digest of inputs.",
    "altered resealed full digest",
    of("digest", altered("/rows/0/inputs_sha256", SHA)),
    "metric /rows/0/inputs_sha256",
    cohort=C,
)
page.verify(
    "full-altered-metric",
    "Of a metric altered in the publication, the cohort that is given says which row.",
    "altered resealed full",
    of("included", altered("/rows/0/accounts/0/metrics/a", 2)),
    cohort=C,
)
page.verify(
    "full-altered-roll-up",
    "So is the score of a group.",
    "altered resealed full digest",
    of("digest", altered("/roll_ups/regions/0/score", 1)),
    "roll_up /roll_ups/regions/0/score",
    cohort=C,
)
page.verify(
    "full-malformed",
    "The faults of a cohort that is given are the answer.",
    "malformed full",
    of("digest"),
    finds="negative_value /accounts/0/metrics/n",
    cohort=changed(C, "/accounts/0/metrics/n", -1),
)
page.verify(
    "reference-malformed",
    "The faults of a reference that is given are the answer.",
    "malformed receipt",
    of("receipt-alone"),
    finds="unknown_reference /members",
    reference=changed(page.documents["included"]["reference"], "/members/0", "z"),
)
page.verify(
    "known-malformed",
    "The faults of a methodology that is known are the answer.",
    "malformed",
    of("digest"),
    finds="out_of_range /index/of/0/weight",
    known=[changed(M, "/index/of/0/weight", -1)],
)

# --- Malformed ------------------------------------------------------------------------------------

MALFORMED: list[tuple[str, str, str, Any, str]] = [
    ("language", "digest", "/language", "bareme/2", "language_unsupported /language"),
    ("document", "digest", "/document", "scoring", "unknown_value /document"),
    ("head-language", "digest", "/head/language", "bareme/2", "language_unsupported /head/language"),
    (
        "head-of-little",
        "digest",
        "/head",
        {"language": "bareme/2", "notes": [], "pinned": [], "population_vintages": [], "synthetic": False},
        "language_unsupported /head/language\nmissing_field /head\nout_of_range /head/notes\nout_of_range /head/pinned\n"
        "out_of_range /head/population_vintages\nout_of_range /head/synthetic",
    ),
    (
        "head-of-many-notes",
        "digest",
        "/head",
        {"notes": ["n"] * 101},
        "limit_exceeded /head/notes\nmissing_field /head",
    ),
    (
        "row-of-little",
        "included",
        "/rows/0",
        {"accounts": [], "previous": [], "synthetic": False},
        "missing_field /rows/0\nout_of_range /rows/0/accounts\nout_of_range /rows/0/previous\n"
        "out_of_range /rows/0/synthetic",
    ),
    (
        "receipt-proof-of-little",
        "receipt",
        "/proof",
        {"path": [SHA] * 65},
        "limit_exceeded /proof/path\nmissing_field /proof",
    ),
    ("unknown-member", "digest", "/more", 1, "unknown_field /more"),
    ("unknown-in-head", "digest", "/head/more", 1, "unknown_field /head/more"),
    ("unknown-in-row", "digest", "/rows/1/more", 1, "unknown_field /rows/1/more"),
    ("unknown-in-result", "digest", "/rows/1/result/more", 1, "unknown_field /rows/1/result/more"),
    (
        "unknown-in-index",
        "digest",
        "/rows/1/result/indices/root/more",
        1,
        "unknown_field /rows/1/result/indices/root/more",
    ),
    ("no-head", "digest", "/head", ..., "missing_field"),
    ("no-indices", "digest", "/rows/1/result/indices", ..., "missing_field /rows/1/result"),
    ("no-name", "digest", "/rows/1/territory/name", ..., "missing_field /rows/1/territory"),
    ("no-rows", "digest", "/rows", [], "out_of_range /rows"),
    ("no-methodology", "digest", "/methodologies", [], "out_of_range /methodologies"),
    ("sha256-short", "digest", "/sha256", SHA[1:], "out_of_range /sha256"),
    ("sha256-upper", "digest", "/sha256", SHA.upper(), "out_of_range /sha256"),
    ("row-sha256", "digest", "/rows/0/sha256", "", "out_of_range /rows/0/sha256"),
    ("root", "digest", "/head/rows_root", 0, "wrong_type /head/rows_root"),
    ("rows-text", "digest", "/head/rows", "6", "wrong_type /head/rows"),
    ("methodology-status", "digest", "/methodologies/0/status", "variant", "missing_field /methodologies/0"),
    ("inputs", "digest", "/head/inputs", "none", "unknown_value /head/inputs"),
    ("status", "digest", "/rows/0/status", "final", "unknown_value /rows/0/status"),
    ("synthetic-false", "digest", "/head/synthetic", False, "out_of_range /head/synthetic"),
    ("row-synthetic-false", "digest", "/rows/0/synthetic", False, "out_of_range /rows/0/synthetic"),
    ("notes-empty", "digest", "/head/notes", [], "out_of_range /head/notes"),
    ("note-empty", "digest", "/head/notes", [""], "out_of_range /head/notes/0"),
    ("note-control", "digest", "/head/notes", ["a", "\u007f"], "out_of_range /head/notes/1"),
    ("note-longest", "digest", "/head/notes", ["é" * 1000], ""),
    ("note-too-long", "digest", "/head/notes", ["é" * 1001], "out_of_range /head/notes/0"),
    ("notes-most", "digest", "/head/notes", ["n"] * 100, ""),
    ("notes-too-many", "digest", "/head/notes", ["n"] * 101, "limit_exceeded /head/notes"),
    ("pinned-empty", "digest", "/head/pinned", [], "out_of_range /head/pinned"),
    ("vintages-empty", "digest", "/head/population_vintages", [], "out_of_range /head/population_vintages"),
    (
        "reason-empty",
        "digest",
        "/head/supersedes",
        {"sha256": SHA, "reason": ""},
        "out_of_range /head/supersedes/reason",
    ),
    ("algorithm", "included", "/envelope/signature/algorithm", "rsa", "unknown_value /envelope/signature/algorithm"),
    ("key-short", "included", "/envelope/signature/public_key", "00", "out_of_range /envelope/signature/public_key"),
    (
        "signature-short",
        "included",
        "/envelope/signature/signature",
        "00",
        "out_of_range /envelope/signature/signature",
    ),
    (
        "reference-excluded",
        "digest",
        "/reference",
        page.documents["included"]["reference"],
        "not_allowed_here /reference",
    ),
    ("reference-missing", "included", "/reference", ..., "missing_field"),
    (
        "accounts-excluded",
        "digest",
        "/rows/0/accounts",
        page.documents["included"]["rows"][0]["accounts"],
        "not_allowed_here /rows/0/accounts",
    ),
    ("accounts-empty", "included", "/rows/3/accounts", [], "out_of_range /rows/3/accounts"),
    (
        "previous-excluded",
        "digest",
        "/rows/0/previous",
        page.documents["included"]["rows"][0]["previous"],
        "not_allowed_here /rows/0/previous",
    ),
    (
        "population-excluded",
        "digest",
        "/rows/0/territory/population",
        1,
        "not_allowed_here /rows/0/territory/population",
    ),
    ("inputs-sha256-missing", "digest", "/rows/0/inputs_sha256", ..., "missing_field /rows/0"),
    ("inputs-sha256-excluded", "included", "/rows/0/inputs_sha256", SHA, "not_allowed_here /rows/0/inputs_sha256"),
    (
        "methodology",
        "digest",
        "/methodologies/0/index/of/0/weight",
        -1,
        "out_of_range /methodologies/0/index/of/0/weight",
    ),
    (
        "pinned-method",
        "pinning",
        "/methodologies/0/period_days",
        30,
        "pin_mismatch /methodologies/1/index/of/1/methodology/method_sha256\npin_mismatch /methodologies/3/index/of/2/methodology/method_sha256\nunknown_methodology /methodologies/3/index/of/0/methodology",
    ),
    (
        "pinned-missing",
        "pinning",
        "/methodologies/2",
        ...,
        "unknown_methodology /methodologies/2/index/of/1/methodology",
    ),
    (
        "reference-pin",
        "included",
        "/reference/statistics/methodology/version",
        "2",
        "pin_mismatch /reference/statistics/methodology",
    ),
    (
        "reference-shape",
        "included",
        "/reference/statistics/criteria/0/groups/0/size",
        -1,
        "wrong_type /reference/statistics/criteria/0/groups/0/size",
    ),
    (
        "score-text",
        "digest",
        "/rows/0/result/indices/root/score",
        "66.7",
        "wrong_type /rows/0/result/indices/root/score",
    ),
    (
        "rank-of-three",
        "digest",
        "/rows/0/result/ranks/best/cohort",
        [1, 2, 3],
        "wrong_type /rows/0/result/ranks/best/cohort",
    ),
    (
        "rank-of-three-that-are-none",
        "digest",
        "/rows/0/result/ranks/best/cohort",
        ["1", [], {}],
        "wrong_type /rows/0/result/ranks/best/cohort",
    ),
    (
        "rank-of-two-that-are-none",
        "digest",
        "/rows/0/result/ranks/best/cohort",
        ["1", []],
        "wrong_type /rows/0/result/ranks/best/cohort/0\nwrong_type /rows/0/result/ranks/best/cohort/1",
    ),
    (
        "rank-fraction",
        "digest",
        "/rows/0/result/ranks/best/cohort/0",
        1.5,
        "wrong_type /rows/0/result/ranks/best/cohort/0",
    ),
    ("roll-up-members", "digest", "/roll_ups/regions/0/members", None, "wrong_type /roll_ups/regions/0/members"),
    ("null", "digest", "/rows/0/result/grade", None, "wrong_type /rows/0/result/grade"),
    ("account-shape", "included", "/rows/0/accounts/0/metrics/a", "1", "wrong_type /rows/0/accounts/0/metrics/a"),
    ("receipt-proof", "receipt", "/proof", ..., "missing_field"),
    ("receipt-index", "receipt", "/proof/index", -1, "wrong_type /proof/index"),
    ("receipt-path", "receipt", "/proof/path/0", "zz", "out_of_range /proof/path/0"),
    ("receipt-path-longest", "receipt", "/proof/path", [SHA] * 64, ""),
    ("receipt-path-too-long", "receipt", "/proof/path", [SHA] * 65, "limit_exceeded /proof/path"),
    ("receipt-rows", "receipt", "/rows", [], "unknown_field /rows"),
    ("receipt-roll-ups", "receipt", "/roll_ups", {}, "unknown_field /roll_ups"),
]
for name, document, pointer, value, finds in MALFORMED:
    what = of(document, put(pointer, value))
    shown = "is taken out" if value is ... else "has another value"
    if finds:
        page.add(
            f"malformed-{name}", f"`{pointer}` of `{document}` {shown}.", "malformed", "verify", finds, publication=what
        )
    else:
        page.verify(f"limit-{name}", f"`{pointer}` of `{document}` {shown}, up to the limit.", "limit altered", what)
page.add("malformed-text", "No JSON.", "malformed", "verify", "json_syntax 1:2", publication="{")
page.add("malformed-kind", "A list is no document.", "malformed", "verify", "wrong_type", publication="[]")
page.add(
    "malformed-duplicate",
    "A key twice.",
    "malformed",
    "verify",
    "duplicate_key /sha256",
    publication='{"sha256": "a", "sha256": "a"}',
)

# --- The sheet ------------------------------------------------------------------------------------

# Everything that a sheet may have to write: texts to quote and to neutralise, numbers below 0 and with
# exponents, an indicator on two networks and in two indices, grades, groups of two dimensions.
WRITTEN = methodology(
    [
        indicator(normalise=z_score("cohort", centre=0)),
        indicator("tiny", "a / 1000000000"),
        indicator("size", "d", normalise=None),
    ],
    inner(
        "whole",
        [
            child(index("of-x", [child("i", 1), child("tiny", 2)]), 3),
            child(index("of-y", [child("i", {"default": 0, "by_structure_type": {"departement": 4}})], network="y"), 1),
            child(index("again", [child("tiny", 7), child("i", 5)]), 0),
        ],
    ),
    id="written",
    version="-1",
    strata=[stratum(types=["commune", "departement"])],
    views=[view("best", index="whole"), view("size", indicator="size")],
    ranking=ranking(within=["cohort", ["region", "stratum"], "department"]),
    publication={
        "decimals": 2,
        "rounding": "half_up",
        "grades": grades("rank", ("first", 0.5), ("second", 1), view="best", within="cohort"),
    },
)
TEXTS = cohort(
    [
        Row("=1", {"a": 1}, {"a": 3}, name='L\'Île, "la grande"', region="84", attributes={"d": -2.5}),
        Row("2", {"a": 2}, {"a": 4}, name="=SOMME(A1)", region="+84", department="0;1"),
        Row("3", {"a": 7}, name="'-x", structure_type="departement", attributes={"d": 0}),
        Row("4", None, {"a": 1e-5}, name="\uff1dx; 1,5", structure_type="departement", region="84"),
        Row("5", name="'x"),
        Row("6", {"a": None}, {"a": 1e24}, name="@x", stratum={"id": "all", "reason": "vœu"}),
    ],
    synthetic=True,
)
page.documents["written"] = body(WRITTEN, TEXTS)
page.documents["written-digest"] = body(WRITTEN, TEXTS, inputs="digest")


def sheet(name: str, about: str, document: str, *edits: tuple[str, Any], flags: str = "sheet") -> None:
    """The sheet of a publication, changed."""

    def edited(published: Json) -> Json:
        for edit in edits:
            published = changed(published, *edit)
        return published

    page.add(f"sheet-{name}", about, flags, "sheet", publication=of(document, edited))


for name in ("included", "digest", "pinning", "written", "written-digest"):
    sheet(name, f"The sheet of `{name}`.", name)
sheet("empty-cells", "What is not in a row is an empty cell; what no column is for is not written.", "written",
      ("/rows/0/result/indices", {"other": {"score": 1, "published": "1.00"}}),
      ("/rows/1/result/criteria", ...),
      ("/rows/1/result/ranks", {"best": {"cohort": [1, 2], "other": [3, 4]}, "other": {"cohort": [5, 6]}}),
      ("/rows/2/result/criteria", {"i": {"": {"raw": 1, "mark": 2}, "y": {"state": "absent"}, "z": {"raw": 3}}}),
      ("/rows/3/result/grade", "other"))  # fmt: skip
sheet("published-texts", "A published text that is no number is a text, and is neutralised.", "written",
      *[(f"/rows/{i}/result/indices/whole", {"score": -0.5, "published": text})
        for i, text in enumerate(("=1+1", "-0.50", "1.", "-", "1,5;2", "1.2.3"))])  # fmt: skip
sheet("other-numbers", "Numbers are written as decimals, whatever the publication says that they are.", "written",
      ("/rows/0/result/indices/whole", {"score": 1e21, "published": "12", "weights": [1e-7, -1.5]}),
      ("/rows/0/result/indices/of-y", {"score": 123456789.5, "published": "", "weights": []}))  # fmt: skip
sheet("flags", "Flags in one cell, which is neutralised like any other text.", "written",
      ("/rows/0/result/flags", [{"code": "=a", "subject": "b@c", "network": "x;y", "reason": "left out"}, {"code": "d", "network": "e"}]),
      ("/rows/1/result/flags", [{"code": "a", "subject": "b, \"c\""}]),
      ("/rows/2/result/flags", []))  # fmt: skip
sheet("digests", "Digests are those that the document says, right or not.", "written",
      ("/sha256", SHA), ("/rows/0/sha256", SHA), ("/rows/0/status", "official"), ("/rows/1/method_sha256", SHA))  # fmt: skip
sheet("head", "The methodology's id and version are those of the head; `synthetic` is its word.", "written",
      ("/head/methodology/id", "\u00e9;,"), ("/head/methodology/version", "'=1"), ("/head/synthetic", ...))  # fmt: skip
sheet("line-ends", "A line end inside a text is kept, between quotes.", "written",
      ("/rows/0/result/stratum", "a\r\nb"), ("/rows/1/result/grade", "\n"), ("/rows/2/result/stratum", "\t"))  # fmt: skip
page.add(
    "sheet-of-a-receipt",
    "A receipt has none.",
    "sheet malformed",
    "sheet",
    "unknown_value /document",
    publication=of("receipt"),
)
