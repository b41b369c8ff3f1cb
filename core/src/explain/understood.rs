//! What older go commands make of newer settings: flags in GOFLAGS, `|` in GOPROXY, experiments.

use alloc::string::String;
use alloc::vec::Vec;

use super::Warning;
use crate::excerpt::excerpt;
use crate::goenv::{Files, Setting, Source};
use crate::vars;
use crate::version::Version;
use crate::world::World;

/// Build flags, and the line of the first go command that knows each (the release notes of Go 1.13
/// to 1.20; measured with 1.13.15, 1.17.13 and 1.19.13). With a flag in GOFLAGS that none of its
/// commands has, even `go version` fails; `-mod=mod` is refused by those that read a module.
const FLAGS: [(&str, &str); 8] = [
    ("trimpath", "13"),
    ("modcacherw", "14"),
    ("modfile", "14"),
    ("mod=mod", "14"),
    ("overlay", "16"),
    ("asan", "18"),
    ("buildvcs", "18"),
    ("pgo", "20"),
];

/// The settings that a go command of this version, in this GOROOT, does not understand; and every
/// experiment, which only some versions know.
pub(super) fn warnings(
    world: &dyn World,
    version: &Version,
    goroot: Option<&[u8]>,
) -> Vec<Warning> {
    let files = Files::read(world, goroot);
    let setting = |name| files.setting(name, world.var(name)).filter(|it| reads(version, it));
    let mut warnings = Vec::new();
    for (flag, since) in unknown_flags(setting(vars::GOFLAGS), version) {
        warnings.push(Warning::Flag { flag, since, version: version.clone() });
    }
    let experiment = files.setting(vars::GOEXPERIMENT, world.var(vars::GOEXPERIMENT));
    if let Some(Setting { value, source }) = experiment.filter(|it| !it.value.is_empty()) {
        let (value, version) = (excerpt(&value), version.clone());
        warnings.push(Warning::Experiment { value, source, version });
    }
    // In 1.15 `|` came between the proxies (go.dev/doc/go1.15); 1.13.15 takes it for a part of the
    // host (measured).
    if let Some(Setting { value, source }) = setting(vars::GOPROXY)
        && value.contains(&b'|')
        && !version.is_from_line("15")
    {
        let (value, version) = (excerpt(&value), version.clone());
        warnings.push(Warning::Proxy { value, source, version });
    }
    warnings
}

/// Whether such a go command looks there at all: for both variables from 1.11 on (1.8 and 1.10 do
/// not, as measured), in the user's file from 1.13 on, in go.env from 1.21 on.
fn reads(version: &Version, setting: &Setting) -> bool {
    match setting.source {
        Source::Process => version.is_from_line("11"),
        Source::File { .. } => version.is_from_line("13"),
    }
}

/// Each flag of GOFLAGS that is not known yet, and the line that knows it first.
fn unknown_flags(setting: Option<Setting>, version: &Version) -> Vec<(String, &'static str)> {
    let value = setting.map(|setting| setting.value).unwrap_or_default();
    let mut unknown = Vec::new();
    for word in value.split(u8::is_ascii_whitespace) {
        // Quotes may stand around a flag (`cmd/internal/quoted`).
        let word = without_quotes(word);
        let Some(flag) = word.strip_prefix(b"-") else { continue };
        let flag = flag.strip_prefix(b"-").unwrap_or(flag);
        let since = flag_since(flag).filter(|since| !version.is_from_line(since));
        unknown.extend(since.map(|since| (excerpt(word), since)));
    }
    unknown
}

/// The line of the first go command that knows a build flag, which is given without dashes; None of those that all know,
/// or none.
pub fn flag_since(flag: &[u8]) -> Option<&'static str> {
    let is_meant = |name: &str| match flag.strip_prefix(name.as_bytes()) {
        Some(rest) => matches!(rest, [] | [b'=', ..]),
        None => false,
    };
    FLAGS.iter().find(|(name, _)| is_meant(name)).map(|(_, since)| *since)
}

fn without_quotes(mut word: &[u8]) -> &[u8] {
    while let [b'\'' | b'"', rest @ ..] | [rest @ .., b'\'' | b'"'] = word {
        word = rest;
    }
    word
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;

    #[test]
    fn a_flag_is_unknown_before_its_line() {
        for (flags, version, unknown) in [
            ("-buildvcs=false", "1.17.13", "-buildvcs=false 1.18"),
            ("-buildvcs=false", "1.18", ""),
            ("-v '--buildvcs' -pgo=off", "1.13", "--buildvcs 1.18 -pgo=off 1.20"),
            ("-mod=mod", "1.13.15", "-mod=mod 1.14"),
            ("-mod=vendor -modfile=x", "1.13.15", "-modfile=x 1.14"),
            ("-mod=mod -modcacherw", "1.14", ""),
            ("-buildvcsx -x buildvcs", "1.13", ""),
        ] {
            let value = flags.as_bytes().to_vec();
            let setting = Setting { value, source: Source::Process };
            let found = unknown_flags(Some(setting), &Version::parse(version).unwrap());
            let found: Vec<String> =
                found.iter().map(|(flag, since)| [flag, " 1.", since].concat()).collect();
            assert_eq!(found.join(" "), unknown.to_string(), "{flags} for {version}");
        }
    }

    #[cfg(not(windows))]
    #[test]
    fn what_a_version_does_not_read_cannot_hurt_it() {
        use crate::world::memory::Memory;
        let process = Memory::new("/").var("GOFLAGS", "-buildvcs=false").var("GOPROXY", "a|b");
        let file = Memory::new("/").var("GOENV", "/e").file("/e", b"GOFLAGS=-pgo=x\nGOPROXY=a|b\n");
        for (world, version, count) in [
            (&process, "1.10.8", 0),
            (&process, "1.11", 2),
            (&process, "1.15", 1),
            (&process, "1.18", 0),
            (&file, "1.12.17", 0),
            (&file, "1.13", 2),
            (&file, "1.20.14", 0),
        ] {
            let version = Version::parse(version).unwrap();
            assert_eq!(warnings(world, &version, None).len(), count, "{version}");
        }
    }
}
