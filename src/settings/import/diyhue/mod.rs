//! Import of a configuration folder of diyHue, another program that plays a Hue bridge: its apps go on without pairing.
//!
//! ```text
//!  files ──read──▶ House ──bind──▶ Bound: which light is which ──plan──▶ commands, in this order:
//!                                   ▲                              who the bridge is, keys
//!                            lights that are here                  connections, rooms and zones, scenes
//!                                                                  what all these are called, what apps kept
//! ```
//!
//! Invariant: pure; what is taken over and what is left out is told before anything is done.

pub mod bind;
pub mod house;
pub mod plan;
pub mod read;
mod state;
mod yaml;
