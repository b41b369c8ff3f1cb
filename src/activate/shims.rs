//! The shims on PATH: copies of one small program that is built beside gvm and embedded in it. `go` and `gofmt` choose;
//! `go1.22.4` is that version and no other, so that a go command that looks for it on PATH finds it there.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use gvm_core::layout::{Layout, TOOLS};
use gvm_core::path::PROGRAM_SUFFIX;
use gvm_core::tag::Tag;
use gvm_core::version::Version;

use crate::atomic;
use crate::checkpoint;
use crate::platform;
use crate::store::{StoreError, WriteLock, at};

/// The program. `build.rs` builds it for the same target as gvm.
const SHIM: &[u8] = include_bytes!(env!("GVM_SHIM_PATH"));
/// What it loads where a plain pin does not settle the question; empty where it is all in one.
const CHOOSER: &[u8] = include_bytes!(env!("GVM_CHOOSER_PATH"));

/// Brings the shims in step with the installed versions: writes those that are missing or another gvm's, and removes those
/// of versions that are gone. Each is replaced in one step; one that runs goes on running.
///
/// # Errors
/// When one cannot be written or removed.
pub fn refresh(layout: &Layout, _lock: &WriteLock, tags: &[Tag]) -> Result<(), StoreError> {
    let own = tags.iter().filter(|tag| !tag.is_foreign());
    let named: BTreeSet<String> = own.map(|tag| tag.version().tag()).collect();
    // Any shim works with any chooser, and none without one.
    if !CHOOSER.is_empty() {
        put(&layout.chooser(), CHOOSER)?;
        checkpoint::reach("shims.chooser-written");
    }
    for name in TOOLS.into_iter().chain(named.iter().map(String::as_str)) {
        put(&layout.shim(name), SHIM)?;
        checkpoint::reach("shims.one-written");
    }
    let folder = layout.shims();
    let folder = platform::path(&folder);
    for entry in fs::read_dir(folder).map_err(at("list", folder))?.flatten() {
        let name = entry.file_name();
        let is_stale =
            version_of(Path::new(&name)).is_some_and(|version| !named.contains(&version));
        if is_stale {
            platform::remove_program(&entry.path()).map_err(at("remove", &entry.path()))?;
            checkpoint::reach("shims.stale-removed");
        }
    }
    Ok(())
}

/// Whether the shims stand there, that of this version too. Whose they are is not asked.
pub fn are_there(layout: &Layout, version: Option<&Version>) -> bool {
    let named = version.map(Version::tag);
    let names = TOOLS.into_iter().chain(named.as_deref());
    let is_file = |path: Vec<u8>| platform::path(&path).is_file();
    (CHOOSER.is_empty() || is_file(layout.chooser()))
        && names.map(|name| layout.shim(name)).all(is_file)
}

/// The shims, and what they load, that are missing or not of this gvm.
pub fn stale<'a>(layout: &Layout, versions: impl Iterator<Item = &'a Version>) -> Vec<Vec<u8>> {
    let named = versions.map(Version::tag);
    let names = TOOLS.into_iter().map(str::to_owned).chain(named);
    let mut wanted: Vec<(Vec<u8>, &[u8])> = names.map(|name| (layout.shim(&name), SHIM)).collect();
    if !CHOOSER.is_empty() {
        wanted.push((layout.chooser(), CHOOSER));
    }
    let is_stale = |path: &[u8], program: &[u8]| {
        !platform::read(platform::path(path)).is_ok_and(|content| content == program)
    };
    let stale = wanted.into_iter().filter(|(path, program)| is_stale(path, program));
    stale.map(|(path, _)| path).collect()
}

fn put(path: &[u8], program: &[u8]) -> Result<(), StoreError> {
    let path = platform::path(path);
    if !platform::read(path).is_ok_and(|content| content == program) {
        atomic::write_program(path, program)?;
    }
    Ok(())
}

/// Takes the shim of one version away, before the version itself goes: a go command that finds a name on PATH insists on
/// it.
///
/// # Errors
/// When the system refuses.
pub fn withdraw(layout: &Layout, _lock: &WriteLock, version: &Version) -> Result<(), StoreError> {
    let path = layout.shim(&version.tag());
    let path = platform::path(&path);
    match platform::remove_program(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(at("remove", path)(error))
        }
        Ok(()) | Err(_) => {
            checkpoint::reach("shims.withdrawn");
            Ok(())
        }
    }
}

/// The tag of the version that a file among the shims stands for.
fn version_of(name: &Path) -> Option<String> {
    let name = name.to_str()?;
    let name = name.strip_suffix(std::str::from_utf8(PROGRAM_SUFFIX).ok()?)?;
    Version::from_tag(name).ok().map(|_| name.to_owned())
}
