//! [`Failure`]: what is printed, suggested and exited with. The only place that knows codes, and the only one that knows
//! both an error and the flag that helps.

use std::io;
use std::path::Path;

use gvm_core::request::RequestError;
use gvm_core::resolve::Undecided;
use gvm_core::spec::SpecError;
use gvm_core::target::TargetError;
use gvm_core::vars;
use gvm_core::version::Version;

use crate::atomic::WriteError;
use crate::fetch::FetchError;
use crate::install::{InstallError, Reason, TestimonyError};
use crate::net::{Fault as NetFault, NetError};
use crate::platform;
use crate::settings::root::NoRoot;
use crate::settings::{self, ConfigError};
use crate::source::archive::ArchiveError;
use crate::source::{SourceError, sumdb};
use crate::store::StoreError;
use crate::unpack::Fault;
use crate::verify::VerifyError;

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
            NoRoot::Relative(_) => Kind::Usage,
        };
        Self::new(kind, error.to_string())
            .hint("set GVM_DIR to a folder of yours, by its whole path")
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
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

impl From<WriteError> for Failure {
    fn from(error: WriteError) -> Self {
        let failure = Self::new(Kind::CouldNot, format!("could not {error}"));
        if is_full(&error.source) {
            return failure.hint("make room on that disk");
        }
        let (there, owner) = standing(error.path.parent().unwrap_or(&error.path));
        failure.hint(format!("look at {there}, which belongs to {owner}: it must be writable"))
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        let failure = Self::new(Kind::CouldNot, could_not(&error));
        let full = error.is_disk_full();
        match error {
            _ if full => failure.hint("make room on that disk, or set GVM_DIR to another one"),
            StoreError::Foreign { owner, .. } => failure.hint(format!(
                "work as {owner}, or set GVM_DIR to a folder of your own; \
                 `GVM_GO=1.22` or a .go-version file chooses a version without changing it"
            )),
            StoreError::InTheWay { .. } => failure.hint("set GVM_DIR to another folder"),
            StoreError::NewerFormat { .. } => {
                failure.hint("use the newer gvm, or set GVM_DIR to another folder")
            }
            StoreError::Io { source, path, .. } if is_refusal(&source) => {
                failure.hint(make_writable(&path))
            }
            StoreError::Write(error) if is_refusal(&error.source) => {
                failure.hint(make_writable(error.path.parent().unwrap_or(&error.path)))
            }
            StoreError::Io { source, path, .. } if is_in_the_way(&source) => {
                failure.hint(move_away(&path))
            }
            StoreError::Write(error) if is_in_the_way(&error.source) => {
                failure.hint(move_away(&error.path))
            }
            StoreError::BadReceipt { path, .. } => {
                let hash = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
                failure.hint(format!("install the version in {hash} again with `--force`"))
            }
            StoreError::Unknown { .. } => {
                failure.hint("move it away, or replace it with `gvm install --force`")
            }
            StoreError::Collision { other, .. } => failure.hint(format!(
                "one of the two must go: `gvm uninstall {other}`; names like these are made \
                 to look alike, so ask who wants this version"
            )),
            StoreError::Io { .. } | StoreError::Write(_) => {
                failure.hint("set GVM_DIR to a folder on another disk if this one fails")
            }
        }
    }
}

fn could_not(error: &StoreError) -> String {
    match error {
        StoreError::Io { .. } | StoreError::Write(_) => format!("could not {error}"),
        _ => error.to_string(),
    }
}

fn is_refusal(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem)
}

fn is_full(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
}

/// Whether a file stands where a folder should be, or the other way round.
fn is_in_the_way(error: &io::Error) -> bool {
    use io::ErrorKind::{AlreadyExists, DirectoryNotEmpty, IsADirectory, NotADirectory};
    [AlreadyExists, DirectoryNotEmpty, IsADirectory, NotADirectory].contains(&error.kind())
}

fn make_writable(path: &Path) -> String {
    let (there, owner) = standing(path);
    format!("{there} belongs to {owner}: make it writable, or set GVM_DIR to a folder that is")
}

fn move_away(path: &Path) -> String {
    let (there, _) = standing(path);
    format!("move {there} away, or set GVM_DIR to another folder")
}

/// What there is of a path, as text, and whose it is.
fn standing(path: &Path) -> (String, String) {
    let there = path.ancestors().find(|part| part.exists()).unwrap_or(path);
    let owner = platform::owner(there).map_or_else(|_| "somebody".to_owned(), |owner| owner.name);
    (there.display().to_string(), owner)
}

impl From<SourceError> for Failure {
    fn from(error: SourceError) -> Self {
        let message = error.to_string();
        let advice = advice([&error]);
        match error {
            SourceError::Net(error) => error.into(),
            SourceError::Proxy(_)
            | SourceError::NotAnIndex { .. }
            | SourceError::UnknownLayout { .. }
            | SourceError::NothingCached => Self::new(Kind::Network, message).hint(advice),
            SourceError::UnknownName { .. } => Self::new(Kind::Usage, message).hint(advice),
        }
    }
}

const NETWORK: &str = "check the network and HTTPS_PROXY, or name a mirror in GVM_SOURCES";
const ONLINE: &str = "try again without --offline and GVM_OFFLINE";

/// What to do about sources that do not answer.
pub fn advice<'a>(errors: impl IntoIterator<Item = &'a SourceError>) -> String {
    let mut advice: Vec<&str> = Vec::new();
    for error in errors {
        let one = match error {
            SourceError::Net(NetError { fault: NetFault::Offline, .. })
            | SourceError::NothingCached => ONLINE,
            SourceError::Net(_) => NETWORK,
            SourceError::Proxy(_) => {
                "set GOPROXY to a proxy's URL or to direct (`go env GOPROXY` shows what it is), \
                 or set GVM_SOURCES=godev"
            }
            SourceError::NotAnIndex { .. } | SourceError::UnknownLayout { .. } => {
                "a source has an index.json beside its archives, \
                 or a folder golang.org/toolchain/@v below it"
            }
            SourceError::UnknownName { from, .. } => match from {
                settings::From::Variable(vars::GODEV) => {
                    "for example: GVM_GODEV=https://mirror.example/dl"
                }
                settings::From::Flag(_) => "for example: --source godev",
                settings::From::File => "for example: sources = [\"godev\", \"goproxy\"]",
                settings::From::Variable(_) | settings::From::BuiltIn => {
                    "for example: GVM_SOURCES=godev,goproxy"
                }
            },
        };
        if !advice.contains(&one) {
            advice.push(one);
        }
    }
    if advice.is_empty() { NETWORK.to_owned() } else { advice.join("; ") }
}

impl From<NetError> for Failure {
    fn from(error: NetError) -> Self {
        let message = error.to_string();
        match error.fault {
            NetFault::Offline => Self::new(Kind::Network, message).hint(ONLINE),
            _ if error.is_not_found() => Self::new(Kind::NoSuchVersion, message).hint(OFFERED),
            _ => Self::new(Kind::Network, message).hint(NETWORK),
        }
    }
}

const UNPROVED: &str = "allow the checksum database (unset GOSUMDB), \
                        or give a digest for a local archive with `--sha256`";

const OFFERED: &str = "see what there is with `gvm list-remote --all`";

impl From<FetchError> for Failure {
    fn from(error: FetchError) -> Self {
        let message = error.to_string();
        if error.is_integrity() {
            return Self::new(Kind::Integrity, message).hint(
                "nothing was installed; hold the digest against the publisher's, \
                 or take another source: `--source godev` or `--source goproxy`",
            );
        }
        let failure = Self::new(Kind::CouldNot, message);
        match error {
            FetchError::Net(NetError { fault: NetFault::File(_), .. }) => {
                failure.hint("check the path, and whether you may read it")
            }
            FetchError::Net(error) => error.into(),
            FetchError::Io { path, source } => StoreError::Io { doing: "use", path, source }.into(),
            _ => failure.hint("take another source: `--source godev` or `--source goproxy`"),
        }
    }
}

impl From<TestimonyError> for Failure {
    fn from(error: TestimonyError) -> Self {
        let message = error.to_string();
        match error {
            TestimonyError::Store(error) => error.into(),
            TestimonyError::DamagedHead { path, .. } => Self::new(Kind::CouldNot, message)
                .hint(format!("remove {}: it is made anew", path.display())),
            TestimonyError::Refused(_) => Self::new(Kind::Integrity, message).hint(
                "do not go on: somebody between you and the database may be lying; \
                 try another network or GOPROXY",
            ),
            TestimonyError::Unreachable(sumdb::SumdbError::BadAddress(_))
            | TestimonyError::Database(_)
            | TestimonyError::Proxy(_) => {
                Self::new(Kind::Usage, message).hint("see `go env GOSUMDB GOPROXY`")
            }
            TestimonyError::Unreachable(_) => Self::new(Kind::Network, message)
                .hint("it is asked through GOPROXY where a proxy offers it: see `go env GOPROXY`"),
        }
    }
}

impl From<VerifyError> for Failure {
    fn from(error: VerifyError) -> Self {
        let failure = Self::new(Kind::Integrity, error.to_string());
        match error {
            VerifyError::OtherTree { .. } | VerifyError::Names(_) => failure.hint(
                "nothing was installed; try another source: `--source godev` or `--source goproxy`",
            ),
            VerifyError::Unproved { .. } => failure.hint(UNPROVED),
        }
    }
}

/// A line for each source.
fn each(reasons: &[Reason]) -> String {
    reasons.iter().map(|reason| format!("\n  {}: {}", reason.source, reason.error)).collect()
}

/// What to do about the sources that failed, each piece of advice once.
fn ways_out(reasons: Vec<Reason>) -> String {
    let failed = reasons.into_iter().map(|reason| reason.error).filter(|it| !it.is_absence());
    let mut hints: Vec<String> = Vec::new();
    for hint in failed.filter_map(|error| Failure::from(error).hint) {
        if !hints.contains(&hint) {
            hints.push(hint);
        }
    }
    if hints.is_empty() { NETWORK.to_owned() } else { hints.join("; ") }
}

impl From<InstallError> for Failure {
    fn from(error: InstallError) -> Self {
        let message = error.to_string();
        match error {
            InstallError::NoSuchVersion { nearest, reasons, .. } => {
                let failure = Self::new(Kind::NoSuchVersion, message + &each(&reasons));
                let names: Vec<&str> = nearest.iter().map(Version::as_str).collect();
                if names.is_empty() {
                    failure.hint(OFFERED)
                } else {
                    failure.hint(format!("the nearest are {}", names.join(", ")))
                }
            }
            InstallError::NoSource { reasons, .. } => {
                let unproved = reasons.iter().any(|reason| reason.error.is_integrity());
                let message = message + &each(&reasons);
                if unproved {
                    return Self::new(Kind::Integrity, message).hint(UNPROVED);
                }
                Self::new(Kind::Network, message).hint(ways_out(reasons))
            }
            InstallError::Offline { reasons, cached, .. } => {
                let cached = if cached.is_empty() { "nothing".into() } else { cached.join(", ") };
                Self::new(Kind::Network, message + &each(&reasons)).hint(format!(
                    "`gvm list` shows what is installed; the cache holds {cached}; \
                     try again without --offline and GVM_OFFLINE"
                ))
            }
            InstallError::NotOffered => Self::new(Kind::NoSuchVersion, message).hint(OFFERED),
            InstallError::Source(error) => error.into(),
            InstallError::Store(error) => error.into(),
            InstallError::Verify(error) => error.into(),
            InstallError::Testimony(error) => error.into(),
            InstallError::OtherVersion { .. } => Self::new(Kind::Integrity, message)
                .hint("nothing was installed; the archive does not hold what its name says"),
            InstallError::Unpack(error) => match error.fault {
                Fault::Io { doing, path, source } => StoreError::Io { doing, path, source }.into(),
                _ => Self::new(Kind::Integrity, format!("could not {message}")).hint(
                    "nothing was installed; the source may serve a page in place of the archive",
                ),
            },
            InstallError::Fetch(error) => error.into(),
        }
    }
}
