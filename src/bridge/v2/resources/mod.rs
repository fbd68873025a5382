//! What things look like as resources of version 2: one file per kind of thing.
//!
//! To add one: a file with `of(view, thing, ids)`, and one line in the match.

pub mod parts;
