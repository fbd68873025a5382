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
mod ui_inspect;
mod ui_manners;
mod ui_pages;
mod ui_range;
mod ui_rules;
mod ui_time;
mod units;
mod wire;

#[path = "wire/sse.rs"]
mod wire_sse;

#[path = "drivers/zigbee2mqtt.rs"]
mod drivers_zigbee2mqtt;

#[path = "drivers/hue.rs"]
mod drivers_hue;

#[path = "wire/zigbee2mqtt.rs"]
mod wire_zigbee2mqtt;

#[path = "wire/hue_clip.rs"]
mod wire_hue_clip;

#[path = "smoke/hubs.rs"]
mod smoke_hubs;
