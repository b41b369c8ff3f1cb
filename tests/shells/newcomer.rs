//! A newcomer's path: an account that was just made, the README's first command, `gvm setup`, and new login shells.
//!
//! The account is made in a mount namespace of its own, in which `/etc` is an overlay and `/home` is empty: this machine
//! has no such user afterwards.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use crate::cast::{are_required, on_path};
use crate::stage::mint::Mint;
use crate::stage::site::Site;
use crate::stage::stock::skip_image;

const STORY: &str = r#"
set -eu
mount -t tmpfs tmpfs /home
mkdir /home/.upper /home/.work
mount -t overlay -o lowerdir=/etc,upperdir=/home/.upper,workdir=/home/.work overlay /etc
chmod 755 /home /home/.upper
useradd --create-home --shell /bin/bash newcomer
as() { runuser -u newcomer -- env -i HOME=/home/newcomer USER=newcomer PATH=/home/newcomer/.local/bin:/usr/bin:/bin \
    GOPROXY="$GOPROXY" GVM_GODEV="$GVM_GODEV" GOSUMDB="$GOSUMDB" NO_COLOR=1 SHELL=/bin/bash "$@"; }
login() { runuser -u newcomer -- env -i HOME=/home/newcomer USER=newcomer TERM=dumb PATH=/usr/bin:/bin "$@" </dev/null; }
files() { (cd /home/newcomer && find . -path ./.local/share/gvm -prune -o -type f -exec sha256sum {} + -o -printf '%p %m %u\n' |
    sort | grep -vE 'history|zcompdump'); }
cd /home/newcomer
as mkdir -p .local/bin
as cp "$GVM" .local/bin/gvm
for shell in bash zsh fish; do login "$shell" -l -i -c true >/dev/null 2>&1; done
before=$(files)
as gvm use 1.22 >/dev/null 2>&1
as gvm setup >/dev/null 2>&1
for shell in bash zsh fish; do
    for options in -l '-l -i' -i; do
        printf '%s %s: ' "$shell" "$options"
        login "$shell" $options -c 'go version' 2>/dev/null
    done
done
printf 'sh -l: '
login sh -l -c 'go version'
as gvm teardown >/dev/null 2>&1
after=$(files)
if [ "$before" = "$after" ]; then echo 'as before'; else printf 'before:\n%s\nafter:\n%s\n' "$before" "$after"; fi
"#;

#[test]
fn a_newcomer_has_go_in_every_new_login_shell() {
    let is_root = rustix::process::geteuid().is_root();
    let missing = ["zsh", "fish", "useradd", "unshare"].iter().find(|name| on_path(name).is_none());
    if !is_root || missing.is_some() {
        assert!(!are_required() || !is_root, "{missing:?} is not here");
        return skip_image("only root can make an account, and bash, zsh and fish must be here");
    }
    let site = Site::mint(Mint::new(&["1.22.4"]));
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let program = folder.path().join("gvm");
    fs::copy(env!("CARGO_BIN_EXE_gvm"), &program).unwrap();
    let story = told(&site, &program);
    for shell in [
        "bash -l: ",
        "bash -l -i: ",
        "bash -i: ",
        "zsh -l: ",
        "zsh -l -i: ",
        "zsh -i: ",
        "fish -l: ",
        "fish -l -i: ",
        "fish -i: ",
        "sh -l: ",
    ] {
        let line = story.lines().find(|line| line.starts_with(shell));
        assert!(line.is_some_and(|line| line.contains("go1.22.4")), "{shell}\n{story}");
    }
    assert!(story.ends_with("as before\n"), "{story}");
}

fn told(site: &Site, program: &Path) -> String {
    let mut command = Command::new("unshare");
    command.args(["--mount", "--propagation", "private", "sh", "-c", STORY]);
    command.env_clear().env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin").env("GVM", program);
    command.env("GOPROXY", site.proxy()).env("GVM_GODEV", site.godev());
    command.env("GOSUMDB", site.gosumdb().unwrap_or_default());
    let output = command.output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{text}{errors}");
    text
}
