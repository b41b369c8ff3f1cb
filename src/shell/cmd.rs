//! cmd.exe. It reads no start file of the user's; what `gvm init` prints is a batch file to call.

use std::path::Path;

use super::{Homes, Shell, StartFile};

#[derive(Debug)]
pub(super) struct Cmd;

impl Shell for Cmd {
    fn name(&self) -> &'static str {
        "cmd"
    }

    fn programs(&self) -> &'static [&'static str] {
        &["cmd"]
    }

    fn template(&self) -> String {
        include_str!("templates/cmd.cmd").to_owned()
    }

    /// In quotes it stands already, where no path can hold one; a percent sign would begin a variable.
    fn knows_drives(&self) -> bool {
        true
    }

    fn quote(&self, text: &str) -> String {
        text.replace('%', "%%")
    }

    fn path_line(&self, folder: &str) -> String {
        format!("set \"PATH={folder};%PATH%\"")
    }

    fn assign(&self, name: &str, value: Option<&str>) -> String {
        format!("set \"{name}={}\"", value.unwrap_or_default())
    }

    fn eval(&self, call: &str) -> String {
        format!("for /f \"delims=\" %i in ('{call}') do @%i")
    }

    fn start_files(&self, _: &Homes) -> Vec<StartFile> {
        Vec::new()
    }

    fn system_files(&self, _: &Path) -> Vec<StartFile> {
        Vec::new()
    }
}
