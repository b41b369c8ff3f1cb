//! Staging: private folders on ROOT's own file system in which trees are made. A folder's name begins with the hash of
//! its version, so that whoever finds one can tell by that version's lock whether its owner still lives.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use gvm_core::layout::Layout;

use super::{HashLock, StoreError, at};
use crate::checkpoint;
use crate::platform;

/// A folder to make a tree in; removed with all in it when dropped.
#[derive(Debug)]
pub struct Staging {
    folder: PathBuf,
    tree: PathBuf,
    live: Live,
}

impl Staging {
    /// A new one for the version whose lock is held.
    ///
    /// # Errors
    /// The system's.
    pub fn create(layout: &Layout, lock: &HashLock, live: &Live) -> Result<Self, StoreError> {
        let staging = layout.staging();
        let name = format!("{}-{:016x}", lock.hash(), fastrand::u64(..));
        let folder = platform::path(&staging).join(name);
        live.add(&folder);
        platform::make_private_folder(&folder).map_err(at("create", &folder))?;
        checkpoint::reach("staging.folder-made");
        let tree = folder.join("tree");
        let made = Self { folder, tree, live: live.clone() };
        fs::create_dir(&made.tree).map_err(at("create", &made.tree))?;
        checkpoint::reach("staging.tree-made");
        Ok(made)
    }

    /// The folder in which the tree stands, for what belongs to it.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// From here on what this folder tells of must be finished, not taken back: an interrupt leaves it to whoever
    /// sweeps next.
    ///
    /// # Errors
    /// When the interrupt has come already: the folder is being removed.
    pub(super) fn keep(&self) -> Result<(), StoreError> {
        if self.live.keep(&self.folder) {
            return Ok(());
        }
        Err(at("use", &self.folder)(io::ErrorKind::Interrupted.into()))
    }

    /// The folder that becomes a GOROOT.
    pub fn tree(&self) -> &Path {
        &self.tree
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        // What cannot be removed now is swept by the next command.
        let _ = fs::remove_dir_all(&self.folder);
        self.live.remove(&self.folder);
    }
}

/// The staging folders of this process, for whoever must leave in a hurry.
#[derive(Clone, Debug, Default)]
pub struct Live {
    folders: Arc<Mutex<Vec<PathBuf>>>,
    abandoned: Arc<AtomicBool>,
}

impl Live {
    /// Removes them all, while other threads may still be writing into them: each is renamed first, so that nothing new
    /// can be made below its name.
    pub fn abandon(&self) {
        let folders = {
            let folders = self.folders.lock().unwrap_or_else(PoisonError::into_inner);
            self.abandoned.store(true, Ordering::SeqCst);
            folders.clone()
        };
        for folder in folders {
            let gone = folder.with_extension("gone");
            let gone = if fs::rename(&folder, &gone).is_ok() { gone } else { folder };
            // Files that were open at that moment may be added once more.
            for _ in 0..3 {
                if fs::remove_dir_all(&gone).is_ok() {
                    break;
                }
            }
        }
    }

    /// Whether that has begun. What fails from then on fails because its folder is gone.
    pub fn is_abandoned(&self) -> bool {
        self.abandoned.load(Ordering::SeqCst)
    }

    /// Takes the folder out of those that an interrupt removes. False when it is too late.
    fn keep(&self, folder: &Path) -> bool {
        let mut folders = self.folders.lock().unwrap_or_else(PoisonError::into_inner);
        folders.retain(|other| other != folder);
        !self.is_abandoned()
    }

    fn add(&self, folder: &Path) {
        self.folders.lock().unwrap_or_else(PoisonError::into_inner).push(folder.to_owned());
    }

    fn remove(&self, folder: &Path) {
        self.folders.lock().unwrap_or_else(PoisonError::into_inner).retain(|other| other != folder);
    }
}
