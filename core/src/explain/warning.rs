//! [`Warning`]: what surprises people about the Go that runs.
//!
//! Its words are in `words`; what to do about it is said by the command.

mod words;

use alloc::string::String;
use alloc::vec::Vec;

use super::{Case, pin_is_too_old, place, setting, understood};
use crate::excerpt::excerpt;
use crate::goenv::{self, Files, Source};
use crate::request::Origin;
use crate::resolve::{self, Choice};
use crate::toolchain::{self, Need, Refusal};
use crate::vars;
use crate::version::Version;

/// Something about the Go that runs here that may surprise.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Warning {
    /// A pin names a version that is older than what the project needs.
    PinTooOld {
        /// Who pins it.
        origin: Origin,
        /// What runs.
        version: Version,
        /// What is needed.
        need: Need,
    },
    /// The go command's rule names a toolchain that is not installed.
    Wanted {
        /// Its name.
        name: String,
        /// Who names it.
        origin: Origin,
        /// The tag of the base that starts.
        base: String,
        /// What that does about it.
        fetch: Fetch,
    },
    /// The base's go command will refuse to start anything; or is left to itself with a file that
    /// gvm cannot read.
    Refuses {
        /// Its tag.
        base: String,
        /// Why.
        why: Refusal,
    },
    /// GOROOT is set to another tree than the one that runs.
    StaleGoroot {
        /// Its value.
        value: Vec<u8>,
        /// The GOROOT that runs.
        runs: Option<Vec<u8>>,
    },
    /// The user's `go/env` file holds a variable that speaks for every Go.
    Persisted {
        /// The variable.
        name: &'static str,
        /// Its value, fit to be shown.
        value: String,
        /// The file.
        path: Vec<u8>,
        /// The line, from 1.
        line: u32,
    },
    /// Another `go` comes before gvm's on PATH.
    EarlierGo {
        /// That one.
        program: Vec<u8>,
        /// Whose it is, where its folder tells.
        manager: Option<&'static str>,
        /// The folder of the shims.
        shims: Vec<u8>,
    },
    /// The shims are not on PATH.
    NotOnPath {
        /// Their folder.
        shims: Vec<u8>,
        /// The `go` that is found in their place.
        first: Option<Vec<u8>>,
    },
    /// GOFLAGS holds a flag that this version does not know.
    Flag {
        /// The flag, fit to be shown.
        flag: String,
        /// The minor number of the line that knows it first.
        since: &'static str,
        /// The version that runs.
        version: Version,
    },
    /// GOEXPERIMENT is set, which only some versions know.
    Experiment {
        /// Its value, fit to be shown.
        value: String,
        /// Where it is set.
        source: Source,
        /// The version that runs.
        version: Version,
    },
    /// GOPROXY holds a `|`, which this version does not know.
    Proxy {
        /// Its value, fit to be shown.
        value: String,
        /// Where it is set.
        source: Source,
        /// The version that runs.
        version: Version,
    },
    /// The `go` on PATH leads back to gvm.
    Loop {
        /// That one.
        program: Vec<u8>,
    },
}

/// What a base does about a toolchain that is not installed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Fetch {
    /// Looks on PATH, then downloads it.
    Downloads,
    /// Looks on PATH, then gives up.
    LooksOnPath,
    /// Nothing: it is too old to know how.
    Nothing,
}

impl Warning {
    /// The word in JSON.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::PinTooOld { .. } => "pin-too-old",
            Self::Wanted { .. } => "toolchain-not-installed",
            Self::Refuses { .. } => "go-refuses",
            Self::StaleGoroot { .. } => "stale-goroot",
            Self::Persisted { .. } => "persisted-setting",
            Self::EarlierGo { .. } => "earlier-go",
            Self::NotOnPath { .. } => "shims-not-on-path",
            Self::Flag { .. } => "unknown-flag",
            Self::Experiment { .. } => "experiment",
            Self::Proxy { .. } => "unknown-proxy-list",
            Self::Loop { .. } => "loop",
        }
    }
}

/// All warnings, the most urgent first.
pub(super) fn warnings(case: &Case<'_>) -> Vec<Warning> {
    let mut warnings = Vec::new();
    let chosen = case.result.as_ref().ok();
    if let Some(choice) = chosen {
        warnings.extend(of_choice(case, choice));
    }
    warnings.extend(goroot(case, chosen));
    warnings.extend(persisted(case));
    warnings.extend(place::warning(case));
    if let Some(choice) = chosen
        && let Some(version) = &choice.toolchain.version
    {
        warnings.extend(understood::warnings(case.world, version, choice.toolchain.goroot()));
    }
    warnings
}

/// What the go command will refuse, or will look for elsewhere.
pub(super) fn of_choice(case: &Case<'_>, choice: &Choice) -> Vec<Warning> {
    too_old(case, choice).into_iter().chain(rule(case, choice)).collect()
}

fn too_old(case: &Case<'_>, choice: &Choice) -> Option<Warning> {
    let need = pin_is_too_old(case.world, choice, case.call)?;
    let version = choice.toolchain.version.clone()?;
    Some(Warning::PinTooOld { origin: choice.origin.clone(), version, need })
}

/// What the base meets by the go command's own rule.
fn rule(case: &Case<'_>, choice: &Choice) -> Option<Warning> {
    if !matches!(choice.origin, Origin::Default | Origin::System) {
        return None;
    }
    let version = choice.toolchain.version.as_ref()?;
    let selection = resolve::selection(case.world, &choice.toolchain, case.call)?;
    let base = version.tag();
    if let Some(wanted) = &choice.wanted {
        let (name, origin) = (wanted.name.clone(), wanted.origin.clone());
        let fetch = if !version.selects_toolchains() {
            Fetch::Nothing
        } else if setting::is_path_only(selection.gotoolchain.as_ref()) {
            Fetch::LooksOnPath
        } else {
            Fetch::Downloads
        };
        return Some(Warning::Wanted { name, origin, base, fetch });
    }
    match selection.outcome {
        toolchain::Outcome::Refuses(why) => Some(Warning::Refuses { base, why }),
        toolchain::Outcome::Stays(_) | toolchain::Outcome::Switches { .. } => None,
    }
}

fn goroot(case: &Case<'_>, chosen: Option<&Choice>) -> Option<Warning> {
    let value = case.world.var(vars::GOROOT).filter(|value| !value.is_empty())?;
    let runs = chosen.and_then(|choice| choice.toolchain.goroot());
    let is_same = runs.is_some_and(|runs| runs == value || case.world.same(runs, &value));
    (!is_same).then(|| Warning::StaleGoroot { value, runs: runs.map(<[u8]>::to_vec) })
}

fn persisted(case: &Case<'_>) -> Vec<Warning> {
    let files = Files::read(case.world, None);
    let Some(path) = goenv::user_file(case.world) else { return Vec::new() };
    let names = [vars::GOTOOLCHAIN, vars::GOROOT, vars::GOBIN].into_iter();
    let found = names.filter_map(|name| {
        let (value, line) = files.in_user(name).filter(|(value, _)| !value.is_empty())?;
        Some(Warning::Persisted { name, value: excerpt(value), path: path.clone(), line })
    });
    found.collect()
}
