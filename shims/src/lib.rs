//! What the hosted shim and the command share: the machine as gvm-core sees it, the one implementation of
//! [`gvm_core::world::World`] over the standard library, so that both see the same files (the freestanding shim has its
//! own); and, on Windows, the command line as it came, and standing in for a child.

#![cfg_attr(freestanding, no_std)]

#[cfg(windows)]
pub mod child;
#[cfg(windows)]
pub mod command_line;
#[cfg(not(freestanding))]
pub mod world;
