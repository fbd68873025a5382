//! What one source shows at one device: measured as the evaluator does, with its age and what it waits for.
//!
//! Invariant: what is too old, or unknown, is never on.

use std::sync::Arc;
use std::time::Duration;

use crate::heat::gas;
use crate::heat::watch::measure::{self, Facts, Measured};
use crate::model::alarms::rule::{Compare, Input, Source};
use crate::model::learned::Learned;
use crate::model::thermal::ThermalFrame;
use crate::port::slots::{ChannelSlot, DeviceSlot, Ring};
use crate::ui::panels::automations::inputs;
use crate::ui::panels::automations::units::Unit;
use crate::ui::words;
use crate::units::moment::Moment;
use crate::units::temperature::Scale;

/// Bits of the boards' converters.
const ADC_BITS: u8 = 12;
/// How far back crossings are counted.
const BACK: Duration = Duration::from_secs(600);
/// A reading older than this, and than three periods, does not count.
const STALE: Duration = Duration::from_secs(10);
/// Learning takes so long.
const LEARNING_S: f32 = 300.0;
/// One sample of a rest level.
const SAMPLE_S: f32 = 10.0;

/// How often a source would have crossed its threshold, and over which time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Crossed {
    /// Times it came over.
    pub times: usize,
    /// Within this time.
    pub within: Duration,
}

/// One source at one device.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// What it shows, in the unit of its input, if it shows anything.
    pub value: Option<f64>,
    /// The threshold that counts, in the same unit.
    pub threshold: f64,
    /// Whether its condition is true, and fresh enough to count.
    pub on: bool,
    /// How far the value is from the threshold, 0 or less if it is over it.
    pub short: f64,
    /// Where it is, row and column.
    pub cell: Option<(u16, u16)>,
    /// Why it shows nothing, or what it waits for.
    pub why: Option<String>,
    /// How old it is, if that is too old to count.
    pub stale: Option<Duration>,
    /// How often it crossed lately, where that is known.
    pub crossed: Option<Crossed>,
    unit: Unit,
    above: bool,
    scale: Scale,
}

impl Reading {
    /// On, or how far from it.
    #[must_use]
    pub fn word(&self) -> String {
        match (self.on, self.stale) {
            (true, _) => "ON".to_owned(),
            (false, Some(_)) => "too old to count".to_owned(),
            (false, None) => self.distance().unwrap_or_else(|| "off".to_owned()),
        }
    }

    /// How far it is from its threshold: `4.2 K below`.
    #[must_use]
    pub fn distance(&self) -> Option<String> {
        self.value?;
        let side = if self.above { "below" } else { "above" };
        (self.short > 0.0).then(|| format!("{} {side}", self.unit.of_difference().words(self.short, self.scale)))
    }

    /// All there is to say beside the value. `threshold` is the source's own.
    #[must_use]
    pub fn note(&self, unit: Unit, threshold: f64, scale: Scale) -> String {
        let mut parts: Vec<String> = self.why.clone().into_iter().collect();
        parts.extend(self.stale.map(|age| format!("{} old, so it does not count", words::age(age))));
        parts.extend(self.distance());
        if (self.threshold - threshold).abs() > 1e-9 {
            parts.push(format!("counts from {} only", unit.words(self.threshold, scale)));
        }
        parts.extend(self.cell.map(|(row, column)| format!("row {} column {}", row + 1, column + 1)));
        parts.extend(self.crossed.map(|crossed| {
            let times = match crossed.times {
                0 => "no crossing".to_owned(),
                1 => "would have crossed once".to_owned(),
                n => format!("would have crossed {n} times"),
            };
            format!("last {}: {times}", words::age(crossed.within))
        }));
        parts.join(" \u{b7} ")
    }
}

/// What is known of one device now.
pub struct Look<'a> {
    slot: &'a DeviceSlot,
    frame: Option<Arc<ThermalFrame>>,
    learned: Option<Arc<Learned>>,
    channels: Vec<(Arc<str>, f64)>,
    ages: Vec<(Arc<str>, Duration)>,
    silent: Option<Duration>,
    array: bool,
    now: Moment,
}

impl<'a> Look<'a> {
    /// What is known of the device of a slot; `array` if it has a thermal array.
    #[must_use]
    pub fn at(slot: &'a DeviceSlot, array: bool, now: Moment) -> Self {
        let newest = |channel: &Arc<ChannelSlot>| {
            channel.readings.last().map(|(at, value)| (Arc::clone(&channel.key), at, value))
        };
        let all: Vec<_> = slot.channels().iter().filter_map(newest).collect();
        Self {
            slot,
            frame: slot.frames.newest(),
            learned: slot.learned.load_full(),
            channels: all.iter().map(|(key, _, value)| (Arc::clone(key), *value)).collect(),
            ages: all.into_iter().map(|(key, at, _)| (key, now.since(at))).collect(),
            silent: slot.last_heard().map(|at| now.since(at)),
            array,
            now,
        }
    }

    fn facts(&self) -> Facts<'_> {
        Facts {
            frame: self.frame.as_deref(),
            learned: self.learned.as_deref(),
            channels: &self.channels,
            rise: self.slot.rise.get(),
            silent_s: self.silent.map(|silent| silent.as_secs_f64()),
            period_s: self.slot.period().map(|period| period.as_secs_f64()),
        }
    }

    /// What a source shows; `None` if the device has nothing of its kind.
    #[must_use]
    pub fn reading(&self, source: &Source, scale: Scale, back: bool) -> Option<Reading> {
        let thermal = !matches!(source.input, Input::Channel { .. } | Input::AboveRest { .. } | Input::Silent);
        let key = channel_of(&source.input).map(|key| self.key(key));
        if (thermal && !self.array && self.frame.is_none()) || key == Some(None) {
            return None;
        }
        let key = key.flatten();
        let measured = measure::measure(&source.input, &self.facts());
        let threshold = measured.map_or(source.threshold, |m: Measured| {
            measure::effective(source.compare, source.threshold, m.threshold_at_least)
        });
        let above = source.compare == Compare::AtLeast;
        let value = measured.map(|measured| measured.value);
        let short = value.map_or(f64::INFINITY, |value| if above { threshold - value } else { value - threshold });
        let stale = self.age(thermal, key).filter(|age| *age > self.too_old());
        Some(Reading {
            value,
            threshold,
            on: short <= 0.0 && stale.is_none(),
            short,
            cell: measured.and_then(|measured| measured.cell),
            why: self.why(&source.input, key, value.is_none()),
            stale,
            crossed: if back { self.crossed(source, threshold, key) } else { None },
            unit: Unit::of_input(&source.input),
            above,
            scale,
        })
    }

    /// The device's own name of a channel.
    fn key(&self, wanted: &str) -> Option<&Arc<str>> {
        self.channels.iter().map(|(key, _)| key).find(|key| inputs::same_channel(key, wanted))
    }

    fn age(&self, thermal: bool, key: Option<&Arc<str>>) -> Option<Duration> {
        if thermal {
            return self.frame.as_ref().map(|frame| self.now.since(frame.at));
        }
        self.ages.iter().find(|(known, _)| Some(known) == key).map(|(_, age)| *age)
    }

    fn too_old(&self) -> Duration {
        STALE.max(self.slot.period().unwrap_or_default() * 3)
    }

    /// Why nothing is shown, or what it waits for.
    fn why(&self, input: &Input, key: Option<&Arc<str>>, nothing: bool) -> Option<String> {
        let learned = self.learned.as_deref();
        match input {
            Input::Channel { .. } | Input::AboveRest { .. } => {
                let rest = learned.zip(key).and_then(|(learned, key)| learned.rests.get(&**key));
                match rest {
                    Some(rest) if rest.learning => Some(learning(LEARNING_S - rest.samples.len() as f32 * SAMPLE_S)),
                    None if nothing => Some("learning its rest level".to_owned()),
                    _ => None,
                }
            }
            _ if !nothing => None,
            Input::Silent => Some("never heard in this run".to_owned()),
            _ if self.frame.is_none() => Some("no picture yet".to_owned()),
            _ if self.frame.as_ref().is_some_and(|frame| frame.extremes.is_none()) => {
                let masked = self.frame.as_ref().is_some_and(|frame| frame.calibrated && frame.n_masked() > 0);
                Some(if masked { "all cells are masked" } else { "uncalibrated: no temperatures" }.to_owned())
            }
            Input::Region { region, .. } => Some(format!("{region} is not there, or has no cell with a value")),
            Input::Rise { .. } => Some("not a minute of pictures yet".to_owned()),
            Input::Unusual => match learned.and_then(|learned| learned.baseline.as_deref()) {
                Some(baseline) if baseline.learning => Some(learning(LEARNING_S - baseline.seconds)),
                _ => Some("learning the usual picture".to_owned()),
            },
            _ => Some("its area lies outside the picture".to_owned()),
        }
    }

    /// How often the kept readings would have crossed the threshold.
    fn crossed(&self, source: &Source, threshold: f64, key: Option<&Arc<str>>) -> Option<Crossed> {
        let channel = || self.slot.channels().iter().find(|channel| Some(&channel.key) == key).cloned();
        let shift = |input: &Input| match input {
            Input::AboveRest { .. } => self.learned.as_deref().zip(key).and_then(|(learned, key)| {
                learned.rests.get(&**key).filter(|rest| !rest.learning).map(|rest| f64::from(rest.median))
            }),
            _ => Some(0.0),
        };
        match &source.input {
            Input::Hottest { area: None } => crossings(&self.slot.hottest, self.now, source, threshold, |value| value),
            Input::Channel { .. } | Input::AboveRest { .. } => {
                let rest = shift(&source.input)?;
                let percent = Unit::of_input(&source.input) != Unit::Plain("");
                let read = |raw: f64| if percent { gas::percent(raw, ADC_BITS) - rest } else { raw };
                crossings(&channel()?.readings, self.now, source, threshold, read)
            }
            _ => None,
        }
    }
}

fn channel_of(input: &Input) -> Option<&Arc<str>> {
    match input {
        Input::Channel { key, .. } | Input::AboveRest { key } => Some(key),
        _ => None,
    }
}

fn learning(left_s: f32) -> String {
    let left = Duration::try_from_secs_f32(left_s.max(0.0)).unwrap_or_default();
    if left < Duration::from_secs(60) {
        return "learning, less than a minute left".to_owned();
    }
    format!("learning, {}\u{a0}min left", left.as_secs().div_ceil(60))
}

/// How often kept values came over the threshold; between two times they must have gone back by the hysteresis.
fn crossings(ring: &Ring, now: Moment, source: &Source, threshold: f64, read: impl Fn(f64) -> f64) -> Option<Crossed> {
    let mut kept = Vec::new();
    ring.read(&mut kept);
    kept.retain(|(at, value)| value.is_finite() && now.since(*at) <= BACK);
    let within = now.since(kept.first()?.0);
    let sign = if source.compare == Compare::AtLeast { 1.0 } else { -1.0 };
    let (mut over, mut times) = (true, 0);
    for (i, (_, value)) in kept.iter().enumerate() {
        let excess = sign * (read(*value) - threshold);
        if excess >= 0.0 {
            times += usize::from(!over && i > 0);
            over = true;
        } else if i == 0 || excess < -source.hysteresis {
            over = false;
        }
    }
    Some(Crossed { times, within })
}
