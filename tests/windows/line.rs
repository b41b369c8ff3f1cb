//! What the shim passes on: the command line as it came, exit codes, its own end.

use std::io::{BufRead, BufReader, Read};
use std::os::windows::process::CommandExt;
use std::process::Stdio;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use super::env::Call;
use super::fake::script;
use super::installed::Installed;
use super::tally;

/// What stands in the place of go.
const GO: &str = "#!/bin/sh
case \"$GVM_TEST_DO\" in
hold) hold; exit ;;
code) exit \"$GVM_TEST_CODE\" ;;
esac
command-line
";

fn installed() -> Installed {
    let env = Installed::new(&["1.22.4", "1.21.3"]);
    for version in ["1.22.4", "1.21.3"] {
        script(&env.goroot(version).join("bin/go"), GO);
    }
    env
}

/// What a child of the shim finds behind its name.
fn passed_on(call: Call<'_>, line: &str) -> String {
    let outcome = call.with(|command| _ = command.raw_arg(line)).ok();
    let units = outcome.line().split_whitespace().map(|unit| unit.parse::<u16>().unwrap());
    String::from_utf16(&units.collect::<Vec<u16>>()).unwrap()
}

#[test]
fn every_command_line_comes_through_as_it_is() {
    let env = installed();
    let long = "x".repeat(8000);
    let shapes = shapes(&long);
    assert!(shapes.len() >= 60, "{}", shapes.len());
    for shape in &shapes {
        assert_eq!(passed_on(env.go(""), shape), format!(" {shape}"));
    }
    tally::say("command lines passed on by the shim", shapes.len());
}

/// Each as it stands behind `go `: blanks and quotes are part of it.
fn shapes(long: &str) -> Vec<String> {
    let plain = [
        "",
        "build",
        "build ./...",
        " two  blanks ",
        "\ttab\t",
        "\"\"",
        "\"\" \"\"",
        "''",
        "'a b'",
        "\"a b\"",
        "\"a b\" c",
        "a\"b c\"d",
        "\"a\"\"b\"",
        "\"a\\\"b\"",
        "a\\\"b",
        "a\\\\\"b c\"",
        "\"a\\\\\"",
        "\"C:\\dir\\\\\" x",
        "C:\\dir\\",
        "C:\\dir\\ x",
        "\\\\server\\share",
        "\\",
        "\\\\",
        "\\\"",
        "\"\\\"\"",
        "\"unended",
        "\"unended \\",
        "a&b",
        "a & b",
        "a&&b",
        "a|b",
        "a||b",
        "a<b",
        "a>b",
        "2>&1",
        "a^b",
        "a^^b",
        "^",
        "%PATH%",
        "%%",
        "100%",
        "!x!",
        "(a)",
        "a;b,c=d",
        "@file",
        "*.go",
        "?",
        "[a]",
        "{a}",
        "$HOME",
        "`a`",
        "~",
        "#",
        "-ldflags=\"-X main.v=1 2\"",
        "-ldflags \"-X 'main.v=a b'\"",
        "-run \"^Test(A|B)$\"",
        "größe",
        "日本語 \"日 本\"",
        "🦀",
        "\"é ü\" & | < >",
        "a\u{a0}b",
        "-- -x",
        "/c dir",
        "test -count=1 \"./a b/...\"",
    ];
    plain.into_iter().map(str::to_owned).chain([long.to_owned(), format!("\"{long}\" y")]).collect()
}

#[test]
fn only_the_version_that_is_asked_for_is_taken_off() {
    let env = installed();
    for (line, rest) in [
        ("+1.21 build  \"a b\"", " build  \"a b\""),
        ("\"+1.21\" build\\", " build\\"),
        ("  +1.21.3\tx", "\tx"),
        ("+1.21", ""),
    ] {
        assert_eq!(passed_on(env.go(""), line), rest, "{line}");
    }
}

#[test]
fn exit_codes_come_through_whole() {
    let env = installed();
    for code in [0, 1, 255, 256, 0x4000_0001, 0xC000_0005_u32.cast_signed()] {
        let call = env.go("").var("GVM_TEST_DO", "code").var("GVM_TEST_CODE", code.to_string());
        let _ = call.run().code(code);
        let call = env.gvm("exec 1.21.3 -- go");
        let call = call.var("GVM_TEST_DO", "code").var("GVM_TEST_CODE", code.to_string());
        let _ = call.run().code(code);
    }
}

#[test]
fn who_kills_the_shim_kills_the_go_that_it_stands_for() {
    let env = installed();
    for call in [env.go("run ."), env.gvm("exec -- go")] {
        let call = call.var("GVM_TEST_DO", "hold");
        let mut shim = call.with(|command| _ = command.stdin(Stdio::piped())).start();
        let mut out = BufReader::new(shim.stdout.take().unwrap());
        let mut line = String::new();
        out.read_line(&mut line).unwrap();
        assert_eq!(line.trim_end(), "here");
        // Its standard input stays open: nothing but the shim's end ends it.
        let _input = shim.stdin.take();
        shim.kill().unwrap();
        let (send, ended) = mpsc::channel();
        // Only when nobody has the other end is there an end.
        thread::spawn(move || send.send(out.read_to_end(&mut Vec::new())));
        ended.recv_timeout(Duration::from_secs(60)).expect("go goes on").unwrap();
        shim.wait().unwrap();
    }
}

#[test]
fn a_shim_is_called_in_whatever_case() {
    let env = installed();
    for name in ["GO", "Go.Exe", "go.EXE", "GO1.21.3.EXE"] {
        let shim = env.root().join("shims").join(name);
        assert_eq!(passed_on(env.call(shim, ""), "version"), " version", "{name}");
    }
}
