//! [`Failure`]: what is printed, suggested and exited with. The only module that knows codes, and the only one that knows
//! both an error and the flag that helps.
//!
//! | file | holds |
//! |---|---|
//! | here | the table of codes; what is asked: versions, targets, settings |
//! | `store` | what the disk refuses |
//! | `network` | what sources and downloads meet |
//! | `setup` | what start files refuse |
//! | `install` | what proofs and installations meet |

use gvm_core::request::RequestError;
use gvm_core::resolve::Undecided;
use gvm_core::spec::SpecError;
use gvm_core::target::TargetError;

use crate::settings::ConfigError;
use crate::settings::root::NoRoot;
use crate::source::archive::ArchiveError;

mod install;
mod network;
mod setup;
mod store;

pub use network::advice;

/// A call that did not do what it was asked.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Failure {
    /// Of which kind.
    pub kind: Kind,
    /// What happened, to what.
    pub message: String,
    /// What to type next.
    pub hint: Option<String>,
}

/// The kinds of failure. The table of `docs/exit-codes.md` is held to this one by a test.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Kind {
    /// This machine did not let it happen.
    CouldNot,
    /// The call, a file or a variable cannot be understood.
    Usage,
    /// There is no such version.
    NoSuchVersion,
    /// It is not installed here.
    NotInstalled,
    /// The network, or what it leads to, did not answer.
    Network,
    /// What came is not what was published.
    Integrity,
    /// Another gvm holds the lock.
    Busy,
    /// A defect of gvm's own.
    Internal,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::CouldNot,
        Self::Usage,
        Self::NoSuchVersion,
        Self::NotInstalled,
        Self::Network,
        Self::Integrity,
        Self::Busy,
        Self::Internal,
    ];

    /// The exit code.
    pub fn code(self) -> u8 {
        match self {
            Self::CouldNot => 1,
            Self::Usage => 2,
            Self::NoSuchVersion | Self::NotInstalled => 3,
            Self::Network => 4,
            Self::Integrity => 5,
            Self::Busy => 6,
            Self::Internal => 7,
        }
    }

    /// The word in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::CouldNot => "could-not",
            Self::Usage => "usage",
            Self::NoSuchVersion => "no-such-version",
            Self::NotInstalled => "not-installed",
            Self::Network => "network",
            Self::Integrity => "integrity",
            Self::Busy => "busy",
            Self::Internal => "internal",
        }
    }
}

impl Failure {
    /// A failure without a hint.
    pub fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), hint: None }
    }

    /// With what to type next.
    #[must_use]
    pub fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }
}

impl From<SpecError> for Failure {
    fn from(error: SpecError) -> Self {
        Self::new(Kind::Usage, error.to_string())
            .hint("a version is written like 1.22.4, 1.22, latest or \">=1.21 <1.23\"")
    }
}

impl From<TargetError> for Failure {
    fn from(error: TargetError) -> Self {
        let known = gvm_core::target::KNOWN.iter().map(|(os, arch)| format!("{os}/{arch}"));
        let known: Vec<String> = known.collect();
        Self::new(Kind::NoSuchVersion, error.to_string())
            .hint(format!("Go is published for: {}", known.join(" ")))
    }
}

impl From<Undecided> for Failure {
    fn from(error: Undecided) -> Self {
        let message = error.to_string();
        match error {
            Undecided::Request(RequestError::Argument(_)) => {
                Self::new(Kind::Usage, message).hint("give a version after the +, like +1.22.4")
            }
            Undecided::Request(RequestError::Variable { name, .. }) => {
                Self::new(Kind::Usage, message)
                    .hint(format!("give {name} a version like 1.22.4, or unset it"))
            }
            Undecided::Request(RequestError::PinFile(_)) => Self::new(Kind::Usage, message)
                .hint("put one version into it, like 1.22.4: `gvm pin 1.22.4`"),
            Undecided::NotInstalled(request) => Self::new(Kind::NotInstalled, message)
                .hint(format!("install it with `gvm install {}`", quoted(request.spec.as_str()))),
            Undecided::Unsatisfied { request, need, .. } => {
                let hint = if need.can_be_met_by(&request.spec) {
                    format!(
                        "install a newer one with `gvm install {}`",
                        quoted(request.spec.as_str())
                    )
                } else {
                    format!("pin what is needed: `gvm pin {}`", need.version)
                };
                Self::new(Kind::NotInstalled, message).hint(hint)
            }
            Undecided::NotAGoroot(_) => {
                Self::new(Kind::NotInstalled, message).hint("name the folder that holds bin/go")
            }
            Undecided::DanglingDefault { .. }
            | Undecided::Nothing
            | Undecided::OnlyShims { .. }
            | Undecided::NoSystem(_) => Self::new(Kind::NotInstalled, message)
                .hint("choose a version with `gvm use 1.22`, or `gvm use latest`"),
        }
    }
}

/// A SPEC as it must be typed in a shell.
fn quoted(spec: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "./_-+".contains(c);
    if spec.chars().all(plain) { spec.to_owned() } else { format!("\"{spec}\"") }
}

impl From<NoRoot> for Failure {
    fn from(error: NoRoot) -> Self {
        let kind = match error {
            NoRoot::NoHome => Kind::CouldNot,
            NoRoot::Relative(_) | NoRoot::Separator { .. } => Kind::Usage,
        };
        Self::new(kind, error.to_string())
            .hint("set GVM_DIR to a folder of yours, by its whole path")
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        if error.is_refused {
            return Self::new(Kind::CouldNot, error.to_string())
                .hint("make it readable to you, or move it away");
        }
        Self::new(Kind::Usage, error.to_string())
            .hint("it may set: sources = [\"godev\", \"goproxy\"], godev = \"URL\", offline = true")
    }
}

impl From<ArchiveError> for Failure {
    fn from(error: ArchiveError) -> Self {
        let kind = match &error {
            ArchiveError::Missing { .. } => Kind::CouldNot,
            ArchiveError::Nameless { .. } => Kind::Usage,
        };
        let failure = Self::new(kind, error.to_string());
        match error {
            ArchiveError::Missing { .. } => failure.hint(
                "check the path, or have the version fetched by its name: `gvm install 1.22`",
            ),
            ArchiveError::Nameless { .. } => failure.hint(
                "call it as it was published: go1.22.4.linux-amd64.tar.gz \
                 or v0.0.1-go1.22.4.linux-amd64.zip",
            ),
        }
    }
}
