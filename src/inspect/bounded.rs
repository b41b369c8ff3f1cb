//! [`Opened`]: a file of which only the pieces that are asked for are read, and of those so much at most. Nothing is
//! mapped: a file that shrinks under a map ends the process, and another one may be writing to what is looked at.

use std::cell::Cell;
use std::fs::File;
use std::ops::Range;

use object::read::{ReadCache, ReadRef};

/// No single piece is larger. Symbol names of the largest Go programs take a few MiB.
const LARGEST: u64 = 16 << 20;

/// All pieces of one file together.
const ALTOGETHER: u64 = 64 << 20;

/// What a short piece costs beside its bytes: what keeps it is not free either.
const OVERHEAD: u64 = 64;

/// A file that is read piece by piece.
pub struct Opened {
    cache: ReadCache<File>,
    length: u64,
    left: Cell<u64>,
}

impl Opened {
    /// Of this file, which has this length now.
    pub fn new(file: File, length: u64) -> Self {
        Self { cache: ReadCache::new(file), length, left: Cell::new(ALTOGETHER) }
    }

    /// What the readers of formats take.
    pub fn pieces(&self) -> Pieces<'_> {
        Pieces(self)
    }

    fn pay(&self, size: u64) -> Result<(), ()> {
        let cost = size.saturating_add(OVERHEAD);
        let left = self.left.get().checked_sub(cost).filter(|_| size <= LARGEST).ok_or(())?;
        self.left.set(left);
        Ok(())
    }
}

/// The pieces of an opened file.
#[derive(Clone, Copy)]
pub struct Pieces<'a>(&'a Opened);

impl<'a> ReadRef<'a> for Pieces<'a> {
    fn len(self) -> Result<u64, ()> {
        Ok(self.0.length)
    }

    fn read_bytes_at(self, offset: u64, size: u64) -> Result<&'a [u8], ()> {
        self.0.pay(size)?;
        (&self.0.cache).read_bytes_at(offset, size)
    }

    fn read_bytes_at_until(self, range: Range<u64>, delimiter: u8) -> Result<&'a [u8], ()> {
        let end = range.end.min(self.0.length);
        self.0.pay(0)?;
        let found = (&self.0.cache).read_bytes_at_until(range.start..end, delimiter)?;
        self.0.pay(found.len() as u64)?;
        // What is kept of a longer range is given for a shorter one, too.
        let is_within = (found.len() as u64) < end.saturating_sub(range.start);
        is_within.then_some(found).ok_or(())
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn opened(content: &[u8], length: u64) -> Opened {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(content).unwrap();
        file.set_len(length).unwrap();
        Opened::new(file, length)
    }

    #[test]
    fn pieces_are_what_stands_there_and_nothing_beyond_the_end() {
        let file = opened(b"abc\0def", 7);
        assert_eq!(file.pieces().read_bytes_at(2, 3), Ok(&b"c\0d"[..]));
        assert_eq!(file.pieces().read_bytes_at_until(0..999, 0), Ok(&b"abc"[..]));
        assert_eq!(file.pieces().read_bytes_at(5, 3), Err(()));
        assert_eq!(file.pieces().read_bytes_at_until(4..7, 0), Err(()));
    }

    #[test]
    fn a_text_ends_within_its_range_whatever_was_read_before() {
        let file = opened(b"abc\0", 4);
        assert_eq!(file.pieces().read_bytes_at_until(0..4, 0), Ok(&b"abc"[..]));
        assert_eq!(file.pieces().read_bytes_at_until(0..3, 0), Err(()));
        assert_eq!(file.pieces().read_bytes_at_until(0..4, 0), Ok(&b"abc"[..]));
    }

    #[test]
    fn neither_a_huge_piece_nor_many_of_them_are_read() {
        let file = opened(b"", 1 << 40);
        assert_eq!(file.pieces().read_bytes_at(0, LARGEST + 1), Err(()));
        let read = |at: u64| file.pieces().read_bytes_at(at, LARGEST).is_ok();
        assert_eq!([0, 1, 2, 3].map(read), [true, true, true, false]);
    }
}
