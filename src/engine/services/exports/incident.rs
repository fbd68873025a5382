//! The job of an incident report: gathers all that journal and history have of one alarm.

use std::sync::Arc;

use jiff::Timestamp;

use crate::engine::services::exports::Desk;
use crate::engine::services::exports::history::line;
use crate::engine::services::exports::out::{Out, device_name, store};
use crate::engine::services::exports::progress::{Progress, Stopped};
use crate::model::alarms::alarm::{AlarmId, Reason};
use crate::model::alarms::journal::{Entry, Filter, Page, What};
use crate::model::alarms::rule::{Input, Level, Rule};
use crate::model::exports::Standing;
use crate::model::history::{HOTTEST, Span};
use crate::model::sensors::DeviceId;
use crate::model::snapshot::Snapshot;
use crate::model::thermal::meters;
use crate::report::history::Shown;
use crate::report::incident::{self, Incident, Note};
use crate::report::limits::Unit;
use crate::report::spec::{ChartSpec, Limit, Mark, Panel, Shade};
use crate::report::{draw, words};
use crate::store::Store;
use crate::units::temperature::Scale;

/// Points of a channel in the chart.
const POINTS: u16 = 2_000;
/// Channels besides the hottest cell.
const MOST_CHANNELS: usize = 5;
/// Kinds of entries that may name no device: the alarm was normal again.
const BARE: [What; 5] = [What::Acted, What::ActionRefused, What::Undone, What::Shelved, What::Unshelved];

pub(super) fn write(desk: &Desk, seq: u64, scale: Scale, progress: &mut Progress) -> Result<Standing, Stopped> {
    let (store, view) = (store(desk)?, desk.snapshot.load_full());
    let none = || Stopped::Failed(format!("The journal has no entry {seq}. The oldest go when journal.days are over."));
    let entry = store.entry(seq).map_err(Stopped::failed)?.ok_or_else(none)?;
    let other = || Stopped::Failed(format!("Entry {seq} is about no alarm. Choose one that is."));
    let alarm = entry.alarm.clone().ok_or_else(other)?;
    let entries = entries(store, &entry, &alarm, progress)?;
    let incident = gathered(desk, store, &view, alarm, entries, scale)?;
    progress.reached(0.8)?;
    let page = incident.html().map_err(Stopped::failed)?;
    let at = incident.entries.first().map_or(entry.at, |entry| entry.at);
    let mut out = Out::begin(desk, ("incident", &incident.title()), at, "html", progress)?;
    out.write_all(page.as_bytes(), progress)?;
    out.keep(progress)
}

/// The entries of the alarm's episode, with their pictures.
fn entries(store: &Store, entry: &Entry, alarm: &AlarmId, progress: &mut Progress) -> Result<Vec<Entry>, Stopped> {
    let mut read = |filter: Filter, done: &dyn Fn(&Entry) -> bool| pages(store, filter, done, progress);
    let of_it = |found: &Entry| found.alarm.as_ref() == Some(alarm);
    let raises = vec![What::Raised, What::Tested];
    let before =
        Filter { what: raises.clone(), device: entry.device.clone(), before: Some(entry.seq + 1), ..Filter::default() };
    let begin = read(before, &of_it)?.into_iter().find(|found| of_it(found));
    let begin = begin.unwrap_or_else(|| entry.clone());
    let device = begin.device.clone().or_else(|| entry.device.clone());
    let after = Filter { what: raises, device: device.clone(), from: Some(begin.at), ..Filter::default() };
    let next = read(after, &|_| false)?
        .into_iter()
        .filter(|found| of_it(found) && found.seq > entry.seq)
        .min_by_key(|found| found.seq);
    let until = next.map(|next| next.seq);
    let within = Filter { device, from: Some(begin.at), before: until, ..Filter::default() };
    let bare = Filter { what: BARE.to_vec(), from: Some(begin.at), before: until, ..Filter::default() };
    let mut all = read(within, &|_| false)?;
    all.extend(read(bare, &|_| false)?);
    all.extend([begin, entry.clone()]);
    all.retain(of_it);
    all.sort_by_key(|entry| entry.seq);
    all.dedup_by_key(|entry| entry.seq);
    let episode = incident::episode(&all, alarm, entry.seq);
    with_pictures(store, episode, progress)
}

/// All entries that a filter lets through, page by page, the newest first, until one is met that is `done`.
fn pages(
    store: &Store,
    mut filter: Filter,
    done: &dyn Fn(&Entry) -> bool,
    progress: &mut Progress,
) -> Result<Vec<Entry>, Stopped> {
    filter.limit = 1000;
    let mut all: Vec<Entry> = Vec::new();
    loop {
        progress.reached(0.2)?;
        let Page { entries, more } = store.journal(&filter).map_err(Stopped::failed)?;
        filter.before = entries.last().map(|entry| entry.seq).or(filter.before);
        let found = entries.iter().any(done);
        all.extend(entries);
        if !more || found {
            return Ok(all);
        }
    }
}

/// Pages leave pictures out: each entry is asked for again.
fn with_pictures(store: &Store, entries: Vec<Entry>, progress: &mut Progress) -> Result<Vec<Entry>, Stopped> {
    let n = entries.len().max(1) as f32;
    let mut all = Vec::with_capacity(entries.len());
    for (i, entry) in entries.into_iter().enumerate() {
        progress.reached(0.2 + 0.5 * i as f32 / n)?;
        all.push(store.entry(entry.seq).map_err(Stopped::failed)?.unwrap_or(entry));
    }
    Ok(all)
}

fn gathered(
    desk: &Desk,
    store: &Store,
    view: &Snapshot,
    alarm: AlarmId,
    entries: Vec<Entry>,
    scale: Scale,
) -> Result<Incident, Stopped> {
    let device = entries.iter().find_map(|entry| entry.device.clone());
    let rule_id = entries.iter().find_map(|entry| entry.rule.clone());
    let rule = rule_id.as_ref().and_then(|id| view.alarms.rules.get(id)).cloned();
    let known = device.as_ref().and_then(|id| view.sensors.devices.get(id));
    let array = device.as_ref().and_then(|id| view.thermal.arrays.get(id));
    let name = rule.as_ref().map(|rule| rule.name.to_string()).or_else(|| rule_id.map(|id| id.to_string()));
    Ok(Incident {
        name: name.unwrap_or_else(|| "Alarm".to_owned()),
        device: device.as_ref().map_or_else(String::new, |id| device_name(view, id)),
        place: known.map_or_else(String::new, |device| device.place.to_string()),
        peak: incident::peak(&entries),
        mounting: array.map(|array| array.choice.mounting).unwrap_or_default(),
        chart: chart(desk, store, view, rule.as_deref(), device.as_ref(), &entries, scale)?,
        notes: notes(view, rule.as_deref(), &entries, desk.clock.wall()),
        made: desk.clock.wall(),
        zone: desk.zone.clone(),
        alarm,
        entries,
        scale,
    })
}

/// The hottest cell and the channels of the reasons, around the alarm.
fn chart(
    desk: &Desk,
    store: &Store,
    view: &Snapshot,
    rule: Option<&Rule>,
    device: Option<&DeviceId>,
    entries: &[Entry],
    scale: Scale,
) -> Result<ChartSpec, Stopped> {
    let (from, to) = incident::span(entries);
    let mut channels: Vec<Arc<str>> = vec![HOTTEST.into()];
    let reasons: Vec<&Reason> = entries.iter().flat_map(|entry| &entry.reasons).collect();
    for key in reasons.iter().filter_map(|reason| channel(rule?, reason)) {
        if channels.len() <= MOST_CHANNELS && !channels.contains(&key) {
            channels.push(key);
        }
    }
    let mut shown = Vec::new();
    for channel in device.into_iter().flat_map(|device| channels.iter().map(move |channel| (device, channel))) {
        let span = Span { device: channel.0.clone(), channel: Arc::clone(channel.1), from, to, points: POINTS };
        let series = store.history(&span).map_err(Stopped::failed)?;
        let name = device_name(view, channel.0);
        let mut one = Shown {
            device: channel.0.clone(),
            name,
            channel: channel.1.to_string(),
            resolutions: Vec::new(),
            points: Vec::new(),
        };
        one.push(series.resolution, series.points);
        shown.extend(Some(one).filter(|one| !one.points.is_empty()));
    }
    let mut units: Vec<Unit> = shown.iter().map(|shown| Unit::of(&shown.channel)).collect();
    units.sort_unstable();
    units.dedup();
    let panel = |unit: Unit| {
        let lines =
            shown.iter().filter(|shown| Unit::of(&shown.channel) == unit).map(|shown| line(shown, scale)).collect();
        Panel::new(unit.word(scale), lines, limits(&reasons, unit, scale))
    };
    let resolution =
        shown.first().map_or_else(String::new, |shown| format!("resolution {}", shown.resolution(&desk.zone)));
    let spec = ChartSpec {
        title: "Around the alarm".to_owned(),
        note: String::new(),
        from,
        to,
        zone: desk.zone.clone(),
        panels: units.into_iter().map(panel).collect(),
        shades: shades(entries, to),
        marks: marks(entries),
    };
    Ok(ChartSpec { note: draw::note(&spec, &resolution), ..spec })
}

/// The channel that a reason measured, if its rule still has that source.
fn channel(rule: &Rule, reason: &Reason) -> Option<Arc<str>> {
    let source = rule.sources.get(usize::from(reason.source)).filter(|source| source.name == reason.name)?;
    match &source.input {
        Input::Channel { key, .. } | Input::AboveRest { key } => Some(Arc::clone(key)),
        Input::Region { region, figure } => Some(meters::key(region, *figure)),
        _ => None,
    }
}

/// The thresholds that the journal names, in the unit of a panel.
fn limits(reasons: &[&Reason], unit: Unit, scale: Scale) -> Vec<Limit> {
    let word = match unit {
        Unit::Degrees => "C",
        Unit::Kelvin => "K",
        Unit::Percent => "%",
        Unit::Plain => "",
    };
    let limit = |reason: &&Reason| {
        let figure =
            words::in_scale(reason.threshold, word, scale).unwrap_or_else(|| words::quantity(reason.threshold, word));
        let value = unit.in_scale(reason.threshold, scale);
        Limit { value, level: reason.level, name: format!("{} {figure}", reason.name) }
    };
    let mut limits: Vec<Limit> = reasons.iter().filter(|reason| &*reason.unit == word).map(limit).collect();
    limits.sort_by(|a, b| a.value.total_cmp(&b.value).then(b.level.cmp(&a.level)));
    limits.dedup_by(|later, earlier| (later.value - earlier.value).abs() < 1e-6);
    limits
}

/// The times in which its condition held.
fn shades(entries: &[Entry], to: Timestamp) -> Vec<Shade> {
    let shade = |begin: &Entry, end: Timestamp| {
        let level = begin.level.unwrap_or(Level::Notice);
        let (from_ms, to_ms) = (begin.at.as_millisecond(), end.as_millisecond());
        Shade { from_ms, to_ms, level, name: level.word().to_owned() }
    };
    let (mut begun, mut shades) = (None, Vec::new());
    for entry in entries.iter().take_while(|entry| entry.at < to) {
        match entry.what {
            What::Raised | What::Tested | What::Again => begun = begun.or(Some(entry)),
            What::Over | What::Cleared | What::Closed => {
                shades.extend(begun.take().map(|begin| shade(begin, entry.at)));
            }
            _ => {}
        }
    }
    shades.extend(begun.map(|begin| shade(begin, to)));
    shades
}

/// What happened around the alarm, as marks.
fn marks(entries: &[Entry]) -> Vec<Mark> {
    let word = |what: What| match what {
        What::Raised | What::Tested => Some("raised"),
        What::Again => Some("again"),
        What::Worse => Some("worse"),
        What::Acknowledged => Some("acknowledged"),
        What::Acted => Some("action"),
        What::Over => Some("over"),
        What::Cleared => Some("cleared"),
        _ => None,
    };
    let mark = |entry: &Entry| Some(Mark { at_ms: entry.at.as_millisecond(), name: word(entry.what)?.to_owned() });
    entries.iter().filter_map(mark).collect()
}

/// What people wrote: the rule's note, bookmarks from the alarm's first to its last entry.
fn notes(view: &Snapshot, rule: Option<&Rule>, entries: &[Entry], now: Timestamp) -> Vec<Note> {
    let of_rule = rule.filter(|rule| !rule.note.is_empty()).map(|rule| Note {
        at: None,
        by: format!("rule {}", rule.name).into(),
        text: rule.note.clone(),
    });
    let (from, _) = incident::span(entries);
    let over = entries.iter().any(|entry| matches!(entry.what, What::Over | What::Cleared | What::Closed));
    let to = entries.last().map_or(now, |entry| if over { entry.at } else { now });
    let mut bookmarks: Vec<Note> = view
        .thermal
        .bookmarks
        .values()
        .filter(|mark| (from..=to).contains(&mark.at) && !mark.words.is_empty())
        .map(|mark| Note { at: Some(mark.at), by: Arc::clone(&mark.by), text: mark.words.to_string() })
        .collect();
    bookmarks.sort_by_key(|note| note.at);
    of_rule.into_iter().chain(bookmarks).collect()
}
