"""Random frames, documents and requests: whatever comes in, an error of this package comes out, or a result.

``python tests/fuzz.py [seconds]``; a few cases are part of the ordinary tests.
"""

from __future__ import annotations

import json
import math
import sys
import time
from typing import Any

import bareme
import numpy
import pandas
import polars
import pyarrow
from conftest import METHODOLOGY, as_document, two_towns
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

# In the ordinary tests always the same cases; by itself, ever others.
FEW = settings(
    deadline=None, suppress_health_check=list(HealthCheck), derandomize=__name__ != "__main__", database=None
)

NAMES = [
    *two_towns(),
    "stratum",
    "stratum_reason",
    "main",
    "synthetic",
    "previous.posts",
    "region",
    "_note",
    "x",
    "",
]
CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 2**70),
    st.floats(),
    st.text(max_size=6),
    st.decimals(),
    st.dates(),
    st.datetimes(),
    st.sampled_from(["06083", "commune", "instagram", "oui", "12,5", "NaN", "1e400", "2026-10-01", pandas.NA]),
    st.binary(max_size=3),
    st.lists(st.integers(), max_size=2),
)
PLAIN = st.one_of(st.none(), st.integers(-(2**63), 2**63 - 1), st.floats(), st.text(max_size=4))
KINDS = [
    "int8",
    "int64",
    "uint64",
    "float16",
    "float32",
    "float64",
    "bool",
    "complex64",
    "datetime64[s]",
    "S3",
    "O",
]


@st.composite
def columns(draw: st.DrawFn) -> dict[Any, Any]:
    rows = draw(st.integers(0, 4))
    frame: dict[Any, Any] = {}
    if draw(st.booleans()):
        frame = {name: (values * 2)[:rows] for name, values in two_towns().items()}
    for name in draw(st.lists(st.sampled_from(NAMES), max_size=4)):
        kind = draw(st.integers(0, 3))
        length = draw(st.sampled_from([rows, rows, rows, rows + 1]))
        if kind == 0:
            frame[name] = draw(st.lists(CELLS, min_size=length, max_size=length))
        elif kind == 1:
            values = draw(st.lists(st.integers(0, 100), min_size=length, max_size=length))
            frame[name] = numpy.array(values).astype(draw(st.sampled_from(KINDS)))
        elif kind == 2:
            frame[name] = polars.Series(draw(st.lists(st.floats(), min_size=length, max_size=length)))
        else:
            frame[name] = draw(st.lists(PLAIN, min_size=length, max_size=length))
    return frame


MAKERS: list[Any] = [
    dict,
    dict,
    pandas.DataFrame,
    polars.DataFrame,
    pyarrow.table,
    lambda frame: polars.DataFrame(frame).with_columns(polars.all().cast(polars.Categorical, strict=False)),
    lambda frame: pandas.DataFrame(frame).convert_dtypes(),
]


def survives(work: Any) -> Any:
    try:
        return work()
    except bareme.InternalError:
        raise
    except (bareme.BaremeError, TypeError):
        return None


@given(columns(), st.sampled_from(MAKERS), st.booleans(), st.booleans())
@settings(FEW, max_examples=150)
def a_frame(frame: dict[Any, Any], make: Any, ignore: bool, twice: bool) -> None:
    methodology = bareme.methodology(METHODOLOGY)
    try:
        made = make(frame)
    except (Exception, polars.exceptions.PanicException):
        # What the library itself does not make is none of ours.
        return
    scoring = survives(lambda: methodology.score(made, made if twice else None, ignore_unknown=ignore))
    if scoring is not None:
        assert len(scoring) > 0
        for score in scoring.document["territories"]:
            value = score["indices"][0]["score"]
            assert value is None or math.isfinite(value)
        assert bareme.verify(scoring.publication())


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=8), inner, max_size=3)),
    max_leaves=8,
)


def paths(value: Any, place: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [place]
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        found += paths(inner, (*place, key))
    return found


DOCUMENTS = {
    "methodology": bareme.methodology(METHODOLOGY).document,
    "cohort": as_document(two_towns()),
    "reference": bareme.methodology(METHODOLOGY).score(as_document(two_towns())).reference.document,
    "publication": bareme.methodology(METHODOLOGY).score(as_document(two_towns())).publication().document,
}
READERS: dict[str, Any] = {
    "methodology": bareme.Methodology.from_json,
    "cohort": bareme.Cohort.from_json,
    "reference": bareme.Reference.from_json,
    "publication": bareme.verify,
}


@given(st.sampled_from(sorted(DOCUMENTS)), st.data())
@settings(FEW, max_examples=150)
def a_document(kind: str, data: st.DataObject) -> None:
    document = json.loads(json.dumps(DOCUMENTS[kind]))
    place = data.draw(st.sampled_from(paths(document)))
    value = data.draw(JSON)
    if not place:
        document = value
    else:
        inside = document
        for key in place[:-1]:
            inside = inside[key]
        inside[place[-1]] = value
    survives(lambda: READERS[kind](json.dumps(document)))
    survives(lambda: READERS[kind](data.draw(st.one_of(st.binary(max_size=40), st.text(max_size=40)))))
    if kind == "methodology" and isinstance(value, dict):
        survives(lambda: bareme.methodology(METHODOLOGY).variant(json.dumps(value)))


@given(st.text(max_size=10), st.text(max_size=10))
@settings(FEW, max_examples=100)
def a_request(one: str, other: str) -> None:
    scoring = bareme.methodology(METHODOLOGY).score(two_towns())
    survives(lambda: scoring.ranking(one, other))
    survives(lambda: scoring.territory(one))
    survives(lambda: scoring.receipt(one))
    survives(lambda: bareme.methodology(f"{one}@{other}"))
    survives(lambda: scoring.publication(notes=[one, other], time=one))


def test_a_few_of_each() -> None:
    a_frame()
    a_document()
    a_request()


if __name__ == "__main__":
    end = time.monotonic() + float(sys.argv[1]) if len(sys.argv) > 1 else math.inf
    rounds = 0
    while time.monotonic() < end:
        test_a_few_of_each()
        rounds += 1
        print(f"{rounds} rounds of 400 cases", flush=True)
