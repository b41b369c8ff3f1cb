//! Becoming the program: `execve`, so that the process id, the signals and the exit code are the program's own.

use std::env::ArgsOs;
use std::io;
use std::os::unix::process::CommandExt;
use std::process::{Command, ExitCode};

use gvm_core::dispatch::Launch;
use gvm_shim::world::os_str;

/// Becomes the program; comes back only with the reason why that failed.
pub(crate) fn start(launch: &Launch, arguments: ArgsOs) -> io::Result<ExitCode> {
    let mut command = Command::new(os_str(&launch.program));
    command.args(arguments);
    for change in &launch.changes {
        match &change.value {
            Some(value) => command.env(change.name, os_str(value)),
            None => command.env_remove(change.name),
        };
    }
    Err(command.exec())
}
