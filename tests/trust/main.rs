//! Secrets and trust on this machine: no password is shown, no program is run that the user did not choose.

#[path = "../stage/mod.rs"]
#[allow(dead_code, reason = "each program of tests uses a part of the stage")]
mod stage;

mod collision;
mod pins;
mod planted;
mod programs;
mod secrets;
mod swapped;
mod traced;
