//! Archives that come short, long, in the wrong parts, or from the wrong file.

use crate::fault::{Fault, Lie, NO_PAUSE, TAR, ZIP};
use crate::wire::{self, Step, TAG};

const NETWORK: i32 = 4;
const INTEGRITY: i32 = 5;

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

/// All of them.
pub fn faults() -> Vec<Fault> {
    [lengths(), parts(), identities()].into_iter().flatten().collect()
}

fn play(faults: &[Fault]) {
    faults.iter().for_each(|fault| fault.play(NO_PAUSE));
}

#[test]
fn an_archive_of_the_wrong_length() {
    play(&lengths());
}

#[test]
fn an_archive_in_the_wrong_parts() {
    play(&parts());
}

#[test]
fn an_archive_that_is_replaced_on_its_way() {
    play(&identities());
}
