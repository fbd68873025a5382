//! What can be asked of the bridge's services, and of sensors.

use crate::bridge::v2::writes::read;
use crate::bridge::v2::writes::write::{Done, Refusal, Write, Written};
use crate::model::bridge::Command;
use crate::model::lights;

/// Settles where the bridge stands.
///
/// # Errors
/// 400 if latitude or longitude are wrong or missing.
pub async fn place(write: &Write<'_>) -> Done {
    let part = |key, most: f64| read::needed(read::number(write.body, key, -most..=most)?, key);
    let (latitude, longitude) = (part("latitude", 90.0)?, part("longitude", 180.0)?);
    write.bridge(Command::SetPlace(latitude, longitude)).await?;
    Ok(Written::default())
}

/// Looks for new lights.
///
/// # Errors
/// 400 if something else is asked.
pub async fn search(write: &Write<'_>) -> Done {
    let action = read::needed(read::object(write.body, "action")?, "action")?;
    match read::needed(read::text(action, "action_type")?, "action_type")? {
        "search" | "search_allow_default_link_key" => {
            write.lights(lights::Command::Search(true)).await?;
            Ok(Written::default())
        }
        other => Err(Refusal::bad(format!("invalid value for action_type: {other}"))),
    }
}

/// Sensors are always on, and as sensitive as their makers built them.
///
/// # Errors
/// 405 if something else is asked.
pub fn sensor(write: &Write<'_>) -> Done {
    let asks = read::flag(write.body, "enabled")? == Some(false) || write.body.contains_key("sensitivity");
    let why = "Sensors of this bridge are always on; how sensitive they are is settled at their hub.";
    if asks { Err(Refusal { status: 405, why: why.to_owned() }) } else { Ok(Written::default()) }
}
