//! A disk that is full: what was there runs on, what cannot be done is said, and with more room all is well.

use std::fs;

use crate::ground::{Ground, NEW, OLD, OTHER, assert_no_litter, assert_sound};
use crate::small::Small;
use crate::stage::env::Outcome;
use crate::stage::tally::count;

/// The system's words, which Windows has in each language: there it is their number.
const FULL: &str = if cfg!(windows) { "(os error 112)" } else { "No space left on device" };

/// Whether a command was refused, with words that say where and what to do.
#[track_caller]
fn is_refused(told: Outcome, row: &str, disk: &Small) -> bool {
    if told.ended_with(0) {
        return false;
    }
    let told = told.code_of(row, 1).says(FULL);
    let _ = told.says("hint: make room").says(disk.folder().to_str().unwrap());
    true
}

/// With the room that there is, and some kilobytes more each time, until there is enough.
#[test]
fn however_little_room_there_is_the_old_version_runs_and_more_room_mends_it() {
    let ground = Ground::new();
    let Some(disk) = Small::new() else { return };
    let stories: [(&[&str], Option<&str>); 4] = [
        (&["install", NEW], None),
        (&["use", OTHER], None),
        (&["uninstall", OTHER], Some(OTHER)),
        (&["use", NEW], None),
    ];
    let (mut tried, mut refused) = (0, 0);
    for (words, removes) in stories {
        for room in [0, 4, 8, 12, 16, 24, 32, 40, 48, 56, 64, 80, 96, 128, 256] {
            let env = ground.bare_below(disk.folder());
            ground.copy_to(&env.root());
            disk.leave(room);
            let row = format!("{room} kB for {words:?}");
            let told = env.gvm("").with(|call| _ = call.args(words)).run();
            assert_sound(&env, &row, removes, &told);
            refused += usize::from(is_refused(told, &row, &disk));
            disk.clear();
            let again = env.gvm("").with(|call| _ = call.args(words)).run();
            assert!(matches!(again.code_or_signal(), Some(0 | 3)), "{row}: {again}");
            let _ = env.gvm("use").arg(OLD).ok();
            assert_no_litter(&env, &row);
            tried += 1;
        }
    }
    assert!(refused >= 10, "{refused}");
    count("commands on a disk with little room", tried);
}

/// At whichever step of a first installation it is full, nothing half-made stays.
#[test]
fn a_first_installation_that_finds_no_room_leaves_nothing_half_made() {
    let ground = Ground::with(&[NEW]);
    let Some(disk) = Small::new() else { return };
    let mut refusals = Vec::new();
    for room in std::iter::successors(Some(0), |room| Some(room + 4 + room / 8)) {
        let env = ground.bare_below(disk.folder());
        disk.leave(room);
        let row = format!("{room} kB");
        let told = env.gvm("install").arg(NEW).run();
        assert_eq!(env.names("staging"), [""; 0], "{row}: {told}");
        // What is published whole stays, also where there is no room for the shims any more.
        refusals.push(is_refused(told, &row, &disk));
        if refusals.last() == Some(&false) {
            break;
        }
    }
    assert!(refusals.len() > 3, "{refusals:?}");
}

#[test]
fn a_project_without_room_keeps_its_pin() {
    let ground = Ground::new();
    let env = ground.copy();
    let Some(disk) = Small::new() else { return };
    let project = disk.folder().join("project");
    let _ = fs::remove_dir_all(&project);
    fs::create_dir(&project).unwrap();
    fs::write(project.join(".go-version"), "1.21.13\n").unwrap();
    disk.leave(0);
    let told = env.gvm("pin").arg(OTHER).within(&project).run();
    assert!(is_refused(told, "pin", &disk));
    assert_eq!(fs::read(project.join(".go-version")).unwrap(), b"1.21.13\n");
    assert_eq!(fs::read_dir(&project).unwrap().count(), 1);
    disk.clear();
    let _ = env.gvm("pin").arg(OTHER).within(&project).ok();
    assert_eq!(fs::read(project.join(".go-version")).unwrap(), b"1.20.14\n");
    fs::remove_dir_all(&project).unwrap();
}
