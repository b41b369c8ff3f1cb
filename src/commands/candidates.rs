//! What a shell's completion offers for versions: those that are installed, and those that a source listed the last time
//! that it was asked. Never the network.

use std::ffi::OsStr;

use clap_complete::engine::{ArgValueCompleter, CompletionCandidate};
use gvm_core::installed;
use gvm_core::tag::Tag;
use gvm_core::version::Version;
use gvm_shim::world::Machine;

use crate::app::App;
use crate::platform;
use crate::report::Silent;
use crate::settings::{BrokenFile, Flags, root};
use crate::source;
use crate::store::staging::Live;
use crate::ui::{Manner, Ui};

/// The installed versions of this machine's own.
pub(super) fn installed() -> ArgValueCompleter {
    ArgValueCompleter::new(|current: &OsStr| {
        let ours = tags().into_iter().filter(|tag| !tag.is_foreign());
        offered(current, ours.map(|tag| tag.version().clone()), &["latest", "stable", "system"])
    })
}

/// Everything that is installed, by its exact name.
pub(super) fn tags_of_installed() -> ArgValueCompleter {
    ArgValueCompleter::new(|current: &OsStr| {
        let mut tags = tags();
        tags.sort_by(|one, other| other.version().cmp(one.version()));
        tags.iter().filter_map(|tag| offer(current, &tag.to_string())).collect()
    })
}

/// What sources listed the last time that they were asked.
pub(super) fn remote() -> ArgValueCompleter {
    ArgValueCompleter::new(|current: &OsStr| {
        let words = ["latest", "stable", "oldstable", "unstable"];
        offered(current, listed().unwrap_or_default(), &words)
    })
}

fn listed() -> Option<Vec<Version>> {
    let flags = Flags { offline: true, ..Flags::default() };
    let color = anstream::ColorChoice::Never;
    let ui = Ui::new(Manner { color, quiet: true, verbose: false, json: false });
    let modes = platform::settle_modes();
    let app = App::new(Machine::capture(), &flags, ui, Live::default(), modes, BrokenFile::Refused)
        .ok()?;
    let sources = source::all(app.access()).ok()?;
    let lists = sources
        .iter()
        .filter_map(|source| source::list_for(source.as_ref(), &app.host, &Silent).ok());
    Some(lists.flatten().collect())
}

fn tags() -> Vec<Tag> {
    let machine = Machine::capture();
    root::find(&machine).map(|layout| installed::tags(&machine, &layout)).unwrap_or_default()
}

/// The newest first, and words behind them.
fn offered(
    current: &OsStr,
    versions: impl IntoIterator<Item = Version>,
    words: &[&str],
) -> Vec<CompletionCandidate> {
    let mut versions: Vec<Version> = versions.into_iter().collect();
    versions.sort();
    versions.dedup();
    let tags = versions.iter().rev().map(Version::tag);
    let words = words.iter().map(|word| (*word).to_owned());
    tags.chain(words).filter_map(|name| offer(current, &name)).collect()
}

/// A name that goes on from what has been typed, with or without its `go`.
fn offer(current: &OsStr, name: &str) -> Option<CompletionCandidate> {
    let current = current.to_str()?;
    let bare = name.strip_prefix("go").unwrap_or(name);
    let name = if current.starts_with('g') { name } else { bare };
    name.starts_with(current).then(|| CompletionCandidate::new(name))
}
