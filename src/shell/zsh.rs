//! zsh. `.zshenv` is read by each of its shells; where `$ZDOTDIR` is set, nothing is read from the home folder.

use std::path::Path;

use super::{Homes, Part, Shell, StartFile, posix};

#[derive(Debug)]
pub(super) struct Zsh;

impl Shell for Zsh {
    fn name(&self) -> &'static str {
        "zsh"
    }

    fn programs(&self) -> &'static [&'static str] {
        &["zsh"]
    }

    fn template(&self) -> String {
        posix::template(self) + include_str!("templates/zsh.zsh")
    }

    fn start_files(&self, homes: &Homes) -> Vec<StartFile> {
        let folder = homes.zdotdir.as_ref().unwrap_or(&homes.home);
        let mut env = vec![folder.join(".zshenv")];
        if *folder != homes.home {
            // It may be this one that sets ZDOTDIR; then it is what every shell reads, and the other one nobody.
            env.insert(0, homes.home.join(".zshenv"));
        }
        vec![
            StartFile::first_of(&Zsh, &env, Part::Path),
            // /etc/zprofile of macOS sorts PATH anew after `.zshenv`: here it is put right for whoever types.
            StartFile::new(&Zsh, folder.join(".zshrc"), Part::All),
        ]
    }

    fn system_files(&self, top: &Path) -> Vec<StartFile> {
        // Debian's place, and everybody else's.
        let file = |name: &str| vec![top.join("etc/zsh").join(name), top.join("etc").join(name)];
        vec![
            StartFile::first_of(&Zsh, &file("zshenv"), Part::Path),
            StartFile::first_of(&Zsh, &file("zshrc"), Part::All),
        ]
    }
}
