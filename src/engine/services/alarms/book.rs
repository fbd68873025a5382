//! The book: what stands of alarms, and every decision about them.
//!
//! ```text
//!  edges ─▶ spots (what is on) ─▶ fusion::judge ─▶ life ─▶ facts, journal entries, what is to be kept
//!  commands, ticks ────────────────────────────────▲
//! ```
//!
//! Invariant: no clock, no lock, no channel; time is an argument.
//! Invariant: [`Book::state`] is the fold of the facts in all [`Effects`], and what is to be kept is made of the same
//! facts; the three cannot differ.
//! Invariant: an alarm ends by evidence (its sources went off), by a person, or by the end of its rule or device. Data
//! that is stale neither raises nor ends one.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::engine::services::alarms::effects::{Effects, Now};
use crate::engine::services::alarms::flood::Recent;
use crate::engine::services::alarms::spot::Spot;
use crate::engine::services::alarms::{journal, life, words};
use crate::heat::fusion::{self, Standing, Verdict};
use crate::heat::watch::Program;
use crate::model::alarms::alarm::{Alarm, AlarmId, Flood};
use crate::model::alarms::journal::{Entry, Still, What};
use crate::model::alarms::rule::{Level, Rule, RuleId};
use crate::model::alarms::{Alarms, Update};
use crate::model::sensors::DeviceId;
use crate::store::records::{AlarmChange, AlarmRecord};
use crate::units::moment::Moment;

/// Gives the picture for an entry.
pub(super) type Picture<'a> = &'a dyn Fn() -> Option<Arc<Still>>;

/// What stands of alarms.
#[derive(Debug, Default)]
pub struct Book {
    pub(super) state: Alarms,
    pub(super) spots: BTreeMap<AlarmId, Spot>,
    pub(super) shelves_end: BTreeMap<AlarmId, Moment>,
    pub(super) tests_end: BTreeMap<AlarmId, Moment>,
    pub(super) mute_ends: Option<Moment>,
    pub(super) revision: u64,
    pub(super) recent: Recent,
    pub(super) noted: u64,
}

impl Book {
    /// Everything public about alarms.
    #[must_use]
    pub const fn state(&self) -> &Alarms {
        &self.state
    }

    /// The rules in force, for watches.
    #[must_use]
    pub fn program(&self) -> Program {
        let rules = self.state.rules.values().filter(|rule| rule.enabled).cloned().collect();
        Program { revision: self.revision, rules }
    }

    /// Sources of a device that are on: its next watch goes on from there.
    #[must_use]
    pub fn on(&self, device: &DeviceId, location: &str) -> Vec<(RuleId, u16)> {
        let here = self.spots.values().filter(|spot| *spot.location == *location);
        let of_device = |spot: &Spot| {
            let on = spot.on.values().filter(|reason| reason.device == *device);
            on.map(|reason| (spot.rule.clone(), reason.source)).collect::<Vec<_>>()
        };
        here.flat_map(of_device).collect()
    }

    /// Judges a spot and takes its alarm one step on. `crossing`: a source crossed its threshold again.
    pub(super) fn settle(&mut self, id: &AlarmId, crossing: bool, still: Picture<'_>, now: Now, fx: &mut Effects) {
        let Some((spot, rule)) = self.spot(id) else { return };
        let verdict = fusion::judge(&rule, &spot.standings(&rule, &self.state.out_of_service));
        match (self.state.active.get(id).cloned(), verdict) {
            (None, None) => {}
            (None, Some(verdict)) => self.raise(id, &rule, verdict, still, now, fx),
            (Some(was), verdict) => {
                let reasons = spot.reasons(&was.reasons, &rule, &self.state.out_of_service);
                let next = life::with_reasons(&was, &rule, reasons);
                match verdict {
                    Some(verdict) => self.hold(&was, next, &rule, verdict, crossing, still, now, fx),
                    None if was.over.is_some() || self.lasts(id) => self.changed(&was, next, fx),
                    None => self.end(next, now, fx),
                }
            }
        }
        self.tidy(id);
    }

    /// A spot with its rule, if that is watched.
    fn spot(&self, id: &AlarmId) -> Option<(&Spot, Arc<Rule>)> {
        let spot = self.spots.get(id)?;
        let rule = self.state.rules.get(&spot.rule).filter(|rule| rule.enabled)?;
        Some((spot, Arc::clone(rule)))
    }

    /// Whether an alarm's condition holds, as far as is known: what became stale says nothing new, but it does not say
    /// that it is over either.
    pub(super) fn lasts(&self, id: &AlarmId) -> bool {
        let Some((spot, rule)) = self.spot(id) else { return false };
        let mut standings = spot.standings(&rule, &self.state.out_of_service);
        standings.iter_mut().for_each(|standing: &mut Standing| standing.stale = false);
        fusion::judge(&rule, &standings).is_some()
    }

    /// Forgets a spot where nothing is on and no alarm is active.
    pub(super) fn tidy(&mut self, id: &AlarmId) {
        if !self.state.active.contains_key(id) && self.spots.get(id).is_some_and(|spot| spot.on.is_empty()) {
            self.spots.remove(id);
        }
    }

    fn raise(&mut self, id: &AlarmId, rule: &Rule, verdict: Verdict, still: Picture<'_>, now: Now, fx: &mut Effects) {
        let Some(spot) = self.spots.get(id) else { return };
        let reasons = spot.reasons(&[], rule, &self.state.out_of_service);
        let Some(device) = reasons.first().map(|first| first.device.clone()) else { return };
        let alarm = life::raised(rule, &spot.location, &device, verdict, now);
        let alarm = Arc::new(life::with_reasons(&alarm, rule, reasons));
        let entry = journal::happened(What::Raised, &alarm, &journal::ourselves(), now);
        self.write(Entry { still: still(), ..entry }, fx);
        self.say(Update::Raised(Arc::clone(&alarm)), fx);
        self.recent.add(now.at);
        self.watch_flood(now, fx);
        self.end_mute_for(&alarm, now, fx);
    }

    #[allow(clippy::too_many_arguments, reason = "one step of one alarm, with all that it may lead to")]
    fn hold(
        &mut self,
        was: &Alarm,
        next: Alarm,
        rule: &Rule,
        verdict: Verdict,
        crossing: bool,
        still: Picture<'_>,
        now: Now,
        fx: &mut Effects,
    ) {
        let life::Held { alarm, happened, anew } = life::held(next, rule, verdict, crossing, now);
        for what in happened {
            let entry = journal::happened(what, &alarm, &journal::ourselves(), now);
            let still = (what == What::Worse).then(still).flatten();
            self.write(Entry { still, ..entry }, fx);
        }
        if anew {
            let alarm = Arc::new(alarm);
            self.say(Update::Raised(Arc::clone(&alarm)), fx);
            self.end_mute_for(&alarm, now, fx);
        } else {
            self.changed(was, alarm, fx);
        }
    }

    fn end(&mut self, was: Alarm, now: Now, fx: &mut Effects) {
        let id = was.id.clone();
        let before = was.clone();
        let (what, left) = life::over(was, now);
        self.write(journal::happened(what, left.as_ref().unwrap_or(&before), &journal::ourselves(), now), fx);
        match left {
            Some(alarm) => self.say(Update::Changed(Arc::new(alarm)), fx),
            None => self.say(Update::Gone(id), fx),
        }
    }

    fn changed(&mut self, was: &Alarm, next: Alarm, fx: &mut Effects) {
        if *was != next {
            self.say(Update::Changed(Arc::new(next)), fx);
        }
    }

    /// Closes an alarm: its rule or its device is gone, changed or out of service.
    pub(super) fn close(&mut self, id: &AlarmId, by: &Arc<str>, why: &str, now: Now, fx: &mut Effects) {
        let Some(alarm) = self.state.active.get(id).cloned() else { return };
        let text = format!("{} closed: {why}", words::alarm(&alarm));
        self.write(journal::of_alarm(What::Closed, &alarm, by, text, now), fx);
        self.gone(id, fx);
    }

    /// An alarm is normal again.
    pub(super) fn gone(&mut self, id: &AlarmId, fx: &mut Effects) {
        self.tests_end.remove(id);
        self.say(Update::Gone(id.clone()), fx);
        self.tidy(id);
    }

    /// Says whether a flood began, goes on with another count, or is over.
    pub(super) fn watch_flood(&mut self, now: Now, fx: &mut Effects) {
        let n_recent = self.recent.flood(now.at);
        let was = self.state.flood.clone();
        if was.as_ref().map(|flood| flood.n_recent) == n_recent {
            return;
        }
        let entry = |what, text| journal::plain(what, &journal::ourselves(), text, now);
        match (&was, n_recent) {
            (None, Some(n)) => {
                self.write(entry(What::FloodBegan, format!("Flood: {n} new alarms within 10 minutes")), fx);
            }
            (Some(_), None) => self.write(entry(What::FloodOver, "The flood of alarms is over".to_owned()), fx),
            _ => {}
        }
        let since = was.map_or(now.wall, |flood| flood.since);
        self.say(Update::Flood(n_recent.map(|n_recent| Flood { since, n_recent })), fx);
    }

    /// A new Danger sounds though sounds are muted.
    pub(super) fn end_mute_for(&mut self, alarm: &Alarm, now: Now, fx: &mut Effects) {
        let heard = alarm.level == Level::Danger && !alarm.test && !self.state.shelved.contains_key(&alarm.id);
        if heard && self.state.muted_until.is_some() {
            let text = format!("Sounds are on again: {} is a new Danger", words::alarm(alarm));
            self.unmute(&journal::ourselves(), text, now, fx);
        }
    }

    /// Ends the mute.
    pub(super) fn unmute(&mut self, by: &Arc<str>, text: String, now: Now, fx: &mut Effects) {
        self.mute_ends = None;
        self.write(journal::plain(What::Unmuted, by, text, now), fx);
        self.say(Update::Muted(None), fx);
    }

    /// Appends to the journal.
    pub(super) fn write(&mut self, entry: Entry, fx: &mut Effects) {
        self.noted += 1;
        fx.noted.entries.push(entry);
    }

    /// Makes a fact true: in the state, among the effects, and in what is kept.
    pub(super) fn say(&mut self, update: Update, fx: &mut Effects) {
        self.state.apply(&update);
        fx.noted.changes.extend(kept(&update));
        fx.updates.push(update);
    }

    /// Entries written in this run.
    #[must_use]
    pub const fn noted(&self) -> u64 {
        self.noted
    }

    /// The first `n` entries of this run can be read from the journal now.
    pub fn journaled(&mut self, n: u64) -> Effects {
        let mut fx = Effects::default();
        if n > self.state.journaled {
            self.say(Update::Journaled(n), &mut fx);
        }
        fx
    }
}

/// What a fact changes of what is kept. Tests, floods and mutes end with the program.
fn kept(update: &Update) -> Option<AlarmChange> {
    let keep = |record| Some(AlarmChange::Keep(record));
    match update {
        Update::Raised(alarm) | Update::Changed(alarm) if !alarm.test => keep(AlarmRecord::Active(Arc::clone(alarm))),
        Update::Gone(id) => Some(AlarmChange::ForgetAlarm(id.clone())),
        Update::Shelved { alarm, shelf: Some(shelf) } => keep(AlarmRecord::Shelf(alarm.clone(), shelf.clone())),
        Update::Shelved { alarm, shelf: None } => Some(AlarmChange::ForgetShelf(alarm.clone())),
        Update::OutOfService { device, how: Some(how) } => keep(AlarmRecord::OutOfService(device.clone(), how.clone())),
        Update::OutOfService { device, how: None } => Some(AlarmChange::ForgetOutOfService(device.clone())),
        Update::Rule(rule) => keep(AlarmRecord::Rule(Arc::clone(rule))),
        Update::RuleGone(id) => Some(AlarmChange::ForgetRule(id.clone())),
        _ => None,
    }
}
