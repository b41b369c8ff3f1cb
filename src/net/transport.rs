//! The HTTP client itself: rustls with *ring*, the system's certificate roots, proxies from the
//! environment.
//!
//! Building it reads some 150 certificates and starts a thread (about 10 ms), so `client` does so
//! at the first request and not before. Redirects and content encodings are not its business:
//! `client` follows the ones, and nobody undoes the others unasked.

use std::sync::Arc;

use reqwest::blocking;
use reqwest::redirect;
use rustls::crypto::ring;
use rustls::{ClientConfig, RootCertStore};

use super::Timeouts;

const USER_AGENT: &str = concat!("gvm/", env!("CARGO_PKG_VERSION"));

/// A client; the error says what is wrong with this machine's TLS set-up.
pub(super) fn build(timeouts: Timeouts) -> Result<blocking::Client, String> {
    let tls = tls_config().map_err(|error| error.to_string())?;
    let builder = blocking::Client::builder()
        .tls_backend_preconfigured(tls)
        .user_agent(USER_AGENT)
        .redirect(redirect::Policy::none())
        .referer(false)
        .no_gzip()
        .connect_timeout(timeouts.connect)
        // Of the blocking client this is the time to the answer's head, then that of each read.
        .timeout(timeouts.stall);
    // Unit tests speak to their own servers, whatever proxy the machine has.
    let builder = if cfg!(test) { builder.no_proxy() } else { builder };
    builder.build().map_err(|error| error.without_url().to_string())
}

/// Without roots (a bare container) every handshake fails and says so; that is better than refusing
/// plain http too.
fn tls_config() -> Result<ClientConfig, rustls::Error> {
    let mut roots = RootCertStore::empty();
    // Single certificates that cannot be read are the system's affair: the others still count.
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let mut config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_can_be_built_without_a_global_provider() {
        assert!(build(Timeouts::default()).is_ok());
        assert!(rustls::crypto::CryptoProvider::get_default().is_none());
    }
}
