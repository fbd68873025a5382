//! Empty and error states: in place, one sentence, and what can be done about it.

use egui::{Align, Rect, Sense, Ui, pos2, vec2};

use crate::ui::style;
use crate::ui::theme::{Tokens, size, space, text};

/// Paints a cause and what happens next in the middle of a rectangle, over whatever is there.
pub fn over(ui: &Ui, rect: Rect, icon: char, cause: &str, next: &str, ink: (egui::Color32, egui::Color32)) {
    let painter = ui.painter().with_clip_rect(rect.intersect(ui.clip_rect()));
    let lines = [(cause, text::TILE_NAME, ink.0), (next, text::SIDE, ink.1)];
    let galleys = lines.map(|(words, role, color)| {
        let mut job = style::job(words, role, color);
        job.wrap.max_width = rect.width() - space::L;
        job.halign = Align::Center;
        painter.layout_job(job)
    });
    let words: f32 = galleys.iter().map(|galley| galley.size().y).sum::<f32>() + space::XS;
    let icon_room = text::ICON_L.size + space::S;
    let mut y = rect.center().y - (words + icon_room) / 2.0;
    style::icon(&painter, pos2(rect.center().x, y + text::ICON_L.size / 2.0), icon, text::ICON_L, ink.0);
    y += icon_room;
    for (galley, (.., color)) in galleys.into_iter().zip(lines) {
        let down = galley.size().y + space::XS;
        painter.galley(pos2(rect.center().x, y), galley, color);
        y += down;
    }
}

/// A page with nothing on it yet: what is not there, and under it what can be done. `down` is the share of the height
/// above it; `content` gets the width of its column.
pub fn page(ui: &mut Ui, down: f32, icon: char, title: &str, content: impl FnOnce(&mut Ui, f32)) {
    let t = style::tokens(ui);
    let width = size::CARD.min(ui.available_width());
    ui.add_space((ui.available_height() * down).max(space::L));
    ui.vertical_centered(|ui| {
        ui.set_max_width(width);
        let (rect, _) = ui.allocate_exact_size(vec2(width, text::ICON_XL.size), Sense::hover());
        style::icon(ui.painter(), rect.center(), icon, text::ICON_XL, t.text3);
        ui.add_space(space::S);
        ui.label(style::job(title, text::TITLE, t.text1));
        content(ui, width);
    });
}

/// One quiet sentence where a list would be.
pub fn line(ui: &mut Ui, sentence: &str) {
    let color = style::tokens(ui).text3;
    ui.label(style::job(sentence, text::BODY, color));
}

/// Inks for text on the theme's own ground.
#[must_use]
pub const fn inks(t: &Tokens) -> (egui::Color32, egui::Color32) {
    (t.text1, t.text2)
}
