//! Which file of a tree another program keeps open, and which program that is: what stands in the way of a rename.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::windows::ffi::OsStrExt;
use std::os::windows::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::ptr;

use windows_sys::Win32::Foundation::{ERROR_MORE_DATA, ERROR_SHARING_VIOLATION, ERROR_SUCCESS};
use windows_sys::Win32::Storage::FileSystem::{DELETE, FILE_FLAG_BACKUP_SEMANTICS};
use windows_sys::Win32::System::RestartManager::{
    CCH_RM_SESSION_KEY, RM_PROCESS_INFO, RmEndSession, RmGetList, RmRegisterResources,
    RmStartSession,
};

use super::super::Held;

/// The first file or folder below `folder` that another program keeps open, programs that run first. None where there is none, or
/// none can be told.
pub fn held_below(folder: &Path) -> Option<Held> {
    let programs = ["bin", "pkg"].map(|name| folder.join(name));
    let [bin, pkg] = programs.each_ref().map(|folder| first_held(folder));
    let file = bin.or(pkg).or_else(|| first_held(folder))?;
    let by = holders(&file);
    Some(Held { file, by })
}

fn first_held(folder: &Path) -> Option<PathBuf> {
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        if is_folder_held(&folder) {
            return Some(folder);
        }
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let Ok(kind) = entry.file_type() else { continue };
            if kind.is_dir() {
                folders.push(entry.path());
            } else if kind.is_file() && is_held(&entry.path()) {
                return Some(entry.path());
            }
        }
    }
    None
}

/// Whether somebody else has it open, or runs it: nobody may share what is asked for here.
fn is_held(file: &Path) -> bool {
    is_violation(OpenOptions::new().read(true).write(true).share_mode(0).open(file))
}

/// As [`is_held`], of a folder itself: a program that works in it shares everything but its removal.
fn is_folder_held(folder: &Path) -> bool {
    let mut options = OpenOptions::new();
    is_violation(options.access_mode(DELETE).custom_flags(FILE_FLAG_BACKUP_SEMANTICS).open(folder))
}

fn is_violation(opened: io::Result<File>) -> bool {
    let code = |error: &io::Error| error.raw_os_error().map(i32::cast_unsigned);
    opened.is_err_and(|error| code(&error) == Some(ERROR_SHARING_VIOLATION))
}

/// The programs that have it open, by the system's restart manager: what installers ask before they say "close these".
fn holders(file: &Path) -> Vec<String> {
    let mut session = 0;
    let mut key = [0; CCH_RM_SESSION_KEY as usize + 1];
    // SAFETY: both may be written to, and the key has the length that the system wants.
    if unsafe { RmStartSession(&raw mut session, 0, key.as_mut_ptr()) } != ERROR_SUCCESS {
        return Vec::new();
    }
    let known = listed(session, file);
    // SAFETY: the session was begun above.
    unsafe { RmEndSession(session) };
    known.iter().map(shown).collect()
}

fn listed(session: u32, file: &Path) -> Vec<RM_PROCESS_INFO> {
    let name: Vec<u16> = file.as_os_str().encode_wide().chain([0]).collect();
    let names = [name.as_ptr()];
    // SAFETY: one name, which ends with a zero, and nothing of the two other kinds.
    let is_asked =
        unsafe { RmRegisterResources(session, 1, names.as_ptr(), 0, ptr::null(), 0, ptr::null()) };
    if is_asked != ERROR_SUCCESS {
        return Vec::new();
    }
    // More than these nobody reads.
    let mut known = [RM_PROCESS_INFO::default(); 8];
    let (mut needed, mut count, mut why) = (0, 8, 0);
    // SAFETY: `known` has room for `count`, and the three others may be written to.
    let answer = unsafe {
        RmGetList(session, &raw mut needed, &raw mut count, known.as_mut_ptr(), &raw mut why)
    };
    let is_known = matches!(answer, ERROR_SUCCESS | ERROR_MORE_DATA);
    known.into_iter().take(if is_known { count as usize } else { 0 }).collect()
}

fn shown(process: &RM_PROCESS_INFO) -> String {
    let name = process.strAppName.split(|unit| *unit == 0).next().unwrap_or_default();
    format!("{} (process {})", String::from_utf16_lossy(name), process.Process.dwProcessId)
}
