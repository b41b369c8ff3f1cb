//! Other managers of Go versions that left their folders here. That is no fault: which of them wins is PATH's matter.

use gvm_core::path;

use super::finding::{self as id, Finding};
use super::surroundings::{Surroundings, text};

/// A folder at home that a manager keeps its Gos in.
const FOLDERS: [(&str, &str); 10] = [
    (".goenv/versions", "goenv"),
    (".asdf/installs/golang", "asdf"),
    (".local/share/mise/installs/go", "mise"),
    (".gvm/gos", "moovweb's gvm"),
    (".gobrew/versions", "gobrew"),
    (".g/versions", "g"),
    (".go/versions", "goup"),
    (".goup", "goup-rs"),
    (".proto/tools/go", "proto"),
    (".version-fox/cache/golang", "vfox"),
];

pub(super) fn check(around: &Surroundings<'_>) -> Vec<Finding> {
    let Some(home) = around.var("HOME") else { return Vec::new() };
    let mut findings = Vec::new();
    for (folder, name) in FOLDERS {
        let folder = path::join(&home, folder.as_bytes());
        if around.world.is_folder(&folder) {
            findings.push(
                Finding::note(
                    id::OTHER_MANAGER,
                    format!("{name} has Gos of its own in {}", text(&folder)),
                )
                .why("whichever of its shims and gvm's comes first on PATH wins")
                .at(&folder, None),
            );
        }
    }
    findings
}
