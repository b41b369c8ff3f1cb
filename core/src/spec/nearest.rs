//! Which of the versions that there are was perhaps meant by one that there is not.

use alloc::vec::Vec;
use core::cmp::Ordering;

use super::{Kind, Operand, Part, Selector};
use crate::version::Version;

/// How many a hint names.
const COUNT: usize = 3;

/// Up to three, the likeliest first. For one release its neighbours in Go's order, those of its
/// own line first; for `1.23rc` the candidates nearby; for anything else the newest release of each
/// line nearby.
pub(super) fn nearest<'a>(
    kind: &Kind,
    versions: impl IntoIterator<Item = &'a Version>,
) -> Vec<&'a Version> {
    let mut found: Vec<&Version> =
        versions.into_iter().filter(|version| is_likely(version, kind)).collect();
    found.sort_unstable();
    found.dedup();
    match kind {
        Kind::System | Kind::Path(_) => {}
        Kind::Exact(_) | Kind::Select(Selector::Prerelease { .. }) => {}
        Kind::Select(_) => found = newest_of_each_line(&found),
    }
    let mut found = outwards(kind, &found);
    if let Kind::Exact(wanted) = kind {
        let line = wanted.line();
        // The sort is stable: within the line, and outside, the nearer one stays first.
        found.sort_by_key(|version| version.line() != line);
    }
    found.truncate(COUNT);
    found
}

/// Candidates are hints only to who asked for one.
fn is_likely(version: &Version, kind: &Kind) -> bool {
    let fits = match kind {
        Kind::System | Kind::Path(_) => false,
        Kind::Exact(wanted) => version.is_stable() || !wanted.is_stable(),
        Kind::Select(Selector::Prerelease { .. }) => !version.is_stable(),
        Kind::Select(_) => version.is_stable(),
    };
    fits && version.suffix().is_none() && !version.is_language()
}

fn newest_of_each_line<'a>(sorted: &[&'a Version]) -> Vec<&'a Version> {
    let lines = sorted.chunk_by(|a, b| a.line() == b.line());
    lines.filter_map(|line| line.last().copied()).collect()
}

/// From where the wanted one would stand: one below, one above, and so on.
fn outwards<'a>(kind: &Kind, sorted: &[&'a Version]) -> Vec<&'a Version> {
    let (below, above) = sorted.split_at(sorted.partition_point(|v| is_below(v, kind)));
    let (mut below, mut above) = (below.iter().rev(), above.iter());
    let mut order = Vec::with_capacity(sorted.len());
    while order.len() < sorted.len() {
        order.extend(below.next().into_iter().chain(above.next()));
    }
    order
}

fn is_below(version: &Version, kind: &Kind) -> bool {
    let before = |line| version.line() < line;
    match kind {
        Kind::System | Kind::Path(_) => true,
        Kind::Exact(wanted) => version.compare_as_go(wanted) == Ordering::Less,
        Kind::Select(Selector::Stable | Selector::OldStable | Selector::Unstable) => true,
        Kind::Select(Selector::Line(line) | Selector::Prerelease { line, .. }) => {
            before(line.clone())
        }
        Kind::Select(Selector::Range(range)) => match range.parts().first().map(Part::operand) {
            None | Some(Operand::Major(_)) => true,
            Some(Operand::Line(line)) => before(line.clone()),
            Some(Operand::Prereleases(v) | Operand::Release(v)) => before(v.line()),
        },
    }
}
