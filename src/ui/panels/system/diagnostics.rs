//! What went wrong lately: rejected packets, and how the window fares.

use egui::{Frame, Margin, Ui};

use crate::port::slots::REASON_NAMES;
use crate::ui::scene::Scene;
use crate::ui::style;
use crate::ui::theme::space;
use crate::ui::widgets::{blank, fact, table};
use crate::ui::words;

static COLUMNS: table::Columns = table::Columns { all: &ALL, few: &FEW, from: 720.0 };
static ALL: [table::Column; 4] = [
    table::words("Time", 0.8),
    table::words("Location", 1.2),
    table::words("Reason", 1.0),
    table::words("Evidence", 4.0),
];
/// The same where there is little room.
static FEW: [table::Column; 4] = [
    table::words("Time", 1.4),
    table::words("Location", 1.5),
    table::words("Reason", 1.5),
    table::words("Evidence", 2.0),
];
/// Rejected packets shown.
const SHOWN: usize = 12;

/// Draws the section.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>) {
    scene.stage.rejected.refresh(scene.port, scene.pulse.lost);
    let kept = std::sync::Arc::clone(&scene.stage.rejected.kept);
    let t = style::tokens(ui);
    super::part(ui, "Diagnostics", "", |ui| {
        Frame::NONE.inner_margin(Margin::symmetric(space::M as i8, space::S as i8)).show(ui, |ui| {
            let slots = &scene.port.slots;
            fact::figure(ui, "Last byte of a packet to its reading, 99 of 100 below", &words::delay(scene.pulse.delay));
            fact::figure(ui, "One window frame, 99 of 100 below", &words::delay(slots.ui_frame.quantile(0.99)));
            fact::figure(ui, "Painting it, 99 of 100 below", &words::delay(slots.ui_paint.quantile(0.99)));
            fact::figure(ui, "Packets rejected since the start", &words::count(scene.pulse.lost));
        });
        table::header(ui, COLUMNS.now(ui));
        if kept.is_empty() {
            ui.horizontal(|ui| {
                ui.add_space(space::M);
                blank::line(ui, "No packet was rejected");
            });
        }
        for reject in kept.iter().take(SHOWN) {
            let reason = REASON_NAMES.get(reject.reason as usize).copied().unwrap_or_default().replace('_', " ");
            let cells = [
                words::clock(reject.wall, &scene.now.zone),
                reject.location.to_string(),
                reason,
                reject.detail.clone(),
            ];
            let note = Some((reject.start.as_str(), t.text3));
            table::row(ui, COLUMNS.now(ui), &table::Row { cells: &cells, note, ..table::Row::default() });
        }
    });
}
