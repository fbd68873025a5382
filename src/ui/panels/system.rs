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

use egui::{Frame, Margin, Ui};

use crate::model::system::Command;
use crate::ui::panels::system::part::Part;
use crate::ui::scene::Scene;
use crate::ui::style;
use crate::ui::theme::{radius, space, stroke, text};
use crate::ui::widgets::{scroll, section, segment, toggle};

/// Draws the page.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>) {
    section::tall(ui, "System", |ui| {
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
    devices::show(ui, scene);
    connections::show(ui, scene);
    network::show(ui, scene);
    settings::show(ui, scene);
    diagnostics::show(ui, scene);
    about::show(ui, scene);
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
