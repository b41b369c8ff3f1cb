//! Running the program as a child and passing on its exit code, whole.

use std::io;
use std::process::{Command, ExitCode};

/// Runs the program to its end.
pub(crate) fn start(mut command: Command) -> io::Result<ExitCode> {
    let status = command.status()?;
    std::process::exit(status.code().unwrap_or(1))
}
