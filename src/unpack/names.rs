//! The names of one archive against each other: no file twice, none that differ only in case, no
//! file that is also a folder. Says which folders are new on the way. What a single name may look
//! like is not here: `entry` knows.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::entry::Unsafe;

/// All paths seen so far, below GOROOT.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// By folded path, so that `Src` meets `src`.
    seen: HashMap<String, Seen>,
    folders: usize,
    /// The folder of the path added last: most archives name a folder's files together.
    last: String,
}

#[derive(Debug)]
struct Seen {
    path: String,
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    File,
    Folder,
}

impl Names {
    /// Takes up the file at `path`. Answers the folders above it that are new, outermost first.
    pub(super) fn add_file(&mut self, path: &str) -> Result<Vec<String>, Unsafe> {
        let new = match path.rsplit_once('/') {
            Some((folder, _)) => self.add_folder(folder)?,
            None => Vec::new(),
        };
        if !self.add(path, Kind::File)? {
            return Err(Unsafe::Duplicate);
        }
        Ok(new)
    }

    /// Takes up the folder at `path`. Answers it and the folders above it as far as they are new,
    /// outermost first.
    pub(super) fn add_folder(&mut self, path: &str) -> Result<Vec<String>, Unsafe> {
        if path == self.last {
            return Ok(Vec::new());
        }
        let mut new = Vec::new();
        let ends = path.match_indices('/').map(|(at, _)| at).chain([path.len()]);
        for folder in ends.map(|end| &path[..end]) {
            if self.add(folder, Kind::Folder)? {
                new.push(String::from(folder));
            }
        }
        path.clone_into(&mut self.last);
        Ok(new)
    }

    /// How many files and folders there are.
    pub(super) fn len(&self) -> usize {
        self.seen.len()
    }

    /// How many of them are folders.
    pub(super) fn folders(&self) -> usize {
        self.folders
    }

    /// Whether `path` is new, once it is known to disturb nothing that is there.
    fn add(&mut self, path: &str, kind: Kind) -> Result<bool, Unsafe> {
        match self.seen.entry(folded(path)) {
            Entry::Vacant(slot) => {
                self.folders += usize::from(kind == Kind::Folder);
                slot.insert(Seen { path: String::from(path), kind });
                Ok(true)
            }
            Entry::Occupied(slot) if slot.get().path != path => {
                Err(Unsafe::Case(slot.get().path.clone()))
            }
            Entry::Occupied(slot) if slot.get().kind != kind => {
                Err(Unsafe::FileAndFolder(String::from(path)))
            }
            Entry::Occupied(_) => Ok(false),
        }
    }
}

/// One spelling for all that a file system may take for the same. For the characters that `entry`
/// allows, Unicode's lower case is that, but for `ß`: full case folding, which APFS and ext4 with
/// `casefold` do, makes `ss` of it.
fn folded(path: &str) -> String {
    if path.is_ascii() {
        return path.to_ascii_lowercase();
    }
    path.to_lowercase().replace('ß', "ss")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(paths: &[&str]) -> Result<Vec<String>, Unsafe> {
        let mut names = Names::default();
        let mut folders = Vec::new();
        for path in paths {
            folders.extend(names.add_file(path)?);
        }
        Ok(folders)
    }

    #[test]
    fn folders_are_told_once_and_from_the_outside() {
        let folders =
            files(&["src/cmd/go/main.go", "src/cmd/go/x.go", "VERSION", "src/y", "bin/go"]);
        assert_eq!(folders.unwrap(), ["src", "src/cmd", "src/cmd/go", "bin"]);
    }

    #[test]
    fn what_would_meet_on_some_file_system_is_refused() {
        let case = |path: &str| Unsafe::Case(String::from(path));
        let both = |path: &str| Unsafe::FileAndFolder(String::from(path));
        let rules: [(&[&str], Unsafe); 10] = [
            (&["a", "a"], Unsafe::Duplicate),
            (&["a/b", "c", "a/b"], Unsafe::Duplicate),
            (&["a/b", "a/B"], case("a/b")),
            (&["src/a", "Src/b"], case("src")),
            (&["Þa", "þA"], case("Þa")),
            (&["straße", "STRASSE"], case("straße")),
            (&["ss/a", "ß/b"], case("ss")),
            (&["a", "a/b"], both("a")),
            (&["a/b", "a"], both("a")),
            (&["a/b/c", "a/B"], case("a/b")),
        ];
        for (paths, rule) in rules {
            assert_eq!(files(paths), Err(rule), "{paths:?}");
        }
    }

    #[test]
    fn a_folder_may_be_named_and_used_in_any_order() {
        let mut names = Names::default();
        assert_eq!(names.add_file("a/b").unwrap(), ["a"]);
        assert_eq!(names.add_folder("a").unwrap(), Vec::<String>::new());
        assert_eq!(names.add_folder("a/c/d").unwrap(), ["a/c", "a/c/d"]);
        assert_eq!(names.add_folder("a/b"), Err(Unsafe::FileAndFolder(String::from("a/b"))));
        assert_eq!((names.len(), names.folders()), (4, 3));
    }
}
