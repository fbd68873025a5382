//! The layouts in the top bar: which is on, the others, save and remove.

use egui::{Rect, Ui, UiBuilder, vec2};

use crate::model::layouts::Command;
use crate::ui::desk::{self, arrange, built_in};
use crate::ui::icons;
use crate::ui::scene::Scene;
use crate::ui::shell::toasts::Offer;
use crate::ui::theme::size;
use crate::ui::widgets::{button, menu};

/// Draws the picker; short where there is little room.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>, short: bool) {
    // A layout that was removed since is none.
    let known = |name: &String| built_in::of(name).is_some() || scene.view.layouts.saved.contains_key(&**name);
    let current = scene.stage.desk.current.clone().filter(known).unwrap_or_default();
    let name = if current.is_empty() { "Layout".to_owned() } else { format!("Layout: {current}") };
    if short {
        let response = button::icon(ui, icons::LAYERS, &name, false);
        menu::popup(&response, |ui| choices(ui, scene, &current));
    } else {
        menu::drop_down(ui, &name, "Layout", &current, |ui| choices(ui, scene, &current));
    }
}

fn choices(ui: &mut Ui, scene: &mut Scene<'_>, current: &str) {
    ui.set_min_width(size::LAYOUTS);
    menu::heading(ui, "Layouts");
    for (name, what) in built_in::ALL {
        if menu::item(ui, name == current, name, what).clicked() {
            arrange::pick(scene, name);
        }
    }
    let saved: Vec<String> = desk::saved_names(&scene.view.layouts).collect();
    if !saved.is_empty() {
        menu::heading(ui, "Yours");
    }
    for name in &saved {
        own(ui, scene, name, name == current);
    }
    menu::heading(ui, "");
    if menu::item(ui, false, "Save this layout\u{2026}", "Ctrl+S").clicked() {
        scene.stage.desk.name_it();
    }
}

/// A saved layout, with its button to remove it.
fn own(ui: &mut Ui, scene: &mut Scene<'_>, name: &str, on: bool) {
    let full = ui.available_width();
    let item = ui.scope(|ui| {
        ui.set_max_width(full - size::CONTROL);
        menu::item(ui, on, name, "")
    });
    if item.inner.clicked() {
        arrange::pick(scene, name);
    }
    let at = item.response.rect.right_center() + vec2(size::CONTROL / 2.0, 0.0);
    let place = Rect::from_center_size(at, vec2(size::CONTROL, size::CONTROL));
    let mut child = ui.new_child(UiBuilder::new().max_rect(place).id_salt(("remove", name)));
    if button::icon(&mut child, icons::TRASH_2, &format!("Remove the layout {name}"), false).clicked() {
        scene.out.layouts(Command::Remove { name: name.to_owned() });
        scene.stage.toasts.offer(format!("Removed the layout {name}"), "Undo", Offer::Undo);
        if on {
            scene.stage.desk.current = None;
        }
    }
}
