//! [`Memory`]: a program as its loader would lay it out, as far as its content stands in the file: bytes by address.

use object::ReadRef;

/// A run of addresses whose content stands in the file.
#[derive(Clone, Copy, Debug)]
pub struct Piece {
    /// The first address.
    pub address: u64,
    /// Where its content stands in the file.
    pub offset: u64,
    /// How much of it stands there.
    pub size: u64,
}

/// A program's content by address.
#[derive(Clone)]
pub struct Memory<R> {
    data: R,
    pieces: Vec<Piece>,
    /// Whether numbers are written with their greatest byte first.
    pub is_big_endian: bool,
    /// The bytes of a pointer, 4 or 8.
    pub pointer: u8,
}

impl<'a, R: ReadRef<'a>> Memory<R> {
    /// Of these pieces; where two overlap, the first counts.
    pub fn new(data: R, pieces: Vec<Piece>, is_big_endian: bool, bits: u8) -> Self {
        Self { data, pieces, is_big_endian, pointer: bits / 8 }
    }

    /// Where an address stands in the file, and how much follows it there in its piece.
    pub fn offset(&self, address: u64) -> Option<(u64, u64)> {
        self.pieces.iter().find_map(|piece| {
            let into = address.checked_sub(piece.address)?;
            let left = piece.size.checked_sub(into).filter(|left| *left > 0)?;
            Some((piece.offset.checked_add(into)?, left))
        })
    }

    /// At most so many bytes from an address on: fewer where its piece or the file ends before.
    pub fn up_to(&self, address: u64, most: u64) -> Option<&'a [u8]> {
        let (offset, left) = self.offset(address)?;
        let in_file = self.data.len().ok()?.checked_sub(offset)?;
        self.data.read_bytes_at(offset, most.min(left).min(in_file)).ok()
    }

    /// Exactly so many bytes.
    pub fn exactly(&self, address: u64, size: u64) -> Option<&'a [u8]> {
        self.up_to(address, size).filter(|bytes| bytes.len() as u64 == size)
    }

    /// The text that ends with a NUL.
    pub fn text(&self, address: u64) -> Option<&'a [u8]> {
        let (offset, left) = self.offset(address)?;
        let end = offset.saturating_add(left).min(self.data.len().ok()?);
        self.data.read_bytes_at_until(offset..end, 0).ok()
    }

    /// The number of a pointer's size.
    pub fn number(&self, address: u64) -> Option<u64> {
        let bytes = self.exactly(address, u64::from(self.pointer))?;
        number(bytes, self.is_big_endian)
    }
}

/// The number that these 4 or 8 bytes are.
pub fn number(bytes: &[u8], is_big_endian: bool) -> Option<u64> {
    match bytes.len() {
        4 => {
            let bytes = bytes.try_into().ok()?;
            let number =
                if is_big_endian { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) };
            Some(number.into())
        }
        8 => {
            let bytes = bytes.try_into().ok()?;
            Some(if is_big_endian { u64::from_be_bytes(bytes) } else { u64::from_le_bytes(bytes) })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn memory(content: &[u8]) -> Memory<&[u8]> {
        let pieces = vec![
            Piece { address: 0x1000, offset: 2, size: 4 },
            Piece { address: 0x2000, offset: 6, size: u64::MAX },
            Piece { address: u64::MAX, offset: u64::MAX, size: 9 },
        ];
        Memory::new(content, pieces, false, 32)
    }

    #[test]
    fn addresses_lead_to_what_stands_in_the_file() {
        let memory = memory(b"--\x01\x02\x00\x00ab\0c");
        assert_eq!(memory.number(0x1000), Some(0x201));
        assert_eq!(memory.number(0x1001), None, "it is not all in the piece");
        assert_eq!(memory.text(0x2000), Some(&b"ab"[..]));
        assert_eq!(memory.up_to(0x2001, 99), Some(&b"b\0c"[..]));
        assert_eq!(memory.exactly(0x2001, 99), None);
    }

    #[test]
    fn addresses_that_lead_nowhere_are_none() {
        let memory = memory(b"--1234");
        for address in [0, 0xfff, 0x1004, 0x2000 + 99, u64::MAX] {
            assert!(memory.up_to(address, 1).is_none_or(<[u8]>::is_empty), "{address:#x}");
        }
    }
}
