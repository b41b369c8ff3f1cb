//! A report for people: who finds which `go`, then each finding in three lines: what, why, and the cure.

use super::Examined;
use crate::doctor::finding::Place;
use crate::doctor::surroundings::text;
use crate::doctor::{Finding, Launch, Severity};
use crate::ui::table;

pub(super) fn of(examined: &Examined) -> String {
    let mut shown = match &examined.subject {
        Some(seen) => format!("{}  {}\n\n", seen.version.as_deref().unwrap_or("go"), seen.goroot),
        None => "no go runs here\n\n".into(),
    };
    let rows: Vec<[String; 3]> = examined.report.launches.iter().map(row).collect();
    shown.push_str(&table::columns(&rows));
    for finding in &examined.mended {
        shown.push_str(&format!("\nmended {}: {}\n", finding.id, finding.what));
    }
    for it in &examined.report.findings {
        shown.push_str(&finding(it));
    }
    shown.push_str(&format!("\n{}\n", count(&examined.report.findings)));
    shown
}

fn row(launch: &Launch) -> [String; 3] {
    let go = launch.go.as_deref().map_or_else(|| "no go".into(), text);
    [launch.who.clone(), go, launch.why.clone()]
}

/// What, why, and the cure: a line each.
pub(in crate::commands) fn finding(finding: &Finding) -> String {
    let mut shown = format!("\n{} {}: {}\n", finding.severity.word(), finding.id, finding.what);
    match (&finding.place, finding.why.as_str()) {
        (None, "") => {}
        (None, why) => shown.push_str(&format!("  {why}\n")),
        (Some(at), why) => shown.push_str(&format!("  {}: {why}\n", place(at))),
    }
    shown.extend(finding.fix.iter().map(|fix| format!("  fix: {fix}\n")));
    shown
}

fn place(place: &Place) -> String {
    match place.line {
        Some(line) => format!("{}:{line}", text(&place.file)),
        None => text(&place.file),
    }
}

fn count(findings: &[Finding]) -> String {
    let words =
        [(Severity::Error, "error"), (Severity::Warning, "warning"), (Severity::Note, "note")];
    let counted: Vec<String> = words
        .iter()
        .filter_map(|(severity, word)| {
            match findings.iter().filter(|finding| finding.severity == *severity).count() {
                0 => None,
                1 => Some(format!("1 {word}")),
                count => Some(format!("{count} {word}s")),
            }
        })
        .collect();
    if counted.is_empty() { "nothing is wrong".into() } else { counted.join(", ") }
}
