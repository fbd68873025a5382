//! System > Switches and sensors: what hubs of lights hear, what apps see of our own sensors, and what apps keep.
//!
//! They stand beside the connections that they come through: like these they are things of the house that say something.

mod row;
pub mod says;

use std::sync::Arc;

use egui::{Label, Ui};
use jiff::Timestamp;

use crate::model::bridge::ids::{Kind, Thing};
use crate::model::bridge::kept::Kind as ObjectKind;
use crate::model::bridge::object::Object;
use crate::model::inputs::Input;
use crate::model::sensors::DeviceId;
use crate::ui::scene::Scene;
use crate::ui::standing::Standing;
use crate::ui::style;
use crate::ui::theme::{space, text, time};
use crate::ui::widgets::{blank, table};
use crate::ui::words;

/// Draws the part.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>) {
    hubs(ui, scene);
    ours(ui, scene);
    kept(ui, scene);
}

/// Whether it was pressed just now.
fn pressed(input: &Input, now: Timestamp) -> Option<Timestamp> {
    let (at, _) = input.said.get("button")?;
    let ago = now.duration_since(*at);
    (!ago.is_negative() && ago.unsigned_abs() < time::PRESSED).then_some(*at)
}

fn hubs(ui: &mut Ui, scene: &mut Scene<'_>) {
    let mut all: Vec<Arc<Input>> = scene.view.lights.inputs.values().cloned().collect();
    all.sort_by_cached_key(|input| (input.name.to_lowercase(), input.id.clone()));
    let side = if all.is_empty() { String::new() } else { words::many(all.len(), "device") };
    super::part(ui, "Switches and sensors of hubs", &side, |ui| {
        egui::Frame::NONE.inner_margin(egui::Margin::symmetric(space::M as i8, space::S as i8)).show(ui, |ui| {
            ui.set_width(ui.available_width());
            if all.is_empty() {
                return blank::line(ui, "None yet: pair them with their hub, and they appear here by themselves");
            }
            let color = style::tokens(ui).text2;
            let hint = "Which one is it? Press a button or walk past: a switch that is pressed is marked for 3\u{a0}s.";
            ui.add(Label::new(style::job(hint, text::BODY, color)).wrap());
        });
        if !all.is_empty() {
            table::header(ui, row::COLUMNS.now(ui));
        }
        let newest = all.iter().filter_map(|input| pressed(input, scene.now.wall)).max();
        for input in &all {
            let at = pressed(input, scene.now.wall);
            let response = row::show(ui, scene, input, at.is_some());
            // Once for each press: nobody is held where they are not.
            if at.is_some() && at == newest && scene.stage.pressed != newest {
                response.scroll_to_me(None);
            }
        }
        if newest.is_some() {
            scene.stage.pressed = newest;
            scene.stage.ticking = true;
        }
    });
}

const OURS: [table::Column; 4] = [
    table::words("Name", 1.4),
    table::words("Hottest now", 1.0),
    table::words("Motion for apps", 1.4),
    table::words("What apps see", 2.4),
];

/// Our own sensor devices, as far as apps see them.
fn ours(ui: &mut Ui, scene: &mut Scene<'_>) {
    let seen: Vec<DeviceId> = scene
        .devices()
        .iter()
        .filter(|device| scene.view.bridge.ids(&Thing::new(Kind::Sensor, device.id.to_string())).is_some())
        .map(|device| device.id.clone())
        .collect();
    let side = if seen.is_empty() { "" } else { "as a temperature, and as motion while an alarm is active" };
    super::part(ui, "Our own, as apps see them", side, |ui| {
        if seen.is_empty() {
            return none(ui, "No sensor of this house is shown to apps yet");
        }
        table::header(ui, &OURS);
        for id in &seen {
            let Some(device) = scene.view.sensors.devices.get(id).cloned() else { continue };
            let slot = scene.port.slots.device(id);
            let hottest = slot.and_then(|slot| slot.hottest.last()).map(|(_, celsius)| celsius as f32);
            let lost = scene.standing(&device).is_lost();
            let alarmed = scene.view.alarms.active.values().any(|alarm| alarm.device == *id);
            let cells = [
                device.name.to_string(),
                match hottest.filter(|_| !lost) {
                    Some(celsius) => words::degrees_with_unit(Some(celsius), scene.choices.scale),
                    None => words::UNKNOWN.to_owned(),
                },
                if alarmed { "yes, an alarm is active" } else { "no" }.to_owned(),
                if hottest.is_some() { "temperature (hottest cell), motion" } else { "motion" }.to_owned(),
            ];
            let standing = Some(scene.standing(&device));
            table::row(ui, &OURS, &table::Row { standing, cells: &cells, ..table::Row::default() });
        }
        scene.stage.ticking = true;
    });
}

const KEPT: [table::Column; 4] =
    [table::words("Name", 1.4), table::words("Kind", 1.2), table::words("Says", 2.4), table::words("Written", 1.0)];

/// Sensors that only apps write.
fn kept(ui: &mut Ui, scene: &Scene<'_>) {
    let all =
        scene.view.bridge.objects.iter().filter(|(id, _)| matches!(id.kind, ObjectKind::Clip | ObjectKind::Client));
    let all: Vec<_> = all.map(|(_, object)| object).collect();
    if all.is_empty() {
        return;
    }
    super::part(ui, "Kept by apps", "they alone write these", |ui| {
        table::header(ui, &KEPT);
        for object in all {
            let (kind, says, written) = match &**object {
                Object::Clip(clip) => (clip.kind.to_string(), says::members(&clip.state), clip.updated),
                Object::Client(client) => ("phone".to_owned(), says::at_home(client.at_home).to_owned(), None),
                _ => continue,
            };
            let written = written
                .map_or_else(|| words::UNKNOWN.to_owned(), |at| words::since(at, scene.now.wall, &scene.now.zone));
            let cells = [object.name().to_string(), kind, says, written];
            let standing = Some(Standing::Live);
            table::row(ui, &KEPT, &table::Row { standing, cells: &cells, ..table::Row::default() });
        }
    });
}

fn none(ui: &mut Ui, sentence: &str) {
    egui::Frame::NONE.inner_margin(egui::Margin::symmetric(space::M as i8, space::S as i8)).show(ui, |ui| {
        ui.set_width(ui.available_width());
        blank::line(ui, sentence);
    });
}
