//! Numbers with meaning: time, grids, temperatures. The ground floor; it imports nothing of ours.
//!
//! Invariant: nothing here reads a clock, a file or a socket. Time is a value that was passed in.
//!
//! To add one: a file with one type whose constructor keeps its invariant, and a `pub mod` line here.

pub mod color;
pub mod grid;
pub mod local;
pub mod moment;
pub mod seconds;
pub mod slug;
pub mod sun;
pub mod temperature;
