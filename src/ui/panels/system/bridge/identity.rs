//! Who the bridge is: its name, its number, the versions that it claims, and its ports.

use egui::{Label, Ui};

use crate::model::bridge;
use crate::model::message::Command;
use crate::model::system;
use crate::port::doctor;
use crate::ui::panels::system::bridge::parts::padded;
use crate::ui::panels::system::network;
use crate::ui::scene::Scene;
use crate::ui::theme::{size, space, text};
use crate::ui::widgets::button::{self, Button};
use crate::ui::widgets::field::{self, Edited};
use crate::ui::widgets::{fact, table};
use crate::ui::{icons, style};

/// Longest name.
const NAME_LIMIT: usize = 32;

/// Draws the sections.
pub(super) fn show(ui: &mut Ui, scene: &mut Scene<'_>) {
    super::super::part(ui, "Identity", "what apps know it by, for ever", |ui| {
        padded(ui, |ui| {
            name(ui, scene);
            let id = scene.view.bridge.identity.id;
            fact::figure(ui, "Bridge id", &id.upper());
            fact::figure(ui, "MAC address", &id.mac_text(":"));
            versions(ui, scene);
        });
        table::header(ui, &network::COLUMNS);
        let t = style::tokens(ui);
        for door in scene.view.system.listeners.iter().filter(|door| door.key.starts_with("bridge.")) {
            network::row(ui, door, t);
        }
    });
}

fn name(ui: &mut Ui, scene: &mut Scene<'_>) {
    let known = std::sync::Arc::clone(&scene.view.bridge.identity.name);
    fact::with(ui, "Name", |ui| {
        let Some(mut content) = scene.stage.bridge.name.take() else {
            if button::icon(ui, icons::PENCIL, "Rename the bridge", false).clicked() {
                scene.stage.bridge.name = Some(known.to_string());
            }
            let color = style::tokens(ui).text1;
            ui.label(style::job(&known, text::BODY, color));
            return;
        };
        let width = size::FIELD.min(ui.available_width());
        match field::line(ui, &mut content, "Name of the bridge", width, NAME_LIMIT) {
            Edited::Open => scene.stage.bridge.name = Some(content),
            Edited::Done => {
                let name = content.trim();
                if !name.is_empty() && *name != *known {
                    scene.out.bridge(bridge::Command::Rename(name.to_owned()));
                }
            }
            Edited::Left => {}
        }
    });
}

/// What is claimed, and the next ones if an app says that they are too old.
fn versions(ui: &mut Ui, scene: &mut Scene<'_>) {
    let identity = &scene.view.bridge.identity;
    fact::figure(ui, "Version of the interface", &identity.api_version);
    fact::figure(ui, "Version of the software", &identity.sw_version);
    let raise = doctor::raise(identity);
    let Some(Command::System(system::Command::Set { value, .. })) = raise.first() else { return };
    let t = style::tokens(ui);
    ui.add_space(space::XS);
    ui.horizontal(|ui| {
        let words = format!("Raise to {value}");
        if ui.add(Button::new(&words).icon(icons::ARROW_UP).name("Raise the versions that apps see")).clicked() {
            raise.iter().cloned().for_each(|command| scene.out.again(command));
        }
        let why = "If an app insists on an update of the bridge: it only wants to see newer numbers";
        ui.add(Label::new(style::job(why, text::SIDE, t.text3)).wrap());
    });
}
