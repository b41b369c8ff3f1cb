//! Which Go runs: gvm held to the real go command, case by case.
//!
//! The cases are the rows of `tests/cases/which-go.tsv`, each with what a real base did. Three things are held to them:
//! gvm's pure decision, which needs nothing; the real bases again, and the shim with these bases as its default, which
//! need the bytes of real Go.
//!
//! - `GVM_TEST_RECORD=N` makes the table anew: N random cases, run on the real bases.
//! - `GVM_TEST_SEARCH=N` tries N random cases that are not in the table, on all three sides.
//! - `GVM_TEST_SEED=N` gives another sequence of random cases for both.

mod case;
mod machine;
mod random;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use fastrand::Rng;

use crate::stock::stock;
use case::{Case, Outcome, Row};
use machine::{Machine, Programs};
use random::BASES;

/// What is asked of this run by a variable.
#[allow(clippy::disallowed_methods, reason = "the test's own setting")]
fn asked(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

fn table() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/cases/which-go.tsv")
}

/// Does something for each item, two at a time; the answers come in the items' order.
fn each<T: Sync, R: Send>(items: &[T], one: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let done = Mutex::new(BTreeMap::new());
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let at = next.fetch_add(1, Ordering::Relaxed)
                    && let Some(item) = items.get(at)
                {
                    let answer = one(item);
                    done.lock().unwrap().insert(at, answer);
                }
            });
        }
    });
    done.into_inner().unwrap().into_values().collect()
}

/// Different random cases, the same number of each base.
fn random_cases(count: u64) -> Vec<Case> {
    let mut rng = Rng::with_seed(asked("GVM_TEST_SEED").unwrap_or(4));
    let mut seen = BTreeSet::new();
    let mut cases = Vec::new();
    while (cases.len() as u64) < count {
        let case = random::case(BASES[cases.len() % BASES.len()], &mut rng);
        if seen.insert(case.to_string()) {
            cases.push(case);
        }
    }
    cases
}

#[test]
fn record() {
    let Some(count) = asked("GVM_TEST_RECORD") else { return };
    let stock = stock().expect("recording needs real Go");
    let programs = Programs::new(stock, &BASES);
    let cases = random_cases(count);
    let seen = each(&cases, |case| Machine::new(&programs, case).real());
    let rows = cases.into_iter().zip(seen).map(|(case, seen)| Row {
        outcome: seen.outcome,
        deviates: false,
        case,
    });
    let text: String = rows.map(|row| format!("{row}\n")).collect();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for line in text.lines() {
        *counts.entry(line.split(['\t', ' ']).next().unwrap()).or_default() += 1;
    }
    fs::create_dir_all(table().parent().unwrap()).unwrap();
    fs::write(table(), &text).unwrap();
    let _ = Outcome::Fatal;
    panic!("{counts:?}");
}
