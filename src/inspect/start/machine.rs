//! [`Here`]: what is known of this machine. Tests know another one.

use std::path::{Path, PathBuf};

use crate::platform;

/// This machine, as far as starting programs is concerned.
#[derive(Clone, Debug)]
pub struct Here {
    /// What stands for `/`.
    pub root: PathBuf,
    /// The system, as GOOS calls it.
    pub system: &'static str,
    /// The processor, as GOARCH calls it: the kernel's, not that which gvm was built for.
    pub architecture: String,
    /// The system's version: the kernel's on Linux, macOS' own.
    pub version: Option<String>,
    /// The folders on PATH.
    pub path: Vec<PathBuf>,
    /// The folders on LD_LIBRARY_PATH.
    pub library_path: Vec<PathBuf>,
    /// The microarchitecture level of an amd64 processor: what GOAMD64 would be.
    pub level: Option<u8>,
}

impl Here {
    /// The machine that this runs on, with these folders to look in.
    pub fn new(path: Vec<PathBuf>, library_path: Vec<PathBuf>) -> Self {
        let system = gvm_core::target::Target::host().os();
        let kernel = platform::kernel();
        let root = PathBuf::from("/");
        let version = match system {
            "darwin" => macos_version(&root),
            "linux" => kernel.version.map(|version| numbers(&version).to_owned()),
            _ => None,
        };
        let own = || gvm_core::target::Target::host().arch().to_owned();
        let architecture =
            kernel.machine.as_deref().and_then(architecture).map_or_else(own, str::to_owned);
        Self { root, system, architecture, version, path, library_path, level: level() }
    }

    /// What stands at an absolute path of this machine.
    pub fn at(&self, path: &str) -> PathBuf {
        self.root.join(path.trim_start_matches('/'))
    }

    /// Whether its processor and kernel run programs for that architecture. That a kernel was built without the 32-bit
    /// half of its processor cannot be seen from outside.
    pub fn runs(&self, architecture: &str) -> bool {
        let also = match (self.system, self.architecture.as_str()) {
            ("linux" | "freebsd" | "windows", "amd64") => "386",
            ("linux" | "windows", "arm64") => "arm",
            _ => "",
        };
        architecture == self.architecture || architecture == also
    }

    /// What the system itself translates other processors' programs with.
    pub fn translator(&self, architecture: &str) -> Option<&'static str> {
        match (self.system, self.architecture.as_str(), architecture) {
            ("darwin", "arm64", "amd64") => {
                let rosetta = self.at("/Library/Apple/usr/libexec/oah/libRosettaRuntime");
                rosetta.exists().then_some("Rosetta 2")
            }
            ("windows", "arm64", "386" | "amd64") => Some("Windows"),
            _ => None,
        }
    }
}

/// GOARCH by what the kernel calls the machine.
fn architecture(machine: &str) -> Option<&'static str> {
    Some(match machine {
        "x86_64" | "amd64" => "amd64",
        "aarch64" | "arm64" => "arm64",
        "i386" | "i486" | "i586" | "i686" => "386",
        "riscv64" => "riscv64",
        "s390x" => "s390x",
        "ppc64" => "ppc64",
        "ppc64le" => "ppc64le",
        "loongarch64" => "loong64",
        machine if machine.starts_with("armv") => "arm",
        _ => return None,
    })
}

/// `6.18.5` of `6.18.5-1-amd64`.
fn numbers(version: &str) -> &str {
    let end = version.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(version.len());
    version[..end].trim_end_matches('.')
}

/// As the system writes it down: `ProductVersion` in a list of properties.
fn macos_version(root: &Path) -> Option<String> {
    let file = root.join("System/Library/CoreServices/SystemVersion.plist");
    let text = platform::read_text(&file).ok()?;
    let (_, rest) = text.split_once("<key>ProductVersion</key>")?;
    let (version, _) = rest.split_once("<string>")?.1.split_once("</string>")?;
    Some(version.trim().to_owned())
}

/// The level that a setting of GOAMD64 names. Go 1.27 builds for names that it does not know as if for the first.
pub(super) fn level_of_setting(setting: &str) -> Option<u8> {
    match setting {
        "v2" => Some(2),
        "v3" => Some(3),
        "v4" => Some(4),
        _ => None,
    }
}

/// The level of this processor, by the features that `go help buildconstraint`'s levels stand for.
#[cfg(target_arch = "x86_64")]
fn level() -> Option<u8> {
    use std::arch::is_x86_feature_detected as has;
    let second = has!("cmpxchg16b") && has!("popcnt") && has!("sse3") && has!("ssse3");
    let second = second && has!("sse4.1") && has!("sse4.2");
    let third = has!("avx") && has!("avx2") && has!("bmi1") && has!("bmi2") && has!("f16c");
    let third = second && third && has!("fma") && has!("lzcnt") && has!("movbe");
    let fourth = has!("avx512f") && has!("avx512bw") && has!("avx512cd") && has!("avx512dq");
    let fourth = third && fourth && has!("avx512vl");
    Some(1 + u8::from(second) + u8::from(third) + u8::from(fourth))
}

#[cfg(not(target_arch = "x86_64"))]
fn level() -> Option<u8> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_of_kernels_are_their_numbers() {
        assert_eq!(numbers("6.18.5-1-amd64"), "6.18.5");
        assert_eq!(numbers("5.15.0"), "5.15.0");
        assert_eq!(numbers("4.4.0.-x"), "4.4.0");
        assert_eq!(numbers(""), "");
    }

    #[test]
    fn macos_tells_its_version() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("System/Library/CoreServices");
        std::fs::create_dir_all(&folder).unwrap();
        let text = "<dict><key>ProductVersion</key>\n\t<string>13.6.1</string></dict>";
        std::fs::write(folder.join("SystemVersion.plist"), text).unwrap();
        assert_eq!(macos_version(root.path()).as_deref(), Some("13.6.1"));
    }

    #[test]
    fn a_processor_runs_its_own_and_its_32_bit_programs() {
        let mut here = Here::new(Vec::new(), Vec::new());
        (here.system, here.architecture) = ("linux", "amd64".into());
        assert_eq!(["amd64", "386", "arm64"].map(|it| here.runs(it)), [true, true, false]);
        here.architecture = "arm64".into();
        assert_eq!(["amd64", "arm", "arm64"].map(|it| here.runs(it)), [false, true, true]);
    }
}
