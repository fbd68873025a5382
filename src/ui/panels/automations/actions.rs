//! What a rule does when its alarm is raised: commands as data.

use egui::{Label, Ui};

use crate::model::alarms::rule::{Action, Level, Rule};
use crate::model::deed::{Deed, Lights, Thermal};
use crate::model::sensors::{self, DeviceId};
use crate::model::system;
use crate::ui::panels::automations::alert;
use crate::ui::scene::Scene;
use crate::ui::theme::{size, text};
use crate::ui::widgets::button::{self, Button};
use crate::ui::widgets::{input, menu};
use crate::ui::{icons, style};

/// Longest value of a setting.
const VALUE_LIMIT: usize = 400;
/// Longest words of a bookmark.
const WORDS_LIMIT: usize = 80;
/// Most actions of a rule.
const MOST: usize = 32;

/// Draws the list of actions and the button that adds one.
pub fn show(ui: &mut Ui, scene: &Scene<'_>, rule: &mut Rule) {
    let t = style::tokens(ui);
    let mut removed = None;
    for (i, action) in rule.actions.iter_mut().enumerate() {
        ui.horizontal_wrapped(|ui| {
            ui.label(style::job("From", text::BODY, t.text2));
            let name = format!("Action {} from", i + 1);
            menu::drop_down(ui, &name, "", action.at_least.word(), |ui| {
                for level in Level::ALL {
                    if menu::item(ui, level == action.at_least, level.word(), "").clicked() {
                        action.at_least = level;
                    }
                }
            });
            ui.label(style::job("on", text::BODY, t.text2));
            deed(ui, scene, &mut action.command, i);
            if button::icon(ui, icons::TRASH_2, &format!("Remove action {}", i + 1), false).clicked() {
                removed = Some(i);
            }
        });
    }
    if let Some(i) = removed {
        rule.actions.remove(i);
    }
    let add = ui.add_enabled(rule.actions.len() < MOST, Button::new("Add action\u{2026}").icon(icons::PLUS));
    menu::popup(&add, |ui| {
        for (word, make) in KINDS {
            if menu::item(ui, false, word, "").clicked() {
                rule.actions.push(Action { at_least: Level::Danger, command: make(scene) });
            }
        }
    });
}

type Make = fn(&Scene<'_>) -> Deed;

/// What can be added.
const KINDS: [(&str, Make); 6] = [
    ("Light up lights", |_| Deed::Lights(Lights::all_red())),
    ("Change a setting", |_| {
        Deed::System(system::Command::Set { key: "alarms.sound".to_owned(), value: "true".to_owned() })
    }),
    ("Ask for a calibration", |scene| Deed::Sensors(sensors::Command::AskCalibration { device: first_device(scene) })),
    ("Let a device dial in anew", |scene| Deed::Sensors(sensors::Command::Reconnect { device: first_device(scene) })),
    ("Bring the window forward", |_| Deed::System(system::Command::ShowWindow)),
    ("Bookmark the moment", |_| Deed::Thermal(Thermal::Bookmark { words: String::new() })),
];

fn first_device(scene: &Scene<'_>) -> DeviceId {
    scene.devices().first().map_or_else(|| DeviceId::new("none"), |device| device.id.clone())
}

fn deed(ui: &mut Ui, scene: &Scene<'_>, deed: &mut Deed, i: usize) {
    let t = style::tokens(ui);
    let plain = |ui: &mut Ui, words: &str| ui.label(style::job(words, text::BODY, t.text1));
    match deed {
        Deed::System(system::Command::ShowWindow) => {
            plain(ui, "bring the window forward");
        }
        Deed::System(system::Command::Set { key, value }) => {
            plain(ui, "set");
            pick_setting(ui, scene, key, value, i);
            plain(ui, "to");
            input::line(ui, value, &format!("Value of action {}", i + 1), "", size::FIELD, VALUE_LIMIT);
        }
        Deed::Sensors(sensors::Command::AskCalibration { device }) => {
            plain(ui, "ask for the calibration of");
            pick_device(ui, scene, device, i);
        }
        Deed::Sensors(sensors::Command::Reconnect { device }) => {
            plain(ui, "close the connection, so that it dials in anew, of");
            pick_device(ui, scene, device, i);
        }
        Deed::Lights(Lights::Alert { aims, change, until }) => alert::show(ui, scene, (aims, change, until), i),
        Deed::Thermal(Thermal::Bookmark { words }) => {
            plain(ui, "bookmark the moment as");
            input::line(ui, words, &format!("Words of action {}", i + 1), "", size::FIELD, WORDS_LIMIT);
        }
        other => {
            let room = ui.available_width() - size::CONTROL - ui.spacing().item_spacing.x;
            let words = serde_json::to_string(other).unwrap_or_default();
            ui.scope(|ui| {
                ui.set_max_width(room);
                ui.add(Label::new(style::job(&words, text::FIGURE, t.text2)).truncate());
            });
        }
    }
}

/// The list of settings; the value follows the choice.
fn pick_setting(ui: &mut Ui, scene: &Scene<'_>, key: &mut String, value: &mut String, i: usize) {
    menu::drop_down(ui, &format!("Setting of action {}", i + 1), "", &key.clone(), |ui| {
        egui::ScrollArea::vertical().max_height(size::MENU_HIGH).show(ui, |ui| {
            for setting in scene.view.system.settings.iter() {
                if menu::item(ui, *setting.key == **key, &setting.key, "").on_hover_text(&*setting.help).clicked() {
                    (*key, *value) = (setting.key.to_string(), setting.value.to_string());
                }
            }
        });
    });
}

fn pick_device(ui: &mut Ui, scene: &Scene<'_>, chosen: &mut DeviceId, i: usize) {
    let known = scene.view.sensors.devices.get(chosen);
    let shown = known.map_or_else(|| format!("{chosen} (removed)"), |device| device.name.to_string());
    menu::drop_down(ui, &format!("Device of action {}", i + 1), "", &shown, |ui| {
        egui::ScrollArea::vertical().max_height(size::MENU_HIGH).show(ui, |ui| {
            for device in scene.devices() {
                if menu::item(ui, device.id == *chosen, &device.name, "").clicked() {
                    *chosen = device.id.clone();
                }
            }
        });
    });
}
