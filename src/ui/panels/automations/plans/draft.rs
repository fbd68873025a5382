//! A schedule as it is edited, and what it becomes: a behaviour that apps read in their own form.
//!
//! Invariant: what an app wrote into its configuration beside what is edited here stays as it is.

use std::sync::Arc;

use jiff::civil::Time;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::model::bridge::ids::{Kind, Thing};
use crate::model::bridge::job::{Daily, Doing, Job, Place};
use crate::model::bridge::object::{Behavior, Object};
use crate::model::bridge::plan::{Days, TimePoint};
use crate::model::bridge::{Bridge, Command};
use crate::model::lights::group::{GroupId, GroupKind};
use crate::model::lights::scene::Content;
use crate::model::snapshot::Snapshot;
use crate::ui::plan_words::WEEKDAYS;

/// The script of schedules, the same on every bridge.
pub const SCRIPT: Uuid = Uuid::from_u128(0x7238_c707_8693_4f19_9095_ccdc_1444_d228);
/// Longest name.
pub const NAME_LIMIT: usize = 32;
/// Most places that one schedule changes.
pub const MOST: usize = 16;
/// Furthest from sunrise or sunset, minutes.
pub const SUN_MOST: i32 = 720;

/// Words of days in configurations, with their bits.
const DAY_WORDS: [(u8, &str); 7] = [
    (64, "monday"),
    (32, "tuesday"),
    (16, "wednesday"),
    (8, "thursday"),
    (4, "friday"),
    (2, "saturday"),
    (1, "sunday"),
];

/// From what a point of the day is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum From {
    /// The clock.
    Clock,
    /// Sunrise.
    Sunrise,
    /// Sunset.
    Sunset,
}

/// A point of the day as it is edited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Point {
    /// From what it is counted.
    pub from: From,
    /// 0..=23.
    pub hour: u32,
    /// 0..=59.
    pub minute: u32,
    /// Minutes after sunrise or sunset, before them if negative.
    pub offset: i32,
}

/// A schedule as it is edited.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// Which; `None` for a new one.
    pub id: Option<Arc<str>>,
    /// As it was.
    base: Option<Behavior>,
    /// What people call it.
    pub name: String,
    /// What it does with which place.
    pub doings: Vec<(Place, Doing)>,
    /// When it begins.
    pub at: Point,
    /// Days of the week.
    pub days: Days,
    /// When it ends with everything off, if it does.
    pub until: Option<Point>,
    /// Minutes that a change takes.
    pub transition_min: u32,
    /// Up to so many minutes earlier or later.
    pub random_min: u32,
}

impl Point {
    /// A time of the clock.
    #[must_use]
    pub const fn clock(hour: u32, minute: u32) -> Self {
        Self { from: From::Clock, hour, minute, offset: 0 }
    }

    fn of(point: TimePoint) -> Self {
        match point {
            TimePoint::Time(time) => {
                Self::clock(time.hour().unsigned_abs().into(), time.minute().unsigned_abs().into())
            }
            TimePoint::Sunrise(offset) => Self { from: From::Sunrise, offset: offset.into(), ..Self::clock(7, 0) },
            TimePoint::Sunset(offset) => Self { from: From::Sunset, offset: offset.into(), ..Self::clock(19, 0) },
        }
    }

    fn point(self) -> TimePoint {
        let offset = i16::try_from(self.offset.clamp(-SUN_MOST, SUN_MOST)).unwrap_or(0);
        let number = |n: u32, most: u32| i8::try_from(n.min(most)).unwrap_or(0);
        match self.from {
            From::Clock => {
                let time = Time::new(number(self.hour, 23), number(self.minute, 59), 0, 0);
                TimePoint::Time(time.unwrap_or_default())
            }
            From::Sunrise => TimePoint::Sunrise(offset),
            From::Sunset => TimePoint::Sunset(offset),
        }
    }

    /// As apps write it.
    fn written(self) -> Value {
        let sun = |word: &str, minutes: i16| match minutes {
            0 => json!({ "type": word }),
            minutes => json!({ "type": word, "offset": { "minutes": minutes } }),
        };
        match self.point() {
            TimePoint::Time(time) => {
                json!({ "type": "time", "time": { "hour": time.hour(), "minute": time.minute(), "second": 0 } })
            }
            TimePoint::Sunrise(minutes) => sun("sunrise", minutes),
            TimePoint::Sunset(minutes) => sun("sunset", minutes),
        }
    }
}

impl Draft {
    /// A new one: the first room on, on weekdays at 07:00.
    #[must_use]
    pub fn new(view: &Snapshot) -> Self {
        let mut groups: Vec<_> = view.lights.groups.values().collect();
        groups.sort_by_key(|group| (group.kind != GroupKind::Room, group.order, &group.name));
        let place = groups.first().map(|group| group.id.clone());
        Self {
            id: None,
            base: None,
            name: String::new(),
            doings: vec![(place, Doing::On)],
            at: Point::clock(7, 0),
            days: WEEKDAYS,
            until: None,
            transition_min: 0,
            random_min: 0,
        }
    }

    /// One that is there; `None` if it is no schedule.
    #[must_use]
    pub fn of(id: &Arc<str>, behavior: &Behavior) -> Option<Self> {
        let Some(Job::Schedule { doings, from, until, transition_s, random_s }) = &behavior.job else { return None };
        Some(Self {
            id: Some(Arc::clone(id)),
            base: Some(behavior.clone()),
            name: behavior.name.to_string(),
            doings: doings.clone(),
            at: Point::of(from.at),
            days: from.days,
            until: until.map(Point::of),
            transition_min: transition_s / 60,
            random_min: random_s / 60,
        })
    }

    /// What would be done.
    #[must_use]
    pub fn job(&self) -> Job {
        Job::Schedule {
            doings: self.doings.clone(),
            from: Daily { at: self.at.point(), days: self.days },
            until: self.until.map(Point::point),
            transition_s: self.transition_min * 60,
            random_s: self.random_min * 60,
        }
    }

    /// What saves it.
    ///
    /// # Errors
    /// What is missing, for a person.
    pub fn command(&self, view: &Snapshot) -> Result<Command, String> {
        let name = self.name.trim();
        if name.is_empty() {
            return Err("It needs a name".to_owned());
        }
        if self.doings.is_empty() {
            return Err("It needs something to do".to_owned());
        }
        let sun = [Some(self.at), self.until].into_iter().flatten().any(|point| point.from != From::Clock);
        if sun && view.bridge.identity.place.is_none() {
            return Err("Sunrise and sunset need a place: set it in System, Hue bridge".to_owned());
        }
        if let Some((place, _)) = self.doings.iter().find(|(place, doing)| is_gone(view, place, doing)) {
            let what =
                if place.as_ref().is_some_and(|id| !view.lights.groups.contains_key(id)) { "room" } else { "scene" };
            return Err(format!("A {what} in it is gone: choose another one"));
        }
        let behavior = Behavior {
            script: self.base.as_ref().map_or(SCRIPT, |base| base.script),
            name: name.into(),
            enabled: self.base.as_ref().is_none_or(|base| base.enabled),
            configuration: self.configuration(view).into(),
            job: Some(self.job()),
            started: self.base.as_ref().and_then(|base| base.started),
        };
        Ok(Command::Put { id: self.id.clone(), object: Box::new(Object::Behavior(behavior)) })
    }

    /// As apps read it: a JSON object.
    fn configuration(&self, view: &Snapshot) -> String {
        let before =
            self.base.as_ref().and_then(|base| serde_json::from_str::<Map<String, Value>>(&base.configuration).ok());
        let mut all = before.unwrap_or_default();
        let what = self.doings.iter().map(|(place, doing)| written(view, place, doing));
        all.insert("what".to_owned(), Value::Array(what.collect()));
        let days: Vec<&str> =
            DAY_WORDS.iter().filter(|(bit, _)| self.days.0 & bit != 0).map(|(_, word)| *word).collect();
        let mut start = json!({ "time_point": self.at.written() });
        if self.transition_min > 0 {
            start["transition"] = json!({ "minutes": self.transition_min });
        }
        let mut when = json!({ "start_at": start, "recurrence_days": days });
        if let Some(until) = self.until {
            when["end_at"] = json!({ "time_point": until.written() });
        }
        if self.random_min > 0 {
            when["randomization"] = json!({ "minutes": self.random_min });
        }
        all.insert("when_extended".to_owned(), when);
        Value::Object(all).to_string()
    }
}

fn is_gone(view: &Snapshot, place: &Place, doing: &Doing) -> bool {
    let scene = match doing {
        Doing::Recall(scene) => !view.lights.scenes.contains_key(scene),
        Doing::On | Doing::Off => false,
    };
    scene || place.as_ref().is_some_and(|id| !view.lights.groups.contains_key(id))
}

/// Whether a scene can be recalled for a place: it belongs to it, and is no other one's part of the day.
#[must_use]
pub fn fits(content: &Content, of: Option<&GroupId>, place: &Place) -> bool {
    of == place.as_ref() && !matches!(content, Content::OfDay(_))
}

fn written(view: &Snapshot, place: &Place, doing: &Doing) -> Value {
    let group = match place {
        None => reference(&view.bridge, &Thing::new(Kind::Home, ""), "bridge_home"),
        Some(id) => {
            let zone = view.lights.groups.get(id).is_some_and(|group| group.kind == GroupKind::Zone);
            let thing = Thing::new(Kind::Group, Arc::clone(&id.0));
            reference(&view.bridge, &thing, if zone { "zone" } else { "room" })
        }
    };
    match doing {
        Doing::Recall(scene) => {
            let scene = reference(&view.bridge, &Thing::new(Kind::Scene, Arc::clone(&scene.0)), "scene");
            json!({ "group": group, "recall": scene })
        }
        Doing::On => json!({ "group": group, "on": { "on": true } }),
        Doing::Off => json!({ "group": group, "on": { "on": false } }),
    }
}

/// What apps call a thing.
fn reference(bridge: &Bridge, thing: &Thing, kind: &str) -> Value {
    let id = bridge
        .ids(thing)
        .map_or_else(|| Uuid::new_v5(&thing.root(bridge.identity.id), kind.as_bytes()), |ids| ids.service(kind));
    json!({ "rid": id, "rtype": kind })
}
