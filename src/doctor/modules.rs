//! What chooses another Go, or refuses this one: pins, GOTOOLCHAIN, and the `go` and `toolchain` lines of go.mod and
//! go.work.

use gvm_core::goenv::{Setting, Source};
use gvm_core::gomod::GoMod;
use gvm_core::request::{Origin, RequestError};
use gvm_core::resolve::Undecided;
use gvm_core::toolchain::{self, Base, ModFile, Outcome, Refusal};
use gvm_core::vars;
use gvm_core::version::Version;

use super::envfile;
use super::finding::{self as id, Finding};
use super::quote;
use super::surroundings::{Surroundings, source, text};
use super::words;

/// The newest line when this was written. Whoever asks for one that is years away has mistyped it.
const NEWEST_LINE: u32 = 27;
const YEARS_AWAY: u32 = 10;

pub(super) fn check(around: &Surroundings<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    findings.extend(around.undecided.as_ref().and_then(|why| undecided(around, why)));
    let Some(version) = around.version() else { return findings };
    findings.extend(gotoolchain(around, version));
    for file in &around.modules {
        findings.extend(forms(around, version, file));
    }
    findings.extend(need(around, version));
    findings
}

fn undecided(around: &Surroundings<'_>, why: &Undecided) -> Option<Finding> {
    let install = |spec: &str| format!("gvm install {}", quote(spec.as_bytes()));
    let finding = Finding::error(id::PIN_UNMET, why.to_string());
    Some(match why {
        Undecided::Request(error) => {
            let finding = finding.why("gvm starts no other Go in its place");
            match error {
                RequestError::PinFile(error) => finding.at(&error.path, None).fix("gvm pin latest"),
                RequestError::Variable { name, .. } => finding.fix(words::unset(around, name)),
                RequestError::Argument(_) => finding,
            }
        }
        // There is no Go at all, and a go.mod that would have any.
        Undecided::NotInstalled(request) if !request.origin.pins() => return None,
        Undecided::NotInstalled(request) => {
            at(finding.why(format!("{} asks for it", request.origin)), &request.origin)
                .fix(install(request.spec.as_str()))
        }
        Undecided::Unsatisfied { request, need, .. } => {
            at(finding.why(format!("{}:{} needs it", text(&need.path), need.line)), &request.origin)
                .fix(format!("gvm pin {}", need.version))
        }
        Undecided::NotAGoroot(request) => {
            at(finding.why(format!("{} names it", request.origin)), &request.origin)
                .fix(words::unset(around, "GVM_GO"))
        }
        // That the default leads nowhere is said of ROOT, and that no `go` is found is said of PATH.
        Undecided::DanglingDefault { .. } | Undecided::Nothing => return None,
        Undecided::OnlyShims { shim } => {
            finding.why("it is the shim of another gvm root").at(shim, None).fix("gvm use latest")
        }
        Undecided::NoSystem(_) => finding.why("no `go` but gvm's is on PATH").fix("gvm use latest"),
    })
}

fn at(finding: Finding, origin: &Origin) -> Finding {
    match origin {
        Origin::PinFile { path, line }
        | Origin::Module { path, line, .. }
        | Origin::GoEnv { path, line } => finding.at(path, *line),
        Origin::Argument
        | Origin::Name
        | Origin::Variable(_)
        | Origin::Default
        | Origin::System => finding,
    }
}

fn gotoolchain(around: &Surroundings<'_>, version: &Version) -> Option<Finding> {
    if !version.selects_toolchains() {
        return None;
    }
    let base = Base { version, goroot: &around.subject.as_ref()?.goroot };
    let selection = toolchain::select(around.world, base, &[]);
    let setting = around.setting(vars::GOTOOLCHAIN)?;
    let value = text(&setting.value);
    let named = value.split('+').next().unwrap_or_default();
    let is_language =
        Version::from_tag(named).is_ok_and(|it| it.is_language() && it.selects_toolchains());
    let is_invalid = match selection.outcome {
        Outcome::Refuses(why) => matches!(why, Refusal::Setting | Refusal::Name),
        Outcome::Stays(_) | Outcome::Switches { .. } => false,
    };
    let says = if is_invalid {
        format!("every go command says: invalid GOTOOLCHAIN \"{value}\"")
    } else if is_language {
        format!("{named} is a language version and no toolchain: there is {named}.0")
    } else {
        return fixed(around, &setting, named);
    };
    let finding = Finding::error(
        id::GOTOOLCHAIN_INVALID,
        format!("GOTOOLCHAIN={value} cannot be understood"),
    );
    Some(mended(
        around,
        finding.why(format!("{says} ({})", source(&setting))),
        &setting,
        vars::GOTOOLCHAIN,
    ))
}

/// A name in GOTOOLCHAIN chooses for every project.
fn fixed(around: &Surroundings<'_>, setting: &Setting, named: &str) -> Option<Finding> {
    let wanted = Version::from_tag(named).ok()?;
    let version = around.version()?;
    // What chose this Go cannot be wrong about it; gvm itself sets `local`.
    if wanted == *version {
        return None;
    }
    let is_here = around.layout.is_some_and(|layout| {
        gvm_core::resolve::installed(around.world, layout, &wanted).is_some()
    });
    let is_dead_end = !is_here && is_without_downloads(around);
    let what =
        format!("GOTOOLCHAIN={named} runs in place of {}, in every project", around.go_name());
    let why = match (is_here, is_dead_end) {
        (true, _) => format!("{} sets it", source(setting)),
        (false, true) => {
            format!("{} sets it, it is not installed, and downloads are off", source(setting))
        }
        (false, false) => format!("{} sets it, and it is downloaded first", source(setting)),
    };
    let finding = Finding::error(id::GOTOOLCHAIN_FIXED, what).why(why).graded(is_dead_end);
    Some(mended(around, finding, setting, vars::GOTOOLCHAIN))
}

/// With the place and the command that takes the setting away.
pub(super) fn mended(
    around: &Surroundings<'_>,
    finding: Finding,
    setting: &Setting,
    name: &str,
) -> Finding {
    match &setting.source {
        Source::File { path, line } => finding.at(path, *line).fix(envfile::without(path, name)),
        Source::Process => match around.set_in_start_file(name) {
            Some((file, line)) => finding.at(file, line).fix(format!(
                "{}   (and take the line out of the file)",
                words::unset(around, name)
            )),
            None => finding.fix(words::unset(around, name)),
        },
    }
}

fn is_without_downloads(around: &Surroundings<'_>) -> bool {
    let is = |name: &str, value: &[u8]| around.setting(name).is_some_and(|it| it.value == value);
    is(vars::GOPROXY, b"off")
        || is(vars::GOSUMDB, b"off")
        || is(vars::GOTOOLCHAIN, b"path")
        || around.setting(vars::GOTOOLCHAIN).is_some_and(|it| it.value.ends_with(b"+path"))
}

/// Lines that an older Go does not know the form of.
fn forms(around: &Surroundings<'_>, version: &Version, file: &ModFile) -> Vec<Finding> {
    let mut findings = Vec::new();
    let lines = GoMod::read(file.content.as_deref().unwrap_or_default());
    let is_read = version.is_from_line("11") && (!file.is_work || version.is_from_line("18"));
    if !is_read || version.selects_toolchains() {
        return findings;
    }
    let (path, go) = (text(&file.path), around.go_name());
    if let Some(line) = lines.toolchain {
        let shown = text(line.text);
        findings.push(
            Finding::error(
                id::TOOLCHAIN_LINE_UNKNOWN,
                format!("{path}:{} has a `toolchain` line, which {go} does not know", line.line),
            )
            .why(format!("it says: unknown directive: toolchain ({shown}); Go 1.21 knows it first"))
            .at(&file.path, line.line)
            .fix(match lines.go.and_then(|go| Version::parse(&text(go.text)).ok()) {
                Some(needed) if needed.selects_toolchains() => format!("gvm use {needed}"),
                Some(_) | None => format!("sed -i.bak {}d {}", line.line, quote(&file.path)),
            }),
        );
    }
    if let Some(line) = lines.go
        && line.text.iter().filter(|byte| **byte == b'.').count() > 1
        && version.is_from_line("14")
    {
        let shown = text(line.text);
        let major = shown.rsplit_once('.').map_or("", |(major, _)| major).to_owned();
        findings.push(
            // 1.13 takes it, 1.20 does not (measured); those between were not to be had.
            Finding::error(
                id::GO_LINE_FORM,
                format!("{path}:{} says `go {shown}`, which {go} does not understand", line.line),
            )
            .why("up to 1.20 the line names a language and no release: invalid go version")
            .at(&file.path, line.line)
            .graded(version.is_from_line("20"))
            .fix(format!(
                "sed -i.bak '{}s/{shown}/{major}/' {}",
                line.line,
                quote(&file.path)
            )),
        );
    }
    findings
}

/// What the project needs against what runs.
fn need(around: &Surroundings<'_>, version: &Version) -> Option<Finding> {
    let base = Base { version, goroot: &around.subject.as_ref()?.goroot };
    let selection = toolchain::select(around.world, base, &[]);
    if let Outcome::Refuses(Refusal::ToolchainLine(line)) = selection.outcome {
        let file = selection.file.as_ref()?;
        return Some(
            Finding::error(
                id::TOOLCHAIN_LINE_UNKNOWN,
                format!("{}:{line} names no toolchain", text(&file.path)),
            )
            .why("every go command here refuses to start")
            .at(&file.path, line)
            .fix(format!("sed -i.bak {line}d {}", quote(&file.path))),
        );
    }
    if let Outcome::Switches { name, by } = &selection.outcome
        && version.selects_toolchains()
        && !matches!(by, toolchain::By::Setting)
    {
        return left_to_download(around, selection.file.as_ref()?, name, by);
    }
    let need = toolchain::need(around.world, &[])?;
    if need.is_met_by(version) {
        return None;
    }
    let (go, at) = (around.go_name(), format!("{}:{}", text(&need.path), need.line));
    let what = format!("{at} needs go {}, and {go} runs", need.version);
    let finding = if version.selects_toolchains() {
        Finding::error(id::GO_LINE_NEWER, what)
            .why("GOTOOLCHAIN=local keeps it from choosing another: builds refuse")
    } else if version.is_from_line("20") {
        Finding::error(id::GO_LINE_NEWER, what)
            .why(format!("it says: cannot compile Go {} code", need.version))
    } else {
        Finding::note(id::GO_LINE_NEWER, what)
            .why("it builds all the same, and says so only when that fails")
    };
    let finding = finding.at(&need.path, need.line);
    Some(finding.fix(newer(around, &need.path, need.line, &need.version)))
}

/// The go command will look for another toolchain, which gvm does not have.
fn left_to_download(
    around: &Surroundings<'_>,
    file: &ModFile,
    name: &str,
    by: &toolchain::By,
) -> Option<Finding> {
    let (toolchain::By::Go(line) | toolchain::By::Toolchain(line)) = by else { return None };
    let wanted = Version::from_tag(name).ok();
    let is_here = wanted.as_ref().zip(around.layout).is_some_and(|(wanted, layout)| {
        gvm_core::resolve::installed(around.world, layout, wanted).is_some()
    });
    let is_named = around.subject.as_ref().is_some_and(|subject| subject.is_named);
    if is_here || is_named {
        return None;
    }
    let is_dead_end = is_without_downloads(around);
    let what = format!("{}:{line} asks for {name}, which is not installed", text(&file.path));
    let why = match is_dead_end {
        true => {
            "every go command here tries to find it, even `go version`, and fails: downloads are off"
        }
        false => "every go command here, even `go version`, downloads it first",
    };
    let finding = Finding::error(id::LEFT_TO_DOWNLOAD, what)
        .why(why)
        .at(&file.path, *line)
        .graded(is_dead_end);
    Some(match (by, wanted) {
        (toolchain::By::Toolchain(_), Some(wanted)) if is_years_away(&wanted) => {
            finding.fix(format!("sed -i.bak {line}d {}", quote(&file.path)))
        }
        (_, Some(wanted)) => finding.fix(newer(around, &file.path, *line, &wanted)),
        (_, None) => finding,
    })
}

fn newer(around: &Surroundings<'_>, file: &[u8], line: u32, wanted: &Version) -> String {
    if !is_years_away(wanted) {
        return format!("gvm use {}", wanted.as_str());
    }
    let own = around.version().map(|version| version.line().to_string()).unwrap_or_default();
    format!("sed -i.bak '{line}s/go .*/go {own}/' {}   (no such Go exists)", quote(file))
}

fn is_years_away(wanted: &Version) -> bool {
    let line = wanted.line().to_string();
    let minor = line.rsplit('.').next().and_then(|minor| minor.parse::<u32>().ok());
    minor.is_some_and(|minor| minor > NEWEST_LINE + YEARS_AWAY)
}
