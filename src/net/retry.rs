//! What may pass by waiting, and how long to wait for it.
//!
//! What is tried again is the caller's: a small body from its start, an archive from where it broke
//! off.

use std::collections::hash_map::RandomState;
use std::fmt;
use std::hash::{BuildHasher, Hasher};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, SystemTime};

use super::error::{Fault, NetError};
use crate::report::{Event, Report};

/// How gvm waits: `thread::sleep`, or what a test puts in its place.
pub type Pause = Arc<dyn Fn(Duration) + Send + Sync>;

/// How often and after which waits a request is tried again.
#[derive(Clone)]
pub struct Patience {
    /// Tries in all.
    pub tries: u32,
    /// The wait after the first failure, give or take a quarter; it doubles with each further one.
    pub first_wait: Duration,
    /// The longest wait that a server may ask for by `Retry-After`. After an answer that asks for a
    /// longer one there is no further try: it would be refused, and another source may do at once.
    pub longest_asked: Duration,
    /// How gvm waits.
    pub pause: Pause,
}

impl Default for Patience {
    fn default() -> Patience {
        Patience {
            tries: 4,
            first_wait: Duration::from_millis(200),
            longest_asked: Duration::from_secs(60),
            pause: Arc::new(thread::sleep),
        }
    }
}

impl fmt::Debug for Patience {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Patience")
            .field("tries", &self.tries)
            .field("first_wait", &self.first_wait)
            .field("longest_asked", &self.longest_asked)
            .finish_non_exhaustive()
    }
}

impl Patience {
    /// The wait after `failures` (≥ 1) in a row. `roll` in 0..1 spreads clients that failed
    /// together; the spread is narrow enough for each wait to be longer than the one before.
    fn wait(&self, failures: u32, asked: Option<Duration>, roll: f64) -> Duration {
        let doublings = failures.saturating_sub(1).min(16);
        let grown = self.first_wait.saturating_mul(1 << doublings).mul_f64(0.75 + 0.5 * roll);
        asked.map_or(grown, |asked| asked.max(grown))
    }
}

/// The tries that one request has left.
pub struct Tries<'a> {
    patience: &'a Patience,
    report: &'a dyn Report,
    failures: u32,
}

impl<'a> Tries<'a> {
    pub(super) fn new(patience: &'a Patience, report: &'a dyn Report) -> Tries<'a> {
        Tries { patience, report, failures: 0 }
    }

    /// Whether to try again after `error`: if so, it was reported and waited for.
    pub fn again(&mut self, error: &NetError) -> bool {
        self.failures += 1;
        let asked = match error.fault {
            Fault::Status { retry_after, .. } => retry_after,
            _ => None,
        };
        let is_too_long = asked.is_some_and(|asked| asked > self.patience.longest_asked);
        if self.failures >= self.patience.tries || is_too_long || !may_pass(&error.fault) {
            return false;
        }
        let wait = self.patience.wait(self.failures, asked, roll());
        let why = error.fault.to_string();
        self.report.event(Event::Retrying { url: &error.url, why: &why, wait });
        (self.patience.pause)(wait);
        true
    }
}

impl fmt::Debug for Tries<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tries").field("failures", &self.failures).finish_non_exhaustive()
    }
}

/// Whether the same request may go well later. A wrong certificate, an unknown file, a refused
/// redirect do not pass.
fn may_pass(fault: &Fault) -> bool {
    match fault {
        Fault::Unreachable { .. }
        | Fault::Stalled { .. }
        | Fault::Broken { .. }
        | Fault::Short { .. } => true,
        Fault::Status { code, .. } => matches!(code, 408 | 429 | 500..=599),
        Fault::Offline
        | Fault::UnknownHost { .. }
        | Fault::Tls { .. }
        | Fault::Slow { .. }
        | Fault::TooLarge { .. }
        | Fault::WrongRange
        | Fault::Encoded { .. }
        | Fault::Downgrade { .. }
        | Fault::TooManyRedirects
        | Fault::BadRedirect
        | Fault::BadScheme
        | Fault::File(_)
        | Fault::Setup { .. } => false,
    }
}

/// What a `Retry-After` header asks for: seconds, or a date (RFC 9110 §10.2.3). A past date asks
/// for nothing.
pub(super) fn retry_after(value: &str, now: SystemTime) -> Option<Duration> {
    let value = value.trim();
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(Duration::from_secs(value.parse().unwrap_or(u64::MAX)));
    }
    let date = httpdate::parse_http_date(value).ok()?;
    Some(date.duration_since(now).unwrap_or_default())
}

/// A number in 0..1, random enough for spreading waits: std seeds each `RandomState` anew.
fn roll() -> f64 {
    let hash = RandomState::new().build_hasher().finish();
    f64::from((hash >> 32) as u32) / (f64::from(u32::MAX) + 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    use std::sync::Mutex;

    use proptest::prelude::*;
    use url::Url;

    fn status(code: u16, retry_after: Option<Duration>) -> Fault {
        Fault::Status { code, snippet: None, retry_after }
    }

    #[test]
    fn some_faults_may_pass_and_others_do_not() {
        let table = [
            (status(408, None), true),
            (status(429, None), true),
            (status(500, None), true),
            (status(503, None), true),
            (status(400, None), false),
            (status(403, None), false),
            (status(404, None), false),
            (status(416, None), false),
            (Fault::Unreachable { why: String::new() }, true),
            (Fault::Short { received: 1, expected: None }, true),
            (Fault::UnknownHost { why: String::new() }, false),
            (Fault::Slow { after: Duration::ZERO }, false),
            (Fault::Tls { why: String::new() }, false),
            (Fault::Offline, false),
        ];
        for (fault, expected) in table {
            assert_eq!(may_pass(&fault), expected, "{fault}");
        }
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let now = httpdate::parse_http_date("Fri, 01 May 2026 12:00:00 GMT").unwrap();
        let table = [
            ("120", Some(120)),
            (" 0 ", Some(0)),
            ("99999999999999999999999", Some(u64::MAX)),
            ("Fri, 01 May 2026 12:00:07 GMT", Some(7)),
            ("Fri, 01 May 2026 11:00:00 GMT", Some(0)),
            ("-1", None),
            ("1.5", None),
            ("soon", None),
            ("", None),
        ];
        for (value, seconds) in table {
            assert_eq!(retry_after(value, now), seconds.map(Duration::from_secs), "{value:?}");
        }
    }

    #[test]
    fn the_tries_end_and_each_wait_is_said_and_kept() {
        let waits = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&waits);
        let pause: Pause = Arc::new(move |wait| kept.lock().unwrap().push(wait));
        let patience = Patience { pause, ..Patience::default() };
        let url = Url::parse("https://h.example/").unwrap();
        let asking = |seconds| NetError::new(&url, status(429, Some(Duration::from_secs(seconds))));

        let mut tries = Tries::new(&patience, &crate::report::Silent);
        let again: Vec<bool> = (0..4).map(|_| tries.again(&asking(60))).collect();

        assert_eq!(again, [true, true, true, false]);
        assert_eq!(*waits.lock().unwrap(), [Duration::from_secs(60); 3]);
        assert!(!Tries::new(&patience, &crate::report::Silent).again(&asking(61)));
    }

    proptest! {
        #[test]
        fn waits_grow_whatever_the_roll(failures in 1u32..10, a in 0.0..1.0, b in 0.0..1.0) {
            let patience = Patience::default();
            prop_assert!(patience.wait(failures, None, a) < patience.wait(failures + 1, None, b));
        }

        #[test]
        fn no_answer_makes_retry_after_fail(value in "\\PC{0,40}") {
            let _ = retry_after(&value, SystemTime::UNIX_EPOCH);
        }
    }

    #[test]
    fn a_roll_is_a_fraction() {
        assert!((0..100).map(|_| roll()).all(|roll| (0.0..1.0).contains(&roll)));
    }
}
