//! `gvm inspect`: what a binary is, and whether it starts here.

use std::path::{Path, PathBuf};

use gvm_core::spec::{Kind as SpecKind, Spec};
use rayon::prelude::*;
use serde_json::Value;

use super::Outcome;
use super::goroot::{self, Goroot};
use crate::app::App;
use crate::failure::{Failure, Kind};
use crate::inspect::start::{Here, Start, start};
use crate::inspect::{self, Content, InspectError, shown};

mod binaries;
mod json;
mod text;

/// Show what a binary is, and whether it starts here
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  gvm inspect ./server                what it is, what it needs, whether it starts here
  gvm inspect -v server.exe           with every imported function, module and setting
  gvm inspect 1.22                    all binaries of that version, as a table
  gvm inspect --json *.so | jq '.data.files[].binary.libc'")]
pub(super) struct Args {
    /// Files; or versions and folders of Go, for all of their binaries
    #[arg(value_name = "FILE|SPEC", required = true)]
    what: Vec<String>,

    /// Answer with one JSON document
    #[arg(long)]
    pub(super) json: bool,
}

pub(super) struct Inspected {
    files: Vec<Answer>,
    toolchains: Vec<Binaries>,
    details: bool,
}

/// What came of one file.
struct Answer {
    /// As it was named, or below its GOROOT.
    name: String,
    /// What it is.
    found: Result<(Content, Start), InspectError>,
}

/// All binaries of a toolchain.
struct Binaries {
    name: String,
    path: PathBuf,
    files: Vec<Answer>,
}

/// What an argument means.
enum Subject {
    File(PathBuf),
    Toolchain { name: String, path: PathBuf },
}

pub(super) fn run(app: &App, args: &Args) -> Result<Inspected, Failure> {
    let folders = |name: &str| -> Vec<PathBuf> {
        let list = app.machine.var_os(name).map(std::env::split_paths);
        list.into_iter().flatten().filter(|folder| folder.is_absolute()).collect()
    };
    let here = Here::new(folders("PATH"), folders("LD_LIBRARY_PATH"));
    let mut inspected =
        Inspected { files: Vec::new(), toolchains: Vec::new(), details: app.ui.wants_details() };
    for argument in &args.what {
        match subject(app, argument)? {
            Subject::File(path) => inspected.files.push(answer(&here, argument.clone(), &path)),
            Subject::Toolchain { name, path } => {
                let files = binaries::below(&path);
                let files = files.into_par_iter().map(|name| {
                    let file = path.join(&name);
                    answer(&here, name, &file)
                });
                inspected.toolchains.push(Binaries { name, files: files.collect(), path });
            }
        }
    }
    Ok(inspected)
}

/// A version's name is that version, whatever stands in the folder; a path, and all else, is what stands there.
fn subject(app: &App, argument: &str) -> Result<Subject, Failure> {
    let path = app.folder()?.join(argument);
    let spec = Spec::parse(argument.as_bytes());
    let is_version = match spec.as_ref().map(Spec::kind) {
        Ok(SpecKind::System | SpecKind::Exact(_) | SpecKind::Select(_)) => true,
        Ok(SpecKind::Path(_)) | Err(_) => false,
    };
    if is_version || path.is_dir() {
        let argument = if is_version { argument.to_owned() } else { path.display().to_string() };
        let Goroot { name, path, .. } = goroot::named(app, &argument)?;
        return Ok(Subject::Toolchain { name, path });
    }
    Ok(Subject::File(path))
}

fn answer(here: &Here, name: String, path: &Path) -> Answer {
    let found = inspect::file(path, &here.architecture);
    let found = found.map(|content| {
        let start = start(here, path, &content);
        (content, start)
    });
    Answer { name, found }
}

impl Answer {
    /// What keeps it from being answered in full.
    fn problem(&self) -> Option<String> {
        match &self.found {
            Err(error) => Some(error.to_string()),
            Ok((Content::Binary(binary), _)) => binary
                .needed_length
                .map(|needed| format!("it is cut off: its headers speak of {needed} bytes")),
            Ok((Content::Plain(_), _)) => None,
        }
    }
}

impl Outcome for Inspected {
    fn text(&self) -> String {
        text::of(self)
    }

    fn json(&self) -> Value {
        json::of(self)
    }

    fn code(&self) -> i32 {
        let all = self.files.iter().chain(self.toolchains.iter().flat_map(|it| &it.files));
        let is_whole = all.map(Answer::problem).all(|problem| problem.is_none());
        if is_whole { 0 } else { Kind::CouldNot.code().into() }
    }
}
