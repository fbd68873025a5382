//! What drivers of hubs share: wishes that wait for their turn on a slow radio, newest wins per light, and groups that
//! say several of them at once.
//!
//! Invariant: at most one wish waits per light, the newest; it keeps the place of the one it replaces.
//! Invariant: a command for a group never changes a light for which nothing, or something else, waits.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use crate::drivers::LocalId;
use crate::model::lights::Reported;
use crate::model::lights::capabilities::Capabilities;
use crate::model::lights::state::{Change, Color, State};

/// A state that waits to be sent.
#[derive(Clone, Debug, PartialEq)]
pub struct Pending {
    /// How the light shall be.
    pub state: State,
    /// How long it takes, ms.
    pub transition_ms: u32,
    place: u64,
}

/// States that wait to be sent.
#[derive(Debug, Default)]
pub struct Queue {
    waiting: BTreeMap<LocalId, Pending>,
    n_put: u64,
}

impl Queue {
    /// Lets a state wait, in place of an older one of the same light.
    pub fn put(&mut self, light: &LocalId, state: State, transition_ms: u32) {
        self.n_put += 1;
        let place = self.waiting.get(light).map_or(self.n_put, |older| older.place);
        self.waiting.insert(light.clone(), Pending { state, transition_ms, place });
    }

    /// Takes what waits for a light.
    pub fn take(&mut self, light: &LocalId) -> Option<Pending> {
        self.waiting.remove(light)
    }

    /// How many lights something waits for.
    #[must_use]
    pub fn len(&self) -> usize {
        self.waiting.len()
    }

    /// Whether nothing waits.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Lights something waits for, in no order that matters.
    pub fn lights(&self) -> impl Iterator<Item = &LocalId> {
        self.waiting.keys()
    }

    /// The light that has waited longest among those that are `ready`.
    pub fn oldest(&self, ready: impl Fn(&LocalId) -> bool) -> Option<LocalId> {
        let waiting = self.waiting.iter().filter(|(light, _)| ready(light));
        waiting.min_by_key(|(_, pending)| pending.place).map(|(light, _)| light.clone())
    }

    /// The largest group whose members all wait for the same, with that wish. What a member cannot do does not count.
    pub fn covered<'a, G: Copy>(
        &self,
        groups: impl Iterator<Item = (G, &'a BTreeSet<LocalId>)>,
        capabilities: impl Fn(&LocalId) -> Option<&'a Capabilities>,
    ) -> Option<(G, Pending)> {
        let agreed = groups.filter_map(|(group, members)| {
            let all: Option<Vec<_>> =
                members.iter().map(|light| Some((self.waiting.get(light)?, capabilities(light)?))).collect();
            let all = all.filter(|all| all.len() > 1)?;
            let (leader, _) = all.iter().max_by_key(|(_, can)| skill(can))?;
            let agree = all.iter().all(|(pending, can)| agrees(pending, can, leader));
            agree.then(|| (all.len(), group, Pending::clone(leader)))
        });
        agreed.max_by_key(|(n_members, ..)| *n_members).map(|(_, group, leader)| (group, leader))
    }
}

fn skill(can: &Capabilities) -> u8 {
    u8::from(can.color.is_some()) * 4 + u8::from(can.mirek.is_some()) * 2 + u8::from(can.dimming)
}

/// Whether the leader's command says all there is to say to this light.
fn agrees(pending: &Pending, can: &Capabilities, leader: &Pending) -> bool {
    let (ours, theirs) = (&pending.state, &leader.state);
    let plain = ours.effect.is_none() && theirs.effect.is_none() && !matches!(theirs.color, Color::Gradient(_));
    let has_color = can.color.is_some() || can.mirek.is_some();
    plain
        && pending.transition_ms == leader.transition_ms
        && ours.on == theirs.on
        && (!ours.on || !can.dimming || (ours.brightness - theirs.brightness).abs() < 1e-3)
        && (!ours.on || !has_color || ours.color == theirs.color)
}

/// What leads from what is known of a light to what is wanted of it; empty if that is the same. What turns it off says
/// nothing else; what turns it on says its brightness too, since some lamps do nothing without it.
#[must_use]
pub fn change(known: &Reported, wanted: &State, can: &Capabilities) -> Change {
    if !wanted.on {
        return Change { on: (known.on != Some(false)).then_some(false), ..Change::default() };
    }
    let turns_on = known.on != Some(true);
    let ends_effect = wanted.effect.is_none() && known.effect.as_ref().is_some_and(|effect| !effect.is_empty());
    let dims = turns_on || known.brightness.is_none_or(|share| (share - wanted.brightness).abs() > 0.002);
    let has_color = can.color.is_some() || can.mirek.is_some();
    let colors = ends_effect || known.color.as_ref().is_none_or(|color| !is_near(color, &wanted.color));
    Change {
        on: turns_on.then_some(true),
        brightness: (can.dimming && dims).then_some(wanted.brightness),
        color: (has_color && colors && wanted.effect.is_none()).then(|| wanted.color.clone()),
        effect: match &wanted.effect {
            Some(effect) => (known.effect.as_ref() != Some(effect)).then(|| Arc::clone(effect)),
            None => ends_effect.then(|| "".into()),
        },
        transition_ms: None,
    }
}

/// Whether nobody could tell two colours apart, rounded as devices round them.
#[must_use]
pub fn is_near(a: &Color, b: &Color) -> bool {
    match (a, b) {
        (Color::Xy(a), Color::Xy(b)) => a.distance(*b) < 0.002,
        (Color::Mirek(a), Color::Mirek(b)) => a.get().abs_diff(b.get()) <= 1,
        (Color::Gradient(a), Color::Gradient(b)) => {
            a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| a.distance(*b) < 0.01)
        }
        _ => false,
    }
}

/// Folds a change, or what a light said, into what is known of it.
pub fn learn(
    known: &mut Reported,
    on: Option<bool>,
    brightness: Option<f32>,
    color: Option<Color>,
    effect: Option<Arc<str>>,
) {
    known.on = on.or(known.on);
    known.brightness = brightness.or(known.brightness);
    known.color = color.or_else(|| known.color.take());
    known.effect = effect.or_else(|| known.effect.take());
}

/// As many colours as a light takes, evenly picked from those of a gradient.
#[must_use]
pub fn picked<T: Copy>(points: &[T], most: usize) -> Vec<T> {
    if points.len() <= most || most < 2 {
        return points.iter().take(most).copied().collect();
    }
    (0..most).filter_map(|n| points.get(n * (points.len() - 1) / (most - 1)).copied()).collect()
}

/// How long answers take, and how long to wait for one.
#[derive(Clone, Copy, Debug, Default)]
pub struct Patience {
    smoothed: Option<Duration>,
}

impl Patience {
    /// An answer took this long.
    pub fn heard(&mut self, took: Duration) {
        self.smoothed = Some(self.smoothed.map_or(took, |before| (before * 7 + took) / 8));
    }

    /// How long answers take, smoothed.
    #[must_use]
    pub fn smoothed(&self) -> Option<Duration> {
        self.smoothed
    }

    /// How long to wait for an answer: six times what they take, 200 ms to 3 s.
    #[must_use]
    pub fn limit(&self) -> Duration {
        const RANGE: (Duration, Duration) = (Duration::from_millis(200), Duration::from_secs(3));
        self.smoothed.map_or(RANGE.1, |usual| (usual * 6).clamp(RANGE.0, RANGE.1))
    }
}
