//! [`Download`]: the body of an answer, or of a local file, read piece by piece; never longer than
//! announced or allowed, never shorter than announced, never silent for longer than the stall
//! time-out.
//!
//! Where the bytes go is the caller's.

use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::time::Instant;

use reqwest::blocking::Response;
use reqwest::header::CONTENT_LENGTH;
use url::Url;

use super::error::{self, Fault, NetError};
use super::range::{Part, Resume, Validator};
use super::{Timeouts, redact};

/// An answer whose body is still to be read.
#[derive(Debug)]
pub struct Download {
    /// Where its first byte belongs.
    pub start: Start,
    /// Bytes of the whole body, the earlier part included, if the server says so.
    pub total: Option<u64>,
    /// What the server calls this exact body, to go on later.
    pub validator: Option<Validator>,
    url: String,
    body: Body,
    received: u64,
    announced: Option<u64>,
    limit: u64,
    pace: Pace,
}

/// Where a body begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// At its first byte: what was there before is to be thrown away.
    Whole,
    /// At this offset, the one that was asked for.
    At(u64),
}

enum Body {
    Remote(Response),
    Local(File),
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            // A response's own `Debug` shows its URL and headers, which may hold secrets.
            Body::Remote(_) => "Remote",
            Body::Local(_) => "Local",
        })
    }
}

impl Download {
    /// The body of a 200, or of a 206 that continues `from`; `limit` is for the whole, the earlier
    /// part included.
    pub(super) fn remote(
        url: &Url,
        response: Response,
        from: Option<&Resume>,
        limit: u64,
        timeouts: Timeouts,
    ) -> Result<Download, NetError> {
        let headers = response.headers();
        let length = headers.get(CONTENT_LENGTH).and_then(|it| it.to_str().ok()?.parse().ok());
        let (start, total, announced) = match from.filter(|_| response.status() == 206) {
            None => (Start::Whole, length, length),
            Some(from) => {
                let part = Part::continuing(from, headers)
                    .ok_or_else(|| NetError::new(url, Fault::WrongRange))?;
                (Start::At(from.offset), part.total, Some(part.last + 1 - part.first))
            }
        };
        let validator = Validator::of(headers);
        let (url, body) = (redact(url), Body::Remote(response));
        let pace = Pace::new(timeouts);
        let download =
            Download { start, total, validator, url, body, received: 0, announced, limit, pace };
        download.checked_total()
    }

    /// A local file, from its start.
    pub(super) fn local(
        url: &Url,
        file: File,
        limit: u64,
        timeouts: Timeouts,
    ) -> Result<Download, NetError> {
        let length = file.metadata().map_err(|error| NetError::new(url, Fault::File(error)))?.len();
        let total = Some(length);
        let (url, body) = (redact(url), Body::Local(file));
        let (start, validator, pace) = (Start::Whole, None, Pace::new(timeouts));
        let announced = total;
        let download =
            Download { start, total, validator, url, body, received: 0, announced, limit, pace };
        download.checked_total()
    }

    fn checked_total(self) -> Result<Download, NetError> {
        match self.total {
            Some(total) if total > self.limit => {
                Err(self.failed(Fault::TooLarge { limit: self.limit }))
            }
            _ => Ok(self),
        }
    }

    /// The next bytes, at most `buffer.len()` (which must not be 0); 0 at the announced end.
    ///
    /// # Errors
    ///
    /// A body that is too long, ends early, breaks off or stands still.
    pub fn read(&mut self, buffer: &mut [u8]) -> Result<usize, NetError> {
        let outcome = match &mut self.body {
            Body::Remote(response) => response.read(buffer),
            Body::Local(file) => file.read(buffer),
        };
        let count = outcome.map_err(|error| self.broken(error))?;
        if count == 0 {
            return match self.announced {
                Some(expected) if self.received < expected => {
                    Err(self
                        .failed(Fault::Short { received: self.received, expected: Some(expected) }))
                }
                _ => Ok(0),
            };
        }
        self.received += count as u64;
        if let Some(limit) = self.overrun() {
            return Err(self.failed(Fault::TooLarge { limit }));
        }
        self.pace.step(count as u64).map_err(|fault| self.failed(fault))?;
        Ok(count)
    }

    /// The rest of the body, within the time that a small one may take.
    pub(super) fn read_all(&mut self) -> Result<Vec<u8>, NetError> {
        let (begun, after) = (Instant::now(), self.pace.timeouts.whole);
        let mut bytes = Vec::new();
        let mut buffer = vec![0; 16 * 1024];
        loop {
            match self.read(&mut buffer)? {
                0 => return Ok(bytes),
                count => bytes.extend_from_slice(&buffer[..count]),
            }
            if begun.elapsed() > after {
                return Err(self.failed(Fault::Slow { after }));
            }
        }
    }

    /// The error that this body has `fault`.
    pub(crate) fn failed(&self, fault: Fault) -> NetError {
        NetError { url: self.url.clone(), fault }
    }

    /// The bound that was crossed, as bytes of the whole body.
    fn overrun(&self) -> Option<u64> {
        let offset = match self.start {
            Start::Whole => 0,
            Start::At(offset) => offset,
        };
        let announced = self.announced.map_or(u64::MAX, |length| offset.saturating_add(length));
        let bound = self.limit.min(announced);
        (offset.saturating_add(self.received) > bound).then_some(bound)
    }

    fn broken(&self, error: io::Error) -> NetError {
        let fault = match error.downcast::<reqwest::Error>() {
            Ok(error) if error::ended_early(&error) => {
                Fault::Short { received: self.received, expected: self.announced }
            }
            Ok(error) => Fault::from_reqwest(&error, self.pace.timeouts),
            Err(error) if matches!(self.body, Body::Local(_)) => Fault::File(error),
            Err(error) => Fault::Broken { why: error.to_string() },
        };
        self.failed(fault)
    }
}

/// Notices a body that drips: no read times out, yet nothing to speak of comes.
#[derive(Debug)]
struct Pace {
    timeouts: Timeouts,
    since: Instant,
    bytes: u64,
}

impl Pace {
    fn new(timeouts: Timeouts) -> Pace {
        Pace { timeouts, since: Instant::now(), bytes: 0 }
    }

    fn step(&mut self, bytes: u64) -> Result<(), Fault> {
        self.bytes += bytes;
        if self.since.elapsed() < self.timeouts.stall {
            return Ok(());
        }
        if self.bytes < self.timeouts.trickle {
            return Err(Fault::Stalled { after: self.timeouts.stall });
        }
        (self.since, self.bytes) = (Instant::now(), 0);
        Ok(())
    }
}
