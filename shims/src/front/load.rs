//! The chooser, loaded into this process: its segments are mapped beside ours, and it starts on the stack that the kernel
//! gave us, as if the kernel had started it. That spares a second `execve`, and the chooser knows where the shim stands.

use core::arch::asm;

use crate::kernel::{self, Opened, PROT_EXEC, PROT_READ, PROT_WRITE};
use crate::pin::Path;
use crate::start::Started;

/// The file, below the folder that holds `shims`.
const NAME: &[u8] = b"/chooser";
/// Where a link to this program leads.
const OWN: &core::ffi::CStr = c"/proc/self/exe";

/// Goes on as the chooser of this ROOT, else of the one where the file of this program really is, else of GVM_DIR.
pub(crate) fn chooser(started: &Started, root: Option<&[u8]>) -> ! {
    if let Some(root) = root {
        from(started, root);
    }
    let mut room = [0; 1000];
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

/// Comes back where there is none.
fn from(started: &Started, root: &[u8]) {
    let Some(path) = Path::of(&[root, NAME]) else { return };
    let Some(Opened::File(file)) = path.as_c().map(kernel::open) else { return };
    let mut header = Header([0; 64]);
    if let Some(entry) = header.map(file, started.page_size()) {
        begin(started.top(), entry)
    }
}

/// The first words of an ELF file: its header of 64 bytes and up to seven program headers of 56 (`elf(5)`).
struct Header([u64; 64]);

impl Header {
    /// Maps the program; gives the address where it begins.
    fn map(&mut self, file: usize, page: usize) -> Option<usize> {
        const MAGIC: u64 = u64::from_le_bytes(*b"\x7fELF\x02\x01\x01\0");
        const LOAD: u64 = 1;
        // SAFETY: any bytes are words.
        let bytes =
            unsafe { core::slice::from_raw_parts_mut(self.0.as_mut_ptr().cast::<u8>(), 512) };
        // The file is longer: that there is more is what is expected.
        kernel::fill(file, bytes)?;
        let [magic, _, _, entry, 64, ..] = self.0 else { return None };
        let (size, count) = ((self.0[6] >> 48) & 0xffff, self.0[7] & 0xffff);
        if magic != MAGIC || size != 56 || count > 7 {
            return None;
        }
        let headers = self.0.get(8..)?.chunks_exact(7).take(usize::try_from(count).ok()?);
        for header in headers {
            let [kind, offset, address, _, in_file, in_memory, _] = *header else { return None };
            if kind & 0xffff_ffff == LOAD {
                let segment = Segment {
                    rights: kind >> 32,
                    offset: usize::try_from(offset).ok()?,
                    address: usize::try_from(address).ok()?,
                    in_file: usize::try_from(in_file).ok()?,
                    in_memory: usize::try_from(in_memory).ok()?,
                };
                segment.map(file, page)?;
            }
        }
        usize::try_from(entry).ok()
    }
}

/// A part of the program, as its program header has it.
struct Segment {
    rights: u64,
    offset: usize,
    address: usize,
    in_file: usize,
    in_memory: usize,
}

impl Segment {
    fn map(&self, file: usize, page: usize) -> Option<()> {
        let within = self.address & (page - 1);
        let from = self.offset.checked_sub(within)?;
        let start = self.address - within;
        let end = self.address + self.in_file;
        // SAFETY: the chooser's addresses are its own: this program stands elsewhere.
        unsafe { kernel::map(start, within + self.in_file, self.rights(), Some((file, from)))? };
        if self.in_memory == self.in_file {
            return Some(());
        }
        // What follows in the file is not the program's: it begins with zeros.
        let mapped = end.next_multiple_of(page);
        let rest = core::ptr::with_exposed_provenance_mut::<u8>(end);
        // SAFETY: the rest of the last page that was just mapped, which may be written.
        unsafe { rest.write_bytes(0, mapped - end) };
        let end = self.address + self.in_memory;
        if end > mapped {
            // SAFETY: as above.
            unsafe { kernel::map(mapped, end - mapped, self.rights(), None)? };
        }
        Some(())
    }

    /// Those of `mmap` are those of ELF in another order.
    fn rights(&self) -> usize {
        let right = |bit, right| if self.rights & bit == 0 { 0 } else { right };
        right(4, PROT_READ) | right(2, PROT_WRITE) | right(1, PROT_EXEC)
    }
}

/// Starts the loaded program on the kernel's stack.
fn begin(stack: *const usize, entry: usize) -> ! {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: the program at `entry` begins as if the kernel had started it; nothing of ours is needed any more.
    unsafe {
        asm!("mov rsp, {stack}", "xor edx, edx", "jmp {entry}", stack = in(reg) stack, entry = in(reg) entry,
            options(noreturn))
    }
    #[cfg(target_arch = "aarch64")]
    // SAFETY: as above.
    unsafe {
        asm!("mov sp, {stack}", "mov x0, xzr", "br {entry}", stack = in(reg) stack, entry = in(reg) entry,
            options(noreturn))
    }
}
