//! One file of a zip: its local header held against the central directory, its content inflated,
//! written and hashed.

use std::ops::Range;

use flate2::{Crc, Decompress, FlushDecompress, Status};

use super::super::archive::Archive;
use super::super::error::{Defect, Fault};
use super::super::write::{NewFile, Tree, TreeFile};
use super::plan::Member;
use super::record::{DESCRIPTOR_LEN, LOCAL_LEN, Method, WIDE_DESCRIPTOR_LEN, local};

/// Most files of a Go tree are smaller, packed and unpacked: one read and one write each.
const BUFFER: usize = 256 << 10;

/// Unpacks one member after another with one set of buffers.
pub(super) struct Unpacker<'a> {
    archive: &'a Archive<'a>,
    tree: &'a Tree<'a>,
    inflate: Decompress,
    packed: Vec<u8>,
    unpacked: Vec<u8>,
}

/// The bytes of one member, read piece by piece into a buffer that is used again and again.
struct Extent<'a> {
    archive: &'a Archive<'a>,
    buffer: &'a mut [u8],
    /// What of the buffer is read but not used.
    ready: Range<usize>,
    /// Where the archive goes on, and where the member ends.
    at: u64,
    end: u64,
}

/// What a member turns into.
struct Content<'a> {
    file: NewFile<'a>,
    crc: Crc,
    /// Bytes that are declared and have not come yet.
    left: u64,
}

impl<'a> Unpacker<'a> {
    pub(super) fn new(archive: &'a Archive<'a>, tree: &'a Tree<'a>) -> Unpacker<'a> {
        Unpacker {
            archive,
            tree,
            inflate: Decompress::new(false),
            packed: vec![0; BUFFER],
            unpacked: vec![0; BUFFER],
        }
    }

    /// Writes `member`, which the archive calls `name`.
    pub(super) fn unpack(&mut self, member: &Member, name: &[u8]) -> Result<TreeFile, Fault> {
        self.write(member, name).map_err(|fault| fault.in_entry(name))
    }

    fn write(&mut self, member: &Member, name: &[u8]) -> Result<TreeFile, Fault> {
        let facts = &member.facts;
        let (at, end) = (member.extent.start, member.extent.end);
        let buffer = &mut self.packed;
        let mut extent = Extent { archive: self.archive, buffer, ready: 0..0, at, end };
        let is_wide = check_header(&mut extent, member, name)?;
        let file = self.tree.file(&member.path)?;
        let mut content = Content { file, crc: Crc::new(), left: facts.size };
        match member.method {
            Method::Stored => content.copy(&mut extent)?,
            Method::Deflated => {
                self.inflate.reset(false);
                content.inflate(&mut extent, &mut self.inflate, &mut self.unpacked)?;
                if self.inflate.total_in() != facts.packed {
                    return Err(Defect::Packed(facts.packed).into());
                }
            }
        }
        if content.left != 0 {
            return Err(Defect::Size(facts.size).into());
        }
        if content.crc.sum() != facts.crc {
            return Err(Defect::Checksum.into());
        }
        check_trailer(&mut extent, member, is_wide)?;
        content.file.finish(member.path.clone())
    }
}

impl Content<'_> {
    /// Takes stored bytes.
    fn copy(&mut self, extent: &mut Extent<'_>) -> Result<(), Fault> {
        while self.left > 0 {
            let ready = extent.ready()?;
            let take = ready.len().min(usize::try_from(self.left).unwrap_or(usize::MAX));
            if take == 0 {
                return Err(Defect::CutOff.into());
            }
            self.take(&ready[..take])?;
            extent.consume(take);
        }
        Ok(())
    }

    /// Takes deflated bytes up to the end of their stream. `inflate` has counted the packed ones.
    fn inflate(
        &mut self,
        extent: &mut Extent<'_>,
        inflate: &mut Decompress,
        buffer: &mut [u8],
    ) -> Result<(), Fault> {
        loop {
            let input = extent.ready()?;
            // One byte more than declared, so that a stream that goes on is seen to.
            let room = usize::try_from(self.left + 1).unwrap_or(usize::MAX).min(buffer.len());
            let (before_in, before_out) = (inflate.total_in(), inflate.total_out());
            let status = inflate
                .decompress(input, &mut buffer[..room], FlushDecompress::None)
                .map_err(|_| Defect::Deflate)?;
            let used = (inflate.total_in() - before_in) as usize;
            let made = (inflate.total_out() - before_out) as usize;
            if made as u64 > self.left {
                return Err(Defect::Size(inflate.total_out() - made as u64 + self.left).into());
            }
            extent.consume(used);
            self.take(&buffer[..made])?;
            match status {
                Status::StreamEnd => return Ok(()),
                Status::Ok | Status::BufError if used == 0 && made == 0 => {
                    return Err(Defect::Deflate.into());
                }
                Status::Ok | Status::BufError => {}
            }
        }
    }

    fn take(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        self.left -= bytes.len() as u64;
        self.crc.update(bytes);
        self.file.write(bytes)
    }
}

impl Extent<'_> {
    /// Some bytes that come next; none at the end.
    fn ready(&mut self) -> Result<&[u8], Fault> {
        if self.ready.is_empty() {
            let left = usize::try_from(self.end - self.at).unwrap_or(usize::MAX);
            let len = left.min(self.buffer.len());
            self.archive.read_exact_at(&mut self.buffer[..len], self.at)?;
            self.at += len as u64;
            self.ready = 0..len;
        }
        Ok(&self.buffer[self.ready.clone()])
    }

    fn consume(&mut self, len: usize) {
        self.ready.start += len;
    }

    /// Fills `record` with the bytes that come next.
    fn fill(&mut self, record: &mut [u8]) -> Result<(), Fault> {
        let mut filled = 0;
        while filled < record.len() {
            let ready = self.ready()?;
            let more = ready.len().min(record.len() - filled);
            if more == 0 {
                return Err(Defect::CutOff.into());
            }
            record[filled..filled + more].copy_from_slice(&ready[..more]);
            self.consume(more);
            filled += more;
        }
        Ok(())
    }

    /// Bytes that are not used yet.
    fn left(&self) -> u64 {
        self.end - self.at + self.ready.len() as u64
    }
}

/// Reads the local header up to the content. Answers whether it has zip64's field.
fn check_header(extent: &mut Extent<'_>, member: &Member, name: &[u8]) -> Result<bool, Fault> {
    let mut record = [0; LOCAL_LEN];
    extent.fill(&mut record)?;
    let mut facts = local(&record).ok_or(Defect::LocalHeader("where it is"))?;
    let mut variable = vec![0; facts.name_len + facts.extra_len];
    extent.fill(&mut variable)?;
    let (local_name, extras) = variable.split_at(facts.name_len);
    if local_name != name {
        return Err(Defect::LocalHeader("the name").into());
    }
    let is_wide = facts.widen_local(extras)?;
    member.facts.check_local(&facts)?;
    Ok(is_wide)
}

/// Reads what follows the content: a data descriptor or nothing.
fn check_trailer(extent: &mut Extent<'_>, member: &Member, is_wide: bool) -> Result<(), Fault> {
    if member.facts.has_descriptor() {
        let mut record = [0; WIDE_DESCRIPTOR_LEN];
        let len = if is_wide { WIDE_DESCRIPTOR_LEN } else { DESCRIPTOR_LEN };
        extent.fill(&mut record[..len])?;
        member.facts.check_descriptor(&record[..len])?;
    }
    if extent.left() != 0 { Err(Defect::Gap.into()) } else { Ok(()) }
}
