//! The inspector: everything about the selected device, in one fixed order.

pub mod alarms;
pub mod channels;
pub mod connection;
pub mod heat;
pub mod identity;
pub mod light;
pub mod raw;
pub mod region;
pub mod region_alarm;
pub mod region_deltas;
pub mod region_line;
pub mod region_meters;
pub mod region_setup;
pub mod region_subject;
pub mod region_trend;

use egui::{Frame, Margin, ScrollArea, Stroke, Ui};

use crate::ui::icons;
use crate::ui::panels::order::LIGHTS;
use crate::ui::scene::Scene;
use crate::ui::style;
use crate::ui::theme::{size, space, stroke};
use crate::ui::widgets::{blank, button, section};

/// Whether there is anything on this page that it could be about.
#[must_use]
pub fn has_something(scene: &Scene<'_>) -> bool {
    match scene.stage.page {
        LIGHTS => !scene.view.lights.lights.is_empty(),
        _ => !scene.view.sensors.devices.is_empty(),
    }
}

/// Whether something is selected or edited on the page that is shown.
#[must_use]
pub fn is_filled(scene: &Scene<'_>) -> bool {
    let lights = &scene.stage.lights;
    match scene.stage.page {
        LIGHTS => {
            lights.draft.is_some() || lights.here.as_ref().is_some_and(|id| scene.view.lights.lights.contains_key(id))
        }
        _ => scene.selected().is_some(),
    }
}

/// Its width: a light's is wider, where nobody set one.
#[must_use]
pub fn width(scene: &Scene<'_>) -> f32 {
    let width = scene.stage.desk.width();
    let usual = scene.stage.desk.wanted_width <= 0.0;
    if usual && scene.stage.page == LIGHTS { width.max(size::INSPECTOR_LIGHT) } else { width }
}

/// Draws the inspector's content.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>) {
    ui.spacing_mut().item_spacing.y = 0.0;
    if scene.stage.page == LIGHTS {
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| light::show(ui, scene));
        return;
    }
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        let Some(device) = scene.selected() else {
            part(ui, |ui| {
                section::quiet(ui, "Sensor", |ui| close(ui, scene));
                ui.add_space(space::S);
                blank::line(ui, "Select a sensor to see everything about it");
            });
            return;
        };
        let array = scene.array(&device.id);
        if let Some(array) = &array
            && region::show(ui, scene, &device, array)
        {
            return;
        }
        part(ui, |ui| identity::show(ui, scene, &device));
        let slot = scene.port.slots.device(&device.id);
        if let Some(array) = &array {
            rule(ui);
            part(ui, |ui| heat::now(ui, scene, &device, array));
            if scene.stage.enlarged || !array.regions.is_empty() {
                rule(ui);
                part(ui, |ui| region_meters::show(ui, scene, &device, array));
            }
        }
        // What is wrong now comes before how the sensor is set up.
        let alarmed = alarms::matters(scene, &device);
        if alarmed {
            rule(ui);
            part(ui, |ui| alarms::show(ui, scene, &device, slot.as_deref()));
        }
        if let Some(array) = array {
            rule(ui);
            part(ui, |ui| heat::meaning(ui, &array));
            rule(ui);
            part(ui, |ui| heat::controls(ui, scene, &array));
        }
        if !alarmed {
            rule(ui);
            part(ui, |ui| alarms::show(ui, scene, &device, slot.as_deref()));
        }
        if let Some(slot) = &slot {
            if !slot.channels().is_empty() {
                rule(ui);
                part(ui, |ui| channels::show(ui, &device, slot));
            }
            rule(ui);
            part(ui, |ui| connection::show(ui, scene, &device, slot));
        }
        rule(ui);
        part(ui, |ui| raw::show(ui, scene, &device, slot.as_deref()));
    });
}

/// The button that hides the inspector.
pub fn close(ui: &mut Ui, scene: &mut Scene<'_>) {
    if button::icon(ui, icons::X, "Hide the inspector (I)", false).clicked() {
        scene.stage.inspector = Some(false);
    }
}

pub(crate) fn part(ui: &mut Ui, content: impl FnOnce(&mut Ui)) {
    let margin =
        Margin { left: space::L as i8, right: space::L as i8, top: space::SECTION as i8, bottom: space::SECTION as i8 };
    Frame::NONE.inner_margin(margin).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.spacing_mut().item_spacing.y = 0.0;
        content(ui);
    });
}

pub(crate) fn rule(ui: &mut Ui) {
    let rect = ui.available_rect_before_wrap();
    let line = Stroke::new(stroke::HAIR, style::tokens(ui).line);
    ui.painter().hline(rect.x_range(), rect.top(), line);
}
