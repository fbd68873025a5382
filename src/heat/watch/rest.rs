//! Rest levels: the running median of a channel while nothing is wrong, and its noise.
//!
//! A sample is the mean of the readings of ten seconds; the median and the median absolute deviation are those of the
//! last half an hour.
//!
//! Invariant: at most [`KEPT`] samples, all finite; the first [`LEARNING`] of them are for learning.

use std::sync::Arc;
use std::time::Duration;

use crate::heat::gas::ChannelMeaning;
use crate::model::alarms::rule::{Compare, Source};
use crate::model::learned::Rest;
use crate::units::moment::Moment;

/// One sample each.
const SAMPLE: Duration = Duration::from_secs(10);
/// Samples kept: 30 min.
const KEPT: usize = 180;
/// Samples until a rest level is known: 5 min.
const LEARNING: usize = 30;
/// By how many points an absolute threshold must lie beyond the present level to count while that is being learned.
pub(super) const MARGIN: f64 = 5.0;
/// No converter reads beyond this, percent; keeps every sample finite.
const FARTHEST: f64 = 1e6;

/// How far learning came by one reading or frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Nothing new.
    Nothing,
    /// A little.
    Further,
    /// Learning ended with this one.
    Done,
}

/// Whether two keys name the same input: `DIO` and `MPY30` do.
pub(super) fn same_key(one: &str, other: &str) -> bool {
    let is_digital = |key| ChannelMeaning::of(key) == ChannelMeaning::FlameDigital;
    one == other || (is_digital(one) && is_digital(other))
}

/// The rest level of one channel as it is learned.
#[derive(Clone, Debug)]
pub(super) struct Lane {
    /// The channel's key on the wire.
    pub key: Arc<str>,
    /// What is known.
    pub rest: Rest,
    /// Sum and number of the readings of the sample that is being gathered, percent.
    gathered: (f64, u32),
    /// When that sample began.
    began: Option<Moment>,
}

impl Lane {
    /// A channel of which nothing is known.
    pub fn new(key: Arc<str>) -> Self {
        Self { key, rest: Rest { learning: true, ..Rest::default() }, gathered: (0.0, 0), began: None }
    }

    /// A channel of which something was known.
    pub fn known(key: Arc<str>, rest: &Rest, sort: &mut Vec<f32>) -> Self {
        let mut lane = Self::new(key);
        let finite = rest.samples.iter().copied().filter(|sample| sample.is_finite());
        lane.rest.samples.extend(finite);
        lane.rest.samples.drain(..lane.rest.samples.len().saturating_sub(KEPT));
        lane.rest.learning = rest.learning || lane.rest.samples.is_empty();
        lane.settle(sort);
        lane
    }

    /// Forgets what is known.
    pub fn relearn(&mut self) {
        *self = Self::new(Arc::clone(&self.key));
    }

    /// The present level, percent; also while learning, as soon as there was a reading.
    pub fn level(&self) -> Option<f64> {
        let (sum, n) = self.gathered;
        if self.rest.samples.is_empty() {
            (n > 0).then(|| sum / f64::from(n))
        } else {
            Some(f64::from(self.rest.median))
        }
    }

    /// Whether an absolute threshold of a source counts: while learning, only one that lies well beyond the present
    /// level. Many a board rests above the usual thresholds.
    pub fn counts(&self, source: &Source) -> bool {
        !self.rest.learning
            || self.level().is_some_and(|level| match source.compare {
                Compare::AtLeast => source.threshold >= level + MARGIN,
                Compare::AtMost => source.threshold <= level - MARGIN,
            })
    }

    /// Takes a reading, percent. `sort` is room to sort in.
    pub fn take(&mut self, percent: f64, now: Moment, sort: &mut Vec<f32>) -> Step {
        let began = *self.began.get_or_insert(now);
        let passed = now.since(began);
        let mut step = Step::Nothing;
        if passed >= SAMPLE {
            step = self.sample(sort);
            let whole = passed.as_nanos() / SAMPLE.as_nanos();
            self.began = Some(began + SAMPLE * u32::try_from(whole).unwrap_or(u32::MAX));
        }
        let (sum, n) = &mut self.gathered;
        *sum += percent.clamp(-FARTHEST, FARTHEST);
        *n += 1;
        step
    }

    fn sample(&mut self, sort: &mut Vec<f32>) -> Step {
        let (sum, n) = std::mem::take(&mut self.gathered);
        if n == 0 {
            return Step::Nothing;
        }
        if self.rest.samples.len() >= KEPT {
            self.rest.samples.remove(0);
        }
        self.rest.samples.push((sum / f64::from(n)) as f32);
        self.settle(sort);
        let done = self.rest.learning && self.rest.samples.len() >= LEARNING;
        self.rest.learning &= !done;
        if done { Step::Done } else { Step::Further }
    }

    fn settle(&mut self, sort: &mut Vec<f32>) {
        let Rest { samples, median, mad, .. } = &mut self.rest;
        sort.clear();
        sort.extend_from_slice(samples);
        *median = middle(sort);
        for value in sort.iter_mut() {
            *value = (*value - *median).abs();
        }
        *mad = middle(sort);
    }
}

/// The median; of an even number of values, the mean of the middle two; 0 of none. Sorts them.
fn middle(values: &mut [f32]) -> f32 {
    values.sort_unstable_by(f32::total_cmp);
    let upper = values.get(values.len() / 2).copied().unwrap_or(0.0);
    let lower = values.get(values.len().saturating_sub(1) / 2).copied().unwrap_or(0.0);
    f32::midpoint(lower, upper)
}
