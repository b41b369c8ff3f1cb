//! How a shim knows another one: by the mark that each carries in its bytes.

use core::hint::black_box;

use gvm_core::world::World;

use crate::mark::MARK;

/// A program larger than this is no shim.
const LARGEST: usize = 1024 * 1024;

/// Whether the program is a gvm shim.
pub(crate) fn is_shim(world: &dyn World, program: &[u8]) -> bool {
    // Not to be taken apart by the compiler: the mark must stand in this program in one piece.
    let mark: &[u8] = black_box(&MARK);
    let Ok(content) = world.read(program, LARGEST) else { return false };
    let Some(first) = mark.first() else { return false };
    let mut starts = content.iter().enumerate().filter(|(_, byte)| *byte == first);
    starts.any(|(at, _)| content.get(at..at + mark.len()) == Some(mark))
}

#[cfg(all(test, not(windows)))]
mod tests {
    use gvm_core::world::memory::Memory;

    use super::*;

    #[test]
    fn a_program_with_the_mark_is_a_shim() {
        let content = |before: &[u8], after: &[u8]| [before, &MARK[..], after].concat();
        let world = Memory::new("/")
            .file("/shim", &content(b"\x7fELF\x7fgvm", b"rest"))
            .file("/end", &content(b"", b""))
            .file("/half", &MARK[..40])
            .file("/large", &content(&[0; LARGEST], b""));
        assert!(is_shim(&world, b"/shim") && is_shim(&world, b"/end"));
        for other in ["/half", "/large", "/none"] {
            assert!(!is_shim(&world, other.as_bytes()), "{other}");
        }
    }
}
