//! [`Fault`]: what a path answers in place of the truth, and what must come of it: the exit code, what is said, what
//! stays in the cache of archives, and how often the path is asked for.

use std::time::{Duration, Instant};

use crate::server::{Request, Server};
use crate::stage::env::TestEnv;
use crate::stage::mint::Mint;
use crate::stage::tally;
use crate::wire::{self, Step};
use crate::{bodies, heads, lists, redirects, refusals, tls, tunnels};

/// The version that all these stories are about.
pub const VERSION: &str = "1.22.4";
/// Its archive at a module proxy: of no size or digest known beforehand, but with an entity tag.
pub const ZIP: &str = "/proxy/golang.org/toolchain/@v/v0.0.1-go1.22.4.linux-amd64.zip";
/// Its archive at the download site, whose index tells size and digest.
pub const TAR: &str = "/dl/go1.22.4.linux-amd64.tar.gz";
/// The download site's index.
pub const INDEX: &str = "/dl/";

/// No fault keeps gvm for longer, whatever it is; with the short time-outs of [`HASTE`] much less is enough.
const BOUND: Duration = Duration::from_secs(20);

/// Waits between tries are not waited for.
pub const NO_PAUSE: &str = "pause=0";
/// Nor is a silent server waited for.
pub const HASTE: &str = "pause=0,connect=500,stall=700,trickle=100";

/// One answer, by the request and the honest body.
pub type Lie = fn(&Request, &[u8]) -> Vec<Step>;

/// What stands in the cache of archives afterwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// Nothing.
    Nothing,
    /// What came, with what it belongs to: the next run goes on from there.
    Part,
    /// The whole archive.
    Whole,
}

/// One way in which the network lies.
pub struct Fault {
    /// What is wrong, in a few words.
    pub what: &'static str,
    /// The path that lies.
    pub at: &'static str,
    /// Its answers, one a request; the last one again and again.
    pub lies: Vec<Lie>,
    /// The exit code.
    pub code: i32,
    /// A fragment of standard error.
    pub says: &'static str,
    /// What is kept.
    pub kept: Kept,
    /// Requests for the path.
    pub asked: usize,
}

impl Fault {
    /// It is survived: the version is installed.
    pub fn survived(what: &'static str, at: &'static str, asked: usize, lies: &[Lie]) -> Self {
        let (lies, kept) = (lies.to_vec(), Kept::Whole);
        Self { what, at, lies, code: 0, says: "", kept, asked }
    }

    /// It is refused with this code and these words.
    pub fn refused(
        what: &'static str,
        at: &'static str,
        asked: usize,
        (code, says): (i32, &'static str),
        lies: &[Lie],
    ) -> Self {
        Self { what, at, lies: lies.to_vec(), code, says, kept: Kept::Nothing, asked }
    }

    /// What came stays, to be resumed.
    pub fn keeping_the_part(self) -> Self {
        Self { kept: Kept::Part, ..self }
    }

    /// Plays it out, with the client's patience as ordered.
    pub fn play(&self, patience: &str) {
        let server = Server::mint(Mint::new(&[VERSION]));
        let lies = self.lies.clone();
        server.lie(self.at, move |request, body| {
            lies[request.nth.min(lies.len() - 1)](request, body)
        });
        let env = at(&server, self.at).set("GVM_TEST_PATIENCE", patience);
        let begun = Instant::now();
        let outcome = env.gvm("install 1.22.4").run().code_of(self.what, self.code);
        assert!(begun.elapsed() < BOUND, "{}: it took {:?}", self.what, begun.elapsed());
        assert!(outcome.stderr.contains(self.says), "{}: {outcome}", self.what);
        assert_eq!(server.asked(self.at).len(), self.asked, "{}: {outcome}", self.what);
        assert_eq!(env.published().len(), usize::from(self.code == 0), "{}", self.what);
        assert_eq!(env.names("staging"), [""; 0], "{}", self.what);
        assert_eq!(kept(&env), self.kept, "{}: {:?}", self.what, env.names("cache/archives"));
        self.then_the_truth(&server, &env);
    }

    /// Whatever is left of a lie does not stand in the way of the truth.
    fn then_the_truth(&self, server: &Server, env: &TestEnv) {
        if self.code != 0 {
            server.lie(self.at, wire::ranged);
            let _ = env.gvm("install 1.22.4").run().code_of(self.what, 0);
        }
        let _ = env.gvm("verify 1.22.4").run().code_of(self.what, 0);
    }
}

/// An environment whose network is this server, where this path is asked for.
pub fn at(server: &Server, path: &str) -> TestEnv {
    let source = if path.starts_with("/dl") { "godev" } else { "goproxy" };
    TestEnv::new()
        .set("GOPROXY", server.url("/proxy"))
        .set("GVM_GODEV", server.url("/dl"))
        .set("GOSUMDB", Mint::gosumdb())
        .set("GVM_SOURCES", source)
}

/// What stands in the cache of archives, which has one archive at most.
pub fn kept(env: &TestEnv) -> Kept {
    let names = env.names("cache/archives");
    let ends: Vec<&str> = names.iter().map(|name| name.rsplit('.').next().unwrap()).collect();
    match ends[..] {
        [] => Kept::Nothing,
        ["part", "toml"] => Kept::Part,
        ["zip" | "gz"] => Kept::Whole,
        _ => panic!("litter: {names:?}"),
    }
}

#[test]
fn the_faults_are_counted() {
    let played = [bodies::faults(), refusals::faults(), heads::faults(), lists::faults()];
    let played: usize = played.iter().map(Vec::len).sum();
    let faults = played + redirects::faults().len() + tls::FAULTS + tunnels::FAULTS;
    tally::count("faults of servers, proxies, certificates and names", faults);
}
