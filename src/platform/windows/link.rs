//! Links on Windows: junctions, and, where the file system has none, files that hold the target in their place.
//!
//! Reading is [`gvm_shim::world`]'s, which takes both.

use std::ffi::OsStr;
use std::fs::{self, OpenOptions};
use std::io;
use std::os::windows::ffi::OsStrExt;
use std::os::windows::fs::OpenOptionsExt;
use std::os::windows::io::AsRawHandle;
use std::path::{Path, PathBuf};
use std::ptr;

use windows_sys::Win32::Foundation::GENERIC_WRITE;
use windows_sys::Win32::Storage::FileSystem::{
    FILE_FLAG_BACKUP_SEMANTICS, FILE_FLAG_OPEN_REPARSE_POINT, FILE_SHARE_DELETE, FILE_SHARE_READ,
    FILE_SHARE_WRITE, FILE_WRITE_ATTRIBUTES,
};
use windows_sys::Win32::System::IO::DeviceIoControl;
use windows_sys::Win32::System::Ioctl::FSCTL_SET_REPARSE_POINT;

use super::super::{bytes, path as of_bytes, temporary_beside};
use super::rename_patiently;
use crate::checkpoint;

/// What stands where a link goes.
enum Standing {
    Nothing,
    /// A junction or a symbolic link.
    Link,
    /// A file in a link's place.
    File,
    /// A folder of its own, which is nobody's to replace.
    Folder,
}

impl Standing {
    fn at(path: &Path) -> io::Result<Self> {
        match fs::symlink_metadata(path) {
            Ok(metadata) if metadata.is_symlink() => Ok(Self::Link),
            Ok(metadata) if metadata.is_dir() => Ok(Self::Folder),
            Ok(_) => Ok(Self::File),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self::Nothing),
            Err(error) => Err(error),
        }
    }
}

/// Points the link at `path` to `target`, which may be relative to the link's folder. A junction that stands there is
/// re-pointed by one call: readers see the old target or the new one, never none. Where there can be no junction, a file
/// that holds the target is replaced by a rename.
///
/// Only from one of these forms to the other, when ROOT comes to another file system, there is a moment without a link.
///
/// # Errors
/// The system's; the old link then still stands. Also when a folder stands there.
pub fn replace_link(target: &OsStr, path: &Path) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let goal = whole(folder, target);
    let standing = Standing::at(path)?;
    if matches!(standing, Standing::Folder) {
        return Err(io::Error::new(io::ErrorKind::AlreadyExists, "a folder stands there"));
    }
    checkpoint::reach("link.begun");
    let may_be_junction = !goal.as_os_str().as_encoded_bytes().starts_with(br"\\");
    let is_done = may_be_junction
        && match standing {
            Standing::Link => point(path, &goal).is_ok() || put_junction(path, &goal).is_ok(),
            Standing::Nothing | Standing::File => put_junction(path, &goal).is_ok(),
            Standing::Folder => false,
        };
    if !is_done {
        put_file(path, target)?;
    }
    checkpoint::reach("link.renamed");
    Ok(())
}

/// Removes the link at `path`, whatever form it has. What it leads to stays.
///
/// # Errors
/// The system's; also when there is none, or a folder stands there.
pub fn remove_link(path: &Path) -> io::Result<()> {
    match Standing::at(path)? {
        Standing::Nothing => Err(io::ErrorKind::NotFound.into()),
        Standing::File => fs::remove_file(path),
        // A junction goes as the folder that it looks like; a link to a file as a file.
        Standing::Link => {
            fs::remove_dir(path).or_else(|error| fs::remove_file(path).map_err(|_| error))
        }
        Standing::Folder => {
            Err(io::Error::new(io::ErrorKind::AlreadyExists, "a folder stands there"))
        }
    }
}

/// Where the link is to lead: absolute and without detours, for the kernel takes a junction's text as it is.
fn whole(folder: &Path, target: &OsStr) -> PathBuf {
    let mut goal = gvm_core::path::clean(&bytes(&folder.join(target)));
    for byte in goal.iter_mut().filter(|byte| **byte == b'/') {
        *byte = b'\\';
    }
    let plain = goal.strip_prefix(br"\\?\").filter(|rest| !rest.starts_with(br"UNC\"));
    of_bytes(plain.unwrap_or(&goal)).to_owned()
}

/// Puts a junction to `goal` at `path`, in the place of what stands there: made beside it, so that nobody sees it before
/// it leads somewhere.
fn put_junction(path: &Path, goal: &Path) -> io::Result<()> {
    let temporary = temporary_beside(path);
    let made = junction::create(goal, &temporary).and_then(|()| {
        // On a share, the server would take the text for a path of its own.
        let leads = !goal.is_dir() || temporary.is_dir();
        if leads { put(&temporary, path) } else { Err(io::ErrorKind::Unsupported.into()) }
    });
    // The crate leaves the folder behind that it could not make a junction of.
    made.inspect_err(|_| drop(fs::remove_dir(&temporary)))
}

/// Puts a file that holds `target` at `path`, in the place of what stands there.
fn put_file(path: &Path, target: &OsStr) -> io::Result<()> {
    let temporary = temporary_beside(path);
    let mut line = target.as_encoded_bytes().to_vec();
    line.push(b'\n');
    let put = fs::write(&temporary, line).and_then(|()| match Standing::at(path)? {
        Standing::File | Standing::Nothing => rename_patiently(&temporary, path),
        Standing::Link | Standing::Folder => put(&temporary, path),
    });
    put.inspect_err(|_| drop(fs::remove_file(&temporary)))
}

/// Renames what was made to `path`. What stands there is moved aside first, since nothing is renamed over a folder, nor a
/// folder over anything.
fn put(made: &Path, path: &Path) -> io::Result<()> {
    if matches!(Standing::at(path)?, Standing::Nothing) {
        return rename_patiently(made, path);
    }
    let aside = temporary_beside(path);
    rename_patiently(path, &aside)?;
    if let Err(error) = rename_patiently(made, path) {
        rename_patiently(&aside, path)?;
        return Err(error);
    }
    // What stays is swept with all that is called so.
    let _ = remove_link(&aside);
    Ok(())
}

/// Points the junction at `link` elsewhere, in one call.
fn point(link: &Path, goal: &Path) -> io::Result<()> {
    let data = mount_point(goal)?;
    // Sharing everything: readers may have it open, and programs run through it. Who has it open and shares nothing cannot
    // refuse access to attributes, which is enough for the call ([MS-FSA] 2.1.5.10.37).
    let open = |access| {
        OpenOptions::new()
            .access_mode(access)
            .share_mode(FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE)
            .custom_flags(FILE_FLAG_OPEN_REPARSE_POINT | FILE_FLAG_BACKUP_SEMANTICS)
            .open(link)
    };
    let file = open(GENERIC_WRITE).or_else(|_| open(FILE_WRITE_ATTRIBUTES))?;
    let (size, mut returned) = (u32::try_from(data.len()).unwrap_or(u32::MAX), 0);
    // SAFETY: the handle is open; `data` holds `size` bytes; nothing is written but `returned`, as there is no output.
    let is_set = unsafe {
        DeviceIoControl(
            file.as_raw_handle(),
            FSCTL_SET_REPARSE_POINT,
            data.as_ptr().cast(),
            size,
            ptr::null_mut(),
            0,
            &raw mut returned,
            ptr::null_mut(),
        )
    };
    if is_set == 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}

/// `REPARSE_DATA_BUFFER` of a mount point, which is what a junction is: the kernel's name of the goal, and the one for
/// people.
///
/// Source: [MS-FSCC] 2.1.2.5.
fn mount_point(goal: &Path) -> io::Result<Vec<u8>> {
    const TAG: u32 = 0xA000_0003;
    let print: Vec<u16> = goal.as_os_str().encode_wide().collect();
    let name: Vec<u16> = r"\??\".encode_utf16().chain(print.iter().copied()).collect();
    let size = |units: &[u16]| u16::try_from(units.len() * 2);
    let lengths = size(&name).and_then(|name| Ok((name, size(&print)?)));
    let whole = lengths.ok().and_then(|(name, print)| {
        // Each is followed by a zero, which does not count to its length.
        let names = name.checked_add(print)?.checked_add(4)?;
        Some((name, print, names.checked_add(8)?))
    });
    let Some((name_size, print_size, rest)) = whole else {
        return Err(io::ErrorKind::InvalidFilename.into());
    };
    let mut data = TAG.to_le_bytes().to_vec();
    for field in [rest, 0, 0, name_size, name_size + 2, print_size] {
        data.extend(field.to_le_bytes());
    }
    for unit in name.into_iter().chain([0]).chain(print).chain([0]) {
        data.extend(unit.to_le_bytes());
    }
    Ok(data)
}
