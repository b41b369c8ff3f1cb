//! Where the kernel starts us, and what it leaves on the stack: the count of arguments, the arguments, a null pointer,
//! the variables, a null pointer, and pairs of words about the process ("auxiliary vector", `getauxval(3)`).

use alloc::vec::Vec;
use core::arch::naked_asm;
use core::ffi::{CStr, c_char};

use crate::vectors;

/// The tag of the path that the kernel was told to start: `AT_EXECFN`.
const STARTED: usize = 31;
/// The tag that ends the pairs: `AT_NULL`.
const END: usize = 0;

/// What the kernel left.
#[derive(Clone, Copy)]
pub(super) struct Stack {
    top: *const usize,
}

/// Hands the stack over and aligns it, as the psABI of x86-64 wants it at a call.
#[cfg(target_arch = "x86_64")]
#[unsafe(naked)]
#[unsafe(no_mangle)]
unsafe extern "C" fn _start() -> ! {
    naked_asm!(
        "xor ebp, ebp",
        "mov rdi, rsp",
        "and rsp, -16",
        "call {begin}",
        "ud2",
        begin = sym begin
    )
}

/// Hands the stack over and aligns it, as AAPCS64 wants it always.
#[cfg(target_arch = "aarch64")]
#[unsafe(naked)]
#[unsafe(no_mangle)]
unsafe extern "C" fn _start() -> ! {
    naked_asm!(
        "mov x29, xzr",
        "mov x30, xzr",
        "mov x0, sp",
        "and sp, x0, #-16",
        "bl {begin}",
        "brk #1",
        begin = sym begin
    )
}

extern "C" fn begin(top: *const usize) -> ! {
    super::run(Stack { top })
}

impl Stack {
    pub(super) fn arguments(self) -> Vec<&'static CStr> {
        // SAFETY: the kernel ends the array of arguments with a null pointer, and nobody writes to it.
        unsafe { vectors::strings(self.arguments_at()) }
    }

    pub(super) fn environment(self) -> Vec<&'static CStr> {
        // SAFETY: the kernel ends the array of variables with a null pointer, and nobody writes to it.
        unsafe { vectors::strings(self.environment_at()) }
    }

    /// The path that the kernel was told to start, if it says so.
    pub(super) fn started(self) -> Option<&'static [u8]> {
        let mut at = self.environment_at();
        // SAFETY: the array of variables ends with a null pointer, and the pairs follow it.
        while !unsafe { *at }.is_null() {
            // SAFETY: as above: there is one more element.
            at = unsafe { at.add(1) };
        }
        // SAFETY: the pairs begin behind the null pointer.
        let mut pair = unsafe { at.add(1) }.cast::<[usize; 2]>();
        loop {
            // SAFETY: the pairs end with one of the tag END, which was not seen yet. A word is aligned as a pair is.
            match unsafe { *pair } {
                [END, _] => return None,
                // SAFETY: the kernel gives a C string above the stack, which stays.
                [STARTED, path] => {
                    let path = core::ptr::with_exposed_provenance::<c_char>(path);
                    // SAFETY: as above.
                    return Some(unsafe { CStr::from_ptr(path) }.to_bytes());
                }
                // SAFETY: it was not the last one.
                [_, _] => pair = unsafe { pair.add(1) },
            }
        }
    }

    fn arguments_at(self) -> *const *const c_char {
        // SAFETY: the arguments begin behind their count.
        unsafe { self.top.add(1) }.cast()
    }

    fn environment_at(self) -> *const *const c_char {
        // SAFETY: the kernel put the count there.
        let count = unsafe { *self.top };
        // SAFETY: behind the arguments and the null pointer that ends them.
        unsafe { self.arguments_at().add(count + 1) }
    }
}
