//! The shims on PATH: copies of one small program that is built beside gvm and embedded in it.

use std::fs;

use gvm_core::layout::{Layout, TOOLS};

use crate::atomic;
use crate::platform;
use crate::store::{StoreError, WriteLock};

/// The program. `build.rs` builds it for the same target as gvm.
const SHIM: &[u8] = include_bytes!(env!("GVM_SHIM_PATH"));

/// Writes the shims that are missing or another gvm's. Each is replaced in one step; one that runs goes on running.
///
/// # Errors
/// When one cannot be written.
pub fn refresh(layout: &Layout, _lock: &WriteLock) -> Result<(), StoreError> {
    for tool in TOOLS {
        let path = layout.shim(tool);
        let path = platform::path(&path);
        if !fs::read(path).is_ok_and(|content| content == SHIM) {
            atomic::write_program(path, SHIM)?;
        }
    }
    Ok(())
}
