//! Unix: symbolic links renamed into place, users, `execve`.

use std::ffi::{OsStr, OsString};
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, symlink};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use rustix::fs::{Mode, OFlags};

use crate::checkpoint;

use super::{Ground, Held, KeptPath, Others, Owner, Whose, temporary_beside};

/// Where a root stands that all users share.
pub fn default_root() -> Option<PathBuf> {
    Some(PathBuf::from("/opt/gvm"))
}

/// Whether this process may do anything.
pub fn is_superuser() -> bool {
    rustix::process::geteuid().is_root()
}

/// What modes new files get, as this process was started with it.
#[derive(Clone, Copy, Debug)]
pub struct Modes(Mode);

/// Sees to the modes of what is made from now on: nobody but the owner may write to it, since whoever can write to a
/// toolchain runs code as its user; and what the superuser makes, all may read. Gives what was asked for before.
pub fn settle_modes() -> Modes {
    let write_of_others = Mode::WGRP | Mode::WOTH;
    let asked = rustix::process::umask(write_of_others);
    if !is_superuser() {
        rustix::process::umask(asked | write_of_others);
    }
    Modes(asked)
}

impl Modes {
    /// Makes them count again: for a program that this process becomes.
    pub fn restore(self) {
        rustix::process::umask(self.0);
    }
}

/// Who else may write to what stands at `path`.
///
/// A group that has the name of the file's owner is that user's own, as most Linux systems make one for each.
///
/// # Errors
/// When it is not there, or cannot be asked.
pub fn others_who_may_write(path: &Path) -> io::Result<Option<Others>> {
    let metadata = fs::metadata(path)?;
    let mode = Mode::from_raw_mode(metadata.mode());
    if mode.contains(Mode::WOTH) {
        return Ok(Some(Others::Everybody { sticky: mode.contains(Mode::SVTX) }));
    }
    // Root's own group has nobody else in it.
    if !mode.contains(Mode::WGRP) || metadata.gid() == 0 {
        return Ok(None);
    }
    let group = name_in("/etc/group", metadata.gid());
    if group.is_some() && group == user_name(metadata.uid()) {
        return Ok(None);
    }
    Ok(Some(Others::Group(group.unwrap_or_else(|| metadata.gid().to_string()))))
}

/// Whose the file is.
///
/// # Errors
/// When it is not there, or cannot be asked.
pub fn owner(path: &Path) -> io::Result<Owner> {
    let id = fs::metadata(path)?.uid();
    let is_us = rustix::process::geteuid().as_raw() == id;
    Ok(Owner { name: user_name(id).unwrap_or_else(|| id.to_string()), is_us })
}

/// A folder, as a place to put files.
///
/// # Errors
/// When it is not there, or cannot be asked.
pub fn ground(path: &Path) -> io::Result<Ground> {
    use rustix::fs::{Access, StatVfsMountFlags, access, statvfs};
    let system = statvfs(path)?;
    Ok(Ground {
        owner: owner(path)?,
        is_writable: access(path, Access::WRITE_OK | Access::EXEC_OK).is_ok(),
        is_read_only: system.f_flag.contains(StatVfsMountFlags::RDONLY),
        is_noexec: is_noexec(system.f_flag),
        free: Some(system.f_bavail.saturating_mul(system.f_frsize)),
        size: Some(system.f_blocks.saturating_mul(system.f_frsize)),
        // File systems that make them as needed tell of none at all.
        is_without_inodes: system.f_files > 0 && system.f_favail == 0,
    })
}

#[cfg(target_os = "linux")]
fn is_noexec(flags: rustix::fs::StatVfsMountFlags) -> bool {
    flags.contains(rustix::fs::StatVfsMountFlags::NOEXEC)
}

/// Others do not tell by statvfs.
#[cfg(not(target_os = "linux"))]
fn is_noexec(_flags: rustix::fs::StatVfsMountFlags) -> bool {
    false
}

/// The local user of this number. Other directories (LDAP and the like) need libc's own lookup, which is unsafe and
/// may block: their users are shown by number.
fn user_name(id: u32) -> Option<String> {
    name_in("/etc/passwd", id)
}

/// The name of a number in one of the two files that pair them.
fn name_in(file: &str, id: u32) -> Option<String> {
    let names = fs::read_to_string(file).ok()?;
    let line = names.lines().find(|line| line.split(':').nth(2) == Some(&id.to_string()))?;
    line.split(':').next().map(str::to_owned)
}

/// Whether this process may add, replace and remove files in a folder.
pub fn may_write(folder: &Path) -> bool {
    use rustix::fs::{Access, AtFlags, CWD};
    let wanted = Access::WRITE_OK | Access::EXEC_OK;
    rustix::fs::accessat(CWD, folder, wanted, AtFlags::EACCESS).is_ok()
}

/// Whether a file has more names than one.
pub fn has_other_names(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|metadata| metadata.nlink() > 1)
}

/// Opens a file of gvm's own: no link that leads to another one, and without waiting for a pipe's other end.
///
/// # Errors
/// The system's; a link is one too many (`ELOOP`).
pub fn open_plain(options: &OpenOptions, path: &Path) -> io::Result<File> {
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY;
    options.clone().custom_flags(flags.bits().cast_signed()).open(path)
}

/// Opens a file without waiting for a pipe's other end.
pub(super) fn open_to_read(path: &Path) -> io::Result<File> {
    let flags = OFlags::NONBLOCK | OFlags::NOCTTY;
    OpenOptions::new().read(true).custom_flags(flags.bits().cast_signed()).open(path)
}

/// Makes a folder that only its owner can enter.
///
/// # Errors
/// The system's.
pub fn make_private_folder(path: &Path) -> io::Result<()> {
    DirBuilder::new().mode(0o700).create(path)
}

/// Points the link at `path` to `target` in one step: readers see the old target or the new one, never none. Where the
/// file system has no links, a file that holds the target.
///
/// # Errors
/// The system's; the old link then still stands.
pub fn replace_link(target: &OsStr, path: &Path) -> io::Result<()> {
    let temporary = temporary_beside(path);
    let made = match symlink(target, &temporary) {
        Err(error) if has_no_links(&error) => {
            let mut line = OsString::from(target);
            line.push("\n");
            fs::write(&temporary, line.as_encoded_bytes())
        }
        made => made,
    };
    checkpoint::reach("link.begun");
    let renamed = made.and_then(|()| fs::rename(&temporary, path));
    checkpoint::reach("link.renamed");
    renamed.inspect_err(|_| {
        let _ = fs::remove_file(&temporary);
    })
}

/// Removes the link at `path`, or the file in its place. What it leads to stays.
///
/// # Errors
/// The system's; also when a folder stands there.
pub fn remove_link(path: &Path) -> io::Result<()> {
    fs::remove_file(path)
}

/// Renames a file, over another one if need be.
///
/// # Errors
/// The system's; the old file then still stands.
pub fn replace_file(from: &Path, to: &Path) -> io::Result<()> {
    fs::rename(from, to)
}

/// Removes a program; one that runs goes on running.
///
/// # Errors
/// The system's.
pub fn remove_program(path: &Path) -> io::Result<()> {
    fs::remove_file(path)
}

/// PATH is kept in start files here, which are the shells' own.
///
/// # Errors
/// Never.
pub fn kept_path(_whose: Whose) -> io::Result<Option<KeptPath>> {
    Ok(None)
}

/// The program that the system starts for a name beside PATH: only Windows has such.
pub fn app_path(_program: &str) -> Option<(String, String)> {
    None
}

/// As [`kept_path`].
///
/// # Errors
/// Always.
pub fn keep_path(_whose: Whose, _path: &KeptPath) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Nobody's open files are in the way of a rename or a removal here.
pub fn held_below(_folder: &Path) -> Option<Held> {
    None
}

/// As [`held_below`].
pub fn is_held(_error: &io::Error) -> bool {
    false
}

fn has_no_links(error: &io::Error) -> bool {
    use rustix::io::Errno;
    [Errno::PERM, Errno::OPNOTSUPP, Errno::NOSYS]
        .iter()
        .any(|errno| error.raw_os_error() == Some(errno.raw_os_error()))
}

/// Swaps two folders. In one step where the system can; else one is moved aside for a moment.
///
/// # Errors
/// The system's; both then stand where they stood.
pub fn exchange(one: &Path, other: &Path) -> io::Result<()> {
    #[cfg(any(target_os = "linux", target_os = "macos"))]
    {
        use rustix::fs::{CWD, RenameFlags, renameat_with};
        match renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE) {
            Err(errno) if has_no_exchange(errno) => {}
            done => return done.map_err(io::Error::from),
        }
    }
    let aside = temporary_beside(one);
    fs::rename(other, &aside)?;
    if let Err(error) = fs::rename(one, other) {
        fs::rename(&aside, other)?;
        return Err(error);
    }
    fs::rename(&aside, one)
}

/// What Linux says, and macOS, where the kernel or the file system knows no exchange.
#[cfg(any(target_os = "linux", target_os = "macos"))]
fn has_no_exchange(errno: rustix::io::Errno) -> bool {
    use rustix::io::Errno;
    [Errno::INVAL, Errno::NOSYS, Errno::OPNOTSUPP, Errno::NOTSUP].contains(&errno)
}

/// Waits until all that was written below `folder` stands on the disk: one call for the whole file system, because one
/// a file costs a second for each thousand.
///
/// # Errors
/// The system's.
pub fn sync_tree(folder: &Path) -> io::Result<()> {
    let folder = File::open(folder)?;
    #[cfg(target_os = "linux")]
    return rustix::fs::syncfs(&folder).map_err(io::Error::from);
    #[cfg(not(target_os = "linux"))]
    {
        // fsync of each file would be needed to be sure; `sync` schedules them all and the folder's own is waited for.
        rustix::fs::sync();
        folder.sync_all()
    }
}

/// Waits until what was made, renamed or removed in `folder` itself stands on the disk.
///
/// # Errors
/// The system's.
pub fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// What tells a folder from every other of its file system, whatever it is called: it survives renames and restarts.
pub fn identity(folder: &Path) -> Option<String> {
    fs::symlink_metadata(folder).ok().map(|metadata| metadata.ino().to_string())
}

/// Sets a folder's time of modification.
///
/// # Errors
/// The system's.
pub fn set_modified(folder: &Path, time: SystemTime) -> io::Result<()> {
    File::open(folder)?.set_modified(time)
}

/// Becomes the program. Comes back only with the reason why that failed.
///
/// # Errors
/// Always.
pub fn become_program(mut command: Command) -> io::Result<i32> {
    Err(command.exec())
}
