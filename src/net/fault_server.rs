//! For tests: an HTTP server on loopback that does, connection by connection, what a test wants to
//! see survived.

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use url::Url;

/// A server that lives as long as this value; each connection gets one answer.
pub(crate) struct FaultServer {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<Request>>>,
    is_over: Arc<AtomicBool>,
}

/// The head of a request.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    head: String,
}

/// What a connection gets.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    length: Option<usize>,
    end: End,
}

/// How a connection ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// Properly.
    Close,
    /// Not at all, until the client goes.
    Stall,
    /// By a reset.
    Reset,
    /// Not at all: a byte every few milliseconds, for as long as somebody listens.
    Drip,
}

type Handler = Box<dyn FnMut(&Request) -> Answer + Send>;

impl FaultServer {
    /// Answers each request with what `handler` makes of it.
    pub(crate) fn start(handler: impl FnMut(&Request) -> Answer + Send + 'static) -> FaultServer {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let server = FaultServer {
            address: listener.local_addr().unwrap(),
            requests: Arc::default(),
            is_over: Arc::default(),
        };
        let handler: Arc<Mutex<Handler>> = Arc::new(Mutex::new(Box::new(handler)));
        let (requests, is_over) = (Arc::clone(&server.requests), Arc::clone(&server.is_over));
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if is_over.load(Ordering::SeqCst) {
                    return;
                }
                let (handler, requests) = (Arc::clone(&handler), Arc::clone(&requests));
                thread::spawn(move || serve(stream, &handler, &requests));
            }
        });
        server
    }

    /// Gives one answer after the other, then 418.
    pub(crate) fn script(answers: impl IntoIterator<Item = Answer>) -> FaultServer {
        let mut answers = answers.into_iter().collect::<Vec<_>>().into_iter();
        FaultServer::start(move |_| answers.next().unwrap_or_else(|| Answer::status(418)))
    }

    pub(crate) fn url(&self, path: &str) -> Url {
        Url::parse(&format!("http://{}{path}", self.address)).unwrap()
    }

    /// The requests so far, in the order in which they came.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }
}

impl Drop for FaultServer {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::SeqCst);
        // Wakes the listener, which then sees that it is over.
        let _ = TcpStream::connect(self.address);
    }
}

impl Request {
    pub(crate) fn path(&self) -> &str {
        self.head.split(' ').nth(1).unwrap_or_default()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut pairs = self.head.lines().filter_map(|line| line.split_once(':'));
        let pair = pairs.find(|(key, _)| key.eq_ignore_ascii_case(name))?;
        Some(pair.1.trim())
    }
}

impl Answer {
    /// An answer without a body.
    pub(crate) fn status(status: u16) -> Answer {
        Answer { status, headers: Vec::new(), body: Vec::new(), length: Some(0), end: End::Close }
    }

    pub(crate) fn ok(body: impl AsRef<[u8]>) -> Answer {
        Answer::status(200).body(body)
    }

    /// What a well-behaved server gives: all of it, or the part that was asked for.
    pub(crate) fn ranged(request: &Request, body: &[u8], tag: &str) -> Answer {
        let is_same = request.header("if-range").is_none_or(|wanted| wanted == tag);
        let range = request.header("range").filter(|_| is_same);
        let Some(first) = range.and_then(|it| it.strip_prefix("bytes=")?.strip_suffix('-')) else {
            return Answer::ok(body).header("ETag", tag);
        };
        let (first, total) = (first.parse::<usize>().unwrap(), body.len());
        if first >= total {
            return Answer::status(416);
        }
        Answer::status(206)
            .header("ETag", tag)
            .header("Content-Range", format!("bytes {first}-{}/{total}", total - 1))
            .body(&body[first..])
    }

    pub(crate) fn body(mut self, body: impl AsRef<[u8]>) -> Answer {
        self.body = body.as_ref().to_vec();
        self.length = Some(self.body.len());
        self
    }

    pub(crate) fn header(mut self, name: &str, value: impl Into<String>) -> Answer {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// Announces another length than the body has; `None` announces none.
    pub(crate) fn announcing(mut self, length: Option<usize>) -> Answer {
        self.length = length;
        self
    }

    /// Sends the first `count` bytes of the body only.
    pub(crate) fn cut(mut self, count: usize) -> Answer {
        self.body.truncate(count);
        self
    }

    pub(crate) fn then(mut self, end: End) -> Answer {
        self.end = end;
        self
    }

    fn bytes(&self) -> Vec<u8> {
        let mut head = format!("HTTP/1.1 {} Planted\r\nConnection: close\r\n", self.status);
        if let Some(length) = self.length {
            head += &format!("Content-Length: {length}\r\n");
        }
        for (name, value) in &self.headers {
            head += &format!("{name}: {value}\r\n");
        }
        [head.as_bytes(), b"\r\n", &self.body].concat()
    }
}

fn serve(mut stream: TcpStream, handler: &Mutex<Handler>, requests: &Mutex<Vec<Request>>) {
    let Some(head) = peeked_head(&stream) else { return };
    let length = head.len();
    let request = Request { head };
    requests.lock().unwrap().push(request.clone());
    let answer = handler.lock().unwrap()(&request);
    if answer.end != End::Reset {
        // A socket closed with bytes unread is reset: std has no stable way to ask for it.
        stream.read_exact(&mut vec![0; length]).unwrap();
    }
    if stream.write_all(&answer.bytes()).is_err() {
        return;
    }
    match answer.end {
        End::Reset => {}
        End::Close => {
            let _ = stream.shutdown(Shutdown::Write);
            let _ = stream.read(&mut [0]);
        }
        End::Stall => {
            let _ = stream.read(&mut [0]);
        }
        End::Drip => drip(&mut stream),
    }
}

/// The head of a request, left in the socket; nothing of a client that goes or that speaks TLS.
fn peeked_head(stream: &TcpStream) -> Option<String> {
    let mut buffer = [0; 16 * 1024];
    loop {
        let count = stream.peek(&mut buffer).ok()?;
        if count == 0 || buffer[0] == 0x16 {
            return None;
        }
        let text = String::from_utf8_lossy(&buffer[..count]);
        if let Some(end) = text.find("\r\n\r\n") {
            return Some(text[..end + 4].to_owned());
        }
        thread::yield_now();
    }
}

fn drip(stream: &mut TcpStream) {
    stream.set_read_timeout(Some(Duration::from_millis(5))).unwrap();
    while stream.write_all(b"x").is_ok() {
        match stream.read(&mut [0]) {
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {}
            _ => return,
        }
    }
}
