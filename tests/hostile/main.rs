//! Hostile archives: each is refused by a rule that it names, nothing of it stays, and it costs little.

#![cfg(unix)]

#[path = "../stage/mod.rs"]
#[allow(dead_code, reason = "each program of tests uses a part of the stage")]
mod stage;
