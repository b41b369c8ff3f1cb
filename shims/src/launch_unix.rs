//! Becoming the program: `execve`, so that the process id, the signals and the exit code are the program's own. The
//! strings go on as they came: not one of them is copied.

use alloc::ffi::CString;
use alloc::vec::Vec;
use core::ffi::CStr;

use crate::environment::Variable;
#[cfg(freestanding)]
use crate::raw::call::execve;
use crate::shim::Run;
use crate::vectors;

/// `EINVAL`: what the standard library too says of a path with a zero in it.
const INVALID: i32 = 22;

/// What this process was started with, as C has it.
pub(crate) struct Given {
    /// Its arguments.
    pub(crate) arguments: Vec<&'static CStr>,
    /// Its variables.
    pub(crate) environment: Vec<&'static CStr>,
}

/// Becomes the program; comes back only with the system's reason why that failed.
pub(crate) fn start(given: &Given, run: &Run) -> Option<i32> {
    let Ok(program) = CString::new(run.program.as_slice()) else { return Some(INVALID) };
    // Without a name of our own there is none to hand on.
    let name = given.arguments.first().copied().unwrap_or(&program);
    let rest = given.arguments.get(run.from..).unwrap_or_default();
    let mut arguments = [name].into_iter().chain(rest.iter().copied());
    Some(become_program(given, &program, &mut arguments, &run.environment))
}

/// Becomes the program, with these arguments and variables; comes back only with the error number.
pub(crate) fn become_program(
    given: &Given,
    program: &CStr,
    arguments: &mut dyn Iterator<Item = &CStr>,
    environment: &[Variable],
) -> i32 {
    let mut new = Vec::with_capacity(environment.len());
    for variable in environment {
        if let Variable::Set(text) = variable {
            let Ok(text) = CString::new(text.as_slice()) else { return INVALID };
            new.push(text);
        }
    }
    let mut new = new.iter();
    let mut environment = environment.iter().filter_map(|variable| match variable {
        Variable::Kept(at) => given.environment.get(*at).copied(),
        Variable::Set(_) => new.next().map(CString::as_c_str),
    });
    let (arguments, environment) = (vectors::array(arguments), vectors::array(&mut environment));
    // SAFETY: all three are alive, and both arrays end with a null pointer.
    unsafe { execve(program.as_ptr(), arguments.as_ptr(), environment.as_ptr()) }
}

/// Becomes the program; comes back only with the error number.
///
/// # Safety
/// All three are valid for `execve` of the C library.
#[cfg(not(freestanding))]
unsafe fn execve(
    program: *const core::ffi::c_char,
    arguments: *const *const core::ffi::c_char,
    environment: *const *const core::ffi::c_char,
) -> i32 {
    mod c {
        use core::ffi::{c_char, c_int};
        unsafe extern "C" {
            pub(super) fn execve(
                program: *const c_char,
                arguments: *const *const c_char,
                environment: *const *const c_char,
            ) -> c_int;
        }
    }
    // SAFETY: the caller's promise.
    unsafe { c::execve(program, arguments, environment) };
    std::io::Error::last_os_error().raw_os_error().unwrap_or(INVALID)
}
