//! What a crash left behind, put in order: staging of dead owners, receipts without a tree, links that are missing or
//! lead nowhere.

use std::fs;
use std::path::Path;

use gvm_core::layout::{self, Layout};

use super::{HashLock, StoreError, WriteLock, at, installed, publish, remove, replace};
use crate::{atomic, fetch, platform};

/// Puts ROOT in order. Trees of processes that still live are left alone.
///
/// # Errors
/// When ROOT cannot be listed, or a link cannot be mended. Litter that cannot be removed stays.
pub fn sweep(_lock: &WriteLock, layout: &Layout) -> Result<(), StoreError> {
    sweep_staging(layout)?;
    sweep_half_written(layout)?;
    sweep_receipts(layout)?;
    // A part is made before its mark and goes before it: one without a part is of no use to whoever fetches now.
    fetch::sweep(platform::path(&layout.cached_archives()));
    mend_links(layout)
}

fn sweep_staging(layout: &Layout) -> Result<(), StoreError> {
    let staging = layout.staging();
    for (name, path) in entries(platform::path(&staging))? {
        let hash = name.split('-').next().unwrap_or_default();
        // A name of another form was not made by any gvm that holds a lock.
        let lock = layout::is_hash(hash.as_bytes()).then(|| HashLock::try_acquire(layout, hash));
        match lock {
            Some(None) => {}
            Some(Some(_lock)) => finish(layout, hash, &path)?,
            None => drop(fs::remove_dir_all(&path)),
        }
    }
    Ok(())
}

/// Puts away the staging of earlier owners of this lock, which are dead.
///
/// # Errors
/// When the removal of this version that one of them began cannot be finished.
pub(super) fn sweep_version(layout: &Layout, lock: &HashLock) -> Result<(), StoreError> {
    let staging = layout.staging();
    for (name, path) in entries(platform::path(&staging))? {
        if name.split('-').next() == Some(lock.hash()) {
            remove::finish(layout, lock.hash(), &path)?;
            finish(layout, lock.hash(), &path)?;
        }
    }
    Ok(())
}

/// Finishes what a dead owner's staging folder tells of, and removes it. What cannot be finished now stays.
fn finish(layout: &Layout, hash: &str, folder: &Path) -> Result<(), StoreError> {
    let is_settled = replace::finish(layout, hash, folder)?;
    if is_settled && remove::finish(layout, hash, folder).is_ok() {
        let _ = fs::remove_dir_all(folder);
    }
    Ok(())
}

/// Files and links in the making, in folders that nobody writes to without the lock.
fn sweep_half_written(layout: &Layout) -> Result<(), StoreError> {
    let root = layout.root().to_vec();
    for folder in [root, layout.receipts(), layout.versions(), layout.shims()] {
        for (name, path) in entries(platform::path(&folder))? {
            if atomic::is_temporary(&name) {
                // A junction begins as an empty folder.
                let _ = platform::remove_link(&path).or_else(|_| fs::remove_dir(&path));
            }
        }
    }
    sweep_shared(platform::path(&layout.cache()));
    sweep_shared(platform::path(&layout.sumdb()));
    Ok(())
}

/// Files in the making, in folders that others write to without the lock.
fn sweep_shared(folder: &Path) {
    atomic::sweep(folder);
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        // Archives are written under their own names, and may be many.
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        if is_folder && entry.file_name() != "archives" {
            sweep_shared(&entry.path());
        }
    }
}

/// A receipt is written just before its tree appears.
fn sweep_receipts(layout: &Layout) -> Result<(), StoreError> {
    let receipts = layout.receipts();
    for (name, path) in entries(platform::path(&receipts))? {
        let hash = name.split('.').next().unwrap_or_default();
        let is_temporary = !layout::is_hash(hash.as_bytes());
        if !is_temporary
            && !remove::stands(layout, hash)
            && HashLock::try_acquire(layout, hash).is_some()
        {
            let _ = fs::remove_file(&path);
        }
    }
    Ok(())
}

fn mend_links(layout: &Layout) -> Result<(), StoreError> {
    let installs = installed::all(layout)?;
    for install in &installs {
        publish::link(layout, install)?;
    }
    let versions = layout.versions();
    for (name, path) in entries(platform::path(&versions))? {
        let target = platform::read_link(&path).unwrap_or_default();
        let is_dangling = match layout.hash_of_link(&target) {
            Some(hash) => !remove::stands(layout, hash),
            // Not of gvm's making: only a link that leads nowhere goes.
            None => fs::symlink_metadata(&path).is_ok_and(|it| it.is_symlink()) && !path.exists(),
        };
        // Two tags may have one hash, by design of whoever chose the second.
        let is_of_another = installs.iter().any(|install| {
            layout.hash_of_link(&target) == Some(&install.hash) && install.receipt.tag != name
        });
        if is_dangling || is_of_another {
            let _ = platform::remove_link(&path);
        }
    }
    Ok(())
}

fn entries(folder: &Path) -> Result<Vec<(String, std::path::PathBuf)>, StoreError> {
    let list = fs::read_dir(folder).map_err(at("list", folder))?;
    let named =
        |entry: fs::DirEntry| (entry.file_name().to_string_lossy().into_owned(), entry.path());
    Ok(list.flatten().map(named).collect())
}
