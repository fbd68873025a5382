//! What rules look at, as numbers: what each was, and since when.
//!
//! Invariant: a value is what the last fact said, also while several facts come at once; only what a rule names is kept.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::model::bridge::object::{Clip, Object};
use crate::model::bridge::plan::{Any, Here, LightField, Subject};
use crate::model::inputs::{DARK, DAY_OFFSET, Input};
use crate::model::lights::Light;
use crate::model::lights::connection::Reach;
use crate::model::lights::group::GroupId;
use crate::model::snapshot::Snapshot;
use crate::rules::clock::due::Now;
use crate::units::color::bri_of_share;
use crate::units::moment::Moment;

/// What a subject was last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Its value, a switch as 0 or 1; `None` if it has none.
    pub value: Option<i64>,
    /// Since when, as far as that is known.
    pub changed: Moment,
    /// When it was said, by the wall clock, if that is known: a button that says the same again changed.
    pub said: Option<Timestamp>,
}

/// What all rules look at.
#[derive(Debug, Default)]
pub struct Sight {
    seen: BTreeMap<Subject, Seen>,
}

impl Sight {
    /// What a subject was last.
    #[must_use]
    pub fn of(&self, subject: &Subject) -> Option<&Seen> {
        self.seen.get(subject)
    }

    /// Looks at these subjects only. Those that are new are as they are now, since when they say.
    pub fn settle(&mut self, subjects: impl Iterator<Item = Subject>, view: &Snapshot, here: &Here, now: Now) {
        let mut before = std::mem::take(&mut self.seen);
        for subject in subjects {
            let kept = before.remove(&subject).or_else(|| self.seen.remove(&subject));
            let seen = kept.unwrap_or_else(|| {
                let (value, said) = look(&subject, view, here, now.wall);
                let changed = said.map_or(Moment::ZERO, |said| now.moment_of(said.min(now.wall)));
                Seen { value, changed, said }
            });
            self.seen.insert(subject, seen);
        }
    }

    /// What of an input changed with what it says; `heard` if it said anything new.
    pub fn input(&mut self, input: &Input, heard: bool, now: Now) -> Vec<Subject> {
        let mut changed = self.renew(now, |subject| match subject {
            Subject::Input(id, key) if *id == input.id => Some(of_input(input, key)),
            _ => None,
        });
        let updated = Subject::Input(input.id.clone(), "updated".into());
        if heard
            && !changed.contains(&updated)
            && let Some(seen) = self.seen.get_mut(&updated)
        {
            // Two things that were said in one instant.
            seen.changed = now.moment;
            changed.push(updated);
        }
        changed
    }

    /// What of an app's sensor changed.
    pub fn clip(&mut self, id: &str, clip: &Clip, now: Now) -> Vec<Subject> {
        self.renew(now, |subject| match subject {
            Subject::Clip(own, member) if *own.id == *id => Some(of_clip(clip, member)),
            _ => None,
        })
    }

    /// What of lights and groups changed, if anything.
    pub fn lights(&mut self, view: &Snapshot, now: Now) -> Vec<Subject> {
        self.renew(now, |subject| match subject {
            Subject::Light(..) | Subject::Group(..) => Some(of_lights(subject, view)),
            _ => None,
        })
    }

    /// Whether day or night began.
    pub fn daylight(&mut self, here: &Here, now: Now) -> Vec<Subject> {
        if !self.seen.contains_key(&Subject::Daylight) {
            return Vec::new();
        }
        self.renew(now, |subject| (*subject == Subject::Daylight).then(|| (here.is_day(now.wall).map(i64::from), None)))
    }

    /// What changed of everything: for when facts were missed.
    pub fn all(&mut self, view: &Snapshot, here: &Here, now: Now) -> Vec<Subject> {
        self.renew(now, |subject| Some(look(subject, view, here, now.wall)))
    }

    fn renew(&mut self, now: Now, look: impl Fn(&Subject) -> Option<(Option<i64>, Option<Timestamp>)>) -> Vec<Subject> {
        let mut changed = Vec::new();
        for (subject, seen) in &mut self.seen {
            let Some((value, said)) = look(subject) else { continue };
            let again = matches!(subject, Subject::Input(_, key) | Subject::Clip(_, key) if is_event(key));
            if value != seen.value || (again && said != seen.said) {
                seen.changed = now.moment;
                changed.push(subject.clone());
            }
            (seen.value, seen.said) = (value, said);
        }
        changed
    }
}

/// Whether saying the same again counts as a change.
fn is_event(key: &str) -> bool {
    matches!(key, "button" | "buttonevent" | "updated" | "lastupdated")
}

/// What a subject is now, and when it said so if it says that.
fn look(subject: &Subject, view: &Snapshot, here: &Here, wall: Timestamp) -> (Option<i64>, Option<Timestamp>) {
    match subject {
        Subject::Input(id, key) => view.lights.inputs.get(id).map_or((None, None), |input| of_input(input, key)),
        Subject::Clip(id, member) => match view.bridge.objects.get(id).map(Arc::as_ref) {
            Some(Object::Clip(clip)) => of_clip(clip, member),
            _ => (None, None),
        },
        Subject::Light(..) | Subject::Group(..) => of_lights(subject, view),
        Subject::Daylight => (here.is_day(wall).map(i64::from), None),
        Subject::Clock => (None, None),
    }
}

fn of_input(input: &Input, key: &str) -> (Option<i64>, Option<Timestamp>) {
    let kept = match key {
        "updated" => return (None, input.said.values().map(|(at, _)| *at).max()),
        "dark" | "daylight" => "light_level",
        key => key,
    };
    let Some((at, said)) = input.said.get(kept) else { return (None, None) };
    let level = said.number();
    let value = match key {
        "dark" => level.map(|level| i64::from(level < DARK)),
        "daylight" => level.map(|level| i64::from(level > DARK + DAY_OFFSET)),
        _ => level,
    };
    (value, Some(*at))
}

fn of_clip(clip: &Clip, member: &str) -> (Option<i64>, Option<Timestamp>) {
    let member_of = |text: &str| serde_json::from_str::<Map<String, Value>>(text).ok()?.remove(member);
    let value = match member_of(&clip.state).or_else(|| member_of(&clip.config)) {
        Some(Value::Bool(yes)) => Some(i64::from(yes)),
        Some(Value::Number(number)) => number.as_i64(),
        _ => None,
    };
    (value, clip.updated)
}

fn of_lights(subject: &Subject, view: &Snapshot) -> (Option<i64>, Option<Timestamp>) {
    let value = match subject {
        Subject::Light(id, field) => view.lights.lights.get(id).map(|light| of_light(light, *field)),
        Subject::Group(group, any) => of_group(group.as_ref(), *any, view).map(i64::from),
        _ => None,
    };
    (value, None)
}

fn of_light(light: &Light, field: LightField) -> i64 {
    match field {
        LightField::On => i64::from(light.wanted.on),
        LightField::Bri => i64::from(bri_of_share(light.wanted.brightness)),
        LightField::Reachable => i64::from(matches!(light.reach, Reach::Online)),
    }
}

fn of_group(group: Option<&GroupId>, any: Any, view: &Snapshot) -> Option<bool> {
    let lights = &view.lights.lights;
    let on = |light: &Arc<Light>| light.wanted.on;
    match group {
        Some(id) => {
            let mut members = view.lights.groups.get(id)?.lights.iter().filter_map(|id| lights.get(id)).peekable();
            Some(match any {
                Any::Any => members.any(on),
                Any::All => members.peek().is_some() && members.all(on),
            })
        }
        None => Some(match any {
            Any::Any => lights.values().any(on),
            Any::All => !lights.is_empty() && lights.values().all(on),
        }),
    }
}
