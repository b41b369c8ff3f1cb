//! Checksum databases that forge, fork, swap and are silent, or whom somebody on the way speaks for. Each is refused by
//! exit code 5 with a word for what it did; one that only fails, by 4. What an honest one may do is accepted.

use crate::attack::{Attack, about, env, head, lie, lookup, planted_lines, play, server, truth};
use crate::fault::ZIP;
use crate::log::{EARLIER, LATER, Log, SIZE};
use crate::notes::{NO_LINE, records, signatures};
use crate::stage::mint::{Mint, here};
use crate::stage::tally;
use crate::trees::{failures, forked, honest, trees};
use crate::wire;

/// All of it: attacks, failures, and what is only odd.
pub fn all() -> Vec<Attack> {
    let all = [signatures(), records(), trees(), failures(), honest()];
    all.into_iter().flatten().collect()
}

#[test]
fn a_note_that_the_database_did_not_sign() {
    play(&signatures());
}

#[test]
fn a_record_that_is_not_in_the_log_or_says_something_else() {
    play(&records());
}

#[test]
fn a_tree_of_another_past() {
    play(&trees());
}

#[test]
fn a_database_that_is_out_of_reach_accuses_nobody() {
    play(&failures());
}

#[test]
fn what_an_honest_database_may_do_is_accepted() {
    play(&honest());
}

#[test]
fn the_attacks_are_counted() {
    let attacks = signatures().len() + records().len() + trees().len();
    tally::count("attacks by or on the checksum database, refused by 5", attacks);
    tally::count(
        "databases that fail without lying, or are only odd",
        failures().len() + honest().len(),
    );
}

/// An older answer does not take the newest head back.
#[test]
fn a_stale_head_does_not_replace_a_newer_one() {
    let log = Log::of(&Mint::new(&[EARLIER.0, LATER.0]));
    let server = server(&log, SIZE);
    let env = env(&log, &server);
    let _ = env.gvm("install 1.21.13").ok();
    lie(&server, &log, |log, path| lookup(path, about(log, &log.note(400))));
    let _ = env.gvm("install 1.22.4").ok();
    assert_eq!(head(&env), Some(log.note(SIZE)));
}

/// A fork shows both signed notes: together they convict whoever signed them.
#[test]
fn a_fork_is_shown_with_both_notes() {
    let log = Log::of(&Mint::new(&[EARLIER.0, LATER.0]));
    let server = server(&log, 400);
    let env = env(&log, &server);
    let _ = env.gvm("install 1.21.13").ok();
    truth(&server, &forked(&log), SIZE);
    let outcome = env.gvm("install 1.22.4").run().code(5);
    for note in [log.note(400), forked(&log).note(SIZE)] {
        let lines: Vec<&str> = note.lines().collect();
        assert!(lines.iter().all(|line| outcome.stderr.contains(line)), "{note}\n{outcome}");
    }
}

/// The database is right and the archive is another: nothing is installed, and the archive does not stay.
#[test]
fn an_archive_that_the_database_does_not_know_is_refused() {
    let log = Log::of(&Mint::new(&[EARLIER.0, LATER.0]));
    let server = server(&log.with(LATER.1, planted_lines()), SIZE);
    let env = env(&log, &server);
    let _ = env.gvm("install 1.22.4").run().code(5).says("the checksum database holds h1:AAAA");
    env.assert_nothing_left();
}

/// A lie is told of even where the archive could not be had either, and though it was told once only: another source
/// must not cover it up.
#[test]
fn a_lie_is_not_covered_up_by_a_failed_download() {
    let log = Log::of(&Mint::new(&[EARLIER.0, LATER.0]));
    let server = server(&log, SIZE);
    let path = &here("lookup/golang.org/toolchain@v0.0.1-go1.22.4.linux-amd64");
    let honest = log.answer(path, SIZE).unwrap();
    let lie = log.lookup(5, &log.note(SIZE));
    server.lie(&format!("/proxy/sumdb/sum.example.com/{path}"), move |request, _| {
        wire::ok(if request.nth == 0 { lie.as_bytes() } else { &honest })
    });
    server.lie(ZIP, |_, _| wire::status(404, "", b""));
    let env = env(&log, &server).set("GVM_SOURCES", "goproxy,godev");
    let _ = env.gvm("install 1.22.4").run().code(5).says(NO_LINE);
    assert_eq!(env.published(), [""; 0]);
    let _ = env.gvm("install 1.22.4").ok();
}
