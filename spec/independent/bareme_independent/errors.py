"""spec/errors.md: faults, their codes and places."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple


class Fault(NamedTuple):
    """A code and a place (errors.md, Definitions).

    The place is a pointer, or a position in a text that could not be read. (The third kind, a
    cell of a table, does not occur: tables are not read here.)
    """

    code: str
    pointer: str | None = None
    line: int = 0
    column: int = 0

    def place(self) -> dict[str, Any]:
        """The place as JSON (errors.md, Definitions)."""
        if self.pointer is None:
            return {"position": {"line": self.line, "column": self.column}}
        return {"pointer": self.pointer}

    def to_json(self) -> dict[str, Any]:
        """Code and place in one object."""
        return {"code": self.code, **self.place()}


class Refused(Exception):  # noqa: N818 - it is the refusal of a document, as the text says
    """A document, or an operation, with the set of its faults."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = distinct(faults)
        super().__init__(", ".join(f"{f.code} at {f.place()}" for f in self.faults))


def distinct(faults: Iterable[Fault]) -> list[Fault]:
    """Each pair of code and place once (errors.md: repetition says nothing)."""
    return list(dict.fromkeys(faults))


def stage(faults: Sequence[Fault]) -> None:
    """End of a stage: if it has faults, the stages after it are not entered (errors.md, Stages)."""
    if faults:
        raise Refused(faults)


def below(pointer: str, *names: str | int) -> str:
    """The pointer of a member or item (RFC 6901)."""
    for name in names:
        pointer += "/" + str(name).replace("~", "~0").replace("/", "~1")
    return pointer
