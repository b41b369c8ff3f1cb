//! `gvm probe`: experiments on the installed versions. `gopath`: whether a package that lies in GOPATH/src alone can be
//! imported, for each GO111MODULE, with a go.mod and without.

use std::time::Duration;

use serde_json::{Value, json};

use super::private::{self, Private, Tried};
use super::{Outcome, named_go};
use crate::app::App;
use crate::doctor::surroundings::text;
use crate::failure::{Failure, Kind};
use crate::store::installed;
use crate::ui::table;

/// Try out what the installed versions really do
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  gvm probe gopath                 which version imports a package from GOPATH/src, and when
  gvm probe gopath 1.13.15 1.22")]
pub(super) struct Args {
    #[command(subcommand)]
    experiment: Experiment,
}

#[derive(Debug, clap::Subcommand)]
enum Experiment {
    /// Whether a package that lies in GOPATH/src alone can be imported
    #[command(after_help = "Examples:
  gvm probe gopath
  gvm probe gopath 1.22 --json")]
    Gopath {
        /// The versions or folders; without any, all that are installed
        #[arg(value_name = "SPEC|DIR")]
        subjects: Vec<String>,

        /// Answer with one JSON document
        #[arg(long)]
        json: bool,
    },
}

impl Args {
    /// Whether the answer is to be JSON.
    pub(super) fn wants_json(&self) -> bool {
        let Experiment::Gopath { json, .. } = &self.experiment;
        *json
    }
}

/// The values of GO111MODULE; None: not set.
const MODES: [Option<&str>; 4] = [None, Some("on"), Some("off"), Some("auto")];

const PATIENCE: Duration = Duration::from_secs(60);

pub(super) struct Probed {
    versions: Vec<Tries>,
}

/// The tries with one version.
struct Tries {
    version: String,
    goroot: String,
    /// Without a go.mod in the four modes, then with one.
    tries: Vec<Try>,
}

struct Try {
    has_module: bool,
    mode: Option<&'static str>,
    is_importable: bool,
    /// The first line of what go says.
    message: Option<String>,
}

pub(super) fn run(app: &App, args: &Args) -> Result<Probed, Failure> {
    let Experiment::Gopath { subjects, .. } = &args.experiment;
    let mut versions = Vec::new();
    for tried in tried(app, subjects)? {
        app.ui.detail(&format!("trying {}", tried.version.tag()));
        versions.push(gopath(app, &tried)?);
    }
    Ok(Probed { versions })
}

fn tried(app: &App, subjects: &[String]) -> Result<Vec<Tried>, Failure> {
    if subjects.is_empty() {
        let installs = installed::all(&app.layout)?.into_iter();
        let own = installs.filter(|install| install.receipt.target == app.host);
        let found: Vec<Tried> = own
            .map(|install| Tried {
                goroot: app.layout.goroot(&install.hash),
                version: install.receipt.version,
            })
            .collect();
        return match found.is_empty() {
            true => Err(Failure::new(Kind::NotInstalled, "no version is installed")
                .hint("install one: `gvm install latest`, or name a folder: `gvm probe gopath /usr/local/go`")),
            false => Ok(found),
        };
    }
    subjects
        .iter()
        .map(|subject| {
            let (goroot, _) = named_go::named(app, subject)?;
            let version =
                gvm_core::resolve::version_of(&app.machine, &goroot).ok_or_else(|| {
                    Failure::new(
                        Kind::CouldNot,
                        format!("{} does not say which Go it is", text(&goroot)),
                    )
                    .hint(format!("find out why: `gvm doctor {}`", text(&goroot)))
                })?;
            Ok(Tried { goroot, version })
        })
        .collect()
}

fn gopath(app: &App, tried: &Tried) -> Result<Tries, Failure> {
    let private = Private::new(app)?;
    private.put("go/src/example.com/dep/dep.go", "package dep\n\nconst Answer = 42\n")?;
    let main =
        "package main\n\nimport \"example.com/dep\"\n\nfunc main() { println(dep.Answer) }\n";
    private.put("work/main.go", main)?;
    private.put("module/main.go", main)?;
    private.put("module/go.mod", "module app\n\ngo 1.13\n")?;
    let mut tries = Vec::new();
    for has_module in [false, true] {
        for mode in MODES {
            tries.push(once(&private, tried, has_module, mode)?);
        }
    }
    Ok(Tries { version: tried.version.tag(), goroot: text(&tried.goroot), tries })
}

/// Has the build planned: imports are resolved, and nothing is compiled.
fn once(
    private: &Private,
    tried: &Tried,
    has_module: bool,
    mode: Option<&'static str>,
) -> Result<Try, Failure> {
    let mut command = private.command(tried, &private::go(tried));
    command.args(["build", "-n"]).current_dir(private.at(if has_module {
        "module"
    } else {
        "work"
    }));
    if let Some(mode) = mode {
        command.env(gvm_core::vars::GO111MODULE, mode);
    }
    let ended = private::run(command, PATIENCE).map_err(|error| {
        Failure::new(Kind::CouldNot, format!("could not run {}: {error}", tried.version.tag()))
            .hint(format!("find out why: `gvm doctor {}`", text(&tried.goroot)))
    })?;
    let is_importable = ended.status.is_some_and(|status| status.success());
    let first = ended.stderr.lines().find(|line| !line.trim().is_empty()).map(str::to_owned);
    Ok(Try { has_module, mode, is_importable, message: first.filter(|_| !is_importable) })
}

impl Outcome for Probed {
    fn text(&self) -> String {
        let word = |mode: Option<&str>| mode.unwrap_or("unset").to_owned();
        let mut rows: Vec<[String; 9]> = Vec::new();
        let mut head = vec!["GO111MODULE".to_owned()];
        head.extend(MODES.iter().chain(&MODES).map(|mode| word(*mode)));
        rows.extend(<[String; 9]>::try_from(head));
        for tries in &self.versions {
            let mut row = vec![tries.version.clone()];
            let said = |it: &Try| if it.is_importable { "yes" } else { "no" }.to_owned();
            row.extend(tries.tries.iter().map(said));
            rows.extend(<[String; 9]>::try_from(row));
        }
        let table = table::columns(&rows);
        format!(
            "Can a package that lies in GOPATH/src alone be imported?\n\
             The first four columns without a go.mod, the other four with one.\n\n{table}"
        )
    }

    fn json(&self) -> Value {
        let one = |it: &Try| {
            json!({
                "go_mod": it.has_module, "go111module": it.mode,
                "importable": it.is_importable, "message": it.message,
            })
        };
        let versions = self.versions.iter().map(|tries| {
            let list: Vec<Value> = tries.tries.iter().map(one).collect();
            json!({ "version": tries.version, "path": tries.goroot, "tries": list })
        });
        json!({ "experiment": "gopath", "versions": versions.collect::<Vec<_>>() })
    }
}
