//! The gzip around a tar: inflated by a thread of its own into blocks that are used again and
//! again. Exactly one member, whose checksum and length are checked, and nothing after it.

use std::sync::mpsc::{Receiver, SyncSender};

use flate2::{Decompress, DecompressError, FlushDecompress, Status};

use super::super::archive::Archive;
use super::super::error::{Defect, Fault};
use super::super::limits::Limits;

/// Bytes of a block, and of what is read at once.
const BLOCK: usize = 256 << 10;
/// Blocks that may wait: enough that neither side stands still for a file that takes longer.
pub(super) const BLOCKS: usize = 8;
/// zlib's largest window.
const WINDOW_BITS: u8 = 15;

/// Inflates all of `archive` into `blocks`, the last of which is followed by nothing or by the
/// fault. Ends early when nobody listens any more. `used` hands back blocks.
pub(super) fn inflate(
    archive: &Archive<'_>,
    limits: &Limits,
    blocks: &SyncSender<Result<Vec<u8>, Fault>>,
    used: &Receiver<Vec<u8>>,
) {
    let mut send = |block| blocks.send(Ok(block)).is_ok();
    if let Err(fault) = inflate_into(archive, limits, &mut send, used) {
        // Nobody listens: then another fault came first.
        let _ = blocks.send(Err(fault));
    }
}

fn inflate_into(
    archive: &Archive<'_>,
    limits: &Limits,
    send: &mut dyn FnMut(Vec<u8>) -> bool,
    used: &Receiver<Vec<u8>>,
) -> Result<(), Fault> {
    let mut gzip = Decompress::new_gzip(WINDOW_BITS);
    let mut input = vec![0; BLOCK];
    let mut ready = 0..0;
    let mut at = 0;
    loop {
        let mut block = used.try_recv().unwrap_or_default();
        block.resize(BLOCK, 0);
        let mut filled = 0;
        while filled < block.len() {
            if ready.is_empty() {
                ready = 0..archive.read_at(&mut input, at)?;
                at += ready.end as u64;
            }
            let (before_in, before_out) = (gzip.total_in(), gzip.total_out());
            let status = gzip
                .decompress(&input[ready.clone()], &mut block[filled..], FlushDecompress::None)
                .map_err(|error| defect(&error))?;
            let (read, made) = (gzip.total_in() - before_in, gzip.total_out() - before_out);
            ready.start += read as usize;
            filled += made as usize;
            limits.check_unpacked(gzip.total_out(), archive.size())?;
            match status {
                Status::StreamEnd => {
                    block.truncate(filled);
                    send(block);
                    return check_end(gzip.total_in(), archive.size());
                }
                Status::Ok | Status::BufError if read == 0 && made == 0 => {
                    return Err(Defect::CutOff.into());
                }
                Status::Ok | Status::BufError => {}
            }
        }
        if !send(block) {
            return Ok(());
        }
    }
}

/// What zlib's word for it means: <https://github.com/madler/zlib/blob/master/inflate.c>, which
/// zlib-rs says word for word.
fn defect(error: &DecompressError) -> Defect {
    match error.message() {
        Some("incorrect data check") => Defect::GzipTrailer("checksum"),
        Some("incorrect length check") => Defect::GzipTrailer("length"),
        Some(
            "incorrect header check"
            | "unknown compression method"
            | "unknown header flags set"
            | "header crc mismatch",
        ) => Defect::GzipHeader,
        _ => Defect::Deflate,
    }
}

fn check_end(read: u64, size: u64) -> Result<(), Fault> {
    if read == size { Ok(()) } else { Err(Defect::AfterGzip.into()) }
}
