//! The Hue bridge that others see: version 1 and version 2 of its API, its events, its door. A face made of HTTP.
//!
//! ```text
//!  socket ─▶ door ─▶ Request ─▶ about   description.xml, short config         nobody needs a key
//!                              ├─▶ pair    POST /api                             the button was pressed
//!                              ├─▶ v1      /api/<key>/…         ┐ derived from
//!                              └─▶ v2      /clip/v2/resource/…  ├ the Snapshot; writes
//!                                          /eventstream/clip/v2 ┘ are commands
//!  announce: SSDP and mDNS, so that apps find the door
//! ```
//!
//! Invariant: nothing works without a key but what says who the bridge is; 127.0.0.1 is no exception.
//! Invariant: both versions are views: nothing is kept here but what can be derived again.
//! Invariant: every answer comes after the published state has reached what the request caused.

pub mod about;
pub mod announce;
pub mod dispatch;
pub mod door;
pub mod events;
pub mod face;
pub mod inputs;
pub mod manners;
pub mod models;
pub mod pair;
pub mod percent;
pub mod request;
pub mod routes;
pub mod ssdp;
pub mod unique;
pub mod v1;
pub mod v2;
