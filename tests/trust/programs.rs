//! Which programs run: never one from the working directory, whatever stands there and whatever PATH says, unless the
//! user's own words name it. On Linux strace tells what the kernel started.

use std::fs;
use std::path::{Path, PathBuf};

use crate::stage::env::TestEnv;
use crate::stage::env::hash8;
use crate::stage::fake::{exe, gvm, script};
use crate::stage::installed::foreign;
use crate::stage::mint::Mint;
use crate::stage::sample::some;
use crate::stage::site::Site;
use crate::stage::tally::count;
use crate::traced::{can_trace, executed};

const DEFAULT: &str = "1.21.13";
/// What a repository may bring along, hoping that somebody starts it.
const BAIT: [&str; 22] = [
    "go",
    "gofmt",
    "gvm",
    "git",
    "sh",
    "bash",
    "env",
    "uname",
    "id",
    "tar",
    "unzip",
    "curl",
    "xz",
    "go.exe",
    "gvm.exe",
    "bin/go",
    "golang/bin/go",
    "shims/go",
    "go1.21.13",
    "go1.22.4",
    "bin/sh",
    "command",
];

/// A value of PATH.
fn list(folders: &[&str]) -> String {
    folders.join(if cfg!(windows) { ";" } else { ":" })
}

/// A project full of programs that leave a mark, with two versions and a `go` of the system.
fn baited(site: &Site) -> TestEnv {
    let env = TestEnv::at(site);
    let _ = env.gvm("install 1.22.4").ok();
    let _ = env.gvm("use").arg(DEFAULT).ok();
    foreign(&env.folder().join("system"), "1.20.3");
    script(&env.bin().join("go"), "#!/bin/sh\necho of the system\n");
    for name in BAIT {
        let mark = env.folder().join("bitten").display().to_string();
        script(&env.work().join(name), &format!("#!/bin/sh\necho {name} >> {mark}\necho bait\n"));
    }
    fs::create_dir_all(env.work().join("pkg/tool")).unwrap();
    fs::create_dir_all(env.work().join("src/fmt")).unwrap();
    env.write("VERSION", "go1.22.4\n");
    env.write("format", "1\n");
    env
}

fn assert_only(env: &TestEnv, row: &str, programs: &[PathBuf], allowed: &[PathBuf]) {
    for program in programs {
        assert!(allowed.contains(program), "{row}: {} was started", program.display());
    }
    let bitten = fs::read_to_string(env.folder().join("bitten")).unwrap_or_default();
    assert_eq!(bitten, "", "{row}");
}

#[test]
fn nothing_is_started_from_the_working_directory() {
    if !can_trace() {
        return;
    }
    let site = Site::mint(Mint::new(&[DEFAULT, "1.22.4", "1.22.5"]));
    let env = baited(&site);
    let gvm = gvm();
    let shim = exe(env.root().join("shims/go"));
    let gofmt = exe(env.root().join("shims/gofmt"));
    let go = |version: &str| env.root().join(hash8(version)).join("bin/go");
    let all = [
        gvm.clone(),
        shim.clone(),
        gofmt.clone(),
        go(DEFAULT),
        go("1.22.4"),
        go("1.22.5"),
        go(DEFAULT).with_file_name("gofmt"),
        go("1.22.4").with_file_name("gofmt"),
        go("1.22.5").with_file_name("gofmt"),
        env.bin().join("go"),
    ];
    let bin = env.bin().display().to_string();
    let paths: [&[&str]; 4] =
        [&[&bin], &["", &bin], &[".", &bin], &["./bin", "golang/bin", "..", &bin, "", ""]];
    let paths = paths.map(list);
    let pins = ["", "1.22.4\n", "system\n", "1.22\n", "1.19.1\n"];
    let calls: [(&Path, &[&str]); 14] = [
        (&shim, &["version"]),
        (&shim, &["+1.22.4", "version"]),
        (&gofmt, &["x"]),
        (&gvm, &["current"]),
        (&gvm, &["which"]),
        (&gvm, &["explain"]),
        (&gvm, &["list"]),
        (&gvm, &["use", "system"]),
        (&gvm, &["use", DEFAULT]),
        (&gvm, &["install"]),
        (&gvm, &["pin", "--exact", "1.22.4"]),
        (&gvm, &["verify"]),
        (&gvm, &["exec", "1.22.4", "--", "go", "version"]),
        (&gvm, &["exec", "--", "go", "version"]),
    ];
    let mut looked_at = 0;
    for path in &paths {
        for pin in pins {
            for (program, words) in some(calls, 3) {
                env.write(".go-version", pin);
                if pin.is_empty() {
                    fs::remove_file(env.work().join(".go-version")).unwrap();
                }
                let vars = [("PATH", path.as_str()), ("GVM_AUTO_INSTALL", "1")];
                let row = format!("PATH={path}, pin {pin:?}, {} {words:?}", program.display());
                let (outcome, programs) = executed(&env, program, words, &vars);
                assert!(!programs.is_empty(), "{row}: {outcome}");
                assert!(!outcome.stdout.contains("bait"), "{row}: {outcome}");
                assert_only(&env, &row, &programs, &all);
                looked_at += programs.len();
            }
        }
    }
    assert!(cfg!(windows) || looked_at > paths.len() * pins.len() * calls.len());
    count("calls in a folder full of bait", paths.len() * pins.len() * calls.len());
}

/// The gvm that a shim may run is the one that made it, or stands in an absolute entry of PATH.
#[test]
fn a_shim_that_may_install_runs_no_gvm_of_the_project() {
    if !can_trace() {
        return;
    }
    let site = Site::mint(Mint::new(&[DEFAULT, "1.22.4"]));
    let env = baited(&site);
    env.write(".go-version", "1.19.1\n");
    fs::remove_file(env.root().join("command")).unwrap();
    let shim = exe(env.root().join("shims/go"));
    let paths: [&[&str]; 5] =
        [&[""], &["."], &["./", "bin"], &["..", "shims", "", ""], &["project"]];
    for path in paths.map(list) {
        let vars = [("PATH", path.as_str()), ("GVM_AUTO_INSTALL", "1")];
        let (outcome, programs) = executed(&env, &shim, &["version"], &vars);
        assert_only(&env, &path, &programs, std::slice::from_ref(&shim));
        let _ = outcome.code_of(&path, 127);
    }
}

/// `exec` finds a command as a shell does: one with a slash is the user's own word, and counts from here.
#[test]
fn exec_takes_a_command_as_a_shell_does() {
    let site = Site::mint(Mint::new(&[DEFAULT, "1.22.4"]));
    let env = baited(&site);
    for (words, code, said) in [
        ("exec -- git", 127, ""),
        ("exec -- uname", 127, ""),
        ("exec -- go version", 0, "go version go1.21.13 linux/amd64"),
        ("exec -- ./git", 0, "bait"),
        ("exec -- bin/go", 0, "bait"),
    ] {
        let outcome = env.gvm(words).run().code_of(words, code);
        assert_eq!(outcome.line(), said, "{words}");
    }
    // Where PATH is empty or not there, nothing of it leads here.
    for call in [
        env.gvm("exec -- git").var("PATH", ""),
        env.gvm("exec -- git").with(|call| {
            call.env_remove("PATH");
        }),
    ] {
        let outcome = call.run();
        assert!(!outcome.stdout.contains("bait"), "{outcome}");
        let _ = outcome.code(127);
    }
}
