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

/// Every installed version, oldest first; foreign targets after the host's of the same version. A root that is not there
/// has none.
///
/// # Errors
/// When ROOT cannot be listed or a receipt cannot be understood.
pub fn all(layout: &Layout) -> Result<Vec<Install>, StoreError> {
    let root = platform::path(layout.root());
    let list = match fs::read_dir(root) {
        Ok(list) => list,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(at("list", root)(error)),
    };
    let mut installs = Vec::new();
    for entry in list {
        let name = entry.map_err(at("list", root))?.file_name();
        let Some(hash) = name.to_str().filter(|name| layout::is_hash(name.as_bytes())) else {
            continue;
        };
        installs.extend(one(layout, hash)?);
    }
    installs.sort_by(|a, b| {
        (&a.receipt.version, &a.receipt.tag).cmp(&(&b.receipt.version, &b.receipt.tag))
    });
    Ok(installs)
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
