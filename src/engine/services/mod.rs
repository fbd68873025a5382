//! The services: each owns one subsystem, its state and its decisions.
//!
//! To add one: a file with a state struct whose decisions are sync functions, a loop that is only plumbing, and its
//! lines in [`crate::engine::Engine::start`].

pub mod alarms;
pub mod appearance;
pub mod bridge;
pub mod diary;
pub mod exports;
pub mod herald;
pub mod history;
pub mod imports;
pub mod layouts;
pub mod lights;
pub mod recording;
pub mod sensors;
pub mod storage;
pub mod system;
pub mod thermal;
