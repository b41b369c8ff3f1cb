//! Archives that come short, long, in the wrong parts, from the wrong file, encoded, or not at all.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::fault::{Fault, Lie, NO_PAUSE, TAR, ZIP};
use crate::wire::{self, Step, TAG};

const NETWORK: i32 = 4;
const INTEGRITY: i32 = 5;
const NO_VERSION: i32 = 3;

/// The first half, then the end of the connection.
const HALF: Lie = |_, body| wire::cut(TAG, body, body.len() / 2);
const HONEST: Lie = wire::ranged;
/// An old modification time, and a date that says it is old.
const OLD: &str =
    "Last-Modified: Fri, 01 May 2026 12:00:00 GMT\r\nDate: Sat, 02 May 2026 12:00:00 GMT\r\n";

fn lengths() -> Vec<Fault> {
    vec![
        Fault::refused("it always ends early", ZIP, 4, (NETWORK, "bytes"), &[HALF, |_, _| vec![]])
            .keeping_the_part(),
        Fault::survived("it ends early once", ZIP, 2, &[HALF, HONEST]),
        Fault::survived(
            "more comes than was announced",
            ZIP,
            1,
            &[|_, body| {
                let head = wire::head(200, TAG, Some(body.len()));
                vec![Step::Send([head.as_slice(), body, b"and more"].concat())]
            }],
        ),
        Fault::survived(
            "it has no length",
            ZIP,
            1,
            &[|_, body| vec![Step::Send([wire::head(200, TAG, None).as_slice(), body].concat())]],
        ),
        Fault::refused(
            "it has no length and ends early",
            ZIP,
            1,
            (INTEGRITY, "zip"),
            &[|_, body| {
                let half = &body[..body.len() / 2];
                vec![Step::Send([wire::head(200, TAG, None).as_slice(), half].concat())]
            }],
        ),
        Fault::survived(
            "it has no length and ends early, but the index knows",
            TAR,
            2,
            &[
                |_, body| {
                    let half = &body[..body.len() / 2];
                    vec![Step::Send([wire::head(200, TAG, None).as_slice(), half].concat())]
                },
                HONEST,
            ],
        ),
        Fault::refused(
            "it never ends, and the index knows",
            TAR,
            1,
            (INTEGRITY, "more than"),
            &[|_, _| {
                vec![
                    Step::Send([wire::head(200, TAG, None).as_slice(), b"x"].concat()),
                    Step::Flood(vec![b'x'; 1 << 16]),
                ]
            }],
        ),
        Fault::refused(
            "it is longer than the index says",
            TAR,
            1,
            (INTEGRITY, "more than"),
            &[|_, body| wire::ok(&[body, b"more"].concat())],
        ),
        Fault::refused(
            "it announces a terabyte",
            ZIP,
            1,
            (NETWORK, "longer than"),
            &[|_, _| vec![Step::Send(wire::head(200, TAG, Some(1 << 40)))]],
        ),
        Fault::refused(
            "its length is no number",
            ZIP,
            4,
            (NETWORK, "broke off"),
            &[|_, body| {
                let head = "HTTP/1.1 200 OK\r\nContent-Length: all\r\n\r\n";
                vec![Step::Send([head.as_bytes(), body].concat())]
            }],
        ),
        Fault::refused(
            "it has two lengths",
            ZIP,
            4,
            (NETWORK, "broke off"),
            &[|_, body| {
                let head = "HTTP/1.1 200 OK\r\nContent-Length: 7\r\nContent-Length: 9\r\n\r\n";
                vec![Step::Send([head.as_bytes(), body].concat())]
            }],
        ),
        Fault::refused("it is empty", ZIP, 1, (INTEGRITY, "zip"), &[|_, _| wire::ok(b"")]),
    ]
}

fn parts() -> Vec<Fault> {
    vec![
        Fault::survived(
            "a part is answered with the whole",
            ZIP,
            2,
            &[HALF, |_, body| wire::status(200, TAG, body)],
        ),
        Fault::survived(
            "a part begins too early",
            ZIP,
            3,
            &[
                HALF,
                |request, body| {
                    let from = request.from().unwrap() - 1;
                    wire::part(from, body.len() - 1, body.len(), TAG, &body[from..])
                },
                HONEST,
            ],
        ),
        Fault::survived(
            "a part ends beyond the total",
            ZIP,
            3,
            &[
                HALF,
                |request, body| {
                    let from = request.from().unwrap();
                    wire::part(from, body.len() + 6, body.len(), TAG, &body[from..])
                },
                HONEST,
            ],
        ),
        Fault::survived(
            "a part is of another total",
            ZIP,
            3,
            &[
                HALF,
                |request, body| {
                    let from = request.from().unwrap();
                    wire::part(from, body.len() - 1, body.len() + 7, TAG, &body[from..])
                },
                HONEST,
            ],
        ),
        Fault::survived(
            "a part is shorter than its range",
            ZIP,
            3,
            &[
                HALF,
                |request, body| {
                    let (from, last) = (request.from().unwrap(), body.len() - 1);
                    let headers =
                        format!("Content-Range: bytes {from}-{last}/{}\r\n{TAG}", body.len());
                    let head = wire::head(206, &headers, Some(body.len() - from));
                    vec![Step::Send([head.as_slice(), &body[from..last - 9]].concat())]
                },
                HONEST,
            ],
        ),
        Fault::survived(
            "a part has no range",
            ZIP,
            3,
            &[
                HALF,
                |request, body| wire::status(206, TAG, &body[request.from().unwrap()..]),
                HONEST,
            ],
        ),
        Fault::survived(
            "a part is in several pieces",
            ZIP,
            3,
            &[
                HALF,
                |_, _| {
                    let kind = "Content-Type: multipart/byteranges; boundary=x\r\n";
                    wire::status(
                        206,
                        kind,
                        b"--x\r\nContent-Range: bytes 0-0/9\r\n\r\nP\r\n--x--\r\n",
                    )
                },
                HONEST,
            ],
        ),
        Fault::survived(
            "a part is refused",
            ZIP,
            3,
            &[HALF, |_, _| wire::status(416, "", b""), HONEST],
        ),
        Fault::refused(
            "everything is refused as a part",
            ZIP,
            1,
            (NETWORK, "answered 416"),
            &[|_, _| wire::status(416, "Content-Range: bytes */7\r\n", b"")],
        ),
        Fault::refused(
            "a part that nobody asked for",
            ZIP,
            1,
            (NETWORK, "answered 206"),
            &[|_, body| wire::part(0, body.len() - 1, body.len(), TAG, body)],
        ),
    ]
}

fn identities() -> Vec<Fault> {
    vec![
        Fault::survived(
            "the tag of a part is another",
            ZIP,
            3,
            &[
                HALF,
                |request, body| {
                    let from = request.from().unwrap();
                    wire::part(from, body.len() - 1, body.len(), "ETag: \"2\"\r\n", &body[from..])
                },
                HONEST,
            ],
        ),
        Fault::survived(
            "the file was replaced, and the server says so",
            ZIP,
            2,
            &[
                |_, _| wire::cut(TAG, &[b'x'; 4000], 1000),
                |_, body| wire::status(200, "ETag: \"2\"\r\n", body),
            ],
        ),
        Fault::survived(
            "the file was replaced, and the tag is the same",
            ZIP,
            3,
            &[|_, body| wire::cut(TAG, &vec![b'x'; body.len()], 1000), HONEST, HONEST],
        ),
        Fault::survived(
            "the file was replaced, and the index knows the digest",
            TAR,
            3,
            &[|_, body| wire::cut(TAG, &vec![b'x'; body.len()], 100), HONEST, HONEST],
        ),
        Fault::survived(
            "there is a modification time only",
            ZIP,
            2,
            &[
                |_, body| wire::cut(OLD, body, body.len() / 2),
                |request, body| {
                    assert!(request.header("if-range").unwrap().ends_with("2026 12:00:00 GMT"));
                    let from = request.from().unwrap();
                    wire::part(from, body.len() - 1, body.len(), OLD, &body[from..])
                },
            ],
        ),
        Fault::survived(
            "the tag is weak",
            ZIP,
            2,
            &[
                |_, body| wire::cut("ETag: W/\"1\"\r\n", body, body.len() / 2),
                |request, body| {
                    assert_eq!(request.from(), None);
                    wire::ok(body)
                },
            ],
        ),
        Fault::survived(
            "nothing tells the file from another",
            ZIP,
            2,
            &[
                |_, body| wire::cut("", body, body.len() / 2),
                |request, body| {
                    assert_eq!(request.from(), None);
                    wire::ok(body)
                },
            ],
        ),
    ]
}

fn statuses() -> Vec<Fault> {
    vec![
        Fault::survived(
            "busy for seconds",
            ZIP,
            2,
            &[|_, _| wire::status(429, "Retry-After: 7\r\n", b""), HONEST],
        ),
        Fault::survived(
            "busy until a date that is past",
            ZIP,
            2,
            &[
                |_, _| wire::status(503, "Retry-After: Fri, 01 May 2020 12:00:00 GMT\r\n", b""),
                HONEST,
            ],
        ),
        Fault::survived(
            "busy for nobody knows how long",
            ZIP,
            2,
            &[|_, _| wire::status(503, "Retry-After: until the moon is full\r\n", b""), HONEST],
        ),
        Fault::refused(
            "busy for hours",
            ZIP,
            1,
            (NETWORK, "left alone for 9000 s"),
            &[|_, _| wire::status(503, "Retry-After: 9000\r\n", b"")],
        ),
        Fault::refused(
            "busy for ever",
            ZIP,
            1,
            (NETWORK, "asks to be left alone"),
            &[|_, _| wire::status(429, "Retry-After: 99999999999999999999999999\r\n", b"")],
        ),
        Fault::refused(
            "busy each time",
            ZIP,
            4,
            (NETWORK, "answered 429"),
            &[|_, _| wire::status(429, "Retry-After: 0\r\n", b"")],
        ),
        Fault::refused(
            "broken for good",
            ZIP,
            4,
            (NETWORK, "answered 500"),
            &[|_, _| wire::status(500, "", b"oops")],
        ),
        Fault::survived("broken once", ZIP, 2, &[|_, _| wire::status(502, "", b""), HONEST]),
        Fault::refused(
            "not there",
            ZIP,
            1,
            (NO_VERSION, "answered 404"),
            &[|_, _| wire::status(404, "", b"")],
        ),
        Fault::refused(
            "gone",
            ZIP,
            1,
            (NO_VERSION, "answered 410"),
            &[|_, _| wire::status(410, "", b"")],
        ),
        Fault::refused(
            "forbidden",
            ZIP,
            1,
            (NETWORK, "answered 403"),
            &[|_, _| wire::status(403, "", b"")],
        ),
        Fault::refused(
            "a login is wanted",
            ZIP,
            1,
            (NETWORK, "answered 401"),
            &[|_, _| wire::status(401, "WWW-Authenticate: Basic realm=x\r\n", b"")],
        ),
        Fault::refused(
            "no content",
            ZIP,
            1,
            (NETWORK, "answered 204"),
            &[|_, _| wire::status(204, "", b"")],
        ),
        Fault::refused(
            "not modified",
            ZIP,
            1,
            (NETWORK, "answered 304"),
            &[|_, _| wire::status(304, "", b"")],
        ),
        Fault::refused(
            "a portal's page",
            ZIP,
            1,
            (INTEGRITY, "zip"),
            &[|_, _| {
                wire::status(200, "Content-Type: text/html\r\n", b"<!DOCTYPE html><p>please log in")
            }],
        ),
        Fault::refused(
            "a portal's page where the size is known",
            TAR,
            1,
            (INTEGRITY, "instead of"),
            &[|_, _| wire::status(200, "Content-Type: text/html\r\n", b"<!DOCTYPE html>")],
        ),
        Fault::refused(
            "a reason that writes to the terminal",
            ZIP,
            1,
            (NETWORK, ": [31mred"),
            &[|_, _| wire::status(403, "Content-Type: text/plain\r\n", b"\x1b[31mred\x07\x08\n")],
        ),
    ]
}

fn gzipped(body: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::none());
    encoder.write_all(body).unwrap();
    encoder.finish().unwrap()
}

fn chunked(body: &[u8], end: &str) -> Vec<Step> {
    let head = wire::head(200, &format!("{TAG}Transfer-Encoding: chunked\r\n"), None);
    let size = format!("{:x}\r\n", body.len());
    vec![Step::Send([head.as_slice(), size.as_bytes(), body, end.as_bytes()].concat())]
}

fn encodings() -> Vec<Fault> {
    vec![
        Fault::survived(
            "a tar.gz is called gzip-encoded",
            TAR,
            1,
            &[|_, body| wire::status(200, "Content-Encoding: x-gzip\r\n", body)],
        ),
        Fault::refused(
            "a tar.gz is encoded once more",
            TAR,
            1,
            (INTEGRITY, "more than"),
            &[|_, body| wire::status(200, "Content-Encoding: gzip\r\n", &gzipped(body))],
        ),
        Fault::refused(
            "a zip is encoded",
            ZIP,
            1,
            (NETWORK, "encoding \"gzip\""),
            &[|_, body| wire::status(200, "Content-Encoding: gzip\r\n", &gzipped(body))],
        ),
        Fault::refused(
            "an encoding that nobody knows",
            TAR,
            1,
            (NETWORK, "encoding \"br\""),
            &[|_, body| wire::status(200, "Content-Encoding: br\r\n", body)],
        ),
        Fault::survived("it comes in chunks", ZIP, 1, &[|_, body| chunked(body, "\r\n0\r\n\r\n")]),
        Fault::survived("the chunks end early", ZIP, 2, &[|_, body| chunked(body, ""), HONEST]),
        Fault::survived(
            "a chunk has no size",
            ZIP,
            2,
            &[|_, body| chunked(body, "\r\nmore\r\n"), HONEST],
        ),
        Fault::survived(
            "a chunk has more bytes than there are",
            ZIP,
            2,
            &[|_, body| chunked(body, "\r\nffffffffffffffffff\r\nx"), HONEST],
        ),
        Fault::survived(
            "a chunk's extension never ends",
            ZIP,
            2,
            &[
                |_, body| {
                    let mut steps = chunked(body, "\r\n5;x=");
                    steps.push(Step::Flood(vec![b'x'; 1 << 16]));
                    steps
                },
                HONEST,
            ],
        ),
        Fault::survived(
            "the trailers never end",
            ZIP,
            2,
            &[
                |_, body| {
                    let mut steps = chunked(body, "\r\n0\r\n");
                    steps.push(Step::Flood(b"X-More: and more\r\n".repeat(1000)));
                    steps
                },
                HONEST,
            ],
        ),
    ]
}

/// All of them.
pub fn faults() -> Vec<Fault> {
    [lengths(), parts(), identities(), statuses(), encodings()].into_iter().flatten().collect()
}

fn play(faults: Vec<Fault>) {
    faults.iter().for_each(|fault| fault.play(NO_PAUSE));
}

#[test]
fn an_archive_of_the_wrong_length() {
    play(lengths());
}

#[test]
fn an_archive_in_the_wrong_parts() {
    play(parts());
}

#[test]
fn an_archive_that_is_replaced_on_its_way() {
    play(identities());
}

#[test]
fn an_archive_that_is_not_given() {
    play(statuses());
}

#[test]
fn an_archive_that_is_encoded() {
    play(encodings());
}
