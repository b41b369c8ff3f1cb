//! Many at once: processes that install, use, remove and run in one ROOT, held against a model of it.

#![cfg(unix)]

#[path = "../stage/mod.rs"]
#[allow(dead_code, reason = "each program of tests uses a part of the stage")]
mod stage;
