//! The variables of the go command, each by the rule of the version that runs: what it refuses, ignores or believes.

use gvm_core::goenv::{Setting, Source};
use gvm_core::path;
use gvm_core::target::KNOWN as PUBLISHED;
use gvm_core::vars;

use super::finding::{self as id, Finding};
use super::goroot::is_of_process;
use super::modules::mended;
use super::surroundings::{Surroundings, source, text};

/// Targets that Go builds for and that no archive was published for.
const OTHER_TARGETS: [(&str, &str); 10] = [
    ("js", "wasm"),
    ("wasip1", "wasm"),
    ("android", "amd64"),
    ("android", "arm64"),
    ("android", "386"),
    ("android", "arm"),
    ("ios", "arm64"),
    ("ios", "amd64"),
    ("linux", "sparc64"),
    ("openbsd", "riscv64"),
];

pub(super) fn check(around: &Surroundings<'_>) -> Vec<Finding> {
    let checks: [fn(&Surroundings<'_>) -> Vec<Finding>; 8] =
        [target, modules, proxy, patterns, gopath, levels, work, database];
    checks.iter().flat_map(|check| check(around)).collect()
}

fn target(around: &Surroundings<'_>) -> Vec<Finding> {
    let value = |name| around.setting(name).filter(|it| is_read(around, it));
    let (os, arch) = (value("GOOS"), value("GOARCH"));
    let Some(setting) = os.clone().or_else(|| arch.clone()) else { return Vec::new() };
    let shown = |setting: &Option<Setting>, host: &str| {
        setting.as_ref().map_or_else(|| host.to_owned(), |setting| text(&setting.value))
    };
    let (os_name, arch_name) = (shown(&os, around.host.os()), shown(&arch, around.host.arch()));
    let pair = (os_name.as_str(), arch_name.as_str());
    if pair == (around.host.os(), around.host.arch()) {
        return Vec::new();
    }
    let by = [&os, &arch].into_iter().flatten().map(source).collect::<Vec<_>>().join(" and ");
    let is_known = PUBLISHED.contains(&pair) || OTHER_TARGETS.contains(&pair);
    let name = if os.is_some() { "GOOS" } else { "GOARCH" };
    let finding = match is_known {
        true => Finding::warning(
            id::FOREIGN_TARGET,
            format!("programs are built for {os_name}/{arch_name}, not for this machine"),
        )
        .why(format!("set by {by}: builds succeed, and `go run` says `exec format error`")),
        false => {
            Finding::error(id::UNKNOWN_TARGET, format!("there is no target {os_name}/{arch_name}"))
                .why(format!("set by {by}: unsupported GOOS/GOARCH pair"))
        }
    };
    vec![mended(around, finding, &setting, name)]
}

/// In go/env a setting counts from 1.13 on.
fn is_read(around: &Surroundings<'_>, setting: &Setting) -> bool {
    is_of_process(&setting.source) || around.is_from("13")
}

fn modules(around: &Surroundings<'_>) -> Vec<Finding> {
    let Some(setting) = around.setting(vars::GO111MODULE).filter(|_| around.is_from("11")) else {
        return Vec::new();
    };
    let (value, by) = (text(&setting.value), source(&setting));
    let finding = match setting.value.as_slice() {
        b"on" | b"auto" => return Vec::new(),
        b"off" => {
            let finding = Finding::warning(
                id::GO111MODULE_OFF,
                "modules are switched off: go.mod is not read",
            );
            finding.why(format!("{by} sets GO111MODULE=off; packages come from GOPATH/src alone"))
        }
        _ => Finding::error(
            id::GO111MODULE_INVALID,
            format!("GO111MODULE={value} cannot be understood"),
        )
        .why(format!("{by} sets it; builds say: unknown environment setting")),
    };
    vec![mended(around, finding, &setting, vars::GO111MODULE)]
}

fn proxy(around: &Surroundings<'_>) -> Vec<Finding> {
    let Some(setting) = around.setting(vars::GOPROXY).filter(|_| around.is_from("11")) else {
        return Vec::new();
    };
    let Ok(value) = std::str::from_utf8(&setting.value) else { return Vec::new() };
    let by = source(&setting);
    let finding = if value == "off" {
        let Some(finding) = proxy_off(around, &by) else { return Vec::new() };
        finding
    } else if let Some(why) = wrong_proxy(value, around.is_from("15")) {
        Finding::error(
            id::GOPROXY_INVALID,
            format!("GOPROXY={} cannot be understood", text(value.as_bytes())),
        )
        .why(format!("{why} ({by})"))
    } else {
        return Vec::new();
    };
    vec![mended(around, finding, &setting, vars::GOPROXY)]
}

/// Why a list of proxies is refused; from 1.15 on `|` stands between them too (go.dev/doc/go1.15).
fn wrong_proxy(list: &str, knows_pipe: bool) -> Option<String> {
    if !knows_pipe && list.contains('|') {
        return Some("Go 1.15 knows `|` first: here it is part of a host's name".into());
    }
    let mut entries =
        list.split([',', '|']).map(str::trim).filter(|entry| !entry.is_empty()).peekable();
    if entries.peek().is_none() {
        return Some("the list is not the empty string, but contains no entries".into());
    }
    entries.find_map(|entry| {
        let is_word = ["off", "direct", "noproxy"].contains(&entry);
        let scheme = entry.split_once("://").map(|(scheme, _)| scheme);
        match scheme {
            _ if is_word => None,
            None if entry.starts_with("file:") => None,
            Some("https" | "http" | "file") => None,
            Some(_) => Some(format!(
                "{} has no scheme that counts: https, http, file",
                text(entry.as_bytes())
            )),
            None => Some(format!(
                "{} is no URL: invalid proxy URL missing scheme",
                text(entry.as_bytes())
            )),
        }
    })
}

fn proxy_off(around: &Surroundings<'_>, by: &str) -> Option<Finding> {
    let module = around.modules.iter().find(|file| !file.is_work)?;
    let content =
        String::from_utf8_lossy(module.content.as_deref().unwrap_or_default()).into_owned();
    let has_sums =
        around.world.read(&path::join(path::parent(&module.path)?, b"go.sum"), 1 << 24).is_ok();
    let needs = content.lines().any(|line| line.trim_start().starts_with("require"));
    (needs && !has_sums).then(|| {
        Finding::warning(
            id::GOPROXY_OFF,
            "GOPROXY=off forbids the downloads that this module needs",
        )
        .why(format!("{by} sets it; the build speaks of a missing go.sum entry instead"))
    })
}

fn patterns(around: &Surroundings<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for name in ["GOPRIVATE", "GONOPROXY", "GONOSUMDB", "GOINSECURE"] {
        let Some(setting) = around.setting(name).filter(|_| around.is_from("13")) else { continue };
        let value = text(&setting.value);
        let Some(wrong) = value.split(',').find(|pattern| is_malformed(pattern)) else { continue };
        let finding = Finding::warning(
            id::PATTERN_INVALID,
            format!("{name} holds a malformed pattern: {wrong}"),
        );
        let why =
            format!("{} sets it; it never matches, and no go command says so", source(&setting));
        findings.push(mended(around, finding.why(why), &setting, name));
    }
    findings
}

/// Whether `path.Match` of Go would call the pattern bad: a class without an end, or a backslash at the end.
fn is_malformed(pattern: &str) -> bool {
    let mut letters = pattern.chars();
    while let Some(letter) = letters.next() {
        let is_bad = match letter {
            '\\' => letters.next().is_none(),
            '[' => !letters.any(|letter| letter == ']'),
            _ => false,
        };
        if is_bad {
            return true;
        }
    }
    false
}

fn gopath(around: &Surroundings<'_>) -> Vec<Finding> {
    let mut findings = gobin(around);
    let Some(setting) = around.setting("GOPATH").filter(|it| is_read(around, it)) else {
        return findings;
    };
    let by = source(&setting);
    let entries: Vec<&[u8]> = setting.value.split(|byte| *byte == path::LIST_SEPARATOR).collect();
    let mut say = |finding: Finding| findings.push(mended(around, finding, &setting, "GOPATH"));
    for entry in &entries {
        let shown = text(entry);
        if entry.starts_with(b"~") {
            say(Finding::error(
                id::GOPATH_RELATIVE,
                format!("GOPATH holds a literal `~`: {shown}"),
            )
            .why(format!("{by} sets it, and no shell expanded it: every go command refuses")));
        } else if !entry.is_empty() && !path::is_absolute(entry) {
            say(Finding::error(
                id::GOPATH_RELATIVE,
                format!("GOPATH holds a relative path: {shown}"),
            )
            .why(format!("{by} sets it: every go command says `GOPATH entry is relative`")));
        } else if is_goroot(around, entry) {
            say(Finding::warning(id::GOPATH_IS_GOROOT, format!("GOPATH is GOROOT: {shown}")).why(
                format!(
                    "{by} sets it; it has no effect, and go install would write into Go's own tree"
                ),
            ));
        }
    }
    if entries.first().is_some_and(|entry| entry.is_empty()) && !around.is_from("14") {
        say(Finding::error(id::GOPATH_EMPTY_ENTRY, "GOPATH begins with an empty entry")
            .why(format!("{by} sets it: `go env` and builds say `missing $GOPATH`")));
    }
    if let Some(first) = entries.first().filter(|first| path::is_absolute(first)) {
        let module = path::join(first, b"go.mod");
        if around.world.read(&module, 1).is_ok_and(|_| true) || around.disk.stat(&module).is_some()
        {
            let finding = Finding::error(
                id::GOPATH_MODULE,
                format!("{} stands in the root of GOPATH", text(&module)),
            )
            .why("up to 1.21 the go command says that it should not exist; later it is ignored")
            .graded(!around.is_from("22"));
            findings.push(finding.at(&module, None).fix(format!("rm {}", super::quote(&module))));
        }
    }
    findings
}

fn is_goroot(around: &Surroundings<'_>, entry: &[u8]) -> bool {
    let subject = around.subject.as_ref();
    subject
        .is_some_and(|subject| entry == subject.goroot || around.world.same(entry, &subject.goroot))
}

fn gobin(around: &Surroundings<'_>) -> Vec<Finding> {
    let Some(setting) = around.setting(vars::GOBIN).filter(|it| is_read(around, it)) else {
        return Vec::new();
    };
    if path::is_absolute(&setting.value) {
        return Vec::new();
    }
    let finding = Finding::error(
        id::GOBIN_RELATIVE,
        format!("GOBIN={} is no absolute path", text(&setting.value)),
    );
    let why = format!(
        "{} sets it: `go install` says `cannot install, GOBIN must be an absolute path`",
        source(&setting)
    );
    vec![mended(around, finding.why(why), &setting, vars::GOBIN)]
}

fn levels(around: &Surroundings<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    if let Some(setting) = around.setting(vars::GOEXPERIMENT)
        && let Some(unknown) = unknown_experiment(around, &setting.value)
    {
        let what = format!("{} does not know the experiment {unknown}", around.go_name());
        let why = format!(
            "{} sets GOEXPERIMENT: every go command says `unknown GOEXPERIMENT`",
            source(&setting)
        );
        let finding = Finding::error(id::GOEXPERIMENT_UNKNOWN, what).why(why);
        findings.push(mended(around, finding, &setting, vars::GOEXPERIMENT));
    }
    let Some(setting) = around.setting("GOAMD64").filter(|_| around.is_from("18")) else {
        return findings;
    };
    if around.host.arch() != "amd64" {
        return findings;
    }
    let level = match setting.value.as_slice() {
        b"v1" => 1,
        b"v2" => 2,
        b"v3" => 3,
        b"v4" => 4,
        _ => {
            let what = format!("GOAMD64={} names no level: v1, v2, v3, v4", text(&setting.value));
            let why = match around.is_from("23") {
                true => "newer go commands take it, and write it into programs",
                false => "every go command refuses it",
            };
            let finding = Finding::error(id::GOAMD64_INVALID, what)
                .why(format!("{why} ({})", source(&setting)));
            findings.push(mended(
                around,
                finding.graded(!around.is_from("23")),
                &setting,
                "GOAMD64",
            ));
            return findings;
        }
    };
    let missing = missing_features(around, level);
    if !missing.is_empty() {
        let what = format!("programs are built for GOAMD64=v{level}, which this processor is not");
        let why = format!(
            "it lacks {}: they say that they can only be run on v{level} ({})",
            missing.join(" "),
            source(&setting)
        );
        findings.push(mended(
            around,
            Finding::error(id::CPU_TOO_OLD, what).why(why),
            &setting,
            "GOAMD64",
        ));
    }
    findings
}

/// The first experiment that this Go's own list does not have. None where there is no list, up to 1.17.
fn unknown_experiment(around: &Surroundings<'_>, value: &[u8]) -> Option<String> {
    let subject = around.subject.as_ref().filter(|_| around.is_from("18"))?;
    let list = path::join(&subject.goroot, b"src/internal/goexperiment/flags.go");
    let list = around.world.read(&list, 1 << 20).ok()?;
    let list = String::from_utf8_lossy(&list).to_lowercase();
    let names: Vec<&str> = list
        .lines()
        .filter_map(|line| line.trim().strip_suffix(" bool"))
        .map(str::trim_end)
        .collect();
    let value = std::str::from_utf8(value).ok()?;
    let unknown = value.split(',').find(|name| {
        let bare = name.strip_prefix("no").unwrap_or(name);
        !["", "none"].contains(name) && !names.contains(name) && !names.contains(&bare)
    });
    unknown.filter(|_| !names.is_empty()).map(|name| text(name.as_bytes()))
}

/// The features of a level that `/proc/cpuinfo` does not list; none where there is no such file.
fn missing_features(around: &Surroundings<'_>, level: u8) -> Vec<&'static str> {
    let Ok(info) = around.world.read(b"/proc/cpuinfo", 1 << 20) else { return Vec::new() };
    let info = String::from_utf8_lossy(&info);
    let Some(line) = info.lines().find(|line| line.starts_with("flags")) else { return Vec::new() };
    let has: Vec<&str> = line.split_whitespace().collect();
    // golang.org/wiki/MinimumRequirements#amd64, by the kernel's names.
    let needs: [&[&str]; 3] = [
        &["cx16", "lahf_lm", "popcnt", "sse4_1", "sse4_2", "ssse3"],
        &["avx", "avx2", "bmi1", "bmi2", "f16c", "fma", "abm", "movbe"],
        &["avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"],
    ];
    let needed = needs.iter().take(usize::from(level) - 1).flat_map(|needs| needs.iter().copied());
    needed.filter(|feature| !has.contains(feature)).collect()
}

fn work(around: &Surroundings<'_>) -> Vec<Finding> {
    let Some(setting) = around.setting(vars::GOWORK).filter(|_| around.is_from("18")) else {
        return Vec::new();
    };
    let value = setting.value.as_slice();
    if matches!(value, b"off" | b"auto") {
        return Vec::new();
    }
    let shown = text(value);
    let finding = if !path::is_absolute(value) {
        Finding::error(id::GOWORK_INVALID, format!("GOWORK={shown} is no absolute path"))
            .why(format!("{} sets it: `go env` and builds refuse", source(&setting)))
    } else if around.disk.stat(value).is_none() {
        Finding::error(id::GOWORK_INVALID, format!("GOWORK={shown} is not there"))
            .why(format!("{} sets it: reading go.work fails", source(&setting)))
    } else {
        return Vec::new();
    };
    vec![mended(around, finding, &setting, vars::GOWORK)]
}

fn database(around: &Surroundings<'_>) -> Vec<Finding> {
    let Some(setting) = around.setting(vars::GOSUMDB).filter(|_| around.is_from("13")) else {
        return Vec::new();
    };
    let value = text(&setting.value);
    let name = value.split_whitespace().next().unwrap_or_default();
    let is_known =
        ["off", "sum.golang.org", "sum.golang.google.cn"].contains(&name) || name.contains('+');
    if is_known
        || matches!(setting.source, Source::File { ref path, .. } if path.ends_with(b"go.env"))
    {
        return Vec::new();
    }
    let finding = Finding::warning(id::SUMDB_UNKNOWN, format!("GOSUMDB={name} gives no key"));
    let why = format!(
        "{} sets it; nothing is said before the first download, which then fails",
        source(&setting)
    );
    vec![mended(around, finding.why(why), &setting, vars::GOSUMDB)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_proxies_is_read_as_the_go_command_reads_it() {
        for (list, knows_pipe, is_fine) in [
            ("https://proxy.example,direct", true, true),
            ("https://a.example|direct", true, true),
            ("https://a.example|direct", false, false),
            ("off", true, true),
            ("file:///srv/proxy", true, true),
            ("|", true, false),
            (",", true, false),
            ("foo", true, false),
            ("ftp://x", true, false),
            ("direct", false, true),
        ] {
            assert_eq!(wrong_proxy(list, knows_pipe).is_none(), is_fine, "{list}");
        }
    }

    #[test]
    fn a_pattern_is_malformed_where_go_calls_it_bad() {
        for (pattern, is_bad) in
            [("*.corp.example", false), ("[", true), ("[a-z]x", false), ("a\\", true)]
        {
            assert_eq!(is_malformed(pattern), is_bad, "{pattern}");
        }
    }
}
