//! The threads that write what a tar holds, and the queue before them: small files by the batch,
//! large ones piece by piece. The buffers go round; there are so many of them and no more, which is
//! what bounds the memory.

use std::mem;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Mutex, PoisonError};

use super::super::error::Fault;
use super::super::halt::Halt;
use super::super::write::{Tree, TreeFile};

/// Bytes of a buffer. Files up to this size travel whole.
const BUFFER: usize = 256 << 10;

/// Work for one thread.
enum Job {
    /// Files that lie in one buffer, one after another, each with its size.
    Batch { files: Vec<(String, usize)>, bytes: Vec<u8> },
    /// A file that is larger than a buffer.
    Large { path: String, pieces: Receiver<Vec<u8>> },
}

/// The near end of the queue: takes contents in.
pub(super) struct Queue {
    jobs: Sender<Job>,
    empty: Receiver<Vec<u8>>,
    /// The batch that is growing, or the piece of a large file that is.
    bytes: Vec<u8>,
    files: Vec<(String, usize)>,
    large: Option<Sender<Vec<u8>>>,
}

/// The far end, shared by all threads that write.
pub(super) struct Jobs {
    jobs: Mutex<Receiver<Job>>,
    empty: Sender<Vec<u8>>,
}

/// A queue before so many `writers`.
pub(super) fn queue(writers: usize) -> (Queue, Jobs) {
    let (jobs, far_jobs) = channel();
    let (far_empty, empty) = channel();
    for _ in 0..2 * writers + 2 {
        // The other end is three lines above.
        let _ = far_empty.send(Vec::new());
    }
    let queue = Queue { jobs, empty, bytes: Vec::new(), files: Vec::new(), large: None };
    (queue, Jobs { jobs: Mutex::new(far_jobs), empty: far_empty })
}

impl Queue {
    /// Begins the file at `path`, whose folder exists.
    pub(super) fn begin(&mut self, path: String, size: u64) {
        let size = usize::try_from(size).unwrap_or(usize::MAX);
        if self.bytes.len().saturating_add(size) > BUFFER {
            self.flush();
        }
        if size <= BUFFER {
            self.take_buffer();
            self.files.push((path, size));
            return;
        }
        let (large, pieces) = channel();
        self.send(Job::Large { path, pieces });
        self.large = Some(large);
    }

    /// Takes more of its content.
    pub(super) fn add(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            self.take_buffer();
            let (now, later) = bytes.split_at(bytes.len().min(BUFFER - self.bytes.len()));
            self.bytes.extend_from_slice(now);
            bytes = later;
            if self.bytes.len() == BUFFER {
                self.flush();
            }
        }
    }

    /// Ends it.
    pub(super) fn end(&mut self) {
        if self.large.is_some() {
            self.flush();
            self.large = None;
        }
    }

    /// Sends off what has been taken in.
    pub(super) fn flush(&mut self) {
        if self.bytes.capacity() == 0 {
            return;
        }
        let bytes = mem::take(&mut self.bytes);
        match &self.large {
            // Nobody at the other end: a writer panicked, and joining it will tell.
            Some(large) => drop(large.send(bytes)),
            None => {
                let files = mem::take(&mut self.files);
                self.send(Job::Batch { files, bytes });
            }
        }
    }

    fn send(&self, job: Job) {
        drop(self.jobs.send(job));
    }

    /// Waits for a buffer that is free, unless there is one at hand.
    fn take_buffer(&mut self) {
        if self.bytes.capacity() == 0 {
            self.bytes = self.empty.recv().unwrap_or_default();
            self.bytes.clear();
            self.bytes.reserve_exact(BUFFER);
        }
    }
}

impl Jobs {
    /// Writes what comes until nothing more does. After a fault nothing is written any more, but
    /// all buffers still go back, so that the near end never waits in vain.
    pub(super) fn work(&self, tree: &Tree<'_>, halt: &Halt) -> Vec<TreeFile> {
        let mut done = Vec::new();
        while let Some(job) = self.next() {
            match job {
                Job::Batch { files, bytes } => {
                    let mut rest = &bytes[..];
                    for (path, size) in files {
                        let (content, after) = rest.split_at(size);
                        rest = after;
                        done.extend(unless(halt, || write(tree, path, content)));
                    }
                    self.give_back(bytes);
                }
                Job::Large { path, pieces } => {
                    let mut file = unless(halt, || tree.file(&path));
                    for piece in pieces {
                        if let Some(file) = &mut file {
                            unless(halt, || file.write(&piece));
                        }
                        self.give_back(piece);
                    }
                    done.extend(file.and_then(|file| unless(halt, || file.finish(path))));
                }
            }
        }
        done
    }

    fn next(&self) -> Option<Job> {
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner).recv().ok()
    }

    fn give_back(&self, buffer: Vec<u8>) {
        // The near end may be done: then the buffer is dropped.
        drop(self.empty.send(buffer));
    }
}

/// Does `work` unless somebody failed.
fn unless<T>(halt: &Halt, work: impl FnOnce() -> Result<T, Fault>) -> Option<T> {
    if halt.is_called() { None } else { halt.check(work()) }
}

fn write(tree: &Tree<'_>, path: String, content: &[u8]) -> Result<TreeFile, Fault> {
    let mut file = tree.file(&path)?;
    file.write(content)?;
    file.finish(path)
}
