//! What a device is asked: first what it is, then every few seconds how it is.
//!
//! Invariant: a device is found once all of it is known, and again when something of it is another.

use std::time::Duration;

use crate::drivers::Report;
use crate::drivers::lifx::about::About;
use crate::drivers::lifx::body::Body;
use crate::drivers::lifx::device::Lifx;
use crate::drivers::lifx::post::Ask;
use crate::units::moment::Moment;
use crate::wire::lifx::mac_text;

impl Lifx {
    /// Asks what it does not know yet, and what it polls.
    pub(super) fn inquire(&mut self, now: Moment) {
        let about = &self.about;
        let wants = [
            (about.version.is_none(), Ask::Version),
            (about.firmware.is_none(), Ask::Firmware),
            (about.label.is_none(), Ask::Light),
            (about.room.is_none(), Ask::Group),
        ];
        for (_, ask) in wants.into_iter().filter(|(is_missing, _)| *is_missing) {
            self.post.ask(self.mac, ask);
        }
        if self.about.version.is_some() && self.about.firmware.is_some() && self.about.body.is_none() {
            match self.about.trials().get(self.about.n_tried) {
                Some(ask) => self.post.ask(self.mac, *ask),
                None => self.embody(Body::Bulb),
            }
        }
        self.settle(now);
        if self.is_settled && now >= self.poll_at && !self.is_polling {
            self.is_polling = true;
            self.post.ask(self.mac, Ask::Light);
            if self.stream.is_none() {
                self.ask_pixels();
            }
        }
    }

    fn ask_pixels(&mut self) {
        let Self { about, post, mac, .. } = self;
        match &about.body {
            Some(Body::Strip { extended: true, .. }) => post.ask(*mac, Ask::ExtendedZones),
            Some(Body::Strip { extended: false, .. }) => post.ask(*mac, Ask::Zones),
            Some(body @ Body::Matrix(_)) => body.reads().for_each(|area| post.ask(*mac, Ask::Cells(area))),
            Some(Body::Bulb) | None => {}
        }
    }

    /// Now it is known what it is made of.
    pub(super) fn embody(&mut self, body: Body) {
        if self.about.body.is_none() {
            self.gathered.resize(body.n_pixels(), None);
            self.about.body = Some(body);
            self.ask_pixels_of_a_matrix();
        }
    }

    /// A strip's first answer tells its colours; a chain's does not.
    fn ask_pixels_of_a_matrix(&mut self) {
        if matches!(self.about.body, Some(Body::Matrix(_))) {
            self.ask_pixels();
        }
    }

    /// All is known: says so once, and how it is.
    fn settle(&mut self, now: Moment) {
        let About { version: Some(_), firmware: Some(_), label: Some(label), room: Some(_), body: Some(_), .. } =
            &self.about
        else {
            return;
        };
        if self.is_settled || self.post.is_asking() {
            return;
        }
        self.is_settled = true;
        if let Some(mac) = self.mac {
            let (name, model) = (label.to_string(), self.about.model());
            self.reports.push(Report::Identity { identity: mac_text(mac), name, model });
        }
        self.report_thing();
        self.report_state();
        self.poll_at = now + self.pause();
    }

    /// Between polls: 5 to 10 s, each device its own.
    fn pause(&self) -> Duration {
        let last = self.mac.map_or(0, |[.., last]| last);
        Duration::from_millis(5000 + u64::from(last) * 19)
    }

    /// A poll is over once nothing of it waits for an answer: says what came of it.
    pub(super) fn polled(&mut self, now: Moment) {
        if !self.is_polling || self.post.is_asking() {
            return;
        }
        self.is_polling = false;
        self.poll_at = now + self.pause();
        let is_quiet = self.stream.is_none() && !self.post.is_changing() && now >= self.busy_until;
        if is_quiet {
            self.report_state();
        }
        self.reports.extend(self.post.patience.mean().map(Report::Latency));
        if self.is_settled {
            self.report_thing();
        }
    }

    /// Says what it is, if that is news.
    fn report_thing(&mut self) {
        let Some(body) = &self.about.body else { return };
        let thing = self.about.thing(body);
        if self.found.as_ref() != Some(&thing) {
            self.reports.push(Report::Found(Self::id(), thing.clone()));
            self.found = Some(thing);
        }
    }
}
