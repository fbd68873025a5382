//! What a device answers, taken in: what it is, how it is, and what it took of what it was told.
//!
//! Invariant: a colour counts only while nothing is on its way to the device; in the middle of a fade it says something
//! that is over at once.

use crate::drivers::lifx::body::{Body, Fill};
use crate::drivers::lifx::device::{AFTER_CHANGE, LONG_FADE, Lifx};
use crate::drivers::lifx::look::Look;
use crate::drivers::lifx::post::{Ask, Purpose};
use crate::model::frame::MAX_PIXELS;
use crate::units::moment::Moment;
use crate::wire::lifx::message::Message;
use crate::wire::lifx::parts::Hsbk;

impl Lifx {
    /// Takes in the device's answer to the packet of this sequence.
    pub(super) fn take(&mut self, now: Moment, sequence: u8, message: &Message<'_>) {
        let purpose = self.post.purpose(sequence);
        match *message {
            Message::Acknowledgement => self.acknowledged(now, sequence, purpose),
            Message::StateVersion { vendor, product } => {
                self.about.version = Some((vendor, product));
                self.answered(now, sequence, purpose, Ask::Version);
            }
            Message::StateHostFirmware { minor, major, .. } => {
                self.about.firmware = Some((major, minor));
                self.answered(now, sequence, purpose, Ask::Firmware);
            }
            Message::StateGroup { label, .. } => {
                self.about.room = Some(Some(label.text()).filter(|text| !text.is_empty()).map(Into::into));
                self.answered(now, sequence, purpose, Ask::Group);
            }
            Message::LightState { color, power, label } => {
                self.about.label = Some(label.text().into());
                // In the middle of a fade it says something that is over at once.
                if self.post.is_changing() || self.stream.is_some() || now < self.busy_until {
                    self.answered(now, sequence, purpose, Ask::Light);
                    return;
                }
                let each = self.shown.take().map(|look| look.fill).filter(|fill| matches!(fill, Fill::Each(_)));
                let fill = each.filter(|_| self.about.body != Some(Body::Bulb)).unwrap_or(Fill::One(color));
                self.shown = Some(Look { on: power > 0, fill });
                self.shown_at = Some(now);
                self.answered(now, sequence, purpose, Ask::Light);
            }
            Message::StateUnhandled { .. } => self.unhandled(now, sequence, purpose),
            Message::StateZone { count, index, color } => {
                self.gather_zones(now, sequence, usize::from(count), false, usize::from(index), [color].into_iter());
            }
            Message::StateMultiZone { count, index, colors } => {
                self.gather_zones(now, sequence, usize::from(count), false, usize::from(index), colors.iter());
            }
            Message::StateExtendedColorZones { zones, index, colors } => {
                self.gather_zones(now, sequence, usize::from(zones), true, usize::from(index), colors.iter());
            }
            Message::StateDeviceChain { tiles, .. } => {
                let body = Body::matrix(tiles.iter().map(|tile| (tile.width, tile.height)));
                self.answered(now, sequence, purpose, Ask::Chain);
                self.embody(body.unwrap_or(Body::Bulb));
            }
            Message::State64 { tile, y, colors, .. } => self.gather_cells(now, sequence, tile, y, colors.iter()),
            _ => {}
        }
    }

    fn answered(&mut self, now: Moment, sequence: u8, purpose: Option<Purpose>, ask: Ask) {
        if purpose == Some(Purpose::Ask(ask)) {
            self.post.done(now, sequence);
        }
    }

    fn acknowledged(&mut self, now: Moment, sequence: u8, purpose: Option<Purpose>) {
        if purpose != Some(Purpose::Change) {
            return;
        }
        self.post.done(now, sequence);
        if !self.post.is_changing() && self.stream.is_none() {
            // What was paced, or sent again, begins later than it was wished.
            self.busy_until = self.busy_until.max(now + self.fade);
            self.poll_at = now + self.fade.min(LONG_FADE) + AFTER_CHANGE;
            self.shown_at = Some(now);
            if self.wanted.is_none() {
                self.report_state();
            }
        }
    }

    fn unhandled(&mut self, now: Moment, sequence: u8, purpose: Option<Purpose>) {
        self.n_unhandled += 1;
        let Some(purpose) = purpose else { return };
        self.post.done(now, sequence);
        if purpose != Purpose::Change {
            self.given_up(purpose, "it does not know what it is asked");
        }
    }

    fn gather_zones(
        &mut self,
        now: Moment,
        sequence: u8,
        count: usize,
        extended: bool,
        index: usize,
        colors: impl Iterator<Item = Hsbk>,
    ) {
        let Some(Purpose::Ask(Ask::Zones | Ask::ExtendedZones)) = self.post.purpose(sequence) else { return };
        if count == 0 || count > MAX_PIXELS {
            return;
        }
        self.embody(Body::Strip { n_zones: count, extended });
        if !matches!(&self.about.body, Some(Body::Strip { n_zones, .. }) if *n_zones == count) {
            return;
        }
        if self.gathered_by.replace(sequence) != Some(sequence) {
            self.gathered.fill(None);
        }
        self.gathered.iter_mut().skip(index).zip(colors).for_each(|(to, color)| *to = Some(color));
        if self.gathered.iter().all(Option::is_some) {
            self.post.done(now, sequence);
            self.gathered_all(now);
        }
    }

    fn gather_cells(&mut self, now: Moment, sequence: u8, tile: u8, y: u8, colors: impl Iterator<Item = Hsbk>) {
        let Some(Purpose::Ask(Ask::Cells(area))) = self.post.purpose(sequence) else { return };
        if (area.tile, area.y) != (tile, y) {
            return;
        }
        let place = self.about.body.as_ref().and_then(|body| body.place(tile, y));
        if let Some(cells) = place.and_then(|place| self.gathered.get_mut(place)) {
            cells.iter_mut().zip(colors).for_each(|(to, color)| *to = Some(color));
        }
        self.post.done(now, sequence);
        self.gathered_all(now);
    }

    fn gathered_all(&mut self, now: Moment) {
        let colors: Option<Vec<Hsbk>> = self.gathered.iter().copied().collect();
        let is_busy = self.post.is_changing() || now < self.busy_until;
        let (Some(colors), false, None) = (colors, is_busy, &self.stream) else { return };
        let fill = match colors.first() {
            Some(first) if colors.iter().all(|color| color == first) => Fill::One(*first),
            _ => Fill::Each(colors),
        };
        let on = self.shown.as_ref().is_none_or(|look| look.on);
        (self.shown, self.shown_at) = (Some(Look { on, fill }), Some(now));
    }

    /// What was not answered, or not understood.
    pub(super) fn given_up(&mut self, purpose: Purpose, why: &str) {
        match purpose {
            Purpose::Ask(ask) if self.about.body.is_none() && self.about.trials().contains(&ask) => {
                self.about.n_tried += 1;
            }
            Purpose::Ask(Ask::Group) => self.about.room = Some(None),
            Purpose::Ask(Ask::Firmware) => self.about.firmware = Some((0, 0)),
            Purpose::Ask(Ask::Cells(_)) => {}
            Purpose::Ask(_) | Purpose::Change => self.lost = Some(why.to_owned()),
        }
    }
}
