//! Why no Go can be chosen, in words: one wording for the shim and the command. Lower-case fragments; paths are shown
//! as text, foreign bytes escaped.
//!
//! Exit codes and hints are not here.

use core::fmt::{self, Display, Formatter};

use crate::pinfile::PinError;
use crate::project::{PinFileError, PinFileProblem};
use crate::request::{Origin, RequestError, shown};
use crate::resolve::Undecided;

/// So many characters of a path are shown.
pub(crate) const LONGEST_PATH: usize = 4096;

impl Display for Undecided {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Request(error) => error.fmt(f),
            Self::NotInstalled(request) => {
                write!(f, "{} is not installed (asked for by {})", request.spec, request.origin)
            }
            Self::Unsatisfied { request, newest, need } => {
                let (spec, origin) = (&request.spec, &request.origin);
                let (path, line) = (shown(&need.path, LONGEST_PATH), need.line);
                write!(
                    f,
                    "{path}:{line} needs go {}, and the newest installed {spec} is {newest} (asked for by {origin})",
                    need.version
                )
            }
            Self::NotAGoroot(request) => {
                let (spec, origin) = (&request.spec, &request.origin);
                write!(
                    f,
                    "{spec} is not a GOROOT: it has no bin/go, pkg or src (asked for by {origin})"
                )
            }
            Self::DanglingDefault { target } => {
                write!(f, "the default points to {}, where no Go is", shown(target, LONGEST_PATH))
            }
            Self::Nothing => {
                f.write_str("no version is asked for here, no default is set, and no go is on PATH")
            }
            Self::OnlyShims { shim } => {
                let shim = shown(shim, LONGEST_PATH);
                write!(f, "the only go on PATH is {shim}, a gvm shim too, and no default is set")
            }
            Self::NoSystem(request) => {
                write!(
                    f,
                    "system was asked for by {}, and no go but gvm's is on PATH",
                    request.origin
                )
            }
        }
    }
}

impl Display for RequestError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Argument(error) => write!(f, "+{}: {error}", error.text),
            Self::Variable { name, error } => write!(f, "{name}: {error}"),
            Self::PinFile(error) => error.fmt(f),
        }
    }
}

impl Display for PinFileError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let path = shown(&self.path, LONGEST_PATH);
        match &self.why {
            PinFileProblem::NotRegular(kind) => {
                write!(f, "{path} is a {}, not a file", kind.noun())
            }
            PinFileProblem::TooLong(limit) => write!(f, "{path} is longer than {limit} bytes"),
            PinFileProblem::Unreadable(Some(number)) => {
                write!(f, "{path} cannot be read (system error {number})")
            }
            PinFileProblem::Unreadable(None) => write!(f, "{path} cannot be read"),
            PinFileProblem::Content(error) => {
                let PinError { line, column, shown, why } = error;
                write!(f, "{path}:{line}:{column}: {why}: `{shown}`")
            }
        }
    }
}

impl Display for Origin {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Argument => f.write_str("the command line"),
            Self::Name => f.write_str("the shim's name"),
            Self::Variable(name) => f.write_str(name),
            Self::PinFile { path, line }
            | Self::GoEnv { path, line }
            | Self::Module { path, line, .. } => write!(f, "{}:{line}", shown(path, LONGEST_PATH)),
            Self::Default => f.write_str("the default"),
            Self::System => f.write_str("PATH"),
        }
    }
}
