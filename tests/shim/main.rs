//! Black-box tests of the shim, in both of its forms: the one that gvm embeds, and the one over the standard library.
//! What holds for one holds for the other.
//!
//! | file | holds |
//! |---|---|
//! | `form` | the two programs |
//! | `place` | a ROOT with versions, a project, and calls in them |
//! | all others | the stories, by topic |

#![cfg(any(target_os = "linux", windows))]

mod again;
mod cost;
mod form;
mod hardship;
mod missing;
mod place;
#[cfg(target_os = "linux")]
mod worlds;

#[path = "../stage/fake.rs"]
#[allow(dead_code, reason = "each program of tests uses a part of it")]
mod fake;
#[path = "../stage/link.rs"]
#[allow(dead_code, reason = "each program of tests uses a part of it")]
mod link;
