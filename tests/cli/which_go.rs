//! Which Go runs: gvm held to the real go command, case by case.
//!
//! The cases are the rows of `tests/cases/which-go.tsv`, each with what a real base did. Three
//! things are held to them: gvm's pure decision, which needs nothing; the real bases again, and the
//! shim with these bases as its default, which need the bytes of real Go.
//!
//! - `GVM_TEST_RECORD=N` makes the table anew: N random cases, run on the real bases.
//! - `GVM_TEST_SEARCH=N` tries N random cases that are not in the table, on all three sides.
//! - `GVM_TEST_SEED=N` gives another sequence of random cases for both.

mod case;
mod decision;
mod machine;
mod random;
mod seen;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use crate::stock::{Stock, stock};
use case::{Case, Outcome, Row};
use machine::Machine;
use random::BASES;
use seen::{Seen, knows_chdir};

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

/// The bases among ours that look for `go1.22` where a line says `go 1.22`: of 1.21.0 to 1.21.9 and
/// 1.22.0 to 1.22.3.
const LOOKS_FOR_LANGUAGES: [&str; 1] = ["1.21.0"];

/// What is asked of this run by a variable.
#[allow(clippy::disallowed_methods, reason = "the test's own setting")]
fn asked<N: FromStr>(name: &str) -> Option<N> {
    std::env::var(name).ok()?.parse().ok()
}

fn table() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/cases/which-go.tsv")
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

/// The rows of the table.
fn rows() -> Vec<Row> {
    let text = fs::read_to_string(table()).unwrap();
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines.map(|line| Row::parse(line).unwrap_or_else(|| panic!("no row: {line}"))).collect()
}

/// The first toolchain of the language that a row's base looks for by a name that no toolchain has.
fn first_of_language(row: &Row) -> Option<String> {
    match &row.outcome {
        Outcome::Picked(name) | Outcome::Missing(name) => Some(format!("{name}.0")),
        Outcome::Base | Outcome::Fatal => None,
    }
}

/// Whether gvm may decide so where the go command did that. A refusal is left to the base, and so
/// is all that installs or runs a package of another module.
fn is_right(decision: &Outcome, row: &Row) -> bool {
    let case = &row.case;
    if let Some(name) = first_of_language(row).filter(|_| row.deviates) {
        return *decision == gvms_own(name, case);
    }
    let words: Vec<&str> = case.arguments.iter().map(String::as_str).collect();
    let changes_folder = words.iter().any(|word| word.contains("-C"));
    match (words.as_slice(), &row.outcome) {
        (["run" | "install", "example.com/tool@v1.2.3"], _) => *decision == Outcome::Base,
        // There may be a package's version among the words, or something else that has an `@`.
        (words, _) if *decision == Outcome::Base && words.iter().any(|word| word.contains('@')) => {
            true
        }
        // Without a working directory nothing can be downloaded: it does not come to "cannot find".
        (_, Outcome::Fatal) if case.gone => {
            matches!(decision, Outcome::Base | Outcome::Missing(_))
        }
        (_, Outcome::Fatal) => *decision == Outcome::Base,
        // The base follows -C itself, and starts what would not know it.
        (_, Outcome::Picked(name)) if changes_folder && !knows_chdir(name) => {
            *decision == Outcome::Base
        }
        (_, outcome) => decision == outcome,
    }
}

/// What gvm says where the go command looks for a toolchain by the name of a language.
fn gvms_own(name: String, case: &Case) -> Outcome {
    if case.installed.contains(&name) { Outcome::Picked(name) } else { Outcome::Missing(name) }
}

/// What is wrong with gvm's decision, if anything is.
fn wrong_decision(row: &Row) -> Option<String> {
    match decision::of(&row.case) {
        Ok(decision) if is_right(&decision, row) => None,
        Ok(decision) => Some(format!("gvm decides: {decision}\n{row}\n")),
        Err(why) => Some(format!("gvm: {why}\n{row}\n")),
    }
}

/// What is wrong with what the real base and the shim do, if anything is.
fn wrong_start(machine: &Machine, row: &Row) -> Option<String> {
    let real = machine.real(&row.case);
    if real.outcome != row.outcome {
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

/// Holds that nothing was found wrong.
fn assert_none(wrong: impl Iterator<Item = Option<String>>) {
    let wrong: Vec<String> = wrong.flatten().collect();
    assert!(wrong.is_empty(), "{}{} disagreements", wrong.join("\n"), wrong.len());
}

/// What must stand in some rows, or a part of the rule would be held to nothing.
const AXES: [&str; 33] = [
    "GOTOOLCHAIN=auto",
    "GOTOOLCHAIN=path",
    "GOTOOLCHAIN=local",
    "+path",
    "-corp",
    "toolchain default",
    "rc1",
    "\t+\t",
    "GOENV=off",
    "GOWORK=off",
    "GOWORK=@/",
    "GO111MODULE=off",
    "GO111MODULE=auto",
    "TMPDIR=@/",
    "PWD=@/",
    "link project/",
    "gone project",
    "GOROOT/src/x",
    "folder project/",
    "file project/go.work",
    "file project/a/go.mod",
    "require (",
    "\\r\\n",
    "\\xc2\\xa0",
    "-C; ",
    "\tversion",
    "env; GOMOD",
    "env; GOTOOLCHAIN",
    "env; -w; GOTOOLCHAIN=",
    "mod; init",
    "run; example.com/tool@v1.2.3",
    "build",
    "help",
];

#[test]
fn the_table_is_large_and_of_all_bases() {
    let rows = rows();
    let of = |base: &str| rows.iter().filter(|row| row.case.base == base).count();
    assert!(BASES.iter().all(|base| of(base) >= 100), "{:?}", BASES.map(of));
    for what in AXES {
        let found = rows.iter().filter(|row| row.to_string().contains(what)).count();
        assert!(found >= 4, "{found} rows have {what:?}");
    }
    let deviations: Vec<&Row> = rows.iter().filter(|row| row.deviates).collect();
    assert!(
        deviations.iter().all(|row| LOOKS_FOR_LANGUAGES.contains(&&*row.case.base))
            && !deviations.is_empty()
    );
}

#[test]
fn gvm_decides_as_the_go_command_does() {
    assert_none(rows().iter().map(wrong_decision));
}

#[test]
fn the_shim_starts_what_the_real_go_command_starts() {
    let Some(stock) = stock() else { return };
    let rows = rows();
    assert_none(on_machines(stock, &rows, wrong_start).into_iter());
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
