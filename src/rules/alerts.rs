//! Which lights alarms hold: layers over lights follow from alarms and what their actions did.
//!
//! Invariant: nothing is remembered here; what is due follows from the snapshot alone, so it also heals what a restart or
//! a missed fact left behind.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::model::alarms;
use crate::model::alarms::alarm::{Alarm, State};
use crate::model::deed::{Deed, Lights, Until, layer_key};
use crate::model::lights::layers::{Kind, Layer};
use crate::model::lights::{Aim, Command, LightId};
use crate::model::message;
use crate::model::snapshot::Snapshot;
use crate::rules::words;

/// What an alarm holds.
struct Held {
    alarm: Arc<str>,
    aims: Vec<Aim>,
    put: Command,
}

/// Whether lights may have to follow such an update.
#[must_use]
pub fn may_move(update: &alarms::Update) -> bool {
    use alarms::Update::{Changed, Gone, OutOfService, Raised, Reset, Rule, RuleGone, Shelved};
    matches!(
        update,
        Raised(_) | Changed(_) | Gone(_) | Shelved { .. } | OutOfService { .. } | Rule(_) | RuleGone(_) | Reset(_)
    )
}

/// The commands that let layers of alarms be as they are held, with the alarm that each is for: first those that take
/// layers away.
#[must_use]
pub fn due(view: &Snapshot) -> Vec<(Arc<str>, Command)> {
    let (held, lying) = (held(view), lying(view));
    let gone = lying.keys().filter(|key| !held.contains_key(*key)).map(|key| {
        let alarm = key.split('/').next().unwrap_or_default().into();
        (alarm, Command::RemoveLayer { kind: Kind::Alarm, key: Arc::clone(key) })
    });
    let missing = held.iter().filter(|(key, held)| {
        let mut wanted = view.lights.aimed(&held.aims).into_iter();
        wanted.any(|light| !lying.get(*key).is_some_and(|lights| lights.contains(&light)))
    });
    gone.chain(missing.map(|(_, held)| (Arc::clone(&held.alarm), held.put.clone()))).collect()
}

/// What alarms hold, by the keys of their layers: alerts that were given and not taken back, for as long as they last.
/// Of two for the same lights the later in the rule wins.
fn held(view: &Snapshot) -> BTreeMap<Arc<str>, Held> {
    let mut held = BTreeMap::new();
    for alarm in view.alarms.active.values().filter(|alarm| !view.alarms.shelved.contains_key(&alarm.id)) {
        let rule = view.alarms.rules.get(&alarm.rule);
        for deed in rule.into_iter().flat_map(|rule| &rule.actions).map(|action| &action.command) {
            let Deed::Lights(Lights::Alert { aims, until, .. }) = deed else { continue };
            if holds(*until, alarm.state)
                && stands(alarm, deed)
                && let message::Command::Lights(put) = message::Command::of(deed.clone(), alarm, alarm.changed)
            {
                let key = layer_key(alarm.id.as_str(), aims);
                held.insert(key, Held { alarm: Arc::clone(&alarm.id.0), aims: aims.clone(), put });
            }
        }
    }
    held
}

/// Whether an alarm in this state still holds lights that it holds until then.
fn holds(until: Until, state: State) -> bool {
    match until {
        Until::Cleared => state != State::Cleared,
        Until::Acknowledged => state != State::Acknowledged,
    }
}

/// Whether a deed was done for an alarm, and not taken back.
fn stands(alarm: &Alarm, deed: &Deed) -> bool {
    let what = words::of(deed);
    alarm.done.iter().any(|done| done.what == what && done.refused.is_none() && !done.undone)
}

/// The layers of alarms that lie over lights, by key, and over which.
fn lying(view: &Snapshot) -> BTreeMap<Arc<str>, BTreeSet<LightId>> {
    let mut lying: BTreeMap<Arc<str>, BTreeSet<LightId>> = BTreeMap::new();
    for light in view.lights.lights.values() {
        // A key without a slash is of no alarm: somebody else put it there.
        let own = |layer: &&Layer| layer.kind == Kind::Alarm && layer.key.contains('/');
        for layer in light.stack.layers.iter().filter(own) {
            lying.entry(Arc::clone(&layer.key)).or_default().insert(light.id.clone());
        }
    }
    lying
}
