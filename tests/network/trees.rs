//! Attacks on the tree: forks of what was seen, and tiles that are not those of the signed head. And what is none:
//! databases that fail, and what an honest one may do.

use crate::attack::{Attack, Lie, about, attack, lookup, planted_lines, tile};
use crate::log::{LATER, Log, SIZE};
use crate::wire;

const NETWORK: i32 = 4;
const FORKED: &str = "the checksum database forked";
const TAMPERED: &str = "tile/8/0/001 of the checksum database has the hash";

/// What a database says whose record of somebody else's module is another one.
pub fn forked(log: &Log) -> Log {
    log.with(17, "example.com/m v1.0.17 h1:another\n")
}

/// Trees of another past, and tiles of another tree.
pub fn trees() -> Vec<Attack> {
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
            let forged = log.with(LATER.1, planted_lines());
            match path.starts_with("lookup/") {
                true => lookup(path, forged.lookup(LATER.1, &log.note(SIZE))),
                false => tile(path, "tile/8/0/001", forged.answer("tile/8/0/001", SIZE).unwrap()),
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

/// Whoever fails without lying: nothing is proved, and nobody is accused.
pub fn failures() -> Vec<Attack> {
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
pub fn honest() -> Vec<Attack> {
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
