"""Documents as callers give them: text, bytes, a file's path, or a dictionary."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeAlias

#: A JSON document: its text, its bytes, the path of its file, or what ``json.load`` makes of it.
Document: TypeAlias = "str | bytes | bytearray | os.PathLike[str] | Mapping[str, Any]"


def document_bytes(document: Document, what: str) -> bytes:
    """Give the bytes of a document."""
    if isinstance(document, (bytes, bytearray)):
        return bytes(document)
    if isinstance(document, str):
        if not document.lstrip().startswith(("{", "[", '"')) and len(document) < 1000 and _is_name(document):
            raise TypeError(f"{what}: this is the name of a file; give pathlib.Path({document!r}) to read it")
        # A lone surrogate is refused by the core, with its place.
        return document.encode("utf-8", "surrogatepass")
    if isinstance(document, os.PathLike):
        return Path(document).read_bytes()
    if isinstance(document, Mapping):
        return json.dumps(document, ensure_ascii=False).encode("utf-8", "surrogatepass")
    raise TypeError(f"{what}: a JSON text, a pathlib.Path or a dictionary is needed, not {type(document).__name__}")


def _is_name(text: str) -> bool:
    """Whether a text is the name of a file, there or not, rather than what a file holds."""
    path = Path(text)
    return path.suffix.lower() in {".json", ".csv"} or path.is_file()
