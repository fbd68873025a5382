//! What the bridge offers besides itself: finding devices, entertainment, HomeKit, where it stands, behaviour scripts.

use jiff::Timestamp;
use serde_json::json;

use crate::bridge::v2::change::Resource;
use crate::bridge::v2::resources::{parts, scripts};
use crate::model::bridge::ids::Ids;
use crate::model::bridge::plan::Here;
use crate::model::snapshot::Snapshot;
use crate::units::sun::Day;

/// The services of the bridge; its device and `bridge` itself are made elsewhere.
#[must_use]
pub fn of(view: &Snapshot, ids: &Ids, now: Timestamp) -> Vec<Resource> {
    let mut services = vec![discovery(view, ids), entertainment(ids), homekit(ids), geolocation(view, ids, now)];
    services.extend(scripts::all());
    services
}

fn discovery(view: &Snapshot, ids: &Ids) -> Resource {
    let members = json!({
        "owner": parts::service(ids, "device"),
        "status": if view.lights.search.running { "active" } else { "ready" },
        "action": {"action_type_values": ["search"]},
    });
    parts::resource("zigbee_device_discovery", ids.service("zigbee_device_discovery"), None, members)
}

fn entertainment(ids: &Ids) -> Resource {
    let owner = parts::service(ids, "device");
    let members = json!({"owner": owner, "renderer": false, "proxy": true, "equalizer": false, "max_streams": 1});
    parts::resource("entertainment", ids.service("entertainment"), None, members)
}

fn homekit(ids: &Ids) -> Resource {
    let members = json!({"status": "unpaired", "status_values": ["pairing", "paired", "unpaired"]});
    parts::resource("homekit", ids.service("homekit"), None, members)
}

fn geolocation(view: &Snapshot, ids: &Ids, now: Timestamp) -> Resource {
    let identity = &view.bridge.identity;
    let here = Here::new(&identity.zone, identity.place);
    let today = here.sun(here.shows(now).date()).map(|sun| {
        let kind = match sun.day {
            Day::Normal { .. } => "normal_day",
            Day::PolarDay => "polar_day",
            Day::PolarNight => "polar_night",
        };
        let mut today = json!({"day_type": kind});
        if let Some(sunset) = sun.sunset() {
            today["sunset_time"] = here.shows(sunset).strftime("%H:%M:%S").to_string().into();
        }
        today
    });
    let members = json!({"is_configured": identity.place.is_some(), "sun_today": today});
    parts::resource("geolocation", ids.service("geolocation"), None, members)
}
