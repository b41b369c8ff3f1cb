//! xonsh. `.xonshrc` is read by each of its shells that somebody types into.

use std::path::Path;

use super::{Homes, Part, Shell, StartFile, quote};

#[derive(Debug)]
pub(super) struct Xonsh;

impl Shell for Xonsh {
    fn name(&self) -> &'static str {
        "xonsh"
    }

    fn programs(&self) -> &'static [&'static str] {
        &["xonsh"]
    }

    fn template(&self) -> String {
        include_str!("templates/xonsh.xsh").to_owned()
    }

    fn knows_drives(&self) -> bool {
        true
    }

    fn quote(&self, text: &str) -> String {
        quote::always_single(&text.replace('\\', "\\\\"), "\\'")
    }

    fn path_line(&self, folder: &str) -> String {
        format!("$PATH.insert(0, {})", self.quote(folder))
    }

    fn assign(&self, name: &str, value: Option<&str>) -> String {
        match value {
            Some(value) => format!("${name} = {}", self.quote(value)),
            None => format!("${{...}}.pop('{name}', None)"),
        }
    }

    fn eval(&self, call: &str) -> String {
        format!("execx($({call}))")
    }

    fn start_files(&self, homes: &Homes) -> Vec<StartFile> {
        vec![StartFile::new(&Xonsh, homes.home.join(".xonshrc"), Part::All)]
    }

    fn system_files(&self, top: &Path) -> Vec<StartFile> {
        vec![StartFile::new(&Xonsh, top.join("etc/xonsh/rc.d/gvm.xsh"), Part::All)]
    }
}
