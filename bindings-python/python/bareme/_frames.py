"""Frames in, and the same kind of frame out.

No data frame library is imported here unless the caller's frame is one of its own, or asks for it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from . import _bareme

#: What a result is made into, after what was given.
Maker = Callable[["Frame"], Any]

#: The types of polars that every reader of Arrow reads.
_PLAIN = {f"{sign}Int{bits}" for sign in ("", "U") for bits in (8, 16, 32, 64)}
_PLAIN |= {"Float32", "Float64", "Decimal", "String", "Categorical", "Enum", "Boolean", "Date", "Datetime"}


class Frame:
    """A result as columns, when what was given was no data frame.

    Every library that reads Arrow reads it (``polars.DataFrame(frame)``, ``pyarrow.table(frame)``,
    ``duckdb.sql("from frame")``); the methods below make what one asks for.

    >>> frame = bareme.methodology("observatoire-instagram@2017.10").score(bareme.Cohort.from_json(cohort_json)).scores
    >>> frame
    <bareme.Frame 2 rows x 30 columns>
    >>> frame.columns[:3], frame["name"]
    (['territory', 'name', 'structure_type'], ['Menton', 'Nice'])
    """

    __slots__ = ("_native",)

    def __init__(self, native: _bareme.Frame) -> None:
        """Wrap the native columns; results come with one."""
        self._native = native

    def __len__(self) -> int:
        return len(self._native)

    def __repr__(self) -> str:
        return f"<bareme.Frame {len(self)} rows x {len(self.columns)} columns>"

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> Any:
        """Hand the columns over as Arrow data, once for each call."""
        return self._native.__arrow_c_stream__(requested_schema)

    def _repr_html_(self) -> str:
        from ._html import frame_html

        return frame_html(self)

    @property
    def columns(self) -> list[str]:
        """The names of the columns."""
        return [name for name, _ in self._native.columns()]

    def __getitem__(self, column: str) -> list[Any]:
        """Give a column as a list, ``None`` where there is no value."""
        try:
            return self._native.values(self.columns.index(column))
        except ValueError:
            raise KeyError(column) from None

    def __iter__(self) -> Iterator[dict[str, Any]]:
        """Go through the rows."""
        names = self.columns
        return (dict(zip(names, row, strict=True)) for row in zip(*self.to_dict().values(), strict=True))

    def to_dict(self) -> dict[str, list[Any]]:
        """Give the columns as lists, ``None`` where there is no value."""
        return {name: self._native.values(place) for place, name in enumerate(self.columns)}

    def to_records(self) -> list[dict[str, Any]]:
        """Give a dictionary for each row."""
        return list(self)

    def to_polars(self) -> Any:
        """Give a ``polars.DataFrame``."""
        import polars

        return polars.DataFrame(self._native)

    def to_pyarrow(self) -> Any:
        """Give a ``pyarrow.Table``."""
        import pyarrow

        return pyarrow.table(self._native)

    def to_pandas(self) -> Any:
        """Give a ``pandas.DataFrame``: ranks are of dtype ``UInt32``, columns of few texts are categorical."""
        import numpy
        import pandas

        columns: dict[str, Any] = {}
        texts = self._texts(pandas)
        for place, (name, kind) in enumerate(self._native.columns()):
            if kind == "number":
                columns[name] = numpy.frombuffer(self._native.memory(place))
            elif kind == "whole":
                values = numpy.frombuffer(self._native.memory(place), dtype=numpy.uint32)
                missing = values == 0
                columns[name] = pandas.arrays.IntegerArray(values.copy(), missing)
            elif kind == "coded":
                codes = numpy.frombuffer(self._native.memory(place), dtype=numpy.int32)
                columns[name] = pandas.Categorical.from_codes(codes, self._native.words(place))
            elif kind == "truth":
                columns[name] = numpy.array(self._native.values(place), dtype=bool)
            else:
                columns[name] = texts(place)
        return pandas.DataFrame(columns, copy=False)

    def _texts(self, pandas: Any) -> Callable[[int], Any]:
        """How a column of texts goes to pandas: by Arrow where pandas keeps texts so, else as a list."""
        if int(pandas.__version__.split(".")[0]) >= 3:
            try:
                import pyarrow
            except ImportError:
                pass
            else:
                table = pyarrow.table(self._native)
                return lambda place: pandas.array(table.column(place), dtype="str")
        return self._native.values


def _to_dict(frame: Frame) -> Any:
    return frame.to_dict()


def _to_records(frame: Frame) -> Any:
    return frame.to_records()


def _same(frame: Frame) -> Any:
    return frame


def _is_of(value: object, module: str, name: str) -> bool:
    """Whether this is an instance of a class of a library, which is not imported for this."""
    loaded = sys.modules.get(module)
    kind = getattr(loaded, name, None) if loaded is not None else None
    return isinstance(kind, type) and isinstance(value, kind)


def columns_of(frame: Any, what: str) -> tuple[object, Maker]:
    """Give what the native half reads, and how results are given back."""
    if isinstance(frame, Frame):
        return frame, _same
    if _is_of(frame, "pandas", "DataFrame"):
        return _of_pandas(frame), Frame.to_pandas
    if _is_of(frame, "polars", "LazyFrame"):
        return _of_polars(frame.collect()), Frame.to_polars
    if _is_of(frame, "polars", "DataFrame"):
        return _of_polars(frame), Frame.to_polars
    if _is_of(frame, "pyarrow", "Table") or _is_of(frame, "pyarrow", "RecordBatch"):
        return frame, Frame.to_pyarrow
    if hasattr(frame, "__arrow_c_stream__"):
        return frame, _same
    if isinstance(frame, Mapping):
        return [(_name(name), _column(column, name, what)) for name, column in frame.items()], _to_dict
    if isinstance(frame, Iterable) and not isinstance(frame, (str, bytes, bytearray)):
        rows = list(frame)
        if all(isinstance(row, Mapping) for row in rows):
            return _of_records(rows), _to_records
        place, other = next((place, row) for place, row in enumerate(rows) if not isinstance(row, Mapping))
        raise TypeError(f"{what}: each row is a dictionary, but item {place} is of type {type(other).__name__}")
    raise TypeError(
        f"{what}: a data frame, a dictionary of columns, a list of dictionaries, a JSON text or a bareme.Cohort "
        f"is needed, not {type(frame).__name__}"
    )


def _name(name: object) -> str:
    return name if isinstance(name, str) else str(name)


def _column(column: Any, name: object, what: str) -> object:
    """Make a column of what the native half can go through."""
    if _is_of(column, "pandas", "Series"):
        return _of_series(column)
    if _is_of(column, "numpy", "ndarray"):
        return _of_array(column)
    if _is_of(column, "polars", "Series") and not _is_plain(column.dtype):
        return column.to_list()
    if isinstance(column, (str, bytes, Mapping)) or not isinstance(column, Iterable):
        raise TypeError(f"{what}: the column {name!r} must be a list or an array, not {type(column).__name__}")
    as_it_is = isinstance(column, Sequence) or any(
        hasattr(column, way) for way in ("__arrow_c_stream__", "__arrow_c_array__", "__array__")
    )
    return column if as_it_is else list(column)


def _of_records(rows: Sequence[Mapping[Any, Any]]) -> list[tuple[str, object]]:
    names: dict[Any, None] = {}
    for row in rows:
        names.update(dict.fromkeys(row))
    return [(_name(name), [row.get(name) for row in rows]) for name in names]


def _of_array(array: Any) -> object:
    """Give a numpy array as it is if it holds numbers, else as a list of Python's own values."""
    # Of binary16 there is no buffer; long doubles are nothing that is read.
    sizes = (4, 8) if array.dtype.kind == "f" else (1, 2, 4, 8)
    if array.ndim == 1 and array.dtype.kind in "fiu" and array.dtype.isnative and array.dtype.itemsize in sizes:
        return array
    if array.ndim != 1:
        return [list(row) for row in array] if array.ndim else [array.item()]
    return array.astype("datetime64[us]").tolist() if array.dtype.kind == "M" else array.tolist()


def _of_polars(frame: Any) -> Any:
    """Give the columns that polars exports in a form of its own, which Arrow does not have, as Python's lists."""
    if all(_is_plain(kind) for kind in frame.dtypes):
        return frame
    return [(series.name, series if _is_plain(series.dtype) else series.to_list()) for series in frame]


def _is_plain(kind: Any) -> bool:
    return kind.base_type().__name__ in _PLAIN


def _of_pandas(frame: Any) -> list[tuple[str, object]]:
    columns = [(_name(name), _of_series(frame.iloc[:, place])) for place, name in enumerate(frame.columns)]
    # A named index is a column like any other; the rows' own numbers are none.
    index = [(name, frame.index.get_level_values(name)) for name in frame.index.names if name is not None]
    return [(_name(name), _of_series(level.to_series())) for name, level in index] + columns


def _of_series(series: Any) -> object:
    """Give a pandas column by the way that keeps its numbers where they are."""
    import numpy

    values = series.array
    if isinstance(series.dtype, numpy.dtype):
        array = series.to_numpy()
        return array.tolist() if array.dtype.kind == "O" else _of_array(array)
    missing = getattr(values, "_mask", None)
    if missing is not None and not missing.any():
        return _of_array(values._data)
    if hasattr(series, "__arrow_c_stream__") and _arrow():
        return series
    return series.tolist()


def _arrow() -> bool:
    try:
        import pyarrow  # noqa: F401
    except ImportError:
        return False
    return True
