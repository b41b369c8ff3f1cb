//! What the fuzz targets share: the input taken apart, archives and a log made from it, the rules for showing a foreign
//! text, and a list of releases to choose from. The properties of each reader stand in its own file of `targets/`.

pub mod input;
pub mod log;
pub mod releases;
pub mod scratch;
pub mod shown;
pub mod tarred;
pub mod tree;
pub mod zipped;
