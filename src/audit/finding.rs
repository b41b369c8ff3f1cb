//! [`Finding`]: something in a tree that could do more than a Go that was just installed, in words.

use std::fmt::{self, Display, Formatter};

use crate::platform::Others;

/// What was found, where.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Finding {
    /// Its path below the tree, with slashes; of what stands outside, the whole path.
    pub path: String,
    /// What it could do.
    pub danger: Danger,
}

/// What something could do.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Danger {
    /// It runs as its owner, whoever starts it.
    Setuid {
        /// The owner.
        owner: String,
    },
    /// It runs as its group; what is put in a folder belongs to its group.
    Setgid,
    /// It gets some of root's powers, whoever starts it.
    Capabilities,
    /// Others may write to it.
    Writable {
        /// Who.
        by: Others,
    },
    /// It belongs to somebody else than what it stands in.
    Owner {
        /// To whom.
        owner: String,
        /// To whom it should.
        expected: String,
    },
    /// It may be executed, and was installed as a file that may not.
    ExecuteBit,
    /// A program that was not installed.
    Program,
    /// A file that was not installed.
    Added,
    /// A link out of the tree. None is ever installed.
    LinkOut {
        /// Where it leads.
        target: String,
    },
    /// A link within the tree. None is ever installed.
    Link {
        /// Where it leads.
        target: String,
    },
    /// A pipe, a socket or a device. None is ever installed.
    Device,
}

impl Danger {
    /// The word in JSON.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Setuid { .. } => "setuid",
            Self::Setgid => "setgid",
            Self::Capabilities => "capabilities",
            Self::Writable { by: Others::Everybody { .. } } => "writable-by-everybody",
            Self::Writable { by: Others::Group(_) } => "writable-by-group",
            Self::Owner { .. } => "owner",
            Self::ExecuteBit => "execute-bit",
            Self::Program => "program",
            Self::Added => "added",
            Self::LinkOut { .. } => "link-out",
            Self::Link { .. } => "link",
            Self::Device => "device",
        }
    }
}

impl Display for Danger {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Setuid { owner } => write!(f, "runs as {owner}, whoever starts it (setuid)"),
            Self::Setgid => f.write_str("runs as its group, or hands it on (setgid)"),
            Self::Capabilities => {
                f.write_str("has some of root's powers, whoever starts it (capabilities)")
            }
            Self::Writable { by: Others::Everybody { .. } } => {
                f.write_str("everybody may write to it")
            }
            Self::Writable { by: Others::Group(name) } => {
                write!(f, "the group {name} may write to it")
            }
            Self::Owner { owner, expected } => {
                write!(f, "belongs to {owner}, and what it stands in to {expected}")
            }
            Self::ExecuteBit => {
                f.write_str("may be executed, and was installed without that right")
            }
            Self::Program => f.write_str("is a program that was not installed with this version"),
            Self::Added => f.write_str("was not installed with this version"),
            Self::LinkOut { target } => write!(f, "is a link out of the tree, to {target}"),
            Self::Link { target } => write!(f, "is a link, to {target}; none was installed"),
            Self::Device => f.write_str("is a pipe, a socket or a device"),
        }
    }
}
