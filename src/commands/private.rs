//! [`Private`]: folders of its own for a go command that is tried out: a home, caches, a place for temporary files. It sees
//! nothing of the user's settings, reaches no network, and leaves nothing behind. What `check` and `probe` share.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use gvm_core::version::Version;
use gvm_core::{path, vars};
use tempfile::TempDir;

use crate::app::App;
use crate::failure::{Failure, Kind};
use crate::platform;

/// A Go that is tried out.
pub(super) struct Tried {
    pub(super) goroot: Vec<u8>,
    pub(super) version: Version,
}

/// The folders. All is gone when it is dropped.
pub(super) struct Private {
    folder: TempDir,
    /// PATH of the user's, for a C compiler.
    path: Vec<u8>,
}

/// What came of a command.
pub(super) struct Ended {
    /// None where it took too long and was ended.
    pub(super) status: Option<ExitStatus>,
    pub(super) stdout: String,
    pub(super) stderr: String,
    pub(super) took: Duration,
}

impl Private {
    pub(super) fn new(app: &App) -> Result<Self, Failure> {
        let made = tempfile::Builder::new().prefix("gvm-").tempdir();
        let folder = made.map_err(|error| could_not("make a temporary folder", &error))?;
        let path = app.machine.var_os(vars::PATH).map(platform::bytes).unwrap_or_default();
        for name in ["home", "tmp", "work", "go/src"] {
            let made = fs::create_dir_all(folder.path().join(name));
            made.map_err(|error| could_not("make a temporary folder", &error))?;
        }
        let private = Self { folder, path };
        // From 1.23 on a go command starts another that outlives it, and would write here while all is taken away.
        for config in ["home/config", "home", "home/Library/Application Support"] {
            private.put(&format!("{config}/go/telemetry/mode"), "off\n")?;
        }
        Ok(private)
    }

    /// A folder or file below.
    pub(super) fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file.
    pub(super) fn put(&self, name: &str, content: &str) -> Result<(), Failure> {
        let file = self.at(name);
        let folder = file.parent().map_or(Ok(()), fs::create_dir_all);
        folder
            .and_then(|()| fs::write(&file, content))
            .map_err(|error| could_not("write a temporary file", &error))
    }

    /// A program in the folder `work`, with the go of this GOROOT first on PATH.
    pub(super) fn command(&self, tried: &Tried, program: &Path) -> Command {
        let mut command = Command::new(program);
        let bin = path::join(&tried.goroot, b"bin");
        let list = [&bin[..], &[path::LIST_SEPARATOR], &self.path].concat();
        command.env_clear().current_dir(self.at("work")).stdin(Stdio::null());
        command.env(vars::PATH, platform::path(&list));
        for (name, folder) in [
            ("HOME", "home"),
            ("USERPROFILE", "home"),
            ("AppData", "home"),
            ("LocalAppData", "home"),
            ("XDG_CONFIG_HOME", "home/config"),
            ("GOPATH", "go"),
            ("GOCACHE", "cache"),
            ("TMPDIR", "tmp"),
            ("TEMP", "tmp"),
            ("TMP", "tmp"),
        ] {
            command.env(name, self.at(folder));
        }
        for (name, value) in [
            (vars::GOENV, "off"),
            (vars::GOPROXY, "off"),
            (vars::GOTOOLCHAIN, "local"),
            ("LC_ALL", "C"),
        ] {
            command.env(name, value);
        }
        // 1.8 and older do not find themselves.
        if !tried.version.finds_itself() {
            command.env(vars::GOROOT, platform::path(&tried.goroot));
        }
        command
    }
}

/// The go of a tree.
pub(super) fn go(tried: &Tried) -> PathBuf {
    let mut go = path::join(&path::join(&tried.goroot, b"bin"), b"go");
    go.extend_from_slice(path::PROGRAM_SUFFIX);
    platform::path(&go).to_owned()
}

/// Runs it to its end, or for as long as it may take.
pub(super) fn run(mut command: Command, patience: Duration) -> io::Result<Ended> {
    let start = Instant::now();
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let stdout = thread::spawn(move || read(stdout));
    let stderr = thread::spawn(move || read(stderr));
    let status = wait(&mut child, start + patience)?;
    let text = |reader: thread::JoinHandle<Vec<u8>>| {
        let bytes = match status {
            Some(_) => reader.join().unwrap_or_default(),
            // A grandchild may hold the pipe.
            None => Vec::new(),
        };
        String::from_utf8_lossy(&bytes).into_owned()
    };
    Ok(Ended { status, stdout: text(stdout), stderr: text(stderr), took: start.elapsed() })
}

fn read(stream: Option<impl Read>) -> Vec<u8> {
    let mut bytes = Vec::new();
    if let Some(mut stream) = stream {
        let _ = stream.read_to_end(&mut bytes);
    }
    bytes
}

fn wait(child: &mut Child, end: Instant) -> io::Result<Option<ExitStatus>> {
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if Instant::now() > end {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        thread::sleep(Duration::from_millis(5));
    }
}

fn could_not(what: &str, error: &io::Error) -> Failure {
    Failure::new(Kind::CouldNot, format!("could not {what}: {error}"))
        .hint("find out why: `gvm doctor`")
}
