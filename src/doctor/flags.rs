//! GOFLAGS, word by word, as the go command of the subject reads it: with a word that no command knows even `go version`
//! fails.

use gvm_core::explain::flag_since;
use gvm_core::vars;

use super::envfile;
use super::finding::{self as id, Finding};
use super::goroot::is_of_process;
use super::surroundings::{Surroundings, source, text};
use super::words;

/// Flags that some go command takes, 1.11 to 1.27 (`go help build`, `go help testflag`, the help of each command).
const KNOWN: &str = " C a all artifacts asan asmflags bench benchmem benchtime block blockprofile blockprofilerate \
buildmode buildvcs c cache changed cmd compiled compiler count cover covermode coverpkg coverprofile cpu cpuprofile d debug-actiongraph \
debug-runtime-trace debug-trace deps diff dropexclude dropgodebug dropignore dropreplace droprequire dropretract droptool e exclude exec export \
f failfast find fix fmt fullpath fuzz fuzzcache fuzzminimizetime fuzztime gccgoflags gcflags go godebug h help http i ignore insecure \
installsuffix json k ldflags linkshared list m memprofile memprofilerate mod modcache modcacherw modfile module msan \
mutexprofile mutexprofilefraction n o outputdir overlay p parallel pgo pkgdir print r race replace require retract retracted reuse \
run short shuffle skip src std sync t tags target test testcache testlogfile timeout tool toolchain toolexec trace trimpath u use v versions vet \
vettool vv w work x ";

/// Flags whose values are flags of another program, and lose all but the first word where nothing quotes them.
const LISTS: [&str; 4] = ["-ldflags=", "-gcflags=", "-asmflags=", "-gccgoflags="];

pub(super) fn check(around: &Surroundings<'_>) -> Vec<Finding> {
    // 1.10 and older do not read it.
    let Some(setting) = around.setting(vars::GOFLAGS).filter(|_| around.is_from("11")) else {
        return Vec::new();
    };
    let shown = text(&setting.value);
    let set_by = source(&setting);
    let mut findings = Vec::new();
    let place = |finding: Finding| match &setting.source {
        gvm_core::goenv::Source::File { path, line } => {
            finding.at(path, *line).fix(envfile::without(path, vars::GOFLAGS))
        }
        gvm_core::goenv::Source::Process => match around.set_in_start_file(vars::GOFLAGS) {
            Some((file, line)) => finding.at(file, line).fix(words::unset(around, vars::GOFLAGS)),
            None => finding.fix(words::unset(around, vars::GOFLAGS)),
        },
    };
    let words: Vec<&str> = match std::str::from_utf8(&setting.value) {
        Ok(value) => value.split_whitespace().collect(),
        Err(_) => Vec::new(),
    };
    for (at, word) in words.iter().enumerate() {
        let unquoted = word.trim_matches(['\'', '"']);
        let before = at.checked_sub(1).map(|at| words[at]);
        let is_tail =
            before.is_some_and(|before| LISTS.iter().any(|list| before.starts_with(list)));
        if is_tail && is_linkers(unquoted) {
            let what =
                format!("GOFLAGS is split at blanks: {unquoted} is taken for a flag of go's own");
            let why = format!(
                "{set_by} sets GOFLAGS={shown}; quotes around the whole flag keep it together from 1.20 on"
            );
            findings.push(place(Finding::error(id::GOFLAGS_SPLIT, what).why(why)));
            continue;
        }
        let Some(flag) = unquoted.strip_prefix('-') else {
            // The rest of a quoted flag.
            if words[..at].iter().any(|word| word.starts_with(['\'', '"'])) {
                continue;
            }
            let what = format!("GOFLAGS holds {}, which is no flag", text(word.as_bytes()));
            let why = format!(
                "{set_by} sets GOFLAGS={shown}: every go command says `parsing $GOFLAGS: non-flag`"
            );
            findings.push(place(Finding::error(id::GOFLAGS_NOT_A_FLAG, what).why(why)));
            continue;
        };
        let flag = flag.strip_prefix('-').unwrap_or(flag);
        let since = flag_since(flag.as_bytes());
        let name = flag.split('=').next().unwrap_or_default();
        let is_known = KNOWN.contains(&format!(" {name} "));
        let why = match since {
            Some(since) if !around.is_from(since) => {
                format!("Go 1.{since} knows it first, and this is {}", around.go_name())
            }
            _ if !is_known => "no go command knows it: even `go version` fails".into(),
            _ => continue,
        };
        let what = format!("GOFLAGS holds an unknown flag: {}", text(word.as_bytes()));
        findings.push(place(
            Finding::error(id::GOFLAGS_UNKNOWN, what).why(format!("{why} ({set_by})")),
        ));
    }
    if findings.is_empty() && !is_of_process(&setting.source) {
        let what = format!("GOFLAGS={shown} is in force for every project");
        findings.push(place(
            Finding::note(id::GOFLAGS_PERSISTED, what)
                .why("`go env -w` wrote it there, or an editor"),
        ));
    }
    findings
}

/// Words that the linker or the compiler know and that stand behind theirs where somebody forgot the quotes.
fn is_linkers(word: &str) -> bool {
    let name = word.trim_start_matches('-').split('=').next().unwrap_or_default();
    word.starts_with('-')
        && ["s", "w", "X", "N", "l", "m", "extldflags", "linkmode", "B", "race"].contains(&name)
        || !word.starts_with('-')
}
