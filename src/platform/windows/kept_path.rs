//! PATH as Windows keeps it for the programs that are started from now on: a value in the registry, one of the user's and
//! one of the machine's.

use std::io;
use std::ptr;

use windows_registry::{CURRENT_USER, Key, LOCAL_MACHINE, Type};
use windows_sys::Win32::Foundation::{ERROR_FILE_NOT_FOUND, ERROR_INVALID_DATA};
use windows_sys::Win32::UI::WindowsAndMessaging::{
    HWND_BROADCAST, SMTO_ABORTIFHUNG, SendMessageTimeoutW, WM_SETTINGCHANGE,
};
use windows_sys::core::w;

use super::super::{KeptPath, Whose};
use crate::checkpoint;

const NAME: &str = "Path";

/// PATH as it is kept. None where this system keeps none.
///
/// # Errors
/// The system's; `InvalidData` where the value is no text: whoever put it there must say what it is.
pub fn kept_path(whose: Whose) -> io::Result<Option<KeptPath>> {
    let value = match open(whose, false).and_then(|key| key.get_value(NAME)) {
        Err(error) if is_absence(&error) => return Ok(Some(KeptPath::default())),
        value => value.map_err(of_system)?,
    };
    let expands = match value.ty() {
        Type::ExpandString => true,
        Type::String => false,
        _ => {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "it is of another kind than text",
            ));
        }
    };
    let wide = value.as_wide();
    let end = wide.iter().rposition(|unit| *unit != 0).map_or(0, |last| last + 1);
    let no_text = || io::Error::new(io::ErrorKind::InvalidData, "it holds what is no text");
    // Half a character, or a zero in the middle, would not come back as it was.
    let text = String::from_utf16(&wide[..end]).ok().filter(|text| !text.contains('\0'));
    Ok(Some(KeptPath { text: Some(text.ok_or_else(no_text)?), expands }))
}

/// Keeps PATH from now on, of the kind that it says, or takes the value away; and tells the programs that run, the desktop
/// above all, that it is another.
///
/// # Errors
/// The system's; the old value then still stands.
pub fn keep_path(whose: Whose, path: &KeptPath) -> io::Result<()> {
    let key = open(whose, true).map_err(of_system)?;
    let kept = match &path.text {
        Some(text) if path.expands => key.set_expand_string(NAME, text),
        Some(text) => key.set_string(NAME, text),
        None => key.remove_value(NAME),
    };
    kept.map_err(of_system)?;
    tell_everybody();
    Ok(())
}

/// The program that the system starts for a name in the place of what PATH has, where somebody types it into its search,
/// "Run" or `start`; and the key that says so. Source:
/// <https://learn.microsoft.com/windows/win32/shell/app-registration#using-the-app-paths-subkey>.
pub fn app_path(program: &str) -> Option<(String, String)> {
    const FOLDER: &str = r"Software\Microsoft\Windows\CurrentVersion\App Paths";
    let tops = match checkpoint::registry_of_test() {
        Some(folder) => vec![(CURRENT_USER, "HKCU", format!(r"{folder}\App Paths"))],
        None => vec![
            (CURRENT_USER, "HKCU", FOLDER.to_owned()),
            (LOCAL_MACHINE, "HKLM", FOLDER.to_owned()),
        ],
    };
    tops.into_iter().find_map(|(top, name, folder)| {
        let path = format!(r"{folder}\{program}");
        let value = top.options().read().open(&path).ok()?.get_string("").ok()?;
        Some((value, format!(r"{name}\{path}")))
    })
}

fn open(whose: Whose, to_write: bool) -> windows_result::Result<Key> {
    let (top, path) = match whose {
        Whose::User => (CURRENT_USER, "Environment"),
        Whose::Machine => {
            (LOCAL_MACHINE, r"SYSTEM\CurrentControlSet\Control\Session Manager\Environment")
        }
    };
    let (top, path) = match checkpoint::registry_of_test() {
        Some(folder) => (CURRENT_USER, format!(r"{folder}\{whose:?}")),
        None => (top, path.to_owned()),
    };
    let mut options = top.options();
    if to_write { options.read().write().create().open(path) } else { options.read().open(path) }
}

fn tell_everybody() {
    let mut answer = 0;
    // SAFETY: the text ends with a zero and stays; `answer` may be written to. Who does not answer is not waited for.
    unsafe {
        SendMessageTimeoutW(
            HWND_BROADCAST,
            WM_SETTINGCHANGE,
            0,
            w!("Environment") as isize,
            SMTO_ABORTIFHUNG,
            1000,
            ptr::from_mut(&mut answer),
        );
    }
}

fn is_absence(error: &windows_result::Error) -> bool {
    code(error) == Some(ERROR_FILE_NOT_FOUND)
}

/// The error as the standard library knows it.
fn of_system(error: windows_result::Error) -> io::Error {
    let code = code(&error).unwrap_or(ERROR_INVALID_DATA);
    io::Error::from_raw_os_error(code.cast_signed())
}

/// The number of the system's error inside an `HRESULT`.
fn code(error: &windows_result::Error) -> Option<u32> {
    const OF_SYSTEM: u32 = 0x8007_0000;
    let code = error.code().0.cast_unsigned();
    (code & 0xffff_0000 == OF_SYSTEM).then_some(code & 0xffff)
}
