//! Running gvm as a child: the one time that a shim starts something and goes on.

use alloc::ffi::CString;

use rustix::process::{Pid, WaitOptions, waitpid};

use super::call;
use crate::install::Install;
use crate::launch::{self, Given};

/// What a shell says of a program that it cannot start.
const CANNOT_RUN: u8 = 126;

/// Runs gvm to its end, its standard output going to our standard error. Whether all went well.
pub(super) fn run(given: &Given, install: &Install) -> bool {
    let Ok(program) = CString::new(install.program.as_slice()) else { return false };
    let Ok(spec) = CString::new(install.spec.as_str()) else { return false };
    // SAFETY: there is one thread, and nothing is open that the child would have to leave alone.
    match Pid::from_raw(unsafe { call::fork() }) {
        Some(child) if child.as_raw_nonzero().get() > 0 => wait(child),
        Some(_) => false,
        None => {
            // SAFETY: whatever stands at that number; if nothing does, it fails and there is no standard output either.
            let errors = unsafe { rustix::stdio::stderr() };
            let _ = rustix::stdio::dup2_stdout(errors);
            let mut arguments = [program.as_c_str(), c"install", c"--", &spec].into_iter();
            launch::become_program(given, &program, &mut arguments, &install.environment);
            call::exit(CANNOT_RUN)
        }
    }
}

fn wait(child: Pid) -> bool {
    loop {
        match waitpid(Some(child), WaitOptions::empty()) {
            Ok(Some((_, status))) => return status.exit_status() == Some(0),
            Ok(None) | Err(rustix::io::Errno::INTR) => {}
            Err(_) => return false,
        }
    }
}
