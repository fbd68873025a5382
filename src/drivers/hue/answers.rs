//! What a bridge answers, taken in: who it is, its key, what it has, and whether it did what it was asked.

use std::time::Duration;

use crate::drivers::hue::client::{Bridge, Phase};
use crate::drivers::hue::home::Home;
use crate::drivers::hue::mode::Mode;
use crate::drivers::hue::requests::{About, Request};
use crate::drivers::light::Said;
use crate::drivers::{Error, Report};
use crate::model::lights::Reported;
use crate::units::moment::Moment;
use crate::wire::hue_clip::{Config, Pairing, decode_pairing, v1, v2};

/// Tries of one command.
const TRIES: u32 = 2;
/// The longest pause for a bridge that is busy.
const LONGEST_PAUSE: Duration = Duration::from_secs(8);

const PRESS: &str = "Press the round button on the bridge within 30 s.";

impl Bridge {
    /// What was asked came to nothing: nobody knows how its lights are now, and what was wanted of them waits again.
    pub(super) fn forget(&mut self, about: &About) {
        for id in about.lights() {
            let Some(lamp) = self.home.lamps.get_mut(id) else { continue };
            (lamp.asked, lamp.known, lamp.n_tries) = (false, Reported::default(), lamp.n_tries + 1);
            if let Some((state, transition_ms)) = lamp.wanted.clone().filter(|_| lamp.n_tries <= TRIES) {
                self.queue.put(id, state, transition_ms);
            }
        }
    }

    /// Takes in the answer to a request.
    pub(super) fn on_response(&mut self, now: Moment, request: u32, status: u16, body: &[u8]) -> Result<(), Error> {
        // Nobody waits any more for what is not known.
        let Some(Request { about, sent, .. }) = self.requests.take(request) else { return Ok(()) };
        (self.heard, self.n_silent) = (now, 0);
        match status {
            429 | 503 => {
                self.n_busy += 1;
                let pause = Duration::from_millis(250) * 2_u32.saturating_pow(self.n_busy.min(6));
                self.pause_until = now + pause.min(LONGEST_PAUSE);
                self.undo_try(&about);
                self.forget(&about);
                return Ok(());
            }
            401 | 403 if self.key.is_some() => {
                self.forget(&about);
                self.lose_key(now);
                return Ok(());
            }
            _ => {}
        }
        if !about.is_read() {
            self.requests.patience.heard(now.since(sent));
            self.reports.extend(self.requests.patience.smoothed().map(Report::Latency));
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
            About::Light(_) | About::Group(_) => self.on_changed(now, &about, status, body)?,
        }
        Ok(())
    }

    /// A try that the bridge had no time for does not count.
    fn undo_try(&mut self, about: &About) {
        for id in about.lights() {
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

    fn on_changed(&mut self, now: Moment, about: &About, status: u16, body: &[u8]) -> Result<(), Error> {
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
        for id in about.lights() {
            let Some(lamp) = self.home.lamps.get_mut(id) else { continue };
            (lamp.asked, lamp.n_tries) = (false, 0);
            self.reports.push(Report::State(id.clone(), Said::Light(lamp.known.clone())));
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
}
