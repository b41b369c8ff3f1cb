//! [`Place`]: a folder of a test's own with a ROOT, a project and a home; versions in it that are copies of a shell, and
//! say what they were started with.

#[cfg(unix)]
use std::ffi::OsStr;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

use crate::fake::exe;
use crate::form::Form;

/// What a version of ours runs when it is called as `go -c REPORT …`: its program, its arguments, its environment.
#[cfg(windows)]
pub const REPORT: &str = "report";

/// What a version of ours runs when it is called as `go -c REPORT …`: its program, its arguments, its environment.
#[cfg(unix)]
pub const REPORT: &str = "/usr/bin/readlink /proc/$$/exe; /usr/bin/tr '\\0' '\\n' </proc/$$/cmdline; echo ==; \
     /usr/bin/tr '\\0' '\\n' </proc/$$/environ";

/// The folder. It is on the file system of the build, so that programs are linked into it and never written: a program
/// that another thread's child still holds open for writing could not be started.
pub struct Place {
    folder: TempDir,
}

impl Place {
    /// An empty ROOT, project and home.
    pub fn new() -> Self {
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        for name in ["r/shims", "r/versions", "p", "home"] {
            fs::create_dir_all(folder.path().join(name)).unwrap();
        }
        Self { folder }
    }

    /// A path below it.
    pub fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        let path = self.folder.path().join(name);
        // With the system's own separators alone.
        if cfg!(windows) { std::path::absolute(path).unwrap() } else { path }
    }

    /// Puts a version into ROOT.
    pub fn install(&self, tag: &str, hash: &str) {
        crate::link::make(&format!("../{hash}"), &self.path("r/versions").join(tag));
        self.goroot(&format!("r/{hash}"), tag);
    }

    /// Puts a whole GOROOT somewhere.
    pub fn goroot(&self, folder: &str, tag: &str) {
        for name in ["bin", "pkg", "src"] {
            fs::create_dir_all(self.path(folder).join(name)).unwrap();
        }
        fs::write(self.path(folder).join("VERSION"), tag).unwrap();
        self.shell(&format!("{folder}/bin/go"));
        self.shell(&format!("{folder}/bin/gofmt"));
    }

    /// Puts the program that reports somewhere.
    pub fn shell(&self, name: &str) {
        link(&shell(), &exe(self.path(name)));
    }

    /// Writes a file.
    pub fn write(&self, name: impl AsRef<Path>, content: &[u8]) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    /// The shim `name` of ROOT, in this form; whatever stood there is replaced.
    pub fn shim(&self, form: Form, name: &str) -> PathBuf {
        let path = exe(self.path("r/shims").join(name));
        // There is one form there, and a program that ran a moment ago may not be replaced yet.
        if cfg!(windows) && path.exists() {
            return path;
        }
        let _ = fs::remove_file(&path);
        link(form.path(), &path);
        if let Some(chooser) = form.chooser() {
            let path = self.path("r/chooser");
            let _ = fs::remove_file(&path);
            link(chooser, &path);
        }
        path
    }

    /// A call of `go` in the project, in an environment of its own.
    pub fn go(&self, form: Form) -> Command {
        self.call(&self.shim(form, "go"))
    }

    /// A call of a program in the project, in an environment of its own.
    pub fn call(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir(self.path("p")).env_clear().env("HOME", self.path("home"));
        command.stdin(Stdio::null());
        #[cfg(unix)]
        std::os::unix::process::CommandExt::arg0(&mut command, "go");
        command
    }
}

/// What the child was.
#[derive(Debug, Eq, PartialEq)]
pub struct Child {
    /// Its program.
    pub program: OsString,
    /// Its arguments, the name that it is called by first.
    pub arguments: Vec<OsString>,
    /// Its variables in their order.
    pub environment: Vec<OsString>,
}

impl Child {
    /// What the report says.
    pub fn of(output: &Output) -> Self {
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        let lines: Vec<&[u8]> = output.stdout.split(|byte| *byte == b'\n').collect();
        #[cfg(unix)]
        let text =
            |line: &[u8]| <OsStr as std::os::unix::ffi::OsStrExt>::from_bytes(line).to_owned();
        #[cfg(windows)]
        let text = |line: &[u8]| OsString::from(std::str::from_utf8(line).unwrap());
        let gap = lines.iter().position(|line| *line == b"==").unwrap();
        let end = lines.len() - 1;
        Self {
            program: text(lines[0]),
            arguments: lines[1..gap].iter().map(|line| text(line)).collect(),
            environment: lines[gap + 1..end].iter().map(|line| text(line)).collect(),
        }
    }
}

/// This machine's plain shell: a program that can be called by any name.
fn shell() -> PathBuf {
    fs::canonicalize(crate::fake::shell()).unwrap()
}

fn link(from: &Path, to: &Path) {
    fs::create_dir_all(to.parent().unwrap()).unwrap();
    if fs::hard_link(stored(from), to).is_err() {
        fs::copy(from, to).unwrap();
    }
}

/// A copy of the program on the build's file system, made once: by a rename, so that nobody sees half of it.
fn stored(program: &Path) -> PathBuf {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    let about = fs::metadata(program).unwrap();
    (program, about.len(), about.modified().unwrap()).hash(&mut hasher);
    let store = Path::new(env!("CARGO_TARGET_TMPDIR")).join("programs");
    let path = store.join(format!("{:016x}", hasher.finish()));
    if !path.exists() {
        fs::create_dir_all(&store).unwrap();
        let new = tempfile::tempdir_in(&store).unwrap();
        let copy = new.path().join("program");
        // By another process: no thread of this one ever holds the program open for writing.
        crate::fake::copy_file(program, &copy);
        // Nothing is renamed over a program that another thread has put there and runs already, on Windows.
        fs::rename(copy, &path)
            .or_else(|error| if path.exists() { Ok(()) } else { Err(error) })
            .unwrap();
    }
    path
}
