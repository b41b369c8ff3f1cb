//! Elvish, from 0.18 on. `rc.elv` is read by those of its shells that somebody types into.

use std::path::Path;

use super::{Homes, Part, Shell, StartFile, quote};

#[derive(Debug)]
pub(super) struct Elvish;

impl Shell for Elvish {
    fn name(&self) -> &'static str {
        "elvish"
    }

    fn programs(&self) -> &'static [&'static str] {
        &["elvish"]
    }

    fn template(&self) -> String {
        include_str!("templates/elvish.elv").to_owned()
    }

    fn knows_drives(&self) -> bool {
        true
    }

    fn quote(&self, text: &str) -> String {
        quote::always_single(text, "''")
    }

    fn path_line(&self, folder: &str) -> String {
        format!("set paths = [{} $@paths]", self.quote(folder))
    }

    fn assign(&self, name: &str, value: Option<&str>) -> String {
        match value {
            Some(value) => format!("set-env {name} {}", self.quote(value)),
            None => format!("unset-env {name}"),
        }
    }

    fn eval(&self, call: &str) -> String {
        format!("eval ({call} | slurp)")
    }

    fn start_files(&self, homes: &Homes) -> Vec<StartFile> {
        vec![StartFile::new(&Elvish, homes.config.join("elvish/rc.elv"), Part::All)]
    }

    /// It reads none.
    fn system_files(&self, _: &Path) -> Vec<StartFile> {
        Vec::new()
    }
}
