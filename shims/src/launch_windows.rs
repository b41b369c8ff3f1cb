//! Running the program in this one's place: it gets the tail of our command line as it stands, our handles and our
//! environment, and its exit code is ours.

use std::convert::Infallible;
use std::ffi::{OsStr, OsString};
use std::io;
use std::os::windows::ffi::OsStrExt;
use std::os::windows::io::{AsHandle, FromRawHandle, OwnedHandle};
use std::ptr;

use gvm_shim::child;
use gvm_shim::world::{bytes, os_str};
use windows_sys::Win32::Foundation::{
    HANDLE, HANDLE_FLAG_INHERIT, INVALID_HANDLE_VALUE, SetHandleInformation, TRUE,
};
use windows_sys::Win32::System::Console::{
    GetConsoleCP, GetStdHandle, STD_ERROR_HANDLE, STD_HANDLE, STD_INPUT_HANDLE, STD_OUTPUT_HANDLE,
};
use windows_sys::Win32::System::Environment::GetCommandLineW;
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

/// The command line of this process behind the program's name, blanks and all.
pub(crate) fn tail() -> Vec<u16> {
    // SAFETY: the system gives a text that ends with a zero and stays for the whole process.
    let line = unsafe { GetCommandLineW() };
    let mut length = 0;
    // SAFETY: the zero at the end has not been reached yet.
    while unsafe { *line.add(length) } != 0 {
        length += 1;
    }
    // SAFETY: so many characters stand there, and nobody changes them.
    let line = unsafe { std::slice::from_raw_parts(line, length) };
    behind_name(line).to_vec()
}

const BLANKS: [u16; 2] = [b' ' as u16, b'\t' as u16];
const QUOTE: u16 = b'"' as u16;
const BACKSLASH: u16 = b'\\' as u16;

/// What follows the program's name: quotes keep blanks together, and nothing else means anything in it.
///
/// Source: `CommandLineToArgvW`, and the C library's rules,
/// <https://learn.microsoft.com/cpp/c-language/parsing-c-command-line-arguments>.
fn behind_name(line: &[u16]) -> &[u16] {
    let mut is_quoted = false;
    let end = line.iter().position(|unit| {
        is_quoted ^= *unit == QUOTE;
        !is_quoted && BLANKS.contains(unit)
    });
    &line[end.unwrap_or(line.len())..]
}

/// What follows one more argument, with the blanks before it. By the same rules: backslashes escape only before a quote,
/// and two quotes within quotes are one that is meant.
fn behind_argument(tail: &[u16]) -> &[u16] {
    let start = tail.iter().position(|unit| !BLANKS.contains(unit)).unwrap_or(tail.len());
    let (mut at, mut is_quoted) = (start, false);
    while at < tail.len() && (is_quoted || !BLANKS.contains(&tail[at])) {
        let slashes = tail[at..].iter().take_while(|unit| **unit == BACKSLASH).count();
        at += slashes;
        if slashes % 2 == 1 && tail.get(at) == Some(&QUOTE) {
            at += 1;
        } else if tail.get(at) == Some(&QUOTE) {
            let is_meant = is_quoted && tail.get(at + 1) == Some(&QUOTE);
            is_quoted ^= !is_meant;
            at += if is_meant { 2 } else { 1 };
        } else if slashes == 0 {
            at += 1;
        }
    }
    &tail[at..]
}

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

/// Starts it, with what this process was started with.
fn create(program: &OsStr, line: &mut [u16], environment: &[u16]) -> io::Result<OwnedHandle> {
    let program: Vec<u16> = program.encode_wide().chain([0]).collect();
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
    fn what_follows_the_name_stays_as_it_is() {
        for (line, tail) in [
            ("go", ""),
            ("go  build", "  build"),
            ("\"C:\\a b\\go.exe\" \"x\"", " \"x\""),
            ("C:\\a\" b\"\\go.exe\tx\\\"", "\tx\\\""),
            ("\"unended build", ""),
        ] {
            assert_eq!(behind_name(&wide(line)), wide(tail), "{line}");
        }
    }

    #[test]
    fn an_argument_ends_where_the_c_library_ends_it() {
        for (tail, rest) in [
            (" +1.22  build", "  build"),
            (" \"+1.22\" build", " build"),
            ("\t+\">=1.21 <1.23\" x", " x"),
            (" a\\\"b c", " c"),
            (" a\\\\\"b c\" d", " d"),
            (" \"a \"\" b\" c", " c"),
            (" a\\\\ b", " b"),
            (" \"\" b", " b"),
            ("", ""),
        ] {
            assert_eq!(behind_argument(&wide(tail)), wide(rest), "{tail}");
        }
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
