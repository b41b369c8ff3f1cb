//! [`Programs`]: the C programs of this benchmark, built with the system's compiler. What is
//! compared with them is `rows`'.

use std::ffi::OsString;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What links a program without a libc, at its smallest: one segment, nothing to relocate.
const BARE: [&str; 8] = [
    "-nostdlib",
    "-static",
    "-no-pie",
    "-fno-pie",
    "-fno-stack-protector",
    "-fno-asynchronous-unwind-tables",
    "-Wl,--build-id=none,-z,noseparate-code,-z,norelro",
    "-s",
];

/// Builds programs into one folder.
pub struct Programs {
    folder: PathBuf,
}

impl Programs {
    /// Builds into `folder`, which is there.
    pub fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// Times commands: see timer.c.
    ///
    /// # Errors
    /// When the compiler is not there or fails; so in the others.
    pub fn timer(&self) -> io::Result<PathBuf> {
        self.build("timer", "timer.c", [])
    }

    /// Returns 0, static, with the system's libc.
    pub fn zero(&self) -> io::Result<PathBuf> {
        self.build("zero", "zero.c", ["-static".into()])
    }

    /// Returns 0, without a libc.
    pub fn noop(&self) -> io::Result<PathBuf> {
        self.build("noop", "noop.c", BARE.map(OsString::from))
    }

    /// Becomes `target` and does nothing else, without a libc.
    pub fn chain(&self, target: &Path) -> io::Result<PathBuf> {
        // Octal, since a path may hold what C reads otherwise.
        let bytes = target.as_os_str().as_bytes();
        let text: String = bytes.iter().map(|byte| format!("\\{byte:03o}")).collect();
        let defined = OsString::from(format!("-DTARGET=\"{text}\""));
        self.build("chain", "chain.c", BARE.map(OsString::from).into_iter().chain([defined]))
    }

    fn build(
        &self,
        name: &str,
        source: &str,
        options: impl IntoIterator<Item = OsString>,
    ) -> io::Result<PathBuf> {
        let program = self.folder.join(name);
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/shim").join(source);
        let mut compiler = Command::new("cc");
        compiler
            .args(["-O2", "-Wall", "-Wextra"])
            .args(options)
            .arg("-o")
            .arg(&program)
            .arg(&source);
        let output = compiler.output().map_err(|error| io::Error::other(format!("cc: {error}")))?;
        if output.status.success() {
            return Ok(program);
        }
        let said = String::from_utf8_lossy(&output.stderr);
        Err(io::Error::other(format!("cc cannot build {}:\n{said}", source.display())))
    }
}
