//! The go command itself against the same lying databases: what it refuses gvm refuses, what it takes gvm takes, but for
//! a few cases that are named here with their reason.

use std::path::PathBuf;
use std::process::Command;

use crate::database::{self, Attack};
use crate::log::{EARLIER, LATER, Log};
use crate::stage::env::{Outcome, TestEnv};
use crate::stage::mint::Mint;
use crate::stage::stock;
use crate::stage::tally;

/// What gvm refuses and the go command takes: nothing that an honest database does. (The other way round there is none.)
const STRICTER: [&str; 4] = [
    // It asks for the line that it needs, which is not that of go.mod.
    "no line of go.mod",
    // It takes the first line that begins as it should.
    "two lines that contradict each other",
    // It reads numbers by strconv.ParseInt.
    "a number with a leading zero",
    // A signature that does not decode to a key hash and more is no line of a note to gvm.
    "more of a tile than it holds",
];

/// The go command of this machine, by its path.
fn go() -> Option<PathBuf> {
    let goroot = Command::new("go").args(["env", "GOROOT"]).output().ok()?;
    let path = PathBuf::from(String::from_utf8(goroot.stdout).ok()?.trim()).join("bin/go");
    path.is_file().then_some(path)
}

fn download(go: &PathBuf, env: &TestEnv, version: &str) -> Outcome {
    let module = format!("golang.org/toolchain@v0.0.1-go{version}.linux-amd64");
    let call = env.call(go, "mod download -modcacherw").arg(module);
    call.var("GOTOOLCHAIN", "local").var("GOFLAGS", "-mod=mod").var("GOENV", "off").run()
}

/// What the go command makes of an attack: its exit code and what it says.
fn asked(go: &PathBuf, log: &Log, attack: &Attack) -> Outcome {
    let server = database::server(log, attack.seen);
    let env = database::env(log, &server);
    if attack.seen > 0 {
        let _ = download(go, &env, EARLIER.0).code_of(attack.what, 0);
    }
    database::lie(&server, log, attack.lie);
    download(go, &env, LATER.0)
}

#[test]
fn the_go_command_refuses_the_same() {
    let Some(go) = go() else { return stock::skip("there is no go command to hold gvm against") };
    let log = Log::of(&Mint::new(&[EARLIER.0, LATER.0]));
    let mut differing = Vec::new();
    let mut compared = 0;
    for attack in database::all() {
        let outcome = asked(&go, &log, &attack);
        eprintln!("XX {} {}: {outcome}", attack.what, attack.code);
        if outcome.to_string().starts_with("code 0") != (attack.code == 0) {
            differing.push(attack.what);
        }
        compared += 1;
    }
    assert_eq!(differing, STRICTER);
    tally::count("lying databases shown to the go command too", compared);
}
