//! The Hue bridge without sockets: requests in, answers and events out, over a house whose engine is real where it counts.

mod both;
mod events;
pub mod house;
mod kept;
mod large;
mod malformed;
mod slow;
mod v1;
mod v2;
