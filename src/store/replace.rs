//! A version replaced where it stands: the trees are exchanged in one step, the receipt follows. What a crash leaves in
//! between is finished by whoever sweeps next, by what the staging folder says.

use std::fs;
use std::io;
use std::path::Path;

use gvm_core::layout::Layout;

use super::staging::Staging;
use super::{Receipt, StoreError, at, remove};
use crate::unpack::TreeFile;
use crate::{atomic, checkpoint, platform};

/// In staging, beside the tree: the receipt and the list of files of the new one, and which folder that is.
const RECEIPT: &str = "receipt.toml";
const FILES: &str = "receipt.files";
const IDENTITY: &str = "exchanged";

/// Whether the old tree is out of the way, the new one in its place.
pub(super) enum Replaced {
    /// It is, with the receipt.
    Yes,
    /// The place is free: a folder of a lower layer (of a container's image) cannot be moved, and was removed.
    Cleared,
}

/// Replaces the tree and then the receipt.
///
/// # Errors
/// The system's; the old version then still stands, with its receipt.
pub(super) fn replace(
    layout: &Layout,
    hash: &str,
    staging: &Staging,
    receipt: &Receipt,
    files: &[TreeFile],
) -> Result<Replaced, StoreError> {
    let goroot = layout.goroot(hash);
    let goroot = platform::path(&goroot);
    let (list, text) = (staging.folder().join(FILES), staging.folder().join(RECEIPT));
    receipt.write_to(&list, &text, files)?;
    if let Some(identity) = platform::identity(staging.tree()) {
        atomic::write(&staging.folder().join(IDENTITY), identity.as_bytes())?;
    }
    platform::sync_folder(staging.folder()).map_err(at("sync", staging.folder()))?;
    checkpoint::reach("replace.prepared");
    match platform::exchange(staging.tree(), goroot) {
        Err(error) if error.kind() == io::ErrorKind::CrossesDevices => {
            remove::in_place(layout, hash, &receipt.tag, staging)?;
            return Ok(Replaced::Cleared);
        }
        exchanged => exchanged.map_err(at("replace", goroot))?,
    }
    checkpoint::reach("replace.exchanged");
    if let Err(error) = put_receipt(layout, hash, staging.folder()) {
        // The old tree must not stand under a new receipt, nor the new one under the old.
        platform::exchange(staging.tree(), goroot).map_err(at("put back", goroot))?;
        return Err(error);
    }
    Ok(Replaced::Yes)
}

/// Finishes an exchange that this staging folder of a dead owner tells of: where the new tree stands, its receipt goes
/// to its place.
pub(super) fn finish(layout: &Layout, hash: &str, folder: &Path) -> Result<(), StoreError> {
    let Ok(identity) = fs::read_to_string(folder.join(IDENTITY)) else { return Ok(()) };
    let stands = platform::identity(platform::path(&layout.goroot(hash)));
    if stands == Some(identity) { put_receipt(layout, hash, folder) } else { Ok(()) }
}

fn put_receipt(layout: &Layout, hash: &str, folder: &Path) -> Result<(), StoreError> {
    for (name, place) in [(FILES, layout.receipt_files(hash)), (RECEIPT, layout.receipt(hash))] {
        let place = platform::path(&place);
        match platform::rename(&folder.join(name), place) {
            // It went there before the crash.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            renamed => renamed.map_err(at("write", place))?,
        }
        checkpoint::reach("replace.receipt-moved");
    }
    Ok(())
}
