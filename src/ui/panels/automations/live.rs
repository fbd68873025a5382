//! What a rule would do now, at each device in its scope: sources are measured as the evaluator does, and fused.
//!
//! Invariant: the condition of the newest reading only; readings in a row, times and latches are not waited for.
//! Invariant: a rule is looked through at most ten times a second, all rules together once a second.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use crate::heat::fusion::{self, Standing, Verdict};
use crate::model::alarms::rule::{Input, Level, Rule, RuleId, Source};
use crate::model::sensors::{Device, DeviceId};
use crate::model::snapshot::Snapshot;
use crate::port::Port;
use crate::port::slots::DeviceSlot;
use crate::ui::panels::automations::reading::{Look, Reading};
use crate::ui::panels::automations::units::Unit;
use crate::ui::words;
use crate::units::moment::Moment;
use crate::units::temperature::Scale;

/// How often the selected rule is looked through at most.
const AGAIN: Duration = Duration::from_millis(100);
/// How often all rules are.
const MARK: Duration = Duration::from_secs(1);
/// Places that the sentence names.
const NAMED: usize = 3;

/// What rules are held against.
#[derive(Clone, Copy)]
pub struct Around<'a> {
    /// Public state.
    pub view: &'a Snapshot,
    /// Newest readings.
    pub port: &'a Port,
    /// Now.
    pub now: Moment,
    /// The scale of temperatures.
    pub scale: Scale,
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

    /// What `rule`, the selected one, would do now.
    pub fn look(&mut self, around: Around<'_>, rule: &Rule) -> Arc<Live> {
        let (now, scale) = (around.now, around.scale);
        if let Some((known, in_scale, at, live)) = &self.selected
            && now.since(*at) < AGAIN
            && known == rule
            && *in_scale == scale
        {
            let age = now.since(*at);
            self.due = (age > Duration::ZERO).then(|| AGAIN.saturating_sub(age));
            return Arc::clone(live);
        }
        let live = Arc::new(Live::of(around, rule, true));
        self.due = None;
        self.selected = Some((rule.clone(), scale, now, Arc::clone(&live)));
        note(self, rule, &live);
        live
    }

    /// Notes which rules would fire now, once a second; true if what is noted is of an earlier moment.
    pub fn mark(&mut self, around: Around<'_>, rules: &[Arc<Rule>]) -> bool {
        let now = around.now;
        if let Some(at) = self.marked.filter(|at| now.since(*at) < MARK) {
            return at < now;
        }
        self.marks.clear();
        for rule in rules.iter().filter(|rule| rule.enabled) {
            note(self, rule, &Live::of(around, rule, false));
        }
        self.marked = Some(now);
        false
    }
}

fn note(kept: &mut Kept, rule: &Rule, live: &Live) {
    match live.worst() {
        Some(level) => drop(kept.marks.insert(rule.id.clone(), level)),
        None => drop(kept.marks.remove(&rule.id)),
    }
}

impl Live {
    /// Looks through all devices in the rule's scope. `back`: crossings are counted too.
    fn of(around: Around<'_>, rule: &Rule, back: bool) -> Self {
        let slots = around.port.slots.devices();
        let in_scope = |device: &&Arc<Device>| device.accepted && rule.scope.holds(&device.id);
        let devices = around.view.sensors.by_name();
        let places: Vec<_> = devices
            .iter()
            .filter(in_scope)
            .filter_map(|device| slots.get(&device.id).map(|slot| place(around, rule, device, slot, back)))
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
    // What is too old comes behind all that counts, and what is unknown comes last.
    match reading.value {
        None => f64::INFINITY,
        Some(_) if reading.stale.is_some() => f64::MAX,
        Some(_) => reading.short,
    }
}

fn place(around: Around<'_>, rule: &Rule, device: &Device, slot: &DeviceSlot, back: bool) -> Place {
    let look = Look::at(slot, around.view.thermal.arrays.contains_key(&slot.id), around.now);
    let mut readings: Vec<_> = rule.sources.iter().map(|source| look.reading(source, around.scale, back)).collect();
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
    let out = around.view.alarms.out_of_service.contains_key(&device.id);
    let verdict = fusion::judge(rule, &standings).filter(|_| !out);
    Place { id: device.id.clone(), name: Arc::clone(&device.name), readings, verdict, out }
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
