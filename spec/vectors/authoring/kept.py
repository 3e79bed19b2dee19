"""Cases that the differential test found and that taught something.

Each is a file of `authoring/kept`: a case without `expected`, with the name of its page:
`{"page", "name", "about", "flags", "operation", …inputs as in a vector}`. Its documents stay as they
were found; what is expected of them is computed like everything else.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from .case import FLAGS, expected

FOLDER = Path(__file__).resolve().parent / "kept"


def cases(page: str) -> list[dict[str, Any]]:
    """Those of a page, by the names of their files."""
    found = []
    for path in sorted(FOLDER.glob("*.json")):
        case = json.loads(path.read_text(encoding="utf-8"))
        if case.pop("page") == page:
            assert all(flag in FLAGS for flag in case["flags"]), (path, case["flags"])
            case = {"id": f"{page}/{case.pop('name')}", **case}
            found.append({**case, "expected": expected(case)})
    return found
