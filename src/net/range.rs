//! Going on where a body broke off: what we ask for ([`Resume`]), and what makes an answer the same
//! body still ([`Validator`], `Content-Range`).
//!
//! When to go on and when to start over is `fetch`'s.

use std::time::Duration;

use reqwest::header::{CONTENT_RANGE, DATE, ETAG, HeaderMap, HeaderName, LAST_MODIFIED};

/// From where a body is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resume {
    /// Bytes that are there already; more than 0.
    pub offset: u64,
    /// What the bytes belong to. Without it the server is not asked whether it still has the same
    /// body: only for bytes whose digest is known.
    pub validator: Option<Validator>,
}

/// What a server calls one exact body: a strong entity tag, or a modification time that is old
/// enough to be exact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Validator(String);

impl Validator {
    /// A validator that was kept; none if the text could not be one.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Validator> {
        let is_tag = is_strong_tag(text);
        let is_date = httpdate::parse_http_date(text).is_ok();
        (is_tag || is_date).then(|| Validator(text.to_owned()))
    }

    /// As it stands in `If-Range`.
    #[must_use]
    pub fn as_text(&self) -> &str {
        &self.0
    }

    /// The strong validator of an answer, if it has one.
    pub(super) fn of(headers: &HeaderMap) -> Option<Validator> {
        let tag = text(headers, &ETAG).filter(|tag| is_strong_tag(tag));
        let found = tag.or_else(|| exact_date(headers))?;
        Some(Validator(found.to_owned()))
    }
}

/// A `Content-Range: bytes first-last/total`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Part {
    pub first: u64,
    pub last: u64,
    pub total: Option<u64>,
}

impl Part {
    /// The part that a 206 holds, if it continues `wanted`.
    pub(super) fn continuing(wanted: &Resume, headers: &HeaderMap) -> Option<Part> {
        let part = Part::parse(text(headers, &CONTENT_RANGE)?)?;
        if part.first != wanted.offset {
            return None;
        }
        // A server that ignores If-Range (or one behind a redirect) may continue another body.
        match (&wanted.validator, Validator::of(headers)) {
            (Some(ours), Some(theirs)) if *ours != theirs => None,
            _ => Some(part),
        }
    }

    fn parse(value: &str) -> Option<Part> {
        let (unit, range) = value.trim().split_once(' ')?;
        let (ends, total) = range.split_once('/')?;
        let (first, last) = ends.split_once('-')?;
        let total = match total {
            "*" => None,
            _ => Some(number(total)?),
        };
        let part = Part { first: number(first)?, last: number(last)?, total };
        let is_sound = part.first <= part.last
            && part.last < u64::MAX
            && part.total.is_none_or(|total| part.last < total);
        (is_sound && unit.eq_ignore_ascii_case("bytes")).then_some(part)
    }
}

/// `u64::from_str` takes a sign.
fn number(text: &str) -> Option<u64> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}

/// `"…"`, not `W/"…"` (RFC 9110 §8.8.3).
fn is_strong_tag(text: &str) -> bool {
    let inner = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    inner.is_some_and(|inner| inner.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'"'))
}

/// A modification time a minute before the answer's own date: within one second a file may change
/// twice (RFC 9110 §8.8.2.2).
fn exact_date(headers: &HeaderMap) -> Option<&str> {
    let modified = text(headers, &LAST_MODIFIED)?;
    let changed = httpdate::parse_http_date(modified).ok()?;
    let now = httpdate::parse_http_date(text(headers, &DATE)?).ok()?;
    let age = now.duration_since(changed).ok()?;
    (age >= Duration::from_secs(60)).then_some(modified)
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    use proptest::prelude::*;

    const MAY_1ST: &str = "Fri, 01 May 2026 12:00:00 GMT";
    const MAY_2ND: &str = "Sat, 02 May 2026 12:00:00 GMT";

    type Headers<'a> = &'a [(HeaderName, &'a str)];

    fn headers(pairs: Headers<'_>) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.clone(), value.parse().unwrap())).collect()
    }

    #[test]
    fn only_strong_validators_count() {
        let table: [(Headers<'_>, Option<&str>); 7] = [
            (&[(ETAG, "\"a\"")], Some("\"a\"")),
            (&[(ETAG, "W/\"a\"")], None),
            (&[(ETAG, "a")], None),
            (&[(ETAG, "\"a\""), (LAST_MODIFIED, MAY_1ST), (DATE, MAY_2ND)], Some("\"a\"")),
            (&[(ETAG, "W/\"a\""), (LAST_MODIFIED, MAY_1ST), (DATE, MAY_2ND)], Some(MAY_1ST)),
            (&[(LAST_MODIFIED, MAY_1ST), (DATE, MAY_1ST)], None),
            (&[(LAST_MODIFIED, MAY_1ST)], None),
        ];
        for (pairs, expected) in table {
            let found = Validator::of(&headers(pairs));
            assert_eq!(found.as_ref().map(Validator::as_text), expected, "{pairs:?}");
            assert_eq!(expected.and_then(Validator::from_text), found);
        }
    }

    #[test]
    fn a_kept_validator_is_not_taken_on_trust() {
        for text in ["", "a", "W/\"a\"", "\"a\r\nHost: x\"", "\"a\"b\"", "yesterday"] {
            assert_eq!(Validator::from_text(text), None, "{text:?}");
        }
    }

    #[test]
    fn content_range_is_read_strictly() {
        let table = [
            ("bytes 5-9/10", Some((5, 9, Some(10)))),
            ("Bytes 5-9/*", Some((5, 9, None))),
            ("bytes 5-10/10", None),
            ("bytes 9-5/10", None),
            ("bytes */10", None),
            ("bytes +5-9/10", None),
            ("bytes 5-9", None),
            ("bytes 0-18446744073709551615/*", None),
            ("lines 5-9/10", None),
            ("", None),
        ];
        for (value, expected) in table {
            let part = Part::parse(value).map(|part| (part.first, part.last, part.total));
            assert_eq!(part, expected, "{value:?}");
        }
    }

    #[test]
    fn a_part_continues_the_same_body_at_the_same_place() {
        let wanted = Resume { offset: 5, validator: Validator::from_text("\"a\"") };
        let table = [
            ("bytes 5-9/10", "\"a\"", true),
            ("bytes 4-9/10", "\"a\"", false),
            ("bytes 5-9/10", "\"b\"", false),
            ("bytes 5-9/10", "W/\"b\"", true),
        ];
        for (range, tag, expected) in table {
            let headers = headers(&[(CONTENT_RANGE, range), (ETAG, tag)]);
            assert_eq!(Part::continuing(&wanted, &headers).is_some(), expected, "{range} {tag}");
        }
        assert_eq!(Part::continuing(&wanted, &HeaderMap::new()), None);
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(
            first in 0u64..1000,
            more in 0u64..1000,
            after in 0u64..1000,
        ) {
            let (last, total) = (first + more, first + more + 1 + after);
            let part = Part { first, last, total: Some(total) };
            prop_assert_eq!(Part::parse(&format!("bytes {first}-{last}/{total}")), Some(part));
        }

        #[test]
        fn no_answer_makes_it_fail(value in "(bytes )?[0-9*/ -]{0,30}") {
            let _ = Part::parse(&value);
        }
    }
}
