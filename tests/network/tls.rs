//! Connections that are not to be trusted, or that never become one: certificates, handshakes, names.

use std::fs;
use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd,
};
use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::fault::{HASTE, Kept, VERSION, ZIP, at, kept};
use crate::server::Server;
use crate::stage::env::TestEnv;
use crate::stage::mint::Mint;
use crate::wire;

/// So many ways a connection fails here, those of `tunnels` not among them.
pub const FAULTS: usize = 9;

/// An authority of the test's own.
struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
}

impl Authority {
    fn new(name: &str) -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, name);
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        Self { issuer }
    }

    /// A server's certificate for a name or address, changed by the test.
    fn signs(&self, name: &str, change: fn(&mut CertificateParams)) -> ServerConfig {
        let mut params = CertificateParams::new([name.to_owned()]).unwrap();
        change(&mut params);
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        config(certificate.der().clone(), &key)
    }

    /// A file for SSL_CERT_FILE.
    fn file(&self, env: &TestEnv) -> PathBuf {
        let path = env.folder().join("roots.pem");
        fs::write(&path, self.issuer.pem()).unwrap();
        path
    }
}

fn config(certificate: CertificateDer<'static>, key: &KeyPair) -> ServerConfig {
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ServerConfig::builder_with_provider(provider);
    let builder = builder.with_safe_default_protocol_versions().unwrap().with_no_client_auth();
    builder.with_single_cert(vec![certificate], key).unwrap()
}

fn honest(_: &mut CertificateParams) {}

/// An environment that trusts this authority and asks this server.
fn trusting(authority: &Authority, server: &Server) -> TestEnv {
    let env = at(server, ZIP).set("GVM_TEST_PATIENCE", HASTE);
    let roots = authority.file(&env);
    env.set("SSL_CERT_FILE", roots)
}

#[track_caller]
fn refused(env: &TestEnv, what: &str, says: &str) -> String {
    let begun = Instant::now();
    let outcome = env.gvm("install 1.22.4").run().code_of(what, 4);
    assert!(begun.elapsed().as_secs() < 20, "{what}: {:?}", begun.elapsed());
    assert!(outcome.stderr.contains(says), "{what}: {outcome}");
    assert_eq!((env.published(), kept(env)), (vec![], Kept::Nothing), "{what}");
    outcome.stderr
}

#[test]
fn a_certificate_counts_as_it_should() {
    let authority = Authority::new("an authority of the test's own");
    let good = Server::tls(Mint::new(&[VERSION]), authority.signs("127.0.0.1", honest));
    let _ = trusting(&authority, &good).gvm("install 1.22.4").ok();

    let expired: fn(&mut CertificateParams) = |params| {
        params.not_before = date_time_ymd(2019, 1, 1);
        params.not_after = date_time_ymd(2020, 1, 1);
    };
    let future: fn(&mut CertificateParams) = |params| params.not_before = date_time_ymd(2090, 1, 1);
    for (what, config, says) in [
        ("expired", authority.signs("127.0.0.1", expired), "expired"),
        ("of the future", authority.signs("127.0.0.1", future), "not valid yet"),
        ("for another name", authority.signs("go.dev", honest), "not valid for name"),
        ("for another address", authority.signs("127.0.0.2", honest), "not valid for name"),
    ] {
        let server = Server::tls(Mint::new(&[VERSION]), config);
        let said = refused(&trusting(&authority, &server), what, "failed the TLS handshake");
        assert!(said.contains(says), "{what}: {said}");
        assert!(!said.contains("trying again"), "{what}: it does not pass");
        assert_eq!(server.all_asked().len(), 0, "{what}");
    }
}

#[test]
fn a_certificate_by_nobody_that_is_trusted() {
    let (authority, other) = (Authority::new("ours"), Authority::new("theirs"));
    let server = Server::tls(Mint::new(&[VERSION]), other.signs("127.0.0.1", honest));
    refused(&trusting(&authority, &server), "unknown authority", "UnknownIssuer");

    let key = KeyPair::generate().unwrap();
    let alone = CertificateParams::new(["127.0.0.1".to_owned()]).unwrap();
    let alone = config(alone.self_signed(&key).unwrap().der().clone(), &key);
    let server = Server::tls(Mint::new(&[VERSION]), alone);
    refused(&trusting(&authority, &server), "self-signed", "failed the TLS handshake");
}

#[test]
fn a_handshake_that_is_none() {
    let authority = Authority::new("ours");
    let plain = Server::mint(Mint::new(&[VERSION]));
    let env = trusting(&authority, &plain);
    let env = env.set("GOPROXY", plain.url("/proxy").replacen("http:", "https:", 1));
    // The first bytes of a handshake are no request: the server waits for more, as some do.
    refused(&env, "plain HTTP behind an https URL", "no connection within 500ms");

    let mute = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}/proxy", mute.local_addr().unwrap());
    let env = trusting(&authority, &plain).set("GOPROXY", url);
    refused(&env, "a handshake that stands still", "no connection within 500ms");
}

#[test]
fn a_redirect_out_of_tls_is_refused() {
    let authority = Authority::new("ours");
    let server = Server::tls(Mint::new(&[VERSION]), authority.signs("127.0.0.1", honest));
    let plain = Server::mint(Mint::new(&[VERSION]));
    let there = plain.url(ZIP);
    server.lie(ZIP, move |_, _| wire::redirect(&there));
    refused(&trusting(&authority, &server), "https to http", "redirects from https to http://");
    assert_eq!(plain.all_asked().len(), 0);
}

/// The netrc file is for whom it names, over https, and stays out of sight.
#[test]
fn a_netrc_password_goes_to_its_machine_over_tls_alone() {
    let authority = Authority::new("ours");
    let server = Server::tls(Mint::new(&[VERSION]), authority.signs("127.0.0.1", honest));
    let plain = Server::mint(Mint::new(&[VERSION]));
    let there = Server::tls(Mint::new(&[VERSION]), authority.signs("127.0.0.1", honest));
    let to = there.url(ZIP);
    server.lie(ZIP, move |_, _| wire::redirect(&to));

    let entries = [server.address(), plain.address()]
        .map(|address| format!("machine {address} login me password hunter2\n"));
    let env = trusting(&authority, &server);
    let netrc = env.write("netrc", entries.concat());
    let env = env.set("NETRC", netrc);
    let outcome = env.gvm("install --json 1.22.4").ok();
    let _ = env.gvm("install --force 1.22.4").var("GOPROXY", plain.url("/proxy")).ok();

    let told = |server: &Server| {
        let asked = server.all_asked();
        asked.iter().filter(|request| request.header("authorization").is_some()).count()
    };
    assert_eq!(told(&server), server.all_asked().len());
    assert_eq!((told(&there), told(&plain)), (0, 0));
    assert!(!format!("{}{}", outcome.stdout, outcome.stderr).contains("hunter2"), "{outcome}");
}
