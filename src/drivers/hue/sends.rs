//! What is asked of a bridge next: who it is, its key, what it has; and what is wished of its lights.
//!
//! Invariant: commands for lights go out ten a second, those for groups one a second; reading comes first.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use crate::drivers::LocalId;
use crate::drivers::hub::Pending;
use crate::drivers::hue::client::{Bridge, Out, Phase, QUIET};
use crate::drivers::hue::home;
use crate::drivers::hue::mode::Mode;
use crate::drivers::hue::requests::About;
use crate::drivers::light::Wish;
use crate::model::lights::state::Change;
use crate::units::moment::Moment;
use crate::wire::hue_clip::encode_pairing;

/// Between two commands for lights: ten a second.
const LIGHT_SLOT: Duration = Duration::from_millis(100);
/// Between two commands for groups: one a second.
const GROUP_SLOT: Duration = Duration::from_secs(1);
/// Between two tries to get a key.
const PAIR_EACH: Duration = Duration::from_secs(1);
/// Between two polls while lights change, and while they do not.
const POLLS: (Duration, Duration) = (Duration::from_secs(2), Duration::from_secs(5));
/// Groups and rooms of the first version are read once in so many polls.
const POLLS_PER_GROUPS: u32 = 20;

impl Bridge {
    fn path(&self, v1: &str, v2: &str) -> String {
        self.mode.path(self.key.as_deref(), v1, v2)
    }

    /// Asks what is due. True if something was asked.
    pub(super) fn ask_next(&mut self, now: Moment, out: &mut Out) -> bool {
        if now < self.pause_until || self.requests.is_full() {
            return false;
        }
        match self.phase {
            Phase::Greeting => self.ask_alone(now, About::Config, "/api/0/config".to_owned(), out),
            Phase::Pairing { next } if now >= next && self.requests.is_empty() => {
                self.phase = Phase::Pairing { next: now + PAIR_EACH };
                self.requests.ask(now, About::Pair, ("POST", "/api".to_owned()), out, encode_pairing);
                true
            }
            Phase::Closed | Phase::Paired | Phase::Pairing { .. } => false,
            Phase::Live => self.read_next(now, out) || self.send_next(now, out),
        }
    }

    fn ask_alone(&mut self, now: Moment, about: About, path: String, out: &mut Out) -> bool {
        let is_alone = self.requests.is_empty();
        if is_alone {
            self.requests.ask(now, about, ("GET", path), out, |_| {});
        }
        is_alone
    }

    /// When to read again if nothing else makes it necessary.
    pub(super) fn next_poll(&self, now: Moment) -> Option<Moment> {
        let pause = if now.since(self.wished) < POLLS.1 { POLLS.0 } else { POLLS.1 };
        (self.mode == Mode::V1 || !self.hears_events).then(|| now + pause)
    }

    fn read_next(&mut self, now: Moment, out: &mut Out) -> bool {
        if !self.requests.has_read() && self.read_at.is_some_and(|at| now >= at) {
            let about = match self.mode {
                Mode::V2 => About::All,
                Mode::V1 if self.n_polls.is_multiple_of(POLLS_PER_GROUPS) => About::Groups,
                Mode::V1 => About::Lights,
            };
            let (v1, is_first_half) = if matches!(about, About::Groups) { ("groups", true) } else { ("lights", false) };
            self.n_polls += 1;
            self.read_at = if is_first_half { Some(now) } else { self.next_poll(now) };
            let path = self.path(v1, "");
            self.requests.ask(now, about, ("GET", path), out, |_| {});
            return true;
        }
        let is_quiet = now >= self.heard + QUIET;
        is_quiet && self.ask_alone(now, About::Config, "/api/0/config".to_owned(), out)
    }

    fn send_next(&mut self, now: Moment, out: &mut Out) -> bool {
        if now >= self.light_slot {
            while let Some((id, wish)) = self.others.pop_front() {
                if self.send_other(now, &id, &wish, out) {
                    self.light_slot = now + LIGHT_SLOT;
                    return true;
                }
            }
        }
        let held = match self.covered() {
            Some((n, pending)) if now >= self.group_slot => return self.send_group(now, n, &pending, out),
            Some((n, _)) => self.held(now, n),
            None => BTreeSet::new(),
        };
        if now < self.light_slot {
            return false;
        }
        while let Some(id) = self.queue.oldest(|id| self.home.is_ready(id) && !held.contains(id)) {
            if self.send_light(now, &id, out) {
                return true;
            }
        }
        false
    }

    /// The group that one command can say all that waits to, with that.
    pub(super) fn covered(&self) -> Option<(usize, Pending)> {
        let lamps = &self.home.lamps;
        let groups = self.home.groups.iter().enumerate().map(|(n, (_, members))| (n, members));
        self.queue.covered(groups, |id| lamps.get(id).filter(|lamp| !lamp.asked).map(|lamp| &*lamp.can))
    }

    /// The lights that do better to wait for their group's turn than to be asked one by one.
    pub(super) fn held(&self, now: Moment, n: usize) -> BTreeSet<LocalId> {
        let wait = self.group_slot.since(now);
        let members = self.home.groups.get(n).map(|(_, members)| members);
        members.filter(|members| LIGHT_SLOT * members.len() as u32 >= wait).cloned().unwrap_or_default()
    }

    fn send_light(&mut self, now: Moment, id: &LocalId, out: &mut Out) -> bool {
        let Some(pending) = self.queue.take(id) else { return false };
        let Some(lamp) = self.home.lamps.get_mut(id) else { return false };
        let Some(change) = lamp.turn_to(&pending) else { return false };
        let asked = home::asked(&change, pending.transition_ms, &lamp.can);
        let (v1, v2) = (format!("lights/{}/state", lamp.path), format!("/light/{}", lamp.path));
        let (path, mode) = (self.path(&v1, &v2), self.mode);
        self.light_slot = now + LIGHT_SLOT;
        self.n_light_sends += 1;
        self.requests.ask(now, About::Light(id.clone()), ("PUT", path), out, |bytes| mode.encode_state(&asked, bytes));
        true
    }

    fn send_group(&mut self, now: Moment, n: usize, pending: &Pending, out: &mut Out) -> bool {
        let Some((path, members)) = self.home.groups.get(n).cloned() else { return false };
        let mut union = Change::default();
        let mut most: Option<Arc<_>> = None;
        for id in &members {
            let ours = self.queue.take(id);
            let Some(lamp) = self.home.lamps.get_mut(id) else { continue };
            union = union.then(&ours.and_then(|ours| lamp.turn_to(&ours)).unwrap_or_default());
            if lamp.can.mirek.is_some() || most.is_none() {
                most = Some(Arc::clone(&lamp.can));
            }
        }
        let Some(can) = most.filter(|_| !union.is_empty()) else { return true };
        // Without it a group's brightness changes only those that are on.
        union.on = union.on.or(Some(pending.state.on));
        for id in &members {
            self.home.lamps.get_mut(id).into_iter().for_each(|lamp| lamp.asked = true);
        }
        let asked = home::asked(&union, pending.transition_ms, &can);
        let (path, mode) = (self.path(&format!("groups/{path}/action"), &format!("/grouped_light/{path}")), self.mode);
        self.group_slot = now + GROUP_SLOT;
        self.n_group_sends += 1;
        self.requests.ask(now, About::Group(members), ("PUT", path), out, |bytes| mode.encode_state(&asked, bytes));
        true
    }

    fn send_other(&mut self, now: Moment, id: &LocalId, wish: &Wish, out: &mut Out) -> bool {
        let Some(lamp) = self.home.lamps.get(id) else { return false };
        let mode = self.mode;
        match wish {
            Wish::Identify => {
                let path = self.path(&format!("lights/{}/state", lamp.path), &format!("/device/{}", lamp.device));
                self.requests.ask(now, About::Other, ("PUT", path), out, |bytes| mode.encode_identify(bytes));
            }
            Wish::PowerOn(power_on) => {
                let path = self.path(&format!("lights/{}/config", lamp.path), &format!("/light/{}", lamp.path));
                self.requests
                    .ask(now, About::Other, ("PUT", path), out, |bytes| mode.encode_power_on(*power_on, bytes));
            }
            Wish::State { .. } | Wish::Leave => return false,
        }
        true
    }
}
