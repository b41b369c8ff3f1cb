//! Hostile archives: each is refused by a rule that it names, nothing of it stays, and it costs little.

#![cfg(unix)]

mod case;
mod gzip;
mod names;
mod tar;
mod trial;
mod zip;

#[path = "../stage/mod.rs"]
#[allow(dead_code, reason = "each program of tests uses a part of the stage")]
mod stage;

#[test]
fn names_that_lead_elsewhere_are_refused() {
    trial::refused(&names::cases());
}
