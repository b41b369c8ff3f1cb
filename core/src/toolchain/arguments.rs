//! What a go command's arguments change about which toolchain runs them: `-C`, the commands that never switch, and
//! `install` and `run` of a tool with `@`.
//!
//! As `handleChdirFlag` of `cmd/go/main.go` and `Select` of `cmd/go/internal/toolchain/select.go` have it.

use crate::version::Version;

/// What the arguments say.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Arguments<'a> {
    /// Where the go command goes first: the value of `-C`.
    pub folder: Option<&'a [u8]>,
    /// Which way they go.
    pub way: Way,
}

/// Whether a go command with these arguments selects a toolchain.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Way {
    /// It does.
    #[default]
    Selects,
    /// It answers by itself: `env GOTOOLCHAIN`, `env -w GOTOOLCHAIN=…`, and `env GOMOD` and `env GOWORK` from 1.23 on.
    Stays,
    /// It builds a tool of its own version: `install pkg@version`, `run pkg@version`.
    BuildsTool,
}

/// The commands that can run, which a `-C` may follow.
const COMMANDS: [&str; 18] = [
    "bug",
    "build",
    "clean",
    "doc",
    "env",
    "fix",
    "fmt",
    "generate",
    "get",
    "install",
    "list",
    "run",
    "telemetry",
    "test",
    "tool",
    "version",
    "vet",
    "work",
];

/// Those of `go mod`.
const MOD: [&str; 8] = ["download", "edit", "graph", "init", "tidy", "vendor", "verify", "why"];

/// Those of `go work`.
const WORK: [&str; 5] = ["edit", "init", "sync", "use", "vendor"];

/// The flags of `go run` and `go install` whose value may be an argument of its own.
const FLAGS_WITH_VALUE: [&str; 18] = [
    "C",
    "asmflags",
    "buildmode",
    "compiler",
    "coverpkg",
    "covermode",
    "exec",
    "gccgoflags",
    "gcflags",
    "installsuffix",
    "ldflags",
    "mod",
    "modfile",
    "o",
    "overlay",
    "p",
    "pgo",
    "pkgdir",
];

/// The rest of them.
const MORE_FLAGS_WITH_VALUE: [&str; 3] = ["tags", "toolexec", "debug-trace"];

/// Reads the arguments as a base of this version does.
pub fn read<'a>(arguments: &[&'a [u8]], base: &Version) -> Arguments<'a> {
    let used = command_length(arguments);
    let (folder, taken) = folder(arguments, used);
    // Without `-C`, as the go command itself goes on.
    let at = |index: usize| {
        let index = if index < used { index } else { index + taken };
        arguments.get(index).copied()
    };
    Arguments { folder, way: way(&at, base) }
}

/// The value of a `-C` after so many words, and how many words that takes.
fn folder<'a>(arguments: &[&'a [u8]], used: usize) -> (Option<&'a [u8]>, usize) {
    let Some((flag, rest)) = arguments.get(used..).and_then(<[&[u8]]>::split_first) else {
        return (None, 0);
    };
    match (without_dashes(flag), rest) {
        (Some(b"C"), [folder, ..]) => (Some(*folder), 2),
        (Some([b'C', b'=', folder @ ..]), _) => (Some(folder), 1),
        (Some(_) | None, _) => (None, 0),
    }
}

/// A flag's name and value; None for what is no flag.
fn without_dashes(word: &[u8]) -> Option<&[u8]> {
    let flag = word.strip_prefix(b"-")?;
    Some(flag.strip_prefix(b"-").unwrap_or(flag))
}

fn way<'a>(at: &dyn Fn(usize) -> Option<&'a [u8]>, base: &Version) -> Way {
    match (at(0), at(1), at(2), at(3)) {
        (Some(b"env"), Some(b"GOTOOLCHAIN"), None, _) => Way::Stays,
        (Some(b"env"), Some(b"-w"), Some(value), None) if value.starts_with(b"GOTOOLCHAIN=") => {
            Way::Stays
        }
        (Some(b"env"), Some(b"GOMOD" | b"GOWORK"), None, _) if base.is_from_line("23") => {
            Way::Stays
        }
        _ if names_tool(at) || may_install_tool(at) => Way::BuildsTool,
        _ => Way::Selects,
    }
}

/// Whether there is a `-C` among them.
pub fn changes_folder(arguments: &[&[u8]]) -> bool {
    folder(arguments, command_length(arguments)).0.is_some()
}

/// Whether they are `install` or `run` of a package with a version.
pub fn builds_tool(arguments: &[&[u8]]) -> bool {
    let used = command_length(arguments);
    let (_, taken) = folder(arguments, used);
    names_tool(&|index| arguments.get(if index < used { index } else { index + taken }).copied())
}

fn names_tool<'a>(at: &dyn Fn(usize) -> Option<&'a [u8]>) -> bool {
    if !matches!(at(0), Some(b"install" | b"run")) {
        return false;
    }
    let mut index = 1;
    while let Some(word) = at(index) {
        index += 1;
        if word == b"--" {
            return at(index).is_some_and(has_version);
        }
        let Some(flag) = without_dashes(word) else { return has_version(word) };
        let names = FLAGS_WITH_VALUE.iter().chain(&MORE_FLAGS_WITH_VALUE);
        if names.into_iter().any(|name| name.as_bytes() == flag) {
            index += 1;
        }
    }
    false
}

/// Which argument of `install` is the package, go commands of different versions find out in different ways: the base
/// does it best itself.
fn may_install_tool<'a>(at: &dyn Fn(usize) -> Option<&'a [u8]>) -> bool {
    at(0) == Some(b"install") && (1..).map_while(at).any(|word| word.contains(&b'@'))
}

fn has_version(package: &[u8]) -> bool {
    let Some(at) = package.iter().position(|byte| *byte == b'@') else { return false };
    let is_local = [&b"./"[..], b"../", b"/"].iter().any(|start| package.starts_with(start));
    at > 0 && at + 1 < package.len() && !is_local
}

/// How many words the command's name has: `mod tidy` two, `build` one, an unknown one none.
fn command_length(arguments: &[&[u8]]) -> usize {
    let is_in = |names: &[&str], word: &[u8]| names.iter().any(|name| name.as_bytes() == word);
    match arguments {
        [b"mod", second, ..] => 1 + usize::from(is_in(&MOD, second)),
        [b"work", second, ..] => 1 + usize::from(is_in(&WORK, second)),
        [b"mod"] => 1,
        [first, ..] => usize::from(is_in(&COMMANDS, first)),
        [] => 0,
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::*;

    fn of<'a>(words: &'a str, base: &str) -> (Option<&'a str>, Way) {
        let words: Vec<&[u8]> = words.split_ascii_whitespace().map(str::as_bytes).collect();
        let read = read(&words, &Version::parse(base).unwrap());
        (read.folder.map(|folder| core::str::from_utf8(folder).unwrap()), read.way)
    }

    #[test]
    fn the_folder_stands_first_or_after_the_command() {
        for (words, folder) in [
            ("-C d build", Some("d")),
            ("--C d build", Some("d")),
            ("-C=d build", Some("d")),
            ("build --C=d", Some("d")),
            ("build -C d ./...", Some("d")),
            ("mod tidy -C d", Some("d")),
            ("work sync -C=d", Some("d")),
            ("build -v -C d", None),
            ("mod -C d tidy", Some("d")),
            ("help -C d", None),
            ("frobnicate -C d", None),
            ("build -C", None),
            ("", None),
        ] {
            assert_eq!(of(words, "1.22.10").0, folder, "{words}");
        }
    }

    #[test]
    fn some_commands_never_switch() {
        for (words, base, way) in [
            ("env GOTOOLCHAIN", "1.21.0", Way::Stays),
            ("env -C d GOTOOLCHAIN", "1.21.0", Way::Stays),
            ("env GOTOOLCHAIN GOOS", "1.21.0", Way::Selects),
            ("env -w GOTOOLCHAIN=local", "1.21.0", Way::Stays),
            ("env -w GOTOOLCHAIN=local GOOS=linux", "1.21.0", Way::Selects),
            ("env -u GOTOOLCHAIN", "1.21.0", Way::Selects),
            ("env GOMOD", "1.22.12", Way::Selects),
            ("env GOMOD", "1.23.0", Way::Stays),
            ("env GOWORK", "1.27.4", Way::Stays),
            ("env", "1.27.4", Way::Selects),
            ("", "1.27.4", Way::Selects),
        ] {
            assert_eq!(of(words, base).1, way, "{words} on {base}");
        }
    }

    #[test]
    fn a_pin_gives_way_only_to_a_package_with_a_version() {
        let words: [&[u8]; 4] = [b"install", b"-ldflags", b"-X a=b@c", b"./cmd"];
        assert!(!builds_tool(&words));
        assert!(builds_tool(&[b"install", b"-C=d", b"example.com/x@v1"]));
    }

    #[test]
    fn a_tool_with_a_version_is_built_by_its_own_rule() {
        for (words, builds) in [
            ("install example.com/x@latest", true),
            ("run example.com/x@v1.0.0 a", true),
            ("install -C d example.com/x@latest", true),
            ("run -tags a example.com/x@v1", true),
            ("run -tags=a -race example.com/x@v1", true),
            ("run -- example.com/x@v1", true),
            ("run . me@example.com", false),
            ("run -tags a@b .", false),
            ("install -newflag x example.com/x@v1", true),
            ("install ./x", false),
            ("run ./x@v1", false),
            ("run /x@v1", false),
            ("run x@", false),
            ("get example.com/x@latest", false),
            ("install", false),
        ] {
            let way = if builds { Way::BuildsTool } else { Way::Selects };
            assert_eq!(of(words, "1.25.0").1, way, "{words}");
        }
    }
}
