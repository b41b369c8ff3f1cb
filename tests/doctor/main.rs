//! What gvm says of a Go that does not work, held against real Go: each cause is made, the go command is seen to fail (or
//! to be silent), the finding is read, and its cure is run.

#![cfg(unix)]

mod cast;
mod compiler;
mod damage;
mod document;
mod ground;
mod healthy;
mod hijacked;
mod in_shells;
mod on_path;
mod own;
mod places;
mod poison;
mod quick;
mod rows;
mod stories;
mod tried;
mod variables;

#[path = "../stage/mod.rs"]
#[allow(dead_code, reason = "each program of tests uses a part of the stage")]
mod stage;
