//! Attacks on what a checksum database signs, and on the records that it gives.

use crate::attack::{Attack, about, attack, lookup, planted_lines};
use crate::log::{EARLIER, LATER, Log, SIZE};
use crate::wire::{self, Step};

const INVALID: &str = "is not valid for the note's text";
const UNSIGNED: &str = "no known key has signed the note";
const MALFORMED: &str = "malformed signed note";
const NO_RECORD: &str = "malformed record of the checksum database";
/// What is said of a record that is silent about the module.
pub const NO_LINE: &str = "the checksum database's record has no hash of";

/// Notes that the database did not sign, or not like this.
pub fn signatures() -> Vec<Attack> {
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

/// Records that are not in the log, or say something else.
pub fn records() -> Vec<Attack> {
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
        attack("hash lines between record and note", 0, INVALID, |log, path| {
            let note = format!("{}\n{}", planted_lines(), log.note(SIZE));
            lookup(path, about(log, &note))
        }),
        attack("hash lines right after the record", 0, "and the one received", |log, path| {
            let text = log.record(LATER.1).to_owned() + &planted_lines();
            lookup(path, log.with(LATER.1, text).lookup(LATER.1, &log.note(SIZE)))
        }),
        attack("hash lines at the head of the note", 0, INVALID, |log, path| {
            let note = format!("{}{}", planted(log), log.note(SIZE));
            lookup(path, log.lookup(LATER.1, &note))
        }),
        attack("hash lines among the signatures", 0, MALFORMED, |log, path| {
            lookup(path, about(log, &(log.note(SIZE) + &planted(log))))
        }),
        attack("a signed note with hash lines, and a record without", 0, NO_LINE, |log, path| {
            let log = log.with(LATER.1, lines(log).1);
            let note = log.sign(&(log.head(SIZE) + &planted_lines()));
            match path.starts_with("lookup/") {
                true => lookup(path, log.lookup(LATER.1, &note)),
                false => log.answer(path, SIZE).map(|answer| wire::ok(&answer)),
            }
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
