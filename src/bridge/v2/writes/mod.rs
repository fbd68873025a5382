//! Writes of version 2: one file per type of resource.
//!
//! To add one: a file, and one line per verb in the match.

pub mod read;
pub mod write;
