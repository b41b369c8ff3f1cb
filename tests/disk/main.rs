//! Full, failing, read-only and odd disks: what cannot be done is said, and what was there stays.

#[path = "../stage/mod.rs"]
#[allow(dead_code, reason = "each program of tests uses a part of the stage")]
mod stage;

mod full;
mod ground;
#[cfg(unix)]
mod injected;
#[cfg(unix)]
mod modes;
#[cfg(unix)]
mod mounted;
mod odd;
#[cfg(unix)]
mod read_only;
mod small;
