//! [`Windows`]: the machine in memory under Windows' names: drive, separators, ends of programs.

use gvm_core::world::memory::Memory;
use gvm_core::world::{Modified, ReadError, World};

/// The drive that its `/` is.
const DRIVE: &[u8] = b"C:";

/// The same machine; whoever asks it speaks Windows.
pub struct Windows(pub Memory);

/// A path of Windows as the machine has it.
fn inner(path: &[u8]) -> Vec<u8> {
    let path = path.strip_prefix(DRIVE).unwrap_or(path);
    let path = path.strip_suffix(b".exe").unwrap_or(path);
    path.iter().map(|byte| if *byte == b'\\' { b'/' } else { *byte }).collect()
}

/// A path of the machine as Windows has it.
fn outer(path: &[u8]) -> Vec<u8> {
    let drive = if path.starts_with(b"/") { DRIVE } else { b"" };
    let path = path.iter().map(|byte| if *byte == b'/' { b'\\' } else { *byte });
    drive.iter().copied().chain(path).collect()
}

impl World for Windows {
    fn var(&self, name: &str) -> Option<Vec<u8>> {
        World::var(&self.0, name)
    }

    fn cwd(&self) -> Option<Vec<u8>> {
        self.0.cwd().map(|path| outer(&path))
    }

    fn read(&self, path: &[u8], limit: usize) -> Result<Vec<u8>, ReadError> {
        self.0.read(&inner(path), limit)
    }

    fn link(&self, path: &[u8]) -> Option<Vec<u8>> {
        World::link(&self.0, &inner(path)).map(|target| outer(&target))
    }

    fn list(&self, path: &[u8], each: &mut dyn FnMut(&[u8])) -> bool {
        self.0.list(&inner(path), each)
    }

    fn modified(&self, path: &[u8]) -> Option<Modified> {
        World::modified(&self.0, &inner(path))
    }

    fn real(&self, path: &[u8]) -> Option<Vec<u8>> {
        self.0.real(&inner(path)).map(|path| outer(&path))
    }

    fn process(&self) -> u32 {
        self.0.process()
    }

    fn is_folder(&self, path: &[u8]) -> bool {
        self.0.is_folder(&inner(path))
    }

    fn is_program(&self, path: &[u8]) -> bool {
        path.ends_with(b".exe") && self.0.is_program(&inner(path))
    }

    fn same(&self, one: &[u8], other: &[u8]) -> bool {
        self.0.same(&inner(one), &inner(other))
    }
}
