//! [`Site`]: an HTTP server on the loopback that stands in for the network: a module proxy below `/proxy/`, the
//! download site below `/dl/`, and whatever a test puts in the place of one of their files. It keeps a log of what it
//! was asked.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use super::mint::{Mint, here};
use super::stock::Stock;

/// Requests that are answered at once: more than one gvm asks at a time.
const WORKERS: usize = 24;
/// What a test waits for comes within this, or not at all.
const PATIENCE: Duration = Duration::from_secs(120);

/// All that stands at a path is of one make, as far as resuming goes.
const TAG: &str = "ETag: \"1\"\r\n";

/// What a path answers.
#[derive(Clone)]
pub enum Answer {
    /// These bytes.
    Bytes(Vec<u8>),
    /// The bytes of this file.
    File(PathBuf),
    /// A page with this status.
    Page(u16, &'static str),
    /// The first half of these bytes, then the end of the connection; to whoever goes on from there, nothing.
    Half(Vec<u8>),
    /// What the site has there, after [`Site::open_gate`].
    Gated,
}

enum Backing {
    Mint(Mint),
    Stock(&'static Stock),
}

struct Shared {
    backing: Backing,
    stands_in: Mutex<HashMap<String, Answer>>,
    log: Mutex<Vec<String>>,
    resumed: Mutex<Vec<usize>>,
    asked: Condvar,
    gate: Mutex<bool>,
    gate_opened: Condvar,
    ended: AtomicBool,
}

/// The server. It ends when it is dropped.
pub struct Site {
    address: SocketAddr,
    shared: Arc<Shared>,
    workers: Vec<JoinHandle<()>>,
}

impl Site {
    /// These small releases, at both places.
    pub fn mint(mint: Mint) -> Self {
        Self::start(Backing::Mint(mint))
    }

    /// The real releases, as a module proxy.
    pub fn stock(stock: &'static Stock) -> Self {
        Self::start(Backing::Stock(stock))
    }

    fn start(backing: Backing) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared {
            backing,
            stands_in: Mutex::default(),
            log: Mutex::default(),
            resumed: Mutex::default(),
            asked: Condvar::new(),
            gate: Mutex::new(false),
            gate_opened: Condvar::new(),
            ended: AtomicBool::new(false),
        });
        let worker = |_| {
            let (listener, shared) = (listener.try_clone().unwrap(), Arc::clone(&shared));
            thread::spawn(move || work(&listener, &shared))
        };
        Self { address, workers: (0..WORKERS).map(worker).collect(), shared }
    }

    /// The value of GOPROXY.
    pub fn proxy(&self) -> String {
        format!("http://{}/proxy", self.address)
    }

    /// The value of GVM_GODEV.
    pub fn godev(&self) -> String {
        format!("http://{}/dl", self.address)
    }

    /// The value of GOSUMDB where it is not the usual one.
    pub fn gosumdb(&self) -> Option<String> {
        matches!(self.shared.backing, Backing::Mint(_)).then(Mint::gosumdb)
    }

    /// Puts an answer at a path.
    pub fn put(&self, path: impl Into<String>, answer: Answer) {
        self.shared.stands_in.lock().unwrap().insert(here(&path.into()), answer);
    }

    /// What stands at a path.
    pub fn get(&self, path: &str) -> Vec<u8> {
        match self.shared.usual(&here(path)) {
            Answer::Bytes(bytes) => bytes,
            Answer::File(path) => std::fs::read(path).unwrap(),
            _ => panic!("{path} is not there"),
        }
    }

    /// How often paths with this end were asked for.
    pub fn count(&self, end: &str) -> usize {
        let end = here(end);
        self.shared.log.lock().unwrap().iter().filter(|path| path.ends_with(&end)).count()
    }

    /// From which bytes on the rest of an answer was asked for and given.
    pub fn resumed(&self) -> Vec<usize> {
        self.shared.resumed.lock().unwrap().clone()
    }

    /// Waits until paths with each of these ends were asked for.
    pub fn wait_for(&self, ends: &[&str]) {
        let ends: Vec<String> = ends.iter().map(|end| here(end)).collect();
        let lacks = |log: &mut Vec<String>| {
            !ends.iter().all(|end| log.iter().any(|path| path.ends_with(end.as_str())))
        };
        let log = self.shared.log.lock().unwrap();
        let (log, out) = self.shared.asked.wait_timeout_while(log, PATIENCE, lacks).unwrap();
        assert!(!out.timed_out(), "waited for {ends:?}, was asked for {:?}", *log);
    }

    /// Lets the gated answers go.
    pub fn open_gate(&self) {
        *self.shared.gate.lock().unwrap() = true;
        self.shared.gate_opened.notify_all();
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.shared.ended.store(true, Ordering::SeqCst);
        self.open_gate();
        for _ in &self.workers {
            let _ = TcpStream::connect(self.address);
        }
        for worker in self.workers.drain(..) {
            let _ = worker.join();
        }
    }
}

fn work(listener: &TcpListener, shared: &Shared) {
    while let Ok((stream, _)) = listener.accept() {
        if shared.ended.load(Ordering::SeqCst) {
            return;
        }
        // Ended for whoever else has it too: a child that was started meanwhile may have been handed it.
        let end = cfg!(windows).then(|| stream.try_clone());
        // A client that goes away is no concern of the site's.
        let _ = serve(stream, shared);
        if let Some(Ok(end)) = end {
            let _ = end.shutdown(Shutdown::Write);
        }
    }
}

fn serve(mut stream: TcpStream, shared: &Shared) -> io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let request = lines.next().unwrap_or_else(|| Ok(String::new()))?;
    let mut from = None;
    for line in lines {
        let line = line?.to_ascii_lowercase();
        if line.is_empty() {
            break;
        }
        let range = line.strip_prefix("range: bytes=").and_then(|range| range.strip_suffix('-'));
        from = from.or_else(|| range?.parse::<usize>().ok());
    }
    let path = request.split(' ').nth(1).unwrap_or_default();
    let path = path.split('?').next().unwrap_or_default().to_owned();
    shared.log.lock().unwrap().push(path.clone());
    shared.asked.notify_all();
    let put = shared.stands_in.lock().unwrap().get(&path).cloned();
    match put.unwrap_or_else(|| shared.usual(&path)) {
        Answer::Gated => {
            let gate = shared.gate.lock().unwrap();
            let closed = |open: &mut bool| !*open;
            drop(shared.gate_opened.wait_timeout_while(gate, PATIENCE, closed).unwrap());
            send(&mut stream, shared.usual(&path))
        }
        Answer::Bytes(bytes) => match from.filter(|from| *from < bytes.len()) {
            Some(from) => {
                shared.resumed.lock().unwrap().push(from);
                send_rest(&mut stream, &bytes, from)
            }
            None => send(&mut stream, Answer::Bytes(bytes)),
        },
        Answer::Half(_) if from.is_some() => Ok(()),
        answer => send(&mut stream, answer),
    }
}

fn send_rest(stream: &mut TcpStream, bytes: &[u8], from: usize) -> io::Result<()> {
    let (last, length) = (bytes.len() - 1, bytes.len());
    let head = format!(
        "HTTP/1.1 206 Partial\r\nContent-Range: bytes {from}-{last}/{length}\r\n\
         Content-Length: {}\r\n{TAG}Connection: close\r\n\r\n",
        length - from
    );
    stream.write_all(head.as_bytes())?;
    stream.write_all(&bytes[from..])
}

fn send(stream: &mut TcpStream, answer: Answer) -> io::Result<()> {
    let head = |status: u16, kind: &str, length: u64| {
        format!(
            "HTTP/1.1 {status} Status\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n\
             {TAG}Connection: close\r\n\r\n"
        )
    };
    let plain = "application/octet-stream";
    match answer {
        Answer::Bytes(bytes) => {
            stream.write_all(head(200, plain, bytes.len() as u64).as_bytes())?;
            stream.write_all(&bytes)
        }
        Answer::Half(bytes) => {
            stream.write_all(head(200, plain, bytes.len() as u64).as_bytes())?;
            stream.write_all(&bytes[..bytes.len() / 2])
        }
        Answer::File(path) => {
            let mut file = File::open(path)?;
            stream.write_all(head(200, plain, file.metadata()?.len()).as_bytes())?;
            io::copy(&mut file, stream).map(drop)
        }
        Answer::Page(status, text) => {
            stream.write_all(head(status, "text/html", text.len() as u64).as_bytes())?;
            stream.write_all(text.as_bytes())
        }
        Answer::Gated => Ok(()),
    }
}

impl Shared {
    /// What is there when no test puts anything else there.
    #[allow(clippy::print_stderr, reason = "a test says why its bytes are not there")]
    fn usual(&self, path: &str) -> Answer {
        let missing = Answer::Page(404, "not here");
        let bytes = match (&self.backing, path.split_at_checked(1)) {
            (Backing::Mint(mint), Some((_, path))) => match path.split_once('/') {
                Some(("proxy", path)) => mint.proxy(path),
                Some(("dl", path)) => mint.godev(path),
                _ => None,
            },
            (Backing::Stock(stock), Some((_, path))) => {
                let Some(("proxy", path)) = path.split_once('/') else { return missing };
                return match stock.file(path) {
                    Ok(Some(path)) => Answer::File(path),
                    Ok(None) => missing,
                    Err(why) => {
                        eprintln!("the stock lacks {path}: {why}");
                        Answer::Page(502, "the stock lacks it")
                    }
                };
            }
            (_, None) => None,
        };
        bytes.map_or(missing, Answer::Bytes)
    }
}
