//! Running the program in this one's place: it gets the tail of our command line as it stands, our handles and our
//! environment, and its exit code is ours.

use std::convert::Infallible;
use std::ffi::{OsStr, OsString};
use std::io;
use std::os::windows::ffi::OsStrExt;
use std::os::windows::io::{AsHandle, FromRawHandle, OwnedHandle};
use std::ptr;

use gvm_shim::child;
use gvm_shim::command_line::behind_argument;
use gvm_shim::world::{bytes, os_str};
use windows_sys::Win32::Foundation::{
    HANDLE, HANDLE_FLAG_INHERIT, INVALID_HANDLE_VALUE, SetHandleInformation, TRUE,
};
use windows_sys::Win32::System::Console::{
    GetConsoleCP, GetStdHandle, STD_ERROR_HANDLE, STD_HANDLE, STD_INPUT_HANDLE, STD_OUTPUT_HANDLE,
};
use windows_sys::Win32::System::Threading::{
    CREATE_UNICODE_ENVIRONMENT, CreateProcessW, DETACHED_PROCESS, GetStartupInfoW,
    PROCESS_INFORMATION, STARTF_USESTDHANDLES, STARTUPINFOW,
};

use crate::environment::Variable;
use crate::shim::Run;

/// What this process was started with.
pub(crate) struct Given {
    /// The command line behind the program's name, as it came.
    pub(crate) tail: Vec<u16>,
    /// The variables, name and value.
    pub(crate) environment: Vec<(OsString, OsString)>,
}

const QUOTE: u16 = b'"' as u16;

/// Runs the program to its end, and ends with its code. Comes back only with the system's reason why it did not start.
pub(crate) fn start(given: &Given, run: &Run) -> Option<i32> {
    match become_program(given, run) {
        Ok(never) => match never {},
        Err(error) => error.raw_os_error(),
    }
}

fn become_program(given: &Given, run: &Run) -> io::Result<Infallible> {
    let program = os_str(&run.program);
    // Our own name is no argument, and it stands before the tail.
    let tail = (1..run.from).fold(given.tail.as_slice(), |tail, _| behind_argument(tail));
    child::leave_signals_to_it();
    let process = create(program, &mut line(program, tail), &block(given, &run.environment))?;
    let bound = child::bind(process.as_handle());
    let code = child::wait(process.as_handle())?;
    drop(bound);
    std::process::exit(code.cast_signed())
}

/// The command line: the program in quotes, which no path holds, and the tail as it stands.
fn line(program: &OsStr, tail: &[u16]) -> Vec<u16> {
    let name = program.encode_wide();
    [QUOTE].into_iter().chain(name).chain([QUOTE]).chain(tail.iter().copied()).chain([0]).collect()
}

/// The environment as the system wants it, `NAME=value` after `NAME=value`, by name: there it looks for them.
fn block(given: &Given, environment: &[Variable]) -> Vec<u16> {
    let mut variables: Vec<(Vec<u8>, OsString)> = Vec::with_capacity(environment.len());
    for variable in environment {
        let text = match variable {
            Variable::Kept(at) => match given.environment.get(*at) {
                Some((name, value)) => [name.as_os_str(), value].join(OsStr::new("=")),
                None => continue,
            },
            Variable::Set(text) => os_str(text).to_owned(),
        };
        // Names of the system's own begin with the sign.
        let text_bytes = bytes(&text);
        let end = text_bytes.iter().skip(1).position(|byte| *byte == b'=').map_or(0, |at| at + 1);
        variables.push((text_bytes[..end].to_ascii_uppercase(), text));
    }
    variables.sort_by(|(one, _), (other, _)| one.cmp(other));
    let mut block = Vec::new();
    for (_, text) in &variables {
        block.extend(text.encode_wide().chain([0]));
    }
    if block.is_empty() {
        block.push(0);
    }
    block.push(0);
    block
}

/// The program's path, ended with a zero. A long one needs the prefix that takes it as it stands, whatever the machine's
/// settings are: <https://learn.microsoft.com/windows/win32/fileio/maximum-file-path-limitation>.
fn application(program: &OsStr) -> Vec<u16> {
    const LONGEST: usize = 259;
    let mut path: Vec<u16> = program.encode_wide().chain([0]).collect();
    let is = |at: usize, byte: u8| path.get(at) == Some(&u16::from(byte));
    if path.len() > LONGEST && is(1, b':') {
        for unit in path.iter_mut().filter(|unit| **unit == u16::from(b'/')) {
            *unit = u16::from(b'\\');
        }
        path.splice(0..0, r"\\?\".encode_utf16());
    }
    path
}

/// Starts it, with what this process was started with.
fn create(program: &OsStr, line: &mut [u16], environment: &[u16]) -> io::Result<OwnedHandle> {
    let program = application(program);
    let startup = startup();
    let mut flags = CREATE_UNICODE_ENVIRONMENT;
    // SAFETY: it has no preconditions.
    if unsafe { GetConsoleCP() } == 0 {
        // Without a console of ours, the system would open a window for one.
        flags |= DETACHED_PROCESS;
    }
    let mut made = PROCESS_INFORMATION::default();
    // SAFETY: the texts end with zeros and the block with two; the line may be written to; all live until it is back.
    let is_made = unsafe {
        CreateProcessW(
            program.as_ptr(),
            line.as_mut_ptr(),
            ptr::null(),
            ptr::null(),
            TRUE,
            flags,
            environment.as_ptr().cast(),
            ptr::null(),
            &raw const startup,
            &raw mut made,
        )
    };
    if is_made == 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: the system just made it, and nobody else has it.
    drop(unsafe { OwnedHandle::from_raw_handle(made.hThread) });
    // SAFETY: as above.
    Ok(unsafe { OwnedHandle::from_raw_handle(made.hProcess) })
}

/// What our parent gave us, the files that a C library inherits with it (`lpReserved2`), and our standard handles by name:
/// else those that are no console's stay with us.
fn startup() -> STARTUPINFOW {
    let mut startup = STARTUPINFOW::default();
    // SAFETY: it may be written to. What its pointers lead to stays for the whole process.
    unsafe { GetStartupInfoW(&raw mut startup) };
    startup.dwFlags |= STARTF_USESTDHANDLES;
    startup.hStdInput = inheritable(STD_INPUT_HANDLE);
    startup.hStdOutput = inheritable(STD_OUTPUT_HANDLE);
    startup.hStdError = inheritable(STD_ERROR_HANDLE);
    startup
}

fn inheritable(which: STD_HANDLE) -> HANDLE {
    // SAFETY: it has no preconditions.
    let handle = unsafe { GetStdHandle(which) };
    if !handle.is_null() && handle != INVALID_HANDLE_VALUE {
        // A console's own handle may refuse, and needs it not.
        // SAFETY: the handle is one of this process.
        unsafe { SetHandleInformation(handle, HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT) };
    }
    handle
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wide(text: &str) -> Vec<u16> {
        text.encode_utf16().collect()
    }

    #[test]
    fn the_environment_is_in_the_systems_order_and_ends_twice() {
        let given = Given {
            tail: Vec::new(),
            environment: vec![("=C:".into(), "C:\\x".into()), ("path".into(), "p".into())],
        };
        let set = Variable::Set(b"GOROOT=C:\\g".to_vec());
        let block = block(&given, &[Variable::Kept(0), Variable::Kept(1), set]);
        assert_eq!(block, wide("=C:=C:\\x\0GOROOT=C:\\g\0path=p\0\0"));
        assert_eq!(super::block(&given, &[]), [0, 0]);
    }
}
