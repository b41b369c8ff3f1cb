//! Real file systems that are full or read-only: small ones of memory, and ROOT mounted again without the right to write.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::ground::{Ground, NEW, OLD, OTHER, assert_no_litter, assert_sound};
use crate::stage::env::TestEnv;
use crate::stage::stock::skip;
use crate::stage::tally::count;

/// A mounted file system, gone when it is dropped.
pub struct Mounted(pub PathBuf);

impl Drop for Mounted {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

/// Mounts something at a folder. None, said aloud, where this user cannot.
pub fn mount(arguments: &[&str], at: &Path) -> Option<Mounted> {
    fs::create_dir_all(at).unwrap();
    let mounted = Command::new("mount").args(arguments).arg(at).output();
    if mounted.is_ok_and(|output| output.status.success()) {
        return Some(Mounted(at.to_owned()));
    }
    skip("this user cannot mount a file system");
    None
}

fn remount(options: &str, at: &Path) {
    let done = Command::new("mount").args(["-o", options]).arg(at).status();
    assert!(done.unwrap().success(), "{options}");
}

/// ROOT of an environment moved into a mounted folder; a link leads there.
fn moved(ground: &Ground, at: &Path, env: &TestEnv) {
    ground.copy_to(&at.join("root"));
    symlink(at.join("root"), env.root()).unwrap();
}

/// With the room that there is, and some kilobytes more each time, until there is enough.
#[test]
fn however_little_room_there_is_the_old_version_runs_and_more_room_mends_it() {
    let ground = Ground::new();
    let stories: [(&[&str], Option<&str>); 4] = [
        (&["install", NEW], None),
        (&["use", OTHER], None),
        (&["uninstall", OTHER], Some(OTHER)),
        (&["use", NEW], None),
    ];
    let (mut tried, mut refused) = (0, 0);
    for (words, removes) in stories {
        for room in [0, 4, 8, 12, 16, 24, 32, 40, 48, 56, 64, 80, 96, 128, 256] {
            let env = ground.bare();
            let disk = env.folder().join("disk");
            let Some(_mounted) = mount(&["-t", "tmpfs", "-o", "size=64m", "tmpfs"], &disk) else {
                return;
            };
            moved(&ground, &disk, &env);
            let used = rustix::fs::statvfs(&disk).unwrap();
            let used = (used.f_blocks - used.f_bfree) * used.f_frsize / 1024;
            remount(&format!("remount,size={}k", used + room), &disk);
            let row = format!("{room} kB for {words:?}");
            let told = env.gvm("").with(|call| _ = call.args(words)).run();
            assert_sound(&env, &row, removes, &told);
            match told.code_or_signal() {
                Some(0) => {}
                _ => {
                    let told = told.code_of(&row, 1).says("No space left on device");
                    let _ = told.says("hint: make room").says(env.folder().to_str().unwrap());
                    refused += 1;
                }
            }
            remount("remount,size=64m", &disk);
            let again = env.gvm("").with(|call| _ = call.args(words)).run();
            assert!(matches!(again.code_or_signal(), Some(0 | 3)), "{row}: {again}");
            let _ = env.gvm("use").arg(OLD).ok();
            assert_no_litter(&env, &row);
            tried += 1;
        }
    }
    assert!(refused >= 10, "{refused}");
    count("commands on a disk with little room", tried);
}

#[test]
fn a_read_only_root_is_read_and_every_change_says_so() {
    let ground = Ground::new();
    let env = ground.bare();
    let disk = env.folder().join("disk");
    let Some(_mounted) = mount(&["-t", "tmpfs", "tmpfs"], &disk) else { return };
    moved(&ground, &disk, &env);
    remount("remount,ro", &disk);
    for words in ["install 1.22.4", "use 1.20.14", "uninstall 1.20.14", "pin 1.22.4"] {
        let told = env.gvm(words).run().code_of(words, 1).says("Read-only file system");
        let _ = told.says(env.folder().to_str().unwrap()).says("hint: ");
        assert_sound(&env, words, None, &env.gvm("list").ok());
    }
    for words in ["list", "current", "which", "explain", "verify", "list-remote", "pin 1.20.14"] {
        let _ = env.gvm(words).run().code_of(words, 0);
    }
    let told = env.gvm("exec 1.21.13 -- go version").ok();
    assert_eq!(told.line(), format!("go version go{OLD} linux/amd64"));
    remount("remount,rw", &disk);
    let _ = env.gvm("install").arg(NEW).ok();
    assert_no_litter(&env, "rw");
}

/// A project whose folder is full or read-only keeps its pin.
#[test]
fn a_project_without_room_keeps_its_pin() {
    let ground = Ground::new();
    let env = ground.copy();
    let project = env.folder().join("small");
    let Some(_mounted) = mount(&["-t", "tmpfs", "-o", "size=8k", "tmpfs"], &project) else {
        return;
    };
    fs::write(project.join(".go-version"), "1.21.13\n").unwrap();
    fs::write(project.join("filler"), [b'x'; 4096]).unwrap();
    let told = env.gvm("pin").arg(OTHER).within(&project).run().code(1);
    let _ = told.says("No space left on device").says(".go-version").says("hint: make room");
    remount("remount,ro", &project);
    let told = env.gvm("pin").arg(OTHER).within(&project).run().code(1);
    let _ = told.says("Read-only file system").says("hint: ");
    assert_eq!(fs::read(project.join(".go-version")).unwrap(), b"1.21.13\n");
    assert_eq!(fs::read_dir(&project).unwrap().count(), 2);
    remount("remount,rw,size=64k", &project);
    let _ = env.gvm("pin").arg(OTHER).within(&project).ok();
    assert_eq!(fs::read(project.join(".go-version")).unwrap(), b"1.20.14\n");
}
