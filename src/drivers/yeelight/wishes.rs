//! What is wished of a lamp, as commands on the ordinary connection.
//!
//! Invariant: of two wishes that wait the newer is sent, and only once the one before is answered.

use std::time::Duration;

use crate::drivers::yeelight::calls::Errand;
use crate::drivers::yeelight::device::{Out, Yeelight};
use crate::drivers::yeelight::lamp::{FLOW, Order};
use crate::units::moment::Moment;

/// How long it makes itself known.
const BLINK: Duration = Duration::from_millis(3200);

impl Yeelight {
    /// Sends the orders for what is wished of a lamp.
    pub(super) fn fulfil(&mut self, now: Moment, lamp: usize, out: &mut Out) {
        let scene = if lamp == 0 { "set_scene" } else { "bg_set_scene" };
        let (mix, has_scene) = (self.mix(lamp), self.about.knows(scene, true));
        let slot = self.calls.slot(now);
        let Some(known) = self.lamps.get_mut(lamp).filter(|known| known.stream.is_none()) else { return };
        let is_busy = self.calls.has_wish(lamp);
        if !self.is_tcp_open || !self.is_known || is_busy || slot > now {
            return;
        }
        let orders = if let Some((state, ms)) = known.wanted.take() {
            let target = mix.target(&state);
            let keeps_flow = state.effect.as_deref() == Some(FLOW);
            known.last = Some((state, target));
            (known.restore, known.dark_at, known.said) = (None, None, None);
            known.shown.orders(&target, keeps_flow, ms, has_scene)
        } else {
            return self.extras(now, lamp, out);
        };
        let n_orders = orders.len();
        for (n, order) in orders.into_iter().enumerate() {
            self.calls
                .send(now, Errand::Wish(lamp, n + 1 == n_orders), out, |id, bytes| order.encode(id, lamp == 1, bytes));
        }
        if n_orders > 0 {
            self.calls.pause(now);
        }
    }

    /// What is no wish for a state: to go back to one, to make itself known, to keep what it shows for later.
    fn extras(&mut self, now: Moment, lamp: usize, out: &mut Out) {
        let Some(known) = self.lamps.get_mut(lamp) else { return };
        let is_on = known.shown.on() == Some(true);
        let order = if let Some(target) = known.restore.take() {
            if target.on { Order::Scene(target.tint, target.bright) } else { Order::Power(false, 0) }
        } else if known.dark_at.is_some_and(|at| now >= at) {
            known.dark_at = None;
            Order::Power(false, 0)
        } else if std::mem::take(&mut known.wants_blink) {
            known.dark_at = (!is_on).then_some(now + BLINK);
            Order::Blink(!is_on)
        } else if known.wants_default && is_on {
            known.wants_default = false;
            Order::Default
        } else {
            return;
        };
        self.calls.send(now, Errand::Other, out, |id, bytes| order.encode(id, lamp == 1, bytes));
    }
}
