//! What windows' links, renames and numbers hold. Where the file system has no junctions, as under stock Wine, the form
//! in their place is held to the same, and what only a junction can do says that it is not tried.

use std::ffi::OsStr;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};

use gvm_core::world::World as _;
use gvm_shim::world::Machine;
use tempfile::TempDir;

use super::*;
use crate::platform::{path, read_link};

struct Ground {
    folder: TempDir,
}

impl Ground {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        for name in ["one", "two", "größe 日本"] {
            fs::create_dir(folder.path().join(name)).unwrap();
            fs::write(folder.path().join(name).join("VERSION"), name).unwrap();
        }
        Self { folder }
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn point(&self, target: &str) -> io::Result<()> {
        replace_link(OsStr::new(target), &self.at("current"))
    }

    /// The folder that the link leads to, whichever form it has.
    fn leads_to(&self) -> Option<PathBuf> {
        Some(self.at("").join(path(&read_link(&self.at("current"))?)))
    }

    fn is_junction(&self) -> bool {
        fs::symlink_metadata(self.at("current")).is_ok_and(|metadata| metadata.is_symlink())
    }

    /// What is in the folder, beside the three that were there.
    fn added(&self) -> Vec<String> {
        let names = fs::read_dir(self.folder.path()).unwrap();
        let names = names.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<String> = names.filter(|name| !self.is_given(name)).collect();
        names.sort();
        names
    }

    fn is_given(&self, name: &str) -> bool {
        ["one", "two", "größe 日本"].contains(&name)
    }
}

/// Whether this file system has junctions.
#[allow(clippy::print_stderr, reason = "a test says what it does not try")]
fn has_junctions() -> bool {
    let ground = Ground::new();
    ground.point("one").unwrap();
    let has = ground.is_junction();
    if !has {
        eprintln!("skipped in part: this file system has no junctions");
    }
    has
}

#[test]
fn a_link_is_made_pointed_elsewhere_read_and_removed_without_its_target() {
    let ground = Ground::new();
    for name in ["one", "two", "größe 日本", "one"] {
        ground.point(name).unwrap();
        assert_eq!(ground.leads_to(), Some(ground.at(name)));
        assert_eq!(ground.added(), ["current"], "nothing is left beside it");
    }
    remove_link(&ground.at("current")).unwrap();
    assert_eq!(ground.added(), [""; 0]);
    assert_eq!(fs::read_to_string(ground.at("one").join("VERSION")).unwrap(), "one");
    assert!(remove_link(&ground.at("current")).is_err());
}

#[test]
fn a_target_may_be_whole_or_begin_above() {
    let ground = Ground::new();
    fs::create_dir(ground.at("versions")).unwrap();
    let link = ground.at("versions").join("go1.22.4");
    replace_link(OsStr::new(r"..\one"), &link).unwrap();
    let target = read_link(&link).unwrap();
    let whole = ground.at("versions").join(path(&target));
    assert_eq!(fs::read_to_string(whole.join("VERSION")).unwrap(), "one");
    replace_link(ground.at("two").as_os_str(), &link).unwrap();
    assert_eq!(read_link(&link).unwrap(), crate::platform::bytes(&ground.at("two")));
    remove_link(&link).unwrap();
    fs::remove_dir(ground.at("versions")).unwrap();
}

#[test]
fn a_folder_in_the_way_is_left_alone_even_an_empty_one() {
    let ground = Ground::new();
    fs::create_dir(ground.at("current")).unwrap();
    assert_eq!(ground.point("one").unwrap_err().kind(), io::ErrorKind::AlreadyExists);
    assert!(remove_link(&ground.at("current")).is_err());
    fs::write(ground.at("current").join("thesis"), "mine").unwrap();
    assert!(ground.point("one").is_err());
    assert_eq!(fs::read_to_string(ground.at("current").join("thesis")).unwrap(), "mine");
    assert_eq!(ground.added(), ["current"]);
}

#[test]
fn a_link_that_leads_nowhere_is_read_replaced_and_removed() {
    let ground = Ground::new();
    ground.point("two").unwrap();
    fs::remove_dir_all(ground.at("two")).unwrap();
    assert_eq!(ground.leads_to(), Some(ground.at("two")));
    ground.point("one").unwrap();
    assert_eq!(ground.leads_to(), Some(ground.at("one")));
    ground.point("nowhere").unwrap();
    assert_eq!(ground.leads_to(), Some(ground.at("nowhere")));
    remove_link(&ground.at("current")).unwrap();
    assert_eq!(ground.added(), [""; 0]);
}

#[test]
fn three_hundred_flips_and_no_reader_without_an_answer() {
    let ground = Ground::new();
    ground.point("one").unwrap();
    let is_over = AtomicBool::new(false);
    let (link, known) = (crate::platform::bytes(&ground.at("current")), ["one", "two"]);
    thread::scope(|scope| {
        let reader = scope.spawn(|| {
            let mut reads = 0;
            while !is_over.load(Ordering::SeqCst) {
                let target = Machine::of([], None).link(&link).expect("the link leads somewhere");
                let name =
                    Path::new(path(&target)).file_name().unwrap().to_str().unwrap().to_owned();
                assert!(known.contains(&&*name), "{name}");
                reads += 1;
                // As a shim does: it has looked for pins by then. Who holds the file open without a pause lets no
                // rename through on Wine.
                for folder in ground.at("current").ancestors() {
                    let _ = fs::read(folder.join(".go-version"));
                }
            }
            reads
        });
        for flip in 0..300 {
            ground.point(known[flip % 2]).unwrap();
        }
        is_over.store(true, Ordering::SeqCst);
        assert!(reader.join().unwrap() > 0);
    });
    assert_eq!(ground.added(), ["current"]);
}

#[test]
fn a_file_stands_in_for_a_junction_and_gives_way_to_one() {
    let ground = Ground::new();
    fs::write(ground.at("current"), "two\n").unwrap();
    assert_eq!(ground.leads_to(), Some(ground.at("two")));
    ground.point("one").unwrap();
    assert_eq!(ground.leads_to(), Some(ground.at("one")));
    assert_eq!(ground.is_junction(), has_junctions());
    assert_eq!(ground.added(), ["current"]);
}

#[test]
fn a_junction_gives_way_to_a_file_where_the_target_is_on_a_share() {
    if !has_junctions() {
        return;
    }
    let ground = Ground::new();
    ground.point("one").unwrap();
    ground.point(r"\\server\share\go").unwrap();
    assert!(!ground.is_junction());
    assert_eq!(ground.leads_to(), Some(PathBuf::from(r"\\server\share\go")));
    assert_eq!(ground.added(), ["current"]);
}

#[test]
fn a_junction_is_pointed_elsewhere_while_a_file_is_open_through_it() {
    if !has_junctions() {
        return;
    }
    let ground = Ground::new();
    ground.point("one").unwrap();
    let open = File::open(ground.at("current").join("VERSION")).unwrap();
    ground.point("two").unwrap();
    assert_eq!(fs::read_to_string(ground.at("current").join("VERSION")).unwrap(), "two");
    drop(open);
}

#[test]
fn a_folder_keeps_its_number_when_it_is_renamed_and_no_other_has_it() {
    let ground = Ground::new();
    let (one, two) = (identity(&ground.at("one")).unwrap(), identity(&ground.at("two")).unwrap());
    assert_ne!(one, two);
    exchange(&ground.at("one"), &ground.at("two")).unwrap();
    assert_eq!(identity(&ground.at("two")), Some(one));
    assert_eq!(identity(&ground.at("none")), None);
}

#[test]
fn a_file_that_is_open_is_found_and_one_that_is_not_is_none() {
    let ground = Ground::new();
    assert_eq!(held_below(&ground.at("one")), None);
    fs::create_dir_all(ground.at("one").join("bin")).unwrap();
    let file = ground.at("one").join("bin").join("go.exe");
    fs::write(&file, "").unwrap();
    let open = File::open(&file).unwrap();
    assert_eq!(held_below(&ground.at("one")).map(|held| held.file), Some(file));
    drop(open);
    assert_eq!(held_below(&ground.at("one")), None);
}

#[test]
fn a_rename_waits_for_whoever_keeps_the_tree_open() {
    let ground = Ground::new();
    fs::write(ground.at("new"), "new").unwrap();
    fs::write(ground.at("old"), "old").unwrap();
    let open = OpenOptions::new().read(true).share_mode(0).open(ground.at("new")).unwrap();
    let held = fs::rename(ground.at("new"), ground.at("old")).unwrap_err();
    assert!(is_held(&held), "{held}");
    thread::scope(|scope| {
        let renaming = scope.spawn(|| rename_patiently(&ground.at("new"), &ground.at("old")));
        drop(open);
        renaming.join().unwrap().unwrap();
    });
    assert_eq!(fs::read_to_string(ground.at("old")).unwrap(), "new");
}
