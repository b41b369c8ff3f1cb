//! Many at once: processes that install, use, remove and run in one ROOT, held against a model of it.
//!
//! | file | holds |
//! |---|---|
//! | `many` | fifty at a time, doing the same or different things |
//! | `pairs` | two at a time, one of them held where it hurts |
//! | `model` | what a version and the default may be after calls that overlapped |
//! | `random` | random calls, some of them killed, held against the model at each quiet point |

mod many;
mod model;
mod pairs;
mod random;

#[path = "../stage/mod.rs"]
#[allow(dead_code, reason = "each program of tests uses a part of the stage")]
mod stage;
