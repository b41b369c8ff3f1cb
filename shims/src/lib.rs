//! The machine as gvm-core sees it, over the standard library: the one implementation of [`gvm_core::world::World`]
//! that the shim and the command share, so that both see the same files.

pub mod world;
