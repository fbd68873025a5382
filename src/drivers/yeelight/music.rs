//! Music mode: a device that is told to dials us, and is streamed to there without limit.
//!
//! Invariant: it is told so while frames come, and told to end it when none come any more; as long as it does not dial,
//! frames go the ordinary way, as rarely as it bears.

use crate::drivers::yeelight::calls::Errand;
use crate::drivers::yeelight::device::{MUSIC_AGAIN, MUSIC_WITHIN, Out, Yeelight};
use crate::drivers::yeelight::lamp::{Order, Target, encode_music};
use crate::drivers::yeelight::stream::Music;
use crate::units::moment::Moment;
use crate::wire::{Channel, Output};

/// A frame fades in this long, ms.
const FRAME_FADE: u32 = 60;

impl Yeelight {
    /// Whether frames come for any lamp.
    pub(super) fn is_streaming(&self) -> bool {
        self.lamps.iter().any(|lamp| lamp.stream.is_some())
    }

    /// Begins and ends music mode.
    pub(super) fn tend_music(&mut self, now: Moment, out: &mut Out) {
        if let Music::Asked { at } = self.music
            && now >= at + MUSIC_WITHIN
        {
            self.music = Music::Off { again_at: now + MUSIC_AGAIN };
        }
        match (self.is_streaming(), self.music, self.listens_at) {
            (true, Music::Off { again_at }, Some(here))
                if now >= again_at && self.is_tcp_open && self.is_known && now >= self.calls.quiet_until =>
            {
                self.music = Music::Asked { at: now };
                self.calls.send(now, Errand::Music, out, |id, bytes| encode_music(id, Some(here), bytes));
            }
            (false, Music::On | Music::Asked { .. }, _) => {
                self.music = Music::Off { again_at: Moment::ZERO };
                self.wants_props = true;
                if self.is_tcp_open {
                    self.calls.send(now, Errand::Other, out, |id, bytes| encode_music(id, None, bytes));
                } else {
                    out.send(Channel::Listen, Output::Bytes, |bytes| encode_music(0, None, bytes));
                }
            }
            _ => {}
        }
    }

    /// Sends the newest frame of a lamp if its slot has come: to where the device dialled in, else as rarely as it bears.
    pub(super) fn stream(&mut self, now: Moment, lamp: usize, out: &mut Out) {
        let (mix, slot, music) = (self.mix(lamp), self.calls.slot(now), self.music);
        let (is_tcp_open, id) = (self.is_tcp_open && self.is_known, self.calls.next_id);
        let Some(known) = self.lamps.get_mut(lamp) else { return };
        let Some(stream) = &mut known.stream else { return };
        if now >= stream.ends_at() {
            return known.leave();
        }
        let may = match music {
            Music::On => stream.has_slot(now),
            Music::Off { .. } => is_tcp_open && slot <= now,
            Music::Asked { .. } => false,
        };
        if !stream.is_due(now) || !may {
            return;
        }
        let target = mix.pixel(stream.pixel);
        let is_stale = stream.is_stale(now);
        stream.is_new = false;
        if stream.shown == Some(target) && !(is_stale && music == Music::On) {
            return;
        }
        let before = stream.shown.replace(target).filter(|_| !is_stale);
        stream.sent = Some(now);
        self.n_frames += 1;
        let orders = frame_orders(before, &target);
        if music == Music::On {
            out.send(Channel::Listen, Output::Frame, |bytes| {
                orders.into_iter().flatten().for_each(|order| order.encode(id, lamp == 1, bytes));
            });
        } else {
            let scene = if target.on { Order::Scene(target.tint, target.bright) } else { Order::Power(false, 0) };
            self.calls.send(now, Errand::Other, out, |id, bytes| scene.encode(id, lamp == 1, bytes));
        }
    }
}

/// The orders from one frame to the next. What is off goes on as a scene, the only order that it takes.
fn frame_orders(before: Option<Target>, target: &Target) -> [Option<Order>; 2] {
    match before {
        _ if !target.on => [Some(Order::Power(false, 0)), None],
        Some(before) if before.on => {
            let tint = target.tint.filter(|_| before.tint != target.tint);
            let bright = (before.bright != target.bright).then_some(Order::Bright(target.bright, FRAME_FADE));
            [tint.map(|tint| Order::Tint(tint, FRAME_FADE)), bright]
        }
        _ => [Some(Order::Scene(target.tint, target.bright)), None],
    }
}
