//! `gvm init`, `shell`, `prompt` and completions, as scripts see them. What shells make of it is tried in `tests/shells`.

use std::fs;

use crate::env::TestEnv;
use crate::installed::Installed;
use crate::mint::Mint;
use crate::site::Site;

const SHELLS: [&str; 10] =
    ["bash", "zsh", "fish", "sh", "tcsh", "elvish", "xonsh", "nushell", "powershell", "cmd"];

#[test]
fn init_prints_code_for_each_shell_and_makes_nothing() {
    let env = TestEnv::new();
    for shell in SHELLS {
        let code = env.gvm("init").arg(shell).ok().stdout;
        // Some shells want a backslash written twice.
        let code = code.replace(r"\\", r"\");
        let mut shims = env.root().join("shims").to_str().unwrap().to_owned();
        // On Windows those of Unix have drives by other names.
        if cfg!(windows) && ["bash", "zsh", "fish", "sh", "tcsh"].contains(&shell) {
            shims = shims.replace(r"C:\", "/c/").replace('\\', "/");
        }
        assert!(code.contains(&shims), "{shell}: {code}");
    }
    assert_eq!(env.gvm("init pwsh").ok().stdout, env.gvm("init powershell").ok().stdout);
    let _ = env.gvm("init ed").run().code(2);
    let _ = env.gvm("init").run().code(2);
    let odd = if cfg!(windows) { "C:\\a\nb" } else { "/a\nb" };
    let odd = env.gvm("init bash").var("GVM_DIR", odd).run();
    let _ = odd.code(2).says("no text that every shell can hold");
    assert!(!env.root().exists());
}

#[test]
fn shell_prints_the_line_and_says_why_and_with_the_hook_the_line_alone() {
    let env = Installed::new(&["1.22.4", "1.21.13"]);
    let plain = env.gvm("shell 1.21").var("SHELL", "/bin/bash").ok().says("a program cannot");
    assert_eq!(plain.stdout, "export GVM_GO=1.21\n");
    let fish = env.gvm("shell --unset").var("SHELL", "/usr/bin/fish").ok().says("| source");
    assert_eq!(fish.stdout, "set -e GVM_GO\n");
    let hooked = env.gvm("shell 1.21 --hook nushell").ok();
    assert_eq!(hooked.stdout, "{\"GVM_GO\":\"1.21\"}\n");
    assert!(!hooked.stderr.contains("a program cannot"), "{hooked}");
    let help = env.gvm("shell --hook bash --help").ok().says("gvm shell --unset");
    assert_eq!(help.stdout, "", "the shell would run it");
}

#[test]
fn shell_checks_the_version_at_once() {
    let env = Installed::new(&["1.22.4"]);
    for (words, code) in [("1.20", 3), ("1.99.9", 3), ("nonsense", 2), ("", 2), ("1.22 --unset", 2)]
    {
        let refused = env.gvm("shell").with(|call| _ = call.args(words.split_whitespace())).run();
        assert_eq!(refused.code_of(words, code).stdout, "", "{words}");
    }
    let _ = env.gvm("shell 1.20").run().says("gvm install 1.20");
}

#[test]
fn prompt_shows_the_version_and_nothing_outside_projects() {
    let env = Installed::new(&["1.22.4", "1.21.13"]);
    let here = env.project("pinned", &[(".go-version", "1.21\n")]);
    let module = env.project("module", &[("go.mod", "module x\n\ngo 1.21\n")]);
    let nothing = env.project("nothing", &[]);
    let prompt = |project: &crate::installed::Project, words: &str| {
        let said = project.gvm("prompt").with(|call| _ = call.args(words.split_whitespace())).ok();
        assert_eq!(said.stderr, "");
        said.stdout
    };
    assert_eq!(prompt(&here, ""), "1.21.13");
    assert_eq!(prompt(&here, "--project-only --format <{version}@{origin}>"), "<1.21.13@pin-file>");
    assert_eq!(prompt(&module, "--project-only"), "1.22.4");
    assert_eq!(prompt(&nothing, ""), "1.22.4");
    assert_eq!(prompt(&nothing, "--format {origin}"), "default");
    assert_eq!(prompt(&nothing, "--project-only --format ({version})"), "");
}

#[test]
fn prompt_never_fails_and_never_shows_what_a_file_says() {
    let env = Installed::new(&["1.22.4"]);
    let evil = [
        "$(reboot)\n",
        "1.22.4\n1.21\n",
        "1.99\n",
        "\x1b[31m\n",
        "`x`",
        "%F{red}",
        "1.22.4-$(x)\n",
    ];
    for pin in evil {
        let project = env.project("evil", &[(".go-version", pin)]);
        for words in ["prompt", "prompt --project-only"] {
            let said = project.gvm(words).ok();
            assert_eq!((said.stdout.as_str(), said.stderr.as_str()), ("", ""), "{pin:?}");
        }
    }
    let fine = env.project("fine", &[(".go-version", "1.22.4\n")]);
    fs::write(env.root().join("config.toml"), "sauces = [\n").unwrap();
    fs::write(env.root().join("format"), "99\n").unwrap();
    assert_eq!(fine.gvm("prompt").ok().stdout, "1.22.4");
    assert_eq!(fine.gvm("prompt").var("GVM_DIR", "relative").ok().stdout, "");
    assert_eq!(fine.gvm("prompt").bare().ok().stderr, "");
}

#[test]
fn completion_offers_installed_versions_and_for_install_what_sources_listed() {
    let site = Site::mint(Mint::new(&["1.21.13", "1.22.3", "1.22.4"]));
    let env = TestEnv::at(&site);
    let _ = env.gvm("install 1.22.4 1.21.13").ok();
    let lines = |words: &[&str]| {
        let call = env.gvm("--").var("COMPLETE", "lines").var("GVM_GODEV", "http://127.0.0.1:9/");
        let said =
            call.var("GOPROXY", "http://127.0.0.1:9/").with(|call| _ = call.args(words)).ok();
        said.stdout
            .lines()
            .map(|line| line.split('\t').next().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    for command in ["use", "pin", "exec", "shell"] {
        assert_eq!(lines(&["gvm", command, "1."]), ["1.22.4", "1.21.13"], "{command}");
    }
    assert_eq!(lines(&["gvm", "uninstall", "go1.2"]), ["go1.22.4", "go1.21.13"]);
    assert_eq!(lines(&["gvm", "use", "la"]), ["latest"]);
    assert!(lines(&["gvm", "li"]).contains(&"list-remote".into()));
    assert!(lines(&["gvm", "use", "--la"]).contains(&"--latest".into()));
    assert_eq!(lines(&["gvm", "init", "xo"]), ["xonsh"]);
    assert!(!lines(&["gvm", "shell", "--"]).contains(&"--hook".into()));
}

#[test]
fn completion_of_install_reads_the_kept_list_only() {
    let site = Site::mint(Mint::new(&["1.22.3", "1.22.4"]));
    let env = TestEnv::at(&site).set("GVM_SOURCES", "goproxy");
    let lines =
        |env: &TestEnv| env.gvm("-- gvm install 1.22.").var("COMPLETE", "lines").ok().stdout;
    assert_eq!(lines(&env), "", "nobody has asked the source yet");
    let _ = env.gvm("install 1.22.3").ok();
    let _ = env.gvm("list-remote").ok();
    assert_eq!(lines(&env), "1.22.4\n1.22.3\n");
    let tcsh = env.gvm("").var("COMPLETE", "lines").var("COMMAND_LINE", "gvm use ");
    assert!(tcsh.ok().stdout.contains("1.22.3\n"));
}

#[test]
fn completes_own_scripts_are_printed_and_somebody_elses_variable_is_none() {
    let env = TestEnv::new();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = env.gvm("").var("COMPLETE", shell).ok().stdout;
        assert!(script.contains("COMPLETE") && script.contains("gvm"), "{shell}: {script}");
    }
    for other in ["1", "yes", "0", ""] {
        let _ = env.gvm("list --json").var("COMPLETE", other).ok().json();
    }
}

#[test]
fn man_pages_are_written() {
    let env = TestEnv::new();
    let folder = env.folder().join("man/man1");
    let _ = env.gvm("completions --man").arg(&folder).ok().says("the man pages are in");
    for page in ["gvm.1", "gvm-use.1", "gvm-shell.1", "gvm-teardown.1"] {
        let text = fs::read_to_string(folder.join(page)).unwrap();
        assert!(text.contains(".TH") && text.contains("SYNOPSIS"), "{page}: {text}");
    }
    let _ = env.gvm("completions").run().code(2);
    let _ = env.gvm("completions --man /dev/null/x").run().code(1).says("name a folder");
    assert!(env.gvm("completions nushell").ok().stdout.contains("export extern gvm"));
}
