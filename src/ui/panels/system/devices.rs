//! All devices: how many are well, which are not, why, and what helps; their names and places.
//!
//! Invariant: the order of rows does not change under the pointer, or at most after some seconds.

pub mod import;
pub mod order;
pub mod places;
pub mod row;
pub mod state;

use std::sync::Arc;

use egui::{Align, Frame, Layout, Margin, Rect, Sense, Ui, vec2};

use crate::model::sensors::Device;
use crate::ui::scene::Scene;
use crate::ui::standing::{self, Standing};
use crate::ui::style;
use crate::ui::theme::{size, space, text};
use crate::ui::widgets::{blank, glyph, input, segment, table};
use crate::ui::words;

/// Up to so many rows all are drawn; of more, only those in sight.
const ALL_DRAWN: usize = 60;

/// Draws the section and those that belong to it.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>) {
    let devices = scene.devices();
    let live = devices.iter().filter(|device| Standing::of(device) == Standing::Live).count();
    super::part(ui, "Devices", &format!("{live} of {} live", devices.len()), |ui| {
        if devices.is_empty() {
            return sentence(ui, "No device has dialled in yet");
        }
        controls(ui, scene, &devices);
        let rows = chosen(scene, devices);
        list(ui, scene, &rows);
    });
    places::show(ui, scene);
    import::show(ui, scene);
}

fn sentence(ui: &mut Ui, words: &str) {
    Frame::NONE.inner_margin(Margin::symmetric(space::M as i8, space::S as i8)).show(ui, |ui| blank::line(ui, words));
}

/// The filter, and how many devices stand how.
fn controls(ui: &mut Ui, scene: &mut Scene<'_>, devices: &[Arc<Device>]) {
    Frame::NONE.inner_margin(Margin::symmetric(space::M as i8, space::XS as i8)).show(ui, |ui| {
        ui.horizontal_wrapped(|ui| {
            let desk = &mut scene.stage.devices;
            input::line(ui, &mut desk.filter, "Filter devices", "Filter", size::FIELD, 64);
            if let Some(failed) = segment::show(ui, "Show", desk.failed, &[(false, "All"), (true, "Failed only")]) {
                desk.failed = failed;
            }
            if ui.available_width() >= size::COUNTS {
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| counts(ui, devices));
            }
        });
    });
}

fn counts(ui: &mut Ui, devices: &[Arc<Device>]) {
    let t = style::tokens(ui);
    ui.spacing_mut().item_spacing.x = space::XS;
    let waiting = devices.iter().filter(|device| !device.accepted).count();
    let offline = devices.iter().filter(|device| Standing::of(device) == Standing::Offline).count();
    let online = devices.len() - waiting - offline;
    // From the right.
    for (standing, n, word) in [
        (Standing::Off, waiting, "waiting"),
        (Standing::Offline, offline, "offline"),
        (Standing::Live, online, "online"),
    ] {
        ui.label(style::job(word, text::SIDE, t.text2));
        ui.label(style::job(&words::count(n as u64), text::FIGURE, t.text1));
        let (place, _) = ui.allocate_exact_size(vec2(size::GLYPH, size::GLYPH), Sense::hover());
        glyph::at(ui, place, standing);
        ui.add_space(space::M);
    }
    ui.label(style::job("in all", text::SIDE, t.text2));
    ui.label(style::job(&words::count(devices.len() as u64), text::FIGURE, t.text1));
}

/// The devices that are shown, those with trouble first.
fn chosen(scene: &mut Scene<'_>, mut devices: Vec<Arc<Device>>) -> Vec<Arc<Device>> {
    let desk = &scene.stage.devices;
    let filter = desk.filter.trim().to_lowercase();
    let wall = scene.now.wall;
    devices.retain(|device| {
        (filter.is_empty() || haystack(device).contains(&filter))
            && (!desk.failed || standing::trouble(device, wall).is_some())
    });
    devices.sort_by_key(|device| rank(device));
    scene.stage.devices.order.settle(devices, scene.now.moment)
}

fn haystack(device: &Device) -> String {
    let serial = device.serial.as_deref().unwrap_or_default();
    format!("{} {} {} {} {serial}", device.name, device.place, device.location, device.address).to_lowercase()
}

const fn rank(device: &Device) -> u8 {
    match Standing::of(device) {
        Standing::Offline => 0,
        Standing::Stale => 1,
        Standing::Off => 2,
        Standing::Pending => 3,
        Standing::Live | Standing::Past => 4,
    }
}

fn list(ui: &mut Ui, scene: &mut Scene<'_>, rows: &[Arc<Device>]) {
    if rows.is_empty() {
        let nothing = match (scene.stage.devices.failed, scene.stage.devices.filter.trim().is_empty()) {
            (true, true) => "All devices are online. Nothing to mend.",
            (true, false) => "No failed device contains this text",
            (false, _) => "No device contains this text",
        };
        return sentence(ui, nothing);
    }
    table::header(ui, &row::columns(ui.available_width()));
    let top = ui.cursor().min;
    for device in rows {
        let place = Rect::from_min_size(ui.cursor().min, vec2(ui.available_width(), row::height(scene, device)));
        let asked = scene.stage.devices.asking.as_ref().is_some_and(|(id, _)| *id == device.id);
        if rows.len() > ALL_DRAWN && !asked && !ui.is_rect_visible(place) {
            ui.allocate_exact_size(place.size(), Sense::hover());
        } else {
            row::show(ui, scene, device);
        }
    }
    let area = Rect::from_min_max(top, ui.cursor().min + vec2(ui.available_width(), 0.0));
    scene.stage.devices.order.held = ui.rect_contains_pointer(area);
}
