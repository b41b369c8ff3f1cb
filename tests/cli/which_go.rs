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
mod real;
mod seen;
#[cfg(windows)]
mod windows;

use std::fs;
use std::path::PathBuf;

use case::{Case, Outcome, Row, knows_chdir};
use random::BASES;

/// The bases among ours that look for `go1.22` where a line says `go 1.22`: of 1.21.0 to 1.21.9 and
/// 1.22.0 to 1.22.3.
const LOOKS_FOR_LANGUAGES: [&str; 1] = ["1.21.0"];

fn table() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/cases/which-go.tsv")
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
    let rows = rows();
    assert_none(rows.iter().filter(|row| is_of_every_system(row)).map(wrong_decision));
}

/// Whether it means the same on Windows, whose go command takes neither its working directory nor its temporary folder
/// from these variables.
fn is_of_every_system(row: &Row) -> bool {
    let is_of_unix = |(name, _): &(String, String)| ["PWD", "TMPDIR"].contains(&name.as_str());
    cfg!(unix) || !row.case.variables.iter().any(is_of_unix)
}
