//! What the shims do when they start nothing: two lines that say what was asked, by whom, and what
//! helps; and never a loop, however shims stand on PATH.

use std::fs;
#[cfg(unix)]
use std::os::unix::fs::symlink;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use crate::env::{Call, Outcome};
use crate::fake::{copy, exe, gvm, script, shell};
use crate::installed::{Installed, foreign, put};

/// Whoever goes around in circles is stopped long before this.
const SOON: Duration = Duration::from_secs(20);

/// Two lines, each gvm's.
#[track_caller]
fn two_lines(outcome: &Outcome) -> (String, String) {
    let lines: Vec<&str> = outcome.stderr.lines().collect();
    assert_eq!(lines.len(), 2, "{outcome}");
    assert!(lines.iter().all(|line| line.starts_with("gvm: ")), "{outcome}");
    assert_eq!(outcome.stdout, "", "{outcome}");
    (lines[0].to_owned(), lines[1].to_owned())
}

#[test]
fn what_is_not_installed_is_named_with_who_asked_and_what_installs_it() {
    let env = Installed::new(&["1.21.13", "1.22.4"]);
    let go_mod = "module m\n\ngo 1.22.11\n";
    for (name, files, vars, words, asked, by) in [
        (
            "file",
            &[(".go-version", "# x\n1.23.4\n")][..],
            &[][..],
            "build",
            "1.23.4",
            ".go-version:2",
        ),
        (
            "tools",
            &[(".tool-versions", "golang 1.23.4\n")],
            &[],
            "build",
            "1.23.4",
            ".tool-versions:1",
        ),
        ("variable", &[], &[("GVM_GO", "1.23.4")], "build", "1.23.4", "GVM_GO"),
        ("argument", &[], &[], "+1.23.4 build", "1.23.4", "the command line"),
        ("line", &[(".go-version", "1.23\n")], &[], "build", "1.23", ".go-version:1"),
        (
            "line, and go.mod",
            &[(".go-version", "1.22\n"), ("go.mod", go_mod)],
            &[],
            "build",
            "1.22",
            ".go-version:1",
        ),
        ("range", &[(".go-version", ">=1.23\n")], &[], "build", ">=1.23", ".go-version:1"),
    ] {
        let here = env.project(name, files).with(vars);
        for tool in ["go", "gofmt"] {
            let refused = here.shim(tool, words).run().code_of(name, 127);
            let (what, help) = two_lines(&refused);
            assert!(what.contains(asked) && what.contains(by), "{name}: {refused}");
            assert!(help.contains("gvm install "), "{name}: {refused}");
        }
        if vars.is_empty() && files.is_empty() {
            continue;
        }
        let _ = here.gvm("current").run().code_of(name, 3);
        let _ = here.gvm("which").run().code_of(name, 3);
    }
}

/// The command that is named is one that helps: it can be typed as it stands.
#[test]
fn the_command_that_is_named_parses() {
    let env = Installed::new(&["1.21.13"]);
    for (name, pin) in [("exact", "1.23.4\n"), ("line", "1.23\n"), ("range", ">=1.23 <1.25\n")] {
        let here = env.project(name, &[(".go-version", pin)]);
        let refused = here.shim("go", "build").run().code(127);
        let (_, help) = two_lines(&refused);
        let at = help.find("gvm install").expect("an install command");
        let command =
            help[at..].trim_end_matches(['`', '.']).replacen("gvm", gvm().to_str().unwrap(), 1);
        let typed = here.call(shell(), "-c").arg(format!("{command} --dry-run")).run();
        // Nobody is there to be asked, which is another thing than a call that cannot be
        // understood.
        let _ = typed.code_of(&command, 4);
    }
}

/// No release of the line can do: another pin helps, and installing does not.
#[test]
fn a_line_that_go_mod_rules_out_is_not_told_to_be_installed() {
    let env = Installed::new(&["1.21.13", "1.22.4"]);
    let files = [(".go-version", "1.22\n"), ("go.mod", "module m\n\ngo 1.23.1\n")];
    let here = env.project("ruled out", &files);
    let refused = here.shim("go", "build").run().code(127);
    let (what, help) = two_lines(&refused);
    for told in [".go-version:1", "go.mod:3", "1.23.1"] {
        assert!(what.contains(told), "{refused}");
    }
    assert!(!help.contains("gvm install 1.22"), "it does not help: {refused}");
}

#[test]
fn with_nothing_installed_and_nothing_on_path_two_lines_say_what_to_do() {
    let env = without_default();
    let here = env.project("plain", &[]);
    for tool in ["go", "gofmt"] {
        let refused = here.shim(tool, "version").run().code(127);
        let (_, help) = two_lines(&refused);
        assert!(help.contains("gvm use") || help.contains("gvm install"), "{refused}");
    }
    let asks = env.project("asks", &[("go.mod", "module m\n\ngo 1.22.4\n")]);
    let refused = asks.shim("go", "version").run().code(127);
    assert!(two_lines(&refused).1.contains("gvm "), "{refused}");
    let _ = asks.gvm("current").run().code(3);
}

#[test]
fn a_broken_pin_is_refused_with_its_place() {
    let env = Installed::new(&["1.21.13", "1.22.4"]);
    for (name, file, content, place) in [
        ("two", ".go-version", "1.22.4\n1.21.13\n", ".go-version:2:1"),
        ("two in a line", ".go-version", "1.22.4 1.21.13 x\n", ".go-version:1:"),
        ("no version", ".go-version", "\n  abc\n", ".go-version:2:3"),
        ("path", ".go-version", "/opt/go\n", ".go-version:1:1"),
        ("up", ".go-version", "../../go\n", ".go-version:1:1"),
        ("control", ".go-version", "1.22\u{1b}[2J\n", ".go-version:1:5"),
        ("ref", ".tool-versions", "a 1\ngolang ref:master\n", ".tool-versions:2:8"),
        ("path:", ".tool-versions", "golang path:/x\n", ".tool-versions:1:8"),
        ("empty", ".go-version", "# nothing\n", ".go-version"),
    ] {
        let here = env.project(name, &[(file, content)]);
        for tool in ["go", "gofmt"] {
            let refused = here.shim(tool, "build").run().code_of(name, 125);
            assert!(two_lines(&refused).0.contains(place), "{name}: {refused}");
            assert!(!refused.stderr.contains('\u{1b}'), "{name}: {refused}");
        }
        assert!(here.gvm("current").run().code_of(name, 2).stderr.contains(place), "{name}");
        // A switched go is asked before the file is read, and so is an argument.
        assert!(here.go("+1.22.4 build").starts_with("go1.22.4 "), "{name}");
    }
}

#[test]
fn a_variable_or_argument_that_is_no_version_is_refused() {
    let env = Installed::new(&["1.21.13"]);
    let here = env.project("plain", &[]);
    for spec in ["abc", "1.22.x.y", "go", "1..2"] {
        let refused = here.shim("go", "build").var("GVM_GO", spec).run().code_of(spec, 125);
        assert!(two_lines(&refused).0.contains("GVM_GO"), "{refused}");
        let refused = here.shim("go", "").arg(format!("+{spec}")).arg("build").run();
        let refused = refused.code_of(spec, 125);
        assert!(two_lines(&refused).0.contains(spec), "{refused}");
    }
}

/// A file that is there: its loader is not, as with programs of another libc.
#[test]
fn a_tool_whose_interpreter_is_missing_is_found_and_cannot_run() {
    let env = Installed::new(&["1.21.13", "1.22.4"]);
    let here = env.project("pinned", &[(".go-version", "1.22.4\n")]);
    script(&env.goroot("1.22.4").join("bin/go"), "#!/nonexistent/interpreter\n");
    let refused = here.shim("go", "build").run().code(126);
    two_lines(&refused);
}

#[test]
fn a_tool_for_another_machine_is_not_run_as_a_script() {
    let env = Installed::new(&["1.21.13", "1.22.4"]);
    let here = env.project("pinned", &[(".go-version", "1.22.4\n")]);
    let go = env.goroot("1.22.4").join("bin/go");
    script(&go, "MZ\u{1}\necho \"$0\" was run >&2\n");
    let refused = here.shim("go", "build").run().code(126);
    two_lines(&refused);
    fs::remove_file(exe(&go)).unwrap();
    put(&exe(&go), "not executable\n");
    two_lines(&here.shim("go", "build").run().code(126));
}

/// The command that is named can be typed: it names the version.
#[test]
fn a_version_that_lost_its_tool_is_not_silently_another() {
    let env = Installed::new(&["1.21.13", "1.22.4"]);
    let here = env.project("pinned", &[(".go-version", "1.22.4\n")]);
    fs::remove_file(env.goroot("1.22.4").join(exe("bin/go"))).unwrap();
    let refused = here.shim("go", "build").run().code(127);
    let (what, help) = two_lines(&refused);
    let go = std::path::Path::new("bin").join(exe("go"));
    assert!(what.contains(go.to_str().unwrap()), "{refused}");
    assert!(help.contains("gvm install --force 1.22.4"), "{refused}");
}

/// A root with shims, and no version.
fn without_default() -> Installed {
    let env = Installed::new(&["1.21.13"]);
    let _ = env.gvm("uninstall --force 1.21.13").ok();
    env
}

/// Ends soon.
#[track_caller]
fn ends(call: Call<'_>, name: &str) -> Outcome {
    let begun = Instant::now();
    let outcome = call.with(limit).run();
    assert!(begun.elapsed() < SOON, "{name}: {outcome}");
    outcome
}

/// Nobody becomes another program here: who goes around for ever starts one more process each time, and is waited for
/// no longer than [`SOON`].
#[cfg(windows)]
fn limit(_: &mut std::process::Command) {}

/// A process that execs itself for ever is ended by this.
#[cfg(unix)]
fn limit(command: &mut std::process::Command) {
    let program = command.get_program().to_owned();
    let args: Vec<_> = command.get_args().map(ToOwned::to_owned).collect();
    let mut limited = std::process::Command::new("/bin/sh");
    limited.args(["-c", "ulimit -t 5; exec \"$0\" \"$@\""]).arg(program).args(args);
    limited.env_clear();
    for (name, value) in command.get_envs() {
        if let Some(value) = value {
            limited.env(name, value);
        }
    }
    if let Some(folder) = command.get_current_dir() {
        limited.current_dir(folder);
    }
    limited.stdin(std::process::Stdio::null());
    *command = limited;
}

fn path_of(folders: &[PathBuf]) -> String {
    std::env::join_paths(folders).unwrap().into_string().unwrap()
}

/// Neither root has a default, and each finds the other's shim on PATH. The codes are held by
/// `a_loop_is_refused_with_the_paths_of_both_shims`.
#[test]
fn two_roots_on_path_do_not_call_each_other_for_ever() {
    let [one, two] = [without_default(), without_default()];
    let shims = [&one, &two].map(|env| env.root().join("shims"));
    let path = path_of(&shims);
    let here = one.project("plain", &[]).with(&[("PATH", &path)]);
    for shims in &shims {
        for root in [Some(&one), Some(&two), None] {
            let call = here.call(shims.join("go"), "version");
            let call = match root {
                Some(root) => call.var("GVM_DIR", root.root()),
                None => call.with(|command| _ = command.env_remove("GVM_DIR")),
            };
            two_lines(&ends(call, "two roots"));
        }
    }
}

/// Row 6 of the rule: 125, and both are named.
#[test]
fn a_loop_is_refused_with_the_paths_of_both_shims() {
    let [one, two] = [without_default(), without_default()];
    let shims = [&one, &two].map(|env| env.root().join("shims"));
    let path = path_of(&shims);
    let here = one.project("plain", &[]).with(&[("PATH", &path)]);
    let call = here.call(shims[0].join("go"), "version");
    let ended = ends(call.with(|command| _ = command.env_remove("GVM_DIR")), "two roots").code(125);
    let (what, help) = two_lines(&ended);
    let said = format!("{what}\n{help}");
    for shims in &shims {
        assert!(said.contains(exe(shims.join("go")).to_str().unwrap()), "{ended}");
    }
}

/// Whatever is behind the other root's shims is found.
#[test]
fn behind_the_shims_of_two_roots_a_go_is_found() {
    let [one, two] = [without_default(), without_default()];
    let sdk = one.folder().join("sdk");
    foreign(&sdk, "1.21.5");
    let shims = [&one, &two].map(|env| env.root().join("shims"));
    let path = path_of(&[shims[0].clone(), shims[1].clone(), sdk.join("bin")]);
    let here = one.project("plain", &[]).with(&[("PATH", &path)]);
    for (shims, root) in shims.iter().zip([&one, &two]) {
        let told = ends(here.call(shims.join("go"), "build").var("GVM_DIR", root.root()), "three");
        assert_eq!(told.code(0).line(), "go1.21.5: build");
    }
}

/// Each other form of the shim on PATH: the default must not become itself.
#[test]
fn system_that_is_a_gvm_shim_ends_in_one_message_be_it_link_or_copy() {
    let env = without_default();
    let (shims, there) = (env.root().join("shims"), env.folder().join("there"));
    fs::create_dir_all(&there).unwrap();
    let path = path_of(&[there.clone(), shims.clone()]);
    let here = env.project("plain", &[]).with(&[("PATH", &path)]);
    for kind in ["link", "copy", "hard link", "link to a link"] {
        let other = there.join("go");
        let _ = fs::remove_file(exe(&other));
        match kind {
            "copy" => copy(&shims.join("go"), &other),
            "hard link" => fs::hard_link(exe(shims.join("go")), exe(&other)).unwrap(),
            #[cfg(unix)]
            "link" => symlink(shims.join("go"), &other).unwrap(),
            #[cfg(unix)]
            _ => {
                symlink(shims.join("go"), there.join("real")).unwrap();
                symlink("real", &other).unwrap();
            }
            #[cfg(windows)]
            _ => continue,
        }
        for program in [shims.join("go"), other.clone()] {
            for system in [None, Some("system")] {
                let call = here.call(&program, "version");
                let call = system.into_iter().fold(call, |call, value| call.var("GVM_GO", value));
                let ended = ends(call, kind);
                two_lines(&ended);
                let code = if kind == "copy" { 125 } else { 127 };
                let _ = ended.code_of(kind, code);
            }
        }
    }
}

/// Behind a gvm shim on PATH there may be a real Go: only a shim that would be started matters.
#[test]
fn what_is_installed_runs_whatever_else_is_on_path() {
    let [one, two] = [Installed::new(&["1.21.13", "1.22.4"]), Installed::new(&["1.20.14"])];
    let path = path_of(&[two.root().join("shims"), one.root().join("shims")]);
    let here = one.project("pinned", &[(".go-version", "1.22.4\n")]).with(&[("PATH", &path)]);
    let told = ends(here.shim("go", "build"), "pinned").code(0);
    assert_eq!(told.line(), "go1.22.4 GOTOOLCHAIN=local: build");
}

/// Another manager's shim is a script that finds the next `go` on PATH, which is ours, which finds
/// it.
#[test]
fn a_shim_script_of_another_manager_that_calls_back_ends_in_one_message() {
    let env = without_default();
    let (shims, other) = (env.root().join("shims"), env.folder().join("other/shims"));
    let log = env.folder().join("log");
    let path = path_of(&[other.clone(), shims.clone()]);
    let here = env.project("plain", &[]).with(&[("PATH", &path)]);
    let ours = shims.join("go");
    for (kind, call) in [
        ("exec", format!("exec {} \"$@\"", ours.display())),
        ("fork", format!("{} \"$@\"", ours.display())),
    ] {
        let count = format!(
            "echo once >> {}\n[ $(/usr/bin/wc -l < {0}) -lt 200 ] || exit 99\n",
            log.display()
        );
        script(&other.join("go"), &format!("#!/bin/sh\n{count}{call}\n"));
        for program in [&ours, &other.join("go")] {
            let _ = fs::remove_file(&log);
            let ended = ends(here.call(program, "version"), kind).code_of(kind, 125);
            two_lines(&ended);
            let starts = fs::read_to_string(&log).unwrap_or_default().lines().count();
            assert!(starts <= 16, "{kind}: the script was started {starts} times: {ended}");
        }
    }
}

/// A script that adds to the environment or drops gvm's mark must not go around for ever either.
#[test]
fn a_shim_script_that_cleans_the_environment_is_bounded_too() {
    let env = without_default();
    let (shims, other) = (env.root().join("shims"), env.folder().join("other/shims"));
    let log = env.folder().join("log");
    let path = path_of(&[other.clone(), shims.clone()]);
    let here = env.project("plain", &[]).with(&[("PATH", &path)]);
    let clean = format!(
        "#!/bin/sh\necho once >> {}\n[ $(/usr/bin/wc -l < {0}) -lt 200 ] || exit 99\n\
         exec /usr/bin/env PATH=\"$PATH\" GVM_DIR=\"$GVM_DIR\" X=$$ {} \"$@\"\n",
        log.display(),
        shims.join("go").display()
    );
    script(&other.join("go"), &clean);
    let ended = ends(here.shim("go", "version"), "clean").code(125);
    two_lines(&ended);
    // Where nobody becomes another program, no process knows itself again: the starts are counted.
    let most = if cfg!(windows) { 16 } else { 2 };
    assert!(fs::read_to_string(&log).unwrap().lines().count() <= most);
}

/// Started by the other manager's script, gvm's own version runs: that is no loop.
#[test]
fn another_managers_script_in_front_of_a_default_is_no_loop() {
    let env = Installed::new(&["1.21.13"]);
    let (shims, other) = (env.root().join("shims"), env.folder().join("other/shims"));
    script(&other.join("go"), &format!("#!/bin/sh\nexec {} \"$@\"\n", shims.join("go").display()));
    let path = path_of(&[other.clone(), shims]);
    let here = env.project("plain", &[]).with(&[("PATH", &path)]);
    let told = ends(here.call(other.join("go"), "build"), "in front").code(0);
    assert_eq!(told.line(), "go1.21.13: build");
}

/// A manager whose shim starts a Go of its own is no loop when its children call `go` again.
#[test]
fn a_go_of_another_manager_may_call_go_again() {
    let env = without_default();
    let (shims, other) = (env.root().join("shims"), env.folder().join("other/shims"));
    let sdk = env.folder().join("sdk");
    foreign(&sdk, "1.21.5");
    let own = sdk.join("bin/go");
    for (kind, call) in [("exec", "exec "), ("fork", "")] {
        let start = format!("#!/bin/sh\n{call}{} \"$@\"\n", own.display());
        script(&other.join("go"), &start);
        let path = path_of(&[shims.clone(), other.clone()]);
        let here = env.project(kind, &[]).with(&[("PATH", &path)]);
        for depth in [1, 2, 4] {
            let words = "nested . ".repeat(depth) + "build";
            let told = ends(here.shim("go", &words), kind).code_of(&format!("{kind} {depth}"), 0);
            assert_eq!(told.line(), "go1.21.5: build", "{kind} {depth}");
        }
    }
}

/// Nor is it one that the go commands of two projects call each other, each by its pin.
#[test]
fn pinned_projects_may_call_each_other_as_deep_as_they_like() {
    let env = Installed::new(&["1.21.13", "1.22.4"]).on_path();
    let one = env.project("one", &[(".go-version", "1.21.13\n")]);
    let two = env.project("two", &[(".go-version", "1.22.4\n")]);
    let words = "nested ../two nested ../one ".repeat(if cfg!(windows) { 4 } else { 20 }) + "build";
    let told = ends(one.shim("go", &words), "deep").code(0);
    assert_eq!(told.line(), "go1.21.13 GOTOOLCHAIN=local: build");
    let words = "nested ../one ".to_owned() + &words;
    assert_eq!(ends(two.shim("go", &words), "deep").code(0).line(), told.line());
}

/// `gofmt` goes the same way.
#[test]
fn a_gofmt_script_of_another_manager_that_calls_back_ends_too() {
    let env = without_default();
    let (shims, other) = (env.root().join("shims"), env.folder().join("other/shims"));
    let log = env.folder().join("log");
    let count =
        format!("echo once >> {}\n[ $(/usr/bin/wc -l < {0}) -lt 200 ] || exit 99\n", log.display());
    for tool in ["go", "gofmt"] {
        let ours = shims.join(tool);
        script(&other.join(tool), &format!("#!/bin/sh\n{count}{} \"$@\"\n", ours.display()));
    }
    let path = path_of(&[other, shims]);
    let here = env.project("plain", &[]).with(&[("PATH", &path)]);
    two_lines(&ends(here.shim("gofmt", "-l ."), "gofmt").code(125));
    assert!(fs::read_to_string(&log).unwrap().lines().count() <= 16);
}
