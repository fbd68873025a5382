//! The Hue bridge's ids, notes and objects: kept, forgotten, damaged.

use std::sync::Arc;

use hearthlight::model::bridge::Identity;
use hearthlight::model::bridge::extra::Extra;
use hearthlight::model::bridge::family::{Counters, Family};
use hearthlight::model::bridge::ids::{BridgeId, Ids, Kind, Thing};
use hearthlight::model::bridge::kept::{Kind as ObjectKind, ObjectId};
use hearthlight::model::bridge::object::{Client, Object};
use hearthlight::store::Store;
use hearthlight::store::records::{BridgeChange, KeptBridge};
use rusqlite::Connection;

use super::{lights, open, place};

fn desk() -> Thing {
    Thing::new(Kind::Light, "desk")
}

fn phone() -> ObjectId {
    ObjectId { kind: ObjectKind::Client, id: "1".into() }
}

fn counters() -> Counters {
    Counters { numbers: [(Family::Lights, 7)].into(), objects: [(ObjectKind::Client, 1)].into() }
}

fn ids() -> Arc<Ids> {
    let root = desk().root(BridgeId::of_mac([0, 0x17, 0x88, 1, 2, 3]));
    let own = [(Arc::from("light"), root)].into();
    Arc::new(Ids { root, own, v1: [(Arc::from(""), Arc::from("7"))].into() })
}

/// One of everything.
pub(super) fn fill(store: &Store) {
    let identity = Identity {
        name: "Home".into(),
        zone: "Europe/Berlin".into(),
        place: Some((52.5, 13.4)),
        ..Identity::default()
    };
    let extra = Extra { archetype: Some("sultan_bulb".into()), ..Extra::default() };
    let object = Object::Client(Client { name: "Phone".into(), at_home: Some(true) });
    for change in [
        BridgeChange::Identity(Arc::new(identity)),
        BridgeChange::Counters(counters()),
        BridgeChange::Ids(desk(), ids()),
        BridgeChange::Extra(desk(), Arc::new(extra)),
        BridgeChange::Object(phone(), Arc::new(object)),
    ] {
        store.save_bridge(change);
    }
}

#[test]
fn what_was_kept_is_there_after_reopening_and_what_was_forgotten_is_not() {
    let (_folder, file) = place();
    let store = open(&file);
    assert_eq!(store.bridge().expect("read"), KeptBridge::default());
    fill(&store);
    store.close().expect("written");
    let store = open(&file);
    let kept = store.bridge().expect("read");
    assert_eq!((kept.counters, &kept.ids[&desk()]), (counters(), &ids()));
    assert_eq!(kept.extras[&desk()].archetype.as_deref(), Some("sultan_bulb"));
    assert_eq!(&**kept.objects[&phone()].name(), "Phone");
    let identity = kept.identity.expect("kept");
    assert_eq!((&*identity.name, &*identity.zone, identity.place), ("Home", "Europe/Berlin", Some((52.5, 13.4))));
    assert!(kept.damaged.is_empty());
    for change in
        [BridgeChange::ForgetIds(desk()), BridgeChange::ForgetExtra(desk()), BridgeChange::ForgetObject(phone())]
    {
        store.save_bridge(change);
    }
    store.close().expect("written");
    let kept = open(&file).bridge().expect("read");
    assert!(kept.ids.is_empty() && kept.extras.is_empty() && kept.objects.is_empty());
}

#[test]
fn what_is_damaged_is_left_out_and_told_of() {
    let (_folder, file) = place();
    let store = open(&file);
    fill(&store);
    store.close().expect("written");
    let raw = Connection::open(&file).expect("opens");
    let broken = "UPDATE bridge_thing SET body = '{'; UPDATE single SET body = '{' WHERE name = 'bridge_counters'";
    raw.execute_batch(broken).expect("damaged");
    raw.execute_batch("INSERT INTO bridge_extra VALUES ('nonsense', '{}')").expect("strange");
    drop(raw);
    let kept = open(&file).bridge().expect("read");
    assert!(kept.ids.is_empty() && kept.counters == Counters::default());
    assert_eq!((kept.extras.len(), kept.objects.len(), kept.damaged.len()), (1, 1, 2), "{:?}", kept.damaged);
}

/// The `n`th of many lamps.
fn lamp(n: usize) -> Thing {
    Thing::new(Kind::Light, format!("lamp {n:02}"))
}

#[test]
fn whatever_a_killed_writer_left_of_its_log_is_read_up_to_its_last_commit() {
    const COMMITS: usize = 12;
    let (folder, file) = place();
    let store = open(&file);
    lights::fill(&store);
    for n in 0..COMMITS {
        let phone = Object::Client(Client { name: format!("Phone {n}").into(), at_home: None });
        store.save_bridge(BridgeChange::Ids(lamp(n), ids()));
        store.save_bridge(BridgeChange::Object(phone_id(n), Arc::new(phone)));
        let numbers = [(Family::Lights, u32::try_from(n).expect("small"))].into();
        store.save_bridge(BridgeChange::Counters(Counters { numbers, ..Counters::default() }));
        store.flush().expect("written");
    }
    let (main, log) =
        (std::fs::read(&file).expect("read"), std::fs::read(file.with_extension("db-wal")).expect("read"));
    let mut known = 0;
    // Ends in the middle of heads and of pages, and whole ones.
    let ends = (0..64).map(|n| n * log.len() / 64 + n % 7).chain([log.len()]);
    for end in ends {
        let left = folder.path().join(format!("left-{end}.db"));
        std::fs::write(&left, &main).expect("written");
        std::fs::write(left.with_extension("db-wal"), &log[..end.min(log.len())]).expect("written");
        let store = open(&left);
        let (kept, found) = (store.bridge().expect("read"), store.lights().expect("read"));
        assert!(kept.damaged.is_empty() && found.damaged.is_empty(), "{:?} {:?}", kept.damaged, found.damaged);
        // What was written in one go is there in one go: names, what they name, and the counter.
        let n = kept.ids.len();
        assert!((0..n).all(|n| kept.ids.contains_key(&lamp(n)) && kept.objects.contains_key(&phone_id(n))), "{end}");
        assert_eq!((kept.objects.len(), kept.counters.numbers.get(&Family::Lights)), (n, counter(n).as_ref()), "{end}");
        assert!(n >= known, "the longer the log, the more is there");
        known = n;
        store.save_bridge(BridgeChange::Ids(desk(), ids()));
        store.close().expect("it is written to as before");
        assert!(open(&left).bridge().expect("read").ids.contains_key(&desk()));
    }
    assert_eq!(known, COMMITS);
}

fn phone_id(n: usize) -> ObjectId {
    ObjectId { kind: ObjectKind::Client, id: n.to_string().into() }
}

fn counter(n: usize) -> Option<u32> {
    n.checked_sub(1).and_then(|n| u32::try_from(n).ok())
}
