//! What the lists of History are filtered for, and the controls that say so.

use egui::Ui;

use crate::model::alarms::rule::Level;
use crate::ui::panels::history::wanted::{Group, Period, Wanted};
use crate::ui::scene::Scene;
use crate::ui::theme::size;
use crate::ui::widgets::{input, menu};

/// Draws the controls. `focus` puts the keyboard into the text.
pub fn show(ui: &mut Ui, scene: &Scene<'_>, wanted: &mut Wanted, groups: bool, focus: bool) {
    input::filter(ui, &mut wanted.text, "history filter", "Filter", focus);
    if groups {
        menu::drop_down(ui, &format!("Kind: {}", wanted.group.words()), "Kind", wanted.group.words(), |ui| {
            for group in Group::ALL {
                if menu::item(ui, group == wanted.group, group.words(), "").clicked() {
                    wanted.group = group;
                }
            }
        });
    }
    level(ui, wanted);
    device(ui, scene, wanted);
    let words = wanted.period.words();
    menu::drop_down(ui, &format!("Period: {words}"), "Period", words, |ui| {
        for period in Period::ALL {
            if menu::item(ui, period == wanted.period, period.words(), "").clicked() {
                wanted.period = period;
            }
        }
    });
}

fn level(ui: &mut Ui, wanted: &mut Wanted) {
    let words = |level: Option<Level>| match level {
        None => "All",
        Some(Level::Notice) => "Notice or worse",
        Some(Level::Warning) => "Warning or worse",
        Some(Level::Danger) => "Danger",
    };
    let chosen = words(wanted.level);
    menu::drop_down(ui, &format!("Level: {chosen}"), "Level", chosen, |ui| {
        for level in std::iter::once(None).chain(Level::ALL.map(Some)) {
            if menu::item(ui, level == wanted.level, words(level), "").clicked() {
                wanted.level = level;
            }
        }
    });
}

fn device(ui: &mut Ui, scene: &Scene<'_>, wanted: &mut Wanted) {
    let devices = scene.devices();
    let chosen = match &wanted.device {
        None => "All".to_owned(),
        Some(id) => scene.device_name(id),
    };
    menu::drop_down(ui, &format!("Device: {chosen}"), "Device", &chosen, |ui| {
        egui::ScrollArea::vertical().max_height(size::MENU * 2.0).show(ui, |ui| {
            if menu::item(ui, wanted.device.is_none(), "All", "").clicked() {
                wanted.device = None;
            }
            for device in &devices {
                let here = wanted.device.as_ref() == Some(&device.id);
                if menu::item(ui, here, &device.name, "").clicked() {
                    wanted.device = Some(device.id.clone());
                }
            }
        });
    });
}
