//! [`Binary`]: what is said about a program or library, whatever its format. How it is found out stands beside.

/// A format of programs.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Format {
    /// Linux and most Unix systems.
    Elf,
    /// Windows.
    Pe,
    /// macOS and its kin.
    MachO,
}

/// What it is for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Purpose {
    /// To be started.
    Program,
    /// To be loaded by programs.
    Library,
    /// To be linked into either.
    Object,
    /// What a program that crashed left behind.
    Core,
    /// Something else: a driver, a bundle, a boot program.
    Other,
}

/// A program, a library, or a part of one.
#[derive(Clone, Debug)]
pub struct Binary {
    /// Its format.
    pub format: Format,
    /// What it is for.
    pub purpose: Purpose,
    /// 32 or 64.
    pub bits: u8,
    /// The processor, as GOARCH calls it; `machine 0x…` where Go has no name for it.
    pub architecture: String,
    /// The system, as GOOS calls it. None where the file does not tell.
    pub system: Option<String>,
    /// The architectures of a Mach-O file that holds several, the one that is told about with them.
    pub slices: Vec<String>,
    /// The program that loads it: PT_INTERP of ELF, LC_LOAD_DYLINKER of Mach-O.
    pub interpreter: Option<String>,
    /// What it needs to be loaded with.
    pub libraries: Vec<Library>,
    /// The versions of symbols that a library has for others (ELF).
    pub defines: Vec<String>,
    /// The folders in which the loader looks first.
    pub search: Search,
    /// The C library or runtime that it needs.
    pub libc: Libc,
    /// What makes attacks harder.
    pub hardening: Hardening,
    /// A signature that it carries. Whether it is right is not looked at.
    pub signature: Option<Signature>,
    /// The oldest system that it is for.
    pub minimum: Option<Minimum>,
    /// What Go wrote into it.
    pub go: Option<Go>,
    /// By which names builds are told apart.
    pub build_ids: BuildIds,
    /// What debuggers find in it.
    pub debug: Debug,
    /// How long the file would have to be for all that its headers speak of, where it is shorter.
    pub needed_length: Option<u64>,
}

/// A library that is needed.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Library {
    /// Its name.
    pub name: String,
    /// The functions that are imported from it (PE), an ordinal as `#12`.
    pub functions: Vec<String>,
    /// The versions of symbols that it must have (ELF).
    pub versions: Vec<String>,
    /// Whether the program starts without it: delayed imports, weak libraries.
    pub is_optional: bool,
}

/// Folders in which the loader looks for libraries, as the file names them.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Search {
    /// DT_RPATH and LC_RPATH.
    pub rpath: Vec<String>,
    /// DT_RUNPATH, which replaces the first.
    pub runpath: Vec<String>,
}

/// The C library that it was linked with and needs.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub enum Libc {
    /// None: it is static, or needs none of them.
    #[default]
    None,
    /// GNU's, of this version at least, as far as its symbols tell.
    Glibc(Option<String>),
    /// musl.
    Musl,
    /// Android's.
    Bionic,
    /// The C library that the system itself has: macOS, the BSDs.
    System,
    /// Windows' old C runtime, `msvcrt.dll`.
    Msvcrt,
    /// Windows' universal C runtime.
    Ucrt,
    /// The C runtime of one Visual Studio, by its DLL's name.
    VisualStudio(String),
}

/// What makes attacks harder. None where the format has no such thing or the file does not say.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Hardening {
    /// Position independent, so that it can be loaded anywhere.
    pub pie: Option<bool>,
    /// Loaded at another address each time: PE's DYNAMIC_BASE.
    pub aslr: Option<bool>,
    /// Anywhere in 64 bits: PE's HIGH_ENTROPY_VA.
    pub high_entropy: Option<bool>,
    /// Data is not executed: a stack without that right, PE's NX_COMPAT.
    pub nx: Option<bool>,
    /// The loader's tables become read-only (ELF).
    pub relro: Option<Relro>,
    /// Indirect calls are checked: PE's GUARD_CF.
    pub guard: Option<bool>,
}

/// How much of the loader's tables becomes read-only.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Relro {
    /// Nothing.
    No,
    /// All but what is bound on first use.
    Partial,
    /// All: everything is bound at the start.
    Full,
}

/// A signature, as it says itself.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Signature {
    /// Windows: so many bytes.
    Authenticode(u32),
    /// Mach-O, by nobody: only a digest. The linker makes such ones.
    AdHoc {
        /// The name that it gives the program.
        identifier: String,
    },
    /// Mach-O, with a certificate.
    Certificate {
        /// The name that it gives the program.
        identifier: String,
        /// Apple's number of who signed.
        team: Option<String>,
    },
    /// Something stands there that is no signature.
    Broken,
}

/// The oldest system that it is for.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Minimum {
    /// The system: `linux`, `macos`, `windows`.
    pub system: String,
    /// Its version.
    pub version: String,
}

/// What Go wrote into a program.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Go {
    /// The version that built it.
    pub version: String,
    /// The main package.
    pub path: Option<String>,
    /// The module that it is in.
    pub main: Option<Module>,
    /// The modules that it was built with.
    pub dependencies: Vec<Module>,
    /// How it was built.
    pub settings: Vec<(String, String)>,
}

/// A module that went into a program.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Module {
    /// Its path.
    pub path: String,
    /// Its version.
    pub version: String,
    /// Its hash, where it has one.
    pub sum: String,
    /// What it was replaced by.
    pub replace: Option<Box<Self>>,
}

impl Go {
    /// The value of a setting.
    pub fn setting(&self, name: &str) -> Option<&str> {
        let found = self.settings.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// By which names builds are told apart.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct BuildIds {
    /// Go's own.
    pub go: Option<String>,
    /// The linker's, in hexadecimal (ELF).
    pub gnu: Option<String>,
    /// Mach-O's.
    pub uuid: Option<String>,
}

/// What debuggers find in it.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Debug {
    /// Whether it has a table of symbols.
    pub has_symbols: bool,
    /// Whether it has DWARF.
    pub has_dwarf: bool,
    /// Another file that holds what debuggers need: a PDB's name, a `.gnu_debuglink`.
    pub elsewhere: Option<String>,
}

impl Binary {
    /// One of which nothing more is known yet.
    pub(super) fn new(format: Format, bits: u8, architecture: String) -> Self {
        Self {
            format,
            purpose: Purpose::Other,
            bits,
            architecture,
            system: None,
            slices: Vec::new(),
            interpreter: None,
            libraries: Vec::new(),
            defines: Vec::new(),
            search: Search::default(),
            libc: Libc::default(),
            hardening: Hardening::default(),
            signature: None,
            minimum: None,
            go: None,
            build_ids: BuildIds::default(),
            debug: Debug::default(),
            needed_length: None,
        }
    }

    /// Whether something has to be loaded with it.
    pub fn is_dynamic(&self) -> bool {
        self.interpreter.is_some() || !self.libraries.is_empty()
    }
}
