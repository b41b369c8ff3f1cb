//! gvm in the start files of the user's shells: what `gvm setup` and `gvm teardown` would change, and the changing.
//!
//! | file | holds |
//! |---|---|
//! | `homes` | where this user's start files are |
//! | `plan` | which of them change, and how: everything is looked at before the first is written |
//! | `block` | one block of ours in the bytes of a file: put in, replaced, taken out |
//! | `files` | a start file as it stands: what may be written, written, removed |
//! | `search_path` | gvm in the PATH that Windows keeps: put in, taken out; and another Go before it |
//! | `namesake` | the other program that is called gvm, and where it is loaded |
//! | `diff` | a change as people read it |

pub mod block;
mod diff;
pub mod files;
pub mod homes;
pub mod namesake;
pub mod plan;
pub mod search_path;

pub use files::SetupError;
pub use plan::{Change, PathChange, Plan, Scope, Standing, standing};
