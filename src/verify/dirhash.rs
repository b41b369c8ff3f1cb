//! The `h1:` hash of a tree of files, over their names and contents: what go.sum and the checksum
//! database hold.
//!
//! Nothing is read here; the caller hands in the digest of each file. Source of the rule: `Hash1`
//! in `golang.org/x/mod/sumdb/dirhash`.

use data_encoding::BASE64;
use gvm_core::module;
use sha2::{Digest, Sha256};
use thiserror::Error;

/// Why a list of files has no `h1:` hash.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum DirhashError {
    /// A name would end its line of the hashed text early and could pass for two files.
    #[error("the file name {name:?} has a newline in it")]
    Newline {
        /// The name.
        name: String,
    },
    /// A name stands twice, so that the hash would not say which content is meant. Go's own code
    /// hashes the last one twice.
    #[error("the file name {name:?} stands twice")]
    Duplicate {
        /// The name.
        name: String,
    },
}

/// The `h1:` hash of files given as name and SHA-256 of the content, in any order.
pub fn h1(
    files: impl IntoIterator<Item = (impl Into<String>, [u8; 32])>,
) -> Result<String, DirhashError> {
    let mut files: Vec<(String, [u8; 32])> =
        files.into_iter().map(|(name, digest)| (name.into(), digest)).collect();
    files.sort_unstable();
    if let Some(pair) = files.windows(2).find(|pair| pair[0].0 == pair[1].0) {
        return Err(DirhashError::Duplicate { name: pair[0].0.clone() });
    }
    let mut hasher = Sha256::new();
    for (name, digest) in files {
        if name.contains('\n') {
            return Err(DirhashError::Newline { name });
        }
        hasher.update(hex::encode(digest));
        hasher.update("  ");
        hasher.update(name);
        hasher.update("\n");
    }
    Ok(format!("h1:{}", BASE64.encode(&hasher.finalize())))
}

/// The `h1:` hash that the toolchain module `module_version` (`v0.0.1-go1.22.4.linux-amd64`) would
/// have if it held `files`, given by their path in GOROOT (slashes) and the SHA-256 of their
/// content.
///
/// Which files to hand in is the caller's choice: those that [`module::covers`], and of a tree that
/// the go command unpacked no `go.mod` that has a `_go.mod` beside it, because the two have one
/// name in the module ([`DirhashError::Duplicate`]).
pub fn toolchain_h1(
    module_version: &str,
    files: impl IntoIterator<Item = (impl AsRef<str>, [u8; 32])>,
) -> Result<String, DirhashError> {
    h1(files.into_iter().map(|(path, digest)| {
        let name = module::name_in_module(path.as_ref());
        (format!("{}@{module_version}/{name}", module::PATH), digest)
    }))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn digest(content: &str) -> [u8; 32] {
        Sha256::digest(content).into()
    }

    /// The text that is hashed, spelled out.
    fn h1_of_text(text: &str) -> String {
        format!("h1:{}", BASE64.encode(&digest(text)))
    }

    #[test]
    fn the_mod_file_of_every_toolchain_has_the_published_hash() {
        let found = h1([("go.mod", digest("module golang.org/toolchain\n"))]);
        assert_eq!(found, Ok("h1:8wlg68NqwW7eMnI1aABk/C2pDYXj8mrMY4TyRfiLeS0=".into()));
    }

    #[test]
    fn a_line_is_the_digest_two_spaces_and_the_name() {
        // SHA-256 of nothing.
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        let text = format!("{empty}  B\n{empty}  a b\n{empty}  é\n");
        let files = ["é", "a b", "B"].map(|name| (name, digest("")));
        assert_eq!(h1(files), Ok(h1_of_text(&text)));
    }

    #[test]
    fn a_toolchain_is_hashed_under_the_names_of_its_module() {
        let version = "v0.0.1-go1.22.4.linux-amd64";
        let in_goroot =
            [("src/go.mod", digest("x")), ("VERSION", digest("y")), ("go.mod", digest("z"))];
        let in_module =
            [("VERSION", "y"), ("_go.mod", "z"), ("src/_go.mod", "x")].map(|(name, content)| {
                (format!("golang.org/toolchain@{version}/{name}"), digest(content))
            });
        assert_eq!(toolchain_h1(version, in_goroot), h1(in_module));
    }

    #[test]
    fn names_that_could_pass_for_others_are_refused() {
        let name = String::from("a\nb");
        assert_eq!(h1([(&*name, digest(""))]), Err(DirhashError::Newline { name }));
        let name = String::from("a");
        let twice = [("a", digest("1")), ("b", digest("")), ("a", digest("2"))];
        assert_eq!(h1(twice), Err(DirhashError::Duplicate { name }));
        let siblings = [("src/go.mod", digest("1")), ("src/_go.mod", digest("1"))];
        assert!(matches!(toolchain_h1("v", siblings), Err(DirhashError::Duplicate { .. })));
    }

    proptest! {
        #[test]
        fn neither_order_nor_anything_but_names_and_contents_matters(
            files in proptest::collection::btree_map("[a-z/.]{1,6}", any::<[u8; 32]>(), 1..9),
            changed in any::<proptest::sample::Index>(),
        ) {
            let hash = h1(files.clone()).unwrap();
            prop_assert_eq!(h1(files.clone().into_iter().rev()).unwrap(), hash.as_str());
            let mut other: Vec<_> = files.into_iter().collect();
            let changed = changed.index(other.len());
            other[changed].1[0] ^= 1;
            prop_assert_ne!(h1(other.clone()).unwrap(), hash.as_str());
            other[changed].1[0] ^= 1;
            other[changed].0.push('!');
            prop_assert_ne!(h1(other).unwrap(), hash);
        }
    }
}
