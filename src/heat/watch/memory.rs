//! What a watch learns: rest levels and the usual picture, and when that is told.
//!
//! Invariant: rest levels of at most [`MAX_LANES`] channels.

use std::sync::Arc;
use std::time::Duration;

use crate::heat::watch::baseline::Usual;
use crate::heat::watch::rest::{Lane, Step, same_key};
use crate::heat::watch::scene::Scene;
use crate::model::alarms::rule::{ChannelUnit, Input, Source};
use crate::model::learned::Learned;
use crate::units::moment::Moment;

/// What was learned is published this often.
const PUBLISH_EVERY: Duration = Duration::from_secs(60);
/// Channels of one device whose rest level is learned.
const MAX_LANES: usize = 32;

/// What is known of one device, and what is new of it.
#[derive(Clone, Debug)]
pub(super) struct Memory {
    lanes: Vec<Lane>,
    /// The usual picture.
    pub usual: Usual,
    published: Option<Moment>,
    /// Whether anything was learned since.
    news: bool,
    /// Whether it cannot wait for its minute.
    pressing: bool,
    sort: Vec<f32>,
}

impl Memory {
    /// What was known before, if anything was.
    pub fn new(learned: Option<&Learned>, now: Moment) -> Self {
        let mut sort = Vec::new();
        let rests = learned.map(|learned| &learned.rests).into_iter().flatten().take(MAX_LANES);
        Self {
            lanes: rests.map(|(key, rest)| Lane::known(Arc::clone(key), rest, &mut sort)).collect(),
            usual: Usual::new(learned.and_then(|learned| learned.baseline.as_deref())),
            published: learned.map(|_| now),
            news: false,
            pressing: false,
            sort,
        }
    }

    /// Where the rest level of a channel is kept, if it is: that of analogue ones, and where it is `asked` for.
    /// `likely` is where it may be.
    pub fn place(&mut self, likely: usize, key: &str, asked: impl FnOnce() -> bool) -> Option<usize> {
        let is_it = |lane: &Lane| *lane.key == *key;
        if self.lanes.get(likely).is_some_and(is_it) {
            return Some(likely);
        }
        let known = self.lanes.iter().position(is_it);
        if known.is_none() && self.lanes.len() < MAX_LANES && (key.starts_with("ADC") || asked()) {
            self.lanes.push(Lane::new(key.into()));
            return Some(self.lanes.len() - 1);
        }
        known
    }

    /// The rest level at a place.
    pub fn lane(&self, place: usize) -> Option<&Lane> {
        self.lanes.get(place)
    }

    /// Learns from a reading, percent.
    pub fn take(&mut self, place: usize, percent: f64, now: Moment) {
        if let Some(lane) = self.lanes.get_mut(place) {
            let step = lane.take(percent, now, &mut self.sort);
            self.note(step);
        }
    }

    /// Learns from a frame, if it is `quiet`.
    pub fn learn(&mut self, scene: &Scene<'_>, at: Moment, quiet: bool) {
        let step = self.usual.learn(scene, at, quiet);
        self.note(step);
    }

    const fn note(&mut self, step: Step) {
        self.news |= !matches!(step, Step::Nothing);
        self.pressing |= matches!(step, Step::Done);
    }

    /// Whether a source has no value as long as something is being learned.
    pub fn keeps_waiting(&self, source: &Source) -> bool {
        let lane = |key: &str| self.lanes.iter().find(|lane| same_key(&lane.key, key));
        match &source.input {
            Input::Unusual => self.usual.is_learning(),
            Input::AboveRest { key } => lane(key).is_none_or(|lane| lane.rest.learning),
            Input::Channel { key, unit: ChannelUnit::Percent } => lane(key).is_some_and(|lane| !lane.counts(source)),
            _ => false,
        }
    }

    /// Forgets everything, and has that to tell if there was anything.
    pub fn forget(&mut self, now: Moment) {
        self.pressing = !self.lanes.is_empty() || self.usual.is_known();
        self.lanes.iter_mut().for_each(Lane::relearn);
        self.usual = Usual::default();
        (self.published, self.news) = (Some(now), false);
    }

    /// What is known, if there is news and it is time; what was never published is due at once.
    pub fn publish(&mut self, now: Moment) -> Option<Arc<Learned>> {
        let due = self.news && self.published.is_none_or(|then| now.since(then) >= PUBLISH_EVERY);
        if !due && !self.pressing {
            return None;
        }
        (self.published, self.news, self.pressing) = (Some(now), false, false);
        let rests = self.lanes.iter().map(|lane| (Arc::clone(&lane.key), lane.rest.clone())).collect();
        Some(Arc::new(Learned { rests, baseline: self.usual.kept() }))
    }
}
