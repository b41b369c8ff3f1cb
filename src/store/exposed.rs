//! [`Exposed`]: a folder of ROOT's, or above it, that others may write to. Whoever can write there runs code as whoever
//! uses what stands there.

use std::fmt;
use std::path::{Path, PathBuf};

use gvm_core::layout::{self, Layout};

use crate::platform::{self, Others};

/// A folder that others may write to.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Exposed {
    /// The folder.
    pub path: PathBuf,
    /// Who may.
    pub to: Others,
    /// Whether it is ROOT or below, not above it.
    pub is_ours: bool,
}

impl Exposed {
    /// Whether nothing is put there any more: everybody may write to a folder of ROOT's. What lies above it is often
    /// not the user's to change, and a group may be meant.
    pub fn is_refused(&self) -> bool {
        self.is_ours && matches!(self.to, Others::Everybody { .. })
    }
}

impl fmt::Display for Exposed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.display();
        match &self.to {
            Others::Everybody { .. } => write!(f, "everybody may write to {path}")?,
            Others::Group(name) => write!(f, "the group {name} may write to {path}")?,
        }
        f.write_str(", and so run code as whoever uses the Go that stands there")
    }
}

/// The folders of ROOT in which programs and what leads to them stand, and those above it, that others may write to. The
/// gravest first; of what lies above only a folder that everybody may rename ROOT in. None where there is no ROOT.
pub fn find(layout: &Layout) -> Vec<Exposed> {
    let root = platform::path(layout.root());
    let look = |path: &Path, is_ours| {
        let to = platform::others_who_may_write(path).ok()??;
        Some(Exposed { path: path.to_owned(), to, is_ours })
    };
    let mut found: Vec<Exposed> =
        ours(layout, root).iter().filter_map(|it| look(it, true)).collect();
    found.sort_by_key(|exposed| !exposed.is_refused());
    if let Ok(real) = root.canonicalize() {
        let above = real.ancestors().skip(1).filter_map(|folder| look(folder, false));
        found.extend(above.filter(|it| it.to == Others::Everybody { sticky: false }));
    }
    found
}

fn ours(layout: &Layout, root: &Path) -> Vec<PathBuf> {
    let mut folders = vec![root.to_owned()];
    for folder in [layout.shims(), layout.versions(), layout.receipts(), layout.cached_archives()] {
        folders.push(platform::path(&folder).to_owned());
    }
    let entries = std::fs::read_dir(root).into_iter().flatten().flatten();
    let hashes = entries.filter(|entry| layout::is_hash(entry.file_name().as_encoded_bytes()));
    for hash in hashes {
        folders.push(hash.path());
        folders.push(hash.path().join("bin"));
    }
    folders
}
