//! [`some`]: of rows that are many and alike, all on Linux and a part where each start of a program is slow.

use std::iter::StepBy;

/// On Windows one of so many, unless `GVM_TEST_ALL=1` asks for all: under Wine a start takes ten times as long.
#[allow(clippy::disallowed_methods, reason = "the test's own setting")]
pub fn some<I: IntoIterator>(rows: I, one_of: usize) -> StepBy<I::IntoIter> {
    let wants_all = || std::env::var("GVM_TEST_ALL").is_ok_and(|value| value == "1");
    let step = if cfg!(windows) && !wants_all() { one_of } else { 1 };
    rows.into_iter().step_by(step)
}
