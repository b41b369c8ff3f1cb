//! A project's pin: `.go-version` in a folder.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use gvm_core::spec::Spec;

use crate::atomic::{self, WriteError};

/// Writes `.go-version` into `folder`; says where it stands.
///
/// # Errors
/// When it cannot be written; the old file then still stands.
pub fn write(folder: &Path, spec: &Spec) -> Result<PathBuf, WriteError> {
    let path = folder.join(".go-version");
    may_be_replaced(folder, &path).map_err(|source| WriteError { path: path.clone(), source })?;
    atomic::sweep_beside(&path);
    atomic::write_where_it_leads(&path, format!("{spec}\n").as_bytes())?;
    Ok(path)
}

/// A link is followed to a regular file of this folder or of one below. A repository brings its links along: one that
/// leads elsewhere would have whoever pins here write into a file that was never meant.
fn may_be_replaced(folder: &Path, path: &Path) -> io::Result<()> {
    if !fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_symlink()) {
        return Ok(());
    }
    let refused = |why: String| Err(io::Error::new(io::ErrorKind::InvalidInput, why));
    let Ok(target) = fs::canonicalize(path) else {
        return refused("it is a link that leads nowhere".into());
    };
    if !fs::canonicalize(folder).is_ok_and(|folder| target.starts_with(folder)) {
        let to = target.display();
        return refused(format!("it is a link that leads to {to}, outside this folder"));
    }
    if !fs::metadata(&target)?.is_file() {
        return refused("it is a link that leads to no regular file".into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform;
    use gvm_core::call::Call;
    use gvm_core::request::{self, Origin};
    use gvm_shim::world::Machine;

    #[test]
    fn what_is_pinned_is_read_back_as_the_same_request() {
        for text in ["1.22", "1.22.10", "go1.20", "latest", ">=1.21 <1.23", "system", "1.23rc"] {
            let folder = tempfile::tempdir().unwrap();
            let spec = Spec::parse(text.as_bytes()).unwrap();
            let path = write(folder.path(), &spec).unwrap();
            let request = request::find(&Machine::of([], Some(folder.path())), &Call::plain());
            let request = request.unwrap().unwrap();
            assert_eq!(request.spec.kind(), spec.kind(), "{text}");
            let at = platform::bytes(&path);
            assert_eq!(request.origin, Origin::PinFile { path: at, line: 1 });
        }
    }
}
