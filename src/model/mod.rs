//! The nouns and the words of the house, one file per subsystem: ids, state, `Command`, `Update` and `apply`.
//!
//! Invariant: nothing here knows a clock, a channel, a socket or `async`; a story of [`message::Stamped`] updates
//! always folds to the same [`snapshot::Snapshot`].
//!
//! To add one: a file with `State`, `Command`, `Update` and `State::apply`, one line in each enum of
//! [`message`], one field in [`snapshot::Snapshot`].

pub mod alarms;
pub mod bridge;
pub mod deed;
pub mod export;
pub mod exports;
pub mod frame;
pub mod history;
pub mod inputs;
pub mod layouts;
pub mod learned;
pub mod lights;
pub mod message;
pub mod recording;
pub mod sensors;
pub mod snapshot;
pub mod system;
pub mod thermal;
