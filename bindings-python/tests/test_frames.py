"""Every kind of frame and of column says the same, and comes back as it came."""

from __future__ import annotations

import array
import datetime
import decimal
import json
import math
import random
from typing import Any

import bareme
import duckdb
import numpy
import pandas
import polars
import pyarrow
import pytest
from conftest import as_document

Columns = dict[str, list[Any]]


def digest(methodology: bareme.Methodology, *frames: Any, **options: Any) -> str:
    return methodology.cohort(*frames, **options).sha256


def dictionary(columns: Columns) -> pyarrow.Table:
    table = pyarrow.table(columns)
    fields = [
        column.dictionary_encode() if pyarrow.types.is_string(column.type) else column for column in table.columns
    ]
    return pyarrow.Table.from_arrays(fields, names=table.column_names)


def chunked(columns: Columns) -> pyarrow.Table:
    table = pyarrow.table(columns)
    return pyarrow.concat_tables([table.slice(row, 1) for row in range(len(table))])


def views(columns: Columns) -> pyarrow.Table:
    table = pyarrow.table(columns)
    fields = [
        column.cast(pyarrow.string_view()) if pyarrow.types.is_string(column.type) else column
        for column in table.columns
    ]
    return pyarrow.Table.from_arrays(fields, names=table.column_names)


def numpy_columns(columns: Columns) -> dict[str, Any]:
    return {name: numpy.array(values) for name, values in columns.items()}


def nullable(columns: Columns) -> pandas.DataFrame:
    return pandas.DataFrame(columns).convert_dtypes()


def relation(columns: Columns) -> Any:
    table = pyarrow.table(columns)
    return duckdb.from_arrow(table)


FRAMES = {
    "pandas": pandas.DataFrame,
    "pandas-nullable": nullable,
    "pandas-arrow": lambda columns: pandas.DataFrame(columns).convert_dtypes(dtype_backend="pyarrow"),
    "pandas-category": lambda columns: pandas.DataFrame(columns).astype({"network": "category", "name": "category"}),
    "pandas-object": lambda columns: pandas.DataFrame(columns, dtype=object),
    "polars": polars.DataFrame,
    "polars-lazy": lambda columns: polars.DataFrame(columns).lazy(),
    "polars-categorical": lambda columns: polars.DataFrame(columns).with_columns(
        polars.col("network", "structure_type").cast(polars.Categorical)
    ),
    "pyarrow": pyarrow.table,
    "pyarrow-dictionary": dictionary,
    "pyarrow-chunked": chunked,
    "pyarrow-views": views,
    "pyarrow-sliced": lambda columns: pyarrow.concat_tables([pyarrow.table(columns)] * 2).slice(len(columns["name"])),
    "pyarrow-batch": lambda columns: pyarrow.table(columns).to_batches()[0],
    "duckdb": relation,
    "dict": lambda columns: columns,
    "dict-of-numpy": numpy_columns,
    "dict-of-series": lambda columns: {name: polars.Series(values) for name, values in columns.items()},
    "dict-of-tuples": lambda columns: {name: tuple(values) for name, values in columns.items()},
    "records": lambda columns: [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)],
}


@pytest.mark.parametrize("kind", FRAMES)
def test_every_frame_says_the_same(kind: str, frame: Columns, methodology: bareme.Methodology) -> None:
    expected = bareme.Cohort.from_json(as_document(frame)).sha256
    assert digest(methodology, FRAMES[kind](frame)) == expected


@pytest.mark.parametrize("kind", FRAMES)
def test_an_example_of_real_territories(kind: str, example: Columns, methodology: bareme.Methodology) -> None:
    expected = digest(methodology, example)
    assert digest(methodology, FRAMES[kind](example)) == expected


def test_the_same_kind_comes_back(frame: Columns, methodology: bareme.Methodology) -> None:
    def back(kind: str) -> Any:
        return methodology.score(FRAMES[kind](frame)).scores

    assert isinstance(back("pandas"), pandas.DataFrame)
    assert isinstance(back("polars"), polars.DataFrame)
    assert isinstance(back("polars-lazy"), polars.DataFrame)
    assert isinstance(back("pyarrow"), pyarrow.Table)
    assert isinstance(back("dict"), dict)
    assert isinstance(back("records"), list)
    assert isinstance(back("duckdb"), bareme.Frame)
    assert isinstance(methodology.score(as_document(frame)).scores, bareme.Frame)


def bits(value: Any) -> Any:
    """A value that can be compared: numbers by their bits, nothing as None."""
    if value is None or value is pandas.NA or (isinstance(value, float) and math.isnan(value)):
        return None
    return value.hex() if isinstance(value, float) else value


@pytest.mark.parametrize("name", ["observatoire-instagram@2017.10", "territoires@2026.11"])
def test_what_comes_back_is_equal_in_every_kind(name: str, example: Columns) -> None:
    methodology = bareme.methodology(name)

    def frames(kind: str) -> list[Any]:
        scoring = methodology.score(FRAMES[kind](example), ignore_unknown=True)
        return [scoring.scores, scoring.indicators, scoring.ranking(), scoring.ranking(within="cohort")]

    for plain, pd, pl, pa in zip(*map(frames, ("dict", "pandas", "polars", "pyarrow")), strict=True):
        for column, values in plain.items():
            expected = [bits(value) for value in values]
            assert [bits(value) for value in pd[column].tolist()] == expected, column
            assert [bits(value) for value in pl[column].to_list()] == expected, column
            assert [bits(value) for value in pa[column].to_pylist()] == expected, column
        assert list(plain) == list(pd.columns) == pl.columns == pa.column_names


def test_frames_say_what_the_document_says(example: Columns, methodology: bareme.Methodology) -> None:
    scoring = methodology.score(example)
    scores, indicators = scoring.scores, scoring.indicators
    territories = scoring.document["territories"]
    assert scores["territory"] == [territory["id"] for territory in territories]
    assert scores["performance.score"] == [territory["indices"][0]["score"] for territory in territories]
    assert scores["performance.published"] == [territory["indices"][0]["published"] for territory in territories]
    marks = [criterion["mark"] for territory in territories for criterion in territory["criteria"]]
    assert indicators["mark"] == marks
    assert set(scores["status"]) == set(indicators["status"]) == {"reconstruction"}


def test_two_frames(frame: Columns, methodology: bareme.Methodology) -> None:
    own = ["territory", "name", "structure_type", "population"]
    territories = {name: frame[name] for name in own}
    accounts = {name: values for name, values in frame.items() if name not in own[1:]}
    expected = digest(methodology, frame)
    assert digest(methodology, accounts, territories) == expected
    assert digest(methodology, polars.DataFrame(accounts), pandas.DataFrame(territories)) == expected


NUMBERS: dict[str, Any] = {
    "int64": numpy.array([18700, 92000], dtype=numpy.int64),
    "int32": numpy.array([18700, 92000], dtype=numpy.int32),
    "uint64": numpy.array([18700, 92000], dtype=numpy.uint64),
    "float64": numpy.array([18700.0, 92000.0]),
    "float32": numpy.array([18700.0, 92000.0], dtype=numpy.float32),
    "strided": numpy.array([18700.0, 0.0, 92000.0, 0.0])[::2],
    "reversed": numpy.array([92000.0, 18700.0])[::-1],
    "big-endian": numpy.array([18700.0, 92000.0], dtype=">f8"),
    "array": array.array("d", [18700.0, 92000.0]),
    "memoryview": memoryview(array.array("q", [18700, 92000])),
    "decimals": [decimal.Decimal("18700.00"), decimal.Decimal(92000)],
    "numpy scalars": [numpy.int64(18700), numpy.float64(92000)],
    "decimal128": pyarrow.array([decimal.Decimal(18700), decimal.Decimal(92000)], pyarrow.decimal128(20, 2)),
    "decimal256": pyarrow.array([decimal.Decimal(18700), decimal.Decimal(92000)], pyarrow.decimal256(60, 2)),
    "uint16-like": pyarrow.array([18700, 92000], pyarrow.uint32()),
    "texts": ["18700", "92000"],
    "mixed": ["18700", 92000],
    "generator": (number for number in (18700, 92000)),
}


@pytest.mark.parametrize("kind", NUMBERS)
def test_every_kind_of_number_is_the_same_number(kind: str, frame: Columns, methodology: bareme.Methodology) -> None:
    expected = digest(methodology, frame)
    assert digest(methodology, frame | {"followers": NUMBERS[kind]}) == expected


def unknown_scores(methodology: bareme.Methodology, frame: Any) -> list[str | None]:
    return [territory.published for territory in methodology.score(frame).territories]


def test_what_is_not_known_is_not_known_however_it_is_written(frame: Columns, methodology: bareme.Methodology) -> None:
    expected = digest(methodology, frame | {"likes": [None, 150000]})
    columns: list[Any] = [
        [math.nan, 150000.0],
        [pandas.NA, 150000],
        [decimal.Decimal("NaN"), 150000],
        numpy.array([math.nan, 150000.0]),
        numpy.array([math.nan, 150000.0], dtype=numpy.float32),
        pyarrow.array([None, 150000.0]),
        pyarrow.array([math.nan, 150000.0], from_pandas=False),
        pyarrow.array([None, 150000]),
        pandas.Series([None, 150000], dtype="Int64"),
        pandas.Series([math.nan, 150000.0]),
        polars.Series([None, 150000]),
        polars.Series([math.nan, 150000.0]),
        ["", "150000"],
    ]
    for column in columns:
        assert digest(methodology, frame | {"likes": column}) == expected, column
    for make in (pandas.DataFrame, polars.DataFrame, pyarrow.table):
        assert digest(methodology, make(frame | {"likes": [None, 150000]})) == expected
        assert digest(methodology, make(frame | {"likes": [math.nan, 150000.0]})) == expected


def test_binary32_means_its_own_shortest_decimal() -> None:
    document = bareme.methodology("observatoire-instagram@2017.10").document
    document |= {"id": "decimal", "status": "draft"}
    document["metrics"]["likes"]["kind"] = "decimal"
    methodology = bareme.Methodology.from_json(document)
    from conftest import two_towns

    values = [0.1, 1812284.2]
    expected = digest(methodology, two_towns() | {"likes": values})
    single = numpy.array(values, dtype=numpy.float32)
    assert float(single[0]) != 0.1
    for column in (single, pyarrow.array(single), polars.Series(single), list(single), pandas.Series(single)):
        assert digest(methodology, two_towns() | {"likes": column}) == expected, column


def test_negative_zero_is_zero(frame: Columns, methodology: bareme.Methodology) -> None:
    assert digest(methodology, frame | {"comments": [-0.0, 3100.0]}) == digest(
        methodology, frame | {"comments": [0, 3100]}
    )


DATES: dict[str, Any] = {
    "date": [datetime.date(2026, 10, 1)] * 2,
    "datetime": [datetime.datetime(2026, 10, 1)] * 2,
    "pandas": pandas.Series(pandas.to_datetime(["2026-10-01"] * 2)),
    "numpy": numpy.array(["2026-10-01"] * 2, dtype="datetime64[D]"),
    "polars-date": polars.Series([datetime.date(2026, 10, 1)] * 2),
    "polars-datetime": polars.Series([datetime.datetime(2026, 10, 1)] * 2),
    "arrow-seconds": pyarrow.array([datetime.datetime(2026, 10, 1)] * 2, pyarrow.timestamp("s")),
    "arrow-date64": pyarrow.array([datetime.date(2026, 10, 1)] * 2, pyarrow.date64()),
}


@pytest.mark.parametrize("kind", DATES)
def test_dates(kind: str, frame: Columns, methodology: bareme.Methodology) -> None:
    expected = digest(methodology, frame)
    assert digest(methodology, frame | {"from": DATES[kind]}) == expected
    without = {name: values for name, values in frame.items() if name not in ("from", "to")}
    assert digest(methodology, without, period=("2026-10-01", "2026-10-31")) == expected
    assert (
        digest(methodology, without, period=(datetime.date(2026, 10, 1), datetime.datetime(2026, 10, 31))) == expected
    )


def test_a_named_index_is_a_column(frame: Columns, methodology: bareme.Methodology) -> None:
    assert digest(methodology, pandas.DataFrame(frame).set_index("territory")) == digest(methodology, frame)


def test_the_order_of_rows_changes_nothing_but_their_order(example: Columns, methodology: bareme.Methodology) -> None:
    order = list(range(len(example["name"])))
    random.Random(1).shuffle(order)
    shuffled = {name: [values[row] for row in order] for name, values in example.items()}
    plain, other = methodology.score(example), methodology.score(shuffled)
    assert plain.cohort.sha256 == other.cohort.sha256
    assert {one["id"]: one for one in plain.document["territories"]} == {
        one["id"]: one for one in other.document["territories"]
    }


def test_the_frame_of_other_libraries(frame: Columns, methodology: bareme.Methodology) -> None:
    scores = methodology.score(json.dumps(as_document(frame))).scores
    assert polars.DataFrame(scores)["performance.published"].to_list() == ["25", "75"]
    assert pyarrow.table(scores).num_rows == len(scores) == 2
    assert scores.to_pandas()["performance.stratum.rank"].tolist() == [2, 1]
    assert scores.to_records()[0]["territory"] == "06083"
    assert [row["name"] for row in scores] == ["Menton", "Nice"]
    with pytest.raises(KeyError):
        scores["nothing"]
    relation = duckdb.from_arrow(pyarrow.table(scores))
    assert relation.filter("territory = '06088'").fetchall()[0][1] == "Nice"


def test_frames_are_read_without_changing_them(frame: Columns, methodology: bareme.Methodology) -> None:
    data = pandas.DataFrame(frame)
    before = data.copy()
    methodology.score(data)
    pandas.testing.assert_frame_equal(data, before)
