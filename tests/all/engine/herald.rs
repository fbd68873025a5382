//! Who is told what: sounds and notifications of alarms.

use std::sync::Arc;
use std::time::Duration;

use hearthlight::engine::services::herald::attend::{Deed, FLOOD, Herald, REPEAT, Wanted};
use hearthlight::io::notify::Urgency;
use hearthlight::io::sound::Tone;
use hearthlight::model::alarms::Alarms;
use hearthlight::model::alarms::alarm::{Alarm, AlarmId, Flood, Shelf, State};
use hearthlight::model::alarms::rule::Level;
use hearthlight::model::sensors::Sensors;
use hearthlight::units::moment::Moment;
use jiff::Timestamp;

use crate::nouns;

const ALL: Wanted = Wanted { sound: true, notify: true };

fn alarm(rule: &str, place: &str, level: Level, state: State) -> Alarm {
    Alarm { name: "Fire".into(), state, ..nouns::alarm(rule, place, level) }
}

fn house(alarms: impl IntoIterator<Item = Alarm>) -> Alarms {
    let active = alarms.into_iter().map(|alarm| (alarm.id.clone(), Arc::new(alarm))).collect();
    Alarms { active, ..Alarms::default() }
}

fn plays(deeds: &[Deed]) -> Vec<Tone> {
    deeds.iter().filter_map(|deed| if let Deed::Play(tone) = deed { Some(*tone) } else { None }).collect()
}

/// A herald with its time.
struct Watch {
    herald: Herald,
    now: Moment,
}

impl Watch {
    fn new() -> Self {
        Self { herald: Herald::default(), now: Moment::from_millis(1000) }
    }

    fn attend(&mut self, alarms: &Alarms, wanted: Wanted) -> Vec<Deed> {
        self.herald.attend(alarms, &Sensors::default(), self.now, Timestamp::UNIX_EPOCH, wanted)
    }

    fn pass(&mut self, time: Duration) {
        self.now = self.now + time;
    }
}

#[test]
fn a_danger_repeats_until_somebody_acknowledges_it() {
    let mut watch = Watch::new();
    let mut alarms = house([alarm("fire", "bench", Level::Danger, State::Unacknowledged)]);
    let first = watch.attend(&alarms, ALL);
    assert_eq!(plays(&first), [Tone::Danger]);
    assert!(
        matches!(&first[1], Deed::Show(card) if card.urgency == Urgency::Critical && card.title == "Danger: Fire at bench")
    );
    assert_eq!(watch.attend(&alarms, ALL), [], "nothing new before the time has come");
    assert_eq!(watch.herald.wake_at(), Some(watch.now + REPEAT));
    watch.pass(REPEAT);
    assert_eq!(watch.attend(&alarms, ALL), [Deed::Play(Tone::Danger)]);
    alarms = house([alarm("fire", "bench", Level::Danger, State::Acknowledged)]);
    let hushed = watch.attend(&alarms, ALL);
    assert_eq!(hushed, [Deed::Hush, Deed::Withdraw("fire--bench".to_owned())]);
    assert_eq!(watch.herald.wake_at(), None);
}

#[test]
fn milder_alarms_sound_once_and_again_when_they_return() {
    let mut watch = Watch::new();
    let mut alarms = house([alarm("fire", "bench", Level::Warning, State::Unacknowledged)]);
    assert_eq!(plays(&watch.attend(&alarms, ALL)), [Tone::Warning]);
    watch.pass(REPEAT * 10);
    assert_eq!(plays(&watch.attend(&alarms, ALL)), []);
    let mut back = alarm("fire", "bench", Level::Warning, State::Unacknowledged);
    back.changed = Timestamp::from_second(60).unwrap();
    alarms = house([back]);
    assert_eq!(plays(&watch.attend(&alarms, ALL)), [Tone::Warning]);
    let notice = house([alarm("heat", "rack", Level::Notice, State::Unacknowledged)]);
    assert_eq!(plays(&watch.attend(&notice, ALL)), [Tone::Notice]);
}

#[test]
fn what_is_cleared_or_shelved_or_muted_is_not_heard() {
    let mut watch = Watch::new();
    let cleared = house([alarm("fire", "bench", Level::Warning, State::Cleared)]);
    assert_eq!(watch.attend(&cleared, ALL), []);
    let mut shelved = house([alarm("fire", "bench", Level::Danger, State::Unacknowledged)]);
    let shelf = Shelf {
        by: "Ana".into(),
        since: Timestamp::UNIX_EPOCH,
        until: Timestamp::from_second(600).unwrap(),
        reason: "welding".into(),
    };
    shelved.shelved.insert(AlarmId("fire--bench".into()), shelf);
    assert_eq!(watch.attend(&shelved, ALL), []);
    let mut muted = house([alarm("fire", "bench", Level::Danger, State::Unacknowledged)]);
    muted.muted_until = Some(Timestamp::from_second(60).unwrap());
    let deeds = watch.attend(&muted, ALL);
    assert!(plays(&deeds).is_empty() && deeds.len() == 1, "muted, but shown: {deeds:?}");
}

#[test]
fn settings_take_sound_and_cards_away() {
    let mut watch = Watch::new();
    let alarms = house([alarm("fire", "bench", Level::Danger, State::Unacknowledged)]);
    let silent = watch.attend(&alarms, Wanted { sound: false, notify: true });
    assert!(plays(&silent).is_empty() && silent.len() == 1);
    let heard = watch.attend(&alarms, Wanted { sound: true, notify: false });
    assert_eq!(heard, [Deed::Play(Tone::Danger), Deed::Withdraw("fire--bench".to_owned())]);
}

#[test]
fn a_flood_is_one_card() {
    let mut watch = Watch::new();
    let many = (0..17).map(|n| alarm("fire", &format!("rack-{n}"), Level::Warning, State::Unacknowledged));
    let mut alarms = house(many);
    alarms.flood = Some(Flood { since: Timestamp::UNIX_EPOCH, n_recent: 17 });
    let deeds = watch.attend(&alarms, ALL);
    assert_eq!(plays(&deeds), [Tone::Warning]);
    assert!(matches!(&deeds[1..], [Deed::Show(card)] if card.key == FLOOD && card.title == "17 alarms"), "{deeds:?}");
}

#[test]
fn a_test_says_that_it_is_one() {
    let mut watch = Watch::new();
    let test = Alarm { test: true, ..alarm("fire", "bench", Level::Danger, State::Unacknowledged) };
    let deeds = watch.attend(&house([test]), ALL);
    assert_eq!(plays(&deeds), [Tone::Danger]);
    assert!(matches!(&deeds[1], Deed::Show(card) if card.title.starts_with("TEST, Danger")));
}
