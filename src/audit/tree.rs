//! A version's tree looked through for what could do more than a Go that was just installed: rights, owners, links, and
//! what was not installed. Contents are not compared: `gvm verify` does that.

use std::ffi::OsStr;
use std::fs::{self, DirEntry, FileType};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::{Danger, Finding};
use crate::inspect::shown;
use crate::platform::{self, Rights};
use crate::unpack::TreeFile;

/// What came of it.
#[derive(Debug, Default)]
pub struct Audited {
    /// The files and links that were looked at.
    pub files: usize,
    /// The folders that were looked at.
    pub folders: usize,
    /// What was found, by path.
    pub findings: Vec<Finding>,
}

/// Looks through the tree at `root`, against the list of what was installed, if there is one, sorted by path. Everything
/// should belong to the owner of `beside`.
///
/// # Errors
/// When a folder cannot be listed or something cannot be asked about: with its path.
pub fn tree(
    root: &Path,
    listed: Option<&[TreeFile]>,
    beside: &Path,
) -> Result<Audited, (PathBuf, io::Error)> {
    let real = root.canonicalize().map_err(|error| (root.to_owned(), error))?;
    let own = platform::rights(beside).map_err(|error| (beside.to_owned(), error))?;
    let owner = owner(beside);
    let mut walk = Walk { root: real, listed, own, owner, audited: Audited::default() };
    walk.look_at(&walk.root.clone(), ".")?;
    walk.folder(&walk.root.clone(), "")?;
    let mut audited = walk.audited;
    audited.folders += 1;
    audited.findings.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(audited)
}

struct Walk<'a> {
    root: PathBuf,
    listed: Option<&'a [TreeFile]>,
    own: Rights,
    owner: String,
    audited: Audited,
}

impl Walk<'_> {
    fn folder(&mut self, folder: &Path, name: &str) -> Result<(), (PathBuf, io::Error)> {
        let failed = |error| (folder.to_owned(), error);
        for entry in fs::read_dir(folder).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let path = entry.path();
            let kind = entry.file_type().map_err(|error| (path.clone(), error))?;
            let own = shown(entry.file_name().as_encoded_bytes());
            let name = if name.is_empty() { own } else { format!("{name}/{own}") };
            if kind.is_dir() {
                self.audited.folders += 1;
                self.look_at(&path, &name)?;
                self.folder(&path, &name)?;
            } else {
                self.audited.files += 1;
                self.entry(&entry, kind, name)?;
            }
        }
        Ok(())
    }

    fn entry(
        &mut self,
        entry: &DirEntry,
        kind: FileType,
        name: String,
    ) -> Result<(), (PathBuf, io::Error)> {
        let path = entry.path();
        if kind.is_symlink() {
            let danger = self.link(&path);
            self.found(name, danger);
            return Ok(());
        }
        if !kind.is_file() {
            self.found(name, Danger::Device);
            return Ok(());
        }
        let rights = self.look_at(&path, &name)?;
        let Some(listed) = self.listed else { return Ok(()) };
        let place = listed.binary_search_by(|file| file.path.as_str().cmp(&name));
        match place.map(|place| &listed[place]) {
            Ok(file) if rights.is_executable && !file.executable => {
                self.found(name, Danger::ExecuteBit);
            }
            Ok(_) => {}
            Err(_) if rights.is_executable || is_program(&path) => {
                self.found(name, Danger::Program);
            }
            Err(_) => self.found(name, Danger::Added),
        }
        Ok(())
    }

    /// What the rights of a file or folder allow, whatever it is.
    fn look_at(&mut self, path: &Path, name: &str) -> Result<Rights, (PathBuf, io::Error)> {
        let rights = platform::rights(path).map_err(|error| (path.to_owned(), error))?;
        if rights.is_setuid {
            self.found(name.to_owned(), Danger::Setuid { owner: owner(path) });
        }
        if rights.is_setgid {
            self.found(name.to_owned(), Danger::Setgid);
        }
        if rights.has_capabilities {
            self.found(name.to_owned(), Danger::Capabilities);
        }
        if let Some(by) = rights.others.clone() {
            self.found(name.to_owned(), Danger::Writable { by });
        }
        if rights.owner != self.own.owner {
            let (owner, expected) = (owner(path), self.owner.clone());
            self.found(name.to_owned(), Danger::Owner { owner, expected });
        }
        Ok(rights)
    }

    fn link(&self, path: &Path) -> Danger {
        let target = fs::read_link(path).unwrap_or_default();
        let shown = shown(target.as_os_str().as_encoded_bytes());
        // One that leads nowhere could be made to lead anywhere.
        let is_within = path.canonicalize().is_ok_and(|real| real.starts_with(&self.root));
        if is_within { Danger::Link { target: shown } } else { Danger::LinkOut { target: shown } }
    }

    fn found(&mut self, path: String, danger: Danger) {
        self.audited.findings.push(Finding { path, danger });
    }
}

fn owner(path: &Path) -> String {
    platform::owner(path).map(|owner| owner.name).unwrap_or_default()
}

/// Whether it begins as what a system starts, or is started by its name's end on Windows.
fn is_program(path: &Path) -> bool {
    let is_script =
        |end: &OsStr| ["bat", "cmd", "ps1"].iter().any(|it| end.eq_ignore_ascii_case(it));
    if cfg!(windows) && path.extension().is_some_and(is_script) {
        return true;
    }
    let mut head = Vec::new();
    let Ok(file) = platform::open_regular(path) else { return false };
    let begins: [&[u8]; 8] = [
        b"\x7fELF",
        b"MZ",
        b"#!",
        b"\xfe\xed\xfa",
        b"\xce\xfa\xed\xfe",
        b"\xcf\xfa\xed\xfe",
        b"\xca\xfe\xba\xbe",
        b"\xca\xfe\xba\xbf",
    ];
    file.take(4).read_to_end(&mut head).is_ok() && begins.iter().any(|it| head.starts_with(it))
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    /// A tree as it was installed: a program, a source, a folder.
    fn installed() -> (tempfile::TempDir, Vec<TreeFile>) {
        let folder = tempfile::tempdir().unwrap();
        set(folder.path(), 0o755);
        fs::create_dir(folder.path().join("bin")).unwrap();
        set(&folder.path().join("bin"), 0o755);
        let mut listed = Vec::new();
        for (path, mode) in [("VERSION", 0o644), ("bin/go", 0o755)] {
            fs::write(folder.path().join(path), path).unwrap();
            set(&folder.path().join(path), mode);
            let executable = mode == 0o755;
            listed.push(TreeFile { path: path.into(), sha256: [0; 32], size: 1, executable });
        }
        (folder, listed)
    }

    fn set(path: &Path, mode: u32) {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }

    fn found(change: impl FnOnce(&Path)) -> Vec<(String, &'static str)> {
        let (folder, listed) = installed();
        change(folder.path());
        let audited = tree(folder.path(), Some(&listed), folder.path()).unwrap();
        audited.findings.into_iter().map(|it| (it.path, it.danger.word())).collect()
    }

    #[test]
    fn a_tree_as_it_was_installed_has_nothing_to_find() {
        assert_eq!(found(|_| ()), []);
    }

    #[test]
    fn rights_that_no_go_needs_are_found() {
        let one = |path: &str, word| vec![(path.to_owned(), word)];
        assert_eq!(found(|it| set(&it.join("bin/go"), 0o4755)), one("bin/go", "setuid"));
        assert_eq!(found(|it| set(&it.join("bin"), 0o2755)), one("bin", "setgid"));
        assert_eq!(
            found(|it| set(&it.join("VERSION"), 0o646)),
            one("VERSION", "writable-by-everybody")
        );
        assert_eq!(found(|it| set(&it.join("bin"), 0o777)), one("bin", "writable-by-everybody"));
        assert_eq!(found(|it| set(it, 0o777)), one(".", "writable-by-everybody"));
        assert_eq!(found(|it| set(&it.join("VERSION"), 0o645)), one("VERSION", "execute-bit"));
    }

    #[test]
    fn what_was_not_installed_is_found() {
        let one = |path: &str, word| vec![(path.to_owned(), word)];
        let write = |name: &str, content: &str| {
            let (name, content) = (name.to_owned(), content.to_owned());
            move |it: &Path| fs::write(it.join(name), content).unwrap()
        };
        assert_eq!(found(write("bin/more", "text")), one("bin/more", "added"));
        assert_eq!(found(write("bin/more", "#!/bin/sh\n")), one("bin/more", "program"));
        assert_eq!(found(write("x.so", "\x7fELF")), one("x.so", "program"));
        assert_eq!(found(|it| symlink("/etc/passwd", it.join("x")).unwrap()), one("x", "link-out"));
        assert_eq!(found(|it| symlink("nowhere", it.join("x")).unwrap()), one("x", "link-out"));
        assert_eq!(found(|it| symlink("bin/go", it.join("x")).unwrap()), one("x", "link"));
        let bind = |it: &Path| drop(std::os::unix::net::UnixListener::bind(it.join("s")).unwrap());
        assert_eq!(found(bind), one("s", "device"));
    }

    #[test]
    fn without_a_list_rights_and_links_are_told_all_the_same() {
        let (folder, _) = installed();
        fs::write(folder.path().join("more"), "").unwrap();
        set(&folder.path().join("bin/go"), 0o4755);
        let audited = tree(folder.path(), None, folder.path()).unwrap();
        assert_eq!((audited.files, audited.folders, audited.findings.len()), (3, 2, 1));
    }
}
