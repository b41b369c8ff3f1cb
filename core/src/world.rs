//! What deciding may look at: files, folders, variables, the working directory. The one seam between gvm-core and a
//! machine.
//!
//! Implementations are not here: the hosted one is `gvm_shim::world`, tests have [`memory`].

use alloc::vec::Vec;

pub mod memory;

/// A machine, as far as deciding needs one. Nothing here blocks, writes, or reaches the network.
pub trait World {
    /// The variable's value, as bytes; also when it is empty.
    fn var(&self, name: &str) -> Option<Vec<u8>>;

    /// The working directory, absolute. None when it is gone.
    fn cwd(&self) -> Option<Vec<u8>>;

    /// The whole of a regular file of at most `limit` bytes, following symbolic links, without ever blocking on a pipe
    /// or a device. A path below something that is no folder, or below a folder that may not be searched, is
    /// [`ReadError::Missing`]: whoever works below another user's folder must still be able to run Go.
    fn read(&self, path: &[u8], limit: usize) -> Result<Vec<u8>, ReadError>;

    /// The same of a file that belongs to the user and not to a project, so that a machine may spare the look whether it
    /// is a regular one. It does not block either.
    fn read_own(&self, path: &[u8], limit: usize) -> Result<Vec<u8>, ReadError> {
        self.read(path, limit)
    }

    /// Where the link at `path` points, as written in it: a symbolic link or junction; where the file system has no
    /// links, the first line of the file that stands for one. None when there is no such thing.
    fn link(&self, path: &[u8]) -> Option<Vec<u8>>;

    /// Gives each name in a folder to `each`, in no order. False when it cannot be listed.
    fn list(&self, path: &[u8], each: &mut dyn FnMut(&[u8])) -> bool;

    /// When a file or folder was last modified, following links.
    fn modified(&self, path: &[u8]) -> Option<Modified>;

    /// The path of an existing file or folder with every link in it followed.
    fn real(&self, path: &[u8]) -> Option<Vec<u8>>;

    /// The number of this process.
    fn process(&self) -> u32;

    /// Whether a folder is there, following links.
    fn is_folder(&self, path: &[u8]) -> bool;

    /// Whether a regular file is there that this user may execute, following links.
    fn is_program(&self, path: &[u8]) -> bool;

    /// Whether both paths lead to one and the same existing file or folder.
    fn same(&self, one: &[u8], other: &[u8]) -> bool;
}

/// A time of modification: compared, never reckoned with.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Modified {
    /// Whole seconds since 1970; none before.
    pub seconds: u64,
    /// The rest.
    pub nanoseconds: u32,
}

/// Why [`World::read`] gave nothing.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ReadError {
    /// Nothing is there.
    Missing,
    /// Something is there that is not a regular file.
    NotRegular(FileKind),
    /// It is longer than the limit.
    TooLong,
    /// It is there and may not be read, or reading it failed; the system's error number where there is one.
    Unreadable(Option<i32>),
}

/// What stands where a regular file was expected.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum FileKind {
    /// A folder.
    Folder,
    /// A FIFO.
    Pipe,
    /// A character or block device.
    Device,
    /// A socket, or what else a system may have.
    Other,
}

impl FileKind {
    /// The word for a message: "is a … , not a file".
    pub fn noun(self) -> &'static str {
        match self {
            Self::Folder => "folder",
            Self::Pipe => "pipe",
            Self::Device => "device",
            Self::Other => "special file",
        }
    }
}
