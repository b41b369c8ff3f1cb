//! `gvm explain`: why this Go runs here, as a user and as a script reads it.

use std::fs;

use gvm_core::target::Target;
use serde_json::{Value, json};

use crate::env::{Outcome, TestEnv};
use crate::fake::script;
use crate::mint::Mint;
use crate::site::Site;
use crate::stock::{NEWER, OLDER, line, stock};

const DEFAULT: &str = "1.22.4";

/// With 1.22.4 as the default and others installed, and the shims first on PATH.
fn env() -> TestEnv {
    let site = Site::mint(Mint::new(&["1.13.15", "1.20.14", "1.21.13", DEFAULT, "1.24.1"]));
    let env = TestEnv::at(&site);
    let _ = env.gvm("install 1.13.15 1.20.14 1.21.13 1.24.1").ok();
    let _ = env.gvm("use").arg(DEFAULT).ok();
    let path = [env.root().join("shims"), env.bin()];
    env.set("PATH", std::env::join_paths(path).unwrap())
}

/// The kinds of what is warned of.
fn kinds(outcome: &Outcome) -> Vec<String> {
    let document = outcome.json();
    let list = document["warnings"].as_array().unwrap();
    list.iter().map(|warning| warning["kind"].as_str().unwrap().to_owned()).collect()
}

/// Without blanks at the ends of lines.
fn shown(outcome: &Outcome) -> String {
    outcome.to_string().replace("out: \n", "out:\n")
}

fn replace_go(env: &TestEnv, version: &str, words: &str) {
    script(&env.goroot(version).join("bin/go"), &format!("#!/bin/sh\n{words}\n"));
}

#[test]
fn every_candidate_stands_on_a_line_of_its_own() {
    let env = env();
    env.write(".go-version", "# ours\n1.21\n");
    env.write("go.mod", "module m\n\ngo 1.20\n\ntoolchain go1.24.1\n");
    fs::write(env.folder().join(".tool-versions"), "golang 1.22.4\n").unwrap();
    insta::assert_snapshot!(shown(&env.gvm("explain").ok()), @r"
    code 0
    out: go1.21.13  (.go-version, TEMP/project/.go-version:2)
    out:
    out: ✓  .go-version     1.21                the nearest pin decides; go1.21.13 is the newest installed that fits  (TEMP/project/.go-version:2)
    out: ·  .tool-versions  1.22.4              a nearer pin decides  (TEMP/.tool-versions:1)
    out: ·  GOTOOLCHAIN     auto                a pin decides  (TEMP/root/c3a05a89/go.env:1)
    out: ·  go.mod          toolchain go1.24.1  pinned: go.mod cannot change it  (TEMP/project/go.mod:5)
    out: ·  go.mod          go 1.20             pinned: go.mod cannot change it  (TEMP/project/go.mod:3)
    out: ·  default         go1.22.4            a pin decides
    out: ·  system          -                   no go but gvm's is on PATH
    out:
    out: go gets:
    out:   GOTOOLCHAIN=local      a pinned version runs as it is
    out:   GVM_SET_GOTOOLCHAIN=1  marks GOTOOLCHAIN as set by gvm
    ");
}

#[test]
fn without_a_pin_the_go_commands_rule_is_explained() {
    let env = env();
    env.write("go.mod", "module m\n\ngo 1.22.4\n\ntoolchain go1.24.1\n");
    insta::assert_snapshot!(shown(&env.gvm("explain").var("GOROOT", "/old/go").ok()), @r"
    code 0
    out: go1.24.1  (go.mod, TEMP/project/go.mod:5)
    out:
    out: ·  GOTOOLCHAIN  auto                go.work and go.mod may ask for more  (TEMP/root/c3a05a89/go.env:1)
    out: ✓  go.mod       toolchain go1.24.1  newer than the default go1.22.4  (TEMP/project/go.mod:5)
    out: ·  go.mod       go 1.22.4           not newer than the default go1.22.4  (TEMP/project/go.mod:3)
    out: ·  default      go1.22.4            go.mod asks for more
    out: ·  system       -                   no go but gvm's is on PATH
    out:
    out: go gets:
    out:   no GOROOT                                     an inherited GOROOT would mix two versions
    out:   GOTOOLCHAIN_INTERNAL_SWITCH_VERSION=go1.24.1  the go command's rule has chosen: this one must not choose again
    out:   GOTOOLCHAIN_INTERNAL_SWITCH_COUNT=1           counts the switches, as the go command does
    out:
    out: warning: GOROOT is set to /old/go, and go runs from TEMP/root/c28d6a3a: gvm keeps it from go, other programs still see it
    out: hint: `unset GOROOT`, and take it out of your shell's start file: no Go from 1.9 on needs it
    ");
}

#[test]
fn a_script_gets_one_document() {
    let env = env();
    env.write(".go-version", "1.21.13\n");
    let explained = env.gvm("explain --json").var("GOROOT", "/old/go").ok().json();
    assert_eq!(explained["choice"]["version"], "go1.21.13");
    assert_eq!(explained["choice"]["path"], env.goroot("1.21.13").to_str().unwrap());
    let first = &explained["candidates"][0];
    let file = env.work().join(".go-version");
    let origin = json!({ "kind": "pin-file", "file": file.to_str().unwrap(), "line": 1 });
    assert_eq!(first["origin"], origin);
    assert_eq!((&first["spec"], &first["outcome"]), (&json!("1.21.13"), &json!("chosen")));
    let child = json!({
        "set": { "GOTOOLCHAIN": "local", "GVM_SET_GOTOOLCHAIN": "1" },
        "unset": ["GOROOT"],
    });
    assert_eq!(explained["child"], child);
    assert_eq!(explained["warnings"][0]["kind"], "stale-goroot");
    assert!(explained.get("go").is_none());
}

#[test]
fn what_is_explained_is_what_runs() {
    let env = env();
    env.write("go.mod", "module m\n\ngo 1.24.1\n");
    for (name, value, version) in [
        ("GVM_GO", "1.21.13", "go1.21.13"),
        ("GVM_GO", "1.24", "go1.24.1"),
        ("GOTOOLCHAIN", "local", "go1.22.4"),
        ("GOTOOLCHAIN", "go1.21.13", "go1.21.13"),
        ("GOTOOLCHAIN", "auto", "go1.24.1"),
        ("GO111MODULE", "off", "go1.22.4"),
    ] {
        let explained = env.gvm("explain --json").var(name, value).ok().json();
        assert_eq!(explained["choice"]["version"], version, "{name}={value}");
        let runs = env.go("version").var(name, value).ok();
        assert!(runs.line().starts_with(&format!("go version {version} ")), "{runs}");
    }
}

#[test]
fn the_words_of_a_call_count() {
    let env = env();
    env.write("go.mod", "module m\n\ngo 1.24.1\n");
    let runs = |words: &str| {
        let explained = env.gvm("explain --json --").with(|it| {
            it.args(words.split(' '));
        });
        explained.ok().json()["choice"]["version"].as_str().unwrap().to_owned()
    };
    assert_eq!(runs("build"), "go1.24.1");
    assert_eq!(runs("env GOTOOLCHAIN"), "go1.22.4");
    assert_eq!(runs("run example.com/x@latest"), "go1.22.4");
    assert_eq!(runs("+1.21.13 build"), "go1.21.13");
    assert_eq!(runs("go build"), "go1.24.1");
    assert_eq!(runs("go1.20.14 build"), "go1.20.14");
    assert_eq!(runs("gofmt -l ."), "go1.24.1");
    let _ = env.gvm("explain build").run().code(2);
}

#[test]
fn what_cannot_run_is_explained_all_the_same() {
    let env = env();
    let file = env.write(".go-version", "1.19\n");
    insta::assert_snapshot!(shown(&env.gvm("explain").run().code(3)), @r"
    code 3
    out: no go runs here
    out:
    out: ✗  .go-version  1.19      no installed version fits  (TEMP/project/.go-version:1)
    out: ·  GOTOOLCHAIN  auto      a pin decides  (TEMP/root/c3a05a89/go.env:1)
    out: ·  default      go1.22.4  a pin decides
    out: ·  system       -         no go but gvm's is on PATH
    err: error: 1.19 is not installed (asked for by TEMP/project/.go-version:1)
    err: hint: install it with `gvm install 1.19`
    ");
    let explained = env.gvm("explain --json").run().code(3);
    let document = explained.json();
    assert_eq!(document["choice"], Value::Null);
    assert_eq!(document["candidates"][0]["outcome"], "not-installed");
    assert_eq!(document["warnings"][0]["kind"], "not-installed");
    assert_eq!(document["warnings"][0]["hint"], "install it with `gvm install 1.19`");

    fs::write(&file, "nonsense\n").unwrap();
    insta::assert_snapshot!(shown(&env.gvm("explain").run().code(2)), @r"
    code 2
    out: no go runs here
    out:
    out: ✗  .go-version  nonsense  neither a version nor a name at column 1  (TEMP/project/.go-version:1)
    out: ·  GOTOOLCHAIN  auto      a pin decides  (TEMP/root/c3a05a89/go.env:1)
    out: ·  default      go1.22.4  a pin decides
    out: ·  system       -         no go but gvm's is on PATH
    err: error: TEMP/project/.go-version:1:1: neither a version nor a name: `nonsense`
    err: hint: put one version into it, like 1.22.4: `gvm pin 1.22.4`
    ");
    let explained = env.gvm("explain --json").run().code(2).json();
    assert_eq!(explained["candidates"][0]["outcome"], "invalid");
    fs::remove_file(&file).unwrap();
    fs::create_dir(&file).unwrap();
    let explained = env.gvm("explain --json").run().code(2).json();
    assert_eq!(explained["candidates"][0]["origin"]["line"], Value::Null);
    assert_eq!(explained["candidates"][0]["spec"], Value::Null);
}

#[test]
fn a_folder_with_a_hostile_name_does_nothing_to_the_terminal() {
    let env = env();
    // Windows lets no name have the first.
    let (name, shown) = match cfg!(windows) {
        true => ("a\u{9b}2Jb", "\\a\\u{9b}2Jb\\.go-version:1)"),
        false => ("a\x1b[2Jb", "/a\\u{1b}[2Jb/.go-version:1)"),
    };
    let pin = env.write(&format!("{name}/.go-version"), "1.21.13\n");
    let explained = env.gvm("explain").within(pin.parent().unwrap()).ok();
    assert!(explained.stdout.contains(shown), "{explained}");
    assert!(!explained.stdout.contains(['\x1b', '\u{9b}']), "{:?}", explained.stdout);
}

/// A Go of 1.20 knows nothing of toolchains: gvm decides in its place.
#[test]
fn a_base_that_knows_no_toolchains_cannot_be_asked() {
    let env = env();
    env.write("go.mod", "module m\n\ngo 1.24\n");
    let _ = env.gvm("use 1.20.14").ok();
    let explained = env.gvm("explain --go").ok();
    assert!(explained.stdout.starts_with("go1.24.1  (go.mod, "), "{explained}");
    let says = "go itself runs go1.20.14, which cannot be held against gvm's answer: go1.24.1\n";
    assert!(explained.stdout.contains(says), "{explained}");
    assert_eq!(env.gvm("explain --go --json").ok().json()["go"]["agrees"], Value::Null);
}

#[test]
fn an_empty_machine_is_explained() {
    insta::assert_snapshot!(shown(&TestEnv::new().gvm("explain").run().code(3)), @r#"
    code 3
    out: no go runs here
    out:
    out: ·  default  -  none is set
    out: ·  system   -  no go but gvm's is on PATH
    out:
    out: warning: TEMP/root/shims is not on PATH: no `go` is found there
    out: hint: put the shims first, in this shell and in its start file: export PATH="TEMP/root/shims:$PATH"
    err: error: no version is asked for here, no default is set, and no go is on PATH
    err: hint: choose a version with `gvm use 1.22`, or `gvm use latest`
    "#);
}

#[test]
fn a_quiet_machine_has_no_warnings() {
    let env = env();
    assert_eq!(kinds(&env.gvm("explain --json").ok()), [""; 0]);
}

#[test]
fn a_stale_goroot_is_warned_of() {
    let env = env();
    let warned = env.gvm("explain --json").var("GOROOT", env.goroot("1.21.13")).ok();
    assert_eq!(kinds(&warned), ["stale-goroot"]);
    let own = env.gvm("explain --json").var("GOROOT", env.goroot(DEFAULT)).ok();
    assert_eq!(kinds(&own), [""; 0]);
}

#[test]
fn what_go_env_w_keeps_is_warned_of_with_file_and_line() {
    let env = env();
    let file = env.folder().join("home/config/go/env");
    fs::write(&file, "GOFLAGS=\nGOTOOLCHAIN=go1.21.13+auto\nGOBIN=/b\nGOROOT=/usr/lib/go\n")
        .unwrap();
    let warned = env.gvm("explain --json").ok();
    assert_eq!(kinds(&warned), ["persisted-setting"; 3]);
    let messages: Vec<String> = warned.json()["warnings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|warning| format!("{} / {}", warning["message"], warning["hint"]))
        .collect();
    for (at, name, hint) in [
        (0, "/env:2 sets GOTOOLCHAIN=go1.21.13+auto", "`go env -u GOTOOLCHAIN`"),
        (1, "/env:4 sets GOROOT=/usr/lib/go", "take that line out"),
        (2, "/env:3 sets GOBIN=/b", "`go env -u GOBIN`"),
    ] {
        assert!(messages[at].contains(name) && messages[at].contains(hint), "{messages:?}");
    }
}

#[test]
fn a_pin_older_than_go_mod_is_warned_of_before_go_refuses() {
    let env = env();
    env.write(".go-version", "1.21.13\n");
    env.write("go.mod", "module m\n\ngo 1.22\n");
    let warned = env.gvm("explain").ok();
    assert!(warned.stdout.contains(".go-version:1 pins go 1.21.13, and "), "{warned}");
    assert!(warned.stdout.contains("go.mod:3 needs go 1.22: the go command refuses"), "{warned}");
    assert!(warned.stdout.contains("hint: pin what is needed: `gvm pin 1.22`"), "{warned}");
    assert_eq!(kinds(&env.gvm("explain --json").ok()), ["pin-too-old"]);
    let free = env.gvm("explain --json").var("GOTOOLCHAIN", "auto").ok();
    assert_eq!(kinds(&free), [""; 0]);
}

#[test]
fn a_pinned_line_that_no_installed_release_satisfies_is_told() {
    let env = env();
    env.write(".go-version", "1.22\n");
    env.write("go.mod", "module m\n\ngo 1.22.5\n");
    let told = env.gvm("explain").run().code(3).says("hint: install a newer one with");
    assert!(told.stdout.contains("the newest installed is 1.22.4, and go.mod needs"), "{told}");
}

#[test]
fn another_go_before_the_shims_is_warned_of_by_its_manager() {
    let env = env();
    let asdf = env.folder().join("home/.asdf/shims");
    script(&asdf.join("go"), "#!/bin/sh\n");
    let shims = env.root().join("shims");
    let path = |list: [&std::path::Path; 2]| std::env::join_paths(list).unwrap();
    let first = env.gvm("explain --json").var("PATH", path([&asdf, &shims])).ok();
    assert_eq!(kinds(&first), ["earlier-go"]);
    assert!(first.stdout.contains("(of asdf) comes before"), "{first}");
    let later = env.gvm("explain --json").var("PATH", path([&shims, &asdf])).ok();
    assert_eq!(kinds(&later), [""; 0]);
    let without = env.gvm("explain --json").var("PATH", &asdf).ok();
    assert_eq!(kinds(&without), ["shims-not-on-path"]);
    let words = if cfg!(windows) { "$env:Path = " } else { "export PATH=" };
    assert!(without.stdout.contains(words), "{without}");
}

#[test]
fn settings_that_the_version_does_not_know_are_warned_of() {
    let env = env();
    for (name, value, version, kind) in [
        ("GOFLAGS", "-v -buildvcs=false", "1.13.15", "unknown-flag"),
        ("GOFLAGS", "-mod=mod", "1.13.15", "unknown-flag"),
        ("GOPROXY", "https://a.example|direct", "1.13.15", "unknown-proxy-list"),
        ("GOEXPERIMENT", "rangefunc", DEFAULT, "experiment"),
    ] {
        let call = env.gvm("explain --json").var("GVM_GO", version).var(name, value);
        assert_eq!(kinds(&call.ok()), [kind], "{name}={value}");
        let newer = env.gvm("explain --json").var("GVM_GO", "1.24.1").var(name, value).ok();
        let expected: &[&str] = if kind == "experiment" { &[kind] } else { &[] };
        assert_eq!(kinds(&newer), expected, "{name}={value}");
    }
    fs::write(env.folder().join("home/config/go/env"), "GOFLAGS=-buildvcs=false\n").unwrap();
    let file = env.gvm("explain --json").var("GVM_GO", "1.13.15").ok();
    assert_eq!(kinds(&file), ["unknown-flag"]);
}

#[test]
fn a_toolchain_that_is_not_installed_is_warned_of_with_what_installs_it() {
    let env = env();
    env.write("go.mod", "module m\n\ngo 1.25\n");
    let warned = env.gvm("explain").ok();
    let says = "go.mod:3 asks for go1.25.0, which is not installed: go1.22.4 starts, looks for it \
                on PATH, and then downloads it";
    assert!(warned.stdout.contains(says), "{warned}");
    assert!(warned.stdout.contains("`gvm install 1.25.0`"), "{warned}");
    let old = env.gvm("use 1.20.14");
    let _ = old.ok();
    let warned = env.gvm("explain").ok();
    assert!(warned.stdout.contains("go1.20.14 runs in its place"), "{warned}");
    let refused = env.gvm("explain --json").var("GOTOOLCHAIN", "loca").ok();
    assert_eq!(kinds(&refused), ["toolchain-not-installed"], "1.20 knows no GOTOOLCHAIN");
    let _ = env.gvm("use").arg(DEFAULT).ok();
    let refused = env.gvm("explain --json").var("GOTOOLCHAIN", "loca").ok();
    assert_eq!(kinds(&refused), ["go-refuses"]);
}

#[test]
fn a_go_command_of_another_mind_is_told() {
    let env = env();
    assert!(env.gvm("explain --go").ok().stdout.contains("go itself runs go1.22.4: it agrees\n"));
    replace_go(&env, DEFAULT, "echo go version go1.99 x/y; echo trace: $GOPROXY $GODEBUG >&2");
    let told = env.gvm("explain --go").run().code(1);
    let says =
        "go itself runs go1.99: it does NOT agree with gvm, which says go1.22.4\n  trace: off\n";
    assert!(told.stdout.contains(says), "{told}");
    let told = env.gvm("explain --go --json").run().code(1).json();
    let go = json!({ "version": "go1.99", "agrees": false, "trace": ["trace: off"] });
    assert_eq!(told["go"], go);
    replace_go(&env, "1.24.1", "echo go version go1.24.1 x/y; echo $GOTOOLCHAIN $GODEBUG >&2");
    let pinned = env.gvm("explain --go --json").var("GVM_GO", "1.24.1").var("GODEBUG", "a=1").ok();
    assert_eq!(pinned.json()["go"]["trace"], json!(["local a=1,toolchaintrace=1"]));
    let _ = env.gvm("explain --go -- build").run().code(2);
}

/// The base starts the newer one by gvm's shim of that name; what is not installed it would download.
#[test]
fn a_real_go_command_agrees() {
    let Some(stock) = stock() else { return };
    let site = Site::stock(stock);
    let env = TestEnv::at(&site);
    // The newest there is, of which no later one can be asked for.
    let newest = if cfg!(windows) { NEWER } else { "1.27.4" };
    let _ = env.gvm("install").arg(NEWER).arg(newest).ok();
    let _ = env.gvm("use").arg(OLDER).ok();
    let agrees = |lines: &str, version: Option<&str>| {
        let version = version.map_or(Value::Null, |version| json!(format!("go{version}")));
        env.write("go.mod", format!("module m\n\n{lines}\n"));
        let asked = site.count("");
        let go = env.gvm("explain --go --json").ok().json()["go"].take();
        assert_eq!(site.count(""), asked, "nothing is downloaded");
        assert_eq!((&go["agrees"], &go["version"]), (&json!(true), &version), "{lines}: {go}");
        go
    };
    let go = |version: &str| format!("go {version}");
    agrees("go 1.20", Some(OLDER));
    agrees(&format!("{}\ntoolchain go{NEWER}", go(line(OLDER))), Some(NEWER));
    agrees(&go(newest), Some(newest));
    agrees("toolchain local", None);
    agrees(&format!("{}.99", go(line(newest))), None);
    let _ = env.gvm("use").arg(newest).ok();
    let told = agrees(&go(line(newest)), Some(newest));
    let trace = told["trace"].as_array().unwrap();
    assert!(trace.iter().any(|line| line.as_str().unwrap().contains(newest)), "{told}");
    env.write(".go-version", NEWER);
    agrees(&go(line(NEWER)), Some(NEWER));
    let shown = format!("go version go{NEWER} {}", Target::host());
    assert_eq!(env.go("version").ok().line(), shown);
}
