//! gvm's own root: links, shims, receipts, staging, owners. What is derived from the installed versions `--fix` mends.

use gvm_core::layout::{self, Layout};
use gvm_core::path;
use gvm_core::tag::Tag;

use super::finding::{self as id, Finding};
use super::quote;
use super::surroundings::{self, Surroundings, text};
use super::tree;
use crate::activate::shims;
use crate::atomic;
use crate::store::{Install, exposed, installed, lock};
use crate::{platform, settings};

pub(super) fn check(around: &Surroundings<'_>) -> Vec<Finding> {
    let Some(layout) = around.layout else { return Vec::new() };
    if !around.world.is_folder(layout.root()) {
        return Vec::new();
    }
    let mut findings = Vec::new();
    let inventory = installed::inventory(layout).unwrap_or_default();
    for (hash, error) in &inventory.damaged {
        let folder = layout.goroot(hash);
        findings.push(
            Finding::error(
                id::UNKNOWN_TREE,
                format!("{} is a version of which nobody can say what it is", text(&folder)),
            )
            .why(error.to_string())
            .at(&folder, None)
            .fix(format!("gvm uninstall {hash}   (or move the folder away)")),
        );
    }
    findings.extend(config(around, layout));
    findings.extend(default(around, layout));
    findings.extend(links(around, layout, &inventory.installs));
    findings.extend(stale_shims(around, layout, &inventory.installs));
    findings.extend(litter(around, layout));
    findings.extend(others(layout));
    if !is_named(around) {
        findings.extend(trees(around, layout, &inventory.installs));
    }
    findings
}

fn is_named(around: &Surroundings<'_>) -> bool {
    around.subject.as_ref().is_some_and(|subject| subject.is_named)
}

/// What is wrong with gvm's settings.
fn config(around: &Surroundings<'_>, layout: &Layout) -> Option<Finding> {
    let error = settings::broken_file(around.world, layout)?;
    let file = layout.config();
    let line = u32::try_from(error.line).ok().filter(|line| *line > 0);
    let fix = match error.is_refused {
        true => format!("chmod u+r {}", quote(&file)),
        false => format!("mv {0} {0}.bak   (and write it anew)", quote(&file)),
    };
    Some(
        Finding::error(
            id::CONFIG_BROKEN,
            format!("gvm's settings cannot be understood: {}", error.why),
        )
        .why("the shims work; every other command of gvm refuses")
        .at(&file, line)
        .fix(fix),
    )
}

/// The default, by its link alone.
fn default(around: &Surroundings<'_>, layout: &Layout) -> Option<Finding> {
    let current = layout.current();
    let target = around.world.link(&current)?;
    let goroot = match layout.hash_of_link(&target) {
        Some(hash) => layout.goroot(hash),
        None => target.clone(),
    };
    let mut go = path::join(&path::join(&goroot, b"bin"), b"go");
    go.extend_from_slice(path::PROGRAM_SUFFIX);
    // A tree whose program is gone is told as a damaged tree.
    (!around.world.is_folder(&goroot)).then(|| {
        Finding::error(
            id::DEFAULT_DANGLING,
            format!("the default leads to {}, which is gone", text(&target)),
        )
        .why("where nothing pins a version, no go starts")
        .at(&current, None)
        .fix("gvm use latest")
    })
}

fn links(around: &Surroundings<'_>, layout: &Layout, installs: &[Install]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for install in installs {
        let link = layout.version_link(&install.receipt.tag);
        let target = around.world.link(&link).unwrap_or_default();
        if layout.hash_of_link(&target) != Some(&install.hash) {
            let what = format!("the link of {} is missing or leads elsewhere", install.receipt.tag);
            let why = "it is installed, and no shim finds it";
            findings.push(Finding::error(id::LINK_BROKEN, what).why(why).at(&link, None).ours());
        }
    }
    let mut names = Vec::new();
    around.world.list(&layout.versions(), &mut |name| names.push(name.to_vec()));
    for name in names {
        let link = path::join(&layout.versions(), &name);
        let target = around.world.link(&link).unwrap_or_default();
        let leads = layout.hash_of_link(&target);
        if leads.is_some_and(|hash| !around.world.is_folder(&layout.goroot(hash))) {
            let what = format!("the link of {} leads nowhere", text(&name));
            let why = "somebody removed its folder by hand: it is taken for installed";
            findings.push(Finding::error(id::LINK_BROKEN, what).why(why).at(&link, None).ours());
        }
    }
    findings
}

fn stale_shims(
    around: &Surroundings<'_>,
    layout: &Layout,
    installs: &[Install],
) -> Option<Finding> {
    if installs.is_empty() {
        return None;
    }
    let own = installs.iter().filter(|install| install.receipt.target == around.host);
    let wrong = shims::stale(layout, own.map(|install| &install.receipt.version));
    let first = wrong.first()?;
    let what = match wrong.len() - 1 {
        0 => format!("the shim {} is missing or not of this gvm", text(first)),
        more => format!("the shim {} and {more} more are missing or not of this gvm", text(first)),
    };
    let is_missing = wrong.iter().any(|shim| around.disk.stat(shim).is_none());
    let why = match is_missing {
        true => "the go that should stand there is not found by its name",
        false => "another gvm wrote them, or they were changed",
    };
    Some(Finding::error(id::SHIMS_STALE, what).why(why).graded(is_missing).at(first, None).ours())
}

/// Staging folders and half-written files whose owner is dead.
fn litter(around: &Surroundings<'_>, layout: &Layout) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut names = Vec::new();
    around.world.list(&layout.staging(), &mut |name| names.push(name.to_vec()));
    for name in names {
        let folder = path::join(&layout.staging(), &name);
        let hash = name.split(|byte| *byte == b'-').next().unwrap_or_default();
        let hash = std::str::from_utf8(hash).ok().filter(|hash| layout::is_hash(hash.as_bytes()));
        if hash.is_some_and(|hash| lock::is_held(layout, hash)) {
            let what = format!("another gvm is at work in {}", text(&folder));
            findings.push(
                Finding::note(id::BUSY, what)
                    .why("it holds the lock of that version")
                    .at(&folder, None),
            );
        } else {
            let what = format!("a crash left {} behind", text(&folder));
            let why = "no gvm that lives holds its lock; the next change puts it away too";
            findings.push(Finding::warning(id::LITTER, what).why(why).at(&folder, None).ours());
        }
    }
    for folder in [layout.root().to_vec(), layout.receipts(), layout.versions(), layout.shims()] {
        around.world.list(&folder, &mut |name| {
            if std::str::from_utf8(name).is_ok_and(atomic::is_temporary) {
                let file = path::join(&folder, name);
                let what = format!("a half-written file was left behind: {}", text(&file));
                findings.push(
                    Finding::warning(id::LITTER, what)
                        .why("its writer is gone")
                        .at(&file, None)
                        .ours(),
                );
            }
        });
    }
    around.world.list(&layout.receipts(), &mut |name| {
        let hash = name.split(|byte| *byte == b'.').next().unwrap_or_default();
        let hash = std::str::from_utf8(hash).unwrap_or_default();
        if layout::is_hash(hash.as_bytes())
            && name.ends_with(b".toml")
            && !around.world.is_folder(&layout.goroot(hash))
            && !lock::is_held(layout, hash)
        {
            let file = path::join(&layout.receipts(), name);
            let what = format!("a receipt has no tree: {}", text(&file));
            let why = "its version was removed by hand, or its installation was cut off";
            findings.push(Finding::warning(id::LITTER, what).why(why).at(&file, None).ours());
        }
    });
    findings
}

/// Other users, who own it or may write to it.
fn others(layout: &Layout) -> Vec<Finding> {
    let mut findings = Vec::new();
    for found in exposed::find(layout) {
        let folder = platform::bytes(&found.path);
        let fix = format!("chmod go-w {}", quote(&folder));
        findings.push(
            Finding::error(id::EXPOSED, found.to_string())
                .why("whoever can write there decides what your `go` is")
                .at(&folder, None)
                .graded(found.is_refused())
                .fix(fix),
        );
    }
    let root = platform::path(layout.root());
    let Ok(ground) = platform::ground(root) else { return findings };
    if !ground.owner.is_us {
        let what = format!("{} belongs to {}", text(layout.root()), ground.owner.name);
        findings.push(
            Finding::note(id::ROOT_OF_ANOTHER, what)
                .why("you can use what is installed there, and change nothing"),
        );
    } else if !ground.is_writable {
        let what = format!("{} cannot be written", text(layout.root()));
        let why = match ground.is_read_only {
            true => {
                "it is on a read-only file system: what is installed works, and nothing can be installed"
            }
            false => "what is installed works, and nothing can be installed",
        };
        findings.push(Finding::note(id::ROOT_READ_ONLY, what).why(why).at(layout.root(), None));
    }
    findings
}

/// The other versions that are installed: whole or not, by their few files.
fn trees(around: &Surroundings<'_>, layout: &Layout, installs: &[Install]) -> Vec<Finding> {
    let looked_at = around.subject.as_ref().and_then(|subject| subject.hash.as_deref());
    let mut findings = Vec::new();
    for install in installs.iter().filter(|install| looked_at != Some(&install.hash)) {
        let goroot = layout.goroot(&install.hash);
        let mut subject = surroundings::subject(
            around.world,
            around.disk,
            goroot,
            Some(install.hash.clone()),
            true,
        );
        // Its receipt knows what it should be.
        subject.version.get_or_insert_with(|| install.receipt.version.clone());
        let is_for_here = Tag::parse(&install.receipt.tag)
            .is_ok_and(|tag| tag.target(around.host) == around.host);
        if is_for_here {
            findings.extend(tree::outline(around, &subject));
        }
    }
    findings
}
