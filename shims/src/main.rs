//! The program that stands on PATH as `go`, `gofmt` and `go1.22.4`: it decides which Go runs here and becomes it.
//!
//! It never writes and cannot reach the network; a gvm that it starts may, where the user said so. What it decides is
//! gvm-core's; the story is told in [`shim`]. On Linux the copy inside gvm is built without a standard library (`raw`), and
//! is the chooser that a smaller program on PATH loads (`front`); everywhere else, and in tests, it is built over the
//! standard library (`hosted`), and stands on PATH itself.

#![cfg_attr(freestanding, no_std)]
#![cfg_attr(all(unix, not(test)), no_main)]

extern crate alloc;

mod environment;
mod install;
mod mark;
mod marker;
mod own;
mod shim;
mod stop;
#[cfg(unix)]
mod vectors;

#[cfg(unix)]
#[path = "launch_unix.rs"]
mod launch;
#[cfg(windows)]
#[path = "launch_windows.rs"]
mod launch;

#[cfg(not(freestanding))]
mod hosted;
#[cfg(freestanding)]
mod raw;

#[cfg(all(windows, not(test)))]
fn main() -> std::process::ExitCode {
    hosted::main()
}
