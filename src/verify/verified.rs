//! [`Verified`]: a staged tree that its publisher meant, and the one function that makes it.

use thiserror::Error;

use super::Proof;
use super::dirhash::{self, DirhashError};
use super::sumdb::Proven;
use crate::source::Expect;
use crate::unpack::Staged;
use gvm_core::module;

/// A whole tree in staging that its publisher meant, by a proof. Made by [`verify`] only; only this can be published.
#[derive(Debug)]
pub struct Verified {
    staged: Staged,
    h1: String,
    proof: Proof,
}

/// What the checksum database said.
#[derive(Clone, Debug)]
pub enum Testimony {
    /// It holds this hash, and proved that it does.
    Proven(Box<Proven>),
    /// Nothing; the reason, as text that fits after "because".
    None(String),
}

/// Why a tree is not what its publisher meant, or is not proved to be.
#[derive(Debug, Error)]
pub enum VerifyError {
    /// The tree has another hash than the database holds.
    #[error("{module} has the hash {found}, and the checksum database holds {expected}")]
    OtherTree {
        /// The module and its version.
        module: String,
        /// The hash in the database.
        expected: String,
        /// The hash of the tree.
        found: String,
    },
    /// Nothing proves it.
    #[error("{module} is proved by nothing: {why}")]
    Unproved {
        /// The module and its version.
        module: String,
        /// Why the database does not.
        why: String,
    },
    /// Two files of the tree have one name in the module, or a name that no module can hold.
    #[error(transparent)]
    Names(#[from] DirhashError),
}

impl Verified {
    /// The tree.
    pub fn staged(&self) -> &Staged {
        &self.staged
    }

    /// The `h1:` that the toolchain module of these files has.
    pub fn h1(&self) -> &str {
        &self.h1
    }

    /// The proof.
    pub fn proof(&self) -> &Proof {
        &self.proof
    }
}

/// Holds a tree against what it was expected to be and what the database said. `archive` is the digest of the archive
/// that it came from, where that was computed; a digest that was expected has been compared with it by then.
///
/// The database always decides where it spoke. A digest counts where the expectation says that it does.
///
/// # Errors
/// When they disagree, or nothing proves the tree.
pub fn verify(
    staged: Staged,
    module_version: &str,
    expect: &Expect,
    archive: Option<[u8; 32]>,
    testimony: Testimony,
) -> Result<Verified, VerifyError> {
    let module = format!("{}@{module_version}", module::PATH);
    let covered = staged.files().iter().filter(|file| {
        // In a module zip every file counts, also one that has no business there.
        staged.shape().is_module() || module::covers(&file.path)
    });
    let h1 = dirhash::toolchain_h1(module_version, covered.map(|file| (&file.path, file.sha256)))?;
    let digest = |sha256: &[u8; 32], origin: &str| {
        let proof = Proof::Sha256 { archive: *sha256, origin: origin.to_owned() };
        (archive == Some(*sha256)).then_some(proof)
    };
    let proof = match (testimony, expect) {
        (Testimony::Proven(proven), _) if proven.h1() == h1 => Proof::Sumdb(proven.to_stored()),
        (Testimony::Proven(proven), _) => {
            let expected = proven.h1().to_owned();
            return Err(VerifyError::OtherTree { module, expected, found: h1 });
        }
        (Testimony::None(why), Expect::OfficialIndex { sha256 }) => {
            digest(sha256, "official index").ok_or(VerifyError::Unproved { module, why })?
        }
        (Testimony::None(why), Expect::Given { sha256 }) => {
            digest(sha256, "command line").ok_or(VerifyError::Unproved { module, why })?
        }
        (Testimony::None(why), Expect::Database { .. }) => {
            return Err(VerifyError::Unproved { module, why });
        }
    };
    Ok(Verified { staged, h1, proof })
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use sha2::{Digest, Sha256};
    use tempfile::TempDir;
    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;
    use crate::report::Silent;
    use crate::unpack::{Shape, unpack};
    use crate::verify::sumdb::Lookup;
    use crate::verify::testlog::TestLog;

    const VERSION: &str = "v0.0.1-go1.22.4.linux-amd64";
    const ARCHIVE: [u8; 32] = [7; 32];

    /// A tree of `shape` with files of these names, each with its name as content.
    fn staged(shape: &Shape, names: &[&str]) -> (TempDir, Staged) {
        let top =
            if shape.is_module() { format!("{}@{VERSION}", module::PATH) } else { "go".into() };
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for name in names {
            zip.start_file(format!("{top}/{name}"), SimpleFileOptions::default()).unwrap();
            zip.write_all(name.as_bytes()).unwrap();
        }
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(zip.finish().unwrap().get_ref()).unwrap();
        let into = tempfile::tempdir().unwrap();
        let staged = unpack(&file, "x.zip", shape, into.path(), None, &Silent).unwrap();
        (into, staged)
    }

    fn archive(names: &[&str]) -> (TempDir, Staged) {
        staged(&Shape::Archive { covered_only: false }, names)
    }

    /// The `h1:` of the module with exactly these files.
    fn h1_of(names: &[&str]) -> String {
        let files = names.iter().map(|name| (name, Sha256::digest(name).into()));
        dirhash::toolchain_h1(VERSION, files).unwrap()
    }

    /// What a log says that holds `h1` for the version.
    fn proven(h1: &str) -> Testimony {
        let mut log = TestLog::new("sum.example.com", 1);
        let line = |version: &str, h1: &str| format!("{} {version} {h1}\n", module::PATH);
        let go_mod = line(&format!("{VERSION}/go.mod"), &TestLog::h1(0));
        log.records = vec![line(VERSION, h1) + &go_mod];
        let lookup = Lookup::parse(&log.lookup(0, 1), &log.database(2)).unwrap();
        let tiles = log.serve(&lookup.plan(None), 1);
        Testimony::Proven(Box::new(lookup.prove(VERSION, None, &tiles).unwrap()))
    }

    fn silent() -> Testimony {
        Testimony::None("nobody asked it".into())
    }

    #[test]
    fn the_database_decides_where_it_spoke() {
        let names = ["VERSION", "src/x.go"];
        for expect in [
            Expect::Database { sha256: None },
            Expect::OfficialIndex { sha256: ARCHIVE },
            Expect::Given { sha256: ARCHIVE },
        ] {
            let (_into, tree) = archive(&names);
            let verified =
                verify(tree, VERSION, &expect, Some(ARCHIVE), proven(&h1_of(&names))).unwrap();
            let Proof::Sumdb(proof) = verified.proof() else { panic!("{:?}", verified.proof()) };
            assert_eq!((proof.version.as_str(), verified.h1()), (VERSION, &*h1_of(&names)));
            assert_eq!(verified.staged().files().len(), 2);

            let other = h1_of(&["VERSION", "src/y.go"]);
            let (_into, tree) = archive(&names);
            let refused = verify(tree, VERSION, &expect, Some(ARCHIVE), proven(&other));
            let Err(VerifyError::OtherTree { expected, found, .. }) = refused else {
                panic!("{expect:?} outweighs the database: {refused:?}")
            };
            assert_eq!((expected, found), (other, h1_of(&names)));
        }
    }

    #[test]
    fn where_it_is_silent_a_digest_counts_that_is_trusted_and_the_archives_own() {
        let sha256 = ARCHIVE;
        for (expect, found, origin) in [
            (Expect::OfficialIndex { sha256 }, Some(ARCHIVE), Some("official index")),
            (Expect::Given { sha256 }, Some(ARCHIVE), Some("command line")),
            (Expect::OfficialIndex { sha256 }, Some([8; 32]), None),
            (Expect::Given { sha256 }, Some([8; 32]), None),
            (Expect::OfficialIndex { sha256 }, None, None),
            (Expect::Given { sha256 }, None, None),
            (Expect::Database { sha256: Some(sha256) }, Some(ARCHIVE), None),
            (Expect::Database { sha256: None }, None, None),
        ] {
            let (_into, tree) = archive(&["VERSION"]);
            match (verify(tree, VERSION, &expect, found, silent()), origin) {
                (Ok(verified), Some(origin)) => {
                    let proof = Proof::Sha256 { archive: ARCHIVE, origin: origin.into() };
                    assert_eq!(verified.proof(), &proof);
                }
                (Err(VerifyError::Unproved { why, .. }), None) => {
                    assert_eq!(why, "nobody asked it");
                }
                (other, _) => panic!("{expect:?} and {found:?}: {other:?}"),
            }
        }
    }

    #[test]
    fn of_an_archive_the_covered_files_count_and_of_a_module_all() {
        let (names, covered) = (["VERSION", "doc/x"], ["VERSION"]);
        let module = Shape::Module { version: VERSION.into() };
        for ((_into, tree), counted) in
            [(archive(&names), &covered[..]), (staged(&module, &names), &names[..])]
        {
            let expect = Expect::Given { sha256: ARCHIVE };
            let verified = verify(tree, VERSION, &expect, Some(ARCHIVE), silent()).unwrap();
            assert_eq!(verified.h1(), h1_of(counted));
        }
    }
}
