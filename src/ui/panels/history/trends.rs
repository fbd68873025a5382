//! Trends: up to six channels of any devices over time, with their limits and the times of alarms.

use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use egui::{Key, Rect, Sense, Ui, pos2, vec2};
use jiff::Timestamp;

use crate::heat::gas::ChannelMeaning;
use crate::model::alarms::journal::Filter;
use crate::model::history::{HOTTEST, Point, Series, Span};
use crate::model::sensors::DeviceId;
use crate::port::{Query, Reply};
use crate::report::chart;
use crate::report::episodes::{self, Episode};
use crate::report::limits::{self, Unit};
use crate::ui::asking::Asking;
use crate::ui::panels::history::legend;
use crate::ui::panels::inspector::channels;
use crate::ui::panels::overview::alarms::device_name;
use crate::ui::panels::thermal;
use crate::ui::scene::Scene;
use crate::ui::theme::{size, space, text, time};
use crate::ui::widgets::button::Button;
use crate::ui::widgets::plot::{Limit, Line, Plot, Shade, Wish};
use crate::ui::widgets::segment;
use crate::ui::{icons, style, words};
use crate::units::moment::Moment;
use crate::units::temperature::Scale;

/// Channels shown at once: as many as there are series colours.
pub const MOST: usize = 6;
/// How far before the span alarms are looked for that reach into it.
const BEFORE: i64 = 24 * 3_600_000;

/// Spans of time to choose from: words, and minutes.
const SPANS: [(u32, &str); 5] = [(10, "10 min"), (60, "1 h"), (1_440, "24 h"), (10_080, "7 d"), (43_200, "30 d")];

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
    answered: Option<Series>,
    failed: Option<String>,
    made_for: Option<Scale>,
    points: Vec<Point>,
    runs: Vec<Range<usize>>,
}

/// The trends.
#[derive(Debug)]
pub struct Trends {
    /// Channels, in the order in which they were chosen.
    pub picks: Vec<Pick>,
    /// Which time is shown.
    pub view: View,
    /// The last of the live spans, to go back to.
    minutes: u32,
    span: (i64, i64),
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

    /// What people call it.
    #[must_use]
    pub fn name(&self, scene: &Scene<'_>) -> String {
        format!("{} {}", device_name(scene, &self.device), title(&self.channel))
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

    fn ask(&mut self, scene: &Scene<'_>, span: (i64, i64), points: u16) {
        let at = |ms| Timestamp::from_millisecond(ms).unwrap_or_default();
        let (device, channel) = (self.device.clone(), Arc::clone(&self.channel));
        let span = Span { device, channel, from: at(span.0), to: at(span.1), points };
        self.asking.ask(scene.port, Query::History(span), scene.now.moment);
    }
}

/// A stored value as it is shown.
fn shown(stored: f64, unit: Unit, scale: Scale) -> f64 {
    match unit {
        Unit::Degrees => f64::from(scale.of(stored as f32)),
        unit => unit.value(stored),
    }
}

/// A value as people read it; a bare whole number has no decimals.
#[must_use]
pub fn figure(unit: Unit, value: f64) -> String {
    let decimals = usize::from(unit != Unit::Plain || value.fract().abs() > 1e-6);
    words::minus(&format!("{value:.decimals$}"))
}

/// A channel without its device.
#[must_use]
pub fn title(channel: &str) -> String {
    if channel == HOTTEST { HOTTEST.to_owned() } else { channels::title(ChannelMeaning::of(channel), channel) }
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

    /// Shows the present again.
    pub fn back_to_live(&mut self) {
        self.view = View::Live(self.minutes);
    }

    /// Whether the present is shown.
    #[must_use]
    pub const fn is_live(&self) -> bool {
        matches!(self.view, View::Live(_))
    }

    /// The first time something is shown: the selected device, or the first one.
    fn begin(&mut self, scene: &Scene<'_>) {
        if std::mem::replace(&mut self.begun, true) || !self.picks.is_empty() {
            return;
        }
        let devices = scene.devices();
        let first = scene.selected().or_else(|| devices.iter().find(|d| scene.array(&d.id).is_some()).cloned());
        if let Some(device) = first.or_else(|| devices.first().cloned())
            && let Some(channel) = legend::channels(scene, &device.id).into_iter().next()
        {
            self.add(&device.id, &channel);
        }
    }

    /// Takes what came, and asks when it is time: short live spans once a second.
    fn refresh(&mut self, ui: &Ui, scene: &Scene<'_>, points: u16) {
        let now = scene.now.moment;
        for pick in &mut self.picks {
            pick.refresh(scene.choices.scale);
        }
        let pause = pause(self.view);
        let due =
            self.asked.is_none_or(|(view, at)| view != self.view || pause.is_some_and(|pause| now.since(at) >= pause));
        if due {
            self.asked = Some((self.view, now));
            self.span = match self.view {
                View::Live(minutes) => {
                    let to = scene.now.wall.as_millisecond();
                    (to - i64::from(minutes) * 60_000, to)
                }
                View::Held(from, to) => (from, to),
            };
        }
        for pick in &mut self.picks {
            if due || pick.asking.is_due(now) {
                pick.ask(scene, self.span, points);
            }
            pick.asking.wake_up(ui.ctx());
        }
        if let Some(pause) = pause {
            ui.ctx().request_repaint_after(pause);
        }
        self.refresh_alarms(scene);
    }

    fn refresh_alarms(&mut self, scene: &Scene<'_>) {
        if let Some(reply) = self.alarms.take()
            && let Reply::Journal(page) = &*reply
        {
            self.episodes = episodes::episodes(&page.entries);
        }
        let key = (scene.view.alarms.journaled, self.view);
        if self.alarms_for != Some(key) || self.alarms.is_due(scene.now.moment) {
            self.alarms_for = Some(key);
            let at = |ms| Timestamp::from_millisecond(ms).ok();
            let filter = Filter {
                what: episodes::KINDS.to_vec(),
                from: at(self.span.0 - BEFORE),
                to: if self.is_live() { None } else { at(self.span.1) },
                limit: 1_000,
                ..Filter::default()
            };
            self.alarms.ask(scene.port, Query::Journal(filter), scene.now.moment);
        }
    }

    /// The times of alarms at the devices of a plot.
    fn shades(&self, scene: &Scene<'_>, picks: &[&Pick]) -> Vec<Shade> {
        let (from, to) = self.span;
        let of = |episode: &&Episode| picks.iter().any(|pick| episode.device.as_ref() == Some(&pick.device));
        let active = |episode: &Episode| scene.view.alarms.active.contains_key(&episode.alarm);
        let shade = |episode: &Episode| {
            let from_ms = episode.from.map_or(from, Timestamp::as_millisecond);
            let goes_on = if active(episode) { to } else { from_ms };
            let to_ms = episode.to.map_or(goes_on, Timestamp::as_millisecond);
            Shade { from_ms, to_ms, level: episode.level }
        };
        let shades = self.episodes.iter().filter(of).map(shade);
        shades.filter(|shade| shade.to_ms >= from && shade.from_ms <= to).collect()
    }
}

/// How often a view is asked for anew; never if it is held.
fn pause(view: View) -> Option<Duration> {
    match view {
        View::Live(minutes) if minutes <= 60 => Some(time::TREND),
        View::Live(minutes) if minutes <= 1_440 => Some(60 * time::TREND),
        View::Live(_) => Some(600 * time::TREND),
        View::Held(..) => None,
    }
}

/// Draws the part.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>, trends: &mut Trends) {
    trends.begin(scene);
    controls(ui, scene, trends);
    ui.add_space(space::S);
    legend::show(ui, scene, trends);
    ui.add_space(space::S);
    let points = (ui.available_width() - size::PLOT_LEFT).clamp(100.0, 2_000.0) as u16;
    trends.refresh(ui, scene, points);
    if trends.picks.is_empty() {
        super::said(ui, icons::CHART_LINE, "No channel is chosen", "Add up to six channels of any sensors");
        return;
    }
    if let Some(why) = nothing(trends) {
        super::failed(ui, "The history cannot be read", &why);
        return;
    }
    if trends.picks.iter().all(|pick| pick.answered.is_some() && pick.points.is_empty()) {
        let since = words::since(scene.now.wall_of(Moment::ZERO), scene.now.wall, &scene.now.zone);
        let sentence = if trends.is_live() {
            format!("No history yet, recording since {since}")
        } else {
            "Nothing was recorded in this time".to_owned()
        };
        super::said(ui, icons::CHART_LINE, &sentence, "");
        return;
    }
    plots(ui, scene, trends);
}

/// Why nothing at all can be shown.
fn nothing(trends: &Trends) -> Option<String> {
    let all_failed = trends.picks.iter().all(|pick| pick.points.is_empty() && pick.failed.is_some());
    trends.picks.first().filter(|_| all_failed).and_then(|pick| pick.failed.clone())
}

fn controls(ui: &mut Ui, scene: &Scene<'_>, trends: &mut Trends) {
    if !ui.ctx().text_edit_focused() && ui.input(|i| i.modifiers.is_none() && i.key_pressed(Key::L)) {
        trends.back_to_live();
    }
    ui.horizontal(|ui| {
        legend::add(ui, scene, trends);
        let chosen = match trends.view {
            View::Live(minutes) => minutes,
            View::Held(..) => 0,
        };
        if let Some(minutes) = segment::show(ui, "Span", chosen, &SPANS) {
            (trends.view, trends.minutes) = (View::Live(minutes), minutes);
        }
        let t = style::tokens(ui);
        if let View::Held(from, to) = trends.view {
            if ui.add(Button::new("Back to live").icon(icons::HISTORY).ember().name("Back to live (L)")).clicked() {
                trends.back_to_live();
            }
            let at = |ms| Timestamp::from_millisecond(ms).unwrap_or_default();
            let (from, to) = (super::journal::time(at(from), scene), super::journal::time(at(to), scene));
            ui.label(style::job(&format!("{from} \u{2013} {to}"), text::FIGURE, t.text1));
        } else {
            ui.label(style::job("Drag or turn the wheel to zoom", text::SIDE, t.text3));
        }
    });
}

/// A plot for each unit, one time axis under each.
fn plots(ui: &mut Ui, scene: &Scene<'_>, trends: &mut Trends) {
    let rect = ui.available_rect_before_wrap();
    let mut units: Vec<Unit> = trends.picks.iter().map(Pick::unit).collect();
    units.sort_unstable();
    units.dedup();
    let gap = space::L * units.len().saturating_sub(1) as f32;
    let each = (rect.height() - gap) / units.len().max(1) as f32;
    let mut wish = None;
    for (i, unit) in units.iter().enumerate() {
        let top = rect.top() + i as f32 * (each + space::L);
        let place = Rect::from_min_size(pos2(rect.left(), top), vec2(rect.width(), each));
        thermal::panel(ui, place);
        wish = wish.or(plot(ui, scene, trends, *unit, place.shrink(space::M)));
    }
    ui.allocate_rect(rect, Sense::hover());
    match wish {
        Some(Wish::Zoom { from_ms, to_ms }) => {
            let now = scene.now.wall.as_millisecond();
            trends.view = View::Held(from_ms, to_ms.min(now));
            ui.ctx().request_repaint();
        }
        Some(Wish::Reset) => trends.back_to_live(),
        None => {}
    }
}

fn plot(ui: &Ui, scene: &Scene<'_>, trends: &Trends, unit: Unit, rect: Rect) -> Option<Wish> {
    let scale = scene.choices.scale;
    let picks: Vec<&Pick> = trends.picks.iter().filter(|pick| pick.unit() == unit).collect();
    let names: Vec<String> = picks.iter().map(|pick| pick.name(scene)).collect();
    let line = |(pick, name): (&&'_ Pick, &'_ String)| (pick.series, name.clone());
    let named: Vec<(usize, String)> = picks.iter().zip(&names).map(line).collect();
    let lines: Vec<Line<'_>> = picks
        .iter()
        .zip(&named)
        .map(|(pick, (series, name))| Line { name, points: &pick.points, runs: &pick.runs, series: *series })
        .collect();
    let word = match unit {
        Unit::Degrees => scale.unit(),
        Unit::Percent => "%",
        Unit::Plain => "",
    };
    Plot {
        name: &format!("Trend of {}", names.join(", ")),
        lines: &lines,
        limits: &limits_of(scene, &picks, unit),
        shades: &trends.shades(scene, &picks),
        span: trends.span,
        unit: word,
        zone: &scene.now.zone,
        least: 1.0,
    }
    .show(ui, rect)
}

fn limits_of(scene: &Scene<'_>, picks: &[&Pick], unit: Unit) -> Vec<Limit> {
    let scale = scene.choices.scale;
    let mut out: Vec<Limit> = Vec::new();
    for pick in picks {
        let slot = scene.port.slots.device(&pick.device);
        let learned = slot.and_then(|slot| slot.learned.load_full());
        let rest = learned.and_then(|learned| learned.rests.get(&pick.channel).map(|rest| f64::from(rest.median)));
        let rules = scene.view.alarms.rules.values().map(|rule| &**rule);
        for limit in limits::limits(rules, &pick.device, &pick.channel, rest) {
            let value = if unit == Unit::Degrees { f64::from(scale.of(limit.value as f32)) } else { limit.value };
            if out.iter().all(|known| (known.value - value).abs() > 1e-6) {
                let name = format!("{} {}", limit.level.word(), figure(unit, value));
                out.push(Limit { value, name });
            }
        }
    }
    out
}
