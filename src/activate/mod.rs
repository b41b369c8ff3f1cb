//! What makes an installed version the one that runs: the default, a project's pin, the shims on PATH.

pub mod current;
pub mod derived;
pub mod pin;
pub mod shims;
