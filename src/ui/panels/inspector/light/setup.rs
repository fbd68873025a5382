//! How a light is set up: its room, effects of its own, what it does when power comes back.

use egui::Ui;

use crate::model::lights::capabilities::PowerOn;
use crate::model::lights::group::GroupKind;
use crate::model::lights::state::Change;
use crate::model::lights::{Aim, Command, Light};
use crate::ui::icons;
use crate::ui::panels::lights::acts;
use crate::ui::panels::lights::draft::{Draft, GroupDraft};
use crate::ui::panels::lights::state::Desk;
use crate::ui::scene::Scene;
use crate::ui::theme::space;
use crate::ui::widgets::button::Button;
use crate::ui::widgets::{fact, menu, section};

/// Draws the section.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>, desk: &mut Desk, light: &Light) {
    section::quiet_tall(ui, "Setup", |ui| {
        if light.capabilities.identify && ui.add(Button::new("Identify").icon(icons::ZAP)).clicked() {
            scene.out.lights(Command::Identify(light.id.clone()));
        }
    });
    ui.add_space(space::S);
    room(ui, scene, desk, light);
    let view = scene.view;
    let zones = view.lights.groups.values().filter(|group| group.kind == GroupKind::Zone);
    let zones: Vec<&str> = zones.filter(|zone| zone.lights.contains(&light.id)).map(|zone| &*zone.name).collect();
    if !zones.is_empty() {
        fact::word(ui, "Zones", &zones.join(", "));
    }
    effects(ui, scene, light);
    power_on(ui, scene, light);
}

fn room(ui: &mut Ui, scene: &mut Scene<'_>, desk: &mut Desk, light: &Light) {
    let view = scene.view;
    let here = view.lights.room_of(&light.id);
    let name = here.map_or("None", |room| &room.name);
    fact::with(ui, "Room", |ui| {
        menu::drop_down(ui, &format!("Room: {name}"), "", name, |ui| {
            let own = std::iter::once(light.id.clone());
            if menu::item(ui, here.is_none(), "None", "").clicked() {
                acts::take_out(scene, &own.clone().collect());
            }
            for room in view.lights.groups.values().filter(|group| group.kind == GroupKind::Room) {
                let chosen = here.is_some_and(|here| here.id == room.id);
                if menu::item(ui, chosen, &room.name, "").clicked() {
                    acts::put_into(scene, room, own.clone());
                }
            }
            if menu::item(ui, false, "New room\u{2026}", "").clicked() {
                acts::edit(scene, desk, Draft::Group(GroupDraft::new(GroupKind::Room, own.collect())));
            }
        });
    });
}

fn effects(ui: &mut Ui, scene: &mut Scene<'_>, light: &Light) {
    let effects = &light.capabilities.effects;
    if effects.is_empty() {
        return;
    }
    let now = light.stack.shown().effect;
    let name = now.as_deref().unwrap_or("None");
    fact::with(ui, "Effect of its own", |ui| {
        menu::drop_down(ui, &format!("Effect of its own: {name}"), "", name, |ui| {
            egui::ScrollArea::vertical().max_height(crate::ui::theme::size::MENU_TALL).show(ui, |ui| {
                let choices = std::iter::once(None).chain(effects.iter().map(Some));
                for effect in choices {
                    let word = effect.map_or("None", |effect| effect);
                    if menu::item(ui, now.as_ref() == effect, word, "").clicked() {
                        let effect = Some(effect.cloned().unwrap_or_default());
                        let change = Change { effect, ..Change::default() };
                        acts::set(scene, vec![Aim::Light(light.id.clone())], change, None);
                    }
                }
            });
        });
    });
}

fn power_on(ui: &mut Ui, scene: &mut Scene<'_>, light: &Light) {
    if light.capabilities.power_on.is_empty() {
        return;
    }
    let word = |power_on| match power_on {
        PowerOn::Off => "Off",
        PowerOn::On => "On, in white",
        PowerOn::Previous => "As it was",
    };
    let now = light.power_on.map_or("Not set", word);
    fact::with(ui, "When power comes back", |ui| {
        menu::drop_down(ui, &format!("When power comes back: {now}"), "", now, |ui| {
            for power_on in light.capabilities.power_on.iter().copied() {
                if menu::item(ui, light.power_on == Some(power_on), word(power_on), "").clicked() {
                    scene.out.lights(Command::SetPowerOn { light: light.id.clone(), power_on });
                }
            }
        });
    });
}
