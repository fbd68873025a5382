//! The job of a history: what channels showed over time, as numbers or as a chart.

use std::sync::Arc;

use jiff::Timestamp;

use crate::engine::services::exports::Desk;
use crate::engine::services::exports::out::{Out, chart_ending, device_name, store};
use crate::engine::services::exports::progress::{Progress, Stopped};
use crate::model::alarms::journal::{Filter, Page};
use crate::model::exports::{ChartForm, Standing};
use crate::model::history::{Point, Span};
use crate::model::sensors::DeviceId;
use crate::model::snapshot::Snapshot;
use crate::report::episodes::{self, episodes};
use crate::report::history::{self, Rows, Shown};
use crate::report::limits::{self, Unit};
use crate::report::spec::{ChartSpec, Limit, Line, Mark, Panel, Shade};
use crate::report::{draw, words};
use crate::store::Store;
use crate::units::temperature::Scale;

/// Points of a channel in a chart: two to a point of its width.
const CHART_POINTS: u16 = 800;
/// Points of a channel in one stretch of a file of numbers.
const FILE_POINTS: u16 = 10_000;
/// Stretches that a file of numbers is gathered in.
const STRETCHES: i64 = 400;
/// The shortest and the longest stretch, ms: both hold fewer than [`FILE_POINTS`] of what is kept so long.
const STRETCH: (i64, i64) = (600_000, 500_000_000);
/// Pages of the journal read for the alarms of a chart.
const PAGES: usize = 10;
/// Rows written between two looks whether the job is still wanted.
const ROWS: usize = 500;

/// Device and channel's key.
type Key = (DeviceId, Arc<str>);

pub(super) fn write(
    desk: &Desk,
    channels: &[Key],
    (from, to): (Timestamp, Timestamp),
    form: ChartForm,
    scale: Scale,
    progress: &mut Progress,
) -> Result<Standing, Stopped> {
    let view = desk.snapshot.load_full();
    let shown = gather(desk, &view, channels, (from, to), form == ChartForm::Csv, progress)?;
    if shown.iter().all(|shown| shown.points.is_empty()) {
        let (from, to) = (words::time(from, &desk.zone), words::time(to, &desk.zone));
        return Err(Stopped::Failed(format!("Nothing was recorded from {from} to {to}. Choose another time.")));
    }
    let title = shown.iter().map(Shown::title).collect::<Vec<_>>().join(", ");
    let mut out = Out::begin(desk, ("history", &title), from, chart_ending(form), progress)?;
    if form == ChartForm::Csv {
        write_rows(&mut out, desk, &shown, (from, to), progress)?;
        return out.keep(progress);
    }
    let spec = ChartSpec {
        note: String::new(),
        panels: panels(desk, &view, &shown, scale),
        shades: shades(desk, channels, (from, to))?,
        marks: marks(&view, (from, to)),
        zone: desk.zone.clone(),
        title,
        from,
        to,
    };
    let spec = ChartSpec { note: draw::note(&spec, &resolution(&shown, desk)), ..spec };
    let bytes = match form {
        ChartForm::Png | ChartForm::Csv => draw::chart(&spec).png(),
        ChartForm::Svg => draw::chart(&spec).svg(&spec.title).map(String::into_bytes),
        ChartForm::Html => history::html(&spec, &shown).map(String::into_bytes),
    };
    out.write_all(&bytes.map_err(Stopped::failed)?, progress)?;
    out.keep(progress)
}

/// What each channel showed: thinned for a chart, else in stretches short enough to be whole.
fn gather(
    desk: &Desk,
    view: &Snapshot,
    channels: &[Key],
    (from, to): (Timestamp, Timestamp),
    whole: bool,
    progress: &mut Progress,
) -> Result<Vec<Shown>, Stopped> {
    let (store, from, to) = (store(desk)?, from.as_millisecond(), to.as_millisecond());
    let (step, points) = match whole {
        true => (((to - from) / STRETCHES).clamp(STRETCH.0, STRETCH.1), FILE_POINTS),
        false => ((to - from).max(1), CHART_POINTS),
    };
    let mut all = Vec::new();
    for (n, (device, channel)) in channels.iter().enumerate() {
        let name = device_name(view, device);
        let channel = Arc::clone(channel);
        let mut shown = Shown {
            device: device.clone(),
            name,
            channel: channel.to_string(),
            resolutions: Vec::new(),
            points: Vec::new(),
        };
        let mut begin = from;
        while begin < to {
            let done = (begin - from) as f32 / (to - from).max(1) as f32;
            progress.reached((n as f32 + done) / channels.len() as f32 * 0.8)?;
            let end = (begin + step).min(to);
            let at = |ms| Timestamp::from_millisecond(ms).unwrap_or_default();
            let channel = Arc::clone(&channel);
            let span = Span { device: device.clone(), channel, from: at(begin), to: at(end), points };
            let series = store.history(&span).map_err(Stopped::failed)?;
            shown.push(series.resolution, series.points);
            begin = end;
        }
        all.push(shown);
    }
    Ok(all)
}

fn write_rows(
    out: &mut Out<'_>,
    desk: &Desk,
    shown: &[Shown],
    (from, to): (Timestamp, Timestamp),
    progress: &mut Progress,
) -> Result<(), Stopped> {
    out.write(history::csv_head(shown, from, to, &desk.zone).as_bytes())?;
    let most = shown.iter().map(|shown| shown.points.len()).max().unwrap_or(1).max(1);
    for (n, row) in Rows::new(shown, &desk.zone).enumerate() {
        if n % ROWS == 0 {
            progress.reached(0.8 + 0.2 * n as f32 / most as f32)?;
        }
        out.write(row.as_bytes())?;
    }
    Ok(())
}

/// A panel for each unit, each channel's limits in it.
fn panels(desk: &Desk, view: &Snapshot, shown: &[Shown], scale: Scale) -> Vec<Panel> {
    let mut units: Vec<Unit> = shown.iter().map(|shown| Unit::of(&shown.channel)).collect();
    units.sort_unstable();
    units.dedup();
    let of = |unit: Unit| {
        let here: Vec<&Shown> = shown.iter().filter(|shown| Unit::of(&shown.channel) == unit).collect();
        let lines = here.iter().map(|shown| line(shown, scale)).collect();
        let mut limits: Vec<Limit> = here.iter().flat_map(|shown| limits_of(desk, view, shown, scale)).collect();
        limits.sort_by(|a, b| a.value.total_cmp(&b.value).then(b.level.cmp(&a.level)));
        limits.dedup_by(|later, earlier| (later.value - earlier.value).abs() < 1e-6);
        Panel::new(unit.word(scale), lines, limits)
    };
    units.into_iter().map(of).collect()
}

/// A channel as a line, in the unit and scale it is drawn in.
pub(super) fn line(shown: &Shown, scale: Scale) -> Line {
    let unit = Unit::of(&shown.channel);
    let value = |stored: f32| unit.in_scale(unit.value(f64::from(stored)), scale) as f32;
    let point = |point: &Point| Point {
        at_ms: point.at_ms,
        min: value(point.min),
        mean: value(point.mean),
        max: value(point.max),
    };
    Line { name: shown.title(), points: shown.points.iter().map(point).collect() }
}

fn limits_of(desk: &Desk, view: &Snapshot, shown: &Shown, scale: Scale) -> Vec<Limit> {
    let learned = desk.slots.device(&shown.device).and_then(|slot| slot.learned.load_full());
    let rest = learned.and_then(|learned| learned.rests.get(&*shown.channel).map(|rest| f64::from(rest.median)));
    let unit = Unit::of(&shown.channel);
    let rules = view.alarms.rules.values().map(|rule| &**rule);
    let limit = |limit: limits::Limit| {
        let value = unit.in_scale(limit.value, scale);
        let figure = words::quantity(value, unit.word(scale));
        Limit { value, level: limit.level, name: format!("{} {figure}", limit.level.word()) }
    };
    limits::limits(rules, &shown.device, &shown.channel, rest).into_iter().map(limit).collect()
}

/// The times of alarms at these devices, as the journal has them.
fn shades(desk: &Desk, channels: &[Key], (from, to): (Timestamp, Timestamp)) -> Result<Vec<Shade>, Stopped> {
    let store = store(desk)?;
    let mut devices: Vec<&DeviceId> = channels.iter().map(|(device, _)| device).collect();
    devices.sort_unstable();
    devices.dedup();
    let mut shades = Vec::new();
    for device in devices {
        let entries = entries(store, device, from, to)?;
        let shade = |episode: episodes::Episode| Shade {
            from_ms: episode.from.unwrap_or(from).max(from).as_millisecond(),
            to_ms: episode.to.unwrap_or(to).min(to).as_millisecond(),
            level: episode.level,
            name: episode.text.to_string(),
        };
        shades.extend(episodes(&entries).into_iter().map(shade));
    }
    shades.sort_by_key(|shade| shade.from_ms);
    Ok(shades)
}

fn entries(
    store: &Store,
    device: &DeviceId,
    from: Timestamp,
    to: Timestamp,
) -> Result<Vec<crate::model::alarms::journal::Entry>, Stopped> {
    let what = episodes::KINDS.to_vec();
    let (device, from, to) = (Some(device.clone()), Some(from), Some(to));
    let mut filter = Filter { what, device, from, to, limit: 1000, ..Filter::default() };
    let mut all = Vec::new();
    for _ in 0..PAGES {
        let Page { entries, more } = store.journal(&filter).map_err(Stopped::failed)?;
        filter.before = entries.last().map(|entry| entry.seq);
        all.extend(entries);
        if !more {
            break;
        }
    }
    Ok(all)
}

/// Bookmarks within the time.
fn marks(view: &Snapshot, (from, to): (Timestamp, Timestamp)) -> Vec<Mark> {
    let within = view.thermal.bookmarks.values().filter(|mark| (from..=to).contains(&mark.at));
    let name = |words: &str| if words.is_empty() { "bookmark".to_owned() } else { words.to_owned() };
    let mut marks: Vec<_> =
        within.map(|mark| Mark { at_ms: mark.at.as_millisecond(), name: name(&mark.words) }).collect();
    marks.sort_by_key(|mark| mark.at_ms);
    marks
}

/// `resolution full`; several channels may differ.
fn resolution(shown: &[Shown], desk: &Desk) -> String {
    let mut all: Vec<String> = shown.iter().map(|shown| shown.resolution(&desk.zone)).collect();
    all.dedup();
    format!("resolution {}", all.join("; "))
}
