//! Which file decides here: the walk upward from a folder to the nearest pin.
//!
//! What such a file may say is `pinfile`'s; `go.mod` and `go.work` are not pins.

use alloc::string::String;
use alloc::vec::Vec;

use crate::path;
use crate::pinfile::{self, GO_VERSION_MAX, PinError, TOOL_VERSIONS_MAX};
use crate::spec::Spec;
use crate::world::{FileKind, ReadError, World};

/// A version that a file pins for the folder it stands in and all below.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Pin {
    /// The file.
    pub path: Vec<u8>,
    /// The line that names the version, from 1.
    pub line: u32,
    /// The version it names.
    pub spec: Spec,
}

/// Why the nearest pin file cannot be followed. It is never skipped: another version than the one pinned would run.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PinFileError {
    /// The file.
    pub path: Vec<u8>,
    /// What is wrong with it.
    pub why: PinFileProblem,
}

/// What can be wrong with a pin file.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum PinFileProblem {
    /// It is something else than a regular file.
    NotRegular(FileKind),
    /// It is longer than so many bytes.
    TooLong(usize),
    /// It cannot be read; the system's error number where there is one.
    Unreadable(Option<i32>),
    /// What it says is no version.
    Content(PinError),
}

/// The nearest pin at `folder` or above it; in one folder `.go-version` before `.tool-versions`.
pub fn nearest_pin(world: &dyn World, folder: &[u8]) -> Result<Option<Pin>, PinFileError> {
    let mut folder = Some(folder);
    while let Some(here) = folder {
        if let Some(pin) = go_version(world, here)? {
            return Ok(Some(pin));
        }
        if let Some(pin) = tool_versions(world, here)? {
            return Ok(Some(pin));
        }
        folder = path::parent(here);
    }
    Ok(None)
}

/// Every pin at `folder` and above it, the nearest first, also those that cannot be followed. The
/// first is what [`nearest_pin`] gives.
pub fn all_pins(world: &dyn World, folder: &[u8]) -> Vec<Result<Pin, PinFileError>> {
    let mut pins = Vec::new();
    let mut folder = Some(folder);
    while let Some(here) = folder {
        pins.extend(go_version(world, here).transpose());
        pins.extend(tool_versions(world, here).transpose());
        folder = path::parent(here);
    }
    pins
}

/// Whether a Go project is here: at `folder` or above it stands a pin, whole or broken, a go.mod or a go.work.
pub fn is_in_one(world: &dyn World, folder: &[u8]) -> bool {
    let mut folder = Some(folder);
    while let Some(here) = folder {
        let is_pinned = |pin: Result<Option<Pin>, PinFileError>| !matches!(pin, Ok(None));
        let stands = |name: &[u8]| match world.read(&path::join(here, name), 0) {
            Ok(_) | Err(ReadError::TooLong) => true,
            Err(ReadError::Missing | ReadError::NotRegular(_) | ReadError::Unreadable(_)) => false,
        };
        if is_pinned(go_version(world, here)) || is_pinned(tool_versions(world, here)) {
            return true;
        }
        if stands(b"go.mod") || stands(b"go.work") {
            return true;
        }
        folder = path::parent(here);
    }
    false
}

fn go_version(world: &dyn World, folder: &[u8]) -> Result<Option<Pin>, PinFileError> {
    let path = path::join(folder, b".go-version");
    let Some(content) = read(world, &path, GO_VERSION_MAX)? else { return Ok(None) };
    match pinfile::go_version(&content) {
        Ok(pin) => Ok(Some(Pin { path, line: pin.line, spec: pin.spec })),
        Err(error) => Err(wrong_content(world, path, &content, error)),
    }
}

fn tool_versions(world: &dyn World, folder: &[u8]) -> Result<Option<Pin>, PinFileError> {
    let path = path::join(folder, b".tool-versions");
    let Some(content) = read(world, &path, TOOL_VERSIONS_MAX)? else { return Ok(None) };
    match pinfile::tool_versions(&content) {
        Ok(Some(pin)) => Ok(Some(Pin { path, line: pin.line, spec: pin.spec })),
        Ok(None) => Ok(None),
        Err(error) => Err(wrong_content(world, path, &content, error)),
    }
}

/// What stands in the file that a link leads to was perhaps never meant for whoever reads the
/// message: a repository can link its pin to a key of the machine that builds it, whose log is
/// public. So nothing of it is shown.
fn wrong_content(
    world: &dyn World,
    path: Vec<u8>,
    content: &[u8],
    mut error: PinError,
) -> PinFileError {
    if is_link(world, &path, content) && !error.shown.is_empty() {
        error.shown = String::from("...");
    }
    PinFileError { path, why: PinFileProblem::Content(error) }
}

/// Whether a link stands at the path of a file that was read. [`World::link`] takes a file for a
/// link where the file system has none; then the target is the file's own first line.
fn is_link(world: &dyn World, path: &[u8], content: &[u8]) -> bool {
    let first = content.split(|byte| *byte == b'\n').next().unwrap_or_default();
    world.link(path).is_some_and(|target| target.trim_ascii() != first.trim_ascii())
}

fn read(world: &dyn World, path: &[u8], limit: usize) -> Result<Option<Vec<u8>>, PinFileError> {
    let why = match world.read(path, limit) {
        Ok(content) => return Ok(Some(content)),
        Err(ReadError::Missing) => return Ok(None),
        Err(ReadError::NotRegular(kind)) => PinFileProblem::NotRegular(kind),
        Err(ReadError::TooLong) => PinFileProblem::TooLong(limit),
        Err(ReadError::Unreadable(number)) => PinFileProblem::Unreadable(number),
    };
    Err(PinFileError { path: path.to_vec(), why })
}

#[cfg(all(test, not(windows)))]
mod tests {
    use super::*;
    use crate::world::memory::Memory;

    fn spec_at(world: &Memory, folder: &str) -> Option<(Vec<u8>, u32)> {
        let pin = nearest_pin(world, folder.as_bytes()).unwrap()?;
        Some((pin.path, pin.line))
    }

    #[test]
    fn the_nearest_file_decides_and_go_version_comes_first() {
        let world = Memory::new("/")
            .file("/src/.go-version", b"1.21\n")
            .file("/src/app/.tool-versions", b"nodejs 20\ngolang 1.22.4\n")
            .file("/src/app/sub/.go-version", b"# ours\n1.20\n")
            .file("/src/app/sub/.tool-versions", b"golang 1.19\n");
        assert_eq!(spec_at(&world, "/src"), Some((b"/src/.go-version".to_vec(), 1)));
        assert_eq!(spec_at(&world, "/src/app/x/y"), Some((b"/src/app/.tool-versions".to_vec(), 2)));
        assert_eq!(
            spec_at(&world, "/src/app/sub"),
            Some((b"/src/app/sub/.go-version".to_vec(), 2))
        );
        assert_eq!(spec_at(&world, "/elsewhere"), None);
    }

    #[test]
    fn a_tool_versions_without_go_does_not_end_the_walk() {
        let world = Memory::new("/")
            .file("/src/.go-version", b"1.21\n")
            .file("/src/app/.tool-versions", b"nodejs 20\n");
        assert_eq!(spec_at(&world, "/src/app"), Some((b"/src/.go-version".to_vec(), 1)));
    }

    #[test]
    fn a_broken_pin_is_an_error_and_never_skipped() {
        let pipe = Memory::new("/")
            .file("/src/.go-version", b"1.21\n")
            .special("/src/app/.go-version", FileKind::Pipe);
        let error = nearest_pin(&pipe, b"/src/app").unwrap_err();
        assert_eq!(error.path, b"/src/app/.go-version");
        assert_eq!(error.why, PinFileProblem::NotRegular(FileKind::Pipe));
        let long = Memory::new("/").file("/.go-version", &[b' '; GO_VERSION_MAX + 1]);
        let error = nearest_pin(&long, b"/").unwrap_err();
        assert_eq!(error.why, PinFileProblem::TooLong(GO_VERSION_MAX));
    }

    #[test]
    fn all_pins_are_found_and_the_nearest_is_the_first() {
        let world = Memory::new("/")
            .file("/.go-version", b"1.20\n")
            .special("/src/.go-version", FileKind::Pipe)
            .file("/src/app/.go-version", b"1.21\n")
            .file("/src/app/.tool-versions", b"golang 1.22.4\n");
        let found = |pin: &Result<Pin, PinFileError>| match pin {
            Ok(pin) => (pin.path.clone(), true),
            Err(error) => (error.path.clone(), false),
        };
        let pins = all_pins(&world, b"/src/app");
        assert_eq!(pins[0], nearest_pin(&world, b"/src/app").transpose().unwrap());
        let pins: Vec<_> = pins.iter().map(found).collect();
        let expected = [
            ("/src/app/.go-version", true),
            ("/src/app/.tool-versions", true),
            ("/src/.go-version", false),
            ("/.go-version", true),
        ];
        assert_eq!(pins, expected.map(|(path, is_fine)| (path.as_bytes().to_vec(), is_fine)));
    }

    #[test]
    fn a_project_is_where_go_or_gvm_would_read_something() {
        let world = Memory::new("/")
            .file("/pin/.go-version", b"1.21\n")
            .file("/broken/.go-version", b"nonsense\n")
            .file("/node/.tool-versions", b"nodejs 20\n")
            .file("/asdf/.tool-versions", b"golang 1.22.4\n")
            .file("/module/go.mod", b"module x\n")
            .file("/many/go.work", b"")
            .special("/odd/go.mod", FileKind::Folder);
        for folder in ["/pin", "/pin/a/b", "/broken", "/asdf", "/module/sub", "/many"] {
            assert!(is_in_one(&world, folder.as_bytes()), "{folder}");
        }
        for folder in ["/", "/node", "/odd", "/elsewhere"] {
            assert!(!is_in_one(&world, folder.as_bytes()), "{folder}");
        }
    }

    #[test]
    fn nothing_is_shown_of_the_file_that_a_link_leads_to() {
        let world = Memory::new("/")
            .file("/key", b"secret\n")
            .link("/a/.go-version", "/key")
            .link("/b/.tool-versions", "../tools")
            .file("/tools", b"golang secret\n")
            .file("/c/.go-version", b"nonsense\n");
        for (folder, shown) in [("/a", "..."), ("/b", "..."), ("/c", "nonsense")] {
            let error = nearest_pin(&world, folder.as_bytes()).unwrap_err();
            let PinFileProblem::Content(error) = error.why else { panic!("{error:?}") };
            assert_eq!((error.line, &*error.shown), (1, shown), "{folder}");
        }
    }
}
