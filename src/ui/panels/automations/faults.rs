//! What is wrong with a draft, and where: each sentence stands beside what it is about.

use std::collections::BTreeMap;

use crate::heat::watch::check;
use crate::model::alarms::rule::{Rule, Source};
use crate::ui::panels::automations::recipes;
use crate::ui::words;

/// What is wrong with a draft.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Faults {
    /// With a source, by its place.
    pub sources: BTreeMap<usize, String>,
    /// With anything else.
    pub rule: Option<String>,
}

impl Faults {
    /// What is wrong with `rule`. What the check says of the whole is put where a part alone has the same fault.
    #[must_use]
    pub fn of(rule: &Rule) -> Self {
        let mut faults = Self::default();
        if let Err(why) = check::check(rule) {
            for (i, source) in rule.sources.iter().enumerate() {
                let alone = recipes::rule("Sound", vec![Source { enabled: true, ..source.clone() }]);
                let why = check::check(&alone).err();
                faults.sources.extend(why.map(|why| (i, words::capital(behind_its_name(&why, source)))));
            }
            faults.rule = faults.sources.is_empty().then(|| words::capital(&why));
        }
        faults
    }

    /// Whether it can be saved.
    #[must_use]
    pub fn none(&self) -> bool {
        self.sources.is_empty() && self.rule.is_none()
    }

    /// What keeps it from being saved, in one sentence.
    #[must_use]
    pub fn first(&self, rule: &Rule) -> Option<String> {
        let source = || {
            let (at, why) = self.sources.first_key_value()?;
            let name = rule.sources.get(*at).map_or("", |source| &source.name);
            Some(format!("Source {} ({name}): {why}", at + 1))
        };
        self.rule.clone().or_else(source)
    }
}

/// What is wrong with a source, without the words that name it: it stands beside its source.
fn behind_its_name<'a>(why: &'a str, source: &Source) -> &'a str {
    let named = format!("source 1 ({}): ", source.name);
    why.strip_prefix(&named).unwrap_or(why)
}
