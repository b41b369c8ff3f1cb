//! [`Held`]: a gvm that waits at one of its checkpoints until the test lets it go or kills it; and [`kill_at`].

use std::net::{Shutdown, TcpListener, TcpStream};
use std::process::{Child, ExitStatus};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use super::env::{Call, Outcome, TestEnv, finish};

/// A gvm that waits at a checkpoint.
pub struct Held {
    child: Child,
    line: TcpStream,
}

impl Held {
    /// Starts it, and waits until it is there.
    pub fn at(env: &TestEnv, words: &str, point: &str) -> Self {
        Self::call_at(env.gvm(words), point)
    }

    /// As [`Held::at`], of any call.
    pub fn call_at(call: Call<'_>, point: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let order = format!("{point}=hold:{}", listener.local_addr().unwrap());
        let mut child = call.var("GVM_TEST_CHECKPOINT", order).start();
        let (send, called) = mpsc::channel();
        // Waits for the child, if it gets there.
        thread::spawn(move || send.send(listener.accept().unwrap().0));
        let line = loop {
            match called.recv_timeout(Duration::from_millis(200)) {
                Ok(line) => break line,
                Err(_) if child.try_wait().unwrap().is_none() => {}
                Err(_) => panic!("it ended without coming by {point}"),
            }
        };
        Self { child, line }
    }

    /// Its process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Lets it go on to its end.
    pub fn go_on(self, env: &TestEnv) -> Outcome {
        // For whoever else has it too: a child that was started meanwhile may have been handed it, on Windows.
        self.line.shutdown(Shutdown::Both).unwrap();
        Outcome::new(env.folder(), &finish(self.child, "what was held"))
    }

    /// Interrupts it where it waits, as Ctrl-C does.
    #[cfg(unix)]
    pub fn interrupt(self, env: &TestEnv) -> Outcome {
        let id = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(id, rustix::process::Signal::INT).unwrap();
        let output = finish(self.child, "what was interrupted");
        drop(self.line);
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
    assert!(was_killed(output.status), "{words} at {point}: {output:?}");
}

/// Whether a checkpoint ended the process.
#[cfg(unix)]
pub fn was_killed(status: ExitStatus) -> bool {
    std::os::unix::process::ExitStatusExt::signal(&status) == Some(9)
}

/// Whether a checkpoint ended the process.
#[cfg(windows)]
pub fn was_killed(status: ExitStatus) -> bool {
    // STATUS_STACK_BUFFER_OVERRUN: what `abort` ends with.
    status.code().map(i32::cast_unsigned) == Some(0xc000_0409)
}
