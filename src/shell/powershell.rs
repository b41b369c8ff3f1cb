//! PowerShell 7 on all systems, and Windows PowerShell 5.1. On Windows, PATH is the user's own and not a profile's.

use std::path::Path;

use super::{Homes, Part, Shell, StartFile, quote};

#[derive(Debug)]
pub(super) struct PowerShell;

impl Shell for PowerShell {
    fn name(&self) -> &'static str {
        "powershell"
    }

    fn programs(&self) -> &'static [&'static str] {
        &["pwsh", "powershell"]
    }

    fn template(&self) -> String {
        include_str!("templates/powershell.ps1").to_owned()
    }

    fn knows_drives(&self) -> bool {
        true
    }

    fn quote(&self, text: &str) -> String {
        quote::always_single(text, "''")
    }

    fn path_line(&self, folder: &str) -> String {
        let quoted = quote::single(folder, "''");
        format!("$env:Path = {quoted} + [IO.Path]::PathSeparator + $env:Path")
    }

    fn assign(&self, name: &str, value: Option<&str>) -> String {
        match value {
            Some(value) => format!("$env:{name} = {}", self.quote(value)),
            None => format!("Remove-Item -Path Env:{name} -ErrorAction SilentlyContinue"),
        }
    }

    fn eval(&self, call: &str) -> String {
        format!("{call} | Out-String | Invoke-Expression")
    }

    fn start_files(&self, homes: &Homes) -> Vec<StartFile> {
        let Some(documents) = homes.documents.as_ref().filter(|_| cfg!(windows)) else {
            return vec![StartFile::new(
                &PowerShell,
                homes.config.join("powershell/profile.ps1"),
                Part::All,
            )];
        };
        vec![
            StartFile::new(
                &PowerShell,
                documents.join("PowerShell/profile.ps1"),
                Part::Interactive,
            ),
            // Windows PowerShell may be forbidden to run scripts, and then complains of a profile at each start.
            StartFile::new(
                &PowerShell,
                documents.join("WindowsPowerShell/profile.ps1"),
                Part::Interactive,
            )
            .if_there(),
        ]
    }

    /// The profile of all users stands beside the program, wherever that is.
    fn system_files(&self, _: &Path) -> Vec<StartFile> {
        Vec::new()
    }
}
