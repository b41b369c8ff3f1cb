//! What gvm's own things could do to a system. Nothing is changed, and nothing is run.
//!
//! | file | holds |
//! |---|---|
//! | `finding` | what may be found, in words |
//! | `tree` | a version's tree, against the list of its files |

mod finding;
mod tree;

pub use finding::{Danger, Finding};
pub use tree::{Audited, tree};
