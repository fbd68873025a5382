//! What the overview remembers from frame to frame.

use egui::Rect;
use jiff::Timestamp;

use crate::model::history::{HOTTEST, Point, Series, Span};
use crate::model::sensors::DeviceId;
use crate::port::{Port, Query, Reply};
use crate::report::chart;
use crate::ui::asking::Asking;
use crate::ui::now::Now;
use crate::ui::theme::time;
use crate::units::moment::Moment;

/// Points of the trend that are asked for.
const POINTS: u16 = 300;
/// The store is asked for the trend so often; what came since is in the window's own hands.
const AGAIN: std::time::Duration = std::time::Duration::from_secs(30);

/// What the overview remembers between frames.
#[derive(Debug, Default)]
pub struct Board {
    /// Tiles in the order shown.
    pub order: Vec<DeviceId>,
    /// Since when another order waits for the pointer to leave.
    pub waiting: Option<Moment>,
    /// Where the tiles were drawn last.
    pub tiles: Option<Rect>,
    /// The trend of the main tile.
    pub trend: Trend,
}

/// What is known of the past of the device in the main tile.
#[derive(Debug, Default)]
pub struct Trend {
    device: Option<DeviceId>,
    asking: Asking,
    /// The instant up to which it was asked for; `None` = now.
    then: Option<Timestamp>,
    past: Option<Series>,
}

impl Trend {
    /// Takes what came, and asks when it is time. `then`: up to which instant; `None` = now.
    pub fn refresh(&mut self, port: &Port, now: &Now, device: &DeviceId, then: Option<Timestamp>) {
        if self.device.as_ref() != Some(device) {
            *self = Self { device: Some(device.clone()), ..Self::default() };
        }
        if let Some(reply) = self.asking.take()
            && let Reply::History(series) = &*reply
        {
            self.past = Some(series.clone());
        }
        let moment = now.moment;
        // To the full minute: an instant that plays on is not asked for anew each time.
        let then = then.map(|at| Timestamp::from_second((at.as_second() / 60 + 1) * 60).unwrap_or(at));
        let again = || self.asking.asked().is_some_and(|at| moment.since(at) >= AGAIN);
        if self.asking.is_due(moment) || self.then != then || (then.is_none() && again()) {
            self.then = then;
            let to = then.unwrap_or(now.wall);
            let from = to.checked_sub(jiff::SignedDuration::from_secs(time::OVERVIEW.as_secs() as i64)).unwrap_or(to);
            let span = Span { device: device.clone(), channel: HOTTEST.into(), from, to, points: POINTS };
            self.asking.ask(port, Query::History(span), moment);
        }
    }

    /// The points of the last ten minutes: what the store had, then what came since.
    #[must_use]
    pub fn points(&self, port: &Port, now: &Now, device: &DeviceId, span: (i64, i64)) -> Vec<Point> {
        let mut points = self.past.as_ref().map_or_else(Vec::new, |series| series.points.clone());
        let known = points.last().map_or(i64::MIN, |point| point.at_ms);
        let mut ring = Vec::new();
        if let Some(slot) = port.slots.device(device).filter(|_| self.then.is_none()) {
            slot.hottest.read(&mut ring);
        }
        points.extend(ring.into_iter().filter(|(_, value)| value.is_finite()).filter_map(|(at, value)| {
            let at_ms = now.wall_of(at).as_millisecond();
            let value = value as f32;
            (at_ms > known).then_some(Point { at_ms, min: value, mean: value, max: value })
        }));
        chart::thin(&points, span.0, span.1, usize::from(POINTS))
    }
}
