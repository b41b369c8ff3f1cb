//! The chooser, loaded into this process: its segments are mapped beside ours, and it starts on the stack that the kernel
//! gave us, as if the kernel had started it. That spares a second `execve`, and the chooser knows where the shim stands.

use core::arch::asm;

use crate::kernel::{self, Opened, PROT_EXEC, PROT_READ, PROT_WRITE};
use crate::pin::Path;
use crate::start::Started;

/// The file, below the folder that holds `shims`.
const NAME: &[u8] = b"/chooser";
/// The longest path that the kernel takes, and the zero behind it.
const LONGEST: usize = 4096;
/// The number of this machine in an ELF file.
const MACHINE: usize = if cfg!(target_arch = "x86_64") { 62 } else { 183 };
/// A segment may be run, written, read: as ELF has it.
const EXECUTE: usize = 1;
/// As above.
const WRITE: usize = 2;
/// As above.
const READ: usize = 4;
/// Where a link to this program leads.
const OWN: &core::ffi::CStr = c"/proc/self/exe";

/// Goes on as the chooser of this ROOT, else of the one where the file of this program really is, else of GVM_DIR.
pub(crate) fn chooser(started: &Started, root: Option<&[u8]>) -> ! {
    if let Some(root) = root {
        from(started, root);
    }
    let mut room = [0; LONGEST];
    if let Some(shim) = kernel::link(OWN, &mut room)
        && let Some(root) = parent(shim).and_then(parent)
    {
        from(started, root);
    }
    let given = started.environment().find_map(|text| text.to_bytes().strip_prefix(b"GVM_DIR="));
    if let Some(root) = given.filter(|root| root.first() == Some(&b'/')) {
        from(started, root);
    }
    let root = given.or(root).unwrap_or_default();
    kernel::fail(&[root, NAME, b" cannot be loaded"], b"lay it out again with: gvm use VERSION")
}

fn parent(path: &[u8]) -> Option<&[u8]> {
    path.get(..path.iter().rposition(|byte| *byte == b'/')?)
}

/// Comes back where there is none that can be loaded.
fn from(started: &Started, root: &[u8]) {
    let Some(path) = Path::<LONGEST>::of(&[root, NAME]) else { return };
    let Some(Opened::File(file)) = path.as_c().map(kernel::open) else { return };
    if let Some(entry) = Header([0; 64]).map(file, started.page_size()) {
        begin(started.top(), entry)
    }
}

/// The first words of an ELF file: its header of 64 bytes and up to seven program headers of 56 (`elf(5)`).
struct Header([usize; 64]);

impl Header {
    /// Maps the program; gives the address where it begins. Nothing is mapped before all of it was found to be in order.
    fn map(&mut self, file: usize, page: usize) -> Option<usize> {
        let size = kernel::size(file)?;
        // SAFETY: any bytes are words.
        let bytes =
            unsafe { core::slice::from_raw_parts_mut(self.0.as_mut_ptr().cast::<u8>(), 512) };
        // The file is longer: that there is more is what is expected.
        kernel::fill(file, bytes)?;
        let entry = self.0[3];
        let mut begins = false;
        for header in self.segments()? {
            let segment = Segment::of(header?, size)?;
            begins |= segment.runs(entry);
        }
        if !begins {
            return None;
        }
        for header in self.segments()? {
            Segment::of(header?, size)?.map(file, page)?;
        }
        Some(entry)
    }

    /// The headers of what is to be mapped, each None where it asks for more than that; None where this is no program
    /// for this machine.
    fn segments(&self) -> Option<impl Iterator<Item = Option<&[usize; 7]>>> {
        const MAGIC: usize = usize::from_le_bytes(*b"\x7fELF\x02\x01\x01\0");
        /// A program at addresses of its own (2), for this machine, of version 1.
        const KIND: usize = 2 | MACHINE << 16 | 1 << 32;
        const LOAD: usize = 1;
        const STACK: usize = 0x6474_e551;
        let [MAGIC, _, KIND, _, 64, _, sizes, counts, headers @ ..] = &self.0 else { return None };
        let count = counts & 0xffff;
        if sizes >> 48 != 56 || count > 7 {
            return None;
        }
        let kind = |header: &[usize; 7]| header[0] & 0xffff_ffff;
        // Another one would be a loader's, or a thread's memory: the chooser has none.
        let headers = headers.as_chunks::<7>().0.iter().take(count);
        let segments = headers.filter(move |header| kind(header) != STACK);
        Some(segments.map(move |header| (kind(header) == LOAD).then_some(header)))
    }
}

/// A part of the program, as its program header has it.
struct Segment {
    rights: usize,
    offset: usize,
    address: usize,
    in_file: usize,
    in_memory: usize,
}

impl Segment {
    /// None where it is not in a file of this size, or no address space holds it: what is mapped past a file's end cannot
    /// be touched.
    fn of(header: &[usize; 7], size: usize) -> Option<Self> {
        const HIGHEST: usize = 1 << 47;
        let [kind, offset, address, _, in_file, in_memory, _] = *header;
        let segment = Self { rights: kind >> 32, offset, address, in_file, in_memory };
        let is_there = offset.checked_add(in_file)? <= size;
        let has_room = in_file <= in_memory && address.checked_add(in_memory)? <= HIGHEST;
        let is_writable = segment.rights & WRITE != 0;
        (is_there && has_room && (is_writable || in_file == in_memory)).then_some(segment)
    }

    /// Whether a program can begin here.
    fn runs(&self, entry: usize) -> bool {
        let within = entry.wrapping_sub(self.address);
        self.rights & EXECUTE != 0 && within < self.in_file
    }

    fn map(&self, file: usize, page: usize) -> Option<()> {
        let within = self.address & (page - 1);
        let mut free = self.address - within;
        if self.in_file > 0 {
            let from = self.offset.checked_sub(within)?;
            // SAFETY: the chooser's addresses are its own: this program stands elsewhere.
            unsafe {
                kernel::map(free, within + self.in_file, self.rights(), Some((file, from)))?;
            }
            let end = self.address + self.in_file;
            free = end.next_multiple_of(page);
            if self.in_memory > self.in_file {
                // What follows in the file is not the program's: it begins with zeros.
                let rest = core::ptr::with_exposed_provenance_mut::<u8>(end);
                // SAFETY: the rest of the last page that was just mapped, which may be written.
                unsafe { rest.write_bytes(0, free - end) };
            }
        }
        let end = self.address + self.in_memory;
        if end > free {
            // SAFETY: as above.
            unsafe { kernel::map(free, end - free, self.rights(), None)? };
        }
        Some(())
    }

    /// Those of `mmap` are those of ELF in another order.
    fn rights(&self) -> usize {
        let right = |bit, right| if self.rights & bit == 0 { 0 } else { right };
        right(READ, PROT_READ) | right(WRITE, PROT_WRITE) | right(EXECUTE, PROT_EXEC)
    }
}

/// Starts the loaded program on the kernel's stack.
fn begin(stack: *const usize, entry: usize) -> ! {
    // The registers are named: left to the compiler, one of them could be the one that is cleared.
    #[cfg(target_arch = "x86_64")]
    // SAFETY: the program at `entry` begins as if the kernel had started it; nothing of ours is needed any more.
    unsafe {
        asm!("mov rsp, rdi", "xor edx, edx", "jmp rsi", in("rdi") stack, in("rsi") entry, options(noreturn))
    }
    #[cfg(target_arch = "aarch64")]
    // SAFETY: as above.
    unsafe {
        asm!("mov sp, x1", "mov x0, xzr", "br x16", in("x1") stack, in("x16") entry, options(noreturn))
    }
}
