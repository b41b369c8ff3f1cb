//! One word of a SPEC: a version, a line or all of a major version, and where other versions stand
//! to it.

use alloc::string::String;
use core::cmp::Ordering;

use crate::line::{Line, compare_decimals, is_decimal};
use crate::version::{Flaw, Version};

/// What a part compares with. A line stands for all of it: what is above 1.22 begins at 1.23.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operand {
    /// `1`: all of Go 1.
    Major(String),
    /// `1.22`, `1.22.x`: all of the line, its candidates too.
    Line(Line),
    /// `1.23rc`: all candidates of the line. The version is `1.23rc` itself.
    Prereleases(Version),
    /// `1.22.4`, `go1.20`.
    Release(Version),
}

impl Operand {
    /// Reads one word: a version or a line, with or without `go` or `v` in front.
    pub(super) fn parse(word: &str) -> Result<Operand, Flaw> {
        let named = word.strip_prefix("go");
        let bare = named.or_else(|| word.strip_prefix('v')).unwrap_or(word);
        let at = word.len() - bare.len();
        check_first(word, bare)?;
        if let Some(operand) = Operand::wildcard(bare) {
            return Ok(operand);
        }
        let version = Version::read(bare).map_err(|flaw| flaw.shifted(at))?;
        let is_release_name = named.is_some() && !version.is_language();
        match Line::parse(bare) {
            Some(line) if !is_release_name => return Ok(Operand::Line(line)),
            Some(_) | None => {}
        }
        if version.is_stable() {
            return Ok(Operand::Release(version.as_released()));
        }
        if !["alpha", "beta", "rc"].contains(&version.kind()) {
            let digits = |b: u8| b.is_ascii_digit() || b == b'.';
            let kind = bare.bytes().position(|b| !digits(b)).unwrap_or(0);
            return Err(Flaw { at: at + kind, why: "only `alpha`, `beta` and `rc` stand here" });
        }
        if !version.is_numbered_prerelease() && version.suffix().is_none() {
            return Ok(Operand::Prereleases(version));
        }
        Ok(Operand::Release(version))
    }

    /// `1`, `1.x`, `1.*`, `1.22.x`, `1.22.*`.
    fn wildcard(bare: &str) -> Option<Operand> {
        let head = bare.strip_suffix(".x").or_else(|| bare.strip_suffix(".*"));
        if is_decimal(head.unwrap_or(bare)) {
            return Some(Operand::Major(head.unwrap_or(bare).into()));
        }
        Line::parse(head?).map(Operand::Line)
    }

    /// Where `version` stands to it: less is before all that it covers, equal is within.
    pub(super) fn order_of(&self, version: &Version) -> Ordering {
        match self {
            Operand::Major(major) => compare_decimals(version.major(), major),
            Operand::Line(line) => version.compare_line(line),
            Operand::Release(release) => version.compare_as_go(release),
            Operand::Prereleases(all) => {
                let is_within = version.kind() == all.kind()
                    && version.is_in_line_of(all)
                    && !version.is_historic();
                if is_within { Ordering::Equal } else { version.compare_as_go(all) }
            }
        }
    }

    pub(super) fn major(&self) -> &str {
        match self {
            Operand::Major(major) => major,
            Operand::Line(line) => line.major(),
            Operand::Prereleases(version) | Operand::Release(version) => version.major(),
        }
    }

    /// Whether `version` is of its line; `1` has no line, all of Go 1 counts.
    pub(super) fn has_in_line(&self, version: &Version) -> bool {
        match self {
            Operand::Major(major) => version.major() == major,
            Operand::Line(line) => version.compare_line(line).is_eq(),
            Operand::Prereleases(of) | Operand::Release(of) => version.is_in_line_of(of),
        }
    }

    pub(super) fn has_suffix(&self) -> bool {
        match self {
            Operand::Release(version) => version.suffix().is_some(),
            Operand::Major(_) | Operand::Line(_) | Operand::Prereleases(_) => false,
        }
    }
}

/// What does not begin like a version gets a better reason than that a digit is missing.
fn check_first(word: &str, bare: &str) -> Result<(), Flaw> {
    let names = ["latest", "stable", "oldstable", "unstable", "system"];
    let why = match bare.bytes().next() {
        None => return Err(Flaw { at: word.len(), why: "a version is missing" }),
        Some(b'0'..=b'9') => return Ok(()),
        Some(_) if names.contains(&word) => "this name stands alone",
        Some(b'A'..=b'Z') => "names are written in lower case",
        Some(_) => "neither a version nor a name",
    };
    let at = if why.starts_with("neither") { 0 } else { word.len() - bare.len() };
    Err(Flaw { at, why })
}
