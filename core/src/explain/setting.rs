//! GOTOOLCHAIN as a candidate, wherever it stands: in the process, the user's `go/env`, the base's
//! `go.env`.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::rule::Asked;
use super::{Candidate, Case, Outcome};
use crate::excerpt::excerpt;
use crate::goenv::{Files, Setting, Source};
use crate::gomod;
use crate::request::Origin;
use crate::toolchain::{self, Refusal, Selection, Stay};
use crate::vars;
use crate::version::Version;

/// Every GOTOOLCHAIN that there is, the one in force first.
pub(super) fn candidates(case: &Case<'_>, asked: &Asked<'_>) -> Vec<Candidate> {
    let goroot = asked.base.as_ref().and_then(|base| base.toolchain.goroot());
    let files = Files::read(case.world, goroot);
    let users = toolchain::users_gotoolchain(case.world);
    let mut candidates: Vec<Candidate> = Vec::new();
    if let (None, Some(value)) = (&users, case.world.var(vars::GOTOOLCHAIN)) {
        let reason = if value.is_empty() { "it is empty" } else { "an outer gvm has set it" };
        candidates.push(Candidate {
            origin: Origin::Variable(vars::GOTOOLCHAIN),
            spec: Some(excerpt(&value)),
            outcome: Outcome::Ignored,
            reason: reason.into(),
        });
    }
    let settings = files.settings(vars::GOTOOLCHAIN, users);
    for (index, setting) in settings.iter().enumerate() {
        let origin = origin_of(&setting.source);
        // GOENV may name the go.env itself.
        if candidates.iter().any(|candidate| candidate.origin == origin) {
            continue;
        }
        let (outcome, reason) = match asked.verdict(&origin) {
            Some(verdict) => verdict,
            None if index > 0 => (Outcome::Lost, before(&settings[0].source).into()),
            None => verdict(case, asked, setting),
        };
        let spec = Some(excerpt(&setting.value));
        candidates.push(Candidate { origin, spec, outcome, reason });
    }
    candidates
}

/// The least version that GOTOOLCHAIN allows, where it names one: `go1.22.4` of `go1.22.4+auto`.
pub(super) fn least(setting: Option<&Setting>) -> Option<&str> {
    let name = setting?.value.split(|byte| *byte == b'+').next()?;
    gomod::toolchain_version(name)?;
    core::str::from_utf8(name).ok()
}

/// Whether it forbids downloads: `path`, `go1.22.4+path`.
pub(super) fn is_path_only(setting: Option<&Setting>) -> bool {
    setting.is_some_and(|setting| setting.value == b"path" || setting.value.ends_with(b"+path"))
}

fn origin_of(source: &Source) -> Origin {
    match source {
        Source::Process => Origin::Variable(vars::GOTOOLCHAIN),
        Source::File { path, line } => Origin::GoEnv { path: path.clone(), line: *line },
    }
}

fn before(first: &Source) -> &'static str {
    match first {
        Source::Process => "the environment comes first",
        Source::File { .. } => "the user's go/env file comes first",
    }
}

/// What came of the one in force, when it is not what names the toolchain that runs.
fn verdict(case: &Case<'_>, asked: &Asked<'_>, setting: &Setting) -> (Outcome, String) {
    let ignored = |reason: &str| (Outcome::Ignored, reason.into());
    if asked.is_pinned {
        // dispatch leaves a pinned go the user's own GOTOOLCHAIN.
        let passes = setting.source == Source::Process && !asked.is_held(case);
        return ignored(if passes { "a pin starts, and its go follows this" } else { PINNED });
    }
    let Some(base) = &asked.base else {
        return ignored(asked.without_base());
    };
    let Some(selection) = &asked.selection else {
        return ignored("the version of the go on PATH cannot be told: it follows this itself");
    };
    let knows = base.toolchain.version.as_ref().is_none_or(Version::selects_toolchains);
    if !knows && setting.value != b"local" {
        return ignored(&format!("{} knows no GOTOOLCHAIN", asked.base_name()));
    }
    in_force(selection, setting)
}

const PINNED: &str = "a pin decides";

fn in_force(selection: &Selection, setting: &Setting) -> (Outcome, String) {
    use toolchain::Outcome as Rule;
    let (outcome, reason) = match &selection.outcome {
        Rule::Stays(Stay::NoModules) => (Outcome::Ignored, "modules are off: nothing is selected"),
        Rule::Stays(Stay::Command) => (Outcome::Ignored, "this command never switches"),
        Rule::Stays(Stay::BuildsTool) => {
            (Outcome::Ignored, "the default starts, and its go follows this")
        }
        Rule::Refuses(Refusal::Setting) => (Outcome::Invalid, "the go command refuses it"),
        Rule::Stays(Stay::Unset) => (Outcome::Lost, "it is empty: no switching"),
        _ if setting.value == b"local" => (Outcome::Lost, "no switching: go.mod is not asked"),
        _ if selection.file.is_none() && least(Some(setting)).is_none() => {
            (Outcome::Lost, "go.work and go.mod may ask for more, and there is none")
        }
        _ if least(Some(setting)).is_none() => {
            (Outcome::Lost, "go.work and go.mod may ask for more")
        }
        Rule::Stays(Stay::Local | Stay::Enough | Stay::Default) => {
            (Outcome::Lost, "it names the default itself")
        }
        Rule::Switches { .. } | Rule::Refuses(_) => (Outcome::Lost, "more is asked for than this"),
    };
    (outcome, reason.into())
}
