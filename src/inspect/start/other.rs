//! What Windows' and macOS' loaders look for, as far as it stands in files of its own.

use std::path::{Path, PathBuf};

use super::super::binary::Binary;
use super::super::{Content, file};
use super::{Here, Obstacle};

/// DLLs: beside the program, in Windows' folders, on PATH. Names of API sets stand for no files.
pub(super) fn windows(here: &Here, path: &Path, binary: &Binary, why: &mut Vec<Obstacle>) {
    let system =
        if binary.bits == 32 && here.architecture != "386" { "SysWOW64" } else { "System32" };
    let mut folders: Vec<PathBuf> = path.parent().map(Path::to_owned).into_iter().collect();
    folders.extend([here.at("/Windows").join(system), here.at("/Windows")]);
    folders.extend(here.path.iter().cloned());
    for library in binary.libraries.iter().filter(|library| !library.is_optional) {
        let name = library.name.to_ascii_lowercase();
        let is_set = name.starts_with("api-ms-win-") || name.starts_with("ext-ms-");
        if !is_set && !folders.iter().any(|folder| folder.join(&library.name).is_file()) {
            why.push(Obstacle::NoLibrary { name: library.name.clone(), by: None });
        }
    }
}

/// Libraries that are not the system's own, which stand in one file with all others and nowhere by themselves.
pub(super) fn macos(here: &Here, path: &Path, binary: &Binary, why: &mut Vec<Obstacle>) {
    let own = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let own = own.parent().unwrap_or(Path::new("/")).to_owned();
    let place = |name: &str| {
        for prefix in ["@executable_path/", "@loader_path/"] {
            if let Some(rest) = name.strip_prefix(prefix) {
                return own.join(rest);
            }
        }
        here.at(name)
    };
    for library in binary.libraries.iter().filter(|library| !library.is_optional) {
        let name = library.name.as_str();
        if name.starts_with("/usr/lib/") || name.starts_with("/System/") {
            continue;
        }
        let places: Vec<PathBuf> = match name.strip_prefix("@rpath/") {
            Some(rest) => {
                binary.search.rpath.iter().map(|folder| place(folder).join(rest)).collect()
            }
            None => vec![place(name)],
        };
        let is_right = |place: &PathBuf| match file(place, &binary.architecture) {
            Ok(Content::Binary(found)) => found.architecture == binary.architecture,
            Ok(Content::Plain(_)) | Err(_) => false,
        };
        if !places.iter().any(is_right) {
            why.push(Obstacle::NoLibrary { name: name.to_owned(), by: None });
        }
    }
}
