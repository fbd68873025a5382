//! A bridge's client as a state machine: who it is, its key, what it has, and what is asked of it.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::Duration;

use crate::drivers::hub::{Patience, Pending, Queue, change, learn};
use crate::drivers::hue::home::{self, Home, Lamp};
use crate::drivers::light::{Said, Thing, Wish};
use crate::drivers::{Driver, Error, LocalId, Outputs, Report, Unsupported};
use crate::model::frame::Frame;
use crate::model::inputs;
use crate::model::lights::Reported;
use crate::model::lights::capabilities::PowerOn;
use crate::model::lights::state::Change;
use crate::units::moment::Moment;
use crate::wire::hue_clip::v2::{Event, Resource};
use crate::wire::hue_clip::{Config, Pairing, decode_pairing, encode_pairing, v1, v2};
use crate::wire::{self, Channel, Input, Output};

/// Between two commands for lights: ten a second.
const LIGHT_SLOT: Duration = Duration::from_millis(100);
/// Between two commands for groups: one a second.
const GROUP_SLOT: Duration = Duration::from_secs(1);
/// Requests under way, at most.
const MAX_UNDER_WAY: usize = 3;
/// Between two tries to get a key.
const PAIR_EACH: Duration = Duration::from_secs(1);
/// Everything a bridge has takes longer to say than an answer to a command.
const READ_WITHIN: Duration = Duration::from_secs(8);
/// An answer to anything else may take this long, or longer if the bridge is known to be slow.
const ANSWERS_WITHIN: Duration = Duration::from_secs(1);
/// A bridge from which nothing came for this long is asked who it is.
const QUIET: Duration = Duration::from_secs(15);
/// Between two polls while lights change, and while they do not.
const POLLS: (Duration, Duration) = (Duration::from_secs(2), Duration::from_secs(5));
/// Groups and rooms of the first version are read once in so many polls.
const POLLS_PER_GROUPS: u32 = 20;
/// After this many requests in a row without an answer a bridge counts as silent.
const MAX_SILENT: u32 = 2;
/// Tries of one command.
const TRIES: u32 = 2;
/// The longest pause for a bridge that is busy.
const LONGEST_PAUSE: Duration = Duration::from_secs(8);

const PRESS: &str = "Press the round button on the bridge within 30 s.";

type Out = Outputs<Report<Thing, Said>>;

/// Which version of the API is spoken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    V1,
    V2,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// Not connected.
    Closed,
    /// Finds out who it talks to.
    Greeting,
    /// Waits for its key.
    Pairing { next: Moment },
    /// Has a key that takes effect when the connection is opened anew.
    Paired,
    /// Knows what there is.
    Live,
}

enum About {
    Config,
    Pair,
    All,
    Lights,
    Groups,
    Light(LocalId),
    Group(BTreeSet<LocalId>),
    Other,
}

struct Request {
    about: About,
    sent: Moment,
    until: Moment,
}

pub(super) struct Bridge {
    mode: Mode,
    key: Option<String>,
    pinned: bool,
    phase: Phase,
    home: Home,
    groups_v1: Vec<v1::Group>,
    queue: Queue,
    others: VecDeque<(LocalId, Wish)>,
    under_way: BTreeMap<u32, Request>,
    n_requests: u32,
    light_slot: Moment,
    group_slot: Moment,
    /// Left alone until then, since it is busy.
    pause_until: Moment,
    n_busy: u32,
    n_silent: u32,
    heard: Moment,
    wished: Moment,
    /// When everything is to be read; `None` if events tell what changes.
    read_at: Option<Moment>,
    n_polls: u32,
    hears_events: bool,
    waits: bool,
    lost: Option<String>,
    identity: String,
    model: String,
    reports: Vec<Report<Thing, Said>>,
    patience: Patience,
    n_refused: u64,
    n_group_sends: u64,
    n_light_sends: u64,
}

impl Bridge {
    pub(super) fn new(mode: Mode, key: Option<String>, pinned: bool) -> Self {
        Self {
            mode,
            key,
            pinned,
            phase: Phase::Closed,
            home: Home::default(),
            groups_v1: Vec::new(),
            queue: Queue::default(),
            others: VecDeque::new(),
            under_way: BTreeMap::new(),
            n_requests: 0,
            light_slot: Moment::ZERO,
            group_slot: Moment::ZERO,
            pause_until: Moment::ZERO,
            n_busy: 0,
            n_silent: 0,
            heard: Moment::ZERO,
            wished: Moment::ZERO,
            read_at: None,
            n_polls: 0,
            hears_events: false,
            waits: false,
            lost: None,
            identity: String::new(),
            model: String::new(),
            reports: Vec::new(),
            patience: Patience::default(),
            n_refused: 0,
            n_group_sends: 0,
            n_light_sends: 0,
        }
    }

    fn ask(
        &mut self,
        now: Moment,
        about: About,
        line: (&'static str, String),
        out: &mut Out,
        encode: impl FnOnce(&mut Vec<u8>),
    ) {
        let within = match about {
            About::All | About::Lights | About::Groups => READ_WITHIN,
            // A new connection costs a slow bridge most of a second.
            _ => self.patience.limit().max(ANSWERS_WITHIN),
        };
        // Answers come in order: it waits behind those under way.
        let until = self.under_way.values().map(|request| request.until).max().unwrap_or(now).max(now) + within;
        self.n_requests = self.n_requests.wrapping_add(1);
        self.under_way.insert(self.n_requests, Request { about, sent: now, until });
        let (method, path) = line;
        out.send(Channel::Http, Output::Request { request: self.n_requests, method, path }, encode);
    }

    fn path(&self, v1: &str, v2: &str) -> String {
        match self.mode {
            Mode::V1 => format!("/api/{}/{v1}", self.key.as_deref().unwrap_or("0")),
            Mode::V2 => format!("/clip/v2/resource{v2}"),
        }
    }

    fn on_opened(&mut self, channel: Channel, now: Moment) {
        match channel {
            Channel::Sse => {
                self.hears_events = true;
                // What changed while nobody listened is not known.
                self.read_at = (self.phase == Phase::Live).then_some(now);
            }
            _ => {
                self.phase = Phase::Greeting;
                (self.n_silent, self.heard, self.pause_until) = (0, now, now);
            }
        }
    }

    fn on_closed(&mut self, channel: Channel, now: Moment) {
        if channel == Channel::Sse {
            if std::mem::take(&mut self.hears_events) {
                self.read_at = self.next_poll(now);
            }
            return;
        }
        self.phase = Phase::Closed;
        (self.hears_events, self.lost) = (false, None);
        for request in std::mem::take(&mut self.under_way).into_values() {
            self.forget(request.about);
        }
        self.home.lamps.values_mut().for_each(|lamp| lamp.known = Reported::default());
    }

    /// What was asked came to nothing: nobody knows how its lights are now, and what was wanted of them waits again.
    fn forget(&mut self, about: About) {
        let lights: BTreeSet<LocalId> = match about {
            About::Light(light) => [light].into(),
            About::Group(lights) => lights,
            _ => return,
        };
        for id in lights {
            let Some(lamp) = self.home.lamps.get_mut(&id) else { continue };
            (lamp.asked, lamp.known, lamp.n_tries) = (false, Reported::default(), lamp.n_tries + 1);
            if let Some((state, transition_ms)) = lamp.wanted.clone().filter(|_| lamp.n_tries <= TRIES) {
                self.queue.put(&id, state, transition_ms);
            }
        }
    }

    fn on_response(&mut self, now: Moment, request: u32, status: u16, body: &[u8]) -> Result<(), Error> {
        // Nobody waits any more for what is not known.
        let Some(Request { about, sent, .. }) = self.under_way.remove(&request) else { return Ok(()) };
        (self.heard, self.n_silent) = (now, 0);
        match status {
            429 | 503 => {
                self.n_busy += 1;
                let pause = Duration::from_millis(250) * 2_u32.saturating_pow(self.n_busy.min(6));
                self.pause_until = now + pause.min(LONGEST_PAUSE);
                self.undo_try(&about);
                self.forget(about);
                return Ok(());
            }
            401 | 403 if self.key.is_some() => {
                self.forget(about);
                self.lose_key(now);
                return Ok(());
            }
            _ => {}
        }
        if !matches!(about, About::All | About::Lights | About::Groups) {
            self.patience.heard(now.since(sent));
            self.reports.extend(self.patience.smoothed().map(Report::Latency));
        }
        self.n_busy = 0;
        match about {
            About::Config => self.on_config(now, &Config::decode(body)?),
            About::Pair => self.on_pairing(now, decode_pairing(body)?)?,
            About::All => {
                let home = Home::of_v2(&v2::decode_resources(body)?);
                self.settle(home);
            }
            About::Groups => match v1::decode_groups(body)? {
                Ok(groups) => self.groups_v1 = groups,
                Err(errors) => self.on_errors(now, &errors),
            },
            About::Lights => match v1::decode_lights(body)? {
                Ok(lights) => self.settle(Home::of_v1(&lights, &self.groups_v1)),
                Err(errors) => self.on_errors(now, &errors),
            },
            About::Other => {}
            change @ (About::Light(_) | About::Group(_)) => self.on_changed(now, change, status, body)?,
        }
        Ok(())
    }

    /// A try that the bridge had no time for does not count.
    fn undo_try(&mut self, about: &About) {
        let lights = match about {
            About::Light(light) => std::slice::from_ref(light).iter().collect::<Vec<_>>(),
            About::Group(lights) => lights.iter().collect(),
            _ => return,
        };
        for id in lights {
            self.home.lamps.get_mut(id).into_iter().for_each(|lamp| lamp.n_tries = lamp.n_tries.saturating_sub(1));
        }
    }

    fn lose_key(&mut self, now: Moment) {
        (self.key, self.phase) = (None, Phase::Pairing { next: now });
    }

    fn on_errors(&mut self, now: Moment, errors: &[u64]) {
        self.n_refused += 1;
        if errors.contains(&v1::UNAUTHORIZED) {
            self.lose_key(now);
        }
    }

    fn on_changed(&mut self, now: Moment, about: About, status: u16, body: &[u8]) -> Result<(), Error> {
        let errors = match self.mode {
            Mode::V1 => v1::decode_answer(body)?,
            Mode::V2 => Vec::new(),
        };
        let refused = !(200..300).contains(&status) || !errors.is_empty();
        if refused {
            self.on_errors(now, &errors);
            if status == 404 {
                self.read_at = Some(now);
            }
            // A light that is off takes nothing but to be on: all is said again, with that.
            self.forget(about);
            return Ok(());
        }
        let lights: BTreeSet<LocalId> = match about {
            About::Light(light) => [light].into(),
            About::Group(lights) => lights,
            _ => return Ok(()),
        };
        for id in lights {
            let Some(lamp) = self.home.lamps.get_mut(&id) else { continue };
            (lamp.asked, lamp.n_tries) = (false, 0);
            self.reports.push(Report::State(id, Said::Light(lamp.known.clone())));
        }
        Ok(())
    }

    fn on_config(&mut self, now: Moment, config: &Config) {
        let model = format!("Hue bridge {} {}", config.modelid, config.swversion);
        if self.identity != config.identity() || self.model != model {
            (self.identity, self.model) = (config.identity(), model);
            let (identity, model) = (self.identity.clone(), self.model.clone());
            self.reports.push(Report::Identity { identity, name: config.name.clone(), model });
        }
        if !config.has_v2() {
            self.mode = Mode::V1;
        }
        if self.phase == Phase::Greeting {
            (self.n_polls, self.read_at) = (0, Some(now));
            self.phase = if self.key.is_some() { Phase::Live } else { Phase::Pairing { next: now } };
        }
    }

    fn on_pairing(&mut self, now: Moment, answer: Pairing) -> Result<(), Error> {
        match answer {
            Pairing::Wait => self.wait(true),
            Pairing::Refused(why) => return Err(Error::Refused { why: format!("The bridge gives no key: {why}.") }),
            Pairing::Key { key, clientkey } => {
                self.wait(false);
                let clientkey = clientkey.map(|value| Report::Secret { key: "clientkey", value, reopen: false });
                self.reports.extend(clientkey);
                self.reports.push(Report::Secret { key: "key", value: key.clone(), reopen: true });
                self.key = Some(key);
                self.read_at = Some(now);
                self.phase = if self.mode == Mode::V1 { Phase::Live } else { Phase::Paired };
            }
        }
        Ok(())
    }

    fn wait(&mut self, waits: bool) {
        if self.waits != waits {
            self.waits = waits;
            self.reports.push(Report::Waiting(waits.then(|| PRESS.to_owned())));
        }
    }

    /// What the bridge has now, in place of what it had.
    fn settle(&mut self, mut home: Home) {
        for (id, lamp) in &mut home.lamps {
            let before = self.home.lamps.remove(id);
            if before.as_ref().is_none_or(|before| before.thing != lamp.thing) {
                self.reports.push(Report::Found(id.clone(), lamp.thing.clone()));
            }
            if before.as_ref().map_or(!lamp.reach, |before| before.reach != lamp.reach) {
                self.reports.push(Report::State(id.clone(), Said::Reach(reach(lamp.reach))));
            }
            let is_said =
                before.as_ref().is_none_or(|before| before.known != lamp.known) && lamp.known != Reported::default();
            if let Some(before) = before {
                (lamp.wanted, lamp.asked, lamp.n_tries) = (before.wanted, before.asked, before.n_tries);
                if lamp.asked {
                    // It was read before what is under way took effect.
                    lamp.known = before.known;
                    continue;
                }
            }
            if is_said {
                self.reports.push(Report::State(id.clone(), Said::Light(lamp.known.clone())));
            }
        }
        for (id, sensor) in &mut home.sensors {
            let before = self.home.sensors.remove(id);
            if before.as_ref().is_none_or(|before| before.thing != sensor.thing) {
                self.reports.push(Report::Found(id.clone(), sensor.thing.clone()));
            }
            if before.as_ref().map_or(!sensor.reach, |before| before.reach != sensor.reach) {
                self.reports.push(Report::State(id.clone(), Said::Reach(reach(sensor.reach))));
            }
            let old = before.map(|before| before.said).unwrap_or_default();
            let news = sensor.said.iter().filter(|(key, said)| old.get(*key) != Some(said));
            self.reports.extend(news.map(|(_, said)| Report::State(id.clone(), Said::Input(said.clone()))));
        }
        let gone = self.home.lamps.keys().chain(self.home.sensors.keys());
        for id in gone {
            self.queue.take(id);
            self.reports.push(Report::Gone(id.clone()));
        }
        self.home = home;
    }

    fn on_event(&mut self, now: Moment, event: &Event) {
        let Event::Changed(resources) = event else {
            self.read_at = Some(now);
            return;
        };
        for resource in resources {
            match resource {
                Resource::Light(light) => {
                    if light.is_renamed() {
                        self.read_at = Some(now);
                    }
                    let id = LocalId(light.id.as_str().into());
                    let Some(lamp) = self.home.lamps.get_mut(&id) else { continue };
                    let said = home::reported(light.state());
                    if said != Reported::default() {
                        learn(&mut lamp.known, said.on, said.brightness, said.color, said.effect);
                        self.reports.push(Report::State(id, Said::Light(lamp.known.clone())));
                    }
                }
                Resource::ZigbeeConnectivity(service) => {
                    let device = service.owner.as_ref().map(|owner| owner.rid.as_str());
                    self.on_reach(device.unwrap_or_default(), service.is_connected() != Some(false));
                }
                Resource::Device(_) | Resource::Room(_) | Resource::Zone(_) | Resource::BridgeHome(_) => {
                    self.read_at = Some(now);
                }
                other => self.on_sensed(other),
            }
        }
    }

    fn on_reach(&mut self, device: &str, is_reached: bool) {
        for (id, lamp) in
            self.home.lamps.iter_mut().filter(|(_, lamp)| lamp.device == device && lamp.reach != is_reached)
        {
            lamp.reach = is_reached;
            if is_reached {
                // It comes back as its power-on behaviour says, not as it was.
                lamp.known = Reported::default();
            }
            self.reports.push(Report::State(id.clone(), Said::Reach(reach(is_reached))));
        }
        let id = LocalId(device.into());
        if let Some(sensor) = self.home.sensors.get_mut(&id).filter(|sensor| sensor.reach != is_reached) {
            sensor.reach = is_reached;
            self.reports.push(Report::State(id, Said::Reach(reach(is_reached))));
        }
    }

    fn on_sensed(&mut self, resource: &Resource) {
        let Some(service) = home::sensed(resource) else { return };
        let id = LocalId(service.owner.as_ref().map(|owner| owner.rid.as_str()).unwrap_or_default().into());
        let control = self.home.controls.get(&service.id).copied().unwrap_or(0);
        let Some(sensor) = self.home.sensors.get_mut(&id) else { return };
        let Some(said) = home::said(resource, control) else { return };
        if matches!(said, inputs::Said::Button(_)) || sensor.said.get(said.key()) != Some(&said) {
            sensor.said.insert(said.key(), said.clone());
            self.reports.push(Report::State(id, Said::Input(said)));
        }
    }

    fn give_up_waiting(&mut self, now: Moment) {
        let overdue: Vec<u32> =
            self.under_way.iter().filter(|(_, request)| now >= request.until).map(|(number, _)| *number).collect();
        for number in overdue {
            let Some(request) = self.under_way.remove(&number) else { continue };
            self.n_silent += 1;
            self.forget(request.about);
        }
        if self.n_silent >= MAX_SILENT {
            self.lost = Some("the bridge does not answer".to_owned());
        }
    }

    /// Asks what is due. True if something was asked.
    fn ask_next(&mut self, now: Moment, out: &mut Out) -> bool {
        if now < self.pause_until || self.under_way.len() >= MAX_UNDER_WAY {
            return false;
        }
        match self.phase {
            Phase::Greeting => self.ask_alone(now, About::Config, "/api/0/config".to_owned(), out),
            Phase::Pairing { next } if now >= next && self.under_way.is_empty() => {
                self.phase = Phase::Pairing { next: now + PAIR_EACH };
                self.ask(now, About::Pair, ("POST", "/api".to_owned()), out, encode_pairing);
                true
            }
            Phase::Closed | Phase::Paired | Phase::Pairing { .. } => false,
            Phase::Live => self.read_next(now, out) || self.send_next(now, out),
        }
    }

    fn ask_alone(&mut self, now: Moment, about: About, path: String, out: &mut Out) -> bool {
        let is_alone = self.under_way.is_empty();
        if is_alone {
            self.ask(now, about, ("GET", path), out, |_| {});
        }
        is_alone
    }

    /// When to read again if nothing else makes it necessary.
    fn next_poll(&self, now: Moment) -> Option<Moment> {
        let pause = if now.since(self.wished) < POLLS.1 { POLLS.0 } else { POLLS.1 };
        (self.mode == Mode::V1 || !self.hears_events).then(|| now + pause)
    }

    fn read_next(&mut self, now: Moment, out: &mut Out) -> bool {
        let is_reading =
            self.under_way.values().any(|request| matches!(request.about, About::All | About::Lights | About::Groups));
        if !is_reading && self.read_at.is_some_and(|at| now >= at) {
            let about = match self.mode {
                Mode::V2 => About::All,
                Mode::V1 if self.n_polls.is_multiple_of(POLLS_PER_GROUPS) => About::Groups,
                Mode::V1 => About::Lights,
            };
            let (v1, is_first_half) = if matches!(about, About::Groups) { ("groups", true) } else { ("lights", false) };
            self.n_polls += 1;
            self.read_at = if is_first_half { Some(now) } else { self.next_poll(now) };
            let path = self.path(v1, "");
            self.ask(now, about, ("GET", path), out, |_| {});
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
        while let Some(id) = self.queue.oldest(|id| is_ready(&self.home, id) && !held.contains(id)) {
            if self.send_light(now, &id, out) {
                return true;
            }
        }
        false
    }

    fn covered(&self) -> Option<(usize, Pending)> {
        let lamps = &self.home.lamps;
        let groups = self.home.groups.iter().enumerate().map(|(n, (_, members))| (n, members));
        self.queue.covered(groups, |id| lamps.get(id).filter(|lamp| !lamp.asked).map(|lamp| &*lamp.can))
    }

    /// The lights that do better to wait for their group's turn than to be asked one by one.
    fn held(&self, now: Moment, n: usize) -> BTreeSet<LocalId> {
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
        self.ask(now, About::Light(id.clone()), ("PUT", path), out, |bytes| match mode {
            Mode::V1 => v1::encode_state(&asked, bytes),
            Mode::V2 => v2::encode_state(&asked, bytes),
        });
        true
    }

    fn send_group(&mut self, now: Moment, n: usize, pending: &Pending, out: &mut Out) -> bool {
        let Some((path, members)) = self.home.groups.get(n).cloned() else { return false };
        let mut union = Change::default();
        let mut most: Option<std::sync::Arc<_>> = None;
        for id in &members {
            let ours = self.queue.take(id);
            let Some(lamp) = self.home.lamps.get_mut(id) else { continue };
            union = union.then(&ours.and_then(|ours| lamp.turn_to(&ours)).unwrap_or_default());
            if lamp.can.mirek.is_some() || most.is_none() {
                most = Some(std::sync::Arc::clone(&lamp.can));
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
        self.ask(now, About::Group(members), ("PUT", path), out, |bytes| match mode {
            Mode::V1 => v1::encode_state(&asked, bytes),
            Mode::V2 => v2::encode_state(&asked, bytes),
        });
        true
    }

    fn send_other(&mut self, now: Moment, id: &LocalId, wish: &Wish, out: &mut Out) -> bool {
        let Some(lamp) = self.home.lamps.get(id) else { return false };
        let mode = self.mode;
        match wish {
            Wish::Identify => {
                let path = self.path(&format!("lights/{}/state", lamp.path), &format!("/device/{}", lamp.device));
                self.ask(now, About::Other, ("PUT", path), out, |bytes| match mode {
                    Mode::V1 => v1::encode_identify(bytes),
                    Mode::V2 => v2::encode_identify(bytes),
                });
            }
            Wish::PowerOn(power_on) => {
                let on = match power_on {
                    PowerOn::Off => Some(false),
                    PowerOn::On => Some(true),
                    PowerOn::Previous => None,
                };
                let path = self.path(&format!("lights/{}/config", lamp.path), &format!("/light/{}", lamp.path));
                self.ask(now, About::Other, ("PUT", path), out, |bytes| match mode {
                    Mode::V1 => v1::encode_startup(on.is_none(), bytes),
                    Mode::V2 => v2::encode_powerup(on, bytes),
                });
            }
            Wish::State { .. } | Wish::Leave => return false,
        }
        true
    }

    /// When something is due if nothing comes.
    fn next_wake(&self, now: Moment) -> Option<Moment> {
        let answers = self.under_way.values().map(|request| request.until).min();
        if self.under_way.len() >= MAX_UNDER_WAY {
            return answers;
        }
        let due = match self.phase {
            Phase::Closed | Phase::Paired | Phase::Greeting => None,
            Phase::Pairing { next } => Some(next).filter(|_| self.under_way.is_empty()),
            Phase::Live => {
                let covered = self.covered();
                let held = covered.as_ref().map(|(n, _)| self.held(now, *n)).unwrap_or_default();
                let is_free = |id: &LocalId| is_ready(&self.home, id) && !held.contains(id);
                let light = (!self.others.is_empty() || self.queue.lights().any(is_free)).then_some(self.light_slot);
                let group = covered.map(|_| self.group_slot);
                let is_idle = self.under_way.is_empty();
                let quiet = is_idle.then_some(self.heard + QUIET);
                [light, group, quiet, self.read_at.filter(|_| is_idle)].into_iter().flatten().min()
            }
        };
        let due = due.map(|due| due.max(self.pause_until));
        let greets = (self.phase == Phase::Greeting && self.under_way.is_empty()).then_some(self.pause_until);
        [answers, due, greets].into_iter().flatten().min()
    }
}

fn reach(is_reached: bool) -> Result<(), String> {
    if is_reached { Ok(()) } else { Err("the bridge cannot reach it".to_owned()) }
}

/// A light is asked one thing at a time.
fn is_ready(home: &Home, id: &LocalId) -> bool {
    home.lamps.get(id).is_some_and(|lamp| !lamp.asked)
}

impl Lamp {
    /// What has to be said so that it is as wanted; `None` if it is already. It counts as said from now on.
    fn turn_to(&mut self, pending: &Pending) -> Option<Change> {
        self.wanted = Some((pending.state.clone(), pending.transition_ms));
        let change = change(&self.known, &pending.state, &self.can);
        if change.is_empty() {
            return None;
        }
        learn(&mut self.known, change.on, change.brightness, change.color.clone(), change.effect.clone());
        self.asked = true;
        Some(change)
    }
}

impl Driver for Bridge {
    type Wish = Wish;
    type Report = Said;
    type Capabilities = Thing;
    type Frame = Frame;

    fn wish(&mut self, now: Moment, thing: &LocalId, wish: &Wish) -> Result<(), Unsupported> {
        let lamp = self.home.lamps.get_mut(thing);
        match wish {
            Wish::State { state, transition_ms } => {
                self.wished = now;
                if let Some(lamp) = lamp {
                    (lamp.wanted, lamp.n_tries) = (Some((state.clone(), *transition_ms)), 0);
                }
                self.queue.put(thing, state.clone(), *transition_ms);
            }
            Wish::Leave => {}
            Wish::PowerOn(power_on) if lamp.is_some_and(|lamp| !lamp.can.power_on.contains(power_on)) => {
                return Err(Unsupported);
            }
            Wish::Identify | Wish::PowerOn(_) => self.others.push_back((thing.clone(), wish.clone())),
        }
        Ok(())
    }

    fn frame(&mut self, _: Moment, _: &LocalId, _: &Frame) {}

    fn receive(&mut self, now: Moment, channel: Channel, input: Input<'_>) -> Result<(), Error> {
        match input {
            Input::Opened => self.on_opened(channel, now),
            Input::Closed => self.on_closed(channel, now),
            Input::Certificate { sha256 } => {
                if !std::mem::replace(&mut self.pinned, true) {
                    self.reports.push(Report::Secret { key: "certificate", value: sha256.to_owned(), reopen: false });
                }
            }
            Input::Response { request, status, body } => self.on_response(now, request, status, body)?,
            Input::Message(message) => {
                self.heard = now;
                v2::decode_events(message)?.iter().for_each(|event| self.on_event(now, event));
            }
            _ => return Err(wire::Error::Unsupported.into()),
        }
        Ok(())
    }

    fn poll(&mut self, now: Moment, out: &mut Out) {
        self.give_up_waiting(now);
        while self.ask_next(now, out) {}
        out.reports.append(&mut self.reports);
        out.lost = self.lost.take();
        out.wake_at = self.next_wake(now);
    }

    fn diagnostics(&self) -> Vec<(&'static str, String)> {
        vec![
            ("bridge", self.model.clone()),
            ("API", if self.mode == Mode::V1 { "v1" } else { "v2" }.to_owned()),
            ("events", if self.hears_events { "heard" } else { "not heard" }.to_owned()),
            ("lights", self.home.lamps.len().to_string()),
            ("switches and sensors", self.home.sensors.len().to_string()),
            ("groups", self.home.groups.len().to_string()),
            ("waiting", self.queue.len().to_string()),
            ("under way", self.under_way.len().to_string()),
            ("group commands", self.n_group_sends.to_string()),
            ("light commands", self.n_light_sends.to_string()),
            ("refused", self.n_refused.to_string()),
        ]
    }
}
