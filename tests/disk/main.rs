//! Full, failing, read-only and odd disks: what cannot be done is said, and what was there stays.

#[path = "../stage/mod.rs"]
#[allow(dead_code, reason = "each program of tests uses a part of the stage")]
mod stage;

mod full;
mod ground;
mod injected;
mod modes;
mod odd;
