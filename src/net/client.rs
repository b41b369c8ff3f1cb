//! [`Client`]: `get` for small bodies, `open` for archives; both walk along redirects, and know
//! `file` URLs.
//!
//! How the bytes of a body are counted is `download`'s, where it is kept is `fetch`'s.

use std::fmt;
use std::io::Read;
use std::sync::OnceLock;

use flate2::read::MultiGzDecoder;
use reqwest::blocking::{self, Response};
use reqwest::header::{
    ACCEPT_ENCODING, AUTHORIZATION, CONTENT_ENCODING, HeaderValue, IF_RANGE, LOCATION, RANGE,
};
use url::Url;

use super::credentials::Credentials;
use super::download::Download;
use super::error::{Fault, NetError};
use super::netrc::Netrc;
use super::range::Resume;
use super::retry::Tries;
use super::{Network, haste, local, redirect, status, transport};
use crate::report::{Event, Report};

/// The one client of a run; asked from several threads at once.
///
/// The HTTP client and the netrc file wait for the first request that needs them: a run that reads
/// `file` URLs only never has either.
pub struct Client {
    network: Network,
    transport: OnceLock<Result<blocking::Client, String>>,
    netrc: OnceLock<Netrc>,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("network", &self.network).finish_non_exhaustive()
    }
}

/// How a body may be encoded on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Encoding {
    /// As it is. An archive is asked for like this: a `.tar.gz` that a server calls gzip-encoded
    /// must not be undone.
    Identity,
    /// Compressed, to save a small text's way.
    Gzip,
}

impl Client {
    /// A client that has not asked anything yet.
    #[must_use]
    pub fn new(network: Network) -> Client {
        let network = haste::ordered(network);
        Client { network, transport: OnceLock::new(), netrc: OnceLock::new() }
    }

    /// A small body, whole: an index, a list, an `.info`, a tile; at most `limit` bytes,
    /// decompressed.
    ///
    /// What may pass is tried again as the network's patience says; each new try is reported.
    ///
    /// # Errors
    ///
    /// What the last try met.
    pub fn get(&self, url: &Url, limit: u64, report: &dyn Report) -> Result<Vec<u8>, NetError> {
        let mut tries = self.tries(report);
        loop {
            match self.get_once(url, limit, report) {
                Err(error) if tries.again(&error) => {}
                outcome => return outcome,
            }
        }
    }

    /// An archive's body, or its part after `from`; at most `limit` bytes, the earlier part
    /// included.
    ///
    /// This is one try: a caller that keeps what came goes on from there, for as long as
    /// [`Client::tries`] allow. A server may answer a wish for a part with the whole:
    /// [`Download::start`] tells. A local file always comes whole.
    ///
    /// # Errors
    ///
    /// What the try met; `WrongRange` and the status 416 mean that the part does not exist (any
    /// more).
    pub fn open(
        &self,
        url: &Url,
        from: Option<&Resume>,
        limit: u64,
        report: &dyn Report,
    ) -> Result<Download, NetError> {
        self.begin(url, Encoding::Identity, from, limit, report).map(|(download, _)| download)
    }

    /// The tries that a new request has.
    pub fn tries<'a>(&'a self, report: &'a dyn Report) -> Tries<'a> {
        Tries::new(&self.network.patience, report)
    }

    fn get_once(&self, url: &Url, limit: u64, report: &dyn Report) -> Result<Vec<u8>, NetError> {
        // Hashes do not compress: a tile of 8192 bytes is a little longer on its way.
        let on_the_way = limit.saturating_add(limit / 8).saturating_add(1024);
        let plainly = |error: NetError| match error.fault {
            Fault::TooLarge { .. } => NetError { fault: Fault::TooLarge { limit }, ..error },
            _ => error,
        };
        let begun = self.begin(url, Encoding::Gzip, None, on_the_way, report);
        let (mut download, encoding) = begun.map_err(plainly)?;
        let bytes = download.read_all().map_err(plainly)?;
        match encoding {
            Encoding::Identity if bytes.len() as u64 > limit => Err(Fault::TooLarge { limit }),
            Encoding::Identity => Ok(bytes),
            Encoding::Gzip => gunzip(&bytes, limit),
        }
        .map_err(|fault| download.failed(fault))
    }

    fn begin(
        &self,
        url: &Url,
        accepted: Encoding,
        from: Option<&Resume>,
        limit: u64,
        report: &dyn Report,
    ) -> Result<(Download, Encoding), NetError> {
        let timeouts = self.network.timeouts;
        match url.scheme() {
            "file" => {
                let file = local::open_file(url)?;
                let download = Download::local(url, file, limit, timeouts)?;
                Ok((download, Encoding::Identity))
            }
            "http" | "https" if self.network.offline => Err(NetError::new(url, Fault::Offline)),
            "http" | "https" => {
                let (url, response) = self.follow(url, accepted, from, report)?;
                let encoding = encoding_of(&response, accepted, &url);
                let encoding = encoding.map_err(|fault| NetError::new(&url, fault))?;
                let download = Download::remote(&url, response, from, limit, timeouts)?;
                Ok((download, encoding))
            }
            _ => Err(NetError::new(url, Fault::BadScheme)),
        }
    }

    /// Asks, and goes where the answers send us, up to the one that has the body.
    fn follow(
        &self,
        url: &Url,
        accepted: Encoding,
        from: Option<&Resume>,
        report: &dyn Report,
    ) -> Result<(Url, Response), NetError> {
        let mut url = url.clone();
        for _ in 0..=redirect::LIMIT {
            let as_whom = Credentials::for_request(&url, || self.netrc(report));
            let failed = |fault| NetError::new(&url, fault);
            let response = self.ask(&url, as_whom.as_ref(), accepted, from).map_err(failed)?;
            let code = response.status().as_u16();
            if code == 200 || (code == 206 && from.is_some()) {
                return Ok((url, response));
            }
            let location = response.headers().get(LOCATION).filter(|_| redirect::is_redirect(code));
            let Some(location) = location else {
                return Err(failed(status::refused(response, &url, as_whom.as_ref())));
            };
            let location = location.to_str().map_err(|_| failed(Fault::BadRedirect))?;
            url = redirect::target(&url, location).map_err(failed)?;
        }
        Err(NetError::new(&url, Fault::TooManyRedirects))
    }

    /// One request, one answer.
    fn ask(
        &self,
        url: &Url,
        as_whom: Option<&Credentials>,
        accepted: Encoding,
        from: Option<&Resume>,
    ) -> Result<Response, Fault> {
        let transport = self.transport.get_or_init(|| transport::build(self.network.timeouts));
        let transport = transport.as_ref().map_err(|why| Fault::Setup { why: why.clone() })?;
        let mut bare = url.clone();
        // Both fail only for URLs that cannot have user information; it goes into the header.
        let _ = bare.set_username("");
        let _ = bare.set_password(None);
        let mut request = transport.get(bare).header(
            ACCEPT_ENCODING,
            match accepted {
                Encoding::Identity => "identity",
                Encoding::Gzip => "gzip",
            },
        );
        if let Some(mut value) = as_whom.and_then(|it| HeaderValue::try_from(it.basic()).ok()) {
            value.set_sensitive(true);
            request = request.header(AUTHORIZATION, value);
        }
        if let Some(from) = from {
            request = request.header(RANGE, format!("bytes={}-", from.offset));
            if let Some(validator) = &from.validator {
                request = request.header(IF_RANGE, validator.as_text());
            }
        }
        request.send().map_err(|error| Fault::from_reqwest(&error, self.network.timeouts))
    }

    /// The netrc file, read once; one that cannot be read is said once, and names nobody.
    fn netrc(&self, report: &dyn Report) -> &Netrc {
        self.netrc.get_or_init(|| {
            let Some(path) = &self.network.netrc else { return Netrc::default() };
            Netrc::read(path).unwrap_or_else(|error| {
                let path = path.display();
                report.event(Event::Warning(&format!("could not read {path}: {error}")));
                Netrc::default()
            })
        })
    }
}

/// How the body came, if that was asked for.
///
/// Of an archive `gzip` is the name of what it is itself: servers that know files by their endings
/// (Apache with `AddEncoding x-gzip .gz`) say so of each `.tar.gz`, and send it as it is. Its bytes
/// are taken as they come; whether they are the archive is judged by digest and contents anyway.
fn encoding_of(response: &Response, accepted: Encoding, url: &Url) -> Result<Encoding, Fault> {
    let Some(value) = response.headers().get(CONTENT_ENCODING) else {
        return Ok(Encoding::Identity);
    };
    let name = String::from_utf8_lossy(value.as_bytes()).trim().to_ascii_lowercase();
    match (name.as_str(), accepted) {
        ("" | "identity", _) => Ok(Encoding::Identity),
        ("gzip" | "x-gzip", Encoding::Gzip) => Ok(Encoding::Gzip),
        ("gzip" | "x-gzip", Encoding::Identity) if is_gzip_file(url) => Ok(Encoding::Identity),
        _ => Err(Fault::Encoded { encoding: name.chars().take(40).collect() }),
    }
}

fn is_gzip_file(url: &Url) -> bool {
    [".gz", ".tgz"].iter().any(|end| url.path().ends_with(end))
}

fn gunzip(bytes: &[u8], limit: u64) -> Result<Vec<u8>, Fault> {
    let mut plain = Vec::new();
    let mut decoder = MultiGzDecoder::new(bytes).take(limit.saturating_add(1));
    decoder
        .read_to_end(&mut plain)
        .map_err(|error| Fault::Broken { why: format!("gzip: {error}") })?;
    match plain.len() as u64 > limit {
        true => Err(Fault::TooLarge { limit }),
        false => Ok(plain),
    }
}

#[cfg(test)]
mod tests;
