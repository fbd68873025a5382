//! Everything that waits or touches the machine: the real clock, files, processes, sockets.
//!
//! Invariant: nothing here decides; it carries bytes and numbers between the machine and those who decide.
//!
//! To add one: a file per kind of thing, and a `pub mod` line here.

pub mod appearance;
pub mod certificate;
pub mod channels;
pub mod clock;
pub mod draft;
pub mod files;
pub mod http;
pub mod lock;
pub mod mdns;
pub mod multicast;
pub mod networks;
pub mod notify;
pub mod process;
pub mod reveal;
pub mod serial_ports;
pub mod sound;
pub mod tcp;
pub mod tls;
pub mod watched;
