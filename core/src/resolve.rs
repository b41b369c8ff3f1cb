//! Which Go answers a request, among those on this machine.
//!
//! What the child gets is `dispatch`'s; installing what is missing is the command's.

use alloc::string::String;
use alloc::vec::Vec;

use crate::layout::Layout;
use crate::path;
use crate::request::{self, Origin, Request, RequestError};
use crate::spec::{Kind, Spec};
use crate::tag::Tag;
use crate::target::Target;
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
            Place::System { folder } => folder.clone(),
        }
    }

    /// Its GOROOT, where its place tells.
    pub fn goroot(&self) -> Option<&[u8]> {
        match &self.place {
            Place::Installed { goroot, .. } | Place::Folder { goroot } => Some(goroot),
            Place::System { .. } => None,
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
}

/// Why no Go can be chosen.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Undecided {
    /// What was asked cannot be understood.
    Request(RequestError),
    /// No installed version answers.
    NotInstalled(Request),
    /// A path was asked for that is no GOROOT.
    NotAGoroot(Request),
    /// The default points to something that is not there any more.
    DanglingDefault {
        /// Where `current` points.
        target: Vec<u8>,
    },
    /// Nothing asks for a version, there is no default, and no `go` is on PATH.
    Nothing,
    /// `system` was asked for and no `go` but gvm's is on PATH.
    NoSystem(Request),
}

/// Which Go runs here: what [`request::find`] says, else the default, else the system's.
pub fn decide(world: &dyn World, layout: &Layout) -> Result<Choice, Undecided> {
    match request::find(world).map_err(Undecided::Request)? {
        Some(request) => resolve(world, layout, request),
        None => default(world, layout),
    }
}

/// The Go that answers a request.
pub fn resolve(world: &dyn World, layout: &Layout, request: Request) -> Result<Choice, Undecided> {
    let toolchain = match request.spec.kind() {
        Kind::System => match system(world, layout) {
            Some(toolchain) => toolchain,
            None => return Err(Undecided::NoSystem(request)),
        },
        Kind::Path(path) => match goroot_at(world, path) {
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
    Ok(Choice { toolchain, origin: request.origin, spec: Some(request.spec) })
}

/// The default: what `current` points to, else the system's Go.
pub fn default(world: &dyn World, layout: &Layout) -> Result<Choice, Undecided> {
    let Some(target) = world.link(&layout.current()) else {
        let toolchain = system(world, layout).ok_or(Undecided::Nothing)?;
        return Ok(Choice { toolchain, origin: Origin::System, spec: None });
    };
    let toolchain = current(world, layout, &target);
    let toolchain = toolchain.ok_or(Undecided::DanglingDefault { target })?;
    Ok(Choice { toolchain, origin: Origin::Default, spec: None })
}

/// The installed version of exactly this name, for this machine. Always by its link: a hash alone proves nothing.
pub fn installed(world: &dyn World, layout: &Layout, version: &Version) -> Option<Toolchain> {
    let target = world.link(&layout.version_link(&version.tag()))?;
    in_root(layout, &target, Some(version.clone()))
}

/// The tags of all installed versions, foreign targets too, in no order.
pub fn installed_tags(world: &dyn World, layout: &Layout) -> Vec<Tag> {
    let names = world.list(&layout.versions()).unwrap_or_default();
    let names = names.iter().filter_map(|name| core::str::from_utf8(name).ok());
    names.filter_map(|name| Tag::parse(name).ok()).collect()
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
    Some(Toolchain { version: None, place: Place::System { folder: folder.to_vec() } })
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

fn newest(world: &dyn World, layout: &Layout, spec: &Spec) -> Option<Toolchain> {
    let host = Target::host();
    let tags = installed_tags(world, layout);
    let versions = tags.iter().filter(|tag| tag.target(host) == host).map(Tag::version);
    let mut versions: Vec<&Version> = versions.collect();
    // A link whose folder somebody removed by hand is passed over.
    while let Some(version) = spec.pick(versions.iter().copied()) {
        match installed(world, layout, version) {
            Some(there) if world.is_program(&there.program("go")) => return Some(there),
            Some(_) | None => {
                let gone = version.clone();
                versions.retain(|version| **version != gone);
            }
        }
    }
    None
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
mod tests {
    use super::*;
    use crate::world::memory::Memory;

    fn machine() -> Memory {
        [("go1.21.13", "0a0a0a0a"), ("go1.22.10", "0b0b0b0b"), ("go1.22.9", "0c0c0c0c")]
            .into_iter()
            .fold(Memory::new("/src"), |world, (tag, hash)| {
                world
                    .link(&alloc::format!("/r/versions/{tag}"), &alloc::format!("../{hash}"))
                    .program(&alloc::format!("/r/{hash}/bin/go"))
                    .file(&alloc::format!("/r/{hash}/VERSION"), tag.as_bytes())
            })
            .link("/r/current", "0a0a0a0a")
    }

    fn runs(world: &Memory) -> String {
        match decide(world, &Layout::new(b"/r".to_vec())) {
            Ok(choice) => String::from_utf8(choice.toolchain.program("go")).unwrap(),
            Err(error) => alloc::format!("{error:?}").split(['(', ' ']).next().unwrap().into(),
        }
    }

    #[test]
    fn a_line_takes_its_newest_installed_release() {
        assert_eq!(runs(&machine()), "/r/0a0a0a0a/bin/go");
        assert_eq!(runs(&machine().var("GVM_GO", "1.22")), "/r/0b0b0b0b/bin/go");
        assert_eq!(runs(&machine().var("GVM_GO", "1.22.9")), "/r/0c0c0c0c/bin/go");
        assert_eq!(runs(&machine().var("GVM_GO", "1.20")), "NotInstalled");
        assert_eq!(runs(&machine().file("/src/.go-version", b"go1.22.9")), "/r/0c0c0c0c/bin/go");
    }

    #[test]
    fn a_hash_alone_is_never_enough() {
        let world = machine().link("/r/versions/go1.20.1", "../../etc");
        assert_eq!(runs(&world.var("GVM_GO", "1.20.1")), "NotInstalled");
        let world = machine().link("/r/current", "0d0d0d0d");
        assert_eq!(runs(&world), "DanglingDefault");
    }

    #[test]
    fn without_a_default_the_systems_go_runs_and_never_a_shim() {
        let empty = Memory::new("/src").program("/r/shims/go").file("/r/format", b"1");
        assert_eq!(runs(&empty.clone().var("PATH", "/r/shims:bin")), "Nothing");
        let other =
            empty.program("/o/shims/go").file("/o/format", b"1").file("/o/locks/store", b"");
        let path = "/r/shims:relative:/o/shims:/alias:/usr/bin";
        let other = other.link("/alias", "/r/shims").program("/usr/bin/go").var("PATH", path);
        assert_eq!(runs(&other), "/usr/bin/go");
    }

    #[test]
    fn a_path_is_checked_to_be_a_goroot() {
        let world = machine().program("/go/bin/go").file("/go/src/x", b"").file("/go/pkg/x", b"");
        assert_eq!(runs(&world.clone().var("GVM_GO", "/go")), "/go/bin/go");
        assert_eq!(runs(&world.clone().var("GVM_GO", "/src")), "NotAGoroot");
        assert_eq!(runs(&world.link("/r/current", "/go")), "/go/bin/go");
    }
}
