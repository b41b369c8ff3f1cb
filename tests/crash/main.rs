//! Killed at any point: gvm dies at each of its checkpoints, and the next command finds everything in order.
//!
//! | file | holds |
//! |---|---|
//! | `story` | what is done, from which state, and what must hold after a kill |
//! | `points` | killed at each checkpoint of each story; the table of checkpoints, held to the sources |
//! | `calls` | killed before system calls that change the disk, wherever no checkpoint stands |
//! | `layers` | the same in a container's layers, whose folders cannot be moved |
//! | `power` | the power is cut: what was not synced is gone |
//! | `litter` | what the dead left is swept, and what the living make is not |

#[cfg(unix)]
mod calls;
#[cfg(unix)]
mod layers;
mod litter;
mod points;
#[cfg(unix)]
mod power;
#[cfg_attr(windows, allow(dead_code, reason = "nothing is traced or mounted there"))]
mod story;

#[path = "../stage/mod.rs"]
#[allow(dead_code, reason = "each program of tests uses a part of the stage")]
mod stage;
