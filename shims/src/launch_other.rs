//! Running the program as a child and passing on its exit code, whole.

use std::ffi::OsString;
use std::process::Command;

use gvm_shim::world::os_str;

use crate::environment::Variable;
use crate::shim::Run;

/// What this process was started with.
pub(crate) struct Given {
    /// Its arguments.
    pub(crate) arguments: Vec<OsString>,
    /// Its variables, name and value.
    pub(crate) environment: Vec<(OsString, OsString)>,
}

/// Runs the program to its end, and ends with its code. Comes back only with the system's reason why it did not start.
pub(crate) fn start(given: &Given, run: &Run) -> Option<i32> {
    let mut command = Command::new(os_str(&run.program));
    command.args(given.arguments.iter().skip(run.from)).env_clear();
    for variable in &run.environment {
        match variable {
            Variable::Kept(at) => command.envs(given.environment.get(*at).cloned()),
            Variable::Set(text) => {
                let mut parts = text.splitn(2, |byte| *byte == b'=').map(os_str);
                command.env(parts.next().unwrap_or_default(), parts.next().unwrap_or_default())
            }
        };
    }
    match command.status() {
        Ok(status) => std::process::exit(status.code().unwrap_or(1)),
        Err(error) => error.raw_os_error(),
    }
}
