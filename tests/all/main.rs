//! All tests in one binary: a module per room, mirroring `src`.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should say where")]

mod api;
mod cli;
mod damage;
mod drivers;
mod engine;
mod heat;
mod imports;
mod metrics;
mod port;
mod report;
mod settings;
mod sim;
mod smoke;
mod store;
mod ui;
mod ui_pages;
mod wire;
