//! A machine in memory: for tests of everything that decides.

use alloc::borrow::ToOwned;
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use super::{FileKind, Modified, ReadError, World};

/// Files, links, folders and variables held in maps. Folders exist when something stands below them.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    vars: BTreeMap<String, Vec<u8>>,
    nodes: BTreeMap<Vec<u8>, Node>,
    times: BTreeMap<Vec<u8>, Modified>,
    cwd: Option<Vec<u8>>,
}

#[derive(Clone, Debug)]
enum Node {
    File { content: Vec<u8>, program: bool },
    Link(Vec<u8>),
    Special(FileKind),
}

impl Memory {
    /// An empty machine whose working directory is `cwd`.
    pub fn new(cwd: &str) -> Self {
        Self { cwd: Some(cwd.as_bytes().to_vec()), ..Self::default() }
    }

    /// Sets a variable.
    #[must_use]
    pub fn var(mut self, name: &str, value: &str) -> Self {
        self.vars.insert(name.to_owned(), value.as_bytes().to_vec());
        self
    }

    /// Writes a file.
    #[must_use]
    pub fn file(mut self, path: &str, content: &[u8]) -> Self {
        self.insert(path, Node::File { content: content.to_vec(), program: false });
        self
    }

    /// Writes a program.
    #[must_use]
    pub fn program(mut self, path: &str) -> Self {
        self.insert(path, Node::File { content: Vec::new(), program: true });
        self
    }

    /// Makes a symbolic link.
    #[must_use]
    pub fn link(mut self, path: &str, target: &str) -> Self {
        self.insert(path, Node::Link(target.as_bytes().to_vec()));
        self
    }

    /// Puts a pipe, a device or an empty folder there.
    #[must_use]
    pub fn special(mut self, path: &str, kind: FileKind) -> Self {
        self.insert(path, Node::Special(kind));
        self
    }

    /// Sets a time of modification; there are no others.
    #[must_use]
    pub fn modified(mut self, path: &str, time: Modified) -> Self {
        self.times.insert(path.as_bytes().to_vec(), time);
        self
    }

    /// Takes the working directory away.
    #[must_use]
    pub fn without_cwd(mut self) -> Self {
        self.cwd = None;
        self
    }

    fn insert(&mut self, path: &str, node: Node) {
        self.nodes.insert(path.as_bytes().to_vec(), node);
    }

    /// The path with every link in it followed; None after too many of them.
    fn follow(&self, path: &[u8]) -> Option<Vec<u8>> {
        let mut pending: Vec<Vec<u8>> = parts(path).map(<[u8]>::to_vec).rev().collect();
        let mut done: Vec<Vec<u8>> = Vec::new();
        for _ in 0..200 {
            let Some(part) = pending.pop() else { return Some(join(&done)) };
            if part == b".." {
                done.pop();
                continue;
            }
            done.push(part);
            if let Some(Node::Link(target)) = self.nodes.get(&join(&done)) {
                if target.starts_with(b"/") {
                    done.clear();
                } else {
                    done.pop();
                }
                pending.extend(parts(target).map(<[u8]>::to_vec).rev());
            }
        }
        None
    }

    fn names_below<'a>(&'a self, folder: &'a [u8]) -> impl Iterator<Item = &'a [u8]> {
        self.nodes.keys().filter_map(move |path| {
            let rest = path.strip_prefix(folder)?.strip_prefix(b"/")?;
            rest.split(|byte| *byte == b'/').next()
        })
    }
}

impl World for Memory {
    fn var(&self, name: &str) -> Option<Vec<u8>> {
        self.vars.get(name).cloned()
    }

    fn cwd(&self) -> Option<Vec<u8>> {
        self.cwd.clone()
    }

    fn read(&self, path: &[u8], limit: usize) -> Result<Vec<u8>, ReadError> {
        let path = self.follow(path).ok_or(ReadError::Missing)?;
        match self.nodes.get(&path) {
            Some(Node::File { content, .. }) if content.len() > limit => Err(ReadError::TooLong),
            Some(Node::File { content, .. }) => Ok(content.clone()),
            Some(Node::Special(kind)) => Err(ReadError::NotRegular(*kind)),
            Some(Node::Link(_)) => Err(ReadError::Missing),
            None if self.is_folder(&path) => Err(ReadError::NotRegular(FileKind::Folder)),
            None => Err(ReadError::Missing),
        }
    }

    fn link(&self, path: &[u8]) -> Option<Vec<u8>> {
        match self.nodes.get(path)? {
            Node::Link(target) => Some(target.clone()),
            Node::File { content, .. } => {
                content.split(|byte| *byte == b'\n').next().map(<[u8]>::to_vec)
            }
            Node::Special(_) => None,
        }
    }

    fn list(&self, path: &[u8], each: &mut dyn FnMut(&[u8])) -> bool {
        let Some(path) = self.follow(path) else { return false };
        let mut names: Vec<&[u8]> = self.names_below(&path).collect();
        names.dedup();
        names.into_iter().for_each(each);
        self.is_folder(&path)
    }

    fn modified(&self, path: &[u8]) -> Option<Modified> {
        self.times.get(path).copied()
    }

    fn real(&self, path: &[u8]) -> Option<Vec<u8>> {
        let path = self.follow(path)?;
        (self.nodes.contains_key(&path) || self.is_folder(&path)).then_some(path)
    }

    fn process(&self) -> u32 {
        1
    }

    fn is_folder(&self, path: &[u8]) -> bool {
        let Some(path) = self.follow(path) else { return false };
        matches!(self.nodes.get(&path), Some(Node::Special(FileKind::Folder)))
            || self.names_below(&path).next().is_some()
    }

    fn is_program(&self, path: &[u8]) -> bool {
        let Some(path) = self.follow(path) else { return false };
        matches!(self.nodes.get(&path), Some(Node::File { program: true, .. }))
    }

    fn same(&self, one: &[u8], other: &[u8]) -> bool {
        match (self.follow(one), self.follow(other)) {
            (Some(one), Some(other)) => {
                one == other && (self.nodes.contains_key(&one) || self.is_folder(&one))
            }
            (Some(_) | None, _) => false,
        }
    }
}

fn parts(path: &[u8]) -> impl DoubleEndedIterator<Item = &[u8]> {
    path.split(|byte| *byte == b'/').filter(|part| !part.is_empty() && *part != b".")
}

fn join(parts: &[Vec<u8>]) -> Vec<u8> {
    let mut path = Vec::new();
    for part in parts {
        path.push(b'/');
        path.extend_from_slice(part);
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_followed_in_every_part_of_a_path() {
        let world = Memory::new("/")
            .file("/root/c3a05a89/VERSION", b"go1.22.4")
            .link("/root/versions/go1.22.4", "../c3a05a89")
            .link("/root/current", "c3a05a89");
        assert_eq!(world.read(b"/root/versions/go1.22.4/VERSION", 99).unwrap(), b"go1.22.4");
        assert!(world.same(b"/root/current", b"/root/versions/go1.22.4"));
        assert!(world.is_folder(b"/root/versions"));
        assert_eq!(world.read(b"/root/current/none", 9), Err(ReadError::Missing));
    }

    #[test]
    fn what_is_no_file_is_named() {
        let world = Memory::new("/").special("/p", FileKind::Pipe).link("/loop", "loop");
        assert_eq!(world.read(b"/p", 9), Err(ReadError::NotRegular(FileKind::Pipe)));
        assert_eq!(world.read(b"/loop", 9), Err(ReadError::Missing));
        assert!(!world.list(b"/none", &mut |_| {}));
    }
}
