//! The newest signed tree head of each checksum database, as bytes: whoever shows us another past is found out by it.

use std::fs;
use std::io;

use gvm_core::layout::Layout;

use super::lock::HeadLock;
use super::{StoreError, at};
use crate::{atomic, checkpoint, platform};

/// The signed note that was kept last. None when none was.
///
/// # Errors
/// The system's; a head that is there and cannot be read is not the same as none.
pub fn read(layout: &Layout, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
    let path = layout.sumdb_latest(name);
    let path = platform::path(&path);
    match platform::read(path) {
        Ok(note) => Ok(Some(note)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(at("read", path)(error)),
    }
}

/// Keeps a newer one.
///
/// # Errors
/// The system's; the old one then still stands.
pub fn write(layout: &Layout, _lock: &HeadLock, name: &str, note: &[u8]) -> Result<(), StoreError> {
    let path = layout.sumdb_latest(name);
    let path = platform::path(&path);
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(at("create", folder))?;
    }
    checkpoint::reach("head.folder-made");
    atomic::write(path, note)?;
    checkpoint::reach("head.moved-on");
    Ok(())
}
