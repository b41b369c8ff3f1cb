//! go.mod and go.work by chance: where they stand, and the lines in them.

use fastrand::Rng;

use super::super::case::{Case, Entry};
use super::dice::{NAMES, chance, pick, version};

/// What may stand in a go line and is no version.
const ODD: [&str; 14] = [
    "2",
    "1",
    "1.022",
    "1.22.x",
    "1.9.2rc2",
    "1.26-corp",
    "go1.22",
    "\"1.26\"",
    "1.26.2 extra",
    "1.99999999999999999999",
    "1.22.10rc1",
    "v1.26",
    "1.26+auto",
    "1.28beta1",
];

/// Blanks of all kinds, for the place between a key and its value; most are those of every day.
const GAPS: [&str; 10] = [" ", " ", " ", " ", "\t", "  ", " \t ", "\u{a0}", " \u{a0}", "\u{b}"];

/// Before a line.
const INDENTS: [&str; 12] =
    ["", "", "", "", "", "\t", "  ", "\u{a0}", "\u{85}", "\u{feff}", "\u{2003}", "// "];

/// After a value.
const ENDS: [&str; 12] =
    ["", "", "", "", " ", "\r", "\t", " // why", "//why", "\u{a0}", " /* so */", "\u{2028}"];

/// The files of a case.
pub fn files(case: &mut Case, rng: &mut Rng) {
    let modules = [
        ("project/go.mod", 60),
        ("project/a/go.mod", 25),
        ("project/a/b/go.mod", 6),
        ("project/c/go.mod", 25),
        ("tmp/go.mod", 60),
        ("go.mod", 8),
    ];
    let workspaces = [
        ("project/go.work", 22),
        ("project/c/go.work", 8),
        ("go.work", 5),
        ("root/go.work", if case.at.starts_with("GOROOT") { 50 } else { 0 }),
        ("tmp/go.work", 5),
    ];
    let in_tmp = case.at == "tmp";
    for (path, percent) in modules {
        if (in_tmp || path != "tmp/go.mod") && chance(rng, percent) {
            let content = lines(rng, &case.base, "module example.com/m");
            case.entries.push(Entry::File(path.to_owned(), content));
        }
    }
    for (path, percent) in workspaces {
        if (in_tmp || path != "tmp/go.work") && chance(rng, percent) {
            let content = lines(rng, &case.base, "use .");
            case.entries.push(Entry::File(path.to_owned(), content));
        }
    }
    let folder = pick(rng, &["project/a/go.mod", "project/a/go.work", "project/a/b/go.mod"]);
    if chance(rng, 5) && is_free(case, folder) {
        case.entries.push(Entry::Folder(folder.to_owned()));
    }
    let (link, target) = [
        ("project/a/go.mod", "project/c/go.mod"),
        ("project/go.work", "project/c/go.work"),
        ("project/a/go.mod", "project/none"),
    ][rng.usize(..3)];
    if chance(rng, 4) && is_free(case, link) {
        case.entries.push(Entry::Link(link.to_owned(), target.to_owned()));
    }
}

/// A go.mod or go.work: a few lines in one of the manners of the world.
fn lines(rng: &mut Rng, base: &str, head: &str) -> Vec<u8> {
    let mut lines = vec![head.to_owned(), String::new()];
    if chance(rng, 10) {
        lines.clear();
    }
    let odd = chance(rng, 25);
    if chance(rng, 88) {
        let value = if chance(rng, 8) { pick(rng, &ODD) } else { version(rng) };
        lines.push(line(rng, odd, "go", value));
    }
    if chance(rng, 45) {
        let value = match rng.u8(..10) {
            0..7 => format!("go{}", version(rng)),
            7 => format!("go{base}-corp"),
            8 => "default".to_owned(),
            _ => pick(rng, &NAMES).to_owned(),
        };
        lines.push(line(rng, odd, "toolchain", &value));
    }
    if chance(rng, 12) {
        let version = version(rng);
        let more = [
            format!("require (\n\tgo {version}\n\texample.com/x v1.0.0\n)"),
            format!("/*\ngo {version}\ntoolchain go{version}\n*/"),
            format!("// go {version}"),
            format!("go {version}"),
            "go".to_owned(),
            "go ".to_owned(),
            "toolchain".to_owned(),
            "toolchain default".to_owned(),
            format!("go\u{a0}{version}"),
            format!("gopher {version}"),
            format!("go ({version})"),
        ];
        let at = rng.usize(..=lines.len());
        lines.insert(at, more[rng.usize(..more.len())].clone());
    }
    let end = if odd && chance(rng, 30) { "\r\n" } else { "\n" };
    let mut text = lines.join(end);
    if !chance(rng, 10) {
        text.push_str(end);
    }
    let mut content = text.into_bytes();
    if odd && chance(rng, 10) {
        content.splice(..0, *b"\xef\xbb\xbf");
    }
    if odd && chance(rng, 5) {
        content.insert(rng.usize(..=content.len()), [0, 0xff, b'\r', 0xc2][rng.usize(..4)]);
    }
    content
}

fn line(rng: &mut Rng, odd: bool, key: &str, value: &str) -> String {
    if !odd {
        return format!("{key} {value}");
    }
    format!("{}{key}{}{value}{}", pick(rng, &INDENTS), pick(rng, &GAPS), pick(rng, &ENDS))
}

fn is_free(case: &Case, path: &str) -> bool {
    let stands_there = |entry: &Entry| match entry {
        Entry::File(own, _) | Entry::Link(own, _) | Entry::Folder(own) => own == path,
    };
    !case.entries.iter().any(stands_there)
}
