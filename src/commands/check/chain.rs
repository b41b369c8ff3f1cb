//! The steps, in the order in which they need each other, each as the version at hand knows it. The first that fails is the
//! last.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use gvm_core::version::Version;

use super::{End, Step, grave};
use crate::app::App;
use crate::commands::private::{self, Private, Tried};
use crate::doctor::{self, Finding, Surroundings};
use crate::failure::Failure;

/// A cold build of a small program takes 6 to 12 seconds from 1.20 on (measured); a busy machine takes its time.
const PATIENCE: Duration = Duration::from_secs(300);

const HELLO: &str = "package main

import (
\t\"fmt\"
\t\"os\"
)

func main() {
\tfmt.Println(\"hello\", len(os.Args))
}
";

const WITH_C: &str = "package main

// int answer(void) { return 42; }
import \"C\"

func main() {
\tprintln(int(C.answer()))
}
";

/// What the steps work with.
pub(super) struct Chain<'a> {
    pub(super) app: &'a App,
    pub(super) private: &'a Private,
    pub(super) tried: &'a Tried,
    pub(super) around: &'a Surroundings<'a>,
}

impl Chain<'_> {
    /// All of them; and what the doctor says where one fails.
    pub(super) fn run(&self, full: bool) -> Result<(Vec<Step>, Vec<Finding>), Failure> {
        // No `1.X.Y` and no toolchain line: older versions do not know them.
        self.private.put("work/go.mod", "module smoke\n\ngo 1.13\n")?;
        self.private.put("work/main.go", HELLO)?;
        self.private.put("cgo/main.go", WITH_C)?;
        self.private.put("cgo/go.mod", "module smoke\n\ngo 1.13\n")?;
        let mut steps = vec![self.tree()];
        let rest: [fn(&Self) -> Step; 7] = [
            Self::version,
            Self::list,
            Self::go_run,
            Self::build,
            Self::help,
            Self::cgo,
            Self::race,
        ];
        for step in rest.iter().take(if full { rest.len() } else { 2 }) {
            if matches!(steps.last(), Some(Step { end: End::Failed(_), .. })) {
                break;
            }
            steps.push(step(self));
            self.tell(steps.last());
        }
        let has_failed = steps.iter().any(|step| matches!(step.end, End::Failed(_)));
        let findings =
            if has_failed { grave(doctor::examine(self.around).findings) } else { Vec::new() };
        Ok((steps, findings))
    }

    /// Progress, for whoever waits.
    fn tell(&self, step: Option<&Step>) {
        if let Some(step) = step {
            self.app.ui.detail(&format!("{}: {:.2} s", step.name, step.took.as_secs_f64()));
        }
    }

    fn tree(&self) -> Step {
        let start = std::time::Instant::now();
        let findings = doctor::tree_of(self.around);
        let wrong = findings.iter().find(|finding| finding.severity == doctor::Severity::Error);
        let end = match wrong {
            Some(finding) => End::Failed(format!("{}: {}", finding.id, finding.what)),
            None => End::Passed,
        };
        Step { name: "tree", command: "gvm doctor".into(), took: start.elapsed(), end }
    }

    fn version(&self) -> Step {
        let wanted = format!("go version {}", self.tried.version.tag());
        self.step("go version", self.go(&["version"]), |said| said.starts_with(&wanted))
    }

    fn list(&self) -> Step {
        // 1.10 and older know no modules.
        match self.is_from("11") {
            true => self.step("go list -m all", self.go(&["list", "-m", "all"]), |said| {
                said.trim() == "smoke"
            }),
            false => self.step("go list", self.go(&["list", "."]), |said| !said.trim().is_empty()),
        }
    }

    fn go_run(&self) -> Step {
        self.step("go run", self.go(&["run", "main.go"]), |said| said.trim() == "hello 1")
    }

    fn build(&self) -> Step {
        let program = self.program("hello");
        let out = program.display().to_string();
        self.step("go build", self.go(&["build", "-o", &out, "main.go"]), |_| program.is_file())
    }

    fn help(&self) -> Step {
        let mut command = self.private.command(self.tried, &self.program("hello"));
        command.arg("--help");
        self.step("the program itself", command, |said| said.trim() == "hello 2")
    }

    fn cgo(&self) -> Step {
        let program = self.program("with-c");
        let out = program.display().to_string();
        let mut command = self.go(&["build", "-o", &out, "main.go"]);
        command.current_dir(self.private.at("cgo")).env("CGO_ENABLED", "1");
        // 1.4 links with `-r`, which a compiler that makes position-independent programs refuses (measured with gcc 12).
        if !self.is_from("5") {
            return skipped(
                "a program with C",
                &command,
                "Go 1.4 cannot use the C compilers of today",
            );
        }
        match self.compiler() {
            Some(_) => self.step("a program with C", command, |_| program.is_file()),
            None => skipped("a program with C", &command, "there is no C compiler on PATH"),
        }
    }

    fn race(&self) -> Step {
        let program = self.program("race");
        let out = program.display().to_string();
        let mut command = self.go(&["build", "-race", "-o", &out, "main.go"]);
        command.env("CGO_ENABLED", "1");
        let host = self.around.host;
        // Which targets have one: `cmd/dist` of Go 1.27; older versions fewer.
        let has_race = matches!(
            (host.os(), host.arch()),
            ("linux", "amd64" | "arm64" | "ppc64le" | "s390x")
                | ("darwin", "amd64" | "arm64")
                | ("windows" | "freebsd", "amd64")
        );
        let name = "-race";
        match self.compiler() {
            _ if !has_race => skipped(name, &command, &format!("{host} has no race detector")),
            _ if !self.is_from("5") => {
                skipped(name, &command, "Go 1.4 cannot use the C compilers of today")
            }
            None => skipped(name, &command, "there is no C compiler on PATH"),
            Some(_) => self.step(name, command, |_| program.is_file()),
        }
    }

    /// The usual C compiler, if it is there.
    fn compiler(&self) -> Option<PathBuf> {
        let list = self.app.machine.var_os(gvm_core::vars::PATH)?;
        let name = if cfg!(target_vendor = "apple") { "clang" } else { "gcc" };
        let name = format!("{name}{}", std::env::consts::EXE_SUFFIX);
        std::env::split_paths(list)
            .map(|folder| folder.join(&name))
            .find(|program| program.is_file())
    }

    fn program(&self, name: &str) -> PathBuf {
        self.private.at(&format!("{name}{}", std::env::consts::EXE_SUFFIX))
    }

    fn is_from(&self, minor: &str) -> bool {
        Version::is_from_line(&self.tried.version, minor)
    }

    fn go(&self, words: &[&str]) -> Command {
        let mut command = self.private.command(self.tried, &private::go(self.tried));
        command.args(words);
        command
    }

    /// Runs it; it must succeed and say what is expected.
    fn step(&self, name: &'static str, command: Command, is_right: impl Fn(&str) -> bool) -> Step {
        let shown = shown(&command);
        let (took, end) = match private::run(command, PATIENCE) {
            Err(error) => (Duration::ZERO, End::Failed(error.to_string())),
            Ok(ended) => {
                let end = match ended.status {
                    None => End::Failed(format!("it did not end within {} s", PATIENCE.as_secs())),
                    Some(status) if status.success() && is_right(&ended.stdout) => End::Passed,
                    Some(status) => {
                        End::Failed(said(&ended.stdout, &ended.stderr, &status.to_string()))
                    }
                };
                (ended.took, end)
            }
        };
        Step { name, command: shown, took, end }
    }
}

fn skipped(name: &'static str, command: &Command, why: &str) -> Step {
    Step { name, command: shown(command), took: Duration::ZERO, end: End::Skipped(why.to_owned()) }
}

/// The exact message; how it ended, where it said nothing.
fn said(stdout: &str, stderr: &str, status: &str) -> String {
    let said = format!("{stdout}{stderr}");
    if said.trim().is_empty() { status.to_owned() } else { said }
}

fn shown(command: &Command) -> String {
    let name = Path::new(command.get_program()).file_name().unwrap_or_default();
    let words = command.get_args().map(|word| word.display().to_string());
    std::iter::once(name.display().to_string()).chain(words).collect::<Vec<_>>().join(" ")
}
