//! What only Windows has: command lines that are one text, exit codes of 32 bits, a PATH in the registry, files that
//! cannot be moved while they are open. Run on Windows, or under Wine.
//!
//! | file | holds |
//! |---|---|
//! | `line` | what the shim passes on: the command line as it came, codes, handles, its own end |
//! | `kept_path` | `gvm setup` and `gvm teardown` on the registry's PATH, and a Go for all users before it |
//! | `places` | ROOT where only Windows has places |
//! | `command_prompt` | what `gvm init cmd` prints, in the command prompt |
//! | `doctor` | what `gvm doctor` says of a registry and its PATHs |
//! | `in_use` | versions and shims that run while they are removed or replaced |

#![cfg(windows)]

mod command_prompt;
mod doctor;
mod in_use;
mod kept_path;
mod line;
mod places;

#[path = "../stage/mod.rs"]
#[allow(dead_code, reason = "each program of tests uses a part of the stage")]
mod stage;

use stage::{env, fake, installed, mint, site, tally};
