//! `file` URLs: the path behind one, and regular files opened without ever blocking.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;

use url::Url;

use super::error::{Fault, NetError};

/// The regular file behind a `file` URL.
///
/// # Errors
///
/// `Fault::File`; a missing file is one that `is_not_found`.
pub fn open_file(url: &Url) -> Result<File, NetError> {
    let failed = |error| NetError::new(url, Fault::File(error));
    let no_path = |()| io::Error::new(io::ErrorKind::InvalidInput, "no path on this machine");
    let path = url.to_file_path().map_err(|error| failed(no_path(error)))?;
    open_regular(&path).map_err(failed)
}

/// Opens a regular file for reading; a folder, a pipe or a device is an error.
///
/// The kind is asked of the open file, not of its name, and opening does not wait for a pipe's
/// other end.
///
/// # Errors
///
/// What the system says, `IsADirectory`, or `InvalidInput` for what is neither folder nor file.
pub fn open_regular(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        let flags = rustix::fs::OFlags::NONBLOCK | rustix::fs::OFlags::NOCTTY;
        options.custom_flags(flags.bits().cast_signed());
    }
    let file = options.open(path)?;
    let kind = file.metadata()?.file_type();
    if kind.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    if !kind.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file"));
    }
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    use std::io::Read;

    #[test]
    fn a_regular_file_is_read_and_nothing_else_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a b%.zip");
        std::fs::write(&path, "bytes").unwrap();

        let mut text = String::new();
        open_file(&Url::from_file_path(&path).unwrap()).unwrap().read_to_string(&mut text).unwrap();
        assert_eq!(text, "bytes");

        let missing =
            open_file(&Url::from_file_path(folder.path().join("none")).unwrap()).unwrap_err();
        assert!(missing.is_not_found(), "{missing}");
        let below = open_file(&Url::from_file_path(path.join("x")).unwrap()).unwrap_err();
        assert!(below.is_not_found(), "{below}");
        let long = Url::from_file_path(folder.path().join("x".repeat(5000))).unwrap();
        assert!(open_file(&long).unwrap_err().is_not_found(), "no file can be called so");
        let directory = open_file(&Url::from_directory_path(folder.path()).unwrap()).unwrap_err();
        assert!(!directory.is_not_found(), "{directory}");
    }

    #[cfg(unix)]
    #[test]
    fn a_pipe_and_a_device_are_refused_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        rustix::fs::mkfifoat(rustix::fs::CWD, &pipe, rustix::fs::Mode::RUSR).unwrap();
        for path in [pipe.as_path(), Path::new("/dev/zero")] {
            let error = open_file(&Url::from_file_path(path).unwrap()).unwrap_err();
            assert!(error.to_string().ends_with("cannot be read: not a regular file"), "{error}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_host_is_refused() {
        let error = open_file(&Url::parse("file://server/share/x").unwrap()).unwrap_err();
        assert!(matches!(error.fault, Fault::File(_)) && !error.is_not_found(), "{error}");
    }

    #[cfg(windows)]
    #[test]
    fn a_drive_letter_is_part_of_the_path() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.zip");
        std::fs::write(&path, "bytes").unwrap();
        let url = format!("file:///{}", path.display().to_string().replace('\\', "/"));
        assert!(open_file(&Url::parse(&url).unwrap()).is_ok(), "{url}");
    }
}
