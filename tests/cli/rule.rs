//! Which Go runs here, row by row of the rule: asked of the shims (`go`, `gofmt`) and of the
//! command (`current`, `which`), which must not differ. Row 4 stands in `selection`, and what the
//! shims do when they start nothing in `refusals`.

use std::path::Path;

use crate::env::{Call, TestEnv};
use crate::fake::exe;
use crate::installed::{Installed, Project, put};

/// The default is the first; all rows know these.
pub const VERSIONS: [&str; 6] = ["1.21.13", "1.20.14", "1.22.4", "1.22.10", "1.24.4", "1.8.7"];

/// Files of a folder, or variables of a process.
pub type Pairs = &'static [(&'static str, &'static str)];
/// What is there, what is set, and what `go build` tells then.
pub type Row = (&'static str, Pairs, Pairs, &'static str);

const SWITCH: &str = "GOTOOLCHAIN_INTERNAL_SWITCH_VERSION";
const COUNT: &str = "GOTOOLCHAIN_INTERNAL_SWITCH_COUNT";
/// A module that asks for what is installed.
pub const MOD_1_22_4: &str = "module m\n\ngo 1.22.4\n";
/// A module that asks for what is not installed.
pub const MOD_1_22_5: &str = "module m\n\ngo 1.22.5\n";

/// Holds each row against `go`, `gofmt`, `gvm which` and `gvm current`.
pub fn hold(env: &Installed, rows: &[Row]) {
    let wrong: Vec<String> = rows
        .iter()
        .enumerate()
        .flat_map(|(at, (name, files, vars, wanted))| {
            let project = env.project(&format!("{at} {name}"), files).with(vars);
            let wrong = differences(env, &project, wanted);
            wrong.into_iter().map(move |what| format!("{name}: {what}\n"))
        })
        .collect();
    assert!(wrong.is_empty(), "\n{}", wrong.concat());
}

/// What another answer than the wanted one gives here.
fn differences(env: &TestEnv, project: &Project<'_>, wanted: &str) -> Vec<String> {
    let version = wanted.split(' ').next().unwrap().strip_prefix("go").unwrap();
    let bin = env.goroot(version).join("bin");
    let program = |tool: &str| exe(bin.join(tool)).display().to_string();
    let answers = [
        ("go", project.shim("go", "build ./..."), format!("{wanted}: build ./...")),
        ("gofmt", project.shim("gofmt", "-l ."), format!("gofmt{version}")),
        ("which", project.gvm("which"), program("go")),
        ("which gofmt", project.gvm("which gofmt"), program("gofmt")),
        ("current", project.gvm("current --short"), version.to_owned()),
    ];
    let wrong = |(who, call, wanted): (&str, Call<'_>, String)| {
        let outcome = call.run();
        let is_it = match who {
            "gofmt" => outcome.line().split([' ', ':']).next() == Some(&*wanted),
            _ => outcome.line() == wanted,
        };
        (!is_it).then(|| format!("{who} answers {outcome}   instead of {wanted}"))
    };
    answers.into_iter().filter_map(wrong).collect()
}

/// Row 0.
#[test]
fn a_go_that_was_switched_to_is_that_one_before_anything_else() {
    let env = Installed::new(&VERSIONS);
    hold(
        &env,
        &[
            (
                "a switch beats a variable",
                &[(".go-version", "1.20.14\n")],
                &[(SWITCH, "go1.22.4"), (COUNT, "7"), ("GVM_GO", "1.24.4")],
                "go1.22.4 SWITCH_VERSION=go1.22.4 SWITCH_COUNT=7",
            ),
            (
                "a switch beats a file and go.mod",
                &[(".go-version", "1.20.14\n"), ("go.mod", "module m\n\ngo 1.24.4\n")],
                &[(SWITCH, "go1.22.4"), ("GOTOOLCHAIN", "go1.21.13+auto")],
                "go1.22.4 GOTOOLCHAIN=go1.21.13+auto SWITCH_VERSION=go1.22.4",
            ),
            (
                "the count alone decides nothing",
                &[(".go-version", "1.22.4\n")],
                &[(COUNT, "3")],
                "go1.22.4 GOTOOLCHAIN=local SWITCH_COUNT=3",
            ),
            (
                "the count alone decides nothing without a pin",
                &[],
                &[(COUNT, "3")],
                "go1.21.13 SWITCH_COUNT=3",
            ),
        ],
    );
    let here = env.project("argument", &[]).with(&[(SWITCH, "go1.22.4")]);
    assert!(here.go("+1.24.4 build").starts_with("go1.22.4 "), "before +SPEC, too");
}

/// Row 1.
#[test]
fn a_version_as_first_argument_beats_the_variable_and_the_files() {
    let env = Installed::new(&VERSIONS);
    let pinned = env.project("pinned", &[(".go-version", "1.20.14\n")]);
    let here = pinned.with(&[("GVM_GO", "1.24.4"), ("GOTOOLCHAIN", "go1.21.13")]);
    for (words, wanted) in [
        ("+1.22.4 build -x", "go1.22.4 GOTOOLCHAIN=local: build -x"),
        ("+go1.22.4 build", "go1.22.4 GOTOOLCHAIN=local: build"),
        ("+1.22 build", "go1.22.10 GOTOOLCHAIN=local: build"),
        ("+1.20.14", "go1.20.14 GOTOOLCHAIN=local:"),
        ("build +1.22.4", "go1.24.4 GOTOOLCHAIN=go1.21.13: build +1.22.4"),
    ] {
        assert_eq!(here.go(words).trim_end(), wanted, "go {words}");
    }
    let formatted = here.shim("gofmt", "+1.22.4 -l .").ok();
    assert!(formatted.line().starts_with("gofmt1.22.4"), "{formatted}");
    assert!(formatted.line().ends_with(": -l ."), "{formatted}");
}

/// Rows 2 and 3: who pins, and what a pin means for the child.
#[test]
fn a_pin_runs_with_toolchain_switching_off() {
    let env = Installed::new(&VERSIONS);
    hold(
        &env,
        &[
            (
                "variable",
                &[(".go-version", "1.20.14\n")],
                &[("GVM_GO", "1.22.4")],
                "go1.22.4 GOTOOLCHAIN=local",
            ),
            ("variable, a line", &[], &[("GVM_GO", "1.22")], "go1.22.10 GOTOOLCHAIN=local"),
            ("file", &[(".go-version", "1.22.4\n")], &[], "go1.22.4 GOTOOLCHAIN=local"),
            (
                "tool-versions",
                &[(".tool-versions", "nodejs 20\ngolang 1.22.4\n")],
                &[],
                "go1.22.4 GOTOOLCHAIN=local",
            ),
            (
                "file before tool-versions",
                &[(".go-version", "1.22.4\n"), (".tool-versions", "golang 1.24.4\n")],
                &[],
                "go1.22.4 GOTOOLCHAIN=local",
            ),
            (
                "a tool-versions without go is none",
                &[(".tool-versions", "nodejs 20\n")],
                &[],
                "go1.21.13",
            ),
        ],
    );
}

#[test]
fn a_pin_beats_go_mod_and_yields_to_the_users_own_gotoolchain() {
    let env = Installed::new(&VERSIONS);
    hold(
        &env,
        &[
            (
                "an exact pin older than go.mod runs all the same",
                &[(".go-version", "1.20.14\n"), ("go.mod", MOD_1_22_4)],
                &[],
                "go1.20.14 GOTOOLCHAIN=local",
            ),
            (
                "a pin beats a newer toolchain line",
                &[
                    (".go-version", "1.21.13\n"),
                    ("go.mod", "module m\n\ngo 1.21\ntoolchain go1.22.4\n"),
                ],
                &[],
                "go1.21.13 GOTOOLCHAIN=local",
            ),
            (
                "a line takes its newest",
                &[(".go-version", "1.22\n"), ("go.mod", "module m\n\ngo 1.22.5\n")],
                &[],
                "go1.22.10 GOTOOLCHAIN=local",
            ),
            (
                "the user's own GOTOOLCHAIN stays with a file",
                &[(".go-version", "1.22.4\n")],
                &[("GOTOOLCHAIN", "auto")],
                "go1.22.4 GOTOOLCHAIN=auto",
            ),
            (
                "the user's own GOTOOLCHAIN stays with the variable",
                &[],
                &[("GVM_GO", "1.22.4"), ("GOTOOLCHAIN", "go1.24.4+auto")],
                "go1.22.4 GOTOOLCHAIN=go1.24.4+auto",
            ),
            (
                "GOROOT of the shell goes",
                &[(".go-version", "1.22.4\n")],
                &[("GOROOT", "/nonexistent")],
                "go1.22.4 GOTOOLCHAIN=local",
            ),
        ],
    );
}

#[test]
fn the_nearest_pin_wins_whatever_its_kind() {
    let env = Installed::new(&VERSIONS);
    let files = [
        (".go-version", "1.22.4\n"),
        ("a/.tool-versions", "golang 1.24.4\n"),
        ("a/b/go.mod", MOD_1_22_5),
        ("c/go.mod", MOD_1_22_5),
        ("d/.go-version", "1.20.14\n"),
        ("d/.tool-versions", "golang 1.24.4\n"),
    ];
    for (below, wanted) in [
        (".", "1.22.4"),
        ("a", "1.24.4"),
        ("a/b", "1.24.4"),
        ("a/b/e", "1.24.4"),
        ("c", "1.22.4"),
        ("d", "1.20.14"),
        ("f/g/h", "1.22.4"),
    ] {
        let here = env.project("nearest", &files).below(below);
        let wrong = differences(&env, &here, &format!("go{wanted} GOTOOLCHAIN=local"));
        assert!(wrong.is_empty(), "{below}: {wrong:?}");
    }
}

/// A version 1.8 or older cannot find itself, and nobody can when the go/env file names another
/// GOROOT.
#[test]
fn goroot_is_set_only_where_the_go_needs_it() {
    let env = Installed::new(&VERSIONS);
    let stale = ("GOROOT", "/nonexistent");
    let old = env.project("old", &[(".go-version", "1.8.7\n")]).with(&[stale]);
    let goroot = |version: &str| env.goroot(version).display().to_string();
    let wanted = format!("go1.8.7 GOROOT={} GOTOOLCHAIN=local: build", goroot("1.8.7"));
    assert_eq!(old.go("build"), wanted);

    let poisoned = env.project("poisoned", &[]).with(&[stale]);
    assert_eq!(poisoned.go("build"), "go1.21.13: build");
    put(&env.folder().join("home/config/go/env"), "GOROOT=/nonexistent\n");
    assert_eq!(poisoned.go("build"), format!("go1.21.13 GOROOT={}: build", goroot("1.21.13")));
    let elsewhere = poisoned.with(&[("GOENV", "off")]);
    assert_eq!(elsewhere.go("build"), "go1.21.13: build");
}

/// The go command may fetch what a tool needs: nobody's project is at stake.
#[test]
fn a_tool_of_another_version_may_be_fetched_in_spite_of_a_pin() {
    let env = Installed::new(&VERSIONS);
    let here = env.project("pinned", &[(".go-version", "1.22.4\n"), ("go.mod", MOD_1_22_4)]);
    for (words, may_fetch) in [
        ("install example.com/tool@latest", true),
        ("install -v example.com/tool@v1.2.3 example.com/tool/cmd@v1.2.3", true),
        ("install -tags a example.com/tool@latest", true),
        ("run example.com/tool@latest -flag", true),
        ("run -race example.com/tool@v1 a b", true),
        ("run -exec env example.com/tool@v1", true),
        ("-C . run example.com/tool@v1", true),
        ("run -C . example.com/tool@v1", true),
        ("install", false),
        ("install ./...", false),
        ("install example.com/tool", false),
        ("run . me@example.com", false),
        ("run -exec a@b .", false),
        ("build example.com/tool@latest", false),
        ("get example.com/tool@latest", false),
        ("vet a@b", false),
    ] {
        let wanted = if may_fetch { "go1.22.4" } else { "go1.22.4 GOTOOLCHAIN=local" };
        assert_eq!(here.go(words), format!("{wanted}: {words}"));
    }
    let variable = env.project("none", &[]).with(&[("GVM_GO", "1.22.4")]);
    assert_eq!(variable.go("run a.b/c@v1"), "go1.22.4: run a.b/c@v1");
    assert_eq!(variable.go("+1.20.14 run a.b/c@v1"), "go1.20.14: run a.b/c@v1");
}

/// What gvm sets for one project says nothing about the next.
#[test]
fn a_nested_shim_decides_afresh() {
    let env = Installed::new(&VERSIONS).on_path();
    let pinned = env.project("pinned", &[(".go-version", "1.22.4\n")]);
    let other = env.project("other", &[(".go-version", "1.24.4\n")]);
    let module = env.project("module", &[("go.mod", "module m\n\ngo 1.22.10\n")]);
    let plain = env.project("plain", &[]);
    let switched = "go1.22.10 SWITCH_VERSION=go1.22.10 SWITCH_COUNT=1";
    for (next, wanted) in [
        (&other, "go1.24.4 GOTOOLCHAIN=local"),
        (&module, switched),
        (&plain, "go1.21.13"),
        (&pinned, "go1.22.4 GOTOOLCHAIN=local"),
    ] {
        let next = next.folder().display();
        assert_eq!(pinned.go(&format!("nested {next} vet")), format!("{wanted}: vet"), "{next}");
        let by_argument = pinned.go(&format!("+1.8.7 nested {next} vet"));
        assert_eq!(by_argument, format!("{wanted}: vet"), "{next}, from +SPEC");
    }
    let users =
        env.project("user", &[(".go-version", "1.22.4\n")]).with(&[("GOTOOLCHAIN", "local")]);
    let there = module.folder().display();
    let wanted = "go1.21.13 GOTOOLCHAIN=local: vet";
    assert_eq!(users.go(&format!("nested {there} vet")), wanted, "the user's own stays");
}

/// `current --json` says who asked.
#[test]
fn the_answer_names_who_asked() {
    let env = Installed::new(&VERSIONS);
    let file = "# ours\n1.22.4\n";
    for (name, files, vars, version, kind, at) in [
        ("variable", &[][..], &[("GVM_GO", "1.24.4")][..], "go1.24.4", "variable", None),
        ("file", &[(".go-version", file)], &[], "go1.22.4", "pin-file", Some((".go-version", 2))),
        (
            "tool-versions",
            &[(".tool-versions", "a 1\ngolang 1.22.4\n")],
            &[],
            "go1.22.4",
            "pin-file",
            Some((".tool-versions", 2)),
        ),
        ("go.mod", &[("go.mod", MOD_1_22_4)], &[], "go1.22.4", "go.mod", Some(("go.mod", 3))),
        (
            "go.work",
            &[("go.work", "\ngo 1.22.4\n")],
            &[],
            "go1.22.4",
            "go.work",
            Some(("go.work", 2)),
        ),
        ("default", &[], &[], "go1.21.13", "default", None),
    ] {
        let here = env.project(name, files).with(vars);
        let current = here.gvm("current --json").ok().json();
        assert_eq!(current["version"], version, "{name}: {current}");
        assert_eq!(current["origin"]["kind"], kind, "{name}: {current}");
        let Some((file, line)) = at else { continue };
        assert_eq!(current["origin"]["file"], text(&here.folder().join(file)), "{name}");
        assert_eq!(current["origin"]["line"], line, "{name}: {current}");
    }
}

/// A pin older than go.mod's demand runs, and Go refuses then: whoever pins or looks is told
/// before.
#[test]
fn a_pin_older_than_go_mod_is_told_beforehand() {
    let env = Installed::new(&VERSIONS);
    let here = env.project("older", &[("go.mod", MOD_1_22_4), (".go-version", "1.21.13\n")]);
    for words in ["current", "pin 1.21.13"] {
        let told = here.gvm(words).ok();
        let told = format!("{}{}", told.stdout, told.stderr);
        assert!(told.contains("go.mod") && told.contains("1.22.4"), "gvm {words}: {told}");
    }
}

/// The same for a whole command line. A version that is named is in force below it, too.
#[test]
fn exec_follows_the_rule_and_names_a_version_for_all_below() {
    let env = Installed::new(&VERSIONS).on_path();
    let pinned = env.project("pinned", &[(".go-version", "1.20.14\n")]);
    let module =
        env.project("module", &[("go.mod", MOD_1_22_4)]).with(&[("GOROOT", "/nonexistent")]);
    let there = pinned.folder().display();
    for (words, wanted) in [
        ("exec 1.24.4 -- go build".to_owned(), "go1.24.4 GOTOOLCHAIN=local: build"),
        ("exec 1.22 -- go build".to_owned(), "go1.22.10 GOTOOLCHAIN=local: build"),
        (format!("exec 1.24.4 -- go nested {there} build"), "go1.24.4 GOTOOLCHAIN=local: build"),
        ("exec -- go build".to_owned(), "go1.22.4: build"),
    ] {
        assert_eq!(module.gvm(&words).ok().line(), wanted, "gvm {words}");
    }
    assert_eq!(pinned.gvm("exec -- go build").ok().line(), "go1.20.14 GOTOOLCHAIN=local: build");
    let shim = env.root().join("shims/go").display().to_string();
    let below = pinned.gvm(&format!("exec 1.24.4 -- {shim} build")).ok();
    assert_eq!(below.line(), "go1.24.4 GOTOOLCHAIN=local: build");
}

/// Everything else of the child's environment is as it was, and on Unix where it was: Windows sorts it.
#[test]
fn the_rest_of_the_environment_is_untouched_in_its_order() {
    let env = Installed::new(&VERSIONS);
    let names =
        ["ZZ", "GOFLAGS", "A", "GOROOT", "GOBIN", "M", "GOPATH", "GOCACHE", "PATH", "B", "GVM_DIR"];
    for (args, added) in [
        (&["vars"][..], &[][..]),
        (&["+1.22.4", "vars"], &["GOTOOLCHAIN=local"]),
        (&["+1.8.7", "vars"], &["GOTOOLCHAIN=local", "GOROOT"]),
    ] {
        let seen = with_variables(&env, &names, args).ok();
        let seen: Vec<&str> = seen.stdout.lines().filter(|line| !is_windows_own(line)).collect();
        let kept: Vec<&str> = seen.iter().map(|line| line.split('=').next().unwrap()).collect();
        let kept = kept.into_iter().filter(|name| names.contains(name));
        let mut without: Vec<&str> = kept.filter(|name| *name != "GOROOT").collect();
        let mut wanted: Vec<&str> = names.into_iter().filter(|name| *name != "GOROOT").collect();
        if cfg!(windows) {
            without.sort_unstable();
            wanted.sort_unstable();
        }
        assert_eq!(without, wanted, "go {args:?}");
        for line in added {
            assert!(seen.iter().any(|seen| seen.starts_with(line)), "{line} of {seen:?}");
        }
        assert_eq!(added.contains(&"GOROOT"), seen.iter().any(|line| line.starts_with("GOROOT=")));
        let others = seen.iter().filter(|line| !names.contains(&line.split('=').next().unwrap()));
        assert!(
            others.clone().all(|line| line.starts_with("GVM_") || added.contains(line)),
            "{seen:?}"
        );
        let whole = |line: &&&str| line.ends_with("=some value") || line.starts_with("GVM_DIR=");
        assert_eq!(seen.iter().filter(whole).count(), wanted.len(), "{seen:?}");
    }
}

/// The value of a variable of that test.
fn value(env: &Installed, name: &str) -> String {
    if name == "GVM_DIR" { text(&env.root()) } else { "some value".to_owned() }
}

/// A call of the shim with these variables, in this order, and no others.
#[cfg(unix)]
fn with_variables<'a>(env: &'a Installed, names: &[&str], args: &[&str]) -> Call<'a> {
    let settings = names.iter().map(|name| format!("{name}={}", value(env, name)));
    env.call("/usr/bin/env", "-i").with(|command| {
        command.args(settings).arg(env.root().join("shims/go")).args(args);
    })
}

/// A call of the shim with these variables and no others.
#[cfg(windows)]
fn with_variables<'a>(env: &'a Installed, names: &[&str], args: &[&str]) -> Call<'a> {
    let settings = names.iter().map(|name| (*name, value(env, name)));
    let call = env.call(env.root().join("shims/go"), "").bare();
    call.with(|command| _ = command.envs(settings).args(args))
}

/// Whether it is a variable that the system gives to every process.
fn is_windows_own(line: &str) -> bool {
    let begins = ["SYSTEM", "PROCESSOR_", "WINE"];
    let line = line.to_ascii_uppercase();
    cfg!(windows) && begins.iter().any(|begin| line.starts_with(begin))
}

/// Arguments, exit codes and the working directory are the child's own.
#[test]
fn arguments_and_exit_codes_pass_whole() {
    let env = Installed::new(&VERSIONS);
    let here = env.project("here", &[]);
    let _ = here.shim("go", "exit 77").run().code(77);
    let _ = here.shim("gofmt", "exit 2").run().code(2);
    let told = here.shim("go", "a").arg("b c").arg("").arg("*").arg("\"q\"").ok();
    assert_eq!(told.line(), "go1.21.13: a b c  * \"q\"");
}

fn text(path: &Path) -> String {
    path.display().to_string()
}
