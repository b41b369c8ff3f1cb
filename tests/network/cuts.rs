//! Downloads that are cut: by the server at any byte, by a kill in the middle, by somebody who changes what is there.

use std::fs;
#[cfg(unix)]
use std::io::{BufRead, BufReader, Read};

use sha2::{Digest, Sha256};

use crate::fault::{Kept, NO_PAUSE, TAR, VERSION, ZIP, at, kept};
use crate::server::Server;
use crate::stage::env::TestEnv;
#[cfg(unix)]
use crate::stage::env::{Outcome, finish};
use crate::stage::held::Held;
use crate::stage::mint::Mint;
use crate::stage::tally;
use crate::wire::{self, Step, TAG};

/// Cuts of each archive.
const CUTS: usize = 10;

/// Places in a body, the same in each run, none of them its ends.
fn places(seed: &str, length: usize) -> Vec<usize> {
    let place = |n: usize| {
        let digest = Sha256::digest(format!("{seed} {n}"));
        let roll = u32::from_be_bytes([digest[0], digest[1], digest[2], digest[3]]) as usize;
        1 + roll % (length - 1)
    };
    (0..CUTS).map(place).collect()
}

/// With an entity tag and no digest, and with a digest and no entity tag: both are resumed at the very byte.
#[test]
fn a_download_cut_at_any_byte_is_resumed() {
    let mut cuts = 0;
    for (path, headers) in [(ZIP, TAG), (TAR, "")] {
        let server = Server::mint(Mint::new(&[VERSION]));
        for place in places(path, server.honest(path).len()) {
            let before = server.asked(path).len();
            server.lie(path, move |request, body| match request.from() {
                None => wire::cut(headers, body, place),
                Some(from) => wire::part(from, body.len() - 1, body.len(), headers, &body[from..]),
            });
            let env = at(&server, path).set("GVM_TEST_PATIENCE", NO_PAUSE);
            let _ = env.gvm("install 1.22.4").run().code_of(&format!("{path} at {place}"), 0);
            let _ = env.gvm("verify 1.22.4").ok();
            assert_eq!(server.ranges(path)[before..], [None, Some(place)], "{path}");
            cuts += 1;
        }
    }
    tally::count("cuts of a download, resumed in the same run", cuts);
}

/// Cut at ten places one after the other, in as many runs as it takes.
#[test]
fn a_download_cut_again_and_again_is_whole_in_the_end() {
    for (path, headers) in [(ZIP, TAG), (TAR, "")] {
        let server = Server::mint(Mint::new(&[VERSION]));
        let mut places = places(path, server.honest(path).len());
        places.sort_unstable();
        places.dedup();
        let (ends, cut) = (places.clone(), places.len());
        server.lie(path, move |request, body| {
            let end = ends.get(request.nth).copied().unwrap_or(body.len());
            let from = request.from().unwrap_or(0);
            let range = format!(
                "Content-Range: bytes {from}-{}/{}\r\n{headers}",
                body.len() - 1,
                body.len()
            );
            let code = if from == 0 { 200 } else { 206 };
            let head = wire::head(code, &range, Some(body.len() - from));
            vec![Step::Send([head.as_slice(), &body[from..end]].concat())]
        });
        let env = at(&server, path).set("GVM_TEST_PATIENCE", NO_PAUSE);
        while server.asked(path).len() <= cut {
            let outcome = env.gvm("install 1.22.4").run();
            let code = if server.asked(path).len() <= cut { 4 } else { 0 };
            let _ = outcome.code_of(path, code);
        }
        let asked = server.ranges(path);
        let expected: Vec<_> = std::iter::once(None).chain(places.into_iter().map(Some)).collect();
        assert_eq!(asked, expected, "{path}");
        let _ = env.gvm("verify 1.22.4").ok();
    }
}

/// A server that sends a part of the archive and then holds the line, the first time.
fn holding(path: &'static str, headers: &'static str) -> (Server, usize) {
    let server = Server::mint(Mint::new(&[VERSION]));
    // No more than comes in one piece.
    let sent = (server.honest(path).len() / 3).min(2000);
    server.lie(path, move |request, body| match (request.nth, request.from()) {
        (0, _) => {
            let mut steps = wire::cut(headers, body, sent);
            steps.push(Step::Stall);
            steps
        }
        (_, None) => wire::status(200, headers, body),
        (_, Some(from)) => wire::part(from, body.len() - 1, body.len(), headers, &body[from..]),
    });
    (server, sent)
}

/// Starts an installation and kills it when the first part of the archive is on disk.
fn killed_in_the_middle(env: &TestEnv, sent: usize) {
    Held::at(env, "install 1.22.4", "fetch.received").kill();
    let part = env.names("cache/archives").into_iter().find(|name| name.ends_with(".part"));
    let part = env.root().join("cache/archives").join(part.unwrap());
    assert_eq!(fs::metadata(part).unwrap().len(), sent as u64);
}

#[test]
fn a_download_that_was_killed_is_resumed() {
    for (path, headers) in [(ZIP, TAG), (TAR, "")] {
        let (server, sent) = holding(path, headers);
        let env = at(&server, path);
        killed_in_the_middle(&env, sent);
        assert_eq!(kept(&env), Kept::Part, "{path}");
        let _ = env.gvm("install 1.22.4").ok();
        let asked = server.ranges(path);
        assert_eq!(asked, [None, Some(sent)], "{path}");
        let _ = env.gvm("verify 1.22.4").ok();
    }
}

/// Bytes that were changed meanwhile, or that never were the archive's: noticed, and fetched anew, once.
#[test]
fn a_part_that_was_changed_is_noticed_and_fetched_anew() {
    type Change = fn(&mut Vec<u8>);
    let changes: [(&str, Change); 4] = [
        ("a bit", |part| part[20] ^= 1),
        ("all of it", |part| part.fill(b'x')),
        ("more bytes", |part| part.extend(b"more")),
        ("fewer bytes", |part| part.truncate(part.len() - 10)),
    ];
    for (path, headers) in [(ZIP, TAG), (TAR, "")] {
        for (what, change) in changes {
            let (server, sent) = holding(path, headers);
            let env = at(&server, path);
            killed_in_the_middle(&env, sent);
            change_the(&env, ".part", change);
            let outcome = env.gvm("install 1.22.4").run().code_of(what, 0);
            let asked = server.ranges(path);
            match what {
                "fewer bytes" => assert_eq!(asked, [None, Some(sent - 10)], "{outcome}"),
                "more bytes" => assert_eq!(asked, [None, Some(sent + 4), None], "{outcome}"),
                _ => assert_eq!(asked, [None, Some(sent), None], "{path} {what}: {outcome}"),
            }
            let _ = env.gvm("verify 1.22.4").ok();
        }
    }
}

/// A whole archive in the cache that was changed is fetched anew as well, and told of where no digest could tell.
#[test]
fn a_whole_archive_that_was_changed_is_fetched_anew() {
    for path in [ZIP, TAR] {
        let server = Server::mint(Mint::new(&[VERSION]));
        let env = at(&server, path);
        let _ = env.gvm("install 1.22.4").ok();
        change_the(&env, if path == ZIP || cfg!(windows) { ".zip" } else { ".gz" }, |archive| {
            archive[40] ^= 1;
        });
        let outcome = env.gvm("install --force 1.22.4").ok();
        assert_eq!(server.asked(path).len(), 2, "{outcome}");
        assert_eq!(outcome.stderr.contains("is fetched anew"), path == ZIP, "{outcome}");
    }
}

/// What is altered at its source stays altered: it is fetched anew once and then refused.
#[test]
fn an_altered_archive_is_not_fetched_again_and_again() {
    let (server, sent) = holding(ZIP, TAG);
    let env = at(&server, ZIP);
    killed_in_the_middle(&env, sent);
    server.lie(ZIP, |request, body| {
        let mut altered = body.to_vec();
        altered[sent_place(body)] ^= 1;
        wire::ranged(request, &altered)
    });
    let _ = env.gvm("install 1.22.4").run().code(5);
    let asked = server.ranges(ZIP);
    assert_eq!(asked, [None, Some(sent), None]);
    env.assert_nothing_left();
}

fn sent_place(body: &[u8]) -> usize {
    body.len() / 2
}

fn change_the(env: &TestEnv, end: &str, change: impl Fn(&mut Vec<u8>)) {
    let name = env.names("cache/archives").into_iter().find(|name| name.ends_with(end)).unwrap();
    let path = env.root().join("cache/archives").join(name);
    let mut bytes = fs::read(&path).unwrap();
    change(&mut bytes);
    fs::write(path, bytes).unwrap();
}

/// Whoever interrupts a download that stands still is obeyed at once, and can go on from there.
#[cfg(unix)]
#[test]
fn an_interrupted_download_is_resumed() {
    let (server, sent) = holding(ZIP, TAG);
    let env = at(&server, ZIP);
    let mut child = env.gvm("install 1.22.4").start();
    let mut heard = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    while !line.starts_with("Downloading") {
        line.clear();
        assert_ne!(heard.read_line(&mut line).unwrap(), 0, "it ended before its download began");
    }
    let pid = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
    let output = finish(child, "interrupted");
    let _ = Outcome::new(env.folder(), &output).code(130);
    let _ = heard.read_to_string(&mut line);
    let _ = env.gvm("install 1.22.4").ok();
    let asked = server.ranges(ZIP);
    assert!(asked == [None, Some(sent)] || asked == [None, None], "{asked:?}");
}
