//! A range of versions: `>=1.21, <1.23`, `^1.21`, `~1.22.1 !=1.22.3`.
//!
//! Reading also serves for what is no range in the end, as `1.22.4` is a range of one part:
//! [`Range::simplified`] says what it is.

use alloc::vec::Vec;

use super::{Kind, Operand, Selector};
use crate::version::{Flaw, Version};

/// Parts that all must hold.
///
/// Candidates and betas fit only in lines of which a part names one: `>=1.23rc1` has 1.23rc2 but
/// not 1.24rc1. To exclude one (`!=1.23rc1`) is not to ask for others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Range {
    parts: Vec<Part>,
}

/// One condition of a [`Range`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    operator: Operator,
    operand: Operand,
}

/// How a version must stand to an [`Operand`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// `>=`
    AtLeast,
    /// `>`
    Above,
    /// `<=`
    AtMost,
    /// `<`
    Below,
    /// `=`, or nothing in front of the first part.
    Equal,
    /// `!=`
    Not,
    /// `^`: at least, within the same major version.
    Compatible,
    /// `~`: at least, within the same line.
    WithinLine,
}

/// Operators as they are written; an earlier one wins where both fit.
const OPERATORS: [(&str, Operator); 8] = [
    (">=", Operator::AtLeast),
    ("<=", Operator::AtMost),
    ("!=", Operator::Not),
    (">", Operator::Above),
    ("<", Operator::Below),
    ("=", Operator::Equal),
    ("^", Operator::Compatible),
    ("~", Operator::WithinLine),
];

impl Range {
    /// Reads parts that are separated by blanks, by commas or by both. Blanks may follow an
    /// operator. Only the first part may lack one.
    pub(super) fn parse(text: &str) -> Result<Range, Flaw> {
        let mut parts = Vec::new();
        let mut suffixed = None;
        let mut cursor = Cursor { text, at: 0 };
        cursor.skip_blanks();
        loop {
            let start = cursor.at;
            let operator = cursor.operator();
            let (at, word) = cursor.word()?;
            if operator.is_none() && !parts.is_empty() {
                return Err(Flaw { at: start, why: "a second version without an operator" });
            }
            let operand = Operand::parse(word).map_err(|flaw| flaw.shifted(at))?;
            if operand.has_suffix() {
                suffixed = suffixed.or(Some(start));
            }
            parts.push(Part { operator: operator.unwrap_or(Operator::Equal), operand });
            if !cursor.separator()? {
                break;
            }
        }
        match (suffixed, &*parts) {
            (None, _) | (Some(_), [Part { operator: Operator::Equal, .. }]) => Ok(Range { parts }),
            (Some(at), _) => Err(Flaw { at, why: "a version with a suffix is no part of a range" }),
        }
    }

    /// What it is, with one name for one thing: `=1.22.4` is the release, `~1.22` the line.
    pub(super) fn simplified(self) -> Kind {
        let [Part { operator, operand }] = &*self.parts else {
            return Kind::Select(Selector::Range(self));
        };
        Kind::Select(match (operator, operand) {
            (Operator::Equal, Operand::Release(version)) => return Kind::Exact(version.clone()),
            (Operator::Equal | Operator::WithinLine, Operand::Line(line)) => {
                Selector::Line(line.clone())
            }
            (Operator::Equal, Operand::Prereleases(version)) => {
                Selector::Prerelease { line: version.line(), kind: version.kind().into() }
            }
            (Operator::Equal, Operand::Major(major)) if major == "1" => Selector::Stable,
            _ => Selector::Range(self),
        })
    }

    /// The condition parts, in the order written.
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// Whether `version`, which has no suffix and is a release, a candidate or a beta, fits.
    pub(super) fn admits(&self, version: &Version) -> bool {
        let is_asked_for = version.is_stable()
            || self.parts.iter().any(|part| part.names_prerelease_beside(version));
        is_asked_for && self.parts.iter().all(|part| part.admits(version))
    }
}

impl Part {
    /// Its operator.
    pub fn operator(&self) -> Operator {
        self.operator
    }

    /// What follows the operator.
    pub fn operand(&self) -> &Operand {
        &self.operand
    }

    fn admits(&self, version: &Version) -> bool {
        let order = self.operand.order_of(version);
        match self.operator {
            Operator::AtLeast => order.is_ge(),
            Operator::Above => order.is_gt(),
            Operator::AtMost => order.is_le(),
            Operator::Below => order.is_lt(),
            Operator::Equal => order.is_eq(),
            Operator::Not => order.is_ne(),
            Operator::Compatible => order.is_ge() && version.major() == self.operand.major(),
            Operator::WithinLine => order.is_ge() && self.operand.has_in_line(version),
        }
    }

    /// Whether it asks for a candidate or beta in the line of `version`.
    fn names_prerelease_beside(&self, version: &Version) -> bool {
        match &self.operand {
            Operand::Prereleases(named) | Operand::Release(named) => {
                self.operator != Operator::Not && !named.is_stable() && named.is_in_line_of(version)
            }
            Operand::Major(_) | Operand::Line(_) => false,
        }
    }
}

/// A place in a text that is read as parts.
struct Cursor<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Cursor<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn skip_blanks(&mut self) {
        self.at = self.text.len() - self.rest().trim_ascii_start().len();
    }

    fn operator(&mut self) -> Option<Operator> {
        let (written, operator) =
            OPERATORS.into_iter().find(|(written, _)| self.rest().starts_with(written))?;
        self.at += written.len();
        self.skip_blanks();
        Some(operator)
    }

    /// The next word and where it begins.
    fn word(&mut self) -> Result<(usize, &'a str), Flaw> {
        let (start, rest) = (self.at, self.rest());
        let ends = |b: u8| b.is_ascii_whitespace() || b",<>=!^~".contains(&b);
        let end = rest.bytes().position(ends).unwrap_or(rest.len());
        if end == 0 {
            return Err(Flaw { at: start, why: "a version is missing" });
        }
        self.at += end;
        Ok((start, &rest[..end]))
    }

    /// Whether another part must follow.
    fn separator(&mut self) -> Result<bool, Flaw> {
        let start = self.at;
        self.skip_blanks();
        if self.rest().starts_with(',') {
            self.at += 1;
            self.skip_blanks();
            return Ok(true);
        }
        if self.rest().is_empty() {
            return Ok(false);
        }
        if self.at == start {
            return Err(Flaw { at: start, why: "a blank or a comma is missing" });
        }
        Ok(true)
    }
}
