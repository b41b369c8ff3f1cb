//! [`Held`]: a gvm that waits at one of its checkpoints until the test lets it go or kills it; and [`kill_at`].

use std::fs::{File, OpenOptions};
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use super::env::{Call, Outcome, TestEnv, finish};

/// A gvm that waits at a checkpoint.
pub struct Held {
    child: Child,
    pipe: File,
}

impl Held {
    /// Starts it, and waits until it is there.
    pub fn at(env: &TestEnv, words: &str, point: &str) -> Self {
        Self::call_at(env.gvm(words), point)
    }

    /// As [`Held::at`], of any call.
    pub fn call_at(call: Call<'_>, point: &str) -> Self {
        let pipes = tempfile::tempdir().unwrap();
        let path = pipes.path().join("pipe");
        assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
        let order = format!("{point}=hold:{}", path.display());
        let mut child = call.var("GVM_TEST_CHECKPOINT", order).start();
        let (send, opened) = mpsc::channel();
        // Opening waits for whoever reads: for the child, if it gets there.
        thread::spawn(move || send.send(OpenOptions::new().write(true).open(path).unwrap()));
        let pipe = loop {
            match opened.recv_timeout(Duration::from_millis(200)) {
                Ok(pipe) => break pipe,
                Err(_) if child.try_wait().unwrap().is_none() => {}
                Err(_) => panic!("it ended without coming by {point}"),
            }
        };
        Self { child, pipe }
    }

    /// Its process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Lets it go on to its end.
    pub fn go_on(self, env: &TestEnv) -> Outcome {
        drop(self.pipe);
        Outcome::new(env.folder(), &finish(self.child, "what was held"))
    }

    /// Interrupts it where it waits, as Ctrl-C does.
    pub fn interrupt(self, env: &TestEnv) -> Outcome {
        let id = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(id, rustix::process::Signal::INT).unwrap();
        let output = finish(self.child, "what was interrupted");
        drop(self.pipe);
        Outcome::new(env.folder(), &output)
    }

    /// Kills it where it waits.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        let _ = finish(self.child, "what was killed");
    }
}

/// Lets gvm be killed at a checkpoint.
pub fn kill_at(env: &TestEnv, words: &str, point: &str) {
    let call = env.gvm(words).var("GVM_TEST_CHECKPOINT", format!("{point}=kill"));
    let output = finish(call.start(), point);
    assert_eq!(output.status.signal(), Some(9), "{words} at {point}: {output:?}");
}
