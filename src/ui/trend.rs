//! The trend of one channel over the last minutes: what the store had, and what came since.
//!
//! Invariant: the store is asked anew for another channel, another end, or after a while; never for each frame.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::model::history::{HOTTEST, Point, Series, Span};
use crate::model::sensors::DeviceId;
use crate::port::slots::{DeviceSlot, Ring};
use crate::port::{Port, Query, Reply};
use crate::report::chart;
use crate::ui::asking::Asking;
use crate::ui::now::Now;
use crate::ui::theme::time;
use crate::units::moment::Moment;

/// Points that are asked for.
const POINTS: u16 = 300;
/// The store is asked so often; what came since is in the window's own hands.
const AGAIN: Duration = Duration::from_secs(30);
/// An end in the past that moves by less than this is the same, ms.
const SAME_MS: i64 = 1_000;

/// Which trend.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Channel {
    /// Whose.
    pub device: DeviceId,
    /// Its key: [`HOTTEST`], a channel's, or that of a region's figure.
    pub key: Arc<str>,
    /// Where it ends, if that is not now.
    pub until: Option<Timestamp>,
}

/// What is known of a channel's last minutes.
#[derive(Debug, Default)]
pub struct Trend {
    channel: Option<Channel>,
    asking: Asking,
    past: Option<Series>,
}

impl Trend {
    /// Takes what came, and asks when it is time.
    pub fn refresh(&mut self, port: &Port, now: &Now, channel: &Channel) {
        if !self.channel.as_ref().is_some_and(|known| same(known, channel)) {
            // While an end in the past moves on, what is known is shown until more comes.
            let moved = |known: &Channel| known.device == channel.device && known.key == channel.key;
            let past = self.past.take().filter(|_| self.channel.as_ref().is_some_and(moved));
            *self = Self { channel: Some(channel.clone()), past, ..Self::default() };
        }
        if let Some(reply) = self.asking.take()
            && let Reply::History(series) = &*reply
        {
            self.past = Some(series.clone());
        }
        let moment = now.moment;
        let old = self.asking.asked().is_some_and(|at| moment.since(at) >= AGAIN) && channel.until.is_none();
        if self.asking.is_due(moment) || old {
            let to = channel.until.unwrap_or(now.wall);
            let from = to.checked_sub(SignedDuration::from_secs(time::OVERVIEW.as_secs() as i64)).unwrap_or(to);
            let (device, key) = (channel.device.clone(), Arc::clone(&channel.key));
            let span = Span { device, channel: key, from, to, points: POINTS };
            self.asking.ask(port, Query::History(span), moment);
        }
    }

    /// The points of the last ten minutes before the end, ascending.
    #[must_use]
    pub fn points(&self, port: &Port, now: &Now, channel: &Channel, span: (i64, i64)) -> Vec<Point> {
        let mut points = self.past.as_ref().map_or_else(Vec::new, |series| series.points.clone());
        let known = points.last().map_or(i64::MIN, |point| point.at_ms);
        let fresh = if channel.until.is_some() { Vec::new() } else { readings(port, channel) };
        points.extend(fresh.into_iter().filter(|(_, value)| value.is_finite()).filter_map(|(at, value)| {
            let at_ms = now.wall_of(at).as_millisecond();
            let value = value as f32;
            (at_ms > known).then_some(Point { at_ms, min: value, mean: value, max: value })
        }));
        chart::thin(&points, span.0, span.1, usize::from(POINTS))
    }
}

fn same(a: &Channel, b: &Channel) -> bool {
    let near = match (a.until, b.until) {
        (Some(a), Some(b)) => (a.as_millisecond() - b.as_millisecond()).abs() < SAME_MS,
        (a, b) => a == b,
    };
    near && a.device == b.device && a.key == b.key
}

/// The newest readings of a channel, in the window's own hands.
#[must_use]
pub fn readings(port: &Port, channel: &Channel) -> Vec<(Moment, f64)> {
    let mut out = Vec::new();
    if let Some(slot) = port.slots.device(&channel.device) {
        with_ring(&slot, &channel.key, |ring| ring.read(&mut out));
    }
    out
}

fn with_ring(slot: &DeviceSlot, key: &str, read: impl FnOnce(&Ring)) {
    if key == HOTTEST {
        read(&slot.hottest);
    } else if let Some(figure) = slot.regions().iter().find(|figure| &*figure.key == key) {
        read(&figure.readings);
    } else if let Some(channel) = slot.channels().iter().find(|channel| &*channel.key == key) {
        read(&channel.readings);
    }
}
