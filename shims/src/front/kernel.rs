//! The system calls that are needed here, and the end of the story where there is no chooser.

use core::arch::asm;
use core::ffi::{CStr, c_char};

#[cfg(target_arch = "x86_64")]
mod number {
    pub(super) const READ: usize = 0;
    pub(super) const FSTAT: usize = 5;
    pub(super) const MMAP: usize = 9;
    pub(super) const EXECVE: usize = 59;
    pub(super) const GETCWD: usize = 79;
    pub(super) const WRITEV: usize = 20;
    pub(super) const EXIT_GROUP: usize = 231;
    pub(super) const OPENAT: usize = 257;
    pub(super) const READLINKAT: usize = 267;
    /// Where `struct stat` holds the mode, as a count of words; the low half of one.
    pub(super) const MODE: usize = 3;
}
#[cfg(target_arch = "aarch64")]
mod number {
    pub(super) const READ: usize = 63;
    pub(super) const FSTAT: usize = 80;
    pub(super) const MMAP: usize = 222;
    pub(super) const EXECVE: usize = 221;
    pub(super) const GETCWD: usize = 17;
    pub(super) const WRITEV: usize = 66;
    pub(super) const EXIT_GROUP: usize = 94;
    pub(super) const OPENAT: usize = 56;
    pub(super) const READLINKAT: usize = 78;
    /// Where `struct stat` holds the mode, as a count of words; the low half of one.
    pub(super) const MODE: usize = 2;
}

/// Relative to the working directory.
const AT_FDCWD: usize = -100_isize as usize;
/// To read, without blocking, without becoming anybody's terminal, closed by `execve`.
const READ_ONLY: usize = 0o4000 | 0o400 | 0o200_0000;
/// `ENOENT` and `ENOTDIR`: nothing is there.
const NOTHING: [usize; 2] = [2, 20];

/// Memory may be read, written, run: as `mmap` has it.
pub(crate) const PROT_READ: usize = 1;
/// As above.
pub(crate) const PROT_WRITE: usize = 2;
/// As above.
pub(crate) const PROT_EXEC: usize = 4;

/// What came of opening a file.
pub(crate) enum Opened {
    /// It is open.
    File(usize),
    /// Nothing is there.
    Nothing,
    /// Something else is the matter.
    Unclear,
}

/// Opens a file to read, without blocking.
pub(crate) fn open(path: &CStr) -> Opened {
    // SAFETY: it is a C string.
    match unsafe { call(number::OPENAT, [AT_FDCWD, address(path), READ_ONLY, 0, 0, 0]) } {
        Ok(file) => Opened::File(file),
        Err(error) if NOTHING.contains(&error) => Opened::Nothing,
        Err(_) => Opened::Unclear,
    }
}

/// The size of an open file; None where that is no regular one.
pub(crate) fn size(file: usize) -> Option<usize> {
    /// Where `struct stat` holds the size, on both systems, as a count of words.
    const SIZE: usize = 6;
    // `struct stat` has 144 bytes on x86-64, and fewer on aarch64.
    let mut about = [0; 18];
    let words = [file, about.as_mut_ptr().expose_provenance(), 0, 0, 0, 0];
    // SAFETY: there is room for it.
    unsafe { call(number::FSTAT, words) }.ok()?;
    (about[number::MODE] & 0o170_000 == 0o100_000).then_some(about[SIZE])
}

/// Reads what fits, once; None where that fails or there is perhaps more.
pub(crate) fn read(file: usize, room: &mut [u8]) -> Option<&[u8]> {
    let words = [file, room.as_mut_ptr().expose_provenance(), room.len(), 0, 0, 0];
    // SAFETY: there is room for as many.
    let count = unsafe { call(number::READ, words) }.ok()?;
    if count < room.len() { room.get(..count) } else { None }
}

/// Fills the room from the beginning of a file; None where the file is shorter.
pub(crate) fn fill(file: usize, room: &mut [u8]) -> Option<()> {
    let words = [file, room.as_mut_ptr().expose_provenance(), room.len(), 0, 0, 0];
    // SAFETY: there is room for as many.
    let count = unsafe { call(number::READ, words) }.ok()?;
    (count == room.len()).then_some(())
}

/// Where a link points; None where it is none or that does not fit.
pub(crate) fn link<'a>(path: &CStr, room: &'a mut [u8]) -> Option<&'a [u8]> {
    let words = [AT_FDCWD, address(path), room.as_mut_ptr().expose_provenance(), room.len(), 0, 0];
    // SAFETY: a C string, and room for as many.
    let count = unsafe { call(number::READLINKAT, words) }.ok()?;
    if count < room.len() { room.get(..count) } else { None }
}

/// The working directory; None where it has no name that fits.
pub(crate) fn working_directory(room: &mut [u8]) -> Option<&[u8]> {
    let words = [room.as_mut_ptr().expose_provenance(), room.len(), 0, 0, 0, 0];
    // SAFETY: there is room for as many.
    let count = unsafe { call(number::GETCWD, words) }.ok()?;
    // The zero at its end is counted.
    room.get(..count.checked_sub(1)?).filter(|path| path.first() == Some(&b'/'))
}

/// Maps a part of a file, or memory where there is none, at this address, which must be free.
///
/// # Safety
/// Nobody else has this memory.
pub(crate) unsafe fn map(
    at: usize,
    length: usize,
    rights: usize,
    from: Option<(usize, usize)>,
) -> Option<()> {
    const PRIVATE: usize = 2;
    const ANONYMOUS: usize = 0x20;
    const NOT_OVER_ANOTHER: usize = 0x10_0000;
    let (file, offset, kind) = match from {
        Some((file, offset)) => (file, offset, PRIVATE),
        None => (usize::MAX, 0, PRIVATE | ANONYMOUS),
    };
    // SAFETY: the caller's promise. An old kernel takes the address for a wish.
    let got =
        unsafe { call(number::MMAP, [at, length, rights, kind | NOT_OVER_ANOTHER, file, offset]) };
    (got == Ok(at)).then_some(())
}

/// Becomes the program; comes back only when that fails.
///
/// # Safety
/// Both arrays are of pointers to C strings, and end with a null pointer.
pub(crate) unsafe fn execve(
    program: &CStr,
    arguments: *const *const c_char,
    environment: *const *const c_char,
) {
    let words =
        [address(program), arguments.expose_provenance(), environment.expose_provenance(), 0, 0, 0];
    // SAFETY: the caller's promise.
    let _ = unsafe { call(number::EXECVE, words) };
}

/// Says in two lines why gvm refuses, and ends.
pub(crate) fn fail(what: &[&[u8]], hint: &[u8]) -> ! {
    /// What a gvm that refuses exits with.
    const REFUSED: usize = 125;
    let mut parts: [&[u8]; 8] = [b""; 8];
    let whole = [&b"gvm: "[..]].into_iter().chain(what.iter().copied());
    let whole = whole.chain([&b"\ngvm: "[..], hint, b"\n"]);
    let count = parts.iter_mut().zip(whole).map(|(part, text)| *part = text).count();
    // A slice is an address and a length, as `struct iovec` is.
    let parts = parts.map(|part| [part.as_ptr().expose_provenance(), part.len()]);
    // SAFETY: so many parts are there.
    let _ =
        unsafe { call(number::WRITEV, [2, parts.as_ptr().expose_provenance(), count, 0, 0, 0]) };
    loop {
        // SAFETY: it touches no memory of ours.
        let _ = unsafe { call(number::EXIT_GROUP, [REFUSED, 0, 0, 0, 0, 0]) };
    }
}

fn address(text: &CStr) -> usize {
    text.as_ptr().expose_provenance()
}

/// Calls the kernel: gives its result, or the error's number.
///
/// # Safety
/// That of the call.
unsafe fn call(number: usize, words: [usize; 6]) -> Result<usize, usize> {
    let [first, second, third, fourth, fifth, sixth] = words;
    let result: usize;
    #[cfg(target_arch = "x86_64")]
    // SAFETY: the kernel overwrites these three registers and no other.
    unsafe {
        asm!(
            "syscall",
            inlateout("rax") number => result,
            in("rdi") first,
            in("rsi") second,
            in("rdx") third,
            in("r10") fourth,
            in("r8") fifth,
            in("r9") sixth,
            out("rcx") _,
            out("r11") _,
            options(nostack)
        );
    }
    #[cfg(target_arch = "aarch64")]
    // SAFETY: the kernel overwrites the register of the result and no other.
    unsafe {
        asm!(
            "svc 0",
            in("x8") number,
            inlateout("x0") first => result,
            in("x1") second,
            in("x2") third,
            in("x3") fourth,
            in("x4") fifth,
            in("x5") sixth,
            options(nostack)
        );
    }
    // The last page of addresses stands for errors.
    if result > usize::MAX - 4096 { Err(result.wrapping_neg()) } else { Ok(result) }
}
