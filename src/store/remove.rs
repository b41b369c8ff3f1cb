//! Removing a version: one rename takes it away; the rest is cleaning up.

use std::fs;

use gvm_core::layout::Layout;

use super::staging::{Live, Staging};
use super::{HashLock, Install, StoreError, WriteLock, at};
use crate::platform;

/// Takes an installed version away. From the rename on it does not exist; its files go when the result is dropped, which
/// takes a while and needs no lock.
///
/// # Errors
/// The system's; the version then still stands.
pub fn remove(
    layout: &Layout,
    lock: &HashLock,
    _write: &WriteLock,
    install: &Install,
    live: &Live,
) -> Result<Staging, StoreError> {
    let staging = Staging::create(layout, lock, live)?;
    let goroot = layout.goroot(&install.hash);
    let goroot = platform::path(&goroot);
    let aside = staging.tree().with_file_name("removed");
    platform::rename(goroot, &aside).map_err(at("remove", goroot))?;
    let link = layout.version_link(&install.receipt.tag);
    let link = platform::path(&link);
    // Mended by the next command where it cannot be removed now.
    let _ = fs::remove_file(link).or_else(|_| fs::remove_dir(link));
    for receipt in [layout.receipt(&install.hash), layout.receipt_files(&install.hash)] {
        let _ = fs::remove_file(platform::path(&receipt));
    }
    Ok(staging)
}
