//! [`Obstacle`]: what can stand in a program's way, in words: fragments that fit after "no: ".

use std::fmt::{self, Display, Formatter};

/// What stands in the way.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Obstacle {
    /// It is nothing that is started.
    NoProgram,
    /// Nobody may execute the file.
    NoExecuteBit,
    /// Whoever asks may not.
    NotForUs,
    /// Nothing of this file system is executed.
    NoExecMount,
    /// The file is shorter than its headers say.
    CutOff {
        /// How long it would have to be.
        needed: u64,
    },
    /// It is for another system.
    OtherSystem {
        /// That system.
        system: String,
    },
    /// It is for another processor.
    OtherArchitecture {
        /// That processor.
        architecture: String,
        /// The one here.
        own: String,
    },
    /// Its loader is not there, which the kernel reports as if the program itself were not.
    NoLoader {
        /// The loader.
        path: String,
    },
    /// Its loader is one for other programs.
    OtherLoader {
        /// The loader.
        path: String,
    },
    /// A library is nowhere.
    NoLibrary {
        /// The library.
        name: String,
        /// The library that needs it; None for the program itself.
        by: Option<String>,
    },
    /// A library lacks versions of symbols.
    NoVersion {
        /// The version.
        version: String,
        /// The library that was found, by its path.
        library: String,
        /// The library that needs it; None for the program itself.
        by: Option<String>,
    },
    /// The system is too old.
    OldSystem {
        /// What it needs.
        needed: String,
        /// What is here.
        own: String,
    },
    /// The processor lacks what it was built for.
    Processor {
        /// The level that is needed.
        level: u8,
        /// The level here.
        own: u8,
    },
    /// Apple's own processors run nothing without a signature.
    Unsigned,
    /// The program that a script names is not there.
    NoInterpreter {
        /// That program.
        path: String,
    },
    /// What a script has `env` start is not on PATH.
    NotOnPath {
        /// That program.
        name: String,
    },
}

impl Obstacle {
    /// The word in JSON.
    pub fn word(&self) -> &'static str {
        match self {
            Self::NoProgram => "no-program",
            Self::NoExecuteBit => "no-execute-bit",
            Self::NotForUs => "not-permitted",
            Self::NoExecMount => "noexec-mount",
            Self::CutOff { .. } => "cut-off",
            Self::OtherSystem { .. } => "other-system",
            Self::OtherArchitecture { .. } => "other-architecture",
            Self::NoLoader { .. } => "no-loader",
            Self::OtherLoader { .. } => "other-loader",
            Self::NoLibrary { .. } => "no-library",
            Self::NoVersion { .. } => "no-symbol-version",
            Self::OldSystem { .. } => "old-system",
            Self::Processor { .. } => "old-processor",
            Self::Unsigned => "unsigned",
            Self::NoInterpreter { .. } => "no-interpreter",
            Self::NotOnPath { .. } => "not-on-path",
        }
    }
}

impl Display for Obstacle {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoProgram => f.write_str("it is no program"),
            Self::NoExecuteBit => f.write_str("nobody may execute it; see `chmod +x`"),
            Self::NotForUs => f.write_str("you may not execute it"),
            Self::NoExecMount => {
                f.write_str("its file system is mounted noexec; copy it to another one")
            }
            Self::CutOff { needed } => {
                write!(f, "it is cut off: its headers speak of {needed} bytes")
            }
            Self::OtherSystem { system } => write!(f, "it is for {system}"),
            Self::OtherArchitecture { architecture, own } => {
                write!(f, "it is for {architecture} processors, and this one is {own}")
            }
            Self::NoLoader { path } => {
                write!(f, "needs the loader {path}, which this system lacks")?;
                match path.rsplit('/').next() {
                    Some(name) if name.starts_with("ld-musl-") => f.write_str(" (musl's)"),
                    Some(name) if name.starts_with("ld-linux") => f.write_str(" (glibc's)"),
                    Some(_) | None => Ok(()),
                }
            }
            Self::OtherLoader { path } => {
                write!(f, "needs the loader {path}, which here is one for other programs")
            }
            Self::NoLibrary { name, by: None } => {
                write!(f, "needs the library {name}, which is in none of the loader's folders")
            }
            Self::NoLibrary { name, by: Some(by) } => {
                write!(f, "{by} needs the library {name}, which is in none of the loader's folders")
            }
            Self::NoVersion { version, library, by } => {
                let by = by.as_ref().map(|by| format!("{by} ")).unwrap_or_default();
                write!(f, "{by}needs {version}, which {library} here does not have")
            }
            Self::OldSystem { needed, own } => {
                write!(f, "needs version {needed} of the system, and this is {own}")
            }
            Self::Processor { level, own } => {
                write!(f, "was built with GOAMD64=v{level}, and this processor is a v{own}")
            }
            Self::Unsigned => {
                f.write_str("is not signed, as arm64 programs must be; see `codesign -s -`")
            }
            Self::NoInterpreter { path } => match path.strip_suffix("\\r") {
                Some(path) => {
                    write!(f, "its first line ends as on Windows, so that {path} is not found")
                }
                None => write!(f, "needs {path} to read it, which this system lacks"),
            },
            Self::NotOnPath { name } => write!(f, "needs {name} to read it, which is not on PATH"),
        }
    }
}
