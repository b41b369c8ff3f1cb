//! Full, failing, read-only and odd disks: what cannot be done is said, and what was there stays.

#[path = "../stage/mod.rs"]
#[allow(dead_code, reason = "each program of tests uses a part of the stage")]
mod stage;

#[cfg(unix)]
mod full;
#[cfg_attr(windows, allow(dead_code, reason = "no disk is made to fail there"))]
mod ground;
#[cfg(unix)]
mod injected;
#[cfg(unix)]
mod modes;
mod odd;
