//! What compiled code takes for granted: the functions that copy, fill, compare and measure memory.
//!
//! Each loop holds an empty piece of assembly: without it the compiler would recognise what the loop does, and call the
//! very function that it stands in.

use core::arch::asm;
use core::ffi::{c_char, c_int};

/// Keeps the compiler from seeing through a loop.
#[inline(always)]
fn opaque() {
    // SAFETY: there is nothing in it.
    unsafe { asm!("", options(nostack, preserves_flags)) };
}

/// Copies `count` bytes between places that do not overlap.
#[unsafe(no_mangle)]
unsafe extern "C" fn memcpy(to: *mut u8, from: *const u8, count: usize) -> *mut u8 {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: the caller's promise: `count` bytes at both places, which do not overlap. The direction flag is clear.
    unsafe {
        asm!(
            "rep movsb",
            inout("rcx") count => _,
            inout("rdi") to => _,
            inout("rsi") from => _,
            options(nostack, preserves_flags)
        );
    }
    #[cfg(not(target_arch = "x86_64"))]
    // SAFETY: the caller's promise.
    unsafe {
        forward(to, from, count);
    }
    to
}

/// Copies upward: eight bytes at a time, then the rest.
#[cfg(not(target_arch = "x86_64"))]
unsafe fn forward(to: *mut u8, from: *const u8, count: usize) {
    let mut at = 0;
    while count - at >= 8 {
        // SAFETY: eight bytes are left at both places.
        let word = unsafe { from.wrapping_add(at).cast::<u64>().read_unaligned() };
        // SAFETY: as above.
        unsafe { to.wrapping_add(at).cast::<u64>().write_unaligned(word) };
        opaque();
        at += 8;
    }
    while at < count {
        // SAFETY: a byte is left at both places.
        let byte = unsafe { from.wrapping_add(at).read() };
        // SAFETY: as above.
        unsafe { to.wrapping_add(at).write(byte) };
        opaque();
        at += 1;
    }
}

/// Copies `count` bytes between places that may overlap.
#[unsafe(no_mangle)]
unsafe extern "C" fn memmove(to: *mut u8, from: *const u8, count: usize) -> *mut u8 {
    if to.addr().wrapping_sub(from.addr()) >= count {
        // SAFETY: `to` does not begin inside what is read, so that reading upward stays ahead of writing.
        return unsafe { memcpy(to, from, count) };
    }
    let mut left = count;
    while left > 0 {
        left -= 1;
        // SAFETY: it is one of the `count` bytes.
        let byte = unsafe { from.wrapping_add(left).read() };
        // SAFETY: as above.
        unsafe { to.wrapping_add(left).write(byte) };
        opaque();
    }
    to
}

/// Fills `count` bytes with one value.
#[unsafe(no_mangle)]
unsafe extern "C" fn memset(to: *mut u8, value: c_int, count: usize) -> *mut u8 {
    let value = value.to_le_bytes()[0];
    let mut at = 0;
    while at < count {
        // SAFETY: it is one of the `count` bytes.
        unsafe { to.wrapping_add(at).write(value) };
        opaque();
        at += 1;
    }
    to
}

/// The order of two places of `count` bytes.
#[unsafe(no_mangle)]
unsafe extern "C" fn memcmp(one: *const u8, other: *const u8, count: usize) -> c_int {
    let mut at = 0;
    while at < count {
        // SAFETY: it is one of the `count` bytes.
        let a = unsafe { one.wrapping_add(at).read() };
        // SAFETY: as above.
        let b = unsafe { other.wrapping_add(at).read() };
        if a != b {
            return c_int::from(a) - c_int::from(b);
        }
        opaque();
        at += 1;
    }
    0
}

/// Whether two places of `count` bytes differ.
#[unsafe(no_mangle)]
unsafe extern "C" fn bcmp(one: *const u8, other: *const u8, count: usize) -> c_int {
    // SAFETY: the caller's promise.
    unsafe { memcmp(one, other, count) }
}

/// How many bytes stand before the first zero.
#[unsafe(no_mangle)]
unsafe extern "C" fn strlen(text: *const c_char) -> usize {
    let mut length = 0;
    // SAFETY: no zero was seen yet, so the text goes on.
    while unsafe { text.wrapping_add(length).read() } != 0 {
        opaque();
        length += 1;
    }
    length
}
