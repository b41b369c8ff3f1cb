//! [`Case`]: one archive, what is odd about it, and what gvm says of it; and the honest files that most of them hold.

use crate::{tar, zip};

/// What kind of archive it is, as the end of its name tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Zip,
    TarGz,
}

/// An archive that is called by its defect.
#[derive(Clone)]
pub struct Case {
    pub name: String,
    pub kind: Kind,
    pub bytes: Vec<u8>,
    /// For a hostile one what the refusal says, word for word after the archive's name; empty for an honest one.
    pub says: String,
}

impl Case {
    pub fn zip(name: impl Into<String>, says: impl Into<String>, bytes: Vec<u8>) -> Self {
        Self { name: name.into(), kind: Kind::Zip, bytes, says: says.into() }
    }

    pub fn targz(name: impl Into<String>, says: impl Into<String>, bytes: Vec<u8>) -> Self {
        Self { name: name.into(), kind: Kind::TarGz, bytes, says: says.into() }
    }

    /// A zip of the honest files and these.
    pub fn zipped(
        name: impl Into<String>,
        says: impl Into<String>,
        more: impl IntoIterator<Item = zip::Entry>,
    ) -> Self {
        Self::zip(name, says, zip::zip(&honest_zip().into_iter().chain(more).collect::<Vec<_>>()))
    }

    /// A tar.gz of the honest files and these.
    pub fn tarred(
        name: impl Into<String>,
        says: impl Into<String>,
        more: impl IntoIterator<Item = Vec<u8>>,
    ) -> Self {
        let members: Vec<_> = honest_tar().into_iter().chain(more).collect();
        Self::targz(name, says, tar::targz(&members))
    }

    /// What its file is called.
    pub fn end(&self) -> &'static str {
        match self.kind {
            Kind::Zip => "zip",
            Kind::TarGz => "tar.gz",
        }
    }
}

/// The least that looks like a Go.
pub const HONEST: [(&str, &[u8]); 3] = [
    ("go/VERSION", b"go1.22.4\ntime 2024-05-30T19:26:07Z\n"),
    ("go/bin/go", b"#!/bin/sh\necho go version go1.22.4\n"),
    ("go/src/fmt/print.go", b"package fmt\n"),
];

pub fn honest_zip() -> Vec<zip::Entry> {
    HONEST.iter().map(|(name, content)| zip::file(name, content)).collect()
}

pub fn honest_tar() -> Vec<Vec<u8>> {
    HONEST.iter().map(|(name, content)| tar::file(name, content)).collect()
}

/// What is said of an entry that contradicts itself.
pub fn at(entry: &str, defect: &str) -> String {
    format!("in the entry `{entry}`: {defect}")
}

/// What is said of an entry that is not written whatever it holds.
pub fn entry(entry: &str, rule: &str) -> String {
    format!("the entry `{entry}` is refused: {rule}")
}
