//! The life of one alarm, as pure steps; the diagram is in [`crate::model::alarms`].
//!
//! Invariant: a step takes an alarm as it was and gives it as it is; what happened is told apart from it.

use std::sync::Arc;

use crate::engine::services::alarms::effects::Now;
use crate::heat::fusion::Verdict;
use crate::model::alarms::alarm::{Alarm, AlarmId, Noted, Reason, State};
use crate::model::alarms::journal::What;
use crate::model::alarms::rule::{Latch, Level, Rule};
use crate::model::sensors::DeviceId;

/// Whether an alarm of this level stays until somebody acknowledges it.
#[must_use]
pub fn latches(rule: &Rule, level: Level) -> bool {
    match rule.latch {
        Latch::Never => false,
        Latch::Danger => level == Level::Danger,
        Latch::Always => true,
    }
}

/// An alarm that begins now; `device` is that of its first reason.
#[must_use]
pub fn raised(rule: &Rule, location: &Arc<str>, device: &DeviceId, verdict: Verdict, now: Now) -> Alarm {
    Alarm {
        id: AlarmId::of(&rule.id, location),
        rule: rule.id.clone(),
        name: Arc::clone(&rule.name),
        location: Arc::clone(location),
        device: device.clone(),
        level: verdict.level,
        state: State::Unacknowledged,
        test: false,
        latched: latches(rule, verdict.level),
        raised: now.wall,
        changed: now.wall,
        over: None,
        acknowledged: None,
        reasons: Vec::new(),
        confidence: verdict.confidence,
        crossings: 1,
        done: Vec::new(),
    }
}

/// The alarm with these reasons, under the name that its rule has now.
#[must_use]
pub fn with_reasons(was: &Alarm, rule: &Rule, reasons: Vec<Reason>) -> Alarm {
    let device = reasons.first().map_or_else(|| was.device.clone(), |first| first.device.clone());
    Alarm { name: Arc::clone(&rule.name), device, reasons, ..was.clone() }
}

/// What became of an alarm whose condition holds.
#[derive(Clone, Debug)]
pub struct Held {
    /// The alarm.
    pub alarm: Alarm,
    /// What happened, if anything did that goes into the journal.
    pub happened: Vec<What>,
    /// Whether whoever acts or makes a noise begins anew.
    pub anew: bool,
}

/// The condition holds, by this verdict. `crossing`: a source crossed its threshold again.
#[must_use]
pub fn held(was: Alarm, rule: &Rule, verdict: Verdict, crossing: bool, now: Now) -> Held {
    let (came_back, was_cleared) = (was.over.is_some(), was.state == State::Cleared);
    let mut next = Held { alarm: was, happened: Vec::new(), anew: was_cleared };
    let alarm = &mut next.alarm;
    alarm.confidence = verdict.confidence;
    alarm.over = None;
    if came_back || crossing {
        alarm.crossings = alarm.crossings.saturating_add(1);
        next.happened.push(What::Again);
    }
    if verdict.level > alarm.level {
        alarm.level = verdict.level;
        next.happened.push(What::Worse);
        next.anew = true;
    }
    alarm.latched = latches(rule, alarm.level);
    if next.anew {
        alarm.state = State::Unacknowledged;
        alarm.acknowledged = None;
        alarm.changed = now.wall;
    }
    next
}

/// The condition is over: what goes into the journal, and the alarm if it is not normal yet.
#[must_use]
pub fn over(was: Alarm, now: Now) -> (What, Option<Alarm>) {
    let over = Some(now.wall);
    match was.state {
        State::Acknowledged => (What::Cleared, None),
        _ if was.latched => (What::Over, Some(Alarm { over, ..was })),
        _ => (What::Cleared, Some(Alarm { state: State::Cleared, over, changed: now.wall, ..was })),
    }
}

/// Somebody took note: the alarm if it is not normal now.
#[must_use]
pub fn acknowledged(was: Alarm, by: &Arc<str>, now: Now) -> Option<Alarm> {
    let noted = Noted { by: Arc::clone(by), at: now.wall };
    let active = was.over.is_none() && !was.test;
    active.then_some(Alarm { state: State::Acknowledged, acknowledged: Some(noted), changed: now.wall, ..was })
}
