//! URLs as they may be shown: without user information, with the values of token-like query keys
//! masked.
//!
//! The user name goes too, since many services take a token in its place.

use url::{Url, form_urlencoded};

const MASK: &str = "xxxxx";

/// Parts of query keys whose value is a secret: signed links of S3 (`X-Amz-Signature`,
/// `AWSAccessKeyId`), Google (`X-Goog-Credential`) and Azure (`sig`), and what services call their
/// tokens.
const SECRET_KEYS: [&str; 11] = [
    "access",
    "auth",
    "credential",
    "jwt",
    "key",
    "passw",
    "pwd",
    "secret",
    "session",
    "sig",
    "token",
];

/// The URL as it may be shown.
#[must_use]
pub fn redact(url: &Url) -> String {
    let mut shown = url.clone();
    // Both fail only for URLs that cannot have user information.
    let _ = shown.set_username("");
    let _ = shown.set_password(None);
    shown.set_fragment(None);
    if let Some(query) = url.query() {
        shown.set_query(Some(&masked(query)));
    }
    shown.into()
}

/// A text that was meant as a URL, as it may be shown although it is perhaps none: without what could be user
/// information, and with the values masked that [`redact`] masks.
#[must_use]
pub fn redact_text(text: &str) -> String {
    let (scheme, rest) = text.split_at(text.find("//").map_or(0, |at| at + 2));
    // Only behind the last @ no password can be: it may hold what ends a host's name elsewhere.
    let (is_cut, rest) = rest.rsplit_once('@').map_or((false, rest), |(_, rest)| (true, rest));
    if let Some((host, _)) = rest.split_once(':')
        && !(is_cut || scheme.is_empty() || Url::parse(text).is_ok())
    {
        // The first half of a password that holds the comma at which a list is cut.
        return format!("{scheme}{host}:{MASK}");
    }
    let rest = rest.split('#').next().unwrap_or_default();
    match rest.split_once('?') {
        Some((path, query)) => format!("{scheme}{path}?{}", masked(query)),
        None => format!("{scheme}{rest}"),
    }
}

/// What of the URL is a secret, both as it stands there and decoded: no text that holds one may be
/// shown.
pub(super) fn secrets(url: &Url) -> Vec<String> {
    let user = match url.password() {
        Some(password) => password,
        None => url.username(),
    };
    let query = url.query().unwrap_or_default();
    let raw = query.split('&').filter_map(|pair| pair.split_once('='));
    let raw = raw.filter(|(key, _)| is_secret(key)).map(|(_, value)| value.to_owned());
    let decoded = form_urlencoded::parse(query.as_bytes());
    let decoded = decoded.filter(|(key, _)| is_secret(key)).map(|(_, value)| value.into_owned());
    let mut secrets = vec![user.to_owned()];
    secrets.extend(raw.chain(decoded));
    secrets.retain(|secret| !secret.is_empty());
    secrets
}

fn masked(query: &str) -> String {
    let pairs = query.split('&').map(|pair| match pair.split_once('=') {
        Some((key, _)) if is_secret(key) => format!("{key}={MASK}"),
        _ => pair.to_owned(),
    });
    pairs.collect::<Vec<_>>().join("&")
}

/// `key` may be percent-encoded (`%74oken`): it is decoded before the comparison.
fn is_secret(key: &str) -> bool {
    let decoded = form_urlencoded::parse(key.as_bytes()).next();
    let Some((key, _)) = decoded else { return false };
    let key = key.to_ascii_lowercase();
    SECRET_KEYS.iter().any(|part| key.contains(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    use proptest::prelude::*;

    #[test]
    fn secrets_are_cut_out_and_the_rest_stays() {
        let table = [
            ("https://h.example/dl/x.zip", "https://h.example/dl/x.zip"),
            ("https://u:hunter2@h.example:8443/x", "https://h.example:8443/x"),
            ("https://hunter2@h.example/x", "https://h.example/x"),
            (
                "https://h.example/x?mode=json&include=all",
                "https://h.example/x?mode=json&include=all",
            ),
            (
                "https://h.example/x?a=1&X-Amz-Signature=hunter2",
                "https://h.example/x?a=1&X-Amz-Signature=xxxxx",
            ),
            ("https://h.example/x?%74oken=hunter2", "https://h.example/x?%74oken=xxxxx"),
            ("https://h.example/x?API_KEY=hunter2=&b", "https://h.example/x?API_KEY=xxxxx&b"),
            ("https://h.example/x#access_token=hunter2", "https://h.example/x"),
            ("file:///srv/go.zip", "file:///srv/go.zip"),
            ("data:x", "data:x"),
        ];
        for (url, expected) in table {
            assert_eq!(redact(&Url::parse(url).unwrap()), expected);
        }
    }

    #[test]
    fn a_text_that_is_no_url_has_secrets_too() {
        let table = [
            ("ftp://u:hunter2@h.example/x", "ftp://h.example/x"),
            ("https://u:hunter2@h.example:port/x", "https://h.example:port/x"),
            ("https://u:hun/ter#2@h.example/x", "https://h.example/x"),
            ("https://u:hunter2", "https://u:xxxxx"),
            ("ftp://h.example:21/x?token=hunter2#hunter2", "ftp://h.example:21/x?token=xxxxx"),
            ("u:hunter2@h.example", "h.example"),
            ("relative/folder", "relative/folder"),
            ("gopher", "gopher"),
        ];
        for (text, expected) in table {
            assert_eq!(redact_text(text), expected);
        }
    }

    #[test]
    fn secrets_are_known_in_both_spellings() {
        let table: [(&str, &[&str]); 4] = [
            ("https://u:p%40ss@h.example/", &["p%40ss"]),
            ("https://tok@h.example/", &["tok"]),
            ("https://h.example/?sig=a%2Bb&mode=json", &["a%2Bb", "a+b"]),
            ("https://h.example/?mode=json", &[]),
        ];
        for (url, expected) in table {
            assert_eq!(secrets(&Url::parse(url).unwrap()), expected, "{url}");
        }
    }

    proptest! {
        #[test]
        fn no_password_is_ever_shown(
            user in "[a-z]{1,8}",
            password in "\\PC{1,20}",
            token in "\\PC{1,20}",
        ) {
            let mut url = Url::parse("https://h.example/x").unwrap();
            let planted = format!("QQQ{password}QQQ");
            url.set_username(&user).unwrap();
            url.set_password(Some(&planted)).unwrap();
            url.query_pairs_mut().append_pair("access_token", &format!("QQQ{token}"));
            prop_assert!(!redact(&url).contains("QQQ"));
        }
    }
}
