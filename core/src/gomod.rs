//! The `go` and `toolchain` values of a go.mod or go.work, found as the go command finds them
//! before it chooses a toolchain: by lines, without the file's grammar.
//!
//! What follows from the values is `toolchain`.

use crate::version::Version;

/// The Go version of a go.mod without a `go` line (`gover.DefaultGoModVersion`).
pub const GO_MOD_DEFAULT: &str = "1.16";

/// The Go version of a go.work without a `go` line (`gover.DefaultGoWorkVersion`).
pub const GO_WORK_DEFAULT: &str = "1.18";

/// A value, verbatim and perhaps no version at all, and its line (from 1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Value<'a> {
    /// What stands after the keyword, less comment and blanks; never empty.
    pub text: &'a [u8],
    /// Its line, from 1.
    pub line: u32,
}

/// What a go.mod or go.work says about toolchains.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GoMod<'a> {
    /// The language version it needs at least.
    pub go: Option<Value<'a>>,
    /// The toolchain it suggests, or `default`.
    pub toolchain: Option<Value<'a>>,
}

impl<'a> GoMod<'a> {
    /// Reads both values. There is no wrong file: what is not found is None.
    pub fn read(file: &'a [u8]) -> GoMod<'a> {
        GoMod { go: lookup(file, b"go"), toolchain: lookup(file, b"toolchain") }
    }
}

/// The value of the first line that begins with `key` and a space or tab, as `gover.GoModLookup`
/// of Go 1.26 has it: lines inside `require ( )` and `/* */` count, a byte order mark hides line 1,
/// and a first line with nothing but a comment after the keyword ends the search without a value.
pub fn lookup<'a>(file: &'a [u8], key: &[u8]) -> Option<Value<'a>> {
    let (line, rest) = file.split(|b| *b == b'\n').zip(1..).find_map(|(line, number)| {
        let rest = trim(line).strip_prefix(key)?;
        matches!(rest, [b' ' | b'\t', ..]).then_some((number, rest))
    })?;
    let comment = rest.windows(2).position(|two| two == b"//");
    let text = trim(&rest[..comment.unwrap_or(rest.len())]);
    (!text.is_empty()).then_some(Value { text, line })
}

/// The version that a toolchain's name stands for when it is compared, as `gover.FromToolchain` has
/// it: `go1.22.3-bigcorp` is 1.22.3. None for what the go command calls invalid, also candidates of
/// a patch.
pub fn toolchain_version(name: &[u8]) -> Option<Version> {
    let name = core::str::from_utf8(name).ok()?;
    if name.contains(['/', '\\']) {
        return None;
    }
    let version = name.strip_prefix("go")?;
    let release = version.split([' ', '\t', '-']).next()?;
    Version::parse(release).ok().filter(|version| !version.is_historic())
}

/// Without the white space around it: Unicode's, as Go's `bytes.TrimSpace` has it. What is not
/// UTF-8 is no white space.
fn trim(mut text: &[u8]) -> &[u8] {
    while let Some(char) = first_char(text).filter(|char| char.is_whitespace()) {
        text = &text[char.len_utf8()..];
    }
    while let Some(char) = last_char(text).filter(|char| char.is_whitespace()) {
        text = &text[..text.len() - char.len_utf8()];
    }
    text
}

fn first_char(text: &[u8]) -> Option<char> {
    (1..=text.len().min(4)).find_map(|len| only_char(&text[..len]))
}

fn last_char(text: &[u8]) -> Option<char> {
    (1..=text.len().min(4)).find_map(|len| only_char(&text[text.len() - len..]))
}

fn only_char(bytes: &[u8]) -> Option<char> {
    core::str::from_utf8(bytes).ok()?.chars().next()
}

#[cfg(test)]
mod tests {
    use alloc::string::String;
    use alloc::vec::Vec;

    use proptest::prelude::*;

    use super::*;

    fn go_of(file: &[u8]) -> Option<(&str, u32)> {
        let value = lookup(file, b"go")?;
        Some((core::str::from_utf8(value.text).unwrap(), value.line))
    }

    #[test]
    fn both_values_are_found_with_their_lines() {
        let file = b"module example.com/m\n\ngo 1.22\n\ntoolchain go1.22.4 // why\n";
        let GoMod { go, toolchain } = GoMod::read(file);
        assert_eq!(go, Some(Value { text: b"1.22", line: 3 }));
        assert_eq!(toolchain, Some(Value { text: b"go1.22.4", line: 5 }));
        assert_eq!(GoMod::read(b""), GoMod { go: None, toolchain: None });
    }

    // Measured with go commands from 1.21 to 1.27.
    #[test]
    fn lines_are_read_as_the_go_command_reads_them() {
        for (file, value) in [
            (&b"go 1.22"[..], Some(("1.22", 1))),
            (b"go\t1.22\r\n", Some(("1.22", 1))),
            (b" \tgo   1.22  ", Some(("1.22", 1))),
            (b"go 1.22//x", Some(("1.22", 1))),
            (b"go 1.22 /x", Some(("1.22 /x", 1))),
            (b"go 1.22 # x", Some(("1.22 # x", 1))),
            (b"go \"1.22\"", Some(("\"1.22\"", 1))),
            (b"go 1.22\ngo 1.23", Some(("1.22", 1))),
            (b"// go 1.21\ngo 1.22", Some(("1.22", 2))),
            (b"/*\ngo 1.21\n*/\ngo 1.22", Some(("1.21", 2))),
            (b"require (\n\tgo 1.21\n)", Some(("1.21", 2))),
            (b"\xef\xbb\xbfgo 1.21\ngo 1.22", Some(("1.22", 2))),
            ("\u{a0}\u{85}\u{b}\u{3000}go 1.22\u{2028}".as_bytes(), Some(("1.22", 1))),
            ("go\u{a0}1.22".as_bytes(), None),
            (b"\x85go 1.22", None),
            (b"\x1cgo 1.22", None),
            (b"gopher 1.22\nGo 1.22\ngo\ngo\r\n", None),
            (b"go // none\ngo 1.22", None),
            (b"go (\n\t1.22\n)", Some(("(", 1))),
            (b"go 1.21\rgo 1.22", Some(("1.21\rgo 1.22", 1))),
        ] {
            assert_eq!(go_of(file), value, "{}", String::from_utf8_lossy(file));
        }
    }

    #[test]
    fn a_toolchain_s_name_stands_for_a_version() {
        for (name, version) in [
            (&b"go1.2.3"[..], Some("1.2.3")),
            (b"go1.22.3-bigcorp", Some("1.22.3")),
            (b"go1.22.3-bigcorp more", Some("1.22.3")),
            (b"go1.22rc1\tx", Some("1.22rc1")),
            (b"go1.22-", Some("1.22")),
            (b"go1.2.3+bigcorp", None),
            (b"go1.9.2rc2", None),
            (b"1.2.3", None),
            (b"default", None),
            (b"gccgo-go1.23rc4", None),
            (b"go1.22.3-a/b", None),
            (b"go1.22.3-a\\b", None),
            (b"go1.22.3\xff", None),
        ] {
            assert_eq!(toolchain_version(name).as_ref().map(Version::as_str), version);
        }
    }

    proptest! {
        #[test]
        fn any_bytes_have_a_clean_value_or_none(
            lines in proptest::collection::vec(any::<Vec<u8>>(), 0..4), go in ".{0,9}"
        ) {
            let mut file = lines.join(&b'\n');
            file.extend_from_slice(b"\ngo ");
            file.extend_from_slice(go.as_bytes());
            if let Some(value) = lookup(&file, b"go") {
                prop_assert!(!value.text.is_empty() && trim(value.text) == value.text);
                prop_assert!(!value.text.windows(2).any(|two| two == b"//"));
                let line = file.split(|b| *b == b'\n').nth(value.line as usize - 1);
                prop_assert!(trim(line.unwrap()).starts_with(b"go"));
            }
        }

        #[test]
        fn trimming_is_that_of_strings(text in "[ \\t\\r\u{a0}\u{85}\u{2003}a\u{feff}é]{0,9}") {
            prop_assert_eq!(trim(text.as_bytes()), text.trim().as_bytes());
        }
    }
}
