//! The name of every environment variable that gvm reads or sets, each with what it means.
//!
//! Reading them is not here: that goes through [`crate::world::World::var`].

/// ROOT: the folder that holds the installed versions.
pub const DIR: &str = "GVM_DIR";
/// A SPEC for this process and its children: it beats every file.
pub const GO: &str = "GVM_GO";
/// The sources, comma-separated, in the order in which they are tried.
pub const SOURCES: &str = "GVM_SOURCES";
/// The base URL in place of `https://go.dev/dl`.
pub const GODEV: &str = "GVM_GODEV";
/// `1`: never use the network.
pub const OFFLINE: &str = "GVM_OFFLINE";
/// `1`: a shim installs what is pinned and missing.
pub const AUTO_INSTALL: &str = "GVM_AUTO_INSTALL";
/// `1`: gvm says more, as with `-v`.
pub const LOG: &str = "GVM_LOG";
/// Set by gvm for the `go` that it finds on PATH: how often, and by which process, so that a shim of another manager that
/// leads back here is noticed.
pub const STARTED: &str = "GVM_STARTED";
/// Set by gvm beside a `GOTOOLCHAIN=local` of its own, so that a nested shim drops both and decides afresh, while a
/// GOTOOLCHAIN of the user's passes through.
pub const SET_GOTOOLCHAIN: &str = "GVM_SET_GOTOOLCHAIN";

/// The go command's choice of toolchain.
pub const GOTOOLCHAIN: &str = "GOTOOLCHAIN";
/// The toolchain that the go command has already selected for this process.
pub const GOTOOLCHAIN_SWITCH_VERSION: &str = "GOTOOLCHAIN_INTERNAL_SWITCH_VERSION";
/// How often the go command has switched so far.
pub const GOTOOLCHAIN_SWITCH_COUNT: &str = "GOTOOLCHAIN_INTERNAL_SWITCH_COUNT";
/// Whether modules are used.
pub const GO111MODULE: &str = "GO111MODULE";
/// The go.work file, `off` or `auto`.
pub const GOWORK: &str = "GOWORK";
/// The working directory, by the name that the user came by.
pub const PWD: &str = "PWD";
/// The root of a Go tree.
pub const GOROOT: &str = "GOROOT";
/// The user's go/env file, or `off`.
pub const GOENV: &str = "GOENV";
/// Where modules come from.
pub const GOPROXY: &str = "GOPROXY";
/// Which modules do not come through GOPROXY.
pub const GONOPROXY: &str = "GONOPROXY";
/// Which modules are private; GONOPROXY's default.
pub const GOPRIVATE: &str = "GOPRIVATE";
/// The checksum database.
pub const GOSUMDB: &str = "GOSUMDB";
/// Flags for every go command.
pub const GOFLAGS: &str = "GOFLAGS";
/// Experiments of the toolchain that are switched on or off.
pub const GOEXPERIMENT: &str = "GOEXPERIMENT";
/// Where `go install` puts programs.
pub const GOBIN: &str = "GOBIN";
/// Where programs are looked for.
pub const PATH: &str = "PATH";
