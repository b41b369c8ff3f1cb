//! gvm, the program: reads the call, does it, and says what came of it.

fn main() {
    // Not by `ExitCode`, which is one byte: on Windows a child's code has four.
    std::process::exit(gvm::run());
}
