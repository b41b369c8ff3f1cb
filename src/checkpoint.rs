//! Named places at which a test can end this process as a power cut would, or hold it until it says go on. Compiled in
//! with the feature `checkpoints` only, which nothing but this package's own tests turns on; elsewhere a call is nothing.
//!
//! `GVM_TEST_CHECKPOINT` holds one order or more, separated by blanks:
//!
//! | order | at the checkpoint NAME |
//! |---|---|
//! | `NAME=kill`, `NAME@3=kill` | the process is killed, the first or the third time it comes by |
//! | `NAME=hold:ADDRESS` | it calls whoever listens there, and waits until they hang up |
//! | `*=note:FILE` | its name is added to FILE as a line, and the work goes on |

/// Marks the place called `name`: what has been done before it, in the words `command-or-module.what`.
#[cfg(not(feature = "checkpoints"))]
#[inline(always)]
pub fn reach(_name: &str) {}

#[cfg(feature = "checkpoints")]
pub use ordered::reach;

/// The key of the registry, below the user's, that a test has for its own in the place of the real ones:
/// `GVM_TEST_REGISTRY`.
#[cfg(windows)]
#[cfg_attr(
    feature = "checkpoints",
    allow(clippy::disallowed_methods, reason = "no setting of gvm's: a test's order")
)]
pub fn registry_of_test() -> Option<String> {
    #[cfg(feature = "checkpoints")]
    return std::env::var("GVM_TEST_REGISTRY").ok();
    #[cfg(not(feature = "checkpoints"))]
    None
}

#[cfg(feature = "checkpoints")]
mod ordered {
    use std::collections::HashMap;
    use std::fs::OpenOptions;
    use std::io::{Read, Write};
    use std::net::TcpStream;
    use std::sync::Mutex;

    /// How often each place was reached.
    static REACHED: Mutex<Option<HashMap<String, u32>>> = Mutex::new(None);

    /// Marks the place called `name`, and does what the test ordered for it.
    #[allow(clippy::disallowed_methods, reason = "no setting of gvm's: a test's order")]
    pub fn reach(name: &str) {
        let Ok(orders) = std::env::var("GVM_TEST_CHECKPOINT") else { return };
        let time = {
            let mut reached = REACHED.lock().expect("nothing panics while it is held");
            let count = reached.get_or_insert_default().entry(name.to_owned()).or_default();
            *count += 1;
            *count
        };
        let orders = orders.split_whitespace().filter_map(|order| order.split_once('='));
        for (place, order) in orders {
            let (place, wanted) = place.split_once('@').unwrap_or((place, "1"));
            if place == "*" || place == name && wanted.parse() == Ok(time) {
                obey(name, order);
            }
        }
    }

    fn obey(name: &str, order: &str) {
        if order == "kill" {
            kill();
        } else if let Some(address) = order.strip_prefix("hold:") {
            let mut line = TcpStream::connect(address).expect("the test listens there");
            // However they hang up.
            let _ = line.read_to_end(&mut Vec::new());
        } else if let Some(file) = order.strip_prefix("note:") {
            let mut file = OpenOptions::new().create(true).append(true).open(file);
            let file = file.as_mut().expect("the test's folder can be written to");
            file.write_all(format!("{name}\n").as_bytes()).expect("the line is written");
        } else {
            panic!("no order for a checkpoint: {order}");
        }
    }

    #[cfg(unix)]
    fn kill() {
        let _ =
            rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::KILL);
    }

    #[cfg(windows)]
    fn kill() {
        std::process::abort();
    }
}
