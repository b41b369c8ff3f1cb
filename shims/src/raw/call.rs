//! The system calls that rustix does not offer to programs without a C library.

use core::arch::asm;
use core::ffi::c_char;

#[cfg(target_arch = "x86_64")]
mod number {
    pub(super) const CLONE: usize = 56;
    pub(super) const EXECVE: usize = 59;
    pub(super) const EXIT_GROUP: usize = 231;
}
#[cfg(target_arch = "aarch64")]
mod number {
    pub(super) const CLONE: usize = 220;
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
        0,
        0,
    ];
    // SAFETY: the caller's promise is what the kernel wants.
    let result = unsafe { system_call(number::EXECVE, words) };
    i32::try_from(result.wrapping_neg()).unwrap_or(i32::MAX)
}

/// Goes on as two processes: gives the child its number to one, and 0 to the other. Negative where that failed.
///
/// # Safety
/// There is one thread.
pub(super) unsafe fn fork() -> i32 {
    /// The parent is told of the child's end by the usual signal.
    const SIGCHLD: usize = 17;
    // SAFETY: both go on with a copy of this stack, as after `fork`.
    let result = unsafe { system_call(number::CLONE, [SIGCHLD, 0, 0, 0, 0]) };
    i32::try_from(result.cast_signed()).unwrap_or(-1)
}

/// Ends the process.
pub(crate) fn exit(code: u8) -> ! {
    loop {
        // SAFETY: it touches no memory of ours.
        unsafe { system_call(number::EXIT_GROUP, [code.into(), 0, 0, 0, 0]) };
    }
}

/// Calls the kernel; a result that is negative as a signed number is an error's, negated.
///
/// # Safety
/// That of the call.
#[cfg(target_arch = "x86_64")]
unsafe fn system_call(number: usize, words: [usize; 5]) -> usize {
    let [first, second, third, fourth, fifth] = words;
    let result;
    // SAFETY: the kernel overwrites these three registers and no other.
    unsafe {
        asm!(
            "syscall",
            inlateout("rax") number => result,
            in("rdi") first,
            in("rsi") second,
            in("rdx") third,
            in("r10") fourth,
            in("r8") fifth,
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
unsafe fn system_call(number: usize, words: [usize; 5]) -> usize {
    let [first, second, third, fourth, fifth] = words;
    let result;
    // SAFETY: the kernel overwrites the register of the result and no other.
    unsafe {
        asm!(
            "svc 0",
            in("x8") number,
            inlateout("x0") first => result,
            in("x1") second,
            in("x2") third,
            in("x3") fourth,
            in("x4") fifth,
            options(nostack)
        );
    }
    result
}
