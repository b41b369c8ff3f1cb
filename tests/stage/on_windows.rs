//! What Windows has otherwise: variables that programs cannot do without, and lines that say the same in other words.

#[cfg(windows)]
use std::ffi::OsString;
#[cfg(windows)]
use std::path::Path;

/// What programs on Windows cannot do without, and the folders that they know by other names.
#[cfg(windows)]
#[allow(clippy::disallowed_methods, reason = "where the system is, the machine says")]
pub fn variables(folder: &Path) -> Vec<(&'static str, OsString)> {
    let system = ["SystemRoot", "windir", "SystemDrive", "ComSpec", "PATHEXT"];
    let system = system.into_iter().filter_map(|name| Some((name, std::env::var_os(name)?)));
    let own = [
        ("USERPROFILE", "home"),
        ("APPDATA", "home/config"),
        ("LOCALAPPDATA", "home/data"),
        ("TEMP", "tmp"),
        ("TMP", "tmp"),
    ];
    let own = own.map(|(name, path)| (name, folder.join(path).into_os_string()));
    system.chain(own).collect()
}

/// A line of Windows as it would be elsewhere: its paths, the names of its programs, this machine's target, and the
/// system's words for what went wrong.
pub fn as_on_unix(line: &str, folder: &str) -> String {
    const ERRORS: [(u32, &str); 5] = [
        (2, "No such file or directory (os error 2)"),
        (3, "No such file or directory (os error 2)"),
        (183, "File exists (os error 17)"),
        (193, "Exec format error (os error 8)"),
        (10061, "Connection refused (os error 111)"),
    ];
    let line = line.replace(&format!("/{}", folder.replace('\\', "/")), "TEMP");
    let mut parts = line.split("TEMP");
    let mut whole = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = part.find([' ', '"', '`', ';', '\'']).unwrap_or(part.len());
        whole +=
            &["TEMP", &part[..end].replace('\\', "/").replace(".exe", ""), &part[end..]].concat();
    }
    // The download site packs releases for Windows otherwise.
    if !whole.contains("v0.0.1-") {
        whole = whole.replace("windows-amd64.zip", "linux-amd64.tar.gz");
    }
    if !whole.contains("windows/386") {
        whole = whole.replace("windows/amd64", "linux/amd64");
    }
    whole = whole.replace("windows-amd64", "linux-amd64");
    whole = whole.replace("linux/arm      ", "linux/arm    ").replace(".exe", "");
    whole = whole.replace(": program not found", ": No such file or directory (os error 2)");
    if let Some((before, rest)) = whole.split_once("$env:Path = '")
        && let Some((folder, _)) = rest.split_once("' + [IO.Path]::PathSeparator + $env:Path")
    {
        whole = format!("{before}export PATH=\"{folder}:$PATH\"");
    }
    whole = whole.replace("Remove-Item -Path Env:", "unset ");
    whole = whole.replace(" -ErrorAction SilentlyContinue", "");
    let settings = "your environment variables in the system's settings";
    whole = whole.replace(settings, "your shell's start file");
    for (code, words) in ERRORS {
        if let Some(end) = whole.find(&format!(" (os error {code})")) {
            let start = whole[..end].rfind(": ").map_or(0, |at| at + 2);
            let end = end + format!(" (os error {code})").len();
            whole.replace_range(start..end, words);
        }
    }
    whole
}
