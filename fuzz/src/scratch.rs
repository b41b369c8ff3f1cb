//! A folder for what gvm reads from and writes to, emptied for each input. `fuzz/run` says where it is: in memory.

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

/// A folder of this process.
pub struct Scratch {
    folder: TempDir,
    archive: File,
}

impl Default for Scratch {
    fn default() -> Scratch {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let archive = tempfile::tempfile().expect("a file can be made");
        Scratch { folder, archive }
    }
}

impl Scratch {
    /// Its path.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// An open file that holds `bytes`.
    pub fn archive(&self, bytes: &[u8]) -> &File {
        let written = self.archive.set_len(0).and_then(|()| self.archive.write_all_at(bytes, 0));
        written.expect("a file can be written");
        &self.archive
    }

    /// The folder `into` in it, empty.
    pub fn empty(&self) -> PathBuf {
        let into = self.path().join("into");
        match fs::remove_dir(&into) {
            Err(error) if error.kind() == io::ErrorKind::DirectoryNotEmpty => {
                fs::remove_dir_all(&into).expect("what was unpacked can be removed");
            }
            Ok(()) | Err(_) => {}
        }
        fs::create_dir(&into).expect("a folder can be made");
        into
    }

    /// Panics unless there is nothing in it but the folder `into`.
    pub fn check_outside(&self) {
        let entries = fs::read_dir(self.path()).expect("the folder can be read");
        let names: Vec<_> = entries.flatten().map(|entry| entry.file_name()).collect();
        assert_eq!(names, ["into"], "something was written beside the tree");
    }

    /// Writes the file at `path`, whose folder is made.
    pub fn write(&self, path: &str, bytes: &[u8]) {
        let path = self.path().join(path);
        let mut written = fs::write(&path, bytes);
        if written.is_err() {
            fs::create_dir_all(path.parent().expect("it is below the folder"))
                .expect("it can be made");
            written = fs::write(&path, bytes);
        }
        written.expect("a file can be written");
    }
}
