//! [`Form`]: the two programs that are one shim.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// Which of the two.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Form {
    /// The one inside gvm.
    Embedded,
    /// The one over the standard library.
    #[cfg_attr(windows, allow(dead_code, reason = "the embedded one is that there"))]
    Hosted,
}

/// Windows has but one.
#[cfg(windows)]
pub const FORMS: [Form; 1] = [Form::Embedded];

/// Both.
#[cfg(not(windows))]
pub const FORMS: [Form; 2] = [Form::Embedded, Form::Hosted];

impl Form {
    /// The program.
    pub fn path(self) -> &'static Path {
        match self {
            Self::Embedded => Path::new(env!("GVM_SHIM_PATH")),
            Self::Hosted => {
                static HOSTED: OnceLock<PathBuf> = OnceLock::new();
                HOSTED.get_or_init(build)
            }
        }
    }
}

impl Form {
    /// What the program loads.
    pub fn chooser(self) -> Option<&'static Path> {
        match self {
            Self::Embedded if cfg!(windows) => None,
            Self::Embedded => Some(Path::new(env!("GVM_CHOOSER_PATH"))),
            Self::Hosted => None,
        }
    }
}

/// Builds the shim as other systems get it: with the same profile, and without the flags of the embedded one.
#[allow(
    clippy::disallowed_methods,
    reason = "the outer build's variables must not reach the inner one"
)]
fn build() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("hosted");
    let mut cargo = Command::new(env!("CARGO"));
    cargo.current_dir(env!("CARGO_MANIFEST_DIR"));
    cargo.args(["build", "--quiet", "--locked", "--offline", "--profile", "shim"]);
    cargo.args(["--package", "gvm-shim", "--bin", "gvm-shim", "--target-dir"]).arg(&folder);
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PROFILE_") || text.starts_with("CARGO_BUILD_") {
            cargo.env_remove(&name);
        }
    }
    cargo.env("CARGO_ENCODED_RUSTFLAGS", "").env_remove("RUSTC_WORKSPACE_WRAPPER");
    assert!(cargo.status().unwrap().success(), "the hosted shim does not build");
    folder.join("shim/gvm-shim")
}
