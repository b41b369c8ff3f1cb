//! What Linux' loaders look for, where they look for it: the loader itself, the libraries that a program and its
//! libraries need, and the versions of symbols that those have.

use std::collections::HashSet;
use std::collections::VecDeque;
use std::path::{Path, PathBuf};

use super::super::binary::Binary;
use super::super::{Content, file, shown};
use super::{Here, Obstacle, cache};
use crate::platform;

/// No program needs more libraries, with all that those need.
const MOST: usize = 1024;

/// What stands in the way of a program for this kernel and processor.
pub(super) fn look(here: &Here, path: &Path, binary: &Binary, why: &mut Vec<Obstacle>) {
    let Some(loader) = &binary.interpreter else { return };
    match library(&here.at(loader), binary) {
        Found::Right(_) => {}
        Found::Nothing => return why.push(Obstacle::NoLoader { path: loader.clone() }),
        Found::Other => return why.push(Obstacle::OtherLoader { path: loader.clone() }),
    }
    let loader = Loader::new(here, loader, binary);
    loader.look(path, binary, why);
}

/// A loader, and where it looks.
struct Loader<'a> {
    here: &'a Here,
    name: &'a str,
    is_musl: bool,
    listed: Vec<(String, String)>,
    folders: Vec<PathBuf>,
    program: &'a Binary,
}

/// A library that was found.
struct Loaded {
    path: PathBuf,
    binary: Box<Binary>,
}

/// What stands where a library might.
enum Found {
    /// One for this program.
    Right(Box<Binary>),
    /// Something else.
    Other,
    /// Nothing.
    Nothing,
}

impl<'a> Loader<'a> {
    fn new(here: &'a Here, path: &'a str, program: &'a Binary) -> Self {
        let name = path.rsplit('/').next().unwrap_or(path);
        let is_musl = name.starts_with("ld-musl-");
        let (listed, folders) = if is_musl {
            (Vec::new(), folders_of_musl(here, name))
        } else {
            (cache::read(&here.at("/etc/ld.so.cache")), folders_of_glibc(here, program))
        };
        Self { here, name, is_musl, listed, folders, program }
    }

    fn look(&self, path: &Path, binary: &Binary, why: &mut Vec<Obstacle>) {
        let mut seen: HashSet<String> = HashSet::new();
        let mut queue: VecDeque<Loaded> = VecDeque::new();
        self.look_for(path, binary, None, &mut seen, &mut queue, why);
        while let Some(loaded) = queue.pop_front() {
            let by = loaded.path.file_name().unwrap_or_default().as_encoded_bytes();
            let by = shown(by);
            self.look_for(&loaded.path, &loaded.binary, Some(&by), &mut seen, &mut queue, why);
        }
    }

    /// Looks for what one file needs, and queues what was not seen before.
    fn look_for(
        &self,
        path: &Path,
        binary: &Binary,
        by: Option<&str>,
        seen: &mut HashSet<String>,
        queue: &mut VecDeque<Loaded>,
        why: &mut Vec<Obstacle>,
    ) {
        let by = by.map(str::to_owned);
        for needed in &binary.libraries {
            if self.is_itself(&needed.name) {
                continue;
            }
            let is_new = seen.len() < MOST && seen.insert(needed.name.clone());
            if !is_new && needed.versions.is_empty() {
                continue;
            }
            let Some(loaded) = self.find(&needed.name, path, binary) else {
                if is_new {
                    why.push(Obstacle::NoLibrary { name: needed.name.clone(), by: by.clone() });
                }
                continue;
            };
            let defines = &loaded.binary.defines;
            // One without versions is taken with a warning.
            let lacks = |version: &&String| !defines.is_empty() && !defines.contains(version);
            // The newest tells which release is needed; those below it would be news to nobody.
            let lacking = needed.versions.iter().filter(lacks);
            let newest =
                lacking.max_by(|one, other| super::libc::compare(digits(one), digits(other)));
            if let Some(version) = newest {
                let library = shown(loaded.path.as_os_str().as_encoded_bytes());
                why.push(Obstacle::NoVersion { version: version.clone(), library, by: by.clone() });
            }
            if is_new {
                queue.push_back(loaded);
            }
        }
    }

    /// Whether the loader is the library: it is loaded already. musl is its own C library, by all of that library's old
    /// names (`ldso/dynlink.c`, `load_library`).
    fn is_itself(&self, name: &str) -> bool {
        const OF_MUSL: [&str; 7] = ["c.", "pthread.", "rt.", "m.", "dl.", "util.", "xnet."];
        let rest = name.strip_prefix("lib").unwrap_or_default();
        name == self.name || self.is_musl && (OF_MUSL.iter().any(|it| rest.starts_with(it)))
    }

    /// The library that the loader would take for what stands at `by`.
    fn find(&self, name: &str, by: &Path, binary: &Binary) -> Option<Loaded> {
        let take = |path: PathBuf| match library(&path, self.program) {
            Found::Right(binary) => Some(Loaded { path, binary }),
            Found::Other | Found::Nothing => None,
        };
        if name.contains('/') {
            return take(self.here.at(name));
        }
        let own = self.expanded(&binary.search.rpath, by);
        let inherited = || self.expanded(&self.program.search.rpath, by);
        // DT_RUNPATH takes DT_RPATH's place, and comes after LD_LIBRARY_PATH.
        let mut folders = Vec::new();
        if binary.search.runpath.is_empty() {
            folders.extend(own);
            folders.extend(inherited());
        }
        folders.extend(self.here.library_path.iter().cloned());
        folders.extend(self.expanded(&binary.search.runpath, by));
        let found = folders.into_iter().find_map(|folder| take(folder.join(name)));
        found
            .or_else(|| {
                let listed = self.listed.iter().filter(|(other, _)| other == name);
                listed.map(|(_, path)| self.here.at(path)).find_map(take)
            })
            .or_else(|| self.folders.iter().find_map(|folder| take(folder.join(name))))
    }

    /// The folders that a file names for itself. `$ORIGIN` is its own.
    fn expanded(&self, folders: &[String], by: &Path) -> Vec<PathBuf> {
        let real = by.canonicalize().unwrap_or_else(|_| by.to_owned());
        let origin = real.parent().unwrap_or(Path::new("/")).to_string_lossy().into_owned();
        let lib = if self.program.bits == 64 { "lib64" } else { "lib" };
        let expand = |folder: &String| {
            let is_own = folder.contains("$ORIGIN") || folder.contains("${ORIGIN}");
            let text = folder.replace("${ORIGIN}", &origin).replace("$ORIGIN", &origin);
            let text = text.replace("${LIB}", lib).replace("$LIB", lib);
            if is_own { PathBuf::from(text) } else { self.here.at(&text) }
        };
        folders.iter().filter(|folder| !folder.is_empty()).map(expand).collect()
    }
}

/// What stands at `path`, for a program of this kind.
fn library(path: &Path, program: &Binary) -> Found {
    match file(path, &program.architecture) {
        Ok(Content::Binary(binary))
            if binary.bits == program.bits && binary.architecture == program.architecture =>
        {
            Found::Right(binary)
        }
        Ok(Content::Binary(_) | Content::Plain(_)) => Found::Other,
        Err(_) if path.exists() => Found::Other,
        Err(_) => Found::Nothing,
    }
}

/// Where glibc looks at last: by distribution, so that all their folders are tried.
fn folders_of_glibc(here: &Here, program: &Binary) -> Vec<PathBuf> {
    let triple = match program.architecture.as_str() {
        "amd64" => "x86_64-linux-gnu",
        "386" => "i386-linux-gnu",
        "arm64" => "aarch64-linux-gnu",
        "arm" => "arm-linux-gnueabihf",
        "riscv64" => "riscv64-linux-gnu",
        "ppc64le" => "powerpc64le-linux-gnu",
        "s390x" => "s390x-linux-gnu",
        "loong64" => "loongarch64-linux-gnu",
        _ => "",
    };
    let mut folders = Vec::new();
    if !triple.is_empty() {
        folders.extend([here.at("/lib").join(triple), here.at("/usr/lib").join(triple)]);
    }
    let names: &[&str] = if program.bits == 64 {
        &["/lib64", "/usr/lib64", "/lib", "/usr/lib"]
    } else {
        &["/lib32", "/usr/lib32", "/lib", "/usr/lib"]
    };
    folders.extend(names.iter().map(|name| here.at(name)));
    folders
}

/// Where musl looks at last: what a file of its own says, lines or colons between the folders.
fn folders_of_musl(here: &Here, loader: &str) -> Vec<PathBuf> {
    let name = loader.trim_end_matches(".so.1");
    let text = platform::read_text(&here.at(&format!("/etc/{name}.path")));
    let text = text.unwrap_or_else(|_| "/lib:/usr/local/lib:/usr/lib".to_owned());
    let folders = text.split([':', '\n']).map(str::trim).filter(|folder| !folder.is_empty());
    folders.map(|folder| here.at(folder)).collect()
}

/// The numbers of a version's name: `2.34` of `GLIBC_2.34`.
fn digits(version: &str) -> &str {
    version.rsplit('_').next().unwrap_or(version)
}
