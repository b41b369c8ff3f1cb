//! gvm, the program: reads the call, does it, and says what came of it.

use std::process::ExitCode;

fn main() -> ExitCode {
    gvm::run()
}
