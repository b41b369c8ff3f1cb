//! Every content of pin files that another tool is known to read, write or choke on.

use alloc::format;
use alloc::string::ToString;
use alloc::vec::Vec;

use proptest::prelude::*;

use super::*;

fn pinned(content: impl AsRef<[u8]>) -> (String, u32) {
    let pin = go_version(content.as_ref()).unwrap_or_else(|error| panic!("{error}"));
    (pin.spec.to_string(), pin.line)
}

/// As (line, column, what is shown, why).
fn refused(content: impl AsRef<[u8]>) -> (u32, u32, String, &'static str) {
    let PinError { line, column, shown, why } = go_version(content.as_ref()).unwrap_err();
    (line, column, shown, why)
}

fn utf16(text: &str, order: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(order).collect()
}

#[test]
fn what_others_write_is_read() {
    for (content, spec, line) in [
        ("1.22.5", "1.22.5", 1),
        ("1.22.5\n", "1.22.5", 1),
        ("go1.22.5\n", "go1.22.5", 1),
        ("1.22\n", "1.22", 1),
        ("1.22.x\n", "1.22.x", 1),
        ("latest\n", "latest", 1),
        ("system\n", "system", 1),
        ("# comment\n1.22.5\n", "1.22.5", 2),
        ("\n\t\n  # a\n\n 1.22.5 # b\n# c\n\n", "1.22.5", 5),
        ("1.22.5#b", "1.22.5", 1),
        ("1.22.5\r\n", "1.22.5", 1),
        ("\r\n1.22.5\r\n\r\n", "1.22.5", 2),
        ("#\r1.22.5\r", "1.22.5", 2),
        ("\t1.22.5 \t", "1.22.5", 1),
        (">=1.21, <1.23 # both\n", ">=1.21, <1.23", 1),
        ("# größer\n1.22.5", "1.22.5", 2),
        ("\u{feff}1.22.5\n", "1.22.5", 1),
    ] {
        assert_eq!(pinned(content), (spec.into(), line), "{content:?}");
    }
}

#[test]
fn every_encoding_is_read() {
    let text = "# pin\r\n1.22.5\r\n";
    let marked = ["\u{feff}", text].concat();
    for content in [
        text.as_bytes().to_vec(),
        marked.as_bytes().to_vec(),
        utf16(&marked, u16::to_le_bytes),
        utf16(&marked, u16::to_be_bytes),
        utf16(text, u16::to_le_bytes),
        utf16(text, u16::to_be_bytes),
        utf16("\u{feff}# größer 𝄞\n1.22.5", u16::to_le_bytes),
    ] {
        assert_eq!(pinned(&content), ("1.22.5".into(), 2), "{content:x?}");
    }
}

#[test]
fn what_could_be_read_in_two_ways_is_refused_in_its_place() {
    for (content, line, column, shown, why) in [
        (&b""[..], 1, 1, "", "no version is"),
        (b"\n# only\n", 1, 1, "", "no version is"),
        (b"\xef\xbb\xbf", 1, 1, "", "no version is"),
        (b"1.22.5\n1.21.0\n", 2, 1, "1.21.0", "second"),
        (b"1.22.5\n\n  1.22.5 #\n", 3, 3, "  1.22.5 #", "second"),
        (b"1.22.5\r.4", 2, 1, ".4", "second"),
        (b"1.22.5 1.21.0", 1, 8, "1.22.5 1.21.0", "second"),
        (b" 1.022", 1, 4, "1.022", "zero"),
        (b"foo", 1, 1, "foo", "neither"),
        (b"LATEST", 1, 1, "LATEST", "lower case"),
        (b"../../x", 1, 1, "../../x", "path"),
        (b"\n /sdk/go\n", 2, 2, "/sdk/go", "path"),
        (b"C:\\go", 1, 1, "C:\\\\go", "path"),
        (b"..", 1, 1, "..", "path"),
        (b"1.22\0", 1, 5, "1.22\\u{0}", "NUL"),
        (b"1.22\n# \0", 2, 3, "# \\u{0}", "NUL"),
        (b"\x1b[31m1.22", 1, 1, "\\u{1b}[31m1.22", "control"),
        (b"# a\n1.22 # \x07", 2, 8, "1.22 # \\u{7}", "control"),
        ("1.22\u{85}".as_bytes(), 1, 5, "1.22\\u{85}", "control"),
        ("1.22\u{202e}".as_bytes(), 1, 5, "1.22\\u{202e}", "expected"),
        (b"# a\n1.2\xff2", 2, 4, "1.2", "UTF-8"),
        (b"\xff\xfe1", 1, 1, "", "UTF-16"),
        (b"\xff\xfe1\0\0\xd8", 1, 2, "1", "UTF-16"),
        (b"1\x002\0x", 1, 2, "1\\u{0}2\\u{0}x", "NUL"),
    ] {
        let (found_line, found_column, found_shown, found_why) = refused(content);
        let context = String::from_utf8_lossy(content);
        assert_eq!((found_line, found_column), (line, column), "{context:?}: {found_why}");
        assert_eq!(found_shown, shown, "{context:?}: {found_why}");
        assert!(found_why.contains(why), "{context:?}: {found_why}");
    }
}

#[test]
fn a_long_file_is_refused_and_little_of_it_shown() {
    let fits = ["1.22.5\n#", &"x".repeat(GO_VERSION_MAX - 8)].concat();
    assert_eq!(pinned(&fits), ("1.22.5".into(), 1));
    assert!(refused(fits + "x").3.contains("too long"));
    assert_eq!(refused("z".repeat(100)).2, "z".repeat(32) + "...");
}

#[test]
fn an_error_says_where_and_what() {
    let error = go_version(b"# a\n1.22.5\n1.23\x1b").unwrap_err();
    assert_eq!(error.to_string(), "line 3, column 5: a control character: `1.23\\u{1b}`");
}

#[test]
fn the_go_line_of_tool_versions_counts() {
    for (content, expected) in [
        ("", None),
        ("nodejs 20.1.0\n# golang 1.22\n", None),
        ("golangci-lint 1.59\ngopls 1\n", None),
        ("golang 1.22.5", Some(("1.22.5", 1))),
        ("nodejs ref:\u{7}/x\ngolang 1.22.5\n", Some(("1.22.5", 2))),
        ("go 1.22\r\ngolang 1.21\r\n", Some(("1.22", 1))),
        (" \tgolang\t1.22.5  1.21.0 system # why\n", Some(("1.22.5", 1))),
        ("\u{feff}golang system#x", Some(("system", 1))),
    ] {
        let pin = tool_versions(content.as_bytes()).unwrap_or_else(|error| panic!("{error}"));
        let found = pin.as_ref().map(|pin| (pin.spec.as_str(), pin.line));
        assert_eq!(found, expected, "{content:?}");
    }
}

#[test]
fn a_wrong_go_line_of_tool_versions_is_refused() {
    for (content, line, column, why) in [
        ("golang", 1, 7, "no version follows"),
        ("a 1\ngo  # 1.22", 2, 5, "no version follows"),
        ("golang ref:v1.0", 1, 8, "build"),
        ("golang path:/sdk/go", 1, 8, "path"),
        ("golang path:go", 1, 8, "path"),
        ("golang ../go", 1, 8, "path"),
        ("\n golang  1.022", 2, 12, "zero"),
        ("golang latest:1.22", 1, 8, "neither"),
        ("golang 1.22 \u{1b}", 1, 13, "control"),
        ("golang 1.22\0", 1, 12, "NUL"),
    ] {
        let error = tool_versions(content.as_bytes()).unwrap_err();
        assert_eq!((error.line, error.column), (line, column), "{content:?}: {error}");
        assert!(error.why.contains(why), "{content:?}: {error}");
    }
    assert!(tool_versions(&[b'#'; TOOL_VERSIONS_MAX + 1]).is_err());
}

#[test]
fn a_version_that_fills_the_screen_is_refused() {
    let long = format!("1.22.{}", "9".repeat(300));
    for error in [
        go_version(long.as_bytes()),
        tool_versions(format!("go {long}").as_bytes()).map(Option::unwrap),
    ] {
        let error = error.unwrap_err();
        assert!(error.why.contains("too long") && error.shown.len() < 40, "{error}");
    }
}

#[test]
fn only_one_release_and_nothing_else_is_plain() {
    for (file, version) in [
        ("1.22.4", "1.22.4"),
        ("go1.22.10\n", "1.22.10"),
        ("v1.9.7\r\n", "1.9.7"),
        ("1.123.4567", "1.123.4567"),
    ] {
        assert_eq!(plain(file.as_bytes()), Some(version.as_bytes()), "{file}");
    }
    for file in [
        "",
        "\n",
        "1.22",
        "1.20.0",
        "1.8.7",
        "1.022.4",
        "1.22.04",
        "1.22.4 ",
        " 1.22.4",
        "1.22.4\n\n",
        "1.22.4rc1",
        "1.22.x",
        "2.1.1",
        "1.22.4.1",
        "gov1.22.4",
        "1.22.4 # x",
        "1.22.4-a",
        "1.22.12345",
    ] {
        assert_eq!(plain(file.as_bytes()), None, "{file}");
    }
}

proptest! {
    #[test]
    fn what_is_plain_is_read_as_the_same_release(
        file in "(go|v)?1\\.[0-9]{1,3}(\\.[0-9]{1,3})?\\PC?(\r?\n)?"
    ) {
        if let Some(version) = plain(file.as_bytes()) {
            let pin = go_version(file.as_bytes()).unwrap();
            let name = core::str::from_utf8(version).unwrap();
            prop_assert_eq!(pin.spec.names_one().unwrap().as_str(), name);
            prop_assert!(pin.spec.names_one().unwrap().finds_itself());
        }
    }


    #[test]
    fn any_bytes_are_read_or_refused(bytes: Vec<u8>) {
        for error in [go_version(&bytes).err(), tool_versions(&bytes).err()].into_iter().flatten() {
            prop_assert!(error.line >= 1 && error.column >= 1);
            prop_assert!(error.to_string().bytes().all(|b| (b' '..=b'~').contains(&b)));
        }
    }

    #[test]
    fn lines_of_text_are_read_or_refused(
        text in "(\u{feff}|#|go|lang|[ \t\r\n\0é]|1\\.2|>=|/){0,12}"
    ) {
        let bytes = text.as_bytes();
        if let Ok(pin) = go_version(bytes) {
            prop_assert_eq!(Spec::parse_in_file(pin.spec.as_str()), Ok(pin.spec));
        }
        if let Ok(Some(pin)) = tool_versions(bytes) {
            prop_assert!(text.contains(pin.spec.as_str()));
        }
    }

    #[test]
    fn what_is_written_is_read_back(
        spec in "1\\.2[0-9](\\.[0-9])?|go1\\.20|latest|>=1\\.2[0-9] <1\\.3",
        before in "([ \t]*(#[a-zé ]*)?(\n|\r\n)){0,3}[ \t]{0,2}",
        after in "[ \t]{0,2}(#[a-zé ]*)?(\n|\r\n)?",
        wide: bool,
    ) {
        let content = ["\u{feff}", &before, &spec, &after].concat();
        let bytes = if wide { utf16(&content, u16::to_le_bytes) } else { content.into_bytes() };
        let line = before.matches('\n').count() as u32 + 1;
        prop_assert_eq!(pinned(&bytes), (spec, line));
    }
}
