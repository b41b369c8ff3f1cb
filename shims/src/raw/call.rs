//! The system calls that rustix does not offer to programs without a C library.

use core::arch::asm;
use core::ffi::c_char;

#[cfg(target_arch = "x86_64")]
mod number {
    pub(super) const EXECVE: usize = 59;
    pub(super) const EXIT_GROUP: usize = 231;
}
#[cfg(target_arch = "aarch64")]
mod number {
    pub(super) const EXECVE: usize = 221;
    pub(super) const EXIT_GROUP: usize = 94;
}

/// Becomes the program; comes back only with the error number.
///
/// # Safety
/// `program` is a C string; the others are arrays of pointers to C strings that end with a null pointer.
pub(crate) unsafe fn execve(
    program: *const c_char,
    arguments: *const *const c_char,
    environment: *const *const c_char,
) -> i32 {
    let words = [
        program.expose_provenance(),
        arguments.expose_provenance(),
        environment.expose_provenance(),
    ];
    // SAFETY: the caller's promise is what the kernel wants.
    let result = unsafe { system_call(number::EXECVE, words) };
    i32::try_from(result.wrapping_neg()).unwrap_or(i32::MAX)
}

/// Ends the process.
pub(crate) fn exit(code: u8) -> ! {
    loop {
        // SAFETY: it touches no memory of ours.
        unsafe { system_call(number::EXIT_GROUP, [code.into(), 0, 0]) };
    }
}

/// Calls the kernel; a result that is negative as a signed number is an error's, negated.
///
/// # Safety
/// That of the call.
#[cfg(target_arch = "x86_64")]
unsafe fn system_call(number: usize, words: [usize; 3]) -> usize {
    let [first, second, third] = words;
    let result;
    // SAFETY: the kernel overwrites these three registers and no other.
    unsafe {
        asm!(
            "syscall",
            inlateout("rax") number => result,
            in("rdi") first,
            in("rsi") second,
            in("rdx") third,
            out("rcx") _,
            out("r11") _,
            options(nostack)
        );
    }
    result
}

/// Calls the kernel; a result that is negative as a signed number is an error's, negated.
///
/// # Safety
/// That of the call.
#[cfg(target_arch = "aarch64")]
unsafe fn system_call(number: usize, words: [usize; 3]) -> usize {
    let [first, second, third] = words;
    let result;
    // SAFETY: the kernel overwrites the register of the result and no other.
    unsafe {
        asm!(
            "svc 0",
            in("x8") number,
            inlateout("x0") first => result,
            in("x1") second,
            in("x2") third,
            options(nostack)
        );
    }
    result
}
