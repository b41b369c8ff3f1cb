//! Programs: whatever the bytes are, there is an answer or an error; what is shown is printable; what is cut off is told;
//! a file says what its bytes say; and of what does not start here the reason is told.

#![no_main]

use std::path::Path;
use std::sync::LazyLock;

use gvm::inspect::start::{self, Here};
use gvm::inspect::{self, Content};
use gvm_fuzz::scratch::Scratch;
use libfuzzer_sys::fuzz_target;

static SCRATCH: LazyLock<Scratch> = LazyLock::new(Scratch::default);
static HERE: LazyLock<Here> = LazyLock::new(|| Here {
    // Nothing is there: no loader, no library.
    root: SCRATCH.path().join("root"),
    system: "linux",
    architecture: "amd64".to_owned(),
    version: Some("5.10.0".to_owned()),
    path: Vec::new(),
    library_path: Vec::new(),
    level: Some(1),
});

fuzz_target!(|bytes: &[u8]| {
    let found = inspect::read(bytes, "amd64");
    let shown = format!("{found:?}");
    assert!(shown.chars().all(is_harmless), "{shown:?}");
    let Ok(content) = found else { return };
    if let Content::Binary(binary) = &content {
        let is_told = binary.needed_length.is_none_or(|needed| needed > bytes.len() as u64);
        assert!(is_told, "cut off at {:?} of {}", binary.needed_length, bytes.len());
        let start = start::start(&HERE, Path::new("/nowhere/program"), &content);
        assert_eq!(start.here == Some(false), !start.why.is_empty(), "{start:?}");
        let is_right = start.here != Some(true)
            || binary.architecture == "amd64"
            || binary.architecture == "386";
        assert!(is_right, "{start:?}");
    }
    // One in some is enough to hold files to their bytes: writing them costs more than all else.
    if bytes.first().is_some_and(|first| first % 16 == bytes.len() as u8 % 16) {
        SCRATCH.write("program", bytes);
        let file = inspect::file(&SCRATCH.path().join("program"), "amd64");
        assert_eq!(format!("{:?}", file.ok()), format!("{:?}", Some(content)));
    }
});

/// Debug output escapes what is foreign once more, so that nothing is left of it.
fn is_harmless(char: char) -> bool {
    char == '\n' || !char.is_control()
}
