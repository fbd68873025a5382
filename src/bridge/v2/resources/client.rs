//! A phone that says whether it is at home. That itself is never shown: only whose phone it is.

use serde_json::json;

use crate::bridge::v2::change::Resource;
use crate::bridge::v2::resources::parts;
use crate::model::bridge::ids::{Ids, Thing};
use crate::model::bridge::kept::{Kind, ObjectId};
use crate::model::bridge::object::Object;
use crate::model::snapshot::Snapshot;

/// The resources of a phone; none if it is gone.
#[must_use]
pub fn of(view: &Snapshot, thing: &Thing, ids: &Ids) -> Vec<Resource> {
    let kept = view.bridge.objects.get(&ObjectId { kind: Kind::Client, id: thing.id.clone() });
    match kept.map(|object| &**object) {
        Some(Object::Client(client)) => {
            let members = json!({"name": parts::short(&client.name)});
            vec![parts::resource("geofence_client", ids.service("geofence_client"), None, members)]
        }
        _ => Vec::new(),
    }
}
