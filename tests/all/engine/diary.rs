//! The diary: which facts are worth an entry in the journal, and in whose name.

use std::sync::Arc;

use hearthlight::engine::services::diary::Diary;
use hearthlight::model::alarms::journal::{Entry, What};
use hearthlight::model::message::{Origin, Stamped, Update};
use hearthlight::model::sensors::{self, Device, DeviceId};
use hearthlight::model::snapshot::Snapshot;
use hearthlight::model::system::{self, Layer, Reach, Setting};
use hearthlight::model::thermal::region::{Cell, Region, RegionId, Regions, Shape};
use hearthlight::model::thermal::{self, Array, Calibration, Choice, PixelMeaning};
use hearthlight::units::grid::Size;

use super::stamped;
use crate::nouns;

fn device(name: &str, place: &str, accepted: bool) -> Update {
    Update::Sensors(sensors::Update::Changed(Arc::new(Device {
        name: name.into(),
        location: "room_2".into(),
        place: place.into(),
        accepted,
        simulated: false,
        ..nouns::device("boiler")
    })))
}

fn settings(value: &str) -> Update {
    let line = |key: &str, value: &str| Setting {
        key: key.into(),
        value: value.into(),
        layer: Layer::Window,
        help: Arc::default(),
    };
    let all = Arc::new(vec![line("api.listen", "off"), line("operator.name", value)]);
    Update::System(system::Update::Settings { all, reach: Reach::Loopback, operator: Arc::default() })
}

/// Tells a story by Ada; what the diary makes of each fact.
fn told(diary: &mut Diary, story: Vec<Update>) -> Vec<Vec<String>> {
    let mut seq = 100;
    let mut tell = |update| {
        seq += 1;
        let fact = Stamped { origin: Origin::Operator("Ada".into()), ..stamped(seq, update) };
        let entries: Vec<Entry> = diary.entries(&fact);
        assert!(diary.entries(&fact).is_empty(), "a fact is told once");
        entries.into_iter().map(|entry| format!("{}: {} ({})", entry.what.label(), entry.text, entry.by)).collect()
    };
    story.into_iter().map(&mut tell).collect()
}

#[test]
fn a_device_s_life_is_told_in_the_name_of_who_did_it() {
    let mut diary = Diary::new(&Snapshot::default());
    let gone = Update::Sensors(sensors::Update::Forgotten(DeviceId::new("boiler")));
    let story = vec![
        device("room_2", "", false),
        gone.clone(),
        device("room_2", "", true),
        device("room_2", "", true),
        device("Boiler", "", true),
        device("Boiler", "Basement", true),
        device("Kettle", "Attic", true),
        device("Kettle", "", true),
        gone,
    ];
    let wanted: [&[&str]; 9] = [
        &[],
        &[],
        &["device: \"room_2\" was taken in, for the location \"room_2\". (Ada)"],
        &[],
        &["device: \"room_2\" was renamed to \"Boiler\". (Ada)"],
        &["device: \"Boiler\" was put into \"Basement\". (Ada)"],
        &[
            "device: \"Boiler\" was renamed to \"Kettle\". (Ada)",
            "device: \"Kettle\" was moved from \"Basement\" to \"Attic\". (Ada)",
        ],
        &["device: \"Kettle\" was taken out of \"Attic\". (Ada)"],
        &["device: \"Kettle\" was forgotten. (Ada)"],
    ];
    assert_eq!(told(&mut diary, story), wanted);
}

#[test]
fn a_setting_is_told_with_its_old_and_its_new_value() {
    let mut view = Snapshot::default();
    view.apply(&stamped(1, settings("")));
    let mut diary = Diary::new(&view);
    let found = told(&mut diary, vec![settings(""), settings("Ada"), settings("Bob"), settings("")]);
    let wanted: [&[&str]; 4] = [
        &[],
        &["setting: operator.name was changed from nothing to Ada. (Ada)"],
        &["setting: operator.name was changed from Ada to Bob. (Ada)"],
        &["setting: operator.name was changed from Bob to nothing. (Ada)"],
    ];
    assert_eq!(found, wanted);
}

#[test]
fn the_start_is_not_told_and_what_was_missed_is() {
    let mut diary = Diary::new(&Snapshot::default());
    let mut view = Snapshot::default();
    for (seq, update) in [(1, device("Boiler", "", true)), (2, settings("Ada"))] {
        view.apply(&stamped(seq, update));
    }
    let resets = [
        Update::Sensors(sensors::Update::Reset(Arc::new(view.sensors.clone()))),
        Update::System(system::Update::Reset(Arc::new(view.system.clone()))),
    ];
    for (n, reset) in resets.into_iter().enumerate() {
        assert!(diary.entries(&stamped(n as u64 + 1, reset)).is_empty());
    }
    view.apply(&stamped(3, device("Kettle", "", true)));
    view.apply(&stamped(4, settings("Bob")));
    let entries = diary.catch_up(&view, jiff::Timestamp::UNIX_EPOCH);
    assert_eq!(entries.iter().map(|entry| entry.what).collect::<Vec<_>>(), [What::Device, What::Setting]);
    assert!(entries.iter().all(|entry| &*entry.by == "Hearthlight" && entry.seq == 0));
    assert!(diary.entries(&stamped(4, settings("Bob"))).is_empty());
    view.apply(&stamped(5, Update::Sensors(sensors::Update::Forgotten(DeviceId::new("boiler")))));
    assert!(diary.catch_up(&view, jiff::Timestamp::UNIX_EPOCH)[0].text.contains("was forgotten"));
}

fn array(masks: &[(&str, u16)]) -> Update {
    let mask = |(label, row): &(&str, u16)| Region {
        id: RegionId((*label).into()),
        name: "Pipe".into(),
        shape: Shape::Spot(Cell { row: *row, col: 0 }),
        mask: label.starts_with('M'),
        emissivity: None,
    };
    let regions = Regions { regions: masks.iter().map(mask).collect(), deltas: Vec::new() };
    Update::Thermal(thermal::Update::Changed(Arc::new(Array {
        device: DeviceId::new("boiler"),
        size: Size::MLX90640,
        meaning: PixelMeaning::Mlx90640Raw,
        calibration: Calibration::Received,
        choice: Choice::default(),
        regions: Arc::new(regions),
    })))
}

#[test]
fn masks_are_told_for_what_they_cover_is_not_watched() {
    let mut diary = Diary::new(&Snapshot::default());
    let story = vec![
        device("Boiler", "", true),
        array(&[("M1", 0)]),
        array(&[("M1", 0), ("S1", 3), ("M2", 1)]),
        array(&[("M1", 5), ("S1", 4), ("M2", 1)]),
        array(&[("S1", 4), ("M2", 1)]),
    ];
    let found = told(&mut diary, story);
    let wanted: [&[&str]; 4] = [
        &[],
        &["device: \"Boiler\": mask M2 (Pipe) was put; what it covers is not watched. (Ada)"],
        &["device: \"Boiler\": mask M1 (Pipe) was changed; what it covers is not watched. (Ada)"],
        &["device: \"Boiler\": mask M1 (Pipe) was removed. (Ada)"],
    ];
    assert_eq!(found[1..], wanted);
}

#[test]
fn the_master_stop_is_told_with_who_did_it_and_only_when_it_changes() {
    let mut diary = Diary::new(&Snapshot::default());
    let stopped = system::Stopped { by: "Ada".into(), since: jiff::Timestamp::UNIX_EPOCH };
    let stop = |stopped| Update::System(system::Update::Stopped(stopped));
    let story = vec![stop(None), stop(Some(stopped.clone())), stop(Some(stopped.clone())), stop(None)];
    let wanted: [&[&str]; 4] = [
        &[],
        &["stopped: Master stop: rules run no actions. Alarms go on. (Ada)"],
        &[],
        &["resumed: The master stop was released: rules run actions again. (Ada)"],
    ];
    assert_eq!(told(&mut diary, story), wanted);
    let held = system::System { stopped: Some(stopped), ..system::System::default() };
    let reset = Update::System(system::Update::Reset(Arc::new(held)));
    let mut diary = Diary::new(&Snapshot::default());
    assert_eq!(told(&mut diary, vec![reset]), [[""; 0]], "that it held before is no news");
}
