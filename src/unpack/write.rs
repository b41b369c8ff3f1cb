//! The tree that is being written: folders and regular files below one folder, hashed on the way.
//! Nothing else is ever made, nothing that exists is ever opened, and no byte is synced: whoever
//! publishes the tree does that once.
//!
//! Which names are safe to be given here is not decided here: `entry` and `names` do.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use gvm_core::module;
use sha2::{Digest, Sha256};

use super::error::Fault;
use crate::checkpoint;
use crate::report::{Event, Report};

/// A file of an unpacked tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TreeFile {
    /// Its path below GOROOT, with slashes.
    pub path: String,
    /// The SHA-256 of its content, taken while it was written.
    pub sha256: [u8; 32],
    /// Its bytes.
    pub size: u64,
    /// Whether it was made executable, by the rule of [`module::is_executable`].
    pub executable: bool,
}

/// The folder that a tree grows in. Threads share it.
pub(super) struct Tree<'a> {
    pub(super) root: &'a Path,
    /// What all files are said to be last changed at, if anything.
    pub(super) mtime: Option<SystemTime>,
    pub(super) report: &'a dyn Report,
}

/// A file that is being written.
pub(super) struct NewFile<'a> {
    tree: &'a Tree<'a>,
    file: File,
    full: PathBuf,
    hash: Sha256,
    size: u64,
    executable: bool,
}

impl Tree<'_> {
    /// Makes the folder at `path`, whose parent exists.
    pub(super) fn folder(&self, path: &str) -> Result<(), Fault> {
        let full = self.full(path);
        folder_builder().create(&full).map_err(Fault::io("create", &full))
    }

    /// Makes the file at `path`, whose folder exists and which does not. Its mode is given at the
    /// open, so that it costs no second call; the umask of the process applies.
    pub(super) fn file(&self, path: &str) -> Result<NewFile<'_>, Fault> {
        let executable = module::is_executable(path);
        let full = self.full(path);
        let file = file_options(executable).open(&full).map_err(Fault::io("create", &full))?;
        Ok(NewFile { tree: self, file, full, hash: Sha256::new(), size: 0, executable })
    }

    fn full(&self, path: &str) -> PathBuf {
        let mut full = PathBuf::with_capacity(self.root.as_os_str().len() + 1 + path.len());
        full.push(self.root);
        full.extend(path.split('/'));
        full
    }
}

impl NewFile<'_> {
    /// Appends `bytes`.
    pub(super) fn write(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        self.hash.update(bytes);
        self.file.write_all(bytes).map_err(Fault::io("write", &self.full))?;
        self.size += bytes.len() as u64;
        self.tree.report.event(Event::Written(bytes.len() as u64));
        Ok(())
    }

    /// Closes the file, which was made as `path`.
    pub(super) fn finish(self, path: String) -> Result<TreeFile, Fault> {
        if let Some(mtime) = self.tree.mtime {
            self.file.set_modified(mtime).map_err(Fault::io("write", &self.full))?;
        }
        checkpoint::reach("unpack.file-written");
        let sha256 = self.hash.finalize().into();
        Ok(TreeFile { path, sha256, size: self.size, executable: self.executable })
    }
}

#[cfg(unix)]
fn folder_builder() -> DirBuilder {
    use std::os::unix::fs::DirBuilderExt;

    let mut builder = DirBuilder::new();
    builder.mode(0o755);
    builder
}

#[cfg(not(unix))]
fn folder_builder() -> DirBuilder {
    DirBuilder::new()
}

#[cfg(unix)]
fn file_options(executable: bool) -> OpenOptions {
    use std::os::unix::fs::OpenOptionsExt;

    let mut options = OpenOptions::new();
    options.write(true).create_new(true).mode(if executable { 0o755 } else { 0o644 });
    options
}

#[cfg(not(unix))]
fn file_options(_executable: bool) -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    options
}
