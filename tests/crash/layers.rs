//! ROOT in a container: its versions stand in a layer of the image, which can be read and hidden, but not moved. There a
//! version is replaced and removed where it stands, and a kill in between is finished by the next command.

use std::fs;
use std::path::Path;

use crate::points::IN_LAYERS;
use crate::stage::env::TestEnv;
use crate::stage::held::kill_at;
use crate::stage::stock::skip_image;
use crate::stage::tally;
use crate::story::{Mount, NEW, OLD, Played, listing, story};

/// An environment whose ROOT is a layer above that of the story's beginning.
struct Layered {
    // Before the folder in which it stands: that is emptied when it is dropped.
    mount: Mount,
    env: TestEnv,
}

/// None, said aloud, where nothing can be mounted.
fn layered(image: &Path, played: &Played) -> Option<Layered> {
    let env = played.empty();
    let (root, layers) = (env.root(), env.folder().join("tmp/layers"));
    let (upper, work) = (layers.join("upper"), layers.join("work"));
    for folder in [&root, &upper, &work] {
        fs::create_dir_all(folder).unwrap();
    }
    let (lower, upper) = (image.display(), upper.display());
    let options = format!("lowerdir={lower},upperdir={upper},workdir={}", work.display());
    match Mount::new(&["-t", "overlay", "-o", &options, "overlay"], &root) {
        Ok(mount) => Some(Layered { mount, env }),
        Err(why) => {
            skip_image(&format!("no layers can be mounted here: {why}"));
            None
        }
    }
}

#[test]
fn what_stands_in_a_lower_layer_is_replaced_and_removed_where_it_stands() {
    let played = Played::new(story("use of another"));
    let image = played.env();
    let stories = [
        (format!("install --force {NEW}"), true, &[0][..]),
        (format!("install --force {OLD}"), false, &[0]),
        (format!("uninstall {NEW}"), true, &[0, 3]),
        (format!("uninstall --force {OLD}"), false, &[0, 3]),
    ];
    let mut kills = 0;
    for (words, keeps_default, again) in stories {
        let Some(whole) = layered(&image.root(), &played) else { return };
        let _ = whole.env.gvm(&words).ok();
        let _ = whole.env.gvm("verify").ok();
        let end = listing(&whole.env.root());
        for point in IN_LAYERS {
            let Some(Layered { mount, env }) = layered(&image.root(), &played) else { return };
            let at = format!("{words}, killed at {point}");
            kill_at(&env, &words, point);
            if keeps_default {
                assert!(env.go("version").ok().line().contains(OLD), "{at}");
            }
            let _ = env.gvm("list --json").run().code_of(&at, 0);
            let outcome = env.gvm(&words).run();
            assert!(again.iter().any(|code| outcome.ended_with(*code)), "{at}: {outcome}");
            let _ = env.gvm("verify").run().code_of(&at, 0);
            assert_eq!(listing(&env.root()), end, "{at}");
            drop((mount, env));
            kills += 1;
        }
    }
    tally::count("kills in a container's layers", kills);
}

/// Until somebody finishes the removal, the version has its link and its receipt.
#[test]
fn what_was_about_to_be_removed_where_it_stands_is_installed_anew() {
    let played = Played::new(story("use of another"));
    let image = played.env();
    let Some(Layered { mount, env }) = layered(&image.root(), &played) else { return };
    kill_at(&env, &format!("uninstall {NEW}"), "remove.marked");
    let _ = env.gvm("install").arg(NEW).ok();
    assert!(env.goroot(NEW).exists());
    let _ = env.gvm("verify").arg(NEW).ok();
    drop((mount, env));
}
