//! Schedules, rules and behaviours in words: when they act, what they do, with what. Pure: the model in, words out.
//!
//! Invariant: what is gone is said to be gone; nothing is named by its id.

use std::sync::Arc;

use jiff::civil::Time;

use crate::model::bridge::app::AppId;
use crate::model::bridge::job::{Daily, Doing, End, Job, Place};
use crate::model::bridge::kept::ObjectId;
use crate::model::bridge::plan::{
    Act, Any, Condition, Days, LightField, Operator, SmartScene, Status, Subject, TimePoint, When,
};
use crate::model::inputs::InputId;
use crate::model::lights::group::GroupId;
use crate::model::lights::scene::{SceneId, Slot};
use crate::model::lights::{self, Aim, LightId};
use crate::model::snapshot::Snapshot;
use crate::ui::words;

/// Days of the week with their bits, Monday first.
pub const DAYS: [(u8, &str); 7] =
    [(64, "Mon"), (32, "Tue"), (16, "Wed"), (8, "Thu"), (4, "Fri"), (2, "Sat"), (1, "Sun")];
/// Monday to Friday.
pub const WEEKDAYS: Days = Days(124);
/// Saturday and Sunday.
pub const WEEKEND: Days = Days(3);

/// Days of the week.
#[must_use]
pub fn days(days: Days) -> String {
    match Days(days.0 & Days::ALL.0) {
        Days(0) => "Once".to_owned(),
        Days::ALL => "Every day".to_owned(),
        WEEKDAYS => "Weekdays".to_owned(),
        WEEKEND => "Weekends".to_owned(),
        Days(some) => {
            let named: Vec<&str> = DAYS.iter().filter(|(bit, _)| some & bit != 0).map(|(_, name)| *name).collect();
            named.join(", ")
        }
    }
}

/// A time of the clock on the wall; its seconds only where they matter.
#[must_use]
pub fn time(time: Time) -> String {
    if time.second() == 0 { time.strftime("%H:%M").to_string() } else { time.strftime("%H:%M:%S").to_string() }
}

/// A length of time.
#[must_use]
pub fn lasting(seconds: u32) -> String {
    let (hours, minutes, rest) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let parts = [(hours, "h"), (minutes, "min"), (rest, "s")];
    let said: Vec<String> = parts.iter().filter(|(n, _)| *n > 0).map(|(n, unit)| format!("{n}\u{a0}{unit}")).collect();
    if said.is_empty() { "0\u{a0}s".to_owned() } else { said.join(" ") }
}

/// A point of the day.
#[must_use]
pub fn point(point: TimePoint) -> String {
    let sun = |word: &str, minutes: i16| match minutes {
        0 => word.to_owned(),
        late if late > 0 => format!("{} after {word}", lasting(u32::from(late.unsigned_abs()) * 60)),
        early => format!("{} before {word}", lasting(u32::from(early.unsigned_abs()) * 60)),
    };
    match point {
        TimePoint::Time(at) => time(at),
        TimePoint::Sunrise(minutes) => sun("sunrise", minutes),
        TimePoint::Sunset(minutes) => sun("sunset", minutes),
    }
}

fn daily(daily: &Daily) -> String {
    format!("{} {}", days(daily.days), point(daily.at))
}

/// When a schedule of version 1 acts.
#[must_use]
pub fn when(when: &When, random_s: u32, utc: bool) -> String {
    let mut words = match when {
        When::Once(at) => format!("Once, {}", at.strftime("%-d %b %Y %H:%M")),
        When::Weekly(on, at) => format!("{} {}", days(*on), time(*at)),
        When::Interval(on, from, until) => format!("{} {}\u{2013}{}", days(*on), time(*from), time(*until)),
        When::Timer { seconds, repeat: None } => format!("{} after it is started", lasting(*seconds)),
        When::Timer { seconds, repeat: Some(None) } => format!("Every {}", lasting(*seconds)),
        When::Timer { seconds, repeat: Some(Some(times)) } => format!("Every {}, {times} times", lasting(*seconds)),
    };
    if utc {
        words.push_str(" UTC");
    }
    if random_s > 0 {
        words.push_str(&format!(", up to {} later", lasting(random_s)));
    }
    words
}

/// How a rule fares, if it does not work.
#[must_use]
pub const fn trouble(status: Status) -> Option<&'static str> {
    match status {
        Status::Enabled | Status::Disabled => None,
        Status::ResourceDeleted => Some("It names something that is gone, and does nothing"),
        Status::LoopsDetected => Some("It triggered itself again and again, and was stopped"),
    }
}

/// Names of things in a snapshot.
#[derive(Clone, Copy, Debug)]
pub struct Names<'a>(pub &'a Snapshot);

impl Names<'_> {
    /// A light.
    #[must_use]
    pub fn light(&self, id: &LightId) -> String {
        self.0.lights.lights.get(id).map_or_else(|| "a light that is gone".to_owned(), |light| light.name.to_string())
    }

    /// A room or zone.
    #[must_use]
    pub fn group(&self, id: &GroupId) -> String {
        self.0.lights.groups.get(id).map_or_else(|| "a room that is gone".to_owned(), |group| group.name.to_string())
    }

    /// A room, a zone or the whole home.
    #[must_use]
    pub fn place(&self, place: &Place) -> String {
        place.as_ref().map_or_else(|| "Whole home".to_owned(), |group| self.group(group))
    }

    fn places(&self, places: &[Place]) -> String {
        let named: Vec<String> = places.iter().map(|place| self.place(place)).collect();
        if named.is_empty() { "Nothing".to_owned() } else { named.join(", ") }
    }

    /// A scene.
    #[must_use]
    pub fn scene(&self, id: &SceneId) -> String {
        self.0.lights.scenes.get(id).map_or_else(|| "a scene that is gone".to_owned(), |scene| scene.name.to_string())
    }

    fn input(&self, id: &InputId) -> String {
        self.0.lights.inputs.get(id).map_or_else(|| "a sensor that is gone".to_owned(), |input| input.name.to_string())
    }

    fn object(&self, id: &ObjectId) -> String {
        self.0.bridge.objects.get(id).map_or_else(|| "something that is gone".to_owned(), |it| it.name().to_string())
    }

    /// Whose something is: the app's name, without its device.
    #[must_use]
    pub fn owner(&self, owner: Option<&AppId>) -> Option<String> {
        let app = self.0.bridge.apps.get(owner?);
        let name = |name: &Arc<str>| name.split('#').next().unwrap_or(name).to_owned();
        Some(app.map_or_else(|| "an app that was revoked".to_owned(), |app| name(&app.name)))
    }

    fn doing(&self, doing: &Doing) -> String {
        match doing {
            Doing::On => "on".to_owned(),
            Doing::Off => "off".to_owned(),
            Doing::Recall(scene) => format!("scene {}", self.scene(scene)),
        }
    }

    /// What is done with which places.
    #[must_use]
    pub fn doings(&self, doings: &[(Place, Doing)]) -> String {
        let said: Vec<String> =
            doings.iter().map(|(place, doing)| format!("{} {}", self.place(place), self.doing(doing))).collect();
        if said.is_empty() { "Nothing".to_owned() } else { said.join(", ") }
    }

    /// When a behaviour acts, and what it does then.
    #[must_use]
    pub fn job(&self, job: &Job) -> (String, String) {
        match job {
            Job::WakeUp { places, when, fade_s, brightness, off_after_s } => {
                let off = off_after_s.map(|s| format!(", off {} later", lasting(s))).unwrap_or_default();
                let to = format!("{:.0}\u{a0}%", brightness * 100.0);
                (
                    format!("{}, from {} before", daily(when), lasting(*fade_s)),
                    format!("Wakes {} up to {to}{off}", self.places(places)),
                )
            }
            Job::Sleep { places, when, fade_s, end } => {
                let begins = when.as_ref().map_or_else(|| "By hand".to_owned(), daily);
                let end = match end {
                    End::Off => "off",
                    End::Nightlight => "a night light",
                };
                (begins, format!("Dims {} for {} to {end}", self.places(places), lasting(*fade_s)))
            }
            Job::Schedule { doings, from, until, transition_s, random_s } => {
                let mut begins = daily(from);
                if let Some(until) = until {
                    begins.push_str(&format!(" until {}", point(*until)));
                }
                if *random_s > 0 {
                    begins.push_str(&format!(", up to {} earlier or later", lasting(*random_s)));
                }
                let slowly =
                    if *transition_s > 0 { format!(", over {}", lasting(*transition_s)) } else { String::new() };
                (begins, format!("{}{slowly}", self.doings(doings)))
            }
            Job::Timer { doings, seconds } => {
                (format!("{} after it is started", lasting(*seconds)), self.doings(doings))
            }
            Job::Motion { input, by_day, off_after_s, brighter_than } => {
                let dark = brighter_than.map(|lux| format!(" below {lux:.0}\u{a0}lx")).unwrap_or_default();
                let parts: Vec<String> = by_day
                    .iter()
                    .map(|(from, doings)| format!("from {} {}", point(*from), self.doings(doings)))
                    .collect();
                (
                    format!("While {} sees motion{dark}", self.input(input)),
                    format!("{}; off after {}", parts.join("; "), lasting(*off_after_s)),
                )
            }
            Job::Switch { input, buttons } => (
                format!("By the buttons of {}", self.input(input)),
                format!("{} used", words::many(buttons.len(), "button")),
            ),
            Job::Presence { coming, doings } => {
                let when = if *coming { "When the first comes home" } else { "When the last leaves" };
                (when.to_owned(), self.doings(doings))
            }
        }
    }

    /// The parts of days of scenes by day and time.
    #[must_use]
    pub fn weeks(&self, scene: &SmartScene) -> String {
        let weeks = scene.weeks.iter().map(|week| {
            let slots: Vec<String> =
                week.slots.iter().map(|(from, scene)| format!("{} {}", point(*from), self.scene(scene))).collect();
            format!("{} {}", days(week.days), slots.join(", "))
        });
        weeks.collect::<Vec<_>>().join("; ")
    }

    /// The parts of the day of a scene of lights.
    #[must_use]
    pub fn slots(&self, slots: &[Slot]) -> String {
        let slots = slots.iter().map(|slot| {
            format!("{:02}:{:02} {}", slot.from_minute / 60, slot.from_minute % 60, self.scene(&slot.scene))
        });
        slots.collect::<Vec<_>>().join(", ")
    }

    /// What a rule or schedule does, in order.
    #[must_use]
    pub fn acts(&self, acts: &[Act]) -> String {
        let said: Vec<String> = acts.iter().map(|act| self.act(act)).collect();
        if said.is_empty() { "Nothing that is known here".to_owned() } else { words::capital(&said.join(", ")) }
    }

    fn act(&self, act: &Act) -> String {
        match act {
            Act::Lights(command) => self.command(command),
            Act::Write(id, _) => format!("writes {}", self.object(id)),
            Act::Enable(id, on) => format!("turns {} {}", self.object(id), if *on { "on" } else { "off" }),
            Act::Remove(id) => format!("removes {}", self.object(id)),
        }
    }

    fn command(&self, command: &lights::Command) -> String {
        match command {
            lights::Command::Set { aims, change } => {
                let whose = self.aims(aims);
                match (change.on, change.brightness) {
                    (Some(false), _) => format!("{whose} off"),
                    (_, Some(share)) => format!("{whose} at {:.0}\u{a0}%", share * 100.0),
                    (Some(true), None) => format!("{whose} on"),
                    (None, None) => format!("another colour for {whose}"),
                }
            }
            lights::Command::Step { aims, by } => {
                format!("{} {}", self.aims(aims), if *by < 0.0 { "darker" } else { "brighter" })
            }
            lights::Command::Recall { scene, .. } => format!("scene {}", self.scene(scene)),
            _ => "something with lights".to_owned(),
        }
    }

    fn aims(&self, aims: &[Aim]) -> String {
        let named: Vec<String> = aims
            .iter()
            .map(|aim| match aim {
                Aim::Light(id) => self.light(id),
                Aim::Group(id) => self.group(id),
                Aim::All => "all lights".to_owned(),
            })
            .collect();
        named.join(", ")
    }

    /// When a rule triggers.
    #[must_use]
    pub fn conditions(&self, conditions: &[Condition]) -> String {
        let said: Vec<String> = conditions.iter().map(|condition| self.condition(condition)).collect();
        if said.is_empty() { "Never".to_owned() } else { format!("When {}", said.join(" and ")) }
    }

    fn condition(&self, condition: &Condition) -> String {
        let subject = self.subject(&condition.subject);
        match &condition.operator {
            Operator::Equal(value) => match (&condition.subject, value) {
                (Subject::Daylight, 0) => "it is night".to_owned(),
                (Subject::Daylight, _) => "it is day".to_owned(),
                (Subject::Group(..) | Subject::Light(_, LightField::On), 0) => format!("{subject} off"),
                (Subject::Group(..) | Subject::Light(_, LightField::On), _) => format!("{subject} on"),
                _ => format!("{subject} is {value}"),
            },
            Operator::Greater(value) => format!("{subject} is above {value}"),
            Operator::Less(value) => format!("{subject} is below {value}"),
            Operator::Changed => format!("{subject} changes"),
            Operator::ChangedAgo(s) => format!("{subject} changed {} ago", lasting(*s)),
            Operator::Stable(s) => format!("{subject} does not change for {}", lasting(*s)),
            Operator::NotStable(s) => format!("{subject} changed within {}", lasting(*s)),
            Operator::Within(on, from, until) => between("", *on, *from, *until),
            Operator::Outside(on, from, until) => between("not ", *on, *from, *until),
        }
    }

    fn subject(&self, subject: &Subject) -> String {
        match subject {
            Subject::Input(id, key) if &**key == "updated" => self.input(id),
            Subject::Input(id, key) => format!("{} of {}", key.replace('_', " "), self.input(id)),
            Subject::Clip(id, member) => format!("{member} of {}", self.object(id)),
            Subject::Light(id, LightField::On) => format!("{} is", self.light(id)),
            Subject::Light(id, LightField::Bri) => format!("the brightness of {}", self.light(id)),
            Subject::Light(id, LightField::Reachable) => format!("the reach of {}", self.light(id)),
            Subject::Group(group, Any::Any) => format!("any light of {} is", self.place(group)),
            Subject::Group(group, Any::All) => format!("every light of {} is", self.place(group)),
            Subject::Daylight => "daylight".to_owned(),
            Subject::Clock => "the clock".to_owned(),
        }
    }
}

fn between(not: &str, on: Days, from: Time, until: Time) -> String {
    let days = if on == Days::ALL { String::new() } else { format!(" ({})", days(on)) };
    format!("it is {not}between {} and {}{days}", time(from), time(until))
}
