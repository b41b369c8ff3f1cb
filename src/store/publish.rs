//! Publishing: the receipt, then the one rename that makes the version exist, then the links that are derived from it.

use std::ffi::OsStr;

use gvm_core::layout::Layout;

use super::replace::{self, Replaced};
use super::staging::Staging;
use super::{HashLock, Install, Receipt, StoreError, WriteLock, at, installed};
use crate::checkpoint;
use crate::platform;
use crate::verify::Verified;

/// Makes the verified tree in `staging` an installed version. A tree that stands there is swapped out; there is no moment
/// with neither.
///
/// # Errors
/// When the system refuses. The old version, if any, then still stands.
pub fn publish(
    layout: &Layout,
    hash: &HashLock,
    _write: &WriteLock,
    staging: Staging,
    verified: &Verified,
    receipt: Receipt,
) -> Result<Install, StoreError> {
    let goroot = layout.goroot(hash.hash());
    let goroot = platform::path(&goroot);
    let files = verified.staged().files();
    let is_replaced = goroot.exists()
        && match replace::replace(layout, hash.hash(), &staging, &receipt, files)? {
            Replaced::Yes => true,
            Replaced::Cleared => false,
        };
    if !is_replaced {
        receipt.write(layout, hash.hash(), files)?;
        sync_folder(&layout.receipts())?;
        checkpoint::reach("publish.receipt-written");
        platform::rename(staging.tree(), goroot).map_err(at("create", goroot))?;
    }
    checkpoint::reach("publish.renamed");
    sync_folder(layout.root())?;
    if is_replaced {
        // Before what could finish it after a power cut goes with the staging folder.
        sync_folder(&layout.receipts())?;
    }
    checkpoint::reach("publish.synced");
    drop(staging);
    checkpoint::reach("publish.staging-removed");
    let install = Install { hash: hash.hash().to_owned(), receipt };
    link(layout, &install)?;
    checkpoint::reach("publish.linked");
    Ok(install)
}

/// Waits until the tree's bytes are on the disk. Before the rename: else, after a power cut, the name could be there and
/// the bytes not. Outside the lock on ROOT, since it takes a while.
///
/// # Errors
/// The system's.
pub fn sync(staging: &Staging) -> Result<(), StoreError> {
    platform::sync_tree(staging.tree()).map_err(at("sync", staging.tree()))
}

/// What stands where the version of this tag would. A folder that holds another tag is a collision of hashes: 32 bits
/// are easy to hit on purpose. One that nobody can say what it is may be replaced by `force` only.
///
/// # Errors
/// [`StoreError::Collision`], [`StoreError::Unknown`], or a damaged receipt.
pub fn check_place(
    layout: &Layout,
    hash: &str,
    tag: &str,
    force: bool,
) -> Result<Option<Install>, StoreError> {
    if let Some(other) = namesake(layout, tag) {
        return Err(StoreError::Namesake { tag: tag.to_owned(), other });
    }
    match installed::one(layout, hash) {
        Ok(Some(other)) if other.receipt.tag != tag => Err(StoreError::Collision {
            tag: tag.to_owned(),
            hash: hash.to_owned(),
            other: other.receipt.tag,
        }),
        Ok(None) if !force && platform::path(&layout.goroot(hash)).exists() => {
            Err(StoreError::Unknown {
                path: platform::path(&layout.goroot(hash)).to_owned(),
                tag: tag.to_owned(),
            })
        }
        Ok(install) => Ok(install),
        Err(StoreError::BadReceipt { .. }) if force => Ok(None),
        Err(error) => Err(error),
    }
}

/// An installed tag that has this one's name where upper and lower case are one.
fn namesake(layout: &Layout, tag: &str) -> Option<String> {
    let link = platform::read_link(platform::path(&layout.version_link(tag)));
    let hash = layout.hash_of_link(link.as_deref()?)?;
    let other = installed::one(layout, hash).ok().flatten().map(|install| install.receipt.tag);
    other.filter(|other| other != tag && other.eq_ignore_ascii_case(tag))
}

/// Makes or mends the link of an installed version.
pub(super) fn link(layout: &Layout, install: &Install) -> Result<(), StoreError> {
    let path = layout.version_link(&install.receipt.tag);
    let target = Layout::version_link_target(&install.hash);
    let path = platform::path(&path);
    let target: &OsStr = platform::path(&target).as_os_str();
    let old = platform::read_link(path);
    if old.is_some_and(|old| layout.hash_of_link(&old) == Some(install.hash.as_str())) {
        return Ok(());
    }
    platform::replace_link(target, path).map_err(at("link", path))
}

/// So that what was renamed in this folder survives a power cut.
fn sync_folder(folder: &[u8]) -> Result<(), StoreError> {
    let folder = platform::path(folder);
    platform::sync_folder(folder).map_err(at("sync", folder))
}
