//! Every path under ROOT. Nobody else joins a path to it.
//!
//! ```text
//! ROOT/
//! ├── format                  one number: the layout's version
//! ├── c3a05a89/               a GOROOT and nothing else; its presence means complete
//! ├── versions/go1.22.4       link → ../c3a05a89
//! ├── current                 link → c3a05a89, or to a GOROOT elsewhere
//! ├── default                 the SPEC that `use` was given
//! ├── shims/                  go, gofmt, go1.22.4 …: what goes on PATH
//! ├── chooser                 what a shim loads where a plain pin does not settle the question (Linux)
//! ├── command                 link → the gvm that made the shims
//! ├── receipts/c3a05a89.toml  what it is, where it came from, by which proof
//! ├── receipts/c3a05a89.files one line a file: sha256, mode, size, path
//! ├── sumdb/NAME/latest       the newest signed tree head seen
//! ├── cache/                  index, archives, tiles, installed; deletable at any time
//! ├── staging/c3a05a89-RANDOM/  trees in the making, swept when their owner is gone
//! ├── config.toml
//! └── locks/                  one a hash, one a checksum database, and `store`; never deleted
//! ```

use alloc::string::String;
use alloc::vec::Vec;

use crate::path;

/// The layout's version: what stands in ROOT/format.
pub const FORMAT: u32 = 1;

/// The tools that a shim stands for.
pub const TOOLS: [&str; 2] = ["go", "gofmt"];

/// ROOT, and where everything in it stands. All paths are byte strings.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Layout {
    root: Vec<u8>,
}

impl Layout {
    /// A layout below `root`, which is absolute.
    pub fn new(root: Vec<u8>) -> Self {
        Self { root }
    }

    /// ROOT itself: to be created, checked or shown; paths below it come from the other methods.
    pub fn root(&self) -> &[u8] {
        &self.root
    }

    /// The file that holds the layout's version.
    pub fn format(&self) -> Vec<u8> {
        self.at(&["format"])
    }

    /// The GOROOT of the version with this hash.
    pub fn goroot(&self, hash: &str) -> Vec<u8> {
        self.at(&[hash])
    }

    /// The hash of the version that a link of ours leads to: `HASH` or `../HASH` as gvm writes it, or ROOT's own path
    /// before it, as a junction keeps it. None for what lies elsewhere.
    pub fn hash_of_link<'a>(&self, target: &'a [u8]) -> Option<&'a str> {
        let name = path::file_name(target);
        let is_ours = match path::parent(target) {
            None => true,
            Some(folder) => folder == b".." || path::is_same_name(folder, &self.root),
        };
        (is_ours && is_hash(name)).then(|| core::str::from_utf8(name).ok()).flatten()
    }

    /// The folder of links from tags to GOROOTs.
    pub fn versions(&self) -> Vec<u8> {
        self.at(&["versions"])
    }

    /// The link of one tag.
    pub fn version_link(&self, tag: &str) -> Vec<u8> {
        self.at(&["versions", tag])
    }

    /// What a version's link says: `../HASH`.
    pub fn version_link_target(hash: &str) -> Vec<u8> {
        path::join(b"..", hash.as_bytes())
    }

    /// The link to the default version.
    pub fn current(&self) -> Vec<u8> {
        self.at(&["current"])
    }

    /// The file that holds the SPEC that `use` was given.
    pub fn default_spec(&self) -> Vec<u8> {
        self.at(&["default"])
    }

    /// The folder that goes on PATH.
    pub fn shims(&self) -> Vec<u8> {
        self.at(&["shims"])
    }

    /// The shim of one tool.
    pub fn shim(&self, tool: &str) -> Vec<u8> {
        let mut shim = self.at(&["shims", tool]);
        shim.extend_from_slice(path::PROGRAM_SUFFIX);
        shim
    }

    /// The part of the shim that is not on PATH, where it has two.
    pub fn chooser(&self) -> Vec<u8> {
        self.at(&["chooser"])
    }

    /// The link to the gvm that made the shims: what one of them runs when it may install.
    pub fn command(&self) -> Vec<u8> {
        self.at(&["command"])
    }

    /// The list of installed tags, which counts only while `versions` has not changed since.
    pub fn installed_list(&self) -> Vec<u8> {
        self.at(&["cache", "installed"])
    }

    /// The folder of receipts.
    pub fn receipts(&self) -> Vec<u8> {
        self.at(&["receipts"])
    }

    /// The receipt of the version with this hash.
    pub fn receipt(&self, hash: &str) -> Vec<u8> {
        self.at(&["receipts", &(String::from(hash) + ".toml")])
    }

    /// The list of files that belongs to a receipt.
    pub fn receipt_files(&self, hash: &str) -> Vec<u8> {
        self.at(&["receipts", &(String::from(hash) + ".files")])
    }

    /// The newest tree head seen of the checksum database `name`, a host name with an optional path.
    pub fn sumdb_latest(&self, name: &str) -> Vec<u8> {
        self.at(&["sumdb", &flat(name), "latest"])
    }

    /// The folder of checksum databases, one folder each.
    pub fn sumdb(&self) -> Vec<u8> {
        self.at(&["sumdb"])
    }

    /// What may be deleted at any time.
    pub fn cache(&self) -> Vec<u8> {
        self.at(&["cache"])
    }

    /// Archives, whole and broken off.
    pub fn cached_archives(&self) -> Vec<u8> {
        self.at(&["cache", "archives"])
    }

    /// Parsed indexes, a file a source.
    pub fn cached_index(&self, source: &str) -> Vec<u8> {
        self.at(&["cache", "index", &(flat(source) + ".json")])
    }

    /// Full tiles of a checksum database, which never change. `tile` is a tile's path, with slashes.
    pub fn cached_tile(&self, name: &str, tile: &str) -> Vec<u8> {
        let mut path = self.at(&["cache", "sumdb", &flat(name)]);
        for part in tile.split('/') {
            path = path::join(&path, part.as_bytes());
        }
        path
    }

    /// The folder of trees in the making.
    pub fn staging(&self) -> Vec<u8> {
        self.at(&["staging"])
    }

    /// The settings file.
    pub fn config(&self) -> Vec<u8> {
        self.at(&["config.toml"])
    }

    /// The folder of locks.
    pub fn locks(&self) -> Vec<u8> {
        self.at(&["locks"])
    }

    /// The lock of one version: held from before its download until it is published.
    pub fn hash_lock(&self, hash: &str) -> Vec<u8> {
        self.at(&["locks", hash])
    }

    /// The lock of one checksum database's newest tree head.
    pub fn sumdb_lock(&self, name: &str) -> Vec<u8> {
        self.at(&["locks", &(String::from("sumdb-") + &flat(name))])
    }

    /// The lock on ROOT itself, held for moments.
    pub fn store_lock(&self) -> Vec<u8> {
        self.at(&["locks", "store"])
    }

    fn at(&self, parts: &[&str]) -> Vec<u8> {
        parts.iter().fold(self.root.clone(), |path, part| path::join(&path, part.as_bytes()))
    }
}

/// Whether `name` can be the folder of a version: eight lower-case hexadecimal digits.
pub fn is_hash(name: &[u8]) -> bool {
    name.len() == 8 && name.iter().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// A name from outside as one file name: no separators, no leading dot.
fn flat(name: &str) -> String {
    let safe = |c: char| if c.is_ascii_alphanumeric() || c == '.' || c == '-' { c } else { '_' };
    let name: String = name.chars().map(safe).collect();
    if name.starts_with('.') { String::from("_") + &name } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_eight_lower_case_digits() {
        assert!(is_hash(b"c3a05a89"));
        for other in [&b"C3A05A89"[..], b"c3a05a8", b"c3a05a890", b"../5a89", b""] {
            assert!(!is_hash(other));
        }
    }

    #[cfg(not(windows))]
    #[test]
    fn a_link_leads_to_a_version_of_this_root_or_to_none() {
        let layout = Layout::new(b"/r".to_vec());
        for ours in [&b"c3a05a89"[..], b"../c3a05a89", b"/r/c3a05a89"] {
            assert_eq!(layout.hash_of_link(ours), Some("c3a05a89"));
        }
        for other in [&b"/o/c3a05a89"[..], b"../../c3a05a89", b"x/c3a05a89", b"/r/x", b"../etc"] {
            assert_eq!(layout.hash_of_link(other), None);
        }
    }

    #[test]
    fn names_from_outside_cannot_leave_their_folder() {
        assert_eq!(flat("../../etc"), "_.._.._etc");
        assert_eq!(flat("sum.golang.org"), "sum.golang.org");
        assert_eq!(flat("https://a/b"), "https___a_b");
    }
}
