//! Answers whose head is none, has no end, or comes when it likes; bodies that stand still, and one that is only slow.

use std::time::Duration;

use crate::fault::{Fault, HASTE, INDEX, Lie, NO_PAUSE, TAR, ZIP};
use crate::wire::{self, Step, TAG};

const NETWORK: i32 = 4;
const HONEST: Lie = wire::ranged;
/// So long is the pause between two bytes of a drip.
const DROP: Duration = Duration::from_millis(20);

fn raw(bytes: &[u8]) -> Vec<Step> {
    vec![Step::Send(bytes.to_vec())]
}

fn broken() -> Vec<Fault> {
    vec![
        Fault::refused(
            "a status line that is none",
            ZIP,
            4,
            (NETWORK, "broke off"),
            &[|_, _| raw(b"HTTP/1.1 yes of course\r\n\r\n")],
        ),
        Fault::refused(
            "another protocol",
            ZIP,
            4,
            (NETWORK, "broke off"),
            &[|_, _| raw(b"220 mail.example.com ESMTP\r\n")],
        ),
        Fault::refused("HTTP/0.9", ZIP, 4, (NETWORK, "broke off"), &[|_, body| raw(body)]),
        Fault::refused(
            "HTTP/7",
            ZIP,
            4,
            (NETWORK, "broke off"),
            &[|_, body| raw(&[b"HTTP/7.0 200 OK\r\n\r\n", body].concat())],
        ),
        Fault::survived(
            "HTTP/1.0",
            ZIP,
            1,
            &[|_, body| raw(&[b"HTTP/1.0 200 OK\r\n\r\n", body].concat())],
        ),
        Fault::refused(
            "a header that is none",
            ZIP,
            4,
            (NETWORK, "broke off"),
            &[|_, _| raw(b"HTTP/1.1 200 OK\r\nno colon here\r\n\r\n")],
        ),
        Fault::refused(
            "a NUL in a header",
            ZIP,
            4,
            (NETWORK, "broke off"),
            &[|_, _| raw(b"HTTP/1.1 200 OK\r\nServer: \0\r\n\r\n")],
        ),
        Fault::refused(
            "a thousand headers",
            ZIP,
            4,
            (NETWORK, "broke off"),
            &[|_, _| raw(format!("HTTP/1.1 200 OK\r\n{}\r\n", "A: b\r\n".repeat(1000)).as_bytes())],
        ),
        Fault::refused(
            "a header without end",
            ZIP,
            4,
            (NETWORK, "broke off"),
            &[|_, _| {
                vec![
                    Step::Send(b"HTTP/1.1 200 OK\r\nA: ".to_vec()),
                    Step::Flood(vec![b'x'; 1 << 16]),
                ]
            }],
        ),
        Fault::refused(
            "headers without end",
            ZIP,
            4,
            (NETWORK, "broke off"),
            &[|_, _| {
                let more = b"A: b\r\n".repeat(1000);
                vec![Step::Send(b"HTTP/1.1 200 OK\r\n".to_vec()), Step::Flood(more)]
            }],
        ),
        Fault::refused("closed at once", ZIP, 4, (NETWORK, "broke off"), &[|_, _| vec![]]),
        Fault::refused(
            "closed within the head",
            ZIP,
            4,
            (NETWORK, "broke off"),
            &[|_, _| raw(b"HTTP/1.1 200 OK\r\nContent-Le")],
        ),
        Fault::refused(
            "reset at once",
            ZIP,
            4,
            (NETWORK, "broke off"),
            &[|_, _| vec![Step::Reset]],
        ),
        Fault::survived("reset at once, and then not", ZIP, 2, &[|_, _| vec![Step::Reset], HONEST]),
        Fault::survived(
            "reset in the body",
            TAR,
            2,
            &[
                |_, body| {
                    let mut steps = wire::cut(TAG, body, body.len() / 2);
                    steps.push(Step::Reset);
                    steps
                },
                HONEST,
            ],
        ),
    ]
}

fn stalled() -> Vec<Fault> {
    const STILL: (i32, &str) = (NETWORK, "stood still for 700ms");
    vec![
        Fault::refused("no head comes", ZIP, 4, STILL, &[|_, _| vec![Step::Stall]]),
        Fault::refused(
            "half a head comes",
            ZIP,
            4,
            STILL,
            &[|_, _| vec![Step::Send(b"HTTP/1.1 200 OK\r\nConte".to_vec()), Step::Stall]],
        ),
        Fault::refused(
            "the head drips",
            ZIP,
            4,
            STILL,
            &[|_, _| vec![Step::Drip(wire::head(200, &"A: b\r\n".repeat(90), None), DROP)]],
        ),
        Fault::refused(
            "it goes on with 100 for ever",
            ZIP,
            4,
            STILL,
            &[|_, _| vec![Step::Drip(b"HTTP/1.1 100 Continue\r\n\r\n".repeat(100), DROP)]],
        ),
        Fault::refused(
            "the body stands still",
            ZIP,
            4,
            STILL,
            &[|_, body| {
                let mut steps = wire::cut(TAG, body, body.len() / 4);
                steps.push(Step::Stall);
                steps
            }],
        )
        .keeping_the_part(),
        Fault::survived(
            "the body stands still once",
            ZIP,
            2,
            &[
                |_, body| {
                    let mut steps = wire::cut(TAG, body, body.len() / 4);
                    steps.push(Step::Stall);
                    steps
                },
                HONEST,
            ],
        ),
        Fault::refused(
            "the body drips",
            ZIP,
            4,
            STILL,
            &[|_, _| {
                vec![Step::Send(wire::head(200, TAG, None)), Step::Drip(vec![b'x'; 9000], DROP)]
            }],
        )
        .keeping_the_part(),
        Fault::refused(
            "the index stands still",
            INDEX,
            4,
            STILL,
            &[|_, body| {
                let mut steps = wire::cut(TAG, body, body.len() / 4);
                steps.push(Step::Stall);
                steps
            }],
        ),
    ]
}

/// With a pace of a byte in two milliseconds at least, and a second for a small body.
const STEADY: &str = "pause=0,connect=9000,stall=600,trickle=1,whole=900";

fn steady() -> Vec<Fault> {
    vec![
        Fault::survived(
            "an archive comes slowly, but comes",
            TAR,
            1,
            &[|_, body| {
                let head = wire::head(200, TAG, Some(body.len()));
                let (slowly, rest) = body.split_at(body.len().min(2000));
                let drip = Step::Drip(slowly.to_vec(), Duration::from_millis(2));
                vec![Step::Send(head), drip, Step::Send(rest.to_vec())]
            }],
        ),
        Fault::refused(
            "an index comes for hours",
            INDEX,
            1,
            (NETWORK, "whole within 900ms"),
            &[|_, _| {
                let head = wire::head(200, TAG, None);
                vec![Step::Send(head), Step::Drip(vec![b'['; 90_000], Duration::from_millis(2))]
            }],
        ),
    ]
}

/// All of them.
pub fn faults() -> Vec<Fault> {
    [broken(), stalled(), steady()].into_iter().flatten().collect()
}

#[test]
fn a_head_that_is_none() {
    broken().iter().for_each(|fault| fault.play(NO_PAUSE));
}

#[test]
fn silence() {
    stalled().iter().for_each(|fault| fault.play(HASTE));
}

#[test]
fn slowness() {
    steady().iter().for_each(|fault| fault.play(STEADY));
}
