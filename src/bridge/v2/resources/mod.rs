//! What things look like as resources of version 2: one file per kind of thing.
//!
//! To add one: a file with `of(view, thing, ids)`, and one line in the match.

pub mod area;
pub mod behavior;
pub mod client;
pub mod day;
pub mod input;
pub mod parts;
pub mod refer;
pub mod said;
pub mod scripts;
pub mod sensor;
pub mod services;
pub mod smart_scene;
