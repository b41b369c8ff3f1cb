//! [`executed`]: which programs a call became or started, as the kernel saw it. Windows does not tell: there only the bait
//! does.

use std::path::{Path, PathBuf};
#[cfg(unix)]
use std::process::Command;

#[cfg(unix)]
use crate::stage::env::finish;
use crate::stage::env::{Outcome, TestEnv};
#[cfg(unix)]
use crate::stage::stock::skip;

/// Nothing is needed.
#[cfg(windows)]
pub fn can_trace() -> bool {
    true
}

/// Runs `program` with these words in the environment's project: what came of it, and the program itself.
#[cfg(windows)]
pub fn executed(
    env: &TestEnv,
    program: &Path,
    words: &[&str],
    vars: &[(&str, &str)],
) -> (Outcome, Vec<PathBuf>) {
    let call = env.call(program, "").with(|call| _ = call.args(words).envs(vars.iter().copied()));
    (call.run(), vec![program.to_owned()])
}

/// Whether strace is there and may look; where not, that is said aloud.
#[cfg(unix)]
pub fn can_trace() -> bool {
    let tried = Command::new("strace").args(["-f", "-o", "/dev/null", "/bin/true"]).output();
    let can = tried.is_ok_and(|output| output.status.success());
    if !can {
        skip("strace is not here, or may not look at a process");
    }
    can
}

/// Runs `program` with these words in the environment's project, under strace: what came of it, and the programs that
/// were started, by the paths that the kernel was given.
#[cfg(unix)]
pub fn executed(
    env: &TestEnv,
    program: &Path,
    words: &[&str],
    vars: &[(&str, &str)],
) -> (Outcome, Vec<PathBuf>) {
    let log = env.folder().join("strace.log");
    let call = env.call("/usr/bin/strace", "-f -qq -s 4096 -e trace=execve,execveat -o");
    let call = call.arg(&log).arg(program).with(|call| {
        call.args(words);
        // The tracer is found by its path; only the traced program is to see these.
        call.envs(vars.iter().copied());
    });
    let shown = format!("{} {words:?}", program.display());
    let outcome = Outcome::new(env.folder(), &finish(call.start(), &shown));
    let log = std::fs::read_to_string(log).unwrap();
    (outcome, log.lines().filter_map(started).collect())
}

/// `12345 execve("/a/b", ["b"], 0x7ff /* 9 vars */) = 0`
#[cfg(unix)]
fn started(line: &str) -> Option<PathBuf> {
    let (_, rest) = line.split_once("execve")?;
    let worked = rest.trim_end().ends_with("= 0") || !rest.contains(" = ");
    let path = rest.split('"').nth(1)?;
    worked.then(|| PathBuf::from(path))
}
