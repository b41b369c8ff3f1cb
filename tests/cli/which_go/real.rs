//! The cases on the real go command, and on the shim with it as its default; the search for more, and the table anew.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::str::FromStr;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::case::{Case, Entry, Outcome, Row};
use super::machine::Machine;
use super::seen::Seen;
use super::{
    LOOKS_FOR_LANGUAGES, assert_none, decision, first_of_language, gvms_own, is_of_every_system,
    random, rows, table, wrong_decision,
};
use crate::stock::{OLDER, Stock, stock};

/// What the table says of itself.
const HEAD: &str = r"# Which Go the real go command picked, one case a line.
# Made by GVM_TEST_RECORD=N: see tests/cli/which_go.rs. Columns are parted by tabs, lists by `; `; `-` is
# none; bytes are written \n \r \t \\ \xNN.
#  1  what the base did: `base` the command itself; `go1.22.10` it started that toolchain;
#     `missing go1.22.10` it wanted that one, neither on PATH nor to be downloaded;
#     `fatal` it refused a value or a line
#  2  `=`, or `deviation`: the base looks for go1.22 where gvm says go1.22.0
#  3  the base
#  4  the other toolchains that are there
#  5  the base's go.env, after a `+`
#  6  the user's go/env file, after a `+`
#  7  variables of the process; `@/` is the test's folder
#  8  the working directory, below that folder, or below `GOROOT/`, the base's own; after `gone `: it
#     is removed before the start
#  9  the arguments of go
#  10 and on: `file PATH CONTENT`, `link PATH TARGET`, `folder PATH`. The folders project/a/b,
#     project/c/d and tmp, which is TMPDIR unless column 7 has one, are there in every case
";

/// What is asked of this run by a variable.
#[allow(clippy::disallowed_methods, reason = "the test's own setting")]
fn asked<N: FromStr>(name: &str) -> Option<N> {
    std::env::var(name).ok()?.parse().ok()
}

/// Asks something of each row on the machine of its base, two machines at a time; the answers come
/// in the rows' order.
fn on_machines<R: Send>(
    stock: &Stock,
    rows: &[Row],
    ask: impl Fn(&Machine, &Row) -> R + Sync,
) -> Vec<R> {
    let names = rows.iter().flat_map(|row| row.case.installed.iter().cloned()).collect();
    let bases: BTreeSet<&str> = rows.iter().map(|row| row.case.base.as_str()).collect();
    let machine = |base: &str| (base.to_owned(), Machine::new(stock, base, &names));
    let machines: Vec<_> = bases.into_iter().map(machine).collect();
    let next = AtomicUsize::new(0);
    let answers = Mutex::new(BTreeMap::new());
    let work = || {
        while let Some((base, machine)) = machines.get(next.fetch_add(1, Ordering::Relaxed)) {
            for (at, row) in rows.iter().enumerate().filter(|(_, row)| row.case.base == *base) {
                let answer = ask(machine, row);
                answers.lock().unwrap().insert(at, answer);
            }
        }
    };
    thread::scope(|scope| (0..2).for_each(|_| drop(scope.spawn(work))));
    answers.into_inner().unwrap().into_values().collect()
}

/// What is wrong with what the real base and the shim do, if anything is.
fn wrong_start(machine: &Machine, row: &Row) -> Option<String> {
    let real = machine.real(&row.case);
    // The table is Linux's; there the go command has told what a row says, and here it tells anew.
    if cfg!(unix) && real.outcome != row.outcome {
        return Some(format!(
            "the real go command now does: {}\n{}{row}\n",
            real.outcome, real.text
        ));
    }
    let shim = machine.shim(&row.case);
    let deviation = first_of_language(row).filter(|_| row.deviates);
    let same = match deviation.map(|name| gvms_own(name, &row.case)) {
        Some(own @ Outcome::Picked(_)) => shim.outcome == own,
        Some(_) | None => shim == real,
    };
    let shown = |seen: &Seen| format!("{}\n{}", seen.outcome, seen.text);
    (!same).then(|| format!("real: {}shim: {}{row}\n", shown(&real), shown(&shim)))
}

#[test]
fn the_shim_starts_what_the_real_go_command_starts() {
    let Some(stock) = stock() else { return };
    let mut rows = rows();
    rows.retain(is_for_this_system);
    assert!(rows.len() > 50);
    assert_none(on_machines(stock, &rows, wrong_start).into_iter());
}

/// Whether there is such a base for this system, and all that the row wants of it: on Windows tests make no links.
fn is_for_this_system(row: &Row) -> bool {
    let has_link = row.case.entries.iter().any(|entry| matches!(entry, Entry::Link(..)));
    let is_here = row.case.base == OLDER && !row.case.gone && !has_link;
    cfg!(unix) || is_here && is_of_every_system(row)
}

/// A search for cases that the table lacks.
#[test]
fn as_many_random_cases_as_are_asked_for() {
    let Some(count) = asked("GVM_TEST_SEARCH") else { return };
    let rows = recorded(random::cases(count, asked("GVM_TEST_SEED").unwrap_or(5)));
    let stock = stock().expect("searching needs real Go");
    let starts = on_machines(stock, &rows, wrong_start);
    assert_none(rows.iter().map(wrong_decision).chain(starts));
}

/// Writes the table, where that is asked for.
#[test]
fn the_table_is_made_anew_on_demand() {
    let Some(count) = asked("GVM_TEST_RECORD") else { return };
    let rows = recorded(random::cases(count, asked("GVM_TEST_SEED").unwrap_or(13)));
    let rows: String = rows.iter().map(|row| format!("{row}\n")).collect();
    fs::write(table(), format!("{HEAD}{rows}")).unwrap();
}

/// The cases with what the real go command does in them.
fn recorded(cases: Vec<Case>) -> Vec<Row> {
    let blank = |case| Row { outcome: Outcome::Base, deviates: false, case };
    let mut rows: Vec<Row> = cases.into_iter().map(blank).collect();
    let stock = stock().expect("recording needs real Go");
    let outcomes = on_machines(stock, &rows, |machine, row| machine.real(&row.case).outcome);
    for (row, outcome) in rows.iter_mut().zip(outcomes) {
        row.outcome = outcome;
        let first =
            first_of_language(row).filter(|_| LOOKS_FOR_LANGUAGES.contains(&&*row.case.base));
        let decision = decision::of(&row.case).ok();
        row.deviates = first.is_some_and(|name| decision == Some(gvms_own(name, &row.case)));
    }
    rows
}
