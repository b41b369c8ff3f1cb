//! Windows: renames that wait for a scanner, file numbers, a child in place of `execve`; junctions, and who keeps a file
//! open, have files of their own.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::windows::fs::OpenOptionsExt;
use std::os::windows::io::AsHandle;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use gvm_shim::child;
use gvm_shim::world::known;
use windows_sys::Win32::Foundation::{ERROR_ACCESS_DENIED, ERROR_SHARING_VIOLATION};
use windows_sys::Win32::Storage::FileSystem::{FILE_FLAG_BACKUP_SEMANTICS, FILE_WRITE_ATTRIBUTES};

use super::{Ground, Others, Owner, temporary_beside};

mod holders;
mod kept_path;
mod link;

pub use holders::held_below;
pub use kept_path::{app_path, keep_path, kept_path};
pub use link::{remove_link, replace_link};

/// There is no root that all users share.
pub fn default_root() -> Option<PathBuf> {
    None
}

/// Rights are not asked for here: what may not be written says so itself.
pub fn is_superuser() -> bool {
    false
}

/// What would be modes elsewhere.
#[derive(Clone, Copy, Debug)]
pub struct Modes;

/// Access lists are inherited from the folder above: there is nothing to see to.
pub fn settle_modes() -> Modes {
    Modes
}

impl Modes {
    /// Nothing was changed.
    pub fn restore(self) {}
}

/// Nobody that gvm could tell: access lists are not read here.
///
/// # Errors
/// When it is not there.
pub fn others_who_may_write(path: &Path) -> io::Result<Option<Others>> {
    fs::metadata(path).map(|_| None)
}

/// Whose the file is: on Windows, access lists decide, so it counts as ours.
///
/// # Errors
/// When it is not there.
pub fn owner(path: &Path) -> io::Result<Owner> {
    fs::metadata(path)?;
    Ok(Owner { name: String::new(), is_us: true })
}

/// A folder, as a place to put files: free room and rights are not asked for here.
///
/// # Errors
/// When it is not there.
pub fn ground(path: &Path) -> io::Result<Ground> {
    let metadata = fs::metadata(path)?;
    Ok(Ground {
        owner: owner(path)?,
        is_writable: metadata.is_dir(),
        is_read_only: false,
        is_noexec: false,
        free: None,
        size: None,
        is_without_inodes: false,
    })
}

/// Whether this process may add, replace and remove files in a folder: only trying tells.
pub fn may_write(_: &Path) -> bool {
    true
}

/// Whether a file has more names than one.
pub fn has_other_names(path: &Path) -> bool {
    known(path).is_some_and(|known| known.nNumberOfLinks > 1)
}

/// Opens a file of gvm's own. Making a link needs a right here that few have.
///
/// # Errors
/// The system's.
pub fn open_plain(options: &OpenOptions, path: &Path) -> io::Result<File> {
    options.open(path)
}

/// Opens a file.
pub(super) fn open_to_read(path: &Path) -> io::Result<File> {
    File::open(path)
}

/// Makes a folder. Below the user's own folders only the user has access by inheritance.
///
/// # Errors
/// The system's.
pub fn make_private_folder(path: &Path) -> io::Result<()> {
    fs::create_dir(path)
}

/// Swaps two folders, one of them moved aside for a moment.
///
/// # Errors
/// The system's; both then stand where they stood.
pub fn exchange(one: &Path, other: &Path) -> io::Result<()> {
    let aside = temporary_beside(one);
    rename_patiently(other, &aside)?;
    if let Err(error) = rename_patiently(one, other) {
        rename_patiently(&aside, other)?;
        return Err(error);
    }
    rename_patiently(&aside, one)
}

/// How long a rename waits for whoever keeps the tree open: a scanner takes seconds for a fresh one.
const PATIENCE: Duration = Duration::from_secs(10);

/// Renames, waiting for a scanner that holds the tree, and for readers. Short waits first: a reader is gone at once. A file
/// that is marked as not to be written to is not waited for: that does not pass.
pub(super) fn rename_patiently(from: &Path, to: &Path) -> io::Result<()> {
    let begun = Instant::now();
    let mut wait = Duration::from_millis(1);
    loop {
        match fs::rename(from, to) {
            Err(error) if begun.elapsed() < PATIENCE && is_held(&error) && !is_fixed(to) => {
                thread::sleep(wait);
                wait += wait / 4;
            }
            done => return done,
        }
    }
}

/// Renames a file, over another one if need be. A program that runs can be moved and not replaced: it goes aside, under a
/// name that the next command sweeps.
///
/// # Errors
/// The last try's, when waiting for whoever keeps one of them open was in vain; the old file then still stands.
pub fn replace_file(from: &Path, to: &Path) -> io::Result<()> {
    let is_program = to.extension().is_some_and(|end| end.eq_ignore_ascii_case("exe"));
    match fs::rename(from, to) {
        Err(error) if is_program && is_held(&error) && !is_fixed(to) => {
            let aside = temporary_beside(to);
            rename_patiently(to, &aside)?;
            let renamed = rename_patiently(from, to);
            if renamed.is_err() {
                rename_patiently(&aside, to)?;
            }
            renamed
        }
        Err(error) if is_held(&error) => rename_patiently(from, to),
        done => done,
    }
}

/// Removes a program. One that runs can only be moved: it goes aside, as in [`replace_file`].
///
/// # Errors
/// The system's.
pub fn remove_program(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if is_held(&error) => fs::rename(path, temporary_beside(path)),
        done => done,
    }
}

/// Whether that is what a call meets while another program, a scanner for one, keeps the file or one below it open.
pub fn is_held(error: &io::Error) -> bool {
    let code = error.raw_os_error().map(i32::cast_unsigned);
    matches!(code, Some(ERROR_ACCESS_DENIED | ERROR_SHARING_VIOLATION))
}

fn is_fixed(path: &Path) -> bool {
    let metadata = fs::symlink_metadata(path);
    metadata.is_ok_and(|metadata| metadata.is_file() && metadata.permissions().readonly())
}

/// NTFS journals names before contents and offers no call for a whole tree without rights: nothing is waited for.
///
/// # Errors
/// Never.
pub fn sync_tree(_folder: &Path) -> io::Result<()> {
    Ok(())
}

/// Windows cannot open a folder so, and needs not.
///
/// # Errors
/// Never.
pub fn sync_folder(_folder: &Path) -> io::Result<()> {
    Ok(())
}

/// What tells a folder from every other: the numbers of its volume and of itself, which survive renames.
pub fn identity(folder: &Path) -> Option<String> {
    let known = known(folder)?;
    let number = u64::from(known.nFileIndexHigh) << 32 | u64::from(known.nFileIndexLow);
    Some(format!("{:x}-{number:x}", known.dwVolumeSerialNumber))
}

/// Sets a folder's time of modification.
///
/// # Errors
/// The system's.
pub fn set_modified(folder: &Path, time: SystemTime) -> io::Result<()> {
    let mut options = OpenOptions::new();
    // A folder is opened as one only with this flag.
    let options =
        options.access_mode(FILE_WRITE_ATTRIBUTES).custom_flags(FILE_FLAG_BACKUP_SEMANTICS);
    options.open(folder)?.set_modified(time)
}

/// Runs the program in this one's place, to its end, and gives its exit code.
///
/// # Errors
/// When it cannot be started.
pub fn become_program(mut command: Command) -> io::Result<i32> {
    child::leave_signals_to_it();
    let mut program = command.spawn()?;
    let bound = child::bind(program.as_handle());
    let status = program.wait()?;
    drop(bound);
    status.code().ok_or_else(|| io::Error::other("it ended without a code"))
}

#[cfg(test)]
mod tests;
