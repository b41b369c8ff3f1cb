//! A single archive on this machine, named by its path.

use std::path::{Path, PathBuf};

use gvm_core::target::Target;
use gvm_core::version::Version;
use url::Url;

use super::artifact::{Artifact, Contents, Expect};

/// Why a path names no archive that could be installed.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// Nothing is there.
    #[error("{} is not there", path.display())]
    Missing {
        /// The path.
        path: PathBuf,
    },
    /// Its name does not tell what it is.
    #[error("{} does not tell its version and target by its name", path.display())]
    Nameless {
        /// The path.
        path: PathBuf,
    },
}

/// Whether an argument means an archive on this machine rather than a version: it ends as archives do.
pub fn is_archive_path(argument: &str) -> bool {
    [".zip", ".tar.gz", ".tgz"].iter().any(|end| argument.ends_with(end))
}

/// The archive at an absolute path, with the digest that the user gave for it.
///
/// # Errors
/// When nothing is there, or the name does not tell version and target.
pub fn artifact(path: &Path, sha256: Option<[u8; 32]>) -> Result<Artifact, ArchiveError> {
    if !path.exists() {
        return Err(ArchiveError::Missing { path: path.to_owned() });
    }
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let url = Url::from_file_path(path).ok();
    let (Some((version, target)), Some(url)) = (version_and_target(name), url) else {
        return Err(ArchiveError::Nameless { path: path.to_owned() });
    };
    Ok(Artifact {
        version,
        target,
        source: path.display().to_string(),
        urls: vec![url],
        file_name: name.to_owned(),
        size: None,
        contents: Contents::Unknown,
        expect: match sha256 {
            Some(sha256) => Expect::Given { sha256 },
            None => Expect::Database { sha256: None },
        },
    })
}

/// `go1.22.4.linux-amd64.tar.gz` and `v0.0.1-go1.22.4.linux-amd64.zip`: the names under which both are published.
fn version_and_target(name: &str) -> Option<(Version, Target)> {
    let name = name.strip_prefix("v0.0.1-").unwrap_or(name);
    let name = [".zip", ".tar.gz", ".tgz"].iter().find_map(|end| name.strip_suffix(end))?;
    // Up to 1.4.2 the archives for macOS name the oldest system that they run on.
    let name =
        ["-osx10.6", "-osx10.8"].iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name);
    let (version, target) = name.rsplit_once('.')?;
    let (os, arch) = target.split_once('-')?;
    Some((Version::from_tag(version).ok()?, Target::from_archive_names(os, arch)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_published_name_tells_version_and_target() {
        let table = [
            ("go1.22.4.linux-amd64.tar.gz", Some("1.22.4 linux/amd64")),
            ("v0.0.1-go1.22.4.windows-amd64.zip", Some("1.22.4 windows/amd64")),
            ("go1.21rc2.linux-armv6l.tar.gz", Some("1.21rc2 linux/arm")),
            ("go1.4.2.darwin-amd64-osx10.8.tar.gz", Some("1.4.2 darwin/amd64")),
            ("go1.22.4.src.tar.gz", None),
            ("go.zip", None),
        ];
        for (name, expected) in table {
            let found =
                version_and_target(name).map(|(version, target)| format!("{version} {target}"));
            assert_eq!(found.as_deref(), expected, "{name}");
        }
    }
}
