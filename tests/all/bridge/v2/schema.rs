//! Every resource as a strict client reads it: one missing member, or one of a wrong type, and it gives up.

#![allow(dead_code, reason = "the members are there to be read, not to be used")]

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::{Bridge, ThingKind};

#[derive(Deserialize)]
struct Reference {
    rid: Uuid,
    rtype: String,
}

#[derive(Deserialize)]
struct On {
    on: bool,
}

#[derive(Deserialize)]
struct Dimming {
    brightness: f64,
}

#[derive(Deserialize)]
struct Point {
    x: f64,
    y: f64,
}

#[derive(Deserialize)]
struct Gamut {
    red: Point,
    green: Point,
    blue: Point,
}

#[derive(Deserialize)]
struct Color {
    xy: Point,
    gamut: Gamut,
    gamut_type: String,
}

#[derive(Deserialize)]
struct Schema {
    mirek_minimum: u16,
    mirek_maximum: u16,
}

#[derive(Deserialize)]
struct White {
    #[serde(deserialize_with = "or_null")]
    mirek: Option<u16>,
    mirek_valid: bool,
    mirek_schema: Schema,
}

/// There, but perhaps null.
fn or_null<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<u16>, D::Error> {
    Option::deserialize(deserializer)
}

#[derive(Deserialize)]
struct Dynamics {
    status: String,
    status_values: Vec<String>,
    speed: f64,
    speed_valid: bool,
}

#[derive(Deserialize)]
struct Alert {
    action_values: Vec<String>,
}

#[derive(Deserialize)]
struct Signaling {
    signal_values: Vec<String>,
}

#[derive(Deserialize)]
struct Effects {
    status: String,
    status_values: Vec<String>,
    effect_values: Vec<String>,
}

#[derive(Deserialize)]
struct GradientPoint {
    color: OnlyXy,
}

#[derive(Deserialize)]
struct OnlyXy {
    xy: Point,
}

#[derive(Deserialize)]
struct Gradient {
    points: Vec<GradientPoint>,
    points_capable: u8,
    mode: String,
    mode_values: Vec<String>,
}

#[derive(Deserialize)]
struct Powerup {
    preset: String,
    configured: bool,
    on: Map<String, Value>,
}

#[derive(Deserialize)]
struct LightMetadata {
    name: String,
    archetype: String,
    function: String,
}

#[derive(Deserialize)]
struct Light {
    id: Uuid,
    id_v1: String,
    owner: Reference,
    metadata: LightMetadata,
    identify: Map<String, Value>,
    service_id: u32,
    on: On,
    mode: String,
    dynamics: Dynamics,
    dimming: Option<Dimming>,
    color_temperature: Option<White>,
    color: Option<Color>,
    gradient: Option<Gradient>,
    alert: Option<Alert>,
    signaling: Option<Signaling>,
    effects: Option<Effects>,
    timed_effects: Option<Effects>,
    powerup: Option<Powerup>,
}

#[derive(Deserialize)]
struct GroupedLight {
    id: Uuid,
    id_v1: String,
    owner: Reference,
    on: On,
    dimming: Dimming,
    alert: Alert,
    signaling: Signaling,
}

#[derive(Deserialize)]
struct Metadata {
    name: String,
    archetype: String,
}

#[derive(Deserialize)]
struct Group {
    id: Uuid,
    metadata: Metadata,
    children: Vec<Reference>,
    services: Vec<Reference>,
}

#[derive(Deserialize)]
struct Home {
    id: Uuid,
    id_v1: String,
    children: Vec<Reference>,
    services: Vec<Reference>,
}

#[derive(Deserialize)]
struct Product {
    model_id: String,
    manufacturer_name: String,
    product_name: String,
    product_archetype: String,
    certified: bool,
    software_version: String,
}

#[derive(Deserialize)]
struct Device {
    id: Uuid,
    product_data: Product,
    metadata: Metadata,
    services: Vec<Reference>,
}

#[derive(Deserialize)]
struct Zone {
    time_zone: String,
}

#[derive(Deserialize)]
struct TheBridge {
    id: Uuid,
    owner: Reference,
    bridge_id: String,
    time_zone: Zone,
}

#[derive(Deserialize)]
struct Connectivity {
    id: Uuid,
    owner: Reference,
    status: String,
    mac_address: String,
}

#[derive(Deserialize)]
struct Action {
    target: Reference,
    action: Map<String, Value>,
}

#[derive(Deserialize)]
struct Palette {
    color: Vec<Value>,
    dimming: Vec<Value>,
    color_temperature: Vec<Value>,
}

#[derive(Deserialize)]
struct Named {
    name: String,
}

#[derive(Deserialize)]
struct Status {
    active: String,
}

#[derive(Deserialize)]
struct Scene {
    id: Uuid,
    id_v1: String,
    metadata: Named,
    group: Reference,
    actions: Vec<Action>,
    palette: Option<Palette>,
    speed: f64,
    auto_dynamic: bool,
    status: Status,
}

#[derive(Deserialize)]
struct Update {
    id: Uuid,
    owner: Reference,
    state: String,
    problems: Vec<String>,
}

/// Reads a resource of those kinds that lights, rooms, scenes and the bridge have.
fn read(resource: &Value) {
    fn strict<T: DeserializeOwned>(resource: &Value) {
        if let Err(why) = serde_json::from_value::<T>(resource.clone()) {
            panic!("{why}: {resource}");
        }
    }
    let id = resource["id"].as_str().unwrap();
    assert_eq!(id.parse::<Uuid>().unwrap().to_string(), id, "lower case");
    if let Some(v1) = resource.get("id_v1") {
        let parts: Vec<_> = v1.as_str().unwrap().split('/').collect();
        assert!(matches!(&parts[..], ["", family, id] if family.len() >= 4 && !id.is_empty()), "{v1}");
    }
    match resource["type"].as_str().unwrap() {
        "light" => strict::<Light>(resource),
        "grouped_light" => strict::<GroupedLight>(resource),
        "room" | "zone" => strict::<Group>(resource),
        "bridge_home" => strict::<Home>(resource),
        "device" => strict::<Device>(resource),
        "bridge" => strict::<TheBridge>(resource),
        "zigbee_connectivity" => strict::<Connectivity>(resource),
        "scene" => strict::<Scene>(resource),
        "device_software_update" => strict::<Update>(resource),
        _ => {}
    }
}

#[tokio::test]
async fn a_strict_client_reads_everything() {
    let bridge = Bridge::new().await;
    bridge.get("").await.iter().for_each(read);
}

#[tokio::test]
async fn a_strict_client_reads_everything_after_writes_too() {
    let bridge = Bridge::new().await;
    let gradient = json!({"gradient": {"points": [{"color": {"xy": {"x": 0.1, "y": 0.2}}}, {"color": {"xy": {"x": 0.3, "y": 0.2}}}]}});
    for (kind, of, id, body) in [
        ("light", ThingKind::Light, "strip", gradient),
        ("light", ThingKind::Light, "lamp", json!({"powerup": {"preset": "custom", "on": {"mode": "previous"}}})),
        ("light", ThingKind::Light, "lamp", json!({"effects": {"effect": "candle"}})),
        ("scene", ThingKind::Scene, "evening", json!({"palette": {"color": []}})),
        ("scene", ThingKind::Scene, "evening", json!({"recall": {"action": "dynamic_palette"}})),
        ("grouped_light", ThingKind::Home, "", json!({"on": {"on": false}})),
    ] {
        let (status, answer, _) = bridge.put(kind, of, id, &body).await;
        assert_eq!(status, 200, "{answer}");
        bridge.get("").await.iter().for_each(read);
    }
}
