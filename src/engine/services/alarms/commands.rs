//! What people, programs and rules ask of the book.
//!
//! Invariant: a command that is refused changes nothing and says why, for a person.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::engine::services::alarms::book::Book;
use crate::engine::services::alarms::devices;
use crate::engine::services::alarms::effects::{Effects, Now};
use crate::engine::services::alarms::restore::LONGEST_SHELF;
use crate::engine::services::alarms::{journal, life, ruling, words};
use crate::heat::fusion::Verdict;
use crate::model::alarms::alarm::{Alarm, AlarmId, Done, OutOfService, Reason, Shelf, State};
use crate::model::alarms::journal::{Entry, What};
use crate::model::alarms::rule::{Level, RuleId};
use crate::model::alarms::{Command, Update};
use crate::model::message::Origin;
use crate::model::sensors::{Device, DeviceId, Sensors};

/// The longest mute, minutes.
const LONGEST_MUTE: u32 = 1_440;
/// The longest reason, characters.
const LONGEST_REASON: usize = 200;
/// How many things that its actions did are kept with an alarm.
const MAX_DONE: usize = 32;
/// How long a test alarm lasts if nobody acknowledges it.
pub const TEST_LASTS: Duration = Duration::from_secs(60);

type Answer = Result<(), String>;

impl Book {
    /// Decides on a command of `origin`. `sensors`: the devices there are.
    ///
    /// # Errors
    /// Why it is refused.
    pub fn command(
        &mut self,
        command: Command,
        origin: &Origin,
        sensors: &Sensors,
        now: Now,
    ) -> Result<Effects, String> {
        let (mut effects, by) = (Effects::default(), origin.words());
        let fx = &mut effects;
        match command {
            Command::Acknowledge { alarm } => self.acknowledge(&alarm, &by, now, fx),
            Command::AcknowledgeAll { device } => self.acknowledge_all(device.as_ref(), &by, now, fx),
            Command::Shelve { alarm, minutes, reason } => self.shelve(&alarm, minutes, &reason, &by, now, fx),
            Command::Unshelve { alarm } if self.state.shelved.contains_key(&alarm) => {
                self.unshelve(&alarm, &by, "ended early", now, fx);
                Ok(())
            }
            Command::Unshelve { alarm } => Err(format!("{} is not shelved.", self.name_of(&alarm))),
            Command::Mute { minutes } => self.mute(minutes, &by, now, fx),
            Command::TakeOutOfService { device, reason } => {
                let known = known(sensors, &device)?;
                let reason = reason_of(&reason)?;
                if reason.is_empty() {
                    return Err("Say why it is taken out of service, in 1 to 200 characters.".to_owned());
                }
                self.take_out(&device, &known.name, OutOfService { by, since: now.wall, reason }, now, fx);
                Ok(())
            }
            Command::PutBackInService { device } if self.state.out_of_service.contains_key(&device) => {
                self.put_back(&device, &name(sensors, &device), &by, now, fx);
                Ok(())
            }
            Command::PutBackInService { device } => Err(format!("{} is in service.", name(sensors, &device))),
            Command::Test { rule, device, level } => self.test(&rule, known(sensors, &device)?, level, &by, now, fx),
            Command::PutRule(rule) => self.put_rule(*rule, &by, now, fx),
            Command::RemoveRule { rule } => self.remove_rule(&rule, &by, now, fx),
            Command::RestoreRules => self.restore_rules(&by, now, fx),
            Command::Relearn { device } => {
                let text = format!("{}: rest levels and usual picture are learned anew", known(sensors, &device)?.name);
                self.write(devices::about(What::Relearned, &device, &by, text, now), fx);
                fx.relearn.push(device);
                Ok(())
            }
            Command::UndoActions { alarm } => self.ask_undo(&alarm, fx),
            Command::Acted { alarm, done } => {
                self.acted(&alarm, *done, &by, now, fx);
                Ok(())
            }
        }?;
        Ok(effects)
    }

    fn acknowledge(&mut self, id: &AlarmId, by: &Arc<str>, now: Now, fx: &mut Effects) -> Answer {
        let gone = || format!("There is no alarm \"{id}\" any more; it is normal again.");
        let alarm = self.state.active.get(id).cloned().ok_or_else(gone)?;
        // Somebody took note already: what was wanted is so.
        if alarm.state != State::Acknowledged {
            self.take_note(&alarm, by, now, fx);
        }
        Ok(())
    }

    fn acknowledge_all(&mut self, device: Option<&DeviceId>, by: &Arc<str>, now: Now, fx: &mut Effects) -> Answer {
        let alarms = self.state.by_urgency().into_iter();
        let open = alarms.filter(|alarm| alarm.state != State::Acknowledged);
        for alarm in open.filter(|alarm| device.is_none_or(|device| alarm.device == *device)) {
            self.take_note(&alarm, by, now, fx);
        }
        Ok(())
    }

    fn take_note(&mut self, alarm: &Arc<Alarm>, by: &Arc<str>, now: Now, fx: &mut Effects) {
        self.write(journal::happened(What::Acknowledged, alarm, by, now), fx);
        match life::acknowledged(Alarm::clone(alarm), by, now) {
            Some(alarm) => self.say(Update::Changed(Arc::new(alarm)), fx),
            None => self.gone(&alarm.id, fx),
        }
    }

    fn shelve(
        &mut self,
        id: &AlarmId,
        minutes: u32,
        reason: &str,
        by: &Arc<str>,
        now: Now,
        fx: &mut Effects,
    ) -> Answer {
        let alarm = self.state.active.get(id).cloned();
        if alarm.is_none() && !self.state.shelved.contains_key(id) {
            return Err(format!("There is no alarm \"{id}\" any more; it is normal again."));
        }
        if alarm.as_ref().is_some_and(|alarm| alarm.test) {
            return Err("A test alarm cannot be shelved. Acknowledge it.".to_owned());
        }
        let lasts = span(minutes, LONGEST_SHELF, "An alarm can be shelved")?;
        let (reason, until) = (reason_of(reason)?, later(now.wall, lasts));
        let why = if reason.is_empty() { String::new() } else { format!(": {reason}") };
        let text = format!("{} shelved for {minutes} min{why}", self.name_of(id));
        let entry = match &alarm {
            Some(alarm) => journal::of_alarm(What::Shelved, alarm, by, text, now),
            None => Entry { alarm: Some(id.clone()), ..journal::plain(What::Shelved, by, text, now) },
        };
        self.write(entry, fx);
        self.shelves_end.insert(id.clone(), now.at + lasts);
        let shelf = Some(Shelf { by: Arc::clone(by), since: now.wall, until, reason });
        self.say(Update::Shelved { alarm: id.clone(), shelf }, fx);
        Ok(())
    }

    fn mute(&mut self, minutes: Option<u32>, by: &Arc<str>, now: Now, fx: &mut Effects) -> Answer {
        match minutes {
            Some(minutes) => {
                let lasts = span(minutes, LONGEST_MUTE, "Sounds can be muted")?;
                let text = format!("Sounds muted for {minutes} min");
                self.write(journal::plain(What::Muted, by, text, now), fx);
                self.mute_ends = Some(now.at + lasts);
                self.say(Update::Muted(Some(later(now.wall, lasts))), fx);
            }
            None if self.state.muted_until.is_some() => {
                self.unmute(by, "Sounds are on again".to_owned(), now, fx);
            }
            None => {}
        }
        Ok(())
    }

    fn test(
        &mut self,
        rule: &RuleId,
        device: &Device,
        level: Level,
        by: &Arc<str>,
        now: Now,
        fx: &mut Effects,
    ) -> Answer {
        let known = self.state.rules.get(rule).cloned().ok_or_else(|| ruling::unknown(rule))?;
        let verdict = Verdict { level, confidence: 1.0 };
        let alarm = Alarm {
            id: test_id(rule, &device.location),
            test: true,
            latched: false,
            reasons: vec![test_reason(&device.id, level, now)],
            ..life::raised(&known, &device.location, &device.id, verdict, now)
        };
        self.write(journal::happened(What::Tested, &alarm, by, now), fx);
        self.tests_end.insert(alarm.id.clone(), now.at + TEST_LASTS);
        self.say(Update::Raised(Arc::new(alarm)), fx);
        Ok(())
    }

    fn ask_undo(&mut self, id: &AlarmId, fx: &mut Effects) -> Answer {
        let alarm = self.state.active.get(id).cloned();
        let alarm = alarm.ok_or_else(|| format!("There is no alarm \"{id}\" any more; it is normal again."))?;
        if !alarm.done.iter().any(|done| done.undo.is_some() && !done.undone) {
            return Err(format!("{}: nothing was done that can be taken back.", words::alarm(&alarm)));
        }
        self.say(Update::UndoAsked { alarm }, fx);
        Ok(())
    }

    /// An action was run, refused or taken back. It is journaled though its alarm may be normal again.
    fn acted(&mut self, id: &AlarmId, done: Done, by: &Arc<str>, now: Now, fx: &mut Effects) {
        let done = Done { at: now.wall, ..done };
        let name = self.name_of(id);
        let (what, text) = match &done.refused {
            Some(why) => (What::ActionRefused, format!("{name}: {} was refused: {why}", done.what)),
            None if done.undone => (What::Undone, format!("{name}: {} was taken back", done.what)),
            None => (What::Acted, format!("{name}: {}", done.what)),
        };
        let Some(was) = self.state.active.get(id).cloned() else {
            self.write(Entry { alarm: Some(id.clone()), ..journal::plain(what, by, text, now) }, fx);
            return;
        };
        self.write(journal::of_alarm(what, &was, by, text, now), fx);
        let mut next = Alarm::clone(&was);
        match next.done.iter_mut().find(|known| known.what == done.what) {
            Some(known) => *known = done,
            None => {
                if next.done.len() >= MAX_DONE {
                    next.done.remove(0);
                }
                next.done.push(done);
            }
        }
        self.say(Update::Changed(Arc::new(next)), fx);
    }
}

/// The id of a rule's test alarm: no rule's own, for a rule's id has single dashes only.
#[must_use]
pub fn test_id(rule: &RuleId, location: &str) -> AlarmId {
    AlarmId::of(&RuleId(format!("{rule}--test").into()), location)
}

fn test_reason(device: &DeviceId, level: Level, now: Now) -> Reason {
    Reason {
        source: 0,
        name: "Test".into(),
        device: device.clone(),
        level,
        on: true,
        value: 0.0,
        threshold: 0.0,
        unit: "".into(),
        since: now.wall,
        cell: None,
        stale: false,
    }
}

fn known<'a>(sensors: &'a Sensors, device: &DeviceId) -> Result<&'a Device, String> {
    sensors.devices.get(device).map(|device| &**device).ok_or_else(|| format!("There is no device \"{device}\"."))
}

fn name(sensors: &Sensors, device: &DeviceId) -> String {
    sensors.devices.get(device).map_or_else(|| device.to_string(), |known| known.name.to_string())
}

fn reason_of(text: &str) -> Result<Arc<str>, String> {
    let text = text.trim();
    if text.chars().count() > LONGEST_REASON || text.chars().any(char::is_control) {
        return Err(format!("A reason has {LONGEST_REASON} characters at most, on one line."));
    }
    Ok(text.into())
}

fn span(minutes: u32, longest: u32, what: &str) -> Result<Duration, String> {
    if minutes == 0 || minutes > longest {
        return Err(format!("{what} for 1 to {longest} minutes, not {minutes}."));
    }
    Ok(Duration::from_secs(u64::from(minutes) * 60))
}

fn later(wall: Timestamp, lasts: Duration) -> Timestamp {
    let lasts = SignedDuration::try_from(lasts).unwrap_or_default();
    wall.checked_add(lasts).unwrap_or(Timestamp::MAX)
}
