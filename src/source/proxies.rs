//! GOPROXY, read as the go command reads it: a list of proxies, and after which failures the next one is asked.
//!
//! Source: `cmd/go/internal/modfetch/proxy.go` of Go 1.27, `go help goproxy`.

use url::Url;

use crate::net::{NetError, redact};
use crate::settings::go::GoSettings;

/// The list.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ProxyList {
    entries: Vec<Entry>,
}

/// One proxy of the list.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Entry {
    /// Where it is.
    pub place: Place,
    /// Whether any failure leads to the next entry, not only "no such file": it is followed by `|`.
    pub forgiving: bool,
}

/// Where an entry leads.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Place {
    /// A proxy.
    Proxy(Url),
    /// The module's own home.
    Direct,
    /// Nowhere: everything ends here.
    Off,
}

/// Why GOPROXY leads nowhere.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum ProxyError {
    /// It says so.
    #[error("GOPROXY=off forbids it")]
    Off,
    /// Only separators.
    #[error("GOPROXY is not empty, but names no proxy")]
    NoEntries,
    /// An element is no URL.
    #[error("GOPROXY holds something that is no URL")]
    BadUrl,
}

impl ProxyList {
    /// Reads GOPROXY, and GONOPROXY as far as it concerns the toolchain module.
    ///
    /// # Errors
    /// When it holds separators only, or what is no URL.
    pub fn parse(settings: &GoSettings) -> Result<Self, ProxyError> {
        let list = settings.proxy.as_str();
        let mut entries = Vec::new();
        if list != "direct" && matches_toolchain(&settings.no_proxy) {
            entries.push(Entry { place: Place::Direct, forgiving: false });
            return Ok(Self { entries });
        }
        for element in list.split_inclusive([',', '|']) {
            let forgiving = element.ends_with('|');
            let place = match element.trim_end_matches([',', '|']).trim() {
                "" => continue,
                "direct" | "noproxy" => Place::Direct,
                "off" => Place::Off,
                url => Place::Proxy(proxy_url(url).ok_or(ProxyError::BadUrl)?),
            };
            let last = !matches!(place, Place::Proxy(_));
            entries.push(Entry { place, forgiving });
            if last {
                break;
            }
        }
        if entries.is_empty() {
            return Err(ProxyError::NoEntries);
        }
        Ok(Self { entries })
    }

    /// One proxy and nothing else.
    pub fn one(place: Url) -> Self {
        Self { entries: vec![Entry { place: Place::Proxy(place), forgiving: false }] }
    }

    /// No proxy at all: what is asked is asked directly.
    pub fn none() -> Self {
        Self { entries: Vec::new() }
    }

    /// The list as text, without credentials.
    pub fn shown(&self) -> String {
        let show = |entry: &Entry| match &entry.place {
            Place::Proxy(url) => redact(url),
            Place::Direct => "direct".into(),
            Place::Off => "off".into(),
        };
        self.entries.iter().map(show).collect::<Vec<_>>().join(",")
    }

    /// The entries in their order; after a direct one or `off` there is none.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Asks one entry after the other until one answers. `direct` is where a direct entry leads.
    ///
    /// # Errors
    /// Of all failures the one that says most, as the go command chooses: that of a direct entry, else the first that
    /// is not "no such file", else the first.
    pub fn ask<T, E>(
        &self,
        direct: &Url,
        mut question: impl FnMut(&Url) -> Result<T, E>,
    ) -> Result<T, E>
    where
        E: From<ProxyError> + Missing,
    {
        let mut best: Option<E> = None;
        for entry in &self.entries {
            let base = match &entry.place {
                Place::Proxy(url) => url,
                Place::Direct => direct,
                Place::Off => return Err(best.unwrap_or_else(|| ProxyError::Off.into())),
            };
            let error = match question(base) {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            let go_on = entry.forgiving || error.is_missing();
            let better = entry.place == Place::Direct && !error.is_missing()
                || best.as_ref().is_none_or(|best| best.is_missing() && !error.is_missing());
            if better {
                best = Some(error);
            }
            if !go_on {
                break;
            }
        }
        Err(best.unwrap_or_else(|| ProxyError::NoEntries.into()))
    }
}

/// A failure that may mean "no such file", after which a list goes on.
pub trait Missing {
    /// Whether it does.
    fn is_missing(&self) -> bool;
}

impl Missing for NetError {
    fn is_missing(&self) -> bool {
        self.is_not_found()
    }
}

/// An element as a URL: without a scheme it means https.
fn proxy_url(element: &str) -> Option<Url> {
    let bare = element.contains(['.', ':', '/']) && !element.contains(":/");
    let url = if bare && !element.starts_with('/') {
        Url::parse(&format!("https://{element}"))
    } else {
        Url::parse(element)
    };
    url.ok().filter(|url| matches!(url.scheme(), "http" | "https" | "file"))
}

/// Whether a GONOPROXY list names the toolchain module: by itself or by a prefix of its path, with `*` for a part.
fn matches_toolchain(patterns: &str) -> bool {
    let path: Vec<&str> = gvm_core::module::PATH.split('/').collect();
    patterns.split(',').map(str::trim).filter(|pattern| !pattern.is_empty()).any(|pattern| {
        let parts: Vec<&str> = pattern.trim_end_matches('/').split('/').collect();
        parts.len() <= path.len() && parts.iter().zip(&path).all(|(glob, part)| globs(glob, part))
    })
}

/// `*` for any run of characters, `?` for one.
fn globs(pattern: &str, text: &str) -> bool {
    let Some(first) = pattern.chars().next() else { return text.is_empty() };
    let rest = &pattern[first.len_utf8()..];
    match first {
        '*' => (0..=text.len())
            .filter(|at| text.is_char_boundary(*at))
            .any(|at| globs(rest, &text[at..])),
        '?' => text.chars().next().is_some_and(|c| globs(rest, &text[c.len_utf8()..])),
        c => text.strip_prefix(c).is_some_and(|text| globs(rest, text)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(proxy: &str, no_proxy: &str) -> Result<Vec<String>, ProxyError> {
        let settings = GoSettings {
            proxy: proxy.into(),
            names_proxy: true,
            no_proxy: no_proxy.into(),
            sumdb: String::new(),
        };
        let list = ProxyList::parse(&settings)?;
        let show = |entry: &Entry| {
            let place = match &entry.place {
                Place::Proxy(url) => url.as_str(),
                Place::Direct => "direct",
                Place::Off => "off",
            };
            format!("{place}{}", if entry.forgiving { "|" } else { "" })
        };
        Ok(list.entries.iter().map(show).collect())
    }

    #[test]
    fn the_list_is_read_as_the_go_command_reads_it() {
        let table: [(&str, &str, &[&str]); 9] = [
            ("direct", "", &["direct"]),
            ("off", "", &["off"]),
            ("https://a.example,direct", "", &["https://a.example/", "direct"]),
            (
                "https://a.example|b.example/x,off",
                "",
                &["https://a.example/|", "https://b.example/x", "off"],
            ),
            (
                " https://a.example , ,direct,https://never.example",
                "",
                &["https://a.example/", "direct"],
            ),
            ("file:///srv/proxy", "", &["file:///srv/proxy"]),
            ("https://a.example", "golang.org/*", &["direct"]),
            ("https://a.example", "example.com,*.org/toolchain", &["direct"]),
            ("https://a.example", "golang.org/x", &["https://a.example/"]),
        ];
        for (proxy, no_proxy, expected) in table {
            assert_eq!(list(proxy, no_proxy).unwrap(), expected, "{proxy} {no_proxy}");
        }
        assert_eq!(list(",|", ""), Err(ProxyError::NoEntries));
        assert_eq!(list("/srv/proxy", ""), Err(ProxyError::BadUrl));
    }

    #[derive(Debug, PartialEq)]
    struct Failed(u16);
    impl Missing for Failed {
        fn is_missing(&self) -> bool {
            self.0 == 404
        }
    }
    impl From<ProxyError> for Failed {
        fn from(_: ProxyError) -> Self {
            Self(0)
        }
    }

    fn asked(proxy: &str, answers: &[u16]) -> (Result<(), Failed>, usize) {
        let settings = GoSettings {
            proxy: proxy.into(),
            names_proxy: true,
            no_proxy: String::new(),
            sumdb: String::new(),
        };
        let direct = Url::parse("https://direct.example").unwrap();
        let mut count = 0;
        let result = ProxyList::parse(&settings).unwrap().ask(&direct, |_| {
            count += 1;
            match answers[count - 1] {
                200 => Ok(()),
                code => Err(Failed(code)),
            }
        });
        (result, count)
    }

    #[test]
    fn a_comma_goes_on_after_a_missing_file_only_and_a_bar_after_everything() {
        assert_eq!(asked("a.example,b.example", &[404, 200]), (Ok(()), 2));
        assert_eq!(asked("a.example,b.example", &[500]), (Err(Failed(500)), 1));
        assert_eq!(asked("a.example|b.example", &[500, 200]), (Ok(()), 2));
        assert_eq!(asked("a.example|b.example,direct", &[500, 404, 404]), (Err(Failed(500)), 3));
        assert_eq!(asked("a.example,off", &[404]), (Err(Failed(404)), 1));
        assert_eq!(asked("off", &[]), (Err(Failed(0)), 0));
    }
}
