//! The master stop while it holds: a line above the bar of alarms, never over it.

use egui::{Align, CornerRadius, Label, Layout, Rect, Role, Ui, WidgetInfo, pos2, vec2};

use crate::model::system::{Command, Stopped};
use crate::ui::scene::Scene;
use crate::ui::shell::deeds::RESUME;
use crate::ui::theme::{size, space, stroke, text};
use crate::ui::widgets::button::Button;
use crate::ui::{icons, style, words};

/// The sentence of the stop.
#[must_use]
pub fn sentence(scene: &Scene<'_>, stopped: &Stopped) -> String {
    let since = words::since(stopped.since, scene.now.wall, &scene.now.zone);
    format!("Stopped by {} at {since}: rules run no actions", stopped.by)
}

/// Draws the line, in a panel of its own.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>, stopped: &Stopped) {
    let t = style::tokens(ui);
    let rect = ui.max_rect();
    let top = Rect::from_min_size(rect.min, vec2(rect.width(), stroke::LEVEL));
    ui.painter().rect_filled(top, CornerRadius::ZERO, t.warning);
    ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
        ui.add_space(space::L);
        let (place, _) = ui.allocate_exact_size(vec2(text::ICON_L.size, rect.height()), egui::Sense::hover());
        style::icon(ui.painter(), place.center(), icons::OCTAGON, text::ICON_L, t.warning);
        ui.add_space(space::S);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.add_space(space::L);
            if ui.add(Button::new("Resume").icon(icons::PLAY)).on_hover_text(RESUME.name).clicked() {
                scene.out.system(Command::Resume);
            }
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                let said = sentence(scene, stopped);
                let response = ui.add(Label::new(style::job(&said, text::STRONG, t.text1)).truncate());
                response.widget_info(|| WidgetInfo::labeled(Role::Status, true, &said));
            });
        });
    });
}

/// The mark in the top bar; it resumes nothing by itself: the line below does.
pub fn mark(ui: &mut Ui, scene: &Scene<'_>) {
    let Some(stopped) = &scene.view.system.stopped else { return };
    let t = style::tokens(ui);
    let galley = ui.painter().layout_job(style::job("STOPPED", text::SECTION, t.warning));
    let wide = galley.size().x + text::ICON_M.size + space::XS;
    let (rect, response) = ui.allocate_exact_size(vec2(wide, size::CONTROL), egui::Sense::hover());
    let y = rect.center().y;
    style::icon(ui.painter(), pos2(rect.left() + text::ICON_M.size / 2.0, y), icons::OCTAGON, text::ICON_M, t.warning);
    let at = pos2(rect.right() - galley.size().x, y - galley.size().y / 2.0);
    ui.painter().galley(at, galley, t.warning);
    let said = sentence(scene, stopped);
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, format!("Master stop: {said}")));
    response.on_hover_text(said);
}
