//! ROOT made ready for changes: created, or checked to be ours, of a known layout, and nobody else's.

use std::fs;
use std::io;
use std::path::Path;

use gvm_core::layout::{FORMAT, Layout};

use super::{StoreError, Waiting, WriteLock, at, exposed};
use crate::{atomic, checkpoint, platform};

/// Creates ROOT, or makes sure that it is a gvm root of this user's.
///
/// # Errors
/// When it belongs to somebody else, when something else stands there, when a newer gvm made it, or when the system
/// refuses. Never a silent second root.
pub fn prepare(layout: &Layout, waiting: Waiting<'_>) -> Result<(), StoreError> {
    let root = platform::path(layout.root());
    match fs::metadata(root) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            create(root)?;
            checkpoint::reach("root.created");
        }
        Err(error) => return Err(at("open", root)(error)),
        Ok(metadata) if !metadata.is_dir() => {
            return Err(StoreError::InTheWay {
                root: root.to_owned(),
                what: "not a folder".into(),
            });
        }
        Ok(_) => check(layout, root)?,
    }
    for folder in [
        layout.locks(),
        layout.versions(),
        layout.shims(),
        layout.receipts(),
        layout.staging(),
        layout.cached_archives(),
    ] {
        let folder = platform::path(&folder);
        fs::create_dir_all(folder).map_err(at("create", folder))?;
        checkpoint::reach("root.folder-made");
    }
    let format = layout.format();
    let format = platform::path(&format);
    if !format.exists() {
        // Under the lock: whoever sweeps may take a half-written file for litter.
        let _lock = WriteLock::acquire(layout, waiting)?;
        atomic::write(format, format!("{FORMAT}\n").as_bytes())?;
        checkpoint::reach("root.format-written");
    }
    Ok(())
}

/// Checks, without changing anything, that ROOT is of a layout that this gvm knows. A root that is not there is fine.
///
/// # Errors
/// When a newer gvm made it.
pub fn check_format(layout: &Layout) -> Result<(), StoreError> {
    let Ok(found) = platform::read_text(platform::path(&layout.format())) else { return Ok(()) };
    let found = found.trim();
    match found.parse::<u32>() {
        Ok(number) if number <= FORMAT => Ok(()),
        Ok(_) | Err(_) => Err(StoreError::NewerFormat {
            root: platform::path(layout.root()).to_owned(),
            found: found.chars().take(16).collect(),
            known: FORMAT,
        }),
    }
}

fn create(root: &Path) -> Result<(), StoreError> {
    fs::create_dir_all(root).map_err(at("create", root))
}

fn check(layout: &Layout, root: &Path) -> Result<(), StoreError> {
    if !platform::path(&layout.format()).exists()
        && let Some(what) = stranger(root)?
    {
        return Err(StoreError::InTheWay { root: root.to_owned(), what });
    }
    let owner = platform::owner(root).map_err(at("open", root))?;
    if !owner.is_us {
        return Err(StoreError::Foreign { root: root.to_owned(), owner: owner.name });
    }
    check_format(layout)?;
    match exposed::find(layout).into_iter().find(exposed::Exposed::is_refused) {
        Some(exposed) => Err(StoreError::Exposed(exposed)),
        None => Ok(()),
    }
}

/// What a folder without our mark is, unless it is empty or a root whose making was cut off.
fn stranger(root: &Path) -> Result<Option<String>, StoreError> {
    let mut names = Vec::new();
    for entry in fs::read_dir(root).map_err(at("list", root))? {
        names.push(entry.map_err(at("list", root))?.file_name().to_string_lossy().into_owned());
    }
    let has = |name: &str| names.iter().any(|other| other == name);
    if has("gos") || has("pkgsets") && has("scripts") {
        return Ok(Some("the root of moovweb's gvm, another program".into()));
    }
    let ours = ["locks", "versions", "shims", "receipts", "staging", "cache", "config.toml"];
    if has("versions") && has_dotted_versions(&root.join("versions")) {
        return Ok(Some("the root of andrewkroh's gvm, another program".into()));
    }
    let is_ours = |name: &str| ours.contains(&name) || atomic::is_temporary(name);
    let other = names.iter().find(|name| !is_ours(name));
    Ok(other.map(|name| format!("no gvm root: it is not empty (it holds {name:?})")))
}

/// andrewkroh's gvm names its folders `go1.22.4.linux.amd64`.
fn has_dotted_versions(versions: &Path) -> bool {
    fs::read_dir(versions).into_iter().flatten().flatten().any(|entry| {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let mut ends = name.rsplit('.');
        let is_arch = ends.next().is_some_and(|arch| ["amd64", "arm64", "386"].contains(&arch));
        let is_os = ends.next().is_some_and(|os| ["linux", "darwin", "windows"].contains(&os));
        name.starts_with("go1") && is_arch && is_os
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::report::Silent;

    const AT_ONCE: Waiting<'static> = Waiting { report: &Silent, limit: Some(Duration::ZERO) };

    fn layout_in(folder: &Path) -> Layout {
        Layout::new(platform::bytes(folder))
    }

    #[test]
    fn an_empty_or_half_made_folder_becomes_a_root() {
        let folder = tempfile::tempdir().unwrap();
        let layout = layout_in(folder.path());
        fs::create_dir(folder.path().join("locks")).unwrap();
        prepare(&layout, AT_ONCE).unwrap();
        assert_eq!(fs::read_to_string(folder.path().join("format")).unwrap(), "1\n");
        prepare(&layout, AT_ONCE).unwrap();
    }

    #[test]
    fn what_is_not_ours_is_named_and_left_alone() {
        let table = [
            ("gos/x", "moovweb"),
            ("versions/go1.22.4.linux.amd64/x", "andrewkroh"),
            ("my-thesis/x", "my-thesis"),
        ];
        for (path, named) in table {
            let folder = tempfile::tempdir().unwrap();
            fs::create_dir_all(folder.path().join(path)).unwrap();
            let error = prepare(&layout_in(folder.path()), AT_ONCE).unwrap_err().to_string();
            assert!(error.contains(named), "{error}");
            assert!(!folder.path().join("format").exists());
        }
    }

    #[test]
    fn a_newer_layout_and_a_file_in_the_way_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("format"), "2\n").unwrap();
        let error = prepare(&layout_in(folder.path()), AT_ONCE).unwrap_err();
        assert!(matches!(error, StoreError::NewerFormat { .. }), "{error}");
        let file = folder.path().join("format");
        let error = prepare(&layout_in(&file), AT_ONCE).unwrap_err();
        assert!(error.to_string().ends_with("is not a folder"), "{error}");
    }
}
