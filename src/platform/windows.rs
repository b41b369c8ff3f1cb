//! Windows: junctions, renames that wait for a scanner, a child in place of `execve`.

use std::ffi::OsStr;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::windows::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::{Duration, SystemTime};

use super::{Others, Owner, temporary_beside};

/// ERROR_ACCESS_DENIED and ERROR_SHARING_VIOLATION: what a rename meets while a scanner reads the tree.
const HELD_BY_ANOTHER: [i32; 2] = [5, 32];

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

/// Points the junction at `path` to `target`; where the file system has none, a file that holds the target.
///
/// # Errors
/// The system's.
pub fn replace_link(target: &OsStr, path: &Path) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    if path.is_dir() {
        junction::delete(path)?;
        fs::remove_dir(path)?;
    }
    if !path.is_file() {
        match junction::create(folder.join(target), path) {
            Ok(()) => return Ok(()),
            // The crate leaves the folder behind that it could not turn into a junction.
            Err(_) => drop(fs::remove_dir(path)),
        }
    }
    let temporary = temporary_beside(path);
    fs::write(&temporary, target.as_encoded_bytes())?;
    rename_patiently(&temporary, path).inspect_err(|_| {
        let _ = fs::remove_file(&temporary);
    })
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

/// Renames, waiting about ten seconds in all for a scanner that holds the tree.
pub(super) fn rename_patiently(from: &Path, to: &Path) -> io::Result<()> {
    let mut wait = Duration::from_millis(10);
    loop {
        match fs::rename(from, to) {
            Err(error)
                if wait < Duration::from_secs(6)
                    && error.raw_os_error().is_some_and(|code| HELD_BY_ANOTHER.contains(&code)) =>
            {
                thread::sleep(wait);
                wait *= 2;
            }
            done => return done,
        }
    }
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

/// The standard library does not give Windows' file numbers.
pub fn identity(_folder: &Path) -> Option<String> {
    None
}

/// Sets a folder's time of modification.
///
/// # Errors
/// The system's.
pub fn set_modified(folder: &Path, time: SystemTime) -> io::Result<()> {
    const WRITE_ATTRIBUTES: u32 = 0x100;
    // A folder is opened as one only with this flag.
    const BACKUP_SEMANTICS: u32 = 0x0200_0000;
    let mut options = OpenOptions::new();
    let options = options.access_mode(WRITE_ATTRIBUTES).custom_flags(BACKUP_SEMANTICS);
    options.open(folder)?.set_modified(time)
}

/// Runs the program to its end and gives its exit code.
///
/// # Errors
/// When it cannot be started.
pub fn become_program(mut command: Command) -> io::Result<i32> {
    Ok(command.status()?.code().unwrap_or(1))
}
