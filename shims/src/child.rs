//! Standing in for a child, on Windows, where no process becomes another one: the child ends with this process, Ctrl-C
//! is the child's to answer, and its exit code is passed on whole.
//!
//! Starting the child is the caller's.

use std::io;
use std::os::windows::io::{AsRawHandle, BorrowedHandle, FromRawHandle, OwnedHandle};
use std::ptr;

use windows_sys::Win32::Foundation::TRUE;
use windows_sys::Win32::System::Console::{CTRL_BREAK_EVENT, CTRL_C_EVENT, SetConsoleCtrlHandler};
use windows_sys::Win32::System::JobObjects::{
    AssignProcessToJobObject, CreateJobObjectW, JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE,
    JOB_OBJECT_LIMIT_SILENT_BREAKAWAY_OK, JOBOBJECT_EXTENDED_LIMIT_INFORMATION,
    JobObjectExtendedLimitInformation, SetInformationJobObject,
};
use windows_sys::Win32::System::Threading::{
    GetExitCodeProcess, INFINITE, Sleep, WaitForSingleObject,
};
use windows_sys::core::BOOL;

/// Leaves Ctrl-C, and whatever else the console says to all its processes, to the child. To be called before it is
/// started.
///
/// By a handler of our own: that the signal is ignored is inherited, a handler is not.
pub fn leave_signals_to_it() {
    unsafe extern "system" fn handle(event: u32) -> BOOL {
        if !matches!(event, CTRL_C_EVENT | CTRL_BREAK_EVENT) {
            // The window was closed, or the user leaves: whoever comes back from here is ended at once, and the child
            // with it. It gets the time that the system gives; its end is ours.
            // SAFETY: it has no preconditions.
            unsafe { Sleep(INFINITE) };
        }
        TRUE
    }
    // SAFETY: the handler lives as long as the process. Where it cannot be set, there is no console to hear from.
    unsafe { SetConsoleCtrlHandler(Some(handle), TRUE) };
}

/// Sees to it that the child ends when this process does, however that ends. What the child starts lives by its own
/// rules, as it would without us: the go command leaves its telemetry behind. Best effort: a system that has no nested
/// jobs refuses.
pub fn bind(child: BorrowedHandle<'_>) -> Option<Bound> {
    // SAFETY: both may be null.
    let job = unsafe { CreateJobObjectW(ptr::null(), ptr::null()) };
    if job.is_null() {
        return None;
    }
    // SAFETY: it was just made, and nobody else has it.
    let job = unsafe { OwnedHandle::from_raw_handle(job) };
    let mut limits = JOBOBJECT_EXTENDED_LIMIT_INFORMATION::default();
    limits.BasicLimitInformation.LimitFlags =
        JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE | JOB_OBJECT_LIMIT_SILENT_BREAKAWAY_OK;
    let (at, size) = (ptr::from_ref(&limits).cast(), size_of_val(&limits));
    let kind = JobObjectExtendedLimitInformation;
    // SAFETY: `at` and `size` are of one structure, of the kind that `kind` names.
    let set = unsafe { SetInformationJobObject(job.as_raw_handle(), kind, at, size as u32) };
    // SAFETY: both handles are open.
    let bound = set != 0
        && unsafe { AssignProcessToJobObject(job.as_raw_handle(), child.as_raw_handle()) } != 0;
    bound.then_some(Bound { _job: job })
}

/// The child ends when this is dropped.
#[derive(Debug)]
#[must_use]
pub struct Bound {
    _job: OwnedHandle,
}

/// Waits for the child's end and gives its exit code: all 32 bits of it.
///
/// # Errors
/// The system's.
pub fn wait(child: BorrowedHandle<'_>) -> io::Result<u32> {
    let mut code = 0;
    // SAFETY: the handle is open.
    unsafe { WaitForSingleObject(child.as_raw_handle(), INFINITE) };
    // SAFETY: the handle is open, and `code` may be written to.
    if unsafe { GetExitCodeProcess(child.as_raw_handle(), &raw mut code) } == 0 {
        return Err(io::Error::last_os_error());
    }
    Ok(code)
}
