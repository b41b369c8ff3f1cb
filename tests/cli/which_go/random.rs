//! Cases by chance: a seed gives one, always the same. What is rare in life is frequent here.

mod dice;
mod files;
mod settings;

use std::collections::BTreeSet;

use fastrand::Rng;
use gvm_core::version::Version;

use super::case::{Case, Entry};
use dice::{NAMES, VERSIONS, chance, pick};

/// The bases, each one the eldest or the newest of a kind of go command.
pub const BASES: [&str; 6] = ["1.21.0", "1.21.13", "1.22.5", "1.24.13", "1.25.14", "1.27.4"];

/// Where calls are made, all inside `project` but for two.
const PLACES: [&str; 8] = [
    "project",
    "project",
    "project/a",
    "project/a",
    "project/a/b",
    "project/c/d",
    "tmp",
    "GOROOT/src/x",
];

/// What puts a slash into a name.
const SLASHES: [&str; 2] = ["go1.26.2/x", "/* so */"];

/// So many different cases, about the same number of each base.
pub fn cases(count: usize, seed: u64) -> Vec<Case> {
    let mut rng = Rng::with_seed(seed);
    let mut seen = BTreeSet::new();
    let mut cases = Vec::new();
    while cases.len() < count {
        let case = case(BASES[cases.len() % BASES.len()], &mut rng);
        let text = case.to_string();
        // Go 1.21.0 takes what has a slash for a toolchain's name (CVE-2023-39320); its successors
        // and gvm refuse it.
        let is_path = case.base == "1.21.0" && SLASHES.iter().any(|name| text.contains(name));
        if !is_path && seen.insert(text) {
            cases.push(case);
        }
    }
    cases
}

fn case(base: &str, rng: &mut Rng) -> Case {
    let mut case =
        Case { base: base.to_owned(), at: pick(rng, &PLACES).to_owned(), ..Case::default() };
    case.go_env = settings::go_env(rng);
    settings::variables(&mut case, rng);
    files::files(&mut case, rng);
    links(&mut case, rng);
    case.arguments = arguments(rng).into_iter().map(str::to_owned).collect();
    flag(&mut case, rng);
    if rng.u8(..) < 4 {
        case.gone = true;
        case.at = "project/gone".to_owned();
        case.variables.retain(|(name, _)| name != "PWD");
        // A relative -C would still find the folder's parent, which no `World` knows.
        case.arguments.retain(|word| !word.contains("-C"));
    }
    case.installed = installed(&case, rng);
    case
}

/// Toolchains that are there: often those that the case speaks of, and few others.
fn installed(case: &Case, rng: &mut Rng) -> Vec<String> {
    let text = case.to_string();
    let share = [0, 80, 100, 100][rng.usize(..4)];
    let mut names = Vec::new();
    for version in VERSIONS {
        let is_line = Version::parse(version).is_ok_and(|version| version.is_language());
        let spoken_of = speaks_of(&text, version);
        let own = if is_line { share / 3 } else { share };
        if chance(rng, if spoken_of { own } else { 4 }) {
            names.push(format!("go{version}"));
        }
        if is_line && chance(rng, if spoken_of { share } else { 4 }) {
            names.push(format!("go{version}.0"));
        }
    }
    for name in NAMES.iter().filter(|name| name.contains("-corp") && name.starts_with("go1")) {
        if chance(rng, if text.contains(name) { share } else { 1 }) {
            names.push((*name).to_owned());
        }
    }
    names.retain(|name| *name != format!("go{}", case.base));
    names.sort();
    names.dedup();
    names
}

/// Whether a version stands in a text, whole.
fn speaks_of(text: &str, version: &str) -> bool {
    let goes_on =
        |rest: &str| rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '.' || c == '-');
    text.match_indices(version).any(|(at, _)| !goes_on(&text[at + version.len()..]))
}

/// `$PWD` of a shell that went through a link, or that is wrong.
fn links(case: &mut Case, rng: &mut Rng) {
    if case.at.starts_with("GOROOT") || !chance(rng, 22) {
        return;
    }
    let (path, target) =
        [("project/c/link", "project/a"), ("elsewhere", "project/c"), ("project/a/up", "project")]
            [rng.usize(..3)];
    case.entries.push(Entry::Link(path.to_owned(), target.to_owned()));
    if chance(rng, 85) && (case.at == target || chance(rng, 80)) {
        case.at = target.to_owned();
    }
    let pwd = match rng.u8(..20) {
        0..12 => format!("@/{path}"),
        12 => format!("@/{path}/"),
        13 => format!("@/{path}/."),
        14 => format!("@/project/c/../{}", path.trim_start_matches("project/")),
        15 => path.to_owned(),
        16 => ".".to_owned(),
        17 => "@/project/c".to_owned(),
        18 => format!("@/{path}/../{}", target.rsplit('/').next().unwrap_or_default()),
        _ => "@/none".to_owned(),
    };
    case.variables.push(("PWD".to_owned(), pwd));
}

fn arguments(rng: &mut Rng) -> Vec<&'static str> {
    let common: [&[&str]; 8] = [
        &["version"],
        &["version"],
        &["env", "GOMOD"],
        &["env", "GOTOOLCHAIN"],
        &["build"],
        &["mod", "init", "example.com/new"],
        &["run", "example.com/tool@v1.2.3"],
        &["help"],
    ];
    let rare: [&[&str]; 36] = [
        &["env"],
        &["env", "GOWORK"],
        &["env", "GOVERSION"],
        &["env", "-w", "GOTOOLCHAIN=local"],
        &["env", "-w", "GOTOOLCHAIN=go1.22.10", "GOWORK=off"],
        &["env", "-w", "GOFLAGS=-mod=mod"],
        &["env", "-u", "GOTOOLCHAIN"],
        &["env", "-json", "GOMOD"],
        &["env", "GOMOD", "GOWORK"],
        &["env", "-w", "GOMOD=x"],
        &["install", "example.com/tool@latest"],
        &["install", "-v", "example.com/tool@v1.2.3"],
        &["install", "-tags", "a,b", "example.com/tool@v1.2.3"],
        &["install", "-newflag", "example.com/tool@v1.2.3"],
        &["install", "-newflag", "x", "example.com/tool@v1.2.3", "-modcacherw"],
        &["install", "--", "example.com/tool@v1.2.3"],
        &["install", "./tool@v1.2.3"],
        &["install", "example.com/tool"],
        &["install", "example.com/tool@"],
        &["install", "@v1"],
        &["install"],
        &["run"],
        &["run", "."],
        &["run", ".", "a@b"],
        &["run", "-newflag", "example.com/tool@v1.2.3"],
        &["run", "-exec=x", "example.com/tool@latest", "."],
        &["run", "-exec", "a@b", "."],
        &["run", "-race", "-modcacherw", "example.com/tool@latest"],
        &["run", "-modcacherw=maybe", "example.com/tool@latest"],
        &["run", "go@1.26.2"],
        &["run", "/tool@v1"],
        &["get", "example.com/tool@v1.2.3"],
        &["help", "build"],
        &["no-such-command"],
        &[],
        &["-h"],
    ];
    let one = if chance(rng, 72) { common[rng.usize(..8)] } else { rare[rng.usize(..36)] };
    one.to_vec()
}

/// Puts `-C` somewhere.
fn flag(case: &mut Case, rng: &mut Rng) {
    if !chance(rng, 14) {
        return;
    }
    let folder = pick(
        rng,
        &[
            "a",
            "a/b",
            "..",
            ".",
            "../c",
            "../a/b",
            "@/project/a",
            "@/project/c",
            "@/project/a/b",
            "none",
            "",
            "c/link",
        ],
    );
    let builds = matches!(case.arguments.first().map(String::as_str), Some("install" | "run"));
    let words = match rng.u8(..8) {
        0..4 => vec!["-C".to_owned(), folder.to_owned()],
        // In one word a path can only be relative, as the table cannot name the test's folder
        // there.
        4 => vec![format!("-C={}", folder.trim_start_matches("@/project/"))],
        5 => vec![format!("--C={}", folder.trim_start_matches("@/project/"))],
        6 => vec!["--C".to_owned(), folder.to_owned()],
        // At a flag without its value `go install` and `go run` go down.
        _ if builds => return,
        _ => vec!["-C".to_owned()],
    };
    let at = if chance(rng, 50) { 0 } else { rng.usize(..=case.arguments.len()) };
    case.arguments.splice(at..at, words);
}
