//! Who must be told what: the herald's decisions, pure.
//!
//! Invariant: what nobody acknowledged is heard and shown, and nothing else; tests too, marked as such.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use crate::io::notify::{Card, Urgency};
use crate::io::sound::Tone;
use crate::model::alarms::Alarms;
use crate::model::alarms::alarm::{Alarm, AlarmId};
use crate::model::alarms::rule::Level;
use crate::model::sensors::Sensors;
use crate::units::moment::Moment;

/// From the start of one Danger sound to the next.
pub const REPEAT: Duration = Duration::from_millis(2500);
/// The key of the card that stands for a flood.
pub const FLOOD: &str = "flood";
/// Names of the buttons.
pub mod button {
    /// Take note.
    pub const ACKNOWLEDGE: &str = "acknowledge";
    /// Silence for ten minutes.
    pub const SHELVE: &str = "shelve";
    /// Bring the window forward.
    pub const SHOW: &str = "default";
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Make a sound.
    Play(Tone),
    /// Make no sound any more.
    Hush,
    /// Show a card.
    Show(Card),
    /// Take a card away.
    Withdraw(String),
}

/// What of alarms may be heard and seen now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Sounds.
    pub sound: bool,
    /// Cards.
    pub notify: bool,
}

/// What was told so far.
#[derive(Debug, Default)]
pub struct Herald {
    /// Alarms that were heard, as they were then.
    heard: BTreeMap<AlarmId, (Level, Timestamp)>,
    shown: BTreeMap<String, Card>,
    again_at: Option<Moment>,
}

impl Herald {
    /// What must be done, given alarms as they are now.
    pub fn attend(
        &mut self,
        alarms: &Alarms,
        sensors: &Sensors,
        now: Moment,
        wall: Timestamp,
        wanted: Wanted,
    ) -> Vec<Deed> {
        let new: Vec<_> = alarms.by_urgency().into_iter().filter(|alarm| alarm.is_new()).collect();
        let mut deeds = Vec::new();
        let muted = alarms.muted_until.is_some_and(|until| wall < until);
        self.sounds(&new, now, wanted.sound && !muted, &mut deeds);
        let cards = if wanted.notify { cards(&new, alarms, sensors) } else { BTreeMap::new() };
        self.cards(cards, &mut deeds);
        deeds
    }

    fn sounds(&mut self, new: &[Arc<Alarm>], now: Moment, audible: bool, deeds: &mut Vec<Deed>) {
        let fresh = new.iter().filter(|alarm| self.heard.get(&alarm.id) != Some(&(alarm.level, alarm.changed)));
        let freshest = fresh.map(|alarm| alarm.level).max();
        self.heard = new.iter().map(|alarm| (alarm.id.clone(), (alarm.level, alarm.changed))).collect();
        let danger = new.iter().any(|alarm| alarm.level == Level::Danger);
        if !audible {
            if self.again_at.take().is_some() {
                deeds.push(Deed::Hush);
            }
            return;
        }
        if danger {
            if freshest == Some(Level::Danger) || self.again_at.is_none_or(|at| now >= at) {
                deeds.push(Deed::Play(Tone::Danger));
                self.again_at = Some(now + REPEAT);
            }
            return;
        }
        if self.again_at.take().is_some() {
            deeds.push(Deed::Hush);
        }
        match freshest {
            Some(Level::Notice) => deeds.push(Deed::Play(Tone::Notice)),
            Some(_) => deeds.push(Deed::Play(Tone::Warning)),
            None => {}
        }
    }

    fn cards(&mut self, wanted: BTreeMap<String, Card>, deeds: &mut Vec<Deed>) {
        deeds.extend(self.shown.keys().filter(|key| !wanted.contains_key(*key)).cloned().map(Deed::Withdraw));
        let news = wanted.values().filter(|card| self.shown.get(&card.key) != Some(card));
        deeds.extend(news.cloned().map(Deed::Show));
        self.shown = wanted;
    }

    /// When to look again though nothing changed.
    #[must_use]
    pub const fn wake_at(&self) -> Option<Moment> {
        self.again_at
    }
}

/// The cards that must be there: one per alarm, or one for a flood.
fn cards(new: &[Arc<Alarm>], alarms: &Alarms, sensors: &Sensors) -> BTreeMap<String, Card> {
    let cards: Vec<Card> = match (&alarms.flood, new.first()) {
        (Some(_), Some(first)) => vec![flood_card(new.len(), first, sensors)],
        _ => new.iter().map(|alarm| card(alarm, sensors)).collect(),
    };
    cards.into_iter().map(|card| (card.key.clone(), card)).collect()
}

fn card(alarm: &Alarm, sensors: &Sensors) -> Card {
    Card {
        key: alarm.id.to_string(),
        title: title(alarm, sensors),
        body: reasons(alarm),
        urgency: urgency(alarm.level),
        buttons: vec![
            (button::SHOW, "Show".to_owned()),
            (button::ACKNOWLEDGE, "Acknowledge".to_owned()),
            (button::SHELVE, "Shelve 10 min".to_owned()),
        ],
    }
}

fn flood_card(n: usize, first: &Alarm, sensors: &Sensors) -> Card {
    Card {
        key: FLOOD.to_owned(),
        title: format!("{n} alarms"),
        body: format!("First: {}", title(first, sensors)),
        urgency: urgency(first.level),
        buttons: vec![(button::SHOW, "Show".to_owned())],
    }
}

const fn urgency(level: Level) -> Urgency {
    match level {
        Level::Notice => Urgency::Low,
        Level::Warning => Urgency::Normal,
        Level::Danger => Urgency::Critical,
    }
}

fn title(alarm: &Alarm, sensors: &Sensors) -> String {
    let test = if alarm.test { "TEST, " } else { "" };
    let name = sensors.devices.get(&alarm.device).map_or(&alarm.location, |device| &device.name);
    format!("{test}{}: {} at {name}", alarm.level.word(), alarm.name)
}

/// Names of the reasons that are on; values change too often for a card.
fn reasons(alarm: &Alarm) -> String {
    let on = alarm.reasons.iter().filter(|reason| reason.on);
    on.map(|reason| format!("{} (limit {} {})", reason.name, reason.threshold, reason.unit).trim().to_owned())
        .collect::<Vec<_>>()
        .join(", ")
}
