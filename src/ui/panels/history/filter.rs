//! What the lists of History are filtered for, and the controls that say so.

use egui::{Id, TextEdit, Ui, vec2};

use crate::model::alarms::rule::Level;
use crate::ui::panels::history::wanted::{Group, Period, Wanted};
use crate::ui::scene::Scene;
use crate::ui::style;
use crate::ui::theme::{size, text};
use crate::ui::widgets::menu;

/// Draws the controls. `focus` puts the keyboard into the text.
pub fn show(ui: &mut Ui, scene: &Scene<'_>, wanted: &mut Wanted, groups: bool, focus: bool) {
    let t = style::tokens(ui);
    let edit = TextEdit::singleline(&mut wanted.text)
        .id(Id::unique("history filter"))
        .font(style::font(text::BODY))
        .text_color(t.text1)
        .hint_text(style::job("Filter (Ctrl+F)", text::BODY, t.text3))
        .desired_width(size::FIELD)
        .char_limit(100)
        .min_size(vec2(0.0, size::CONTROL))
        .align(egui::Align2::LEFT_CENTER);
    let response = ui.add(edit).accessible_name("Filter");
    if focus {
        response.request_focus();
    }
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
