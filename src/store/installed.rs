//! [`Install`]: a version that stands at its hash path with a receipt.

use std::fs;
use std::io;

use gvm_core::layout::{self, Layout};

use super::{Receipt, StoreError, at};
use crate::platform;

/// An installed version.
#[derive(Clone, Debug)]
pub struct Install {
    /// Its folder's name.
    pub hash: String,
    /// Its receipt.
    pub receipt: Receipt,
}

/// Everything that is installed.
#[derive(Debug, Default)]
pub struct Inventory {
    /// The versions, oldest first; foreign targets after the host's of the same version.
    pub installs: Vec<Install>,
    /// Folders of which nobody can say what they are, by name: their receipts are damaged or gone.
    pub damaged: Vec<(String, StoreError)>,
}

/// Takes stock of ROOT. A root that is not there has nothing.
///
/// # Errors
/// When ROOT cannot be listed.
pub fn inventory(layout: &Layout) -> Result<Inventory, StoreError> {
    let mut inventory = Inventory::default();
    let root = platform::path(layout.root());
    let list = match fs::read_dir(root) {
        Ok(list) => list,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(inventory),
        Err(error) => return Err(at("list", root)(error)),
    };
    for entry in list {
        let name = entry.map_err(at("list", root))?.file_name();
        let Some(hash) = name.to_str().filter(|name| layout::is_hash(name.as_bytes())) else {
            continue;
        };
        match one(layout, hash) {
            Ok(Some(install)) => inventory.installs.push(install),
            // It was removed while we looked.
            Ok(None) if !platform::path(&layout.goroot(hash)).is_dir() => {}
            Ok(None) => {
                let path = platform::path(&layout.receipt(hash)).to_owned();
                let why = "there is none".into();
                let error = StoreError::BadReceipt { path, why };
                inventory.damaged.push((hash.to_owned(), error));
            }
            Err(error) => inventory.damaged.push((hash.to_owned(), error)),
        }
    }
    let order = |install: &Install| (install.receipt.version.clone(), install.receipt.tag.clone());
    inventory.installs.sort_by_cached_key(order);
    Ok(inventory)
}

/// Every installed version that can be told.
///
/// # Errors
/// As [`inventory`].
pub fn all(layout: &Layout) -> Result<Vec<Install>, StoreError> {
    Ok(inventory(layout)?.installs)
}

/// The version in this folder, if one stands there.
///
/// # Errors
/// When its receipt cannot be understood.
pub fn one(layout: &Layout, hash: &str) -> Result<Option<Install>, StoreError> {
    let tree = layout.goroot(hash);
    if !platform::path(&tree).is_dir() {
        return Ok(None);
    }
    let receipt = Receipt::read(layout, hash)?;
    Ok(receipt.map(|receipt| Install { hash: hash.to_owned(), receipt }))
}
