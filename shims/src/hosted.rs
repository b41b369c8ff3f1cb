//! The shim over the standard library: what other systems than Linux get, and what ordinary builds and tests see.

use std::io::Write;
use std::process::Command;

#[cfg(windows)]
use gvm_core::world::World as _;
#[cfg(windows)]
use gvm_shim::command_line;
use gvm_shim::world::{Machine, bytes, os_str};

use crate::environment::Variable;
use crate::install::Install;
use crate::launch::{self, Given};
use crate::own::Own;
use crate::shim::{self, Process, Run, System};

/// Where the C library starts us. A `main` of Rust's own would ignore `SIGPIPE` first, and the program that this process
/// becomes would inherit that.
#[cfg(all(unix, not(test)))]
#[unsafe(no_mangle)]
extern "C" fn main(
    _count: core::ffi::c_int,
    arguments: *const *const core::ffi::c_char,
) -> core::ffi::c_int {
    use crate::vectors;
    unsafe extern "C" {
        static environ: *const *const core::ffi::c_char;
    }
    // SAFETY: nobody writes to it: there is one thread, and it changes no variable.
    let environment = unsafe { environ };
    let given = Given {
        // SAFETY: the C library gives both as the kernel left them, and they stay for the whole process.
        arguments: unsafe { vectors::strings(arguments) },
        // SAFETY: as above.
        environment: unsafe { vectors::strings(environment) },
    };
    let (arguments, variables) =
        (vectors::bytes(&given.arguments), vectors::bytes(&given.environment));
    let process = Process { arguments: &arguments, environment: &variables };
    play(&process, &given).into()
}

/// The whole program.
#[cfg(windows)]
#[cfg_attr(test, allow(dead_code, reason = "tests have a main of their own"))]
#[allow(
    clippy::disallowed_methods,
    reason = "what the process was started with is read once, here"
)]
pub(crate) fn main() -> std::process::ExitCode {
    let given = Given { tail: command_line::tail(), environment: std::env::vars_os().collect() };
    let arguments: Vec<Vec<u8>> = std::env::args_os().map(|text| bytes(&text)).collect();
    let variables = given.environment.iter().map(|(name, value)| {
        let mut text = bytes(name);
        text.push(b'=');
        text.extend(bytes(value));
        text
    });
    let variables: Vec<Vec<u8>> = variables.collect();
    let arguments: Vec<&[u8]> = arguments.iter().map(Vec::as_slice).collect();
    let variables: Vec<&[u8]> = variables.iter().map(Vec::as_slice).collect();
    let process = Process { arguments: &arguments, environment: &variables };
    play(&process, &given).into()
}

#[cfg_attr(all(unix, test), allow(dead_code, reason = "tests have a main of their own"))]
fn play(process: &Process, given: &Given) -> u8 {
    let ask = || spelled(bytes(std::env::current_exe().ok()?.as_os_str()));
    let own = Own::new(None, process.arguments.first().copied(), &ask);
    shim::play(
        process,
        &Machine::capture(),
        &own,
        &Hosted { environment: process.environment, given },
    )
}

/// A path as its file is called. Windows tells it as it was typed: `GO` starts `go.exe`.
#[cfg(windows)]
fn spelled(path: Vec<u8>) -> Option<Vec<u8>> {
    let is_plain = !gvm_core::path::file_name(&path).iter().any(u8::is_ascii_uppercase);
    if is_plain { Some(path) } else { Machine::of([], None).real(&path) }
}

#[cfg(unix)]
#[allow(clippy::unnecessary_wraps, reason = "the twin of Windows'")]
fn spelled(path: Vec<u8>) -> Option<Vec<u8>> {
    Some(path)
}

struct Hosted<'a> {
    environment: &'a [&'a [u8]],
    given: &'a Given,
}

impl System for Hosted<'_> {
    fn start(&self, run: &Run) -> Option<i32> {
        launch::start(self.given, run)
    }

    fn install(&self, install: &Install) -> bool {
        let mut gvm = Command::new(os_str(&install.program));
        gvm.args(["install", "--", &install.spec]).env_clear().stdout(std::io::stderr());
        for variable in &install.environment {
            let text = match variable {
                Variable::Kept(at) => self.environment.get(*at).copied().unwrap_or_default(),
                Variable::Set(text) => text,
            };
            // On Windows, names of the system's own begin with the sign.
            if let Some(at) = text.iter().skip(1).position(|byte| *byte == b'=') {
                gvm.env(os_str(&text[..=at]), os_str(&text[at + 2..]));
            }
        }
        gvm.status().is_ok_and(|status| status.success())
    }

    fn say(&self, line: &[u8]) {
        // There is nobody left to tell.
        let _ = std::io::stderr().write_all(line);
    }
}
