//! bash. A login shell reads the first of three files and not `.bashrc`; any other that is typed into reads `.bashrc`.

use std::path::Path;

use super::{Homes, Part, Shell, StartFile, posix};

#[derive(Debug)]
pub(super) struct Bash;

impl Shell for Bash {
    fn name(&self) -> &'static str {
        "bash"
    }

    fn programs(&self) -> &'static [&'static str] {
        &["bash"]
    }

    fn template(&self) -> String {
        posix::template(self) + include_str!("templates/bash.sh")
    }

    fn start_files(&self, homes: &Homes) -> Vec<StartFile> {
        let login = [".bash_profile", ".bash_login", ".profile"];
        let login = login.map(|name| homes.home.join(name)).to_vec();
        vec![
            // `.profile` is read by other shells too: what they cannot read does not belong there.
            StartFile::first_of(&posix::Posix, &login, Part::All),
            StartFile::new(&Bash, homes.home.join(".bashrc"), Part::All),
        ]
    }

    fn system_files(&self, top: &Path) -> Vec<StartFile> {
        // Debian's, and that of Fedora and its kin. No bash reads one that its packager has not built in.
        let rc = ["etc/bash.bashrc", "etc/bashrc"].map(|name| top.join(name)).to_vec();
        vec![posix::profile_d(top), StartFile::first_of(&Bash, &rc, Part::All).if_there()]
    }
}
