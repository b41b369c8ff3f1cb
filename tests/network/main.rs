//! A lying network: servers, proxies and checksum databases that fail, stall, forge and swap. What comes of it is a good
//! installation, or the right exit code and a message.

mod attack;
mod bodies;
mod cuts;
mod database;
mod fault;
mod heads;
mod lists;
mod log;
mod notes;
mod real_go;
mod redirects;
mod refusals;
mod server;
mod tls;
mod trees;
mod tunnels;
mod wire;

#[path = "../stage/mod.rs"]
#[allow(dead_code, reason = "each program of tests uses a part of the stage")]
mod stage;
