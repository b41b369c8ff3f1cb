//! [`Raw`]: the machine by system calls, as few as will do. What it answers is what `gvm_shim::world` answers over the
//! standard library.
//!
//! Nothing that is opened is ever closed: the next call is the `execve` that does it.

use alloc::ffi::CString;
use alloc::vec::Vec;
use core::mem::{ManuallyDrop, MaybeUninit};

use gvm_core::world::{FileKind, Modified, ReadError, World};
use rustix::fd::{AsRawFd, OwnedFd};
use rustix::fs::{self, Access, CWD, FileType, Mode, OFlags, RawDir, Stat};
use rustix::io::{self, Errno};

/// A user's settings fit in so many bytes, as a rule.
const ROOM: usize = 4096;

/// The machine. The environment is that of the process.
pub(super) struct Raw<'a> {
    /// The variables, `NAME=value`.
    pub(super) environment: &'a [&'a [u8]],
}

impl World for Raw<'_> {
    fn var(&self, name: &str) -> Option<Vec<u8>> {
        let value = self
            .environment
            .iter()
            .find_map(|entry| entry.strip_prefix(name.as_bytes())?.strip_prefix(b"="))?;
        Some(value.to_vec())
    }

    fn cwd(&self) -> Option<Vec<u8>> {
        let path = match rustix::process::getcwd(Vec::with_capacity(256)) {
            Ok(path) => path.into_bytes(),
            Err(Errno::NAMETOOLONG) => return nearest_named_folder(),
            Err(_) => return None,
        };
        // The kernel says `(unreachable)…` of a folder outside of the process's root.
        path.starts_with(b"/").then_some(path)
    }

    fn read(&self, path: &[u8], limit: usize) -> Result<Vec<u8>, ReadError> {
        let file = open(path, OFlags::empty()).map_err(|error| unopened(path, error))?;
        let about = fs::fstat(&*file).map_err(unreadable)?;
        match kind(about.st_mode) {
            Some(kind) => Err(ReadError::NotRegular(kind)),
            None => read(&file, limit, usize::try_from(about.st_size).unwrap_or(0)),
        }
    }

    fn read_own(&self, path: &[u8], limit: usize) -> Result<Vec<u8>, ReadError> {
        let file = open(path, OFlags::empty()).map_err(|error| unopened(path, error))?;
        let mut content = Vec::with_capacity(ROOM);
        while content.len() <= limit {
            let room = content.capacity() - content.len();
            let count = match io::read(&*file, rustix::buffer::spare_capacity(&mut content)) {
                Ok(count) => count,
                Err(Errno::INTR) => continue,
                Err(error) => return Err(unreadable(error)),
            };
            // A file on a disk gives less than there is room for only at its end.
            if count < room {
                return Ok(content);
            }
            content.reserve(ROOM);
        }
        Err(ReadError::TooLong)
    }

    fn link(&self, path: &[u8]) -> Option<Vec<u8>> {
        match target(path) {
            Ok(target) => Some(target),
            // A file system without links holds a file instead.
            Err(Errno::INVAL) => {
                let content = self.read(path, 4096).ok()?;
                let line = content.split(|byte| *byte == b'\n').next()?.trim_ascii();
                // Only text is a name on every system.
                (!line.is_empty() && core::str::from_utf8(line).is_ok()).then(|| line.to_vec())
            }
            Err(_) => None,
        }
    }

    fn list(&self, path: &[u8], each: &mut dyn FnMut(&[u8])) -> bool {
        let Ok(folder) = open(path, OFlags::DIRECTORY) else { return false };
        // Five hundred versions fit.
        let mut room = [MaybeUninit::uninit(); 16 * 1024];
        let mut entries = RawDir::new(&*folder, &mut room);
        while let Some(Ok(entry)) = entries.next() {
            match entry.file_name().to_bytes() {
                b"." | b".." => {}
                name => each(name),
            }
        }
        true
    }

    fn modified(&self, path: &[u8]) -> Option<Modified> {
        let about = stat(path).ok()?;
        let seconds = u64::try_from(about.st_mtime).ok()?;
        Some(Modified { seconds, nanoseconds: u32::try_from(about.st_mtime_nsec).ok()? })
    }

    fn real(&self, path: &[u8]) -> Option<Vec<u8>> {
        path_of(&*open(path, OFlags::PATH).ok()?).ok()
    }

    fn process(&self) -> u32 {
        rustix::process::getpid().as_raw_nonzero().get().unsigned_abs()
    }

    fn is_folder(&self, path: &[u8]) -> bool {
        stat(path).is_ok_and(|about| kind(about.st_mode) == Some(FileKind::Folder))
    }

    fn is_program(&self, path: &[u8]) -> bool {
        stat(path).is_ok_and(|about| kind(about.st_mode).is_none())
            && c(path).is_ok_and(|path| fs::access(&*path, Access::EXEC_OK).is_ok())
    }

    fn same(&self, one: &[u8], other: &[u8]) -> bool {
        match (stat(one), stat(other)) {
            (Ok(one), Ok(other)) => one.st_dev == other.st_dev && one.st_ino == other.st_ino,
            (Ok(_) | Err(_), _) => false,
        }
    }
}

/// The nearest folder above the working directory whose path the kernel can say. What is below it could not be opened by
/// its path either.
fn nearest_named_folder() -> Option<Vec<u8>> {
    let mut up = Vec::from(b"..");
    loop {
        let folder = open(&up, OFlags::PATH).ok()?;
        match path_of(&folder) {
            Err(Errno::NAMETOOLONG) => up.extend_from_slice(b"/.."),
            path => return path.ok(),
        }
    }
}

/// The path of what is open, with every link in it followed.
fn path_of(file: &OwnedFd) -> io::Result<Vec<u8>> {
    let mut link = Vec::from(b"/proc/self/fd/");
    let number = file.as_raw_fd().unsigned_abs();
    // By hand: `core::fmt` is a tenth of a shim.
    let mut unit = 1_000_000_000;
    while unit > 0 {
        if number >= unit || unit == 1 {
            link.push(b"0123456789"[(number / unit % 10) as usize]);
        }
        unit /= 10;
    }
    target(&link)
}

/// What the symbolic link says.
pub(super) fn target(path: &[u8]) -> io::Result<Vec<u8>> {
    fs::readlinkat(CWD, &*c(path)?, Vec::with_capacity(256)).map(CString::into_bytes)
}

fn stat(path: &[u8]) -> io::Result<Stat> {
    fs::stat(&*c(path)?)
}

/// The path as the kernel takes it: made in one place, where rustix would make it anew for each of its functions.
fn c(path: &[u8]) -> io::Result<CString> {
    CString::new(path).map_err(|_| Errno::INVAL)
}

/// Writes to standard error. What cannot be written is lost.
pub(super) fn say(text: &[u8]) {
    // SAFETY: whatever stands at that number, to write there harms nothing of ours; if nothing does, it fails.
    let stream = unsafe { rustix::stdio::stderr() };
    // There is nobody left to tell.
    let _ = io::write(stream, text);
}

/// Opens without waiting for a FIFO's writer or a modem's carrier.
fn open(path: &[u8], more: OFlags) -> io::Result<ManuallyDrop<OwnedFd>> {
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC | more;
    fs::open(&*c(path)?, flags, Mode::empty()).map(ManuallyDrop::new)
}

/// Why the file was not opened.
fn unopened(path: &[u8], error: Errno) -> ReadError {
    match error {
        Errno::NOENT | Errno::NOTDIR | Errno::NAMETOOLONG => ReadError::Missing,
        // Without search permission on the folder nobody can say whether the file is there.
        Errno::ACCESS if target(path) == Err(Errno::ACCESS) => ReadError::Missing,
        // A socket cannot be opened at all, and a device may refuse: say what it is rather than that it failed.
        _ => match stat(path).ok().and_then(|about| kind(about.st_mode)) {
            Some(kind) => ReadError::NotRegular(kind),
            None => unreadable(error),
        },
    }
}

/// All of the file, which says that it holds `size` bytes: usually in one call. Files of `/proc` say none.
fn read(file: &OwnedFd, limit: usize, size: usize) -> Result<Vec<u8>, ReadError> {
    if size > limit {
        return Err(ReadError::TooLong);
    }
    let mut content = Vec::with_capacity(size + 1);
    while content.len() <= limit {
        if content.len() == content.capacity() {
            content.reserve(limit + 1 - content.len());
        }
        let count = match io::read(file, rustix::buffer::spare_capacity(&mut content)) {
            Ok(count) => count,
            Err(Errno::INTR) => continue,
            Err(error) => return Err(unreadable(error)),
        };
        if count == 0 || (content.len() == size && content.len() < content.capacity()) {
            break;
        }
    }
    if content.len() > limit { Err(ReadError::TooLong) } else { Ok(content) }
}

fn unreadable(error: Errno) -> ReadError {
    ReadError::Unreadable(Some(error.raw_os_error()))
}

/// What it is; None for a regular file.
fn kind(mode: u32) -> Option<FileKind> {
    match FileType::from_raw_mode(mode) {
        FileType::RegularFile => None,
        FileType::Directory => Some(FileKind::Folder),
        FileType::Fifo => Some(FileKind::Pipe),
        FileType::CharacterDevice | FileType::BlockDevice => Some(FileKind::Device),
        FileType::Symlink | FileType::Socket | FileType::Unknown => Some(FileKind::Other),
    }
}
