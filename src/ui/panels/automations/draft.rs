//! Rules being edited: what is selected, what was changed and not saved yet, which question is open.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::heat::watch::check;
use crate::model::alarms::rule::{Level, Rule, RuleId};
use crate::model::alarms::{Alarms, Command};
use crate::model::sensors::DeviceId;
use crate::ui::panels::automations::live;

/// A rule as it is edited.
#[derive(Clone, Debug)]
pub struct Draft {
    /// As edited.
    pub rule: Rule,
    /// As it was when editing began; `None` for a new one.
    pub base: Option<Arc<Rule>>,
    /// Whether it was sent to be saved as it is.
    pub sent: bool,
}

impl Draft {
    /// Whether the rule is another one now than when editing began; whether it is watched does not matter.
    #[must_use]
    pub fn overtaken(&self, now: Option<&Rule>) -> bool {
        let same = |base: &Rule, now: &Rule| Rule { enabled: now.enabled, ..base.clone() } == *now;
        match (&self.base, now) {
            (Some(base), Some(now)) => !same(base, now),
            (base, now) => base.is_some() != now.is_some(),
        }
    }
}

/// A question that is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asking {
    /// Whether the selected rule is to be deleted.
    Delete,
    /// Whether standard rules are to be put back.
    Restore,
    /// Where a test alarm is to be raised, and at which level.
    Test {
        /// At which device.
        device: Option<DeviceId>,
        /// How bad.
        level: Level,
    },
}

/// What is being done on the page.
#[derive(Debug, Default)]
pub struct Desk {
    /// The selected rule.
    pub selected: Option<RuleId>,
    /// What was changed and is not saved.
    pub drafts: BTreeMap<RuleId, Draft>,
    /// The source whose details are shown.
    pub open: Option<usize>,
    /// The open question.
    pub asking: Option<Asking>,
    /// What rules would do now.
    pub live: live::Kept,
}

impl Desk {
    /// Drops drafts that are saved, and keeps something selected.
    pub fn settle(&mut self, alarms: &Alarms) {
        self.drafts.retain(|id, draft| match (alarms.rules.get(id), &draft.base) {
            (Some(now), _) if **now == draft.rule => false,
            // It was saved, but not word for word: what is in force counts.
            (Some(now), Some(base)) => !(draft.sent && now != base),
            (Some(_), None) => !draft.sent,
            (None, _) => true,
        });
        let known = |id: &RuleId| alarms.rules.contains_key(id) || self.drafts.contains_key(id);
        if self.selected.as_ref().is_none_or(|id| !known(id)) {
            self.selected = self.in_order(alarms).first().map(|rule| rule.id.clone());
            (self.open, self.asking) = (None, None);
        }
    }

    /// All rules as they are edited or else as they are, by name.
    #[must_use]
    pub fn in_order(&self, alarms: &Alarms) -> Vec<Arc<Rule>> {
        let saved = alarms.rules.values().filter(|rule| !self.drafts.contains_key(&rule.id)).cloned();
        let edited = self.drafts.values().map(|draft| Arc::new(draft.rule.clone()));
        let mut all: Vec<_> = saved.chain(edited).collect();
        all.sort_by_cached_key(|rule| (rule.name.to_lowercase(), rule.id.clone()));
        all
    }

    /// The selected rule as it is edited, or as it is.
    #[must_use]
    pub fn edited(&self, alarms: &Alarms) -> Option<Rule> {
        let id = self.selected.as_ref()?;
        let draft = self.drafts.get(id).map(|draft| draft.rule.clone());
        draft.or_else(|| alarms.rules.get(id).map(|rule| Rule::clone(rule)))
    }

    /// Selects a rule.
    pub fn select(&mut self, id: &RuleId) {
        if self.selected.as_ref() != Some(id) {
            self.selected = Some(id.clone());
            (self.open, self.asking) = (None, None);
        }
    }

    /// Takes in how the selected rule is edited now.
    pub fn note(&mut self, rule: Rule, alarms: &Alarms) {
        let id = rule.id.clone();
        match self.drafts.get_mut(&id) {
            Some(draft) if draft.rule == rule => {}
            Some(draft) => (draft.rule, draft.sent) = (rule, false),
            None => {
                let base = alarms.rules.get(&id).cloned();
                if base.as_deref() != Some(&rule) {
                    self.drafts.insert(id, Draft { rule, base, sent: false });
                }
            }
        }
    }

    /// Begins a new rule; it is not in force before it is saved.
    pub fn begin(&mut self, mut rule: Rule, alarms: &Alarms) {
        rule.id = self.free_id(&rule.name, alarms);
        self.select(&rule.id);
        self.open = Some(0);
        self.drafts.insert(rule.id.clone(), Draft { rule, base: None, sent: false });
    }

    /// The slug of a name, with a number behind it if it is taken.
    fn free_id(&self, name: &str, alarms: &Alarms) -> RuleId {
        let taken = |id: &RuleId| alarms.rules.contains_key(id) || self.drafts.contains_key(id);
        let numbered = (2_u32..).map(|n| RuleId::new(&format!("{} {n}", name.chars().take(40).collect::<String>())));
        std::iter::once(RuleId::new(name)).chain(numbered).find(|id| !taken(id)).unwrap_or_else(|| RuleId::new(name))
    }

    /// A copy of a rule under another name, as a draft.
    pub fn duplicate(&mut self, rule: &Rule, alarms: &Alarms) {
        let name: String = format!("{} copy", rule.name.chars().take(59).collect::<String>());
        self.begin(Rule { name: name.into(), ..rule.clone() }, alarms);
        self.open = None;
    }

    /// Gives the selected rule's changes up.
    pub fn revert(&mut self) {
        if let Some(id) = &self.selected {
            self.drafts.remove(id);
        }
        self.open = None;
    }

    /// What saves the selected rule, if it was changed and nothing is wrong with it.
    #[must_use]
    pub fn save(&mut self, alarms: &Alarms) -> Option<Command> {
        let id = self.selected.clone()?;
        let mut draft = self.drafts.remove(&id)?;
        draft.rule.name = draft.rule.name.trim().into();
        let sound = check::check(&draft.rule).is_ok();
        if sound {
            if draft.base.is_none() {
                // A new rule is known by the name that it was given in the end.
                draft.rule.id = self.free_id(&draft.rule.name, alarms);
                self.selected = Some(draft.rule.id.clone());
            }
            draft.sent = true;
        }
        let command = sound.then(|| Command::PutRule(Box::new(draft.rule.clone())));
        self.drafts.insert(draft.rule.id.clone(), draft);
        command
    }

    /// What puts a rule in force as it is, but watched or not; a draft of it follows.
    #[must_use]
    pub fn enable(&mut self, id: &RuleId, on: bool, alarms: &Alarms) -> Option<Command> {
        if let Some(draft) = self.drafts.get_mut(id) {
            draft.rule.enabled = on;
        }
        let flipped = Rule { enabled: on, ..Rule::clone(alarms.rules.get(id)?) };
        if let Some(draft) = self.drafts.get_mut(id) {
            draft.base = Some(Arc::new(flipped.clone()));
        }
        Some(Command::PutRule(Box::new(flipped)))
    }
}
