//! Cases by chance: a seed gives one, always the same. What is rare in life is frequent here.

use fastrand::Rng;
use gvm_core::version::Version;

use super::case::{Case, Entry};

/// The bases, each one the eldest or the newest of a kind of go command.
pub const BASES: [&str; 6] = ["1.21.0", "1.21.13", "1.22.5", "1.24.13", "1.25.14", "1.27.4"];

/// Versions that lines and variables name, in their order: those of [`BASES`], their neighbours, and older ones.
const VERSIONS: [&str; 38] = [
    "1.17", "1.19.13", "1.20", "1.20.14", "1.21", "1.21rc2", "1.21.0", "1.21.1", "1.21.13",
    "1.21.14", "1.22", "1.22rc1", "1.22.0", "1.22.5", "1.22.10", "1.23", "1.23.0", "1.23.4",
    "1.24", "1.24rc1", "1.24.0", "1.24.13", "1.24.14", "1.25", "1.25.0", "1.25.14", "1.26",
    "1.26rc1", "1.26.0", "1.26.2", "1.27", "1.27.4", "1.27.5", "1.28", "1.28rc1", "1.28.0",
    "1.30.1", "1.31",
];

/// Names of toolchains that are not versions.
const NAMES: [&str; 28] = [
    "go1.21.0-corp",
    "go1.22.5-corp",
    "go1.24.13-corp",
    "go1.25.14-corp",
    "default",
    "local",
    "auto",
    "path",
    "1.22.10",
    "go1.22.10-corp",
    "go1.26.2-corp.7",
    "go1.27.4-corp",
    "go1.21.13-x",
    "go1.22.10 corp",
    "bigcorp-go1.22.10",
    "go2",
    "go1",
    "go1.22.x",
    "go1.9.2rc2",
    "go1.022",
    "go1.22.10+auto",
    "go1.26.2/x",
    "go",
    "GO1.22.10",
    "go1.99999999999999999999.0",
    "go1.22.10rc1",
    "go1.26.0-",
    "go1.28beta1",
];

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

/// Values of GOTOOLCHAIN that few would write on purpose.
const ODD_VALUES: [&str; 10] =
    ["", "local ", " local", "auto\r", "AUTO", "+auto", "default", "latest", "local+", "path+auto"];

/// Blanks of all kinds, for the place between a key and its value; most are those of every day.
const GAPS: [&str; 10] = [" ", " ", " ", " ", "\t", "  ", " \t ", "\u{a0}", " \u{a0}", "\u{b}"];

/// Before a line.
const INDENTS: [&str; 12] =
    ["", "", "", "", "", "\t", "  ", "\u{a0}", "\u{85}", "\u{feff}", "\u{2003}", "// "];

/// After a value.
const ENDS: [&str; 12] =
    ["", "", "", "", " ", "\r", "\t", " // why", "//why", "\u{a0}", " /* so */", "\u{2028}"];

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

/// One case of this base.
pub fn case(base: &str, rng: &mut Rng) -> Case {
    let mut case =
        Case { base: base.to_owned(), at: pick(rng, &PLACES).to_owned(), ..Case::default() };
    case.go_env = go_env(rng);
    variables(&mut case, rng);
    files(&mut case, rng);
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

fn pick<'a>(rng: &mut Rng, from: &[&'a str]) -> &'a str {
    from[rng.usize(..from.len())]
}

/// A version, more often than not one that is newer than most.
fn version(rng: &mut Rng) -> &'static str {
    let from = [0, 18, 23, 26, 30][rng.usize(..5)];
    VERSIONS[rng.usize(from..VERSIONS.len())]
}

/// Whether something happens that happens so many times in a hundred.
fn chance(rng: &mut Rng, percent: u8) -> bool {
    rng.u8(..100) < percent
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

/// A value of GOTOOLCHAIN.
fn gotoolchain(rng: &mut Rng) -> String {
    let name = match rng.u8(..20) {
        0..17 => format!("go{}", version(rng)),
        _ => pick(rng, &NAMES).to_owned(),
    };
    match rng.u8(..100) {
        0..18 => "auto".to_owned(),
        18..30 => "path".to_owned(),
        30..36 => "local".to_owned(),
        36..42 => "local+auto".to_owned(),
        42..47 => "local+path".to_owned(),
        47..65 => name,
        65..80 => format!("{name}+auto"),
        80..93 => format!("{name}+path"),
        93 => format!("{name}+local"),
        94 => format!("{name}+"),
        95 => format!("{name}+auto+path"),
        _ => pick(rng, &ODD_VALUES).to_owned(),
    }
}

fn go_env(rng: &mut Rng) -> Option<Vec<u8>> {
    let content = match rng.u8(..100) {
        0..62 => "GOTOOLCHAIN=auto\n".to_owned(),
        62..68 => "GOTOOLCHAIN=local\n".to_owned(),
        68..72 => "GOTOOLCHAIN=path\n".to_owned(),
        72..84 => format!("# of a distribution\n\nGOTOOLCHAIN={}\n", gotoolchain(rng)),
        84..88 => format!("GOTOOLCHAIN={}", gotoolchain(rng)),
        88..90 => "GOPROXY=off\n".to_owned(),
        90..92 => "GOTOOLCHAIN=auto\r\n".to_owned(),
        92..94 => "GOTOOLCHAIN=auto\nGOWORK=off\n".to_owned(),
        94..96 => "GOTOOLCHAIN=auto\nGO111MODULE=auto\n".to_owned(),
        96..98 => String::new(),
        _ => return None,
    };
    Some(content.into_bytes())
}

fn user_env(rng: &mut Rng) -> Vec<u8> {
    let mut lines = Vec::new();
    for _ in 0..rng.u8(1..3) {
        lines.push(match rng.u8(..20) {
            0..10 => format!("GOTOOLCHAIN={}", gotoolchain(rng)),
            10 => format!(" GOTOOLCHAIN={}", gotoolchain(rng)),
            11 => format!("GOTOOLCHAIN ={}", gotoolchain(rng)),
            12 => format!("export GOTOOLCHAIN={}", gotoolchain(rng)),
            13 => "GOTOOLCHAIN=".to_owned(),
            14 => "GOWORK=off".to_owned(),
            15 => "GO111MODULE=off".to_owned(),
            16 => "GO111MODULE=auto".to_owned(),
            17 => "# GOTOOLCHAIN=local".to_owned(),
            18 => "GOTOOLCHAIN".to_owned(),
            _ => "GOFLAGS=-mod=mod".to_owned(),
        });
    }
    let end = if chance(rng, 6) { "\r\n" } else { "\n" };
    let mut content = lines.join(end);
    if !chance(rng, 20) {
        content.push_str(end);
    }
    content.into_bytes()
}

fn variables(case: &mut Case, rng: &mut Rng) {
    let mut set =
        |name: &str, value: &str| case.variables.push((name.to_owned(), value.to_owned()));
    if chance(rng, 45) {
        set("GOTOOLCHAIN", &gotoolchain(rng));
    }
    if chance(rng, 10) {
        set("GO111MODULE", pick(rng, &["off", "on", "auto", "auto", "", "maybe", "Off"]));
    }
    if chance(rng, 12) {
        let values = [
            "off",
            "auto",
            "",
            "@/project/go.work",
            "@/project/c/go.work",
            "@/project/none.work",
            "go.work",
            "@/project",
            "@/project/a/../go.work",
        ];
        set("GOWORK", pick(rng, &values));
    }
    if chance(rng, 5) {
        set("GOENV", pick(rng, &["off", "off", "", "@/home/none"]));
    }
    if chance(rng, 5) {
        set("TMPDIR", pick(rng, &["@/project", "@/project/a", "@/project/a/", ""]));
    }
    if chance(rng, 35) {
        case.user_env = Some(user_env(rng));
    }
}

/// A go.mod or go.work: a few lines in one of the manners of the world.
fn lines(rng: &mut Rng, head: &str) -> Vec<u8> {
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
            0..8 => format!("go{}", version(rng)),
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

fn files(case: &mut Case, rng: &mut Rng) {
    let modules = [
        ("project/go.mod", 60),
        ("project/a/go.mod", 25),
        ("project/a/b/go.mod", 6),
        ("project/c/go.mod", 15),
        ("tmp/go.mod", 60),
        ("go.mod", 8),
    ];
    let workspaces = [
        ("project/go.work", 22),
        ("project/c/go.work", 8),
        ("go.work", 5),
        ("root/go.work", 3),
        ("tmp/go.work", 5),
    ];
    let in_tmp = case.at == "tmp";
    for (path, percent) in modules {
        if (in_tmp || path != "tmp/go.mod") && chance(rng, percent) {
            let content = lines(rng, "module example.com/m");
            case.entries.push(Entry::File(path.to_owned(), content));
        }
    }
    for (path, percent) in workspaces {
        if (in_tmp || path != "tmp/go.work") && chance(rng, percent) {
            let content = lines(rng, "use .");
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

fn is_free(case: &Case, path: &str) -> bool {
    let stands_there = |entry: &Entry| match entry {
        Entry::File(own, _) | Entry::Link(own, _) | Entry::Folder(own) => own == path,
    };
    !case.entries.iter().any(stands_there)
}

/// `$PWD` of a shell that went through a link, or that is wrong.
fn links(case: &mut Case, rng: &mut Rng) {
    if case.at.starts_with("GOROOT") || !chance(rng, 16) {
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
    let words = match rng.u8(..8) {
        0..4 => vec!["-C".to_owned(), folder.to_owned()],
        // In one word a path can only be relative, as the table cannot name the test's folder there.
        4 => vec![format!("-C={}", folder.trim_start_matches("@/project/"))],
        5 => vec![format!("--C={}", folder.trim_start_matches("@/project/"))],
        6 => vec!["--C".to_owned(), folder.to_owned()],
        _ => vec!["-C".to_owned()],
    };
    let at = if chance(rng, 50) { 0 } else { rng.usize(..=case.arguments.len()) };
    case.arguments.splice(at..at, words);
}
