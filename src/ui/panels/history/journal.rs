//! The journal: everything that happened, newest first; what is shown can be copied as a table.

use egui::Ui;
use jiff::Timestamp;

use crate::model::alarms::journal::Entry;
use crate::port::{Query, Reply};
use crate::report::journal as files;
use crate::ui::panels::history::list::{self, Column};
use crate::ui::panels::history::state::{Form, Journal, Opened, Row};
use crate::ui::panels::history::wanted::Wanted;
use crate::ui::scene::Scene;
use crate::ui::widgets::button::Button;
use crate::ui::{icons, reasons, words};

/// Entries of a page.
const PAGE: u16 = 200;
/// Entries that are copied at once.
const COPIED: u16 = 1_000;

const COLUMNS: [Column; 5] = [
    Column { title: "Time", width: 126.0, from: 0.0, figures: true, right: false },
    Column { title: "What", width: 104.0, from: 0.0, figures: false, right: false },
    Column { title: "Device", width: 128.0, from: 520.0, figures: false, right: false },
    Column { title: "Entry", width: 0.0, from: 0.0, figures: false, right: false },
    Column { title: "By", width: 120.0, from: 720.0, figures: false, right: false },
];

/// Draws the list.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>, journal: &mut Journal, wanted: &mut Wanted, opened: &mut Opened) {
    let filter = |now: Timestamp| wanted.filter(now, PAGE);
    journal.pages.refresh(scene.port, scene.now, scene.view.alarms.journaled, &filter);
    make_rows(journal, scene);
    journal.pages.wake_up(ui.ctx());
    if let Some(why) = &journal.pages.failed {
        super::failed(ui, "The journal cannot be read", why);
        return;
    }
    if journal.rows.is_empty() {
        match (journal.pages.is_answered(), wanted.is_any()) {
            (false, _) => {}
            (true, true) => super::nothing_matches(ui, wanted),
            (true, false) => {
                let since = words::since(
                    scene.now.wall_of(crate::units::moment::Moment::ZERO),
                    scene.now.wall,
                    &scene.now.zone,
                );
                super::said(ui, icons::HISTORY, &format!("Nothing happened yet, recording since {since}"), "");
            }
        }
        return;
    }
    let asked = list::show(ui, &COLUMNS, &journal.rows, &mut journal.cursor);
    if asked.more {
        journal.pages.ask_older(scene.port, filter(scene.now.wall), scene.now.moment);
    }
    if let Some(entry) = asked.opened.and_then(|i| journal.pages.entries.get(i)) {
        if let Some(device) = &entry.device {
            scene.stage.select(device);
        }
        opened.open(scene.port, entry.seq, scene.now.moment);
    }
}

fn make_rows(journal: &mut Journal, scene: &Scene<'_>) {
    // Times of another day than today carry their date.
    let today = scene.now.wall.as_second().div_euclid(3_600);
    if journal.made_for == Some((journal.pages.revision, today)) {
        return;
    }
    journal.made_for = Some((journal.pages.revision, today));
    journal.rows = journal.pages.entries.iter().map(|entry| row(scene, entry)).collect();
}

/// The buttons that copy what the filter lets through.
pub fn export(ui: &mut Ui, scene: &mut Scene<'_>, journal: &mut Journal, wanted: &Wanted) {
    for (form, word, name) in
        [(Form::Csv, "Copy CSV", "Copy these entries as CSV"), (Form::Json, "Copy JSON", "Copy these entries as JSON")]
    {
        if ui.add(Button::new(word).icon(icons::COPY).name(name)).clicked() {
            journal.form = Some(form);
            let filter = wanted.filter(scene.now.wall, COPIED);
            journal.export.ask(scene.port, Query::Journal(filter), scene.now.moment);
        }
    }
    let Some((reply, form)) = journal.export.take().zip(journal.form) else { return };
    let said = match &*reply {
        Reply::Journal(page) => {
            let (copied, name) = match form {
                Form::Csv => (files::csv(&page.entries, &scene.now.zone), "CSV"),
                Form::Json => (files::json(&page.entries), "JSON"),
            };
            ui.ctx().copy_text(copied);
            let n = words::many(page.entries.len(), "entry").replace("entrys", "entries");
            let older = if page.more { "; there are older ones: choose a period" } else { "" };
            format!("{n} copied as {name}{older}")
        }
        Reply::Failed(why) => format!("Nothing was copied: {why}"),
        _ => "Nothing was copied".to_owned(),
    };
    scene.stage.saying = Some(said);
    ui.ctx().request_repaint();
}

fn row(scene: &Scene<'_>, entry: &Entry) -> Row {
    let device = entry.device.as_ref().map(|id| scene.device_name(id));
    let device = device.or_else(|| entry.location.as_ref().map(ToString::to_string)).unwrap_or_default();
    let what = reasons::happened(entry.what);
    let test = if entry.test && entry.what != crate::model::alarms::journal::What::Tested { "test: " } else { "" };
    let text = format!("{test}{}", entry.text);
    let time = time(entry.at, scene);
    let sentence = format!("{time}, {what}, {device}, {text}, by {}", entry.by);
    Row {
        level: entry.level,
        over: false,
        cells: vec![time, what.to_owned(), device, text, entry.by.to_string()],
        sentence,
    }
}

/// When something happened: the time of day to the second, and the day if it is not today.
pub(crate) fn time(at: Timestamp, scene: &Scene<'_>) -> String {
    let (then, now) = (at.to_zoned(scene.now.zone.clone()), scene.now.wall.to_zoned(scene.now.zone.clone()));
    let pattern = match () {
        () if then.date() == now.date() => "%H:%M:%S",
        () if then.year() == now.year() => "%d %b %H:%M:%S",
        () => "%Y-%m-%d %H:%M",
    };
    then.strftime(pattern).to_string()
}
