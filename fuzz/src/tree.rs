//! What must hold of a tree that gvm took out of an archive, checked on the disk; and what another reader's entries
//! make of it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use gvm::unpack::{LIMITS, Shape, Staged};
use gvm_core::module;
use sha2::{Digest, Sha256};

/// The files of a tree by path, with their content.
pub type Files = BTreeMap<String, Vec<u8>>;

/// The shapes by number, with the folder that holds everything.
pub fn shape(number: u8) -> (Shape, String) {
    let version = String::from("v0.0.1-go1.22.4.linux-amd64");
    match number % 3 {
        0 => (Shape::Archive { covered_only: false }, String::from("go")),
        1 => (Shape::Archive { covered_only: true }, String::from("go")),
        _ => {
            let top = format!("{}@{version}", module::PATH);
            (Shape::Module { version }, top)
        }
    }
}

/// Panics unless `staged` is sound and the disk holds it and nothing else. Answers its files.
pub fn check(staged: &Staged) -> Files {
    let mut found = Files::new();
    let mut folders = BTreeSet::new();
    walk(staged.root(), "", &mut found, &mut folders);
    let paths: Vec<&str> = staged.files().iter().map(|file| &*file.path).collect();
    assert!(paths.is_sorted_by(|a, b| a < b), "each file once, in order");
    assert_eq!(paths, found.keys().map(|path| &**path).collect::<Vec<_>>(), "listed and on disk");
    let folded = paths.iter().copied().chain(folders.iter().map(|folder| &**folder));
    let folded: Vec<String> = folded.map(|path| path.to_lowercase().replace('ß', "ss")).collect();
    assert_eq!(folded.iter().collect::<BTreeSet<_>>().len(), folded.len(), "{folded:?}");
    assert!(folded.len() <= LIMITS.entries && !paths.is_empty());
    assert!(folders.len() <= LIMITS.folders);
    for file in staged.files() {
        check_path(&file.path);
        let content = &found[&file.path];
        assert_eq!(file.size, content.len() as u64);
        assert_eq!(file.sha256[..], Sha256::digest(content)[..]);
        assert_eq!(file.executable, module::is_executable(&file.path));
    }
    let total: u64 = staged.files().iter().map(|file| file.size).sum();
    assert!(total <= LIMITS.unpacked);
    found
}

/// A name that no system reads otherwise than as elements below a folder.
fn check_path(path: &str) {
    assert!(path.len() <= LIMITS.path);
    for element in path.split('/') {
        assert!(!element.is_empty() && !element.chars().all(|c| c == '.'), "{path:?}");
        assert!(!element.ends_with([' ', '.']), "{path:?}");
        let odd = |c: char| c.is_control() || c == '\u{7f}' || "\\:*?\"<>|".contains(c);
        assert!(!element.contains(odd), "{path:?}");
    }
}

fn walk(folder: &Path, below: &str, files: &mut Files, folders: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).expect("it is there").flatten() {
        let name = entry.file_name().into_string().expect("names are text");
        let path = if below.is_empty() { name } else { format!("{below}/{name}") };
        let kind = entry.file_type().expect("it has a kind");
        if kind.is_dir() {
            walk(&entry.path(), &path, files, folders);
            folders.insert(path);
        } else {
            assert!(kind.is_file(), "{path}: neither a file nor a folder");
            files.insert(path, fs::read(entry.path()).expect("it can be read"));
        }
    }
}

/// What another reader's files are to gvm: entries by the name in the archive and content. Panics when two have one
/// name, or one stands outside `top`.
pub fn as_gvm_has_it(entries: Vec<(String, Vec<u8>)>, shape: &Shape, top: &str) -> Files {
    let mut files = Files::new();
    for (name, content) in entries {
        let below = name.strip_prefix(top).and_then(|below| below.strip_prefix('/'));
        let below = below.unwrap_or_else(|| panic!("{name:?} is not in {top:?}"));
        let path = match shape {
            Shape::Module { .. } => module::path_in_goroot(below).expect("no go.mod"),
            Shape::Archive { covered_only: true } if !module::covers(below) => continue,
            Shape::Archive { .. } => below.to_owned(),
        };
        assert!(files.insert(path, content).is_none(), "{name:?} stands twice");
    }
    files
}

#[cfg(test)]
mod tests {
    use gvm::report::Silent;
    use gvm::unpack::unpack;

    use super::*;
    use crate::input::Input;
    use crate::scratch::Scratch;
    use crate::{tarred, zipped};

    #[test]
    fn seeds_are_archives_of_which_gvm_takes_the_honest() {
        let honest = ["shape-0", "shape-1", "shape-2", "folders", "covered"];
        let honest_zips = ["latin", "extra", "zip64", "zip64-sizes"];
        let honest_tars = ["pax", "pax-mtime", "long-name", "gnu"];
        let odd = ["climbs", "absolute", "twice", "case", "sharp", "cut"];
        let odd_zips = ["extra-odd", "file-and-folder", "mode", "spoiled"];
        let odd_tars = ["pax-size", "pax-path", "global", "link", "device", "spoiled-sum"];
        for (kind, taken, refused) in
            [("zip", &honest_zips[..], &odd_zips[..]), ("tar", &honest_tars, &odd_tars)]
        {
            let taken = honest.iter().chain(taken).map(|seed| (seed, true));
            let refused = odd.iter().chain(refused).map(|seed| (seed, false));
            for (seed, expected) in taken.chain(refused) {
                assert_eq!(is_taken(kind, seed), expected, "{kind}/{seed}");
            }
        }
    }

    fn is_taken(kind: &str, seed: &str) -> bool {
        let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds");
        let seed = fs::read(seeds.join(kind).join(seed)).unwrap();
        let mut input = Input(&seed);
        let (shape, top) = shape(input.byte());
        let archive = match kind {
            "zip" => zipped::from_input(&mut input, &top),
            _ => tarred::from_input(&mut input, &top).0,
        };
        let scratch = Scratch::default();
        let archive = scratch.archive(&archive);
        let unpacked = unpack(archive, kind, &shape, &scratch.empty(), None, &Silent);
        unpacked.is_ok_and(|staged| !check(&staged).is_empty())
    }
}
