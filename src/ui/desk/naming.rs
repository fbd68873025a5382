//! The line that asks for the name of a layout: above the bar, over nothing.

use egui::{Align, Key, Label, Layout, Ui};

use crate::ui::desk::arrange::{self, NAME_LIMIT};
use crate::ui::icons;
use crate::ui::scene::Scene;
use crate::ui::style;
use crate::ui::theme::{size, space, text};
use crate::ui::widgets::button::{self, Button};
use crate::ui::widgets::input;

/// Draws the line.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>) {
    let Some(mut name) = scene.stage.desk.naming.take() else { return };
    let t = style::tokens(ui);
    let (mut save, mut leave) = (false, false);
    ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
        ui.add_space(space::L);
        ui.label(style::job("Save this layout as", text::BODY, t.text1));
        let width = size::FIELD.min(ui.available_width() * 0.5);
        let line = input::line(ui, &mut name, "Name of the layout", "Name", width, NAME_LIMIT);
        if ui.memory(|m| m.focused().is_none()) && !line.lost_focus() {
            line.request_focus();
        }
        let wrong = arrange::wrong_name(&name);
        let known = scene.view.layouts.saved.contains_key(name.trim());
        let fits = wrong.is_none() && !name.trim().is_empty();
        let entered = line.lost_focus() && ui.input(|i| i.key_pressed(Key::Enter));
        let word = if known && fits { "Save over it" } else { "Save" };
        save = ui.add_enabled(fits, Button::new(word).ember()).clicked() || (fits && entered);
        leave = button::icon(ui, icons::X, "Save no layout", false).clicked()
            || (line.lost_focus() && ui.input(|i| i.key_pressed(Key::Escape)));
        if let Some(wrong) = wrong {
            ui.add(Label::new(style::job(wrong, text::SIDE, t.text2)).truncate());
        }
    });
    if save {
        arrange::save(scene, &name);
    } else if !leave {
        scene.stage.desk.naming = Some(name);
    }
}
