//! Passwords planted in every place where one can stand, and every command, where it works and where it fails: none is
//! shown, and none is kept in a file. Each output is searched by [`Outcome::new`], as those of all tests are.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};

use crate::stage::env::{PLANTED, TestEnv, shows_secret};
use crate::stage::fake::shell;
use crate::stage::mint::Mint;
use crate::stage::sample::some;
use crate::stage::site::{Answer, Site};
use crate::stage::tally::count;

const COMMANDS: [&str; 16] = [
    "-v install 1.22.4",
    "-v install --force 1.22.4",
    "install --json 1.22.4",
    "install --dry-run --force 1.22.4",
    "install --dry-run --json --force 1.22.4",
    "-v install 1.19.9",
    "install --json 1.19.9",
    "-v list-remote",
    "list-remote --json --all",
    "--offline list-remote",
    "--offline install 1.19.9",
    "use --json 1.22",
    "explain --json",
    "explain",
    "verify --json",
    "-v exec 1.22.4 -- go version",
];

/// The URL with a password, and a signed one.
fn planted(url: &str) -> String {
    url.replacen("://", &format!("://user:{PLANTED}@"), 1)
}

/// A place where a password can stand: its name, and the environment with it there.
type Plant = fn(TestEnv, &Site) -> TestEnv;

const PLANTS: [(&str, Plant); 14] = [
    ("GOPROXY", |env, site| env.set("GOPROXY", planted(&site.proxy()))),
    ("GOPROXY, a token as the name", |env, site| {
        env.set("GOPROXY", site.proxy().replacen("://", &format!("://{PLANTED}@"), 1))
    }),
    ("GOPROXY, a list that does not answer", |env, _| {
        let closed = planted("http://127.0.0.1:9/proxy");
        env.set("GOPROXY", format!("{closed},{closed}|direct"))
    }),
    ("GOPROXY, no URL", |env, _| env.set("GOPROXY", planted("ftp://h.example:port/x"))),
    ("GVM_GODEV", |env, site| env.set("GVM_GODEV", planted(&site.godev()))),
    ("GVM_GODEV, that does not answer", |env, _| {
        env.set("GVM_GODEV", planted("http://127.0.0.1:9/dl")).set("GVM_SOURCES", "godev")
    }),
    ("GVM_SOURCES", |env, site| env.set("GVM_SOURCES", planted(&site.proxy()))),
    ("GVM_SOURCES, with a token", |env, site| {
        env.set("GVM_SOURCES", format!("{}?access_token={PLANTED}", site.godev()))
    }),
    ("GVM_SOURCES, cut at a comma", |env, _| {
        env.set("GVM_SOURCES", format!("https://u:{PLANTED},{PLANTED}@h.example/go"))
    }),
    ("GOSUMDB", |env, site| {
        let url = planted(&format!("{}/sumdb/sum.example.com", site.proxy()));
        env.set("GOSUMDB", format!("{} {url}", Mint::gosumdb())).set("GOPROXY", "direct")
    }),
    ("HTTPS_PROXY", |env, _| {
        let proxy = planted("http://127.0.0.1:9/");
        let env = env.set("HTTPS_PROXY", &proxy).set("HTTP_PROXY", &proxy).set("ALL_PROXY", proxy);
        env.set("GVM_GODEV", "https://h.example/dl").set("GOPROXY", "https://h.example/proxy")
    }),
    ("netrc", |env, site| {
        let host = site.proxy().replace("http://", "").replace("/proxy", "");
        let name = host.split(':').next().unwrap().to_owned();
        let lines = [host, name, "h.example".into()]
            .map(|host| format!("machine {host} login {PLANTED} password {PLANTED}\n"));
        let path = env.folder().join("planted-netrc");
        fs::write(&path, lines.concat()).unwrap();
        env.set("NETRC", path).set("GVM_SOURCES", "https://127.0.0.1:9/dl,goproxy")
    }),
    ("config.toml", |env, site| {
        let config = format!("sources = [\"{}\", \"godev\"]\n", planted(&site.proxy()));
        let config = config + &format!("godev = \"{}\"\n", planted("http://127.0.0.1:9/dl"));
        fs::create_dir_all(env.root()).unwrap();
        fs::write(env.root().join("config.toml"), config).unwrap();
        env
    }),
    ("config.toml, broken", |env, _| {
        fs::create_dir_all(env.root()).unwrap();
        let config = format!("sources = [\"https://u:{PLANTED}@h.example/x\"\ngodev = {PLANTED}\n");
        fs::write(env.root().join("config.toml"), config).unwrap();
        env
    }),
];

/// Whether the file is one that a test planted.
fn is_planted(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default();
    name == "planted-netrc" || name == "config.toml"
}

/// Holds that no file below the folder, by name or by content, holds the password.
fn assert_kept_nowhere(folder: &Path, row: &str) -> usize {
    let mut files = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path: PathBuf = entry.unwrap().path();
        assert!(!shows_secret(path.as_os_str().as_encoded_bytes()), "{row}: {}", path.display());
        if path.is_symlink() {
            let target = fs::read_link(&path).unwrap();
            assert!(
                !shows_secret(target.as_os_str().as_encoded_bytes()),
                "{row}: {}",
                path.display()
            );
        } else if path.is_dir() {
            files += assert_kept_nowhere(&path, row);
        } else if !is_planted(&path) {
            let shows = shows_secret(&fs::read(&path).unwrap());
            assert!(!shows, "{row}: the password stands in {}", path.display());
            files += 1;
        }
    }
    files
}

#[test]
fn a_password_is_neither_shown_nor_kept() {
    let tried: usize = thread::scope(|scope| {
        let one = |(row, plant): (&'static str, Plant)| {
            let site = Site::mint(Mint::new(&["1.21.13", "1.22.4"]));
            let env = plant(TestEnv::at(&site).set("GVM_LOG", "trace"), &site);
            for words in some(COMMANDS, 2) {
                let told = env.gvm(words).run();
                assert!(told.code_or_signal().is_some(), "{row}, {words}: {told}");
            }
            let _ = env.call(env.root().join("shims/go"), "version").with(|_| ());
            assert!(assert_kept_nowhere(env.folder(), row) > 0, "{row}");
            COMMANDS.len()
        };
        let handles: Vec<_> = PLANTS.map(|plant| scope.spawn(move || one(plant))).into();
        handles.into_iter().map(|handle| handle.join().unwrap()).sum()
    });
    count("commands where a password is planted", tried);
}

/// What a server that knows the password says: it sends it back in every way that it has.
#[test]
fn a_server_that_repeats_the_password_is_not_quoted() {
    let bodies: [(u16, &'static str); 4] =
        [(403, "no, user:hunter2"), (500, "hunter2"), (404, "aHVudGVyMg=="), (400, "bad: hunter2")];
    for (status, body) in bodies {
        let site = Site::mint(Mint::new(&["1.22.4"]));
        for path in ["/proxy/golang.org/toolchain/@v/v0.0.1-go1.22.4.linux-amd64.zip", "/dl/"] {
            site.put(path, Answer::Page(status, body));
        }
        let env = TestEnv::at(&site).set("GOPROXY", planted(&site.proxy()));
        let env = env.set("GVM_GODEV", planted(&site.godev()));
        for words in ["-v install 1.22.4", "install --json 1.22.4", "-v list-remote"] {
            let _ = env.gvm(words).run();
        }
        let _ = assert_kept_nowhere(env.folder(), body);
    }
}

/// A storage service's signed link, as mirrors redirect to.
#[test]
fn a_signed_link_is_shown_without_its_signature() {
    let keys = ["X-Amz-Signature", "X-Amz-Security-Token", "X-Goog-Signature", "sig", "token"];
    for key in keys {
        let mover = Mover::new(&format!("/gone?{key}={PLANTED}&X-Amz-Credential={PLANTED}"));
        let env = TestEnv::new().set("GOPROXY", format!("http://{}/proxy", mover.address));
        let env = env.set("GVM_GODEV", format!("http://{}/dl", mover.address));
        for words in ["-v install 1.22.4", "install --json 1.22.4", "-v list-remote"] {
            let told = env.gvm(words).run();
            assert_ne!(told.code_or_signal(), Some(0), "{told}");
        }
        let _ = assert_kept_nowhere(env.folder(), key);
    }
}

/// The program that gvm becomes has the variables that the user gave, and gvm's own few, none with a secret of its files.
#[test]
fn a_child_gets_no_secret_that_its_user_did_not_give_it() {
    let site = Site::mint(Mint::new(&["1.22.4"]));
    let (_, netrc) = PLANTS.into_iter().find(|(row, _)| *row == "netrc").unwrap();
    let (_, config) = PLANTS.into_iter().find(|(row, _)| *row == "config.toml").unwrap();
    let env = config(netrc(TestEnv::at(&site), &site), &site);
    let _ = env.gvm("use 1.22.4").ok();
    let told = match cfg!(windows) {
        true => env.gvm("exec 1.22.4 --").arg(shell()).arg("-c").arg("environment").ok(),
        false => env.gvm("exec 1.22.4 -- /usr/bin/env").ok(),
    };
    let names = told.stdout.lines().filter_map(|line| line.split_once('=')).map(|(name, _)| name);
    let own: Vec<&str> = names.filter(|name| name.contains("GVM")).collect();
    for name in &own {
        // The last one is the tests' own, on Windows.
        let known = [
            "GVM_DIR",
            "GVM_GO",
            "GVM_GODEV",
            "GVM_SOURCES",
            "GVM_SET_GOTOOLCHAIN",
            "GVM_TEST_REGISTRY",
        ];
        assert!(known.contains(name) || name.starts_with("_"), "{name}");
    }
    assert!(own.contains(&"GVM_GO"), "{told}");
}

/// A server that sends whoever asks for anything elsewhere, once, and has nothing there.
struct Mover {
    address: SocketAddr,
    ended: Arc<AtomicBool>,
    worker: Option<JoinHandle<()>>,
}

impl Mover {
    fn new(to: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let ended = Arc::new(AtomicBool::new(false));
        let (to, is_over) = (to.to_owned(), Arc::clone(&ended));
        let worker = thread::spawn(move || {
            while let Ok((stream, _)) = listener.accept() {
                if is_over.load(Ordering::SeqCst) {
                    return;
                }
                let _ = answer(stream, &to);
            }
        });
        Self { address, ended, worker: Some(worker) }
    }
}

impl Drop for Mover {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.address);
        let _ = self.worker.take().unwrap().join();
    }
}

fn answer(mut stream: TcpStream, to: &str) -> std::io::Result<()> {
    let mut asked = String::new();
    let mut reader = BufReader::new(stream.try_clone()?);
    reader.read_line(&mut asked)?;
    let mut line = String::new();
    while reader.read_line(&mut line)? > 2 {
        line.clear();
    }
    let head = if asked.contains("/gone") {
        "HTTP/1.1 403 Forbidden".to_owned()
    } else {
        format!("HTTP/1.1 302 Found\r\nLocation: {to}")
    };
    stream.write_all(format!("{head}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").as_bytes())
}
