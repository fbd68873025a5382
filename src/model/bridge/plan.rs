//! Rules and schedules of apps, in terms of the house: what the clock and the facts are held against, and what is done.
//!
//! What an app wrote is kept beside it word for word, since it reads that back.

use std::sync::Arc;

use jiff::civil::{Date, DateTime, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::model::bridge::app::AppId;
use crate::model::bridge::kept::ObjectId;
use crate::model::inputs::InputId;
use crate::model::lights;
use crate::model::lights::LightId;
use crate::model::lights::group::GroupId;
use crate::model::lights::scene::SceneId;
use crate::units::local;
use crate::units::sun;

/// Days of a week as bits, as in schedules of version 1: Monday 64, Sunday 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Days(pub u8);

/// A clock on a wall, and where it hangs.
#[derive(Clone, Debug, PartialEq)]
pub struct Here {
    /// Its zone.
    pub zone: TimeZone,
    /// Latitude and longitude, degrees; without a place the sun neither rises nor sets.
    pub place: Option<(f64, f64)>,
}

/// What an app's rule or schedule does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// Something with lights.
    Lights(lights::Command),
    /// Members of a sensor's state that are written: a JSON object.
    Write(ObjectId, Arc<str>),
    /// Turn a rule, schedule or behaviour on or off.
    Enable(ObjectId, bool),
    /// Something is forgotten.
    Remove(ObjectId),
}

/// A point of the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TimePoint {
    /// A time of the clock on the wall.
    Time(Time),
    /// Sunrise, and so many minutes after it.
    Sunrise(i16),
    /// Sunset, and so many minutes after it.
    Sunset(i16),
}

/// When a schedule fires; times are those of the clock on the wall.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum When {
    /// Once.
    Once(DateTime),
    /// On days of the week at a time.
    Weekly(Days, Time),
    /// On days of the week: at the first time what it does, at the second the reverse.
    Interval(Days, Time, Time),
    /// So many seconds after it was started; again and again, so often if a number is given.
    Timer {
        /// Seconds.
        seconds: u32,
        /// Whether it repeats; `Some(None)` for ever.
        repeat: Option<Option<u32>>,
    },
}

/// A schedule of version 1.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Schedule {
    /// What people call it.
    pub name: Arc<str>,
    /// What it is for.
    pub description: Arc<str>,
    /// Whose.
    pub owner: Option<AppId>,
    /// When, as written, and whether that was UTC (`time` instead of `localtime`).
    pub written: (Arc<str>, bool),
    /// When.
    pub when: When,
    /// Up to so many seconds later, at random.
    pub random_s: u32,
    /// What it does, as written: a JSON object with `address`, `method`, `body`.
    pub command: Arc<str>,
    /// What it does.
    pub acts: Vec<Act>,
    /// Whether it works.
    pub enabled: bool,
    /// Whether it goes once it fired for the last time.
    pub autodelete: bool,
    /// Whether it may go with the links that name it.
    pub recycle: bool,
    /// Since when it is there.
    pub created: Timestamp,
    /// Since when a timer runs.
    pub started: Option<Timestamp>,
    /// When it fired last.
    pub fired: Option<Timestamp>,
}

/// How a rule fares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// It works.
    Enabled,
    /// It was turned off.
    Disabled,
    /// What it names is gone.
    ResourceDeleted,
    /// It triggered itself again and again.
    LoopsDetected,
}

/// A rule of version 1.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rule {
    /// What people call it.
    pub name: Arc<str>,
    /// Whose.
    pub owner: Option<AppId>,
    /// How it fares.
    pub status: Status,
    /// Whether it may go with the links that name it.
    pub recycle: bool,
    /// Since when it is there.
    pub created: Timestamp,
    /// When it triggered last.
    pub triggered: Option<Timestamp>,
    /// How often it triggered.
    pub times: u64,
    /// Its conditions as written: a JSON array.
    pub written_conditions: Arc<str>,
    /// Its actions as written: a JSON array.
    pub written_actions: Arc<str>,
    /// All of which must hold.
    pub conditions: Vec<Condition>,
    /// What it does, in order.
    pub acts: Vec<Act>,
}

/// A condition of a rule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Condition {
    /// What is looked at.
    pub subject: Subject,
    /// How.
    pub operator: Operator,
}

/// What a condition looks at.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// What a switch or sensor said, by the key of [`crate::model::inputs::Said`]; `updated` says that it said anything.
    Input(InputId, Arc<str>),
    /// A member of the state or config of an app's sensor.
    Clip(ObjectId, Arc<str>),
    /// Whether a light is on; its brightness 1..=254; whether it is reachable.
    Light(LightId, LightField),
    /// Whether any light of a group is on, or all of them; of all lights without a group.
    Group(Option<GroupId>, Any),
    /// Whether it is day: between sunrise and sunset.
    Daylight,
    /// The clock on the wall.
    Clock,
}

/// A field of a light.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LightField {
    /// `on`.
    On,
    /// `bri`.
    Bri,
    /// `reachable`.
    Reachable,
}

/// How many of a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Any {
    /// One at least.
    Any,
    /// Each of them.
    All,
}

/// How a condition looks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Operator {
    /// It is this: a switch counts as 0 or 1.
    Equal(i64),
    /// It is more.
    Greater(i64),
    /// It is less.
    Less(i64),
    /// It changed just now.
    Changed,
    /// It changed so many seconds ago and not since.
    ChangedAgo(u32),
    /// It did not change for so many seconds.
    Stable(u32),
    /// It changed within so many seconds.
    NotStable(u32),
    /// The clock is between the two, on these days; over midnight if the second is the earlier one.
    Within(Days, Time, Time),
    /// The clock is not.
    Outside(Days, Time, Time),
}

/// Scenes by day and time (`smart_scene` of version 2).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SmartScene {
    /// What people call it.
    pub name: Arc<str>,
    /// The room or zone it belongs to.
    pub group: GroupId,
    /// Parts of days, each from its time until the next begins.
    pub weeks: Vec<Week>,
    /// How long it takes from one scene to the next, ms.
    pub transition_ms: u32,
    /// Whether it works.
    pub active: bool,
}

/// Parts of some days.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Week {
    /// Which days.
    pub days: Days,
    /// From when on which scene.
    pub slots: Vec<(TimePoint, SceneId)>,
}

impl Days {
    /// Every day.
    pub const ALL: Self = Self(127);

    /// Whether a day is among them.
    #[must_use]
    pub fn has(self, day: Weekday) -> bool {
        self.0 & (64 >> day.to_monday_zero_offset()) != 0
    }

    /// One day.
    #[must_use]
    pub fn of(day: Weekday) -> Self {
        Self(64 >> day.to_monday_zero_offset())
    }

    /// Whether none is: for once.
    #[must_use]
    pub const fn is_none(self) -> bool {
        self.0 & Self::ALL.0 == 0
    }
}

impl Here {
    /// A clock of a zone by its Olson name; UTC if nobody knows the zone.
    #[must_use]
    pub fn new(zone: &str, place: Option<(f64, f64)>) -> Self {
        Self { zone: TimeZone::get(zone).unwrap_or(TimeZone::UTC), place }
    }

    /// What it shows.
    #[must_use]
    pub fn shows(&self, at: Timestamp) -> DateTime {
        self.zone.to_datetime(at)
    }

    /// Whether it is day; `None` without a place.
    #[must_use]
    pub fn is_day(&self, at: Timestamp) -> Option<bool> {
        let today = self.shows(at).date();
        // In the far north the sun of yesterday may set after midnight.
        let yesterday = today.yesterday().ok().and_then(|date| self.sun(date)?.sunset());
        self.sun(today).map(|sun| sun.is_up(at) || yesterday.is_some_and(|sunset| at < sunset))
    }

    /// What the sun does on a date; `None` without a place.
    #[must_use]
    pub fn sun(&self, date: Date) -> Option<sun::Sun> {
        let (latitude, longitude) = self.place?;
        Some(sun::times_in(date, &self.zone, latitude, longitude))
    }
}

impl From<Time> for TimePoint {
    fn from(time: Time) -> Self {
        Self::Time(time)
    }
}

impl TimePoint {
    /// When it is on a date. `None` if the sun does not rise or set then, or nobody knows where.
    #[must_use]
    pub fn on(self, date: Date, here: &Here) -> Option<Timestamp> {
        let (minutes, at) = match self {
            Self::Time(time) => return local::instant(date.to_datetime(time), &here.zone),
            Self::Sunrise(minutes) => (minutes, here.sun(date)?.sunrise()?),
            Self::Sunset(minutes) => (minutes, here.sun(date)?.sunset()?),
        };
        at.checked_add(SignedDuration::from_mins(minutes.into())).ok()
    }
}

/// Which slot of a smart scene holds: the number of its part of the days and of the slot in it. That which began last,
/// today or up to a week ago.
#[must_use]
pub fn current(scene: &SmartScene, now: Timestamp, here: &Here) -> Option<(usize, usize)> {
    let mut date = here.shows(now).date();
    let mut best = None;
    for back in 0..=7 {
        for (w, week) in scene.weeks.iter().enumerate().filter(|(_, week)| week.days.has(date.weekday())) {
            for (s, (point, _)) in week.slots.iter().enumerate() {
                let began = point.on(date, here).filter(|began| *began <= now);
                best = best.max(began.map(|began| (began, w, s)));
            }
        }
        // Yesterday's sunset and so many hours may be later than this morning.
        if back > 0 && best.is_some() {
            break;
        }
        date = date.yesterday().ok()?;
    }
    best.map(|(_, w, s)| (w, s))
}
