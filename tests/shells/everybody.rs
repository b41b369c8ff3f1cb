//! `gvm setup --system`, done: root writes it into the machine's own start files, users who were made after that log in with
//! each shell and have Go, and teardown leaves every byte as it was.
//!
//! All of it in a mount namespace, in which `/etc` and `/usr/share` are overlays and `/opt` and `/home` are empty.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use crate::cast::{Actor, CAST, are_required, on_path};
use crate::stage::mint::Mint;
use crate::stage::site::Site;
use crate::stage::stock::skip_image;
use crate::terminal::Terminal;

/// Says when users may log in, and goes on when nobody types to it any more.
const STORY: &str = r#"
set -eu
mount -t tmpfs -o mode=755 tmpfs /home
for folder in /opt /usr/local; do mount -t tmpfs -o mode=755 tmpfs "$folder"; done
for name in etc usr/share; do
    layer=/home/.${name##*/}
    mkdir "$layer" "$layer.work"
    mount -t overlay -o "lowerdir=/$name,upperdir=$layer,workdir=$layer.work" overlay "/$name"
done
mkdir /usr/local/bin
cp $PROGRAMS /usr/local/bin
files() { find /etc /usr/share/fish /usr/share/zsh /usr/share/nushell -printf '%p %m %u %g %l\n' \
    -type f -exec sha256sum {} + 2>/dev/null | sort; }
# As their packages would: those that a shell's user may have.
for program in $SHELLS; do
    useradd --create-home --shell "$(command -v "$program")" "by-$program"
    # Without this one, zsh asks a new user what it should hold.
    touch "/home/by-$program/.zshrc"
done
files >/home/before
gvm use 1.22 >/dev/null 2>&1
gvm install 1.21 >/dev/null 2>&1
gvm setup --system >/dev/null 2>&1
files >/home/between
echo "set up: $(diff /home/before /home/between | grep -c '^> [0-9a-f]\{64\} ') files"
cat >/dev/null
gvm teardown --system >/dev/null 2>&1
files >/home/after
if cmp -s /home/before /home/after; then echo 'as before'; else diff /home/before /home/after; fi
"#;

#[test]
fn users_have_go_in_each_shell_until_teardown() {
    let missing = ["useradd", "unshare", "nsenter"].iter().find(|name| on_path(name).is_none());
    if !rustix::process::geteuid().is_root() || missing.is_some() {
        return skip_image("only root can make accounts and an /etc of their own");
    }
    // Elvish has no start file for all users.
    let cast = CAST.iter().filter(|actor| actor.name != "elvish" && actor.place().is_some());
    let cast: Vec<_> = cast.collect();
    assert!(!are_required() || cast.len() > 5, "only these are here: {cast:?}");
    let site = Site::mint(Mint::new(&["1.21.13", "1.22.4"]));
    let machine = Machine::set_up(&site, &cast);

    for actor in &cast {
        let user = format!("by-{}", actor.program);
        machine.types(actor, &format!("su - {user}"));
        // A window of a desktop: no login. Of a POSIX shell, that reads nothing.
        let window =
            format!("env -i HOME=/home/{user} TERM=xterm PATH=/usr/local/bin:/usr/bin:/bin");
        if actor.name != "sh" {
            machine.types(actor, &format!("runuser -u {user} -- {window} {}", actor.program));
        }
    }
    assert_eq!(machine.torn_down(), "as before\n");
}

/// A machine of its own, whose users may log in.
struct Machine {
    story: Child,
    told: BufReader<ChildStdout>,
    _folder: tempfile::TempDir,
}

impl Machine {
    fn set_up(site: &Site, cast: &[&Actor]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let gvm = folder.path().join("gvm");
        fs::copy(env!("CARGO_BIN_EXE_gvm"), &gvm).unwrap();
        // Those that no package of the system's has brought stand in somebody's folder.
        let others = cast.iter().filter_map(|actor| actor.place());
        let mut programs: Vec<_> = others
            .filter(|place| !place.starts_with("/usr/bin") && !place.starts_with("/bin"))
            .collect();
        programs.push(gvm);
        let programs: Vec<_> = programs.iter().map(|path| path.to_str().unwrap()).collect();
        let shells: Vec<_> = cast.iter().map(|actor| actor.program).collect();

        let mut command = Command::new("unshare");
        command.args(["--mount", "--propagation", "private", "sh", "-c", STORY]).env_clear();
        command.env("PATH", "/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin").env("HOME", "/home");
        command.env("PROGRAMS", programs.join(" ")).env("SHELLS", shells.join(" "));
        command.env("GOPROXY", site.proxy()).env("GVM_GODEV", site.godev());
        command.env("GOSUMDB", site.gosumdb().unwrap());
        let mut story = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut told = BufReader::new(story.stdout.take().unwrap());
        let mut line = String::new();
        told.read_line(&mut line).unwrap();
        assert!(line.starts_with("set up: ") && !line.contains(" 0 "), "{line}");
        Self { story, told, _folder: folder }
    }

    /// Starts a shell there, and types into it.
    fn types(&self, actor: &Actor, start: &str) {
        let vars = [("PATH", "/usr/sbin:/usr/bin:/sbin:/bin"), ("TERM", "xterm")];
        let vars = vars.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let start = format!("exec nsenter --mount --target={} {start}", self.story.id());
        let mut shell = Terminal::start(&start, actor.ready, &vars, Path::new("/"));
        shell.line("go version", "version go1.22.4");
        shell.line("gvm shell 1.21; go version", "version go1.21.13");
    }

    fn torn_down(mut self) -> String {
        drop(self.story.stdin.take());
        let mut told = String::new();
        self.told.read_to_string(&mut told).unwrap();
        assert!(self.story.wait().unwrap().success(), "{told}");
        told
    }
}
