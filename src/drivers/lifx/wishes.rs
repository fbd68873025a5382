//! What is wished of a device, as changes to it.
//!
//! Invariant: of two wishes that wait the newer is sent, and of it only what the device does not show yet.

use std::time::Duration;

use crate::drivers::lifx::body::{Body, Fill};
use crate::drivers::lifx::color::spread;
use crate::drivers::lifx::device::{AFTER_CHANGE, LONG_FADE, Lifx};
use crate::drivers::lifx::look::Look;
use crate::model::lights::state::{Color, State};
use crate::units::moment::Moment;
use crate::wire::lifx::message::Message;
use crate::wire::lifx::parts::Waveform;

/// What a device said or acknowledged is believed for so long; after that a wish is sent even if it seems fulfilled.
const FRESH: Duration = Duration::from_secs(2);
/// How long it makes itself known.
const BLINK: Duration = Duration::from_millis(3000);

impl Lifx {
    /// What a state becomes on this device.
    fn look(&self, state: &State) -> Look {
        let mix = self.about.mix();
        let n_zones = if let Some(Body::Strip { n_zones, .. }) = self.about.body { n_zones } else { 0 };
        let fill = match &state.color {
            Color::Gradient(points) if n_zones > 0 && points.len() > 1 => {
                let mut zones = Vec::with_capacity(n_zones);
                spread(points, n_zones, |xy| zones.push(mix.xy(xy, state.brightness)));
                Fill::Each(zones)
            }
            color => Fill::One(mix.color(color, state.brightness)),
        };
        Look { on: state.on, fill }
    }

    /// Sends what is different from what the device is known to show; says so if nothing is.
    fn show(&mut self, now: Moment, mut look: Look, duration_ms: u32) {
        self.post.drop_changes();
        let Self { about, post, mac, shown, shown_at, .. } = self;
        let is_fresh = shown_at.is_some_and(|at| now.since(at) <= FRESH);
        let known = shown.as_ref().filter(|_| is_fresh);
        let is_dark = shown.as_ref().is_some_and(|known| !known.on);
        let has_power = known.is_some_and(|known| known.on == look.on);
        let has_fill = known.is_some_and(|known| known.fill.is_same(&look.fill));
        if (look.on || is_dark) && !has_fill {
            if let (Fill::One(to), Some(Fill::One(from))) = (&mut look.fill, shown.as_ref().map(|shown| &shown.fill)) {
                // A white keeps the hue it comes from, or the fade would run through other colours.
                if to.saturation == 0 {
                    to.hue = from.hue;
                }
            }
            let duration_ms = if is_dark { 0 } else { duration_ms };
            let body = about.body.as_ref().unwrap_or(&Body::Bulb);
            body.paint(&look.fill, duration_ms, &mut |message| post.change(*mac, message));
        } else if !look.on && !has_fill {
            // It fades out as it is; its next colour comes when it is on again.
            look.fill = shown.as_ref().map_or(look.fill, |shown| shown.fill.clone());
        }
        if !has_power {
            let level = if look.on { u16::MAX } else { 0 };
            post.change(*mac, &Message::SetLightPower { level, duration_ms });
        }
        if !self.post.is_changing() {
            return self.report_state();
        }
        let over = Duration::from_millis(u64::from(duration_ms));
        (self.busy_until, self.fade) = (now + over, over);
        self.poll_at = self.poll_at.min(now + over.min(LONG_FADE) + AFTER_CHANGE);
        (self.shown, self.shown_at) = (Some(look), None);
    }

    /// Does what is wished, once it is known how the device is.
    pub(super) fn fulfil(&mut self, now: Moment) {
        if !self.is_settled || self.stream.is_some() || self.post.has_unsent() {
            return;
        }
        if self.blink_ends.as_ref().is_some_and(|(at, _)| now >= *at) {
            let before = self.blink_ends.take().map(|(_, look)| look);
            self.restore = self.restore.take().or(before);
        }
        if let Some((state, transition_ms)) = self.wanted.take() {
            let look = self.look(&state);
            (self.restore, self.blink_ends) = (None, None);
            self.last = Some((state, look.clone()));
            self.show(now, look, transition_ms);
        } else if let Some(look) = self.restore.take() {
            self.shown_at = None;
            self.show(now, look, 0);
        }
        if std::mem::take(&mut self.wants_blink) {
            self.blink(now);
        }
    }

    /// Swings its brightness; what is off goes on for it, and off again.
    fn blink(&mut self, now: Moment) {
        let Some(look) = self.shown.clone() else { return };
        let mut color = match &look.fill {
            Fill::One(color) => *color,
            Fill::Each(colors) => colors.first().copied().unwrap_or_default(),
        };
        color.brightness = if color.brightness > u16::MAX / 2 { u16::MAX / 20 } else { u16::MAX };
        let waveform = Waveform { transient: true, color, period_ms: 700, cycles: 4.0, skew: 0, shape: 4 };
        if !look.on {
            self.post.change(self.mac, &Message::SetLightPower { level: u16::MAX, duration_ms: 0 });
            self.blink_ends = Some((now + BLINK, look));
        }
        self.post.change(self.mac, &Message::SetWaveform(waveform));
        self.busy_until = self.busy_until.max(now + BLINK);
    }
}
