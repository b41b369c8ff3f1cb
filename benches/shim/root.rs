//! [`Root`]: a ROOT as gvm lays it out, with programs of the benchmark's in the place of
//! toolchains; and the projects that the shim is started in.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use gvm::activate::derived;
use gvm::report::Silent;
use gvm::store::{Waiting, WriteLock};
use gvm_core::layout::{FORMAT, Layout};
use gvm_core::tag::Tag;

/// What the embedded shim loads where a plain pin does not settle the question.
const CHOOSER: &str = env!("GVM_CHOOSER_PATH");

/// A ROOT with one shim: `go`.
pub struct Root {
    layout: Layout,
}

impl Root {
    /// An empty one at `folder`, whose shim is a copy of the program `shim`.
    ///
    /// # Errors
    /// The system's; so in the others.
    pub fn new(folder: &Path, shim: &Path) -> io::Result<Self> {
        let root = Self { layout: Layout::new(folder.as_os_str().as_bytes().to_vec()) };
        fs::create_dir_all(path(&root.layout.versions()))?;
        fs::create_dir_all(path(&root.layout.shims()))?;
        fs::write(path(&root.layout.format()), format!("{FORMAT}\n"))?;
        fs::copy(shim, root.shim())?;
        fs::copy(CHOOSER, path(&root.layout.chooser()))?;
        Ok(root)
    }

    /// Its `go` in `shims`.
    pub fn shim(&self) -> PathBuf {
        path(&self.layout.shim("go"))
    }

    /// Puts a version there whose `bin/go` is `program`, and gives that file's path.
    pub fn install(&self, tag: &str, program: &Path) -> io::Result<PathBuf> {
        let goroot = self.goroot(tag)?;
        let go = goroot.join("bin/go");
        fs::create_dir_all(goroot.join("bin"))?;
        // A link, so that 500 versions are one file in the page cache, as the first one is.
        fs::hard_link(program, &go)?;
        fs::write(goroot.join("VERSION"), format!("{tag}\n"))?;
        self.link(tag)?;
        Ok(go)
    }

    /// Puts the tree `from` there as a version, and gives the path of its `bin/go`.
    pub fn adopt(&self, tag: &str, from: &Path) -> io::Result<PathBuf> {
        let goroot = self.goroot(tag)?;
        fs::rename(from, &goroot)?;
        self.link(tag)?;
        Ok(goroot.join("bin/go"))
    }

    /// Derives from the installed versions what gvm derives: among it the list of them.
    ///
    /// # Errors
    /// Those of gvm.
    pub fn settle(&self) -> io::Result<()> {
        let shim = fs::read(self.shim())?;
        fs::create_dir_all(path(&self.layout.locks()))?;
        fs::create_dir_all(path(&self.layout.cached_archives()))?;
        let lock = WriteLock::acquire(&self.layout, Waiting { report: &Silent, limit: None })
            .map_err(io::Error::other)?;
        derived::refresh(&self.layout, &lock).map_err(io::Error::other)?;
        // The one that is measured may be another than gvm's.
        fs::write(self.shim(), shim)
    }

    /// Makes a version the default.
    pub fn choose(&self, tag: &str) -> io::Result<()> {
        symlink(hash(tag)?, path(&self.layout.current()))
    }

    fn link(&self, tag: &str) -> io::Result<()> {
        let target = Layout::version_link_target(&hash(tag)?);
        symlink(path(&target), path(&self.layout.version_link(tag)))
    }

    fn goroot(&self, tag: &str) -> io::Result<PathBuf> {
        Ok(path(&self.layout.goroot(&hash(tag)?)))
    }
}

/// Makes a project at `folder`, with this file in it unless its name is empty, and gives a folder
/// four below.
///
/// # Errors
/// The system's.
pub fn project(folder: &Path, file: &str, content: &str) -> io::Result<PathBuf> {
    let work = folder.join("internal/service/handler/testdata");
    fs::create_dir_all(&work)?;
    if !file.is_empty() {
        fs::write(folder.join(file), content)?;
    }
    Ok(work)
}

fn hash(tag: &str) -> io::Result<String> {
    Tag::parse(tag).map(|tag| tag.hash8()).map_err(io::Error::other)
}

fn path(bytes: &[u8]) -> PathBuf {
    PathBuf::from(OsStr::from_bytes(bytes))
}
