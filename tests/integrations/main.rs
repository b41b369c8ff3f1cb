//! `docs/integrations.md`, tried: each snippet is run by the program that it is for, or where that is not to be had by
//! something that does with it what is written of that program.
//!
//! | file | holds |
//! |---|---|
//! | `page` | the document's snippets, and that each is tried |
//! | `ground` | a home with two versions in it, and a project that pins one |
//! | `editors` | VS Code, GoLand, direnv, make |
//! | `services` | systemd, cron, the desktop |
//! | `sudo` | Debian's sudo with its `secure_path`, in accounts of its own |
//! | `docker` | the Dockerfile, line by line, in a root of its own |
//! | `pipelines` | the steps for GitHub Actions and GitLab CI |

#![cfg(unix)]

mod docker;
mod editors;
mod ground;
mod page;
mod pipelines;
mod services;
mod sudo;

#[path = "../stage/mod.rs"]
#[allow(dead_code, reason = "each program of tests uses a part of the stage")]
mod stage;
