//! What each system has its own way of: names, links, ownership, syncing, becoming another program. Both halves export
//! the same functions; the only `unsafe` of this crate is below this folder.

use std::ffi::OsStr;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

#[cfg(unix)]
use unix::open_to_read;
#[cfg(windows)]
use windows::open_to_read;

mod kept_path;
mod rights;
#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(unix)]
pub use unix::{
    Modes, app_path, become_program, default_root, exchange, ground, has_other_names, held_below,
    identity, is_held, is_superuser, keep_path, kept_path, make_private_folder, may_write,
    open_plain, others_who_may_write, owner, remove_link, remove_program, replace_file,
    replace_link, set_modified, settle_modes, sync_folder, sync_tree,
};
#[cfg(windows)]
pub use windows::{
    Modes, app_path, become_program, default_root, exchange, ground, has_other_names, held_below,
    identity, is_held, is_superuser, keep_path, kept_path, make_private_folder, may_write,
    open_plain, others_who_may_write, owner, remove_link, remove_program, replace_file,
    replace_link, set_modified, settle_modes, sync_folder, sync_tree,
};

pub use kept_path::KeptPath;
pub use rights::{Execution, Kernel, Rights, execution, kernel, rights};

/// Somebody else who owns a file.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Owner {
    /// The name, or the number where there is no name.
    pub name: String,
    /// Whether that is who runs this process.
    pub is_us: bool,
}

/// Those who may write to a file beside its owner and root.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Others {
    /// Everybody; where it is sticky, they may add to it, and not replace what is another's.
    Everybody {
        /// Whether it is.
        sticky: bool,
    },
    /// A group, by its name or number.
    Group(String),
}

/// Whose PATH.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Whose {
    /// The user's.
    User,
    /// The machine's, which comes before the user's.
    Machine,
}

/// A file that another program keeps open.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Held {
    /// The file.
    pub file: PathBuf,
    /// Who keeps it open, as the system tells: `go.exe (process 4711)`. Empty where it does not.
    pub by: Vec<String>,
}

/// A folder, as a place to put files: what can be told without writing to it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Ground {
    /// Whose it is.
    pub owner: Owner,
    /// Whether whoever runs this process may put files there.
    pub is_writable: bool,
    /// Whether the file system is mounted read-only.
    pub is_read_only: bool,
    /// Whether no program may be started from it.
    pub is_noexec: bool,
    /// How many bytes this user may still write. None where the system does not tell.
    pub free: Option<u64>,
    /// How many bytes the file system holds. None where the system does not tell.
    pub size: Option<u64>,
    /// Whether it has no room for another file, however small.
    pub is_without_inodes: bool,
}

/// Whether something stands at `path` that belongs to whoever runs this process. What the superuser may write in
/// somebody else's folder that user cannot change again.
pub fn is_ours(path: &Path) -> bool {
    owner(path).is_ok_and(|owner| owner.is_us)
}

/// The path that gvm-core's bytes stand for.
pub fn path(bytes: &[u8]) -> &Path {
    Path::new(gvm_shim::world::os_str(bytes))
}

/// A path as gvm-core's bytes.
pub fn bytes(path: &(impl AsRef<OsStr> + ?Sized)) -> Vec<u8> {
    gvm_shim::world::bytes(path.as_ref())
}

/// The program that runs, as the system knows it.
///
/// # Errors
/// When the system does not tell.
pub fn own_program() -> io::Result<PathBuf> {
    std::env::current_exe()
}

/// The content of a regular file, or of one that a link leads to. What else may stand there is not waited for.
///
/// # Errors
/// The system's; also when it is a pipe, a device or a folder.
pub fn read(path: &Path) -> io::Result<Vec<u8>> {
    use std::io::Read as _;
    let mut content = Vec::new();
    open_regular(path)?.read_to_end(&mut content)?;
    Ok(content)
}

/// As [`read`], the file itself.
///
/// # Errors
/// As [`read`].
pub fn open_regular(path: &Path) -> io::Result<File> {
    let file = open_to_read(path)?;
    if !file.metadata()?.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is no regular file"));
    }
    Ok(file)
}

/// As [`read`], as text.
///
/// # Errors
/// As [`read`]; also when it is not UTF-8.
pub fn read_text(path: &Path) -> io::Result<String> {
    String::from_utf8(read(path)?).map_err(|_| io::ErrorKind::InvalidData.into())
}

/// Renames, waiting for whoever holds the tree for a moment: Windows' virus scanners do.
///
/// # Errors
/// The last try's, when the waiting was in vain.
pub fn rename(from: &Path, to: &Path) -> io::Result<()> {
    #[cfg(windows)]
    return windows::rename_patiently(from, to);
    #[cfg(unix)]
    std::fs::rename(from, to)
}

/// Where the link at `path` leads, as `replace_link` wrote it: a link's target, or the line of the file that stands in
/// for one. None where there is neither.
pub fn read_link(path: &Path) -> Option<Vec<u8>> {
    use gvm_core::world::World as _;
    gvm_shim::world::Machine::of([], None).link(&bytes(path))
}

/// A name beside `path` that nothing else uses: for what is renamed over it.
fn temporary_beside(path: &Path) -> PathBuf {
    path.with_file_name(format!(".gvm-{}-{:08x}", std::process::id(), fastrand::u32(..)))
}
