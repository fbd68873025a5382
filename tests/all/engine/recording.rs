//! Handing pictures to the recorder, and what faces see of the past: recorded, and not recorded yet.

use std::collections::BTreeMap;
use std::sync::Arc;

use hearthlight::engine::readers::past::Past;
use hearthlight::engine::services::recording::Gatherer;
use hearthlight::model::recording::{CellSpan, Heat, Instant};
use hearthlight::model::sensors::DeviceId;
use hearthlight::model::thermal::region::{Cell, Region, RegionId, Regions, Shape};
use hearthlight::model::thermal::{Array, Calibration, Choice, ThermalFrame};
use hearthlight::port::slots::{DeviceSlot, KEPT_FRAMES, Slots};
use hearthlight::store::recordings::Recordings;
use hearthlight::units::grid::Size;
use hearthlight::units::moment::Moment;
use jiff::Timestamp;

fn add(slots: &Slots, id: &str) -> Arc<DeviceSlot> {
    let slot = Arc::new(DeviceSlot::new(DeviceId::new(id), id.into()));
    slots.insert(Arc::clone(&slot));
    slot
}

/// A picture of one cell, 25 s into 1970 and `ms` into the run.
fn frame(sequence: u64, ms: u64, celsius: f32) -> Arc<ThermalFrame> {
    let mut frame = ThermalFrame::blank();
    frame.begin(Size::new(1, 1).expect("a size")).fill(celsius);
    frame.measure();
    (frame.sequence, frame.at, frame.wall) = (sequence, Moment::from_millis(ms), wall(ms));
    Arc::new(frame)
}

fn wall(ms: u64) -> Timestamp {
    Timestamp::from_millisecond(25_000 + ms as i64).expect("a time")
}

fn put(slots: &Slots, slot: &DeviceSlot, sequences: std::ops::Range<u64>, period_ms: u64) {
    for n in sequences {
        slot.frames.put(frame(n, n * period_ms, n as f32), &slots.frame_bytes);
    }
}

fn numbers(gathered: &[(DeviceId, Arc<ThermalFrame>)]) -> Vec<u64> {
    gathered.iter().map(|(_, frame)| frame.sequence).collect()
}

#[test]
fn each_new_picture_is_handed_over_once_and_what_came_too_fast_is_counted() {
    let (slots, mut gatherer) = (Slots::default(), Gatherer::default());
    let hall = add(&slots, "hall");
    put(&slots, &hall, 1..4, 100);
    assert_eq!(numbers(&gatherer.frames(&slots, Some(60.0)).frames), [1, 2, 3]);
    assert!(gatherer.frames(&slots, Some(60.0)).frames.is_empty());
    let n = 3 * KEPT_FRAMES as u64;
    put(&slots, &hall, 4..4 + n, 100);
    let gathered = gatherer.frames(&slots, Some(60.0));
    assert_eq!(gathered.frames.len() as u64 + gathered.lost, n);
    assert!(gathered.frames.len() >= KEPT_FRAMES - 1, "of one it cannot be known whether it is being overwritten");
    assert_eq!(numbers(&gathered.frames).last(), Some(&(3 + n)));
}

#[test]
fn no_more_pictures_a_second_are_recorded_than_wanted() {
    let (slots, mut gatherer) = (Slots::default(), Gatherer::default());
    let hall = add(&slots, "hall");
    let mut taken = Vec::new();
    for second in 0..20 {
        // Fifteen a second.
        put(&slots, &hall, second * 15..second * 15 + 15, 67);
        let gathered = gatherer.frames(&slots, Some(4.0));
        assert_eq!(gathered.lost, 0);
        taken.extend(numbers(&gathered.frames));
    }
    assert!((78..=85).contains(&taken.len()), "{}", taken.len());
    let late = taken.iter().filter(|n| **n >= 150).count();
    assert!((39..=41).contains(&late), "{late}");
    assert!(taken.is_sorted());
    put(&slots, &hall, 300..310, 67);
    assert!(gatherer.frames(&slots, None).frames.is_empty(), "switched off");
    put(&slots, &hall, 310..311, 67);
    assert_eq!(numbers(&gatherer.frames(&slots, Some(60.0)).frames), [310], "what came meanwhile is not wanted");
}

#[test]
fn a_slower_array_than_wanted_is_recorded_whole() {
    let (slots, mut gatherer) = (Slots::default(), Gatherer::default());
    let hall = add(&slots, "hall");
    put(&slots, &hall, 0..50, 17);
    assert_eq!(gatherer.frames(&slots, Some(60.0)).frames.len(), 50);
    // Held up, and brought all at once.
    (50..90).for_each(|n| hall.frames.put(frame(n, 1500, n as f32), &slots.frame_bytes));
    assert_eq!(gatherer.frames(&slots, Some(60.0)).frames.len(), 40);
}

struct House {
    folder: tempfile::TempDir,
    recordings: Recordings,
    slots: Slots,
    hall: Arc<DeviceSlot>,
    arrays: BTreeMap<DeviceId, Arc<Array>>,
}

impl House {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let recordings = Recordings::open(folder.path(), 1 << 30).expect("a thread");
        let slots = Slots::default();
        let hall = add(&slots, "hall");
        Self { folder, recordings, slots, hall, arrays: BTreeMap::new() }
    }

    fn past(&self) -> Past<'_> {
        Past { recordings: Some(&self.recordings), slots: &self.slots, arrays: &self.arrays }
    }

    fn heat(&self, instant: &Instant) -> Heat {
        self.past().heat(instant)
    }

    fn shown(&self, instant: &Instant) -> Option<(Timestamp, u64)> {
        let heat = self.heat(instant);
        Some((heat.at?, heat.frames.get(&self.hall.id)?.sequence))
    }
}

#[test]
fn the_past_is_what_is_recorded_and_behind_it_what_is_in_the_slots() {
    let (house, mut gatherer) = (House::new(), Gatherer::default());
    put(&house.slots, &house.hall, 1..100, 125);
    house.recordings.record(gatherer.frames(&house.slots, Some(60.0)).frames);
    house.recordings.flush();
    put(&house.slots, &house.hall, 100..110, 125);
    let hall = house.hall.id.clone();
    for n in 40..110 {
        let at = wall(n * 125);
        assert_eq!(house.shown(&Instant::At(at)), Some((at, n)));
        let next = (n < 109).then(|| (wall((n + 1) * 125), n + 1));
        assert_eq!(house.shown(&Instant::After(hall.clone(), at)), next);
        if n > 40 {
            assert_eq!(house.shown(&Instant::Before(hall.clone(), at)), Some((wall((n - 1) * 125), n - 1)));
        }
    }
    assert_eq!(house.shown(&Instant::At(Timestamp::UNIX_EPOCH)), None);
    let past = house.past();
    let span = CellSpan { device: hall, cell: 0, from: wall(90 * 125), to: wall(109 * 125), points: 1000 };
    let values: Vec<_> = past.cell(&span).iter().map(|point| point.mean.round() as u64).collect();
    assert_eq!(values, (90..110).collect::<Vec<_>>());
    drop(house.folder);
}

#[test]
fn without_recordings_the_slots_are_the_past() {
    let house = House::new();
    put(&house.slots, &house.hall, 1..10, 1000);
    let past = Past { recordings: None, ..house.past() };
    let shown = past.heat(&Instant::At(wall(4500)));
    assert_eq!((shown.at, shown.frames[&house.hall.id].sequence), (Some(wall(4000)), 4));
    assert_eq!(past.heat(&Instant::After(house.hall.id.clone(), wall(9000))).at, None);
    assert_eq!(past.heat(&Instant::Before(house.hall.id.clone(), wall(2000))).at, Some(wall(1000)));
}

#[test]
fn recorded_pictures_are_measured_as_the_array_is_measured_now() {
    let (mut house, mut gatherer) = (House::new(), Gatherer::default());
    put(&house.slots, &house.hall, 1..3, 1000);
    house.recordings.record(gatherer.frames(&house.slots, Some(60.0)).frames);
    house.recordings.flush();
    let mask = Region {
        id: RegionId::new('M', 1),
        name: "".into(),
        shape: Shape::Spot(Cell { row: 0, col: 0 }),
        mask: true,
        emissivity: None,
    };
    let regions = Regions { regions: vec![mask], deltas: Vec::new() };
    let shown = house.heat(&Instant::At(wall(2000))).frames[&house.hall.id].clone();
    let array = Array {
        device: house.hall.id.clone(),
        size: shown.size,
        meaning: shown.meaning,
        calibration: Calibration::NotNeeded,
        choice: Choice::default(),
        regions: Arc::new(regions),
    };
    house.arrays.insert(house.hall.id.clone(), Arc::new(array));
    let measured = house.heat(&Instant::At(wall(2000))).frames[&house.hall.id].clone();
    assert_eq!((shown.n_masked(), measured.n_masked()), (0, 1));
    assert!(shown.extremes.is_some() && measured.extremes.is_none() && measured.get(0).is_some());
}
