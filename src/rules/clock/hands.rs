//! Behaviours that people set off: motion, switches, coming home and leaving.
//!
//! ```text
//!  motion:  nobody ──motion──▶ somebody ──none any more──▶ waiting ──off_after──▶ nobody, off
//!                                  ▲─────────motion────────────┘
//! ```
//!
//! Invariant: lights that a motion turned on are not touched again until nobody was there for long enough.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use crate::model::bridge::job::{Doing, Job, Place, Press as Does};
use crate::model::bridge::kept::{Kind, ObjectId};
use crate::model::bridge::object::{Behavior, Object};
use crate::model::bridge::plan::{Here, TimePoint};
use crate::model::inputs::buttons::{Event, Press};
use crate::model::inputs::{Aspect, Input, Said};
use crate::model::lights::{self, Aim};
use crate::model::snapshot::Snapshot;
use crate::rules::clock::acts;
use crate::rules::clock::due::{GRACE, Now, seconds};
use crate::units::moment::Moment;

/// A switch that does not repeat by itself is taken to do so this often while it is held.
const REPEAT: Duration = Duration::from_secs(1);
/// Nobody holds a button longer.
const LONGEST_HOLD: Duration = Duration::from_secs(10);

/// A command with whose it is.
pub type Done = (ObjectId, Arc<str>, lights::Command);

/// What these behaviours remember.
#[derive(Debug, Default)]
pub struct Hands {
    motions: BTreeMap<ObjectId, Motion>,
    turns: BTreeMap<(ObjectId, u8, usize), usize>,
    held: BTreeMap<(ObjectId, u8), Held>,
}

/// Somebody is there, or was.
#[derive(Debug)]
struct Motion {
    /// Which part of the day was shown.
    part: usize,
    /// When it goes off.
    off_at: Option<Moment>,
}

#[derive(Debug)]
struct Held {
    since: Moment,
    again_at: Option<Moment>,
}

impl Hands {
    /// Forgets what a behaviour remembers.
    pub fn remove(&mut self, id: &ObjectId) {
        self.motions.remove(id);
        self.turns.retain(|(own, ..), _| own != id);
        self.held.retain(|(own, _), _| own != id);
    }

    /// Goes on where the program ended: somebody may be there, or just have been.
    pub fn resume(&mut self, view: &Snapshot, here: &Here, now: Now) {
        for (id, behavior) in behaviors(view) {
            let Some(Job::Motion { input, by_day, off_after_s, .. }) = &behavior.job else { continue };
            let said = view.lights.inputs.get(input).and_then(|input| input.said.get("motion"));
            let (Some((at, Said::Motion(moves))), Some(part)) = (said, part(by_day, here, now.wall)) else { continue };
            let Ok(off) = at.checked_add(seconds(*off_after_s)) else { continue };
            if *moves || now.wall.duration_since(off) <= GRACE {
                let off_at = (!moves).then(|| now.moment_of(off));
                self.motions.insert(id.clone(), Motion { part, off_at });
            }
        }
    }

    /// What an input said, and what it had said before.
    pub fn on_input(
        &mut self,
        input: &Input,
        before: Option<&Input>,
        view: &Snapshot,
        here: &Here,
        now: Now,
    ) -> Vec<Done> {
        let new = |key: &str| {
            let said = input.said.get(key)?;
            (before.and_then(|before| before.said.get(key)) != Some(said)).then_some(&said.1)
        };
        let mut done = Vec::new();
        for (id, behavior) in behaviors(view) {
            let commands = match &behavior.job {
                Some(Job::Motion { input: own, by_day, off_after_s, brighter_than }) if *own == input.id => {
                    let Some(Said::Motion(moves)) = new("motion") else { continue };
                    let bright = brighter_than.is_some_and(|most| lux(input).is_some_and(|lux| lux > most));
                    self.on_motion(id, *moves, by_day, (*off_after_s, bright), here, now)
                }
                Some(Job::Switch { input: own, buttons }) if *own == input.id => {
                    let Some(Said::Button(name)) = new("button") else { continue };
                    let Some(press) = Press::of(name) else { continue };
                    self.on_button(id, press, buttons, input, view, now)
                }
                _ => continue,
            };
            done.extend(commands.into_iter().map(|command| (id.clone(), Arc::clone(&behavior.name), command)));
        }
        done
    }

    /// Somebody came home or the last one left.
    #[must_use]
    pub fn on_presence(home: bool, view: &Snapshot) -> Vec<Done> {
        let mut done = Vec::new();
        for (id, behavior) in behaviors(view) {
            if let Some(Job::Presence { coming, doings }) = &behavior.job
                && *coming == home
            {
                let commands = acts::doings(doings, None);
                done.extend(commands.map(|command| (id.clone(), Arc::clone(&behavior.name), command)));
            }
        }
        done
    }

    /// What nobody keeps on any more, and buttons that are still held.
    pub fn on_tick(&mut self, view: &Snapshot, now: Now) -> Vec<Done> {
        let mut done = Vec::new();
        let over = |motion: &Motion| motion.off_at.is_some_and(|at| at <= now.moment);
        for (id, motion) in self.motions.extract_if(.., |_, motion| over(motion)) {
            let Some(behavior) = behavior(view, &id) else { continue };
            if let Some(Job::Motion { by_day, .. }) = &behavior.job {
                let off = by_day.get(motion.part).and_then(|(_, doings)| acts::off(doings, None));
                done.extend(off.map(|off| (id, Arc::clone(&behavior.name), off)));
            }
        }
        self.held.retain(|_, held| now.moment.since(held.since) <= LONGEST_HOLD);
        for ((id, button), held) in &mut self.held {
            if held.again_at.is_none_or(|at| at > now.moment) {
                continue;
            }
            held.again_at = Some(now.moment + REPEAT);
            let Some(behavior) = behavior(view, id) else { continue };
            if let Some(Job::Switch { buttons, .. }) = &behavior.job {
                let steps = of_button(buttons, *button).filter_map(|(_, does)| step(does));
                done.extend(steps.map(|command| (id.clone(), Arc::clone(&behavior.name), command)));
            }
        }
        done
    }

    /// When to look again.
    #[must_use]
    pub fn next(&self) -> Option<Moment> {
        let off = self.motions.values().filter_map(|motion| motion.off_at);
        off.chain(self.held.values().filter_map(|held| held.again_at)).min()
    }

    fn on_motion(
        &mut self,
        id: &ObjectId,
        moves: bool,
        by_day: &[(TimePoint, Vec<(Place, Doing)>)],
        (off_after_s, bright): (u32, bool),
        here: &Here,
        now: Now,
    ) -> Vec<lights::Command> {
        match (self.motions.get_mut(id), moves) {
            (Some(motion), true) => motion.off_at = None,
            (Some(motion), false) => motion.off_at = Some(now.moment + seconds(off_after_s)),
            (None, true) if !bright => {
                let Some(part) = part(by_day, here, now.wall) else { return Vec::new() };
                self.motions.insert(id.clone(), Motion { part, off_at: None });
                return by_day.get(part).into_iter().flat_map(|(_, doings)| acts::doings(doings, None)).collect();
            }
            (None, _) => {}
        }
        Vec::new()
    }

    fn on_button(
        &mut self,
        id: &ObjectId,
        press: Press,
        buttons: &[(u8, Vec<Does>)],
        input: &Input,
        view: &Snapshot,
        now: Now,
    ) -> Vec<lights::Command> {
        let key = (id.clone(), press.button);
        let says = |event| says(input, Press { event, ..press });
        let short = match press.event {
            Event::ShortRelease => true,
            Event::Pressed => !says(Event::ShortRelease),
            _ => false,
        };
        let down = matches!(press.event, Event::LongPress | Event::Repeat);
        let first = down && !self.held.contains_key(&key);
        let since = self.held.remove(&key).map_or(now.moment, |held| held.since);
        if down {
            let ends = says(Event::LongRelease) || says(Event::ShortRelease);
            let again_at = (ends && !says(Event::Repeat)).then(|| now.moment + REPEAT);
            self.held.insert(key, Held { since, again_at });
        }
        let mut commands = Vec::new();
        for (n, does) in of_button(buttons, press.button) {
            match does {
                Does::Short(places, doings) if short => {
                    commands.extend(self.turn((id.clone(), press.button, n), places, doings, view));
                }
                Does::Hold(..) if down => commands.extend(step(does)),
                Does::Long(places, doing) if first => {
                    let doings: Vec<_> = places.iter().map(|place| (place.clone(), doing.clone())).collect();
                    commands.extend(once(acts::doings(&doings, None)));
                }
                _ => {}
            }
        }
        commands
    }

    /// The next doing of a press, in turn; on or off where there are none.
    fn turn(
        &mut self,
        key: (ObjectId, u8, usize),
        places: &[Place],
        doings: &[Doing],
        view: &Snapshot,
    ) -> Vec<lights::Command> {
        let aims: Vec<Aim> = places.iter().map(acts::aim).collect();
        let Some(last) = doings.len().checked_sub(1) else {
            let mut lit = view.lights.aimed(&aims).into_iter().filter_map(|id| view.lights.lights.get(&id));
            return vec![acts::switch(aims, !lit.any(|light| light.wanted.on), None)];
        };
        let turn = self.turns.entry(key).and_modify(|n| *n = if *n >= last { 0 } else { *n + 1 }).or_insert(0);
        let doing = doings.get(*turn).into_iter();
        let each: Vec<_> = doing.flat_map(|doing| places.iter().map(|place| (place.clone(), doing.clone()))).collect();
        once(acts::doings(&each, None))
    }
}

/// Commands, each once: a scene is not recalled for each of its places.
fn once(commands: impl Iterator<Item = lights::Command>) -> Vec<lights::Command> {
    let mut once: Vec<lights::Command> = commands.collect();
    once.dedup();
    once
}

/// The behaviours that work.
fn behaviors(view: &Snapshot) -> impl Iterator<Item = (&ObjectId, &Behavior)> {
    let from = ObjectId { kind: Kind::Behavior, id: "".into() };
    let own = view.bridge.objects.range(from..).take_while(|(id, _)| id.kind == Kind::Behavior);
    own.filter_map(|(id, object)| match &**object {
        Object::Behavior(behavior) if behavior.enabled => Some((id, behavior)),
        _ => None,
    })
}

fn behavior<'a>(view: &'a Snapshot, id: &ObjectId) -> Option<&'a Behavior> {
    match view.bridge.objects.get(id).map(Arc::as_ref) {
        Some(Object::Behavior(behavior)) if behavior.enabled => Some(behavior),
        _ => None,
    }
}

fn of_button(buttons: &[(u8, Vec<Does>)], button: u8) -> impl Iterator<Item = (usize, &Does)> {
    buttons.iter().filter(move |(own, _)| *own == button).flat_map(|(_, all)| all).enumerate()
}

fn step(does: &Does) -> Option<lights::Command> {
    let Does::Hold(places, by) = does else { return None };
    Some(lights::Command::Step { aims: places.iter().map(acts::aim).collect(), by: *by })
}

/// Whether an input has a button that says such a thing.
fn says(input: &Input, press: Press) -> bool {
    input.aspects.iter().any(|aspect| match aspect {
        Aspect::Buttons(names) => names.iter().any(|name| Press::of(name) == Some(press)),
        _ => false,
    })
}

fn lux(input: &Input) -> Option<f32> {
    match input.said.get("light_level")? {
        (_, Said::LightLevel(lux)) => Some(*lux),
        _ => None,
    }
}

/// The part of the day that began last, today or yesterday.
fn part<T>(by_day: &[(TimePoint, T)], here: &Here, wall: Timestamp) -> Option<usize> {
    let today = here.shows(wall).date();
    let dates = [Some(today), today.yesterday().ok()];
    let began = dates
        .into_iter()
        .flatten()
        .flat_map(|date| by_day.iter().enumerate().filter_map(move |(n, (point, _))| Some((point.on(date, here)?, n))));
    began.filter(|(began, _)| *began <= wall).max().map(|(_, n)| n)
}
