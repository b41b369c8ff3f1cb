//! A tag: what one installed version is called, and the hash that names its folder.
//!
//! Where that folder lies is `layout`'s.

use alloc::string::String;
use core::fmt;

use sha2::{Digest as _, Sha256};

use crate::target::Target;
use crate::version::{Version, VersionError};

/// Which target's release of a version runs on a machine: its own, or, where that version is older than native builds,
/// that of [`older_builds`].
pub fn published_for(version: &Version, machine: Target) -> Target {
    // go1.16beta1 and go1.17beta1 were the first.
    let first_native = if machine.os() == "darwin" { "16" } else { "17" };
    match older_builds(machine) {
        Some(older) if !version.is_from_line(first_native) => older,
        Some(_) | None => machine,
    }
}

/// What a machine runs beside its own: on 64-bit ARM, macOS and Windows run programs for amd64 too, by Rosetta and by an
/// emulation.
pub fn older_builds(machine: Target) -> Option<Target> {
    match (machine.os(), machine.arch()) {
        ("darwin" | "windows", "arm64") => Target::from_archive_names(machine.os(), "amd64"),
        _ => None,
    }
}

/// A version and, where it is not for this machine, its target: `go1.22.4`,
/// `go1.22.4.windows-amd64`. Its characters are `[0-9A-Za-z._-]`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Tag {
    version: Version,
    foreign: Option<Target>,
}

impl Tag {
    /// The tag of `version` for `target` on a machine of target `host`.
    pub fn new(version: Version, target: Target, host: Target) -> Tag {
        let foreign = (target != published_for(&version, host)).then_some(target);
        Tag { version, foreign }
    }

    /// Reads what was printed. Only the known targets end a tag, and no version ends like one, so
    /// there is one way to read each.
    pub fn parse(text: &str) -> Result<Tag, VersionError> {
        let (name, foreign) = match Target::split_ending(text) {
            Some((name, target)) => (name, Some(target)),
            None => (text, None),
        };
        Ok(Tag { version: Version::from_tag(name)?, foreign })
    }

    /// The version, without the target.
    pub fn version(&self) -> &Version {
        &self.version
    }

    /// The target it is for, on a machine of target `host`.
    pub fn target(&self, host: Target) -> Target {
        self.foreign.unwrap_or_else(|| published_for(&self.version, host))
    }

    /// Whether it is for another machine than the one where it stands.
    pub fn is_foreign(&self) -> bool {
        self.foreign.is_some()
    }

    /// The name of its folder: the first 8 hex digits of the SHA-256 of its text. Not a proof of
    /// anything, as 32 bits are easily hit on purpose: nothing is looked up by it alone.
    pub fn hash8(&self) -> String {
        let digest = Sha256::digest(self.text().as_bytes());
        let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16);
        digest.iter().take(4).flat_map(|b| [digit(b >> 4), digit(b & 15)]).flatten().collect()
    }

    fn text(&self) -> String {
        let mut text = self.version.tag();
        if let Some(target) = self.foreign {
            text.push('.');
            text.push_str(&target.dashed());
        }
        text
    }
}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text())
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use proptest::prelude::*;

    use super::*;
    use crate::target::KNOWN;
    use crate::version::tests::{any_version, version};

    const LINUX: &str = "linux/amd64";
    const WINDOWS: &str = "windows/amd64";

    fn tag(text: &str, target: &str, host: &str) -> Tag {
        let [target, host] = [target, host].map(|text| Target::parse(text).unwrap());
        Tag::new(version(text), target, host)
    }

    #[test]
    fn only_a_foreign_target_is_part_of_the_tag() {
        for (text, target, printed) in [
            ("1.22.4", LINUX, "go1.22.4"),
            ("1.22.4", WINDOWS, "go1.22.4.windows-amd64"),
            ("1.20", WINDOWS, "go1.20.windows-amd64"),
            ("1.22.3-big.corp", LINUX, "go1.22.3-big.corp"),
            ("1.22.3-big.corp", WINDOWS, "go1.22.3-big.corp.windows-amd64"),
            ("1.22.3-linux-amd64", WINDOWS, "go1.22.3-linux-amd64.windows-amd64"),
            ("1.22.3-a.b-c", LINUX, "go1.22.3-a.b-c"),
        ] {
            let tag = tag(text, target, LINUX);
            assert_eq!(tag.to_string(), printed);
            assert_eq!(Tag::parse(printed), Ok(tag.clone()));
            assert_eq!(tag.version(), &version(text));
            assert_eq!(tag.target(Target::parse(LINUX).unwrap()).to_string(), target);
        }
    }

    #[test]
    fn what_is_older_than_native_builds_is_the_machines_own_all_the_same() {
        for (text, target, host, printed) in [
            ("1.15.15", "darwin/amd64", "darwin/arm64", "go1.15.15"),
            ("1.16beta1", "darwin/arm64", "darwin/arm64", "go1.16beta1"),
            ("1.16", "darwin/amd64", "darwin/arm64", "go1.16.darwin-amd64"),
            ("1.16.15", "windows/amd64", "windows/arm64", "go1.16.15"),
            ("1.17", "windows/arm64", "windows/arm64", "go1.17"),
            ("1.15.15", "linux/amd64", "linux/arm64", "go1.15.15.linux-amd64"),
            ("1.15.15", "darwin/arm64", "darwin/amd64", "go1.15.15.darwin-arm64"),
        ] {
            let tag = tag(text, target, host);
            assert_eq!(tag.to_string(), printed, "{host}");
            assert_eq!(tag.target(Target::parse(host).unwrap()).to_string(), target);
        }
    }

    // What `printf go1.22.4 | sha256sum | cut -c1-8` prints.
    #[test]
    fn anybody_can_compute_the_folder_s_name() {
        assert_eq!(tag("1.22.4", LINUX, LINUX).hash8(), "c3a05a89");
        assert_eq!(tag("1.22.4", WINDOWS, LINUX).hash8(), "9696709a");
    }

    #[test]
    fn what_is_no_tag_is_refused() {
        for text in ["", "go", "1.22.4", "go1.22.4.windows", "go1.22.4.js-wasm", ".linux-amd64"] {
            assert!(Tag::parse(text).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_tag_survives_being_printed(v in any_version(), i in 0..KNOWN.len()) {
            let (os, arch) = KNOWN[i];
            let target = Target::from_archive_names(os, arch).unwrap();
            let tag = Tag::new(v, target, Target::host());
            prop_assert_eq!(Tag::parse(&tag.to_string()), Ok(tag));
        }

        #[test]
        fn what_parses_prints_as_it_was(text in "\\PC*|go1[a-z0-9.-]{0,20}(\\.linux-arm)?") {
            if let Ok(tag) = Tag::parse(&text) {
                prop_assert_eq!(tag.to_string(), text);
            }
        }
    }
}
