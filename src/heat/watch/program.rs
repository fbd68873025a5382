//! A program compiled for one device: its probes, by what they look at.

use crate::heat::watch::Program;
use crate::heat::watch::probe::Probe;
use crate::heat::watch::rest::same_key;
use crate::model::alarms::rule::{Compare, Input, RuleId, Source};
use crate::model::sensors::DeviceId;

/// The probes of one device.
#[derive(Debug, Default)]
pub(super) struct Probes {
    /// Those that look at frames.
    pub thermal: Vec<Probe>,
    /// Those that look at a channel.
    pub channel: Vec<Probe>,
    /// Those that look at silence.
    pub silence: Vec<Probe>,
    /// The lowest temperature that a probe asks for, C.
    pub hot_from: Option<f32>,
}

impl Probes {
    /// The enabled sources of the rules that hold for `device`, each as `make` makes its probe.
    pub fn compile(program: &Program, device: &DeviceId, mut make: impl FnMut(&RuleId, u16, Source) -> Probe) -> Self {
        let mut probes = Self::default();
        for rule in program.rules.iter().filter(|rule| rule.enabled && rule.scope.holds(device)) {
            for (source, place) in rule.sources.iter().zip(0..).filter(|(source, _)| source.enabled) {
                probes.add(make(&rule.id, place, source.clone()));
            }
        }
        probes
    }

    /// All of them.
    pub fn all(&self) -> impl Iterator<Item = &Probe> {
        self.thermal.iter().chain(&self.channel).chain(&self.silence)
    }

    /// Whether a probe asks how far a channel is above its rest level.
    pub fn ask_rest_of(&self, key: &str) -> bool {
        let asks = |probe: &Probe| matches!(&probe.source.input, Input::AboveRest { key: of } if same_key(of, key));
        self.channel.iter().any(asks)
    }

    /// All of them.
    pub fn all_mut(&mut self) -> impl Iterator<Item = &mut Probe> {
        self.thermal.iter_mut().chain(&mut self.channel).chain(&mut self.silence)
    }

    fn add(&mut self, probe: Probe) {
        if let Some(celsius) = asked(&probe.source) {
            self.hot_from = Some(self.hot_from.map_or(celsius, |lowest| lowest.min(celsius)));
        }
        match &probe.source.input {
            Input::Channel { .. } | Input::AboveRest { .. } => self.channel.push(probe),
            Input::Silent => self.silence.push(probe),
            _ => self.thermal.push(probe),
        }
    }
}

/// The key of the channel that an input looks at, if it looks at one.
pub(super) fn key_of(input: &Input) -> Option<&str> {
    match input {
        Input::Channel { key, .. } | Input::AboveRest { key } => Some(key),
        _ => None,
    }
}

/// From which temperature on a cell is hot to a source, C.
fn asked(source: &Source) -> Option<f32> {
    match source.input {
        Input::Hottest { .. } if source.compare == Compare::AtLeast => Some(source.threshold as f32),
        Input::HotCells { at_least } => Some(at_least),
        _ => None,
    }
}
