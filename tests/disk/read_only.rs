//! Folders that are mounted again without the right to write.

use std::fs;
use std::os::unix::fs::symlink;

use crate::ground::{Ground, NEW, OLD, OTHER, assert_no_litter, assert_sound};
use crate::mounted::{mount, remount};

#[test]
fn a_read_only_root_is_read_and_every_change_says_so() {
    let ground = Ground::new();
    let env = ground.bare();
    let disk = env.folder().join("disk");
    let Some(_mounted) = mount(&["-t", "tmpfs", "tmpfs"], &disk) else { return };
    ground.copy_to(&disk.join("root"));
    symlink(disk.join("root"), env.root()).unwrap();
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

#[test]
fn a_read_only_project_keeps_its_pin() {
    let ground = Ground::new();
    let env = ground.copy();
    let project = env.folder().join("small");
    let Some(_mounted) = mount(&["-t", "tmpfs", "tmpfs"], &project) else { return };
    fs::write(project.join(".go-version"), "1.21.13\n").unwrap();
    remount("remount,ro", &project);
    let told = env.gvm("pin").arg(OTHER).within(&project).run().code(1);
    let _ = told.says("Read-only file system").says("hint: ");
    assert_eq!(fs::read(project.join(".go-version")).unwrap(), b"1.21.13\n");
    assert_eq!(fs::read_dir(&project).unwrap().count(), 1);
}
