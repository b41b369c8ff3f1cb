//! Answers that send gvm elsewhere.

use crate::fault::{Fault, NO_PAUSE, VERSION, ZIP, at};
use crate::server::Server;
use crate::stage::mint::Mint;
use crate::wire::{self, Step};

const NETWORK: i32 = 4;
const NO_VERSION: i32 = 3;

/// Elsewhere on the same server, honestly.
const ELSEWHERE: &str = "/elsewhere.zip";

fn nowhere() -> Vec<Fault> {
    const NO_URL: (i32, &str) = (NETWORK, "redirects to something that is no http or https URL");
    const LOOP: (i32, &str) = (NETWORK, "redirects more than 10 times");
    let refused = |what, asked, expected, lie| Fault::refused(what, ZIP, asked, expected, &[lie]);
    vec![
        refused("to itself", 11, LOOP, |request, _| wire::redirect(&request.path)),
        refused("to an empty place, which is itself", 11, LOOP, |_, _| wire::redirect("")),
        refused("without saying where", 1, (NETWORK, "answered 302"), |_, _| {
            wire::status(302, "", b"")
        }),
        refused("to a file", 1, NO_URL, |_, _| wire::redirect("file:///etc/passwd")),
        refused("to another protocol", 1, NO_URL, |_, _| wire::redirect("ftp://127.0.0.1/x.zip")),
        refused("to its own bytes", 1, NO_URL, |_, _| wire::redirect("data:application/zip,PK")),
        refused("to a script", 1, NO_URL, |_, _| wire::redirect("javascript:alert(1)")),
        refused("to a host without a name", 1, NO_URL, |_, _| {
            wire::redirect("http:///x.zip")
                .into_iter()
                .map(|_| Step::Send(b"HTTP/1.1 302 F\r\nLocation: http://\r\n\r\n".to_vec()))
                .collect()
        }),
        refused("to what is no text", 1, NO_URL, |_, _| {
            vec![Step::Send(
                b"HTTP/1.1 302 F\r\nLocation: /\xff\xfe\r\nContent-Length: 0\r\n\r\n".to_vec(),
            )]
        }),
        refused("to what is not there", 1, (NO_VERSION, "answered 404"), |_, _| {
            wire::redirect("/nowhere.zip")
        }),
        refused("to a port where nobody is", 4, (NETWORK, "cannot be reached"), |_, _| {
            wire::redirect("http://127.0.0.1:9/x.zip")
        }),
        refused("by a status that is none for it", 1, (NETWORK, "answered 300"), |_, _| {
            wire::status(300, "Location: /elsewhere.zip\r\n", b"")
        }),
    ]
}

/// All of them.
pub fn faults() -> Vec<Fault> {
    nowhere()
}

#[test]
fn a_redirect_to_nowhere() {
    nowhere().iter().for_each(|fault| fault.play(NO_PAUSE));
}

/// An archive that is somewhere else is fetched from there, and resumed there too.
#[test]
fn a_redirect_is_followed_and_what_broke_off_is_resumed_behind_it() {
    let server = Server::mint(Mint::new(&[VERSION]));
    let zip = server.honest(ZIP);
    server.lie(ZIP, |_, _| wire::redirect(ELSEWHERE));
    server.lie(ELSEWHERE, move |request, _| match request.nth {
        0 => wire::cut(wire::TAG, &zip, 300),
        _ => wire::ranged(request, &zip),
    });
    let env = at(&server, ZIP);
    let _ = env.gvm("install 1.22.4").ok();
    let ranges = server.ranges(ELSEWHERE);
    assert_eq!(ranges, [None, Some(300)]);
}

/// Who we are is told to whom the URL names, and to nobody else: neither to another host or port, nor in any output.
#[test]
fn a_password_stays_with_its_host_and_out_of_sight() {
    let server = Server::mint(Mint::new(&[VERSION]));
    let other = Server::mint(Mint::new(&[VERSION]));
    let far = other.url(ZIP).replacen("http://", "http://eve:guess@", 1);
    server.lie(ZIP, move |_, _| wire::redirect(&far));
    let with_password = server.url("/proxy").replacen("http://", "http://me:hunter2@", 1);
    let env = at(&server, ZIP).set("GOPROXY", with_password);
    let outcome = env.gvm("install --json 1.22.4").ok();

    let said = |server: &Server| -> Vec<Option<String>> {
        let asked = server.all_asked();
        asked.iter().map(|it| it.header("authorization").map(str::to_owned)).collect()
    };
    let basic = Some("Basic bWU6aHVudGVyMg==".to_owned());
    assert!(said(&server).iter().all(|said| *said == basic), "{:?}", said(&server));
    assert_eq!(said(&other), [None]);
    let shown = format!("{}{}", outcome.stdout, outcome.stderr);
    assert!(!shown.contains("hunter2") && !shown.contains("bWU6aHVudGVyMg"), "{shown}");
    assert_eq!(files_with(&env.root(), "hunter2"), [""; 0]);
}

/// GVM_SOURCES is cut at commas. A password with one is not shown by halves, and told how it is written.
#[test]
fn a_password_with_a_comma_is_neither_shown_nor_sent_by_halves() {
    let server = Server::mint(Mint::new(&[VERSION]));
    let at_server = |password: &str| {
        let user = format!("http://me:{password}@");
        at(&server, ZIP).set("GVM_SOURCES", server.url("/proxy").replacen("http://", &user, 1))
    };
    for password in ["hun,ter2", "1234,ter2", "hun,"] {
        let outcome = at_server(password).gvm("install 1.22.4").run().code(2).says("%2C");
        let shown = format!("{}{}", outcome.stdout, outcome.stderr);
        assert!(!shown.contains("hun") && !shown.contains("ter2"), "{password}: {outcome}");
    }
    assert_eq!(server.all_asked().len(), 0);
    let _ = at_server("hun%2Cter2").gvm("install 1.22.4").ok();
    let told = server.asked(ZIP)[0].header("authorization").map(str::to_owned);
    assert_eq!(told.as_deref(), Some("Basic bWU6aHVuLHRlcjI="));
}

/// A server that repeats what it was told does not make gvm show it.
#[test]
fn a_password_that_a_server_sends_back_is_not_shown() {
    let server = Server::mint(Mint::new(&[VERSION]));
    server.lie(ZIP, |request, _| {
        let told = request.header("authorization").unwrap_or_default();
        wire::status(403, "Content-Type: text/plain\r\n", format!("not {told}").as_bytes())
    });
    let with_password = server.url("/proxy").replacen("http://", "http://me:hunter2@", 1);
    let outcome = at(&server, ZIP).gvm("install 1.22.4").var("GOPROXY", with_password).run();
    let outcome = outcome.code(4).says("answered 403");
    assert!(!outcome.stderr.contains("bWU6aHVudGVyMg"), "{outcome}");
}

/// The files below a folder that hold a text.
fn files_with(folder: &std::path::Path, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_symlink() {
            continue;
        }
        if path.is_dir() {
            found.extend(files_with(&path, text));
        } else if String::from_utf8_lossy(&std::fs::read(&path).unwrap()).contains(text) {
            found.push(path.display().to_string());
        }
    }
    found
}
