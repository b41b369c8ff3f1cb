//! Becoming the program: `execve`, so that the process id, the signals and the exit code are the program's own.

use std::io;
use std::os::unix::process::CommandExt;
use std::process::{Command, ExitCode};

/// Becomes the program; comes back only with the reason why that failed.
pub(crate) fn start(mut command: Command) -> io::Result<ExitCode> {
    Err(command.exec())
}
