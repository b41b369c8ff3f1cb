//! The client against a server that misbehaves.

use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use flate2::Compression;
use flate2::write::GzEncoder;

use super::*;
use crate::net::fault_server::{Answer, End, FaultServer};
use crate::net::{Patience, Start, Timeouts, Validator};
use crate::report::Silent;

const LIMIT: u64 = 1000;

/// Never waits.
fn hasty() -> Network {
    let patience = Patience { pause: Arc::new(|_| {}), ..Patience::default() };
    Network { patience, ..Network::default() }
}

/// Never waits, and tries once.
fn once() -> Network {
    let patience = Patience { tries: 1, ..hasty().patience };
    Network { patience, ..Network::default() }
}

/// Takes a server for silent after a moment.
fn nervous() -> Network {
    let moment = Duration::from_millis(80);
    let timeouts = Timeouts { connect: moment, stall: moment, ..Timeouts::default() };
    Network { timeouts, ..once() }
}

fn get(network: Network, url: &Url) -> Result<Vec<u8>, NetError> {
    Client::new(network).get(url, LIMIT, &Silent)
}

fn refused(network: Network, answer: Answer) -> Fault {
    let server = FaultServer::script([answer]);
    get(network, &server.url("/x")).unwrap_err().fault
}

fn body_of(mut download: Download) -> Result<Vec<u8>, NetError> {
    download.read_all()
}

fn gzipped(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Keeps what is reported about retries.
#[derive(Default)]
struct Retries(Mutex<Vec<String>>);

impl Report for Retries {
    fn event(&self, event: Event<'_>) {
        if let Event::Retrying { url, why, .. } = event {
            self.0.lock().unwrap().push(format!("{url}: {why}"));
        }
    }
}

#[test]
fn a_body_comes_whole() {
    let server = FaultServer::script([Answer::ok("bytes")]);
    assert_eq!(get(once(), &server.url("/x?a=1")).unwrap(), b"bytes");

    let [request] = &server.requests()[..] else { panic!("one request") };
    assert_eq!(request.path(), "/x?a=1");
    assert!(request.header("user-agent").unwrap().starts_with("gvm/"));
    assert_eq!(request.header("accept-encoding"), Some("gzip"));
    assert_eq!(request.header("authorization"), None);
}

#[test]
fn a_body_without_a_length_ends_with_its_connection() {
    let server = FaultServer::script([Answer::ok("bytes").announcing(None)]);
    assert_eq!(get(once(), &server.url("/x")).unwrap(), b"bytes");
}

#[test]
fn what_comes_after_the_announced_length_is_not_read() {
    let server = FaultServer::script([Answer::ok("bytes and more").announcing(Some(5))]);
    assert_eq!(get(once(), &server.url("/x")).unwrap(), b"bytes");
}

#[test]
fn a_body_longer_than_the_limit_is_refused() {
    let long = vec![b'x'; 5000];
    let table = [
        Answer::ok(&long),
        Answer::ok(&long).announcing(None),
        Answer::ok(&long[..1001]),
        Answer::ok(gzipped(&long)).header("Content-Encoding", "gzip"),
        Answer::ok("").announcing(Some(usize::MAX / 2)),
    ];
    for answer in table {
        let fault = refused(once(), answer);
        assert!(matches!(fault, Fault::TooLarge { .. }), "{fault}");
    }
}

#[test]
fn a_broken_body_is_an_error() {
    let half = || Answer::ok("bytes").announcing(Some(10));
    let chunked =
        Answer::ok("5\r\nbytes\r\n").announcing(None).header("Transfer-Encoding", "chunked");
    let bad_gzip = Answer::ok(&gzipped(b"bytes")[..12]).header("Content-Encoding", "gzip");
    let table = [
        (half(), "ended after 5 of 10 bytes"),
        (chunked, "ended after 5 bytes, before its end"),
        (bad_gzip, "broke off: gzip: "),
        (Answer::ok("x").header("Content-Encoding", "br"), "answered in the encoding \"br\""),
        (half().then(End::Reset), "broke off: "),
        (half().cut(0).then(End::Reset), "broke off: "),
    ];
    for (answer, expected) in table {
        let text = refused(once(), answer).to_string();
        assert!(text.starts_with(expected), "{text} for {expected}");
    }
}

#[test]
fn a_gzip_encoded_text_is_decoded() {
    let answer = Answer::ok(gzipped(b"bytes")).header("Content-Encoding", "gzip");
    let server = FaultServer::script([answer]);
    assert_eq!(get(once(), &server.url("/x")).unwrap(), b"bytes");
}

#[test]
fn a_silent_or_dripping_server_is_left() {
    let head_only = Answer::ok("bytes").cut(0).then(End::Stall);
    let half = Answer::ok("bytes").cut(2).then(End::Stall);
    let drip = Answer::ok("").announcing(Some(900)).then(End::Drip);
    for answer in [head_only, half, drip] {
        let fault = refused(nervous(), answer);
        assert!(matches!(fault, Fault::Stalled { .. }), "{fault}");
    }
}

#[test]
fn a_server_that_is_not_there_or_never_greets_cannot_be_reached() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let mute = Url::parse(&format!("https://{address}/x")).unwrap();
    let timeouts = Timeouts { stall: Duration::from_secs(30), ..nervous().timeouts };
    let error = get(Network { timeouts, ..once() }, &mute).unwrap_err();
    assert_eq!(error.fault.to_string(), "cannot be reached: no connection within 80ms");

    drop(listener);
    let gone = Url::parse(&format!("http://{address}/x")).unwrap();
    let error = get(once(), &gone).unwrap_err();
    assert!(matches!(error.fault, Fault::Unreachable { .. }), "{error}");
}

#[test]
fn a_server_without_tls_fails_the_handshake_at_once() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = Url::parse(&format!("https://{}/x", listener.local_addr().unwrap())).unwrap();
    std::thread::spawn(move || {
        use std::io::{Read, Write};
        let (mut stream, _) = listener.accept().unwrap();
        stream.read_exact(&mut [0; 100]).unwrap();
        stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").unwrap();
        // Who closes without having read all resets the connection, and what was written may be lost.
        stream.shutdown(std::net::Shutdown::Write).unwrap();
        let _ = stream.read_to_end(&mut Vec::new());
    });
    let error = get(once(), &url).unwrap_err();
    assert!(matches!(error.fault, Fault::Tls { .. }), "{error}");
}

#[test]
fn what_may_pass_is_tried_again_and_said() {
    let answers = [
        Answer::status(503).header("Retry-After", "1"),
        Answer::status(429),
        Answer::ok("bytes").cut(2).then(End::Close),
        Answer::ok("bytes"),
    ];
    let server = FaultServer::script(answers);
    let url = server.url("/x");
    let retries = Retries::default();

    assert_eq!(Client::new(hasty()).get(&url, LIMIT, &retries).unwrap(), b"bytes");
    let expected = [
        format!("{url}: answered 503 Service Unavailable (asks to be left alone for 1 s)"),
        format!("{url}: answered 429 Too Many Requests"),
        format!("{url}: ended after 2 of 5 bytes"),
    ];
    assert_eq!(*retries.0.lock().unwrap(), expected);
}

#[test]
fn retry_after_is_waited_for_up_to_a_minute() {
    let answers = ["7", "60", "61"].map(|it| Answer::status(429).header("Retry-After", it));
    let server = FaultServer::script(answers);
    let waits = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&waits);
    let pause: crate::net::Pause = Arc::new(move |wait| kept.lock().unwrap().push(wait.as_secs()));

    let network = Network { patience: Patience { pause, ..Patience::default() }, ..once() };
    let fault = get(network.clone(), &server.url("/x")).unwrap_err().fault;
    assert!(fault.to_string().ends_with("(asks to be left alone for 61 s)"), "{fault}");
    assert_eq!(*waits.lock().unwrap(), [7, 60]);

    let far = httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(9000));
    let server = FaultServer::script([Answer::status(503).header("Retry-After", far)]);
    assert!(get(network, &server.url("/x")).is_err());
    assert_eq!(server.requests().len(), 1, "it asks for hours");
}

#[test]
fn the_fourth_failure_and_a_final_status_are_the_end() {
    for (code, requests) in
        [(500, 4), (408, 4), (404, 1), (403, 1), (400, 1), (204, 1), (206, 1), (304, 1)]
    {
        let server = FaultServer::start(move |_| Answer::status(code));
        let error = get(hasty(), &server.url("/x")).unwrap_err();
        assert!(
            matches!(error.fault, Fault::Status { code: found, .. } if found == code),
            "{error}"
        );
        assert_eq!(server.requests().len(), requests, "{code}");
    }
}

#[test]
fn a_plain_reason_is_shown_and_a_page_is_not() {
    let refusal = |kind| Answer::status(404).header("Content-Type", kind).body("not found: v1\nx");
    let table = [
        ("text/plain; charset=utf-8", "answered 404 Not Found: not found: v1"),
        ("text/html", "answered 404 Not Found"),
    ];
    for (kind, expected) in table {
        assert_eq!(refused(once(), refusal(kind)).to_string(), expected);
    }
}

#[test]
fn redirects_are_followed_to_the_tenth() {
    for (hops, is_fine) in [(1, true), (10, true), (11, false)] {
        let server = FaultServer::start(move |request| {
            let hop: usize = request.path()[1..].parse().unwrap();
            match hop {
                0 => Answer::ok("bytes"),
                _ => Answer::status(302).header("Location", format!("/{}", hop - 1)),
            }
        });
        let outcome = get(hasty(), &server.url(&format!("/{hops}")));
        assert_eq!(outcome.is_ok(), is_fine, "{hops} hops: {outcome:?}");
    }
}

#[test]
fn a_redirect_loop_ends_and_a_redirect_to_nowhere_too() {
    let server = FaultServer::start(|_| Answer::status(302).header("Location", "/x"));
    let error = get(hasty(), &server.url("/x")).unwrap_err();
    assert!(matches!(error.fault, Fault::TooManyRedirects), "{error}");
    assert_eq!(server.requests().len(), 11);

    let table = [
        (Answer::status(302), "answered 302 Found"),
        (Answer::status(302).header("Location", "file:///etc/passwd"), "redirects to something"),
    ];
    for (answer, expected) in table {
        let text = refused(once(), answer).to_string();
        assert!(text.starts_with(expected), "{text}");
    }
}

#[test]
fn credentials_stay_with_their_host() {
    let other = FaultServer::script([Answer::ok("bytes")]);
    let far = other.url("/z").to_string();
    let server = FaultServer::start(move |request| match request.path() {
        "/x" => Answer::status(302).header("Location", "/y"),
        _ => Answer::status(307).header("Location", &far),
    });
    let mut url = server.url("/x");
    url.set_username("u").unwrap();
    url.set_password(Some("p%40")).unwrap();

    assert_eq!(get(once(), &url).unwrap(), b"bytes");
    let seen = |server: &FaultServer| -> Vec<Option<String>> {
        let requests = server.requests();
        requests.iter().map(|it| it.header("authorization").map(str::to_owned)).collect()
    };
    let basic = Some("Basic dTpwQA==".to_owned());
    assert_eq!(seen(&server), [basic.clone(), basic]);
    assert_eq!(seen(&other), [None]);
}

#[test]
fn an_archive_is_asked_for_as_it_is() {
    let encoded = || Answer::ok("bytes").header("Content-Encoding", "gzip");
    let server = FaultServer::script([Answer::ok("bytes"), encoded(), encoded()]);
    let client = Client::new(once());
    let open = |path| client.open(&server.url(path), None, LIMIT, &Silent);

    assert_eq!(body_of(open("/x.zip").unwrap()).unwrap(), b"bytes");
    assert_eq!(body_of(open("/x.tar.gz").unwrap()).unwrap(), b"bytes", "it is gzip itself");
    let fault = open("/x.zip").unwrap_err().fault;
    assert!(matches!(&fault, Fault::Encoded { encoding } if encoding == "gzip"), "{fault}");
    for request in server.requests() {
        assert_eq!(request.header("accept-encoding"), Some("identity"));
    }
}

#[test]
fn a_part_is_asked_for_and_the_answer_says_what_came() {
    let from = Resume { offset: 4, validator: Validator::from_text("\"a\"") };
    let open = |answer: Answer| {
        let server = FaultServer::script([answer]);
        let outcome = Client::new(once()).open(&server.url("/x"), Some(&from), LIMIT, &Silent);
        let [request] = &server.requests()[..] else { panic!("one request") };
        assert_eq!(request.header("range"), Some("bytes=4-"));
        assert_eq!(request.header("if-range"), Some("\"a\""));
        outcome.map(|it| (it.start, it.total, String::from_utf8(body_of(it).unwrap()).unwrap()))
    };
    let part = |range: &str, tag: &str| {
        Answer::status(206).header("Content-Range", range).header("ETag", tag).body("56789")
    };

    let continued = open(part("bytes 4-8/9", "\"a\"")).unwrap();
    assert_eq!(continued, (Start::At(4), Some(9), "56789".to_owned()));
    let whole = open(Answer::ok("123456789")).unwrap();
    assert_eq!(whole, (Start::Whole, Some(9), "123456789".to_owned()));
    for answer in [
        part("bytes 3-7/9", "\"a\""),
        part("bytes 4-8/9", "\"b\""),
        part("bytes 4-9/9", "\"a\""),
        Answer::status(206).body("56789"),
    ] {
        let fault = open(answer).unwrap_err().fault;
        assert!(matches!(fault, Fault::WrongRange), "{fault}");
    }
    let short = Answer::status(206).header("Content-Range", "bytes 4-8/9").body("567");
    let server = FaultServer::script([short]);
    let download = Client::new(once()).open(&server.url("/x"), Some(&from), LIMIT, &Silent);
    let fault = body_of(download.unwrap()).unwrap_err().fault;
    assert_eq!(fault.to_string(), "ended after 3 of 5 bytes");
    let fault = open(Answer::status(416)).unwrap_err().fault;
    assert!(matches!(fault, Fault::Status { code: 416, .. }), "{fault}");
}

#[test]
fn a_part_counts_towards_the_limit() {
    let from = Resume { offset: 998, validator: None };
    for (range, is_fine) in
        [("bytes 998-999/1000", true), ("bytes 998-1000/1001", false), ("bytes 998-1000/*", false)]
    {
        let body = vec![b'x'; if is_fine { 2 } else { 3 }];
        let server =
            FaultServer::script([Answer::status(206).header("Content-Range", range).body(body)]);
        let outcome = Client::new(once()).open(&server.url("/x"), Some(&from), LIMIT, &Silent);
        let outcome = outcome.and_then(body_of);
        assert_eq!(outcome.is_ok(), is_fine, "{range}: {outcome:?}");
    }
}

#[test]
fn offline_asks_nobody_but_reads_files() {
    let server = FaultServer::script([]);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("list");
    std::fs::write(&path, "bytes").unwrap();
    let client = Client::new(Network { offline: true, ..hasty() });

    let error = client.get(&server.url("/x"), LIMIT, &Silent).unwrap_err();
    assert!(matches!(error.fault, Fault::Offline), "{error}");
    assert!(server.requests().is_empty());
    let url = Url::from_file_path(&path).unwrap();
    assert_eq!(client.get(&url, LIMIT, &Silent).unwrap(), b"bytes");
    assert!(matches!(
        client.get(&url, 4, &Silent).unwrap_err().fault,
        Fault::TooLarge { limit: 4 }
    ));
    let missing = Url::from_file_path(folder.path().join("none")).unwrap();
    assert!(client.get(&missing, LIMIT, &Silent).unwrap_err().is_not_found());
    assert!(client.transport.get().is_none(), "no http client for files");
}

#[test]
fn other_schemes_are_refused() {
    for url in ["ftp://h.example/x", "data:,x", "gopher://h.example"] {
        let error = get(once(), &Url::parse(url).unwrap()).unwrap_err();
        assert!(matches!(error.fault, Fault::BadScheme), "{error}");
    }
}

#[test]
fn many_threads_share_one_client() {
    let server = FaultServer::start(|request| Answer::ok(request.path()));
    let client = Client::new(once());
    std::thread::scope(|scope| {
        for path in (0..16).map(|n| format!("/tile/{n}")) {
            let (client, url) = (&client, server.url(&path));
            scope.spawn(move || {
                assert_eq!(client.get(&url, LIMIT, &Silent).unwrap(), path.as_bytes());
            });
        }
    });
    assert_eq!(server.requests().len(), 16);
}

#[test]
fn an_unreadable_netrc_is_said_once() {
    struct Warnings(Mutex<usize>);
    impl Report for Warnings {
        fn event(&self, event: Event<'_>) {
            assert!(matches!(event, Event::Warning(text) if text.starts_with("could not read ")));
            *self.0.lock().unwrap() += 1;
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let client = Client::new(Network { netrc: Some(folder.path().to_owned()), ..once() });
    let warnings = Warnings(Mutex::new(0));
    for _ in 0..2 {
        client.netrc(&warnings);
    }
    assert_eq!(*warnings.0.lock().unwrap(), 1);
}

#[test]
fn no_error_and_no_event_shows_a_secret() {
    let echo = |code: u16| {
        move |request: &_| {
            let request: &crate::net::fault_server::Request = request;
            let told =
                format!("{} {}", request.header("authorization").unwrap_or(""), request.path());
            Answer::status(code).header("Content-Type", "text/plain").body(told)
        }
    };
    let fixed = |answer: Answer| FaultServer::start(move |_| answer.clone());
    let away = |to: &str| fixed(Answer::status(302).header("Location", to));
    let servers = [
        FaultServer::start(echo(404)),
        FaultServer::start(echo(503)),
        away("http://u:hunter2@127.0.0.1:1/?token=hunter2"),
        away("file:///hunter2"),
        away("/x?token=hunter2"),
        fixed(Answer::ok("x").announcing(Some(9))),
        fixed(Answer::ok("x").announcing(Some(9)).then(End::Reset)),
        fixed(Answer::ok("x").announcing(Some(9)).then(End::Stall)),
        fixed(Answer::ok(vec![0; 3000])),
        fixed(Answer::ok("x").header("Content-Encoding", "br")),
    ];
    let mut urls: Vec<Url> = servers.iter().map(|it| it.url("/x?token=hunter2")).collect();
    urls.extend(["ftp://h.example", "https://127.0.0.1:1/"].map(|it| Url::parse(it).unwrap()));
    for mut url in urls {
        url.set_username("u").unwrap();
        url.set_password(Some("hunter2")).unwrap();
        for offline in [false, true] {
            let patience = Patience { tries: 2, ..hasty().patience };
            let retries = Retries::default();
            let client = Client::new(Network { offline, patience, ..nervous() });
            let error = client.get(&url, LIMIT, &retries).unwrap_err();
            let said = format!("{error} {error:?} {client:?} {:?}", retries.0.lock().unwrap());
            assert!(!said.contains("hunter2") && !said.contains("dTpodW50ZXIy"), "{said}");
        }
    }
}
