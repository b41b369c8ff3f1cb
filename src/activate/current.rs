//! The default version: the link that is the only truth about it, and the words it was asked for with.

use gvm_core::layout::Layout;
use gvm_core::resolve::{Place, Toolchain};
use gvm_core::spec::Spec;

use crate::atomic;
use crate::checkpoint;
use crate::platform;
use crate::store::{StoreError, WriteLock, at};

/// Makes this Go the default, in one step: whoever starts `go` meanwhile gets the old one or the new one.
///
/// # Errors
/// When the system refuses; the old default then still stands.
pub fn set(
    layout: &Layout,
    _lock: &WriteLock,
    toolchain: &Toolchain,
    goroot: &[u8],
    spec: &Spec,
) -> Result<(), StoreError> {
    let target = match &toolchain.place {
        Place::Installed { hash, .. } => hash.as_bytes(),
        Place::Folder { .. } | Place::System { .. } => goroot,
    };
    let link = layout.current();
    let link = platform::path(&link);
    platform::replace_link(platform::path(target).as_os_str(), link).map_err(at("link", link))?;
    checkpoint::reach("default.switched");
    let words = format!("{spec}\n");
    atomic::write(platform::path(&layout.default_spec()), words.as_bytes())?;
    checkpoint::reach("default.words-written");
    Ok(())
}

/// Takes the default away.
///
/// # Errors
/// When the system refuses.
pub fn clear(layout: &Layout, _lock: &WriteLock) -> Result<(), StoreError> {
    // The link last: as long as it is there, whoever finishes what a crash cut off sees that something is left.
    for path in [layout.default_spec(), layout.current()] {
        let path = platform::path(&path);
        match platform::remove_link(path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(at("remove", path)(error));
            }
            Ok(()) | Err(_) => checkpoint::reach("default.cleared"),
        }
    }
    Ok(())
}
