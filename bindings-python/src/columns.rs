//! Columns of Python objects into columns of the core, which knows what their values mean.

use std::borrow::Cow;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    Date32Type, Date64Type, Decimal32Type, Decimal64Type, Decimal128Type, Decimal256Type, Float32Type, Float64Type,
    Int8Type, Int16Type, Int32Type, Int64Type, TimestampMicrosecondType, TimestampMillisecondType,
    TimestampNanosecondType, TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef, ArrowPrimitiveType, PrimitiveArray};
use arrow_schema::{DataType, TimeUnit};
use bareme::cohort::{Cells, Column, Given, Table};
use pyo3::buffer::PyBuffer;
use pyo3::exceptions::PyOverflowError;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyFloat, PyInt, PyString};

use crate::arrow::{self, Numbers};

/// The columns of a frame, held as long as they are read.
#[derive(Debug)]
pub(crate) struct Columns(Vec<(String, Source)>);

/// Where the cells of a column are.
#[derive(Debug)]
enum Source {
    Arrow { data_type: DataType, chunks: Vec<ArrayRef> },
    Numbers(Numbers),
    Made(Cells<'static>),
}

impl Columns {
    /// Reads what offers `__arrow_c_stream__`, or a list of pairs of a name and a column.
    pub(crate) fn read(object: &Bound<'_, PyAny>) -> PyResult<Self> {
        if let Some((field, chunks)) = arrow::import(object)? {
            return Self::of_frame(field.data_type(), &chunks);
        }
        let pairs = object.try_iter()?.map(|pair| {
            let (name, column): (String, Bound<'_, PyAny>) = pair?.extract()?;
            Ok((name, Source::read(&column)?))
        });
        Ok(Self(pairs.collect::<PyResult<_>>()?))
    }

    fn of_frame(data_type: &DataType, chunks: &[ArrayRef]) -> PyResult<Self> {
        let DataType::Struct(fields) = data_type else {
            return Err(pyo3::exceptions::PyTypeError::new_err("a frame with named columns is needed, not one column"));
        };
        let columns = fields.iter().enumerate().map(|(place, field)| {
            let chunks = chunks.iter().map(|chunk| chunk.as_struct().column(place)).cloned().collect();
            (field.name().clone(), Source::Arrow { data_type: field.data_type().clone(), chunks })
        });
        Ok(Self(columns.collect()))
    }

    /// The table, which takes what was made for it; rows are counted from `first_row`.
    pub(crate) fn table(&mut self, first_row: usize) -> Table<'_> {
        let columns = self.0.iter_mut().map(|(name, source)| Column { name: name.clone(), cells: source.cells() });
        Table { columns: columns.collect(), first_row, decimal_comma: false }
    }
}

impl Source {
    fn read(column: &Bound<'_, PyAny>) -> PyResult<Self> {
        if let Some((field, chunks)) = arrow::import(column)? {
            if arrow::is_frame(field.data_type()) {
                return Ok(other(chunks.iter().map(Array::len).sum(), field.data_type()));
            }
            return Ok(Self::Arrow { data_type: field.data_type().clone(), chunks });
        }
        if let Some(source) = Self::of_buffer(column)? {
            return Ok(source);
        }
        Ok(Self::Made(listed(column)?))
    }

    /// Numbers of a numpy array, or of whatever else offers its memory.
    fn of_buffer(column: &Bound<'_, PyAny>) -> PyResult<Option<Self>> {
        let py = column.py();
        if let Ok(buffer) = PyBuffer::<f64>::get(column) {
            if buffer.dimensions() != 1 {
                return Ok(None);
            }
            if !buffer.is_c_contiguous() {
                return Ok(Some(Self::Made(Cells::binary64(buffer.to_vec(py)?))));
            }
            return Ok(Numbers::new(buffer).map(Self::Numbers));
        }
        if let Ok(buffer) = PyBuffer::<f32>::get(column) {
            return Ok(Some(Self::Made(Cells::binary32(buffer.to_vec(py)?))));
        }
        macro_rules! integers {
            ($($kind:ty),*) => { $(
                if let Ok(buffer) = PyBuffer::<$kind>::get(column) {
                    return Ok(Some(Self::Made(Cells::integers(buffer.to_vec(py)?.into_iter().map(Some)))));
                }
            )* };
        }
        // Bytes are a buffer of small integers, and no column.
        if !column.is_instance_of::<pyo3::types::PyBytes>() && !column.is_instance_of::<pyo3::types::PyByteArray>() {
            integers!(i64, i32, i16, i8, u64, u32, u16, u8);
        }
        Ok(None)
    }

    fn cells(&mut self) -> Cells<'_> {
        match self {
            Self::Arrow { data_type, chunks } => cells(data_type, chunks),
            Self::Numbers(numbers) => Cells::binary64(numbers.values()),
            Self::Made(cells) => std::mem::replace(cells, Cells::Text(Vec::new())),
        }
    }
}

fn other(len: usize, holds: &impl ToString) -> Source {
    Source::Made(Cells::Other { len, holds: holds.to_string() })
}

/// The values of all chunks.
fn each<T: ArrowPrimitiveType>(chunks: &[ArrayRef]) -> impl Iterator<Item = Option<T::Native>> + '_ {
    chunks.iter().flat_map(|chunk| chunk.as_primitive::<T>().iter())
}

fn cells<'a>(data_type: &DataType, chunks: &'a [ArrayRef]) -> Cells<'a> {
    macro_rules! integers {
        ($kind:ty) => {
            Cells::integers(each::<$kind>(chunks))
        };
    }
    let len = || chunks.iter().map(Array::len).sum();
    match data_type {
        DataType::Float64 => binary64(chunks),
        DataType::Float32 => Cells::binary32(each::<Float32Type>(chunks).map(|value| value.unwrap_or(f32::NAN))),
        DataType::Int8 => integers!(Int8Type),
        DataType::Int16 => integers!(Int16Type),
        DataType::Int32 => integers!(Int32Type),
        DataType::Int64 => integers!(Int64Type),
        DataType::UInt8 => integers!(UInt8Type),
        DataType::UInt16 => integers!(UInt16Type),
        DataType::UInt32 => integers!(UInt32Type),
        DataType::UInt64 => integers!(UInt64Type),
        DataType::Decimal32(_, scale) => {
            Cells::decimals(each::<Decimal32Type>(chunks).map(|value| value.map(i128::from)), *scale)
        }
        DataType::Decimal64(_, scale) => {
            Cells::decimals(each::<Decimal64Type>(chunks).map(|value| value.map(i128::from)), *scale)
        }
        DataType::Decimal128(_, scale) => Cells::decimals(each::<Decimal128Type>(chunks), *scale),
        DataType::Decimal256(..) => {
            let texts = |chunk: &'a ArrayRef| {
                let values = chunk.as_primitive::<Decimal256Type>();
                let text = |row| if values.is_valid(row) { values.value_as_string(row) } else { String::new() };
                (0..values.len()).map(text).collect::<Vec<_>>()
            };
            Cells::written(chunks.iter().flat_map(texts))
        }
        DataType::Null => Cells::texts(std::iter::repeat_n("", len())),
        DataType::Boolean => Cells::booleans(chunks.iter().flat_map(|chunk| chunk.as_boolean().iter())),
        DataType::Date32 => Cells::dates(each::<Date32Type>(chunks).map(|days| days.map(i64::from))),
        DataType::Date64 => Cells::instants(each::<Date64Type>(chunks), 86_400_000),
        DataType::Timestamp(unit, None) => match unit {
            TimeUnit::Second => Cells::instants(each::<TimestampSecondType>(chunks), 86_400),
            TimeUnit::Millisecond => Cells::instants(each::<TimestampMillisecondType>(chunks), 86_400_000),
            TimeUnit::Microsecond => Cells::instants(each::<TimestampMicrosecondType>(chunks), 86_400_000_000),
            TimeUnit::Nanosecond => Cells::instants(each::<TimestampNanosecondType>(chunks), 86_400_000_000_000),
        },
        DataType::Dictionary(_, values) => coded(values, chunks),
        _ => strings(data_type, chunks)
            .map_or_else(|| Cells::Other { len: len(), holds: data_type.to_string() }, Cells::runs),
    }
}

/// The texts of a column of texts, empty where none is given.
fn strings<'a>(data_type: &DataType, chunks: &'a [ArrayRef]) -> Option<Box<dyn Iterator<Item = &'a str> + 'a>> {
    let chunks = chunks.iter();
    let texts: Box<dyn Iterator<Item = Option<&'a str>> + 'a> = match data_type {
        DataType::Utf8 => Box::new(chunks.flat_map(|chunk| chunk.as_string::<i32>().iter())),
        DataType::LargeUtf8 => Box::new(chunks.flat_map(|chunk| chunk.as_string::<i64>().iter())),
        DataType::Utf8View => Box::new(chunks.flat_map(|chunk| chunk.as_string_view().iter())),
        _ => return None,
    };
    Some(Box::new(texts.map(Option::unwrap_or_default)))
}

/// binary64, in the frame's own memory where it is in one piece without nulls.
fn binary64(chunks: &[ArrayRef]) -> Cells<'_> {
    if let [only] = chunks
        && only.null_count() == 0
    {
        return Cells::binary64(&**only.as_primitive::<Float64Type>().values());
    }
    let mut all = Vec::with_capacity(chunks.iter().map(Array::len).sum());
    for chunk in chunks {
        let values: &PrimitiveArray<Float64Type> = chunk.as_primitive();
        if values.null_count() == 0 {
            all.extend_from_slice(values.values());
        } else {
            all.extend(values.iter().map(|value| value.unwrap_or(f64::NAN)));
        }
    }
    Cells::binary64(all)
}

/// Texts of which few differ; of other dictionaries, that they are none.
fn coded<'a>(values: &DataType, chunks: &'a [ArrayRef]) -> Cells<'a> {
    let (mut texts, mut codes): (Vec<Cow<'a, str>>, Vec<u32>) = (Vec::new(), Vec::new());
    for chunk in chunks {
        let chunk = chunk.as_any_dictionary();
        let first = texts.len();
        let Some(own) = strings(values, std::slice::from_ref(chunk.values())) else {
            let len = chunks.iter().map(Array::len).sum();
            return Cells::Other { len, holds: format!("dictionary of {values}") };
        };
        texts.extend(own.map(Cow::Borrowed));
        if chunk.values().is_empty() {
            codes.extend(std::iter::repeat_n(Cells::NOT_GIVEN, chunk.len()));
            continue;
        }
        let keys = chunk.normalized_keys();
        codes.extend(keys.into_iter().enumerate().map(|(row, key)| {
            let code = u32::try_from(first.saturating_add(key)).unwrap_or(Cells::NOT_GIVEN);
            if chunk.keys().is_valid(row) { code } else { Cells::NOT_GIVEN }
        }));
    }
    Cells::Coded { texts, codes: codes.into() }
}

/// One cell of a list.
enum Item {
    Number(Given),
    Truth(bool),
    Text(String),
    Other(String),
}

/// The cells of a list, or of whatever else can be gone through.
fn listed(column: &Bound<'_, PyAny>) -> PyResult<Cells<'static>> {
    let py = column.py();
    let one = |(row, item): (usize, PyResult<Bound<'_, PyAny>>)| {
        // A long list is left on Ctrl-C.
        if row % 65_536 == 65_535 {
            py.check_signals()?;
        }
        read(&item?)
    };
    let items = column.try_iter()?.enumerate().map(one).collect::<PyResult<Vec<Item>>>()?;
    if let Some(holds) = items.iter().find_map(|item| match item {
        Item::Other(holds) => Some(holds.clone()),
        _ => None,
    }) {
        return Ok(Cells::Other { len: items.len(), holds });
    }
    let is_known = |item: &&Item| !matches!(item, Item::Number(Given::Unknown));
    let every = |is: fn(&Item) -> bool| items.iter().filter(is_known).all(is);
    if every(|item| matches!(item, Item::Number(_))) {
        return Ok(Cells::numbers(items.into_iter().map(|item| match item {
            Item::Number(number) => number,
            _ => Given::Unknown,
        })));
    }
    if every(|item| matches!(item, Item::Truth(_))) {
        return Ok(Cells::booleans(items.into_iter().map(|item| match item {
            Item::Truth(truth) => Some(truth),
            _ => None,
        })));
    }
    // Numbers among texts are what they print as.
    Ok(Cells::texts(items.into_iter().map(|item| match item {
        Item::Text(text) | Item::Number(Given::Decimal(text)) => text,
        Item::Number(Given::Integer(integer)) => integer.to_string(),
        Item::Number(Given::Binary64(number)) => {
            bareme::exact::Decimal::new(number).map_or_else(|| number.to_string(), |decimal| decimal.to_string())
        }
        Item::Truth(truth) => truth.to_string(),
        Item::Number(Given::Unknown) | Item::Other(_) => String::new(),
    })))
}

fn read(item: &Bound<'_, PyAny>) -> PyResult<Item> {
    if item.is_none() {
        return Ok(Item::Number(Given::Unknown));
    }
    if let Ok(text) = item.cast::<PyString>() {
        return Ok(Item::Text(text.to_cow()?.into_owned()));
    }
    if let Ok(truth) = item.cast::<PyBool>() {
        return Ok(Item::Truth(truth.is_true()));
    }
    if let Ok(number) = item.cast::<PyFloat>() {
        return Ok(Item::Number(unless_nan(number.value())));
    }
    let kind = item.get_type();
    let name = kind.name()?.to_string();
    if item.is_instance_of::<PyInt>() || kind.hasattr("__index__")? {
        return Ok(Item::Number(match item.extract::<i128>() {
            Ok(integer) => Given::Integer(integer),
            Err(error) if error.is_instance_of::<PyOverflowError>(item.py()) => {
                Given::Decimal(item.str().map_or_else(|_| name, |text| text.to_string()))
            }
            Err(error) => return Err(error),
        }));
    }
    Ok(match name.as_str() {
        // What pandas puts where nothing is known.
        "NAType" | "NaTType" => Item::Number(Given::Unknown),
        "Decimal" => {
            let text = item.call_method1("__format__", ("f",))?.to_string();
            if text.eq_ignore_ascii_case("nan") {
                Item::Number(Given::Unknown)
            } else if text.ends_with("nfinity") {
                Item::Number(Given::Binary64(f64::INFINITY))
            } else {
                Item::Number(Given::Decimal(text))
            }
        }
        // Their text is the shortest decimal in their own precision.
        "float32" => {
            let wide: f64 = item.extract()?;
            if wide.is_finite() {
                Item::Number(Given::Decimal(item.str()?.to_string()))
            } else {
                Item::Number(unless_nan(wide))
            }
        }
        "bool" | "bool_" => Item::Truth(item.is_truthy()?),
        "date" => Item::Text(item.str()?.to_string()),
        "datetime" | "Timestamp" => {
            let text = item.call_method0("isoformat")?.to_string();
            Item::Text(text.strip_suffix("T00:00:00").map_or(text.clone(), str::to_owned))
        }
        _ => Item::Other(name),
    })
}

fn unless_nan(number: f64) -> Given {
    if number.is_nan() { Given::Unknown } else { Given::Binary64(number) }
}
