//! Rules that change while their alarms stand.
//!
//! Invariant: a source that is still there after its rule changed keeps how it stands; one that is gone is off, and
//! the rule is judged again. Alarms of a rule that is removed or switched off are closed.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::engine::services::alarms::book::Book;
use crate::engine::services::alarms::differences;
use crate::engine::services::alarms::effects::{Effects, Now};
use crate::engine::services::alarms::journal;
use crate::engine::services::alarms::spot::Spot;
use crate::heat::watch::{check, standard};
use crate::model::alarms::Update;
use crate::model::alarms::alarm::{Alarm, AlarmId, Reason};
use crate::model::alarms::journal::{Entry, What};
use crate::model::alarms::rule::{Rule, RuleId};

/// How many rules there may be.
pub const MAX_RULES: usize = 200;

impl Book {
    pub(super) fn put_rule(&mut self, rule: Rule, by: &Arc<str>, now: Now, fx: &mut Effects) -> Result<(), String> {
        if RuleId::new(rule.id.as_str()) != rule.id {
            return Err(format!(
                "\"{}\" cannot be a rule's id: it has letters a to z, digits and single dashes.",
                rule.id
            ));
        }
        check::check(&rule)?;
        if self.state.rules.len() >= MAX_RULES && !self.state.rules.contains_key(&rule.id) {
            return Err(format!("There can be {MAX_RULES} rules at most. Remove one first."));
        }
        self.adopt(rule, by, now, fx);
        Ok(())
    }

    pub(super) fn restore_rules(&mut self, by: &Arc<str>, now: Now, fx: &mut Effects) -> Result<(), String> {
        let standard = standard::rules();
        let new = standard.iter().filter(|rule| !self.state.rules.contains_key(&rule.id)).count();
        if self.state.rules.len() + new > MAX_RULES {
            return Err(format!("There can be {MAX_RULES} rules at most. Remove {new} first."));
        }
        standard.into_iter().for_each(|rule| self.adopt(rule, by, now, fx));
        Ok(())
    }

    pub(super) fn remove_rule(&mut self, id: &RuleId, by: &Arc<str>, now: Now, fx: &mut Effects) -> Result<(), String> {
        let rule = self.state.rules.get(id).cloned().ok_or_else(|| unknown(id))?;
        self.write(about(What::RuleRemoved, &rule, by, format!("Rule {} removed", rule.name), now), fx);
        self.close_all(id, by, "its rule was removed", now, fx);
        self.say(Update::RuleGone(id.clone()), fx);
        self.rules_changed(fx);
        Ok(())
    }

    fn adopt(&mut self, rule: Rule, by: &Arc<str>, now: Now, fx: &mut Effects) {
        let old = self.state.rules.get(&rule.id).cloned();
        let rule = Arc::new(rule);
        let text = match &old {
            Some(old) if **old == *rule => return,
            Some(old) => differences::sentence(old, &rule),
            None => format!("Rule {} added", rule.name),
        };
        self.write(about(What::RuleChanged, &rule, by, text, now), fx);
        self.say(Update::Rule(Arc::clone(&rule)), fx);
        self.rules_changed(fx);
        if !rule.enabled {
            self.close_all(&rule.id, by, "its rule was switched off", now, fx);
        } else if let Some(old) = old {
            self.refit(&old, &rule, now, fx);
        }
    }

    fn rules_changed(&mut self, fx: &mut Effects) {
        self.revision += 1;
        fx.rules_changed = true;
    }

    fn close_all(&mut self, rule: &RuleId, by: &Arc<str>, why: &str, now: Now, fx: &mut Effects) {
        self.spots.retain(|_, spot| spot.rule != *rule);
        let of_rule = self.state.active.values().filter(|alarm| alarm.rule == *rule);
        for id in of_rule.map(|alarm| alarm.id.clone()).collect::<Vec<_>>() {
            self.close(&id, by, why, now, fx);
        }
    }

    fn refit(&mut self, old: &Rule, new: &Rule, now: Now, fx: &mut Effects) {
        let ids: Vec<AlarmId> =
            self.spots.iter().filter(|(_, spot)| spot.rule == new.id).map(|(id, _)| id.clone()).collect();
        for id in ids {
            if let Some(spot) = self.spots.get_mut(&id) {
                *spot = moved(spot, old, new);
            }
            if let Some(was) = self.state.active.get(&id) {
                let reasons = was.reasons.iter().map(|reason| follow(reason, old, new).unwrap_or(reason.clone()));
                let next = Alarm { reasons: reasons.collect(), ..Alarm::clone(was) };
                if next != **was {
                    self.say(Update::Changed(Arc::new(next)), fx);
                }
            }
            self.settle(&id, false, &|| None, now, fx);
        }
    }
}

/// The refusal of a rule that is not there.
pub(super) fn unknown(id: &RuleId) -> String {
    format!("There is no rule \"{id}\".")
}

fn about(what: What, rule: &Rule, by: &Arc<str>, text: String, now: Now) -> Entry {
    Entry { rule: Some(rule.id.clone()), ..journal::plain(what, by, text, now) }
}

/// The spot with its sources where they are in the new rule.
fn moved(spot: &Spot, old: &Rule, new: &Rule) -> Spot {
    let stays = spot.on.values().filter(|reason| new.scope.holds(&reason.device));
    let on = stays.filter_map(|reason| follow(reason, old, new));
    let on: BTreeMap<_, _> = on.map(|reason| ((reason.source, reason.device.clone()), reason)).collect();
    Spot { on, ..Spot::new(&spot.rule, &spot.location) }
}

/// A reason as the new rule has it; `None` if its source is gone.
fn follow(reason: &Reason, old: &Rule, new: &Rule) -> Option<Reason> {
    let place = place(old, new, reason.source)?;
    let source = new.sources.get(usize::from(place))?;
    Some(Reason { source: place, name: Arc::clone(&source.name), level: source.level, ..reason.clone() })
}

/// Where a source of the old rule is in the new one: the source of its name that looks at the same; or, if it was only
/// renamed, the one in its place.
fn place(old: &Rule, new: &Rule, source: u16) -> Option<u16> {
    let was = old.sources.get(usize::from(source))?;
    let looks_at_same = |i: usize| {
        let source = new.sources.get(i)?;
        let same = source.enabled && source.input == was.input && source.compare == was.compare;
        same.then_some(source)
    };
    let named = (0..new.sources.len()).find(|&i| looks_at_same(i).is_some_and(|source| source.name == was.name));
    let renamed = || {
        let here = usize::from(source);
        let name = &looks_at_same(here)?.name;
        old.sources.iter().all(|other| other.name != *name).then_some(here)
    };
    named.or_else(renamed).and_then(|i| u16::try_from(i).ok())
}
