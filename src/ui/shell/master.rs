//! The master brightness in the top bar: every light's brightness is multiplied with it, but for alarms.

use egui::{Align, Layout, Rect, Sense, Ui, vec2};

use crate::model::lights::Command;
use crate::ui::scene::Scene;
use crate::ui::theme::{size, space, text};
use crate::ui::widgets::slider::{self, Slider};
use crate::ui::widgets::{button, menu};
use crate::ui::{icons, light_words, style};

/// Shows it where there are lights: as a slider, or where there is no room behind an icon.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>, room: bool) {
    if scene.view.lights.lights.is_empty() {
        return;
    }
    if room {
        return control(ui, scene);
    }
    let name = format!("Master brightness, {}", light_words::percent(scene.view.lights.master));
    let response = button::icon(ui, icons::SUN, &name, scene.view.lights.master < 1.0);
    menu::popup(&response, |ui| {
        menu::heading(ui, "Master brightness");
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| control(ui, scene));
    });
}

/// The slider with its figure, from right to left.
fn control(ui: &mut Ui, scene: &mut Scene<'_>) {
    let t = style::tokens(ui);
    let master = scene.view.lights.master;
    let (figure, _) = ui.allocate_exact_size(vec2(size::MASTER[1], size::CONTROL), Sense::hover());
    let (rect, _) = ui.allocate_exact_size(vec2(size::MASTER[0], size::CONTROL), Sense::hover());
    let track = Rect::from_center_size(rect.center(), vec2(rect.width(), size::SLIDER));
    let moved = Slider::share("Master brightness", master).at(ui, track, ui.scope_id().with("master"));
    let (icon, _) = ui.allocate_exact_size(vec2(text::ICON_M.size, size::CONTROL), Sense::hover());
    style::icon(ui.painter(), icon.center(), icons::SUN, text::ICON_M, t.text2);
    let words = light_words::percent(moved.shown);
    style::paint(ui.painter(), figure.right_center(), egui::Align2::RIGHT_CENTER, &words, text::FIGURE, t.text1);
    if let Some(to) = moved.to {
        scene.stage.undo.gesture = Some(slider::gesture(ui, &moved.response));
        scene.out.lights(Command::SetMaster(to));
    }
    ui.add_space(space::XS);
}
