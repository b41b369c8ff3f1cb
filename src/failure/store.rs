//! What the disk refuses, and what to do about it.

use std::io;
use std::path::Path;

use super::{Failure, Kind};
use crate::atomic::WriteError;
use crate::platform;
use crate::store::StoreError;

impl From<WriteError> for Failure {
    fn from(error: WriteError) -> Self {
        let failure = Self::new(Kind::CouldNot, format!("could not {error}"));
        if is_full(&error.source) {
            return failure.hint("make room on that disk");
        }
        if is_our_refusal(&error.source) {
            let path = error.path.display();
            return failure.hint(format!("move {path} away; a link: or go where it leads to"));
        }
        if platform::is_held(&error.source) {
            return failure.hint(let_go(&error.path));
        }
        let (there, owner) = standing(error.path.parent().unwrap_or(&error.path));
        failure.hint(format!("look at {there}, which belongs to {owner}: it must be writable"))
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        let kind = match &error {
            StoreError::Busy { .. } | StoreError::InUse { .. } => Kind::Busy,
            _ => Kind::CouldNot,
        };
        let failure = Self::new(kind, could_not(&error));
        let full = error.is_disk_full();
        match error {
            _ if full => failure.hint("make room on that disk, or set GVM_DIR to another one"),
            StoreError::Foreign { owner, .. } => failure.hint(format!(
                "work as {owner}, or set GVM_DIR to a folder of your own; \
                 `GVM_GO=1.22` or a .go-version file chooses a version without changing it"
            )),
            StoreError::Exposed(exposed) => failure.hint(format!(
                "`chmod go-w {}`; look at what stands there first: `gvm verify`; or set GVM_DIR \
                 to a folder of your own, on a file system that keeps modes",
                exposed.path.display()
            )),
            StoreError::Busy { .. } => {
                failure.hint("wait for it, longer with `--lock-timeout 600`, or end it")
            }
            StoreError::InUse { held, .. } => failure.hint(format!(
                "end that program, or close {} in it, and try again",
                held.file.display()
            )),
            StoreError::Io { source, path, .. } if platform::is_held(&source) => {
                failure.hint(let_go(&path))
            }
            StoreError::Write(error) if platform::is_held(&error.source) => {
                failure.hint(let_go(&error.path))
            }
            StoreError::InTheWay { .. } => failure.hint("set GVM_DIR to another folder"),
            StoreError::NewerFormat { .. } => {
                failure.hint("use the newer gvm, or set GVM_DIR to another folder")
            }
            StoreError::Io { source, path, .. } if is_refusal(&source) => {
                failure.hint(make_writable(&path))
            }
            StoreError::Write(error) if is_refusal(&error.source) => {
                failure.hint(make_writable(error.path.parent().unwrap_or(&error.path)))
            }
            StoreError::Io { source, path, .. } if is_in_the_way(&source) => {
                failure.hint(move_away(&path))
            }
            StoreError::Write(error) if is_in_the_way(&error.source) => {
                failure.hint(move_away(&error.path))
            }
            StoreError::BadReceipt { path, .. } => {
                let hash = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
                failure.hint(format!("install the version in {hash} again with `--force`"))
            }
            StoreError::Unknown { .. } => {
                failure.hint("move it away, or replace it with `gvm install --force`")
            }
            StoreError::Namesake { other, .. } => failure.hint(format!(
                "one of the two must go: `gvm uninstall {other}`; or set GVM_DIR to a folder on \
                 another file system"
            )),
            StoreError::Collision { other, .. } => failure.hint(format!(
                "one of the two must go: `gvm uninstall {other}`; names like these are made \
                 to look alike, so ask who wants this version"
            )),
            StoreError::Io { .. } | StoreError::Write(_) => {
                failure.hint("set GVM_DIR to a folder on another disk if this one fails")
            }
        }
    }
}

fn could_not(error: &StoreError) -> String {
    match error {
        StoreError::Io { .. } | StoreError::Write(_) => format!("could not {error}"),
        _ => error.to_string(),
    }
}

fn is_refusal(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem)
}

fn is_full(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
}

/// Whether gvm itself would not touch what stands there: a pipe, a device, a link that leads elsewhere.
fn is_our_refusal(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::InvalidInput && error.raw_os_error().is_none()
}

/// Whether something stands there that is of another kind than what should: a folder, a file, a pipe.
fn is_in_the_way(error: &io::Error) -> bool {
    use io::ErrorKind::{AlreadyExists, DirectoryNotEmpty, IsADirectory, NotADirectory};
    let kinds = [AlreadyExists, DirectoryNotEmpty, IsADirectory, NotADirectory];
    kinds.contains(&error.kind()) || is_our_refusal(error)
}

/// What Windows refuses with one word: rights, or a file that is open.
fn let_go(path: &Path) -> String {
    let (there, _) = standing(path);
    format!(
        "most likely a virus scanner or another program keeps something in {there} open: try again, \
         and if that does not help, have the scanner leave gvm's folder out, or look who may write there"
    )
}

fn make_writable(path: &Path) -> String {
    let (there, owner) = standing(path);
    format!("{there} belongs to {owner}: make it writable, or set GVM_DIR to a folder that is")
}

fn move_away(path: &Path) -> String {
    let (there, _) = standing(path);
    format!("move {there} away, or set GVM_DIR to another folder")
}

/// What there is of a path, as text, and whose it is.
fn standing(path: &Path) -> (String, String) {
    let there = path.ancestors().find(|part| part.exists()).unwrap_or(path);
    let owner = platform::owner(there).map_or_else(|_| "somebody".to_owned(), |owner| owner.name);
    (there.display().to_string(), owner)
}
