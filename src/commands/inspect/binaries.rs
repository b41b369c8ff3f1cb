//! The binaries of a toolchain: what stands in `bin` and `pkg/tool` and is one, or should be. The examples that Go's own
//! tests read, below `src`, are none of its own.

use std::fs;
use std::io::Read;
use std::path::Path;

use crate::platform;

/// How binaries begin.
const MAGICS: [&[u8]; 8] = [
    b"\x7fELF",
    b"MZ",
    b"\xfe\xed\xfa\xce",
    b"\xce\xfa\xed\xfe",
    b"\xfe\xed\xfa\xcf",
    b"\xcf\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe",
    b"\xca\xfe\xba\xbf",
];

/// Their paths below the GOROOT, with slashes, by name.
pub(super) fn below(goroot: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for folder in ["bin", "pkg/tool"] {
        collect(&goroot.join(folder), folder, &mut found);
    }
    found.sort();
    found
}

fn collect(folder: &Path, name: &str, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = format!("{name}/{}", entry.file_name().to_string_lossy());
        let path = entry.path();
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => collect(&path, &name, found),
            Ok(_) if is_binary(&path) => found.push(name),
            Ok(_) | Err(_) => {}
        }
    }
}

/// An empty file in such a place is one that was lost.
fn is_binary(path: &Path) -> bool {
    let mut head = Vec::new();
    let read = platform::open_regular(path).map(|file| file.take(4).read_to_end(&mut head));
    match read {
        Ok(Ok(_)) => head.is_empty() || MAGICS.iter().any(|magic| head.starts_with(magic)),
        Ok(Err(_)) | Err(_) => true,
    }
}
