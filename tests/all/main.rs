//! All tests in one binary: a module per room, mirroring `src`.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should say where")]

mod api;
mod cli;
mod damage;
mod drivers;
#[path = "drivers/painted.rs"]
mod drivers_painted;
#[path = "drivers/serial.rs"]
mod drivers_serial;
mod engine;
mod families;
mod heat;
mod imports;
mod metrics;
mod packaging;
mod port;
mod report;
mod rules;
#[path = "rules/alerts.rs"]
mod rules_alerts;
mod settings;
mod sim;
#[path = "sim/serial.rs"]
mod sim_serial;
mod smoke;
mod store;
mod store_history;
mod store_recordings;
mod ui;
mod ui_adding;
mod ui_alarms;
mod ui_inspect;
mod ui_lights;
mod ui_manners;
mod ui_pages;
mod ui_range;
mod ui_rules;
mod ui_time;
mod units;
mod wire;
#[path = "wire/serial_led.rs"]
mod wire_serial_led;
#[path = "wire/sse.rs"]
mod wire_sse;
