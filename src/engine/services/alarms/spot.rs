//! A spot: one rule at one location, and which of its sources are on there.
//!
//! Invariant: a source is on from its edge on until its edge off, whether its data is stale or its device out of
//! service; those two only decide whether it counts.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;

use crate::heat::fusion::Standing;
use crate::heat::watch::{Edge, measure};
use crate::model::alarms::alarm::{Alarm, OutOfService, Reason};
use crate::model::alarms::rule::{Compare, Input, Rule, RuleId, Source};
use crate::model::sensors::DeviceId;

/// Devices out of service.
pub type Out = BTreeMap<DeviceId, OutOfService>;

/// One rule at one location.
#[derive(Clone, Debug)]
pub struct Spot {
    /// Whose sources.
    pub rule: RuleId,
    /// Where.
    pub location: Arc<str>,
    /// Sources that are on, by their place in the rule and their device.
    pub on: BTreeMap<(u16, DeviceId), Reason>,
}

impl Spot {
    /// A spot where nothing is on.
    #[must_use]
    pub fn new(rule: &RuleId, location: &Arc<str>) -> Self {
        Self { rule: rule.clone(), location: Arc::clone(location), on: BTreeMap::new() }
    }

    /// The spot of an alarm that was kept: its sources that were on still are.
    #[must_use]
    pub fn of(alarm: &Alarm, rule: &Rule) -> Self {
        let fits = |reason: &&Reason| {
            reason.on && rule.sources.get(usize::from(reason.source)).is_some_and(|source| source.name == reason.name)
        };
        let on =
            alarm.reasons.iter().filter(fits).map(|reason| ((reason.source, reason.device.clone()), reason.clone()));
        Self { on: on.collect(), ..Self::new(&alarm.rule, &alarm.location) }
    }

    /// How each source stands; one device that has it on, is in service and not stale is enough.
    #[must_use]
    pub fn standings(&self, rule: &Rule, out: &Out) -> Vec<Standing> {
        let mut standings = vec![Standing::default(); rule.sources.len()];
        for ((source, device), reason) in &self.on {
            if let Some(standing) = standings.get_mut(usize::from(*source))
                && !out.contains_key(device)
            {
                standing.stale = reason.stale && (standing.stale || !standing.on);
                standing.on = true;
            }
        }
        standings
    }

    /// The reasons of an alarm here: those it had, each with its worst value, and those that are on now. The worst
    /// first, then those that are on, then by name.
    #[must_use]
    pub fn reasons(&self, had: &[Reason], rule: &Rule, out: &Out) -> Vec<Reason> {
        let off = |reason: &Reason| Reason { on: false, stale: false, ..reason.clone() };
        let mut all: Vec<Reason> = had.iter().map(off).collect();
        for lit in self.on.values().filter(|lit| !out.contains_key(&lit.device)) {
            let compare = rule.sources.get(usize::from(lit.source)).map_or(Compare::AtLeast, |source| source.compare);
            match all.iter_mut().find(|known| is_same(known, lit)) {
                Some(known) => *known = joined(known, lit, compare),
                None => all.push(lit.clone()),
            }
        }
        all.sort_by(|a, b| {
            (Reverse(a.level), !a.on, &a.name, a.source, &a.device).cmp(&(
                Reverse(b.level),
                !b.on,
                &b.name,
                b.source,
                &b.device,
            ))
        });
        all
    }

    /// Notes whether the data of each source is stale; a source that looks at silence never is. Returns whether
    /// anything is different.
    pub fn age(&mut self, rule: &Rule, is_stale: impl Fn(&DeviceId) -> bool) -> bool {
        let mut changed = false;
        for ((source, device), reason) in &mut self.on {
            let silent = rule.sources.get(usize::from(*source)).is_some_and(|source| source.input == Input::Silent);
            let stale = !silent && is_stale(device);
            changed |= std::mem::replace(&mut reason.stale, stale) != stale;
        }
        changed
    }
}

/// Whether two reasons are of one source.
#[must_use]
pub fn is_same(a: &Reason, b: &Reason) -> bool {
    a.source == b.source && a.name == b.name && a.device == b.device
}

/// The reason that an edge is.
#[must_use]
pub fn reason(edge: &Edge, source: &Source, device: &DeviceId, since: Timestamp) -> Reason {
    Reason {
        source: edge.source,
        name: Arc::clone(&source.name),
        device: device.clone(),
        level: source.level,
        on: true,
        value: edge.value,
        threshold: edge.threshold,
        unit: measure::unit(&source.input).into(),
        since,
        cell: edge.cell,
        stale: false,
    }
}

/// A reason that was known and is on: its worst value so far, and where that was.
#[must_use]
pub fn joined(known: &Reason, lit: &Reason, compare: Compare) -> Reason {
    let worse = match compare {
        Compare::AtLeast => known.value > lit.value,
        Compare::AtMost => known.value < lit.value,
    };
    let (value, cell) = if worse { (known.value, known.cell) } else { (lit.value, lit.cell) };
    Reason { value, cell, ..lit.clone() }
}
