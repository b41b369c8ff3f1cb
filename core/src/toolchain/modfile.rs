//! Which go.work or go.mod a go command reads before it chooses a toolchain.
//!
//! As `FindGoWork`, `FindGoMod` and what they call in `cmd/go/internal/modload/init.go` of Go 1.27 have it. What the
//! file says is `gomod`'s.

use alloc::vec::Vec;

use crate::path;
use crate::vars;
use crate::world::{FileKind, ReadError, World};

/// A go.mod or go.work may hold so many bytes; the go command is left alone with a longer one.
const LIMIT: usize = 4 * 1024 * 1024;

/// A file that was found.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ModFile {
    /// Where it stands.
    pub path: Vec<u8>,
    /// Whether it is a go.work, or what GOWORK names.
    pub is_work: bool,
    /// What it holds; None when it cannot be read, at which the go command stops.
    pub content: Option<Vec<u8>>,
}

/// The folder where the search begins: `$PWD`, when it names the working directory, else the directory's own name; after
/// `-C` the folder that it leads to. None when the directory is gone.
pub fn start(world: &dyn World, folder: Option<&[u8]>) -> Option<Vec<u8>> {
    let here = world.cwd();
    let here = match folder {
        None => here?,
        Some(b"") => return None,
        Some(folder) if path::is_absolute(folder) => world.real(folder)?,
        Some(folder) => world.real(&path::join(&here?, folder))?,
    };
    match world.var(vars::PWD).filter(|pwd| path::is_absolute(pwd) && !cfg!(windows)) {
        Some(pwd) if pwd == here || world.same(&pwd, &here) => Some(path::clean(&pwd)),
        Some(_) | None => Some(here),
    }
}

/// The go.work at `start` or above it. A search that begins inside `goroot` does not leave it upward.
pub fn go_work(world: &dyn World, start: &[u8], goroot: &[u8]) -> Option<ModFile> {
    let mut folder = start;
    loop {
        if let Some(content) = read(world, &path::join(folder, b"go.work")) {
            return Some(ModFile { path: path::join(folder, b"go.work"), is_work: true, content });
        }
        folder = path::parent(folder)?;
        let may_be_goroot = path::file_name(folder) == path::file_name(goroot);
        if may_be_goroot && world.real(goroot).is_some_and(|goroot| goroot == folder) {
            return None;
        }
    }
}

/// The file that GOWORK names, if it is there.
pub fn named_work(world: &dyn World, path: &[u8]) -> Option<ModFile> {
    let content = match world.read(path, LIMIT) {
        Ok(content) => Some(content),
        Err(ReadError::Missing) => return None,
        Err(_) => None,
    };
    Some(ModFile { path: path.to_vec(), is_work: true, content })
}

/// The go.mod at `start` or above it. One that stands directly in the folder for temporary files counts as none, and
/// those above it too.
pub fn go_mod(world: &dyn World, start: &[u8]) -> Option<ModFile> {
    let mut folder = start;
    loop {
        if let Some(content) = read(world, &path::join(folder, b"go.mod")) {
            let path = path::join(folder, b"go.mod");
            return (!is_temporary(world, folder)).then_some(ModFile {
                path,
                is_work: false,
                content,
            });
        }
        folder = path::parent(folder)?;
    }
}

/// What is there by this name: None when nothing, or a folder.
fn read(world: &dyn World, path: &[u8]) -> Option<Option<Vec<u8>>> {
    match world.read(path, LIMIT) {
        Ok(content) => Some(Some(content)),
        Err(ReadError::Missing | ReadError::NotRegular(FileKind::Folder)) => None,
        Err(_) => Some(None),
    }
}

fn is_temporary(world: &dyn World, folder: &[u8]) -> bool {
    let names: &[&str] = if cfg!(windows) { &["TMP", "TEMP", "USERPROFILE"] } else { &["TMPDIR"] };
    let named = names.iter().find_map(|name| world.var(name).filter(|value| !value.is_empty()));
    let temporary = named.unwrap_or_else(|| b"/tmp".to_vec());
    // By name first, links only then (`search.InDir`): what lies below by its name is not that folder.
    match folder.strip_prefix(temporary.as_slice()) {
        Some([]) => true,
        Some(rest) if path::is_separator(rest[0]) => false,
        Some(_) | None => world.same(&temporary, folder),
    }
}
