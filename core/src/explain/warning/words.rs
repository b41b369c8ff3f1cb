//! What a [`Warning`] says: lower-case fragments, paths and values escaped.

use core::fmt::{self, Display, Formatter};

use super::{Fetch, Warning};
use crate::goenv::Source;
use crate::message::LONGEST_PATH;
use crate::request::shown;
use crate::toolchain::Refusal;
use crate::vars;

impl Display for Warning {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let path = |path: &[u8]| shown(path, LONGEST_PATH);
        match self {
            Self::PinTooOld { origin, version, need } => write!(
                f,
                "{origin} pins go {version}, and {}:{} needs go {}: {}",
                path(&need.path),
                need.line,
                need.version,
                if version.selects_toolchains() {
                    "the go command refuses to build here"
                } else {
                    "it may not build here"
                }
            ),
            Self::Wanted { name, origin, base, fetch } => {
                write!(f, "{origin} asks for {name}, which is not installed: {base} ")?;
                f.write_str(match fetch {
                    Fetch::Downloads => "starts, looks for it on PATH, and then downloads it",
                    Fetch::LooksOnPath => "starts, looks for it on PATH, and then gives up",
                    Fetch::Nothing => "runs in its place, and knows nothing of toolchains",
                })
            }
            Self::Refuses { base, why: Refusal::File } => {
                write!(f, "{base} starts and decides for itself: ")?;
                f.write_str("gvm cannot read the go.work or go.mod here")
            }
            Self::Refuses { base, why } => {
                write!(f, "{base} starts and refuses: {}", refusal(*why))
            }
            Self::StaleGoroot { value, runs } => {
                write!(f, "GOROOT is set to {}, ", path(value))?;
                match runs {
                    Some(runs) => write!(f, "and go runs from {}: ", path(runs))?,
                    None => f.write_str("which is not what runs: ")?,
                }
                f.write_str("gvm keeps it from go, other programs still see it")
            }
            Self::Persisted { name, value, path: file, line } => {
                write!(f, "{}:{line} sets {name}={value}, for every project: ", path(file))?;
                f.write_str(match *name {
                    vars::GOROOT => "any Go but that one breaks without gvm",
                    vars::GOBIN => "each version's `go install` puts its programs there",
                    _ => "it outlives every choice of a default",
                })
            }
            Self::EarlierGo { program, manager, shims } => {
                write!(f, "{} ", path(program))?;
                if let Some(manager) = manager {
                    write!(f, "(of {manager}) ")?;
                }
                write!(f, "comes before {} on PATH: `go` is not gvm's", path(shims))
            }
            Self::NotOnPath { shims, first } => {
                write!(f, "{} is not on PATH: ", path(shims))?;
                match first {
                    Some(first) => write!(f, "`go` is {}", path(first)),
                    None => f.write_str("no `go` is found there"),
                }
            }
            Self::Flag { flag, since, version } => {
                write!(f, "GOFLAGS has {flag}, which go {version} does not know: 1.{since} does")
            }
            Self::Experiment { value, source, version } => {
                write!(f, "GOEXPERIMENT={value} is set by {}: ", Set(source))?;
                write!(f, "if go {version} does not know it, even `go version` may fail")
            }
            Self::Proxy { value, source, version } => {
                write!(f, "GOPROXY={value} is set by {}, and go {version} ", Set(source))?;
                f.write_str("does not know `|`: 1.15 does")
            }
            Self::Loop { program } => {
                write!(f, "{} leads back to gvm: shims will not start it", path(program))
            }
        }
    }
}

/// Where a variable is set.
struct Set<'a>(&'a Source);

impl Display for Set<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.0 {
            Source::Process => f.write_str("the environment"),
            Source::File { path, line } => write!(f, "{}:{line}", shown(path, LONGEST_PATH)),
        }
    }
}

fn refusal(why: Refusal) -> &'static str {
    match why {
        Refusal::Setting => "its GOTOOLCHAIN cannot be understood",
        Refusal::Gowork => "GOWORK is a relative path",
        Refusal::Folder => "the working directory is gone",
        Refusal::File => "a file cannot be read",
        Refusal::ToolchainLine(_) => "the `toolchain` line here names none",
        Refusal::Name => "what is asked for is no Go 1",
    }
}
