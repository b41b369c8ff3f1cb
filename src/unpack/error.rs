//! Why unpacking failed. The rules for names are in `entry`, the bounds in `limits`.

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::entry::{Unsafe, shown};
use super::limits::Limit;

/// What went wrong with which archive.
#[derive(Debug, Error)]
#[error("unpack `{archive}`: {fault}")]
pub struct UnpackError {
    /// What the caller calls the archive.
    pub archive: String,
    /// What went wrong.
    pub fault: Fault,
}

/// What went wrong. Only [`Fault::Io`] is the machine's fault; all others are the archive's.
#[derive(Debug, Error)]
pub enum Fault {
    /// Neither zip nor gzip.
    #[error("it is {0}, not an archive")]
    NotAnArchive(Found),
    /// An entry that gvm does not write, however sound its content.
    #[error("the entry `{name}` is refused: {rule}")]
    Entry {
        /// Its name, escaped and shortened.
        name: String,
        /// The rule that it breaks.
        rule: Unsafe,
    },
    /// The archive contradicts itself, or is cut off.
    #[error("{}{defect}", at(.entry))]
    Corrupt {
        /// The name of the entry that it is about, escaped and shortened.
        entry: Option<String>,
        /// What is wrong.
        defect: Defect,
    },
    /// Too much of something.
    #[error(transparent)]
    Limit(#[from] Limit),
    /// A file could not be read or written: a full disk, a missing permission, ….
    #[error("cannot {doing} `{}`: {source}", path.display())]
    Io {
        /// `read`, `create`, `write`, or `start a thread for`.
        doing: &'static str,
        /// Which one.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

/// What came in place of an archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Found {
    /// No bytes.
    #[error("empty")]
    Nothing,
    /// A captive portal, a login page, an error page.
    #[error("an HTML page")]
    Html,
    /// What object stores answer in place of a file.
    #[error("an XML document")]
    Xml,
    /// An error message of some interface.
    #[error("a JSON document")]
    Json,
    /// Anything else.
    #[error("something else")]
    Other,
}

/// How an archive contradicts itself, or leaves the part of its format that Go's archives use. Two
/// readers that would see different trees are the danger, so everything that has two readings is
/// refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Defect {
    /// The archive has nothing in it.
    #[error("it holds no file")]
    NoFile,
    /// The archive is over before it ends.
    #[error("it is cut off")]
    CutOff,

    /// A zip must end with the end record.
    #[error("it does not end with a zip's end record")]
    NoEndRecord,
    /// The end record announces a comment, which could hold another end record.
    #[error("its end record has a comment")]
    EndComment,
    /// The end record's numbers are impossible.
    #[error("its end record is malformed: {0}")]
    EndRecord(&'static str),
    /// The end record of zip64 is out of shape, or says something else than the plain one.
    #[error("its zip64 end record is malformed: {0}")]
    EndRecord64(&'static str),
    /// A record of the central directory is out of shape, or their number or length is not as
    /// announced.
    #[error("its central directory is malformed: {0}")]
    Directory(&'static str),
    /// A flag other than for deflate's level, a data descriptor and UTF-8.
    #[error("it has the flags {0:#06x}, which are not supported")]
    Flags(u16),
    /// Encrypted.
    #[error("it is encrypted")]
    Encrypted,
    /// Neither stored nor deflated.
    #[error("it has compression method {0}, which is not supported")]
    Method(u16),
    /// An extra field other than zip64's, times and owners: Info-ZIP's Unicode path, for one, changes
    /// the name.
    #[error("it has the extra field {0:#06x}, which is not supported")]
    Extra(u16),
    /// Extra fields that do not fill their length, or zip64's twice.
    #[error("its extra fields are malformed")]
    ExtraShape,
    /// Zip64's extra field holds more or less than the sizes that have no room elsewhere.
    #[error("its zip64 field does not hold what the header leaves to it")]
    Wide,
    /// A name beyond ASCII from a system whose names are not UTF-8, without the flag that says that this one is.
    #[error("its name has no encoding")]
    NoEncoding,
    /// Two entries share bytes, or an entry reaches beyond the data.
    #[error("it overlaps what follows")]
    Overlap,
    /// Bytes before, between or after the entries that belong to none of them.
    #[error("there are bytes that belong to no entry")]
    Gap,
    /// Local header and central directory disagree.
    #[error("its local header disagrees with the central directory on {0}")]
    LocalHeader(&'static str),
    /// Data descriptor and central directory disagree.
    #[error("its data descriptor disagrees with the central directory")]
    Descriptor,
    /// Something that has no content (a folder) with some.
    #[error("it is a folder with content")]
    FolderContent,
    /// The compressed data makes no sense.
    #[error("its compressed data is broken")]
    Deflate,
    /// The compressed data ends before the bytes that are declared to be its own.
    #[error("its compressed data does not fill the declared {0} bytes")]
    Packed(u64),
    /// More or fewer bytes than declared.
    #[error("it does not have the declared size of {0} bytes")]
    Size(u64),
    /// The content is not what was packed.
    #[error("its checksum is wrong")]
    Checksum,

    /// The gzip's header is none that RFC 1952 knows, or its own checksum is wrong.
    #[error("its gzip header is malformed")]
    GzipHeader,
    /// What is inflated is not what the gzip's trailer says.
    #[error("its gzip {0} is wrong")]
    GzipTrailer(&'static str),
    /// Something follows the one gzip member.
    #[error("something follows the compressed data")]
    AfterGzip,
    /// A tar header that is none.
    #[error("its tar header is malformed: {0}")]
    Header(&'static str),
    /// A kind of entry that changes the meaning of others: a global or GNU extension.
    #[error("it has a tar extension header of type {0:?}, which is not supported")]
    Extension(char),
    /// A PAX header out of shape.
    #[error("its PAX header is malformed: {0}")]
    Pax(&'static str),
    /// A PAX keyword that changes what the entry is: size, link target, sparse maps.
    #[error("it has the PAX keyword `{0}`, which is not supported")]
    PaxKeyword(String),
    /// An extension header that is not followed by the entry that it is about.
    #[error("its extension header stands before no entry")]
    Dangling,
    /// A GNU long name is its bytes and one NUL.
    #[error("its GNU long name is malformed: {0}")]
    LongName(&'static str),
    /// A tar must end in two blocks of zeros.
    #[error("it has no end mark")]
    NoEndMark,
    /// Something other than zeros after the end mark.
    #[error("something follows its end mark")]
    AfterEndMark,
}

impl Fault {
    /// A name that breaks a rule.
    pub(super) fn entry(name: &[u8], rule: Unsafe) -> Fault {
        Fault::Entry { name: shown(name), rule }
    }

    /// The same, known to be about the entry `name`.
    pub(super) fn in_entry(self, name: &[u8]) -> Fault {
        match self {
            Fault::Corrupt { entry: None, defect } if !defect.is_of_the_gzip() => {
                Fault::Corrupt { entry: Some(shown(name)), defect }
            }
            other => other,
        }
    }

    /// A system's error with the path that it is about.
    pub(super) fn io(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Fault {
        let path = path.to_path_buf();
        move |source| Fault::Io { doing, path, source }
    }
}

impl Defect {
    /// Whether it is about what lies around a tar, whichever entry is being read.
    fn is_of_the_gzip(&self) -> bool {
        matches!(self, Defect::GzipHeader | Defect::GzipTrailer(_) | Defect::AfterGzip)
    }
}

impl From<Defect> for Fault {
    fn from(defect: Defect) -> Fault {
        Fault::Corrupt { entry: None, defect }
    }
}

fn at(entry: &Option<String>) -> String {
    entry.as_ref().map(|name| format!("in the entry `{name}`: ")).unwrap_or_default()
}
