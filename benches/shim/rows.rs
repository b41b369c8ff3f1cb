//! [`Rows`]: what is compared with what, and how dear it may be. How it is timed is `pair`'s.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::options::Options;
use crate::other;
use crate::pair::Pair;
use crate::programs::Programs;
use crate::real_go::RealGo;
use crate::root::{Root, project};

/// The shim that gvm embeds.
const SHIM: &str = env!("GVM_SHIM_PATH");
/// How many variables a process has whose user has a desktop and a few tools.
const VARIABLES: usize = 45;
/// What all exact pins name.
const PINNED: &str = "1.22.10";
/// What stands beside it in a ROOT with few versions.
const FEW: [&str; 4] = ["go1.19.13", "go1.20.14", "go1.21.13", "go1.23.4"];

/// How dear a row may be, as a ratio.
pub enum Bound {
    /// It is for the record.
    None,
    /// At most this.
    AtMost(f64),
    /// Off one by at most this: two of the same, which shows how sure the other rows are.
    Within(f64),
}

/// One line of the table.
pub struct Row {
    /// What is compared.
    pub name: String,
    /// The two.
    pub pair: Pair,
    /// How dear it may be.
    pub bound: Bound,
    /// Whether one start takes long, and a quarter of the rounds must do.
    pub dear: bool,
}

/// All rows, and what cannot be measured here.
pub struct Rows {
    /// In the table's order.
    pub rows: Vec<Row>,
    /// What has a bound and cannot be measured, with the reason.
    pub missing: Vec<String>,
}

/// Lays everything out in `folder` and says what is to be measured.
///
/// # Errors
/// When the compiler is not there, a given Go is none, or a folder cannot be written.
pub fn rows(folder: &Path, programs: &Programs, options: &Options) -> io::Result<Rows> {
    let shim = options.shim.as_deref().unwrap_or(Path::new(SHIM));
    let ground = Ground::new(folder, programs, shim)?;
    ground.probe()?;
    let mut rows = ground.noise();
    rows.push(ground.zero(programs)?);
    rows.push(ground.noop());
    let mut missing = vec![];
    match real(folder, options)? {
        Some(go) => rows.push(ground.go_version(&go)?),
        None => missing.push("go version: name a Go with --real, or run the tests once".into()),
    }
    rows.extend(ground.many()?);
    rows.extend(ground.unpinned()?);
    rows.extend(ground.hosted(options)?);
    rows.extend(other::rows(options)?);
    Ok(Rows { rows, missing })
}

fn real(folder: &Path, options: &Options) -> io::Result<Option<RealGo>> {
    let (stock, into) = (Path::new(env!("CARGO_TARGET_TMPDIR")).join("stock"), folder.join("real"));
    match &options.real {
        Some(goroot) => RealGo::copy(goroot, into).map(Some),
        None => RealGo::of_stock(&stock, into),
    }
}

/// What most rows share: a ROOT with few versions, all of them a no-op, and a program that starts
/// the pinned one.
struct Ground {
    folder: PathBuf,
    shim: PathBuf,
    noop: PathBuf,
    few: Root,
    target: PathBuf,
    chain: PathBuf,
    pinned: PathBuf,
}

impl Ground {
    fn new(folder: &Path, programs: &Programs, shim: &Path) -> io::Result<Self> {
        fs::create_dir(folder.join("home"))?;
        let noop = programs.noop()?;
        let few = Root::new(&folder.join("few"), shim)?;
        let target = few.install(&format!("go{PINNED}"), &noop)?;
        for tag in FEW {
            few.install(tag, &noop)?;
        }
        few.settle()?;
        let chain = programs.chain(&target)?;
        let pinned = project(&folder.join("pinned"), ".go-version", &format!("{PINNED}\n"))?;
        let (folder, shim) = (folder.to_owned(), shim.to_owned());
        Ok(Self { folder, shim, noop, few, target, chain, pinned })
    }

    /// Sees that the shim becomes the pinned program. One that ends with 0 at once would be the
    /// fastest of all.
    fn probe(&self) -> io::Result<()> {
        let root = Root::new(&self.folder.join("probe"), &self.shim)?;
        let script = self.folder.join("script");
        fs::write(&script, "#!/bin/sh\nexit 42\n")?;
        fs::set_permissions(&script, fs::Permissions::from_mode(0o755))?;
        root.install(&format!("go{PINNED}"), &script)?;
        let mut shim = Command::new(root.shim());
        let status = shim.env_clear().current_dir(&self.pinned).status()?;
        if status.code() == Some(42) {
            return Ok(());
        }
        Err(io::Error::other(format!("the shim does not start what is pinned: {status}")))
    }

    fn noise(&self) -> Vec<Row> {
        let twice = |name: &str, program: &Path| {
            let pair = self.pair(program, program, &self.pinned);
            row(&format!("noise: {name} and itself"), pair, Bound::Within(0.02))
        };
        vec![twice("a no-op", &self.target), twice("the shim", &self.few.shim())]
    }

    fn zero(&self, programs: &Programs) -> io::Result<Row> {
        let root = Root::new(&self.folder.join("static"), &self.shim)?;
        let target = root.install(&format!("go{PINNED}"), &programs.zero()?)?;
        let pair = self.pair(&target, &root.shim(), &self.pinned);
        Ok(row("static C program, against itself", pair, Bound::AtMost(1.25)))
    }

    fn noop(&self) -> Row {
        let pair = self.pair(&self.chain, &self.few.shim(), &self.pinned);
        row("no-op, against a bare exec of it", pair, Bound::AtMost(1.35))
    }

    fn go_version(&self, go: &RealGo) -> io::Result<Row> {
        let root = Root::new(&self.folder.join("one"), &self.shim)?;
        let target = root.adopt(&go.tag, &go.folder)?;
        let work = project(&self.folder.join("using"), ".go-version", &format!("{}\n", go.tag))?;
        let pair = self.pair(&target, &root.shim(), &work);
        let name = format!("{}'s go version, against itself", go.tag);
        Ok(row(&name, pair, Bound::AtMost(1.05)))
    }

    /// 25 lines of 20 releases each.
    fn many(&self) -> io::Result<Vec<Row>> {
        let many = Root::new(&self.folder.join("many"), &self.shim)?;
        for line in 13..38 {
            for patch in 1..=20 {
                many.install(&format!("go1.{line}.{patch}"), &self.noop)?;
            }
        }
        many.settle()?;
        let line = project(&self.folder.join("line"), ".go-version", "1.22\n")?;
        let against_few = |name: &str, work: &Path| {
            let pair = self.pair(&self.few.shim(), &many.shim(), work);
            row(name, pair, Bound::AtMost(1.2))
        };
        Ok(vec![
            against_few("500 versions against 5, pin 1.22.10", &self.pinned),
            against_few("500 versions against 5, pin 1.22", &line),
            self.record("pin 1.22", &self.few.shim(), &line),
        ])
    }

    fn unpinned(&self) -> io::Result<Vec<Row>> {
        self.few.choose(&format!("go{PINNED}"))?;
        let plain = project(&self.folder.join("plain"), "", "")?;
        let module = project(&self.folder.join("module"), "go.mod", "module m\n\ngo 1.21\n")?;
        let shim = self.few.shim();
        Ok(vec![
            self.record("default, no pin, no go.mod", &shim, &plain),
            self.record("default, with a go.mod", &shim, &module),
        ])
    }

    fn hosted(&self, options: &Options) -> io::Result<Option<Row>> {
        let built = Path::new(env!("CARGO_TARGET_TMPDIR")).join("../release/gvm-shim");
        let hosted = match &options.hosted {
            Some(hosted) => hosted.clone(),
            None if built.is_file() => built,
            None => return Ok(None),
        };
        let root = Root::new(&self.folder.join("hosted"), &hosted)?;
        root.install(&format!("go{PINNED}"), &self.noop)?;
        Ok(Some(self.record("hosted shim, pin 1.22.10", &root.shim(), &self.pinned)))
    }

    /// Against the bare exec, for the record.
    fn record(&self, name: &str, shim: &Path, work: &Path) -> Row {
        row(name, self.pair(&self.chain, shim, work), Bound::None)
    }

    fn pair(&self, base: &Path, measured: &Path, work: &Path) -> Pair {
        let words = |program: &Path| vec![program.into(), "version".into()];
        let variables = variables(&self.folder.join("home"), &self.few.shim(), work);
        Pair { base: words(base), measured: words(measured), folder: work.to_owned(), variables }
    }
}

fn row(name: &str, pair: Pair, bound: Bound) -> Row {
    Row { name: name.into(), pair, bound, dear: false }
}

/// What a shell passes on, filled up with variables that mean nothing to anybody.
fn variables(home: &Path, shim: &Path, work: &Path) -> Vec<(OsString, OsString)> {
    let mut path = OsString::from(shim.parent().unwrap_or(shim));
    path.push(":/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
    let mut variables: Vec<(OsString, OsString)> = vec![
        ("HOME".into(), home.into()),
        ("LANG".into(), "C.UTF-8".into()),
        ("PATH".into(), path),
        ("PWD".into(), work.into()),
        ("TERM".into(), "xterm-256color".into()),
    ];
    let rest = variables.len()..VARIABLES;
    variables.extend(rest.map(|number| {
        let name = format!("SESSION_VARIABLE_{number}");
        (name.into(), format!("/usr/share/session/{number:08}").into())
    }));
    variables
}
