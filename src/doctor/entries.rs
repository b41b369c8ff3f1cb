//! The entries of a PATH, and what is called `go` in each: what a shell would find, pass over, or fail at.
//!
//! The rules are those of nine shells, measured: folders, files that may not be executed and broken links are passed over;
//! everything else ends the search.

use gvm_core::path;
use gvm_core::world::World;

use super::disk::{Disk, Kind};
use super::program::{self, Executable};

/// One entry of PATH.
#[derive(Clone, Debug)]
pub struct Entry {
    /// As it stands there.
    pub text: Vec<u8>,
    /// Its place in the list, from 1.
    pub number: usize,
    /// The folder that it means: an empty or relative one counts from the working directory.
    pub folder: Vec<u8>,
    /// Whether a folder is there.
    pub is_there: bool,
    /// What is called `go` in it.
    pub go: Option<Named>,
}

/// Something called `go`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Named {
    /// A folder.
    Folder,
    /// A file without the right to be executed.
    NotExecutable,
    /// A link that leads nowhere.
    BrokenLink,
    /// A file that may be executed.
    Executable(Executable),
}

impl Entry {
    /// The path of what is called `go` in it.
    pub fn program(&self) -> Vec<u8> {
        let mut program = path::join(&self.folder, b"go");
        program.extend_from_slice(path::PROGRAM_SUFFIX);
        program
    }

    /// Whether a shell's search ends here.
    pub fn is_found(&self) -> bool {
        matches!(self.go, Some(Named::Executable(_)))
    }
}

/// The entries of this PATH. None at all where it is not set; one, the working directory, where it is empty.
pub fn of_path(world: &dyn World, disk: &dyn Disk, list: Option<&[u8]>) -> Vec<Entry> {
    let Some(list) = list else { return Vec::new() };
    let cwd = world.cwd().unwrap_or_default();
    let entries = list.split(|byte| *byte == path::LIST_SEPARATOR).zip(1..);
    entries.map(|(text, number)| entry(world, disk, &cwd, text, number)).collect()
}

fn entry(world: &dyn World, disk: &dyn Disk, cwd: &[u8], text: &[u8], number: usize) -> Entry {
    let folder = match text {
        b"" => cwd.to_vec(),
        text if path::is_absolute(text) => text.to_vec(),
        text => path::join(cwd, text),
    };
    let mut entry =
        Entry { text: text.to_vec(), number, is_there: world.is_folder(&folder), folder, go: None };
    entry.go = named(world, disk, &entry.program());
    entry
}

fn named(world: &dyn World, disk: &dyn Disk, program: &[u8]) -> Option<Named> {
    disk.entry(program)?;
    match disk.stat(program) {
        None => Some(Named::BrokenLink),
        Some(stat) if stat.kind == Kind::Folder => Some(Named::Folder),
        Some(_) if !world.is_program(program) => Some(Named::NotExecutable),
        Some(_) => {
            let read = program::read(disk, program).unwrap_or(Executable::Unknown);
            Some(Named::Executable(read))
        }
    }
}
