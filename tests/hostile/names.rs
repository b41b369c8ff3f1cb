//! Names that lead elsewhere, or that some system takes for something else: each in a zip and in a tar.gz.

use crate::case::Case;
use crate::{tar, zip};

const DOTS: &str = "its name has an element of dots only";
const ABSOLUTE: &str = "its name is absolute";
const OUTSIDE: &str = "its name does not begin with `go/`";
const TRAILING: &str = "its name has an element that ends in a dot or a blank";
const EMPTY: &str = "its name has an empty element";
const NOT_UTF8: &str = "its name is not UTF-8";

/// What is wrong, the name, and the rule that it breaks.
const TABLE: &[(&str, &[u8], &str)] = &[
    ("parent", b"../evil", DOTS),
    ("parent-alone", b"..", DOTS),
    ("parent-below-go", b"go/../evil", DOTS),
    ("parent-twice", b"go/../../evil", DOTS),
    ("parent-many", b"go/../../../../../../../../../../gvm-hostile-evil", DOTS),
    ("parent-in-the-middle", b"go/src/../../../evil", DOTS),
    ("parent-that-stays-inside", b"go/src/../evil", DOTS),
    ("parent-at-the-end", b"go/src/..", DOTS),
    ("dot-first", b"./go/evil", DOTS),
    ("dot-in-the-middle", b"go/./evil", DOTS),
    ("three-dots", b"go/.../evil", DOTS),
    ("backslash-parent", b"..\\evil", "its name has the character '\\\\'"),
    ("backslash-parent-below-go", b"go/..\\..\\evil", "its name has the character '\\\\'"),
    ("backslash-and-slash", b"go/..\\../evil", "its name has the character '\\\\'"),
    ("backslash-absolute", b"\\gvm-hostile-evil", "its name has the character '\\\\'"),
    ("backslash-escape", b"go/a\\b", "its name has the character '\\\\'"),
    ("percent-encoded-outside", b"%2e%2e/evil", OUTSIDE),
    ("percent-encoded-slash", b"..%2fevil", OUTSIDE),
    ("overlong-utf8-dots", b"go/\xc0\xae\xc0\xae/evil", NOT_UTF8),
    ("overlong-utf8-slash", b"go/..\xc0\xafevil", NOT_UTF8),
    (
        "fullwidth-dots",
        "go/\u{ff0e}\u{ff0e}/evil".as_bytes(),
        "its name has the character '．' (U+FF0E)",
    ),
    ("division-slash", "go/..\u{2215}evil".as_bytes(), "its name has the character '∕' (U+2215)"),
    (
        "fullwidth-backslash",
        "go/..\u{ff3c}evil".as_bytes(),
        "its name has the character '＼' (U+FF3C)",
    ),
    (
        "one-dot-leader",
        "go/\u{2024}\u{2024}/evil".as_bytes(),
        "its name has the character '․' (U+2024)",
    ),
    ("absolute", b"/gvm-hostile-evil", ABSOLUTE),
    ("absolute-go", b"/go/evil", ABSOLUTE),
    ("absolute-twice", b"//gvm-hostile-evil", ABSOLUTE),
    ("absolute-etc", b"/etc/cron.d/gvm-hostile-evil", ABSOLUTE),
    ("drive", b"C:/evil", "its name has the character ':'"),
    ("drive-relative", b"C:evil", "its name has the character ':'"),
    ("drive-backslash", b"C:\\evil", "its name has the character ':'"),
    ("unc-slashes", b"//server/share/evil", ABSOLUTE),
    ("unc-backslashes", b"\\\\server\\share\\evil", "its name has the character '\\\\'"),
    ("device-namespace", b"\\\\?\\C:\\evil", "its name has the character '\\\\'"),
    ("stream", b"go/VERSION2:evil", "its name has the character ':'"),
    ("stream-data", b"go/VERSION::$DATA", "its name has the character ':'"),
    ("stream-of-folder", b"go/src:evil:$INDEX_ALLOCATION/x", "its name has the character ':'"),
    ("home", b"~/evil", OUTSIDE),
    ("reserved-con", b"go/con", "its name has the element `con`, a device on Windows"),
    (
        "reserved-nul-with-end",
        b"go/nul.txt",
        "its name has the element `nul.txt`, a device on Windows",
    ),
    ("reserved-folder", b"go/AUX/x", "its name has the element `AUX`, a device on Windows"),
    ("reserved-com1", b"go/src/Com1.go", "its name has the element `Com1.go`, a device on Windows"),
    ("reserved-lpt9", b"go/lpt9", "its name has the element `lpt9`, a device on Windows"),
    ("reserved-com-superscript", "go/com¹".as_bytes(), "its name has the character '¹' (U+00B9)"),
    ("reserved-conin", b"go/CONIN$", "its name has the element `CONIN$`, a device on Windows"),
    (
        "reserved-with-blank",
        b"go/prn .txt",
        "its name has the element `prn .txt`, a device on Windows",
    ),
    ("trailing-dot", b"go/evil.", TRAILING),
    ("trailing-dot-folder", b"go/src./evil", TRAILING),
    ("trailing-blank", b"go/evil ", TRAILING),
    ("trailing-blank-folder", b"go/src /evil", TRAILING),
    ("dots-and-blank", b"go/.. /evil", TRAILING),
    ("newline", b"go/ev\nil", "its name has the character '\\n'"),
    ("escape-sequence", b"go/\x1b[2Jevil", "its name has the character '\\u{1b}'"),
    ("bell", b"go/\x07", "its name has the character '\\u{7}'"),
    ("delete", b"go/\x7f", "its name has the character '\\u{7f}'"),
    ("c1-control", "go/\u{9b}2J".as_bytes(), "its name has the character '\\u{9b}' (U+009B)"),
    (
        "right-to-left",
        "go/\u{202e}og.x".as_bytes(),
        "its name has the character '\\u{202e}' (U+202E)",
    ),
    (
        "zero-width",
        "go/VERSION\u{200b}".as_bytes(),
        "its name has the character '\\u{200b}' (U+200B)",
    ),
    (
        "byte-order-mark",
        "\u{feff}go/x".as_bytes(),
        "its name has the character '\\u{feff}' (U+FEFF)",
    ),
    ("wildcard", b"go/*", "its name has the character '*'"),
    ("question-mark", b"go/?", "its name has the character '?'"),
    ("quote", b"go/\"evil\"", "its name has the character '\"'"),
    ("redirection", b"go/a>b", "its name has the character '>'"),
    ("vertical-bar", b"go/a|b", "its name has the character '|'"),
    ("not-utf8", b"go/\xff\xfe", NOT_UTF8),
    ("latin1-bytes", b"go/\xe4foo.go", NOT_UTF8),
    ("surrogate", b"go/\xed\xa0\x80", NOT_UTF8),
    (
        "combining-mark",
        "go/A\u{308}foo.go".as_bytes(),
        "its name has the character '\\u{308}' (U+0308)",
    ),
    ("kelvin-sign", "go/\u{212a}".as_bytes(), "its name has the character '\u{212a}' (U+212A)"),
    ("angstrom-sign", "go/\u{212b}".as_bytes(), "its name has the character '\u{212b}' (U+212B)"),
    ("dotless-i", "go/b\u{131}n/x".as_bytes(), "its name has the character 'ı' (U+0131)"),
    ("ligature", "go/\u{fb00}".as_bytes(), "its name has the character 'ﬀ' (U+FB00)"),
    ("empty-element", b"go//evil", EMPTY),
    ("no-top-folder", b"evil", OUTSIDE),
    ("top-as-file", b"go", OUTSIDE),
    ("top-in-capitals", b"GO/evil", OUTSIDE),
    ("another-top", b"golang/evil", OUTSIDE),
    ("top-begins-like-go", b"go.evil/x", OUTSIDE),
    ("module-top-in-an-archive", b"golang.org/toolchain@v0.0.1-go1.22.4.linux-amd64/x", OUTSIDE),
    ("renamed-go-mod", b"go/src/_go.mod", "it is a `_go.mod`, which only a module may have"),
];

/// Each name of the table in both formats, and those that only one of them can hold.
pub fn cases() -> Vec<Case> {
    let mut cases: Vec<Case> = TABLE.iter().flat_map(|row| both(row.0, row.1, row.2)).collect();
    let long = ["go/".as_bytes(), "a/".repeat(125).as_bytes(), b"x"].concat();
    let too_long = "its path is longer than 240 bytes";
    cases.push(zipped("path-too-long", &long, too_long));
    let element = ["go/".as_bytes(), &[b'x'; 2_000]].concat();
    cases.push(zipped("name-of-2000-bytes", &element, too_long));
    cases.push(zipped("no-name", b"", "its name is empty"));
    cases.push(zipped("nul", b"go/VERSION\0.evil", "its name has the character '\\0'"));
    let by_pax = format!("go/{}", "d/".repeat(130));
    let member = [tar::pax(&[("path", &by_pax)]), tar::file("go/x", b"x")].concat();
    cases.push(Case::tarred("path-too-long", refusal(by_pax.as_bytes(), EMPTY), [member]));
    let by_pax = by_pax + "x";
    let member = [tar::pax(&[("path", &by_pax)]), tar::file("go/x", b"x")].concat();
    cases.push(Case::tarred(
        "path-too-long-to-a-file",
        refusal(by_pax.as_bytes(), too_long),
        [member],
    ));
    cases.push(Case::tarred("no-name", refusal(b"", "its name is empty"), [tar::file("", b"")]));
    cases
}

fn both(what: &str, name: &[u8], rule: &str) -> [Case; 2] {
    let tarred = Case::tarred(what, refusal(name, rule), [tar::file(name, b"evil")]);
    [zipped(what, name, rule), tarred]
}

fn zipped(what: &str, name: &[u8], rule: &str) -> Case {
    Case::zipped(what, refusal(name, rule), [zip::file(name, b"evil")])
}

/// The message: the name escaped, and no more than 80 characters of it.
pub fn refusal(name: &[u8], rule: &str) -> String {
    let text = String::from_utf8_lossy(name);
    let shown: String = text.chars().take(80).flat_map(char::escape_debug).collect();
    let more = if text.chars().count() > 80 { "…" } else { "" };
    format!("the entry `{shown}{more}` is refused: {rule}")
}
