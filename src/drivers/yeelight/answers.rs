//! What a device says, taken in: what it is, how its lamps are, and what it did of what it was told.
//!
//! Invariant: a device that is another than the one that was dialled is lost.

use crate::drivers::yeelight::about::About;
use crate::drivers::yeelight::calls::Errand;
use crate::drivers::yeelight::device::{MUSIC_AGAIN, SEARCHES, Yeelight};
use crate::drivers::yeelight::lamp::{FLOW, props};
use crate::drivers::yeelight::lamps::Lamp;
use crate::drivers::yeelight::stream::Music;
use crate::drivers::{Error, Report};
use crate::units::moment::Moment;
use crate::wire::yeelight::{Answer, decode_advert, decode_answer, identity};

impl Yeelight {
    /// Takes in what it says it is.
    pub(super) fn introduced(&mut self, bytes: &[u8]) -> Result<(), Error> {
        let advert = decode_advert(bytes)?;
        let identity = identity(advert.id);
        if self.about.identity.is_some() && self.about.identity != identity {
            self.lost = Some("another device has its address".to_owned());
            return Ok(());
        }
        self.n_searches = SEARCHES;
        self.is_identified &= self.about.firmware == advert.firmware;
        let name = if self.about.name.is_empty() { advert.name } else { &self.about.name };
        self.about = About {
            identity,
            model: advert.model.to_owned(),
            support: advert.support.to_owned(),
            name: name.to_owned(),
            firmware: advert.firmware.to_owned(),
        };
        Ok(())
    }

    /// Takes in what came on its ordinary connection.
    pub(super) fn heard_lines(&mut self, now: Moment, bytes: &[u8]) -> Result<(), Error> {
        self.heard = now;
        self.lines.push(bytes);
        let mut outcome = Ok(());
        loop {
            let answer = match self.lines.next_line() {
                Ok(None) => return outcome,
                Ok(Some(line)) => decode_answer(line),
                Err(wrong) => Err(wrong),
            };
            match answer {
                Ok(answer) => self.take(now, answer),
                Err(wrong) => outcome = Err(wrong.into()),
            }
        }
    }

    fn take(&mut self, now: Moment, answer: Answer) {
        match answer {
            Answer::Props(changed) => changed.iter().for_each(|(name, value)| self.take_prop(name, value)),
            Answer::Done(id, values) => {
                let Some(errand) = self.answered(now, id) else { return };
                self.calls.accepted();
                match errand {
                    Errand::Props => {
                        props().zip(&values).for_each(|(name, value)| self.take_prop(name, value));
                        self.lamps.iter_mut().for_each(|lamp| lamp.shown.all_told());
                        self.is_known = true;
                    }
                    Errand::Wish(lamp, true) => self.confirmed(lamp),
                    Errand::Wish(_, false) | Errand::Music | Errand::Other => {}
                }
            }
            Answer::Failed(id, why) => {
                let errand = id.and_then(|id| self.answered(now, id));
                self.refused(now, errand, why);
            }
        }
    }

    fn take_prop(&mut self, name: &str, value: &str) {
        if name == "name" && !value.is_empty() {
            value.clone_into(&mut self.about.name);
        }
        for (lamp, known) in self.lamps.iter_mut().enumerate() {
            known.shown.take(lamp == 1, name, value);
        }
    }

    fn answered(&mut self, now: Moment, id: u32) -> Option<Errand> {
        let errand = self.calls.answered(now, id)?;
        if errand == Errand::Props {
            self.reports.extend(self.calls.patience.mean().map(Report::Latency));
        }
        Some(errand)
    }

    fn confirmed(&mut self, lamp: usize) {
        let Some(known) = self.lamps.get_mut(lamp) else { return };
        if let Some((state, target)) = &known.last {
            let keeps_flow = known.shown.flows() && state.effect.as_deref() == Some(FLOW);
            if !keeps_flow {
                known.shown.become_target(target);
            }
            // An acknowledged wish is news even if it was known before.
            known.said = None;
        }
    }

    fn refused(&mut self, now: Moment, errand: Option<Errand>, why: String) {
        self.n_refused += 1;
        let was_too_much = why.contains("quota");
        self.refusal = why;
        if was_too_much {
            self.calls.too_much(now);
        }
        match errand {
            Some(Errand::Wish(lamp, _)) => {
                self.calls.drop_wish(lamp);
                self.lamps.get_mut(lamp).filter(|_| was_too_much).into_iter().for_each(Lamp::want_again);
                self.wants_props = true;
            }
            Some(Errand::Music) => self.music = Music::Off { again_at: now + MUSIC_AGAIN },
            Some(Errand::Props) => self.wants_props = true,
            Some(Errand::Other) | None => {}
        }
    }
}
