//! What a repository may say about the version: never a path, never a program, nothing but a version that is installed
//! or could be. Through every way that reads it.

use std::fs;

use crate::stage::env::{Call, TestEnv, hash8};
use crate::stage::fake::{exe, gvm, script};
use crate::stage::installed::foreign;
use crate::stage::link::target;
use crate::stage::mint::Mint;
use crate::stage::sample::some;
use crate::stage::site::Site;
use crate::stage::tally::count;
use crate::traced::{can_trace, executed};

const DEFAULT: &str = "1.21.13";

/// Pins that want to lead out of the installed versions. `TRAP` is a whole GOROOT of the repository's own.
const PINS: [&str; 50] = [
    "/bin",
    "/bin/sh",
    "TRAP",
    "TRAP/bin/go",
    "./trap",
    "trap",
    "../x",
    "..",
    ".",
    "../project/trap",
    "path:TRAP",
    "path:./trap",
    "ref:main",
    "file://TRAP",
    "file:TRAP",
    "~",
    "~/go",
    "$HOME/go",
    "${PWD}/trap",
    "$(touch bitten)",
    "`touch bitten`",
    "%HOME%",
    "!trap",
    "|trap",
    ";trap",
    "current",
    "default",
    "local",
    "auto",
    "path",
    "HASH",
    "../HASH",
    "versions/..",
    "versions/go1.22.4",
    "../versions/go1.22.4",
    "go1.22.4/../../project/trap",
    "1.22.4/..",
    "1.22.4/bin",
    "go1.22.4+path",
    "go1.22.4-",
    "go1.22.4-../../x",
    "go1.22.4-/x",
    "1.22.4\u{0}/trap",
    "1\u{2024}22\u{2024}4",
    "\u{ff11}.22.4",
    "1.22.4\u{200b}",
    "\u{202e}4.22.1",
    "-rf",
    "--help",
    "go1.22.4.windows-amd64",
];

fn env(site: &Site) -> TestEnv {
    let env = TestEnv::at(site).set("GVM_AUTO_INSTALL", "1");
    let _ = env.gvm("install 1.22.4").ok();
    let _ = env.gvm("use").arg(DEFAULT).ok();
    foreign(&env.work().join("trap"), "1.22.4");
    let bite = format!("#!/bin/sh\n: > {}\n", env.folder().join("bitten").display());
    script(&env.work().join("trap/bin/go"), &bite);
    env
}

fn pins(env: &TestEnv) -> Vec<String> {
    let trap = env.work().join("trap").display().to_string();
    let fill = |pin: &str| pin.replace("TRAP", &trap).replace("HASH", &hash8("1.22.4"));
    let mut pins: Vec<String> = PINS.into_iter().map(fill).collect();
    pins.push(format!("1.22.4-{}", "x".repeat(3000)));
    pins.push("../".repeat(1000) + "bin");
    pins
}

fn files(pin: &str) -> [(&'static str, String); 7] {
    [
        (".go-version", format!("{pin}\n")),
        (".tool-versions", format!("golang {pin}\n")),
        (".tool-versions", format!("go {pin} 1.22.4\n")),
        ("go.mod", format!("module m\n\ngo 1.21.13\n\ntoolchain {pin}\n")),
        ("go.mod", format!("module m\n\ngo {pin}\n")),
        ("go.work", format!("go 1.21.13\n\ntoolchain {pin}\n")),
        ("go.work", format!("go {pin}\n")),
    ]
}

/// Whether a text is what `current --short` may print: one line of a prompt that no terminal takes for an order.
fn is_fit_for_a_prompt(text: &str) -> bool {
    let line = text.strip_suffix('\n').unwrap_or(text);
    line.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".+-".contains(&byte))
}

#[test]
fn a_file_of_the_project_leads_nowhere_but_to_an_installed_version() {
    let site = Site::mint(Mint::new(&[DEFAULT, "1.22.4"]));
    let env = env(&site);
    let go = |version: &str| exe(env.goroot(version).join("bin").join("go")).display().to_string();
    let (mut pins_tried, mut answers) = (0, 0);
    for pin in some(pins(&env), 4) {
        for (name, content) in files(&pin) {
            let file = env.write(name, &content);
            let row = format!("{name}: {pin:?}");
            let short = env.gvm("current --short").run();
            assert!(is_fit_for_a_prompt(&short.stdout), "{row}: {short}");
            let which = env.gvm("--offline which").run();
            let leads = which.stdout.trim_end().to_owned();
            assert!(["", &go(DEFAULT), &go("1.22.4")].contains(&&*leads), "{row}: {which}");
            let shim = env.go("version").var("GVM_OFFLINE", "1").run();
            assert!(!env.folder().join("bitten").exists(), "{row}: {shim}");
            answers += usize::from(!leads.is_empty());
            fs::remove_file(file).unwrap();
            pins_tried += 1;
        }
    }
    assert!(answers > 0 && answers < pins_tried);
    count("hostile lines of a project's files", pins_tried);
}

/// The same words where a person says them: a path is allowed there, and all else is a version or nothing.
#[test]
fn commands_take_only_versions_and_whole_goroots() {
    let site = Site::mint(Mint::new(&[DEFAULT, "1.22.4"]));
    let env = env(&site);
    let before = target(&env.root().join("current"));
    let mut tried = 0;
    let pins = some(pins(&env), 4).filter(|pin| !pin.contains('\0') && !pin.contains("trap"));
    for pin in pins {
        for words in
            ["--offline use --", "--offline pin --", "--offline install --", "uninstall --"]
        {
            if pin == "go1.22.4.windows-amd64" {
                continue;
            }
            let outcome = env.gvm(words).arg(&pin).run();
            assert_ne!(outcome.code_or_signal(), Some(0), "{words} {pin:?}: {outcome}");
            tried += 1;
        }
        let exec = env.gvm("--offline exec").arg(format!("./{pin}")).arg("--").arg("go").run();
        assert!(!env.folder().join("bitten").exists(), "{pin:?}: {exec}");
    }
    assert_eq!(target(&env.root().join("current")), before);
    assert!(!env.work().join(".go-version").exists());
    assert_eq!(env.published().len(), 2);
    count("hostile words to commands", tried);
}

/// What the kernel starts for pins of every kind, as strace sees it; where none is, what leaves a mark.
#[test]
fn the_kernel_starts_nothing_but_installed_versions() {
    if !can_trace() {
        return;
    }
    let site = Site::mint(Mint::new(&[DEFAULT, "1.22.4"]));
    let env = env(&site);
    let shim = exe(env.root().join("shims/go"));
    let allowed = [
        shim.clone(),
        gvm(),
        env.goroot(DEFAULT).join("bin/go"),
        env.goroot("1.22.4").join("bin/go"),
    ];
    for pin in some(pins(&env), 4) {
        for (name, content) in files(&pin).into_iter().step_by(3) {
            let file = env.write(name, &content);
            let vars = [("GVM_OFFLINE", "1")];
            let (outcome, programs) = executed(&env, &shim, &["version"], &vars);
            let foreign = programs.iter().find(|program| !allowed.contains(program));
            assert_eq!(foreign, None, "{name}: {pin:?}: {outcome}");
            assert!(!env.folder().join("bitten").exists(), "{name}: {pin:?}: {outcome}");
            fs::remove_file(file).unwrap();
        }
    }
}

/// A version that a project names is one thing to the shim and to the command, also where it is odd.
#[test]
fn a_suffix_is_a_name_and_no_path() {
    let site = Site::mint(Mint::new(&[DEFAULT, "1.22.4", "1.22.4-corp.1"]));
    let env = env(&site);
    let _ = env.gvm("install 1.22.4-corp.1").ok();
    let short = |call: Call<'_>| call.ok().line().to_owned();
    env.write(".go-version", "1.22.4-corp.1\n");
    assert_eq!(short(env.gvm("current --short")), "1.22.4-corp.1");
    assert_eq!(short(env.go("version")), "go version go1.22.4-corp.1 linux/amd64");
}
