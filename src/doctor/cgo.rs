//! The C compiler: where cgo is on, or needed here. Without one the go command switches cgo off and then speaks of build
//! constraints.

use gvm_core::path;
use gvm_core::vars;

use super::finding::{self as id, Finding};
use super::modules::mended;
use super::surroundings::{Surroundings, source, text};

pub(super) fn check(around: &Surroundings<'_>) -> Vec<Finding> {
    let Some(_) = around.version() else { return Vec::new() };
    let enabled = around.setting("CGO_ENABLED");
    let is_on = enabled.as_ref().is_some_and(|setting| setting.value != b"0");
    let is_off = enabled.as_ref().is_some_and(|setting| setting.value == b"0");
    let compiler = around.setting("CC");
    let name = compiler.as_ref().map_or_else(|| usual().to_vec(), |it| first_word(&it.value));
    let is_found = is_found(around, &name);
    let needs = needs_cgo(around);
    let mut findings = Vec::new();
    let install = "apt-get install gcc   (or what your system has in its place)";
    if !is_found && !is_off && (is_on || compiler.is_some()) {
        let what = format!("the C compiler {} is not found", text(&name));
        let (setting, variable) = match (&compiler, &enabled) {
            (Some(setting), _) => (setting, "CC"),
            (None, Some(setting)) => (setting, "CGO_ENABLED"),
            (None, None) => return findings,
        };
        let why = match is_on {
            true => {
                "cgo is on: net and os/user from Go 1.20 on, and all that is written in C, cannot be built"
            }
            false => "what is written in C cannot be built",
        };
        let finding = Finding::error(id::NO_COMPILER, what)
            .why(format!("{why} ({variable} is set by {})", source(setting)))
            .graded(is_on || needs.is_some());
        // Without the setting the go command would leave out what is needed here.
        findings.push(match &needs {
            Some((file, line)) if compiler.is_none() => finding.at(file, *line).fix(install),
            Some(_) | None => mended(around, finding, setting, variable),
        });
    } else if let Some((file, line)) = needs {
        let what = format!("{} imports \"C\", and cgo is off", text(&file));
        let finding = match &enabled {
            Some(setting) if is_off => {
                let why = format!(
                    "CGO_ENABLED=0 is set by {}: `build constraints exclude all Go files`",
                    source(setting)
                );
                Some(mended(
                    around,
                    Finding::error(id::CGO_OFF_HERE, what).why(why),
                    setting,
                    "CGO_ENABLED",
                ))
            }
            _ if !is_found => {
                let why = format!(
                    "the C compiler {} is not found, so the go command switched it off: `build constraints exclude all Go files`",
                    text(&name)
                );
                Some(Finding::error(id::CGO_OFF_HERE, what).why(why).fix(install))
            }
            _ => None,
        };
        findings.extend(finding.map(|finding| finding.at(&file, line)));
    }
    findings.extend(race(around, is_off || !is_on && !is_found));
    findings
}

/// The compiler where CC is not set, as Go's releases have it.
fn usual() -> &'static [u8] {
    if cfg!(target_vendor = "apple") || cfg!(target_os = "freebsd") { b"clang" } else { b"gcc" }
}

fn first_word(value: &[u8]) -> Vec<u8> {
    let mut words = value.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
    let word = words.next().unwrap_or_default();
    word.iter().copied().filter(|byte| !matches!(byte, b'"' | b'\'')).collect()
}

fn is_found(around: &Surroundings<'_>, name: &[u8]) -> bool {
    if path::is_absolute(name) {
        return around.world.is_program(name);
    }
    let found = |folder: &[u8]| {
        let mut program = path::join(folder, name);
        program.extend_from_slice(path::PROGRAM_SUFFIX);
        around.world.is_program(&program)
    };
    around.entries.iter().any(|entry| found(&entry.folder))
}

/// A file of the package here that imports "C", and the line. Files for other systems do not count.
fn needs_cgo(around: &Surroundings<'_>) -> Option<(Vec<u8>, u32)> {
    let here = around.world.cwd()?;
    let mut names = Vec::new();
    around.world.list(&here, &mut |name| {
        if name.ends_with(b".go") && names.len() < 200 {
            names.push(name.to_vec());
        }
    });
    names.sort();
    names.iter().find_map(|name| {
        let file = path::join(&here, name);
        let content = around.world.read(&file, 1 << 20).ok()?;
        let content = String::from_utf8_lossy(&content);
        let is_constrained = content.lines().any(|line| line.starts_with("//go:build"));
        let mut lines = content.lines().zip(1..);
        let (_, line) =
            lines.find(|(line, _)| matches!(line.trim(), "import \"C\"" | "import  \"C\""))?;
        (!is_constrained).then_some((file, line))
    })
}

fn race(around: &Surroundings<'_>, is_off: bool) -> Option<Finding> {
    let setting = around.setting(vars::GOFLAGS)?;
    let has_race = setting
        .value
        .split(u8::is_ascii_whitespace)
        .any(|word| matches!(word, b"-race" | b"--race" | b"-race=true"));
    (has_race && is_off && around.is_from("14")).then(|| {
        let finding = Finding::error(id::RACE_WITHOUT_CGO, "GOFLAGS has -race, and cgo is off");
        let why = format!("{} sets it: -race requires cgo, and cgo a C compiler", source(&setting));
        mended(around, finding.why(why), &setting, vars::GOFLAGS)
    })
}
