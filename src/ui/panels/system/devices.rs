//! All devices as a table.

use egui::{Rect, Ui, UiBuilder, vec2};

use crate::model::sensors::{self, Device};
use crate::model::thermal::Calibration;
use crate::ui::panels;
use crate::ui::scene::Scene;
use crate::ui::standing::Standing;
use crate::ui::theme::size;
use crate::ui::widgets::button::Button;
use crate::ui::widgets::{blank, table};
use crate::ui::words;

const COLUMNS: [table::Column; 8] = [
    table::words("Name", 2.2),
    table::words("State", 1.0),
    table::words("Location", 1.5),
    table::words("Address", 1.6),
    table::words("Calibration", 1.4),
    table::figures("Period", 1.3),
    table::figures("Packets, rejected", 1.7),
    table::figures("Last heard", 1.2),
];

/// Draws the section.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>) {
    let devices = scene.devices();
    let live = devices.iter().filter(|device| Standing::of(device) == Standing::Live).count();
    super::part(ui, "Devices", &format!("{live} of {} live", devices.len()), |ui| {
        if devices.is_empty() {
            ui.horizontal(|ui| {
                ui.add_space(crate::ui::theme::space::M);
                blank::line(ui, "No device has dialled in yet");
            });
            return;
        }
        table::header(ui, &COLUMNS);
        for device in &devices {
            row(ui, scene, device);
        }
    });
}

fn row(ui: &mut Ui, scene: &mut Scene<'_>, device: &Device) {
    let standing = Standing::of(device);
    let slot = scene.port.slots.device(&device.id);
    let counts = slot.as_ref().map_or_else(
        || words::UNKNOWN.to_owned(),
        |slot| format!("{}, {}", words::count(slot.n_accepted()), words::count(slot.n_rejected())),
    );
    let heard = match slot.as_ref().and_then(|slot| slot.last_heard()) {
        Some(_) if standing == Standing::Live => "now".to_owned(),
        Some(at) => {
            scene.stage.ticking = true;
            words::age(scene.now.moment.since(at))
        }
        None if !device.accepted => String::new(),
        None => words::UNKNOWN.to_owned(),
    };
    let simulated = if device.simulated { ", simulated" } else { "" };
    let cells = [
        device.name.to_string(),
        standing.word().to_owned(),
        device.location.to_string(),
        format!("{}{simulated}", device.address),
        scene.array(&device.id).map_or(words::UNKNOWN, |array| calibration(array.calibration)).to_owned(),
        words::period(device.period),
        counts,
        heard,
    ];
    let selected = scene.stage.selected.as_ref() == Some(&device.id);
    let line = table::Row { standing: Some(standing), cells: &cells, note: None, selected, clickable: true };
    let (response, places) = table::row(ui, &COLUMNS, &line);
    if response.clicked() {
        scene.stage.select(&device.id);
        (scene.stage.page, scene.stage.inspector) = (panels::THERMAL, Some(true));
    }
    if !device.accepted
        && let Some(last) = places.last()
    {
        let place =
            Rect::from_min_size(last.right_center() - vec2(72.0, size::CONTROL / 2.0), vec2(72.0, size::CONTROL));
        let mut place = ui.new_child(UiBuilder::new().max_rect(place).id_salt(("accept", &device.id)));
        if place.add(Button::new("Accept").name(&format!("Accept {}", device.name))).clicked() {
            scene.out.sensors(sensors::Command::Accept { device: device.id.clone() });
        }
    }
}

const fn calibration(state: Calibration) -> &'static str {
    match state {
        Calibration::NotNeeded => "not needed",
        Calibration::Missing => "uncalibrated",
        Calibration::Stored => "stored",
        Calibration::Received => "from the device",
        Calibration::Changed => "changed",
    }
}
