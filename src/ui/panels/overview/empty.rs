//! The overview without devices: what to do first.

use egui::{Align, Layout, Sense, Ui, vec2};

use crate::ui::panels;
use crate::ui::panels::system::part::Part;
use crate::ui::panels::{adding, thermal};
use crate::ui::scene::Scene;
use crate::ui::theme::{size, space, text};
use crate::ui::widgets::blank;
use crate::ui::widgets::button::Button;
use crate::ui::{icons, style};

/// What opens a home of simulated devices.
const DEMO: &str = "hearthlight --demo";

/// Draws the page.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>) {
    let t = style::tokens(ui);
    blank::page(ui, 0.18, icons::LAYOUT_DASHBOARD, "Nothing connected yet", |ui, width| {
        ui.label(style::job("A sensor dials in to this computer; it shows here by itself", text::LEAD, t.text2));
        ui.add_space(space::L);
        thermal::empty::point_at(ui, scene, width);
        ui.add_space(space::S);
        thermal::empty::copy_row(ui, "Or look at a home of simulated devices first", DEMO, "Copy the command", width);
        ui.add_space(space::L);
        let (row, _) = ui.allocate_exact_size(vec2(width, size::ACTION), Sense::hover());
        let buttons = egui::Rect::from_center_size(row.center(), vec2(size::THREE_BUTTONS, size::ACTION));
        let layout = Layout::left_to_right(Align::Center);
        let mut row = ui.new_child(egui::UiBuilder::new().max_rect(buttons).layout(layout));
        if row.add(Button::new("What a sensor sends").icon(icons::CHEVRON_RIGHT).ember()).clicked() {
            scene.stage.page = panels::order::THERMAL;
        }
        let add = row.add(Button::new("Add a light\u{2026}").icon(icons::PLUS));
        if add.on_hover_text("Ctrl+N").clicked() {
            adding::begin(scene);
        }
        if row.add(Button::new("Network").icon(icons::NETWORK)).clicked() {
            (scene.stage.page, scene.stage.system) = (panels::order::SYSTEM, Part::Program);
        }
    });
}
