//! The candidates of the go command's own rule, GOTOOLCHAIN, go.work and go.mod, the default, the
//! system's Go: what all of them are held against, and the last two.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::{Candidate, Case, Outcome, lines, setting};
use crate::excerpt::excerpt;
use crate::goenv::Setting;
use crate::gomod;
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
    /// The answer.
    pub(super) result: &'a Result<Choice, Undecided>,
}

/// GOTOOLCHAIN, go.work and go.mod, the default, the system's Go: in this order.
pub(super) fn candidates(case: &Case<'_>) -> Vec<Candidate> {
    let asked = Asked::new(case);
    let mut candidates = setting::candidates(case, &asked);
    for (index, file) in asked.files(case).iter().enumerate() {
        candidates.extend(lines::candidates(case, &asked, file, index == 0));
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
    pub(super) fn gotoolchain(&self) -> Option<&Setting> {
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
            Rule::Refuses(Refusal::File) => "it starts, and decides for itself".into(),
            Rule::Refuses(_) => "it starts, and refuses by itself".into(),
            Rule::Switches { name, .. } => {
                format!("it takes -C away, which {name} does not know, and starts that itself")
            }
        }
    }

    /// What a line must be newer than, in words.
    pub(super) fn least(&self) -> String {
        match setting::least(self.gotoolchain()) {
            Some(name) => format!("GOTOOLCHAIN's {}", excerpt(name.as_bytes())),
            None => self.base_name(),
        }
    }

    pub(super) fn is_newer_than_least(&self, version: &Version) -> bool {
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
