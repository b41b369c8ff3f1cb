//! [`Attack`]: what a checksum database answers in place of the truth, and what must come of it; how it is played out.

use std::fs;

use crate::fault::{NO_PAUSE, ZIP, at};
use crate::log::{EARLIER, LATER, Log, SIZE};
use crate::server::Server;
use crate::stage::env::TestEnv;
use crate::stage::mint::{Mint, here};
use crate::wire::{self, Step};

const DATABASE: &str = "/proxy/sumdb/sum.example.com/";
const REFUSED: i32 = 5;

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

/// An attack that is refused.
pub fn attack(what: &'static str, seen: usize, says: &'static str, lie: Lie) -> Attack {
    Attack { what, seen, code: REFUSED, says, lie }
}

/// An answer to the lookup alone.
pub fn lookup(path: &str, answer: impl Into<Vec<u8>>) -> Option<Vec<Step>> {
    path.starts_with("lookup/").then(|| wire::ok(&answer.into()))
}

/// An answer to one tile alone.
pub fn tile(path: &str, wanted: &str, content: impl Into<Vec<u8>>) -> Option<Vec<Step>> {
    (path == wanted).then(|| wire::ok(&content.into()))
}

/// The answer about the later version, with this note.
pub fn about(log: &Log, note: &str) -> String {
    log.lookup(LATER.1, note)
}

/// Both lines of a record whose hashes are made up.
pub fn planted_lines() -> String {
    let line = |end: &str| {
        let version = here(&format!("v0.0.1-go{}.linux-amd64", LATER.0));
        format!("golang.org/toolchain {version}{end} h1:{}=\n", "A".repeat(43))
    };
    line("") + &line("/go.mod")
}

/// A server whose database is this log, with so many records.
pub fn server(log: &Log, size: usize) -> Server {
    let server = Server::mint(Mint::new(&[EARLIER.0, LATER.0]));
    truth(&server, log, size);
    server
}

/// From now on the server's database tells the truth, and has so many records.
pub fn truth(server: &Server, log: &Log, size: usize) {
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
    at(server, ZIP).set("GVM_TEST_PATIENCE", NO_PAUSE).set("GOSUMDB", log.gosumdb())
}

/// The newest head that was kept.
pub fn head(env: &TestEnv) -> Option<String> {
    fs::read_to_string(env.root().join("sumdb/sum.example.com/latest")).ok()
}

/// Plays them out: nothing is published that is not proved, the head that was seen stays, and the truth is believed
/// after.
pub fn play(attacks: &[Attack]) {
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
