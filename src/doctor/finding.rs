//! [`Finding`]: something that is wrong, why, and what mends it; and the table of all that there are. A number, once given,
//! keeps its meaning: `docs/doctor.md` explains each, and a test holds it to this table.

use std::fmt;

/// What a check found.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Finding {
    /// Which of the table.
    pub id: Id,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong.
    pub what: String,
    /// Why, or what follows from it.
    pub why: String,
    /// The file that is at fault, and the line in it.
    pub place: Option<Place>,
    /// What mends it: a command, where one can.
    pub fix: Option<String>,
    /// Whether `--fix` mends it: gvm's own links, shims and litter only.
    pub is_ours: bool,
}

/// A place in a file, or a file or folder as a whole.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Place {
    /// The file.
    pub file: Vec<u8>,
    /// The line, from 1.
    pub line: Option<u32>,
}

/// How bad a finding is.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd)]
pub enum Severity {
    /// Something does not work.
    Error,
    /// Something does not do what it seems to, or is about to break.
    Warning,
    /// Worth knowing; nothing is wrong.
    Note,
}

impl Severity {
    /// The word, in text and in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

/// The number of a finding.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd)]
pub struct Id(u16);

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "GVM-E{:03}", self.0)
    }
}

impl Finding {
    /// Something that does not work.
    pub fn error(id: Id, what: impl Into<String>) -> Self {
        Self::new(id, Severity::Error, what)
    }

    /// Something that does not do what it seems to.
    pub fn warning(id: Id, what: impl Into<String>) -> Self {
        Self::new(id, Severity::Warning, what)
    }

    /// Something that is worth knowing.
    pub fn note(id: Id, what: impl Into<String>) -> Self {
        Self::new(id, Severity::Note, what)
    }

    fn new(id: Id, severity: Severity, what: impl Into<String>) -> Self {
        let (what, why) = (what.into(), String::new());
        Self { id, severity, what, why, place: None, fix: None, is_ours: false }
    }

    /// With the reason, or what follows.
    #[must_use]
    pub fn why(self, why: impl Into<String>) -> Self {
        Self { why: why.into(), ..self }
    }

    /// With the file that is at fault.
    #[must_use]
    pub fn at(self, file: &[u8], line: impl Into<Option<u32>>) -> Self {
        Self { place: Some(Place { file: file.to_vec(), line: line.into() }), ..self }
    }

    /// With what mends it.
    #[must_use]
    pub fn fix(self, fix: impl Into<String>) -> Self {
        Self { fix: Some(fix.into()), ..self }
    }

    /// `--fix` mends it.
    #[must_use]
    pub fn ours(self) -> Self {
        Self { is_ours: true, fix: Some("gvm doctor --fix".into()), ..self }
    }

    /// As an error where `is_error`, else a warning.
    #[must_use]
    pub fn graded(self, is_error: bool) -> Self {
        let severity = if is_error { Severity::Error } else { Severity::Warning };
        Self { severity, ..self }
    }
}

macro_rules! table {
    ($($number:literal $name:ident $title:literal)*) => {
        $(#[doc = $title] pub const $name: Id = Id($number);)*

        /// All findings that there are, each with its title.
        pub const ALL: &[(Id, &str)] = &[$(($name, $title)),*];
    };
}

table! {
    1 NO_GO "no `go` is found"
    2 ONLY_NOT_EXECUTABLE "the only `go` on PATH may not be executed"
    3 ONLY_FOLDER "the only `go` on PATH is a folder"
    4 ONLY_BROKEN_LINK "the only `go` on PATH is a link that leads nowhere"
    5 NO_INTERPRETER "the first `go` on PATH is a script whose interpreter is missing"
    6 FOREIGN_GO "the first `go` on PATH is a program for another machine"
    7 EMPTY_GO "the first `go` on PATH is an empty file"
    8 TEXT_GO "the first `go` on PATH is text without `#!`"
    9 PASSED_OVER "something named `go` that shells pass over"
    10 ALIAS "a start file defines an alias named `go`"
    11 FUNCTION "a function named `go` hides the program"
    12 HASHED "a start file fixes the place of `go` by the shell's hash"
    13 VANISHED "an entry of PATH whose Go is gone"
    14 HERE_ON_PATH "PATH leads to the working directory"
    15 TILDE_ON_PATH "a literal `~` in PATH"
    16 QUOTES_ON_PATH "quotes in PATH"
    17 EMPTY_PATH "PATH is empty or not set"
    18 MAKEFILE_PATH "a makefile sets PATH"
    20 EARLIER_GO "another `go` comes before gvm's"
    21 SHIMS_NOT_ON_PATH "gvm's shims are not on PATH"
    22 SUDO "sudo finds another `go`, or none"
    23 CRON "cron finds another `go`, or none"
    24 DESKTOP "the desktop finds another `go`, or none"
    25 NEW_WINDOW "a new window finds another `go`, or none"
    26 APP_PATHS "Windows starts another `go` by name"
    101 GOROOT_INVALID "GOROOT names no GOROOT"
    102 GOROOT_OTHER "GOROOT names another tree than the Go that runs"
    103 GOROOT_HOLLOW "GOROOT names a folder without the library"
    104 GOROOT_IN_START_FILE "a start file sets GOROOT"
    105 GOROOT_NEWLINE "the path of the tree holds a newline"
    106 LONE_BINARY "`go` was copied out of its tree"
    107 GOROOT_NEEDED "this Go cannot find itself"
    201 ENV_FILE_BOM "go/env begins with a byte order mark"
    202 ENV_FILE_CRLF "go/env has lines that end as on Windows"
    203 ENV_FILE_DEAD_LINE "a line of go/env that is ignored"
    204 ENV_FILE_QUOTES "quotes in go/env"
    205 ENV_FILE_UNKNOWN "a name in go/env that no Go knows"
    206 ENV_FILE_TWICE "a name that stands twice in go/env"
    207 ENV_FILE_UNREADABLE "go/env cannot be read"
    208 EMPTY_DOES_NOT_HIDE "an empty variable does not hide go/env"
    210 GOTOOLCHAIN_INVALID "GOTOOLCHAIN cannot be understood"
    211 GOTOOLCHAIN_FIXED "GOTOOLCHAIN chooses a version for every project"
    212 GO_LINE_NEWER "the project needs a newer Go"
    213 TOOLCHAIN_LINE_UNKNOWN "a `toolchain` line that this Go does not know"
    214 GO_LINE_FORM "a `go` line that this Go does not understand"
    215 PIN_UNMET "a pin cannot be met"
    216 LEFT_TO_DOWNLOAD "the project's toolchain is not installed"
    220 GOFLAGS_UNKNOWN "GOFLAGS holds a flag that this Go does not know"
    221 GOFLAGS_NOT_A_FLAG "GOFLAGS holds a word that is no flag"
    222 GOFLAGS_SPLIT "GOFLAGS is split at blanks"
    223 GOFLAGS_PERSISTED "go/env sets GOFLAGS for every project"
    230 FOREIGN_TARGET "programs are built for another machine"
    231 UNKNOWN_TARGET "GOOS and GOARCH name no target"
    240 GOPROXY_INVALID "GOPROXY cannot be understood"
    241 GOPROXY_OFF "GOPROXY forbids downloads"
    242 PATTERN_INVALID "a pattern of modules is malformed"
    250 GO111MODULE_INVALID "GO111MODULE cannot be understood"
    251 GO111MODULE_OFF "modules are switched off"
    260 GOPATH_RELATIVE "GOPATH is no absolute path"
    261 GOPATH_IS_GOROOT "GOPATH is GOROOT"
    262 GOPATH_EMPTY_ENTRY "GOPATH begins with an empty entry"
    263 GOPATH_MODULE "a go.mod in the root of GOPATH"
    264 GOBIN_RELATIVE "GOBIN is no absolute path"
    270 GOEXPERIMENT_UNKNOWN "an experiment that this Go does not know"
    271 GOAMD64_INVALID "GOAMD64 names no level"
    272 GOWORK_INVALID "GOWORK leads nowhere"
    273 SUMDB_UNKNOWN "GOSUMDB names a database whose key is not given"
    301 TREE_MISSING "a file is missing that every build needs"
    302 TREE_EMPTY "a file of the tree is empty"
    303 TREE_CUT "a program of the tree is damaged"
    304 TREE_NOT_EXECUTABLE "a program of the tree may not be executed"
    305 VERSION_MISMATCH "VERSION is not what the program says"
    306 VERSION_MISSING "VERSION is missing or empty"
    307 GO_ENV_MISSING "the tree has no go.env"
    308 SOURCE_MISMATCH "the library is that of another version"
    309 ARCHIVES_MISSING "the compiled library is missing"
    310 CGO_MISSING "the tool `cgo` is missing"
    311 TREE_FOREIGN "a tool of the tree is for another machine"
    312 NOT_A_TREE "the folder holds no Go"
    313 TREE_LOST "files are gone that were installed"
    401 NO_HOME "HOME is not set"
    402 HOME_MISSING "HOME leads nowhere"
    403 CACHE_UNUSABLE "the build cache cannot be used"
    404 CACHE_NOT_KEPT "the build cache keeps nothing"
    405 CACHE_FULL "the build cache's disk is full"
    406 MODCACHE_UNUSABLE "the module cache cannot be written"
    407 TEMP_MISSING "the folder for temporary files is missing"
    408 TEMP_UNWRITABLE "the folder for temporary files cannot be written"
    409 TEMP_NOEXEC "nothing may be executed in the folder for temporary files"
    410 TEMP_FULL "the disk for temporary files is full"
    411 CACHE_INVALID "GOCACHE names no folder"
    412 MODCACHE_INVALID "GOMODCACHE is no absolute path"
    413 CACHE_OF_ANOTHER "the build cache belongs to another user"
    501 NO_COMPILER "cgo is on and the C compiler is not found"
    502 CGO_OFF_HERE "the package here needs cgo, which is off"
    503 RACE_WITHOUT_CGO "the race detector needs cgo"
    520 CPU_TOO_OLD "programs are built for a newer processor"
    601 NO_LOADER "the loader that `go` wants is missing"
    602 FOREIGN_TREE "this Go is for another machine"
    701 EXPOSED "others may write to gvm's folder"
    702 LINK_BROKEN "a version's link is missing or leads elsewhere"
    703 DEFAULT_DANGLING "the default leads nowhere"
    704 SHIMS_STALE "shims are missing or not of this gvm"
    705 LITTER "what a crash left behind"
    706 UNKNOWN_TREE "a folder of which nobody can say what it is"
    707 ROOT_OF_ANOTHER "gvm's folder belongs to another user"
    708 BUSY "another gvm is at work"
    709 ROOT_READ_ONLY "gvm's folder cannot be written"
    710 CONFIG_BROKEN "gvm's settings cannot be understood"
    801 OTHER_MANAGER "another manager of Go versions"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_number_stands_for_two_findings() {
        assert!(ALL.is_sorted_by(|one, other| one.0 < other.0));
        assert_eq!(NO_GO.to_string(), "GVM-E001");
    }
}
