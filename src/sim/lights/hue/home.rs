//! What the simulated bridge has, as resources of the second version of its API.

use serde_json::{Value, json};

/// What a light of a model can do.
struct Model {
    id: &'static str,
    product: &'static str,
    archetype: &'static str,
    mirek: Option<(u16, u16)>,
    color: bool,
    points: bool,
}

const COLOR: Model = Model {
    id: "LCA001",
    product: "Hue color lamp",
    archetype: "sultan_bulb",
    mirek: Some((153, 500)),
    color: true,
    points: false,
};
const STRIP: Model = Model {
    id: "LCX004",
    product: "Hue gradient lightstrip",
    archetype: "hue_lightstrip",
    mirek: Some((153, 500)),
    color: true,
    points: true,
};
const AMBIANCE: Model = Model {
    id: "LTA001",
    product: "Hue ambiance lamp",
    archetype: "classic_bulb",
    mirek: Some((153, 454)),
    color: false,
    points: false,
};
const PLUG: Model =
    Model { id: "LOM001", product: "Hue smart plug", archetype: "plug", mirek: None, color: false, points: false };

/// The lights: name, model, and the room each is in.
const LIGHTS: &[(&str, &Model, &str)] = &[
    ("Dining table left", &COLOR, "Kitchen"),
    ("Dining table right", &COLOR, "Kitchen"),
    ("Sideboard strip", &STRIP, "Kitchen"),
    ("Wardrobe", &AMBIANCE, "Bedroom"),
    ("Nightstand", &COLOR, "Bedroom"),
    ("Coffee machine", &PLUG, ""),
];

const ROOMS: &[(&str, &str)] = &[("Kitchen", "kitchen"), ("Bedroom", "bedroom")];

/// The id of a resource of bridge `index`: by its kind and its number among those.
pub(super) fn id(index: u32, kind: u16, n: usize) -> String {
    format!("{kind:04x}5eed-0000-4000-8000-{index:04x}{n:08x}")
}

const LIGHT: u16 = 1;
const DEVICE: u16 = 2;
const CONNECTIVITY: u16 = 3;
const PLACE: u16 = 4;
const GROUPED: u16 = 5;
const SENSE: u16 = 6;
const BRIDGE: u16 = 7;

/// The motion sensor's service of this bridge.
pub(super) fn motion_id(index: u32) -> String {
    id(index, SENSE, 0)
}

/// One of the switch's four buttons of this bridge.
pub(super) fn button_id(index: u32, button: usize) -> String {
    id(index, SENSE, 10 + button)
}

fn reference(id: &str, kind: &str) -> Value {
    json!({ "rid": id, "rtype": kind })
}

fn device(id: &str, v1: &str, names: (&str, &str, &str, &str), services: &[Value]) -> Value {
    let (name, model, product, archetype) = names;
    json!({ "id": id, "id_v1": v1, "type": "device",
        "product_data": { "model_id": model, "manufacturer_name": "Signify Netherlands B.V.", "product_name": product,
            "product_archetype": archetype, "certified": true, "software_version": "1.104.2", "hardware_platform_type": "100b-112" },
        "metadata": { "name": name, "archetype": archetype }, "identify": {}, "services": services })
}

fn light(index: u32, n: usize, name: &str, model: &Model) -> Value {
    let mut light = json!({ "id": id(index, LIGHT, n), "id_v1": format!("/lights/{}", n + 1), "type": "light",
        "owner": reference(&id(index, DEVICE, n), "device"),
        "metadata": { "name": name, "archetype": model.archetype, "function": "mixed" },
        "product_data": { "function": "mixed" }, "identify": {}, "service_id": 0, "on": { "on": false }, "mode": "normal",
        "dynamics": { "status": "none", "status_values": ["none"], "speed": 0.0, "speed_valid": false },
        "alert": { "action_values": ["breathe"] }, "signaling": { "signal_values": ["no_signal", "on_off"] },
        "powerup": { "preset": "safety", "configured": true, "on": { "mode": "on", "on": { "on": true } } } });
    let mut put = |key: &str, value: Value| {
        light.as_object_mut().into_iter().for_each(|light| drop(light.insert(key.to_owned(), value.clone())));
    };
    if let Some((least, most)) = model.mirek {
        put("dimming", json!({ "brightness": 100.0, "min_dim_level": 0.2 }));
        put(
            "color_temperature",
            json!({ "mirek": 366, "mirek_valid": true,
            "mirek_schema": { "mirek_minimum": least, "mirek_maximum": most } }),
        );
    }
    if model.color {
        put(
            "color",
            json!({ "xy": { "x": 0.4575, "y": 0.4099 }, "gamut_type": "C",
            "gamut": { "red": { "x": 0.6915, "y": 0.3083 }, "green": { "x": 0.17, "y": 0.7 }, "blue": { "x": 0.1532, "y": 0.0475 } } }),
        );
        let effects = ["no_effect", "candle", "fire", "prism"];
        put("effects", json!({ "status": "no_effect", "status_values": effects, "effect_values": effects }));
    }
    if model.points {
        put(
            "gradient",
            json!({ "points": [], "points_capable": 5, "mode": "interpolated_palette",
            "mode_values": ["interpolated_palette"], "pixel_count": 20 }),
        );
    }
    light
}

fn connectivity(index: u32, n: usize) -> Value {
    json!({ "id": id(index, CONNECTIVITY, n), "type": "zigbee_connectivity", "owner": reference(&id(index, DEVICE, n), "device"),
        "status": "connected", "mac_address": format!("00:17:88:01:{:02x}:00:00:{n:02x}", index & 0xFF) })
}

fn grouped(index: u32, n: usize, kind: &str) -> Value {
    json!({ "id": id(index, GROUPED, n), "id_v1": format!("/groups/{n}"), "type": "grouped_light",
        "owner": reference(&id(index, PLACE, n), kind), "on": { "on": false }, "dimming": { "brightness": 0.0 },
        "dimming_delta": {}, "color_temperature": {}, "color_temperature_delta": {}, "color": {}, "dynamics": {},
        "alert": { "action_values": ["breathe"] }, "signaling": { "signal_values": ["no_signal", "on_off"] } })
}

const MOTION: usize = 50;
const SWITCH: usize = 51;
const OF_BRIDGE: usize = 52;

fn sensors(index: u32) -> Vec<Value> {
    let owner = |n| reference(&id(index, DEVICE, n), "device");
    let at = "2026-01-01T10:00:00.123Z";
    let power = |n: usize, level: u32| {
        json!({ "id": id(index, SENSE, n), "type": "device_power", "owner": owner(if n == 3 { MOTION } else { SWITCH }),
            "power_state": { "battery_state": "normal", "battery_level": level } })
    };
    let mut all = vec![
        json!({ "id": motion_id(index), "id_v1": "/sensors/5", "type": "motion", "owner": owner(MOTION), "enabled": true,
            "motion": { "motion": false, "motion_valid": true, "motion_report": { "changed": at, "motion": false } },
            "sensitivity": { "status": "set", "sensitivity": 2, "sensitivity_max": 4 } }),
        json!({ "id": id(index, SENSE, 1), "id_v1": "/sensors/6", "type": "temperature", "owner": owner(MOTION), "enabled": true,
            "temperature": { "temperature": 21.4, "temperature_valid": true,
                "temperature_report": { "changed": at, "temperature": 21.4 } } }),
        json!({ "id": id(index, SENSE, 2), "id_v1": "/sensors/7", "type": "light_level", "owner": owner(MOTION), "enabled": true,
            "light": { "light_level": 20_001, "light_level_valid": true,
                "light_level_report": { "changed": at, "light_level": 20_001 } } }),
        power(3, 93),
        power(4, 81),
    ];
    let events = ["initial_press", "repeat", "short_release", "long_press", "long_release"];
    all.extend((0..4).map(|n| {
        json!({ "id": button_id(index, n), "type": "button", "owner": owner(SWITCH), "metadata": { "control_id": n + 1 },
            "button": { "last_event": "short_release", "repeat_interval": 800, "event_values": events,
                "button_report": { "updated": at, "event": "short_release" } } })
    }));
    all
}

fn places(index: u32) -> Vec<Value> {
    let mut all = Vec::new();
    for (n, (name, archetype)) in ROOMS.iter().enumerate() {
        let inside = LIGHTS.iter().enumerate().filter(|(_, (_, _, room))| room == name);
        let children: Vec<_> = inside.map(|(light, _)| reference(&id(index, DEVICE, light), "device")).collect();
        all.push(json!({ "id": id(index, PLACE, n + 1), "id_v1": format!("/groups/{}", n + 1), "type": "room",
            "metadata": { "name": name, "archetype": archetype }, "children": children,
            "services": [reference(&id(index, GROUPED, n + 1), "grouped_light")] }));
        all.push(grouped(index, n + 1, "room"));
    }
    let rooms = (1..=ROOMS.len()).map(|n| reference(&id(index, PLACE, n), "room"));
    let alone = [LIGHTS.len() - 1, MOTION, SWITCH, OF_BRIDGE];
    let children: Vec<_> = rooms.chain(alone.map(|n| reference(&id(index, DEVICE, n), "device"))).collect();
    all.push(json!({ "id": id(index, PLACE, 0), "id_v1": "/groups/0", "type": "bridge_home", "children": children,
        "services": [reference(&id(index, GROUPED, 0), "grouped_light")] }));
    all.push(grouped(index, 0, "bridge_home"));
    all
}

/// All resources of bridge `index`.
pub(super) fn resources(index: u32, bridge_id: &str) -> Vec<Value> {
    let mut all = Vec::new();
    for (n, (name, model, _)) in LIGHTS.iter().enumerate() {
        let services =
            [reference(&id(index, LIGHT, n), "light"), reference(&id(index, CONNECTIVITY, n), "zigbee_connectivity")];
        let names = (*name, model.id, model.product, model.archetype);
        all.push(light(index, n, name, model));
        all.push(connectivity(index, n));
        all.push(device(&id(index, DEVICE, n), &format!("/lights/{}", n + 1), names, &services));
    }
    let sense = |n: usize, kind: &str| reference(&id(index, SENSE, n), kind);
    let link = |n: usize| reference(&id(index, CONNECTIVITY, n), "zigbee_connectivity");
    let motion =
        [sense(0, "motion"), sense(1, "temperature"), sense(2, "light_level"), sense(3, "device_power"), link(MOTION)];
    let motion_names = ("Landing sensor", "SML003", "Hue motion sensor", "unknown_archetype");
    all.push(device(&id(index, DEVICE, MOTION), "/sensors/5", motion_names, &motion));
    let buttons = (0..4).map(|n| reference(&button_id(index, n), "button"));
    let switch: Vec<_> = buttons.chain([sense(4, "device_power"), link(SWITCH)]).collect();
    let switch_names = ("Bedroom dimmer", "RWL022", "Hue dimmer switch", "unknown_archetype");
    all.push(device(&id(index, DEVICE, SWITCH), "/sensors/8", switch_names, &switch));
    let bridge = [reference(&id(index, BRIDGE, 0), "bridge"), link(OF_BRIDGE)];
    let bridge_names = ("Hue Bridge", "BSB002", "Hue Bridge", "bridge_v2");
    all.push(device(&id(index, DEVICE, OF_BRIDGE), "", bridge_names, &bridge));
    all.push(json!({ "id": id(index, BRIDGE, 0), "type": "bridge", "owner": reference(&id(index, DEVICE, OF_BRIDGE), "device"),
        "bridge_id": bridge_id, "time_zone": { "time_zone": "Europe/Berlin" } }));
    all.extend([MOTION, SWITCH, OF_BRIDGE].map(|n| connectivity(index, n)));
    all.extend(sensors(index));
    all.extend(places(index));
    all
}
