//! Each story killed at each of its checkpoints, every time that it comes by; and the table of checkpoints, held to the
//! sources and to the stories.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use crate::stage::sample::some;
use crate::stage::tally;
use crate::story::{Played, story};

/// Every checkpoint, by the story that surely reaches it.
const CHECKPOINTS: [(&str, &[&str]); 11] = [
    (
        "the first use",
        &[
            "root.created",
            "root.folder-made",
            "root.format-written",
            "lock.version-taken",
            "lock.head-taken",
            "lock.root-taken",
            "head.folder-made",
            "head.moved-on",
            "fetch.part-opened",
            "fetch.begun",
            "fetch.received",
            "fetch.named",
            "install.fetched",
            "staging.folder-made",
            "staging.tree-made",
            "unpack.file-written",
            "install.unpacked",
            "install.verified",
            "install.synced",
            "change.swept",
            "receipt.files-listed",
            "receipt.written",
            "publish.receipt-written",
            "publish.renamed",
            "publish.synced",
            "publish.staging-removed",
            "link.begun",
            "link.renamed",
            "publish.linked",
            "derived.time-set",
            "default.switched",
            "default.words-written",
        ],
    ),
    ("install --force", &["replace.prepared", "replace.exchanged", "replace.receipt-moved"]),
    ("uninstall", &["remove.moved-aside", "remove.unlinked", "remove.forgotten"]),
    ("uninstall", &["shims.withdrawn", "uninstall.unlocked"]),
    ("uninstall of the default", &["default.cleared"]),
    ("pin", &["atomic.begun", "atomic.written", "atomic.renamed"]),
    ("shims of another gvm", &["shims.one-written", "shims.stale-removed"]),
    (
        "shims of another gvm",
        &["derived.shims-refreshed", "derived.command-linked", "derived.listed"],
    ),
    ("exec", &["exec.ready"]),
    ("setup", &["setup.planned", "setup.folder-made", "setup.file-written"]),
    ("teardown", &["setup.file-removed"]),
];
/// Where the shim is in two parts, one more.
const CHOOSER: &str = "shims.chooser-written";
/// Reached in a container's layers only: `layers` kills there.
pub const IN_LAYERS: [&str; 2] = ["remove.marked", "remove.removed-in-place"];

#[test]
fn every_checkpoint_of_the_sources_is_reached_by_its_story() {
    let in_sources = in_sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
    let listed = CHECKPOINTS.iter().flat_map(|(_, names)| names.iter().copied());
    let listed: BTreeSet<String> =
        listed.chain(IN_LAYERS).chain([CHOOSER]).map(str::to_owned).collect();
    assert_eq!(listed, in_sources, "the table and the sources differ");
    for (name, names) in CHECKPOINTS {
        let reached = Played::new(story(name)).reached();
        let missing: Vec<_> =
            names.iter().filter(|&name| !reached.iter().any(|it| it == name)).collect();
        assert!(missing.is_empty(), "{name} does not come by {missing:?}");
    }
    tally::count("checkpoints", in_sources.len());
}

/// The names in all calls of `checkpoint::reach`.
fn in_sources(folder: &Path) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            names.append(&mut in_sources(&path));
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        for rest in text.split("checkpoint::reach(\"").skip(1) {
            names.insert(rest.split('"').next().unwrap().to_owned());
        }
    }
    names
}

/// Kills a story at each checkpoint, each time that it comes by.
fn kill_at_each_checkpoint(name: &'static str) {
    let played = Played::new(story(name));
    let mut times: BTreeMap<String, u32> = BTreeMap::new();
    for point in played.reached() {
        *times.entry(point).or_default() += 1;
    }
    let mut orders = Vec::new();
    for (point, times) in times {
        // What is done once for each folder or file is the same each time; a file in the making is another each time. In
        // how many pieces a body comes is chance.
        let few = times <= 4 || point.starts_with("atomic.");
        let times = if point == "fetch.received" { 1 } else { times };
        for time in (1..=times).filter(|time| few || [1, 2, times].contains(time)) {
            orders.push(format!("{point}@{time}"));
        }
    }
    let mut kills = 0;
    for at in some(orders, 3) {
        played.killed(&at, |call| call.var("GVM_TEST_CHECKPOINT", format!("{at}=kill")));
        kills += 1;
    }
    tally::count(&format!("kills at a checkpoint of {name}"), kills);
}

#[test]
fn the_first_install_is_killed() {
    kill_at_each_checkpoint("the first install");
}

#[test]
fn the_first_use_is_killed() {
    kill_at_each_checkpoint("the first use");
}

#[test]
fn a_second_install_is_killed() {
    kill_at_each_checkpoint("a second install");
}

#[test]
fn a_second_use_is_killed() {
    kill_at_each_checkpoint("a second use");
}

#[test]
fn a_replacement_is_killed() {
    kill_at_each_checkpoint("install --force");
}

#[test]
fn a_switch_is_killed() {
    kill_at_each_checkpoint("use of another");
}

#[test]
fn a_removal_is_killed() {
    kill_at_each_checkpoint("uninstall");
}

#[test]
fn the_removal_of_the_default_is_killed() {
    kill_at_each_checkpoint("uninstall of the default");
}

#[test]
fn a_pin_is_killed() {
    kill_at_each_checkpoint("pin");
}

#[test]
fn a_refresh_of_the_shims_is_killed() {
    kill_at_each_checkpoint("shims of another gvm");
}

#[test]
fn an_exec_is_killed() {
    kill_at_each_checkpoint("exec");
}

#[test]
fn a_setup_is_killed() {
    kill_at_each_checkpoint("setup");
}

#[test]
fn a_teardown_is_killed() {
    kill_at_each_checkpoint("teardown");
}
