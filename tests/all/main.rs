//! All tests in one binary: a module per room, mirroring `src`.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should say where")]

mod api;
mod appearance;
mod bridge;
mod cli;
mod damage;
mod drivers;
mod engine;
mod families;
mod heat;
mod imports;
mod metrics;
mod nouns;
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
mod ui_adding;
mod ui_alarms;
mod ui_board;
mod ui_bridge;
mod ui_inspect;
mod ui_lights;
mod ui_manners;
mod ui_pages;
mod ui_range;
mod ui_rules;
mod ui_time;
mod units;
mod wire;

// Those whose names say their room, as their files have the names of the families.
#[path = "bridge/certificate.rs"]
mod bridge_certificate;
#[path = "bridge/door.rs"]
mod bridge_door;
#[path = "bridge/found.rs"]
mod bridge_found;
#[path = "drivers/bench.rs"]
pub(crate) mod drivers_bench;
#[path = "drivers/ddp.rs"]
mod drivers_ddp;
#[path = "drivers/hub.rs"]
mod drivers_hub;
#[path = "drivers/hue.rs"]
mod drivers_hue;
#[path = "drivers/lifx.rs"]
mod drivers_lifx;
#[path = "drivers/painted.rs"]
mod drivers_painted;
#[path = "drivers/serial.rs"]
mod drivers_serial;
#[path = "drivers/wled.rs"]
mod drivers_wled;
#[path = "drivers/yeelight.rs"]
mod drivers_yeelight;
#[path = "drivers/zigbee2mqtt.rs"]
mod drivers_zigbee2mqtt;
#[path = "engine/bridge.rs"]
mod engine_bridge;
#[path = "port/doctor.rs"]
mod port_doctor;
#[path = "rules/alerts.rs"]
mod rules_alerts;
#[path = "rules/clock/mod.rs"]
mod rules_clock;
#[path = "sim/lights.rs"]
mod sim_lights;
#[path = "sim/serial.rs"]
mod sim_serial;
#[path = "smoke/bridge.rs"]
mod smoke_bridge;
#[path = "smoke/hubs.rs"]
mod smoke_hubs;
#[path = "wire/ddp.rs"]
mod wire_ddp;
#[path = "wire/hue_clip.rs"]
mod wire_hue_clip;
#[path = "wire/lifx.rs"]
mod wire_lifx;
#[path = "wire/serial_led.rs"]
mod wire_serial_led;
#[path = "wire/sse.rs"]
mod wire_sse;
#[path = "wire/wled.rs"]
mod wire_wled;
#[path = "wire/yeelight.rs"]
mod wire_yeelight;
#[path = "wire/zigbee2mqtt.rs"]
mod wire_zigbee2mqtt;
