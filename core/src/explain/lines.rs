//! The lines of a go.work or go.mod as candidates.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::rule::Asked;
use super::{Candidate, Case, Outcome};
use crate::excerpt::excerpt;
use crate::goenv::Setting;
use crate::gomod::{self, GoMod, Value};
use crate::request::Origin;
use crate::resolve::Undecided;
use crate::toolchain::{self, ModFile, Refusal, Selection, Stay};
use crate::vars;

/// The lines of one go.work or go.mod; `counts` where no other file comes before it.
pub(super) fn candidates(
    case: &Case<'_>,
    asked: &Asked<'_>,
    file: &ModFile,
    counts: bool,
) -> Vec<Candidate> {
    let at = |line| Origin::Module { path: file.path.clone(), line, is_work: file.is_work };
    let Some(content) = &file.content else {
        let reason = "gvm cannot read it: the go command is left to itself".into();
        let outcome = Outcome::Invalid;
        return Vec::from([Candidate { origin: at(0), spec: None, outcome, reason }]);
    };
    let lines = GoMod::read(content);
    let toolchain = lines.toolchain.map(|value| ("toolchain", value));
    let go = lines.go.map(|value| ("go", value));
    let candidate = |(key, value): (&str, Value<'_>)| {
        let origin = at(value.line);
        let (outcome, reason) = match asked.verdict(&origin) {
            Some(verdict) => verdict,
            None if !counts => (Outcome::Lost, "go.work comes first".into()),
            None if asked.is_pinned => pinned(case, asked, file, key == "go"),
            None => line(asked, key, value),
        };
        let spec = Some(format!("{key} {}", excerpt(value.text)));
        Candidate { origin, spec, outcome, reason }
    };
    toolchain.into_iter().chain(go).map(candidate).collect()
}

/// What came of a line where a pin decides.
fn pinned(case: &Case<'_>, asked: &Asked<'_>, file: &ModFile, is_go: bool) -> (Outcome, String) {
    let name = super::name_of(&file.path);
    let words = case.call.go_arguments();
    let reason = match asked.result {
        Err(Undecided::Unsatisfied { .. }) if is_go => {
            return (Outcome::Lost, "the pinned line must have a release that satisfies it".into());
        }
        Ok(choice) if super::pin_is_too_old(case.world, choice, case.call).is_some() && is_go => {
            format!("pinned: {name} cannot change it, and needs more")
        }
        Ok(_) if toolchain::arguments::builds_tool(words) => {
            "another module's tool is built: its own go.mod counts".into()
        }
        Ok(choice) if choice.origin == Origin::Variable(vars::GOTOOLCHAIN_SWITCH_VERSION) => {
            "the go command has chosen already".into()
        }
        Ok(_) if !asked.is_held(case) => {
            "a pin starts, and its go may switch: GOTOOLCHAIN is the user's own".into()
        }
        Ok(_) | Err(_) => format!("pinned: {name} cannot change it"),
    };
    (Outcome::Ignored, reason)
}

/// What came of a line that does not name what runs, in the file that counts.
fn line(asked: &Asked<'_>, key: &str, value: Value<'_>) -> (Outcome, String) {
    use toolchain::Outcome as Rule;
    let ignored = |reason: &str| (Outcome::Ignored, reason.into());
    let Some(selection) = &asked.selection else {
        return match (&asked.base, asked.result) {
            (Some(_), _) => ignored("the version of the go on PATH cannot be told: it reads this"),
            (None, Err(Undecided::DanglingDefault { .. })) => ignored(asked.without_base()),
            (None, _) => (Outcome::Lost, "the other line asks for more".into()),
        };
    };
    if selection.file.is_none() {
        return ignored(&not_asked(selection, asked.gotoolchain()));
    }
    let version = match key {
        "go" => toolchain::go_version(value.text),
        _ => gomod::toolchain_version(value.text),
    };
    let is_newer = version.as_ref().is_some_and(|version| asked.is_newer_than_least(version));
    match (&selection.outcome, version) {
        (Rule::Stays(Stay::Default), _) => {
            (Outcome::Lost, format!("`toolchain default` keeps {}", asked.least()))
        }
        (Rule::Refuses(Refusal::ToolchainLine(at)), _) if *at == value.line => {
            (Outcome::Invalid, "it names no toolchain: the go command refuses".into())
        }
        (Rule::Refuses(Refusal::Name), Some(_)) if is_newer => (
            Outcome::Invalid,
            "no toolchain but Go 1's can be started: the go command refuses".into(),
        ),
        (Rule::Refuses(_), _) => ignored("the go command refuses before it"),
        (_, None) => ignored("not a version: it counts as older than all"),
        (_, Some(_)) if is_newer => (Outcome::Lost, "the other line asks for more".into()),
        (_, Some(_)) => (Outcome::Lost, format!("not newer than {}", asked.least())),
    }
}

/// Why the go command does not ask any file.
fn not_asked(selection: &Selection, gotoolchain: Option<&Setting>) -> String {
    use toolchain::Outcome as Rule;
    match &selection.outcome {
        Rule::Stays(Stay::NoModules) => "modules are off: GO111MODULE says so".into(),
        Rule::Stays(Stay::Command) => "this command never switches".into(),
        Rule::Stays(Stay::BuildsTool) => {
            "another module's tool is built: its own go.mod counts".into()
        }
        Rule::Stays(Stay::Unset) if gotoolchain.is_none() => {
            "GOTOOLCHAIN is set nowhere: no switching".into()
        }
        Rule::Stays(Stay::Unset) => "GOTOOLCHAIN is empty: no switching".into(),
        Rule::Refuses(_) => "the go command refuses before it".into(),
        Rule::Stays(_) | Rule::Switches { .. } => match gotoolchain {
            Some(setting) => {
                format!("GOTOOLCHAIN={} forbids switching", excerpt(&setting.value))
            }
            None => "GOTOOLCHAIN=local forbids switching".into(),
        },
    }
}
