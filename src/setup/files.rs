//! A start file as it stands, and what may become of it. A link stays, and what it leads to is written; mode and owner
//! stay; what may not be written is refused before anything is.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::block::BlockError;
use super::plan;
use crate::atomic::{self, WriteError};
use crate::checkpoint;
use crate::platform::{self, Whose};

/// Why a start file cannot be changed.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// It is not to be written, or its folder is not.
    #[error("{} may not be written to", .0.display())]
    ReadOnly(PathBuf),
    /// It is a link to nothing.
    #[error("{} is a link that leads nowhere", .0.display())]
    LeadsNowhere(PathBuf),
    /// It is a folder, a pipe or a device.
    #[error("{} is no regular file", .0.display())]
    NotAFile(PathBuf),
    /// It has another name, which would keep the old content.
    #[error("{} is one of several names of a file (hard links)", .0.display())]
    SeveralNames(PathBuf),
    /// Our blocks in it are not whole, or it is no text.
    #[error("{}: {why}", path.display())]
    Block {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        why: BlockError,
    },
    /// It cannot be read, or its folder cannot be made.
    #[error("{what} {}: {source}", path.display())]
    Io {
        /// What was tried.
        what: &'static str,
        /// Of which file or folder.
        path: PathBuf,
        /// The system's reason.
        #[source]
        source: io::Error,
    },
    /// The PATH that the system keeps cannot be read or changed.
    #[error("{} cannot be changed: {source}", plan::whose(*whose))]
    KeptPath {
        /// Whose.
        whose: Whose,
        /// The system's reason.
        #[source]
        source: io::Error,
    },
    /// It cannot be written.
    #[error(transparent)]
    Write(#[from] WriteError),
}

/// A start file that may be written.
#[derive(Debug)]
pub struct Seen {
    /// Its path, as the shell knows it.
    pub path: PathBuf,
    /// What it holds; None where there is none.
    pub content: Option<Vec<u8>>,
    /// How many folders above it are missing.
    pub missing_folders: usize,
    is_link: bool,
}

/// Looks at a file that may have to change.
///
/// # Errors
/// When it may not, or is not what it should be.
pub fn look(path: &Path) -> Result<Seen, SetupError> {
    let refuse = |source| SetupError::Io { what: "read", path: path.to_owned(), source };
    let is_link = match fs::symlink_metadata(path) {
        Ok(metadata) => metadata.is_symlink(),
        Err(error) if is_missing(&error) => return look_at_folders(path),
        Err(error) => return Err(refuse(error)),
    };
    let target = match fs::canonicalize(path) {
        Ok(target) => target,
        Err(error) if is_link && error.kind() == io::ErrorKind::NotFound => {
            return Err(SetupError::LeadsNowhere(path.to_owned()));
        }
        Err(error) => return Err(refuse(error)),
    };
    let metadata = fs::metadata(&target).map_err(refuse)?;
    if !metadata.is_file() {
        return Err(SetupError::NotAFile(path.to_owned()));
    }
    let folder = target.parent().unwrap_or(&target);
    // A new file takes the old one's place, which the old one's own mode cannot forbid: whoever set it meant it.
    if metadata.permissions().readonly() || !platform::may_write(folder) {
        return Err(SetupError::ReadOnly(path.to_owned()));
    }
    if platform::has_other_names(&target) {
        return Err(SetupError::SeveralNames(path.to_owned()));
    }
    let content = Some(platform::read(&target).map_err(refuse)?);
    Ok(Seen { path: path.to_owned(), content, missing_folders: 0, is_link })
}

/// Nothing is there, or not even its folder is one.
fn is_missing(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

fn look_at_folders(path: &Path) -> Result<Seen, SetupError> {
    let mut missing_folders = 0;
    let mut folder = path.parent().unwrap_or(path);
    while !folder.is_dir() {
        if fs::symlink_metadata(folder).is_ok() {
            return Err(SetupError::NotAFile(folder.to_owned()));
        }
        missing_folders += 1;
        folder = folder.parent().unwrap_or(Path::new("/"));
    }
    if !platform::may_write(folder) {
        return Err(SetupError::ReadOnly(folder.to_owned()));
    }
    Ok(Seen { path: path.to_owned(), content: None, missing_folders, is_link: false })
}

impl Seen {
    /// Writes it, with the folders above it.
    ///
    /// # Errors
    /// The system's; then it is as it was.
    pub fn write(&self, content: &[u8]) -> Result<(), SetupError> {
        let missing: Vec<&Path> =
            self.path.ancestors().skip(1).take(self.missing_folders).collect();
        for folder in missing.into_iter().rev() {
            fs::create_dir(folder).map_err(|source| SetupError::Io {
                what: "make the folder",
                path: folder.to_owned(),
                source,
            })?;
            checkpoint::reach("setup.folder-made");
        }
        // What a gvm that was killed left beside it goes first.
        atomic::sweep_beside(&self.path);
        atomic::rewrite(&self.path, content)?;
        checkpoint::reach("setup.file-written");
        Ok(())
    }

    /// Removes it, and so many folders above it, those that are empty. Where a link leads to it, somebody has taken it
    /// into their own keeping: it is emptied. Of a folder, nothing tells any more that it was made for the file, once that
    /// is gone: who is killed in between leaves an empty one.
    ///
    /// # Errors
    /// The system's; then it is as it was.
    pub fn remove(&self, folders: usize) -> Result<(), SetupError> {
        if self.is_link {
            return self.write(b"");
        }
        atomic::sweep_beside(&self.path);
        fs::remove_file(&self.path).map_err(|source| SetupError::Io {
            what: "remove",
            path: self.path.clone(),
            source,
        })?;
        for folder in self.path.ancestors().skip(1).take(folders) {
            // Not empty: it has become somebody else's.
            if fs::remove_dir(folder).is_err() {
                break;
            }
        }
        checkpoint::reach("setup.file-removed");
        Ok(())
    }
}
