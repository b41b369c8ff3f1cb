//! A rule that chooses the newest of some versions.

use alloc::string::String;
use alloc::vec::Vec;

use super::Range;
use crate::line::Line;
use crate::version::Version;

/// Which versions fit, where more than one can. Versions with a suffix and language versions never
/// do: those are only ever named exactly.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selector {
    /// `1`, `latest`, `stable`: releases.
    Stable,
    /// `oldstable`: the releases of the line before that of the newest release. That line is found
    /// by counting: with 1.22.4 and 1.20.14 to choose from, nothing fits.
    OldStable,
    /// `unstable`: releases, candidates and betas.
    Unstable,
    /// `1.22`, `1.22.x`, `1.22.*`, `~1.22`, `=1.22`: the releases of the line.
    Line(Line),
    /// `1.23rc`: the candidates (or betas) of the line.
    Prerelease {
        /// Its line.
        line: Line,
        /// `alpha`, `beta` or `rc`.
        kind: String,
    },
    /// `>=1.21 <1.23`.
    Range(Range),
}

impl Selector {
    /// Whether `version` fits. For `oldstable`, which depends on what else there is, any release.
    pub fn admits(&self, version: &Version) -> bool {
        if version.suffix().is_some() || version.is_language() {
            return false;
        }
        match self {
            Selector::Stable | Selector::OldStable => version.is_stable(),
            Selector::Unstable => true,
            Selector::Line(line) => version.is_stable() && version.compare_line(line).is_eq(),
            Selector::Prerelease { line, kind } => {
                version.kind() == kind
                    && version.compare_line(line).is_eq()
                    && !version.is_historic()
            }
            Selector::Range(range) => range.admits(version),
        }
    }

    /// The newest of `versions` that fits.
    pub(super) fn pick<'a>(
        &self,
        versions: impl IntoIterator<Item = &'a Version>,
    ) -> Option<&'a Version> {
        let fitting = versions.into_iter().filter(|version| self.admits(version));
        if *self != Selector::OldStable {
            return fitting.max();
        }
        let releases: Vec<&Version> = fitting.collect();
        let line = releases.iter().max()?.line().before()?;
        releases.into_iter().filter(|version| version.compare_line(&line).is_eq()).max()
    }
}
