//! [`Changed`]: a machine as the go that gvm starts sees it: with the variables that it sets and removes.

use gvm_core::dispatch::Change;
use gvm_core::world::{Modified, ReadError, World};

pub(super) struct Changed<'a> {
    pub(super) world: &'a dyn World,
    pub(super) changes: &'a [Change],
}

impl World for Changed<'_> {
    fn var(&self, name: &str) -> Option<Vec<u8>> {
        match self.changes.iter().find(|change| change.name == name) {
            Some(change) => change.value.clone(),
            None => self.world.var(name),
        }
    }

    fn cwd(&self) -> Option<Vec<u8>> {
        self.world.cwd()
    }

    fn read(&self, path: &[u8], limit: usize) -> Result<Vec<u8>, ReadError> {
        self.world.read(path, limit)
    }

    fn link(&self, path: &[u8]) -> Option<Vec<u8>> {
        self.world.link(path)
    }

    fn list(&self, path: &[u8], each: &mut dyn FnMut(&[u8])) -> bool {
        self.world.list(path, each)
    }

    fn modified(&self, path: &[u8]) -> Option<Modified> {
        self.world.modified(path)
    }

    fn real(&self, path: &[u8]) -> Option<Vec<u8>> {
        self.world.real(path)
    }

    fn process(&self) -> u32 {
        self.world.process()
    }

    fn is_folder(&self, path: &[u8]) -> bool {
        self.world.is_folder(path)
    }

    fn is_program(&self, path: &[u8]) -> bool {
        self.world.is_program(path)
    }

    fn same(&self, one: &[u8], other: &[u8]) -> bool {
        self.world.same(one, other)
    }
}
