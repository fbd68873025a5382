//! The evaluator: every reading of one device against every source that looks at it.
//!
//! One [`Watch`] belongs to one connection of one device; readings go in, [`Edge`]s come out when a source turns on or
//! off. What was learned is published about once a minute.
//!
//! ```text
//!  reading ─────────────▶ rest ──────┐
//!  frame ──▶ scene ──┬──▶ rise       ├──▶ measure ──▶ probe ──▶ Edge
//!                    └──▶ baseline ──┘
//! ```
//!
//! Invariant: pure; time is an argument. No allocation per reading while nothing turns.
//! Invariant: nothing is learned while sources of the device raise an alarm, but for what such a source waits for
//! itself. A place that is always warm, where one source is on that may not alarm alone, is learned as any other.
//!
//! To add one: an input is an arm in [`measure`] and one in [`check`]; a rule that comes with the program is a line in
//! [`standard::rules`].

mod baseline;
pub mod check;
pub mod measure;
mod memory;
mod probe;
mod program;
mod rest;
mod rise;
mod scene;
pub mod standard;

use std::sync::Arc;

use crate::heat::watch::measure::{Measured, Sight, effective};
use crate::heat::watch::memory::Memory;
use crate::heat::watch::probe::{Probe, Seen};
use crate::heat::watch::program::Probes;
use crate::heat::watch::rest::same_key;
use crate::heat::watch::rise::Rise;
use crate::heat::watch::scene::{Flood, Scene};
use crate::model::alarms::rule::{ChannelUnit, Input, Rule, RuleId, Source};
use crate::model::learned::Learned;
use crate::model::sensors::DeviceId;
use crate::model::thermal::ThermalFrame;
use crate::model::thermal::meters::Meters;
use crate::units::moment::Moment;

/// The rules in force, compiled anew by each watch when they change.
#[derive(Clone, Debug, Default)]
pub struct Program {
    /// Counts up with each change.
    pub revision: u64,
    /// All enabled rules.
    pub rules: Vec<Arc<Rule>>,
}

/// How a source turned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// It came on: its condition held for its hold-on.
    On,
    /// It is on, its condition was over for less than its hold-off, and now it is true again.
    Again,
    /// It is on, and its value is markedly worse than the worst told so far; at most once a second.
    Worse,
    /// It went off: its condition was over for its hold-off.
    Off,
}

/// A source of a rule turned.
#[derive(Clone, Debug, PartialEq)]
pub struct Edge {
    /// Whose.
    pub rule: RuleId,
    /// The source's place in its rule.
    pub source: u16,
    /// How.
    pub turn: Turn,
    /// The value, in the unit of the source's input.
    pub value: f64,
    /// The threshold it was held against, in the same unit.
    pub threshold: f64,
    /// Row and column of the cell, where there is one.
    pub cell: Option<(u16, u16)>,
    /// When the reading's last byte was read.
    pub at: Moment,
}

/// The evaluator of one device.
#[derive(Debug)]
pub struct Watch {
    device: DeviceId,
    program: Arc<Program>,
    probes: Probes,
    memory: Memory,
    rising: Rise,
    rise: Option<f64>,
    unusual: Option<f64>,
    hot_cells: Option<f64>,
    flood: Flood,
    spare: Vec<f32>,
}

impl Watch {
    /// A watch of `device` by `program`. `on`: sources that were on when the device was last watched; they go off by
    /// evidence only. `learned`: what was known of it.
    #[must_use]
    pub fn new(
        device: DeviceId,
        program: &Arc<Program>,
        on: &[(RuleId, u16)],
        learned: Option<&Learned>,
        now: Moment,
    ) -> Self {
        let begin = |rule: &RuleId, place: u16, source: Source| {
            let is_on = on.iter().any(|(of, at)| *at == place && of == rule);
            Probe::new(rule.clone(), place, source, is_on)
        };
        Self {
            probes: Probes::compile(program, &device, begin),
            program: Arc::clone(program),
            memory: Memory::new(learned, now),
            rising: Rise::default(),
            rise: None,
            unusual: None,
            hot_cells: None,
            flood: Flood::default(),
            spare: Vec::new(),
            device,
        }
    }

    /// Whose it is.
    #[must_use]
    pub const fn device(&self) -> &DeviceId {
        &self.device
    }

    /// Follows a change of rules; cheap if there was none. Returns whether there was one: then sources stand as those
    /// in their place did, until [`Self::stand`] says better.
    pub fn follow(&mut self, program: &Arc<Program>) -> bool {
        if Arc::ptr_eq(&self.program, program) {
            return false;
        }
        let old = std::mem::take(&mut self.probes);
        self.probes = Probes::compile(program, &self.device, |rule, place, source| {
            match old.all().find(|probe| probe.is_of(rule, place)) {
                Some(probe) => probe.follow(source),
                None => Probe::new(rule.clone(), place, source, false),
            }
        });
        self.program = Arc::clone(program);
        true
    }

    /// After a change of rules: these sources are on, all others off. They go on and off from there by evidence.
    pub fn stand(&mut self, on: &[(RuleId, u16)]) {
        for probe in self.probes.all_mut() {
            let is_on = on.iter().any(|(rule, place)| probe.is_of(rule, *place));
            probe.stand(is_on);
        }
    }

    /// A channel's reading. `channel` is the channel's place among the device's channels, `key` its key on the wire.
    pub fn reading(&mut self, channel: usize, key: &str, value: f64, now: Moment, out: &mut Vec<Edge>) {
        if !value.is_finite() {
            return;
        }
        let at = self.memory.place(channel, key, || self.probes.ask_rest_of(key));
        let lane = at.and_then(|at| self.memory.lane(at));
        for probe in &mut self.probes.channel {
            let source = &probe.source;
            if program::key_of(&source.input).is_some_and(|of| same_key(of, key))
                && lane.is_none_or(|lane| !is_absolute(source) || lane.counts(source))
                && let Some(measured) = measure::of_channel(&source.input, value, lane.map(|lane| &lane.rest))
            {
                let at_least = if is_absolute(source) { 0.0 } else { measured.threshold_at_least };
                judge(probe, Measured { threshold_at_least: at_least, ..measured }, now, out);
            }
        }
        if let Some(at) = at.filter(|_| !self.is_disturbed()) {
            self.memory.take(at, measure::percent(value), now);
        }
    }

    /// A frame, measured: its masked cells are left out, and of regions counts what their meters show. A frame without
    /// temperatures, or with all of them masked, is no reading: what is on stays on, as it does when nothing comes; only
    /// [`Self::silent`] still tells whether anything does.
    pub fn frame(&mut self, frame: &ThermalFrame, out: &mut Vec<Edge>) {
        let mut spare = std::mem::take(&mut self.spare);
        match Scene::of(frame, &mut spare) {
            Some(scene) => self.scene(&scene, &frame.meters, frame.at, out),
            None => (self.rise, self.unusual, self.hot_cells) = (None, None, None),
        }
        self.spare = spare;
    }

    fn scene(&mut self, scene: &Scene<'_>, meters: &Meters, at: Moment, out: &mut Vec<Edge>) {
        let block = scene.hottest_block();
        self.rise = block.and_then(|block| self.rising.take(at, block.mean));
        let unusual = self.memory.usual.look(scene, &mut self.flood);
        self.unusual = unusual.map(|group| group.map_or(0.0, |group| group.n as f64));
        self.hot_cells = self.probes.hot_from.map(|celsius| count(scene, celsius));
        let mut sight = Sight { scene, meters, flood: &mut self.flood, rise: self.rise, block, unusual };
        for probe in &mut self.probes.thermal {
            if let Some(measured) = sight.measure(&probe.source.input) {
                judge(probe, measured, at, out);
            }
        }
        let quiet = !self.is_disturbed();
        self.memory.learn(scene, at, quiet);
    }

    /// No valid packet came for `seconds`; `period_s` is the device's learned period. To be told also when the silence
    /// is over, or its source stays on.
    pub fn silent(&mut self, seconds: f64, period_s: Option<f64>, now: Moment, out: &mut Vec<Edge>) {
        let measured = measure::of_silence(seconds, period_s);
        for probe in &mut self.probes.silence {
            judge(probe, measured, now, out);
        }
    }

    /// Whether sources raise an alarm, so that nothing of now is usual. One that waits for what is being learned does
    /// not count, or it would wait for ever.
    fn is_disturbed(&self) -> bool {
        let seeing = || self.probes.thermal.iter().chain(&self.probes.channel);
        let on = || seeing().filter(|probe| probe.is_on() && !self.memory.keeps_waiting(&probe.source));
        let together = |rule: &Rule| on().filter(|probe| probe.is_for(&rule.id)).count();
        on().next().is_some()
            && (on().any(|probe| probe.source.alone)
                || self.program.rules.iter().any(|rule| together(rule) >= usize::from(rule.min_sources)))
    }

    /// Forgets what was learned.
    pub fn relearn(&mut self, now: Moment) {
        self.memory.forget(now);
        self.unusual = None;
    }

    /// What was learned, if it is time to publish it: about once a minute, and when learning is done.
    pub fn publish(&mut self, now: Moment) -> Option<Arc<Learned>> {
        self.memory.publish(now)
    }

    /// How fast the hottest block rises, K/min.
    #[must_use]
    pub const fn rise(&self) -> Option<f64> {
        self.rise
    }

    /// Cells in the largest unusual group of the newest frame.
    #[must_use]
    pub const fn unusual(&self) -> Option<f64> {
        self.unusual
    }

    /// Cells of the newest frame at or above the lowest temperature that a rule asks for.
    #[must_use]
    pub const fn hot_cells(&self) -> Option<f64> {
        self.hot_cells
    }
}

/// Whether a source holds a channel's percentage against a plain threshold.
const fn is_absolute(source: &Source) -> bool {
    matches!(source.input, Input::Channel { unit: ChannelUnit::Percent, .. })
}

fn count(scene: &Scene<'_>, at_least: f32) -> f64 {
    if scene.extremes.max < at_least {
        return 0.0;
    }
    scene.cells.iter().filter(|&&celsius| celsius >= at_least).count() as f64
}

fn judge(probe: &mut Probe, measured: Measured, at: Moment, out: &mut Vec<Edge>) {
    let Measured { value, threshold_at_least, cell } = measured;
    let threshold = effective(probe.source.compare, probe.source.threshold, threshold_at_least);
    probe.judge(Seen { value, threshold, cell, at }, out);
}
