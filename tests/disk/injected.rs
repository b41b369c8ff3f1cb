//! A system call that fails: strace makes the Nth of its kind in each thread return an error, for every N that a command
//! reaches on the disk. Whatever failed, the command says so with exit code 1, or did all that it was asked.

use std::collections::BTreeSet;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::process::Command;
use std::sync::Mutex;
use std::thread;

use sha2::{Digest, Sha256};

use crate::ground::{Ground, NEW, OLD, OTHER, assert_no_litter, assert_sound};
use crate::stage::env::{Outcome, TestEnv, finish};
use crate::stage::stock::skip;
use crate::stage::tally::say;

/// The calls that change a disk, and the errors that each can meet.
const CALLS: [(&str, &[&str]); 13] = [
    ("write", &["ENOSPC", "EDQUOT", "EIO"]),
    ("openat", &["EACCES", "ENOSPC", "EROFS", "EDQUOT", "EIO"]),
    ("mkdir", &["ENOSPC", "EROFS", "EACCES", "EDQUOT"]),
    ("rename", &["ENOSPC", "EIO", "EACCES", "EROFS"]),
    ("renameat2", &["ENOSPC", "EIO"]),
    ("symlink", &["ENOSPC", "EDQUOT", "EROFS"]),
    ("syncfs", &["EIO", "ENOSPC"]),
    ("fsync", &["EIO", "ENOSPC", "EDQUOT"]),
    ("ftruncate", &["EIO", "ENOSPC"]),
    ("fchmod", &["EROFS", "EIO"]),
    ("utimensat", &["EROFS", "EACCES"]),
    ("unlink", &["EROFS", "EIO", "EACCES"]),
    ("flock", &["ENOLCK"]),
];

/// An archive at hand.
const ARCHIVE: &str = "../go1.22.4.linux-amd64.tar.gz";

/// What is done while the disk fails.
#[derive(Clone, Copy)]
struct Story {
    words: &'static [&'static str],
    /// The version that may be gone after it.
    removes: Option<&'static str>,
    /// Whether its effect is whole.
    is_done: fn(&TestEnv) -> bool,
}

const STORIES: [Story; 5] = [
    Story {
        words: &["install", NEW],
        removes: None,
        is_done: |env| env.goroot(NEW).exists() && runs(env, NEW),
    },
    // Without a network: its client's own wake-up calls are writes too, and no disk refuses them.
    Story {
        words: &["install", ARCHIVE, "--sha256", "DIGEST"],
        removes: None,
        is_done: |env| env.goroot(NEW).exists() && runs(env, NEW),
    },
    Story {
        words: &["use", OTHER],
        removes: None,
        is_done: |env| default(env).contains(&crate::stage::env::hash8(OTHER)),
    },
    Story {
        words: &["pin", OTHER],
        removes: None,
        is_done: |env| {
            fs::read(env.work().join(".go-version")).is_ok_and(|pin| pin == b"1.20.14\n")
        },
    },
    Story {
        words: &["uninstall", OTHER],
        removes: Some(OTHER),
        is_done: |env| !env.goroot(OTHER).exists(),
    },
];

fn runs(env: &TestEnv, version: &str) -> bool {
    let told = env.go("version").var("GVM_GO", version).run();
    told.line() == format!("go version go{version} linux/amd64")
}

fn default(env: &TestEnv) -> String {
    fs::read_link(env.root().join("current")).unwrap().display().to_string()
}

/// One failure.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
struct Case {
    story: usize,
    call: &'static str,
    /// strace's `when`: `3`, or `3+` for all from the third on.
    when: String,
    error: &'static str,
}

#[test]
fn whichever_call_fails_nothing_is_lost_and_the_reason_is_told() {
    if !can_inject() {
        return;
    }
    let ground = Ground::new();
    let mut cases = Vec::new();
    for story in 0..STORIES.len() {
        cases.extend(cases_of(&ground, story));
    }
    let (queue, done) = (Mutex::new(cases.into_iter()), Mutex::new(Tried::default()));
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                loop {
                    let Some(case) = queue.lock().unwrap().next() else { break };
                    let tried = catch_unwind(AssertUnwindSafe(|| attempt(&ground, &case)));
                    let mut done = done.lock().unwrap();
                    let Ok(tried) = tried else {
                        done.failed += 1;
                        continue;
                    };
                    done.injected += usize::from(tried.injected > 0);
                    done.refused += tried.refused;
                }
            });
        }
    });
    let done = done.into_inner().unwrap();
    assert_eq!(done.failed, 0, "failed attempts, told above");
    assert!(done.refused > 100, "{} were refused", done.refused);
    // How many there are depends on how the machine's threads share the work.
    say("injected disk errors", done.injected);
    assert!(done.injected > 250, "{} were injected", done.injected);
}

#[derive(Default)]
struct Tried {
    injected: usize,
    refused: usize,
    failed: usize,
}

/// Every call that the story makes on its folder, by how manieth it is of its kind in its thread.
fn cases_of(ground: &Ground, story: usize) -> Vec<Case> {
    let env = copy(ground);
    let names = CALLS.map(|(call, _)| call).join(",");
    let (outcome, log) = strace(&env, &words(ground, story), &[format!("trace={names}")]);
    let _ = outcome.code(0);
    let folder = env.folder().to_str().unwrap();
    let mut seen = std::collections::HashMap::new();
    let mut reached = BTreeSet::new();
    for line in log.lines() {
        let Some((thread, rest)) = line.split_once(' ') else { continue };
        let rest = rest.trim_start();
        let Some((call, _)) = CALLS.iter().find(|(call, _)| rest.starts_with(&format!("{call}(")))
        else {
            continue;
        };
        let number = seen.entry((thread.to_owned(), *call)).or_insert(0);
        *number += 1;
        let changes = *call != "openat" || rest.contains("O_CREAT");
        if rest.contains(folder) && changes {
            reached.insert((*call, *number));
        }
    }
    let has_client = STORIES[story].words == ["install", NEW];
    let mut cases = Vec::new();
    for (turn, (call, number)) in reached.into_iter().enumerate() {
        if call == "write" && has_client {
            continue;
        }
        let (_, errors) = CALLS.iter().find(|(name, _)| *name == call).unwrap();
        let mut case = |when: String, error: &'static str| {
            cases.push(Case { story, call, when, error });
        };
        case(number.to_string(), errors[turn % errors.len()]);
        // Where no write works any more, nothing can be told either.
        if call != "write" {
            case(format!("{number}+"), errors[(turn + 1) % errors.len()]);
        }
    }
    cases
}

fn attempt(ground: &Ground, case: &Case) -> Tried {
    let story = STORIES[case.story];
    let env = copy(ground);
    let inject = format!("inject={}:error={}:when={}", case.call, case.error, case.when);
    let (outcome, log) =
        strace(&env, &words(ground, case.story), &[format!("trace={}", case.call), inject]);
    let folder = env.folder().to_str().unwrap();
    let hits = |line: &&str| line.contains("(INJECTED)") && line.contains(folder);
    let injected = log.lines().filter(hits).count();
    let row = format!("{case:?} of {:?}, {injected} hits", story.words);
    assert_sound(&env, &row, story.removes, &outcome);
    let code = outcome.code_or_signal();
    // The dynamic loader opens files too, before gvm begins.
    if code == Some(127) && outcome.stderr.contains("loading shared libraries") {
        return Tried::default();
    }
    match code {
        Some(0) => {
            assert!((story.is_done)(&env), "{row}: it says that it is done: {outcome}");
        }
        // The message itself met the failure.
        Some(1) if log.lines().any(|it| it.contains("(INJECTED)") && it.contains("write(2<")) => {}
        Some(1) => {
            let error = outcome.stderr.lines().find(|line| line.starts_with("error: "));
            let error = error.unwrap_or_else(|| panic!("{row}: {outcome}"));
            assert!(error.contains(folder), "{row}: it names no path: {outcome}");
            assert!(error.contains("os error"), "{row}: it names no reason: {outcome}");
            assert!(outcome.stderr.contains("\nhint: "), "{row}: it names no way out: {outcome}");
        }
        _ => panic!("{row}: {outcome}"),
    }
    assert!(!outcome.stderr.contains("panicked"), "{row}: {outcome}");
    // With the disk well again, the same command does it, and what was left goes.
    let again = env.gvm("").with(|call| _ = call.args(words(ground, case.story))).run();
    let was_removed = story.removes.is_some_and(|version| !env.goroot(version).exists());
    match again.code_or_signal() {
        Some(0) => {}
        Some(3) if was_removed => {}
        _ => panic!("{row}: again: {again}\nafter {outcome}"),
    }
    assert!((story.is_done)(&env), "{row}: again: {again}");
    let _ = env.gvm("use").arg(OLD).ok();
    assert_no_litter(&env, &row);
    assert_sound(&env, &row, story.removes, &again);
    Tried { injected, refused: usize::from(code == Some(1)), failed: 0 }
}

/// The prepared ROOT, and an archive in the folder above the project.
fn copy(ground: &Ground) -> TestEnv {
    let env = ground.copy();
    fs::write(env.work().join(ARCHIVE), ground.archive()).unwrap();
    env
}

fn words(ground: &Ground, story: usize) -> Vec<String> {
    let digest = || hex::encode(Sha256::digest(ground.archive()));
    let word = |word: &&str| if *word == "DIGEST" { digest() } else { (*word).to_owned() };
    STORIES[story].words.iter().map(word).collect()
}

/// gvm under strace, with what strace wrote.
fn strace(env: &TestEnv, words: &[String], expressions: &[String]) -> (Outcome, String) {
    let log = env.folder().join("strace.log");
    let call = env.call("/usr/bin/strace", "-f -qq -y -s 0 -o").arg(&log).with(|call| {
        for expression in expressions {
            call.args(["-e", expression]);
        }
        call.arg(env!("CARGO_BIN_EXE_gvm")).args(words);
    });
    let shown = format!("{words:?} {expressions:?}");
    let outcome = Outcome::new(env.folder(), &finish(call.start(), &shown));
    let text = fs::read_to_string(&log).unwrap();
    fs::remove_file(log).unwrap();
    (outcome, text)
}

fn can_inject() -> bool {
    let words = ["-f", "-o", "/dev/null", "-e", "inject=flock:error=EIO:when=9", "/bin/true"];
    let can = Path::new("/usr/bin/strace").exists()
        && Command::new("/usr/bin/strace").args(words).output().is_ok_and(|it| it.status.success());
    if !can {
        skip("strace is not here, or may not look at a process");
    }
    can
}
