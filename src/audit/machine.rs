//! What gvm has changed on this machine outside ROOT. There are two kinds, and `gvm setup` makes both: a block in a start
//! file, and an entry in the PATH that Windows keeps. They are found by looking for them, not by a list that could be
//! wrong.

use std::path::Path;

use crate::setup::{Scope, SetupError, Standing, standing};
use crate::shell::{self, Homes};

/// One change.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Outside {
    /// Where.
    pub at: Standing,
    /// Whether it counts for all users.
    pub is_for_all: bool,
}

/// What stands in this user's files, and in everybody's, below `top`, which is `/`. `shims` is the folder that is put on
/// PATH.
///
/// # Errors
/// When the PATH that the system keeps cannot be read.
pub fn machine(homes: Option<&Homes>, top: &Path, shims: &str) -> Result<Vec<Outside>, SetupError> {
    let mut found = Vec::new();
    let user = homes.map(|homes| (Scope::User(homes), false));
    for (scope, is_for_all) in user.into_iter().chain([(Scope::System(top), true)]) {
        let standing = standing(&shell::ALL, scope, shims)?;
        found.extend(standing.into_iter().map(|at| Outside { at, is_for_all }));
    }
    Ok(found)
}
