//! The inflated tar as its reader sees it: some bytes at a time, in order, from wherever they come.

use std::mem;
use std::sync::mpsc::{Receiver, Sender};

use super::super::error::{Defect, Fault};

/// Where blocks of bytes come from.
pub(super) trait Blocks {
    /// The next block. None at the end.
    fn next(&mut self) -> Result<Option<Vec<u8>>, Fault>;

    /// Takes back a block that is read.
    fn done(&mut self, block: Vec<u8>);
}

/// The blocks that another thread inflates.
pub(super) struct Inflated {
    pub(super) blocks: Receiver<Result<Vec<u8>, Fault>>,
    pub(super) used: Sender<Vec<u8>>,
}

impl Blocks for Inflated {
    fn next(&mut self) -> Result<Option<Vec<u8>>, Fault> {
        self.blocks.recv().ok().transpose()
    }

    fn done(&mut self, block: Vec<u8>) {
        // The inflating thread may be done: then the block is dropped.
        let _ = self.used.send(block);
    }
}

/// A place in a sequence of blocks.
pub(super) struct Bytes<B> {
    blocks: B,
    block: Vec<u8>,
    at: usize,
}

impl<B: Blocks> Bytes<B> {
    pub(super) fn new(blocks: B) -> Bytes<B> {
        Bytes { blocks, block: Vec::new(), at: 0 }
    }

    /// Whether all is read.
    pub(super) fn are_over(&mut self) -> Result<bool, Fault> {
        while self.at == self.block.len() {
            let Some(next) = self.blocks.next()? else { return Ok(true) };
            self.blocks.done(mem::replace(&mut self.block, next));
            self.at = 0;
        }
        Ok(false)
    }

    /// The bytes that come next: at most `most`, at least one, none only at the end. They count as
    /// read.
    pub(super) fn some(&mut self, most: u64) -> Result<&[u8], Fault> {
        if self.are_over()? {
            return Ok(&[]);
        }
        let left = self.block.len() - self.at;
        let start = self.at;
        self.at += usize::try_from(most).map_or(left, |most| most.min(left));
        Ok(&self.block[start..self.at])
    }

    /// Fills `buffer`.
    pub(super) fn fill(&mut self, buffer: &mut [u8]) -> Result<(), Fault> {
        let mut filled = 0;
        while filled < buffer.len() {
            let some = self.some((buffer.len() - filled) as u64)?;
            if some.is_empty() {
                return Err(Defect::CutOff.into());
            }
            buffer[filled..filled + some.len()].copy_from_slice(some);
            filled += some.len();
        }
        Ok(())
    }

    /// Reads to the end; there must be nothing but zeros.
    pub(super) fn only_zeros(&mut self) -> Result<(), Fault> {
        loop {
            let some = self.some(u64::MAX)?;
            if some.is_empty() {
                return Ok(());
            }
            if some.iter().any(|&byte| byte != 0) {
                return Err(Defect::AfterEndMark.into());
            }
        }
    }
}
