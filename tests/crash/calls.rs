//! Stories killed just before a system call that changes the disk, wherever no checkpoint stands: by strace, which
//! counts each call in each thread.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::process::Command;

use crate::stage::env::Call;
use crate::stage::stock::skip;
use crate::stage::tally;
use crate::story::{Played, story};

/// The calls that change the disk. Opens and writes are many, and most of them change nothing: of these, a sample.
const RARE: &str = "rename,renameat2,unlink,unlinkat,mkdir,rmdir,symlink,ftruncate,fchmod,fsync,\
                    syncfs,flock,utimensat,umask";
const FREQUENT: &str = "openat,write";
/// Of frequent calls of one story, so many are tried, evenly spread.
const SAMPLE: usize = 16;

/// The call under strace.
pub fn strace<'a>(call: Call<'a>, options: &[String]) -> Call<'a> {
    call.with(|command| {
        let program = command.get_program().to_owned();
        let words: Vec<OsString> = command.get_args().map(ToOwned::to_owned).collect();
        let mut traced = Command::new("/usr/bin/strace");
        traced.args(["-f", "-qq"]).args(options).arg("--").arg(program);
        traced.args(words).env_clear().stdin(std::process::Stdio::null());
        let variables = command.get_envs().filter_map(|(name, value)| Some((name, value?)));
        traced.envs(variables).current_dir(command.get_current_dir().unwrap());
        *command = traced;
    })
}

/// How often each call is made, in the thread that makes it most often.
fn most(played: &Played, words: &str, calls: &str) -> BTreeMap<String, usize> {
    let env = played.env();
    let log = tempfile::NamedTempFile::new().unwrap();
    let options = ["-e", &format!("trace={calls}"), "-o", log.path().to_str().unwrap()];
    let options = options.map(str::to_owned);
    let _ = strace(env.gvm(words), &options).ok();
    let mut counts: BTreeMap<(String, String), usize> = BTreeMap::new();
    for line in fs::read_to_string(log.path()).unwrap().lines() {
        let Some((thread, rest)) = line.split_once(' ') else { continue };
        let Some((call, _)) = rest.trim_start().split_once('(') else { continue };
        *counts.entry((call.to_owned(), thread.to_owned())).or_default() += 1;
    }
    let mut most: BTreeMap<String, usize> = BTreeMap::new();
    for ((call, _), count) in counts {
        let entry = most.entry(call).or_default();
        *entry = (*entry).max(count);
    }
    most
}

fn kill_before_calls(name: &'static str, at_least: usize) {
    if !fs::exists("/usr/bin/strace").unwrap() {
        return skip("there is no strace");
    }
    let played = Played::new(story(name));
    let words = story(name).words;
    let mut kills = 0;
    for (calls, all) in [(RARE, true), (FREQUENT, false)] {
        for (call, count) in most(&played, words, calls) {
            let step = if all { 1 } else { count.div_ceil(SAMPLE) };
            for time in (1..=count).step_by(step) {
                let inject = format!("inject={call}:signal=KILL:when={time}");
                let options = ["-e", &format!("trace={call}"), "-e", &inject, "-o", "/dev/null"];
                let options = options.map(str::to_owned);
                let at = format!("{call}@{time}");
                if played.may_be_killed(&at, |call| strace(call, &options)) {
                    kills += 1;
                }
            }
        }
    }
    assert!(kills >= at_least, "{name}: only {kills} kills");
    tally::say(&format!("kills before a system call of {name}"), kills);
}

#[test]
fn an_install_is_killed_before_system_calls() {
    kill_before_calls("a second install", 60);
}

#[test]
fn a_replacement_is_killed_before_system_calls() {
    kill_before_calls("install --force", 60);
}

#[test]
fn a_switch_is_killed_before_system_calls() {
    kill_before_calls("use of another", 10);
}

#[test]
fn a_removal_is_killed_before_system_calls() {
    kill_before_calls("uninstall of the default", 20);
}

#[test]
fn a_pin_is_killed_before_system_calls() {
    kill_before_calls("pin", 10);
}
