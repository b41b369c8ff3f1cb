//! Nushell. It can run no text that a program prints: the function of `gvm init` reads a record instead.

use std::path::Path;

use super::{Homes, Part, Shell, StartFile, quote};

#[derive(Debug)]
pub(super) struct Nushell;

impl Shell for Nushell {
    fn name(&self) -> &'static str {
        "nushell"
    }

    fn programs(&self) -> &'static [&'static str] {
        &["nu"]
    }

    fn template(&self) -> String {
        include_str!("templates/nushell.nu").to_owned()
    }

    fn knows_drives(&self) -> bool {
        true
    }

    fn quote(&self, text: &str) -> String {
        quote::double(text, "\\\"")
    }

    fn path_line(&self, folder: &str) -> String {
        format!("$env.PATH = ($env.PATH | prepend {})", self.quote(folder))
    }

    fn assign(&self, name: &str, value: Option<&str>) -> String {
        match value {
            Some(value) => format!("$env.{name} = {}", self.quote(value)),
            None => format!("hide-env --ignore-errors {name}"),
        }
    }

    fn assign_by_hook(&self, name: &str, value: Option<&str>) -> String {
        serde_json::json!({ name: value }).to_string()
    }

    fn eval(&self, call: &str) -> String {
        format!("{call} --hook nushell | from json | load-env")
    }

    fn start_files(&self, homes: &Homes) -> Vec<StartFile> {
        vec![StartFile::new(&Nushell, homes.config.join("nushell/config.nu"), Part::All)]
    }

    fn system_files(&self, top: &Path) -> Vec<StartFile> {
        let autoload = "usr/share/nushell/vendor/autoload/gvm.nu";
        vec![StartFile::new(&Nushell, top.join(autoload), Part::All)]
    }
}
