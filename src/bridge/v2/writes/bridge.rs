//! PUT of the bridge itself: the zone of its clock.

use crate::bridge::v2::writes::read;
use crate::bridge::v2::writes::write::{Done, Write, Written};
use crate::model::bridge::Command;

/// Changes the bridge.
///
/// # Errors
/// Why it is not done.
pub async fn put(write: &Write<'_>) -> Done {
    let zone = read::object(write.body, "time_zone")?.map(|of| read::text(of, "time_zone")).transpose()?.flatten();
    if let Some(zone) = zone {
        write.bridge(Command::SetZone(zone.to_owned())).await?;
    }
    Ok(Written::default())
}
