//! The shim over the standard library: what other systems than Linux get, and what ordinary builds and tests see.

use std::io::Write;
use std::process::Command;

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
#[cfg(not(unix))]
#[allow(
    clippy::disallowed_methods,
    reason = "what the process was started with is read once, here"
)]
pub(crate) fn main() -> std::process::ExitCode {
    let given = Given {
        arguments: std::env::args_os().collect(),
        environment: std::env::vars_os().collect(),
    };
    let arguments: Vec<Vec<u8>> = given.arguments.iter().map(|text| bytes(text)).collect();
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
    let ask = || std::env::current_exe().ok().map(|path| bytes(path.as_os_str()));
    let own = Own::new(None, process.arguments.first().copied(), &ask);
    shim::play(
        process,
        &Machine::capture(),
        &own,
        &Hosted { environment: process.environment, given },
    )
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
