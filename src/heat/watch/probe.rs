//! A probe: one source of one rule at one device, and how it stands.
//!
//! ```text
//!              condition held for hold-on                condition false for hold-off
//!   off ────────────────── On ──────────────────▶ on ─────────────── Off ──────────────▶ off
//!                                   ┌─────────────┴──────────────┐
//!                        Worse: a markedly worse value   Again: false for a while, then held anew
//! ```
//!
//! Invariant: [`Turn::On`] and [`Turn::Off`] alternate; [`Turn::Again`] and [`Turn::Worse`] lie between the two.
//! Invariant: time comes from readings only; a value that is no finite number is no reading.

use std::time::Duration;

use crate::heat::watch::{Edge, Turn};
use crate::model::alarms::rule::{Compare, RuleId, Source};
use crate::units::moment::Moment;

/// The least step, in the unit of the input, that counts as worse.
const WORSE_STEP: f64 = 1.0;
/// The least step that counts as worse, as a share of the worst value told so far.
const WORSE_SHARE: f64 = 0.02;
/// Worse values are told at most this often.
const WORSE_EVERY: Duration = Duration::from_secs(1);

/// What a probe saw in one reading.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seen {
    /// The value, in the unit of the source's input.
    pub value: f64,
    /// The threshold that counts now, in the same unit.
    pub threshold: f64,
    /// Row and column, where there is a cell.
    pub cell: Option<(u16, u16)>,
    /// When.
    pub at: Moment,
}

/// How a probe stands.
#[derive(Clone, Copy, Debug, Default)]
struct Standing {
    on: bool,
    /// Whether the condition, with its hysteresis, is true.
    holds: bool,
    /// True readings in a row.
    n_true: u32,
    true_since: Moment,
    /// While on: whether the condition was false since it was last held.
    lapsed: bool,
    /// While on: since when it is false without break.
    false_since: Option<Moment>,
    /// While on: the worst value told; unknown in a probe that starts on.
    worst: Option<f64>,
    told: Moment,
}

/// One source of one rule at one device.
#[derive(Clone, Debug)]
pub(super) struct Probe {
    rule: RuleId,
    place: u16,
    /// What it looks at and when it is on.
    pub source: Source,
    standing: Standing,
}

impl Probe {
    /// A probe that is `on` or off from the start.
    pub fn new(rule: RuleId, place: u16, source: Source, on: bool) -> Self {
        Self { rule, place, source, standing: Standing { on, holds: on, ..Standing::default() } }
    }

    /// Whether it is of this rule.
    pub fn is_for(&self, rule: &RuleId) -> bool {
        self.rule == *rule
    }

    /// A probe for a changed source in the place of this one: it stands as this one does.
    pub fn follow(&self, source: Source) -> Self {
        let next = Self::new(self.rule.clone(), self.place, source, self.standing.on);
        // What was seen through another input tells nothing about this one.
        let same = next.source.input == self.source.input && next.source.compare == self.source.compare;
        if same { Self { standing: self.standing, ..next } } else { next }
    }

    /// Whether it is the probe of this source.
    pub fn is_of(&self, rule: &RuleId, place: u16) -> bool {
        self.place == place && self.rule == *rule
    }

    /// It is on, or it is not. What it saw so far stays if that is no news.
    pub fn stand(&mut self, on: bool) {
        if self.standing.on != on {
            self.standing = Standing { on, holds: on, ..Standing::default() };
        }
    }

    /// Whether it is on.
    pub const fn is_on(&self) -> bool {
        self.standing.on
    }

    /// Takes one reading; tells if it turned.
    pub fn judge(&mut self, seen: Seen, out: &mut Vec<Edge>) {
        if !(seen.value.is_finite() && seen.threshold.is_finite()) {
            return;
        }
        let excess = self.excess(seen.value, seen.threshold);
        let over = excess >= 0.0;
        self.standing.holds = over || (self.standing.holds && excess >= -self.source.hysteresis);
        let turn = if self.standing.holds { self.stays(over, seen) } else { self.lapses(seen.at) };
        if let Some(turn) = turn {
            let Seen { value, threshold, cell, at } = seen;
            out.push(Edge { rule: self.rule.clone(), source: self.place, turn, value, threshold, cell, at });
        }
    }

    /// How far `value` lies beyond `limit`, on the source's own side.
    fn excess(&self, value: f64, limit: f64) -> f64 {
        match self.source.compare {
            Compare::AtLeast => value - limit,
            Compare::AtMost => limit - value,
        }
    }

    /// The condition is true. Readings that only hysteresis keeps true count for the hold-on, but do not end it: what is
    /// told lies beyond its threshold.
    fn stays(&mut self, over: bool, seen: Seen) -> Option<Turn> {
        let standing = &mut self.standing;
        if standing.n_true == 0 {
            standing.true_since = seen.at;
        }
        standing.n_true = standing.n_true.saturating_add(1);
        standing.false_since = None;
        if standing.on && !standing.lapsed {
            return (over && self.is_worse(seen)).then_some(Turn::Worse);
        }
        let enough = standing.n_true >= self.source.hold_readings;
        let held = enough && seen.at.since(standing.true_since) >= self.source.hold_on;
        (over && held).then(|| self.turn_on(seen))
    }

    fn turn_on(&mut self, seen: Seen) -> Turn {
        let worse = self.standing.worst.is_none_or(|worst| self.excess(seen.value, worst) > 0.0);
        let standing = &mut self.standing;
        let turn = if standing.on { Turn::Again } else { Turn::On };
        if worse {
            standing.worst = Some(seen.value);
        }
        (standing.on, standing.lapsed, standing.told) = (true, false, seen.at);
        turn
    }

    fn is_worse(&mut self, seen: Seen) -> bool {
        let Some(worst) = self.standing.worst else {
            self.standing.worst = Some(seen.value);
            return false;
        };
        let step = WORSE_STEP.max(WORSE_SHARE * worst.abs());
        let worse = self.excess(seen.value, worst) >= step && seen.at.since(self.standing.told) >= WORSE_EVERY;
        if worse {
            (self.standing.worst, self.standing.told) = (Some(seen.value), seen.at);
        }
        worse
    }

    /// The condition is false.
    fn lapses(&mut self, at: Moment) -> Option<Turn> {
        self.standing.n_true = 0;
        if !self.standing.on {
            return None;
        }
        self.standing.lapsed = true;
        let since = *self.standing.false_since.get_or_insert(at);
        (at.since(since) >= self.source.hold_off).then(|| {
            self.standing = Standing::default();
            Turn::Off
        })
    }
}
