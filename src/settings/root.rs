//! Where ROOT is.

use std::path::{Path, PathBuf};

use gvm_core::layout::Layout;
use gvm_core::path;
use gvm_core::request;
use gvm_core::vars;
use gvm_core::world::World;

use crate::platform;

/// Why ROOT could not be found.
#[derive(Debug, thiserror::Error)]
pub enum NoRoot {
    /// Nothing names one, and there is no home to put it in.
    #[error(
        "no folder for the versions is to be had: {} is not set, and there is no home",
        vars::DIR
    )]
    NoHome,
    /// Of what PATH would take for two folders, the second counts from wherever one stands.
    #[error("{root} holds a `{sign}`, and no PATH can name a folder below it")]
    Separator {
        /// ROOT, as text.
        root: String,
        /// What separates the folders in PATH.
        sign: char,
    },
    /// The variable would name another folder wherever one stands.
    #[error("GVM_DIR={0} is no absolute path")]
    Relative(String),
}

/// What `$GVM_DIR` says; else the root of the first gvm shim on PATH; else the shared root if there is one or we are
/// root; else the user's data folder.
///
/// # Errors
/// [`NoRoot`] when none of them is to be had.
pub fn find(world: &dyn World) -> Result<Layout, NoRoot> {
    let layout = place(world)?;
    if layout.root().contains(&path::LIST_SEPARATOR) {
        let (root, sign) = (request::shown(layout.root(), 4096), char::from(path::LIST_SEPARATOR));
        return Err(NoRoot::Separator { root, sign });
    }
    Ok(layout)
}

fn place(world: &dyn World) -> Result<Layout, NoRoot> {
    if let Some(root) = world.var(vars::DIR).filter(|root| !root.is_empty()) {
        // The shim would look elsewhere, and a project could bring a root of its own.
        if !path::is_absolute(&root) {
            return Err(NoRoot::Relative(request::shown(&root, 80)));
        }
        return Ok(Layout::new(root));
    }
    if let Some(root) = of_first_shims(world) {
        return Ok(Layout::new(root));
    }
    if let Some(shared) = platform_root(world) {
        return Ok(Layout::new(shared));
    }
    let data = if cfg!(windows) { dirs::data_local_dir() } else { dirs::data_dir() };
    let root: PathBuf = data.ok_or(NoRoot::NoHome)?.join("gvm");
    Ok(Layout::new(platform::bytes(&root)))
}

fn of_first_shims(world: &dyn World) -> Option<Vec<u8>> {
    let list = world.var(vars::PATH)?;
    let mut entries = list.split(|byte| *byte == path::LIST_SEPARATOR);
    entries.find_map(|entry| {
        let root = path::parent(entry)?;
        let is_ours = path::is_absolute(entry)
            && path::file_name(entry) == b"shims"
            && is_root(world, root)
            && world.is_program(&Layout::new(root.to_vec()).shim("go"));
        is_ours.then(|| root.to_vec())
    })
}

fn platform_root(world: &dyn World) -> Option<Vec<u8>> {
    let shared = platform::bytes(&platform::default_root()?);
    (is_root(world, &shared) || platform::is_superuser()).then_some(shared)
}

fn is_root(world: &dyn World, folder: &[u8]) -> bool {
    world.read(&Layout::new(folder.to_vec()).format(), 16).is_ok()
}

/// Whether gvm's shims stand on PATH.
pub fn is_on_path(world: &dyn World, layout: &Layout) -> bool {
    let shims = layout.shims();
    let list = world.var(vars::PATH).unwrap_or_default();
    list.split(|byte| *byte == path::LIST_SEPARATOR)
        .any(|entry| path::is_absolute(entry) && (entry == shims || world.same(entry, &shims)))
}

/// ROOT as a path, for messages.
pub fn shown(layout: &Layout) -> &Path {
    platform::path(layout.root())
}

#[cfg(all(test, unix))]
mod tests {
    use gvm_core::world::memory::Memory;

    use super::*;

    #[test]
    fn the_variable_beats_the_shims_on_path() {
        let world = Memory::new("/src")
            .file("/o/format", b"1")
            .program("/o/shims/go")
            .var("PATH", "/bin:/o/shims");
        assert_eq!(find(&world).unwrap().root(), b"/o");
        assert_eq!(find(&world.clone().var("GVM_DIR", "/mine")).unwrap().root(), b"/mine");
        let relative = find(&world.var("GVM_DIR", "rel")).unwrap_err();
        assert_eq!(relative.to_string(), "GVM_DIR=rel is no absolute path");
    }
}
