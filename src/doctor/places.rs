//! The folders that a build writes to: HOME, the caches, the folders for temporary files. What a build never says of them:
//! a full or read-only cache is silent and slow, and a folder from which nothing may be started fails at `go run` only.

use gvm_core::path;

use super::finding::{self as id, Finding};
use super::modules::mended;
use super::surroundings::{Surroundings, source, text};
use super::words;
use crate::platform::Ground;
use crate::ui::size;

/// A small program's cache has 25 to 35 MB (measured, 1.20 to 1.27).
const CACHE_NEEDS: u64 = 64 << 20;
/// The linker fails with so little (measured with 1 MiB).
const TEMP_NEEDS: u64 = 4 << 20;
/// A large build may fail with so little.
const TEMP_WANTS: u64 = 32 << 20;
/// In every POSIX shell, also where HOME is not set.
const OWN_HOME: &str = "export HOME=\"$(eval echo \"~$(id -un)\")\"";

pub(super) fn check(around: &Surroundings<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    findings.extend(home(around));
    findings.extend(caches(around));
    findings.extend(temporary(around));
    findings
}

fn home(around: &Surroundings<'_>) -> Option<Finding> {
    if cfg!(windows) {
        return None;
    }
    let cache = around.setting("GOCACHE").is_some() || around.var("XDG_CACHE_HOME").is_some();
    match around.var("HOME") {
        None => {
            let why = match cache {
                true => "the folder of modules is not known: GOPATH and GOMODCACHE come from it",
                false => "every build says: build cache is required, but could not be located",
            };
            let is_error = !cache && around.is_from("10");
            let is_settled = cache && around.setting("GOPATH").is_some();
            (!is_settled).then(|| {
                Finding::error(id::NO_HOME, "HOME is not set")
                    .why(why)
                    .graded(is_error)
                    .fix(OWN_HOME)
            })
        }
        Some(home) if !around.world.is_folder(&home) => {
            let what = format!("HOME={} is not there", text(&home));
            let why = match cache {
                true => "go/env cannot be written, nor modules kept",
                false => "every build says: failed to initialize build cache",
            };
            Some(
                Finding::error(id::HOME_MISSING, what)
                    .why(why)
                    .graded(!cache)
                    .at(&home, None)
                    .fix(OWN_HOME),
            )
        }
        Some(_) => None,
    }
}

fn caches(around: &Surroundings<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    findings.extend(invalid(around));
    if findings.is_empty()
        && around.is_from("10")
        && let Some(cache) = build_cache(around)
    {
        findings.extend(cache_at(around, &cache));
    }
    findings.extend(module_cache(around));
    findings
}

/// A GOCACHE that is no folder's name.
fn invalid(around: &Surroundings<'_>) -> Option<Finding> {
    if let Some(setting) = around.setting("GOCACHE").filter(|_| around.is_from("10")) {
        if path::is_absolute(&setting.value) {
            return None;
        }
        let shown = text(&setting.value);
        let (what, why) = match setting.value.as_slice() {
            // 1.10 and 1.11 could do without.
            b"off" if !around.is_from("12") => return None,
            b"off" => (
                "GOCACHE=off".to_owned(),
                "builds say: build cache is disabled, but required as of Go 1.12",
            ),
            _ => (
                format!("GOCACHE={shown} is no absolute path"),
                "builds say: GOCACHE is not an absolute path",
            ),
        };
        let finding =
            Finding::error(id::CACHE_INVALID, what).why(format!("{why} ({})", source(&setting)));
        return Some(mended(around, finding, &setting, "GOCACHE"));
    }
    let folder = around.var("XDG_CACHE_HOME").filter(|folder| !path::is_absolute(folder))?;
    (cfg!(target_os = "linux") && around.is_from("10")).then(|| {
        // 1.22 takes it, 1.27 does not (measured).
        Finding::error(id::CACHE_INVALID, format!("XDG_CACHE_HOME={} is relative", text(&folder)))
            .why("the build cache is another folder wherever one stands; newer versions refuse")
            .graded(around.is_from("27"))
            .fix(words::unset(around, "XDG_CACHE_HOME"))
    })
}

/// Where the build cache is (`os.UserCacheDir` of Go 1.27).
pub(super) fn build_cache(around: &Surroundings<'_>) -> Option<Vec<u8>> {
    if let Some(setting) = around.setting("GOCACHE") {
        return path::is_absolute(&setting.value).then_some(setting.value);
    }
    let folder = if cfg!(windows) {
        around.var("LocalAppData")?
    } else if cfg!(target_vendor = "apple") {
        path::join(&around.var("HOME")?, b"Library/Caches")
    } else {
        match around.var("XDG_CACHE_HOME") {
            Some(folder) => folder,
            None => path::join(&around.var("HOME")?, b".cache"),
        }
    };
    Some(path::join(&folder, b"go-build"))
}

fn cache_at(around: &Surroundings<'_>, cache: &[u8]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let shown = text(cache);
    let is_there = around.world.is_folder(cache);
    let Some((folder, ground)) = ground(around, cache) else { return findings };
    let elsewhere = words::set_to_output(around, "GOCACHE", "mktemp -d");
    // All 256 folders of it are made at once.
    let is_ready = is_there && around.world.is_folder(&path::join(cache, b"ff"));
    let because = reason(&ground, &folder);
    if around.disk.stat(cache).is_some() && !is_there {
        findings.push(
            Finding::error(id::CACHE_UNUSABLE, format!("the build cache {shown} is no folder"))
                .why("every build says: failed to initialize build cache")
                .at(cache, None)
                .fix(&elsewhere),
        );
    } else if !ground.is_writable && !is_ready {
        findings.push(
            Finding::error(id::CACHE_UNUSABLE, format!("the build cache {shown} cannot be made"))
                .why(format!("{because}: every build says: failed to initialize build cache"))
                .at(&folder, None)
                .fix(&elsewhere),
        );
    } else if !ground.is_writable {
        findings.push(
            Finding::warning(id::CACHE_NOT_KEPT, format!("the build cache {shown} keeps nothing"))
                .why(format!("{because}: builds succeed, and compile the same again each time"))
                .at(&folder, None)
                .fix(&elsewhere),
        );
    } else if is_full(&ground, CACHE_NEEDS) {
        findings.push(
            Finding::warning(id::CACHE_FULL, format!("the build cache {shown} is full"))
                .why(format!(
                    "{}: builds succeed, and compile the same again each time",
                    room(&ground)
                ))
                .at(cache, None)
                .fix(&elsewhere),
        );
    } else if is_there && !ground.owner.is_us {
        findings.push(
            Finding::note(
                id::CACHE_OF_ANOTHER,
                format!("the build cache {shown} belongs to {}", ground.owner.name),
            )
            .why("what you build there, that user cannot replace")
            .at(cache, None)
            .fix(&elsewhere),
        );
    }
    findings
}

/// The nearest folder at `path` or above it that is there.
fn ground(around: &Surroundings<'_>, path: &[u8]) -> Option<(Vec<u8>, Ground)> {
    let mut folder = Some(path);
    while let Some(here) = folder {
        if around.world.is_folder(here) {
            return Some((here.to_vec(), around.disk.ground(here)?));
        }
        folder = path::parent(here);
    }
    None
}

fn reason(ground: &Ground, folder: &[u8]) -> String {
    let folder = text(folder);
    if ground.is_read_only {
        format!("{folder} is on a read-only file system")
    } else if ground.owner.is_us {
        format!("{folder} may not be written")
    } else {
        format!("{folder} belongs to {}", ground.owner.name)
    }
}

/// A file system that is smaller than that is not full for being so.
fn is_full(ground: &Ground, needs: u64) -> bool {
    ground.is_without_inodes || ground.free.is_some_and(|free| free < needs)
}

fn room(ground: &Ground) -> String {
    match ground.free {
        Some(free) if !ground.is_without_inodes => format!("{} are free", size::human(free)),
        Some(_) | None => "there is no room for another file".into(),
    }
}

fn module_cache(around: &Surroundings<'_>) -> Option<Finding> {
    if !around.is_from("11") {
        return None;
    }
    let cache = match around.setting("GOMODCACHE").filter(|_| around.is_from("15")) {
        Some(setting) if !path::is_absolute(&setting.value) => {
            let what = format!("GOMODCACHE={} is no absolute path", text(&setting.value));
            let why = format!(
                "{} sets it; nothing is said until something is to be downloaded",
                source(&setting)
            );
            let finding = Finding::warning(id::MODCACHE_INVALID, what).why(why);
            return Some(mended(around, finding, &setting, "GOMODCACHE"));
        }
        Some(setting) => setting.value,
        None => {
            let gopath = around.setting("GOPATH").map(|setting| setting.value);
            let first = match gopath {
                Some(list) => list.split(|byte| *byte == path::LIST_SEPARATOR).next()?.to_vec(),
                None => path::join(&around.var("HOME")?, b"go"),
            };
            path::join(&first, b"pkg/mod")
        }
    };
    let (folder, ground) = ground(around, &cache).filter(|_| path::is_absolute(&cache))?;
    (!ground.is_writable).then(|| {
        Finding::warning(
            id::MODCACHE_UNUSABLE,
            format!("the module cache {} cannot be written", text(&cache)),
        )
        .why(format!(
            "{}: nothing is said until something is to be downloaded",
            reason(&ground, &folder)
        ))
        .at(&folder, None)
        .fix(words::set_to_output(around, "GOMODCACHE", "mktemp -d"))
    })
}

/// TMPDIR, and GOTMPDIR in its place from 1.10 on.
fn temporary(around: &Surroundings<'_>) -> Vec<Finding> {
    let own = around.setting("GOTMPDIR").filter(|_| around.is_from("10"));
    let (name, folder) = match &own {
        Some(setting) => ("GOTMPDIR", setting.value.clone()),
        None if cfg!(windows) => return Vec::new(),
        None => ("TMPDIR", around.var("TMPDIR").unwrap_or_else(|| b"/tmp".to_vec())),
    };
    let shown = text(&folder);
    let fix = |finding: Finding| match (&own, around.var("TMPDIR")) {
        (Some(setting), _) => mended(around, finding, setting, "GOTMPDIR"),
        (None, Some(_)) => finding.at(&folder, None).fix(words::unset(around, "TMPDIR")),
        (None, None) => {
            finding.at(&folder, None).fix("export TMPDIR=\"$HOME/tmp\"; mkdir -p \"$TMPDIR\"")
        }
    };
    if !around.world.is_folder(&folder) {
        let what = format!("{name}={shown} is no folder");
        let why = "builds say: creating work dir: no such file or directory";
        return vec![fix(Finding::error(id::TEMP_MISSING, what).why(why))];
    }
    let Some(ground) = around.disk.ground(&folder) else { return Vec::new() };
    let mut findings = Vec::new();
    if !ground.is_writable {
        let what = format!("{name}={shown} cannot be written");
        findings.push(fix(Finding::error(id::TEMP_UNWRITABLE, what)
            .why(format!("{}: no build starts", reason(&ground, &folder)))));
        return findings;
    }
    if ground.is_noexec {
        let what = format!("nothing may be executed in {name}={shown}");
        let why = "it is mounted with noexec: `go run` and `go test` say `permission denied`, the second time perhaps not";
        let other = format!(
            "mkdir -p \"$HOME/.cache/go-tmp\" && export GOTMPDIR=\"$HOME/.cache/go-tmp\"{}",
            match around.is_from("10") {
                true => "",
                false => " TMPDIR=\"$HOME/.cache/go-tmp\"",
            }
        );
        findings.push(fix(Finding::error(id::TEMP_NOEXEC, what).why(why)).fix(other));
    }
    if is_full(&ground, TEMP_WANTS) {
        let what = format!("there is hardly any room in {name}={shown}");
        let why = format!(
            "{}: the linker says `no space left on device`, or dies of a fault",
            room(&ground)
        );
        findings.push(fix(Finding::error(id::TEMP_FULL, what)
            .why(why)
            .graded(is_full(&ground, TEMP_NEEDS))));
    }
    findings
}
