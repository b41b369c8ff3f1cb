//! Which Go answers a request, among those on this machine.
//!
//! What the child gets is `dispatch`'s; installing what is missing is the command's.

use alloc::string::String;
use alloc::vec::Vec;

use crate::call::Call;
use crate::goenv::{Setting, Source};
use crate::gomod::GoMod;
use crate::installed;
use crate::layout::Layout;
use crate::path;
use crate::request::{self, Origin, Request, RequestError};
use crate::spec::{Kind, Spec};
use crate::toolchain::{self, Base, By, ModFile, Need, Outcome, Selection, arguments};
use crate::vars;
use crate::version::Version;
use crate::world::World;

/// A Go on this machine.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Toolchain {
    /// Its version, where its place tells.
    pub version: Option<Version>,
    /// Where it stands.
    pub place: Place,
}

/// Where a Go stands.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Place {
    /// In ROOT, installed by gvm.
    Installed {
        /// Its folder's name.
        hash: String,
        /// Its GOROOT, by the hash path.
        goroot: Vec<u8>,
    },
    /// In a GOROOT elsewhere, named by its path or by `current`.
    Folder {
        /// Its GOROOT.
        goroot: Vec<u8>,
    },
    /// On PATH.
    System {
        /// The folder of `go`.
        folder: Vec<u8>,
        /// Its GOROOT, where its links tell.
        goroot: Option<Vec<u8>>,
    },
}

impl Toolchain {
    /// The program of this toolchain that is called `tool`.
    pub fn program(&self, tool: &str) -> Vec<u8> {
        let mut program = path::join(&self.programs(), tool.as_bytes());
        program.extend_from_slice(path::PROGRAM_SUFFIX);
        program
    }

    /// The folder of its programs.
    pub fn programs(&self) -> Vec<u8> {
        match &self.place {
            Place::Installed { goroot, .. } | Place::Folder { goroot } => {
                path::join(goroot, b"bin")
            }
            Place::System { folder, .. } => folder.clone(),
        }
    }

    /// Its GOROOT, where its place tells.
    pub fn goroot(&self) -> Option<&[u8]> {
        match &self.place {
            Place::Installed { goroot, .. } | Place::Folder { goroot } => Some(goroot),
            Place::System { goroot, .. } => goroot.as_deref(),
        }
    }
}

/// The answer to a request, or to the lack of one.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Choice {
    /// The Go that runs.
    pub toolchain: Toolchain,
    /// Who asked for it.
    pub origin: Origin,
    /// What was asked for; None for the default and the system's Go.
    pub spec: Option<Spec>,
    /// The name of the toolchain that runs in place of the base, by the go command's rule: it must not choose again.
    pub switch: Option<String>,
    /// What the go command will look for elsewhere, because it is not installed here.
    pub wanted: Option<Wanted>,
}

/// A toolchain that the go command's rule names and that is not installed.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Wanted {
    /// Its name, as `go1.22.10`.
    pub name: String,
    /// Who names it.
    pub origin: Origin,
}

/// Why no Go can be chosen.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Undecided {
    /// What was asked cannot be understood.
    Request(RequestError),
    /// No installed version answers.
    NotInstalled(Request),
    /// What is installed of a pinned line is too old for the project.
    Unsatisfied {
        /// What was asked for.
        request: Request,
        /// The newest installed version that answers it.
        newest: Version,
        /// What the project needs.
        need: Need,
    },
    /// A path was asked for that is no GOROOT.
    NotAGoroot(Request),
    /// The default points to something that is not there any more.
    DanglingDefault {
        /// Where `current` points.
        target: Vec<u8>,
    },
    /// Nothing asks for a version, there is no default, and no `go` is on PATH.
    Nothing,
    /// Nothing asks for a version, there is no default, and the only `go` on PATH is a shim of another gvm root.
    OnlyShims {
        /// That shim.
        shim: Vec<u8>,
    },
    /// `system` was asked for and no `go` but gvm's is on PATH.
    NoSystem(Request),
}

/// Which Go runs here: what [`request::find`] says, else what the go command of the default, or of the system's Go, would
/// choose.
pub fn decide(world: &dyn World, layout: &Layout, call: &Call<'_>) -> Result<Choice, Undecided> {
    let Some(request) = request::find(world, call).map_err(Undecided::Request)? else {
        return by_rule(world, layout, call);
    };
    if !matches!(request.spec.kind(), Kind::Select(_)) {
        return resolve(world, layout, request);
    }
    // A line stands for the releases of it that work here; the newest of them, if one does.
    let need = toolchain::need(world, call.go_arguments());
    let choice = resolve(world, layout, request)?;
    match (need, &choice.toolchain.version, choice.spec) {
        (Some(need), Some(version), Some(spec)) if !need.is_met_by(version) => {
            let request = Request { spec, origin: choice.origin };
            Err(Undecided::Unsatisfied { request, newest: version.clone(), need })
        }
        (_, _, spec) => Ok(Choice { spec, ..choice }),
    }
}

/// The Go that answers a request, whatever the project here needs.
pub fn resolve(world: &dyn World, layout: &Layout, request: Request) -> Result<Choice, Undecided> {
    let toolchain = match request.spec.kind() {
        Kind::System => match system(world, layout) {
            Some(toolchain) => toolchain,
            None => return Err(Undecided::NoSystem(request)),
        },
        Kind::Path(path) => match goroot_at(world, &absolute(world, path)) {
            Some(toolchain) => toolchain,
            None => return Err(Undecided::NotAGoroot(request)),
        },
        Kind::Exact(version) => match installed(world, layout, version) {
            Some(toolchain) => toolchain,
            None => return Err(Undecided::NotInstalled(request)),
        },
        Kind::Select(_) => match newest(world, layout, &request.spec) {
            Some(toolchain) => toolchain,
            None => return Err(Undecided::NotInstalled(request)),
        },
    };
    let Request { spec, origin } = request;
    Ok(Choice { toolchain, origin, spec: Some(spec), switch: None, wanted: None })
}

/// The base: what `current` points to, else the system's Go.
pub fn default(world: &dyn World, layout: &Layout) -> Result<Choice, Undecided> {
    let (toolchain, origin) = match world.link(&layout.current()) {
        None => match system(world, layout) {
            Some(toolchain) => (toolchain, Origin::System),
            None => return Err(nothing(world, layout)),
        },
        Some(target) => {
            let toolchain = current(world, layout, &target);
            (toolchain.ok_or(Undecided::DanglingDefault { target })?, Origin::Default)
        }
    };
    Ok(Choice { toolchain, origin, spec: None, switch: None, wanted: None })
}

/// Nothing pins a version: the base, or what its go command would start in its place.
fn by_rule(world: &dyn World, layout: &Layout, call: &Call<'_>) -> Result<Choice, Undecided> {
    let base = match default(world, layout) {
        Ok(base) => base,
        Err(why @ (Undecided::Nothing | Undecided::OnlyShims { .. })) => {
            return without_base(world, layout, call, why);
        }
        Err(error) => return Err(error),
    };
    let Some(selection) = selection(world, &base.toolchain, call) else { return Ok(base) };
    let Outcome::Switches { name, by } = selection.outcome else { return Ok(base) };
    let origin = origin_of(by, selection.gotoolchain.as_ref(), selection.file.as_ref());
    let knows_rule = base.toolchain.version.as_ref().is_some_and(Version::selects_toolchains);
    let there = match named(world, layout, &name) {
        None if !knows_rule => in_its_line(world, layout, &name, selection.file.as_ref()),
        there => there,
    };
    match there {
        Some(toolchain) if can_take_over(&toolchain, call) => {
            let name = toolchain.version.as_ref().map(Version::tag);
            Ok(Choice { toolchain, origin, spec: None, switch: name, wanted: None })
        }
        Some(_) => Ok(base),
        None => Ok(Choice { wanted: Some(Wanted { name, origin }), ..base }),
    }
}

/// What the go command of this base chooses; None where nobody can tell its version.
pub fn selection(world: &dyn World, base: &Toolchain, call: &Call<'_>) -> Option<Selection> {
    let (Some(version), Some(goroot)) = (&base.version, base.goroot()) else { return None };
    Some(toolchain::select(world, Base { version, goroot }, call.go_arguments()))
}

/// There is no base: what the project asks for runs if it is installed.
fn without_base(
    world: &dyn World,
    layout: &Layout,
    call: &Call<'_>,
    why: Undecided,
) -> Result<Choice, Undecided> {
    let Some((file, name, by)) = toolchain::asked(world, call.go_arguments()) else {
        return Err(why);
    };
    let origin = origin_of(by, None, Some(&file));
    let there = named(world, layout, &name);
    match there.or_else(|| in_its_line(world, layout, &name, Some(&file))) {
        Some(toolchain) => {
            let switch = toolchain.version.as_ref().map(Version::tag);
            Ok(Choice { toolchain, origin, spec: None, switch, wanted: None })
        }
        None => match Spec::parse(name.as_bytes()) {
            Ok(spec) => Err(Undecided::NotInstalled(Request { spec, origin })),
            Err(_) => Err(why),
        },
    }
}

/// The installed toolchain of this name and no other.
fn named(world: &dyn World, layout: &Layout, name: &str) -> Option<Toolchain> {
    let toolchain = installed(world, layout, &Version::from_tag(name).ok()?)?;
    world.is_program(&toolchain.program("go")).then_some(toolchain)
}

/// Where no go command insists on `go1.22.0` for `go 1.22`, the newest installed 1.22 will do.
fn in_its_line(
    world: &dyn World,
    layout: &Layout,
    name: &str,
    file: Option<&ModFile>,
) -> Option<Toolchain> {
    let go = GoMod::read(file?.content.as_deref()?).go?;
    let go = core::str::from_utf8(go.text).ok()?;
    let is_language = name.strip_prefix("go")?.strip_suffix(".0") == Some(go);
    newest(world, layout, &Spec::parse(go.as_bytes()).ok().filter(|_| is_language)?)
}

/// `-C` is understood from 1.20 on; the go command takes it away before it starts an older one.
fn can_take_over(toolchain: &Toolchain, call: &Call<'_>) -> bool {
    let Some(version) = &toolchain.version else { return true };
    version.is_from_line("20") || !arguments::changes_folder(call.go_arguments())
}

fn origin_of(by: By, setting: Option<&Setting>, file: Option<&ModFile>) -> Origin {
    let line = match by {
        By::Setting => {
            return match setting.map(|setting| &setting.source) {
                Some(Source::File { path, line }) => {
                    Origin::GoEnv { path: path.clone(), line: *line }
                }
                Some(Source::Process) | None => Origin::Variable(vars::GOTOOLCHAIN),
            };
        }
        By::Toolchain(line) | By::Go(line) => line,
    };
    let path = file.map(|file| file.path.clone()).unwrap_or_default();
    Origin::Module { path, line, is_work: file.is_some_and(|file| file.is_work) }
}

/// The installed version of exactly this name, for this machine. Always by its link: a hash alone proves nothing.
pub fn installed(world: &dyn World, layout: &Layout, version: &Version) -> Option<Toolchain> {
    let tag = version.tag();
    let target = world.link(&layout.version_link(&tag))?;
    // Only a suffix has letters that somebody chose: another's name, where a file system takes `Corp` and `corp` for one.
    if version.suffix().is_some() && !installed::is_listed(world, layout, &tag) {
        return None;
    }
    in_root(layout, &target, Some(version.clone()))
}

/// The first `go` in an absolute entry of PATH that is not a gvm shim.
pub fn system(world: &dyn World, layout: &Layout) -> Option<Toolchain> {
    let path = world.var(vars::PATH)?;
    let shims = layout.shims();
    let folder = path
        .split(|byte| *byte == path::LIST_SEPARATOR)
        .filter(|entry| path::is_absolute(entry) && *entry != shims)
        .find(|entry| {
            let go = go_in(entry);
            // Also a link of the user's own to the shim would only ask again.
            world.is_program(&go)
                && !is_shims_folder(world, entry, &shims)
                && !world.same(&go, &layout.shim("go"))
        })?;
    let goroot = goroot_of(world, &go_in(folder));
    let version = goroot.as_ref().and_then(|goroot| version_of(world, goroot));
    Some(Toolchain { version, place: Place::System { folder: folder.to_vec(), goroot } })
}

/// Why there is no base: nothing at all on PATH, or nothing but shims of other roots, which would ask this one again.
fn nothing(world: &dyn World, layout: &Layout) -> Undecided {
    let path = world.var(vars::PATH).unwrap_or_default();
    let entries = path.split(|byte| *byte == path::LIST_SEPARATOR);
    let mut shims = entries.filter(|entry| path::is_absolute(entry)).map(go_in);
    let own = layout.shim("go");
    let shim = shims.find(|go| world.is_program(go) && *go != own && !world.same(go, &own));
    shim.map_or(Undecided::Nothing, |shim| Undecided::OnlyShims { shim })
}

/// The GOROOT of a `go` on PATH: where its links lead, two folders up. None for a program that only calls another.
fn goroot_of(world: &dyn World, program: &[u8]) -> Option<Vec<u8>> {
    let program = world.real(program)?;
    let goroot = path::parent(path::parent(&program)?)?;
    let tools = path::join(&path::join(goroot, b"pkg"), b"tool");
    world.is_folder(&tools).then(|| goroot.to_vec())
}

/// The release that a GOROOT says it is, in the first line of its VERSION file. None for a development tree.
pub fn version_of(world: &dyn World, goroot: &[u8]) -> Option<Version> {
    let content = world.read(&path::join(goroot, b"VERSION"), 4096).ok()?;
    let line = content.split(|byte| *byte == b'\n').next()?;
    Version::from_tag(core::str::from_utf8(line).ok()?.trim_end()).ok()
}

fn current(world: &dyn World, layout: &Layout, target: &[u8]) -> Option<Toolchain> {
    if let Some(mut toolchain) = in_root(layout, target, None) {
        let goroot = toolchain.goroot()?;
        if !world.is_program(&toolchain.program("go")) {
            return None;
        }
        toolchain.version = version_of(world, goroot);
        return Some(toolchain);
    }
    path::is_absolute(target).then(|| goroot_at(world, target)).flatten()
}

/// The newest installed version that fits. A link whose folder somebody removed by hand is passed over.
fn newest(world: &dyn World, layout: &Layout, spec: &Spec) -> Option<Toolchain> {
    let whole = |version: &Version| {
        let there = installed(world, layout, version)?;
        world.is_program(&there.program("go")).then_some(there)
    };
    installed::newest(world, layout, spec, &whole)
}

/// The Go in a folder, if it is a GOROOT.
pub fn goroot_at(world: &dyn World, goroot: &[u8]) -> Option<Toolchain> {
    let place = Place::Folder { goroot: goroot.to_vec() };
    let toolchain = Toolchain { version: version_of(world, goroot), place };
    let whole = world.is_program(&toolchain.program("go"))
        && world.is_folder(&path::join(goroot, b"pkg"))
        && world.is_folder(&path::join(goroot, b"src"));
    whole.then_some(toolchain)
}

fn absolute(world: &dyn World, path: &[u8]) -> Vec<u8> {
    match world.cwd() {
        Some(folder) if !path::is_absolute(path) => path::clean(&path::join(&folder, path)),
        Some(_) | None => path.to_vec(),
    }
}

fn in_root(layout: &Layout, target: &[u8], version: Option<Version>) -> Option<Toolchain> {
    let hash = String::from(layout.hash_of_link(target)?);
    let goroot = layout.goroot(&hash);
    Some(Toolchain { version, place: Place::Installed { hash, goroot } })
}

fn go_in(folder: &[u8]) -> Vec<u8> {
    let mut program = path::join(folder, b"go");
    program.extend_from_slice(path::PROGRAM_SUFFIX);
    program
}

/// Whether a folder on PATH is this root's shims, or those of another gvm root: `go` there would only ask again.
fn is_shims_folder(world: &dyn World, entry: &[u8], shims: &[u8]) -> bool {
    if world.same(entry, shims) {
        return true;
    }
    let Some(root) = path::parent(entry) else { return false };
    path::file_name(entry) == b"shims"
        && world.is_folder(&path::join(root, b"locks"))
        && world.read(&path::join(root, b"format"), 16).is_ok()
}

#[cfg(all(test, not(windows)))]
mod tests;
