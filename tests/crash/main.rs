//! Killed at any point: gvm dies at each of its checkpoints, and the next command finds everything in order.

#![cfg(unix)]

#[path = "../stage/mod.rs"]
#[allow(dead_code, reason = "each program of tests uses a part of the stage")]
mod stage;
