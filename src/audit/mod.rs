//! What gvm's own things could do to a system. Nothing is changed, and nothing is run.
//!
//! | file | holds |
//! |---|---|
//! | `finding` | what may be found, in words |
//! | `machine` | what gvm has changed outside ROOT |
//! | `tree` | a version's tree, against the list of its files |

mod finding;
mod machine;
mod tree;

pub use finding::{Danger, Finding};
pub use machine::{Outside, machine};
pub use tree::{Audited, tree};
