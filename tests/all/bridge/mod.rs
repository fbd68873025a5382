//! The Hue bridge without sockets: requests in, answers and events out, over a house whose engine is real where it counts.

pub mod house;
mod v2;
