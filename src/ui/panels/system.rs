//! System: devices, connections, network, settings, diagnostics, the demo, about; the Hue bridge; switches and sensors.

pub mod about;
pub mod asked;
pub mod bridge;
pub mod connections;
pub mod devices;
pub mod diagnostics;
pub mod inputs;
pub mod network;
pub mod part;
pub mod settings;

use egui::{Align, Frame, Margin, Ui};

use crate::model::system::Command;
use crate::ui::panels::page::PagePart;
use crate::ui::panels::system::part::Part;
use crate::ui::scene::Scene;
use crate::ui::style;
use crate::ui::theme::{radius, space, stroke, text};
use crate::ui::widgets::{page_head, scroll, section, segment, toggle};

/// Draws the page.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>) {
    page_head::show(ui, "System", |ui| {
        if let Some(part) = segment::show(ui, "System", scene.stage.system, &Part::ALL) {
            scene.stage.system = part;
        }
    });
    ui.add_space(space::M);
    ui.push_id(scene.stage.system as u8, |ui| {
        scroll::page(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            match scene.stage.system {
                Part::Program => program(ui, scene),
                Part::Bridge => bridge::show(ui, scene),
                Part::Inputs => inputs::show(ui, scene),
            }
        });
    });
}

fn program(ui: &mut Ui, scene: &mut Scene<'_>) {
    if scene.view.system.demo {
        demo(ui, scene);
    }
    for (name, show) in SECTIONS {
        if scene.stage.section.take_if(|section| section == name).is_some() {
            ui.scroll_to_cursor(Some(Align::TOP));
        }
        show(ui, scene);
    }
}

/// A section of "This program".
type Section = fn(&mut Ui, &mut Scene<'_>);

/// The sections of "This program", in order.
const SECTIONS: &[(&str, Section)] = &[
    ("Devices", devices::show),
    ("Connections", connections::show),
    ("Network", network::show),
    ("Settings", settings::show),
    ("Diagnostics", diagnostics::show),
    ("About", about::show),
];

/// What can be gone to by name.
#[rustfmt::skip]
pub static PARTS: &[PagePart] = &[
    PagePart { name: "Devices", also: "sensors arrays", turn: |scene| section(scene, "Devices") },
    PagePart { name: "Connections", also: "lights hubs makers drivers", turn: |scene| section(scene, "Connections") },
    PagePart { name: "Network", also: "ports addresses listen", turn: |scene| section(scene, "Network") },
    PagePart { name: "Settings", also: "preferences options", turn: |scene| section(scene, "Settings") },
    PagePart { name: "Diagnostics", also: "log memory version", turn: |scene| section(scene, "Diagnostics") },
    PagePart { name: "About", also: "version licences", turn: |scene| section(scene, "About") },
    PagePart { name: "Hue bridge", also: "paired apps clients doctor", turn: |scene| scene.stage.system = Part::Bridge },
    PagePart { name: "Switches and sensors", also: "buttons motion inputs", turn: |scene| scene.stage.system = Part::Inputs },
];

fn section(scene: &mut Scene<'_>, name: &'static str) {
    (scene.stage.system, scene.stage.section) = (Part::Program, Some(name));
}

fn demo(ui: &mut Ui, scene: &mut Scene<'_>) {
    let t = style::tokens(ui);
    part(ui, "Demo home", "", |ui| {
        Frame::NONE.inner_margin(Margin::symmetric(space::M as i8, space::S as i8)).show(ui, |ui| {
            ui.horizontal(|ui| {
                let mut running = !scene.view.system.demo_paused;
                if toggle::show(ui, &mut running, "Demo devices run").changed() {
                    scene.out.system(Command::PauseDemo(!running));
                }
                let words =
                    if running { "All devices are simulated and running" } else { "The simulated devices hold still" };
                ui.label(style::job(words, text::BODY, t.text1));
            });
        });
    });
}

/// A section of the page: a header, and its content on a panel.
pub(crate) fn part(ui: &mut Ui, title: &str, side: &str, content: impl FnOnce(&mut Ui)) {
    let t = style::tokens(ui);
    section::show(ui, title, |ui| {
        ui.label(style::job(side, text::SIDE, t.text3));
    });
    ui.add_space(space::S);
    Frame::NONE
        .fill(t.bg2)
        .stroke(egui::Stroke::new(stroke::HAIR, t.line))
        .corner_radius(radius::TILE)
        .inner_margin(Margin { left: 1, right: 1, top: space::XS as i8, bottom: 0 })
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            content(ui);
        });
    ui.add_space(space::XL);
}
