//! Pin files that cannot be followed: each is told with file, line and column, by the command and by the shim.

use std::fs;

use crate::env::TestEnv;
use crate::mint::Mint;
use crate::site::Site;

fn site() -> Site {
    Site::mint(Mint::new(&["1.21.13", "1.22.3", "1.22.4"]))
}

#[test]
fn a_broken_pin_file_is_told_with_line_and_column() {
    let site = site();
    let env = TestEnv::at(&site);
    let _ = env.gvm("use 1.22.4").ok();
    let table: [(&str, &[u8]); 6] = [
        (":2:1: ", b"# ours\nnonsense\n"),
        (":1:8: ", b"1.22.4 1.21.13\n"),
        (":1:", b"/opt/go\n"),
        (":1:", b"../go\n"),
        (":1:", b"1.22\x00.4\n"),
        (":1:", b"\x1b[31m1.22\n"),
    ];
    for (place, content) in table {
        let file = env.write(".go-version", content);
        let place = format!("{}{place}", file.display());
        for call in ["current", "which", "install"] {
            let outcome = env.gvm(call).run().code_of(&format!("{content:?}"), 2).says(&place);
            assert!(outcome.stderr.contains("hint: "), "{outcome}");
        }
        let _ = env.go("version").run().code(125).says(&place);
        let _ = env.gvm("exec -- echo").run().code(125).says(&place);
    }
    env.write(".go-version", "# ours\nnonsense\n");
    insta::assert_snapshot!(env.gvm("current").run().code(2), @r"
    code 2
    err: error: TEMP/project/.go-version:2:1: neither a version nor a name: `nonsense`
    err: hint: put one version into it, like 1.22.4: `gvm pin 1.22.4`
    ");
    insta::assert_snapshot!(env.go("version").run().code(125), @r"
    code 125
    err: gvm: TEMP/project/.go-version:2:1: neither a version nor a name: `nonsense`
    err: gvm: put one version into it, like 1.22.4: gvm pin 1.22.4
    ");
    let error = env.gvm("current --json").run().code(2).error();
    assert_eq!(error["kind"], "usage");
}

/// It must neither hang nor be read.
#[test]
fn a_pin_file_that_is_a_pipe_or_a_folder_is_refused() {
    #[cfg(unix)]
    {
        let env = TestEnv::at(&site());
        make_pipe(&env);
        insta::assert_snapshot!(env.gvm("current").run().code(2), @r"
        code 2
        err: error: TEMP/project/.go-version is a pipe, not a file
        err: hint: put one version into it, like 1.22.4: `gvm pin 1.22.4`
        ");
    }
    let env = TestEnv::at(&site());
    let _ = env.gvm("current").run();
    fs::create_dir(env.work().join(".go-version")).unwrap();
    let _ = env.gvm("current").run().code(2).says(".go-version");
}

/// A pin file that is a pipe.
#[cfg(unix)]
fn make_pipe(env: &TestEnv) {
    let made = std::process::Command::new("mkfifo").arg(env.work().join(".go-version")).status();
    assert!(made.unwrap().success());
}

#[cfg(unix)]
#[test]
fn the_shim_refuses_a_pipe() {
    let site = site();
    let env = TestEnv::at(&site);
    let _ = env.gvm("use 1.22.4").ok();
    make_pipe(&env);
    insta::assert_snapshot!(env.go("version").run().code(125), @r"
    code 125
    err: gvm: TEMP/project/.go-version is a pipe, not a file
    err: gvm: put one version into it, like 1.22.4: gvm pin 1.22.4
    ");
}

#[test]
fn a_pin_that_is_not_installed_stops_the_shim() {
    let site = site();
    let env = TestEnv::at(&site);
    let _ = env.gvm("use 1.22.4").ok();
    env.write(".go-version", "1.21\n");
    insta::assert_snapshot!(env.go("version").run().code(127), @r"
    code 127
    err: gvm: 1.21 is not installed (asked for by TEMP/project/.go-version:1)
    err: gvm: install it with: gvm install 1.21
    ");
}

/// `gvm pin` writes over no folder, and where a link leads only within the project's folder.
#[test]
fn a_pin_that_is_no_file_of_this_folder_is_told() {
    let site = site();
    let env = TestEnv::at(&site);
    let _ = env.gvm("install 1.22.4").ok();
    let pin = env.work().join(".go-version");
    let refused = |why: &str| {
        let outcome = env.gvm("pin 1.22.4").run().code(1).to_string();
        assert!(outcome.contains(why), "{outcome}");
        assert!(outcome.contains("hint: move TEMP/project/.go-version away"), "{outcome}");
    };
    fs::create_dir(&pin).unwrap();
    refused("it is no regular file");
    fs::remove_dir(&pin).unwrap();
    #[cfg(unix)]
    for (target, why) in [
        (env.root().join("format"), "it is a link that leads to TEMP/root/format, outside"),
        (env.work().join("nowhere"), "it is a link that leads nowhere"),
        (env.work(), "it is a link that leads to no regular file"),
    ] {
        std::os::unix::fs::symlink(target, &pin).unwrap();
        refused(why);
        fs::remove_file(&pin).unwrap();
    }
}
