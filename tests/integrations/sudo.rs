//! sudo, which replaces PATH by what its own file says: Debian's sudo, with an account and a `/etc` of its own. Where it is
//! not installed, what `.ci/run` has unpacked is laid over `/usr`.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use crate::page::{says, snippet};
use crate::stage::mint::Mint;
use crate::stage::site::Site;
use crate::stage::stock::{skip_image, skip_program};

const STORY: &str = r#"
set -eu
mount -t tmpfs tmpfs /home
mkdir /home/.upper /home/.work
etc=/etc
if [ -n "$UNPACKED" ]; then
    etc=$UNPACKED/etc:/etc
    mount -t overlay -o "lowerdir=$UNPACKED/usr:/usr" overlay /usr
fi
mount -t overlay -o lowerdir=$etc,upperdir=/home/.upper,workdir=/home/.work overlay /etc
# What this machine has there is nobody's here.
for folder in /opt /usr/local /root; do mount -t tmpfs tmpfs "$folder"; done
mkdir -p /usr/local/bin
chmod 755 /home /home/.upper /usr/local /usr/local/bin
cp "$GVM" /usr/local/bin/gvm
useradd --create-home --shell /bin/bash me
rm -f /etc/sudoers.d/*
# As visudo would hand it over; no password is asked for, since nobody types here.
echo 'me ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/me
echo 'Defaults env_keep += "GOPROXY GVM_GODEV GOSUMDB"' >>/etc/sudoers.d/me
chmod 440 /etc/sudoers.d/me
as_me() { runuser -u me -- env -i HOME=/home/me PATH=/home/me/.local/share/gvm/shims:/usr/local/bin:/usr/bin:/bin \
    GOPROXY="$GOPROXY" GVM_GODEV="$GVM_GODEV" GOSUMDB="$GOSUMDB" sh -c "cd; $1" 2>&1; }
as_me 'gvm use 1.21 >/dev/null 2>&1'
echo "me: $(as_me 'go version')"
echo "sudo: $(as_me 'sudo go version' || true)"
echo "env: $(as_me "$ENV_LINE")"
as_me 'sudo gvm use 1.22 >/dev/null 2>&1'
echo "made: $(ls -ld /opt/gvm | cut -d' ' -f1,3)"
printf '%s' "$SNIPPET" >/etc/sudoers.d/gvm
chmod 440 /etc/sudoers.d/gvm
echo "visudo: $(visudo -c 2>&1 | grep sudoers.d/gvm)"
echo "secure: $(as_me 'sudo go version')"
"#;

/// For one command, as the document has it.
const ENV_LINE: &str = "sudo env \"PATH=$PATH\" go version";

#[test]
fn sudo_finds_go_where_its_file_names_the_shims() {
    if !rustix::process::geteuid().is_root() {
        return skip_image("only root can make an account and an /etc of its own");
    }
    let unpacked = concat!(env!("CARGO_MANIFEST_DIR"), "/target/ci/sudo");
    let is_installed = Path::new("/usr/bin/sudo").is_file();
    if !is_installed && !Path::new(unpacked).join("usr/bin/sudo").is_file() {
        return skip_program("there is no sudo here, and `.ci/run` has unpacked none");
    }
    says(&format!("`{ENV_LINE}`"));
    let site = Site::mint(Mint::new(&["1.21.13", "1.22.4"]));
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let gvm = folder.path().join("gvm");
    fs::copy(env!("CARGO_BIN_EXE_gvm"), &gvm).unwrap();

    let mut command = Command::new("unshare");
    command.args(["--mount", "--propagation", "private", "sh", "-c", STORY]);
    command.env_clear().env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin").env("GVM", gvm);
    command.env("GOPROXY", site.proxy()).env("GVM_GODEV", site.godev());
    command.env("GOSUMDB", site.gosumdb().unwrap()).env("ENV_LINE", ENV_LINE);
    command.env("UNPACKED", if is_installed { "" } else { unpacked });
    let output = command.env("SNIPPET", snippet("sudo", "text")).output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");

    let told = String::from_utf8_lossy(&output.stdout);
    let told: Vec<_> = told.lines().collect();
    assert_eq!(
        told,
        [
            "me: go version go1.21.13 linux/amd64",
            "sudo: sudo: go: command not found",
            "env: go version go1.21.13 linux/amd64",
            "made: drwxr-xr-x root",
            "visudo: /etc/sudoers.d/gvm: parsed OK",
            "secure: go version go1.22.4 linux/amd64",
        ]
    );
}
