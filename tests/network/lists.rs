//! Indexes and lists that are none, are hostile, or never end.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use gvm_core::target::Target;

use crate::fault::{Fault, INDEX, NO_PAUSE};
use crate::stage::mint::here;
use crate::wire::{self, Step};

const NETWORK: i32 = 4;
const INTEGRITY: i32 = 5;
const NO_VERSION: i32 = 3;
/// What can be installed, by a module proxy.
const LIST: &str = "/proxy/golang.org/toolchain/@v/list";
/// What a module proxy says of the version.
const INFO: &str = "/proxy/golang.org/toolchain/@v/v0.0.1-go1.22.4.linux-amd64.info";

/// An index of one release, whose file has this in place of its honest fields.
fn index(change: &str) -> Vec<u8> {
    let (name, value) = change.split_once(':').unwrap();
    let fields = [
        ("filename", "\"go1.22.4.linux-amd64.tar.gz\""),
        ("os", "\"linux\""),
        ("arch", "\"amd64\""),
        ("sha256", "\"\""),
        ("size", "0"),
        ("kind", "\"archive\""),
    ];
    let field = |(found, honest): &(&str, &str)| {
        format!("\"{found}\":{}", if *found == name { value } else { honest })
    };
    let file: Vec<String> = fields.iter().map(field).collect();
    let index = format!("[{{\"version\":\"go1.22.4\",\"files\":[{{{}}}]}}]", file.join(","));
    let os = format!("\"{}\"", Target::host().os());
    here(&index).replace("\"linux\"", &os).into_bytes()
}

fn indexes() -> Vec<Fault> {
    const NONE: (i32, &str) = (NETWORK, "is no index of Go versions");
    const NO_SUCH: (i32, &str) = (NO_VERSION, "there is no Go 1.22.4");
    let refused = |what, expected, lie| Fault::refused(what, INDEX, 1, expected, &[lie]);
    vec![
        refused("a portal's page", NONE, |_, _| wire::ok(b"<!DOCTYPE html><p>log in")),
        refused("nothing at all", NONE, |_, _| wire::ok(b"")),
        refused("JSON of another shape", NONE, |_, _| wire::ok(b"{\"releases\":[1,2]}")),
        refused("JSON that ends early", NONE, |_, body| wire::ok(&body[..body.len() - 20])),
        refused("no text", NONE, |_, _| wire::ok(b"[{\"version\":\"\xff\xfe\"}]")),
        refused("a hundred thousand brackets", NONE, |_, _| wire::ok(&[b'['; 100_000])),
        refused("a negative size", NONE, |_, _| wire::ok(&index("size:-1"))),
        refused("a size beyond all numbers", NONE, |_, _| wire::ok(&index("size:1e400"))),
        refused("a size beyond 64 bits", NONE, |_, _| {
            wire::ok(&index("size:18446744073709551616"))
        }),
        refused("100 MB", (NETWORK, "longer than"), |_, _| {
            vec![
                Step::Send(wire::head(200, "", Some(100_000_000))),
                Step::Flood(vec![b' '; 1 << 16]),
            ]
        }),
        refused("no end", (NETWORK, "longer than"), |_, _| {
            vec![Step::Send(wire::head(200, "", None)), Step::Flood(vec![b' '; 1 << 20])]
        }),
        refused("100 MB in a hundred kB", (NETWORK, "longer than"), |_, _| {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
            encoder.write_all(&vec![b' '; 100 << 20]).unwrap();
            wire::status(200, "Content-Encoding: gzip\r\n", &encoder.finish().unwrap())
        }),
        Fault::refused(
            "gzip that is none",
            INDEX,
            4,
            (NETWORK, "gzip"),
            &[|_, body| wire::status(200, "Content-Encoding: gzip\r\n", body)],
        ),
        refused("a size that is wrong", (INTEGRITY, "more than 7"), |_, _| {
            wire::ok(&index("size:7"))
        }),
        refused("the largest size there is", (INTEGRITY, "instead of 1844"), |_, _| {
            wire::ok(&index("size:18446744073709551615"))
        }),
        refused("an empty list", NO_SUCH, |_, _| wire::ok(b"[]")),
        refused("a file name that leads out", NO_SUCH, |_, _| {
            wire::ok(&index("filename:\"go1.22.4/../../../etc/passwd.tar.gz\""))
        }),
        refused("a file name that is a path", NO_SUCH, |_, _| {
            wire::ok(&index("filename:\"/dl/go1.22.4.linux-amd64.tar.gz\""))
        }),
        refused("a file name that is a URL", NO_SUCH, |_, _| {
            wire::ok(&index("filename:\"go://evil.example/x.tar.gz\""))
        }),
        refused("a file name with a backslash", NO_SUCH, |_, _| {
            wire::ok(&index("filename:\"go1.22.4\\\\..\\\\x.tar.gz\""))
        }),
        refused("a file name with a NUL", NO_SUCH, |_, _| {
            wire::ok(&index("filename:\"go1.22.4\\u0000.tar.gz\""))
        }),
        refused("a file name of a million letters", NO_SUCH, |_, _| {
            let name = "x".repeat(1_000_000);
            wire::ok(&index(&format!("filename:\"go{name}.tar.gz\"")))
        }),
        Fault::survived(
            "a digest that is none",
            INDEX,
            1,
            &[|_, _| wire::ok(&index("sha256:\"not sixty-four digits\""))],
        ),
        Fault::survived(
            "the version twice, first without files",
            INDEX,
            1,
            &[|_, body| {
                let list =
                    std::str::from_utf8(body).unwrap().trim_start().strip_prefix('[').unwrap();
                wire::ok(format!("[{{\"version\":\"go1.22.4\",\"files\":[]}},{list}").as_bytes())
            }],
        ),
        Fault::survived(
            "versions that are none among those that are",
            INDEX,
            1,
            &[|_, body| {
                let list =
                    std::str::from_utf8(body).unwrap().trim_start().strip_prefix('[').unwrap();
                let odd = "{\"version\":\"\\u001b[31m../..\",\"files\":[]},{\"version\":\"\",\"files\":[]}";
                wire::ok(format!("[{odd},{list}").as_bytes())
            }],
        ),
        Fault::survived(
            "it is busy once",
            INDEX,
            2,
            &[|_, _| wire::status(503, "Retry-After: 1\r\n", b""), wire::ranged],
        ),
    ]
}

fn modules() -> Vec<Fault> {
    vec![
        Fault::refused(
            "what is said of the module never ends",
            INFO,
            1,
            (NETWORK, "longer than"),
            &[|_, _| vec![Step::Send(wire::head(200, "", None)), Step::Flood(vec![b' '; 1 << 16])]],
        ),
        Fault::refused(
            "the module is forbidden, and listed",
            INFO,
            1,
            (NETWORK, "answered 403"),
            &[|_, _| wire::status(403, "", b"")],
        ),
        Fault::refused(
            "the module is unknown",
            INFO,
            1,
            (NO_VERSION, "no Go 1.22.4"),
            &[|_, _| wire::status(404, "", b"")],
        ),
        Fault::survived(
            "the list is none, and not needed",
            LIST,
            0,
            &[|_, _| wire::ok(b"<!DOCTYPE html>")],
        ),
    ]
}

/// All of them.
pub fn faults() -> Vec<Fault> {
    [indexes(), modules()].into_iter().flatten().collect()
}

#[test]
fn an_index_that_is_none_or_hostile() {
    indexes().iter().for_each(|fault| fault.play(NO_PAUSE));
}

#[test]
fn a_module_that_is_told_of_otherwise() {
    modules().iter().for_each(|fault| fault.play(NO_PAUSE));
}
