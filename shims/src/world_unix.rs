//! What Unix has its own way of: opening without blocking, execute bits, file identity, bytes as names.

use std::borrow::Cow;
use std::ffi::{OsStr, OsString};
use std::fs::{self, File, FileType, OpenOptions};
use std::io::ErrorKind;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{FileTypeExt, MetadataExt, OpenOptionsExt};
use std::path::Path;

use gvm_core::world::{FileKind, ReadError};
use rustix::fs::{Access, OFlags, access};

use super::{folder_or, unreadable};

/// The bytes of a name.
pub fn bytes(name: &OsStr) -> Vec<u8> {
    name.as_bytes().to_vec()
}

/// The name that bytes stand for.
pub fn os_str(bytes: &[u8]) -> &OsStr {
    OsStr::from_bytes(bytes)
}

/// A variable's name as it is compared.
pub(super) fn key(name: OsString) -> OsString {
    name
}

/// A link's target as it is read.
pub(super) fn link_text(target: &OsStr) -> Cow<'_, OsStr> {
    Cow::Borrowed(target)
}

/// Opens without waiting for a FIFO's writer or a modem's carrier.
pub(super) fn open(path: &Path) -> Result<File, ReadError> {
    let flags = OFlags::NONBLOCK | OFlags::NOCTTY;
    let opened = OpenOptions::new().read(true).custom_flags(flags.bits().cast_signed()).open(path);
    opened.map_err(|error| match error.kind() {
        // A path that the system finds too long leads nowhere: what is there has another, relative one.
        ErrorKind::NotFound | ErrorKind::NotADirectory | ErrorKind::InvalidFilename => {
            ReadError::Missing
        }
        // Without search permission on the folder nobody can say whether the file is there.
        ErrorKind::PermissionDenied if fs::symlink_metadata(path).is_err() => ReadError::Missing,
        _ => not_regular(path).unwrap_or_else(|| unreadable(&error)),
    })
}

/// A socket cannot be opened at all, and a device may refuse: say what it is rather than that it failed.
fn not_regular(path: &Path) -> Option<ReadError> {
    let file_type = fs::metadata(path).ok()?.file_type();
    (!file_type.is_file()).then(|| ReadError::NotRegular(kind(file_type)))
}

pub(super) fn kind(file_type: FileType) -> FileKind {
    if file_type.is_fifo() {
        FileKind::Pipe
    } else if file_type.is_block_device() || file_type.is_char_device() {
        FileKind::Device
    } else {
        folder_or(file_type, FileKind::Other)
    }
}

pub(super) fn is_program(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|metadata| metadata.is_file())
        && access(path.as_os_str().as_bytes(), Access::EXEC_OK).is_ok()
}

pub(super) fn same(one: &Path, other: &Path) -> bool {
    match (fs::metadata(one), fs::metadata(other)) {
        (Ok(one), Ok(other)) => one.dev() == other.dev() && one.ino() == other.ino(),
        (Ok(_) | Err(_), _) => false,
    }
}
