//! The power is cut: ROOT stands on a file system of its own, in an image file, and what the kernel has not written to
//! that file by then is gone. A copy of the file, mounted elsewhere, is what the machine finds when it starts again.
//!
//! The file system commits on demand only (`commit=600`) and guesses nothing (`noauto_da_alloc`): so only what gvm syncs
//! is sure to be there.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::calls::strace;
use crate::stage::env::TestEnv;
use crate::stage::held::Held;
use crate::stage::stock::skip_image;
use crate::stage::tally;
use crate::story::{Mount, NEW, Played, Story, listing, story};

const OPTIONS: &str = "loop,commit=600,noauto_da_alloc";
const BYTES: u64 = 48 << 20;

/// An environment whose ROOT is this image.
struct Disk {
    // Before the folder in which it stands: that is emptied when it is dropped.
    mount: Mount,
    env: TestEnv,
    image: PathBuf,
}

impl Disk {
    fn mount(played: &Played, image: PathBuf) -> Result<Self, String> {
        let env = played.empty();
        fs::create_dir(env.root()).unwrap();
        let mount = Mount::new(&["-o", OPTIONS, image.to_str().unwrap()], &env.root())?;
        Ok(Self { mount, env, image })
    }

    /// The disk as it would be found if the power were cut now.
    fn cut(&self, into: &Path) -> PathBuf {
        sparse_copy(&self.image, into);
        into.to_owned()
    }
}

fn sparse_copy(from: &Path, to: &Path) {
    let copied = Command::new("cp").arg("--sparse=always").args([from, to]).status();
    assert!(copied.unwrap().success());
}

/// A disk on which the story can begin. None, said aloud, where there are no loop devices.
fn begin(played: &Played, folder: &Path) -> Option<PathBuf> {
    let image = folder.join("begin");
    fs::File::create(&image).unwrap().set_len(BYTES).unwrap();
    let made = Command::new("/usr/sbin/mkfs.ext4").args(["-q", "-F"]).arg(&image).status();
    let why = match made {
        Ok(status) if status.success() => match Disk::mount(played, image.clone()) {
            Ok(disk) => {
                fs::remove_dir(disk.env.root().join("lost+found")).unwrap();
                played.begin_in(&disk.env);
                return Some(image);
            }
            Err(why) => why,
        },
        Ok(status) => format!("mkfs.ext4 ends with {status}"),
        Err(error) => format!("no mkfs.ext4: {error}"),
    };
    skip_image(&format!("no image of a file system can be mounted here: {why}"));
    None
}

/// What must hold when the machine has started again.
fn holds_after(played: &Played, image: PathBuf, story: &Story, at: &str, end: &[String]) {
    let disk = Disk::mount(played, image).unwrap();
    let env = &disk.env;
    let _ = env.gvm("verify").run().code_of(at, 0);
    if !story.answers.is_empty() {
        let _ = env.go("version").run().code_of(at, 0);
        let _ = env.gvm("current").run().code_of(at, 0);
    }
    let again = env.gvm(story.words).run();
    assert!(story.again.iter().any(|code| again.ended_with(*code)), "{at}, again: {again}");
    let _ = env.gvm("verify").run().code_of(at, 0);
    assert_eq!(listing(&env.root()), end, "{at}");
}

fn cut_the_power(name: &str, points: &[&str]) {
    let story = story(name);
    let played = Played::new(story);
    let folder = tempfile::tempdir().unwrap();
    let Some(begin) = begin(&played, folder.path()) else { return };
    let image = |name: &str| folder.path().join(name);
    let undisturbed = image("undisturbed");
    sparse_copy(&begin, &undisturbed);
    let disk = Disk::mount(&played, undisturbed).unwrap();
    let _ = disk.env.gvm(story.words).ok();
    let end = listing(&disk.env.root());
    let at = format!("{name}, the power cut when it was done");
    holds_after(&played, disk.cut(&image("done")), story, &at, &end);
    for point in points {
        sparse_copy(&begin, &image("disk"));
        let disk = Disk::mount(&played, image("disk")).unwrap();
        let held = Held::at(&disk.env, story.words, point);
        let cut = disk.cut(&image("cut"));
        held.kill();
        drop(disk.mount);
        let at = format!("{name}, the power cut at {point}");
        holds_after(&played, cut, story, &at, &end);
    }
    tally::count(&format!("power cuts of {name}"), points.len() + 1);
}

#[test]
fn an_install_meets_a_power_cut() {
    let points = [
        "install.unpacked",
        "install.synced",
        "receipt.files-listed",
        "receipt.written",
        "publish.receipt-written",
        "publish.renamed",
        "publish.synced",
        "publish.staging-removed",
        "publish.linked",
        "derived.listed",
        "link.renamed@2",
        "default.switched",
        "default.words-written",
    ];
    cut_the_power("a second use", &points);
}

#[test]
fn a_replacement_meets_a_power_cut() {
    let points = [
        "install.synced",
        "replace.prepared",
        "replace.exchanged",
        "replace.receipt-moved",
        "replace.receipt-moved@2",
        "publish.renamed",
        "publish.synced",
        "publish.staging-removed",
    ];
    cut_the_power("install --force", &points);
}

#[test]
fn a_removal_meets_a_power_cut() {
    let points =
        ["remove.moved-aside", "remove.unlinked", "remove.forgotten", "uninstall.unlocked"];
    cut_the_power("uninstall", &points);
}

/// Without the one sync before the rename, the name is there after the cut, and its bytes are not: these tests would
/// notice.
#[test]
fn a_gvm_that_does_not_sync_is_found_out() {
    let story = story("a second install");
    let played = Played::new(story);
    let folder = tempfile::tempdir().unwrap();
    let Some(begin) = begin(&played, folder.path()) else { return };
    let disk = Disk::mount(&played, begin).unwrap();
    let options = ["-e", "trace=syncfs", "-e", "inject=syncfs:retval=0", "-o", "/dev/null"];
    let options = options.map(str::to_owned);
    let _ = strace(disk.env.gvm(story.words), &options).ok();
    let cut = disk.cut(&folder.path().join("cut"));
    let found = Disk::mount(&played, cut).unwrap();
    let verified = found.env.gvm("verify").arg(NEW).run().code(5);
    assert!(verified.stdout.contains("changed"), "{verified}");
}
