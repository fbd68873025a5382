//! Apps that hold a key: what they call themselves, since when, when they last used it; a key can be taken back.

use std::collections::HashMap;
use std::sync::Arc;

use egui::{Align, Layout, Rect, Ui, UiBuilder, vec2};
use jiff::Timestamp;

use crate::model::bridge::Command;
use crate::model::bridge::app::{App, AppId};
use crate::ui::panels::system::bridge::parts::padded;
use crate::ui::panels::system::bridge::told;
use crate::ui::scene::Scene;
use crate::ui::theme::{size, text, time};
use crate::ui::widgets::button::Button;
use crate::ui::widgets::{ask, blank, table};
use crate::ui::{style, words};

static COLUMNS: table::Columns = table::Columns { all: &ALL, few: &FEW, from: 720.0 };
static ALL: [table::Column; 6] = [
    table::words("App", 1.6),
    table::words("Device", 1.2),
    table::words("Paired", 1.0),
    table::words("Last used", 1.0),
    table::words("May stream", 0.7),
    table::words("", 0.7),
];
/// The same where there is little room.
static FEW: [table::Column; 6] = [
    table::words("App", 1.6),
    table::words("Device", 0.0),
    table::words("Paired", 0.0),
    table::words("Last used", 1.0),
    table::words("May stream", 0.0),
    table::words("", 0.9),
];

/// Draws the section.
pub(super) fn show(ui: &mut Ui, scene: &mut Scene<'_>) {
    let mut apps: Vec<Arc<App>> = scene.view.bridge.apps.values().cloned().collect();
    apps.sort_by_key(|app| std::cmp::Reverse(app.created));
    let ring = scene.port.slots.bridge.ring.load();
    let used: HashMap<AppId, Option<Timestamp>> = ring.all().map(|key| (key.app.clone(), key.used())).collect();
    let side = if apps.is_empty() { String::new() } else { apps.len().to_string() };
    super::super::part(ui, "Paired apps", &side, |ui| {
        if apps.is_empty() {
            let words = "No app is paired yet: press the link button while an app looks for a bridge";
            return padded(ui, |ui| blank::line(ui, words));
        }
        table::header(ui, COLUMNS.now(ui));
        for app in &apps {
            let last = used.get(&app.id).copied().flatten().max(app.used);
            row(ui, scene, app, last);
        }
        let t = style::tokens(ui);
        padded(ui, |ui| {
            let words = "A key is 40 random characters. Revoke closes every connection that uses it, at once.";
            ui.add(egui::Label::new(style::job(words, text::SIDE, t.text3)).wrap());
        });
    });
}

fn row(ui: &mut Ui, scene: &mut Scene<'_>, app: &App, used: Option<Timestamp>) {
    let (name, device) = told::app_name(&app.name);
    let since = words::since(app.created, scene.now.wall, &scene.now.zone);
    let fresh = scene.now.wall.duration_since(app.created).as_secs() < time::PAIRED_S;
    let last = match used {
        None => "never".to_owned(),
        Some(used) if scene.now.since(used).as_secs() < 10 => "just now".to_owned(),
        Some(used) => format!("{} ago", words::age(scene.now.since(used))),
    };
    scene.stage.ticking = true;
    let cells = [
        if fresh { format!("{name} (new)") } else { name.to_owned() },
        if device.is_empty() { words::UNKNOWN } else { device }.to_owned(),
        since.clone(),
        last,
        if app.streams { "yes" } else { "no" }.to_owned(),
        String::new(),
    ];
    let asking = scene.stage.bridge.revoking.as_ref() == Some(&app.id);
    let columns = COLUMNS.now(ui);
    let line = table::Row { cells: &cells, selected: asking, ..table::Row::default() };
    let (_, places) = table::row(ui, columns, &line);
    if let Some(cell) = places.last()
        && revoke(ui, *cell, &format!("Revoke {name} {device}, paired {since}\u{2026}"))
    {
        scene.stage.bridge.revoking = Some(app.id.clone());
    }
    if asking {
        padded(ui, |ui| question(ui, scene, app, name));
    }
}

fn revoke(ui: &mut Ui, cell: Rect, name: &str) -> bool {
    let place = Rect::from_center_size(cell.center(), vec2(cell.width(), size::CONTROL));
    let layout = Layout::right_to_left(Align::Center);
    let mut ui = ui.new_child(UiBuilder::new().max_rect(place).layout(layout).id_salt(name));
    ui.add(Button::new("Revoke\u{2026}").name(name)).clicked()
}

fn question(ui: &mut Ui, scene: &mut Scene<'_>, app: &App, name: &str) {
    let question = format!(
        "Revoke the key of {name}? It is shut out at once and must pair again. This cannot be undone: a key is made once."
    );
    if let Some(yes) = ask::show(ui, &question, "Revoke it", "Keep it") {
        scene.stage.bridge.revoking = None;
        if yes {
            scene.out.bridge(Command::Revoke(app.id.clone()));
        }
    }
}
