//! Each rung of the rule as a story, and over random worlds: what is explained is what is decided.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use proptest::prelude::*;

use super::*;
use crate::vars;
use crate::world::FileKind;
use crate::world::memory::Memory;

fn layout() -> Layout {
    Layout::new(b"/r".to_vec())
}

/// A machine with these versions installed and the first of them as default, if it has a name.
fn machine(versions: &[&str]) -> Memory {
    let mut world = Memory::new("/w/m").var("PATH", "/r/shims").var("GOENV", "/h/env");
    for (index, version) in versions.iter().enumerate() {
        let hash = format!("0a0a0a{index:02x}");
        world = world
            .link(&format!("/r/versions/go{version}"), &format!("../{hash}"))
            .program(&format!("/r/{hash}/bin/go"))
            .file(&format!("/r/{hash}/VERSION"), format!("go{version}").as_bytes())
            .file(&format!("/r/{hash}/go.env"), b"GOPROXY=x\nGOTOOLCHAIN=auto\n");
        if index == 0 {
            world = world.link("/r/current", &hash);
        }
    }
    world
}

fn explained(world: &Memory, words: &str) -> Explanation {
    let words: Vec<&[u8]> = words.split_ascii_whitespace().map(str::as_bytes).collect();
    explain(world, &layout(), &Call::new("go", &words))
}

/// A line for each candidate.
fn rows(world: &Memory, words: &str) -> Vec<String> {
    let row = |it: Candidate| {
        let spec = it.spec.unwrap_or_else(|| "-".into());
        format!("{} {spec}: {}, {}", it.origin, it.outcome.word(), it.reason)
    };
    explained(world, words).candidates.into_iter().map(row).collect()
}

fn warned(world: &Memory, words: &str) -> Vec<String> {
    explained(world, words).warnings.iter().map(ToString::to_string).collect()
}

#[test]
fn a_nearer_pin_decides_and_what_loses_is_shown() {
    let world = machine(&["1.22.10", "1.21.13"])
        .file("/w/m/.go-version", b"# ours\n1.21\n")
        .file("/w/m/.tool-versions", b"golang 1.22.10\n")
        .file("/w/.go-version", b"nonsense\n")
        .special("/.go-version", FileKind::Pipe)
        .file("/w/m/go.mod", b"module m\ngo 1.20\ntoolchain go1.22.10\n");
    let expected = [
        "/w/m/.go-version:2 1.21: chosen, the nearest pin decides; go1.21.13 is the newest \
         installed that fits",
        "/w/m/.tool-versions:1 1.22.10: lost, in one folder .go-version comes first",
        "/w/.go-version:1 nonsense: invalid, neither a version nor a name at column 1",
        "/.go-version:0 -: invalid, it is a pipe, not a file",
        "/r/0a0a0a00/go.env:2 auto: ignored, a pin decides",
        "/w/m/go.mod:3 toolchain go1.22.10: ignored, pinned: go.mod cannot change it",
        "/w/m/go.mod:2 go 1.20: ignored, pinned: go.mod cannot change it",
        "the default go1.22.10: lost, a pin decides",
        "PATH -: ignored, no go but gvm's is on PATH",
    ];
    assert_eq!(rows(&world, ""), expected);
}

#[test]
fn what_speaks_first_is_chosen() {
    let world = machine(&["1.22.10", "1.21.13"])
        .var("GVM_GO", "1.22.10")
        .file("/w/m/.go-version", b"1.22\n");
    assert_eq!(rows(&world, "")[0], "GVM_GO 1.22.10: chosen, it comes before every file");
    assert_eq!(rows(&world, "")[1], "/w/m/.go-version:1 1.22: lost, GVM_GO comes first");
    let argument = "the command line 1.21.13: chosen, what the call says comes first";
    assert_eq!(rows(&world, "+1.21.13 build")[0], argument);
    let lost = "GVM_GO 1.22.10: lost, what the call says comes first";
    assert_eq!(rows(&world, "+1.21.13 build")[1], lost);
    let switched = world.var(vars::GOTOOLCHAIN_SWITCH_VERSION, "go1.21.13");
    let rows = rows(&switched, "+1.22 build");
    assert!(rows[0].ends_with("go1.21.13: chosen, the go command has chosen it"), "{rows:?}");
    assert!(rows[1].ends_with("1.22: lost, the go command has chosen already"), "{rows:?}");
}

#[test]
fn a_pin_that_cannot_be_had_says_why() {
    let world = machine(&["1.22.10"]);
    for (pin, row) in [
        ("1.20", "1.20: not-installed, no installed version fits"),
        ("1.20.14", "1.20.14: not-installed, it is not installed"),
        ("/opt/go", "/opt/go: not-installed, no GOROOT is there"),
        ("system", "system: not-installed, no go but gvm's is on PATH"),
        ("x", "x: invalid, `x` names no Go version: neither a version nor a name at column 1"),
    ] {
        let world = world.clone().var("GVM_GO", pin).file("/w/m/.go-version", b"1.22\n");
        assert_eq!(rows(&world, "")[0], format!("GVM_GO {row}"));
        assert_eq!(rows(&world, "")[1], "/w/m/.go-version:1 1.22: lost, GVM_GO comes first");
    }
    let world = world.file("/w/m/.go-version", b"1.22\n").file("/w/m/go.mod", b"go 1.22.11\n");
    let rows = rows(&world, "");
    let reason = "the newest installed is 1.22.10, and go.mod needs go 1.22.11";
    assert_eq!(rows[0], format!("/w/m/.go-version:1 1.22: not-installed, {reason}"));
    assert!(rows[2].ends_with("the pinned line must have a release that satisfies it"));
}

/// The row of a go.mod's `go` line, its `toolchain` line and the default, by what stands in go.mod.
#[test]
fn go_mod_is_explained_line_by_line() {
    for (lines, expected) in [
        ("go 1.21", ["go 1.21: lost, not newer than the default go1.22.10"].as_slice()),
        ("go 1.23.1", &["go 1.23.1: chosen, newer than the default go1.22.10"]),
        ("go 1.23", &["go 1.23: not-installed, go1.23.0 is not installed"]),
        (
            "go 1.23.1\ntoolchain go1.24.1",
            &[
                "toolchain go1.24.1: chosen, newer than the default go1.22.10",
                "go 1.23.1: lost, the other line asks for more",
            ],
        ),
        (
            "go 1.23.1\ntoolchain go1.22.10",
            &[
                "toolchain go1.22.10: lost, not newer than the default go1.22.10",
                "go 1.23.1: chosen, newer than the default go1.22.10",
            ],
        ),
        (
            "toolchain default\ngo 1.24",
            &[
                "toolchain default: lost, `toolchain default` keeps the default go1.22.10",
                "go 1.24: lost, `toolchain default` keeps the default go1.22.10",
            ],
        ),
        (
            "toolchain local\ngo 1.24",
            &[
                "toolchain local: invalid, it names no toolchain: the go command refuses",
                "go 1.24: ignored, the go command refuses before it",
            ],
        ),
        (
            "go 2",
            &["go 2: invalid, no toolchain but Go 1's can be started: the go command refuses"],
        ),
        ("go 1.24.x", &["go 1.24.x: ignored, not a version: it counts as older than all"]),
    ] {
        let world = machine(&["1.22.10", "1.23.1", "1.24.1"])
            .file("/w/m/go.mod", format!("module m\n{lines}\n").as_bytes());
        let rows = rows(&world, "");
        let of_file: Vec<&str> = rows
            .iter()
            .filter_map(|row| row.strip_prefix("/w/m/go.mod:")?.split_once(' '))
            .map(|(_, row)| row)
            .collect();
        assert_eq!(of_file, expected, "{lines:?}");
    }
}

#[test]
fn go_mod_is_not_asked_for_many_reasons() {
    let world = machine(&["1.22.10", "1.23.1"]).file("/w/m/go.mod", b"go 1.23.1\n");
    let row = |world: &Memory, words: &str| {
        let rows = rows(world, words);
        let row = rows.iter().find_map(|row| row.strip_prefix("/w/m/go.mod:1 go 1.23.1: "));
        String::from(row.unwrap())
    };
    for (name, value, reason) in [
        ("GOTOOLCHAIN", "local", "ignored, GOTOOLCHAIN=local forbids switching"),
        ("GOTOOLCHAIN", "go1.21.5", "ignored, GOTOOLCHAIN=go1.21.5 forbids switching"),
        ("GOTOOLCHAIN", "loca", "ignored, the go command refuses before it"),
        ("GOTOOLCHAIN", "go1.23.1+auto", "lost, not newer than GOTOOLCHAIN's go1.23.1"),
        ("GO111MODULE", "off", "ignored, modules are off: GO111MODULE says so"),
        ("GOWORK", "sub", "ignored, the go command refuses before it"),
        ("GVM_GO", "1.22.10", "ignored, pinned: go.mod cannot change it, and needs more"),
    ] {
        assert_eq!(row(&world.clone().var(name, value), ""), reason, "{name}={value}");
    }
    for (words, reason) in [
        ("env GOTOOLCHAIN", "ignored, this command never switches"),
        ("run x.org/x@v1", "ignored, another module's tool is built: its own go.mod counts"),
        ("build", "chosen, newer than the default go1.22.10"),
    ] {
        assert_eq!(row(&world, words), reason, "{words}");
    }
    let nowhere = world.clone().file("/r/0a0a0a00/go.env", b"");
    assert_eq!(row(&nowhere, ""), "ignored, GOTOOLCHAIN is set nowhere: no switching");
    let work = world.clone().file("/w/go.work", b"go 1.20\n");
    assert_eq!(row(&work, ""), "lost, go.work comes first");
    let pinned = world.var("GVM_GO", "1.22.10").var("GOTOOLCHAIN", "auto");
    let reason = "ignored, a pin starts, and its go may switch: GOTOOLCHAIN is the user's own";
    assert_eq!(row(&pinned, ""), reason);
}

#[test]
fn a_go_mod_that_gvm_cannot_read_is_left_to_the_go_command() {
    let world = machine(&["1.22.10"]).special("/w/m/go.mod", FileKind::Pipe);
    let left = "gvm cannot read it: the go command is left to itself";
    assert_eq!(rows(&world, "")[1], format!("/w/m/go.mod:0 -: invalid, {left}"));
    assert!(rows(&world, "")[2].ends_with("chosen, it starts, and decides for itself"));
    assert_eq!(explained(&world, "").warnings[0].kind(), "go-refuses");
}

#[test]
fn every_gotoolchain_is_shown_and_the_first_counts() {
    let world = machine(&["1.22.10", "1.21.13"])
        .var("GOTOOLCHAIN", "go1.21.13")
        .file("/h/env", b"GOTOOLCHAIN=local\n");
    let expected = [
        "GOTOOLCHAIN go1.21.13: chosen, it names what runs",
        "/h/env:1 local: lost, the environment comes first",
        "/r/0a0a0a00/go.env:2 auto: lost, the environment comes first",
        "the default go1.22.10: lost, GOTOOLCHAIN names another one",
        "PATH -: ignored, no go but gvm's is on PATH",
    ];
    assert_eq!(rows(&world, ""), expected);
    let file = world.var("GOTOOLCHAIN", "");
    let expected = [
        "GOTOOLCHAIN : ignored, it is empty",
        "/h/env:1 local: lost, no switching: go.mod is not asked",
        "/r/0a0a0a00/go.env:2 auto: lost, the user's go/env file comes first",
        "the default go1.22.10: chosen, nothing pins a version, and GOTOOLCHAIN keeps it",
    ];
    assert_eq!(rows(&file, "")[..4], expected);
}

#[test]
fn a_base_that_knows_no_rule_is_explained_too() {
    let world = machine(&["1.20.14"]).file("/w/m/go.mod", b"go 1.23.1\n");
    let expected = [
        "/r/0a0a0a00/go.env:2 auto: ignored, the default go1.20.14 knows no GOTOOLCHAIN",
        "/w/m/go.mod:1 go 1.23.1: not-installed, go1.23.1 is not installed",
        "the default go1.20.14: chosen, it starts in place of go1.23.1, which is not installed",
    ];
    assert_eq!(rows(&world, "")[..3], expected);
    let says = "/w/m/go.mod:1 asks for go1.23.1, which is not installed: go1.20.14 runs in its \
                place, and knows nothing of toolchains";
    assert_eq!(warned(&world, ""), [says]);
    let language = machine(&["1.20.14", "1.23.1"]).file("/w/m/go.mod", b"go 1.23\n");
    let row = "/w/m/go.mod:1 go 1.23: chosen, go1.23.1 is the newest installed of what it asks for";
    assert_eq!(rows(&language, "")[1], row);
}

#[test]
fn without_a_default_the_system_s_go_or_nothing_is_the_base() {
    let world = Memory::new("/w/m").var("GOENV", "off");
    let nothing =
        ["the default -: ignored, none is set", "PATH -: ignored, no go but gvm's is on PATH"];
    assert_eq!(rows(&world, ""), nothing);
    let system = world.clone().program("/usr/bin/go").var("PATH", "/usr/bin");
    let row = "PATH /usr/bin/go: chosen, nothing pins a version, and it chooses for itself";
    assert_eq!(rows(&system, "")[1], row);
    let dangling = system.link("/r/current", "0d0d0d0d");
    assert_eq!(rows(&dangling, "")[0], "the default -: not-installed, no Go is where it leads");
    assert_eq!(rows(&dangling, "")[1], "PATH /usr/bin/go: lost, the default comes first");
    let module = world.file("/w/m/go.mod", b"go 1.23.1\n");
    let row = "/w/m/go.mod:1 go 1.23.1: not-installed, go1.23.1 is not installed";
    assert_eq!(rows(&module, "")[0], row);
}

#[test]
fn each_surprise_is_warned_of() {
    let world = machine(&["1.22.10", "1.13.15"]);
    let none: [&str; 0] = [];
    assert_eq!(warned(&world, ""), none);
    let flagged = world.clone().var("GVM_GO", "1.13.15");
    for (world, kind) in [
        (world.clone().var("GOROOT", "/old"), "stale-goroot"),
        (world.clone().file("/h/env", b"GOBIN=/b\n"), "persisted-setting"),
        (world.clone().file("/h/env", b"GOTOOLCHAIN=auto\n"), "persisted-setting"),
        (world.clone().file("/h/env", b"GOROOT=/r/0a0a0a00\n"), "persisted-setting"),
        (world.clone().var("PATH", "/x"), "shims-not-on-path"),
        (world.clone().var("PATH", "/x:/r/shims").program("/x/go"), "earlier-go"),
        (world.clone().var("GOTOOLCHAIN", "loca"), "go-refuses"),
        (world.clone().var("GOTOOLCHAIN", "go1.23.1"), "toolchain-not-installed"),
        (world.clone().var("GOEXPERIMENT", "rangefunc"), "experiment"),
        (flagged.clone().var("GOFLAGS", "-buildvcs=false"), "unknown-flag"),
        (flagged.clone().var("GOPROXY", "a|b"), "unknown-proxy-list"),
        (flagged.file("/w/m/go.mod", b"go 1.14\n"), "pin-too-old"),
    ] {
        let kinds: Vec<&str> = explained(&world, "").warnings.iter().map(Warning::kind).collect();
        assert_eq!(kinds, [kind]);
    }
    let same = world.var("GOROOT", "/r/versions/go1.22.10");
    assert_eq!(warned(&same, ""), none);
    let again = Memory::new("/").program("/usr/bin/go").var("PATH", "/usr/bin");
    let again = explained(&again.var("GVM_STARTED", "1 1"), "");
    assert_eq!(again.warnings.last().unwrap().kind(), "loop");
}

#[test]
fn another_go_before_the_shims_is_named_unless_it_is_the_answer() {
    let world = machine(&["1.22.10"]).program("/h/.asdf/shims/go");
    let says = "/h/.asdf/shims/go (of asdf) comes before /r/shims on PATH: `go` is not gvm's";
    let path = "/h/.asdf/shims:/r/shims";
    assert_eq!(warned(&world.clone().var("PATH", path), ""), [says]);
    let says = "/r/shims is not on PATH: `go` is /h/.asdf/shims/go";
    assert_eq!(warned(&world.clone().var("PATH", "/h/.asdf/shims"), ""), [says]);
    let none: [&str; 0] = [];
    assert_eq!(warned(&world.clone().var("PATH", "/r/shims:/h/.asdf/shims"), ""), none);
    // As `gvm exec` has it.
    assert_eq!(warned(&world.var("PATH", "/r/0a0a0a00/bin:/r/shims"), ""), none);
}

#[test]
fn a_wanted_toolchain_is_looked_for_as_gotoolchain_says() {
    let world = machine(&["1.22.10"]).file("/w/m/go.mod", b"go 1.23.1\n");
    for (value, ends) in
        [("auto", "downloads it"), ("path", "gives up"), ("local+path", "gives up")]
    {
        let warned = warned(&world.clone().var("GOTOOLCHAIN", value), "");
        assert!(warned[0].ends_with(ends), "{value}: {warned:?}");
    }
}

#[test]
fn a_pin_is_too_old_only_where_its_go_command_is_held() {
    let world = machine(&["1.22.10"]).file("/w/m/go.mod", b"module m\ngo 1.23\n");
    let need = |world: &Memory, words: &str| {
        let words: Vec<&[u8]> = words.split_ascii_whitespace().map(str::as_bytes).collect();
        let call = Call::new("go", &words);
        let choice = resolve::decide(world, &layout(), &call).unwrap();
        pin_is_too_old(world, &choice, &call).map(|need| need.version.to_string())
    };
    let pinned = world.clone().file("/w/m/.go-version", b"1.22.10\n");
    assert_eq!(need(&world, ""), None);
    assert_eq!(need(&pinned, "build").as_deref(), Some("1.23"));
    assert_eq!(need(&pinned, "install x.org/x@latest"), None);
    assert_eq!(need(&pinned.clone().var("GOTOOLCHAIN", "auto"), ""), None);
    assert_eq!(need(&pinned.clone().var("GOTOOLCHAIN", "local"), "").as_deref(), Some("1.23"));
    assert_eq!(need(&pinned.var("GOTOOLCHAIN", "auto"), "+1.22.10 build").as_deref(), Some("1.23"));
}

#[derive(Clone, Debug)]
struct Sketch {
    versions: Vec<&'static str>,
    default: usize,
    vars: Vec<(&'static str, &'static str)>,
    files: Vec<(&'static str, &'static str)>,
    words: &'static str,
}

impl Sketch {
    fn world(&self) -> Memory {
        let mut versions = self.versions.clone();
        versions.rotate_left(self.default % self.versions.len().max(1));
        let mut world = machine(&versions).program("/usr/bin/go");
        world = match self.default {
            8 => world.link("/r/current", "0d0d0d0d"),
            9 => world.link("/r/current", "/nowhere"),
            _ => world,
        };
        for (name, value) in &self.vars {
            world = world.var(name, value);
        }
        for (path, content) in &self.files {
            world = world.file(path, content.as_bytes());
        }
        world
    }
}

fn sketch() -> impl Strategy<Value = Sketch> {
    const VERSIONS: [&str; 6] = ["1.20.14", "1.21.13", "1.22.9", "1.22.10", "1.23.1", "1.24.0"];
    const VARS: [(&str, &[&str]); 8] = [
        ("GVM_GO", &["1.22", "1.22.9", "1.19", "x", "", "system", "/opt/go", ">=1.21 <1.23"]),
        (
            "GOTOOLCHAIN",
            &["auto", "path", "local", "go1.23.1", "go1.22.9+auto", "go1.30", "loca", ""],
        ),
        ("GVM_SET_GOTOOLCHAIN", &["1"]),
        (
            "GOTOOLCHAIN_INTERNAL_SWITCH_VERSION",
            &["go1.23.1", "go1.30.0", "go1.22", "go1.22.9-corp", "go1.9.2rc2", "go1.23x", "x"],
        ),
        ("GO111MODULE", &["off", "auto", "on"]),
        ("GOWORK", &["off", "sub", "/w/go.work"]),
        ("GOENV", &["off", "/r/0a0a0a00/go.env"]),
        ("PATH", &["/r/shims:/usr/bin", "/usr/bin", ""]),
    ];
    const FILES: [(&str, &[&str]); 7] = [
        ("/w/m/.go-version", &["1.22", "1.22.9", "1.19", "system", "nonsense", "# none"]),
        ("/w/m/.tool-versions", &["golang 1.21", "go 1.24.0", "node 20"]),
        ("/w/.go-version", &["1.20", "1.23.1", "nonsense"]),
        (
            "/w/m/go.mod",
            &[
                "go 1.21",
                "go 1.22.10",
                "go 1.23\ntoolchain go1.23.1",
                "go 1.24.0",
                "toolchain default\ngo 1.25",
                "toolchain x",
                "go 2",
                "",
                "go 1.30\ntoolchain go1.24.0",
            ],
        ),
        ("/w/go.work", &["go 1.22.9", "go 1.24.0\ntoolchain go1.30.1", "toolchain default"]),
        (
            "/h/env",
            &[
                "GOTOOLCHAIN=auto",
                "GOTOOLCHAIN=local",
                "GOTOOLCHAIN=",
                "GOWORK=off",
                "GOTOOLCHAIN=go1.22.9",
                "GOROOT=/r/0a0a0a01",
            ],
        ),
        ("/r/0a0a0a00/go.env", &["", "GOTOOLCHAIN=local", "GOTOOLCHAIN=go1.24.0+path"]),
    ];
    const WORDS: [&str; 7] =
        ["", "build", "env GOTOOLCHAIN", "run x.org/x@v1", "+1.22 build", "+x", "-C /w version"];
    type Table = &'static [(&'static str, &'static [&'static str])];
    fn some(table: Table) -> impl Strategy<Value = Vec<(&'static str, &'static str)>> {
        let one = proptest::sample::select(table)
            .prop_flat_map(|(name, values)| (Just(name), proptest::sample::select(values)));
        proptest::collection::vec(one, 0..4)
    }
    let versions = proptest::sample::subsequence(VERSIONS.to_vec(), 0..=6);
    (versions, 0..10_usize, some(&VARS), some(&FILES), proptest::sample::select(&WORDS[..]))
        .prop_map(|(versions, default, vars, files, words)| Sketch {
            versions,
            default,
            vars,
            files,
            words,
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn what_is_explained_is_what_is_decided(sketch in sketch()) {
        let world = sketch.world();
        let words: Vec<&[u8]> = sketch.words.split_ascii_whitespace().map(str::as_bytes).collect();
        let call = Call::new("go", &words);
        let decided = resolve::decide(&world, &layout(), &call);
        let Explanation { result, candidates, .. } = explain(&world, &layout(), &call);
        prop_assert_eq!(&result, &decided);
        let chosen: Vec<&Origin> = candidates
            .iter()
            .filter(|it| it.outcome == Outcome::Chosen)
            .map(|it| &it.origin)
            .collect();
        let missing = |origin: &Origin| candidates
            .iter()
            .any(|it| it.outcome == Outcome::NotInstalled && it.origin == *origin);
        match &decided {
            Ok(choice) => {
                prop_assert_eq!(chosen, [&choice.origin]);
                let wanted = choice.wanted.as_ref();
                prop_assert!(wanted.is_none_or(|wanted| missing(&wanted.origin)));
            }
            Err(error) => {
                prop_assert!(chosen.is_empty(), "{:?}", chosen);
                if let Undecided::NotInstalled(request) = error {
                    prop_assert!(missing(&request.origin));
                }
            }
        }
        for (index, one) in candidates.iter().enumerate() {
            prop_assert!(!one.reason.is_empty());
            prop_assert!(candidates[..index].iter().all(|other| other.origin != one.origin));
        }
    }
}
