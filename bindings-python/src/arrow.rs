//! Arrow memory in and out, by the `PyCapsule` protocol.
//!
//! The only module with `unsafe`: the C interface of Arrow hands over pointers, and Python's buffers do so
//! too. Both forbid that their memory is changed while it is shared.

#![allow(unsafe_code, reason = "the C interface of Arrow and Python's buffers are made of pointers")]

use std::ffi::{CStr, c_int};

use arrow_array::ffi::from_ffi_and_data_type;
use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_array::{ArrayRef, RecordBatch, RecordBatchIterator, make_array};
use arrow_data::ffi::FFI_ArrowArray;
use arrow_schema::ffi::FFI_ArrowSchema;
use arrow_schema::{ArrowError, DataType, Field};
use pyo3::buffer::PyBuffer;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyCapsule;

const STREAM: &CStr = c"arrow_array_stream";
const SCHEMA: &CStr = c"arrow_schema";
const ARRAY: &CStr = c"arrow_array";

/// The field and the chunks of what offers `__arrow_c_stream__` or `__arrow_c_array__`: a column, or the
/// columns of a frame as a struct. `None` if it offers neither.
pub(crate) fn import(object: &Bound<'_, PyAny>) -> PyResult<Option<(Field, Vec<ArrayRef>)>> {
    let unreadable = |error: ArrowError| PyValueError::new_err(format!("cannot read Arrow data: {error}"));
    let Some(method) = object.getattr_opt("__arrow_c_stream__")? else {
        let Some(method) = object.getattr_opt("__arrow_c_array__")? else { return Ok(None) };
        let (schema, array): (Bound<'_, PyCapsule>, Bound<'_, PyCapsule>) = method.call0()?.extract()?;
        let schema = schema.pointer_checked(Some(SCHEMA))?.cast::<FFI_ArrowSchema>();
        let array = array.pointer_checked(Some(ARRAY))?.cast::<FFI_ArrowArray>();
        // SAFETY: capsules of these names hold a schema and an array, by the protocol; moving the array out leaves
        // a released one there, and the schema is only looked at while its capsule is held.
        let (schema, array) = unsafe { (schema.as_ref(), FFI_ArrowArray::from_raw(array.as_ptr())) };
        let field = Field::try_from(schema).map_err(unreadable)?;
        let array = taken(array, &field).map_err(unreadable)?;
        return Ok(Some((field, vec![array])));
    };
    let capsule = method.call0()?.cast_into::<PyCapsule>()?;
    let pointer = capsule.pointer_checked(Some(STREAM))?.cast::<FFI_ArrowArrayStream>();
    // SAFETY: a capsule of this name holds a stream, by the protocol; moving it out leaves an empty one there.
    let stream = unsafe { FFI_ArrowArrayStream::from_raw(pointer.as_ptr()) };
    read(stream).map(Some).map_err(unreadable)
}

/// An array of the field, its memory held by whoever gave it until it is dropped.
fn taken(array: FFI_ArrowArray, field: &Field) -> Result<ArrayRef, ArrowError> {
    // SAFETY: the array is of this type, by the protocol.
    let mut data = unsafe { from_ffi_and_data_type(array, field.data_type().clone()) }?;
    // Producers may give memory that is not aligned for its type.
    data.align_buffers();
    data.validate()?;
    Ok(make_array(data))
}

fn read(mut stream: FFI_ArrowArrayStream) -> Result<(Field, Vec<ArrayRef>), ArrowError> {
    let closed = || ArrowError::CDataInterface("the stream is closed".to_owned());
    let (schema_of, next_of) = (stream.get_schema.ok_or_else(closed)?, stream.get_next.ok_or_else(closed)?);
    let mut schema = FFI_ArrowSchema::empty();
    // SAFETY: the stream is open and the schema is a place to write to.
    let status = unsafe { schema_of(&raw mut stream, &raw mut schema) };
    check(status, &mut stream)?;
    let field = Field::try_from(&schema)?;
    let mut chunks = Vec::new();
    loop {
        let mut array = FFI_ArrowArray::empty();
        // SAFETY: as above.
        let status = unsafe { next_of(&raw mut stream, &raw mut array) };
        check(status, &mut stream)?;
        if array.is_released() {
            return Ok((field, chunks));
        }
        chunks.push(taken(array, &field)?);
    }
}

fn check(status: c_int, stream: &mut FFI_ArrowArrayStream) -> Result<(), ArrowError> {
    if status == 0 {
        return Ok(());
    }
    let text = stream.get_last_error.map(|last| {
        // SAFETY: the stream is open; its text, if there is one, lives until the next call.
        let text = unsafe { last(std::ptr::from_mut(stream)) };
        // SAFETY: not null, so a text that ends.
        if text.is_null() { String::new() } else { unsafe { CStr::from_ptr(text) }.to_string_lossy().into_owned() }
    });
    Err(ArrowError::CDataInterface(format!("{} (status {status})", text.unwrap_or_default())))
}

/// A capsule from which a frame can be read once.
pub(crate) fn export<'py>(py: Python<'py>, batch: &RecordBatch) -> PyResult<Bound<'py, PyCapsule>> {
    let reader = RecordBatchIterator::new([Ok(batch.clone())], batch.schema());
    PyCapsule::new_with_value(py, FFI_ArrowArrayStream::new(Box::new(reader)), STREAM)
}

/// Is this type made of the columns of a frame?
pub(crate) fn is_frame(data_type: &DataType) -> bool {
    matches!(data_type, DataType::Struct(_))
}

/// A column of binary64 in the memory of a Python object, such as a numpy array.
#[derive(Debug)]
pub(crate) struct Numbers {
    /// Taken only when this is dropped.
    buffer: Option<PyBuffer<f64>>,
}

impl Numbers {
    /// `None` unless the numbers stand one after the other in one dimension.
    pub(crate) fn new(buffer: PyBuffer<f64>) -> Option<Self> {
        (buffer.dimensions() == 1 && buffer.is_c_contiguous()).then_some(Self { buffer: Some(buffer) })
    }

    pub(crate) fn values(&self) -> &[f64] {
        let pointer = self.buffer.as_ref().and_then(PyBuffer::as_slice_ptr);
        // SAFETY: the buffer is held as long as this is, so its memory stays where it is; its owner does not
        // change it while a call that was given it runs, which the documentation asks for.
        pointer.map(|pointer| unsafe { pointer.as_ref() }).unwrap_or_default()
    }
}

impl Drop for Numbers {
    fn drop(&mut self) {
        let mut buffer = self.buffer.take();
        // Work that was given up may end after the interpreter: then nothing is left to release.
        Python::try_attach(|_| drop(buffer.take()));
        std::mem::forget(buffer);
    }
}
