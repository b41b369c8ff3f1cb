//! Fetching from a server that misbehaves, over several runs.

use std::io::Read;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use sha2::{Digest, Sha256};
use tempfile::TempDir;

use super::*;
use crate::net::fault_server::{Answer, End, FaultServer, Request};
use crate::net::{Network, Patience};
use crate::report::Silent;

const NAME: &str = "go1.22.4.linux-amd64.tar.gz";
const TAG: &str = "\"v1\"";

/// 1000 bytes of which no two parts are alike.
fn archive() -> Vec<u8> {
    (0..250u32).flat_map(|n| Sha256::digest(n.to_be_bytes())[..4].to_vec()).collect()
}

fn digest(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// A cache, a client that never waits, and what is known of the archive.
struct Given {
    folder: TempDir,
    client: Client,
    size: Option<u64>,
    sha256: Option<[u8; 32]>,
}

impl Given {
    /// Nothing is known of the archive; requests are tried `tries` times.
    fn unknown(tries: u32) -> Given {
        let patience = Patience { tries, pause: Arc::new(|_| {}), ..Patience::default() };
        let client = Client::new(Network { patience, ..Network::default() });
        Given { folder: tempfile::tempdir().unwrap(), client, size: None, sha256: None }
    }

    /// Size and digest of the archive are known.
    fn known(tries: u32) -> Given {
        let (size, sha256) = (Some(1000), Some(digest(&archive())));
        Given { size, sha256, ..Given::unknown(tries) }
    }

    fn cache(&self) -> PathBuf {
        self.folder.path().join("cache").join("archives")
    }

    /// The names in the cache.
    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.cache()).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<_> = names.collect();
        names.sort();
        names
    }

    fn fetch(&self, url: &Url) -> Result<Fetched, FetchError> {
        self.fetch_with(url, &Silent)
    }

    fn fetch_with(&self, url: &Url, report: &dyn Report) -> Result<Fetched, FetchError> {
        let Given { size, sha256, .. } = *self;
        let wanted = Wanted { url, name: NAME, size, sha256, limit: 1 << 20 };
        fetch(&self.client, &wanted, &self.cache(), report)
    }
}

fn bytes_of(fetched: &Fetched) -> Vec<u8> {
    let mut bytes = Vec::new();
    fetched.file().read_to_end(&mut bytes).unwrap();
    bytes
}

fn ranges(server: &FaultServer) -> Vec<Option<String>> {
    let requests = server.requests();
    requests.iter().map(|it| it.header("range").map(str::to_owned)).collect()
}

/// A server that is well, except that the first answer is `first`.
fn server_after(first: impl FnOnce(&Request) -> Answer + Send + 'static) -> FaultServer {
    let (mut first, archive) = (Some(first), archive());
    FaultServer::start(move |request| match first.take() {
        Some(first) => first(request),
        None => Answer::ranged(request, &archive, TAG),
    })
}

#[test]
fn an_archive_comes_into_the_cache_once() {
    let (given, server) = (Given::known(1), server_after(|_| Answer::ok(archive())));
    let fetched = given.fetch(&server.url("/x")).unwrap();

    assert_eq!(bytes_of(&fetched), archive());
    assert_eq!(fetched.path(), Some(given.cache().join(NAME).as_path()));
    assert_eq!((fetched.size(), fetched.sha256()), (1000, given.sha256));
    assert_eq!(given.names(), [NAME]);

    let again = given.fetch(&server.url("/x")).unwrap();
    assert_eq!(bytes_of(&again), archive());
    assert_eq!(server.requests().len(), 1);
    // Windows keeps a name for as long as somebody has the file open.
    drop(fetched);
    again.discard().unwrap();
    assert!(given.names().is_empty());
}

#[test]
fn what_is_cached_but_not_wanted_is_fetched_anew() {
    let wrong = vec![b'x'; 1000];
    for cached in [&wrong[..], &archive()[..999], b""] {
        let (given, server) = (Given::known(1), server_after(|_| Answer::ok(archive())));
        fs::create_dir_all(given.cache()).unwrap();
        fs::write(given.cache().join(NAME), cached).unwrap();
        assert_eq!(bytes_of(&given.fetch(&server.url("/x")).unwrap()), archive());
        assert_eq!(server.requests().len(), 1);
    }
}

#[test]
fn a_download_cut_anywhere_goes_on_in_the_same_run() {
    for cut in [0, 1, 2, 63, 64, 65, 500, 997, 998, 999] {
        for given in [Given::unknown(2), Given::known(2)] {
            let server =
                server_after(move |request| Answer::ranged(request, &archive(), TAG).cut(cut));
            assert_eq!(bytes_of(&given.fetch(&server.url("/x")).unwrap()), archive(), "{cut}");
            let second = (cut > 0).then(|| format!("bytes={cut}-"));
            assert_eq!(ranges(&server), [None, second]);
            assert_eq!(given.names(), [NAME]);
        }
    }
}

#[test]
fn a_download_cut_again_and_again_goes_on_in_the_next_runs() {
    for given in [Given::unknown(1), Given::known(1)] {
        let server = FaultServer::start(|request| {
            let answer = Answer::ranged(request, &archive(), TAG);
            if request.header("range") == Some("bytes=900-") { answer } else { answer.cut(100) }
        });
        for run in 1..=9 {
            let error = given.fetch(&server.url("/x")).unwrap_err();
            assert!(
                matches!(&error, FetchError::Net(it) if matches!(it.fault, Fault::Short { .. })),
                "{error}"
            );
            let part = fs::read(given.cache().join(format!("{NAME}.part"))).unwrap();
            assert_eq!(part, archive()[..run * 100]);
        }
        assert_eq!(bytes_of(&given.fetch(&server.url("/x")).unwrap()), archive());
        assert_eq!(server.requests().len(), 10);
    }
}

#[test]
fn a_reset_connection_is_taken_up_again() {
    let server =
        server_after(|request| Answer::ranged(request, &archive(), TAG).cut(300).then(End::Reset));
    assert_eq!(bytes_of(&Given::known(2).fetch(&server.url("/x")).unwrap()), archive());
    assert_eq!(server.requests().len(), 2);
}

#[test]
fn a_part_is_continued_only_where_it_is_known_to_be_the_same() {
    let plain = |_: &Request| Answer::ok(archive()).cut(400);
    let weak = |_: &Request| Answer::ok(archive()).cut(400).header("ETag", "W/\"v1\"");
    let unsized_answer = |_: &Request| Answer::ok(archive()).cut(400).announcing(None);
    let part = || Some("bytes=400-".to_owned());

    let server = server_after(plain);
    assert_eq!(bytes_of(&Given::unknown(2).fetch(&server.url("/x")).unwrap()), archive());
    assert_eq!(ranges(&server), [None, None], "no validator, nothing known");
    let server = server_after(weak);
    assert_eq!(bytes_of(&Given::unknown(2).fetch(&server.url("/x")).unwrap()), archive());
    assert_eq!(ranges(&server), [None, None], "no strong validator, nothing known");
    for first in [plain as fn(&Request) -> Answer, weak, unsized_answer] {
        let server = server_after(first);
        assert_eq!(bytes_of(&Given::known(2).fetch(&server.url("/x")).unwrap()), archive());
        assert_eq!(ranges(&server), [None, part()], "size and digest known");
        assert_eq!(server.requests()[1].header("if-range"), None);
    }
}

#[test]
fn a_changed_file_is_fetched_from_its_start() {
    let given = Given::unknown(2);
    let server = server_after(|_| Answer::ok(vec![b'x'; 900]).header("ETag", "\"v0\"").cut(400));
    assert_eq!(bytes_of(&given.fetch(&server.url("/x")).unwrap()), archive());
    assert_eq!(server.requests()[1].header("if-range"), Some("\"v0\""));
}

#[test]
fn another_url_does_not_continue_a_part_unless_its_digest_is_known() {
    for (given, second) in
        [(Given::unknown(1), None), (Given::known(1), Some("bytes=400-".to_owned()))]
    {
        let server = server_after(|request| Answer::ranged(request, &archive(), TAG).cut(400));
        given.fetch(&server.url("/x")).unwrap_err();
        assert_eq!(bytes_of(&given.fetch(&server.url("/mirror")).unwrap()), archive());
        assert_eq!(ranges(&server), [None, second]);
    }
}

#[test]
fn an_answer_with_the_wrong_part_makes_it_start_over_once() {
    let wrong_range = |_: &Request| {
        Answer::status(206).header("Content-Range", "bytes 0-999/1000").body(archive())
    };
    let changed = |_: &Request| {
        let answer = Answer::status(206).header("Content-Range", "bytes 400-999/1000");
        answer.header("ETag", "\"v2\"").body(&archive()[400..])
    };
    let refused = |_: &Request| Answer::status(416);
    for second in [wrong_range as fn(&Request) -> Answer, changed, refused] {
        let (given, mut count) = (Given::unknown(2), 0);
        let server = FaultServer::start(move |request| {
            count += 1;
            match count {
                1 => Answer::ranged(request, &archive(), TAG).cut(400),
                2 => second(request),
                _ => Answer::ranged(request, &archive(), TAG),
            }
        });
        assert_eq!(bytes_of(&given.fetch(&server.url("/x")).unwrap()), archive());
        assert_eq!(ranges(&server), [None, Some("bytes=400-".to_owned()), None]);
    }
}

#[test]
fn a_server_that_refuses_every_part_is_given_up() {
    let server = FaultServer::start(|request| match request.header("range") {
        Some(_) => Answer::status(416),
        None => Answer::ok(archive()).header("ETag", TAG).cut(400),
    });
    let error = Given::unknown(4).fetch(&server.url("/x")).unwrap_err();
    assert!(error.to_string().ends_with("answered 416 Range Not Satisfiable"), "{error}");
    assert_eq!(server.requests().len(), 4);
}

#[test]
fn a_mix_of_two_files_is_noticed_and_fetched_anew() {
    let server = server_after(|_| Answer::ok(vec![b'x'; 1000]).cut(400));
    assert_eq!(bytes_of(&Given::known(2).fetch(&server.url("/x")).unwrap()), archive());
    assert_eq!(ranges(&server), [None, Some("bytes=400-".to_owned()), None]);
}

#[test]
fn wrong_bytes_are_refused_and_do_not_stay() {
    let (given, other) = (Given::known(3), vec![b'x'; 1000]);
    let server = FaultServer::script([Answer::ok(&other)]);
    let error = given.fetch(&server.url("/x")).unwrap_err();
    let FetchError::Sha256 { expected, found, .. } = error else { panic!("{error}") };
    assert_eq!((expected, found), (digest(&archive()), digest(&other)));
    assert!(given.names().is_empty());
}

#[test]
fn another_size_is_refused_before_its_bytes() {
    let given = Given::known(3);
    let table = [
        (Answer::ok("<html>"), " has 6 bytes instead of 1000"),
        (Answer::ok(vec![0; 1001]), " has more than 1000 bytes"),
        (Answer::ok(vec![0; 1001]).announcing(None), " has more than 1000 bytes"),
    ];
    for (answer, expected) in table {
        let server = FaultServer::script([answer]);
        let error = given.fetch(&server.url("/x")).unwrap_err().to_string();
        assert!(error.ends_with(expected), "{error}");
    }
}

#[test]
fn a_login_page_does_not_cost_the_part() {
    let (given, mut count) = (Given::known(1), 0);
    let server = FaultServer::start(move |request| {
        count += 1;
        match count {
            1 => Answer::ranged(request, &archive(), TAG).cut(700),
            2 => Answer::ok("<html>"),
            _ => Answer::ranged(request, &archive(), TAG),
        }
    });
    given.fetch(&server.url("/x")).unwrap_err();
    given.fetch(&server.url("/x")).unwrap_err();
    assert_eq!(bytes_of(&given.fetch(&server.url("/x")).unwrap()), archive());
    assert_eq!(ranges(&server)[2], Some("bytes=700-".to_owned()));
}

#[test]
fn a_part_that_is_whole_needs_no_network() {
    let given = Given::known(1);
    let server = server_after(|request| Answer::ranged(request, &archive(), TAG).cut(999));
    given.fetch(&server.url("/x")).unwrap_err();
    fs::write(given.cache().join(format!("{NAME}.part")), archive()).unwrap();
    assert_eq!(bytes_of(&given.fetch(&server.url("/x")).unwrap()), archive());
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn a_part_of_the_right_size_is_whole_only_if_it_is_known_to_be_the_same() {
    let (size, wrong) = (Some(1000), vec![b'x'; 1000]);
    for (with_mark, path, requests) in [(true, "/x", 1), (true, "/mirror", 2), (false, "/x", 2)] {
        let given = Given { size, ..Given::unknown(1) };
        let server = server_after(|request| Answer::ranged(request, &archive(), TAG).cut(400));
        given.fetch(&server.url("/x")).unwrap_err();
        fs::write(given.cache().join(format!("{NAME}.part")), &wrong).unwrap();
        if !with_mark {
            fs::remove_file(given.cache().join(format!("{NAME}.part.toml"))).unwrap();
        }
        let bytes = bytes_of(&given.fetch(&server.url(path)).unwrap());
        assert_eq!(bytes == archive(), requests == 2, "{with_mark} {path}");
        assert_eq!(server.requests().len(), requests, "{with_mark} {path}");
    }
}

#[test]
fn a_part_without_its_mark_counts_for_nothing() {
    let given = Given::known(1);
    let server = server_after(|request| Answer::ranged(request, &archive(), TAG).cut(400));
    given.fetch(&server.url("/x")).unwrap_err();
    fs::remove_file(given.cache().join(format!("{NAME}.part.toml"))).unwrap();
    assert_eq!(bytes_of(&given.fetch(&server.url("/x")).unwrap()), archive());
    assert_eq!(ranges(&server), [None, None]);
}

#[test]
fn a_file_url_is_read_where_it_is_unless_its_digest_is_wanted() {
    let given = Given::unknown(1);
    let source = given.folder.path().join("source.zip");
    fs::write(&source, archive()).unwrap();
    let url = Url::from_file_path(&source).unwrap();

    let fetched = given.fetch(&url).unwrap();
    assert_eq!((bytes_of(&fetched), fetched.path(), fetched.size()), (archive(), None, 1000));
    assert!(!given.cache().exists());
    fetched.discard().unwrap();
    assert!(source.exists());

    let given = Given { folder: given.folder, ..Given::known(1) };
    let fetched = given.fetch(&url).unwrap();
    assert_eq!((bytes_of(&fetched), fetched.sha256()), (archive(), given.sha256));
    assert_eq!(given.names(), [NAME]);
}

#[test]
fn a_file_url_is_held_to_size_and_limit() {
    let folder = tempfile::tempdir().unwrap();
    let source = folder.path().join("source.zip");
    fs::write(&source, archive()).unwrap();
    let url = Url::from_file_path(&source).unwrap();
    let missing = Url::from_file_path(folder.path().join("none")).unwrap();
    let client = Client::new(Network::default());
    let said = |url: &Url, size, sha256, limit| {
        let wanted = Wanted { url, name: NAME, size, sha256, limit };
        fetch(&client, &wanted, &folder.path().join("cache"), &Silent).unwrap_err().to_string()
    };
    for sha256 in [None, Some(digest(&archive()))] {
        assert!(said(&url, Some(1001), sha256, 2000).ends_with("1000 bytes instead of 1001"));
        assert!(said(&url, None, sha256, 999).ends_with("longer than the 999 bytes it may have"));
        assert!(said(&missing, None, sha256, 999).contains("cannot be read: "));
    }
}

#[test]
fn progress_is_told() {
    #[derive(Default)]
    struct Log(Mutex<Vec<String>>);
    impl Report for Log {
        fn event(&self, event: Event<'_>) {
            let line = match event {
                Event::DownloadStarted { total, already, .. } => format!("{already} of {total:?}"),
                Event::Received(_) => return,
                Event::DownloadDone => "done".to_owned(),
                other => format!("{other:?}").chars().take_while(|it| *it != ' ').collect(),
            };
            self.0.lock().unwrap().push(line);
        }
    }
    let server = server_after(|request| Answer::ranged(request, &archive(), TAG).cut(400));
    let log = Log::default();
    Given::known(2).fetch_with(&server.url("/x"), &log).unwrap();
    let expected = ["0 of Some(1000)", "Retrying", "400 of Some(1000)", "done"];
    assert_eq!(*log.0.lock().unwrap(), expected);
}

#[test]
fn names_stay_in_the_cache() {
    let table = [
        (NAME, true),
        ("v0.0.1-go1.22.4.linux-amd64.zip", true),
        ("go1.22.4+x.zip", true),
        ("", false),
        (".", false),
        ("..", false),
        (".hidden", false),
        ("../x", false),
        ("a/b", false),
        ("a\\b", false),
        ("a:b", false),
        ("a b", false),
        ("a.", false),
        ("x.part", false),
        ("x.part.toml", false),
        ("\u{fc}.zip", false),
    ];
    for (name, expected) in table {
        assert_eq!(is_name(name), expected, "{name:?}");
    }
    assert!(!is_name(&"x".repeat(201)));

    let url = Url::parse("http://h.example/x").unwrap();
    let wanted = Wanted { url: &url, name: "../x", size: None, sha256: None, limit: 9 };
    let folder = tempfile::tempdir().unwrap();
    let error = fetch(&Client::new(Network::default()), &wanted, folder.path(), &Silent);
    assert!(matches!(error, Err(FetchError::Name { .. })));
}

#[test]
fn no_error_shows_a_secret() {
    let given = Given { sha256: Some([0; 32]), ..Given::known(1) };
    let answers = [
        Answer::status(404),
        Answer::ok("<html>"),
        Answer::ok(archive()).cut(10),
        Answer::ok(archive()),
    ];
    for answer in answers {
        let server = FaultServer::start(move |_| answer.clone());
        let mut url = server.url("/x?token=hunter2");
        url.set_username("u").unwrap();
        url.set_password(Some("hunter2")).unwrap();
        let error = given.fetch(&url).unwrap_err();
        assert!(!format!("{error} {error:?}").contains("hunter2"), "{error:?}");
        for name in given.names() {
            let bytes = fs::read(given.cache().join(&name)).unwrap();
            assert!(!String::from_utf8_lossy(&bytes).contains("hunter2"), "{name}");
        }
    }
}
