//! Who the bridge is: its name, its number, the versions that it claims, and its ports.

use egui::{Label, Ui};

use crate::model::bridge::Command;
use crate::model::system;
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
/// The settings of what the bridge claims to be.
const VERSIONS: [&str; 2] = ["bridge.api_version", "bridge.sw_version"];

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
                    scene.out.bridge(Command::Rename(name.to_owned()));
                }
            }
            Edited::Left => {}
        }
    });
}

/// What is claimed, and the next ones if an app says that they are too old.
fn versions(ui: &mut Ui, scene: &mut Scene<'_>) {
    let value = |key: &str| {
        let setting = scene.view.system.settings.iter().find(|setting| *setting.key == *key)?;
        Some(setting.value.to_string())
    };
    let [Some(api), Some(software)] = VERSIONS.map(value) else { return };
    fact::figure(ui, "Version of the interface", &api);
    fact::figure(ui, "Version of the software", &software);
    let Some(next) = raised(&api, &software) else { return };
    let t = style::tokens(ui);
    ui.add_space(space::XS);
    ui.horizontal_wrapped(|ui| {
        let words = format!("Raise to {}", next.0);
        if ui.add(Button::new(&words).icon(icons::ARROW_UP).name("Raise the versions that apps see")).clicked() {
            for (key, value) in VERSIONS.into_iter().zip([next.0, next.1]) {
                scene.out.system(system::Command::Set { key: key.to_owned(), value });
            }
        }
        let why = "If an app insists on an update of the bridge: it only wants to see newer numbers";
        ui.add(Label::new(style::job(why, text::SIDE, t.text3)).wrap());
    });
}

/// The next versions: `1.67.0` becomes `1.68.0`, and `1967054020` with it `1968054020`. `None` for others than these.
#[must_use]
pub(super) fn raised(api: &str, software: &str) -> Option<(String, String)> {
    let mut parts = api.split('.');
    let (major, minor) = (parts.next()?, parts.next()?.parse::<u32>().ok()?);
    let minor = minor.checked_add(1).filter(|minor| *minor < 100)?;
    let rest = software.get(4..).filter(|_| software.len() == 10 && software.bytes().all(|b| b.is_ascii_digit()))?;
    Some((format!("{major}.{minor}.0"), format!("19{minor:02}{rest}")))
}
