//! Names that meet: the same one twice, names that some file system takes for one, and a file where a folder is needed.

use crate::case::{Case, entry};
use crate::{tar, zip};

const TWICE: &str = "its name stands there twice";

/// What meets, the names of the files in order, the one that is refused, and the rule.
const TABLE: &[(&str, &[&str], &str, &str)] = &[
    ("duplicate", &["go/x", "go/x"], "go/x", TWICE),
    ("duplicate-far-apart", &["go/a/x", "go/b/x", "go/c", "go/a/x"], "go/a/x", TWICE),
    ("duplicate-of-the-program", &["go/bin/go"], "go/bin/go", TWICE),
    ("case", &["go/version"], "go/version", "its name differs from `VERSION` only in case"),
    ("case-of-the-end", &["go/bin/Go"], "go/bin/Go", "its name differs from `bin/go` only in case"),
    ("case-of-a-folder", &["go/Bin/x"], "go/Bin/x", "its name differs from `bin` only in case"),
    (
        "case-of-a-middle",
        &["go/a/b/c", "go/a/B/d"],
        "go/a/B/d",
        "its name differs from `a/b` only in case",
    ),
    ("case-beyond-ascii", &["go/Þ", "go/þ"], "go/þ", "its name differs from `Þ` only in case"),
    (
        "case-of-an-umlaut",
        &["go/ä/x", "go/Ä/y"],
        "go/Ä/y",
        "its name differs from `ä` only in case",
    ),
    ("case-of-sharp-s", &["go/ß", "go/SS"], "go/SS", "its name differs from `ß` only in case"),
    (
        "case-of-file-and-folder",
        &["go/a", "go/A/b"],
        "go/A/b",
        "its name differs from `a` only in case",
    ),
    (
        "composed-and-decomposed",
        &["go/Äx", "go/A\u{308}x"],
        "go/A\\u{308}x",
        "its name has the character '\\u{308}' (U+0308)",
    ),
    (
        "decomposed-alone",
        &["go/o\u{301}"],
        "go/o\\u{301}",
        "its name has the character '\\u{301}' (U+0301)",
    ),
    (
        "compatibility-form",
        &["go/fi", "go/\u{fb01}"],
        "go/ﬁ",
        "its name has the character 'ﬁ' (U+FB01)",
    ),
    ("long-s", &["go/s", "go/\u{17f}"], "go/ſ", "its name has the character 'ſ' (U+017F)"),
    ("greek-sigmas", &["go/σ", "go/ς"], "go/σ", "its name has the character 'σ' (U+03C3)"),
    ("file-then-folder", &["go/x", "go/x/y"], "go/x/y", "`x` is a file and a folder"),
    ("folder-then-file", &["go/x/y", "go/x"], "go/x", "`x` is a file and a folder"),
    ("file-above-the-program", &["go/bin"], "go/bin", "`bin` is a file and a folder"),
    (
        "file-deep-in-a-file",
        &["go/VERSION/a/b"],
        "go/VERSION/a/b",
        "`VERSION` is a file and a folder",
    ),
];

pub fn cases() -> Vec<Case> {
    let mut cases: Vec<Case> = TABLE.iter().flat_map(both).collect();
    for (what, first) in
        [("folder-entry-over-a-file", "go/VERSION/"), ("folder-entry-and-file", "go/x/")]
    {
        let path = first.trim_start_matches("go/").trim_end_matches('/');
        let refused = if path == "x" { "go/x" } else { first };
        let says = entry(refused, &format!("`{path}` is a file and a folder"));
        let more = ["go/x"].iter().filter(|_| path == "x");
        let zipped =
            [zip::folder(first)].into_iter().chain(more.clone().map(|name| zip::file(name, b"")));
        cases.push(Case::zipped(what, says.clone(), zipped));
        let tarred = [tar::folder(first)].into_iter().chain(more.map(|name| tar::file(name, b"")));
        cases.push(Case::tarred(what, says, tarred));
    }
    cases
}

fn both((what, names, refused, rule): &(&str, &[&str], &str, &str)) -> [Case; 2] {
    [
        Case::zipped(*what, entry(refused, rule), names.iter().map(|name| zip::file(name, b"1"))),
        Case::tarred(*what, entry(refused, rule), names.iter().map(|name| tar::file(name, b"1"))),
    ]
}
