//! Litter.
