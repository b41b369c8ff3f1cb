//! The candidates that pin a version: the shim's name, variables, `+SPEC`, pin files.
//!
//! What the go command's own rule asks is `rule`'s.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::{Candidate, Case, Outcome};
use crate::call::Call;
use crate::excerpt::excerpt;
use crate::path;
use crate::project::{self, Pin, PinFileError, PinFileProblem};
use crate::request::Origin;
use crate::resolve::{Choice, Undecided};
use crate::spec::{Kind, Spec};
use crate::toolchain::arguments::builds_tool;
use crate::toolchain::{self, Need};
use crate::vars;
use crate::version::Version;
use crate::world::World;

/// What the project here needs at least, where a pin names a version that is older: its go command
/// refuses to work here, or does not know the language.
///
/// None also where the pin does not hold its go command: where the user's own GOTOOLCHAIN lets it
/// switch, and for `install` and `run` of `pkg@version`, which ask another go.mod.
pub fn pin_is_too_old(world: &dyn World, choice: &Choice, call: &Call<'_>) -> Option<Need> {
    let version = choice.toolchain.version.as_ref().filter(|_| choice.origin.pins())?;
    let need = toolchain::need(world, call.go_arguments())?;
    let says_itself = matches!(choice.origin, Origin::Name | Origin::Argument);
    let may_switch = !says_itself
        && version.selects_toolchains()
        && toolchain::users_gotoolchain(world).is_some_and(|value| value != b"local");
    let is_asked = !may_switch && !builds_tool(call.go_arguments());
    (is_asked && !need.is_met_by(version)).then_some(need)
}

/// All of them that are there, in the order of the rule: the first one decides.
pub(super) fn candidates(case: &Case<'_>) -> Vec<Candidate> {
    let decider = case.pin();
    let mut candidates: Vec<Candidate> = Vec::new();
    for said in said(case) {
        let first = candidates.first().map(|first| &first.origin);
        let (outcome, reason) = match (&said.flaw, first) {
            (Some(flaw), _) => (Outcome::Invalid, flaw.clone()),
            (None, Some(first)) => (Outcome::Lost, before(first, &said.origin)),
            (None, None) if decider.as_ref() == Some(&said.origin) => verdict(case, &said.origin),
            // Only the first one can decide.
            (None, None) => (Outcome::Ignored, "it is not asked".into()),
        };
        candidates.push(Candidate { origin: said.origin, spec: said.spec, outcome, reason });
    }
    candidates
}

/// Where a pin file that cannot be followed goes wrong.
pub(super) fn origin_of(error: &PinFileError) -> Origin {
    let line = match &error.why {
        PinFileProblem::Content(error) => error.line,
        PinFileProblem::NotRegular(_)
        | PinFileProblem::TooLong(_)
        | PinFileProblem::Unreadable(_) => 0,
    };
    Origin::PinFile { path: error.path.clone(), line }
}

/// What one of them says.
struct Said {
    origin: Origin,
    spec: Option<String>,
    /// Why it cannot be followed.
    flaw: Option<String>,
}

impl Said {
    fn value(origin: Origin, value: &[u8]) -> Self {
        let flaw = Spec::parse(value).err().map(|error| error.to_string());
        // The go command's own variable holds a tag, also one that is no SPEC.
        let is_tag = origin == Origin::Variable(vars::GOTOOLCHAIN_SWITCH_VERSION)
            && core::str::from_utf8(value).is_ok_and(|tag| Version::from_tag(tag).is_ok());
        Self { origin, spec: Some(excerpt(value)), flaw: flaw.filter(|_| !is_tag) }
    }

    fn file(pin: Result<Pin, PinFileError>) -> Self {
        match pin {
            Ok(Pin { path, line, spec }) => {
                let spec = Some(excerpt(spec.as_str().as_bytes()));
                Self { origin: Origin::PinFile { path, line }, spec, flaw: None }
            }
            Err(error) => {
                let spec = match &error.why {
                    PinFileProblem::Content(error) => Some(error.shown.clone()),
                    _ => None,
                };
                Self { origin: origin_of(&error), spec, flaw: Some(flaw(&error)) }
            }
        }
    }
}

/// What is wrong with a pin file, without its path, which stands beside it.
fn flaw(error: &PinFileError) -> String {
    match &error.why {
        PinFileProblem::Content(error) => format!("{} at column {}", error.why, error.column),
        PinFileProblem::NotRegular(kind) => format!("it is a {}, not a file", kind.noun()),
        PinFileProblem::TooLong(limit) => format!("it is longer than {limit} bytes"),
        PinFileProblem::Unreadable(_) => "it cannot be read".into(),
    }
}

fn said(case: &Case<'_>) -> Vec<Said> {
    let mut said = Vec::new();
    if let Some(version) = &case.call.version {
        said.push(Said { origin: Origin::Name, spec: Some(version.tag()), flaw: None });
    }
    let variable = |name| {
        let value = case.world.var(name).filter(|value| !value.is_empty())?;
        Some(Said::value(Origin::Variable(name), &value))
    };
    said.extend(variable(vars::GOTOOLCHAIN_SWITCH_VERSION));
    said.extend(case.call.spec.map(|spec| Said::value(Origin::Argument, spec)));
    said.extend(variable(vars::GO));
    if let Some(folder) = case.world.cwd() {
        said.extend(project::all_pins(case.world, &folder).into_iter().map(Said::file));
    }
    said
}

/// Why `first` comes before `other`.
fn before(first: &Origin, other: &Origin) -> String {
    match (first, other) {
        (Origin::Name, _) => "the shim's name comes first".into(),
        (Origin::Argument, _) => "what the call says comes first".into(),
        (Origin::Variable(vars::GOTOOLCHAIN_SWITCH_VERSION), _) => {
            "the go command has chosen already".into()
        }
        (Origin::Variable(name), _) => format!("{name} comes first"),
        (Origin::PinFile { path: first, .. }, Origin::PinFile { path: other, .. })
            if path::parent(first) == path::parent(other) =>
        {
            "in one folder .go-version comes first".into()
        }
        (_, _) => "a nearer pin decides".into(),
    }
}

/// What came of the one that decides, and is well written.
fn verdict(case: &Case<'_>, origin: &Origin) -> (Outcome, String) {
    let missing = |reason| (Outcome::NotInstalled, reason);
    match case.result {
        Ok(choice) => (Outcome::Chosen, why(choice, origin)),
        Err(Undecided::NotInstalled(request)) => missing(match request.spec.names_one() {
            Some(_) => "it is not installed".into(),
            None => "no installed version fits".into(),
        }),
        Err(Undecided::Unsatisfied { newest, need, .. }) => missing(format!(
            "the newest installed is {newest}, and {} needs go {}",
            super::name_of(&need.path),
            need.version
        )),
        Err(Undecided::NotAGoroot(_)) => missing("no GOROOT is there".into()),
        Err(Undecided::NoSystem(_)) => missing("no go but gvm's is on PATH".into()),
        // Not of one that is well written.
        Err(error) => missing(error.to_string()),
    }
}

fn why(choice: &Choice, origin: &Origin) -> String {
    let why = match origin {
        Origin::Name => "the shim's name: this version and no other",
        Origin::Argument => "what the call says comes first",
        Origin::Variable(vars::GOTOOLCHAIN_SWITCH_VERSION) => "the go command has chosen it",
        Origin::Variable(_) => "it comes before every file",
        _ => "the nearest pin decides",
    };
    let selects = matches!(choice.spec.as_ref().map(Spec::kind), Some(Kind::Select(_)));
    match choice.toolchain.version.as_ref().filter(|_| selects) {
        Some(version) => {
            format!("{why}; {} is the newest installed that fits", version.tag())
        }
        None => why.into(),
    }
}
