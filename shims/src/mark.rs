//! The mark by which one shim knows another, of whatever ROOT and version: each carries it in its bytes, in one piece.

/// The mark. It never changes: shims of all versions must know each other.
#[used]
#[cfg_attr(freestanding, unsafe(link_section = ".rodata.mark"))]
pub(crate) static MARK: [u8; 41] = *b"\x7fgvm-shim:decides-which-go-runs:b7a1d4f2\x7f";
