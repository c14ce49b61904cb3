//! The caller's memory: strings that end with a zero, buffers with a length beside them.

use key::skf::sar;
use std::ffi::{CStr, c_char};

/// # Safety
/// Null, or a string that ends with a zero.
pub unsafe fn text(pointer: *const c_char) -> Result<String, u32> {
    if pointer.is_null() {
        return Err(sar::INVALID_PARAMETER);
    }
    // SAFETY: as the caller promises.
    let bytes = unsafe { CStr::from_ptr(pointer) };
    bytes.to_str().map(str::to_owned).map_err(|_| sar::INVALID_PARAMETER)
}

/// # Safety
/// Null, or `length` octets that stay as they are for the call.
pub unsafe fn octets<'a>(pointer: *const u8, length: usize) -> Result<&'a [u8], u32> {
    if pointer.is_null() {
        return Err(sar::INVALID_PARAMETER);
    }
    // SAFETY: as the caller promises.
    Ok(unsafe { std::slice::from_raw_parts(pointer, length) })
}

/// A structure of fixed size.
///
/// # Safety
/// Null, or as many octets of room.
pub unsafe fn put(pointer: *mut u8, value: &[u8]) -> Result<(), u32> {
    if pointer.is_null() {
        return Err(sar::INVALID_PARAMETER);
    }
    // SAFETY: as the caller promises.
    unsafe { std::ptr::copy_nonoverlapping(value.as_ptr(), pointer, value.len()) };
    Ok(())
}

/// The standard's two calls: without a buffer the length alone; with one that is too small, the code that says so.
///
/// # Safety
/// `length` is null or the caller's number; `pointer` null or that many octets of room.
pub unsafe fn give(pointer: *mut u8, length: *mut u32, value: &[u8]) -> Result<(), u32> {
    if length.is_null() {
        return Err(sar::INVALID_PARAMETER);
    }
    // SAFETY: as the caller promises.
    let room = unsafe { std::mem::replace(&mut *length, value.len() as u32) } as usize;
    if pointer.is_null() {
        return Ok(());
    }
    if room < value.len() {
        return Err(sar::BUFFER_TOO_SMALL);
    }
    // SAFETY: as the caller promises.
    unsafe { put(pointer, value) }
}

/// A number or a handle where the caller wants it; nowhere if the caller does not.
///
/// # Safety
/// Null, or a place for it.
pub unsafe fn tell<T>(pointer: *mut T, value: T) {
    if !pointer.is_null() {
        // SAFETY: as the caller promises.
        unsafe { *pointer = value };
    }
}
