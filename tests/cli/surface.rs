//! What stands around the commands: help, completions, and the marks that a root bears.

use std::fs;

use crate::env::{TestEnv, hash8};
use crate::link::target;
use crate::mint::Mint;
use crate::site::Site;

fn site() -> Site {
    Site::mint(Mint::new(&["1.21.13", "1.22.3", "1.22.4"]))
}

#[test]
fn completions_are_printed_for_each_shell() {
    let env = TestEnv::new();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = env.gvm("completions").arg(shell).ok();
        assert!(script.stdout.contains("list-remote"), "{shell}");
    }
    let _ = env.gvm("completions basic").run().code(2);
}

#[test]
fn help_needs_nothing_of_the_machine() {
    let env = TestEnv::new();
    for command in [
        "use",
        "pin",
        "install",
        "uninstall",
        "list",
        "list-remote",
        "current",
        "which",
        "exec",
        "explain",
        "verify",
        "inspect",
        "audit",
        "doctor",
        "env",
        "check",
        "probe",
        "init",
        "setup",
        "teardown",
        "shell",
        "prompt",
        "completions",
    ] {
        let help = env.gvm(command).arg("--help").bare().ok();
        assert!(help.stdout.contains(&format!("gvm {command}")), "{help}");
        assert!(help.stdout.contains("Example"), "{help}");
        assert!(!help.stdout.contains('\\'), "{help}");
    }
    assert!(env.gvm("--version").bare().ok().stdout.starts_with("gvm "));
}

#[test]
fn the_roots_own_marks_are_there() {
    let site = site();
    let env = TestEnv::at(&site);
    let _ = env.gvm("use 1.22").ok();
    let root = env.root();
    assert_eq!(fs::read_to_string(root.join("format")).unwrap(), "1\n");
    assert_eq!(fs::read_to_string(root.join("default")).unwrap(), "1.22\n");
    assert_eq!(target(&root.join("current")), hash8("1.22.4"));
    assert_eq!(target(&root.join("versions/go1.22.4")), format!("../{}", hash8("1.22.4")));
}

#[cfg(unix)]
#[test]
fn what_is_made_is_never_writable_for_others_and_readable_where_root_made_it() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    let site = site();
    for umask in ["000", "077"] {
        let env = TestEnv::at(&site);
        let line = format!("umask {umask}; exec {} install 1.22.4", env!("CARGO_BIN_EXE_gvm"));
        let _ = env.call("/bin/sh", "-c").arg(line).ok();
        let mode =
            |path: std::path::PathBuf| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        let (folder, program) =
            (mode(env.goroot("1.22.4")), mode(env.goroot("1.22.4").join("bin/go")));
        assert_eq!((folder | program) & 0o022, 0, "{umask}");
        if fs::metadata(env.root()).unwrap().uid() == 0 {
            assert_eq!((folder, program, mode(env.root())), (0o755, 0o755, 0o755), "{umask}");
        }
    }
}
