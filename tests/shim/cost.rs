//! What the embedded shim costs: bytes, and system calls.

use std::fs;
#[cfg(target_os = "linux")]
use std::os::unix::process::CommandExt;

use crate::form::Form;
#[cfg(target_os = "linux")]
use crate::place::Place;

/// The most that the embedded shim may weigh, in bytes.
const MOST_BYTES: u64 = if cfg!(windows) { 400 } else { 32 } * 1024;

#[test]
fn the_embedded_shim_is_small() {
    let size = fs::metadata(Form::Embedded.path()).unwrap().len();
    assert!(size <= MOST_BYTES, "{size} bytes");
}

#[cfg(target_os = "linux")]
#[test]
fn an_exact_pin_four_folders_up_costs_sixteen_system_calls_at_most() {
    let place = Place::new();
    place.install("go1.22.4", "0a0b0c0d");
    place.write("p/.go-version", b"1.22.4\n");
    place.write("home/.config/go/env", b"GOPROXY=off\n");
    fs::create_dir_all(place.path("p/a/b/c/d")).unwrap();
    let mut traced = place.call("strace".as_ref());
    traced.current_dir(place.path("p/a/b/c/d")).arg0("strace").arg("-o").arg(place.path("trace"));
    traced.arg(place.shim(Form::Embedded, "go")).args(["-c", ":"]);
    #[allow(
        clippy::disallowed_methods,
        reason = "the tool is looked for where the test's caller has it"
    )]
    traced.env("PATH", std::env::var_os("PATH").unwrap_or_default());
    match traced.status() {
        Ok(status) => assert!(status.success()),
        Err(error) => return skip(&format!("strace cannot be started: {error}")),
    }
    let trace = fs::read_to_string(place.path("trace")).unwrap();
    // The first line is strace's own doing; the last one of ours is the second execve.
    let calls: Vec<&str> = trace.lines().skip(1).collect();
    let last = calls.iter().position(|line| line.starts_with("execve(")).unwrap();
    assert!(calls[last].contains("/0a0b0c0d/bin/go"), "{trace}");
    assert!(last < 16, "{} calls:\n{}", last + 1, calls[..=last].join("\n"));
}

#[cfg(target_os = "linux")]
/// Says that a test is skipped, and why; where all are demanded, that fails it.
#[allow(clippy::disallowed_methods, clippy::print_stderr, reason = "the test's own setting")]
fn skip(why: &str) {
    let demanded = std::env::var("GVM_TEST_REQUIRE_REAL").is_ok_and(|value| value == "1");
    assert!(!demanded, "GVM_TEST_REQUIRE_REAL=1, and this test cannot run: {why}");
    eprintln!("skipped: {why}");
}
