//! Writes of version 2: one file per type of resource.
//!
//! Invariant: a body is read whole before the first command goes out: what is malformed changes nothing.
//!
//! To add one: a file, and one line per verb in the matches.

pub mod area;
pub mod asked;
pub mod behavior;
pub mod bridge;
pub mod client;
pub mod device;
pub mod grouped;
pub mod job;
pub mod light;
pub mod named;
mod objects;
pub mod press;
pub mod read;
pub mod room;
pub mod scene;
pub mod scene_body;
pub mod services;
pub mod smart_scene;
pub mod when;
pub mod write;

use crate::bridge::v2::shelf::Kept;
use crate::bridge::v2::writes::write::{Done, Refusal, Write};

/// Changes a resource.
///
/// # Errors
/// Why it is not done.
pub async fn put(write: &Write<'_>, kept: &Kept) -> Done {
    match kept.resource.kind {
        "light" => light::put(write, kept).await,
        "grouped_light" => grouped::put(write, kept).await,
        "device" => device::put(write, kept).await,
        "room" | "zone" => room::put(write, kept).await,
        "scene" => scene::put(write, kept).await,
        "bridge" => bridge::put(write).await,
        "behavior_instance" => behavior::put(write, kept).await,
        "geofence_client" => client::put(write, kept).await,
        "entertainment_configuration" => area::put(write, kept).await,
        "smart_scene" => smart_scene::put(write, kept).await,
        "geolocation" => services::place(write).await,
        "zigbee_device_discovery" => services::search(write).await,
        "motion" | "temperature" | "light_level" | "contact" => services::sensor(write),
        _ => Err(Refusal::not_allowed()),
    }
}

/// Makes a resource.
///
/// # Errors
/// Why it is not done.
pub async fn post(write: &Write<'_>, kind: &str) -> Done {
    match kind {
        "room" | "zone" => room::post(write, kind).await,
        "scene" => scene::post(write).await,
        "behavior_instance" => behavior::post(write).await,
        "geofence_client" => client::post(write).await,
        "entertainment_configuration" => area::post(write).await,
        "smart_scene" => smart_scene::post(write).await,
        _ => Err(Refusal::not_allowed()),
    }
}

/// Removes a resource.
///
/// # Errors
/// Why it is not done.
pub async fn delete(write: &Write<'_>, kept: &Kept) -> Done {
    match kept.resource.kind {
        "device" => device::delete(write, kept).await,
        "room" | "zone" => room::delete(write, kept).await,
        "scene" => scene::delete(write, kept).await,
        "behavior_instance" | "geofence_client" | "entertainment_configuration" | "smart_scene" => {
            objects::delete(write, kept).await
        }
        _ => Err(Refusal::not_allowed()),
    }
}
