//! Answers that refuse, ask to wait, bring a page, or encode what they bring.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::fault::{Fault, Lie, NO_PAUSE, TAR, ZIP};
use crate::wire::{self, Step, TAG};

const NETWORK: i32 = 4;
const INTEGRITY: i32 = 5;
const NO_VERSION: i32 = 3;

const HONEST: Lie = wire::ranged;

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

/// Of a kind of archive that the download site has for Unix alone.
fn encodings_of_tars() -> Vec<Fault> {
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
    ]
}

fn encodings() -> Vec<Fault> {
    let of_tars = if cfg!(windows) { Vec::new() } else { encodings_of_tars() };
    let others = vec![
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
    ];
    of_tars.into_iter().chain(others).collect()
}

/// All of them.
pub fn faults() -> Vec<Fault> {
    [statuses(), encodings()].into_iter().flatten().collect()
}

#[test]
fn an_archive_that_is_not_given() {
    statuses().iter().for_each(|fault| fault.play(NO_PAUSE));
}

#[test]
fn an_archive_that_is_encoded() {
    encodings().iter().for_each(|fault| fault.play(NO_PAUSE));
}
