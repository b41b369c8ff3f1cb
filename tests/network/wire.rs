//! What a server puts on the wire: [`Step`]s, and the answers that most lies are made of.

use std::io::{self, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use rustls::{ServerConnection, StreamOwned};

use crate::server::Request;

/// The entity tag of an honest answer.
pub const TAG: &str = "ETag: \"1\"\r\n";

/// What a server does with a connection, one after the other; in the end it closes.
#[derive(Clone, Debug)]
pub enum Step {
    /// Sends these bytes.
    Send(Vec<u8>),
    /// Sends these bytes one by one, with so much time between them.
    Drip(Vec<u8>, Duration),
    /// Sends these bytes again and again, for as long as somebody takes them.
    Flood(Vec<u8>),
    /// Nothing more, until the client goes.
    Stall,
    /// The connection is reset.
    Reset,
}

/// A stream whose reads can be given up after a while.
pub trait Patient: Read + Write {
    /// From now on a read takes so long at most.
    fn give_up_reading_after(&mut self, time: Duration) -> io::Result<()>;
}

impl Patient for TcpStream {
    fn give_up_reading_after(&mut self, time: Duration) -> io::Result<()> {
        self.set_read_timeout(Some(time))
    }
}

impl Patient for StreamOwned<ServerConnection, TcpStream> {
    fn give_up_reading_after(&mut self, time: Duration) -> io::Result<()> {
        self.sock.set_read_timeout(Some(time))
    }
}

/// Does these steps.
pub fn play(stream: &mut impl Patient, steps: &[Step]) -> io::Result<()> {
    for step in steps {
        match step {
            Step::Send(bytes) => stream.write_all(bytes)?,
            Step::Drip(bytes, pause) => {
                stream.give_up_reading_after(*pause)?;
                for byte in bytes {
                    stream.write_all(&[*byte])?;
                    stream.flush()?;
                    if has_gone(stream) {
                        return Ok(());
                    }
                }
            }
            Step::Flood(bytes) => loop {
                stream.write_all(bytes)?;
            },
            Step::Stall => {
                stream.flush()?;
                let _ = stream.read(&mut [0]);
            }
            // A socket that is closed with bytes unread is reset: the head's last one is.
            Step::Reset => return stream.flush(),
        }
    }
    stream.flush()
}

/// Whether the client has, by the end of the time that a read may take.
fn has_gone(stream: &mut impl Read) -> bool {
    match stream.read(&mut [0]) {
        Ok(count) => count == 0,
        Err(error) => !matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut),
    }
}

/// An answer with this status, these further header lines (each with its end), and this body.
pub fn status(code: u16, headers: &str, body: &[u8]) -> Vec<Step> {
    vec![Step::Send([head(code, headers, Some(body.len())).as_slice(), body].concat())]
}

/// A good answer that cannot be resumed.
pub fn ok(body: &[u8]) -> Vec<Step> {
    status(200, "", body)
}

/// A redirect.
pub fn redirect(to: &str) -> Vec<Step> {
    status(302, &format!("Location: {to}\r\n"), b"")
}

/// An honest answer: the part that was asked for, else all.
pub fn ranged(request: &Request, body: &[u8]) -> Vec<Step> {
    match request.from().filter(|from| *from < body.len()) {
        None => status(200, TAG, body),
        Some(from) => part(from, body.len() - 1, body.len(), TAG, &body[from..]),
    }
}

/// A part of a body, as its headers say.
pub fn part(first: usize, last: usize, total: usize, headers: &str, body: &[u8]) -> Vec<Step> {
    status(206, &format!("Content-Range: bytes {first}-{last}/{total}\r\n{headers}"), body)
}

/// The head of an answer and the first bytes of its body; the rest is announced.
pub fn cut(headers: &str, body: &[u8], at: usize) -> Vec<Step> {
    vec![Step::Send([head(200, headers, Some(body.len())).as_slice(), &body[..at]].concat())]
}

/// The head of an answer. Without a length the body ends with the connection.
pub fn head(code: u16, headers: &str, length: Option<usize>) -> Vec<u8> {
    let length = length.map(|length| format!("Content-Length: {length}\r\n")).unwrap_or_default();
    format!("HTTP/1.1 {code} Status\r\n{length}{headers}Connection: close\r\n\r\n").into_bytes()
}
