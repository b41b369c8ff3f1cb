//! `gvm verify`: a tree held once more against its receipt, and its receipt against the checksum database.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use gvm_core::module;
use gvm_core::request::{Origin, Request};
use gvm_core::resolve;
use gvm_core::spec::{Kind as SpecKind, Spec};
use gvm_core::target::Target;
use serde_json::{Value, json};

use super::{Outcome, proof, toolchain};
use crate::app::App;
use crate::failure::{Failure, Kind};
use crate::install::{Asked, ask, database};
use crate::platform;
use crate::store::tree::{self, Found, What};
use crate::store::{Install, StoreError, change, installed, receipt};
use crate::unpack::TreeFile;
use crate::verify::Proof;
use crate::verify::dirhash;
use crate::verify::sumdb::{Database, StoredProof};

/// Hash installed versions again, and hold them against what was published
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  gvm verify            every installed version
  gvm verify 1.22.10
  gvm verify /usr/local/go")]
pub(super) struct Args {
    /// The versions, or the folder of any Go; none: every installed version
    #[arg(value_name = "SPEC")]
    specs: Vec<String>,

    /// Answer with one JSON document
    #[arg(long)]
    pub(super) json: bool,
}

pub(super) struct Checked {
    results: Vec<Checkup>,
}

/// What was found about one tree.
struct Checkup {
    version: String,
    path: PathBuf,
    proof: Value,
    sentence: String,
    difference: Difference,
    /// Why it is not what was published, beside the files that differ.
    problem: Option<String>,
}

/// How a tree differs from the list of its files.
#[derive(Default)]
struct Difference {
    changed: Vec<String>,
    missing: Vec<String>,
    added: Vec<String>,
}

pub(super) fn run(app: &App, args: &Args) -> Result<Checked, Failure> {
    if args.specs.is_empty() {
        let inventory = installed::inventory(&app.layout)?;
        let mut results = Vec::new();
        for install in &inventory.installs {
            results.extend(settled(app, install)?);
        }
        results.extend(inventory.damaged.iter().map(|(hash, error)| damaged(app, hash, error)));
        return Ok(Checked { results });
    }
    let one = |text: &String| -> Result<Vec<Checkup>, Failure> {
        let all = installed::all(&app.layout)?;
        // Also of another target, which no SPEC names.
        if let Some(install) = all.iter().find(|install| install.receipt.tag == *text) {
            return settled(app, install)?.map(|it| vec![it]).ok_or_else(removed_meanwhile);
        }
        let spec = toolchain::spec(app, text)?;
        match spec.kind() {
            SpecKind::Path(path) => Ok(vec![folder(app, platform::path(path))?]),
            SpecKind::Exact(_) | SpecKind::Select(_) | SpecKind::System => {
                by_name(app, spec.clone())
            }
        }
    };
    let results: Result<Vec<Vec<Checkup>>, Failure> = args.specs.iter().map(one).collect();
    Ok(Checked { results: results?.into_iter().flatten().collect() })
}

/// What the SPEC resolves to.
fn by_name(app: &App, spec: Spec) -> Result<Vec<Checkup>, Failure> {
    let origin = Origin::Argument;
    let request = Request { spec, origin };
    let choice = resolve::resolve(&app.machine, &app.layout, request)?;
    let goroot = choice.toolchain.goroot();
    let goroot =
        goroot.ok_or_else(|| Failure::new(Kind::CouldNot, "that Go does not tell its GOROOT"))?;
    Ok(vec![folder(app, platform::path(goroot))?])
}

/// A folder: one of ours by its receipt, any other by what it says it is.
fn folder(app: &App, path: &Path) -> Result<Checkup, Failure> {
    for install in installed::all(&app.layout)? {
        let goroot = app.layout.goroot(&install.hash);
        let goroot = platform::path(&goroot);
        let same = std::fs::canonicalize(path).ok() == std::fs::canonicalize(goroot).ok();
        if same || goroot == path {
            return settled(app, &install)?.ok_or_else(removed_meanwhile);
        }
    }
    stranger(app, path)
}

/// A version that nobody can vouch for any more.
fn damaged(app: &App, hash: &str, error: &StoreError) -> Checkup {
    let goroot = app.layout.goroot(hash);
    // What it says it is: the name that mends it.
    let version = resolve::version_of(&app.machine, &goroot).map(|version| version.tag());
    Checkup {
        version: version.unwrap_or_else(|| hash.to_owned()),
        path: platform::path(&goroot).to_owned(),
        proof: Value::Null,
        sentence: String::new(),
        difference: Difference::default(),
        problem: Some(format!("{error}; install the version again with `--force`")),
    }
}

fn removed_meanwhile() -> Failure {
    Failure::new(Kind::NotInstalled, "it was removed meanwhile").hint("see what is with `gvm list`")
}

/// An installed version. Where something is wrong with it, another gvm may be replacing or removing it: that one is
/// waited for, or finished where it did not live to the end, and it is read once more. None when it is gone then.
fn settled(app: &App, install: &Install) -> Result<Option<Checkup>, Failure> {
    let first = one_installed(app, install);
    if first.as_ref().is_ok_and(Checkup::is_ok) {
        return first.map(Some);
    }
    let (hash, tag) = (&install.hash, &install.receipt.tag);
    if !platform::is_ours(platform::path(app.layout.root())) {
        return first.map(Some);
    }
    let Ok(_lock) = change::begin_version(&app.layout, hash, tag, app.waiting()) else {
        return first.map(Some);
    };
    match installed::one(&app.layout, &install.hash) {
        Ok(Some(install)) => one_installed(app, &install).map(Some),
        Ok(None) if !platform::path(&app.layout.goroot(&install.hash)).exists() => Ok(None),
        Ok(None) | Err(_) => first.map(Some),
    }
}

fn one_installed(app: &App, install: &Install) -> Result<Checkup, Failure> {
    let receipt = &install.receipt;
    let goroot = app.layout.goroot(&install.hash);
    let goroot = platform::path(&goroot);
    app.ui.detail(&format!("reading {}", goroot.display()));
    let found = tree::read(goroot)?;
    let listed = receipt::files(&app.layout, &install.hash)?.unwrap_or_default();
    let difference = differ(&listed, &found);
    let module = module::module_version(
        receipt.version.as_str(),
        receipt.target.os(),
        receipt.target.arch(),
    );
    let problem = receipts_problem(app, install, &module, &listed);
    Ok(Checkup {
        version: receipt.tag.clone(),
        path: goroot.to_owned(),
        proof: proof::json(receipt),
        sentence: proof::sentence(receipt),
        problem: problem.or_else(|| objection(app, install, &module)),
        difference,
    })
}

/// What the checksum database has against a version that was installed without it. Out of reach, it is no witness.
fn objection(app: &App, install: &Install, module: &str) -> Option<String> {
    let Proof::Sha256 { .. } = install.receipt.proof else { return None };
    match ask(app.access(), module, app.waiting()) {
        Ok(Asked::Proven(proven)) if proven.h1() != install.receipt.h1 => Some(format!(
            "its files have the hash {}, and the checksum database holds {}",
            install.receipt.h1,
            proven.h1()
        )),
        Ok(Asked::Proven(_) | Asked::Unknown | Asked::Disabled) => None,
        Err(error) if error.is_integrity() => Some(error.to_string()),
        Err(error) => {
            let tag = &install.receipt.tag;
            app.ui.warn(&format!("{tag} is held against its receipt alone: {error}"));
            None
        }
    }
}

/// What is wrong with the receipt itself: its list of files must have the hash that the proof is about. So a receipt
/// that was changed together with the tree is found out.
fn receipts_problem(
    app: &App,
    install: &Install,
    module: &str,
    listed: &[TreeFile],
) -> Option<String> {
    let proven = match &install.receipt.proof {
        Proof::Sha256 { .. } => install.receipt.h1.clone(),
        Proof::Sumdb(stored) => match recheck(app, stored, module) {
            Ok(h1) => h1,
            Err(why) => return Some(why),
        },
    };
    let covered = listed.iter().filter(|file| module::covers(&file.path));
    match dirhash::toolchain_h1(module, covered.map(|file| (&file.path, file.sha256))) {
        Ok(h1) if h1 == proven => None,
        Ok(h1) => Some(format!("its receipt lists files with the hash {h1}; {proven} is proved")),
        Err(error) => Some(format!("its receipt lists files that no Go has: {error}")),
    }
}

/// The hash that a kept proof proves, checked against the key that is trusted now.
fn recheck(app: &App, stored: &StoredProof, module: &str) -> Result<String, String> {
    if stored.version != module {
        return Err(format!("its receipt holds the proof of {}", stored.version));
    }
    // A receipt made with the official key stays good when GOSUMDB names another database, or none.
    let official = Database::parse("sum.golang.org");
    let keys = [database(app.access()), official];
    let mut why = String::new();
    for key in keys.iter().flatten() {
        match stored.recheck(key.verifier()) {
            Ok(rechecked) => return Ok(rechecked.h1),
            Err(error) => why = format!("its receipt's proof is refused: {error}"),
        }
    }
    Err(why)
}

fn differ(listed: &[TreeFile], found: &[Found]) -> Difference {
    let mut difference = Difference::default();
    let there: BTreeMap<&str, What> =
        found.iter().map(|found| (found.path.as_str(), found.what)).collect();
    for file in listed {
        match there.get(file.path.as_str()) {
            None => difference.missing.push(file.path.clone()),
            Some(What::File { sha256, executable })
                if *sha256 == file.sha256 && (*executable || !file.executable) => {}
            Some(What::File { .. } | What::Other) => difference.changed.push(file.path.clone()),
        }
    }
    let known = |path: &str| listed.binary_search_by(|file| file.path.as_str().cmp(path)).is_ok();
    let added = found.iter().filter(|found| !known(&found.path));
    difference.added = added.map(|found| found.path.clone()).collect();
    difference
}

/// A tree without a receipt: the database knows its hash, but not those of its files.
fn stranger(app: &App, path: &Path) -> Result<Checkup, Failure> {
    let version = resolve::version_of(&app.machine, &platform::bytes(path)).ok_or_else(|| {
        let message =
            format!("{} is no released Go: it has no VERSION file that says so", path.display());
        Failure::new(Kind::NotInstalled, message).hint("name the folder that holds bin/go")
    })?;
    let target = target_of(path).unwrap_or(app.host);
    let module = module::module_version(version.as_str(), target.os(), target.arch());
    let found = tree::read(path)?;
    let h1 = stranger_h1(&module, &found);
    let (proof, sentence, problem) = match ask(app.access(), &module, app.waiting())
        .map_err(Failure::from)?
    {
        Asked::Proven(proven) => {
            let size = proven.head().tree().size;
            let problem = (h1.as_deref() != Ok(proven.h1())).then(|| {
                let found = h1.unwrap_or_else(|error| error);
                format!(
                    "its files have the hash {found}, and the checksum database holds {}",
                    proven.h1()
                )
            });
            let proof = json!({ "kind": "sumdb", "h1": proven.h1(), "tree_size": size });
            (proof, format!("the checksum database holds it in a tree of {size} records"), problem)
        }
        Asked::Unknown => (
            Value::Null,
            String::new(),
            Some(format!("the checksum database does not know {module}")),
        ),
        Asked::Disabled => (
            Value::Null,
            String::new(),
            Some("GOSUMDB=off forbids asking the checksum database".into()),
        ),
    };
    app.ui.note(&format!(
        "{} has no receipt: gvm can say whether it differs, and not which file",
        path.display()
    ));
    Ok(Checkup {
        version: version.tag(),
        path: path.to_owned(),
        proof,
        sentence,
        difference: Difference::default(),
        problem,
    })
}

/// The hash of a tree that somebody else unpacked: the go command leaves a `_go.mod` beside each `go.mod`.
fn stranger_h1(module: &str, found: &[Found]) -> Result<String, String> {
    let names: Vec<&str> = found.iter().map(|found| found.path.as_str()).collect();
    let mut files = Vec::new();
    for found in found.iter().filter(|found| module::covers(&found.path)) {
        match module::path_in_goroot(&found.path).filter(|path| *path != found.path) {
            Some(twin) if names.binary_search(&twin.as_str()).is_ok() => {}
            // In the module it would pass for the go.mod that the go command misses here.
            Some(twin) => {
                return Err(format!("none, for {} stands there without {twin}", found.path));
            }
            None => match found.what {
                What::File { sha256, .. } => files.push((&found.path, sha256)),
                What::Other => return Err(format!("none, for {} is no file", found.path)),
            },
        }
    }
    dirhash::toolchain_h1(module, files).map_err(|error| error.to_string())
}

/// The machine that a tree is for: what its tools' folder is named after.
fn target_of(goroot: &Path) -> Option<Target> {
    let tools = std::fs::read_dir(goroot.join("pkg/tool")).ok()?;
    let mut targets = tools.flatten().filter_map(|entry| {
        let name = entry.file_name().to_string_lossy().replacen('_', "/", 1);
        Target::parse(&name).ok()
    });
    targets.next().filter(|_| targets.next().is_none())
}

impl Checkup {
    fn is_ok(&self) -> bool {
        let Difference { changed, missing, added } = &self.difference;
        self.problem.is_none() && changed.is_empty() && missing.is_empty() && added.is_empty()
    }
}

impl Outcome for Checked {
    fn text(&self) -> String {
        let mut text = String::new();
        for result in &self.results {
            let (version, path) = (&result.version, result.path.display());
            if result.is_ok() {
                text.push_str(&format!("{version}  ok  {path}  {}\n", result.sentence));
                continue;
            }
            text.push_str(&format!("{version}  NOT what was published  {path}\n"));
            let Difference { changed, missing, added } = &result.difference;
            for (word, files) in [("changed", changed), ("missing", missing), ("added", added)] {
                for file in files {
                    text.push_str(&format!("  {word}  {file}\n"));
                }
            }
            if let Some(problem) = &result.problem {
                text.push_str(&format!("  {problem}\n"));
            }
        }
        text
    }

    fn json(&self) -> Value {
        let one = |result: &Checkup| {
            json!({
                "version": result.version,
                "path": result.path.display().to_string(),
                "ok": result.is_ok(),
                "proof": result.proof,
                "changed": result.difference.changed,
                "missing": result.difference.missing,
                "added": result.difference.added,
                "problem": result.problem,
            })
        };
        json!({ "results": self.results.iter().map(one).collect::<Vec<_>>() })
    }

    fn code(&self) -> i32 {
        if self.results.iter().all(Checkup::is_ok) { 0 } else { Kind::Integrity.code().into() }
    }
}
