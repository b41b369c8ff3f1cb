//! The entries of a tar, one after another: each header with the extension headers before it made
//! into one place in the tree, checked against all before. Knows nothing of gzip and of threads;
//! the caller reads the contents.

use super::super::Shape;
use super::super::entry::{Place, Unsafe, place};
use super::super::error::{Defect, Fault};
use super::super::limits::Limits;
use super::super::names::Names;
use super::blocks::{Blocks, Bytes};
use super::header::{self, BLOCK, Header, Kind};
use super::pax;

/// A tar that is being read.
pub(super) struct Entries<'a, B> {
    bytes: Bytes<B>,
    shape: &'a Shape,
    limits: &'a Limits,
    names: Names,
    count: usize,
    /// What the entry is called whose content is being read.
    name: Vec<u8>,
}

/// An entry whose content comes next.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) place: Place,
    /// Bytes of content.
    pub(super) size: u64,
    /// The folders that it needs and that no entry before needed, outermost first.
    pub(super) folders: Vec<String>,
}

impl<'a, B: Blocks> Entries<'a, B> {
    pub(super) fn new(blocks: B, shape: &'a Shape, limits: &'a Limits) -> Entries<'a, B> {
        let (bytes, names) = (Bytes::new(blocks), Names::default());
        Entries { bytes, shape, limits, names, count: 0, name: Vec::new() }
    }

    /// The next entry, once the content of the one before is read. None after the end mark, when
    /// nothing but zeros follows to the very end.
    pub(super) fn next(&mut self) -> Result<Option<Entry>, Fault> {
        let Some(header) = self.header()? else {
            return self.finish().map(|()| None);
        };
        let (header, name) = match header.kind {
            Kind::File | Kind::Folder => {
                let name = header.name.clone();
                (header, name)
            }
            Kind::Pax | Kind::LongName => self.extended(&header)?,
        };
        self.entry(&header, &name).map(Some)
    }

    /// Hands the `size` bytes of an entry's content to `sink`, piece by piece and as long as it
    /// says true, and skips the padding.
    pub(super) fn content(
        &mut self,
        size: u64,
        sink: impl FnMut(&[u8]) -> bool,
    ) -> Result<(), Fault> {
        self.pass(size, sink).map_err(|fault| fault.in_entry(&self.name))
    }

    fn pass(&mut self, size: u64, mut sink: impl FnMut(&[u8]) -> bool) -> Result<(), Fault> {
        let mut left = size;
        while left > 0 {
            let some = self.bytes.some(left)?;
            if some.is_empty() {
                return Err(Defect::CutOff.into());
            }
            left -= some.len() as u64;
            if !sink(some) {
                return Ok(());
            }
        }
        let mut padding = [0; BLOCK];
        self.bytes.fill(&mut padding[..padding_after(size)])
    }

    /// The next header. None for zeros.
    fn header(&mut self) -> Result<Option<Header>, Fault> {
        if self.bytes.are_over()? {
            return Err(Defect::NoEndMark.into());
        }
        let mut block = [0; BLOCK];
        self.bytes.fill(&mut block)?;
        let header = header::read(&block)?;
        if header.is_some() {
            self.count += 1;
            self.limits.check_entries(self.count)?;
        }
        Ok(header)
    }

    /// What an extension header says, and the header of the entry that it is about.
    fn extended(&mut self, extension: &Header) -> Result<(Header, Vec<u8>), Fault> {
        let corrupt = |defect| Fault::from(defect).in_entry(&extension.name);
        if extension.size > pax::LONGEST {
            let too_long = "it is longer than 65536 bytes";
            return Err(corrupt(match extension.kind {
                Kind::LongName => Defect::LongName(too_long),
                Kind::Pax | Kind::File | Kind::Folder => Defect::Pax(too_long),
            }));
        }
        let mut content = Vec::new();
        self.name.clone_from(&extension.name);
        self.content(extension.size, |piece| {
            content.extend_from_slice(piece);
            true
        })?;
        let name = match extension.kind {
            Kind::Pax => pax::path(&content).map_err(corrupt)?,
            Kind::LongName => Some(
                long_name(content)
                    .ok_or_else(|| corrupt(Defect::LongName("it does not end in a NUL")))?,
            ),
            Kind::File | Kind::Folder => None,
        };
        let header = self.header()?.ok_or_else(|| corrupt(Defect::Dangling))?;
        match header.kind {
            Kind::File | Kind::Folder => {
                let name = name.unwrap_or_else(|| header.name.clone());
                Ok((header, name))
            }
            Kind::Pax | Kind::LongName => Err(corrupt(Defect::Dangling)),
        }
    }

    fn entry(&mut self, header: &Header, name: &[u8]) -> Result<Entry, Fault> {
        let refused = |rule: Unsafe| Fault::entry(name, rule);
        let folder = header.kind == Kind::Folder;
        if folder && header.size != 0 {
            return Err(Fault::from(Defect::FolderContent).in_entry(name));
        }
        let place = place(name, folder, self.shape, self.limits.path).map_err(refused)?;
        let folders = match &place {
            Place::Top => Vec::new(),
            Place::Folder(path) => self.names.add_folder(path).map_err(refused)?,
            Place::File(path) => self.names.add_file(path).map_err(refused)?,
        };
        self.limits.check_entries(self.names.len())?;
        self.limits.check_folders(self.names.folders())?;
        self.limits.check_file(header.size)?;
        self.name = name.to_vec();
        Ok(Entry { place, size: header.size, folders })
    }

    /// After the first block of zeros: the second, and nothing but zeros.
    fn finish(&mut self) -> Result<(), Fault> {
        match self.header()? {
            None => self.bytes.only_zeros(),
            Some(_) => Err(Defect::NoEndMark.into()),
        }
    }
}

/// The content of a GNU long name: the name and one NUL.
fn long_name(mut content: Vec<u8>) -> Option<Vec<u8>> {
    (content.pop() == Some(0)).then_some(content)
}

/// Bytes between the end of a content and the next block.
fn padding_after(size: u64) -> usize {
    (size.next_multiple_of(BLOCK as u64) - size) as usize
}
