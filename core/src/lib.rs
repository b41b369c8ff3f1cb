//! What gvm decides, as pure functions over a [`world::World`]: which version was asked for, which one answers, and
//! what the child process gets. The same code runs in the shim, in the command and in the tests.
//!
//! No I/O, no clock, no unsafe. Paths are byte strings: Unix bytes, on Windows what `OsStr::as_encoded_bytes` gives.

#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;
#[cfg(test)]
extern crate std;

pub mod call;
pub mod dispatch;
pub mod excerpt;
pub mod explain;
pub mod goenv;
pub mod gomod;
pub mod installed;
pub mod layout;
pub mod line;
mod message;
pub mod module;
pub mod path;
pub mod pinfile;
pub mod project;
pub mod request;
pub mod resolve;
pub mod spec;
pub mod tag;
pub mod target;
pub mod toolchain;
pub mod vars;
pub mod version;
pub mod world;
