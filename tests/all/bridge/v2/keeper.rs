//! What facts change of the resources, and what they leave alone.

use std::collections::BTreeMap;
use std::sync::Arc;

use hearthlight::bridge::v2::change::{Change, What};
use hearthlight::bridge::v2::keeper::Keeper;
use hearthlight::bridge::v2::shelf::Book;
use hearthlight::model::bridge::extra::Extra;
use hearthlight::model::bridge::{self};
use hearthlight::model::inputs::Said;
use hearthlight::model::lights::connection::Reach;
use hearthlight::model::lights::group::GroupKind;
use hearthlight::model::lights::state::State;
use hearthlight::model::lights::{self, Light};
use hearthlight::model::message::{Origin, Stamped, Update};
use hearthlight::model::snapshot::Snapshot;
use hearthlight::port::Published;
use hearthlight::units::moment::Moment;
use proptest::prelude::{ProptestConfig, Strategy, any, prop, proptest};
use serde_json::Value;
use uuid::Uuid;

use super::{ThingKind, assert_whole, thing, words};
use crate::bridge::house::{full, group, large, light, light_id, name_all, now, snapshot, xy};

const AT: Moment = Moment::from_millis(5);

/// A keeper that loaded a house, and the house.
fn keeper(snapshot: Snapshot) -> (Keeper, Snapshot) {
    let mut keeper = Keeper::default();
    let changes = keeper.reload(Arc::new(snapshot.clone()), AT, now());
    assert!(changes.iter().all(|change| change.what == What::Add));
    (keeper, snapshot)
}

/// Folds facts into a house as the bus does.
fn publish(house: &mut Snapshot, updates: Vec<Update>) -> Published {
    let mut facts = Vec::new();
    for update in updates {
        let (seq, origin) = (house.seq + 1, Origin::System);
        let fact = Stamped { seq, at: Moment::from_millis(7), wall: now(), origin, cause: None, update };
        house.apply(&fact);
        facts.push(fact);
    }
    Published { snapshot: Arc::new(house.clone()), facts: facts.into() }
}

fn dimmed(house: &Snapshot, id: &str, brightness: f32) -> Update {
    let known = &house.lights.lights[&light_id(id)];
    let wanted = State { brightness, ..known.wanted.clone() };
    Update::Lights(lights::Update::Light(Arc::new(Light { wanted, ..Light::clone(known) })))
}

fn contents(book: &Book) -> BTreeMap<(&'static str, Uuid), Value> {
    let all = book.kinds.values().flat_map(|kind| kind.all());
    all.map(|kept| ((kept.resource.kind, kept.resource.id), serde_json::from_slice(kept.bytes()).unwrap())).collect()
}

#[test]
fn a_lamp_in_a_room_of_twenty_is_one_light_and_the_groups_it_is_in() {
    let (mut keeper, mut house) = keeper(large(200, 10));
    let published = publish(&mut house, vec![dimmed(&large(200, 10), "l3", 0.8)]);
    let changes = keeper.fold(&[published]);
    assert_eq!(
        words(&changes),
        ["update light dimming", "update grouped_light dimming", "update grouped_light dimming"]
    );
    let [light, ..] = &changes[..] else { panic!() };
    let members: Vec<_> = light.body.keys().map(String::as_str).collect();
    assert_eq!(members, ["dimming", "id", "id_v1", "owner", "service_id", "type"]);
    assert_eq!((light.body["dimming"]["brightness"].as_f64(), light.at), (Some(80.0), Moment::from_millis(7)));
}

#[test]
fn facts_that_no_resource_shows_change_nothing() {
    let (mut keeper, mut house) = keeper(snapshot());
    let same = Update::Lights(lights::Update::Light(Arc::clone(&house.lights.lights[&light_id("lamp")])));
    let fps = Light { streaming_fps: 3.0, ..Light::clone(&house.lights.lights[&light_id("lamp")]) };
    let updates = vec![
        same,
        Update::Lights(lights::Update::Light(Arc::new(fps))),
        Update::Lights(lights::Update::Master(1.0)),
        Update::Bridge(bridge::Update::Pressed(None)),
    ];
    assert!(keeper.fold(&[publish(&mut house, updates)]).is_empty());
    assert_eq!(keeper.seq(), house.seq);
}

#[test]
fn what_is_new_comes_whole_and_what_is_gone_by_its_name() {
    let (mut keeper, mut house) = keeper(snapshot());
    let new = light("new", "New", full(), xy(0.3, 0.3));
    let changes = keeper.fold(&[publish(&mut house, vec![Update::Lights(lights::Update::Light(Arc::new(new)))])]);
    assert!(words(&changes).iter().all(|word| word.starts_with("update grouped_light")), "it has no ids yet");
    let mut named = house.clone();
    name_all(&mut named);
    let new = thing(ThingKind::Light, "new");
    let ids = Arc::clone(named.bridge.ids(&new).unwrap());
    let told = keeper.fold(&[publish(&mut house, vec![Update::Bridge(bridge::Update::Ids(vec![(new, ids)]))])]);
    let added: Vec<_> = told.iter().filter(|change| change.what == What::Add).map(|change| change.kind).collect();
    assert_eq!(added.len(), 5, "{added:?}");
    assert!(words(&told).contains(&"update bridge_home children".to_owned()));
    assert!(told.is_sorted_by_key(|change| change.what), "what is new comes first");
    let goes = vec![
        Update::Lights(lights::Update::LightGone(light_id("new"))),
        Update::Bridge(bridge::Update::ThingGone(thing(ThingKind::Light, "new"))),
    ];
    let gone = keeper.fold(&[publish(&mut house, goes)]);
    let deleted: Vec<&Change> = gone.iter().filter(|change| change.what == What::Delete).collect();
    assert_eq!(deleted.len(), 5);
    assert!(deleted.iter().all(|change| change.body.keys().all(|key| ["id", "id_v1", "type"].contains(&key.as_str()))));
    assert_whole(&keeper.book());
}

#[test]
fn facts_that_were_missed_are_made_up_for() {
    let (mut keeper, mut house) = keeper(snapshot());
    let first = dimmed(&house, "lamp", 0.3);
    publish(&mut house, vec![first]);
    let second = dimmed(&house, "white", 0.3);
    let changes = keeper.fold(&[publish(&mut house, vec![second])]);
    assert_eq!(changes.iter().filter(|change| change.kind == "light").count(), 2);
}

#[test]
fn a_lamp_that_changed_often_while_nobody_looked_is_told_of_once() {
    let (mut keeper, mut house) = keeper(large(200, 10));
    let dims = |n: u32| dimmed(&large(200, 10), "l3", 0.5 + 0.01 * n as f32);
    let published: Vec<_> = (0..40).map(|n| publish(&mut house, vec![dims(n)])).collect();
    let changes = keeper.fold(&published);
    assert_eq!(changes.len(), 3, "{:?}", words(&changes));
    assert_eq!(changes[0].body["dimming"]["brightness"].as_f64(), Some(89.0));
    assert_eq!(keeper.seq(), house.seq);
}

#[test]
fn a_button_that_is_pressed_twice_in_one_go_is_told_twice() {
    let (mut keeper, mut house) = keeper(snapshot());
    let key = hearthlight::model::inputs::InputId("switch".into());
    let said = |name: &str, at: &str| {
        let mut input = hearthlight::model::inputs::Input::clone(&house.lights.inputs[&key]);
        input.hear(at.parse().unwrap(), Said::Button(name.into()));
        Update::Lights(lights::Update::Input(Arc::new(input)))
    };
    let updates = vec![said("on_press", "2026-05-04T18:00:01Z"), said("on_press_release", "2026-05-04T18:00:01.2Z")];
    let changes = keeper.fold(&[publish(&mut house, updates)]);
    let buttons: Vec<_> = changes.iter().filter(|change| change.kind == "button").collect();
    assert_eq!(buttons.len(), 2, "{:?}", words(&changes));
    assert_ne!(buttons[0].body["button"], buttons[1].body["button"]);
}

/// Something that happens in the house.
fn happens() -> impl Strategy<Value = (u8, usize, usize, bool)> {
    (0_u8..8, 0_usize..8, 0_usize..4, any::<bool>())
}

/// The facts of it.
fn facts(house: &Snapshot, (what, light_n, group_n, flag): (u8, usize, usize, bool)) -> Vec<Update> {
    let names = ["bloom", "dimmer", "far", "lamp", "plug", "strip", "white", "new"];
    let (id, groups) = (names[light_n], ["office", "living", "desk", "attic"]);
    let known = house.lights.lights.get(&light_id(id));
    let of = |update: lights::Update| Update::Lights(update);
    let light_thing = thing(ThingKind::Light, id);
    match (what, known) {
        (0, Some(known)) => {
            let wanted = State { on: flag, brightness: 0.1 + 0.2 * group_n as f32, ..known.wanted.clone() };
            vec![of(lights::Update::Light(Arc::new(Light { wanted, ..Light::clone(known) })))]
        }
        (1, Some(known)) => {
            let reach = if flag { Reach::Online } else { Reach::Starting };
            vec![of(lights::Update::Light(Arc::new(Light {
                reach,
                name: groups[group_n].into(),
                ..Light::clone(known)
            })))]
        }
        (2, Some(known)) => vec![of(lights::Update::LightGone(known.id.clone()))],
        (3, None) => vec![of(lights::Update::Light(Arc::new(light(id, id, full(), xy(0.3, 0.3)))))],
        (4, _) => {
            let kind = if flag { GroupKind::Room } else { GroupKind::Zone };
            let mut all: Vec<_> = house.lights.groups.values().filter(|group| group.kind == GroupKind::Room).collect();
            // A light is in one room at most.
            all.retain(|room| flag && room.lights.contains(&light_id(id)));
            let left = all.into_iter().map(|room| {
                let mut room = hearthlight::model::lights::group::Group::clone(room);
                room.lights.remove(&light_id(id));
                of(lights::Update::Group(Arc::new(room)))
            });
            let mut updates: Vec<_> = left.collect();
            updates.push(of(lights::Update::Group(Arc::new(group(groups[group_n], "Group", kind, &[id], 9)))));
            updates
        }
        (5, _) => {
            let gone = house.lights.groups.keys().find(|known| *known.0 == *groups[group_n]);
            gone.map(|gone| of(lights::Update::GroupGone(gone.clone()))).into_iter().collect()
        }
        (6, _) if house.bridge.ids(&light_thing).is_some() => {
            let extra = Extra { archetype: Some(groups[group_n].into()), ..Extra::default() };
            vec![Update::Bridge(bridge::Update::Extra(light_thing, Arc::new(extra)))]
        }
        (7, _) => {
            // Everything gets its ids, or a thing loses them.
            let mut named = house.clone();
            name_all(&mut named);
            let new = named.bridge.ids.iter().filter(|(thing, _)| house.bridge.ids(thing).is_none());
            let new: Vec<_> = new.map(|(thing, ids)| (thing.clone(), Arc::clone(ids))).collect();
            match flag {
                true => vec![Update::Bridge(bridge::Update::Ids(new))],
                false => vec![Update::Bridge(bridge::Update::ThingGone(light_thing))],
            }
        }
        _ => Vec::new(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn what_is_folded_is_what_deriving_everything_gives(
        story in prop::collection::vec(happens(), 1..24),
        at_once in 1_usize..5,
    ) {
        let (mut keeper, mut house) = keeper(snapshot());
        let mut mirror = contents(&keeper.book());
        for steps in story.chunks(at_once) {
            let mut published = Vec::new();
            for step in steps {
                let updates = facts(&house, *step);
                published.push(publish(&mut house, updates));
            }
            for change in keeper.fold(&published) {
                let key = (change.kind, change.id);
                match change.what {
                    What::Add => drop(mirror.insert(key, Value::Object(change.body))),
                    What::Update => mirror.get_mut(&key).unwrap().as_object_mut().unwrap().extend(change.body),
                    What::Delete => drop(mirror.remove(&key).unwrap()),
                }
            }
            let book = keeper.book();
            let mut fresh = Keeper::default();
            fresh.reload(Arc::new(house.clone()), AT, now());
            assert_eq!(contents(&book), contents(&fresh.book()), "after {steps:?}");
            assert_eq!(contents(&book), mirror, "who listens knows the same after {steps:?}");
            assert_whole(&book);
        }
    }
}
