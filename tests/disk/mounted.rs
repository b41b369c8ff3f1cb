//! [`Mounted`]: a file system that is mounted for as long as a test takes.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::stage::stock::skip;

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

/// Mounts what is mounted there with other options.
pub fn remount(options: &str, at: &Path) {
    let done = Command::new("mount").args(["-o", options]).arg(at).status();
    assert!(done.unwrap().success(), "{options}");
}
