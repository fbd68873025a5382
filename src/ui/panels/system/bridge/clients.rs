//! Everybody who asked, paired or not: how often, how often in vain, and the last requests of each, for whoever looks for
//! a fault.

use egui::{Align2, CornerRadius, Frame, Margin, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use crate::port::visits::{Client, Visit};
use crate::ui::panels::system::bridge::parts::padded;
use crate::ui::panels::system::bridge::told;
use crate::ui::scene::Scene;
use crate::ui::theme::{size, space, text};
use crate::ui::widgets::{blank, table};
use crate::ui::{style, words};

static COLUMNS: [table::Column; 6] = [
    table::words("From", 1.2),
    table::words("App", 1.2),
    table::words("Calls itself", 1.6),
    table::figures("Asked", 0.6),
    table::figures("Refused", 0.6),
    table::words("Last", 0.8),
];
/// The same where there is little room.
static NARROW: [table::Column; 6] = [
    table::words("From", 1.2),
    table::words("App", 1.2),
    table::words("Calls itself", 0.0),
    table::figures("Asked", 0.0),
    table::figures("Refused", 0.8),
    table::words("Last", 0.0),
];
/// Below this width there is little.
const WIDE: f32 = 720.0;
/// Clients that are listed.
const SHOWN: usize = 40;

/// Draws the section.
pub(super) fn show(ui: &mut Ui, scene: &mut Scene<'_>) {
    let clients = std::sync::Arc::clone(&scene.stage.bridge.kept.clients);
    let side = if clients.is_empty() { "" } else { "a click shows what one asked" };
    super::super::part(ui, "Who asked", side, |ui| {
        if clients.is_empty() {
            return padded(ui, |ui| blank::line(ui, "Nobody has asked the bridge anything since the start"));
        }
        let columns: &[table::Column] = if ui.available_width() < WIDE { &NARROW } else { &COLUMNS };
        table::header(ui, columns);
        for client in clients.iter().take(SHOWN) {
            row(ui, scene, columns, client);
        }
        if clients.len() > SHOWN {
            padded(ui, |ui| blank::line(ui, &format!("and {} who were silent longer", clients.len() - SHOWN)));
        }
    });
}

fn row(ui: &mut Ui, scene: &mut Scene<'_>, columns: &[table::Column], client: &Client) {
    let t = style::tokens(ui);
    let last = client.visits.back();
    let refused = last.and_then(|visit| visit.refused.as_ref().map(|why| (visit, why)));
    let open = scene.stage.bridge.open == Some(client.address);
    let cells = [
        client.address.to_string(),
        client.app.as_ref().map_or(words::UNKNOWN, |app| told::app_name(app).0).to_owned(),
        client.agent.as_deref().unwrap_or(words::UNKNOWN).to_owned(),
        words::count(client.counts.0),
        words::count(client.counts.1),
        last.map_or_else(|| words::UNKNOWN.to_owned(), |visit| words::clock(visit.at, &scene.now.zone)),
    ];
    let note =
        refused.map(|(visit, why)| format!("The last one: {}; told: {why}", told::asked(&visit.method, &visit.path)));
    let note = note.as_deref().map(|note| (note, t.warning));
    let line = table::Row { cells: &cells, note, selected: open, clickable: true, ..table::Row::default() };
    if table::row(ui, columns, &line).0.clicked() {
        scene.stage.bridge.open = (!open).then_some(client.address);
    }
    if open {
        Frame::NONE.fill(t.bg1).inner_margin(Margin::symmetric(0, space::S as i8)).show(ui, |ui| {
            ui.set_width(ui.available_width());
            for visit in client.visits.iter().rev() {
                request(ui, scene, visit);
            }
        });
    }
}

/// One request: when, what, how it ended.
fn request(ui: &mut Ui, scene: &Scene<'_>, visit: &Visit) {
    let t = style::tokens(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), size::TABLE_ROW), Sense::hover());
    if response.hovered() {
        ui.painter().rect_filled(rect, CornerRadius::ZERO, t.bg3);
    }
    let y = rect.center().y;
    let clock = words::clock(visit.at, &scene.now.zone);
    let left = pos2(rect.left() + space::L, y);
    style::paint(ui.painter(), left, Align2::LEFT_CENTER, &clock, text::FIGURE, t.text3);
    let by = if visit.tls { "HTTPS" } else { "HTTP" };
    let status = if visit.status == 0 { String::new() } else { format!("{by} {}", visit.status) };
    let right = pos2(rect.right() - space::M, y);
    let end = style::paint(ui.painter(), right, Align2::RIGHT_CENTER, &status, text::FIGURE, t.text2).left();
    let x = left.x + size::LOG_TIME;
    let what = format!("{} {}", visit.method, visit.path);
    let (words, ink) = match &visit.refused {
        Some(why) => (format!("{what}; told: {why}"), t.warning),
        None => (what, t.text1),
    };
    let room = end - space::M - x;
    style::paint_within(ui.painter(), pos2(x, y), Align2::LEFT_CENTER, &words, text::FIGURE, ink, room);
    let sentence = format!("{clock}, {words}, {status}");
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &sentence));
    response.on_hover_text(sentence);
}
