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

use crate::stock::{Stock, stock};
use case::{Case, Outcome, Row};
use machine::Machine;
use random::BASES;

/// What is asked of this run by a variable.
#[allow(clippy::disallowed_methods, reason = "the test's own setting")]
fn asked(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

fn table() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/cases/which-go.tsv")
}

/// Asks something of each case on the machine of its base, two machines at a time; the answers come in the cases'
/// order.
fn on_machines<R: Send>(
    stock: &Stock,
    cases: &[Case],
    ask: impl Fn(&Machine, &Case) -> R + Sync,
) -> Vec<R> {
    let names = cases.iter().flat_map(|case| case.installed.iter().cloned()).collect();
    let bases: BTreeSet<&str> = cases.iter().map(|case| case.base.as_str()).collect();
    let machine = |base: &str| (base.to_owned(), Machine::new(stock, base, &names));
    let machines: Vec<_> = bases.into_iter().map(machine).collect();
    let next = AtomicUsize::new(0);
    let answers = Mutex::new(BTreeMap::new());
    let work = || {
        while let Some((base, machine)) = machines.get(next.fetch_add(1, Ordering::Relaxed)) {
            for (at, case) in cases.iter().enumerate().filter(|(_, case)| case.base == *base) {
                let answer = ask(machine, case);
                answers.lock().unwrap().insert(at, answer);
            }
        }
    };
    thread::scope(|scope| (0..2).for_each(|_| drop(scope.spawn(work))));
    answers.into_inner().unwrap().into_values().collect()
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
    let cases = random_cases(count);
    let seen = on_machines(stock().expect("recording needs real Go"), &cases, Machine::real);
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
