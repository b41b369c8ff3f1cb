//! The go command itself against the same lying databases: what it refuses gvm refuses, what it takes gvm takes, but for
//! a few cases that are named here with their reason.

use std::path::{Path, PathBuf};
#[cfg(unix)]
use std::process::Command;

use crate::attack::{self, Attack};
use crate::database;
use crate::log::{EARLIER, LATER, Log};
use crate::stage::env::{Outcome, TestEnv};
use crate::stage::mint::{Mint, here};
#[cfg(windows)]
use crate::stage::site::Site;
use crate::stage::stock;
use crate::stage::tally;

/// What gvm refuses and the go command takes: nothing that an honest database does. The other way round there is none.
const STRICTER: [&str; 2] = [
    // It takes the first line that begins as it should.
    "two lines that contradict each other",
    // It reads the number by `strconv.ParseInt`.
    "a number with a leading zero",
];

/// What the go command (1.26.8) is not shown: it reads an answer to its end, and takes all the memory there is.
const TOO_MUCH_FOR_IT: &str = "a note without end";

/// The go command of this machine, by its path.
#[cfg(unix)]
fn go() -> Option<PathBuf> {
    let goroot = Command::new("go").args(["env", "GOROOT"]).output().ok()?;
    let path = PathBuf::from(String::from_utf8(goroot.stdout).ok()?.trim()).join("bin/go");
    path.is_file().then_some(path)
}

/// That of a release: the machine has none.
#[cfg(windows)]
fn go() -> Option<PathBuf> {
    use std::sync::LazyLock;
    static INSTALLED: LazyLock<Option<TestEnv>> = LazyLock::new(|| {
        let site = Site::stock(stock::stock()?);
        let env = TestEnv::at(&site);
        let _ = env.gvm("install").arg(stock::NEWER).ok();
        Some(env)
    });
    Some(INSTALLED.as_ref()?.goroot(stock::NEWER).join("bin/go.exe"))
}

fn download(go: &Path, env: &TestEnv, version: &str) -> Outcome {
    let module = here(&format!("golang.org/toolchain@v0.0.1-go{version}.linux-amd64"));
    let call = env.call(go, "mod download -modcacherw").arg(module);
    call.var("GOTOOLCHAIN", "local").var("GOFLAGS", "-mod=mod").var("GOENV", "off").run()
}

/// What the go command makes of an attack: its exit code and what it says.
fn asked(go: &Path, log: &Log, shown: &Attack) -> Outcome {
    let server = attack::server(log, shown.seen);
    let env = attack::env(log, &server);
    if shown.seen > 0 {
        let _ = download(go, &env, EARLIER.0).code_of(shown.what, 0);
    }
    attack::lie(&server, log, shown.lie);
    download(go, &env, LATER.0)
}

#[test]
fn the_go_command_refuses_the_same() {
    let Some(go) = go() else { return stock::skip("there is no go command to hold gvm against") };
    let log = Log::of(&Mint::new(&[EARLIER.0, LATER.0]));
    let mut differing = Vec::new();
    let mut compared = 0;
    let attacks = database::all().into_iter();
    for attack in attacks.filter(|attack| attack.what != TOO_MUCH_FOR_IT) {
        let outcome = asked(&go, &log, &attack);
        if outcome.to_string().starts_with("code 0") != (attack.code == 0) {
            differing.push(attack.what);
        }
        compared += 1;
    }
    assert_eq!(differing, STRICTER);
    tally::count("lying databases shown to the go command too", compared);
}
