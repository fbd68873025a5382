//! The devices of the simulated mesh, as zigbee2mqtt describes them.

use serde_json::{Value, json};

/// A device: its friendly name, vendor, model and what it exposes.
pub(super) struct Model {
    pub(super) name: &'static str,
    pub(super) vendor: &'static str,
    pub(super) model: &'static str,
    /// Whether it sleeps between messages.
    pub(super) sleeps: bool,
    pub(super) exposes: fn() -> Value,
}

const fn model(name: &'static str, vendor: &'static str, model: &'static str, exposes: fn() -> Value) -> Model {
    Model { name, vendor, model, sleeps: false, exposes }
}

const fn sleeper(name: &'static str, vendor: &'static str, model: &'static str, exposes: fn() -> Value) -> Model {
    Model { name, vendor, model, sleeps: true, exposes }
}

/// All of them; a device's address follows from its place here.
pub(super) const MODELS: &[Model] = &[
    model("Living room/Ceiling", "Philips", "9290022166", hue),
    model("Living room/Strip", "Philips", "929002994901", gradient),
    model("Living room/Reading lamp", "IKEA", "LED1545G12", ambiance),
    model("Kitchen/Counter", "IKEA", "LED1545G12", ambiance),
    model("Kitchen/Table", "Gledopto", "GL-C-008-1ID", color),
    model("Bedroom/Bedside left", "Philips", "8719514279124", white),
    model("Bedroom/Bedside right", "Philips", "8719514279124", white),
    model("Workshop/Plug", "Innr", "SP 120", plug),
    model("Hall/Twin relay", "TuYa", "TS0002", twin),
    sleeper("Hall/Wall switch", "Philips", "929002398602", wall_switch),
    sleeper("Hall/Motion", "Philips", "9290012607", motion),
    sleeper("Kitchen/Window", "Aqara", "MCCGQ11LM", contact),
];

/// Groups of the mesh: name and the places of their members.
pub(super) const GROUPS: &[(&str, &[usize])] =
    &[("Living room lights", &[0, 1, 2]), ("Kitchen lights", &[3, 4]), ("Bedside lamps", &[5, 6])];

fn number(name: &str, least: u32, most: u32) -> Value {
    json!({ "type": "numeric", "name": name, "property": name, "access": 7, "value_min": least, "value_max": most })
}

fn choice(name: &str, values: &[&str]) -> Value {
    json!({ "type": "enum", "name": name, "property": name, "access": 7, "values": values })
}

fn state(property: &str) -> Value {
    json!({ "type": "binary", "name": "state", "property": property, "access": 7,
        "value_on": "ON", "value_off": "OFF", "value_toggle": "TOGGLE" })
}

fn chroma() -> Value {
    json!({ "type": "composite", "name": "color_xy", "property": "color", "access": 7,
        "features": [number("x", 0, 1), number("y", 0, 1)] })
}

fn light(features: &[Value]) -> Value {
    let features: Vec<_> =
        [state("state"), number("brightness", 0, 254)].into_iter().chain(features.iter().cloned()).collect();
    json!({ "type": "light", "features": features })
}

const SIGNALS: [&str; 6] = ["blink", "breathe", "okay", "channel_change", "finish_effect", "stop_effect"];

fn hue_effects() -> Value {
    choice("effect", &[&SIGNALS[..], &["candle", "fireplace", "colorloop", "stop_hue_effect"]].concat())
}

fn power_on() -> Value {
    choice("power_on_behavior", &["off", "on", "toggle", "previous"])
}

fn hue() -> Value {
    json!([light(&[number("color_temp", 153, 500), chroma()]), power_on(), hue_effects()])
}

fn gradient() -> Value {
    let gradient = json!({ "type": "list", "name": "gradient", "property": "gradient", "access": 7,
        "item_type": { "type": "text", "name": "hex", "access": 7 }, "length_min": 1, "length_max": 9 });
    json!([light(&[number("color_temp", 153, 500), chroma()]), power_on(), gradient, hue_effects()])
}

fn ambiance() -> Value {
    json!([light(&[number("color_temp", 250, 454)]), power_on(), choice("effect", &SIGNALS)])
}

fn color() -> Value {
    json!([light(&[number("color_temp", 158, 495), chroma()]), power_on(), choice("effect", &SIGNALS)])
}

fn white() -> Value {
    json!([light(&[]), power_on(), choice("effect", &SIGNALS)])
}

fn plug() -> Value {
    json!([{ "type": "switch", "features": [state("state")] }, power_on()])
}

fn twin() -> Value {
    json!([
        { "type": "switch", "endpoint": "l1", "features": [state("state_l1")] },
        { "type": "switch", "endpoint": "l2", "features": [state("state_l2")] },
    ])
}

fn battery() -> Value {
    json!({ "type": "numeric", "name": "battery", "property": "battery", "access": 1, "unit": "%", "value_min": 0, "value_max": 100 })
}

fn flag(name: &str) -> Value {
    json!({ "type": "binary", "name": name, "property": name, "access": 1, "value_on": true, "value_off": false })
}

/// What the wall switch says, in the order in which the demo says it.
pub(super) const ACTIONS: &[&str] =
    &["on_press", "on_press_release", "up_press", "up_press_release", "off_press", "off_press_release"];

fn wall_switch() -> Value {
    json!([battery(), choice("action", ACTIONS)])
}

fn motion() -> Value {
    json!([flag("occupancy"), number("temperature", 0, 50), number("illuminance", 0, 100_000), battery()])
}

fn contact() -> Value {
    json!([flag("contact"), battery()])
}
