//! What gvm gives to shells, run by the real ones: in pseudo-terminals, as somebody types.
//!
//! | file | holds |
//! |---|---|
//! | `terminal` | a shell in a pseudo-terminal: what is typed, and what is seen |
//! | `ground` | a home, versions, and a ROOT whose path has everything in it that quoting can break |
//! | `cast` | the shells, and in each one's language what the tests do |
//! | `prompts` | the lines of `docs/shells.md` that put the version into a prompt |
//! | `typed` | the code of `gvm init`, loaded and used |
//! | `strict` | the same under `set -eu` and its kin; and what linters say of it |
//! | `everybody` | setup for all users of a machine: logins of users with each shell, teardown |
//! | `newcomer` | an account that was just made: setup, login shells, teardown |

#![cfg(unix)]

mod cast;
mod everybody;
mod ground;
mod newcomer;
mod prompts;
mod strict;
mod terminal;
mod typed;

#[path = "../stage/mod.rs"]
#[allow(dead_code, reason = "each program of tests uses a part of the stage")]
mod stage;
