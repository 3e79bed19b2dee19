"""Memory: a frame is scored within twice what it takes itself, whatever its numbers are."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

BENCH = Path(__file__).parents[1] / "benches" / "compare.py"


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize("kind", ["Float64", "Int64"])
def test_scoring_takes_less_than_twice_the_frame(kind: str) -> None:
    found = importlib.util.spec_from_file_location("compare", BENCH)
    assert found is not None
    assert found.loader is not None
    compare = importlib.util.module_from_spec(found)
    found.loader.exec_module(compare)
    most, _, size = compare.memory(200_000, kind)
    assert size > 50_000_000
    assert most < 2
