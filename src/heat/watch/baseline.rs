//! The usual picture: per cell a slow running mean and variance of temperature, and what stands out from it.
//!
//! The weight of a frame is `1 - exp(-dt / 10 min)`, whatever the frame rate; at the beginning, when that would be less
//! than an equal share, every frame counts the same. Source of the update: T. Finch, "Incremental calculation of weighted
//! mean and variance" (2009), section 9.
//!
//! Invariant: mean and variance are finite; the variance of a cell that never had a value is negative.

use std::sync::Arc;
use std::time::Duration;

use crate::heat::watch::rest::Step;
use crate::heat::watch::scene::{Flood, Group, Scene};
use crate::model::learned::Baseline;
use crate::units::moment::Moment;

/// Time constant of the running mean and variance, s.
const TAU_S: f32 = 600.0;
/// Learning ends after this, s.
const LEARNING_S: f32 = 300.0;
/// A longer pause between two frames counts as so long.
const LONGEST_STEP: Duration = Duration::from_secs(10);
/// A cell is unusual if it lies by more than this above its mean, K, ...
const ABOVE_K: f32 = 3.0;
/// ... and by more than so many standard deviations.
const SIGMAS: f32 = 4.0;
/// The least standard deviation that is believed, K.
const LEAST_SIGMA: f32 = 0.3;
/// No array measures beyond this, C; keeps every number finite.
const FARTHEST: f32 = 1e4;

/// Whether a temperature stands out from what is usual for its cell.
pub(super) fn is_unusual(celsius: f32, mean: f32, variance: f32) -> bool {
    let above = celsius - mean;
    let spread = SIGMAS * SIGMAS * variance.max(LEAST_SIGMA * LEAST_SIGMA);
    (above > ABOVE_K) & (above * above > spread) & (variance >= 0.0)
}

/// The largest group of cells that stand out; `None` if the usual picture is not known.
pub(super) fn largest_unusual(baseline: &Baseline, scene: &Scene<'_>, flood: &mut Flood) -> Option<Option<Group>> {
    if baseline.learning || !fits(baseline, scene) {
        return None;
    }
    let unusual = || cells(baseline, scene).map(|(celsius, mean, variance)| is_unusual(celsius, mean, variance));
    // One pass without branches settles it for most frames.
    Some(if unusual().fold(false, |any, this| any | this) { flood.largest(scene, unusual()) } else { None })
}

fn cells<'a>(baseline: &'a Baseline, scene: &Scene<'a>) -> impl Iterator<Item = (f32, f32, f32)> + 'a {
    let usual = baseline.mean.iter().zip(&baseline.variance);
    scene.cells.iter().zip(usual).map(|(&celsius, (&mean, &variance))| (celsius, mean, variance))
}

fn fits(baseline: &Baseline, scene: &Scene<'_>) -> bool {
    baseline.size == scene.size && is_whole(baseline)
}

fn is_whole(baseline: &Baseline) -> bool {
    let n = baseline.size.cells();
    baseline.mean.len() == n && baseline.variance.len() == n
}

/// The usual picture of one array as it is learned.
#[derive(Clone, Debug, Default)]
pub(super) struct Usual {
    known: Option<Baseline>,
    last: Option<Moment>,
}

impl Usual {
    /// As it was known.
    pub fn new(known: Option<&Baseline>) -> Self {
        let sound = |b: &&Baseline| is_whole(b) && b.mean.iter().chain(&b.variance).all(|v| v.is_finite());
        Self { known: known.filter(sound).cloned(), last: None }
    }

    /// Whether it is too early to tell what is unusual.
    pub fn is_learning(&self) -> bool {
        self.known.as_ref().is_none_or(|known| known.learning)
    }

    /// Whether there is one at all.
    pub const fn is_known(&self) -> bool {
        self.known.is_some()
    }

    /// What is known, to be kept.
    pub fn kept(&self) -> Option<Arc<Baseline>> {
        self.known.clone().map(Arc::new)
    }

    /// The largest group of cells that stand out; `None` while learning.
    pub fn look(&self, scene: &Scene<'_>, flood: &mut Flood) -> Option<Option<Group>> {
        self.known.as_ref().and_then(|known| largest_unusual(known, scene, flood))
    }

    /// Learns from a frame, unless something is wrong (`quiet` is false); cells that stand out teach nothing.
    pub fn learn(&mut self, scene: &Scene<'_>, at: Moment, quiet: bool) -> Step {
        let passed =
            self.last.replace(at).map_or(Duration::ZERO, |last| at.since(last)).min(LONGEST_STEP).as_secs_f32();
        if !quiet {
            return Step::Nothing;
        }
        if !self.known.as_ref().is_some_and(|known| fits(known, scene)) {
            self.known = Some(blank(scene));
        }
        let Some(known) = &mut self.known else { return Step::Nothing };
        learn(known, scene, weight(known.seconds, passed));
        known.seconds += passed;
        let done = known.learning && known.seconds >= LEARNING_S;
        known.learning &= !done;
        if done { Step::Done } else { Step::Further }
    }
}

fn blank(scene: &Scene<'_>) -> Baseline {
    let n = scene.size.cells();
    Baseline { size: scene.size, mean: vec![0.0; n], variance: vec![-1.0; n], seconds: 0.0, learning: true }
}

/// The weight of a frame `passed` seconds after the one before, when `seconds` were learned. An equal share counts the
/// very first frame as long as this one.
fn weight(seconds: f32, passed: f32) -> f32 {
    if passed > 0.0 { (1.0 - (-passed / TAU_S).exp()).max(passed / (seconds + 2.0 * passed)) } else { 0.0 }
}

fn learn(known: &mut Baseline, scene: &Scene<'_>, weight: f32) {
    let all = known.learning;
    for ((mean, variance), &celsius) in known.mean.iter_mut().zip(&mut known.variance).zip(scene.cells) {
        let has_value = celsius.abs() < FARTHEST;
        let teaches = has_value & (all | !is_unusual(celsius, *mean, *variance));
        let weight = if *variance < 0.0 { 1.0 } else { weight };
        let weight = if teaches { weight } else { 0.0 };
        let off = if has_value { celsius - *mean } else { 0.0 };
        let step = weight * off;
        *mean += step;
        *variance = (1.0 - weight) * (*variance + off * step);
    }
}
