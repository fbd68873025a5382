//! Rows of the Hue bridge: what it calls things and what is noted beside them under `kind/id`, what apps keep likewise.

use std::collections::BTreeMap;
use std::sync::Arc;

use rusqlite::Connection;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::model::bridge::Identity;
use crate::model::bridge::family::Counters;
use crate::model::bridge::kept::ObjectId;
use crate::store::records::{BridgeChange, KeptBridge};
use crate::store::rows::{put, put_single, remove, rows, single};

/// The single thing that says who it is.
const IDENTITY: &str = "bridge_identity";
/// The single thing that says how far numbers are used up.
const COUNTERS: &str = "bridge_counters";

/// What is kept of who it is: its number is a secret's neighbour, its versions are settings.
#[derive(Serialize, Deserialize)]
struct IdentityBody {
    name: Arc<str>,
    zone: Arc<str>,
    place: Option<(f64, f64)>,
}

pub(crate) fn write(change: &BridgeChange, to: &Connection) -> rusqlite::Result<u64> {
    match change {
        BridgeChange::Identity(identity) => put_single(IDENTITY, &IdentityBody::of(identity), to),
        BridgeChange::Counters(counters) => put_single(COUNTERS, counters, to),
        BridgeChange::Ids(thing, ids) => put("bridge_thing", &thing.to_string(), ids, to),
        BridgeChange::ForgetIds(thing) => remove("bridge_thing", &thing.to_string(), to),
        BridgeChange::Extra(thing, extra) => put("bridge_extra", &thing.to_string(), extra, to),
        BridgeChange::ForgetExtra(thing) => remove("bridge_extra", &thing.to_string(), to),
        BridgeChange::Object(id, object) => put("bridge_object", &String::from(id.clone()), object, to),
        BridgeChange::ForgetObject(id) => remove("bridge_object", &String::from(id.clone()), to),
    }
}

/// Everything about the Hue bridge. What is damaged is left out and told of.
pub(crate) fn bridge(from: &Connection) -> rusqlite::Result<KeptBridge> {
    let mut damaged = Vec::new();
    let ids = named(rows("bridge_thing", "name for Hue apps of", from, &mut damaged)?, |id| id.parse().ok());
    let extras = named(rows("bridge_extra", "note of a Hue app about", from, &mut damaged)?, |id| id.parse().ok());
    let object = |id: &str| ObjectId::try_from(id.to_owned()).ok();
    let objects = named(rows("bridge_object", "thing of a Hue app", from, &mut damaged)?, object);
    let identity: Option<IdentityBody> = one(IDENTITY, "name and place of the Hue bridge", from, &mut damaged)?;
    let counters: Option<Counters> = one(COUNTERS, "numbers for Hue apps", from, &mut damaged)?;
    let (identity, counters) = (identity.map(IdentityBody::identity), counters.unwrap_or_default());
    Ok(KeptBridge { identity, counters, ids, extras, objects, damaged })
}

/// Rows by what their ids mean; those that mean nothing any more are left out.
fn named<K: Ord, T>(rows: BTreeMap<Arc<str>, T>, read: impl Fn(&str) -> Option<K>) -> BTreeMap<K, T> {
    rows.into_iter().filter_map(|(id, body)| Some((read(&id)?, body))).collect()
}

fn one<T: DeserializeOwned>(
    name: &str,
    what: &str,
    from: &Connection,
    damaged: &mut Vec<String>,
) -> rusqlite::Result<Option<T>> {
    let body = single(name, from)?.map(|body| serde_json::from_str(&body).ok());
    if body.as_ref().is_some_and(Option::is_none) {
        damaged.push(format!("Damaged and left out: the stored {what}."));
    }
    Ok(body.flatten())
}

impl IdentityBody {
    fn of(identity: &Identity) -> Self {
        let Identity { name, zone, place, .. } = identity.clone();
        Self { name, zone, place }
    }

    fn identity(self) -> Identity {
        let Self { name, zone, place } = self;
        Identity { name, zone, place, ..Identity::default() }
    }
}
