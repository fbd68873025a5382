//! Gathering readings out of the slots, without a clock of its own.

use std::sync::Arc;

use hearthlight::engine::services::history::Gatherer;
use hearthlight::model::history::HOTTEST;
use hearthlight::model::learned::Learned;
use hearthlight::model::sensors::DeviceId;
use hearthlight::port::slots::{DeviceSlot, KEPT_READINGS, Slots};
use hearthlight::store::records::Reading;
use hearthlight::units::moment::Moment;
use jiff::Timestamp;
use proptest::prelude::*;

/// What people's clock showed when the program started: 1.5 s into 1970.
fn start() -> Timestamp {
    Timestamp::from_millisecond(1_500).expect("a time")
}

fn add(slots: &Slots, id: &str) -> Arc<DeviceSlot> {
    let slot = Arc::new(DeviceSlot::new(DeviceId::new(id), id.into()));
    slots.insert(Arc::clone(&slot));
    slot
}

fn push(slot: &DeviceSlot, key: &str, ms: u64, value: f64) {
    slot.channel(key).expect("room").readings.push(Moment::from_millis(ms), value);
}

fn reading(device: &str, channel: &str, at_ms: i64, value: f64) -> Reading {
    Reading { device: DeviceId::new(device), channel: channel.into(), at_ms, value }
}

#[test]
fn each_new_reading_is_handed_over_once() {
    let (slots, mut gatherer) = (Slots::default(), Gatherer::default());
    assert!(gatherer.readings(&slots, start()).is_empty());
    let hall = add(&slots, "hall");
    push(&hall, "ADC1", 250, 7.0);
    push(&hall, "DIO", 260, 1.0);
    hall.hottest.push(Moment::from_millis(300), 41.5);
    let first = gatherer.readings(&slots, start());
    let wanted =
        [reading("hall", HOTTEST, 1800, 41.5), reading("hall", "ADC1", 1750, 7.0), reading("hall", "DIO", 1760, 1.0)];
    assert_eq!(first, wanted);
    assert!(gatherer.readings(&slots, start()).is_empty(), "nothing is new");
    push(&hall, "ADC1", 500, 8.0);
    push(&hall, "ADC2", 500, 9.0);
    let second = gatherer.readings(&slots, start());
    assert_eq!(second, [reading("hall", "ADC1", 2000, 8.0), reading("hall", "ADC2", 2000, 9.0)]);
}

#[test]
fn times_follow_the_clock_as_it_is_set_now() {
    let (slots, mut gatherer) = (Slots::default(), Gatherer::default());
    let hall = add(&slots, "hall");
    hall.hottest.push(Moment(1_999_999), 1.0);
    let before_1970 = Timestamp::from_microsecond(-2_500).expect("a time");
    assert_eq!(gatherer.readings(&slots, before_1970), [reading("hall", HOTTEST, -1, 1.0)]);
}

#[test]
fn what_came_too_fast_is_counted() {
    let (slots, mut gatherer) = (Slots::default(), Gatherer::default());
    let hall = add(&slots, "hall");
    push(&hall, "ADC1", 0, 0.0);
    assert_eq!(gatherer.readings(&slots, start()).len(), 1);
    let n = KEPT_READINGS as u64 * 2;
    (0..n).for_each(|ms| push(&hall, "ADC1", ms, ms as f64));
    let readings = gatherer.readings(&slots, start());
    assert_eq!(readings.len() as u64 + hall.history_dropped.get(), n);
    assert!(readings.len() >= KEPT_READINGS - 1, "of one it cannot be known whether it is being overwritten");
    assert_eq!(readings.last(), Some(&reading("hall", "ADC1", 1500 + n as i64 - 1, (n - 1) as f64)));
}

#[test]
fn a_device_that_came_back_begins_anew_and_a_forgotten_one_is_let_go() {
    let (slots, mut gatherer) = (Slots::default(), Gatherer::default());
    let first = add(&slots, "hall");
    push(&first, "ADC1", 0, 1.0);
    push(&first, "ADC1", 1, 2.0);
    assert_eq!(gatherer.readings(&slots, start()).len(), 2);
    let second = add(&slots, "hall");
    push(&second, "ADC1", 2, 3.0);
    assert_eq!(gatherer.readings(&slots, start()), [reading("hall", "ADC1", 1502, 3.0)]);
    assert_eq!(Arc::strong_count(&first), 1);
    slots.remove(&second.id);
    assert!(gatherer.readings(&slots, start()).is_empty());
    assert_eq!(Arc::strong_count(&second), 1);
}

#[test]
fn what_was_learned_is_handed_over_when_it_is_new() {
    let (slots, mut gatherer) = (Slots::default(), Gatherer::default());
    let (hall, _attic) = (add(&slots, "hall"), add(&slots, "attic"));
    assert!(gatherer.newly_learned(&slots).is_empty());
    for _ in 0..2 {
        hall.learned.store(Some(Arc::new(Learned::default())));
        let new = gatherer.newly_learned(&slots);
        assert_eq!(new, [(DeviceId::new("hall"), Arc::new(Learned::default()))]);
        assert!(gatherer.newly_learned(&slots).is_empty());
    }
}

#[test]
fn figures_of_regions_are_handed_over_as_channels_are() {
    let (slots, mut gatherer) = (Slots::default(), Gatherer::default());
    let hall = add(&slots, "hall");
    let figures =
        |keys: &[&str]| hall.set_regions(keys.iter().map(|key| Arc::from(*key)).collect::<Vec<_>>().into_iter());
    let push = |at: usize, ms, value| hall.regions()[at].readings.push(Moment::from_millis(ms), value);
    figures(&["S1", "B1.max"]);
    push(0, 0, 21.0);
    push(1, 0, 40.0);
    let first = gatherer.readings(&slots, start());
    assert_eq!(first, [reading("hall", "S1", 1500, 21.0), reading("hall", "B1.max", 1500, 40.0)]);
    figures(&["B1.max", "D1"]);
    push(0, 10, 41.0);
    push(1, 10, 3.5);
    let second = gatherer.readings(&slots, start());
    assert_eq!(
        second,
        [reading("hall", "B1.max", 1510, 41.0), reading("hall", "D1", 1510, 3.5)],
        "it goes on where it was"
    );
    hall.channel("D1").expect("room").readings.push(Moment::from_millis(20), 7.0);
    push(1, 20, 4.0);
    assert_eq!(gatherer.readings(&slots, start()), [reading("hall", "D1", 1520, 7.0)], "a channel keeps its name");
    figures(&[]);
    assert!(hall.regions().is_empty() && gatherer.readings(&slots, start()).is_empty());
}

proptest! {
    #[test]
    fn a_ring_read_in_any_pieces_gives_all_or_counts(pieces in proptest::collection::vec(0..700_u64, 0..12)) {
        let slot = DeviceSlot::new(DeviceId::new("a"), "a".into());
        let (mut cursor, mut written, mut seen) = (0, 0, Vec::new());
        let mut lost = 0;
        for piece in pieces {
            for _ in 0..piece {
                slot.hottest.push(Moment(written), written as f64);
                written += 1;
            }
            let (next, more) = slot.hottest.read_since(cursor, &mut seen);
            prop_assert_eq!(next, written);
            prop_assert!(more == 0 || piece >= KEPT_READINGS as u64);
            (cursor, lost) = (next, lost + more);
        }
        prop_assert_eq!(seen.len() as u64 + lost, written);
        prop_assert!(seen.is_sorted_by(|a, b| a.0 < b.0));
    }
}
