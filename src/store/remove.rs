//! Removing a version: one rename takes it away; the rest is cleaning up.

use std::fs;
use std::io;

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
    match platform::rename(goroot, &aside) {
        // A folder of a lower layer (of a container's image) can be removed, and not moved.
        Err(error) if error.kind() == io::ErrorKind::CrossesDevices => {
            forget(layout, install);
            fs::remove_dir_all(goroot).map_err(at("remove", goroot))?;
        }
        Err(error) => return Err(at("remove", goroot)(error)),
        Ok(()) => forget(layout, install),
    }
    Ok(staging)
}

/// Takes link and receipt away. What cannot be removed now is swept by the next command.
fn forget(layout: &Layout, install: &Install) {
    let link = layout.version_link(&install.receipt.tag);
    let link = platform::path(&link);
    let _ = fs::remove_file(link).or_else(|_| fs::remove_dir(link));
    for receipt in [layout.receipt(&install.hash), layout.receipt_files(&install.hash)] {
        let _ = fs::remove_file(platform::path(&receipt));
    }
}
