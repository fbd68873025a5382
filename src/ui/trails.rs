//! How bright each light was lately, as this window saw it. Knows nothing of the scene.
//!
//! Invariant: nothing is kept that is older than [`time::OVERVIEW`] but the value in force at its beginning, and at most
//! [`MOST`] changes of a light: those of one [`STEP`] become one, the last of them.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use crate::model::lights::{self, Light, LightId, Lights};
use crate::model::message::{Stamped, Update};
use crate::ui::theme::time;
use crate::units::moment::Moment;

/// Changes of a light that are kept.
const MOST: usize = 300;
/// Changes closer than this become one.
const STEP: Duration = Duration::from_secs(2);

/// What was seen of all lights.
#[derive(Debug, Default)]
pub struct Trails {
    began: Option<Moment>,
    /// From when on a light showed what: moments ascend.
    of: BTreeMap<LightId, VecDeque<(Moment, f32)>>,
}

/// The brightness that a light shows, as far as it is known: 0..=1, 0 if it is off.
#[must_use]
pub fn shown(light: &Light) -> f32 {
    if light.reported.on.unwrap_or(light.wanted.on) {
        light.reported.brightness.unwrap_or(light.wanted.brightness)
    } else {
        0.0
    }
}

impl Trails {
    /// Since when this window watches, if it does.
    #[must_use]
    pub const fn began(&self) -> Option<Moment> {
        self.began
    }

    /// Begins to watch, if it did not yet.
    pub fn begin(&mut self, now: Moment) {
        self.began.get_or_insert(now);
    }

    /// Notes a fact; `before` is how lights were before it.
    pub fn note(&mut self, before: &Lights, fact: &Stamped) {
        match &fact.update {
            Update::Lights(lights::Update::Light(light)) => self.push(before, light, fact.at),
            Update::Lights(lights::Update::LightGone(id)) => drop(self.of.remove(id)),
            _ => {}
        }
    }

    fn push(&mut self, before: &Lights, light: &Light, at: Moment) {
        let value = shown(light);
        let began = self.began.unwrap_or(at);
        let trail = self.of.entry(light.id.clone()).or_insert_with(|| {
            let was = before.lights.get(&light.id).map(|was| (began, shown(was)));
            was.into_iter().collect()
        });
        match trail.back().copied() {
            Some((_, last)) if last == value => return,
            Some((since, _)) if trail.len() > 1 && at.since(since) < STEP => {
                trail.pop_back();
                trail.push_back((since, value));
            }
            _ => trail.push_back((at, value)),
        }
        let old = |trail: &VecDeque<(Moment, f32)>| {
            trail.get(1).is_some_and(|(next, _)| at.since(*next) >= time::OVERVIEW) || trail.len() > MOST
        };
        while old(trail) {
            trail.pop_front();
        }
    }

    /// The brightness of a light over the last minutes as corners of a line that goes up and down in steps: from
    /// [`time::OVERVIEW`] ago, or from where this window or the light began, up to now.
    #[must_use]
    pub fn steps(&self, light: &Light, now: Moment) -> Vec<(Moment, f64)> {
        let kept = self.of.get(&light.id);
        let known = kept.and_then(|trail| trail.front()).map(|(at, _)| *at);
        let from = (now - time::OVERVIEW).max(known.or(self.began).unwrap_or(now));
        let mut corners: Vec<(Moment, f64)> = Vec::new();
        for (at, value) in kept.into_iter().flatten().map(|(at, value)| (*at, f64::from(*value))) {
            match corners.last().copied() {
                _ if at < from => corners = vec![(from, value)],
                Some((_, before)) => corners.extend([(at, before), (at, value)]),
                None => corners.push((at, value)),
            }
        }
        let value = f64::from(shown(light));
        let last = corners.last().map_or(value, |(_, last)| *last);
        if corners.is_empty() {
            corners.push((from, value));
        }
        corners.push((now, last));
        if last != value {
            corners.push((now, value));
        }
        corners
    }
}
