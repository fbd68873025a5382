//! A store of 200 lights in 64 groups: it is read, named and listed whole, and nothing is done twice for it.
//!
//! What is held here is how much is done, not how long it takes.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use hearthlight::bridge::v2;
use hearthlight::bridge::v2::change::What;
use hearthlight::bridge::v2::keeper::Keeper;
use hearthlight::bridge::v2::shelf::{Book, Kept};
use hearthlight::engine::services::bridge::book::{Bridge as Service, Versions};
use hearthlight::engine::services::bridge::keys::Keys;
use hearthlight::model::snapshot::Snapshot;
use hearthlight::store::records::{BridgeChange, LightsChange};
use hearthlight::store::{Patience, Store};
use hearthlight::units::moment::Moment;
use serde_json::{Value, json};

use super::house::{hub, large, now};
use super::v2::{Bridge, ThingKind, assert_whole};

const LIGHTS: usize = 200;
const GROUPS: usize = 64;

/// A house of that size after its store was closed and opened again.
fn reopened() -> Snapshot {
    let (folder, house) = (tempfile::tempdir().expect("a folder"), large(LIGHTS, GROUPS));
    let file = folder.path().join("hearthlight.db");
    let open = || {
        let still = Patience { gather: Duration::from_secs(3600), busy: Duration::ZERO };
        Store::open(&file, still, |_| {}).expect("opens")
    };
    let store = open();
    store.save_lights(LightsChange::Connection(Arc::new(hub())));
    for light in house.lights.lights.values() {
        store.save_lights(LightsChange::Light(Arc::clone(light)));
        store.save_lights(LightsChange::Stack(light.id.clone(), Arc::clone(&light.stack)));
    }
    house.lights.groups.values().for_each(|group| store.save_lights(LightsChange::Group(Arc::clone(group))));
    let all = house.bridge.ids.iter();
    all.for_each(|(thing, ids)| store.save_bridge(BridgeChange::Ids(thing.clone(), Arc::clone(ids))));
    store.close().expect("written");
    let store = open();
    let (lights, kept) = (store.lights().expect("read"), store.bridge().expect("read"));
    assert_eq!((lights.damaged.first(), kept.damaged.first()), (None, None));
    let keys = Keys { id: house.bridge.identity.id, keys: BTreeMap::new() };
    let versions = Versions { api: "1.67.0".into(), software: "1967054020".into() };
    let mut view = Snapshot { seq: 1, lights: lights.lights, ..Snapshot::default() };
    let mut service = Service::new(keys, kept, &versions);
    let opening = service.opening(&view);
    view.bridge.apply(&opening);
    assert!(service.take().changes.is_empty(), "everything has its names already");
    assert_eq!(view.bridge.ids, house.bridge.ids, "and they are the same");
    view
}

fn len(value: &Value) -> usize {
    value.as_object().expect("an object").len()
}

#[tokio::test]
async fn what_was_stored_is_listed_whole_by_both_versions() {
    let bridge = Bridge::of(reopened()).await;
    let all = bridge.house.v1("GET", "", "").await;
    assert_eq!((len(&all["lights"]), len(&all["groups"])), (LIGHTS, GROUPS));
    for (family, n) in [("lights", LIGHTS), ("groups", GROUPS)] {
        assert_eq!(len(&bridge.house.v1("GET", family, "").await), n, "{family}");
    }
    let everything = bridge.get("").await;
    for (kind, n) in [
        ("light", LIGHTS),
        ("device", LIGHTS + 1),
        ("zigbee_connectivity", LIGHTS + 1),
        ("room", GROUPS),
        ("grouped_light", GROUPS + 1),
    ] {
        assert_eq!(bridge.get(kind).await.len(), n, "{kind}");
        assert_eq!(everything.iter().filter(|one| one["type"] == kind).count(), n, "{kind}");
    }
    assert_whole(&bridge.house.face.book.resources.load());
    assert_eq!(bridge.house.sent(), [], "reading asks nothing of the house");
}

fn all(book: &Book) -> impl Iterator<Item = &Arc<Kept>> {
    book.kinds.values().flat_map(|kind| kind.all())
}

#[test]
fn each_resource_is_built_once_when_it_is_loaded() {
    let view = Arc::new(reopened());
    let mut keeper = Keeper::default();
    let changes = keeper.reload(Arc::clone(&view), Moment::ZERO, now());
    assert!(changes.iter().all(|change| change.what == What::Add));
    assert_eq!(changes.len(), all(&keeper.book()).count());
    let (before, again) = (keeper.book(), keeper.reload(view, Moment::ZERO, now()));
    assert!(again.is_empty(), "nothing is another one");
    let book = keeper.book();
    assert!(all(&before).zip(all(&book)).all(|(one, other)| Arc::ptr_eq(one, other)));
}

#[tokio::test]
async fn every_list_is_written_once_and_then_given_as_it_is() {
    let bridge = Bridge::of(reopened()).await;
    let answer = |path: &'static str| {
        let request = bridge.house.request("GET", path, "");
        let face = bridge.house.face.clone();
        async move { v2::answer(&face, &request).await.body }
    };
    for path in ["", "light", "device", "room", "grouped_light", "bridge_home", "zigbee_connectivity"] {
        let (first, again) = (answer(path).await, answer(path).await);
        assert_eq!(first.as_ptr(), again.as_ptr(), "{path}: the very same bytes");
    }
}

#[tokio::test]
async fn of_one_light_that_changes_only_what_shows_it_is_written_anew() {
    let bridge = Bridge::of(reopened()).await;
    bridge.get("").await;
    let before = bridge.house.face.book.resources.load_full();
    let rooms = before.kinds["room"].list().as_ptr();
    let (status, ..) = bridge.put("light", ThingKind::Light, "l7", &json!({"dimming": {"brightness": 9}})).await;
    assert_eq!(status, 207, "it is not there yet");
    let after = bridge.house.face.book.resources.load_full();
    let anew: Vec<_> = all(&before).zip(all(&after)).filter(|(one, other)| !Arc::ptr_eq(one, other)).collect();
    let kinds: Vec<_> = anew.iter().map(|(_, other)| other.resource.kind).collect();
    assert_eq!(kinds, ["grouped_light", "grouped_light", "light"], "it, its room's and the home's");
    let kept = all(&before).zip(all(&after)).filter(|(one, other)| Arc::ptr_eq(one, other));
    assert!(kept.count() > 3 * LIGHTS);
    assert_eq!(after.kinds["room"].list().as_ptr(), rooms, "nor is the list of another type");
}

#[tokio::test]
async fn one_command_reaches_them_all_and_each_is_told_once() {
    let mut bridge = Bridge::of(reopened()).await;
    bridge.house.v1("PUT", "groups/0/action", r#"{"bri":33}"#).await;
    assert_eq!(bridge.house.sent().len(), 1);
    let heard = bridge.heard();
    let n = |kind: &str| heard.iter().filter(|change| change.kind == kind).count();
    assert_eq!((n("light"), n("grouped_light"), heard.len()), (LIGHTS, GROUPS + 1, LIGHTS + GROUPS + 1));
}
