//! Memory from an arena that only grows: 256 KiB that are part of the program, so that the usual call asks the kernel
//! for none; beyond that, from the kernel. Nothing is given back: the process becomes another one in a moment. Only the
//! last block can grow in place.

use core::alloc::{GlobalAlloc, Layout};
use core::cell::{Cell, UnsafeCell};
use core::ptr;

use rustix::mm::{MapFlags, ProtFlags, mmap_anonymous};

const SIZE: usize = 256 * 1024;
/// The kernel is asked for so much at a time, at least.
const CHUNK: usize = 1024 * 1024;

#[repr(align(16))]
struct Bytes(UnsafeCell<[u8; SIZE]>);

// SAFETY: there is one thread.
unsafe impl Sync for Bytes {}

static FIRST: Bytes = Bytes(UnsafeCell::new([0; SIZE]));

struct Arena {
    /// Where free memory begins; null before the first call.
    free: Cell<*mut u8>,
    /// How much of it there is.
    left: Cell<usize>,
}

// SAFETY: there is one thread.
unsafe impl Sync for Arena {}

#[global_allocator]
static ARENA: Arena = Arena { free: Cell::new(ptr::null_mut()), left: Cell::new(0) };

impl Arena {
    /// A block of the free memory; None when there is too little.
    fn take(&self, layout: Layout) -> Option<*mut u8> {
        let free = self.free.get();
        let gap = free.addr().wrapping_neg() & (layout.align() - 1);
        let needed = gap.checked_add(layout.size())?;
        let left = self.left.get().checked_sub(needed)?;
        self.left.set(left);
        // SAFETY: `needed` bytes are left behind `free`.
        self.free.set(unsafe { free.add(needed) });
        // SAFETY: and the gap is part of them.
        Some(unsafe { free.add(gap) })
    }

    /// Goes on in new memory, which has room for this; what is left of the old is forgotten. None when there is no more.
    fn renew(&self, layout: Layout) -> Option<()> {
        if self.free.get().is_null() && layout.size() <= SIZE / 2 {
            self.free.set(FIRST.0.get().cast());
            self.left.set(SIZE);
            return Some(());
        }
        let size = layout.size().checked_add(layout.align())?.max(CHUNK);
        let (access, flags) = (ProtFlags::READ | ProtFlags::WRITE, MapFlags::PRIVATE);
        // SAFETY: new memory, wherever the kernel likes.
        let new = unsafe { mmap_anonymous(ptr::null_mut(), size, access, flags) }.ok()?;
        self.free.set(new.cast());
        self.left.set(size);
        Some(())
    }

    /// Whether a block of this size is the last one.
    fn is_last(&self, block: *mut u8, size: usize) -> bool {
        block.wrapping_add(size) == self.free.get()
    }
}

// SAFETY: blocks are disjoint parts of memory that nobody else has, aligned and large enough by `take`.
unsafe impl GlobalAlloc for Arena {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if let Some(block) = self.take(layout) {
            return block;
        }
        self.renew(layout).and_then(|()| self.take(layout)).unwrap_or(ptr::null_mut())
    }

    /// Nothing: then the compiler leaves out all that only leads here, which is a third of the program.
    unsafe fn dealloc(&self, _: *mut u8, _: Layout) {}

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        let more = size.saturating_sub(layout.size());
        if self.is_last(block, layout.size()) && more <= self.left.get() && more > 0 {
            self.left.set(self.left.get() - more);
            // SAFETY: `more` bytes are left behind the block.
            self.free.set(unsafe { block.add(size) });
            return block;
        }
        // SAFETY: the caller promises that `size` fits the alignment.
        let wanted = unsafe { Layout::from_size_align_unchecked(size, layout.align()) };
        // SAFETY: the caller promises that the size is not zero.
        let new = unsafe { self.alloc(wanted) };
        if !new.is_null() {
            // SAFETY: both blocks are at least so long, and they are two.
            unsafe { ptr::copy_nonoverlapping(block, new, layout.size().min(size)) };
        }
        new
    }
}
