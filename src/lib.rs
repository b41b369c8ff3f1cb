//! gvm, the command: the long half, from a request to an installed, proved and active Go.
//!
//! The modules and their layers are the table of `ARCHITECTURE.md`; `tests/architecture.rs` holds them to it.

pub mod report;
