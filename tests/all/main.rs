//! All tests in one binary: a module per room, mirroring `src`.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should say where")]

mod api;
mod appearance;
mod cli;
mod damage;
mod drivers;
mod engine;
mod heat;
mod imports;
mod metrics;
mod packaging;
mod port;
mod report;
mod rules;
mod settings;
mod sim;
mod smoke;
mod store;
mod store_history;
mod store_recordings;
mod ui;
mod ui_alarms;
mod ui_board;
mod ui_inspect;
mod ui_manners;
mod ui_pages;
mod ui_range;
mod ui_rules;
mod ui_time;
mod units;
mod wire;
