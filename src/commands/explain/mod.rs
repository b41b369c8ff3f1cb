//! `gvm explain`: every candidate for "which Go", why it won or lost, and what the child gets.
//!
//! What is said for people stands in `text`, for scripts in `json`; `ask` is what `--go` does.

use std::ffi::OsString;

use gvm_core::call::Call;
use gvm_core::explain::{self, Explanation};
use gvm_core::version::Version;
use serde_json::Value;

use super::advice::{self, Said};
use super::{Outcome, toolchain};
use crate::app::App;
use crate::failure::{Failure, Kind};
use crate::platform;

mod ask;
mod json;
mod text;

/// Show why this version runs here and no other
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  gvm explain
  gvm explain -- env GOMOD         for this call of the go command
  gvm explain -- +1.22 build
  gvm explain --go                 ask the real go command too")]
pub(super) struct Args {
    /// Ask the go command itself too, without the network, and say whether it agrees
    #[arg(long, conflicts_with = "words")]
    go: bool,

    /// Answer with one JSON document
    #[arg(long)]
    pub(super) json: bool,

    /// What the go command would be called with; none: nothing
    #[arg(last = true, value_name = "GO ARGS")]
    words: Vec<OsString>,
}

pub(super) struct Explained {
    explanation: Explanation,
    /// The version and the place of what runs.
    choice: Option<(String, String)>,
    warnings: Vec<Said>,
    failure: Option<Failure>,
    go: Option<ask::Answer>,
}

pub(super) fn run(app: &App, args: &Args) -> Result<Explained, Failure> {
    let words: Vec<Vec<u8>> = args.words.iter().map(platform::bytes).collect();
    let words: Vec<&[u8]> = words.iter().map(Vec::as_slice).collect();
    let (name, words) = shim(&words);
    let explanation = explain::explain(&app.machine, &app.layout, &Call::new(name, words));
    let failure = explanation.result.as_ref().err().cloned().map(Failure::from);
    if let Some(failure) = &failure {
        app.ui.error(&failure.message, failure.hint.as_deref());
    }
    let choice = explanation.result.as_ref().ok().map(|choice| {
        let place = choice.toolchain.goroot().map(<[u8]>::to_vec);
        let place = place.unwrap_or_else(|| choice.toolchain.programs());
        (toolchain::name(app, &choice.toolchain), platform::path(&place).display().to_string())
    });
    let go = match &explanation.result {
        Ok(choice) if args.go => Some(ask::go(app, choice, &explanation.warnings)?),
        Ok(_) | Err(_) => None,
    };
    let warnings = explanation.warnings.iter().map(|it| advice::said(app, it)).collect();
    Ok(Explained { explanation, choice, warnings, failure, go })
}

/// Which shim is called, and with what: somebody may write its name too, which no command of go's has.
fn shim<'a>(words: &'a [&'a [u8]]) -> (&'a str, &'a [&'a [u8]]) {
    let Some((first, rest)) = words.split_first() else { return ("go", words) };
    match std::str::from_utf8(first) {
        Ok(name @ ("go" | "gofmt")) => (name, rest),
        Ok(name) if Version::from_tag(name).is_ok() => (name, rest),
        Ok(_) | Err(_) => ("go", words),
    }
}

impl Outcome for Explained {
    fn text(&self) -> String {
        text::of(self)
    }

    fn json(&self) -> Value {
        json::of(self)
    }

    /// Nothing that could run is a failure, as of `current`; to be of another mind than the go command is one too.
    fn code(&self) -> i32 {
        let disagrees = self.go.as_ref().is_some_and(|go| go.agrees == Some(false));
        match &self.failure {
            Some(failure) => failure.kind.code().into(),
            None if disagrees => Kind::CouldNot.code().into(),
            None => 0,
        }
    }
}
