//! [`Server`]: an HTTP server on the loopback, in plain or over TLS, that answers as a [`Mint`] does but where a test
//! makes it lie. It keeps what it was asked.
//!
//! What a lie looks like on the wire stands in `wire`.

use std::collections::HashMap;
use std::io::{self, Read};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::stage::mint::{Mint, here};
use crate::wire::{self, Step};

/// A client that says nothing for so long is gone.
const PATIENCE: Duration = Duration::from_secs(120);
/// So many connections are served at once.
const WORKERS: usize = 16;

/// The head of a request.
#[derive(Clone, Debug)]
pub struct Request {
    /// Without the query.
    pub path: String,
    /// How many requests for this path came before.
    pub nth: usize,
    lines: Vec<String>,
}

/// What a path answers: the request, and the honest body where there is one.
type Lie = Arc<dyn Fn(&Request, &[u8]) -> Vec<Step> + Send + Sync>;

/// What the paths below one answer, by what follows it.
type Below = Arc<dyn Fn(&str, &Request) -> Vec<Step> + Send + Sync>;

struct Shared {
    mint: Mint,
    tls: Option<Arc<ServerConfig>>,
    lies: Mutex<HashMap<String, Lie>>,
    below: Mutex<Option<(String, Below)>>,
    asked: Mutex<Vec<Request>>,
    is_over: AtomicBool,
}

/// The server. It ends when it is dropped.
pub struct Server {
    address: SocketAddr,
    shared: Arc<Shared>,
    workers: Vec<JoinHandle<()>>,
}

impl Server {
    /// Honest, with these releases.
    pub fn mint(mint: Mint) -> Self {
        Self::start(mint, None)
    }

    /// The same over TLS.
    pub fn tls(mint: Mint, config: ServerConfig) -> Self {
        Self::start(mint, Some(Arc::new(config)))
    }

    fn start(mint: Mint, tls: Option<Arc<ServerConfig>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared {
            mint,
            tls,
            lies: Mutex::default(),
            below: Mutex::default(),
            asked: Mutex::default(),
            is_over: AtomicBool::new(false),
        });
        let worker = |_| {
            let (listener, shared) = (listener.try_clone().unwrap(), Arc::clone(&shared));
            thread::spawn(move || work(&listener, &shared))
        };
        Self { address, workers: (0..WORKERS).map(worker).collect(), shared }
    }

    /// Where it listens, `127.0.0.1:PORT`.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// A URL of it.
    pub fn url(&self, path: &str) -> String {
        let scheme = if self.shared.tls.is_some() { "https" } else { "http" };
        format!("{scheme}://{}{}", self.address, here(path))
    }

    /// Answers a path by this from now on.
    pub fn lie(
        &self,
        path: &str,
        answer: impl Fn(&Request, &[u8]) -> Vec<Step> + Send + Sync + 'static,
    ) {
        self.shared.lies.lock().unwrap().insert(here(path), Arc::new(answer));
    }

    /// Answers all paths that begin with this by what follows, from now on.
    pub fn lie_below(
        &self,
        start: &str,
        answer: impl Fn(&str, &Request) -> Vec<Step> + Send + Sync + 'static,
    ) {
        *self.shared.below.lock().unwrap() = Some((start.to_owned(), Arc::new(answer)));
    }

    /// What it has at a path, honestly.
    pub fn honest(&self, path: &str) -> Vec<u8> {
        self.shared.honest(&here(path)).unwrap_or_else(|| panic!("{path} is not there"))
    }

    /// The requests for a path so far.
    pub fn asked(&self, path: &str) -> Vec<Request> {
        let asked = self.shared.asked.lock().unwrap();
        asked.iter().filter(|request| request.path == here(path)).cloned().collect()
    }

    /// All requests so far.
    pub fn all_asked(&self) -> Vec<Request> {
        self.shared.asked.lock().unwrap().clone()
    }

    /// From which byte on each request for a path wanted it; nothing where all was wanted.
    pub fn ranges(&self, path: &str) -> Vec<Option<usize>> {
        self.asked(path).iter().map(Request::from).collect()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shared.is_over.store(true, Ordering::SeqCst);
        for _ in &self.workers {
            let _ = TcpStream::connect(self.address);
        }
        for worker in self.workers.drain(..) {
            let _ = worker.join();
        }
    }
}

impl Request {
    /// The value of a header, by its lower-case name.
    pub fn header(&self, name: &str) -> Option<&str> {
        let named = |line: &&String| {
            line.split_once(':').is_some_and(|(found, _)| found.eq_ignore_ascii_case(name))
        };
        Some(self.lines.iter().find(named)?.split_once(':')?.1.trim())
    }

    /// From which byte on the body is wanted, where not from the first.
    pub fn from(&self) -> Option<usize> {
        self.header("range")?.strip_prefix("bytes=")?.strip_suffix('-')?.parse().ok()
    }
}

fn work(listener: &TcpListener, shared: &Shared) {
    while let Ok((stream, _)) = listener.accept() {
        if shared.is_over.load(Ordering::SeqCst) {
            return;
        }
        // A client that goes away is no concern of the server's.
        let _ = serve(stream, shared);
    }
}

fn serve(stream: TcpStream, shared: &Shared) -> io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_nodelay(true)?;
    match &shared.tls {
        None => {
            let mut stream = stream;
            let steps = shared.answer(&mut stream)?;
            wire::play(&mut stream, &steps)
        }
        Some(config) => {
            let connection = ServerConnection::new(Arc::clone(config)).map_err(io::Error::other)?;
            let mut stream = StreamOwned::new(connection, stream);
            let steps = shared.answer(&mut stream)?;
            wire::play(&mut stream, &steps)?;
            stream.conn.send_close_notify();
            stream.conn.complete_io(&mut stream.sock).map(drop)
        }
    }
}

impl Shared {
    /// Reads a request, but for the last byte of its head, and decides what comes of it.
    fn answer(&self, stream: &mut impl Read) -> io::Result<Vec<Step>> {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r") {
            let mut byte = [0];
            stream.read_exact(&mut byte)?;
            head.push(byte[0]);
        }
        let head = String::from_utf8_lossy(&head).into_owned();
        let mut lines = head.lines().map(str::to_owned);
        let target = lines.next().unwrap_or_default();
        let target = target.split(' ').nth(1).unwrap_or_default();
        let path = target.split('?').next().unwrap_or_default().to_owned();
        let request = {
            let mut asked = self.asked.lock().unwrap();
            let nth = asked.iter().filter(|earlier| earlier.path == path).count();
            asked.push(Request { path: path.clone(), nth, lines: lines.collect() });
            asked.last().unwrap().clone()
        };
        let steps = {
            let lie = self.lies.lock().unwrap().get(&path).cloned();
            let below = self.below.lock().unwrap().clone();
            let below = below.and_then(|(start, lie)| Some((path.strip_prefix(&start)?, lie)));
            let honest = self.honest(&path);
            match (lie, below, honest) {
                (Some(lie), _, honest) => lie(&request, &honest.unwrap_or_default()),
                (None, Some((rest, lie)), _) => lie(rest, &request),
                (None, None, Some(body)) => wire::ranged(&request, &body),
                (None, None, None) => wire::status(404, "", b"not here"),
            }
        };
        if !steps.iter().any(|step| matches!(step, Step::Reset)) {
            stream.read_exact(&mut [0])?;
        }
        Ok(steps)
    }

    fn honest(&self, path: &str) -> Option<Vec<u8>> {
        match path.strip_prefix('/')?.split_once('/')? {
            ("proxy", path) => self.mint.proxy(path),
            ("dl", path) => self.mint.godev(path),
            _ => None,
        }
    }
}
