//! PUT and DELETE of a device.

use std::sync::Arc;

use crate::bridge::v2::shelf::Kept;
use crate::bridge::v2::writes::light::{Metadata, blink, identify};
use crate::bridge::v2::writes::write::{Done, Refusal, Write, Written};
use crate::model::bridge::ids::Kind;
use crate::model::lights::{Command, LightId};
use crate::model::sensors::DeviceId;
use crate::model::{bridge, sensors};

/// Changes a device.
///
/// # Errors
/// Why it is not done.
pub async fn put(write: &Write<'_>, kept: &Kept) -> Done {
    let metadata = Metadata::read(write.body)?;
    let identify = identify(write.body)?;
    match kept.thing.kind {
        Kind::Light => {
            let light = write.view.lights.lights.get(&LightId(kept.thing.id.clone())).ok_or_else(Refusal::not_found)?;
            metadata.carry_out(write, &kept.thing).await?;
            let doubts = if identify { blink(write, light).await } else { None };
            Ok(Written { made: None, doubts: doubts.into_iter().collect() })
        }
        Kind::Bridge => {
            if let Some(name) = metadata.name {
                write.bridge(bridge::Command::Rename(name)).await?;
            }
            Ok(Written::default())
        }
        Kind::Sensor | Kind::Input => {
            match (metadata.name, kept.thing.kind) {
                (Some(name), Kind::Sensor) => write.sensors(rename(&kept.thing.id, name)).await?,
                (Some(_), _) => return Err(Refusal::bad("it is named at its own hub")),
                (None, _) => {}
            }
            if let Some(archetype) = metadata.archetype {
                write.note(&kept.thing, |extra| extra.archetype = Some(archetype.into())).await?;
            }
            Ok(Written::default())
        }
        Kind::Home | Kind::Group | Kind::Scene | Kind::Object(_) => Err(Refusal::not_allowed()),
    }
}

fn rename(device: &Arc<str>, name: String) -> sensors::Command {
    sensors::Command::Rename { device: DeviceId(Arc::clone(device)), name }
}

/// Forgets a device that is gone.
///
/// # Errors
/// Why it is not done; 409 if it is still there.
pub async fn delete(write: &Write<'_>, kept: &Kept) -> Done {
    match kept.thing.kind {
        Kind::Light => {
            let forget = Command::ForgetLight(LightId(kept.thing.id.clone()));
            write.lights(forget).await.map_err(|refusal| Refusal::conflict(refusal.why))?;
            Ok(Written::default())
        }
        _ => Err(Refusal::not_allowed()),
    }
}
