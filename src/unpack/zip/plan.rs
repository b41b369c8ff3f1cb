//! What a zip's central directory says, checked as a whole before a byte is written: names, kinds,
//! bounds, and that every byte of the file belongs to exactly one entry, the directory or the end
//! record.
//!
//! The `zip` crate is not asked: it is made to read as many zips as can be, and its lenience
//! (searching for the end record, offsets that may be wrong, zip64 in any place) is what two
//! readers of one file differ by. Go's zips are plain, so this reads plain zips only. Contents and
//! local headers are not here: `member` reads them.

use std::ops::Range;

use super::super::Shape;
use super::super::archive::Archive;
use super::super::entry::{Place, Unsafe, place};
use super::super::error::{Defect, Fault};
use super::super::limits::Limits;
use super::super::names::Names;
use super::record::{CENTRAL_LEN, Central, Declared, END_LEN, End, Facts, Method, central, end};
use super::zip64;

const TOO_FEW: Defect = Defect::Directory("it has fewer records than announced");

/// What is to be unpacked.
#[derive(Debug)]
pub(super) struct Plan {
    /// The files, in the order of their bytes.
    pub(super) members: Vec<Member>,
    /// The folders that they need, each after its parent.
    pub(super) folders: Vec<String>,
    /// Their bytes in all.
    pub(super) total: u64,
    /// The same with the files that are left out.
    declared: u64,
    /// How many files are left out because no module hash covers them.
    pub(super) left_out: usize,
    directory: Vec<u8>,
}

/// A file to be unpacked.
#[derive(Debug)]
pub(super) struct Member {
    /// Where it goes, below GOROOT.
    pub(super) path: String,
    pub(super) facts: Facts,
    pub(super) method: Method,
    /// All bytes of the archive that are its own: local header, content, descriptor.
    pub(super) extent: Range<u64>,
    name: Range<usize>,
}

/// A record of the central directory with what follows it.
struct Record {
    central: Central,
    method: Method,
    name: Range<usize>,
}

impl Plan {
    /// Reads and checks the central directory.
    pub(super) fn read(
        archive: &Archive<'_>,
        shape: &Shape,
        limits: &Limits,
    ) -> Result<Plan, Fault> {
        let (directory, end) = directory(archive, limits)?;
        let records = records(&directory, end.entries as usize)?;
        let extents = extents(&records, &directory, end.directory_at)?;
        let mut plan = Plan::empty(directory);
        let mut names = Names::default();
        for (record, extent) in records.into_iter().zip(extents) {
            plan.add(record, extent, shape, limits, &mut names)?;
            limits.check_entries(names.len())?;
            limits.check_folders(names.folders())?;
            limits.check_unpacked(plan.declared, archive.size())?;
        }
        if plan.members.is_empty() {
            return Err(Defect::NoFile.into());
        }
        plan.members.sort_unstable_by_key(|member| member.extent.start);
        Ok(plan)
    }

    /// The name of `member` in the archive.
    pub(super) fn name(&self, member: &Member) -> &[u8] {
        &self.directory[member.name.clone()]
    }

    fn empty(directory: Vec<u8>) -> Plan {
        let (members, folders) = (Vec::new(), Vec::new());
        Plan { members, folders, total: 0, declared: 0, left_out: 0, directory }
    }

    fn add(
        &mut self,
        record: Record,
        extent: Range<u64>,
        shape: &Shape,
        limits: &Limits,
        names: &mut Names,
    ) -> Result<(), Fault> {
        let name = &self.directory[record.name.clone()];
        let refused = |rule| Fault::entry(name, rule);
        let folder = is_folder(&record.central, name).map_err(refused)?;
        // Deflate makes two bytes of nothing.
        let Facts { size, packed, .. } = record.central.facts;
        if folder && (size != 0 || packed > 2) {
            return Err(Fault::from(Defect::FolderContent).in_entry(name));
        }
        let folders = match place(name, folder, shape, limits.path).map_err(refused)? {
            Place::Top => Vec::new(),
            Place::Folder(path) => names.add_folder(&path).map_err(refused)?,
            Place::File(path) => {
                let folders = names.add_file(&path).map_err(refused)?;
                self.declared = self.declared.saturating_add(size);
                if shape.wants(&path) {
                    self.total = self.total.saturating_add(size);
                    let Record { central, method, name } = record;
                    self.members.push(Member { path, facts: central.facts, method, extent, name });
                } else {
                    self.left_out += 1;
                }
                folders
            }
        };
        self.folders.extend(folders.into_iter().filter(|path| shape.wants_folder(path)));
        Ok(())
    }
}

/// The bytes of the central directory, and the end record.
fn directory(archive: &Archive<'_>, limits: &Limits) -> Result<(Vec<u8>, End), Fault> {
    let mut record = [0; END_LEN];
    let begins = archive.size().checked_sub(END_LEN as u64).ok_or(Defect::CutOff)?;
    archive.read_exact_at(&mut record, begins)?;
    let plain = end(&record)?;
    let wide = wide_end(archive, begins, plain)?;
    let (end, begins) = wide.unwrap_or((plain, begins));
    limits.check_entries(usize::try_from(end.entries).unwrap_or(usize::MAX))?;
    zip64::check_place(&end, begins)?;
    // A record of an honest archive has some 150 bytes; its three variable parts can claim 192 KiB.
    if end.directory_len > end.entries * 1024 {
        return Err(Defect::Directory("it is too long for its entries").into());
    }
    let mut directory = vec![0; end.directory_len as usize];
    archive.read_exact_at(&mut directory, end.directory_at)?;
    Ok((directory, end))
}

/// The end record of zip64 and where it begins, if its locator stands before the plain one, which
/// `begins` there.
fn wide_end(archive: &Archive<'_>, begins: u64, plain: End) -> Result<Option<(End, u64)>, Fault> {
    let mut locator = [0; zip64::LOCATOR_LEN];
    let Some(at) = begins.checked_sub(locator.len() as u64) else { return Ok(None) };
    archive.read_exact_at(&mut locator, at)?;
    if !zip64::is_locator(&locator) {
        return Ok(None);
    }
    let mut record = [0; zip64::END_LEN];
    let at = at.checked_sub(record.len() as u64).ok_or(Defect::CutOff)?;
    archive.read_exact_at(&mut record, at)?;
    Ok(Some((zip64::end(&record, &locator, at, plain)?, at)))
}

/// All records of the directory, which they fill.
fn records(directory: &[u8], count: usize) -> Result<Vec<Record>, Fault> {
    let mut records = Vec::with_capacity(count);
    let mut at = 0;
    for _ in 0..count {
        let fixed = directory[at..].first_chunk::<CENTRAL_LEN>().ok_or(TOO_FEW)?;
        let mut central = central(fixed)?;
        let name = at + CENTRAL_LEN..at + CENTRAL_LEN + central.facts.name_len;
        let extras = name.end..name.end + central.facts.extra_len;
        at = extras.end + central.comment_len;
        if at > directory.len() {
            return Err(Defect::Directory("a record reaches beyond it").into());
        }
        let name_bytes = &directory[name.clone()];
        let method = central
            .complete(name_bytes, &directory[extras])
            .map_err(|defect| Fault::from(defect).in_entry(name_bytes))?;
        records.push(Record { central, method, name });
    }
    if at != directory.len() {
        return Err(Defect::Directory("it has more than the announced records").into());
    }
    Ok(records)
}

/// The bytes that belong to each record: from its local header to the next one's, or to the
/// directory.
fn extents(
    records: &[Record],
    directory: &[u8],
    directory_at: u64,
) -> Result<Vec<Range<u64>>, Fault> {
    let mut order: Vec<usize> = (0..records.len()).collect();
    order.sort_unstable_by_key(|&index| records[index].central.local_at);
    let starts = order.iter().map(|&index| records[index].central.local_at);
    let ends = starts.clone().skip(1).chain([directory_at]);
    if starts.clone().next().unwrap_or(directory_at) != 0 {
        return Err(Defect::Gap.into());
    }
    let mut extents = vec![0..0; records.len()];
    for ((&index, start), end) in order.iter().zip(starts).zip(ends) {
        let record = &records[index];
        if end.saturating_sub(start) < record.central.facts.least_len() {
            let name = &directory[record.name.clone()];
            return Err(Fault::from(Defect::Overlap).in_entry(name));
        }
        extents[index] = start..end;
    }
    Ok(extents)
}

/// Whether the entry is a folder; name and attributes must say the same.
fn is_folder(central: &Central, name: &[u8]) -> Result<bool, Unsafe> {
    let by_name = name.ends_with(b"/");
    match central.declared_kind() {
        Declared::Nothing => Ok(by_name),
        Declared::File => Ok(false),
        Declared::Folder if !by_name => Err(Unsafe::Kind("a folder by its attributes alone")),
        Declared::Folder => Ok(true),
        Declared::Other(kind) => Err(Unsafe::Kind(kind)),
    }
}
