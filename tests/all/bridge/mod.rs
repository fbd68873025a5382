//! The Hue bridge without sockets: requests in, answers and events out, over a house whose engine is real where it counts.

mod events;
pub mod house;
mod kept;
mod slow;
mod v1;
mod v2;
