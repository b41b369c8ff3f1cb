//! The go command's variables: for each the value that `go env` of the subject's version prints, where it comes from, and
//! what it hides. By our own rule, so that a go command that fails or lies is not asked.
//!
//! As `MkEnv` and `ExtraEnvVars` of `cmd/go/internal/envcmd/env.go` have it, Go 1.4 to 1.27; a test holds the answers to
//! those of nine real versions. GOGCCFLAGS is left out: it holds the name of a temporary folder.

use gvm_core::goenv::{Setting, Source};
use gvm_core::path;
use gvm_core::vars;
use gvm_core::version::Version;

use super::built_in;
use super::places;
use super::surroundings::Surroundings;

/// A variable.
#[derive(Clone, Debug)]
pub struct Variable {
    /// Its name.
    pub name: &'static str,
    /// Its value.
    pub value: Vec<u8>,
    /// Where that comes from.
    pub origin: Origin,
    /// The values that it hides, the next in force first.
    pub shadows: Vec<Setting>,
}

/// Where a value comes from.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Origin {
    /// It is set: in the process, in go/env or in go.env.
    Set(Source),
    /// gvm sets it for the go that it starts; why.
    Gvm(&'static str),
    /// Nothing sets it, and go has a value of its own.
    Default,
    /// It follows from others; how.
    Computed(&'static str),
}

/// Names and the lines of the first and the last go command that prints them; `""`: all.
const NAMES: [(&str, &str, &str); 51] = [
    ("AR", "13", ""),
    ("CC", "", ""),
    ("CGO_CFLAGS", "5", ""),
    ("CGO_CPPFLAGS", "5", ""),
    ("CGO_CXXFLAGS", "5", ""),
    ("CGO_ENABLED", "", ""),
    ("CGO_FFLAGS", "5", ""),
    ("CGO_LDFLAGS", "5", ""),
    ("CXX", "", ""),
    ("GCCGO", "5", ""),
    ("GO111MODULE", "13", ""),
    ("GO386", "5", ""),
    ("GOAMD64", "18", ""),
    ("GOARCH", "", ""),
    ("GOARM", "5", ""),
    ("GOARM64", "23", ""),
    ("GOAUTH", "24", ""),
    ("GOBIN", "", ""),
    ("GOCACHE", "10", ""),
    ("GOCACHEPROG", "24", ""),
    ("GOCHAR", "", "5"),
    ("GODEBUG", "23", ""),
    ("GOENV", "13", ""),
    ("GOEXE", "", ""),
    ("GOEXPERIMENT", "17", ""),
    ("GOFIPS140", "24", ""),
    ("GOFLAGS", "11", ""),
    ("GOHOSTARCH", "", ""),
    ("GOHOSTOS", "", ""),
    ("GOINSECURE", "14", ""),
    ("GOMOD", "11", ""),
    ("GOMODCACHE", "15", ""),
    ("GONOPROXY", "13", ""),
    ("GONOSUMDB", "13", ""),
    ("GOOS", "", ""),
    ("GOPACKAGESDRIVER", "26", ""),
    ("GOPATH", "", ""),
    ("GOPPC64", "9", ""),
    ("GOPRIVATE", "13", ""),
    ("GOPROXY", "11", ""),
    ("GORACE", "", "11"),
    ("GORISCV64", "23", ""),
    ("GOROOT", "", ""),
    ("GOSUMDB", "13", ""),
    ("GOTELEMETRY", "23", ""),
    ("GOTELEMETRYDIR", "23", ""),
    ("GOTMPDIR", "10", ""),
    ("GOTOOLCHAIN", "21", ""),
    ("GOTOOLDIR", "", ""),
    ("GOVCS", "16", ""),
    ("GOVERSION", "16", ""),
];

/// Three more that stand behind the others in the table above.
const LAST: [(&str, &str, &str); 2] = [("GOWORK", "18", ""), ("PKG_CONFIG", "5", "")];

/// All variables of the subject's version, and PATH: GOROOT, GOPATH and PATH first, then by name. `changes` is what gvm
/// sets for the go that it starts, with why.
pub fn all(around: &Surroundings<'_>, changes: &[(&'static str, &'static str)]) -> Vec<Variable> {
    let Some(version) = around.version() else { return Vec::new() };
    let rules = Rules { around, version, changes };
    let is_printed = |(_, since, until): &&(&str, &str, &str)| {
        (since.is_empty() || version.is_from_line(since))
            && (until.is_empty() || !version.is_from_line(until))
    };
    let names = NAMES.iter().chain(&LAST).filter(is_printed).map(|(name, _, _)| *name);
    let mut variables: Vec<Variable> = names.filter_map(|name| rules.variable(name)).collect();
    variables.push(rules.of_process("PATH"));
    let place = |name: &str| {
        ["GOROOT", "GOPATH", "PATH"].iter().position(|first| *first == name).unwrap_or(9)
    };
    variables.sort_by_key(|variable| (place(variable.name), variable.name));
    variables
}

struct Rules<'a> {
    around: &'a Surroundings<'a>,
    version: &'a Version,
    changes: &'a [(&'static str, &'static str)],
}

impl Rules<'_> {
    /// What is set, by the files that this version reads.
    fn set(&self, name: &str) -> Vec<Setting> {
        let mut settings = self.around.files.settings(name, self.around.world.var(name));
        settings.retain(|setting| match &setting.source {
            Source::Process => true,
            Source::File { path, .. } if path.ends_with(b"go.env") => {
                self.version.is_from_line("21")
            }
            Source::File { .. } => self.version.is_from_line("13"),
        });
        settings
    }

    /// The value that counts, unless it is empty.
    fn value(&self, name: &str) -> Option<Vec<u8>> {
        let first = self.set(name).into_iter().next()?;
        Some(first.value).filter(|value| !value.is_empty())
    }

    fn variable(&self, name: &'static str) -> Option<Variable> {
        let found = match name {
            "GOROOT" => self.goroot(),
            "GODEBUG" | "GOPACKAGESDRIVER" | "GORACE" => self.of_process(name),
            "GOOS" => self.or(name, self.host().0.into_bytes()),
            "GOARCH" => self.or(name, self.host().1.into_bytes()),
            "GOHOSTOS" => self.computed(name, self.host().0, "what this go was built for"),
            "GOHOSTARCH" => self.computed(name, self.host().1, "what this go was built for"),
            "GOEXE" => {
                let ending = if self.target().0 == "windows" { ".exe" } else { "" };
                self.computed(name, ending, "how programs end on GOOS")
            }
            "GOCHAR" => self.computed(name, char_of(&self.target().1), "the letter of GOARCH"),
            "GOTOOLDIR" => {
                let (os, arch) = self.host();
                let folder = format!("pkg/tool/{os}_{arch}");
                let folder = path::join(&self.goroot().value, folder.as_bytes());
                self.computed(name, folder, "below GOROOT")
            }
            "GOVERSION" => self.computed(name, self.version.tag(), "built in"),
            "GOPATH" => self.gopath(),
            "GOBIN" => match self.value(name) {
                None if self.version.is_from_line("26") => match self.first_gopath() {
                    Some(first) => self.computed(name, path::join(&first, b"bin"), "GOPATH/bin"),
                    None => self.or(name, Vec::new()),
                },
                Some(_) | None => self.or(name, Vec::new()),
            },
            "GOMODCACHE" => match (self.value(name), self.first_gopath()) {
                (None, Some(first)) => {
                    self.computed(name, path::join(&first, b"pkg/mod"), "GOPATH/pkg/mod")
                }
                (Some(_), _) | (None, None) => self.or(name, Vec::new()),
            },
            "GOCACHE" => match self.value(name) {
                Some(_) => self.or(name, Vec::new()),
                None => match places::build_cache(self.around) {
                    Some(cache) => self.computed(name, cache, "below the user's folder of caches"),
                    None => self.computed(name, "off", "there is no HOME"),
                },
            },
            "GOENV" => self.goenv(),
            "GOMOD" => self.gomod(),
            "GOWORK" => self.gowork(),
            "GONOPROXY" | "GONOSUMDB" => match (self.value(name), self.value("GOPRIVATE")) {
                (None, Some(private)) => self.computed(name, private, "GOPRIVATE"),
                (Some(_), _) | (None, None) => self.or(name, Vec::new()),
            },
            "GOPROXY" | "GOSUMDB" | "GOTOOLCHAIN" => self.or(name, self.built_in(name)),
            "CGO_ENABLED" => self.cgo(),
            "CC" | "CXX" => self.compiler(name),
            "GOTELEMETRY" => self.telemetry(name),
            "GOTELEMETRYDIR" => match self.configuration() {
                Some(folder) => self.computed(
                    name,
                    path::join(&folder, b"go/telemetry"),
                    "below the user's settings",
                ),
                None => self.computed(name, "", "there is no HOME"),
            },
            "CGO_CFLAGS" | "CGO_CXXFLAGS" | "CGO_FFLAGS" | "CGO_LDFLAGS" => {
                let usual: &[u8] =
                    if self.version.is_from_line("20") { b"-O2 -g" } else { b"-g -O2" };
                self.words(name, usual)
            }
            "CGO_CPPFLAGS" => self.words(name, b""),
            "GO386" | "GOAMD64" | "GOARM" | "GOARM64" | "GOPPC64" | "GORISCV64" => {
                let (arch, default) = level(name, self.version, &self.host().1);
                if self.target().1 != arch {
                    return None;
                }
                self.or(name, default.into())
            }
            _ => self.or(name, default_of(name).into()),
        };
        Some(found)
    }

    fn or(&self, name: &'static str, default: Vec<u8>) -> Variable {
        let mut settings = self.set(name).into_iter();
        let first = settings.next().filter(|first| !first.value.is_empty());
        let (value, origin) = match first {
            Some(Setting { value, source }) => (value, self.origin(name, source)),
            None => (default, Origin::Default),
        };
        Variable { name, value, origin, shadows: settings.collect() }
    }

    /// A process's variable may be gvm's doing.
    fn origin(&self, name: &str, source: Source) -> Origin {
        let ours = self.changes.iter().find(|(changed, _)| *changed == name);
        match (source, ours) {
            (Source::Process, Some((_, why))) => Origin::Gvm(why),
            (source, _) => Origin::Set(source),
        }
    }

    fn computed(
        &self,
        name: &'static str,
        value: impl Into<Vec<u8>>,
        how: &'static str,
    ) -> Variable {
        Variable { name, value: value.into(), origin: Origin::Computed(how), shadows: Vec::new() }
    }

    /// A variable that only the process has.
    fn of_process(&self, name: &'static str) -> Variable {
        let value = self.around.world.var(name).unwrap_or_default();
        let origin = match value.is_empty() {
            true => Origin::Default,
            false => self.origin(name, Source::Process),
        };
        Variable { name, value, origin, shadows: Vec::new() }
    }

    /// What this go was built for.
    fn host(&self) -> (String, String) {
        let program = self.around.subject.as_ref().and_then(|subject| subject.program.as_ref());
        let host = self.around.host;
        let (os, arch) =
            program.map_or((host.os(), host.arch()), |it| (it.os, it.arch.unwrap_or(host.arch())));
        (os.to_owned(), arch.to_owned())
    }

    fn target(&self) -> (String, String) {
        let text = |value: Vec<u8>| String::from_utf8_lossy(&value).into_owned();
        let (os, arch) = self.host();
        (self.value("GOOS").map_or(os, text), self.value("GOARCH").map_or(arch, text))
    }

    fn goroot(&self) -> Variable {
        let name = "GOROOT";
        // The final one prefers the process; only go/env and it are asked.
        if let Some(value) = self.value(name).filter(|value| path::is_absolute(value)) {
            return Variable { value: path::clean(&value), ..self.or(name, Vec::new()) };
        }
        let subject = self.around.subject.as_ref();
        let goroot = subject.map(|subject| subject.goroot.clone()).unwrap_or_default();
        if !self.version.finds_itself() {
            return self.computed(
                name,
                "/usr/local/go",
                "built in: versions up to 1.8 do not look",
            );
        }
        // Linux tells a program its place with every link followed.
        let real = self.around.world.real(&goroot).filter(|_| cfg!(target_os = "linux"));
        self.computed(name, real.unwrap_or(goroot), "where the go that runs stands")
    }

    fn gopath(&self) -> Variable {
        let default = self.around.var("HOME").map(|home| path::join(&home, b"go"));
        // 1.7 and older have none.
        let default = default
            .filter(|default| self.version.is_from_line("8") && *default != self.goroot().value);
        self.or("GOPATH", default.unwrap_or_default())
    }

    fn first_gopath(&self) -> Option<Vec<u8>> {
        let list = self.gopath().value;
        let first = list.split(|byte| *byte == path::LIST_SEPARATOR).next()?.to_vec();
        (!first.is_empty()).then_some(first)
    }

    /// The user's folder of settings.
    fn configuration(&self) -> Option<Vec<u8>> {
        if cfg!(windows) {
            return self.around.var("AppData");
        }
        let home = self.around.var("HOME");
        if cfg!(target_vendor = "apple") {
            return Some(path::join(&home?, b"Library/Application Support"));
        }
        match self.around.var("XDG_CONFIG_HOME") {
            Some(folder) => Some(folder),
            None => Some(path::join(&home?, b".config")),
        }
    }

    fn goenv(&self) -> Variable {
        let name = vars::GOENV;
        match self.around.var(name) {
            Some(value) if value == b"off" => {
                return Variable { value: Vec::new(), ..self.of_process(name) };
            }
            Some(_) => return self.of_process(name),
            None => {}
        }
        let file = gvm_core::goenv::user_file(self.around.world);
        self.computed(name, file.unwrap_or_default(), "below the user's settings")
    }

    /// Whether modules are in use, and the go.mod.
    fn gomod(&self) -> Variable {
        let module = self.around.modules.iter().find(|file| !file.is_work);
        let mode = self.value(vars::GO111MODULE).unwrap_or_else(|| {
            if self.version.is_from_line("16") { b"on".to_vec() } else { b"auto".to_vec() }
        });
        let value: Vec<u8> = match (mode.as_slice(), module) {
            (b"off", _) => Vec::new(),
            (_, Some(module)) => module.path.clone(),
            (b"on", None) => null().into(),
            (_, None) => Vec::new(),
        };
        self.computed(vars::GO111MODULE, value, "the nearest go.mod upward").called("GOMOD")
    }

    fn gowork(&self) -> Variable {
        let name = vars::GOWORK;
        if self.value(vars::GO111MODULE).is_some_and(|mode| mode == b"off") {
            return self.computed(name, "", "modules are off");
        }
        match self.value(name) {
            Some(value) if value != b"auto" => self.or(name, Vec::new()),
            Some(_) | None => {
                let work = self.around.modules.iter().find(|file| file.is_work);
                let value = work.map(|file| file.path.clone()).unwrap_or_default();
                self.computed(name, value, "the nearest go.work upward")
            }
        }
    }

    /// Up to 1.20; later they stand in go.env.
    fn built_in(&self, name: &str) -> Vec<u8> {
        let is_old = !self.version.is_from_line("21");
        let goroot = || self.goroot().value;
        if is_old { built_in::setting(self.around.world, &goroot(), name) } else { Vec::new() }
    }

    fn cgo(&self) -> Variable {
        let name = "CGO_ENABLED";
        let chosen = self.or(name, Vec::new());
        if matches!(chosen.value.as_slice(), b"0" | b"1") {
            return chosen;
        }
        let is_native = self.target() == self.host();
        // From 1.20 on a compiler must be there, and only where CC names none in the process.
        let asks = self.version.is_from_line("20") && self.around.var("CC").is_none();
        let usual = self.default_compiler("CC");
        let has_compiler = !asks || self.is_on_path(usual.as_bytes());
        let (value, how) = match (is_native, has_compiler) {
            (false, _) => ("0", "programs for another target are built without"),
            (true, false) => ("0", "there is no C compiler on PATH"),
            (true, true) => ("1", "programs for this machine are built with it"),
        };
        Variable { shadows: chosen.shadows, ..self.computed(name, value, how) }
    }

    fn is_on_path(&self, name: &[u8]) -> bool {
        let found = |folder: &[u8]| {
            let mut program = path::join(folder, name);
            program.extend_from_slice(path::PROGRAM_SUFFIX);
            self.around.world.is_program(&program)
        };
        self.around
            .entries
            .iter()
            .any(|entry| path::is_absolute(&entry.text) && found(&entry.folder))
    }

    fn default_compiler(&self, name: &str) -> &'static str {
        let os = self.target().0;
        let is_clang = self.version.is_from_line("21")
            && ["darwin", "ios", "freebsd", "openbsd"].contains(&os.as_str());
        match (name, is_clang) {
            ("CC", true) => "clang",
            ("CC", false) => "gcc",
            (_, true) => "clang++",
            (_, false) => "g++",
        }
    }

    fn compiler(&self, name: &'static str) -> Variable {
        let found = self.or(name, self.default_compiler(name).into());
        if self.version.is_from_line("18") {
            return found;
        }
        // Older ones print the first word (measured with 1.13).
        let first = found.value.split(u8::is_ascii_whitespace).find(|word| !word.is_empty());
        Variable { value: first.unwrap_or_default().to_vec(), ..found }
    }

    /// Flags are taken apart and joined again.
    fn words(&self, name: &'static str, default: &[u8]) -> Variable {
        let found = self.or(name, default.to_vec());
        let words = found.value.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
        let value = words.collect::<Vec<_>>().join(&b' ');
        Variable { value, ..found }
    }

    fn telemetry(&self, name: &'static str) -> Variable {
        let file = self.configuration().map(|folder| path::join(&folder, b"go/telemetry/mode"));
        let mode =
            file.and_then(|file| self.around.world.read(&file, 4096).ok()).unwrap_or_default();
        let word = mode.split(u8::is_ascii_whitespace).next().filter(|word| !word.is_empty());
        self.computed(name, word.unwrap_or(b"local"), "what `go telemetry` wrote")
    }
}

impl Variable {
    fn called(self, name: &'static str) -> Self {
        Self { name, ..self }
    }
}

fn null() -> &'static str {
    if cfg!(windows) { "NUL" } else { "/dev/null" }
}

fn default_of(name: &str) -> &'static str {
    match name {
        "AR" => "ar",
        "GCCGO" => "gccgo",
        "PKG_CONFIG" => "pkg-config",
        "GOAUTH" => "netrc",
        "GOFIPS140" => "off",
        _ => "",
    }
}

fn char_of(arch: &str) -> &'static str {
    match arch {
        "amd64" => "6",
        "386" => "8",
        _ => "5",
    }
}

/// The architecture that a variable is for, and its default (`internal/buildcfg` of Go 1.27).
fn level(name: &str, version: &Version, host: &str) -> (&'static str, &'static str) {
    match name {
        // Up to 1.10 what is set is shown, and nothing else.
        "GO386" | "GOARM" if !version.is_from_line("11") => {
            (if name == "GO386" { "386" } else { "arm" }, "")
        }
        "GO386" => ("386", "sse2"),
        "GOAMD64" => ("amd64", "v1"),
        // 5 up to 1.20, 7 later; 1.22 shows the kind of floating point too, 1.24 does not (measured on amd64).
        "GOARM" if version.is_from_line("22") && !version.is_from_line("24") => {
            ("arm", "7,hardfloat")
        }
        "GOARM" if version.is_from_line("21") || host == "arm" => ("arm", "7"),
        "GOARM" => ("arm", "5"),
        "GOARM64" => ("arm64", "v8.0"),
        "GOPPC64" => ("ppc64", "power8"),
        _ => ("riscv64", "rva20u64"),
    }
}
