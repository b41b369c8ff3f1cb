//! What the dead left half-written is swept by the next command; what the living are writing stays.

use std::fs;
use std::path::{Path, PathBuf};

use gvm_core::target::Target;
use sha2::{Digest, Sha256};

use crate::stage::env::TestEnv;
use crate::stage::held::{Held, kill_at};
use crate::stage::mint::{archive_files, here, tar_gz};
use crate::story::{NEW, OLD, Played, story};

/// What stands in a folder, by name.
fn names(folder: &Path) -> Vec<String> {
    let list = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> =
        list.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// A process that is about to rename its file, and the remains of one that died there.
fn living_and_dead(env: &TestEnv, words: &str, folder: &Path) -> (Held, PathBuf, PathBuf) {
    let held = Held::at(env, words, "atomic.written");
    let in_making = |known: Option<&Path>| {
        let paths = names(folder).into_iter().map(|name| folder.join(name));
        let mut new = paths.filter(|it| it.extension().is_some_and(|end| end == "tmp"));
        new.find(|path| Some(path.as_path()) != known).unwrap()
    };
    let living = in_making(None);
    kill_at(env, words, "atomic.written");
    let dead = in_making(Some(&living));
    assert_ne!(living, dead);
    (held, living, dead)
}

#[test]
fn a_pin_sweeps_the_projects_folder_and_leaves_the_living_and_strangers_alone() {
    let env = Played::new(story("pin")).env();
    let strange = [".gvm-notes", ".gvm-0123456789abcdef", "0123456789abcdef.tmp"];
    for name in strange {
        env.write(name, "mine");
    }
    let (held, living, dead) = living_and_dead(&env, "pin 1.22.4", &env.work());
    let _ = env.gvm("pin 1.21.13").ok();
    assert!(living.exists() && !dead.exists());
    let _ = held.go_on(&env).code(0);
    assert_eq!(fs::read_to_string(env.work().join(".go-version")).unwrap(), "1.22.4\n");
    let mut expected = [&strange[..], &[".go-version"]].concat();
    expected.sort_unstable();
    assert_eq!(names(&env.work()), expected);
}

#[cfg(unix)]
#[test]
fn a_pin_through_a_link_sweeps_where_the_file_stands() {
    let env = Played::new(story("pin")).env();
    let shared = env.work().join("shared");
    fs::create_dir(&shared).unwrap();
    fs::rename(env.work().join(".go-version"), shared.join("version")).unwrap();
    std::os::unix::fs::symlink("shared/version", env.work().join(".go-version")).unwrap();
    let before = names(&shared);
    kill_at(&env, "pin 1.22.4", "atomic.written");
    assert_eq!(names(&shared).len(), before.len() + 1);
    let _ = env.gvm("pin 1.22.4").ok();
    assert_eq!(names(&shared), before);
}

/// The old tree holds more files than the new one: under the other's receipt, each would be said to be tampered with.
#[test]
fn a_replacement_that_was_killed_is_finished_by_whatever_comes_next() {
    for point in REPLACING {
        let env = with_more_files();
        kill_at(&env, REPLACE, point);
        assert_finished(&env, point);
    }
}

#[test]
fn a_replacement_that_was_killed_is_no_tampering() {
    for point in REPLACING {
        let env = with_more_files();
        kill_at(&env, REPLACE, point);
        let _ = env.gvm("verify").run().code_of(point, 0);
    }
}

#[cfg(unix)]
#[test]
fn a_replacement_that_was_interrupted_is_finished_by_whatever_comes_next() {
    for point in REPLACING {
        let env = with_more_files();
        let _ = Held::at(&env, REPLACE, point).interrupt(&env).code(130);
        assert_finished(&env, point);
    }
}

const REPLACING: [&str; 3] = ["replace.prepared", "replace.exchanged", "replace.receipt-moved"];
const REPLACE: &str = "install --force --source goproxy 1.22.4";

/// The new version, installed from an archive that holds more than the module.
fn with_more_files() -> TestEnv {
    let archive = tar_gz(&archive_files(&(NEW.to_owned(), Target::host())));
    let digest = hex::encode(Sha256::digest(&archive));
    let env = Played::new(story("a second install")).env();
    let path = env.write(&format!("go{NEW}.{}-amd64.tar.gz", Target::host().os()), &archive);
    let _ = env.gvm("install --sha256").arg(&digest).arg(&path).ok();
    assert!(env.goroot(NEW).join("doc").exists());
    env
}

fn assert_finished(env: &TestEnv, point: &str) {
    let _ = env.gvm("use").arg(OLD).ok();
    let _ = env.gvm("verify").run().code_of(point, 0);
    let is_new = !env.goroot(NEW).join("doc").exists();
    assert_eq!(is_new, point != "replace.prepared");
    assert_eq!(env.names("staging"), [""; 0]);
}

/// The kernel may have kept the name and lost the bytes: whoever finds such an archive fetches it again.
#[test]
fn an_archive_that_a_power_cut_emptied_is_fetched_again() {
    let whole = fs::read(kept_archive(&Played::new(story("a second use")).after())).unwrap();
    let half = [&whole[..whole.len() / 2], &vec![0; whole.len() - whole.len() / 2]].concat();
    for spoilt in [&b""[..], &vec![0; whole.len()], &half] {
        let env = Played::new(story("a second install")).env();
        let path = kept_archive(&env);
        fs::write(&path, spoilt).unwrap();
        let outcome = env.gvm("install --source goproxy").arg(NEW).ok();
        let _ = outcome.says("is fetched anew");
        assert_eq!(fs::read(&path).unwrap(), whole);
        let _ = env.gvm("verify").ok();
    }
}

fn kept_archive(env: &TestEnv) -> PathBuf {
    env.root().join(here(&format!("cache/archives/v0.0.1-go{NEW}.linux-amd64.zip")))
}

#[test]
fn a_change_sweeps_the_cache_and_leaves_the_living_alone() {
    let env = Played::new(story("use of another")).env();
    let index = env.root().join("cache/index");
    let words = "list-remote";
    let _ = env.gvm(words).ok();
    let before = names(&index);
    let (held, living, dead) = living_and_dead(&env, words, &index);
    let _ = env.gvm("use").arg(NEW).ok();
    assert!(living.exists() && !dead.exists());
    let _ = held.go_on(&env).code(0);
    assert_eq!(names(&index), before);
    let _ = env.gvm("use").arg(OLD).ok();
}
