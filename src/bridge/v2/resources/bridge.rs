//! The bridge itself: its device and its radio.

use serde_json::json;

use crate::bridge::v2::change::Resource;
use crate::bridge::v2::resources::parts::{self, Make};
use crate::model::bridge::ids::Ids;
use crate::model::lights::connection::Reach;
use crate::model::snapshot::Snapshot;

/// Its firmware on the radio network, as apps know it.
const SOFTWARE: &str = "1.67.1967054020";

/// The resources of the bridge.
#[must_use]
pub fn of(view: &Snapshot, ids: &Ids) -> Vec<Resource> {
    let identity = &view.bridge.identity;
    let make = Make {
        model: "BSB002",
        product: "Hue Bridge",
        product_archetype: "bridge_v2",
        software: SOFTWARE,
        platform: "",
        name: &identity.name,
        archetype: "bridge_v2",
    };
    let members = json!({
        "owner": parts::service(ids, "device"),
        "bridge_id": identity.id.lower(),
        "time_zone": {"time_zone": *identity.zone},
    });
    let mut radio = parts::connectivity(ids, None, &Reach::Online);
    radio.body.insert("channel".to_owned(), json!({"status": "set", "value": "channel_25"}));
    vec![
        parts::device(ids, None, &make, Vec::new()),
        parts::resource("bridge", ids.service("bridge"), None, members),
        radio,
        parts::software_update(ids),
    ]
}
