//! What sensors say, as resources: a service of a device each.
//!
//! Invariant: a value that was never said, or whose device is out of reach, is marked as not valid; a report is there only
//! if something was said.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::bridge::v2::change::Resource;
use crate::bridge::v2::resources::parts;
use crate::model::bridge::ids::Ids;
use crate::model::inputs;
use crate::model::inputs::buttons::{Event, Press, Turn};

/// What a service of a device is made of, besides what it says.
#[derive(Clone, Copy, Debug)]
pub struct Service<'a> {
    /// What its device is called.
    pub ids: &'a Ids,
    /// Whether its device is within reach.
    pub valid: bool,
}

/// A time as reports have it: UTC with milliseconds.
#[must_use]
pub fn time(at: Timestamp) -> String {
    format!("{at:.3}")
}

/// The address in version 1 of a part of a device: its own, else that of its first part.
#[must_use]
pub fn v1_of(ids: &Ids, part: &str) -> Option<Arc<str>> {
    let first = || ids.v1.values().min_by_key(|number| number.parse::<u32>().unwrap_or(u32::MAX));
    parts::v1("sensors", ids.v1.get(part).or_else(first))
}

impl Service<'_> {
    /// Whether something moves.
    #[must_use]
    pub fn motion(&self, said: Option<(Timestamp, bool)>) -> Resource {
        let motion = said.is_some_and(|(_, motion)| motion);
        let report = said.map(|(at, motion)| json!({"changed": time(at), "motion": motion}));
        self.measured("motion", "motion", json!({"motion": motion}), report, said.is_some())
    }

    /// A temperature, °C.
    #[must_use]
    pub fn temperature(&self, said: Option<(Timestamp, f32)>) -> Resource {
        let value = |celsius: f32| (f64::from(celsius) * 100.0).round() / 100.0;
        let now = json!({"temperature": said.map_or(0.0, |(_, celsius)| value(celsius))});
        let report = said.map(|(at, celsius)| json!({"changed": time(at), "temperature": value(celsius)}));
        self.measured("temperature", "temperature", now, report, said.is_some())
    }

    /// A light level, lux.
    #[must_use]
    pub fn light_level(&self, said: Option<(Timestamp, f32)>) -> Resource {
        let level = said.map_or(0, |(_, lux)| inputs::light_level(lux));
        let report = said.map(|(at, _)| json!({"changed": time(at), "light_level": level}));
        self.measured("light_level", "light", json!({"light_level": level}), report, said.is_some())
    }

    /// Whether a door or window is closed.
    #[must_use]
    pub fn contact(&self, said: Option<(Timestamp, bool)>) -> Resource {
        let state = |closed| if closed { "contact" } else { "no_contact" };
        let report = said.map(|(at, closed)| json!({"changed": time(at), "state": state(closed)}));
        let members = json!({"owner": self.owner(), "enabled": true, "contact_report": report});
        self.resource("contact", "contact", "contact", members)
    }

    /// How full a battery is, percent.
    #[must_use]
    pub fn power(&self, percent: f32) -> Resource {
        let level = percent.round().clamp(0.0, 100.0) as u8;
        let state = match level {
            0..=5 => "critical",
            6..=20 => "low",
            _ => "normal",
        };
        let power = json!({"battery_state": state, "battery_level": level});
        self.resource("device_power", "device_power", "", json!({"owner": self.owner(), "power_state": power}))
    }

    /// A button, with what it can say and said last.
    #[must_use]
    pub fn button(&self, number: u8, events: &[Event], said: Option<(Timestamp, &str)>) -> Resource {
        let said = said.and_then(|(at, name)| Some((at, Press::of(name)?.event)));
        let mut button = json!({
            "repeat_interval": 800,
            "event_values": events.iter().map(|event| word(*event)).collect::<Vec<_>>(),
        });
        if let Some((at, event)) = said {
            button["last_event"] = word(event).into();
            button["button_report"] = json!({"updated": time(at), "event": word(event)});
        }
        let members = json!({"owner": self.owner(), "metadata": {"control_id": number}, "button": button});
        self.resource("button", &format!("button/{number}"), "button", members)
    }

    /// A dial, with what it said last.
    #[must_use]
    pub fn rotary(&self, said: Option<(Timestamp, &str)>) -> Resource {
        let said = said.and_then(|(at, name)| Some((at, Turn::of(name)?)));
        let mut rotary = json!({});
        if let Some((at, turn)) = said {
            let direction = if turn.clockwise { "clock_wise" } else { "counter_clock_wise" };
            let rotation = json!({"direction": direction, "steps": turn.steps, "duration": 400});
            rotary["last_event"] = json!({"action": "start", "rotation": rotation});
            rotary["rotary_report"] = json!({"updated": time(at), "action": "start", "rotation": rotation});
        }
        let members = json!({"owner": self.owner(), "metadata": {"control_id": 0}, "relative_rotary": rotary});
        self.resource("relative_rotary", "relative_rotary", "button", members)
    }

    fn owner(&self) -> Value {
        parts::service(self.ids, "device")
    }

    /// A value `{name}` with `{name}_valid` and `{name}_report` under a member.
    fn measured(
        &self,
        kind: &'static str,
        member: &str,
        mut value: Value,
        report: Option<Value>,
        said: bool,
    ) -> Resource {
        value[format!("{kind}_valid")] = (said && self.valid).into();
        if let Some(report) = report {
            value[format!("{kind}_report")] = report;
        }
        let mut members = json!({"owner": self.owner(), "enabled": true});
        members[member] = value;
        self.resource(kind, kind, kind, members)
    }

    fn resource(&self, kind: &'static str, service: &str, part: &str, members: Value) -> Resource {
        parts::resource(kind, self.ids.service(service), v1_of(self.ids, part), members)
    }
}

const fn word(event: Event) -> &'static str {
    match event {
        Event::Pressed => "initial_press",
        Event::Repeat => "repeat",
        Event::ShortRelease => "short_release",
        Event::LongPress => "long_press",
        Event::LongRelease => "long_release",
        Event::DoubleRelease => "double_short_release",
    }
}
