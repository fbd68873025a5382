//! Hearthlight: one desktop control centre for thermal sensors, lights of every make, printers and toys.
//!
//! State has one owner, bytes have one translator, time is an argument, and everything else is a value passed along.
//! Data climbs one staircase, wishes come down the other:
//!
//! ```text
//! device --bytes--> io --> session or driver --> service --Update--> bus --> Snapshot --> window, API
//! device <--bytes-- io <-- session or driver <-- service <--Command-- port <------------- window, API
//! ```
//!
//! Readings and pictures take neither: they go from the sensor server into slots ([`port::slots`]), newest wins, and
//! faces sample them at their own rate.
//!
//! Which room may import which is a table that `tests/all/imports.rs` checks. From the ground up:
//!
//! - [`units`] holds numbers with meaning
//! - [`model`] holds the nouns and the words, and the fold of all facts
//! - [`wire`] turns bytes into packets and back
//! - [`heat`] holds pure thermal and gas maths
//! - [`drivers`] holds one live connection to one device or hub, as a state machine
//! - [`io`] does everything that waits: sockets, files, the clock
//! - [`settings`] and [`store`] hold what is kept
//! - [`report`] turns journal and history into what charts and tables show
//! - [`port`] is a face's plug into the engine
//! - [`engine`] runs the services, each owning its state, and the bus between them
//! - [`api`], [`bridge`] and [`ui`] are the faces; [`rules`] is one without a screen: it runs what alarms ask for
//! - [`sim`] holds simulated devices that speak the real protocols
//! - [`cli`] reads the flags

pub mod api;
pub mod bridge;
pub mod cli;
pub mod drivers;
pub mod engine;
pub mod heat;
pub mod io;
pub mod model;
pub mod port;
pub mod report;
pub mod rules;
pub mod settings;
pub mod sim;
pub mod store;
pub mod ui;
pub mod units;
pub mod wire;
