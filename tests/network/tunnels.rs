//! Proxies between gvm and the network, and hosts that cannot be found.

use std::time::Instant;

use crate::fault::{HASTE, VERSION, ZIP, at};
use crate::server::Server;
use crate::stage::mint::Mint;
use crate::wire::{self, Step};

/// So many ways a proxy or a name fails here.
pub const FAULTS: usize = 7;

/// What a CONNECT asks for.
const FAR: &str = "far.example:443";

/// What comes of asking `https://far.example` through a proxy at this address.
fn through(proxy: &str, says: &str) -> String {
    let server = Server::mint(Mint::new(&[VERSION]));
    let env = at(&server, ZIP).set("GVM_TEST_PATIENCE", HASTE).set("HTTPS_PROXY", proxy);
    let begun = Instant::now();
    let outcome = env.gvm("install 1.22.4").var("GOPROXY", "https://far.example/proxy").run();
    let outcome = outcome.code_of(says, 4);
    assert!(begun.elapsed().as_secs() < 20, "{says}: {:?}", begun.elapsed());
    assert!(outcome.stderr.contains(says), "{says}: {outcome}");
    assert!(!outcome.stderr.contains("hunter2"), "{outcome}");
    assert_eq!(env.published(), [""; 0]);
    outcome.stderr
}

#[test]
fn a_proxy_that_refuses_the_way() {
    for (code, says) in
        [(407, "proxy authorization required"), (502, "unsuccessful"), (403, "unsuccessful")]
    {
        let proxy = Server::mint(Mint::new(&[]));
        proxy.lie(FAR, move |_, _| wire::status(code, "", b"no way"));
        through(&proxy.url("").replacen("http://", "http://me:hunter2@", 1), says);
        let asked = proxy.asked(FAR);
        assert!(!asked.is_empty(), "{code}");
        assert!(asked[0].header("proxy-authorization").is_some(), "{code}");
    }
}

#[test]
fn a_proxy_that_leads_to_itself_is_silent_or_is_not_there() {
    let proxy = Server::mint(Mint::new(&[]));
    // The way is open, and behind it stands the proxy again, which does not understand a handshake.
    proxy.lie(FAR, |_, _| {
        vec![Step::Send(b"HTTP/1.1 200 Open\r\n\r\nHTTP/1.1 400 No\r\n\r\n".to_vec())]
    });
    through(&proxy.url(""), "");
    let mute = Server::mint(Mint::new(&[]));
    mute.lie(FAR, |_, _| vec![Step::Stall]);
    through(&mute.url(""), "no connection within 500ms");
    through("http://127.0.0.1:9", "cannot be reached");
}

#[cfg(unix)]
#[test]
fn a_host_that_nobody_knows_is_asked_for_once() {
    let server = Server::mint(Mint::new(&[VERSION]));
    let env = at(&server, ZIP).set("GOPROXY", "https://no-such-host.invalid/proxy");
    let outcome = env.gvm("install 1.22.4").run().code(4);
    let is_known_to_be_none = outcome.stderr.contains("on a host that nobody knows");
    // Where a machine has no name server at all, nobody can tell.
    let is_not_known = outcome.stderr.contains("Temporary failure in name resolution");
    assert!(is_known_to_be_none || is_not_known, "{outcome}");
    assert!(is_not_known || !outcome.stderr.contains("trying again"), "{outcome}");
}

/// NO_PROXY is honoured, or a company's own mirror would be asked for through its way out.
#[test]
fn a_host_that_needs_no_proxy_is_asked_without() {
    let server = Server::mint(Mint::new(&[VERSION]));
    let proxy = Server::mint(Mint::new(&[]));
    let env = at(&server, ZIP).set("HTTP_PROXY", proxy.url("")).set("NO_PROXY", "127.0.0.1");
    let _ = env.gvm("install 1.22.4").ok();
    assert_eq!(proxy.all_asked().len(), 0);
    let outcome = env.gvm("install --force 1.22.4").var("NO_PROXY", "").run();
    let _ = outcome.code(3).says("there is no Go 1.22.4");
    assert!(!proxy.all_asked().is_empty());
}
