//! What a right click on a picture offers.

use egui::{Popup, Response, Ui};

use crate::model::sensors::Device;
use crate::ui::scene::Scene;
use crate::ui::theme::{size, space};
use crate::ui::widgets::menu;

/// The menu of a picture.
pub fn of_picture(response: &Response, scene: &mut Scene<'_>, device: &Device) {
    Popup::context_menu(response).width(size::MENU).show(|ui| {
        ui.set_min_width(size::MENU);
        ui.spacing_mut().item_spacing = egui::vec2(space::S, 0.0);
        if menu::item(ui, false, "Inspect", "Enter").clicked() {
            scene.stage.select(&device.id);
            scene.stage.enlarged = true;
        }
        apart(ui, scene, device);
    });
}

/// The choice that opens a device's picture in a window of its own.
pub fn apart(ui: &mut Ui, scene: &mut Scene<'_>, device: &Device) {
    if menu::item(ui, false, "Open in own window", "").clicked() {
        scene.stage.open_apart(&device.id);
    }
}
