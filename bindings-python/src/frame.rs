//! Results as columns in Arrow's form, from which every data frame library reads.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int32Type, UInt32Type};
use arrow_array::{
    Array, ArrayRef, BooleanArray, DictionaryArray, Float64Array, Int32Array, LargeStringArray, RecordBatch,
    RecordBatchOptions, UInt32Array,
};
use arrow_buffer::{Buffer, NullBuffer, OffsetBuffer, ScalarBuffer};
use arrow_schema::{ArrowError, DataType, Field, Schema};
use bareme::Faults;
use bareme::error::{Code, Fault, Place, Text};
use bareme::scoring::{Entries, Frame as Columns};
use pyo3::exceptions::PyIndexError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyCapsule, PyList};

use crate::arrow;

/// A frame: named columns of equal length.
#[derive(Debug)]
#[pyclass(frozen, module = "bareme._bareme")]
pub(crate) struct Frame {
    batch: RecordBatch,
}

impl Frame {
    /// Takes the columns over, without copying numbers.
    pub(crate) fn of(columns: Columns) -> Result<Self, Faults> {
        batch(columns)
            .map(|batch| Self { batch })
            .map_err(|error| Fault::new(Code::Internal, Place::Pointer(String::new()), error, Text::default()).into())
    }

    fn array(&self, column: usize) -> PyResult<&ArrayRef> {
        self.batch.columns().get(column).ok_or_else(|| PyIndexError::new_err("there is no such column"))
    }
}

fn batch(frame: Columns) -> Result<RecordBatch, ArrowError> {
    let mut fields = Vec::new();
    let mut arrays: Vec<ArrayRef> = Vec::new();
    for series in frame.columns {
        let array = array(series.values)?;
        fields.push(Field::new(series.name, array.data_type().clone(), true));
        arrays.push(array);
    }
    let options = RecordBatchOptions::new().with_row_count(Some(frame.rows));
    RecordBatch::try_new_with_options(Arc::new(Schema::new(fields)), arrays, &options)
}

fn array(values: Entries) -> Result<ArrayRef, ArrowError> {
    Ok(match values {
        Entries::Text(strings) => {
            let (text, offsets, given) = strings.into_parts();
            let offsets = OffsetBuffer::new(ScalarBuffer::from(offsets));
            let text = Buffer::from_vec(text.into_bytes());
            Arc::new(LargeStringArray::try_new(offsets, text, nulls(given.into_iter()))?)
        }
        Entries::Coded { texts, codes } => {
            let keys = codes.into_iter().map(|code| i32::try_from(code).ok());
            let texts = LargeStringArray::from_iter_values(texts);
            Arc::new(DictionaryArray::<Int32Type>::try_new(keys.collect::<Int32Array>(), Arc::new(texts))?)
        }
        Entries::Number(numbers) => {
            let nulls = nulls(numbers.iter().map(|number| !number.is_nan()));
            Arc::new(Float64Array::try_new(ScalarBuffer::from(numbers), nulls)?)
        }
        Entries::Whole(wholes) => Arc::new(UInt32Array::from(wholes)),
        Entries::Truth(truths) => Arc::new(BooleanArray::from(truths)),
    })
}

/// Where there are values; nothing when there are everywhere.
fn nulls(given: impl Iterator<Item = bool>) -> Option<NullBuffer> {
    Some(given.collect::<NullBuffer>()).filter(|nulls| nulls.null_count() > 0)
}

#[pymethods]
impl Frame {
    fn __len__(&self) -> usize {
        self.batch.num_rows()
    }

    /// A capsule for whoever reads Arrow.
    #[pyo3(signature = (requested_schema = None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        // The protocol lets a producer answer with its own types.
        let _ = requested_schema;
        arrow::export(py, &self.batch)
    }

    /// Each column's name and what it holds: `text`, `coded`, `number`, `whole` or `truth`.
    fn columns(&self) -> Vec<(String, &'static str)> {
        let kind = |field: &Arc<Field>| match field.data_type() {
            DataType::Float64 => "number",
            DataType::UInt32 => "whole",
            DataType::Boolean => "truth",
            DataType::Dictionary(..) => "coded",
            _ => "text",
        };
        self.batch.schema().fields().iter().map(|field| (field.name().clone(), kind(field))).collect()
    }

    /// The values of a column as a list, `None` where there is none.
    fn values<'py>(&self, py: Python<'py>, column: usize) -> PyResult<Bound<'py, PyList>> {
        let array = self.array(column)?;
        match array.data_type() {
            DataType::Float64 => PyList::new(py, array.as_primitive::<Float64Type>().iter().collect::<Vec<_>>()),
            DataType::UInt32 => PyList::new(py, array.as_primitive::<UInt32Type>().iter().collect::<Vec<_>>()),
            DataType::Boolean => PyList::new(py, array.as_boolean().iter().collect::<Vec<_>>()),
            DataType::Dictionary(..) => {
                let coded = array.as_dictionary::<Int32Type>();
                let texts = coded.values().as_string::<i64>();
                let words: Vec<_> =
                    texts.iter().map(|text| text.map(|text| pyo3::types::PyString::new(py, text))).collect();
                let word =
                    |key: Option<i32>| usize::try_from(key?).ok().and_then(|key| words.get(key)).cloned().flatten();
                PyList::new(py, coded.keys().iter().map(word).collect::<Vec<_>>())
            }
            _ => PyList::new(py, array.as_string::<i64>().iter().collect::<Vec<_>>()),
        }
    }

    /// The memory of a column of numbers (binary64, NaN where there is none), of wholes (unsigned, of 32 bits, 0
    /// where there is none) or of codes (signed, of 32 bits, -1 where there is none).
    fn memory<'py>(&self, py: Python<'py>, column: usize) -> PyResult<Bound<'py, PyBytes>> {
        let array = self.array(column)?;
        Ok(match array.data_type() {
            DataType::Float64 => PyBytes::new(py, array.as_primitive::<Float64Type>().values().inner()),
            DataType::UInt32 => PyBytes::new(py, array.as_primitive::<UInt32Type>().values().inner()),
            DataType::Dictionary(..) => {
                let codes = array.as_dictionary::<Int32Type>().keys();
                let codes: Vec<i32> = codes.iter().map(|code| code.unwrap_or(-1)).collect();
                PyBytes::new(py, Buffer::from_vec(codes).as_slice())
            }
            _ => return Err(PyIndexError::new_err("this column holds no numbers")),
        })
    }

    /// The texts of which a coded column has some.
    fn words(&self, column: usize) -> PyResult<Vec<String>> {
        let array = self.array(column)?;
        let Some(coded) = array.as_dictionary_opt::<Int32Type>() else {
            return Err(PyIndexError::new_err("this column is not coded"));
        };
        Ok(coded.values().as_string::<i64>().iter().map(|text| text.unwrap_or_default().to_owned()).collect())
    }
}
