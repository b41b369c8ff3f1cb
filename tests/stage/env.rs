//! [`TestEnv`]: an empty environment with folders of its own; [`Call`]: one start of the program in it; [`Outcome`]:
//! what came of it, as one text that is the same on every machine.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fmt::{self, Display, Formatter};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use gvm_core::tag::Tag;
use gvm_core::target::Target;
use gvm_core::version::Version;
use serde_json::Value;
use tempfile::TempDir;

use super::fake::gvm;
use super::on_windows;
use super::schema;
use super::site::Site;

/// The password, or the part of one, that every test plants where it plants a secret. No output may show it: see
/// [`Outcome::new`].
pub const PLANTED: &str = "hunter2";

/// No call here takes longer, unless it hangs.
const PATIENCE: Duration = Duration::from_secs(240);

/// The folders and the variables of one test. All is gone when it is dropped.
pub struct TestEnv {
    folder: TempDir,
    vars: BTreeMap<OsString, OsString>,
    #[cfg(windows)]
    registry: super::registry::Registry,
}

impl TestEnv {
    /// Without a network: whoever is asked cannot be reached. Port 9 is the discard service, which no system runs any
    /// more.
    pub fn new() -> Self {
        Self::below(&std::env::temp_dir())
    }

    /// The same, in another folder than the system's for what is temporary.
    pub fn below(folder: &Path) -> Self {
        let folder = tempfile::tempdir_in(folder).unwrap();
        let at = |name: &str| folder.path().join(name);
        for name in ["home/config/go/telemetry", "project", "bin", "tmp"] {
            fs::create_dir_all(at(name)).unwrap();
        }
        fs::write(at("home/config/go/telemetry/mode"), "off\n").unwrap();
        let mut vars = BTreeMap::new();
        for (name, value) in [
            ("PATH", "bin"),
            ("HOME", "home"),
            ("XDG_CONFIG_HOME", "home/config"),
            ("XDG_DATA_HOME", "home/data"),
            ("TMPDIR", "tmp"),
            ("GVM_DIR", "root"),
            ("GOENV", "home/config/go/env"),
            ("GOPATH", "home/go"),
            ("GOMODCACHE", "home/go/pkg/mod"),
            ("GOCACHE", "home/cache"),
        ] {
            vars.insert(name.into(), at(value).into_os_string());
        }
        for (name, value) in [
            ("GVM_GODEV", "http://127.0.0.1:9/dl"),
            ("GOPROXY", "http://127.0.0.1:9/proxy"),
            ("NO_COLOR", "1"),
            ("CGO_ENABLED", "0"),
            ("LC_ALL", "C"),
        ] {
            vars.insert(name.into(), value.into());
        }
        #[cfg(windows)]
        return Self::on_windows(folder, vars);
        #[cfg(unix)]
        Self { folder, vars }
    }

    #[cfg(windows)]
    fn on_windows(folder: TempDir, mut vars: BTreeMap<OsString, OsString>) -> Self {
        let registry = super::registry::Registry::new();
        vars.insert("GVM_TEST_REGISTRY".into(), registry.folder().into());
        for (name, value) in on_windows::variables(folder.path()) {
            vars.insert(name.into(), value);
        }
        Self { folder, vars, registry }
    }

    /// The part of the registry that all calls have for the real one.
    #[cfg(windows)]
    pub fn registry(&self) -> &super::registry::Registry {
        &self.registry
    }

    /// With this site as its network.
    pub fn at(site: &Site) -> Self {
        Self::new().with(site)
    }

    /// With this site as its network.
    pub fn with(self, site: &Site) -> Self {
        let env = self.set("GOPROXY", site.proxy()).set("GVM_GODEV", site.godev());
        match site.gosumdb() {
            Some(gosumdb) => env.set("GOSUMDB", gosumdb),
            None => env,
        }
    }

    /// With this variable for all calls.
    pub fn set(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.vars.insert(name.into(), value.as_ref().to_owned());
        self
    }

    /// The folder that holds all others.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// ROOT. Nothing is there before gvm makes it.
    pub fn root(&self) -> PathBuf {
        self.folder.path().join("root")
    }

    /// The working directory of all calls.
    pub fn work(&self) -> PathBuf {
        self.folder.path().join("project")
    }

    /// The one folder on PATH.
    pub fn bin(&self) -> PathBuf {
        self.folder.path().join("bin")
    }

    /// Writes a file into the working directory, and gives its path.
    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.work().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        path
    }

    /// Where a version of this machine's stands when it is installed.
    pub fn goroot(&self, version: &str) -> PathBuf {
        self.root().join(hash8(version))
    }

    /// The names of what stands in a folder of ROOT, sorted; nothing where it is not there.
    pub fn names(&self, folder: &str) -> Vec<String> {
        let list = fs::read_dir(self.root().join(folder)).into_iter().flatten();
        // Shims are named here as they are called.
        let end = if folder == "shims" { std::env::consts::EXE_SUFFIX } else { "" };
        let name = |name: String| name.strip_suffix(end).map(str::to_owned).unwrap_or(name);
        let mut names: Vec<String> =
            list.map(|entry| name(entry.unwrap().file_name().into_string().unwrap())).collect();
        names.sort();
        names
    }

    /// The hash folders in ROOT.
    pub fn published(&self) -> Vec<String> {
        let is_hash = |name: &String| gvm_core::layout::is_hash(name.as_bytes());
        self.names("").into_iter().filter(is_hash).collect()
    }

    /// Holds that ROOT shows no trace of what was begun.
    pub fn assert_nothing_left(&self) {
        assert_eq!(self.published(), [""; 0], "published");
        for folder in ["staging", "receipts", "versions", "cache/archives"] {
            assert_eq!(self.names(folder), [""; 0], "in {folder}");
        }
    }

    /// A call of gvm with these words.
    pub fn gvm(&self, words: &str) -> Call<'_> {
        self.call(gvm(), words)
    }

    /// A call of the shim `go` with these words.
    pub fn go(&self, words: &str) -> Call<'_> {
        self.call(self.root().join("shims/go"), words)
    }

    /// A call of any program with these words.
    pub fn call(&self, program: impl AsRef<OsStr>, words: &str) -> Call<'_> {
        let mut command = Command::new(program);
        command.env_clear().envs(&self.vars).args(words.split_whitespace());
        command.current_dir(self.work()).stdin(Stdio::null());
        Call { env: self, command }
    }
}

/// The first 8 hex digits of the SHA-256 of a tag.
pub fn hash8(version: &str) -> String {
    let version = Version::from_tag(&format!("go{version}")).unwrap();
    Tag::new(version, Target::host(), Target::host()).hash8()
}

/// One start of a program, not yet made.
pub struct Call<'a> {
    env: &'a TestEnv,
    command: Command,
}

impl Call<'_> {
    /// One more argument, which may hold blanks.
    pub fn arg(mut self, argument: impl AsRef<OsStr>) -> Self {
        self.command.arg(argument);
        self
    }

    /// With this variable.
    pub fn var(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Without any variable.
    pub fn bare(mut self) -> Self {
        self.command.env_clear();
        self
    }

    /// In this folder.
    pub fn within(mut self, folder: impl AsRef<Path>) -> Self {
        self.command.current_dir(folder);
        self
    }

    /// Whatever else is wanted of the command.
    pub fn with(mut self, change: impl FnOnce(&mut Command)) -> Self {
        change(&mut self.command);
        self
    }

    /// Starts it, for a test that watches it.
    pub fn start(mut self) -> Child {
        self.command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    }

    /// Starts it and waits for its end.
    pub fn run(self) -> Outcome {
        let shown = format!("{:?}", self.command);
        let folder = self.env.folder().to_owned();
        let output = finish(self.start(), &shown);
        Outcome::new(&folder, &output)
    }

    /// Runs it; it must succeed.
    pub fn ok(self) -> Outcome {
        self.run().code(0)
    }
}

/// The end of a child; one that hangs is killed, and the test fails.
pub fn finish(child: Child, shown: &str) -> Output {
    let id = child.id();
    let (send, ended) = mpsc::channel();
    thread::spawn(move || send.send(child.wait_with_output()));
    match ended.recv_timeout(PATIENCE) {
        Ok(output) => output.unwrap(),
        Err(_) => {
            kill(id);
            panic!("this hangs: {shown}");
        }
    }
}

/// Kills a child that has not ended.
#[cfg(unix)]
fn kill(id: u32) {
    let id = rustix::process::Pid::from_raw(id.cast_signed()).unwrap();
    let _ = rustix::process::kill_process(id, rustix::process::Signal::KILL);
}

/// Kills a child that has not ended.
#[cfg(windows)]
fn kill(id: u32) {
    let _ = Command::new("taskkill").args(["/F", "/PID", &id.to_string()]).status();
}

/// What came of a call.
#[must_use]
#[derive(Debug)]
pub struct Outcome {
    status: ExitStatus,
    /// Standard output, as it came.
    pub stdout: String,
    /// Standard error, as it came.
    pub stderr: String,
    folder: String,
}

impl Outcome {
    /// Of a child that ran in the folders of a [`TestEnv`]. Whatever it was and however it ended, it told nobody the
    /// planted password: every output of every program of tests passes here.
    pub fn new(folder: &Path, output: &Output) -> Self {
        for stream in [&output.stdout, &output.stderr] {
            let shown = String::from_utf8_lossy(stream);
            assert!(!shows_secret(stream), "the planted password is shown:\n{shown}");
        }
        Self {
            status: output.status,
            stdout: String::from_utf8(output.stdout.clone()).unwrap(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
            folder: folder.to_str().unwrap().to_owned(),
        }
    }

    /// Holds that this was its exit code.
    #[track_caller]
    pub fn code(self, code: i32) -> Self {
        assert_eq!(self.status.code(), Some(code), "{self}");
        self
    }

    /// Whether this was its exit code.
    pub fn ended_with(&self, code: i32) -> bool {
        self.status.code() == Some(code)
    }

    /// As [`Outcome::code`], for one row of a table.
    #[track_caller]
    pub fn code_of(self, row: &str, code: i32) -> Self {
        assert_eq!(self.status.code(), Some(code), "{row}: {self}");
        self
    }

    /// The exit code; None where a signal ended it.
    pub fn code_or_signal(&self) -> Option<i32> {
        self.status.code()
    }

    /// The last line of standard output.
    pub fn line(&self) -> &str {
        self.stdout.trim_end().lines().next_back().unwrap_or_default()
    }

    /// Holds that this stands in standard error.
    #[track_caller]
    pub fn says(self, text: &str) -> Self {
        assert!(self.stderr.contains(text), "{text:?} is not said in\n{self}");
        self
    }

    /// The one document on standard output, held against its schema.
    #[track_caller]
    pub fn document(&self) -> Value {
        let mut lines = self.stdout.lines();
        let document = serde_json::from_str(lines.next().unwrap_or_default());
        let document: Value = document.unwrap_or_else(|error| panic!("{error}\n{self}"));
        assert_eq!(lines.next(), None, "more than one document\n{self}");
        assert_eq!(document["schema"], 1, "{self}");
        if let Err(why) = schema::check(&document) {
            panic!("not as docs/schema has it: {why}\n{self}");
        }
        document
    }

    /// The document's data.
    #[track_caller]
    pub fn json(&self) -> Value {
        let mut document = self.document();
        assert!(document.get("data").is_some(), "{self}");
        document["data"].take()
    }

    /// The document's error.
    #[track_caller]
    pub fn error(&self) -> Value {
        let mut document = self.document();
        assert_eq!(document["error"]["code"], self.status.code().unwrap(), "{self}");
        document["error"].take()
    }
}

/// Whether the planted password stands in these bytes, as it is or in base64 at any of the three offsets.
pub fn shows_secret(bytes: &[u8]) -> bool {
    let spellings: [&[u8]; 4] = [PLANTED.as_bytes(), b"aHVudGVyM", b"h1bnRlcj", b"odW50ZXIy"];
    spellings.iter().any(|spelling| bytes.windows(spelling.len()).any(|at| at == *spelling))
}

/// Code, standard output and standard error in one text, without what differs from run to run.
impl Display for Outcome {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.status.code() {
            Some(code) => writeln!(f, "code {code}")?,
            None => writeln!(f, "signal {:?}", signal(self.status))?,
        }
        for (name, text) in [("out", &self.stdout), ("err", &self.stderr)] {
            for line in text.lines() {
                let line = line.replace(&self.folder, "TEMP");
                let line =
                    if cfg!(windows) { on_windows::as_on_unix(&line, &self.folder) } else { line };
                writeln!(f, "{name}: {}", normal(&line))?;
            }
        }
        Ok(())
    }
}

#[cfg(unix)]
fn signal(status: ExitStatus) -> Option<i32> {
    std::os::unix::process::ExitStatusExt::signal(&status)
}

#[cfg(windows)]
fn signal(_: ExitStatus) -> Option<i32> {
    None
}

/// A line without digests, ports, sizes and waits: `SHA256`, `H1`, `SITE`, `SIZE`, `N records`, `N s`.
fn normal(line: &str) -> String {
    let words: Vec<&str> = line.split(' ').collect();
    let mut normal: Vec<String> = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let next = words.get(at + 1).map(|next| next.trim_matches(|c| "(),;:".contains(c)));
        let number = word.trim_start_matches('(');
        let is_number = number.parse::<f64>().is_ok();
        let is_size =
            |unit: &str| ["B", "kB", "KB", "MB", "GB", "KiB", "MiB", "GiB"].contains(&unit);
        let bare = if is_number && next.is_some_and(is_size) {
            word.replace(number, "SIZE")
        } else if is_number && (next == Some("records") || next == Some("s")) {
            word.replace(number, "N")
        } else {
            without_digests(word)
        };
        normal.push(bare);
    }
    let line = normal.join(" ");
    ["KiB", "MiB", "GiB", "kB", "KB", "MB", "GB", "B"]
        .iter()
        .fold(line, |line, unit| line.replace(&format!("SIZE {unit}"), "SIZE"))
}

fn without_digests(word: &str) -> String {
    let mut word = word.to_owned();
    if let Some(at) = word.find("h1:") {
        let end = word[at..].find('=').map_or(word.len(), |end| at + end + 1);
        word.replace_range(at..end, "H1");
    }
    if let Some(at) = word.find("127.0.0.1:") {
        let digits = word[at + 10..].bytes().take_while(u8::is_ascii_digit).count();
        word.replace_range(at..at + 10 + digits, "SITE");
    }
    let is_digest = |part: &str| part.len() == 64 && part.bytes().all(|b| b.is_ascii_hexdigit());
    let digest = word.split(|c: char| !c.is_ascii_alphanumeric()).find(|part| is_digest(part));
    match digest.map(str::to_owned) {
        Some(digest) => word.replace(&digest, "SHA256"),
        None => word,
    }
}
