//! Random calls by several workers in one ROOT, some of them killed at a random checkpoint; held against the model at
//! each quiet point. `GVM_TEST_RACE_SECONDS` says for how long, `GVM_TEST_RACE_SEED` with which dice.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use fastrand::Rng;

use crate::model::{Done, Effect, Model};
use crate::stage::env::{Outcome, TestEnv, finish};
use crate::stage::held::was_killed;
use crate::stage::mint::Mint;
use crate::stage::site::Site;
use crate::stage::tally;

/// The first is never removed.
const VERSIONS: [&str; 6] = ["1.20.14", "1.21.12", "1.21.13", "1.22.3", "1.22.4", "1.23.0"];
const WORKERS: usize = 4;
/// Calls of each worker from one quiet point to the next.
const CALLS: usize = 6;
/// Of so many calls, one is killed.
const KILLED: u32 = 5;
const CHECKPOINTS: [&str; 20] = [
    "atomic.begun",
    "atomic.written",
    "atomic.renamed",
    "fetch.received",
    "fetch.named",
    "unpack.file-written",
    "install.verified",
    "receipt.files-listed",
    "publish.receipt-written",
    "replace.exchanged",
    "publish.renamed",
    "publish.staging-removed",
    "link.begun",
    "link.renamed",
    "default.switched",
    "shims.one-written",
    "remove.moved-aside",
    "remove.forgotten",
    "uninstall.unlocked",
    "change.swept",
];

/// A number of the test's own settings.
#[allow(clippy::disallowed_methods, reason = "the test's own setting")]
fn setting(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

/// A call: its words, the codes with which it may end, and what it does.
struct Random {
    words: String,
    codes: &'static [i32],
    effects: Vec<Effect>,
}

fn random(rng: &mut Rng) -> Random {
    let version = VERSIONS[rng.usize(1..VERSIONS.len())];
    let present = || Effect::Present(version.to_owned());
    let (words, codes, effects): (String, &'static [i32], _) = match rng.u32(0..20) {
        0..=4 => (format!("install {version}"), &[0], vec![present()]),
        5 => (format!("install --force {version}"), &[0], vec![present()]),
        6..=8 => {
            // Removed between its install and the switch: it says so.
            let effects = vec![present(), Effect::Default(version.to_owned())];
            (format!("use {version}"), &[0, 1, 3], effects)
        }
        9..=11 => {
            // Not there, or the default.
            let effects = vec![Effect::Removed(version.to_owned())];
            (format!("uninstall {version}"), &[0, 1, 3], effects)
        }
        12..=13 => {
            let effects = vec![Effect::Removed(version.to_owned())];
            (format!("uninstall --force {version}"), &[0, 3], effects)
        }
        14 => (format!("pin {version}"), &[0], vec![present()]),
        // What it runs is a script, which its interpreter opens once more (2).
        15..=16 => (format!("exec {version} -- go version"), &[0, 2, 125], vec![present()]),
        17 => ("verify".into(), &[0], vec![]),
        18 => ("list --json".into(), &[0], vec![]),
        _ => ("current".into(), &[0, 1, 3], vec![]),
    };
    Random { words, codes, effects }
}

/// Makes so many calls, and tells what they did.
fn work(env: &TestEnv, folder: &Path, rng: &mut Rng) -> Vec<Done> {
    let mut done = Vec::new();
    for _ in 0..CALLS {
        let random = random(rng);
        let mut call = env.gvm(&random.words).within(folder);
        if rng.u32(0..KILLED) == 0 {
            let (point, time) = (CHECKPOINTS[rng.usize(..CHECKPOINTS.len())], rng.u32(1..4));
            call = call.var("GVM_TEST_CHECKPOINT", format!("{point}@{time}=kill"));
        }
        let start = Instant::now();
        let output = finish(call.start(), &random.words);
        let end = Instant::now();
        let is_killed = was_killed(output.status);
        let outcome = Outcome::new(env.folder(), &output);
        let is_expected = random.codes.iter().any(|code| outcome.ended_with(*code));
        assert!(is_killed || is_expected, "{}: {outcome}", random.words);
        // Code 1 is for a default that is not removed without --force, and for nothing else.
        let is_refusal = outcome.stderr.contains("is the default") || random.words == "current";
        let is_refusal = is_refusal || outcome.stderr.contains("removed meanwhile");
        assert!(!outcome.ended_with(1) || is_refusal, "{}: {outcome}", random.words);
        if is_killed || outcome.ended_with(0) {
            let one = |effect| Done { start, end, effect, is_certain: !is_killed };
            done.extend(random.effects.into_iter().map(one));
        }
    }
    done
}

/// The state on disk, once the next command has put it in order; and that it is in order.
fn quiet(
    env: &TestEnv,
    folders: &[std::path::PathBuf],
) -> (BTreeMap<String, bool>, Option<String>) {
    let _ = env.gvm("install").arg(VERSIONS[0]).ok();
    let listed = env.gvm("list --json").ok();
    assert_eq!(listed.stderr, "");
    let listed = listed.json();
    let tags = listed["versions"].as_array().unwrap().iter().map(|it| it["tag"].as_str().unwrap());
    let mut tags: Vec<String> = tags.map(str::to_owned).collect();
    tags.sort();
    assert_eq!(env.names("versions"), tags);
    assert_eq!(env.published().len(), tags.len());
    assert_eq!(env.names("receipts").len(), 2 * tags.len());
    let shims = [&["go".to_owned(), "gofmt".to_owned()], tags.as_slice()].concat();
    let mut shims: Vec<String> = shims;
    shims.sort();
    assert_eq!(env.names("shims"), shims);
    assert_eq!(env.names("staging"), [""; 0]);
    for folder in
        ["", "versions", "receipts", "shims", "cache", "cache/index", "sumdb/sum.example.com"]
    {
        let stray = env.names(folder).into_iter().find(|name| name.starts_with('.'));
        assert_eq!(stray, None, "in {folder:?}");
    }
    for folder in folders {
        let _ = env.gvm("pin").arg(VERSIONS[0]).within(folder).ok();
        let names: Vec<_> =
            fs::read_dir(folder).unwrap().map(|it| it.unwrap().file_name()).collect();
        assert_eq!(names, [".go-version"]);
    }
    let default = listed["default"].as_str().map(|tag| tag["go".len()..].to_owned());
    if let Some(default) = &default {
        assert!(env.go("version").ok().stdout.contains(default));
    }
    let there = |version: &&str| tags.contains(&format!("go{version}"));
    (VERSIONS.iter().map(|version| ((*version).to_owned(), there(version))).collect(), default)
}

#[test]
fn random_calls_leave_what_the_model_allows() {
    let patience = Duration::from_secs(setting("GVM_TEST_RACE_SECONDS").unwrap_or(20));
    let seed = setting("GVM_TEST_RACE_SEED").unwrap_or(5);
    tally::say("is the seed of the random calls", usize::try_from(seed).unwrap());
    let site = Site::mint(Mint::new(&VERSIONS));
    let env = TestEnv::at(&site);
    let folders = [(); WORKERS].map(|()| tempfile::tempdir_in(env.folder()).unwrap().keep());
    let (installed, default) = quiet(&env, &folders);
    let mut model = Model::new(installed, default);
    let mut rngs: Vec<Rng> =
        (0..WORKERS as u64).map(|worker| Rng::with_seed(seed * 1000 + worker)).collect();
    let (begin, mut calls, mut points) = (Instant::now(), 0, 0);
    while begin.elapsed() < patience {
        thread::scope(|scope| {
            let workers = rngs.iter_mut().zip(&folders);
            let workers: Vec<_> =
                workers.map(|(rng, folder)| scope.spawn(|| work(&env, folder, rng))).collect();
            for worker in workers {
                worker.join().unwrap().into_iter().for_each(|call| model.add(call));
            }
        });
        let (installed, default) = quiet(&env, &folders);
        model.settle(installed, default);
        (calls, points) = (calls + WORKERS * CALLS, points + 1);
    }
    tally::say("random calls", calls);
    tally::say("quiet points", points);
}
