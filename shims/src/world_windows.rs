//! What Windows has its own way of: names, case of variables, link texts.

use std::borrow::Cow;
use std::ffi::{OsStr, OsString};
use std::fs::{File, FileType};
use std::io::ErrorKind;
use std::os::windows::fs::OpenOptionsExt;
use std::os::windows::io::AsRawHandle;
use std::path::Path;

use gvm_core::world::{FileKind, ReadError};

use windows_sys::Win32::Storage::FileSystem::{
    BY_HANDLE_FILE_INFORMATION, FILE_FLAG_BACKUP_SEMANTICS, GetFileInformationByHandle,
};

use super::{folder_or, unreadable};

/// The bytes of a name.
pub fn bytes(name: &OsStr) -> Vec<u8> {
    name.as_encoded_bytes().to_vec()
}

/// The name that bytes stand for.
pub fn os_str(bytes: &[u8]) -> &OsStr {
    // SAFETY: every path in gvm-core is made of whole results of `bytes` and of ASCII, split and joined at ASCII bytes
    // only, which `OsStr::from_encoded_bytes_unchecked` allows.
    unsafe { OsStr::from_encoded_bytes_unchecked(bytes) }
}

/// A variable's name as it is compared: Windows ignores its case.
pub(super) fn key(name: OsString) -> OsString {
    name.to_ascii_uppercase()
}

/// A junction's target as it is read: without the prefixes that the kernel keeps.
pub(super) fn link_text(target: &OsStr) -> Cow<'_, OsStr> {
    let text = target.as_encoded_bytes();
    let Some(plain) = text.strip_prefix(br"\??\").or_else(|| text.strip_prefix(br"\\?\")) else {
        return Cow::Borrowed(target);
    };
    match plain.strip_prefix(br"UNC\") {
        Some(share) => Cow::Owned(os_str(&[&br"\\"[..], share].concat()).to_owned()),
        None => Cow::Borrowed(os_str(plain)),
    }
}

pub(super) fn open(path: &Path) -> Result<File, ReadError> {
    File::open(path).map_err(|error| match error.kind() {
        // Nothing stands under a name that no file can have.
        ErrorKind::NotFound | ErrorKind::NotADirectory | ErrorKind::InvalidFilename => {
            ReadError::Missing
        }
        _ if path.is_dir() => ReadError::NotRegular(FileKind::Folder),
        _ => unreadable(&error),
    })
}

pub(super) fn kind(file_type: FileType) -> FileKind {
    folder_or(file_type, FileKind::Other)
}

pub(super) fn is_program(path: &Path) -> bool {
    path.is_file()
}

/// By the file's number: another name of a file, a hard link too, is the same.
pub(super) fn same(one: &Path, other: &Path) -> bool {
    number(one).is_some_and(|one| number(other) == Some(one))
}

/// What tells a file or folder from every other: the numbers of its volume and of itself.
fn number(path: &Path) -> Option<(u32, u32, u32)> {
    let known = known(path)?;
    Some((known.dwVolumeSerialNumber, known.nFileIndexHigh, known.nFileIndexLow))
}

/// What the file system knows of a file or folder. The standard library does not give all of it yet:
/// <https://github.com/rust-lang/rust/issues/63010>.
pub fn known(path: &Path) -> Option<BY_HANDLE_FILE_INFORMATION> {
    // A folder is opened only so.
    let file =
        File::options().access_mode(0).custom_flags(FILE_FLAG_BACKUP_SEMANTICS).open(path).ok()?;
    let mut known = BY_HANDLE_FILE_INFORMATION::default();
    // SAFETY: the handle is open, and `known` may be written to.
    let is_known = unsafe { GetFileInformationByHandle(file.as_raw_handle(), &raw mut known) };
    (is_known != 0).then_some(known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_links_text_is_what_people_write() {
        for (kept, plain) in [
            (r"\??\C:\gvm\c3a05a89", r"C:\gvm\c3a05a89"),
            (r"\\?\C:\gvm", r"C:\gvm"),
            (r"\\?\UNC\server\share\x", r"\\server\share\x"),
            (r"..\c3a05a89", r"..\c3a05a89"),
        ] {
            assert_eq!(link_text(OsStr::new(kept)), OsStr::new(plain));
        }
    }
}
