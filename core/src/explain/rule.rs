//! The candidates of the go command's own rule: GOTOOLCHAIN, go.work and go.mod, the default, the system's Go.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::{Candidate, Case, Outcome, setting};
use crate::excerpt::excerpt;
use crate::goenv::Setting;
use crate::gomod::{self, GoMod, Value};
use crate::message::LONGEST_PATH;
use crate::request::{Origin, shown};
use crate::resolve::{self, Choice, Place, Undecided};
use crate::toolchain::{self, Base, ModFile, Refusal, Selection, Stay};
use crate::vars;
use crate::version::Version;

/// What the rule would be asked, or was.
pub(super) struct Asked<'a> {
    /// The base, if there is one.
    pub(super) base: Option<Choice>,
    /// What its go command selects, if that was asked and can be told.
    pub(super) selection: Option<Selection>,
    /// Whether a pin settles the question.
    pub(super) is_pinned: bool,
    result: &'a Result<Choice, Undecided>,
}

/// GOTOOLCHAIN, go.work and go.mod, the default, the system's Go: in this order.
pub(super) fn candidates(case: &Case<'_>) -> Vec<Candidate> {
    let asked = Asked::new(case);
    let mut candidates = setting::candidates(case, &asked);
    for (index, file) in asked.files(case).iter().enumerate() {
        candidates.extend(in_file(case, &asked, file, index == 0));
    }
    candidates.push(default(case, &asked));
    candidates.push(system(case, &asked));
    candidates
}

impl<'a> Asked<'a> {
    pub(super) fn new(case: &Case<'a>) -> Self {
        let base = resolve::default(case.world, case.layout).ok();
        let is_pinned = case.pin().is_some();
        let selection = base.as_ref().filter(|_| !is_pinned);
        let selection =
            selection.and_then(|base| resolve::selection(case.world, &base.toolchain, case.call));
        Self { base, selection, is_pinned, result: case.result }
    }

    /// What came of it where the answer itself names it.
    pub(super) fn verdict(&self, origin: &Origin) -> Option<(Outcome, String)> {
        match self.result {
            _ if self.is_pinned => None,
            Ok(choice) if choice.origin == *origin => {
                Some((Outcome::Chosen, self.why_chosen(choice)))
            }
            Ok(Choice { wanted: Some(wanted), .. }) if wanted.origin == *origin => {
                Some((Outcome::NotInstalled, format!("{} is not installed", wanted.name)))
            }
            Err(Undecided::NotInstalled(request)) if request.origin == *origin => {
                Some((Outcome::NotInstalled, format!("{} is not installed", request.spec)))
            }
            Ok(_) | Err(_) => None,
        }
    }

    /// Whether the pinned go may not switch.
    pub(super) fn is_held(&self, case: &Case<'_>) -> bool {
        let sets = |name, value| {
            case.changes.iter().any(|it| it.name == name && it.value.as_deref() == value)
        };
        self.result.is_err() || sets(vars::GOTOOLCHAIN, Some(&b"local"[..]))
    }

    /// The base as sentences call it: `the default go1.22.10`.
    pub(super) fn base_name(&self) -> String {
        let Some(base) = &self.base else { return "no default".into() };
        let noun = match base.origin {
            Origin::System => "the system's",
            _ => "the default",
        };
        match &base.toolchain.version {
            Some(version) => format!("{noun} {}", version.tag()),
            None => format!("{noun} go"),
        }
    }

    /// Why nothing of the rule is asked where there is no base.
    pub(super) fn without_base(&self) -> &'static str {
        match self.result {
            Err(Undecided::DanglingDefault { .. }) => "the default leads nowhere",
            Ok(_) | Err(_) => "there is no go that would follow it",
        }
    }

    /// The go.work and go.mod here, the one that counts first.
    fn files(&self, case: &Case<'_>) -> Vec<ModFile> {
        let toolchain = match (&self.base, self.result) {
            (Some(base), _) => Some(&base.toolchain),
            (None, Ok(choice)) => Some(&choice.toolchain),
            (None, Err(_)) => None,
        };
        let version = toolchain.and_then(|it| it.version.clone());
        let Some(version) = version.or_else(|| Version::parse("1.27").ok()) else {
            return Vec::new();
        };
        let goroot = toolchain.and_then(|it| it.goroot()).unwrap_or_default();
        let base = Base { version: &version, goroot };
        toolchain::files(case.world, base, case.call.go_arguments())
    }

    /// GOTOOLCHAIN, as far as it counts.
    fn gotoolchain(&self) -> Option<&Setting> {
        self.selection.as_ref()?.gotoolchain.as_ref()
    }

    fn why_chosen(&self, choice: &Choice) -> String {
        let runs = choice.toolchain.version.as_ref().map(Version::tag).unwrap_or_default();
        match &choice.origin {
            Origin::Default | Origin::System => self.why_base(choice),
            Origin::Module { .. } if self.base.is_none() => {
                format!("no default is set: {runs} is what it asks for")
            }
            Origin::Module { .. } => match self.selection.as_ref().map(|it| &it.outcome) {
                // Only in place of a base that is too old to insist.
                Some(toolchain::Outcome::Switches { name, .. }) if *name != runs => {
                    format!("{runs} is the newest installed of what it asks for")
                }
                Some(_) | None => format!("newer than {}", self.least()),
            },
            _ => "it names what runs".into(),
        }
    }

    /// Why the base itself runs.
    fn why_base(&self, choice: &Choice) -> String {
        use toolchain::Outcome as Rule;
        if let Some(wanted) = &choice.wanted {
            return format!("it starts in place of {}, which is not installed", wanted.name);
        }
        let Some(selection) = &self.selection else {
            return "nothing pins a version, and it chooses for itself".into();
        };
        match &selection.outcome {
            Rule::Stays(stay) => why_it_stays(*stay).into(),
            Rule::Refuses(_) => "it starts, and refuses by itself".into(),
            Rule::Switches { name, .. } => {
                format!("it takes -C away, which {name} does not know, and starts that itself")
            }
        }
    }

    /// What a line must be newer than, in words.
    fn least(&self) -> String {
        match setting::least(self.gotoolchain()) {
            Some(name) => format!("GOTOOLCHAIN's {}", excerpt(name.as_bytes())),
            None => self.base_name(),
        }
    }

    fn is_newer_than_least(&self, version: &Version) -> bool {
        let named = setting::least(self.gotoolchain());
        let named = named.and_then(|name| gomod::toolchain_version(name.as_bytes()));
        let base = self.base.as_ref().and_then(|base| base.toolchain.version.clone());
        named.or(base).is_none_or(|least| version.compare_as_go(&least).is_gt())
    }
}

fn why_it_stays(stay: Stay) -> &'static str {
    match stay {
        Stay::NoModules => "nothing pins a version, and modules are off",
        Stay::Command => "nothing pins a version, and this command never switches",
        Stay::BuildsTool => "nothing pins a version, and it finds out what the tool needs",
        Stay::Unset => "nothing pins a version, and no GOTOOLCHAIN lets it switch",
        Stay::Local => "nothing pins a version, and GOTOOLCHAIN keeps it",
        Stay::Default => "nothing pins a version, and `toolchain default` keeps it",
        Stay::Enough => "nothing pins a version or asks for a newer one",
    }
}

/// The lines of one go.work or go.mod; `counts` where no other file comes before it.
fn in_file(case: &Case<'_>, asked: &Asked<'_>, file: &ModFile, counts: bool) -> Vec<Candidate> {
    let at = |line| Origin::Module { path: file.path.clone(), line, is_work: file.is_work };
    let Some(content) = &file.content else {
        let reason = "it cannot be read: the go command stops".into();
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

fn default(case: &Case<'_>, asked: &Asked<'_>) -> Candidate {
    let origin = Origin::Default;
    let known = asked.base.as_ref().filter(|base| base.origin == Origin::Default);
    let spec = known.map(called);
    let (outcome, reason) = match (asked.verdict(&origin), case.world.link(&case.layout.current()))
    {
        (Some(verdict), _) => verdict,
        (None, None) => (Outcome::Ignored, "none is set".into()),
        (None, Some(_)) if known.is_none() => {
            (Outcome::NotInstalled, "no Go is where it leads".into())
        }
        (None, Some(_)) => (Outcome::Lost, outdone(asked)),
    };
    Candidate { origin, spec, outcome, reason }
}

fn system(case: &Case<'_>, asked: &Asked<'_>) -> Candidate {
    let origin = Origin::System;
    let toolchain = resolve::system(case.world, case.layout);
    let choice = toolchain.map(|toolchain| Choice {
        toolchain,
        origin: Origin::System,
        spec: None,
        switch: None,
        wanted: None,
    });
    let has_default = case.world.link(&case.layout.current()).is_some();
    let (outcome, reason) = match (asked.verdict(&origin), &choice) {
        (Some(verdict), _) => verdict,
        (None, None) => (Outcome::Ignored, "no go but gvm's is on PATH".into()),
        (None, Some(_)) if asked.is_pinned || !has_default => (Outcome::Lost, outdone(asked)),
        (None, Some(_)) => (Outcome::Lost, "the default comes first".into()),
    };
    Candidate { origin, spec: choice.as_ref().map(called), outcome, reason }
}

/// The version of a Go, or its path where that is not known.
fn called(choice: &Choice) -> String {
    match (&choice.toolchain.version, &choice.toolchain.place) {
        (Some(version), _) => version.tag(),
        (None, Place::System { .. }) => shown(&choice.toolchain.program("go"), LONGEST_PATH),
        (None, Place::Installed { goroot, .. } | Place::Folder { goroot }) => {
            shown(goroot, LONGEST_PATH)
        }
    }
}

/// Why the base does not run.
fn outdone(asked: &Asked<'_>) -> String {
    match asked.result {
        _ if asked.is_pinned => "a pin decides".into(),
        Ok(Choice { origin: Origin::Module { path, .. }, .. }) => {
            format!("{} asks for more", super::name_of(path))
        }
        Ok(_) => "GOTOOLCHAIN names another one".into(),
        Err(error) => error.to_string(),
    }
}
