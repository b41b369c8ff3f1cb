//! What others have in the place of this shell's variables: a login shell as far as its start files tell, an empty
//! environment, cron and sudo. Nothing is started to find out.

use crate::doctor::Surroundings;
use crate::doctor::launches;
use crate::doctor::surroundings::text;

/// A variable as others have it.
pub(super) struct Other {
    /// Its name.
    pub(super) name: String,
    /// Here.
    pub(super) here: Option<String>,
    /// In a login shell; the line of a start file, where one sets it.
    pub(super) login: Option<String>,
    /// In `env -i`.
    pub(super) empty: Option<String>,
    /// In a job of cron's.
    pub(super) cron: Option<String>,
    /// In `sudo go`.
    pub(super) sudo: Option<String>,
}

/// Variables that a Go's doings depend on and that a process hands on.
const NAMES: [&str; 22] = [
    "PATH",
    "HOME",
    "GOROOT",
    "GOPATH",
    "GOBIN",
    "GOENV",
    "GOFLAGS",
    "GOPROXY",
    "GOPRIVATE",
    "GOSUMDB",
    "GOTOOLCHAIN",
    "GO111MODULE",
    "GOCACHE",
    "GOMODCACHE",
    "GOOS",
    "GOARCH",
    "CGO_ENABLED",
    "CC",
    "TMPDIR",
    "XDG_CONFIG_HOME",
    "XDG_CACHE_HOME",
    "GVM_GO",
];

/// Those that differ anywhere.
pub(super) fn all(around: &Surroundings<'_>) -> Vec<Other> {
    let found = NAMES.iter().map(|name| one(around, name));
    found
        .filter(|other| {
            let others = [&other.login, &other.empty, &other.cron, &other.sudo];
            others.iter().any(|value| **value != other.here)
        })
        .collect()
}

fn one(around: &Surroundings<'_>, name: &str) -> Other {
    let here = around.var(name).map(|value| text(&value));
    let paths = launches::paths(around);
    let path = |list: &Option<Vec<u8>>| list.as_deref().map(text);
    let login = match around.set_at_login(name) {
        Some((file, line)) => Some(format!("{}:{line}", text(file))),
        None => here.clone(),
    };
    let is = |other: &str| name == other;
    // Cron and sudo give a home of their own, and keep nothing of ours.
    let home = |value: Option<String>| if is("HOME") { value } else { None };
    let roots = around.world.is_folder(b"/root").then(|| "/root".to_owned());
    Other {
        name: name.to_owned(),
        login,
        empty: if is("PATH") { path(&paths.empty) } else { None },
        cron: if is("PATH") { path(&paths.cron) } else { home(here.clone()) },
        sudo: if is("PATH") { path(&paths.sudo) } else { home(roots) },
        here,
    }
}
