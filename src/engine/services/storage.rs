//! Storage: keeps devices, introductions, what the operator settled for arrays, bookmarks, lights, layouts and the master
//! stop, as facts tell of them; writes what is no alarm into the journal.
//!
//! Invariant: this service only listens; nobody waits for the disk.

use std::sync::Arc;

use arc_swap::ArcSwap;
use jiff::Timestamp;
use tokio::sync::broadcast::error::RecvError;
use tokio_util::sync::CancellationToken;

use crate::engine::services::diary::Diary;
use crate::engine::services::lights::kept::Keeper;
use crate::engine::services::sensors::House;
use crate::model::alarms::journal::Entry;
use crate::model::message::{Stamped, Update};
use crate::model::sensors::{self, DeviceId};
use crate::model::snapshot::Snapshot;
use crate::model::thermal;
use crate::model::{layouts, system};
use crate::port::Feed;
use crate::settings::current::Settings;
use crate::store::Store;
use crate::store::records::{Budget, DeviceRecord, Noted};

/// What history and journal may take, by these settings.
#[must_use]
pub fn budget(settings: &Settings) -> Budget {
    let Settings { history, journal, .. } = settings;
    Budget {
        full_minutes: history.full_minutes,
        second_hours: history.second_hours,
        minute_days: history.minute_days,
        history_bytes: u64::from(history.disk_mb) << 20,
        journal_days: journal.days,
        journal_bytes: u64::from(journal.disk_mb) << 20,
    }
}

/// Listens until `stop`, to be given once all others have ended, and everything said before it is kept. `newest` is the published state.
/// `lights` knows what was stored of lights.
pub async fn run(
    house: Arc<House>,
    store: Store,
    mut lights: Keeper,
    feed: Feed,
    newest: Arc<ArcSwap<Snapshot>>,
    stop: CancellationToken,
) {
    let mut facts = feed.0.subscribe();
    // After subscribing: no fact falls between the two.
    let view = newest.load_full();
    let mut diary = Diary::new(&view);
    // Before that, nothing was said yet; what was stored comes as a fact.
    if view.seq > 0 {
        lights.catch_up(&view.lights).into_iter().for_each(|change| store.save_lights(change));
    }
    let mut stopped = false;
    loop {
        let received = tokio::select! {
            biased;
            received = facts.recv() => received,
            // What services said until they ended is kept too.
            () = stop.cancelled(), if !stopped => {
                stopped = true;
                continue;
            }
            () = tokio::task::yield_now(), if stopped => {
                if house.bus.depth() == 0 && facts.is_empty() {
                    break;
                }
                continue;
            }
        };
        match received {
            Ok(published) => {
                for fact in published.facts.iter() {
                    keep(&house, &store, &published.snapshot, fact);
                    if let Update::Lights(update) = &fact.update {
                        lights.changes(update).into_iter().for_each(|change| store.save_lights(change));
                    }
                    note(&store, diary.entries(fact));
                }
            }
            // Everything is kept again: nothing that was missed is lost.
            Err(RecvError::Lagged(_)) => {
                let view = newest.load();
                keep_all(&house, &store, &view);
                lights.catch_up(&view.lights).into_iter().for_each(|change| store.save_lights(change));
                note(&store, diary.catch_up(&view, house.ground.clock.wall()));
            }
            Err(RecvError::Closed) => break,
        }
    }
}

fn note(store: &Store, entries: Vec<Entry>) {
    if !entries.is_empty() {
        store.note(Noted { entries, ..Noted::default() });
    }
}

fn keep(house: &House, store: &Store, snapshot: &Snapshot, fact: &Stamped) {
    match &fact.update {
        Update::Sensors(sensors::Update::Changed(device)) => keep_device(house, store, snapshot, &device.id),
        Update::Sensors(sensors::Update::Forgotten(id)) => store.forget_device(id.clone()),
        Update::Sensors(sensors::Update::Introduced { location, as_what }) => {
            store.save_introduced(Arc::clone(location), as_what.clone());
        }
        Update::Thermal(thermal::Update::Changed(array)) => keep_device(house, store, snapshot, &array.device),
        Update::Thermal(thermal::Update::Bookmarked(bookmark)) => store.save_bookmark(Arc::clone(bookmark)),
        Update::Thermal(thermal::Update::BookmarkGone(id)) => store.forget_bookmark(*id),
        Update::Layouts(layouts::Update::Saved { name, body }) => {
            store.save_layout(Arc::clone(name), Some(Arc::clone(body)));
        }
        Update::Layouts(layouts::Update::Gone(name)) => store.save_layout(Arc::clone(name), None),
        Update::System(system::Update::Stopped(stopped)) => store.save_stopped(stopped.clone()),
        _ => {}
    }
}

fn keep_all(house: &House, store: &Store, view: &Snapshot) {
    for bookmark in view.thermal.bookmarks.values() {
        store.save_bookmark(Arc::clone(bookmark));
    }
    for (name, body) in &view.layouts.saved {
        store.save_layout(Arc::clone(name), Some(Arc::clone(body)));
    }
    store.save_stopped(view.system.stopped.clone());
    let sensors::Sensors { devices, introduced } = house.registry.lock().state();
    for (location, known) in introduced {
        store.save_introduced(location, Some(known));
    }
    for device in devices.values().filter(|device| device.accepted) {
        let choice = house.arrays.lock().cell(&device.id).load().choice;
        store.save_device(record(house, device, choice));
    }
}

fn keep_device(house: &House, store: &Store, snapshot: &Snapshot, id: &DeviceId) {
    if let Some(device) = snapshot.sensors.devices.get(id).filter(|device| device.accepted) {
        let choice = house.arrays.lock().cell(id).load().choice;
        store.save_device(record(house, device, choice));
    }
}

fn record(house: &House, device: &sensors::Device, choice: thermal::Choice) -> DeviceRecord {
    let owner = house.registry.lock().key(&device.id).map(|(owner, _)| owner).unwrap_or_default();
    DeviceRecord {
        id: device.id.clone(),
        owner,
        location: device.location.to_string(),
        name: device.name.to_string(),
        place: device.place.to_string(),
        accepted: device.accepted,
        line_end: device.line_end.as_deref().map(str::to_owned),
        choice,
        // One that was never heard has no such time.
        last_seen: device.heard.unwrap_or(Timestamp::UNIX_EPOCH),
    }
}
