//! Programs of a test's own: scripts, and on systems that run none a small program that carries the script behind its
//! own bytes (`tests/stand_in`). So one text makes the fake tool on every system.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A path with the end that programs have on this system.
pub fn exe(path: impl AsRef<Path>) -> PathBuf {
    let mut path = path.as_ref().as_os_str().to_owned();
    path.push(std::env::consts::EXE_SUFFIX);
    path.into()
}

/// The gvm that is tested, by a path that holds from every folder.
pub fn gvm() -> PathBuf {
    std::path::absolute(env!("CARGO_BIN_EXE_gvm")).unwrap()
}

/// An executable file, in place of what is there; `path` is without the end that programs have. A process of its own
/// writes it: a file that this process has open for writing while another test's thread forks is busy (ETXTBSY) to
/// whoever starts it until that child execs.
#[cfg(unix)]
pub fn script(path: &Path, content: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let _ = fs::remove_file(path);
    let write = "printf %s \"$1\" > \"$0\" && /bin/chmod 755 \"$0\"";
    let written = Command::new("/bin/sh").args(["-c", write]).arg(path).arg(content).status();
    assert!(written.unwrap().success(), "{}", path.display());
}

/// An executable file, in place of what is there; `path` is without the end that programs have.
#[cfg(windows)]
pub fn script(path: &Path, content: &str) {
    let path =
        if path.extension().is_some_and(|end| end == "exe") { path.into() } else { exe(path) };
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let _ = fs::remove_file(&path);
    fs::write(&path, program(content))
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}

/// The bytes of a program that does what a script says.
#[cfg(unix)]
pub fn program(script: &str) -> Vec<u8> {
    script.into()
}

/// The bytes of a program that does what a script says. What is no script stays what it is.
#[cfg(windows)]
pub fn program(script: &str) -> Vec<u8> {
    if !script.starts_with("#!/bin/sh\n") {
        return script.into();
    }
    let length = (script.len() as u64).to_le_bytes();
    [&stand_in::bytes()[..], script.as_bytes(), &length, b"\0script\0"].concat()
}

/// What runs `-c WORDS`.
#[cfg(unix)]
pub fn shell() -> PathBuf {
    "/bin/sh".into()
}

/// What runs `-c WORDS`.
#[cfg(windows)]
pub fn shell() -> PathBuf {
    stand_in::path().to_owned()
}

/// Another file with the same bytes, by a process of its own as [`script`] has it.
#[cfg(unix)]
pub fn copy(from: &Path, to: &Path) {
    copy_file(from, to);
}

/// Another file with the same bytes, by a process of its own as [`script`] has it.
#[cfg(unix)]
pub fn copy_file(from: &Path, to: &Path) {
    assert!(Command::new("/bin/cp").arg(from).arg(to).status().unwrap().success());
}

/// Another file with the same bytes.
#[cfg(windows)]
pub fn copy_file(from: &Path, to: &Path) {
    fs::copy(from, to).unwrap();
}

/// Another file with the same bytes.
#[cfg(windows)]
pub fn copy(from: &Path, to: &Path) {
    fs::copy(exe(from), exe(to)).unwrap();
}

/// Has this program called by another path too, which is without the end that programs have.
#[cfg(unix)]
pub fn place(program: &Path, at: &Path) {
    std::os::unix::fs::symlink(program, at).unwrap();
}

/// Has this program called by another path too, which is without the end that programs have.
#[cfg(windows)]
pub fn place(program: &Path, at: &Path) {
    let at = exe(at);
    fs::hard_link(program, &at).or_else(|_| fs::copy(program, &at).map(drop)).unwrap();
}

/// What is in a folder into another, which is made if need be, with times and links as they are.
#[cfg(unix)]
pub fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    let copied = Command::new("cp").arg("-a").arg(from.join(".")).arg(to).status();
    assert!(copied.unwrap().success(), "{}", from.display());
}

/// What is in a folder into another, which is made if need be, with times and links as they are.
#[cfg(windows)]
pub fn copy_folder(from: &Path, to: &Path) {
    copy_below(from, to, (from, to));
}

/// A junction holds a whole path: one that leads into what is copied leads into the copy then.
#[cfg(windows)]
fn copy_below(from: &Path, to: &Path, whole: (&Path, &Path)) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        let kind = entry.file_type().unwrap();
        if kind.is_symlink() {
            let target = fs::read_link(&from).unwrap();
            let moved = target.strip_prefix(whole.0).map(|rest| whole.1.join(rest));
            junction::create(moved.unwrap_or(target), &to).unwrap();
        } else if kind.is_dir() {
            copy_below(&from, &to, whole);
        } else {
            _ = fs::copy(from, to).unwrap();
        }
    }
    copy_time(from, to);
}

/// Gives a folder another's time of modification: what is remembered of a folder is believed while that stays.
#[cfg(windows)]
fn copy_time(from: &Path, to: &Path) {
    use std::os::windows::fs::OpenOptionsExt;
    const WRITE_ATTRIBUTES: u32 = 0x100;
    // A folder is opened as one only with this flag.
    const BACKUP_SEMANTICS: u32 = 0x0200_0000;
    let mut options = fs::OpenOptions::new();
    let options = options.access_mode(WRITE_ATTRIBUTES).custom_flags(BACKUP_SEMANTICS);
    let time = fs::metadata(from).unwrap().modified().unwrap();
    options.open(to).unwrap().set_modified(time).unwrap();
}

#[cfg(windows)]
mod stand_in {
    use super::{Command, Path, PathBuf, fs};
    use std::sync::OnceLock;

    /// Names a stand-in that was built beforehand, where no cargo can be started.
    const PREBUILT: &str = "GVM_TEST_STAND_IN";

    pub(super) fn bytes() -> &'static [u8] {
        static BYTES: OnceLock<Vec<u8>> = OnceLock::new();
        BYTES.get_or_init(|| fs::read(path()).unwrap())
    }

    #[allow(clippy::disallowed_methods, reason = "the test's own setting")]
    pub(super) fn path() -> &'static Path {
        static PATH: OnceLock<PathBuf> = OnceLock::new();
        PATH.get_or_init(|| match std::env::var_os(PREBUILT) {
            Some(path) => std::path::absolute(path).unwrap(),
            None => build(),
        })
    }

    /// Small, as it is written hundreds of times.
    fn build() -> PathBuf {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("stand-in");
        let mut cargo = Command::new(env!("CARGO"));
        cargo.current_dir(env!("CARGO_MANIFEST_DIR"));
        cargo.args(["build", "--quiet", "--locked", "--offline", "--profile", "shim"]);
        cargo.args(["--package", "gvm-stand-in", "--target-dir"]).arg(&folder);
        assert!(cargo.status().unwrap().success(), "the stand-in does not build");
        folder.join("shim/stand-in.exe")
    }
}
