//! Alarms: those that are not normal, then those that were.

use egui::Ui;
use jiff::Timestamp;

use crate::model::alarms::alarm::{Alarm, State};
use crate::model::alarms::journal::Filter;
use crate::report::episodes::{self, Episode};
use crate::ui::panels::history::list::{self, Column};
use crate::ui::panels::history::state::{MadeFor, Opened, Past, Row, Target};
use crate::ui::panels::history::wanted::{Group, Wanted};
use crate::ui::scene::Scene;
use crate::ui::widgets::alarm_shape;
use crate::ui::{icons, reasons, words};

/// Entries of a page: an alarm has some.
const PAGE: u16 = 500;

const COLUMNS: [Column; 7] = [
    Column { title: "Time", width: 126.0, from: 0.0, figures: true, right: false },
    Column { title: "Level", width: 72.0, from: 0.0, figures: false, right: false },
    Column { title: "Device", width: 128.0, from: 0.0, figures: false, right: false },
    Column { title: "Reason", width: 0.0, from: 0.0, figures: false, right: false },
    Column { title: "For", width: 72.0, from: 560.0, figures: true, right: true },
    Column { title: "State", width: 168.0, from: 900.0, figures: false, right: false },
    Column { title: "Acknowledged by", width: 112.0, from: 1_000.0, figures: false, right: false },
];

/// Draws the list.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>, past: &mut Past, wanted: &mut Wanted, opened: &mut Opened) {
    let filter = |now: Timestamp| question(wanted, now);
    past.pages.refresh(scene.port, scene.now, scene.view.alarms.journaled, &filter);
    make_rows(past, scene, wanted);
    past.pages.wake_up(ui.ctx());
    scene.stage.ticking |= !scene.view.alarms.active.is_empty();
    if past.rows.is_empty() {
        match &past.pages.failed {
            Some(why) => super::failed(ui, "The journal cannot be read", why),
            None if wanted.is_any() => super::nothing_matches(ui, wanted),
            None if !past.pages.is_answered() => {}
            None => super::said(
                ui,
                icons::CIRCLE_CHECK,
                "No alarm so far",
                "What was raised stands here, also when it is over",
            ),
        }
        return;
    }
    let asked = list::show(ui, &COLUMNS, &past.rows, &mut past.cursor);
    if asked.more {
        past.pages.ask_older(scene.port, filter(scene.now.wall), scene.now.moment);
    }
    if let Some(target) = asked.opened.and_then(|i| past.targets.get(i)) {
        if let Some(device) = &target.device {
            scene.stage.select(device);
        }
        if let Some(seq) = target.seq {
            opened.open(scene.port, seq, scene.now.moment);
        }
    }
}

/// All entries that alarms are made of; words and levels are looked for in the alarms, not in single entries.
fn question(wanted: &Wanted, now: Timestamp) -> Filter {
    let all = Wanted { text: String::new(), level: None, group: Group::All, ..wanted.clone() };
    Filter { what: episodes::KINDS.to_vec(), ..all.filter(now, PAGE) }
}

fn make_rows(past: &mut Past, scene: &Scene<'_>, wanted: &Wanted) {
    let made_for = MadeFor {
        revision: past.pages.revision,
        snapshot: scene.view.seq,
        second: scene.now.wall.as_second(),
        wanted: wanted.clone(),
        scale: scene.choices.scale,
    };
    if past.made_for.as_ref() == Some(&made_for) {
        return;
    }
    past.made_for = Some(made_for);
    past.rows.clear();
    past.targets.clear();
    let mut episodes = episodes::episodes(&past.pages.entries);
    for alarm in scene.view.alarms.by_urgency() {
        // The newest episode of an alarm that goes on is this one.
        let place = episodes.iter().position(|episode| episode.alarm == alarm.id);
        let seq = place.map(|place| episodes.remove(place).seq).filter(|seq| *seq > 0);
        let row = now(scene, &alarm);
        past.keep(wanted, row, Target { device: Some(alarm.device.clone()), seq });
    }
    for episode in episodes.iter().filter(|episode| episode.from.is_some()) {
        let seq = Some(episode.seq).filter(|seq| *seq > 0);
        past.keep(wanted, then(scene, episode), Target { device: episode.device.clone(), seq });
    }
}

fn now(scene: &Scene<'_>, alarm: &Alarm) -> Row {
    let why = alarm.first_reason().map(|reason| reasons::reason(reason, scene.choices.scale)).unwrap_or_default();
    let why = if why.is_empty() { alarm.name.to_string() } else { format!("{}: {why}", alarm.name) };
    let until = alarm.over.unwrap_or(scene.now.wall);
    let state = match alarm.state {
        State::Unacknowledged if alarm.over.is_some() => "over, not acknowledged",
        State::Unacknowledged => "new",
        State::Acknowledged => "acknowledged",
        State::Cleared => "cleared, not acknowledged",
    };
    row(
        scene,
        (alarm.level, alarm.state == State::Cleared, alarm.test),
        alarm.raised,
        [
            scene.device_name(&alarm.device),
            why,
            reasons::elapsed(reasons::between(alarm.raised, until)),
            state.to_owned(),
            alarm.acknowledged.as_ref().map_or_else(String::new, |noted| noted.by.to_string()),
        ],
    )
}

fn then(scene: &Scene<'_>, episode: &Episode) -> Row {
    let from = episode.from.unwrap_or_default();
    let lasted = episode.to.map(|to| reasons::elapsed(reasons::between(from, to)));
    row(
        scene,
        (episode.level, true, episode.test),
        from,
        [
            episode.device.as_ref().map_or_else(String::new, |id| scene.device_name(id)),
            episode.text.to_string(),
            lasted.unwrap_or_else(|| words::UNKNOWN.to_owned()),
            "over".to_owned(),
            episode.acknowledged.as_ref().map_or_else(String::new, |noted| noted.by.to_string()),
        ],
    )
}

fn row(
    scene: &Scene<'_>,
    (level, over, test): (crate::model::alarms::rule::Level, bool, bool),
    at: Timestamp,
    [device, why, lasted, state, by]: [String; 5],
) -> Row {
    let state = if test { format!("test, {state}") } else { state };
    let word = alarm_shape::word(level).to_owned();
    let sentence = format!("{word}: {device}, {why}, {lasted}, {state} {by}");
    let time = super::journal::time(at, scene);
    let sentence = sentence.trim_end().to_owned();
    Row { level: Some(level), over, cells: vec![time, word, device, why, lasted, state, by], sentence }
}
