//! Removing a version: one rename takes it away; the rest is cleaning up.

use std::fs;
use std::io;
use std::path::Path;

use gvm_core::layout::Layout;

use super::staging::{Live, Staging};
use super::{HashLock, Install, StoreError, WriteLock, at, not_moved};
use crate::{atomic, checkpoint, platform};

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
            in_place(layout, &install.hash, &install.receipt.tag, &staging)?;
        }
        Err(error) => return Err(not_moved("remove", goroot)(error)),
        Ok(()) => {
            checkpoint::reach("remove.moved-aside");
            forget(layout, &install.hash, &install.receipt.tag);
        }
    }
    checkpoint::reach("remove.forgotten");
    Ok(staging)
}

/// In a staging folder: the version of its hash is being removed where it stands.
const MARK: &str = "removing";

/// Removes a tree that cannot be moved. A crash in between would leave a part of it under its own name: a mark in
/// staging says so to whoever sweeps next.
pub(super) fn in_place(
    layout: &Layout,
    hash: &str,
    tag: &str,
    staging: &Staging,
) -> Result<(), StoreError> {
    staging.keep()?;
    let mark = staging.folder().join(MARK);
    atomic::write(&mark, b"")?;
    checkpoint::reach("remove.marked");
    forget(layout, hash, tag);
    let goroot = layout.goroot(hash);
    let goroot = platform::path(&goroot);
    fs::remove_dir_all(goroot).map_err(at("remove", goroot))?;
    checkpoint::reach("remove.removed-in-place");
    fs::remove_file(&mark).map_err(at("remove", &mark))
}

/// Finishes a removal that this staging folder of a dead owner tells of.
///
/// # Errors
/// When it cannot be finished now: the folder must stay, and no version may be put where the other is to go.
pub(super) fn finish(layout: &Layout, hash: &str, folder: &Path) -> Result<(), StoreError> {
    let mark = folder.join(MARK);
    if fs::symlink_metadata(&mark).is_err() {
        return Ok(());
    }
    let goroot = layout.goroot(hash);
    let goroot = platform::path(&goroot);
    match fs::remove_dir_all(goroot) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            return Err(at("remove", goroot)(error));
        }
        Ok(()) | Err(_) => remove_receipts(layout, hash),
    }
    // Before all else in the folder: a mark that outlived this would take the next tree of this version away.
    fs::remove_file(&mark).map_err(at("remove", &mark))
}

/// Whether a folder of this hash stands, or nobody can say that none does.
pub fn stands(layout: &Layout, hash: &str) -> bool {
    !matches!(platform::path(&layout.goroot(hash)).try_exists(), Ok(false))
}

/// Whether something still speaks of a version whose folder is gone: its removal was cut off.
pub fn is_cut_off(layout: &Layout, hash: &str, tag: &str) -> bool {
    let is_there = |path: &[u8]| fs::symlink_metadata(platform::path(path)).is_ok();
    // By where it leads: on some file systems another tag's link has this name too.
    let link = platform::read_link(platform::path(&layout.version_link(tag)));
    let is_linked = link.is_some_and(|link| layout.hash_of_link(&link) == Some(hash));
    let receipts = [layout.receipt(hash), layout.receipt_files(hash)];
    !stands(layout, hash) && (is_linked || receipts.iter().any(|it| is_there(it)))
}

/// Whether a tree of this version was left in staging, or is being made or removed there.
pub fn is_in_staging(layout: &Layout, hash: &str) -> bool {
    let list = fs::read_dir(platform::path(&layout.staging())).into_iter().flatten().flatten();
    list.into_iter().any(|entry| entry.file_name().to_string_lossy().starts_with(hash))
}

/// Takes link and receipt away. What cannot be removed now is swept by the next command.
fn forget(layout: &Layout, hash: &str, tag: &str) {
    let link = layout.version_link(tag);
    let _ = platform::remove_link(platform::path(&link));
    checkpoint::reach("remove.unlinked");
    remove_receipts(layout, hash);
}

fn remove_receipts(layout: &Layout, hash: &str) {
    for receipt in [layout.receipt(hash), layout.receipt_files(hash)] {
        let _ = fs::remove_file(platform::path(&receipt));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_removal_is_finished_once_and_not_of_what_comes_later() {
        let root = tempfile::tempdir().unwrap();
        let layout = Layout::new(platform::bytes(root.path()));
        let (goroot, folder) = (root.path().join("0a0a0a0a"), root.path().join("staging"));
        fs::create_dir_all(goroot.join("bin")).unwrap();
        fs::create_dir(&folder).unwrap();
        fs::write(folder.join(MARK), "").unwrap();
        finish(&layout, "0a0a0a0a", &folder).unwrap();
        assert!(!goroot.exists());
        // Whoever removes the staging folder may have been stopped here, and the version be installed again.
        fs::create_dir(&goroot).unwrap();
        finish(&layout, "0a0a0a0a", &folder).unwrap();
        assert!(goroot.exists());
    }

    #[test]
    fn a_removal_that_cannot_be_finished_is_an_error() {
        let root = tempfile::tempdir().unwrap();
        let layout = Layout::new(platform::bytes(root.path()));
        fs::create_dir_all(root.path().join(MARK).join("immovable")).unwrap();
        assert!(finish(&layout, "0a0a0a0a", root.path()).is_err());
    }
}
