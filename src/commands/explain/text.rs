//! An explanation for people: one line a candidate, then what the child gets, then warnings.

use gvm_core::dispatch::Change;
use gvm_core::explain::{Candidate, Outcome};
use gvm_core::request::Origin;
use gvm_core::{path, vars};

use super::Explained;
use crate::commands::origin::{self, harmless};
use crate::platform;
use crate::ui::table;

pub(super) fn of(explained: &Explained) -> String {
    let mut text = match (&explained.choice, &explained.explanation.result) {
        (Some((version, _)), Ok(choice)) => {
            format!("{version}  ({})\n\n", origin::text(&choice.origin))
        }
        (Some(_) | None, _) => "no go runs here\n\n".into(),
    };
    let rows: Vec<[String; 4]> = explained.explanation.candidates.iter().map(row).collect();
    text.push_str(&table::columns(&rows));
    if explained.choice.is_some() {
        text.push_str(&child(&explained.explanation.changes));
    }
    if let Some(go) = &explained.go {
        text.push_str(&format!("\n{}\n", go.sentence()));
        text.extend(go.trace.iter().map(|line| format!("  {line}\n")));
    }
    for warning in &explained.warnings {
        text.push_str(&format!("\nwarning: {}\n", warning.message));
        text.extend(warning.hint.iter().map(|hint| format!("hint: {hint}\n")));
    }
    text
}

/// The path stands last, so that one long path does not move all the rest away.
fn row(candidate: &Candidate) -> [String; 4] {
    let mark = match candidate.outcome {
        Outcome::Chosen => "✓",
        Outcome::NotInstalled | Outcome::Invalid => "✗",
        Outcome::Lost | Outcome::Ignored => "·",
    };
    let spec = candidate.spec.clone().unwrap_or_else(|| "-".into());
    let (name, place) = who(&candidate.origin);
    let place = place.map(|place| format!("  ({})", harmless(&place))).unwrap_or_default();
    [mark.into(), name, spec, format!("{}{place}", candidate.reason)]
}

/// Who speaks, and where that stands.
fn who(origin: &Origin) -> (String, Option<String>) {
    let at = |path: &[u8], line: u32| match line {
        0 => platform::path(path).display().to_string(),
        _ => format!("{}:{line}", platform::path(path).display()),
    };
    match origin {
        Origin::Argument => ("+SPEC".into(), None),
        Origin::Name => ("the shim's name".into(), None),
        Origin::GoEnv { path, line } => (vars::GOTOOLCHAIN.into(), Some(at(path, *line))),
        Origin::PinFile { path: file, line } | Origin::Module { path: file, line, .. } => {
            let name = platform::path(path::file_name(file)).display().to_string();
            (name, Some(at(file, *line)))
        }
        Origin::Variable(_) | Origin::Default | Origin::System => (origin::text(origin), None),
    }
}

fn child(changes: &[Change]) -> String {
    if changes.is_empty() {
        return "\ngo gets your environment as it is\n".into();
    }
    let row = |change: &Change| {
        let what = match &change.value {
            Some(value) => format!("{}={}", change.name, platform::path(value).display()),
            None => format!("no {}", change.name),
        };
        [String::new(), harmless(&what), change.why.to_owned()]
    };
    let rows: Vec<[String; 3]> = changes.iter().map(row).collect();
    format!("\ngo gets:\n{}", table::columns(&rows))
}
