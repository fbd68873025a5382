//! WLED: what a node says as JSON, what it is told, its datagrams. Reference: kno.wled.ge, "JSON API", "UDP Realtime".
//!
//! - [`message`]: what a node says over HTTP and WebSocket
//! - [`patch`]: what it is told
//! - [`realtime`]: pixels in datagrams, for nodes that are older than DDP
//! - [`node`]: what nodes announce

pub mod message;
pub mod node;
pub mod patch;
pub mod realtime;

/// The port that nodes announce themselves on.
pub const NODES_PORT: u16 = 65506;
/// The port of realtime datagrams, unless a node says another one.
pub const REALTIME_PORT: u16 = 21324;
