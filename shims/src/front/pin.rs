//! A plain pin: found, read, and followed to its program.

use core::ffi::CStr;

use gvm_core::pinfile;

use crate::environment::Environment;
use crate::kernel::{self, Opened};
use crate::start::Started;

/// Longer paths of pins and versions are the chooser's.
const LONGEST: usize = 1024;
/// A pin longer than this is not plain.
const LONGEST_PIN: usize = 24;

/// Becomes the program that a plain pin names. Comes back where there is no plain pin, or nothing to become.
pub(crate) fn follow(started: &Started, root: &[u8], tool: &[u8], environment: &Environment<'_>) {
    let mut room = [0; LONGEST_PIN];
    let Some(version) = nearest(&mut room) else { return };
    if names_goroot(environment) != Some(false) {
        return;
    }
    let mut target = [0; 16];
    let Some(hash) = Path::<LONGEST>::of(&[root, b"/versions/go", version])
        .and_then(|link| hash_of(kernel::link(link.as_c()?, &mut target)?))
    else {
        return;
    };
    let program = Path::<LONGEST>::of(&[root, b"/", hash, b"/bin/", tool]);
    let Some(program) = program.as_ref().and_then(Path::as_c) else { return };
    let child = environment.child();
    // SAFETY: the kernel's own array, and one that ends with a null pointer before what is not set.
    unsafe { kernel::execve(program, started.argument_array(), child.as_ptr().cast()) };
}

/// The version that the nearest pin names, if that is a plain one.
fn nearest(room: &mut [u8; LONGEST_PIN]) -> Option<&[u8]> {
    let mut path = Path { bytes: [0; LONGEST], length: 0 };
    // Longer ones are not walked here: a name must fit behind.
    let folder = kernel::working_directory(path.bytes.get_mut(..LONGEST - 32)?)?.len();
    path.length = if folder == 1 { 0 } else { folder };
    loop {
        let folder = path.length;
        path.push(b"/.go-version")?;
        match kernel::open(path.as_c()?) {
            Opened::File(file) => {
                let size = kernel::size(file)?;
                let content = kernel::read(file, room)?;
                // Some file systems give less at a time than there is, or do not know how much that is.
                return pinfile::plain(content).filter(|_| content.len() == size);
            }
            Opened::Unclear => return None,
            Opened::Nothing => {}
        }
        path.length = folder;
        path.push(b"/.tool-versions")?;
        if !matches!(kernel::open(path.as_c()?), Opened::Nothing) {
            return None;
        }
        path.length = path.bytes.get(..folder)?.iter().rposition(|byte| *byte == b'/')?;
    }
}

/// Whether the user's go/env file names a GOROOT, which would have to be overruled. None where that is not plain.
fn names_goroot(environment: &Environment<'_>) -> Option<bool> {
    let path: Path<LONGEST> = match (environment.goenv, environment.config, environment.home) {
        (Some(b"off"), _, _) => return Some(false),
        (Some(path), _, _) => Path::of(&[path])?,
        (None, Some([b'/', ..]), _) => Path::of(&[environment.config?, b"/go/env"])?,
        // Without these there is no such file.
        (None, Some(_), _) | (None, None, None) => return Some(false),
        (None, None, Some(home)) => Path::of(&[home, b"/.config/go/env"])?,
    };
    let file = match kernel::open(path.as_c()?) {
        Opened::File(file) => file,
        Opened::Nothing => return Some(false),
        Opened::Unclear => return None,
    };
    // What is named may be a pipe, and what is read from one is gone for the go command.
    if environment.goenv.is_some() {
        kernel::size(file)?;
    }
    let mut room = [0; 2048];
    let content = kernel::read(file, &mut room)?;
    Some(content.split(|byte| *byte == b'\n').any(|line| line.starts_with(b"GOROOT=")))
}

/// The folder that a version's link leads to, as gvm writes it: `../HASH`.
fn hash_of(target: &[u8]) -> Option<&[u8]> {
    let hash = target.strip_prefix(b"../")?;
    gvm_core::layout::is_hash(hash).then_some(hash)
}

/// A path in the making, of fewer than `MOST` bytes, with a zero behind it.
pub(crate) struct Path<const MOST: usize> {
    bytes: [u8; MOST],
    length: usize,
}

impl<const MOST: usize> Path<MOST> {
    /// These parts in a row; None where they do not fit.
    pub(crate) fn of(parts: &[&[u8]]) -> Option<Self> {
        let mut path = Self { bytes: [0; MOST], length: 0 };
        for part in parts {
            path.push(part)?;
        }
        Some(path)
    }

    /// As C has it.
    pub(crate) fn as_c(&self) -> Option<&CStr> {
        CStr::from_bytes_with_nul(self.bytes.get(..=self.length)?).ok()
    }

    fn push(&mut self, part: &[u8]) -> Option<()> {
        let end = self.length + part.len();
        self.bytes.get_mut(self.length..end)?.copy_from_slice(part);
        *self.bytes.get_mut(end)? = 0;
        self.length = end;
        Some(())
    }
}
