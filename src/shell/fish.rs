//! fish, from 3.1 on. `config.fish` is read by each of its shells, after all of `conf.d`.

use std::path::Path;

use super::{Homes, Part, Shell, StartFile, quote};

#[derive(Debug)]
pub(super) struct Fish;

impl Shell for Fish {
    fn name(&self) -> &'static str {
        "fish"
    }

    fn programs(&self) -> &'static [&'static str] {
        &["fish"]
    }

    fn template(&self) -> String {
        include_str!("templates/fish.fish").to_owned()
    }

    fn quote(&self, text: &str) -> String {
        // In single quotes, fish reads a backslash before another one, too.
        quote::always_single(&text.replace('\\', "\\\\"), "\\'")
    }

    fn path_line(&self, folder: &str) -> String {
        format!("fish_add_path --prepend {}", quote::single(folder, "\\'"))
    }

    fn assign(&self, name: &str, value: Option<&str>) -> String {
        match value {
            Some(value) => format!("set -gx {name} {}", self.quote(value)),
            None => format!("set -e {name}"),
        }
    }

    fn eval(&self, call: &str) -> String {
        format!("{call} | source")
    }

    fn start_files(&self, homes: &Homes) -> Vec<StartFile> {
        vec![StartFile::new(&Fish, homes.config.join("fish/config.fish"), Part::All)]
    }

    fn system_files(&self, top: &Path) -> Vec<StartFile> {
        vec![StartFile::new(&Fish, top.join("etc/fish/conf.d/gvm.fish"), Part::All)]
    }
}
