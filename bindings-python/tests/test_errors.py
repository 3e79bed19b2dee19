"""What is wrong is said by its own names, all at once, and never by a crash."""

from __future__ import annotations

import copy
import math
import pickle
from pathlib import Path
from typing import Any

import bareme
import numpy
import pandas
import polars
import pyarrow
import pytest
from conftest import EXAMPLE, as_document, two_towns

Columns = dict[str, list[Any]]


def faults(methodology: bareme.Methodology, frame: Any) -> list[tuple[Any, ...]]:
    with pytest.raises(bareme.InputError) as caught:
        methodology.score(frame)
    assert isinstance(caught.value, ValueError)
    assert isinstance(caught.value, bareme.BaremeError)
    return [(fault.row, fault.column, fault.code) for fault in caught.value.faults]


BAD: dict[str, tuple[dict[str, Any], list[tuple[Any, ...]]]] = {
    "misspelt": ({"folowers": [1, 2]}, [(1, "folowers", "unknown_column")]),
    "negative": ({"posts": [-1, 62]}, [(1, "posts", "negative_value")]),
    "fraction": ({"posts": [31, 2.5]}, [(2, "posts", "fractional_count")]),
    "infinite": ({"likes": [math.inf, 1]}, [(1, "likes", "infinite_value")]),
    "minus infinity": ({"likes": [1, -math.inf]}, [(2, "likes", "infinite_value")]),
    "text": ({"likes": ["many", "1"]}, [(1, "likes", "not_a_number")]),
    "boolean": ({"likes": [True, False]}, [(1, "likes", "not_a_number"), (2, "likes", "not_a_number")]),
    "huge": ({"likes": [2**53, 1]}, [(1, "likes", "out_of_range")]),
    "huger": ({"likes": [10**100, 1]}, [(1, "likes", "number_not_representable")]),
    "lists": ({"likes": [[1], [2]]}, [(1, "likes", "wrong_type")]),
    "duplicate": ({"territory": ["06083", "06083"], "name": ["Menton"] * 2, "population": [1, 1]}, []),
    "lost zero": ({"territory": [6083, 6088]}, []),
    "unknown type": (
        {"structure_type": ["commune", "kingdom"]},
        [(2, "structure_type", "unknown_structure_type")],
    ),
    "empty": ({name: [] for name in two_towns()}, [(1, "territory", "empty_cohort")]),
}


@pytest.mark.parametrize("kind", BAD)
@pytest.mark.parametrize("make", [dict, pandas.DataFrame, polars.DataFrame, pyarrow.table])
def test_bad_input(kind: str, make: Any, frame: Columns, methodology: bareme.Methodology) -> None:
    change, expected = BAD[kind]
    try:
        made = make(frame | change)
    except (OverflowError, TypeError, ValueError, pyarrow.ArrowException, polars.exceptions.PolarsError):
        pytest.skip("this library does not hold such a frame")
    found = faults(methodology, made)
    if kind == "empty":
        assert "empty_cohort" in [code for _, _, code in found]
    elif kind == "duplicate":
        assert (2, "network", "duplicate_account") in found or "duplicate_account" in [code for *_, code in found]
    elif kind == "lost zero":
        assert [code for *_, code in found] == ["lost_leading_zero"] * 2
    elif kind in ("huge", "huger"):
        assert {code for *_, code in found} <= {"out_of_range", "number_not_representable"}
    else:
        assert found == expected


def test_every_fault_at_once_in_the_frame_s_own_names(methodology: bareme.Methodology) -> None:
    frame = two_towns()
    frame["Abonnés"] = frame.pop("followers")
    frame |= {"Abonnés": [-1, "x"], "posts": [2.5, 3], "likes": [math.inf, 1]}
    with pytest.raises(bareme.InputError) as caught:
        methodology.score(frame)
    error = caught.value
    assert {(fault.row, fault.column) for fault in error.faults} == {
        (2, "Abonnés"),
        (1, "Abonnés"),
        (1, "posts"),
        (1, "likes"),
    }
    assert "row 1, column 'Abonnés'" in str(error)
    assert "[negative_value]" in str(error)
    assert "trouvé" in error.text("fr")
    assert all(fault.expected and fault.advice for fault in error.faults)
    assert copy.copy(error).faults == error.faults
    assert pickle.loads(pickle.dumps(error)).faults == error.faults


def test_a_thousand_faults_are_counted(methodology: bareme.Methodology) -> None:
    frame = {name: values[:1] * 3000 for name, values in two_towns().items()}
    frame["territory"] = [f"{place:05}" for place in range(3000)]
    frame["posts"] = [-1] * 3000
    with pytest.raises(bareme.InputError) as caught:
        methodology.score(frame)
    error = caught.value
    assert (len(error.faults), error.omitted) == (1000, 2000)
    assert "3000 faults" in str(error)
    assert "row 1 and 999 more, column 'posts'" in str(error)
    assert len(str(error).splitlines()) < 20


def test_documents(methodology: bareme.Methodology) -> None:
    with pytest.raises(bareme.InputError) as caught:
        bareme.Methodology.from_json(b"{")
    assert caught.value.code == "json_syntax"
    assert caught.value.faults[0].line == 1
    document = methodology.document
    document["index"]["of"][0]["weight"] = -1
    document["indicators"][0]["formula"] = "likes +"
    with pytest.raises(bareme.InputError) as caught:
        bareme.Methodology.from_json(document)
    assert {fault.pointer for fault in caught.value.faults} >= {"/indicators/0/formula"}
    for text in (
        '{"a": "\\ud800"}',
        '{"a": "\ud800"}',
        "{}",
        "[]",
        "null",
        '{"language": 1}',
        "\x00",
        "{" * 5000,
    ):
        with pytest.raises(bareme.InputError):
            bareme.Methodology.from_json(text)
        with pytest.raises(bareme.InputError):
            bareme.Cohort.from_json(text)
    with pytest.raises(bareme.InputError):
        methodology.variant('{"index": 3}')


def test_what_is_asked_for_and_is_not_there(frame: Columns, methodology: bareme.Methodology) -> None:
    scoring = methodology.score(frame)
    for ask in (
        lambda: bareme.methodology("observatoire-instagram"),
        lambda: scoring.ranking(by="tallest"),
        lambda: scoring.territory("Nowhere"),
        lambda: scoring.receipt("Nowhere"),
    ):
        with pytest.raises(bareme.NotFoundError) as caught:
            ask()
        assert isinstance(caught.value, LookupError)
    with pytest.raises(bareme.InputError):
        scoring.ranking(within="planet")
    with pytest.raises(ValueError, match="schema"):
        bareme.schema("weather")


@pytest.mark.parametrize(
    "given",
    [
        None,
        3,
        object(),
        "",
        [1, 2],
        [[1]],
        {"a": 1},
        {"a": "text"},
        {"a": b"bytes"},
        {"a": {"b": 1}},
        {1: [1]},
        {},
    ],
)
def test_what_is_no_frame(given: Any, methodology: bareme.Methodology) -> None:
    with pytest.raises((TypeError, bareme.InputError)):
        methodology.score(given)


def test_columns_of_other_shapes(frame: Columns, methodology: bareme.Methodology) -> None:
    columns: list[Any] = [numpy.zeros((2, 2)), numpy.array(3.0), numpy.array([1 + 2j, 3]), [[1], [2]], [{}, {}]]
    for column in columns:
        assert "wrong_type" in [fault.code for fault in methodology.check(frame | {"likes": column})] or (
            "column_length" in [fault.code for fault in methodology.check(frame | {"likes": column})]
        )
    of_nothing: list[list[Any]] = [[[]], [{}], [{"a": None}], [None], [b"x"]]
    wide = {"likes": polars.Series([2**80, 1], dtype=polars.Int128)}
    for made in (frame | wide, polars.DataFrame(frame).with_columns(**wide)):
        assert [(fault.row, fault.code) for fault in methodology.check(made)] == [(1, "out_of_range")]
    for odd in of_nothing:
        for made in (polars.DataFrame({"x": odd}), {"x": polars.Series(odd)}, pyarrow.table({"x": odd})):
            assert "unknown_column" in [fault.code for fault in methodology.check(made)]
    zoned = pandas.to_datetime(["2026-10-01"] * 2).tz_localize("Europe/Paris")
    found = methodology.check(pandas.DataFrame(frame | {"from": zoned}))
    assert found[0].code in ("wrong_type", "invalid_date")
    noon = pandas.Series(pandas.to_datetime(["2026-10-01T12:00"] * 2))
    assert "invalid_date" in [fault.code for fault in methodology.check(frame | {"from": noon})]
    assert [fault.code for fault in methodology.check(frame | {"likes": [1]})] == ["column_length"]
    assert methodology.check(pandas.DataFrame(frame | {"_note": [[1], [2]]})) == []


def test_what_cannot_go_together(frame: Columns, methodology: bareme.Methodology) -> None:
    cohort = methodology.cohort(frame)
    with pytest.raises(TypeError):
        methodology.score(cohort, period=("2026-10-01", "2026-10-31"))
    with pytest.raises(TypeError):
        methodology.score(frame, period="2026-10-01")  # type: ignore[arg-type]
    with pytest.raises(bareme.InputError, match="invalid_date"):
        methodology.score(frame, period=("yesterday", "today"))
    with pytest.raises(ValueError, match="threads"):
        methodology.score(frame, threads=0)
    with pytest.raises(TypeError, match="pathlib"):
        methodology.score(str(EXAMPLE))
    with pytest.raises(TypeError, match="pathlib"):
        methodology.score("nowhere.csv")
    with pytest.raises(TypeError, match="item 1 is of type int"):
        methodology.score([{"territory": "1"}, 3])  # type: ignore[list-item,unused-ignore]
    with pytest.raises(FileNotFoundError):
        methodology.score(Path("nowhere.csv"))
    with pytest.raises(TypeError):
        bareme.Cohort("text")  # type: ignore[arg-type]


def test_a_fault_of_the_second_frame_says_so(frame: Columns, methodology: bareme.Methodology) -> None:
    own = ["territory", "name", "structure_type", "population"]
    territories = {name: frame[name] for name in own} | {"population": [-5, 1]}
    accounts = {name: values for name, values in frame.items() if name not in own[1:]}
    with pytest.raises(bareme.InputError, match="of the territories") as caught:
        methodology.score(accounts, territories)
    assert caught.value.faults[0].table == "territories"


def test_unknown_columns_are_left_out_on_request(frame: Columns, methodology: bareme.Methodology) -> None:
    wide = frame | {"weather": ["rain", ""]}
    assert [fault.code for fault in methodology.check(wide)] == ["unknown_column"]
    scoring = methodology.score(wide, ignore_unknown=True)
    assert scoring.ignored == [bareme.Ignored("column", "weather", 1)]
    assert scoring.cohort.sha256 == methodology.cohort(frame).sha256
    assert methodology.check(as_document(frame), ignore_unknown=True) == []
