//! What the fuzz targets share: the rules for showing a foreign text, and a list of releases to
//! choose from. The properties of each parser stand in its own file of `targets/`.

pub mod releases;
pub mod shown;
