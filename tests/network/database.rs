//! Checksum databases that forge, fork, swap and are silent, or whom somebody on the way speaks for. Each is refused by
//! exit code 5 with a word for what it did; one that only fails, by 4. What an honest one may do is accepted.

use std::fs;

use crate::fault::{ZIP, at};
use crate::log::{EARLIER, LATER, Log, SIZE};
use crate::server::Server;
use crate::stage::env::TestEnv;
use crate::stage::mint::Mint;
use crate::stage::tally;
use crate::wire::{self, Step};

const DATABASE: &str = "/proxy/sumdb/sum.example.com/";
const REFUSED: i32 = 5;
const NETWORK: i32 = 4;

/// What a path below the database's address answers: the log as it is, the path; nothing where it tells the truth.
pub type Lie = fn(&Log, &str) -> Option<Vec<Step>>;

/// One attack.
pub struct Attack {
    /// In a few words.
    pub what: &'static str,
    /// The size of the tree that was seen before; none was, if it is 0.
    pub seen: usize,
    /// gvm's exit code.
    pub code: i32,
    /// A fragment of standard error.
    pub says: &'static str,
    /// What the database answers in place of the truth.
    pub lie: Lie,
}

fn attack(what: &'static str, seen: usize, says: &'static str, lie: Lie) -> Attack {
    Attack { what, seen, code: REFUSED, says, lie }
}

/// An answer to the lookup alone.
fn lookup(path: &str, answer: impl Into<Vec<u8>>) -> Option<Vec<Step>> {
    path.starts_with("lookup/").then(|| wire::ok(&answer.into()))
}

/// An answer to one tile alone.
fn tile(path: &str, wanted: &str, content: impl Into<Vec<u8>>) -> Option<Vec<Step>> {
    (path == wanted).then(|| wire::ok(&content.into()))
}

/// The answer about the later version, with this note.
fn about(log: &Log, note: &str) -> String {
    log.lookup(LATER.1, note)
}

/// What a database says whose record of somebody else's module is another one.
fn forked(log: &Log) -> Log {
    log.with(17, "example.com/m v1.0.17 h1:another\n")
}

const INVALID: &str = "is not valid for the note's text";
const UNSIGNED: &str = "no known key has signed the note";
const MALFORMED: &str = "malformed signed note";
const NO_RECORD: &str = "malformed record of the checksum database";
const FORKED: &str = "the checksum database forked";
const TAMPERED: &str = "tile/8/0/001 of the checksum database has the hash";
const NO_LINE: &str = "the checksum database's record has no hash of";

fn signatures() -> Vec<Attack> {
    vec![
        attack("a forged signature", 0, INVALID, |log, path| {
            let text = log.head(SIZE);
            lookup(path, about(log, &format!("{text}\n{}", log.signature("another text\n"))))
        }),
        attack("a larger size under a true signature", 0, INVALID, |log, path| {
            let note = log.note(SIZE).replacen("\n600\n", "\n601\n", 1);
            lookup(path, about(log, &note))
        }),
        attack("an unknown signer", 0, UNSIGNED, |log, path| {
            let note = log.note(SIZE).replace("— sum.example.com ", "— sum.example.org ");
            lookup(path, about(log, &note))
        }),
        attack("the right name with another key's hash", 0, UNSIGNED, |log, path| {
            let text = log.head(SIZE);
            lookup(path, about(log, &format!("{text}\n{}", log.foreign_signature(&text, false))))
        }),
        attack("the right name and hash with another key", 0, INVALID, |log, path| {
            let text = log.head(SIZE);
            lookup(path, about(log, &format!("{text}\n{}", log.foreign_signature(&text, true))))
        }),
        attack("a false signature before the true one", 0, INVALID, |log, path| {
            let text = log.head(SIZE);
            let two = [log.foreign_signature(&text, true), log.signature(&text)].concat();
            lookup(path, about(log, &format!("{text}\n{two}")))
        }),
        attack("no signature", 0, MALFORMED, |log, path| lookup(path, about(log, &log.head(SIZE)))),
        attack("a signature that is none", 0, MALFORMED, |log, path| {
            lookup(path, about(log, &format!("{}\n— sum.example.com AAA\n", log.head(SIZE))))
        }),
        attack("a hundred and one signatures", 0, "more than 100 signatures", |log, path| {
            let text = log.head(SIZE);
            let many = "— sum.example.org AAAAAAAAAAA=\n".repeat(101);
            lookup(path, about(log, &format!("{text}\n{many}")))
        }),
        attack("control characters in the note", 0, MALFORMED, |log, path| {
            lookup(path, about(log, &log.note(SIZE).replace("tree", "tree\x1b[2J")))
        }),
        attack("lines that end in CR LF", 0, NO_RECORD, |log, path| {
            lookup(path, about(log, &log.note(SIZE)).replace('\n', "\r\n"))
        }),
        attack("a note that ends in CR LF", 0, MALFORMED, |log, path| {
            lookup(path, about(log, &log.note(SIZE).replace('\n', "\r\n")))
        }),
        attack("a note that is no text", 0, MALFORMED, |log, path| {
            let note = log.note(SIZE).into_bytes();
            let record = format!("{}\n{}\n", LATER.1, log.record(LATER.1)).into_bytes();
            lookup(path, [record, b"\xff\xfe".to_vec(), note].concat())
        }),
        attack("a note that breaks off", 0, MALFORMED, |log, path| {
            lookup(path, about(log, log.note(SIZE).trim_end()))
        }),
        attack("a giant note", 0, "longer than the 1048576 bytes", |log, path| {
            let text = log.head(SIZE) + &"more\n".repeat(400_000);
            lookup(path, about(log, &log.sign(&text)))
        }),
        attack("a note without end", 0, "longer than the 1048576 bytes", |log, path| {
            let start = [wire::head(200, "", None), about(log, &log.head(SIZE)).into_bytes()];
            let flood = Step::Flood(b"more\n".repeat(10_000));
            path.starts_with("lookup/").then(|| vec![Step::Send(start.concat()), flood])
        }),
        attack(
            "something signed that is no tree",
            0,
            "not that of a checksum database's",
            |log, path| lookup(path, about(log, &log.sign("I owe you 600 records\n"))),
        ),
        attack("a tree of a negative size", 0, "not that of a checksum database's", |log, path| {
            lookup(path, about(log, &log.sign(&log.head(SIZE).replacen("\n600\n", "\n-1\n", 1))))
        }),
        attack("a tree beyond all numbers", 0, "not that of a checksum database's", |log, path| {
            let huge = log.head(SIZE).replacen("\n600\n", "\n9223372036854775808\n", 1);
            lookup(path, about(log, &log.sign(&huge)))
        }),
    ]
}

fn records() -> Vec<Attack> {
    /// The log with another text as the record about the later version: authentic, and wrong.
    fn instead(log: &Log, path: &str, text: &str) -> Option<Vec<Step>> {
        log.with(LATER.1, text).answer(path, SIZE).map(|answer| wire::ok(&answer))
    }
    fn lines(log: &Log) -> (String, String) {
        let (h1, go_mod) = log.record(LATER.1).split_once('\n').unwrap();
        (format!("{h1}\n"), go_mod.to_owned())
    }
    /// What the record says of the later version, with another hash.
    fn planted(log: &Log) -> String {
        let (h1, _) = lines(log);
        let (before, _) = h1.split_once("h1:").unwrap();
        format!("{before}h1:{}=\n", "A".repeat(43))
    }
    vec![
        attack("another hash in the record", 0, "has the hash", |log, path| {
            let (h1, _) = lines(log);
            lookup(path, about(log, &log.note(SIZE)).replace(&h1, &planted(log)))
        }),
        attack("hash lines between record and note", 0, MALFORMED, |log, path| {
            let note = format!("{}\n{}", planted(log), log.note(SIZE));
            lookup(path, about(log, &note).replace(&log.note(SIZE), "— no\n") + "x")
        }),
        attack("hash lines at the head of the note", 0, INVALID, |log, path| {
            let note = format!("{}{}", planted(log), log.note(SIZE));
            lookup(path, log.lookup(LATER.1, &note))
        }),
        attack("hash lines among the signatures", 0, MALFORMED, |log, path| {
            lookup(path, about(log, &(log.note(SIZE) + &planted(log))))
        }),
        attack("a signed note with hash lines, and a record without", 0, NO_LINE, |log, path| {
            let (_, go_mod) = lines(log);
            let log = log.with(LATER.1, go_mod);
            let note = log.sign(&format!(
                "{}{}",
                log.head(SIZE),
                planted(&log.with(LATER.1, planted_lines()))
            ));
            if path.starts_with("lookup/") {
                return lookup(path, log.lookup(LATER.1, &note));
            }
            log.answer(path, SIZE).map(|answer| wire::ok(&answer))
        }),
        attack("only the line of go.mod", 0, NO_LINE, |log, path| {
            instead(log, path, &lines(log).1)
        }),
        attack("no line of go.mod", 0, NO_LINE, |log, path| instead(log, path, &lines(log).0)),
        attack("no line of the module", 0, NO_LINE, |log, path| {
            instead(log, path, "example.com/m v1.0.0 h1:x\n")
        }),
        attack("two lines that contradict each other", 0, "no single usable hash", |log, path| {
            let (h1, go_mod) = lines(log);
            instead(log, path, &format!("{h1}{}{go_mod}", planted(log)))
        }),
        attack("a hash of the wrong length", 0, "no single usable hash", |log, path| {
            let (h1, go_mod) = lines(log);
            instead(log, path, &format!("{}h1:AAAA\n{go_mod}", h1.split_once("h1:").unwrap().0))
        }),
        attack("the record of another version", 0, NO_LINE, |log, path| {
            lookup(path, log.lookup(EARLIER.1, &log.note(SIZE)))
        }),
        attack("the record of another module", 0, NO_LINE, |log, path| {
            lookup(path, log.lookup(5, &log.note(SIZE)))
        }),
        attack("the number of another record", 0, "and the one received", |log, path| {
            lookup(path, about(log, &log.note(SIZE)).replacen("300\n", "301\n", 1))
        }),
        attack(
            "a number beyond the tree",
            0,
            "is not in the checksum database's tree",
            |log, path| lookup(path, about(log, &log.note(SIZE)).replacen("300\n", "600\n", 1)),
        ),
        attack(
            "the largest number there is",
            0,
            "is not in the checksum database's tree",
            |log, path| {
                lookup(
                    path,
                    about(log, &log.note(SIZE)).replacen("300\n", "18446744073709551615\n", 1),
                )
            },
        ),
        attack("a number that is none", 0, NO_RECORD, |log, path| {
            lookup(path, about(log, &log.note(SIZE)).replacen("300\n", "-300\n", 1))
        }),
        attack("a number with a leading zero", 0, NO_RECORD, |log, path| {
            lookup(path, about(log, &log.note(SIZE)).replacen("300\n", "0300\n", 1))
        }),
        attack(
            "a stale head that does not hold the record",
            0,
            "is not in the checksum database's tree",
            |log, path| lookup(path, about(log, &log.note(200))),
        ),
        attack("an empty tree", 0, "is not in the checksum database's tree", |log, path| {
            lookup(path, about(log, &log.note(0)))
        }),
        attack("a record that writes to the terminal", 0, NO_RECORD, |log, path| {
            lookup(path, about(log, &log.note(SIZE)).replacen("golang.org", "\x1b]0;golang.org", 1))
        }),
        attack("a portal's page", 0, NO_RECORD, |_, path| {
            lookup(path, "<!DOCTYPE html>\n<p>log in")
        }),
        attack("nothing at all", 0, NO_RECORD, |_, path| lookup(path, "")),
        attack("it knows nothing of the version", 0, "does not know v0.0.1-go1.22.4", |_, path| {
            path.starts_with("lookup/").then(|| wire::status(404, "", b"not found"))
        }),
        attack(
            "it knows nothing of the version any more",
            0,
            "does not know v0.0.1-go1.22.4",
            |_, path| path.starts_with("lookup/").then(|| wire::status(410, "", b"gone")),
        ),
    ]
}

/// Both lines of a record whose hashes are made up.
fn planted_lines() -> String {
    let line = |end: &str| {
        let version = format!("v0.0.1-go{}.linux-amd64", LATER.0);
        format!("golang.org/toolchain {version}{end} h1:{}=\n", "A".repeat(43))
    };
    line("") + &line("/go.mod")
}

fn trees() -> Vec<Attack> {
    /// Everything by the forked log.
    const FORK: Lie = |log, path| forked(log).answer(path, SIZE).map(|it| wire::ok(&it));
    vec![
        attack("a fork, told consistently", 400, FORKED, FORK),
        attack("a fork of the same size", SIZE, FORKED, FORK),
        attack("a fork of the same size, with true tiles", SIZE, FORKED, |log, path| {
            lookup(path, about(log, &forked(log).note(SIZE)))
        }),
        attack("a smaller tree that is none of ours", SIZE, FORKED, |log, path| {
            lookup(path, about(log, &forked(log).note(400)))
        }),
        attack(
            "a smaller tree of a fork, with the fork's tiles",
            SIZE,
            "not the signed",
            |log, path| {
                forked(log).answer(path, SIZE).map(|answer| match path.starts_with("lookup/") {
                    true => wire::ok(about(log, &forked(log).note(400)).as_bytes()),
                    false => wire::ok(&answer),
                })
            },
        ),
        attack("a head of a fork, with true tiles", 400, "not the signed", |log, path| {
            lookup(path, about(log, &forked(log).note(SIZE)))
        }),
        attack("a fork in what was never seen", 0, "not the signed", |log, path| {
            lookup(path, about(log, &forked(log).note(SIZE)))
        }),
        attack("one bit of a tile", 400, TAMPERED, |log, path| {
            let mut content = log.answer("tile/8/0/001", SIZE).unwrap();
            content[8000] ^= 1;
            tile(path, "tile/8/0/001", content)
        }),
        attack("one bit of the tile that holds the record", 0, TAMPERED, |log, path| {
            let mut content = log.answer("tile/8/0/001", SIZE).unwrap();
            content[(LATER.1 - 256) * 32] ^= 1;
            tile(path, "tile/8/0/001", content)
        }),
        attack("a forged record with a tile to match", 0, TAMPERED, |log, path| {
            let log = log.with(LATER.1, planted_lines());
            let note = log.sign(&log.head(SIZE));
            match path.starts_with("lookup/") {
                true => None.or_else(|| lookup(path, log.lookup(LATER.1, &true_note(&log, note)))),
                false => tile(path, "tile/8/0/001", log.answer("tile/8/0/001", SIZE).unwrap()),
            }
        }),
        attack("a tile in the place of another", 0, TAMPERED, |log, path| {
            tile(path, "tile/8/0/001", log.answer("tile/8/0/000", SIZE).unwrap())
        }),
        attack("the tile of another log", 0, TAMPERED, |log, path| {
            let other = log.with(LATER.1 + 1, "example.com/other v1.0.0 h1:x\n");
            tile(path, "tile/8/0/001", other.answer("tile/8/0/001", SIZE).unwrap())
        }),
        attack("a partly filled tile of another log", 0, "not the signed", |log, path| {
            let other = log.with(SIZE - 1, "example.com/other v1.0.0 h1:x\n");
            tile(path, "tile/8/0/002.p/88", other.answer("tile/8/0/002.p/88", SIZE).unwrap())
        }),
        attack(
            "a partly filled tile that is shorter",
            0,
            "has 2784 bytes, not 2816",
            |log, path| {
                tile(path, "tile/8/0/002.p/88", log.answer("tile/8/0/002.p/87", SIZE).unwrap())
            },
        ),
        attack("a partly filled tile of another width", 0, "bytes, not 64", |log, path| {
            tile(path, "tile/8/1/000.p/2", log.answer("tile/8/1/000.p/1", SIZE).unwrap())
        }),
        attack("an empty tile", 0, "has 0 bytes, not 8192", |_, path| {
            tile(path, "tile/8/0/001", "")
        }),
        attack("a tile with a byte too many", 0, "has 8193 bytes, not 8192", |log, path| {
            let content = log.answer("tile/8/0/001", SIZE).unwrap();
            tile(path, "tile/8/0/001", [content, vec![0]].concat())
        }),
        attack("a tile of two megabytes", 0, "longer than the 1048576 bytes", |_, path| {
            tile(path, "tile/8/0/001", vec![0; 2 << 20])
        }),
        attack("a page in place of a tile", 0, "bytes, not 8192", |_, path| {
            tile(path, "tile/8/0/001", "<!DOCTYPE html>")
        }),
    ]
}

/// The note that the honest log signs, for an answer whose record is forged.
fn true_note(forged: &Log, _: String) -> String {
    let mint = Mint::new(&[EARLIER.0, LATER.0]);
    forged.with(LATER.1, Log::of(&mint).record(LATER.1)).note(SIZE)
}

/// Whoever fails without lying: nothing is proved, and nobody is accused.
fn failures() -> Vec<Attack> {
    let fails = |what, says, lie| Attack { what, seen: 0, code: NETWORK, says, lie };
    vec![
        fails("the database is broken", "answered 500", |_, path| {
            path.starts_with("lookup/").then(|| wire::status(500, "", b""))
        }),
        fails("the database is forbidden", "answered 403", |_, path| {
            path.starts_with("lookup/").then(|| wire::status(403, "", b""))
        }),
        fails("the database is gone", "broke off", |_, path| {
            path.starts_with("lookup/").then(Vec::new)
        }),
        fails("nobody knows whether the proxy passes questions on", "answered 500", |_, path| {
            (path == "supported").then(|| wire::status(500, "", b""))
        }),
        fails("a tile is missing", "answered 404", |_, path| {
            (path == "tile/8/0/001").then(|| wire::status(404, "", b""))
        }),
        fails("a tile is not given", "answered 503", |_, path| {
            path.starts_with("tile/").then(|| wire::status(503, "", b""))
        }),
        fails("a signed tree larger than its tiles", "answered 404", |log, path| {
            let huge = log.head(SIZE).replacen("\n600\n", "\n4611686018427387903\n", 1);
            lookup(path, about(log, &log.sign(&huge)))
        }),
    ]
}

/// What an honest database may do, however odd it looks.
fn honest() -> Vec<Attack> {
    let fine = |what, seen, lie| Attack { what, seen, code: 0, says: "", lie };
    vec![
        fine("it has grown", 400, |_, _| None),
        fine("an older answer that lies on our timeline", SIZE, |log, path| {
            lookup(path, about(log, &log.note(400)))
        }),
        fine("it has outgrown its partly filled tiles", 0, |log, path| match path {
            _ if path.starts_with("lookup/") => lookup(path, about(log, &log.note(310))),
            _ if path.contains(".p/") && !path.starts_with("tile/8/1") => {
                Some(wire::status(404, "", b""))
            }
            _ => None,
        }),
        fine("somebody else has signed as well", 0, |log, path| {
            let text = log.head(SIZE);
            let two = [log.foreign_signature(&text, false), log.signature(&text)].concat();
            lookup(path, about(log, &format!("{text}\n{two}")))
        }),
        // The go command drops what says the same name and key again, without a look at it.
        fine("a false signature after the true one", 0, |log, path| {
            let text = log.head(SIZE);
            let two = [log.signature(&text), log.foreign_signature(&text, true)].concat();
            lookup(path, about(log, &format!("{text}\n{two}")))
        }),
        fine("more lines in the signed head", 0, |log, path| {
            lookup(path, about(log, &log.sign(&(log.head(SIZE) + "of tomorrow\n"))))
        }),
        fine("hashes of another kind", 0, |log, path| {
            let more = log.record(LATER.1).replacen("h1:", "h2:", 1);
            let more = more.split_inclusive('\n').next().unwrap();
            let text = format!("{more}{}", log.record(LATER.1));
            log.with(LATER.1, text).answer(path, SIZE).map(|answer| wire::ok(&answer))
        }),
    ]
}

/// All of it: attacks, failures, and what is only odd.
pub fn all() -> Vec<Attack> {
    let all = [signatures(), records(), trees(), failures(), honest()];
    all.into_iter().flatten().collect()
}

/// A server whose database is this log, with so many records.
pub fn server(log: &Log, size: usize) -> Server {
    let server = Server::mint(Mint::new(&[EARLIER.0, LATER.0]));
    truth(&server, log, size);
    server
}

fn truth(server: &Server, log: &Log, size: usize) {
    let log = log.clone();
    server.lie_below(DATABASE, move |path, _| match log.answer(path, size) {
        Some(answer) => wire::ok(&answer),
        None => wire::status(404, "", b"not found"),
    });
}

/// Makes the server's database lie: from now on it has all records, and answers by this.
pub fn lie(server: &Server, log: &Log, lie: Lie) {
    let log = log.clone();
    server.lie_below(DATABASE, move |path, _| match lie(&log, path) {
        Some(steps) => steps,
        None => match log.answer(path, SIZE) {
            Some(answer) => wire::ok(&answer),
            None => wire::status(404, "", b"not found"),
        },
    });
}

/// An environment that asks this server and trusts this log.
pub fn env(log: &Log, server: &Server) -> TestEnv {
    at(server, ZIP).set("GVM_TEST_PATIENCE", "pause=0").set("GOSUMDB", log.gosumdb())
}

/// The newest head that was kept.
fn head(env: &TestEnv) -> Option<String> {
    fs::read_to_string(env.root().join("sumdb/sum.example.com/latest")).ok()
}

fn play(attacks: &[Attack]) {
    let log = Log::of(&Mint::new(&[EARLIER.0, LATER.0]));
    for Attack { what, seen, code, says, lie } in attacks {
        let server = server(&log, *seen);
        let env = env(&log, &server);
        if *seen > 0 {
            let _ = env.gvm("install 1.21.13").run().code_of(what, 0);
        }
        let (before, there) = (head(&env), env.published());
        self::lie(&server, &log, *lie);
        let outcome = env.gvm("install 1.22.4").run().code_of(what, *code);
        assert!(outcome.stderr.contains(says), "{what}: {outcome}");
        assert!(!outcome.stderr.contains('\x1b'), "{what}: {outcome}");
        assert_eq!(env.names("staging"), [""; 0], "{what}");
        if *code == 0 {
            let _ = env.gvm("verify").run().code_of(what, 0);
            continue;
        }
        assert_eq!(env.published(), there, "{what}: published");
        assert_eq!(head(&env), before, "{what}: the newest head that was seen");
        truth(&server, &log, SIZE);
        let _ = env.gvm("install 1.22.4").run().code_of(&format!("after {what}"), 0);
        assert_eq!(head(&env), Some(log.note(SIZE)), "{what}");
    }
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
    truth(&server, &log, 400);
    let tiles = log.clone();
    server.lie_below(DATABASE, move |path, _| {
        let size = if path.starts_with("tile/") { SIZE } else { 400 };
        tiles.answer(path, size).map_or_else(|| wire::status(404, "", b""), |it| wire::ok(&it))
    });
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

/// A lie is told of even where the archive could not be had either: another source must not cover it up.
#[test]
fn a_lie_is_not_covered_up_by_a_failed_download() {
    let log = Log::of(&Mint::new(&[EARLIER.0, LATER.0]));
    let server = server(&log, 400);
    server.lie(ZIP, |_, _| wire::status(404, "", b""));
    truth(&server, &log.with(LATER.1, "x\n"), SIZE);
    let env = env(&log, &server);
    let env = env.set("GVM_SOURCES", "goproxy,godev");
    let _ = env.gvm("install 1.22.4").run().code(5).says(NO_LINE);
    assert_eq!(env.published(), [""; 0]);
}
