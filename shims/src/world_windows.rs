//! What Windows has its own way of: names, case of variables, link texts.

use std::borrow::Cow;
use std::ffi::{OsStr, OsString};
use std::fs::{self, File, FileType};
use std::io::ErrorKind;
use std::path::Path;

use gvm_core::world::{FileKind, ReadError};

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
        ErrorKind::NotFound | ErrorKind::NotADirectory => ReadError::Missing,
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

/// By resolved name: the standard library does not give Windows' file numbers.
pub(super) fn same(one: &Path, other: &Path) -> bool {
    match (fs::canonicalize(one), fs::canonicalize(other)) {
        (Ok(one), Ok(other)) => one == other,
        (Ok(_) | Err(_), _) => false,
    }
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
