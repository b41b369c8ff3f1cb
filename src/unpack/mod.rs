//! Unpacks an archive of Go into a folder, trusting nothing in it: `entry` and `names` say which
//! names are safe, `limits` how much is too much, `zip` and `targz` read the two formats, and
//! `write` makes regular files and folders and nothing else, hashing each file on the way.
//! `archive` is the open file, `error` what can be wrong, `halt` stops the threads.
//!
//! Whether the publisher meant this tree is not decided here: `verify` does, from the hashes of a
//! [`Staged`].

use std::fs::File;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::SystemTime;

use gvm_core::module;

use crate::report::{Event, Report};

mod archive;
mod entry;
mod error;
#[cfg(test)]
mod forge;
mod halt;
mod limits;
mod names;
mod targz;
mod write;
mod zip;

pub use archive::Format;
pub use entry::Unsafe;
pub use error::{Defect, Fault, Found, UnpackError};
pub use limits::{LIMITS, Limit, Limits};
pub use write::TreeFile;

use archive::Archive;
use write::Tree;

/// What the names inside must look like, and what of it is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shape {
    /// A `golang.org/toolchain` module: all names begin with `golang.org/toolchain@VERSION/`, and
    /// each `go.mod` is called `_go.mod` there and gets its name back.
    Module {
        /// The module's version, as `v0.0.1-go1.22.4.linux-amd64`.
        version: String,
    },
    /// An official archive: all names begin with `go/`.
    Archive {
        /// Leave out the folders that no module hash covers (`gvm_core::module::UNCOVERED`): for a
        /// tree that nothing but the module hash proves.
        covered_only: bool,
    },
}

/// A whole tree in staging, made by [`unpack`] only: regular files and folders, each file hashed
/// while it was written. Nobody has said yet that it is what its publisher meant.
#[derive(Debug)]
pub struct Staged {
    root: PathBuf,
    shape: Shape,
    files: Vec<TreeFile>,
    left_out: usize,
}

impl Staged {
    /// The folder that is to become GOROOT.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// All files of the tree, by path, bytewise.
    pub fn files(&self) -> &[TreeFile] {
        &self.files
    }

    /// What the archive was.
    pub fn shape(&self) -> &Shape {
        &self.shape
    }

    /// How many files of the archive are not in the tree because no module hash covers them.
    pub fn left_out(&self) -> usize {
        self.left_out
    }
}

/// Unpacks `archive`, called `name` in messages, into the existing, empty folder `into`, which
/// nobody else may write to. Folders and files get the modes 0755 and 0644 (0755 for programs),
/// less the umask of the process; all files get `mtime` if there is one. Nothing is synced. On an
/// error some of the tree is left behind: it is the caller's to remove.
pub fn unpack(
    archive: &File,
    name: &str,
    shape: &Shape,
    into: &Path,
    mtime: Option<SystemTime>,
    report: &dyn Report,
) -> Result<Staged, UnpackError> {
    let tree = Tree { root: into, mtime, report };
    let unpacked = within(&LIMITS, archive, name, shape, &tree)
        .map_err(|fault| UnpackError { archive: String::from(name), fault })?;
    let Unpacked { mut files, left_out } = unpacked;
    files.sort_unstable_by(|a, b| a.path.cmp(&b.path));
    report.event(Event::UnpackDone);
    Ok(Staged { root: into.to_path_buf(), shape: shape.clone(), files, left_out })
}

/// Whether the archive's first name is one of a toolchain module: for an archive whose source does not tell.
///
/// # Errors
/// When it cannot be read.
pub fn holds_module(archive: &File, name: &str) -> Result<bool, UnpackError> {
    let begins = || -> Result<bool, Fault> {
        let archive = Archive::new(archive, name)?;
        // A zip's first name stands after its local header of 30 bytes.
        let mut start = [0; 30 + module::PATH.len()];
        let read = archive.read_at(&mut start, 0)?;
        Ok(start[..read].starts_with(b"PK\x03\x04") && start.ends_with(module::PATH.as_bytes()))
    };
    begins().map_err(|fault| UnpackError { archive: String::from(name), fault })
}

/// What a reader made, its files in any order.
struct Unpacked {
    files: Vec<TreeFile>,
    left_out: usize,
}

fn within(
    limits: &Limits,
    file: &File,
    name: &str,
    shape: &Shape,
    tree: &Tree<'_>,
) -> Result<Unpacked, Fault> {
    let archive = Archive::new(file, name)?;
    limits.check_archive(archive.size())?;
    match Format::of(&archive)? {
        Format::Zip => zip::unpack(&archive, shape, limits, tree),
        Format::TarGz => targz::unpack(&archive, shape, limits, tree),
    }
}

/// How many threads write. Two are worth it even on one processor, for one waits where the other
/// can go on; more than eight wait for the file system.
fn workers() -> usize {
    thread::available_parallelism().map_or(2, NonZero::get).clamp(2, 8)
}

impl Shape {
    /// The one folder that holds everything.
    fn top(&self) -> String {
        match self {
            Shape::Module { version } => format!("{}@{version}", module::PATH),
            Shape::Archive { .. } => String::from("go"),
        }
    }

    /// Whether it is a module's.
    pub fn is_module(&self) -> bool {
        matches!(self, Shape::Module { .. })
    }

    /// Whether the file at `path` is wanted.
    fn wants(&self, path: &str) -> bool {
        !matches!(self, Shape::Archive { covered_only: true }) || module::covers(path)
    }

    /// Whether the folder at `path` is wanted: whether a file in it would be.
    fn wants_folder(&self, path: &str) -> bool {
        self.wants(&format!("{path}/"))
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Seek, SeekFrom};
    use std::sync::Mutex;
    use std::time::Duration;

    use sha2::{Digest, Sha256};

    use super::forge::*;
    use super::*;
    use crate::report::Silent;

    #[test]
    fn a_module_gets_its_names_back() {
        let archive = zip(&[
            streamed(&format!("{MODULE}/VERSION"), b"go1.22.4"),
            streamed(&format!("{MODULE}/src/_go.mod"), b"module std"),
            streamed(&format!("{MODULE}/bin/go"), b""),
        ]);
        let (into, staged) = unpacked(&archive, &module());
        let staged = staged.unwrap();
        assert_eq!(paths(&staged), ["VERSION", "bin/go", "src/go.mod"]);
        assert_eq!(std::fs::read(into.path().join("src/go.mod")).unwrap(), b"module std");
        assert_eq!((staged.root(), staged.shape()), (into.path(), &module()));
    }

    #[test]
    fn both_formats_of_an_archive_give_one_tree() {
        let large = large();
        let contents: [(&str, &[u8]); 5] = [
            ("go/VERSION", b"go1.22.4"),
            ("go/src/cmd/compile/big", &large),
            ("go/pkg/tool/linux_amd64/vet", &large[..300_000]),
            ("go/test/fixedbugs/issue27836.dir/Þfoo.go", b"package x"),
            ("go/src/empty", b""),
        ];
        let zip = zip(&contents.map(|(name, content)| streamed(name, content)));
        let targz = targz(&contents.map(|(name, content)| tarred(name, b'0', content)));
        for archive in [zip, targz] {
            let (into, staged) = unpacked(&archive, &ARCHIVE);
            let staged = staged.unwrap();
            assert_eq!(staged.files().len(), 5);
            assert!(staged.files().is_sorted_by(|a, b| a.path < b.path));
            for file in staged.files() {
                let (_, content) =
                    *contents.iter().find(|(name, _)| name[3..] == file.path).unwrap();
                assert_eq!(file.sha256[..], Sha256::digest(content)[..]);
                assert_eq!(
                    (file.size, file.executable),
                    (content.len() as u64, file.path.ends_with("vet"))
                );
                assert_eq!(std::fs::read(into.path().join(&file.path)).unwrap(), content);
            }
        }
    }

    #[cfg(unix)]
    #[test]
    fn programs_can_be_run_whatever_the_archive_says() {
        use std::os::unix::fs::PermissionsExt;

        let zip =
            zip(&[zipped("go/bin/go", b"x").mode(0o100_644), zipped("go/y", b"").mode(0o104_777)]);
        let targz = targz(&[tarred("go/bin/go", b'0', b"x"), tarred("go/y", b'0', b"")]);
        for archive in [zip, targz] {
            let (into, staged) = unpacked(&archive, &ARCHIVE);
            staged.unwrap();
            let mode =
                |path| std::fs::metadata(into.path().join(path)).unwrap().permissions().mode();
            // Whoever runs the tests has some umask, but none that takes rights from its owner.
            assert_eq!((mode("bin/go") & 0o7700, mode("y") & 0o7700), (0o700, 0o600));
            assert_eq!((mode("bin/go") & 0o022, mode("y") & 0o133), (0, 0));
        }
    }

    #[test]
    fn what_no_module_hash_covers_can_be_left_out() {
        let names =
            ["go/api/a", "go/doc/b/c", "go/src/doc/d", "go/test", "go/misc/e", "go/.github/f"];
        let zip = zip(&names.map(|name| zipped(name, b"12")));
        let targz = targz(&names.map(|name| tarred(name, b'0', b"12")));
        for archive in [zip, targz] {
            let (into, staged) = unpacked(&archive, &Shape::Archive { covered_only: true });
            let staged = staged.unwrap();
            assert_eq!((paths(&staged), staged.left_out()), (vec!["src/doc/d", "test"], 4));
            assert_eq!(std::fs::read_dir(into.path()).unwrap().count(), 2);
        }
    }

    #[test]
    fn folders_may_have_entries_in_an_archive_but_not_in_a_module() {
        let zip = |top: &str| {
            zip(&[
                zipped_as(format!("{top}/").as_bytes(), 0, 0, b"", b"").mode(0o040_755),
                zipped_as(format!("{top}/bin/").as_bytes(), 0, 0, b"", b"")
                    .central(38, &[0x10, 0, 0, 0]),
                zipped(&format!("{top}/src/x"), b"x"),
            ])
        };
        let targz = targz(&[
            tarred("go/", b'5', b""),
            tarred("go/bin", b'5', b""),
            tarred("go/src/x", b'0', b"x"),
        ]);
        for archive in [zip("go"), targz] {
            let (into, staged) = unpacked(&archive, &ARCHIVE);
            assert_eq!(paths(&staged.unwrap()), ["src/x"]);
            assert!(into.path().join("bin").is_dir());
        }
        let refused = unpacked(&zip(MODULE), &module()).1.unwrap_err().to_string();
        assert!(refused.ends_with("it is a folder, and a module has only files"), "{refused}");
    }

    #[test]
    fn all_files_get_the_time_that_is_asked_for() {
        let into = tempfile::tempdir().unwrap();
        let mtime = SystemTime::UNIX_EPOCH + Duration::from_secs(1_234_567_890);
        let mut archive = file(&zip(&[zipped("go/a", b""), zipped("go/b/c", b"")]));
        // Where the handle stands does not matter.
        archive.seek(SeekFrom::End(0)).unwrap();
        unpack(&archive, "x", &ARCHIVE, into.path(), Some(mtime), &Silent).unwrap();
        for path in ["a", "b/c"] {
            assert_eq!(into.path().join(path).metadata().unwrap().modified().unwrap(), mtime);
        }
    }

    #[test]
    fn the_listener_hears_of_every_byte() {
        #[derive(Default)]
        struct Heard(Mutex<(Option<u64>, u64, bool)>);
        impl Report for Heard {
            fn event(&self, event: Event<'_>) {
                let mut heard = self.0.lock().unwrap();
                match event {
                    Event::UnpackStarted { total, .. } => heard.0 = total,
                    Event::Written(more) => heard.1 += more,
                    Event::UnpackDone => heard.2 = true,
                    _ => {}
                }
            }
        }
        let zip = zip(&[zipped("go/a", b"123"), zipped("go/doc/b", b"4")]);
        let targz = targz(&[tarred("go/a", b'0', b"123")]);
        for (archive, total) in [(zip, Some(3)), (targz, None)] {
            let (heard, into) = (Heard::default(), tempfile::tempdir().unwrap());
            let shape = Shape::Archive { covered_only: true };
            unpack(&file(&archive), "x", &shape, into.path(), None, &heard).unwrap();
            assert_eq!(*heard.0.lock().unwrap(), (total, 3, true));
        }
    }

    #[test]
    fn an_error_of_the_system_names_the_path_and_is_told_apart() {
        let zip = zip(&[zipped("go/src/a", b""), zipped("go/b", b"")]);
        let targz = targz(&[tarred("go/src/a", b'0', b""), tarred("go/b", b'0', b"")]);
        for (archive, taken) in [(&zip, "b"), (&targz, "b"), (&zip, "src"), (&targz, "src")] {
            let into = tempfile::tempdir().unwrap();
            let path = into.path().join(taken);
            std::fs::write(&path, b"mine").unwrap();
            let error =
                unpack(&file(archive), "x", &ARCHIVE, into.path(), None, &Silent).unwrap_err();
            assert!(
                matches!(&error.fault, Fault::Io { path: named, .. } if *named == path),
                "{error}"
            );
            assert_eq!(std::fs::read(&path).unwrap(), b"mine");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_link_that_somebody_put_there_is_not_followed() {
        let zip = zip(&[zipped("go/a", b"evil")]);
        let targz = targz(&[tarred("go/a", b'0', b"evil")]);
        for archive in [zip, targz] {
            let (into, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
            let target = outside.path().join("target");
            std::os::unix::fs::symlink(&target, into.path().join("a")).unwrap();
            assert!(unpack(&file(&archive), "x", &ARCHIVE, into.path(), None, &Silent).is_err());
            assert!(!target.exists());
        }
    }

    #[test]
    fn a_page_is_no_archive_and_the_message_says_whose_fault_it_is() {
        let into = tempfile::tempdir().unwrap();
        let error = unpack(
            &file(b"<html>log in</html>"),
            "go1.22.4.tar.gz",
            &ARCHIVE,
            into.path(),
            None,
            &Silent,
        );
        assert_eq!(
            error.unwrap_err().to_string(),
            "unpack `go1.22.4.tar.gz`: it is an HTML page, not an archive"
        );
    }

    #[test]
    fn every_limit_holds_for_both_formats() {
        let zip = |names: &[&str]| {
            zip(&names.iter().map(|name| zipped(name, &[0; 900])).collect::<Vec<_>>())
        };
        let targz = |names: &[&str]| {
            targz(&names.iter().map(|name| tarred(name, b'0', &[0; 900])).collect::<Vec<_>>())
        };
        let files = ["go/a", "go/b", "go/c"];
        for archive in [zip(&files), targz(&files)] {
            let rules: [(Limits, &str); 4] = [
                (limits(|limits| limits.archive = 20), "it is larger than 20 bytes"),
                (limits(|limits| limits.unpacked = 2000), "it unpacks to more than 2000 bytes"),
                (limits(|limits| limits.entries = 2), "it holds more than 2 files and folders"),
                (
                    limits(|limits| (limits.ratio, limits.ratio_floor) = (2, 1000)),
                    "it unpacks to more than 2 times its size",
                ),
            ];
            for (limits, rule) in rules {
                assert_eq!(fault_within(&limits, &archive), rule);
            }
        }
        let repeated = forge::targz(&[0; 3].map(|_| tarred("go/", b'5', b"")));
        assert_eq!(
            fault_within(&limits(|limits| limits.entries = 2), &repeated),
            "it holds more than 2 files and folders"
        );
        let deep = limits(|limits| limits.entries = 3);
        let few = limits(|limits| limits.folders = 2);
        for archive in [zip(&["go/a/b/c/d"]), targz(&["go/a/b/c/d"])] {
            assert_eq!(fault_within(&few, &archive), "it holds more than 2 folders");
        }
        for archive in [zip(&["go/a/b/c/d"]), targz(&["go/a/b/c/d"])] {
            assert_eq!(fault_within(&deep, &archive), "it holds more than 3 files and folders");
        }
    }

    fn paths(staged: &Staged) -> Vec<&str> {
        staged.files().iter().map(|file| &*file.path).collect()
    }

    /// More than fits into one buffer, and not a multiple of anything.
    fn large() -> Vec<u8> {
        (0..1_000_003u32).map(|index| (index.wrapping_mul(2_654_435_761) >> 24) as u8).collect()
    }
}
