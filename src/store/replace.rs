//! A version replaced where it stands: the trees are exchanged in one step, the receipt follows. What a crash leaves in
//! between is finished by whoever sweeps next, by what the staging folder says.

use std::fs;
use std::io;
use std::path::Path;

use gvm_core::layout::Layout;

use super::staging::Staging;
use super::{Receipt, StoreError, at, not_moved, remove};
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
    staging.keep()?;
    match platform::exchange(staging.tree(), goroot) {
        Err(error) if error.kind() == io::ErrorKind::CrossesDevices => {
            remove::in_place(layout, hash, &receipt.tag, staging)?;
            return Ok(Replaced::Cleared);
        }
        exchanged => exchanged.map_err(not_moved("replace", goroot))?,
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
/// to its place. False when the folder must stay as it is.
pub(super) fn finish(layout: &Layout, hash: &str, folder: &Path) -> Result<bool, StoreError> {
    let path = folder.join(IDENTITY);
    let identity = match fs::read(&path) {
        Ok(identity) => identity,
        Err(error) => return Ok(error.kind() == io::ErrorKind::NotFound),
    };
    let goroot = layout.goroot(hash);
    let goroot = platform::path(&goroot);
    // Where no call exchanges two folders, a crash can come while neither has the name.
    let tree = folder.join("tree");
    if !remove::stands(layout, hash)
        && platform::identity(&tree).is_some_and(|it| it.as_bytes() == identity)
        && platform::rename(&tree, goroot).is_err()
    {
        return Ok(false);
    }
    let stands = platform::identity(goroot);
    if stands.is_some_and(|stands| stands.as_bytes() == identity) {
        put_receipt(layout, hash, folder)?;
    }
    // Before the tree that has this number: numbers are given again, and where the folder's removal stops half-way, the
    // next tree of this version could have it.
    Ok(fs::remove_file(&path).is_ok())
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

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_exchanged_is_not_finished_later_by_a_folder_that_got_the_number() {
        let root = tempfile::tempdir().unwrap();
        let layout = Layout::new(platform::bytes(root.path()));
        let (folder, goroot) = (root.path().join("staging"), root.path().join("0a0a0a0a"));
        for folder in [&folder, &goroot, &root.path().join("receipts")] {
            fs::create_dir(folder).unwrap();
        }
        fs::write(folder.join(RECEIPT), "of another tree").unwrap();
        fs::write(folder.join(IDENTITY), "0").unwrap();
        assert!(finish(&layout, "0a0a0a0a", &folder).unwrap());
        assert!(!folder.join(IDENTITY).exists());
        assert!(finish(&layout, "0a0a0a0a", &folder).unwrap());
        assert!(!platform::path(&layout.receipt("0a0a0a0a")).exists());
    }

    #[test]
    fn what_was_exchanged_is_finished_more_than_once() {
        let root = tempfile::tempdir().unwrap();
        let layout = Layout::new(platform::bytes(root.path()));
        let (folder, goroot) = (root.path().join("staging"), root.path().join("0a0a0a0a"));
        for folder in [&folder, &goroot, &root.path().join("receipts")] {
            fs::create_dir(folder).unwrap();
        }
        fs::write(folder.join(RECEIPT), "the new one's").unwrap();
        for _ in 0..2 {
            fs::write(folder.join(IDENTITY), platform::identity(&goroot).unwrap()).unwrap();
            assert!(finish(&layout, "0a0a0a0a", &folder).unwrap());
        }
        let receipt = fs::read_to_string(platform::path(&layout.receipt("0a0a0a0a"))).unwrap();
        assert_eq!(receipt, "the new one's");
    }
}
