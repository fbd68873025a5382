//! The channels that were chosen for the trends, the time that is shown, and what came of asking for them.

use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use egui::Context;
use jiff::Timestamp;

use crate::model::alarms::Alarms;
use crate::model::alarms::journal::Filter;
#[cfg(doc)]
use crate::model::history::HOTTEST;
use crate::model::history::{Point, Series, Span};
use crate::model::sensors::DeviceId;
use crate::port::{Port, Query, Reply};
use crate::report::chart;
use crate::report::episodes::{self, Episode};
use crate::report::limits::Unit;
use crate::ui::asking::Asking;
use crate::ui::now::Now;
use crate::ui::theme;
use crate::ui::widgets::plot::Shade;
use crate::units::moment::Moment;
use crate::units::temperature::Scale;

/// Channels shown at once: as many as there are series colours.
pub const MOST: usize = 6;
/// Spans of time to choose from: minutes, and words.
pub const SPANS: [(u32, &str); 5] = [(10, "10 min"), (60, "1 h"), (1_440, "24 h"), (10_080, "7 d"), (43_200, "30 d")];
/// How far before the span alarms are looked for that reach into it.
const BEFORE: i64 = 24 * 3_600_000;

/// Which time is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// The last so many minutes.
    Live(u32),
    /// A span that was zoomed to, ms since 1970.
    Held(i64, i64),
}

/// A channel that was chosen, and what came of it.
#[derive(Debug)]
pub struct Pick {
    /// Whose.
    pub device: DeviceId,
    /// Its key, or [`HOTTEST`].
    pub channel: Arc<str>,
    /// Its place among the series colours.
    pub series: usize,
    asking: Asking,
    pub(crate) answered: Option<Series>,
    pub(crate) failed: Option<String>,
    made_for: Option<Scale>,
    pub(crate) points: Vec<Point>,
    pub(crate) runs: Vec<Range<usize>>,
}

/// The trends.
#[derive(Debug)]
pub struct Trends {
    /// Channels, in the order in which they were chosen.
    pub picks: Vec<Pick>,
    /// Which time is shown.
    pub view: View,
    /// The instant that was marked, ms since 1970.
    pub mark: Option<i64>,
    /// The last of the live spans, to go back to.
    pub(crate) minutes: u32,
    pub(crate) span: (i64, i64),
    asked: Option<(View, Moment)>,
    begun: bool,
    alarms: Asking,
    alarms_for: Option<(u64, View)>,
    episodes: Vec<Episode>,
}

impl Default for Trends {
    fn default() -> Self {
        Self {
            picks: Vec::new(),
            view: View::Live(10),
            mark: None,
            minutes: 10,
            span: (0, 1),
            asked: None,
            begun: false,
            alarms: Asking::default(),
            alarms_for: None,
            episodes: Vec::new(),
        }
    }
}

impl Pick {
    fn new(device: DeviceId, channel: Arc<str>, series: usize) -> Self {
        Self {
            device,
            channel,
            series,
            asking: Asking::default(),
            answered: None,
            failed: None,
            made_for: None,
            points: Vec::new(),
            runs: Vec::new(),
        }
    }

    /// The unit it is drawn in.
    #[must_use]
    pub fn unit(&self) -> Unit {
        Unit::of(&self.channel)
    }

    /// The newest point in sight.
    #[must_use]
    pub fn newest(&self) -> Option<Point> {
        self.points.last().copied()
    }

    /// Why there is nothing of it.
    #[must_use]
    pub fn failed(&self) -> Option<&str> {
        self.failed.as_deref()
    }

    fn refresh(&mut self, scale: Scale) {
        match self.asking.take().as_deref() {
            Some(Reply::History(series)) => {
                (self.answered, self.failed, self.made_for) = (Some(series.clone()), None, None);
            }
            Some(Reply::Failed(why)) => self.failed = Some(why.clone()),
            Some(_) | None => {}
        }
        if let Some(series) = self.answered.as_ref().filter(|_| self.made_for != Some(scale)) {
            let unit = self.unit();
            let shown = |value: f32| shown(f64::from(value), unit, scale) as f32;
            let point = |p: &Point| Point { at_ms: p.at_ms, min: shown(p.min), mean: shown(p.mean), max: shown(p.max) };
            self.points = series.points.iter().map(point).collect();
            self.runs = chart::runs(&self.points);
            self.made_for = Some(scale);
        }
    }

    fn ask(&mut self, port: &Port, now: Moment, span: (i64, i64), points: u16) {
        let at = |ms| Timestamp::from_millisecond(ms).unwrap_or_default();
        let (device, channel) = (self.device.clone(), Arc::clone(&self.channel));
        let span = Span { device, channel, from: at(span.0), to: at(span.1), points };
        self.asking.ask(port, Query::History(span), now);
    }
}

/// A stored value as it is shown.
fn shown(stored: f64, unit: Unit, scale: Scale) -> f64 {
    unit.in_scale(unit.value(stored), scale)
}

impl Trends {
    /// Shows a channel, if there is room for one more.
    pub fn add(&mut self, device: &DeviceId, channel: &str) {
        let known = self.picks.iter().any(|pick| pick.device == *device && &*pick.channel == channel);
        let free = (0..MOST).find(|series| self.picks.iter().all(|pick| pick.series != *series));
        if let Some(series) = free.filter(|_| !known) {
            self.picks.push(Pick::new(device.clone(), channel.into(), series));
        }
    }

    /// The trend of one channel over the last so many minutes.
    #[must_use]
    pub fn alone(device: &DeviceId, channel: &str, minutes: u32) -> Self {
        let mut trends = Self { view: View::Live(minutes), minutes, begun: true, ..Self::default() };
        trends.add(device, channel);
        trends
    }

    /// The marked instant, while it is in sight.
    #[must_use]
    pub fn marked(&self) -> Option<Timestamp> {
        let mark = self.mark.filter(|mark| (self.span.0..=self.span.1).contains(mark))?;
        Timestamp::from_millisecond(mark).ok()
    }

    /// Moves the mark by a hundredth of what is in sight; begins in the middle.
    pub fn nudge(&mut self, forward: bool) {
        let (from, to) = self.span;
        let step = ((to - from) / 100).max(1);
        let at = self.marked().map_or(i64::midpoint(from, to), Timestamp::as_millisecond);
        self.mark = Some((if forward { at + step } else { at - step }).clamp(from, to));
    }

    /// Shows the present again.
    pub fn back_to_live(&mut self) {
        self.view = View::Live(self.minutes);
    }

    /// Whether the present is shown.
    #[must_use]
    pub const fn is_live(&self) -> bool {
        matches!(self.view, View::Live(_))
    }

    /// Whether it is shown for the first time, with nothing chosen.
    #[must_use]
    pub fn begins(&mut self) -> bool {
        !std::mem::replace(&mut self.begun, true) && self.picks.is_empty()
    }

    /// Takes what came, and asks when it is time: short live spans once a second.
    pub fn refresh(&mut self, port: &Port, time: &Now, scale: Scale, points: u16) {
        let now = time.moment;
        for pick in &mut self.picks {
            pick.refresh(scale);
        }
        let pause = pause(self.view);
        let due =
            self.asked.is_none_or(|(view, at)| view != self.view || pause.is_some_and(|pause| now.since(at) >= pause));
        if due {
            self.asked = Some((self.view, now));
            self.span = match self.view {
                View::Live(minutes) => {
                    let to = time.wall.as_millisecond();
                    (to - i64::from(minutes) * 60_000, to)
                }
                View::Held(from, to) => (from, to),
            };
        }
        for pick in &mut self.picks {
            if due || pick.asking.is_due(now) {
                pick.ask(port, now, self.span, points);
            }
        }
    }

    /// Has the window drawn again when something must be asked, if nothing else happens.
    pub fn wake_up(&self, ctx: &Context) {
        self.picks.iter().for_each(|pick| pick.asking.wake_up(ctx));
        if let Some(pause) = pause(self.view) {
            ctx.request_repaint_after(pause);
        }
    }

    /// Takes what came of alarms in this time, and asks when the journal grew or another time is shown.
    pub fn refresh_alarms(&mut self, port: &Port, now: Moment, journaled: u64) {
        if let Some(reply) = self.alarms.take()
            && let Reply::Journal(page) = &*reply
        {
            self.episodes = episodes::episodes(&page.entries);
        }
        let key = (journaled, self.view);
        if self.alarms_for != Some(key) || self.alarms.is_due(now) {
            self.alarms_for = Some(key);
            let at = |ms| Timestamp::from_millisecond(ms).ok();
            let filter = Filter {
                what: episodes::KINDS.to_vec(),
                from: at(self.span.0 - BEFORE),
                to: if self.is_live() { None } else { at(self.span.1) },
                limit: 1_000,
                ..Filter::default()
            };
            self.alarms.ask(port, Query::Journal(filter), now);
        }
    }

    /// The times of alarms at the devices of a plot.
    #[must_use]
    pub fn shades(&self, alarms: &Alarms, picks: &[&Pick]) -> Vec<Shade> {
        self.alarms_at(alarms, picks).into_iter().map(|(shade, _)| shade).collect()
    }

    /// The alarms at the devices of a plot, with their times in sight; newest first.
    #[must_use]
    pub fn alarms_at(&self, alarms: &Alarms, picks: &[&Pick]) -> Vec<(Shade, &Episode)> {
        let (from, to) = self.span;
        let of = |episode: &&Episode| picks.iter().any(|pick| episode.device.as_ref() == Some(&pick.device));
        let active = |episode: &Episode| alarms.active.contains_key(&episode.alarm);
        let shade = |episode: &Episode| {
            let from_ms = episode.from.map_or(from, Timestamp::as_millisecond);
            let goes_on = if active(episode) { to } else { from_ms };
            let to_ms = episode.to.map_or(goes_on, Timestamp::as_millisecond);
            Shade { from_ms, to_ms, level: episode.level }
        };
        let all = self.episodes.iter().filter(of).map(|episode| (shade(episode), episode));
        all.filter(|(shade, _)| shade.to_ms >= from && shade.from_ms <= to).collect()
    }
}

/// How often a view is asked for anew; never if it is held.
fn pause(view: View) -> Option<Duration> {
    match view {
        View::Live(minutes) if minutes <= 60 => Some(theme::time::TREND),
        View::Live(minutes) if minutes <= 1_440 => Some(60 * theme::time::TREND),
        View::Live(_) => Some(600 * theme::time::TREND),
        View::Held(..) => None,
    }
}
