//! What the kernel leaves on the stack: the count of arguments, the arguments, a null pointer, the variables, a null
//! pointer, and pairs of words about the process (`getauxval(3)`).

use core::arch::naked_asm;
use core::ffi::{CStr, c_char};
use core::iter;

/// The tag of the size of a page: `AT_PAGESZ`.
const PAGE_SIZE: usize = 6;
/// The tag of the path that the kernel was told to start: `AT_EXECFN`.
const PATH: usize = 31;

/// What the kernel left; all of it stays for the rest of the process.
#[derive(Clone, Copy)]
pub(crate) struct Started {
    top: *const usize,
}

/// Hands the stack over and aligns it, as the psABI of x86-64 wants it at a call.
#[cfg(target_arch = "x86_64")]
#[unsafe(naked)]
#[unsafe(no_mangle)]
unsafe extern "C" fn _start() -> ! {
    naked_asm!("xor ebp, ebp", "mov rdi, rsp", "and rsp, -16", "call {begin}", "ud2", begin = sym begin)
}

/// Hands the stack over and aligns it, as AAPCS64 wants it always.
#[cfg(target_arch = "aarch64")]
#[unsafe(naked)]
#[unsafe(no_mangle)]
unsafe extern "C" fn _start() -> ! {
    naked_asm!("mov x29, xzr", "mov x30, xzr", "mov x0, sp", "and sp, x0, #-16", "bl {begin}", "brk #1", begin = sym begin)
}

extern "C" fn begin(top: *const usize) -> ! {
    super::run(Started { top })
}

impl Started {
    /// The stack as the kernel gave it.
    pub(crate) fn top(self) -> *const usize {
        self.top
    }

    /// The array of arguments, which ends with a null pointer.
    pub(crate) fn argument_array(self) -> *const *const c_char {
        self.top.wrapping_add(1).cast()
    }

    /// The arguments, what we are called by first.
    pub(crate) fn arguments(self) -> impl Iterator<Item = &'static [u8]> {
        strings(self.argument_array()).map(CStr::to_bytes)
    }

    /// The variables, `NAME=value`.
    pub(crate) fn environment(self) -> impl Iterator<Item = &'static CStr> {
        strings(self.environment_array())
    }

    /// The path that the kernel was told to start.
    pub(crate) fn path(self) -> Option<&'static [u8]> {
        let path = core::ptr::with_exposed_provenance::<c_char>(self.about(PATH)?);
        // SAFETY: the kernel gives a C string above the stack, which stays.
        Some(unsafe { CStr::from_ptr(path) }.to_bytes())
    }

    /// The size of a page, in bytes.
    pub(crate) fn page_size(self) -> usize {
        self.about(PAGE_SIZE).unwrap_or(4096)
    }

    fn environment_array(self) -> *const *const c_char {
        // SAFETY: the kernel put the count there.
        let count = unsafe { *self.top };
        self.argument_array().wrapping_add(count + 1)
    }

    /// What the kernel says about the process under a tag.
    fn about(self, wanted: usize) -> Option<usize> {
        let variables = strings(self.environment_array()).count();
        let mut pair = self.environment_array().wrapping_add(variables + 1).cast::<[usize; 2]>();
        loop {
            // SAFETY: the pairs begin behind the variables' null pointer and end with one of tag 0.
            let [tag, value] = unsafe { *pair };
            if tag == wanted {
                return Some(value);
            }
            if tag == 0 {
                return None;
            }
            pair = pair.wrapping_add(1);
        }
    }
}

fn strings(array: *const *const c_char) -> impl Iterator<Item = &'static CStr> {
    let mut at = array;
    iter::from_fn(move || {
        // SAFETY: `at` is not past the null pointer that ends the array.
        let string = unsafe { *at };
        if string.is_null() {
            return None;
        }
        at = at.wrapping_add(1);
        // SAFETY: each pointer before the null pointer is to a C string that stays.
        Some(unsafe { CStr::from_ptr(string) })
    })
}
