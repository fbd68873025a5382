//! What a light does when its power comes back: presets of version 2 and what they come down to.
//!
//! Invariant: what an app wrote is shown word for word as long as the light still does that.

use serde_json::{Value, json};

use crate::model::bridge::extra::Extra;
use crate::model::lights::Light;
use crate::model::lights::capabilities::PowerOn;

/// What a written setting comes down to; `None` if it is no such setting.
#[must_use]
pub fn meant(written: &Value) -> Option<PowerOn> {
    match written.get("preset")?.as_str()? {
        "safety" => Some(PowerOn::On),
        "powerfail" | "last_on_state" => Some(PowerOn::Previous),
        "custom" => match written.pointer("/on/mode")?.as_str()? {
            "on" if written.pointer("/on/on/on")?.as_bool()? => Some(PowerOn::On),
            "on" => Some(PowerOn::Off),
            "previous" | "toggle" => Some(PowerOn::Previous),
            _ => None,
        },
        _ => None,
    }
}

/// The setting of a light; `None` if it takes none.
#[must_use]
pub fn shown(light: &Light, extra: Option<&Extra>) -> Option<Value> {
    if light.capabilities.power_on.is_empty() {
        return None;
    }
    let now = light.power_on.unwrap_or(PowerOn::On);
    let noted = extra.and_then(|extra| serde_json::from_str(extra.powerup.as_deref()?).ok());
    let mut setting = noted.filter(|noted| meant(noted) == Some(now)).unwrap_or_else(|| plain(now));
    if let Some(members) = setting.as_object_mut() {
        members.insert("configured".to_owned(), true.into());
        members.entry("on").or_insert_with(|| on(now));
    }
    Some(setting)
}

fn plain(now: PowerOn) -> Value {
    match now {
        PowerOn::On => json!({"preset": "safety", "on": on(now)}),
        PowerOn::Previous => json!({"preset": "powerfail", "on": on(now)}),
        PowerOn::Off => json!({"preset": "custom", "on": on(now)}),
    }
}

fn on(now: PowerOn) -> Value {
    match now {
        PowerOn::On => json!({"mode": "on", "on": {"on": true}}),
        PowerOn::Off => json!({"mode": "on", "on": {"on": false}}),
        PowerOn::Previous => json!({"mode": "previous"}),
    }
}
