//! The evaluator: every reading of one device against every source that looks at it.
//!
//! One [`Watch`] belongs to one connection of one device; readings go in, [`Edge`]s come out when a source turns on or
//! off. What was learned is published about once a minute.
//!
//! Invariant: pure; time is an argument. No allocation per reading while nothing turns.

use std::sync::Arc;

use crate::model::alarms::rule::{Rule, RuleId};
use crate::model::learned::Learned;
use crate::model::sensors::DeviceId;
use crate::model::thermal::ThermalFrame;
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
}

impl Watch {
    /// A watch of `device` by `program`. `on`: sources that were on when the device was last watched; they go off by
    /// evidence only. `learned`: what was known of it.
    #[must_use]
    pub fn new(
        device: DeviceId,
        _program: &Arc<Program>,
        _on: &[(RuleId, u16)],
        _learned: Option<&Learned>,
        _now: Moment,
    ) -> Self {
        Self { device }
    }

    /// Whose it is.
    #[must_use]
    pub const fn device(&self) -> &DeviceId {
        &self.device
    }

    /// Follows a change of rules; cheap if there was none. Sources keep how they stand.
    pub fn follow(&mut self, _program: &Arc<Program>) {}

    /// A channel's reading. `channel` is the channel's place among the device's channels, `key` its key on the wire.
    pub fn reading(&mut self, _channel: usize, _key: &str, _value: f64, _now: Moment, _out: &mut Vec<Edge>) {}

    /// A frame, measured.
    pub fn frame(&mut self, _frame: &ThermalFrame, _out: &mut Vec<Edge>) {}

    /// No valid packet came for `seconds`; `period_s` is the device's learned period.
    pub fn silent(&mut self, _seconds: f64, _period_s: Option<f64>, _now: Moment, _out: &mut Vec<Edge>) {}

    /// Forgets what was learned.
    pub fn relearn(&mut self, _now: Moment) {}

    /// What was learned, if it is time to publish it: about once a minute, and when learning is done.
    pub fn publish(&mut self, _now: Moment) -> Option<Arc<Learned>> {
        None
    }

    /// How fast the hottest block rises, K/min.
    #[must_use]
    pub const fn rise(&self) -> Option<f64> {
        None
    }

    /// Cells in the largest unusual group of the newest frame.
    #[must_use]
    pub const fn unusual(&self) -> Option<f64> {
        None
    }

    /// Cells of the newest frame at or above the lowest temperature that a rule asks for.
    #[must_use]
    pub const fn hot_cells(&self) -> Option<f64> {
        None
    }
}
