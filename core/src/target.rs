//! A target: operating system and architecture, as Go calls them. Also how the download site's
//! index calls them where it differs.
//!
//! Which release was published for which target is not known here.

use alloc::string::String;
use core::fmt;

use crate::excerpt::excerpt;

/// GOOS and GOARCH of a port that official archives were published for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Target {
    os: &'static str,
    arch: &'static str,
}

/// Every port that an official archive was ever published for, as (GOOS, GOARCH), sorted.
/// Since 1.21 that is every port but android, ios, js, wasip1 and broken ones
/// (golang/build, `internal/releasetargets`); darwin/386 ended with 1.14, windows/arm with 1.24.
pub const KNOWN: &[(&str, &str)] = &[
    ("aix", "ppc64"),
    ("darwin", "386"),
    ("darwin", "amd64"),
    ("darwin", "arm64"),
    ("dragonfly", "amd64"),
    ("freebsd", "386"),
    ("freebsd", "amd64"),
    ("freebsd", "arm"),
    ("freebsd", "arm64"),
    ("freebsd", "riscv64"),
    ("illumos", "amd64"),
    ("linux", "386"),
    ("linux", "amd64"),
    ("linux", "arm"),
    ("linux", "arm64"),
    ("linux", "loong64"),
    ("linux", "mips"),
    ("linux", "mips64"),
    ("linux", "mips64le"),
    ("linux", "mipsle"),
    ("linux", "ppc64"),
    ("linux", "ppc64le"),
    ("linux", "riscv64"),
    ("linux", "s390x"),
    ("netbsd", "386"),
    ("netbsd", "amd64"),
    ("netbsd", "arm"),
    ("netbsd", "arm64"),
    ("openbsd", "386"),
    ("openbsd", "amd64"),
    ("openbsd", "arm"),
    ("openbsd", "arm64"),
    ("openbsd", "ppc64"),
    ("openbsd", "riscv64"),
    ("plan9", "386"),
    ("plan9", "amd64"),
    ("plan9", "arm"),
    ("solaris", "amd64"),
    ("windows", "386"),
    ("windows", "amd64"),
    ("windows", "arm"),
    ("windows", "arm64"),
];

impl Target {
    /// The machine that this program was built for. On one that Go has no port for, a target that
    /// no release has.
    pub const fn host() -> Target {
        Target { os: HOST_OS, arch: HOST_ARCH }
    }

    /// Reads `linux/amd64` or `linux-amd64`.
    pub fn parse(text: &str) -> Result<Target, TargetError> {
        text.split_once(['/', '-'])
            .and_then(|(os, arch)| Target::known(os, arch))
            .ok_or_else(|| TargetError { text: String::from(text) })
    }

    /// The target of a row of the download site's index. Its ARM archives were called `armv6l`
    /// (`arm6` in 1.6beta1, `arm` in 1.21rc1 and rc2). None for rows without a target: sources, and
    /// the bootstrap archives (`4`/`bootstrap`).
    pub fn from_archive_names(os: &str, arch: &str) -> Option<Target> {
        let arch = match arch {
            "armv6l" | "arm6" => "arm",
            other => other,
        };
        Target::known(os, arch)
    }

    /// Takes `.os-arch` off the end of a name, if it ends with one of the known targets.
    pub(crate) fn split_ending(name: &str) -> Option<(&str, Target)> {
        let (head, ending) = name.rsplit_once('.')?;
        let (os, arch) = ending.split_once('-')?;
        Some((head, Target::known(os, arch)?))
    }

    /// GOOS.
    pub const fn os(&self) -> &'static str {
        self.os
    }

    /// GOARCH.
    pub const fn arch(&self) -> &'static str {
        self.arch
    }

    /// `linux-amd64`, as in the names of archives and modules.
    pub fn dashed(&self) -> String {
        self.joined("-")
    }

    fn joined(&self, middle: &str) -> String {
        [self.os, middle, self.arch].concat()
    }

    fn known(os: &str, arch: &str) -> Option<Target> {
        let (os, arch) = *KNOWN.iter().find(|known| **known == (os, arch))?;
        Some(Target { os, arch })
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.joined("/"))
    }
}

/// A text that names no target that Go was published for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TargetError {
    /// The text, as it came.
    pub text: String,
}

impl fmt::Display for TargetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no Go was published for the target `{}`", excerpt(self.text.as_bytes()))
    }
}

impl core::error::Error for TargetError {}

const HOST_OS: &str = if cfg!(target_os = "linux") {
    "linux"
} else if cfg!(target_os = "macos") {
    "darwin"
} else if cfg!(windows) {
    "windows"
} else if cfg!(target_os = "freebsd") {
    "freebsd"
} else if cfg!(target_os = "netbsd") {
    "netbsd"
} else if cfg!(target_os = "openbsd") {
    "openbsd"
} else if cfg!(target_os = "dragonfly") {
    "dragonfly"
} else if cfg!(target_os = "illumos") {
    "illumos"
} else if cfg!(target_os = "solaris") {
    "solaris"
} else if cfg!(target_os = "aix") {
    "aix"
} else {
    "unknown"
};

const HOST_ARCH: &str = if cfg!(target_arch = "x86_64") {
    "amd64"
} else if cfg!(target_arch = "x86") {
    "386"
} else if cfg!(target_arch = "aarch64") {
    "arm64"
} else if cfg!(target_arch = "arm") {
    "arm"
} else if cfg!(target_arch = "riscv64") {
    "riscv64"
} else if cfg!(target_arch = "loongarch64") {
    "loong64"
} else if cfg!(target_arch = "s390x") {
    "s390x"
} else if cfg!(target_arch = "powerpc64") {
    if cfg!(target_endian = "little") { "ppc64le" } else { "ppc64" }
} else if cfg!(target_arch = "mips64") {
    if cfg!(target_endian = "little") { "mips64le" } else { "mips64" }
} else if cfg!(target_arch = "mips") {
    if cfg!(target_endian = "little") { "mipsle" } else { "mips" }
} else {
    "unknown"
};

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_known_target_survives_being_printed() {
        assert!(KNOWN.is_sorted() && KNOWN.len() > 40);
        for (os, arch) in KNOWN {
            let target = Target::known(os, arch).unwrap();
            assert_eq!((target.os(), target.arch()), (*os, *arch));
            assert_eq!(Target::parse(&target.to_string()), Ok(target));
            assert_eq!(Target::parse(&target.dashed()), Ok(target));
        }
    }

    #[test]
    fn the_host_is_known() {
        assert_eq!(Target::parse(&Target::host().to_string()), Ok(Target::host()));
        if cfg!(all(target_os = "macos", target_arch = "aarch64")) {
            assert_eq!(Target::host().to_string(), "darwin/arm64");
        }
        if cfg!(all(target_os = "linux", target_arch = "x86_64")) {
            assert_eq!(Target::host().to_string(), "linux/amd64");
        }
    }

    #[test]
    fn what_is_no_target_is_named_in_the_error() {
        for text in ["", "linux", "linux/", "amd64/linux", "linux/amd64/v3", "js/wasm", "Linux/386"]
        {
            assert_eq!(Target::parse(text), Err(TargetError { text: text.into() }));
        }
        let message = Target::parse("linux/\u{1b}").unwrap_err().to_string();
        assert_eq!(message, "no Go was published for the target `linux/\\u{1b}`");
    }

    #[test]
    fn odd_rows_of_the_index_are_understood() {
        for (os, arch, target) in [
            ("linux", "armv6l", Some("linux/arm")),
            ("linux", "arm6", Some("linux/arm")),
            ("linux", "arm", Some("linux/arm")),
            ("darwin", "amd64", Some("darwin/amd64")),
            ("4", "bootstrap", None),
            ("", "", None),
        ] {
            let found = Target::from_archive_names(os, arch).map(|target| target.to_string());
            assert_eq!(found.as_deref(), target);
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "\\PC*|[a-z0-9]{0,9}[-/][a-z0-9]{0,9}") {
            if let Ok(target) = Target::parse(&text) {
                prop_assert!(text == target.to_string() || text == target.dashed());
            }
        }
    }
}
