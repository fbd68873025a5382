//! A hand-turned clock: what is told at once, what becomes one, what never does.

use std::collections::BTreeMap;
use std::time::Duration;

use hearthlight::bridge::events::mixer::{Message, Mixer};
use hearthlight::bridge::v2::change::{Change, What};
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::{bright, change, id, ms};

/// What messages say, in order: what happened to which resource, and how bright it is.
fn told(messages: &[Message]) -> Vec<(What, Uuid, Option<u64>)> {
    let all = messages.iter().flat_map(|message| &message.containers).flat_map(|(_, changes)| changes);
    all.map(|change| (change.what, change.id, change.body.get("dimming").and_then(|d| d["brightness"].as_u64())))
        .collect()
}

fn updated(n: u8, percent: u64) -> (What, Uuid, Option<u64>) {
    (What::Update, id(n), Some(percent))
}

#[test]
fn the_first_change_after_quiet_is_told_at_once() {
    let mut mixer = Mixer::default();
    mixer.add(ms(1000), &[bright(1, 10)]);
    assert_eq!(told(&mixer.take(ms(1000))), [updated(1, 10)]);
    assert_eq!(mixer.wake_at(), None, "nothing waits, so nobody is woken");
    mixer.add(ms(1250), &[bright(1, 20)]);
    assert_eq!(told(&mixer.take(ms(1250))), [updated(1, 20)]);
}

#[test]
fn a_dragged_slider_is_told_once_a_pace_and_its_last_value_arrives() {
    let mut mixer = Mixer::default();
    let mut heard = Vec::new();
    for n in 0..=60 {
        mixer.add(ms(n * 16), &[bright(1, n as u32)]);
        heard.extend(told(&mixer.take(ms(n * 16))));
    }
    let wake = mixer.wake_at().expect("the last value waits");
    assert!(mixer.take(ms(wake.0 / 1_000_000 - 1)).is_empty());
    heard.extend(told(&mixer.take(wake)));
    assert_eq!(heard, [updated(1, 0), updated(1, 16), updated(1, 32), updated(1, 48), updated(1, 60)]);
    assert_eq!(mixer.wake_at(), None);
}

#[test]
fn members_that_changed_one_after_the_other_are_told_together() {
    let mut mixer = Mixer::default();
    mixer.add(ms(0), &[bright(1, 10)]);
    mixer.take(ms(0));
    mixer.add(ms(50), &[bright(1, 20)]);
    mixer.add(ms(60), &[change(What::Update, "light", 1, json!({"on": {"on": false}}))]);
    mixer.add(ms(70), &[bright(1, 30)]);
    let messages = mixer.take(ms(250));
    let [message] = messages.as_slice() else { panic!("{messages:?}") };
    let body = &message.containers[0].1[0].body;
    assert_eq!((&body["dimming"]["brightness"], &body["on"]["on"]), (&json!(30), &json!(false)));
}

#[test]
fn what_came_back_to_what_was_told_is_not_told_again() {
    let mut mixer = Mixer::default();
    mixer.add(ms(0), &[bright(1, 10)]);
    mixer.take(ms(0));
    mixer.add(ms(50), &[bright(1, 20)]);
    mixer.add(ms(60), &[bright(1, 10)]);
    assert_eq!(mixer.wake_at(), None);
    assert!(mixer.take(ms(300)).is_empty());
}

#[test]
fn resources_wait_each_for_itself() {
    let mut mixer = Mixer::default();
    mixer.add(ms(0), &[bright(1, 10)]);
    mixer.take(ms(0));
    mixer.add(ms(100), &[bright(1, 11), bright(2, 20)]);
    assert_eq!(told(&mixer.take(ms(100))), [updated(2, 20)]);
    assert_eq!(told(&mixer.take(ms(250))), [updated(1, 11)]);
}

#[test]
fn all_updates_of_a_moment_are_in_one_container() {
    let mut mixer = Mixer::default();
    let new = change(What::Add, "scene", 9, json!({}));
    let gone = change(What::Delete, "scene", 8, json!({}));
    mixer.add(ms(0), &[gone, bright(1, 10), new, bright(2, 20)]);
    let messages = mixer.take(ms(0));
    let [message] = messages.as_slice() else { panic!("{messages:?}") };
    let sizes: Vec<_> = message.containers.iter().map(|(what, changes)| (*what, changes.len())).collect();
    assert_eq!(sizes, [(What::Add, 1), (What::Update, 2), (What::Delete, 1)]);
}

#[test]
fn buttons_are_never_held_back_and_never_become_one() {
    let pressed = |event: &str| change(What::Update, "button", 1, json!({"button": {"last_event": event}}));
    let mut mixer = Mixer::default();
    mixer.add(ms(0), &[pressed("initial_press")]);
    mixer.add(ms(0), &[pressed("short_release")]);
    let messages = mixer.take(ms(0));
    assert_eq!(messages.len(), 2, "each in a message of its own");
    mixer.add(ms(10), &[pressed("initial_press")]);
    assert_eq!(mixer.take(ms(10)).len(), 1, "at once, also right after the last one");
    assert_eq!(mixer.wake_at(), None);
}

#[test]
fn what_is_gone_is_told_at_once_and_nothing_of_it_after_that() {
    let mut mixer = Mixer::default();
    mixer.add(ms(0), &[bright(1, 10)]);
    mixer.take(ms(0));
    mixer.add(ms(50), &[bright(1, 20)]);
    mixer.add(ms(60), &[change(What::Delete, "light", 1, json!({})), change(What::Add, "light", 1, json!({}))]);
    let messages = mixer.take(ms(60));
    assert_eq!(told(&messages), [(What::Delete, id(1), None), (What::Add, id(1), None)]);
    assert_eq!(messages.len(), 2, "one after the other");
    assert!(mixer.take(ms(1000)).is_empty());
}

#[test]
fn the_pace_can_be_settled_up_to_a_second_and_down_to_none() {
    let mut mixer = Mixer::default();
    mixer.set_pace(Duration::from_secs(5));
    assert_eq!(mixer.pace(), Duration::from_secs(1));
    mixer.set_pace(Duration::ZERO);
    for n in 0..5 {
        mixer.add(ms(0), &[bright(1, n)]);
    }
    assert_eq!(mixer.take(ms(0)).len(), 5);
}

/// What somebody knows who heard all that.
fn known<'a>(changes: impl Iterator<Item = &'a Change>) -> BTreeMap<Uuid, Map<String, Value>> {
    let mut known: BTreeMap<Uuid, Map<String, Value>> = BTreeMap::new();
    for change in changes {
        match change.what {
            What::Delete => drop(known.remove(&change.id)),
            What::Add => drop(known.insert(change.id, change.body.clone())),
            What::Update => known.entry(change.id).or_default().extend(change.body.clone()),
        }
    }
    known
}

fn any_change() -> impl Strategy<Value = Change> {
    (0_u8..4, 0_u8..12, 0_u32..3).prop_map(|(n, what, percent)| match what {
        0 => change(What::Delete, "light", n, json!({})),
        1 => change(What::Add, "light", n, json!({"dimming": {"brightness": percent}})),
        2..6 => change(What::Update, "light", n, json!({"on": {"on": percent == 0}})),
        _ => bright(n, percent),
    })
}

proptest! {
    #[test]
    fn whoever_hears_everything_knows_what_is_so(
        story in prop::collection::vec((0_u64..200, prop::collection::vec(any_change(), 0..4)), 0..40),
    ) {
        let (mut mixer, mut now) = (Mixer::default(), 0);
        let mut heard: Vec<(u64, Message)> = Vec::new();
        for (pause, changes) in &story {
            while let Some(wake) = mixer.wake_at().filter(|wake| wake.0 <= (now + pause) * 1_000_000) {
                heard.extend(mixer.take(wake).into_iter().map(|message| (wake.0 / 1_000_000, message)));
            }
            now += pause;
            mixer.add(ms(now), changes);
            heard.extend(mixer.take(ms(now)).into_iter().map(|message| (now, message)));
        }
        heard.extend(mixer.take(ms(now + 250)).into_iter().map(|message| (now + 250, message)));
        prop_assert_eq!(mixer.wake_at(), None);
        let told = || heard.iter().flat_map(|(_, message)| &message.containers).flat_map(|(_, changes)| changes);
        let said = story.iter().flat_map(|(_, changes)| changes);
        // Something gone may still be updated in such a story; a real book never says so.
        prop_assert_eq!(known(told()), known(said));
        let mut last: BTreeMap<Uuid, u64> = BTreeMap::new();
        for (at, message) in &heard {
            for change in message.containers.iter().flat_map(|(_, changes)| changes) {
                if change.what == What::Update {
                    prop_assert!(last.insert(change.id, *at).is_none_or(|before| at - before >= 250));
                } else {
                    last.remove(&change.id);
                }
            }
        }
    }
}
