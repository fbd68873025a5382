//! Connections to lights and their hubs: how each fares, what was counted, and what can be done about it.

use std::sync::Arc;

use egui::{Align, Frame, Layout, Margin, Rect, Ui, UiBuilder, vec2};

use crate::model::lights::connection::{Connection, Reach};
use crate::model::lights::{Command, MAX_NAME};
use crate::ui::panels::adding;
use crate::ui::panels::system::asked::Asking;
use crate::ui::scene::Scene;
use crate::ui::standing::Standing;
use crate::ui::theme::{size, space, text};
use crate::ui::widgets::button::{self, Button};
use crate::ui::widgets::field::{self, Edited};
use crate::ui::widgets::{ask, blank, menu, table};
use crate::ui::{icons, style, words};

static COLUMNS: table::Columns = table::Columns { all: &ALL, few: &FEW, from: 820.0 };
static ALL: [table::Column; 9] = [
    table::words("Name", 1.5),
    table::words("State", 1.0),
    table::words("Family", 1.1),
    table::words("Address", 1.4),
    table::words("What it is", 1.5),
    table::figures("Lights", 0.5),
    table::figures("Answer", 0.6),
    table::figures("Sent", 0.6),
    table::words("", 0.9),
];
/// The same where there is little room: what one looks for when a light fails.
static FEW: [table::Column; 9] = [
    table::words("Name", 1.8),
    table::words("State", 1.7),
    table::words("Family", 0.0),
    table::words("Address", 1.6),
    table::words("What it is", 0.0),
    table::figures("Lights", 0.0),
    table::figures("Answer", 0.9),
    table::figures("Sent", 0.0),
    table::words("", 0.6),
];

/// Draws the section.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>) {
    let known: Vec<_> = scene.view.lights.connections.values().cloned().collect();
    let online = known.iter().filter(|known| known.reach == Reach::Online).count();
    let side = if known.is_empty() { String::new() } else { format!("{online} of {} online", known.len()) };
    super::part(ui, "Connections", &side, |ui| {
        Frame::NONE.inner_margin(Margin::symmetric(space::M as i8, space::XS as i8)).show(ui, |ui| {
            ui.horizontal(|ui| {
                if ui.add(Button::new("Add device\u{2026}").icon(icons::PLUS)).clicked() {
                    adding::begin(scene);
                }
                let found = scene.view.lights.findings.len();
                if found > 0 {
                    let color = style::tokens(ui).text2;
                    let words = format!("{} seen on the network and not added", words::many(found, "device"));
                    ui.label(style::job(&words, text::BODY, color));
                }
            });
            if known.is_empty() {
                blank::line(ui, "No light or hub is connected yet");
            }
        });
        if !known.is_empty() {
            table::header(ui, COLUMNS.now(ui));
            known.iter().for_each(|known| row(ui, scene, known));
        }
    });
}

fn standing(reach: &Reach) -> (Standing, &'static str) {
    match reach {
        Reach::Online => (Standing::Live, "online"),
        Reach::Starting => (Standing::Pending, "starting"),
        Reach::Waiting { .. } => (Standing::Pending, "waits for you"),
        Reach::Unreachable { .. } => (Standing::Offline, "unreachable"),
        Reach::Refused { .. } => (Standing::Offline, "refused"),
    }
}

/// Cause and cure, and what went wrong before.
fn note(scene: &Scene<'_>, known: &Connection) -> Option<String> {
    let trouble = match &known.reach {
        Reach::Online | Reach::Starting => None,
        Reach::Waiting { what } => Some(what.to_string()),
        Reach::Unreachable { since, why } => {
            let since = words::since(*since, scene.now.wall, &scene.now.zone);
            Some(format!("Unreachable since {since}: {why}. It is tried again and again."))
        }
        Reach::Refused { why } => Some(why.to_string()),
    };
    let counted = [(known.counts.malformed, "malformed packet"), (known.counts.outages, "outage")]
        .into_iter()
        .filter(|(n, _)| *n > 0)
        .map(|(n, word)| words::many(n as usize, word))
        .collect::<Vec<_>>()
        .join(", ");
    match (trouble, counted.is_empty()) {
        (Some(trouble), true) => Some(trouble),
        (Some(trouble), false) => Some(format!("{trouble} {counted} so far.")),
        (None, false) => Some(format!("{counted} since the start.")),
        (None, true) => None,
    }
}

fn row(ui: &mut Ui, scene: &mut Scene<'_>, known: &Arc<Connection>) {
    let t = style::tokens(ui);
    let asking = match &scene.stage.connection {
        Some((id, asking)) if *id == known.id => Some(asking.clone()),
        _ => None,
    };
    let (standing, word) = standing(&known.reach);
    let n_lights = scene.view.lights.lights.values().filter(|light| light.connection == known.id).count();
    let family = scene.view.lights.families.iter().find(|family| family.id == known.target.family);
    let simulated = if known.simulated { ", simulated" } else { "" };
    let cells = [
        if matches!(asking, Some(Asking::Name(_))) { String::new() } else { known.name.to_string() },
        format!("{word}{simulated}"),
        family.map_or(&known.target.family, |family| &family.name).to_string(),
        known.target.address.to_string(),
        known.model.to_string(),
        n_lights.to_string(),
        known.latency_ms.map_or_else(|| words::UNKNOWN.to_owned(), |ms| format!("{ms:.0} ms")),
        words::count(known.counts.sent),
        String::new(),
    ];
    let note = note(scene, known);
    let note = note.as_deref().map(|note| (note, t.text2));
    let line = table::Row { standing: Some(standing), cells: &cells, note, selected: false, clickable: false };
    let (_, places) = table::row(ui, COLUMNS.now(ui), &line);
    if let Some(last) = places.last() {
        actions(ui, scene, known, *last);
    }
    match asking {
        Some(Asking::Name(content)) => rename(ui, scene, known, places.first(), content),
        Some(Asking::Forget) => forget(ui, scene, known, n_lights),
        None => {}
    }
}

fn actions(ui: &mut Ui, scene: &mut Scene<'_>, known: &Connection, cell: Rect) {
    let place = Rect::from_center_size(cell.center(), vec2(cell.width(), size::CONTROL));
    let layout = Layout::right_to_left(Align::Center);
    let mut ui = ui.new_child(UiBuilder::new().max_rect(place).layout(layout).id_salt(("connection", &known.id)));
    ui.spacing_mut().item_spacing.x = space::XS;
    let more = button::icon(&mut ui, icons::ELLIPSIS, &format!("More for {}", known.name), false);
    menu::popup(&more, |ui| {
        if menu::item(ui, false, "Rename\u{2026}", "").clicked() {
            scene.stage.connection = Some((known.id.clone(), Asking::Name(known.name.to_string())));
        }
        if menu::item(ui, false, "Forget\u{2026}", "").clicked() {
            scene.stage.connection = Some((known.id.clone(), Asking::Forget));
        }
    });
    if known.reach != Reach::Online {
        let name = format!("Try {} now", known.name);
        if button::icon(&mut ui, icons::REFRESH_CW, &name, false).clicked() {
            scene.out.lights(Command::Retry(known.id.clone()));
        }
    }
}

fn rename(ui: &mut Ui, scene: &mut Scene<'_>, known: &Connection, cell: Option<&Rect>, mut content: String) {
    let Some(cell) = cell else { return };
    let place = Rect::from_center_size(cell.center(), vec2(cell.width(), size::CONTROL));
    let mut child = ui.new_child(UiBuilder::new().max_rect(place).id_salt(("rename", &known.id)));
    let edited = field::line(&mut child, &mut content, "Name of the connection", cell.width(), MAX_NAME);
    scene.stage.connection = match edited {
        Edited::Open => Some((known.id.clone(), Asking::Name(content))),
        Edited::Done => {
            let name = content.trim().to_owned();
            if !name.is_empty() && *name != *known.name {
                scene.out.lights(Command::RenameConnection { connection: known.id.clone(), name });
            }
            None
        }
        Edited::Left => None,
    };
}

fn forget(ui: &mut Ui, scene: &mut Scene<'_>, known: &Connection, n_lights: usize) {
    Frame::NONE.inner_margin(Margin::symmetric(space::M as i8, space::S as i8)).show(ui, |ui| {
        let with = if n_lights == 0 { String::new() } else { format!(" with {}", words::many(n_lights, "light")) };
        let question = format!(
            "Forget {}{with}? Scenes lose these lights. Its password or key is forgotten too; add it again to have it back.",
            known.name
        );
        if let Some(yes) = ask::show(ui, &question, "Forget it", "Keep it") {
            scene.stage.connection = None;
            if yes {
                scene.out.lights(Command::Disconnect(known.id.clone()));
            }
        }
    });
}
