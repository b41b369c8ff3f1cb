//! Links of gvm's as tests make and read them: where a file system has none, files that hold where they lead.

use std::fs;
use std::path::Path;

/// Where a link of ROOT leads, as gvm wrote it.
#[track_caller]
pub fn target(path: &Path) -> String {
    let written = match fs::read_link(path) {
        Ok(target) => target.to_str().unwrap().to_owned(),
        Err(error) if cfg!(unix) => panic!("{}: {error}", path.display()),
        Err(_) => return fs::read_to_string(path).unwrap().trim_end().replace('\\', "/"),
    };
    if cfg!(unix) {
        return written;
    }
    // A junction holds the whole path: of the folder beside it, or of the one beside its own folder.
    let name = Path::new(&written).file_name().unwrap().to_str().unwrap().to_owned();
    if path.ends_with("current") { name } else { format!("../{name}") }
}

/// A link of ROOT that leads there.
pub fn make(target: &str, path: &Path) {
    #[cfg(unix)]
    std::os::unix::fs::symlink(target, path).unwrap();
    #[cfg(windows)]
    fs::write(path, target).unwrap();
}

/// Takes a link of ROOT away.
pub fn remove(path: &Path) {
    fs::remove_file(path).or_else(|_| fs::remove_dir(path)).unwrap();
}
