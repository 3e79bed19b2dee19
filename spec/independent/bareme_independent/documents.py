"""spec/documents.md: the text of a document, its shape, canonical form, digests, variants.

A JSON value is read to dict (in the order of the text), list, str, bool, None, and `Fraction` for
numbers: the decimal that the text says.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from . import numbers
from .errors import Fault, Refused, below, stage

LANGUAGE = "bareme/1"
LARGEST = {
    "methodology": 2**20,
    "patch": 2**20,
    "cohort": 2**30,
    "reference": 2**28,
    "publication": 2**29,
}
DEEPEST = 64
PRESENTATION = frozenset(
    "title label description unit sources conflicts provenance status variant_of".split()
)
NAMES = frozenset(
    "structure_types networks metrics attributes by_structure_type by_stratum".split()
)
MAX_WHOLE = 2**32 - 1

# Unicode's property White_Space.
WHITE_SPACE = frozenset(
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)


# --- Stage 1: the text ----------------------------------------------------------------------------

_SPACE = re.compile(r"[ \t\n\r]*")
_PLAIN = re.compile(r'[^"\\\x00-\x1f]*')
_NUMBER_RUN = re.compile(r"[0-9+\-.eE]+")
_HEX4 = re.compile(r"[0-9a-fA-F]{4}")
_ESCAPES = {
    '"': '"',
    "\\": "\\",
    "/": "/",
    "b": "\b",
    "f": "\f",
    "n": "\n",
    "r": "\r",
    "t": "\t",
}


class _Stop(Exception):  # noqa: N818
    """A fault that stops the reading."""


class _Reader:
    """Reads one text from the first character to the last (Stage 1, 3)."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.faults: list[Fault] = []

    def stop(self, at: int) -> _Stop:
        """`json_syntax` at a position, which stops the reading."""
        line = self.text.count("\n", 0, at) + 1
        column = at - (self.text.rfind("\n", 0, at) + 1) + 1
        self.faults.append(Fault("json_syntax", line=line, column=column))
        return _Stop()

    def peek(self) -> str:
        """The next character after white space, or nothing at the end."""
        match = _SPACE.match(self.text, self.at)
        assert match is not None
        self.at = match.end()
        return self.text[self.at : self.at + 1]

    def document(self) -> Any:
        """The value of the text, after which nothing follows."""
        value = self.value("", 0)
        if self.peek():
            raise self.stop(self.at)
        return value

    def value(self, pointer: str, depth: int) -> Any:
        """A value; one that is too deep stops before anything of it is read."""
        first = self.peek()
        if depth > DEEPEST:
            self.faults.append(Fault("limit_exceeded", pointer))
            raise _Stop
        if first == "{":
            return self.object(pointer, depth)
        if first == "[":
            return self.array(pointer, depth)
        if first == '"':
            return self.string(pointer)
        if first and first in "-0123456789":
            return self.number(pointer)
        for word, value in (("true", True), ("false", False), ("null", None)):
            if self.text.startswith(word, self.at):
                self.at += len(word)
                return value
        raise self.stop(self.at)

    def object(self, pointer: str, depth: int) -> dict[str, Any]:
        """An object; of a key that stands twice the later value is read and dropped."""
        self.at += 1
        members: dict[str, Any] = {}
        if self.peek() == "}":
            self.at += 1
            return members
        while True:
            if self.peek() != '"':
                raise self.stop(self.at)
            key = self.string(pointer)
            member = below(pointer, key)
            duplicate = key in members
            if self.peek() != ":":
                raise self.stop(self.at)
            self.at += 1
            value = self.value(member, depth + 1)
            if duplicate:  # found once the value has been read
                self.faults.append(Fault("duplicate_key", member))
            else:
                members[key] = value
            after = self.peek()
            if after not in (",", "}"):
                raise self.stop(self.at)
            self.at += 1
            if after == "}":
                return members

    def array(self, pointer: str, depth: int) -> list[Any]:
        """An array."""
        self.at += 1
        items: list[Any] = []
        if self.peek() == "]":
            self.at += 1
            return items
        while True:
            items.append(self.value(below(pointer, len(items)), depth + 1))
            after = self.peek()
            if after not in (",", "]"):
                raise self.stop(self.at)
            self.at += 1
            if after == "]":
                return items

    def string(self, pointer: str) -> str:
        """A string, or a key; `pointer` is where a lone surrogate in it is reported."""
        self.at += 1
        end_missing_at = self.at  # after the opening quote, or after the last escape
        parts: list[str] = []
        while True:
            match = _PLAIN.match(self.text, self.at)
            assert match is not None
            parts.append(match.group())
            self.at = match.end()
            character = self.text[self.at : self.at + 1]
            if character == '"':
                self.at += 1
                return "".join(parts)
            if character == "":
                raise self.stop(end_missing_at)
            if character != "\\":
                raise self.stop(self.at)  # a control character
            self.at += 1
            parts.append(self.escape(pointer))
            end_missing_at = self.at

    def escape(self, pointer: str) -> str:
        """What follows a backslash."""
        letter = self.text[self.at : self.at + 1]
        if letter in _ESCAPES and letter:
            self.at += 1
            return _ESCAPES[letter]
        if letter != "u":
            raise self.stop(self.at)
        self.at += 1
        unit = self.hexadecimal()
        if 0xD800 <= unit <= 0xDBFF and self.text.startswith("\\u", self.at):
            low = _HEX4.match(self.text, self.at + 2)
            if low is None:
                raise self.stop(self.at + 2)
            if 0xDC00 <= int(low.group(), 16) <= 0xDFFF:
                self.at += 6
                return chr(0x10000 + (unit - 0xD800) * 0x400 + (int(low.group(), 16) - 0xDC00))
        if 0xD800 <= unit <= 0xDFFF:
            self.faults.append(Fault("lone_surrogate", pointer))
            return "\ufffd"
        return chr(unit)

    def hexadecimal(self) -> int:
        """Four hexadecimal digits."""
        match = _HEX4.match(self.text, self.at)
        if match is None:
            raise self.stop(self.at)
        self.at += 4
        return int(match.group(), 16)

    def number(self, pointer: str) -> Fraction:
        """A number: the longest run of its characters."""
        match = _NUMBER_RUN.match(self.text, self.at)
        assert match is not None
        value = numbers.read_decimal(match.group())
        if value == "not_a_number":
            raise self.stop(self.at)
        self.at = match.end()
        if isinstance(value, str):
            self.faults.append(Fault(value, pointer))
            return Fraction(0)
        return value


def read_text(data: bytes, largest: int) -> Any:
    """Stage 1: the value that the bytes say, or the faults of their text."""
    if len(data) > largest:
        raise Refused([Fault("limit_exceeded", "")])
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8")
        line = before.count("\n") + 1
        column = len(before) - (before.rfind("\n") + 1) + 1
        raise Refused([Fault("json_syntax", line=line, column=column)]) from None
    reader = _Reader(text.removeprefix("\ufeff"))
    try:
        value = reader.document()
    except _Stop:
        raise Refused(reader.faults) from None
    stage(reader.faults)
    return value


# --- Stage 2: language and kind -------------------------------------------------------------------


def check_kind(value: Any, kind: str) -> dict[str, Any]:
    """Stage 2: the document's object, or the faults of its language and kind."""
    if not isinstance(value, dict):
        raise Refused([Fault("wrong_type", "")])
    faults = []
    for member, expected, code in (
        ("language", LANGUAGE, "language_unsupported"),
        ("document", kind, "unknown_value"),
    ):
        if member not in value:
            faults.append(Fault("missing_field", ""))
        elif not isinstance(value[member], str) or value[member] != expected:
            faults.append(Fault(code, below("", member)))
    stage(faults)
    return value


# --- Stage 3: the shape ---------------------------------------------------------------------------
#
# A type is a function of a value, its pointer and the list to which faults are added.

Type = Callable[[Any, str, list[Fault]], None]


def is_blank(text: str) -> bool:
    """Empty, or only Unicode white space."""
    return all(character in WHITE_SPACE for character in text)


def is_number(value: Any) -> bool:
    """A JSON number."""
    return isinstance(value, Fraction)


def string(value: Any, pointer: str, faults: list[Fault]) -> None:
    """A string."""
    if not isinstance(value, str):
        faults.append(Fault("wrong_type", pointer))


def number(value: Any, pointer: str, faults: list[Fault]) -> None:
    """A number."""
    if not is_number(value):
        faults.append(Fault("wrong_type", pointer))


def number_or_null(value: Any, pointer: str, faults: list[Fault]) -> None:
    """A number or null."""
    if value is not None and not is_number(value):
        faults.append(Fault("wrong_type", pointer))


def whole(value: Any, pointer: str, faults: list[Fault]) -> None:
    """A whole number from 0 to 2^32-1."""
    if not is_number(value) or not numbers.is_whole(value) or not 0 <= value <= MAX_WHOLE:
        faults.append(Fault("wrong_type", pointer))


def boolean(value: Any, pointer: str, faults: list[Fault]) -> None:
    """A boolean."""
    if not isinstance(value, bool):
        faults.append(Fault("wrong_type", pointer))


def text(value: Any, pointer: str, faults: list[Fault]) -> None:
    """A text: a map from language tags to strings (Texts)."""
    if not isinstance(value, dict):
        faults.append(Fault("wrong_type", pointer))
        return
    wrong = [tag for tag, words in value.items() if not isinstance(words, str)]
    faults.extend(Fault("wrong_type", below(pointer, tag)) for tag in wrong)
    if not wrong and is_blank(value.get("fr", "")):
        faults.append(Fault("text_without_french", pointer))


def word(*allowed: str) -> Type:
    """One of some words."""

    def check(value: Any, pointer: str, faults: list[Fault]) -> None:
        if not isinstance(value, str):
            faults.append(Fault("wrong_type", pointer))
        elif value not in allowed:
            faults.append(Fault("unknown_value", pointer))

    return check


def array(item: Type) -> Type:
    """An array, of which all items are read."""

    def check(value: Any, pointer: str, faults: list[Fault]) -> None:
        if not isinstance(value, list):
            faults.append(Fault("wrong_type", pointer))
            return
        for i, entry in enumerate(value):
            item(entry, below(pointer, i), faults)

    return check


def mapping(item: Type) -> Type:
    """A map, of which all members are read."""

    def check(value: Any, pointer: str, faults: list[Fault]) -> None:
        if not isinstance(value, dict):
            faults.append(Fault("wrong_type", pointer))
            return
        for name, entry in value.items():
            item(entry, below(pointer, name), faults)

    return check


def members(
    value: dict[str, Any],
    pointer: str,
    faults: list[Fault],
    required: Mapping[str, Type],
    optional: Mapping[str, Type],
) -> None:
    """The members of an object that is one."""
    for name, entry in value.items():
        kind = required.get(name) or optional.get(name)
        if kind is None:
            faults.append(Fault("unknown_field", below(pointer, name)))
        else:
            kind(entry, below(pointer, name), faults)
    if any(name not in value for name in required):
        faults.append(Fault("missing_field", pointer))


def record(required: Mapping[str, Type], optional: Mapping[str, Type] | None = None) -> Type:
    """An object with these members."""

    def check(value: Any, pointer: str, faults: list[Fault]) -> None:
        if not isinstance(value, dict):
            faults.append(Fault("wrong_type", pointer))
            return
        members(value, pointer, faults, required, optional or {})

    return check


def any_value(value: Any, pointer: str, faults: list[Fault]) -> None:
    """Anything: a member that was checked before."""


def forms(
    tell: str,
    known: Mapping[str, tuple[Mapping[str, Type], Mapping[str, Type]]],
) -> Type:
    """An object of several forms; the member `tell` says which."""

    def check(value: Any, pointer: str, faults: list[Fault]) -> None:
        if not isinstance(value, dict):
            faults.append(Fault("wrong_type", pointer))
            return
        if tell not in value:
            faults.append(Fault("missing_field", pointer))
            return
        form = value[tell]
        if not isinstance(form, str):
            faults.append(Fault("wrong_type", below(pointer, tell)))
        elif form not in known:
            faults.append(Fault("unknown_value", below(pointer, tell)))
        else:
            required, optional = known[form]
            members(value, pointer, faults, {tell: any_value, **required}, optional)

    return check


# --- Canonical form -------------------------------------------------------------------------------


def canonical(value: Any) -> str:
    """The one text of a JSON value, RFC 8785 (Canonical form).

    Numbers may be `Fraction` (a decimal), `int` or `float` (a binary64).
    """
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _canonical_string(value)
    if isinstance(value, int | float | Fraction):
        return numbers.text_of(value if isinstance(value, float) else numbers.rnd(Fraction(value)))
    if isinstance(value, Mapping):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be"))
        parts = [f"{_canonical_string(key)}:{canonical(value[key])}" for key in keys]
        return "{" + ",".join(parts) + "}"
    if isinstance(value, Sequence):
        return "[" + ",".join(canonical(item) for item in value) + "]"
    raise TypeError(type(value))


_SHORT = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}
_TO_ESCAPE = re.compile(r'["\\\x00-\x1f]')


def _canonical_string(value: str) -> str:
    """A string in canonical form."""

    def escape(match: re.Match[str]) -> str:
        character = match.group()
        return _SHORT.get(character) or f"\\u{ord(character):04x}"

    return '"' + _TO_ESCAPE.sub(escape, value) + '"'


def digest(value: Any) -> str:
    """The digest of a value: SHA-256 of its canonical form."""
    return digest_of_bytes(canonical(value).encode("utf-8"))


def digest_of_bytes(data: bytes) -> str:
    """SHA-256, as 64 lower-case hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


# --- The two digests of a methodology -------------------------------------------------------------


def document_digest(document: dict[str, Any]) -> str:
    """Of the canonical form of the whole document."""
    return digest(document)


def method_digest(document: dict[str, Any]) -> str:
    """Of the canonical form of `method(document)`."""
    return digest(method(document))


def method(value: Any) -> Any:
    """What is left without what only speaks to people."""
    if isinstance(value, dict):
        kept: dict[str, Any] = {}
        for name, entry in value.items():
            if name in PRESENTATION:
                continue
            if name in NAMES and isinstance(entry, dict):
                kept[name] = {key: method(inner) for key, inner in entry.items()}
            else:
                kept[name] = method(entry)
        return kept
    if isinstance(value, list):
        return [method(item) for item in value]
    return value


# --- The digest of a cohort -----------------------------------------------------------------------


def bytewise(value: str) -> bytes:
    """The key that compares texts byte by byte."""
    return value.encode("utf-8")


def canonical_cohort(cohort: dict[str, Any], owner: Callable[[str], str]) -> dict[str, Any]:
    """The document of which the digest of a cohort is taken (The digest of a cohort).

    `cohort` is a sound cohort document; `owner` gives the territory for which an account of the
    previous period counts, by the id under which it stands.
    """
    document: dict[str, Any] = {"language": LANGUAGE, "document": "cohort"}
    if "period" in cohort:
        document["period"] = cohort["period"]
    attributes = {name for t in cohort["territories"] for name in t.get("attributes", {})}
    document["territories"] = [
        _canonical_territory(territory, attributes)
        for territory in sorted(cohort["territories"], key=lambda t: bytewise(t["id"]))
    ]
    document["accounts"] = canonical_accounts(cohort["accounts"], lambda former: former)
    previous = cohort.get("previous", {})
    if previous.get("accounts") or "period" in previous:
        document["previous"] = {"accounts": canonical_accounts(previous["accounts"], owner)}
        if "period" in previous:
            document["previous"]["period"] = previous["period"]
    if cohort.get("synthetic", False):
        document["synthetic"] = True
    return document


def _canonical_territory(territory: dict[str, Any], attributes: set[str]) -> dict[str, Any]:
    """A territory in the canonical cohort document."""
    result = {name: territory[name] for name in ("id", "name", "structure_type")}
    result["population"] = territory.get("population")
    for name in ("population_vintage", "department", "region"):
        if territory.get(name, ""):
            result[name] = territory[name]
    if attributes:
        given = territory.get("attributes", {})
        result["attributes"] = {name: given.get(name) for name in attributes}
    if "stratum" in territory:
        result["stratum"] = territory["stratum"]
    formerly = territory.get("formerly")
    if formerly is not None and formerly != [territory["id"]]:
        result["formerly"] = sorted(formerly, key=bytewise)
    return result


def metrics_by_network(accounts: list[dict[str, Any]]) -> dict[str, list[str]]:
    """The metrics that any account of a network names, byte by byte."""
    found: dict[str, set[str]] = {}
    for account in accounts:
        found.setdefault(account["network"], set()).update(account["metrics"])
    return {network: sorted(names, key=bytewise) for network, names in found.items()}


def account_order(
    account: dict[str, Any], names: list[str], owner: Callable[[str], str]
) -> tuple[Any, ...]:
    """The key by which accounts are ordered in the digest."""
    values = [account["metrics"].get(name) for name in names]
    return (
        bytewise(owner(account["territory"])),
        bytewise(account["network"]),
        bytewise(account["territory"]),
        not account.get("main", False),
        [(value is None, Fraction(0) if value is None else value) for value in values],
    )


def canonical_accounts(
    accounts: list[dict[str, Any]], owner: Callable[[str], str]
) -> list[dict[str, Any]]:
    """The accounts of one period in the canonical cohort document, in their order."""
    names = metrics_by_network(accounts)
    result = []
    for account in sorted(accounts, key=lambda a: account_order(a, names[a["network"]], owner)):
        entry = {
            "territory": account["territory"],
            "network": account["network"],
            "metrics": {name: account["metrics"].get(name) for name in names[account["network"]]},
        }
        if account.get("main", False):
            entry["main"] = True
        result.append(entry)
    return result


# --- Variants: JSON Merge Patch -------------------------------------------------------------------


def merge(target: Any, patch: Any) -> Any:
    """RFC 7396, section 2."""
    if not isinstance(patch, dict):
        return patch
    result = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            result.pop(name, None)
        else:
            result[name] = merge(result.get(name), value)
    return result


def variant(document: dict[str, Any], patch: bytes) -> Any:
    """The document of a variant, to be read from stage 2 on (Variants, steps 1 to 3)."""
    changes = read_text(patch, LARGEST["patch"])
    if not isinstance(changes, dict):
        raise Refused([Fault("wrong_type", "")])
    result = merge(document, changes)
    result["status"] = "variant"
    variant_of = result.get("variant_of")
    result["variant_of"] = {
        **(variant_of if isinstance(variant_of, dict) else {}),
        "id": document["id"],
        "version": document["version"],
        "method_sha256": method_digest(document),
    }
    if "version" not in changes:
        result["version"] = document["version"] + "+variant"
    return result
