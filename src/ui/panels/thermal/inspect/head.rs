//! The header of an inspected array: how it stands, its name, what is known of the picture, and the way back.
//!
//! Invariant: a fact is shown whole or not at all, the least important ones go first; a name is shortened last.

use egui::{Align, Align2, Layout, Rect, Sense, Ui, pos2, vec2};

use crate::model::thermal::Calibration;
use crate::ui::panels::thermal::facts::Facts;
use crate::ui::scene::Scene;
use crate::ui::standing::Standing;
use crate::ui::theme::{size, space, text};
use crate::ui::widgets::alarmed::Alarmed;
use crate::ui::widgets::{button, glyph};
use crate::ui::{icons, style, words};

/// Draws it over the whole width.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>, facts: &Facts<'_>) {
    let room = vec2(ui.available_width(), size::CONTROL);
    ui.allocate_ui_with_layout(room, Layout::right_to_left(Align::Center), |ui| {
        if button::icon(ui, icons::MINIMIZE, "All arrays", false).on_hover_text("Esc").clicked() {
            scene.stage.enlarged = false;
        }
        crate::ui::panels::thermal::controls(ui, scene, "");
        let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), size::CONTROL), Sense::hover());
        title(ui, scene, facts, rect);
    });
}

fn title(ui: &Ui, scene: &mut Scene<'_>, facts: &Facts<'_>, rect: Rect) {
    let t = style::tokens(ui);
    let y = rect.center().y;
    let mut left = rect.left();
    let alarmed = Alarmed::of(&scene.view.alarms, &facts.device.id);
    if let Some(alarmed) = &alarmed {
        let across = alarmed.across();
        alarmed.paint(ui.painter(), pos2(left + across / 2.0, y), across, t);
        left += across + space::S;
    }
    glyph::paint(ui.painter(), pos2(left + size::GLYPH / 2.0, y), facts.standing, t);
    left += size::GLYPH + space::S;
    let (at, room) = (pos2(left, y), rect.right() - left);
    let name =
        style::paint_within(ui.painter(), at, Align2::LEFT_CENTER, &facts.device.name, text::TITLE, t.text1, room);
    let mut all: Vec<String> = alarmed.iter().map(|alarmed| alarmed.word().to_owned()).collect();
    all.extend(side(scene, facts));
    let room = rect.right() - name.right() - space::M;
    while !all.is_empty() {
        let galley = ui.painter().layout_job(style::job(&all.join(" \u{b7} "), text::BODY, t.text3));
        if galley.size().x <= room {
            let at = Align2::LEFT_CENTER.anchor_size(pos2(name.right() + space::M, y + 1.0), galley.size());
            ui.painter().galley(at.min, galley, t.text3);
            break;
        }
        all.pop();
    }
}

/// What is known, the most important first.
fn side(scene: &mut Scene<'_>, facts: &Facts<'_>) -> Vec<String> {
    let mut all = Vec::new();
    if facts.standing.is_lost() {
        scene.stage.ticking = true;
        let since = facts.frame.map_or(facts.device.since, |frame| frame.wall);
        all.push(format!("no data {}", words::age(scene.now.since(since))));
    }
    all.push(facts.side());
    if facts.standing == Standing::Live {
        all.push(words::delay(scene.pulse.delay));
    }
    if let Some(array) = &facts.array {
        all.push(format!("emissivity {:.2}", scene.choice(array).optics.emissivity));
        all.push(words::meaning(array.meaning));
        all.extend(calibrated(array.calibration).map(str::to_owned));
    }
    all
}

const fn calibrated(calibration: Calibration) -> Option<&'static str> {
    match calibration {
        Calibration::NotNeeded => None,
        Calibration::Missing => Some("not calibrated"),
        Calibration::Stored | Calibration::Received => Some("calibrated"),
        Calibration::Changed => Some("calibration changed"),
    }
}
