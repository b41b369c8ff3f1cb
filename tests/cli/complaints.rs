//! What users of other version managers complained about, one test each: it does not happen here.
//! The releases are small ones; where the complaint is about what real Go does, they are real.

use std::fs;

use crate::env::TestEnv;
#[cfg(unix)]
use crate::fake::script;
use crate::fake::{exe, gvm, shell};
use crate::installed::{Installed, foreign, put};
use crate::mint::Mint;
use crate::real::Real;
use crate::site::Site;
use crate::stock::{NEWER, OLDER, line};

/// A package that needs nothing, so that only it is compiled: what mixes two versions shows all the
/// same.
const PACKAGE: &str = "package m\n\nfunc F() int { return 1 }\n";

/// A module of the older release's line.
fn plain() -> String {
    format!("module m\n\ngo {}\n", line(OLDER))
}

/// asdf-community/asdf-golang#106: `compile: version "go1.19.9" does not match go tool version
/// "go1.20.5"`.
#[test]
fn a_stale_goroot_from_the_shell_does_not_mix_two_versions() {
    let Some(real) = Real::shared() else { return };
    let module = real.module("stale", &[("go.mod", &plain()), ("m.go", PACKAGE)]);
    let (ours, stale) = (real.goroot(OLDER), real.goroot(NEWER));
    // Without gvm it does happen.
    let direct = module.call(ours.join("bin/go"), "build -a .").var("GOROOT", &stale).run().code(1);
    assert!(direct.stderr.contains("does not match"), "{direct}");
    for gopath in [module.here().join("nonexistent"), "".into()] {
        let call = module.go("build -a .").var("GOROOT", &stale).var("GOPATH", gopath);
        let _ = call.var("HOME", module.here()).ok();
    }
    let _ = module.go("build -a .").var("GOROOT", &stale).var("GVM_GO", NEWER).ok();
    let _ = module.go("vet .").var("GOROOT", "/nonexistent").ok();
}

/// speakeasy-api/gram#4460: every package of the standard library fails, and the exit code is 0 all
/// the same.
#[test]
fn a_goroot_of_another_manager_does_not_break_the_standard_library_in_silence() {
    let Some(real) = Real::shared() else { return };
    let module = real.module("silence", &[("go.mod", &plain()), ("m.go", PACKAGE)]);
    let stale = real.goroot(NEWER);
    let list = |call: crate::env::Call<'_>| {
        let format = "{{if .Export}}compiled{{end}}{{with .Error}}{{.Err}}{{end}}";
        call.var("GOROOT", &stale).arg(format).arg("internal/goarch").ok().stdout
    };
    let words = "list -e -export -f";
    let direct = list(module.call(real.goroot(OLDER).join("bin/go"), words));
    assert!(direct.contains("does not match"), "without gvm it does happen: {direct}");
    assert_eq!(list(module.go(words)), "compiled\n");
    let exec =
        |words: &str| module.gvm("exec").arg(OLDER).with(|call| _ = call.args(words.split(' ')));
    assert_eq!(list(exec("-- go list -e -export -f")), "compiled\n");
    let root = exec("-- go env GOROOT").var("GOROOT", &stale).ok();
    assert_eq!(root.line(), real.goroot(OLDER).to_str().unwrap());
}

/// kevincobain2000/gobrew#56, #62: the official installer left GOROOT set, and switching breaks
/// builds.
#[test]
fn a_goroot_left_by_an_installer_does_not_survive_a_switch() {
    let env = Installed::new(&["1.21.13", "1.22.4"]).on_path();
    let installer = env.folder().join("usr/local/go");
    foreign(&installer, "1.19.1");
    let goroot = installer.display().to_string();
    let here = env.project("plain", &[]).with(&[("GOROOT", &goroot)]);
    for version in ["1.22.4", "1.21.13"] {
        let _ = here.gvm("use").arg(version).ok();
        assert_eq!(here.go("build"), format!("go{version}: build"));
        let exec = here.gvm("exec -- go build").ok();
        assert!(exec.line().starts_with(&format!("go{version}")), "{exec}");
        assert!(!exec.line().contains("GOROOT"), "{exec}");
    }
}

/// golang/go#64665: `go env -w GOTOOLCHAIN=go1.21.5+auto` makes every `go1.x` wrapper and every
/// manager run 1.21.5.
#[test]
fn a_toolchain_persisted_by_go_env_does_not_defeat_a_pin_or_a_named_go() {
    let Some(real) = Real::shared() else { return };
    let module = real.module("persisted", &[]);
    let [older, newer] = [OLDER, NEWER].map(|version| format!("go{version}"));
    let _ = module.go("env -w").arg(format!("GOTOOLCHAIN={newer}+auto")).ok();
    let kept = fs::read_to_string(module.goenv()).unwrap();
    assert_eq!(kept.trim_end(), format!("GOTOOLCHAIN={newer}+auto"));
    assert_eq!(module.version(module.go("version")), newer, "it counts without a pin");
    let named = module.call(exe(real.root().join("shims").join(&older)), "version");
    assert_eq!(module.version(named), older);
    assert_eq!(module.version(module.go(&format!("+{OLDER} version"))), older);
    assert_eq!(module.version(module.go("version").var("GVM_GO", OLDER)), older);
    assert_eq!(
        module.version(
            module.gvm("exec").arg(OLDER).with(|call| _ = call.args(["--", "go", "version"]))
        ),
        older
    );
    put(&module.here().join(".go-version"), OLDER);
    assert_eq!(module.version(module.go("version")), older);
}

/// actions/setup-go#424, #403: the `toolchain` line has another Go downloaded into the module
/// cache.
#[test]
fn a_toolchain_line_puts_nothing_into_the_module_cache() {
    let Some(real) = Real::shared() else { return };
    let go_mod = format!("{}\ntoolchain go{NEWER}\n", plain());
    let module = real.module("cache", &[("go.mod", &go_mod), ("m.go", PACKAGE)]);
    let _ = module.go("build .").ok();
    assert_eq!(module.version(module.go("version")), format!("go{NEWER}"));
    put(&module.here().join(".go-version"), OLDER);
    let _ = module.go("build .").ok();
    assert_eq!(
        module.version(module.go("version")),
        format!("go{OLDER}"),
        "a pin is not overruled by it"
    );
    module.assert_nothing_downloaded();
}

/// golang/go#65568: `download go1.22: toolchain not available`, since from 1.21 on the first
/// release is `go1.21.0`.
#[test]
fn a_go_line_without_a_patch_finds_the_first_release_of_its_line() {
    let env = Installed::new(&["1.21.13", "1.22.0", "1.22.10"]);
    let module = env.project("module", &[("go.mod", "module m\n\ngo 1.22\n")]);
    assert_eq!(module.go("build"), "go1.22.0 SWITCH_VERSION=go1.22.0 SWITCH_COUNT=1: build");
    let missing = env.project("missing", &[("go.mod", "module m\n\ngo 1.23\n")]);
    assert_eq!(missing.go("build"), "go1.21.13: build");
    let told = missing.gvm("current").run();
    assert!(told.stderr.contains("go1.23.0") && told.stderr.contains("go.mod"), "{told}");
}

/// golang/go#65568, the other half: `go version` depends on the folder, and nobody says why; a
/// GOTOOLCHAIN in the user's file survives all reinstalling, and nobody sees it.
#[test]
fn why_another_version_runs_in_this_folder_is_said() {
    let env = Installed::new(&["1.21.13", "1.22.4"]);
    let module = env.project("module", &[("go.mod", "module m\n\ngo 1.22.4\n")]);
    let told = module.gvm("current").ok();
    assert!(told.stdout.contains("go1.22.4") && told.stdout.contains("go.mod:3"), "{told}");
    let plain = env.project("plain", &[]);
    let goenv = env.folder().join("home/config/go/env");
    put(&goenv, "GOFLAGS=\nGOTOOLCHAIN=go1.22.4\n");
    let told = plain.gvm("current").ok();
    assert!(told.stdout.contains("go1.22.4") && told.stdout.contains("GOTOOLCHAIN"), "{told}");
    assert!(told.stdout.contains(goenv.to_str().unwrap()), "the file is named: {told}");
    let told = plain.gvm("explain").ok();
    assert!(told.stdout.contains(goenv.to_str().unwrap()), "{told}");
}

/// jdx/mise#11213, #4312, #1689: `go` is a minimum; taken as a version it takes users back.
#[test]
fn a_go_line_does_not_take_anybody_back() {
    let env = Installed::new(&["1.24.4", "1.21.0", "1.21.13", "1.22.4"]);
    for (name, file, content) in [
        ("line", "go.mod", "module m\n\ngo 1.21\n"),
        ("release", "go.mod", "module m\n\ngo 1.22.4\n"),
        ("toolchain", "go.mod", "module m\n\ngo 1.21.0\n\ntoolchain go1.22.4\n"),
        ("work", "go.work", "go 1.21.13\n"),
        ("old", "go.mod", "module m\n"),
    ] {
        let here = env.project(name, &[(file, content)]);
        assert_eq!(here.go("build"), "go1.24.4: build", "{name}");
        assert_eq!(here.gvm("current --short").ok().line(), "1.24.4", "{name}");
    }
}

/// asdf-community/asdf-golang#99: what is chosen by go.mod is "not deterministic".
#[test]
fn what_go_mod_chooses_does_not_depend_on_the_order_of_installing() {
    let go_mod = "module m\n\ngo 1.22.4\n";
    let orders =
        [["1.21.13", "1.22.4", "1.22.10", "1.24.4"], ["1.21.13", "1.24.4", "1.22.10", "1.22.4"]];
    for order in orders {
        let env = Installed::new(&order);
        let files = [("go.mod", go_mod), ("vendor/x/x.go", ""), (".git/HEAD", "")];
        for below in [".", "a", "a/b/c", "vendor/x"] {
            let here = env.project("module", &files).below(below);
            assert!(here.go("build").starts_with("go1.22.4 "), "{below}");
            assert_eq!(here.gvm("current --short").ok().line(), "1.22.4", "{below}");
        }
        let line = env.project("line", &[(".go-version", "1.22\n"), ("go.mod", go_mod)]);
        assert!(line.go("build").starts_with("go1.22.10 "));
    }
}

/// actions/setup-go#543, #457: the `go` line is installed, and then the `toolchain` line has Go
/// downloaded again.
#[test]
fn a_module_with_both_lines_has_go_installed_once() {
    let site = Site::mint(Mint::new(&["1.21.0", "1.21.13", "1.22.4"]));
    let env = TestEnv::at(&site);
    env.write("go.mod", "module m\n\ngo 1.21\n\ntoolchain go1.22.4\n");
    let installed = env.gvm("install --json").ok().json();
    assert_eq!(installed["installed"].as_array().unwrap().len(), 1, "{installed}");
    assert_eq!(installed["installed"][0]["version"], "go1.22.4");
    assert_eq!(site.count(".zip"), 1);
    let _ = env.gvm("use 1.22.4").ok();
    assert_eq!(env.go("version").ok().line(), "go version go1.22.4 linux/amd64");
    assert_eq!(site.count(".zip"), 1);
}

/// actions/setup-go#660: four files, and any precedence will surprise.
#[test]
fn of_four_files_the_one_that_counts_is_named_and_the_others_with_why_not() {
    let env = Installed::new(&["1.21.13", "1.20.14", "1.22.4", "1.22.10", "1.24.4"]);
    let files = [
        (".go-version", "1.20.14\n"),
        (".tool-versions", "golang 1.22.4\n"),
        ("go.work", "go 1.22.10\n"),
        ("go.mod", "module m\n\ngo 1.24.4\n"),
    ];
    for (skip, version, name) in [
        (0, "1.20.14", ".go-version"),
        (1, "1.22.4", ".tool-versions"),
        (2, "1.22.10", "go.work"),
        (3, "1.24.4", "go.mod"),
    ] {
        let here = env.project(&format!("without {skip}"), &files[skip..]);
        assert!(here.go("build").starts_with(&format!("go{version}")), "{skip}");
        let current = here.gvm("current --json").ok().json();
        let file = here.folder().join(name).display().to_string();
        assert_eq!(current["origin"]["file"], file, "{current}");
    }
    let here = env.project("all", &files);
    let explained = here.gvm("explain --json").ok().json();
    assert_eq!(explained["choice"]["version"], "go1.20.14", "{explained}");
    let candidates = explained["candidates"].as_array().unwrap();
    for (name, _) in files {
        let file = here.folder().join(name).display().to_string();
        let it = candidates.iter().find(|candidate| candidate["origin"]["file"] == *file);
        let it = it.unwrap_or_else(|| panic!("{name} is no candidate in {explained}"));
        assert_eq!(it["outcome"] == "chosen", name == ".go-version", "{it}");
        assert!(it["reason"].as_str().is_some_and(|reason| !reason.is_empty()), "{it}");
    }
}

/// go-nv/goenv#121, #274; moovweb/gvm#452, #481; voidint/g#163: "switch by go.mod when I cd in".
#[test]
fn going_to_a_folder_is_all_that_switching_takes() {
    let env = Installed::new(&["1.21.13", "1.22.4", "1.24.4"]).on_path();
    let [one, two, none] = [
        env.project("one", &[("go.mod", "module m\n\ngo 1.22.4\n")]),
        env.project("two", &[("go.mod", "module m\n\ngo 1.24.4\n"), ("cmd/x/main.go", "")]),
        env.project("none", &[]),
    ];
    let script = "go x; cd ../one && go x; cd ../two/cmd/x && go x; cd ../../../none && go x";
    let told = none.call(shell(), "-c").arg(script).ok();
    let versions: Vec<_> =
        told.stdout.lines().map(|line| line.split([' ', ':']).next().unwrap()).collect();
    assert_eq!(versions, ["go1.21.13", "go1.22.4", "go1.24.4", "go1.21.13"], "{told}");
    drop((one, two));
}

/// jdx/mise#120: `1.19` is a release and a line; the release is picked where the newest of the line
/// is meant.
#[test]
fn the_name_of_a_line_is_not_its_first_release() {
    let site = Site::mint(Mint::new(&["1.18.10", "1.19", "1.19.5", "1.19.13", "1.20"]));
    let env = TestEnv::at(&site);
    for (spec, version) in
        [("1.19", "go1.19.13"), ("1.19.x", "go1.19.13"), ("go1.19", "go1.19"), ("1.19.0", "go1.19")]
    {
        let installed = env.gvm("install --json").arg(spec).ok().json();
        assert_eq!(installed["installed"][0]["version"], version, "{spec}");
    }
    let _ = env.gvm("use 1.19").ok();
    for (pin, version) in [("1.19\n", "go1.19.13"), ("go1.19\n", "go1.19"), ("1.19.0\n", "go1.19")]
    {
        env.write(".go-version", pin);
        assert_eq!(
            env.go("version").ok().line(),
            format!("go version {version} linux/amd64"),
            "{pin}"
        );
        assert_eq!(env.gvm("current --json").ok().json()["version"], version, "{pin}");
    }
}

/// go-nv/goenv#296: `global 1.20` should mean the newest 1.20.x. golang/go#29984: a runner for
/// `go1.11.x`.
#[test]
fn a_line_is_its_newest_release_everywhere() {
    let site = Site::mint(Mint::new(&["1.11.13", "1.11.4", "1.20.9", "1.20.14", "1.20.13"]));
    let env = TestEnv::at(&site);
    let used = env.gvm("use --json 1.20").ok().json();
    assert_eq!(used["default"], "go1.20.14");
    let _ = env.gvm("install 1.11.4 1.11.13 1.20.9").ok();
    let _ = env.gvm("use 1.20").ok();
    for (words, version) in [
        ("version", "1.20.14"),
        ("+1.11.x version", "1.11.13"),
        ("+1.11 version", "1.11.13"),
        ("+1.20 version", "1.20.14"),
    ] {
        assert_eq!(
            env.go(words).ok().line(),
            format!("go version go{version} linux/amd64"),
            "go {words}"
        );
    }
    let exec = env.call(gvm(), "exec 1.11.x -- go version").ok();
    assert_eq!(exec.line(), "go version go1.11.13 linux/amd64");
}

/// kevincobain2000/gobrew#113, #24, #157; andrewkroh/gvm#64: from 1.21 on the `.0` is there, before
/// it must not be.
#[test]
fn a_first_release_has_its_zero_from_1_21_on_and_not_before() {
    let site = Site::mint(Mint::new(&["1.20", "1.20.1", "1.21.0", "1.21.1", "1.22.0"]));
    let env = TestEnv::at(&site);
    for (spec, version) in [
        ("1.21.0", "go1.21.0"),
        ("go1.21.0", "go1.21.0"),
        ("1.20.0", "go1.20"),
        ("go1.20", "go1.20"),
        ("go1.21", "go1.21.1"),
        ("go1.20.0", "go1.20"),
    ] {
        let installed = env.gvm("install --json").arg(spec).ok().json();
        assert_eq!(installed["installed"][0]["version"], version, "{spec}");
    }
    let _ = env.gvm("install --force 1.20.99").run().code(3);
    let _ = env.gvm("use go1.20").ok();
    env.write("go.mod", "module m\n\ngo 1.21\n");
    assert_eq!(env.go("version").ok().line(), "go version go1.21.0 linux/amd64");
    env.write("go.mod", "module m\n\ngo 1.20\n");
    assert_eq!(env.go("version").ok().line(), "go version go1.20 linux/amd64");
}

/// kevincobain2000/gobrew#196: `use go1.22.5` fetches `gogo1.22.5`, says so in green, and exits as
/// if all were well.
#[test]
fn a_prefix_is_part_of_the_name_once_and_a_wrong_name_fails() {
    let site = Site::mint(Mint::new(&["1.21.13", "1.22.5"]));
    let env = TestEnv::at(&site);
    let _ = env.gvm("use 1.21.13").ok();
    for wrong in ["gogo1.22.5", "go-1.22.5", "ggo1.22.5", "go1.22.5.tar.gz"] {
        let refused = env.gvm("use").arg(wrong).run().code_of(wrong, 2);
        assert!(refused.stderr.contains(wrong), "{refused}");
        assert_eq!(env.gvm("current --short").ok().line(), "1.21.13", "{wrong}");
    }
    let _ = env.gvm("use go1.99.5").run().code(3);
    assert_eq!(env.gvm("current --short").ok().line(), "1.21.13");
    assert_eq!(site.count("gogo1.22.5.linux-amd64.zip"), 0);
    for right in ["go1.22.5", "1.22.5", "v1.22.5"] {
        let used = env.gvm("use --json").arg(right).ok().json();
        assert_eq!(used["default"], "go1.22.5", "{right}");
    }
}

/// jdx/mise#10299: the shims of Windows stand on the PATH of WSL, and call each other for ever or
/// cannot be run.
#[cfg(unix)]
#[test]
fn the_shims_of_another_system_on_path_neither_recurse_nor_run() {
    let env = Installed::new(&["1.21.13", "1.22.4"]);
    let windows = env.folder().join("mnt/c/Users/me/shims");
    let shims = env.root().join("shims");
    put(&windows.join("go.exe"), "MZ\u{1}");
    put(&windows.join("go.cmd"), "@echo off\r\n");
    let path = std::env::join_paths([&windows, &shims]).unwrap().into_string().unwrap();
    let here = env.project("plain", &[]).with(&[("PATH", &path)]);
    assert_eq!(here.go("build"), "go1.21.13: build", "what is installed runs");
    let _ = here.gvm("uninstall --force 1.21.13 1.22.4").ok();
    let ended = here.shim("go", "build").run().code(127);
    assert_eq!(ended.stderr.lines().count(), 2, "go.exe is no go here: {ended}");

    // A file without an extension, as other managers write for shells on Windows: it calls what it
    // finds on PATH.
    let back = format!("#!/bin/sh\nexec {} \"$@\"\n", shims.join("go").display());
    script(&windows.join("go"), &back);
    let ended = here.shim("go", "build").run().code(125);
    assert_eq!(ended.stderr.lines().count(), 2, "{ended}");
    assert!(ended.stderr.contains(windows.join("go").to_str().unwrap()), "{ended}");

    // A program for Windows.
    script(&windows.join("go"), "MZ\u{1}\u{2}");
    let ended = here.shim("go", "build").run().code(126);
    assert_eq!(ended.stderr.lines().count(), 2, "{ended}");
    assert!(ended.stderr.contains(windows.join("go").to_str().unwrap()), "{ended}");
}
