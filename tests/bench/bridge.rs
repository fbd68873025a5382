//! The Hue bridge of 200 lights in 64 rooms: read from the store, its resources built, listed by both versions, one light
//! changed.

use std::hint::black_box;
use std::sync::Arc;

use divan::Bencher;
use hearthlight::bridge::v1;
use hearthlight::bridge::v2::keeper::Keeper;
use hearthlight::model::message::{Origin, Stamped, Update};
use hearthlight::model::snapshot::Snapshot;
use hearthlight::port::Published;
use hearthlight::store::records::{BridgeChange, LightsChange};
use hearthlight::store::{Patience, Store};
use hearthlight::units::moment::Moment;

use house::{House, hub, large, light_id, now};

#[allow(dead_code, clippy::unwrap_used, reason = "the tests' house, of which little is needed here")]
#[path = "../all/bridge/house.rs"]
mod house;
#[allow(dead_code, reason = "the house needs two of them")]
#[path = "../all/nouns.rs"]
mod nouns;

fn main() {
    divan::main();
}

fn home() -> Snapshot {
    large(200, 64)
}

fn loaded(home: &Arc<Snapshot>) -> Keeper {
    let mut keeper = Keeper::default();
    keeper.reload(Arc::clone(home), Moment::ZERO, now());
    keeper
}

#[divan::bench]
fn read_from_the_store(bencher: Bencher) {
    let (folder, home) = (tempfile::tempdir().expect("a folder"), home());
    let file = folder.path().join("hearthlight.db");
    let store = Store::open(&file, Patience::default(), |_| {}).expect("opens");
    store.save_lights(LightsChange::Connection(Arc::new(hub())));
    for light in home.lights.lights.values() {
        store.save_lights(LightsChange::Light(Arc::clone(light)));
        store.save_lights(LightsChange::Stack(light.id.clone(), Arc::clone(&light.stack)));
    }
    home.lights.groups.values().for_each(|group| store.save_lights(LightsChange::Group(Arc::clone(group))));
    let ids = home.bridge.ids.iter();
    ids.for_each(|(thing, ids)| store.save_bridge(BridgeChange::Ids(thing.clone(), Arc::clone(ids))));
    store.close().expect("written");
    bencher.bench_local(|| {
        let store = Store::open(&file, Patience::default(), |_| {}).expect("opens");
        (store.lights().expect("read"), store.bridge().expect("read"))
    });
}

#[divan::bench]
fn resources_built(bencher: Bencher) {
    let home = Arc::new(home());
    bencher.bench_local(|| loaded(black_box(&home)));
}

#[divan::bench]
fn listed_by_version_1(bencher: Bencher) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let house = runtime.block_on(async { House::of(home()) });
    let asked = house.request("GET", "", "");
    bencher.bench_local(|| runtime.block_on(v1::answer(&house.face, black_box(&asked))));
}

#[divan::bench]
fn listed_by_version_2_for_the_first_time(bencher: Bencher) {
    let home = Arc::new(home());
    bencher.with_inputs(|| loaded(&home).book()).bench_local_refs(|book| book.list().len());
}

#[divan::bench]
fn listed_by_version_2_after_one_light_changed(bencher: Bencher) {
    let home = Arc::new(home());
    let changed = |mut keeper: Keeper| {
        let mut view = Snapshot::clone(&home);
        let mut light = view.lights.lights[&light_id("l7")].as_ref().clone();
        light.wanted.brightness = 0.9;
        let update = Update::Lights(hearthlight::model::lights::Update::Light(Arc::new(light)));
        let (seq, at, origin) = (view.seq + 1, Moment::ZERO, Origin::System);
        let fact = Stamped { seq, at, wall: now(), origin, cause: None, update };
        view.apply(&fact);
        let told = keeper.fold(&[Published { snapshot: Arc::new(view), facts: [fact].into() }]);
        (told.len(), keeper.book().list().len())
    };
    let known = || {
        let keeper = loaded(&home);
        keeper.book().list();
        keeper
    };
    bencher.with_inputs(known).bench_local_values(changed);
}
