//! What a rule would do now, at each device in its scope: sources are measured as the evaluator does, and fused.
//!
//! Invariant: the condition of the newest reading only; readings in a row, times and latches are not waited for.
//! Invariant: a rule is looked through at most ten times a second, all rules together once a second.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use crate::heat::fusion::{self, Standing, Verdict};
use crate::heat::watch::measure::{self, Facts, Measured};
use crate::model::alarms::rule::{Compare, Input, Level, Rule, RuleId, Source};
use crate::model::learned::Learned;
use crate::model::sensors::{Device, DeviceId};
use crate::model::thermal::ThermalFrame;
use crate::port::slots::{DeviceSlot, Ring};
use crate::ui::panels::automations::inputs;
use crate::ui::panels::automations::units::Unit;
use crate::ui::scene::Scene;
use crate::ui::words;
use crate::units::moment::Moment;
use crate::units::temperature::Scale;

/// How often the selected rule is looked through at most.
const AGAIN: Duration = Duration::from_millis(100);
/// How often all rules are.
const MARK: Duration = Duration::from_secs(1);
/// How far back crossings are counted.
const BACK: Duration = Duration::from_secs(600);
/// A reading older than this, and than three periods, does not count.
const STALE: Duration = Duration::from_secs(10);
/// Learning takes so long.
const LEARNING_S: f32 = 300.0;
/// One sample of a rest level.
const SAMPLE_S: f32 = 10.0;
/// Places that the sentence names.
const NAMED: usize = 3;

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
        if self.on { "ON".to_owned() } else { self.distance().unwrap_or_else(|| "off".to_owned()) }
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

/// One device in the rule's scope.
#[derive(Clone, Debug)]
pub struct Place {
    /// Which.
    pub id: DeviceId,
    /// Its name.
    pub name: Arc<str>,
    /// Its sources in their order; `None` where the device has nothing of that kind.
    pub readings: Vec<Option<Reading>>,
    /// What they make together.
    pub verdict: Option<Verdict>,
    /// Whether its alarms are out of service.
    pub out: bool,
}

/// What a rule would do now.
#[derive(Clone, Debug, Default)]
pub struct Live {
    /// Devices in its scope.
    pub places: Vec<Place>,
    /// Whether it changes by time alone.
    pub ticks: bool,
    ends: Vec<(f64, f64)>,
}

/// The newest answers, so that they are not made anew for each frame of the window.
#[derive(Debug, Default)]
pub struct Kept {
    selected: Option<(Rule, Scale, Moment, Arc<Live>)>,
    marks: BTreeMap<RuleId, Level>,
    marked: Option<Moment>,
    /// When the window must be drawn again for a newer answer.
    pub due: Option<Duration>,
}

impl Kept {
    /// Whether a rule would fire now.
    #[must_use]
    pub fn fires(&self, rule: &RuleId) -> bool {
        self.marks.contains_key(rule)
    }
}

/// What `rule` would do now.
pub fn of(scene: &mut Scene<'_>, rule: &Rule) -> Arc<Live> {
    let (now, scale) = (scene.now.moment, scene.choices.scale);
    if let Some((known, in_scale, at, live)) = &scene.stage.rules.live.selected
        && now.since(*at) < AGAIN
        && known == rule
        && *in_scale == scale
    {
        let age = now.since(*at);
        let live = Arc::clone(live);
        scene.stage.rules.live.due = (age > Duration::ZERO).then(|| AGAIN.saturating_sub(age));
        return live;
    }
    let live = Arc::new(Live::of(scene, rule, true));
    let kept = &mut scene.stage.rules.live;
    kept.due = None;
    kept.selected = Some((rule.clone(), scale, now, Arc::clone(&live)));
    note(kept, rule, &live);
    live
}

fn note(kept: &mut Kept, rule: &Rule, live: &Live) {
    match live.worst() {
        Some(level) => drop(kept.marks.insert(rule.id.clone(), level)),
        None => drop(kept.marks.remove(&rule.id)),
    }
}

/// Notes which rules would fire now, once a second.
pub fn mark(scene: &mut Scene<'_>, rules: &[Arc<Rule>]) {
    let now = scene.now.moment;
    if let Some(at) = scene.stage.rules.live.marked.filter(|at| now.since(*at) < MARK) {
        scene.stage.ticking |= at < now;
        return;
    }
    let found: Vec<_> =
        rules.iter().filter(|rule| rule.enabled).map(|rule| (rule, Live::of(scene, rule, false))).collect();
    let kept = &mut scene.stage.rules.live;
    kept.marks.clear();
    for (rule, live) in &found {
        note(kept, rule, live);
    }
    kept.marked = Some(now);
}

impl Live {
    /// Looks through all devices in the rule's scope. `back`: crossings are counted too.
    fn of(scene: &Scene<'_>, rule: &Rule, back: bool) -> Self {
        let slots = scene.port.slots.devices();
        let in_scope = |device: &&Arc<Device>| device.accepted && rule.scope.holds(&device.id);
        let devices = scene.devices();
        let places: Vec<_> = devices
            .iter()
            .filter(in_scope)
            .filter_map(|device| slots.get(&device.id).map(|slot| place(scene, rule, device, slot, back)))
            .collect();
        let ends = rule.sources.iter().enumerate().map(|(i, source)| ends(source, &places, i)).collect();
        let ticks = rule.sources.iter().any(|source| source.input == Input::Silent);
        Self { places, ticks, ends }
    }

    /// The worst level at any device.
    #[must_use]
    pub fn worst(&self) -> Option<Level> {
        self.places.iter().filter_map(|place| place.verdict).map(|verdict| verdict.level).max()
    }

    /// The ends of a source's bars.
    #[must_use]
    pub fn ends(&self, source: usize) -> (f64, f64) {
        self.ends.get(source).copied().unwrap_or((0.0, 1.0))
    }

    /// What a source shows at the devices that have it, the nearest to its threshold first, what is unknown last.
    #[must_use]
    pub fn by_nearness(&self, source: usize) -> Vec<(&Place, &Reading)> {
        let at = |place| Some((place, Place::reading(place, source)?));
        let mut all: Vec<_> = self.places.iter().filter_map(at).collect();
        all.sort_by(|a, b| rank(a.1).total_cmp(&rank(b.1)));
        all
    }

    /// Where a source is nearest to its threshold.
    #[must_use]
    pub fn nearest_of(&self, source: usize) -> Option<(&Place, &Reading)> {
        self.by_nearness(source).into_iter().find(|(_, reading)| reading.value.is_some())
    }

    /// Why a source shows nothing anywhere.
    #[must_use]
    pub fn why_none(&self, source: usize) -> String {
        let first = self
            .by_nearness(source)
            .into_iter()
            .find_map(|(place, reading)| reading.why.as_ref().map(|why| format!("{why} ({})", place.name)));
        first.unwrap_or_else(|| "no device in its scope has this".to_owned())
    }

    /// Whether the rule would fire now, and where, or what comes nearest to it.
    #[must_use]
    pub fn sentence(&self, rule: &Rule, scale: Scale) -> (Option<Level>, String) {
        let mut firing: Vec<_> = self.places.iter().filter_map(|place| Some((place, place.verdict?))).collect();
        firing.sort_by_key(|(_, verdict)| std::cmp::Reverse(verdict.level));
        if let Some((_, worst)) = firing.first() {
            let told: Vec<_> =
                firing.iter().take(NAMED).map(|(place, verdict)| place.told(rule, *verdict, scale)).collect();
            let more = firing.len().saturating_sub(NAMED);
            let more = if more > 0 { format!(" and at {}", words::many(more, "more device")) } else { String::new() };
            let head = if rule.enabled { "Would fire now" } else { "Not watched; it would fire now" };
            return (Some(worst.level), format!("{head}: {}{more}", told.join(", ")));
        }
        let head = if rule.enabled { "Would not fire now" } else { "Not watched" };
        if self.places.is_empty() {
            return (None, format!("{head}; no device is in its scope"));
        }
        (None, format!("{head}; {}", self.almost(rule).unwrap_or_else(|| self.nothing(rule))))
    }

    /// What comes nearest: a place where some sources are on, or the source that is nearest to its threshold.
    fn almost(&self, rule: &Rule) -> Option<String> {
        let partly = self.places.iter().filter(|place| !place.out).max_by_key(|place| place.n_on());
        if let Some(place) = partly.filter(|place| place.n_on() > 0) {
            let needed = rule.min_sources.max(1);
            let names = place.names_on(rule).join(", ");
            return Some(format!("at {} {} of {needed} sources needed is on ({names})", place.name, place.n_on()));
        }
        let share = |i: usize, reading: &Reading| {
            let (low, high) = self.ends(i);
            reading.short / (high - low).max(1e-9)
        };
        let sources = rule.sources.iter().enumerate().filter(|(_, source)| source.enabled);
        let nearest = sources
            .filter_map(|(i, source)| self.nearest_of(i).map(|(place, reading)| (i, source, place, reading)))
            .filter(|(.., reading)| reading.stale.is_none())
            .min_by(|a, b| share(a.0, a.3).total_cmp(&share(b.0, b.3)))?;
        let (_, source, place, reading) = nearest;
        let out = if place.out { " (out of service)" } else { "" };
        let distance = reading.distance().unwrap_or_else(|| "over the threshold of".to_owned());
        Some(format!("nearest: {}{out}, {distance} {}", place.name, source.name))
    }

    fn nothing(&self, rule: &Rule) -> String {
        let enabled = rule.sources.iter().enumerate().find(|(_, source)| source.enabled);
        enabled.map_or_else(
            || "no source is enabled".to_owned(),
            |(i, _)| format!("nothing to go by: {}", self.why_none(i)),
        )
    }
}

impl Place {
    fn reading(&self, source: usize) -> Option<&Reading> {
        self.readings.get(source)?.as_ref()
    }

    fn names_on(&self, rule: &Rule) -> Vec<String> {
        let pairs = rule.sources.iter().zip(&self.readings);
        let on = pairs.filter(|(source, reading)| source.enabled && reading.as_ref().is_some_and(|r| r.on));
        on.map(|(source, _)| source.name.to_string()).collect()
    }

    fn n_on(&self) -> usize {
        self.readings.iter().flatten().filter(|reading| reading.on).count()
    }

    /// The verdict with its worst reason: `Danger at Bench (Critical heat 85.3 C)`.
    fn told(&self, rule: &Rule, verdict: Verdict, scale: Scale) -> String {
        let pairs = rule.sources.iter().zip(&self.readings).filter(|(source, _)| source.enabled);
        let on = pairs.filter_map(|(source, reading)| Some((source, reading.as_ref().filter(|r| r.on)?)));
        let worst = on.max_by_key(|(source, _)| source.level).and_then(|(source, reading)| {
            let unit = Unit::of_input(&source.input);
            Some(format!(" ({} {})", source.name, unit.words(reading.value?, scale)))
        });
        format!("{} at {}{}", verdict.level.word(), self.name, worst.unwrap_or_default())
    }
}

fn rank(reading: &Reading) -> f64 {
    if reading.value.is_some() { reading.short } else { f64::INFINITY }
}

fn place(scene: &Scene<'_>, rule: &Rule, device: &Device, slot: &DeviceSlot, back: bool) -> Place {
    let look = Look::at(scene, slot);
    let mut readings: Vec<_> =
        rule.sources.iter().map(|source| look.reading(source, scene.choices.scale, back)).collect();
    for (source, reading) in rule.sources.iter().zip(&mut readings) {
        if let Some(reading) = reading.as_mut().filter(|_| !source.enabled) {
            reading.on = false;
        }
    }
    let standing = |reading: &Option<Reading>| Standing {
        on: reading.as_ref().is_some_and(|reading| reading.on),
        stale: reading.as_ref().is_some_and(|reading| reading.stale.is_some()),
    };
    let standings: Vec<_> = readings.iter().map(standing).collect();
    let out = scene.view.alarms.out_of_service.contains_key(&device.id);
    let verdict = fusion::judge(rule, &standings).filter(|_| !out);
    Place { id: device.id.clone(), name: Arc::clone(&device.name), readings, verdict, out }
}

/// What is known of one device now.
struct Look<'a> {
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
    fn at(scene: &Scene<'_>, slot: &'a DeviceSlot) -> Self {
        let now = scene.now.moment;
        let newest = |channel: &Arc<crate::port::slots::ChannelSlot>| {
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
            array: scene.view.thermal.arrays.contains_key(&slot.id),
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
    fn reading(&self, source: &Source, scale: Scale, back: bool) -> Option<Reading> {
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
                Some("uncalibrated: no temperatures".to_owned())
            }
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
                let read = |raw: f64| if percent { crate::heat::gas::percent(raw, 12) - rest } else { raw };
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

/// Ends of a source's bars: round figures around all that is shown, so that they rest while a threshold is dragged.
fn ends(source: &Source, places: &[Place], i: usize) -> (f64, f64) {
    let shown = places.iter().filter_map(|place| place.reading(i)).flat_map(|r| [r.value, Some(r.threshold)]).flatten();
    let (low, high) = shown.chain([source.threshold]).fold((f64::MAX, f64::MIN), |(l, h), v| (l.min(v), h.max(v)));
    match Unit::of_input(&source.input) {
        Unit::Celsius => (((low - 5.0) / 10.0).floor() * 10.0, ((high + 5.0) / 10.0).ceil() * 10.0),
        Unit::Plain("%") => (low.min(0.0), high.max(100.0)),
        _ => (rounded(low.min(0.0)), rounded(high * 1.2)),
    }
}

/// The next round figure away from zero: 1, 2 or 5 times a power of ten.
fn rounded(value: f64) -> f64 {
    if value.abs() < 1e-9 || !value.is_finite() {
        return 0.0;
    }
    let power = 10_f64.powf(value.abs().log10().floor());
    let lead = value.abs() / power;
    let round = [1.0, 2.0, 5.0, 10.0].into_iter().find(|round| lead <= *round).unwrap_or(10.0);
    (round * power).copysign(value)
}
