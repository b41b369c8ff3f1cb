//! Running the program as a child and passing on its exit code, whole.

use std::env::ArgsOs;
use std::io;
use std::process::{Command, ExitCode};

use gvm_core::dispatch::Launch;
use gvm_shim::world::os_str;

/// Runs the program to its end.
pub(crate) fn start(launch: &Launch, arguments: ArgsOs) -> io::Result<ExitCode> {
    let mut command = Command::new(os_str(&launch.program));
    command.args(arguments);
    for change in &launch.changes {
        match &change.value {
            Some(value) => command.env(change.name, os_str(value)),
            None => command.env_remove(change.name),
        };
    }
    let status = command.status()?;
    std::process::exit(status.code().unwrap_or(1))
}
