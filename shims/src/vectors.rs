//! The arguments and the environment as C has them: arrays of pointers to strings, ended by a null pointer.

use alloc::vec::Vec;
use core::ffi::{CStr, c_char};

/// What is in the array, without the zeros at the ends.
///
/// # Safety
/// `array` is null, or a readable array of pointers to C strings that ends with a null pointer; all of it stays as it is
/// for the rest of the process.
pub(crate) unsafe fn strings(array: *const *const c_char) -> Vec<&'static CStr> {
    let mut strings = Vec::new();
    let mut at = array;
    while !at.is_null() {
        // SAFETY: `at` is not past the null pointer that ends the array.
        let string = unsafe { *at };
        if string.is_null() {
            break;
        }
        // SAFETY: each pointer before the null pointer is to a C string that stays.
        strings.push(unsafe { CStr::from_ptr(string) });
        // SAFETY: the element was not the last one, so there is one behind it.
        at = unsafe { at.add(1) };
    }
    strings
}

/// The bytes of each.
pub(crate) fn bytes<'a>(strings: &[&'a CStr]) -> Vec<&'a [u8]> {
    strings.iter().map(|string| string.to_bytes()).collect()
}

/// An array for C, ended by a null pointer. The strings in it must outlive it.
pub(crate) fn array(strings: &mut dyn Iterator<Item = &CStr>) -> Vec<*const c_char> {
    let mut array = Vec::with_capacity(64);
    for string in strings {
        array.push(string.as_ptr());
    }
    array.push(core::ptr::null());
    array
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_made_for_c_is_read_back() {
        let array = array(&mut [c"go", c"", c"\xff"].into_iter());
        // SAFETY: it was made of C strings that stay, and ends with a null pointer.
        let read = unsafe { strings(array.as_ptr()) };
        assert_eq!(bytes(&read), [&b"go"[..], b"", b"\xff"]);
    }

    #[test]
    fn nothing_at_all_is_no_strings() {
        // SAFETY: null is allowed.
        assert!(unsafe { strings(core::ptr::null()) }.is_empty());
    }
}
