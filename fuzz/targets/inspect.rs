//! Programs: whatever the bytes are, there is an answer or an error; what is shown is printable; what is cut off is told;
//! a file says what its bytes say; and of what does not start here the reason is told.

#![no_main]

use std::path::Path;
use std::sync::LazyLock;

use gvm::inspect::binary::Binary;
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
    let Ok(content) = found else { return };
    if let Content::Binary(binary) = &content {
        texts(binary).for_each(check_is_harmless);
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

/// What of a binary is shown as it is.
fn texts(binary: &Binary) -> impl Iterator<Item = &String> {
    let libraries = binary.libraries.iter();
    let libraries =
        libraries.flat_map(|it| it.functions.iter().chain(&it.versions).chain([&it.name]));
    let go = binary.go.iter().flat_map(|go| {
        let modules = go.main.iter().chain(&go.dependencies);
        let modules = modules.flat_map(|it| [&it.path, &it.version, &it.sum]);
        let settings = go.settings.iter().flat_map(|(key, value)| [key, value]);
        modules.chain(settings).chain(&go.path).chain([&go.version])
    });
    let search = binary.search.rpath.iter().chain(&binary.search.runpath);
    let ids = &binary.build_ids;
    let ids = ids.go.iter().chain(&ids.gnu).chain(&ids.uuid);
    let rest = binary.interpreter.iter().chain(&binary.debug.elsewhere).chain(&binary.defines);
    libraries.chain(go).chain(search).chain(ids).chain(rest)
}

fn check_is_harmless(text: &String) {
    let is_harmless = |char: char| !char.is_control() && !('\u{202a}'..='\u{202e}').contains(&char);
    assert!(text.chars().all(is_harmless), "{text:?}");
}
