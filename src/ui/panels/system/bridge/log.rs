//! What apps ask, live: the newest at the bottom, where the list stays.

use egui::{CornerRadius, Margin, Rect, Role, ScrollArea, Sense, Ui, WidgetInfo, pos2, vec2};

use crate::ui::panels::system::bridge::told::{Line, Tone};
use crate::ui::scene::Scene;
use crate::ui::standing::Standing;
use crate::ui::theme::{size, space, text};
use crate::ui::widgets::{blank, glyph, pill, section};
use crate::ui::{icons, style, words};

/// Draws it in all the room there is.
pub(super) fn show(ui: &mut Ui, scene: &Scene<'_>) {
    ui.spacing_mut().item_spacing.y = 0.0;
    let lines = std::sync::Arc::clone(&scene.stage.bridge.kept.lines);
    egui::Frame::NONE.inner_margin(Margin::symmetric(space::L as i8, 0)).show(ui, |ui| {
        section::show(ui, "What apps ask", |ui| pill::chip(ui, Standing::Live));
        if lines.is_empty() {
            ui.add_space(space::M);
            blank::line(ui, "No app has asked anything yet. What each one asks is written here as it happens.");
        }
    });
    ui.add_space(space::S);
    ScrollArea::vertical().auto_shrink(false).stick_to_bottom(true).show(ui, |ui| {
        for line in &*lines {
            row(ui, scene, line);
        }
    });
}

fn row(ui: &mut Ui, scene: &Scene<'_>, line: &Line) {
    let t = style::tokens(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), size::LOG_ROW), Sense::hover());
    if line.tone == Tone::Paired {
        ui.painter().rect_filled(rect, CornerRadius::ZERO, t.bg3);
    }
    let upper = rect.top() + size::LOG_ROW * 0.3;
    let left = rect.left() + space::L;
    let clock = when(scene, line);
    let time = pos2(left, upper);
    style::paint(ui.painter(), time, egui::Align2::LEFT_CENTER, &clock, text::FIGURE, t.text3);
    let mut x = left + size::LOG_TIME;
    let at = pos2(x + size::GLYPH / 2.0, upper);
    match line.tone {
        Tone::Plain => {}
        Tone::Refused => {
            glyph::paint(ui.painter(), at, Standing::Pending, t);
            x += size::GLYPH + space::S;
        }
        Tone::Paired => {
            style::icon(ui.painter(), at, icons::CHECK, text::ICON_S, t.ok);
            x += size::GLYPH + space::S;
        }
    }
    let role = if line.tone == Tone::Paired { text::STRONG } else { text::BODY };
    let said = if line.times > 1 { format!("{} \u{d7}{}", line.words, line.times) } else { line.words.clone() };
    let room = Rect::from_min_max(pos2(x, rect.top()), rect.max - vec2(space::L, 0.0));
    let (from, anchor) = (pos2(x, upper), egui::Align2::LEFT_CENTER);
    let shown = style::paint_within(ui.painter(), from, anchor, &said, role, t.text1, room.width());
    let under = pos2(left + size::LOG_TIME, rect.top() + size::LOG_ROW * 0.72);
    style::paint_within(ui.painter(), under, anchor, &line.who, text::SIDE, t.text3, room.width());
    let sentence = format!("{clock}, {}, {said}", line.who);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &sentence));
    if shown.width() + 1.0 >= room.width() {
        response.on_hover_text(said);
    }
}

/// When it was: the time of today, the day of before.
fn when(scene: &Scene<'_>, line: &Line) -> String {
    let (then, now) = (line.at.to_zoned(scene.now.zone.clone()), scene.now.wall.to_zoned(scene.now.zone.clone()));
    if then.date() == now.date() { words::clock(line.at, &scene.now.zone) } else { then.strftime("%-d %b").to_string() }
}
