//! [`Surroundings`]: everything that the checks look at, gathered once. Nothing is judged here.

use gvm_core::call::Call;
use gvm_core::goenv::{self, Files, Setting, Source};
use gvm_core::layout::Layout;
use gvm_core::path;
use gvm_core::request::shown;
use gvm_core::resolve::{self, Choice, Place, Undecided};
use gvm_core::target::Target;
use gvm_core::toolchain::{self, Base, ModFile};
use gvm_core::vars;
use gvm_core::version::Version;
use gvm_core::world::World;

use super::disk::Disk;
use super::entries::{self, Entry};
use super::program::{self, Executable, Program};
use super::startfiles::{self, StartFile};

/// No path that is shown is longer.
const LONGEST: usize = 4096;
/// A `go/env` file may hold so many bytes (as `gvm_core::goenv` has it).
const ENV_FILE_LIMIT: usize = 256 * 1024;

/// A machine, as a user's Go meets it.
pub struct Surroundings<'a> {
    /// Files, links, variables.
    pub world: &'a dyn World,
    /// Sizes, owners, headers.
    pub disk: &'a dyn Disk,
    /// ROOT; None where there is no place for one.
    pub layout: Option<&'a Layout>,
    /// This machine's target.
    pub host: Target,
    /// The Go that is looked at. None where nothing runs here.
    pub subject: Option<Subject>,
    /// Why nothing runs here.
    pub undecided: Option<Undecided>,
    /// What decided, where the Go was not named.
    pub choice: Option<Choice>,
    /// The entries of PATH, in order.
    pub entries: Vec<Entry>,
    /// The start files of shells that are there.
    pub start_files: Vec<StartFile>,
    /// The user's go/env file and what it holds.
    pub env_file: Option<(Vec<u8>, Vec<u8>)>,
    /// Both files that the go command keeps variables in.
    pub files: Files,
    /// The go.work and the go.mod here.
    pub modules: Vec<ModFile>,
}

/// A Go that is looked at.
#[derive(Clone, Debug)]
pub struct Subject {
    /// Its GOROOT, by the path that it is started by.
    pub goroot: Vec<u8>,
    /// What its program says of itself, else its VERSION.
    pub version: Option<Version>,
    /// Its `bin/go`.
    pub program: Option<Program>,
    /// The hash of its folder in ROOT.
    pub hash: Option<String>,
    /// Whether the user named it, so that what runs here by itself is not asked.
    pub is_named: bool,
}

impl<'a> Surroundings<'a> {
    /// Looks around. `named` is the Go that the user asks about; without one it is the Go that runs here.
    pub fn gather(
        world: &'a dyn World,
        disk: &'a dyn Disk,
        layout: Option<&'a Layout>,
        host: Target,
        named: Option<(Vec<u8>, Option<String>)>,
    ) -> Self {
        let nowhere = Layout::new(Vec::new());
        let decided = match &named {
            Some(_) => None,
            None => Some(resolve::decide(world, layout.unwrap_or(&nowhere), &Call::plain())),
        };
        let (choice, undecided) = match decided {
            Some(Ok(choice)) => (Some(choice), None),
            Some(Err(why)) => (None, Some(why)),
            None => (None, None),
        };
        let is_named = named.is_some();
        let place = named.or_else(|| place_of(world, choice.as_ref()?));
        let subject = place.map(|(goroot, hash)| subject(world, disk, goroot, hash, is_named));
        let goroot = subject.as_ref().map(|subject| subject.goroot.as_slice());
        let env_file = goenv::user_file(world).and_then(|path| {
            let content = world.read(&path, ENV_FILE_LIMIT).ok()?;
            Some((path, content))
        });
        Self {
            entries: entries::of_path(world, disk, world.var(vars::PATH).as_deref()),
            start_files: startfiles::read(world),
            files: Files::read(world, goroot),
            modules: modules(world, subject.as_ref()),
            world,
            disk,
            layout,
            host,
            subject,
            undecided,
            choice,
            env_file,
        }
    }

    /// The variable's value in the process, unless it is empty.
    pub fn var(&self, name: &str) -> Option<Vec<u8>> {
        self.world.var(name).filter(|value| !value.is_empty())
    }

    /// The variable as the go command of the subject sees it.
    pub fn setting(&self, name: &str) -> Option<Setting> {
        self.files.setting(name, self.world.var(name)).filter(|it| !it.value.is_empty())
    }

    /// The subject's version.
    pub fn version(&self) -> Option<&Version> {
        self.subject.as_ref()?.version.as_ref()
    }

    /// Whether the subject's line is 1.`minor` or a later one; true where nobody knows.
    pub fn is_from(&self, minor: &str) -> bool {
        self.version().is_none_or(|version| version.is_from_line(minor))
    }

    /// What the subject is called.
    pub fn go_name(&self) -> String {
        self.version().map_or_else(|| "go".into(), Version::tag)
    }

    /// Whether the `go` that a shell finds here is gvm's shim, which keeps GOROOT from what it starts.
    pub fn is_through_shim(&self) -> bool {
        let named = self.subject.as_ref().is_some_and(|subject| subject.is_named);
        let first = self.entries.iter().find(|entry| entry.is_found());
        !named && first.is_some_and(|entry| self.is_shims(&entry.folder))
    }

    /// Whether this is the folder of gvm's shims.
    pub fn is_shims(&self, folder: &[u8]) -> bool {
        let shims = self.layout.map(Layout::shims);
        shims.is_some_and(|shims| folder == shims || self.world.same(folder, &shims))
    }

    /// The name of the user's shell.
    pub fn shell(&self) -> Option<String> {
        let shell = self.var("SHELL")?;
        Some(String::from_utf8_lossy(path::file_name(&shell)).into_owned())
    }

    /// Where a login of the user's shell sets a variable: in a file of the system's or of that shell's family.
    pub fn set_at_login(&self, name: &str) -> Option<(&[u8], u32)> {
        let shell = self.shell().unwrap_or_else(|| "sh".into());
        let is_read = |file: &&StartFile| file.shell == "pam" || file.is_read_by(&shell);
        let mut files = self.start_files.iter().rev().filter(is_read);
        files.find_map(|file| {
            let line = file.lines.iter().rev().find(|line| line.sets.as_deref() == Some(name))?;
            Some((file.path.as_slice(), line.number))
        })
    }

    /// Where a variable of the process was set, as far as the start files tell.
    pub fn set_in_start_file(&self, name: &str) -> Option<(&[u8], u32)> {
        self.start_files.iter().find_map(|file| {
            let line = file.lines.iter().find(|line| line.sets.as_deref() == Some(name))?;
            Some((file.path.as_slice(), line.number))
        })
    }
}

/// Where a setting stands, in words: `the environment`, or `FILE:LINE`.
pub fn source(setting: &Setting) -> String {
    match &setting.source {
        Source::Process => "the environment".into(),
        Source::File { path, line } => format!("{}:{line}", text(path)),
    }
}

/// A path or a value, fit to be shown.
pub fn text(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) if !text.chars().any(char::is_control) && text.len() <= LONGEST => text.to_owned(),
        Ok(_) | Err(_) => shown(bytes, LONGEST),
    }
}

fn place_of(world: &dyn World, choice: &Choice) -> Option<(Vec<u8>, Option<String>)> {
    match &choice.toolchain.place {
        Place::Installed { hash, goroot } => Some((goroot.clone(), Some(hash.clone()))),
        Place::Folder { goroot } => Some((goroot.clone(), None)),
        Place::System { goroot, folder } => {
            let goroot = goroot.clone().or_else(|| {
                let above = path::parent(folder)?.to_vec();
                world.is_folder(&path::join(&above, b"src")).then_some(above)
            });
            Some((goroot?, None))
        }
    }
}

/// Looks at one tree.
pub fn subject(
    world: &dyn World,
    disk: &dyn Disk,
    goroot: Vec<u8>,
    hash: Option<String>,
    is_named: bool,
) -> Subject {
    let mut go = path::join(&path::join(&goroot, b"bin"), b"go");
    go.extend_from_slice(path::PROGRAM_SUFFIX);
    let program = match program::read(disk, &go) {
        Some(Executable::Program(program)) => Some(program),
        Some(_) | None => None,
    };
    let built = program.as_ref().and_then(|program| version(program.go.as_deref()?));
    let version = built.or_else(|| resolve::version_of(world, &goroot));
    Subject { goroot, version, program, hash, is_named }
}

/// `go1.27.4 X:nocoverageredesign` is 1.27.4.
fn version(text: &str) -> Option<Version> {
    Version::from_tag(text.split(' ').next()?).ok()
}

fn modules(world: &dyn World, subject: Option<&Subject>) -> Vec<ModFile> {
    let newest = Version::parse("1.27").ok();
    let version = subject.and_then(|subject| subject.version.as_ref()).or(newest.as_ref());
    let goroot = subject.map(|subject| subject.goroot.as_slice()).unwrap_or_default();
    version.map_or_else(Vec::new, |version| toolchain::files(world, Base { version, goroot }, &[]))
}
