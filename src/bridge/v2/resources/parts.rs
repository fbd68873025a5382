//! The pieces that resources are made of.
//!
//! Invariant: brightnesses have two decimals and chromaticities four, so that what was written reads back.

use std::sync::Arc;

use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::bridge::models::MAKER;
use crate::bridge::unique;
use crate::bridge::v2::change::Resource;
use crate::model::bridge::ids::Ids;
use crate::model::lights::connection::Reach;
use crate::units::color::Xy;

/// Characters of a name that apps take.
pub const MAX_NAME: usize = 32;

/// What a device is.
#[derive(Clone, Copy, Debug)]
pub struct Make<'a> {
    /// Its model id.
    pub model: &'a str,
    /// The name of the product.
    pub product: &'a str,
    /// What the product looks like.
    pub product_archetype: &'a str,
    /// Its firmware.
    pub software: &'a str,
    /// Its hardware; empty for none.
    pub platform: &'a str,
    /// What people call it.
    pub name: &'a str,
    /// What it looks like to people.
    pub archetype: &'a str,
}

/// `{"rid":…,"rtype":…}`.
#[must_use]
pub fn reference(kind: &str, id: Uuid) -> Value {
    json!({"rid": id, "rtype": kind})
}

/// A reference to a service of a thing.
#[must_use]
pub fn service(ids: &Ids, kind: &str) -> Value {
    reference(kind, ids.service(kind))
}

/// A resource of these members; `id`, `id_v1` and `type` are added. Members that are null are left out.
#[must_use]
pub fn resource(kind: &'static str, id: Uuid, id_v1: Option<Arc<str>>, members: Value) -> Resource {
    let mut body = match members {
        Value::Object(members) => members,
        _ => Map::new(),
    };
    body.retain(|_, value| !value.is_null());
    body.insert("id".to_owned(), json!(id));
    body.insert("type".to_owned(), Value::from(kind));
    if let Some(id_v1) = &id_v1 {
        body.insert("id_v1".to_owned(), Value::from(&**id_v1));
    }
    Resource { kind, id, id_v1, body }
}

/// The device of a thing, with these services.
#[must_use]
pub fn device(ids: &Ids, id_v1: Option<Arc<str>>, make: &Make<'_>, services: Vec<Value>) -> Resource {
    let mut product = json!({
        "model_id": make.model,
        "manufacturer_name": MAKER,
        "product_name": make.product,
        "product_archetype": make.product_archetype,
        "certified": true,
        "software_version": make.software,
    });
    if !make.platform.is_empty() {
        product["hardware_platform_type"] = Value::from(make.platform);
    }
    let mut members = json!({
        "product_data": product,
        "metadata": {"name": short(make.name), "archetype": make.archetype},
        "identify": {},
    });
    members["services"] = services.into();
    resource("device", ids.service("device"), id_v1, members)
}

/// Whether a thing's radio hears it.
#[must_use]
pub fn connectivity(ids: &Ids, id_v1: Option<Arc<str>>, reach: &Reach) -> Resource {
    let members = json!({
        "owner": service(ids, "device"),
        "status": if *reach == Reach::Online { "connected" } else { "connectivity_issue" },
        "mac_address": unique::address(ids),
    });
    resource("zigbee_connectivity", ids.service("zigbee_connectivity"), id_v1, members)
}

/// That a thing's firmware is the newest.
#[must_use]
pub fn software_update(ids: &Ids) -> Resource {
    let members = json!({"owner": service(ids, "device"), "state": "no_update", "problems": []});
    resource("device_software_update", ids.service("device_software_update"), None, members)
}

/// A share 0..=1 as a percentage of two decimals.
#[must_use]
pub fn percent(share: f32) -> f64 {
    (f64::from(share) * 10_000.0).round() / 100.0
}

/// A chromaticity of four decimals.
#[must_use]
pub fn xy(xy: Xy) -> Value {
    let four = |part: f32| (f64::from(part) * 10_000.0).round() / 10_000.0;
    json!({"x": four(xy.x()), "y": four(xy.y())})
}

/// As much of a name as apps take.
#[must_use]
pub fn short(name: &str) -> &str {
    let end = name.char_indices().nth(MAX_NAME).map_or(name.len(), |(at, _)| at);
    name.get(..end).unwrap_or(name).trim_end()
}

/// An address in version 1: `/lights/1`; `None` if the thing has no number there.
#[must_use]
pub fn v1(family: &str, number: Option<&Arc<str>>) -> Option<Arc<str>> {
    number.map(|number| format!("/{family}/{number}").into())
}
