//! The machine as gvm-core sees it, over the standard library: the one implementation of [`gvm_core::world::World`]
//! that the hosted shim and the command share, so that both see the same files. The freestanding shim has its own.

#![cfg_attr(freestanding, no_std)]

#[cfg(not(freestanding))]
pub mod world;
