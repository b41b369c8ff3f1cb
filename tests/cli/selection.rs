//! Row 4 of the rule: without a pin, the go command's own selection applies on the default, or on
//! the Go on PATH; and what it will do is told beforehand.

use crate::installed::{Installed, foreign, put};
use crate::rule::{MOD_1_22_4, MOD_1_22_5, VERSIONS, hold};

/// Row 4, with a base that knows the rule itself.
#[test]
fn without_a_pin_the_go_commands_own_selection_applies() {
    let env = Installed::new(&VERSIONS);
    let chosen = "go1.22.4 SWITCH_VERSION=go1.22.4 SWITCH_COUNT=1";
    let base = "go1.21.13";
    hold(
        &env,
        &[
            ("nothing asks", &[], &[], base),
            ("go line", &[("go.mod", MOD_1_22_4)], &[], chosen),
            (
                "go line, and a stale GOROOT",
                &[("go.mod", MOD_1_22_4)],
                &[("GOROOT", "/nonexistent")],
                chosen,
            ),
            ("older go line", &[("go.mod", "module m\n\ngo 1.20\n")], &[], base),
            ("not installed", &[("go.mod", MOD_1_22_5)], &[], base),
            (
                "toolchain line",
                &[("go.mod", "module m\n\ngo 1.21.0\n\ntoolchain go1.22.4\n")],
                &[],
                chosen,
            ),
            (
                "older toolchain line",
                &[("go.mod", "module m\n\ngo 1.22.4\ntoolchain go1.22.1\n")],
                &[],
                chosen,
            ),
            (
                "toolchain default",
                &[("go.mod", "module m\n\ngo 1.22.4\ntoolchain default\n")],
                &[],
                base,
            ),
            (
                "a work file before go.mod",
                &[("go.work", "go 1.22.4\n"), ("go.mod", "module m\n\ngo 1.24.4\n")],
                &[],
                chosen,
            ),
            (
                "a work file that is off",
                &[("go.work", "go 1.24.4\n"), ("go.mod", MOD_1_22_4)],
                &[("GOWORK", "off")],
                chosen,
            ),
        ],
    );
}

#[test]
fn without_a_pin_the_users_variables_are_followed() {
    let env = Installed::new(&VERSIONS);
    let base = "go1.21.13";
    let chosen = "go1.22.4 SWITCH_VERSION=go1.22.4 SWITCH_COUNT=1";
    hold(
        &env,
        &[
            (
                "GOTOOLCHAIN=local",
                &[("go.mod", MOD_1_22_4)],
                &[("GOTOOLCHAIN", "local")],
                "go1.21.13 GOTOOLCHAIN=local",
            ),
            (
                "GOTOOLCHAIN names one",
                &[("go.mod", "module m\n\ngo 1.24.4\n")],
                &[("GOTOOLCHAIN", "go1.22.4")],
                "go1.22.4 GOTOOLCHAIN=go1.22.4 SWITCH_VERSION=go1.22.4 SWITCH_COUNT=1",
            ),
            (
                "GOTOOLCHAIN names an older one",
                &[],
                &[("GOTOOLCHAIN", "go1.20.14")],
                "go1.20.14 GOTOOLCHAIN=go1.20.14 SWITCH_VERSION=go1.20.14 SWITCH_COUNT=1",
            ),
            (
                "GOTOOLCHAIN names the least",
                &[("go.mod", "module m\n\ngo 1.24.4\n")],
                &[("GOTOOLCHAIN", "go1.22.4+auto")],
                "go1.24.4 GOTOOLCHAIN=go1.22.4+auto SWITCH_VERSION=go1.24.4 SWITCH_COUNT=1",
            ),
            (
                "GOTOOLCHAIN=path",
                &[("go.mod", MOD_1_22_4)],
                &[("GOTOOLCHAIN", "path")],
                "go1.22.4 GOTOOLCHAIN=path SWITCH_VERSION=go1.22.4 SWITCH_COUNT=1",
            ),
            (
                "an empty GOTOOLCHAIN is none",
                &[("go.mod", MOD_1_22_4)],
                &[("GOTOOLCHAIN", "")],
                "go1.22.4 GOTOOLCHAIN= SWITCH_VERSION=go1.22.4 SWITCH_COUNT=1",
            ),
            ("modules off", &[("go.mod", MOD_1_22_4)], &[("GO111MODULE", "off")], base),
            ("modules auto", &[("go.mod", MOD_1_22_4)], &[("GO111MODULE", "auto")], chosen),
            (
                "a suffix",
                &[("go.mod", "module m\n\ngo 1.21\ntoolchain go1.22.4-corp\n")],
                &[],
                base,
            ),
        ],
    );
}

#[test]
fn the_user_file_and_the_release_file_name_a_toolchain() {
    let env = Installed::new(&VERSIONS);
    let here = env.project("here", &[("go.mod", MOD_1_22_4)]);
    let user = env.folder().join("home/config/go/env");
    put(&user, "GOTOOLCHAIN=local\n");
    assert_eq!(here.go("build"), "go1.21.13: build");
    put(&user, "GOTOOLCHAIN=go1.24.4\n");
    assert_eq!(here.go("build"), "go1.24.4 SWITCH_VERSION=go1.24.4 SWITCH_COUNT=1: build");
    put(&user, "GOFLAGS=-v\n");
    assert_eq!(here.go("build"), "go1.22.4 SWITCH_VERSION=go1.22.4 SWITCH_COUNT=1: build");
    put(&env.goroot("1.21.13").join("go.env"), "GOTOOLCHAIN=local\n");
    assert_eq!(here.go("build"), "go1.21.13: build");
}

/// Some commands never switch, `-C` moves first, and tools of a named version start the base.
#[test]
fn the_command_line_decides_as_the_go_command_has_it() {
    let env = Installed::new(&VERSIONS);
    let here =
        env.project("here", &[("go.mod", MOD_1_22_4), ("sub/go.mod", "module s\n\ngo 1.24.4\n")]);
    for (words, version) in [
        ("version", "1.22.4"),
        ("help", "1.22.4"),
        ("env", "1.22.4"),
        ("env -u GOTOOLCHAIN", "1.22.4"),
        ("env GOTOOLCHAIN", "1.21.13"),
        ("env -w GOTOOLCHAIN=local", "1.21.13"),
        ("install example.com/tool@latest", "1.21.13"),
        ("run example.com/tool@latest", "1.21.13"),
        ("run .", "1.22.4"),
        ("-C sub build", "1.24.4"),
        ("build -C sub", "1.24.4"),
        ("build -C=sub ./...", "1.24.4"),
    ] {
        let wanted = match version {
            "1.21.13" => format!("go1.21.13: {words}"),
            other => format!("go{other} SWITCH_VERSION=go{other} SWITCH_COUNT=1: {words}"),
        };
        assert_eq!(here.go(words), wanted);
    }
}

/// Go before 1.21 follows no go.mod: gvm does it for them.
#[test]
fn a_default_too_old_to_switch_is_left_for_what_go_mod_asks() {
    let env = Installed::new(&["1.20.14", "1.22.4"]);
    for (name, file, version) in [
        ("installed", MOD_1_22_4, "1.22.4"),
        ("not installed", MOD_1_22_5, "1.20.14"),
        ("older", "module m\n\ngo 1.19\n", "1.20.14"),
        ("toolchain", "module m\n\ngo 1.20\ntoolchain go1.22.4\n", "1.22.4"),
    ] {
        let here = env.project(name, &[("go.mod", file)]);
        assert!(
            here.go("build").starts_with(&format!("go{version}")),
            "{name}: {}",
            here.go("build")
        );
        assert_eq!(here.gvm("current --short").ok().line(), version, "{name}");
        let formatted = here.shim("gofmt", "-l .").ok();
        assert!(formatted.line().starts_with(&format!("gofmt{version}")), "{name}: {formatted}");
    }
}

#[test]
fn without_a_default_the_go_on_path_is_the_base() {
    let env = Installed::new(&["1.22.4", "1.24.4"]).on_path();
    let sdk = env.folder().join("sdk");
    foreign(&sdk, "1.21.5");
    let path = [env.root().join("shims"), "not/absolute".into(), sdk.join("bin")];
    let env = env.set("PATH", std::env::join_paths(path).unwrap());
    let _ = env.gvm("use system").ok();
    let plain = env.project("plain", &[]);
    assert_eq!(plain.go("build"), "go1.21.5: build");
    let current = plain.gvm("current --json").ok().json();
    assert_eq!(
        (&current["version"], &current["path"]),
        (&"go1.21.5".into(), &sdk.display().to_string().into())
    );
    let module = env.project("module", &[("go.mod", MOD_1_22_4)]);
    assert_eq!(module.go("build"), "go1.22.4 SWITCH_VERSION=go1.22.4 SWITCH_COUNT=1: build");
    let pinned = env.project("pinned", &[(".go-version", "system\n")]);
    assert_eq!(pinned.go("build"), "go1.21.5 GOTOOLCHAIN=local: build");
    let formatted = plain.shim("gofmt", "x.go").ok();
    assert_eq!(formatted.line(), "gofmt1.21.5: x.go");
}

/// What go.mod asks for, and nobody has installed: the go command gets its turn, and `current` says
/// so beforehand.
#[test]
fn what_the_go_command_will_do_is_told_beforehand() {
    let env = Installed::new(&VERSIONS);
    let here = env.project("missing", &[("go.mod", MOD_1_22_5)]);
    let told = here.gvm("current").ok();
    assert!(told.stderr.contains("go1.22.5") && told.stderr.contains("go.mod:3"), "{told}");
    assert!(told.stderr.contains("gvm install 1.22.5"), "{told}");
}

#[test]
fn it_is_not_told_that_the_go_command_downloads_what_it_only_looks_for_on_path() {
    let env = Installed::new(&VERSIONS);
    let here = env.project("path", &[("go.mod", MOD_1_22_5)]).with(&[("GOTOOLCHAIN", "path")]);
    let told = here.gvm("current").run();
    assert!(told.stderr.contains("go1.22.5"), "{told}");
    assert!(!told.stderr.contains("download"), "with `path` it downloads nothing: {told}");
}
