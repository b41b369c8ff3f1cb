//! The user's go/env file, line by line: what the go command makes of each, which it never says.
//!
//! Measured with 1.13 to 1.27: other lines than `NAME=value` are ignored without a word, nothing is trimmed or unquoted,
//! and of two lines of one name the last counts.

use gvm_core::goenv::{self, Which};

use super::finding::{self as id, Finding};
use super::quote;
use super::surroundings::{Surroundings, text};

/// Every variable that a go command from 1.4 to 1.27 reads from its environment or files.
const KNOWN: [&str; 68] = [
    "AR",
    "CC",
    "CGO_CFLAGS",
    "CGO_CFLAGS_ALLOW",
    "CGO_CFLAGS_DISALLOW",
    "CGO_CPPFLAGS",
    "CGO_CPPFLAGS_ALLOW",
    "CGO_CPPFLAGS_DISALLOW",
    "CGO_CXXFLAGS",
    "CGO_CXXFLAGS_ALLOW",
    "CGO_CXXFLAGS_DISALLOW",
    "CGO_ENABLED",
    "CGO_FFLAGS",
    "CGO_FFLAGS_ALLOW",
    "CGO_FFLAGS_DISALLOW",
    "CGO_LDFLAGS",
    "CGO_LDFLAGS_ALLOW",
    "CGO_LDFLAGS_DISALLOW",
    "CXX",
    "FC",
    "GCCGO",
    "GO111MODULE",
    "GO386",
    "GOAMD64",
    "GOARCH",
    "GOARM",
    "GOARM64",
    "GOAUTH",
    "GOBIN",
    "GOCACHE",
    "GOCACHEPROG",
    "GOCHAR",
    "GODEBUG",
    "GOENV",
    "GOEXE",
    "GOEXPERIMENT",
    "GOFIPS140",
    "GOFLAGS",
    "GOGCCFLAGS",
    "GOHOSTARCH",
    "GOHOSTOS",
    "GOINSECURE",
    "GOMIPS",
    "GOMIPS64",
    "GOMODCACHE",
    "GONOPROXY",
    "GONOSUMDB",
    "GOOS",
    "GOPACKAGESDRIVER",
    "GOPATH",
    "GOPPC64",
    "GOPRIVATE",
    "GOPROXY",
    "GORACE",
    "GORISCV64",
    "GOROOT",
    "GOSUMDB",
    "GOTELEMETRY",
    "GOTELEMETRYDIR",
    "GOTMPDIR",
    "GOTOOLCHAIN",
    "GOTOOLDIR",
    "GOVCS",
    "GOVERSION",
    "GOWASM",
    "GOWORK",
    "GO_EXTLINK_ENABLED",
    "PKG_CONFIG",
];

/// Variables whose values may hold quoted words.
const QUOTED: [&str; 11] = [
    "AR",
    "CC",
    "CXX",
    "FC",
    "GCCGO",
    "CGO_CFLAGS",
    "CGO_CPPFLAGS",
    "CGO_CXXFLAGS",
    "CGO_FFLAGS",
    "CGO_LDFLAGS",
    "GOFLAGS",
];

/// The value of a name in the file and its line, verbatim.
pub(super) fn value<'a>(around: &'a Surroundings<'_>, name: &str) -> Option<(&'a [u8], u32)> {
    goenv::lookup(&around.env_file.as_ref()?.1, name, Which::User)
}

/// The command that takes a name out of the file. `go env -u` would need a go command that works, and refuses some.
pub(super) fn without(file: &[u8], name: &str) -> String {
    format!("sed -i.bak '/^{name}=/d' {}", quote(file))
}

pub(super) fn check(around: &Surroundings<'_>) -> Vec<Finding> {
    // 1.12 and older have no such file.
    if !around.is_from("13") {
        return Vec::new();
    }
    let Some((file, content)) = &around.env_file else { return unreadable(around) };
    let mut findings = Vec::new();
    findings.extend(mark(file, content));
    findings.extend(windows_ends(file, content));
    for (line, number) in content.split(|byte| *byte == b'\n').zip(1..) {
        findings.extend(one(around, file, line, number));
    }
    findings.extend(twice(file, content));
    findings.extend(empty(around));
    findings
}

fn unreadable(around: &Surroundings<'_>) -> Vec<Finding> {
    let Some(file) = goenv::user_file(around.world) else { return Vec::new() };
    let Some(kind) = around.disk.entry(&file) else { return Vec::new() };
    let what = match kind {
        super::disk::Kind::Folder => format!("{} is a folder, no file", text(&file)),
        _ => format!("{} cannot be read", text(&file)),
    };
    let why =
        "the go command goes on without it and says nothing: no setting of `go env -w` is in force";
    vec![Finding::warning(id::ENV_FILE_UNREADABLE, what).why(why).at(&file, None)]
}

fn mark(file: &[u8], content: &[u8]) -> Option<Finding> {
    let rest = content.strip_prefix(b"\xef\xbb\xbf")?;
    let line = rest.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let path = quote(file);
    Some(
        Finding::warning(id::ENV_FILE_BOM, format!("line 1 of go/env is ignored: {}", text(line)))
            .why("a byte order mark stands before its name")
            .at(file, 1)
            .fix(format!("tail -c +4 {path} > {path}.new && mv {path}.new {path}")),
    )
}

fn windows_ends(file: &[u8], content: &[u8]) -> Option<Finding> {
    let lines = content.split(|byte| *byte == b'\n').zip(1..);
    let mut ended = lines.filter(|(line, _)| line.ends_with(b"\r") && is_setting(line));
    let (first, number) = ended.next()?;
    let more = ended.count();
    let name = name(first).unwrap_or_default();
    let what = match more {
        0 => format!("{name} in go/env ends in a carriage return"),
        more => format!("{name} and {more} more lines of go/env end in a carriage return"),
    };
    let path = quote(file);
    Some(
        // Flags are split at blanks, of which it is one.
        Finding::error(id::ENV_FILE_CRLF, what)
            .why("it is part of the value, and a terminal hides it: `unsupported GOOS/GOARCH pair`")
            .at(file, number)
            .graded(name != "GOFLAGS" || more > 0)
            .fix(format!("tr -d '\\r' < {path} > {path}.new && mv {path}.new {path}")),
    )
}

fn one(around: &Surroundings<'_>, file: &[u8], line: &[u8], number: u32) -> Option<Finding> {
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let line = if number == 1 { line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line) } else { line };
    if line.is_empty() || line.starts_with(b"#") {
        return None;
    }
    let shown = text(line);
    if !is_setting(line) {
        let why = match line {
            [b'e', b'x', b'p', b'o', b'r', b't', b' ', ..] => {
                "it begins with `export`: this is no shell script"
            }
            [blank, ..] if blank.is_ascii_whitespace() => "it begins with a blank",
            _ if !line.contains(&b'=') => "it has no `=`",
            _ => "its name does not begin with a capital letter",
        };
        return Some(
            Finding::warning(
                id::ENV_FILE_DEAD_LINE,
                format!("line {number} of go/env is ignored: {shown}"),
            )
            .why(why)
            .at(file, number)
            .fix(format!("sed -i.bak {number}d {}", quote(file))),
        );
    }
    let name = name(line)?;
    if !KNOWN.contains(&name) {
        return Some(
            Finding::warning(
                id::ENV_FILE_UNKNOWN,
                format!(
                    "line {number} of go/env sets {}, which no Go reads",
                    text(name.as_bytes())
                ),
            )
            .why("it is ignored without a word")
            .at(file, number)
            .fix(format!("sed -i.bak {number}d {}", quote(file))),
        );
    }
    let value = &line[name.len() + 1..];
    let has_quotes = matches!(value, [b'"' | b'\'', ..]);
    let are_understood = QUOTED.contains(&name) && (name != "GOFLAGS" || around.is_from("20"));
    (has_quotes && !are_understood).then(|| {
        let is_error = name == "GOFLAGS" && !around.is_from("14");
        Finding::error(
            id::ENV_FILE_QUOTES,
            format!("the quotes in line {number} of go/env are part of the value: {shown}"),
        )
        .why("the go command does not unquote it")
        .at(file, number)
        .graded(is_error)
        .fix(format!("sed -i.bak {number}s/[\\\"\\']//g {}", quote(file)))
    })
}

fn twice(file: &[u8], content: &[u8]) -> Vec<Finding> {
    let lines: Vec<(&[u8], u32)> = content
        .split(|byte| *byte == b'\n')
        .zip(1..)
        .filter(|(line, _)| is_setting(line))
        .collect();
    let mut findings = Vec::new();
    for (at, (line, number)) in lines.iter().enumerate() {
        let later = lines[at + 1..].iter().find(|(later, _)| name(later) == name(line));
        let Some((_, later)) = later else { continue };
        let what = format!("line {number} of go/env is dead: {}", text(line));
        findings.push(
            Finding::warning(id::ENV_FILE_TWICE, what)
                .why(format!("line {later} sets it again, and the last one counts"))
                .at(file, *number)
                .fix(format!("sed -i.bak {number}d {}", quote(file))),
        );
    }
    findings
}

/// Whoever sets a variable to nothing means to hide the file's value; the file still wins.
fn empty(around: &Surroundings<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for name in KNOWN {
        let is_empty = around.world.var(name).is_some_and(|value| value.is_empty());
        let Some((value, line)) =
            value(around, name).filter(|(value, _)| is_empty && !value.is_empty())
        else {
            continue;
        };
        let Some((file, _)) = &around.env_file else { continue };
        findings.push(
            Finding::warning(
                id::EMPTY_DOES_NOT_HIDE,
                format!("{name} is set to nothing, and {name}={} is in force", text(value)),
            )
            .why("an empty variable does not hide go/env; GOENV=off hides the whole file")
            .at(file, line)
            .fix(without(file, name)),
        );
    }
    findings
}

/// Whether the go command takes the line for a setting.
fn is_setting(line: &[u8]) -> bool {
    line.first().is_some_and(u8::is_ascii_uppercase) && line.contains(&b'=')
}

fn name(line: &[u8]) -> Option<&str> {
    std::str::from_utf8(line.split(|byte| *byte == b'=').next()?).ok()
}
