//! The other program that is called gvm: moovweb's, a shell function. It is looked for and named; nothing of it is touched.

use std::path::{Path, PathBuf};

use gvm_shim::world::Machine;

use super::plan::{self, Scope};
use crate::platform;
use crate::shell::{self, Homes};

/// What defines its function.
const SCRIPT: &str = "scripts/gvm";
/// How start files name that.
const LINE: &[u8] = b".gvm/scripts/gvm";

/// It is on this machine.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Namesake {
    /// Its folder.
    pub folder: PathBuf,
    /// The lines of start files that load it, from 1.
    pub lines: Vec<(PathBuf, usize)>,
}

/// Looks for it: in its folder below the home, or in the one that its variable names where it is loaded.
pub fn find(machine: &Machine, homes: &Homes) -> Option<Namesake> {
    let loaded = machine.var_os("GVM_ROOT").map(PathBuf::from);
    let mut folders = [Some(homes.home.join(".gvm")), loaded].into_iter().flatten();
    let folder = folders.find(|folder| folder.is_absolute() && folder.join(SCRIPT).is_file())?;
    let files = plan::possible(&shell::ALL, Scope::User(homes));
    let lines = files.iter().flat_map(|(path, _)| lines_of(path)).collect();
    Some(Namesake { folder, lines })
}

fn lines_of(path: &Path) -> Vec<(PathBuf, usize)> {
    let text = platform::read(path).unwrap_or_default();
    let numbered = text.split(|byte| *byte == b'\n').zip(1..);
    let loads = |line: &[u8]| {
        let line = line.trim_ascii_start();
        !line.starts_with(b"#") && line.windows(LINE.len()).any(|at| at == LINE)
    };
    numbered.filter(|(line, _)| loads(line)).map(|(_, number)| (path.to_owned(), number)).collect()
}
