//! The fourth step: names, and the room. The fifth: what there is now.

use std::collections::BTreeSet;
use std::sync::Arc;

use egui::{Label, Ui};

use crate::model::lights::group::GroupKind;
use crate::model::lights::{Command, Light, MAX_NAME};
use crate::ui::panels::adding::state::{Room, Step};
use crate::ui::scene::Scene;
use crate::ui::theme::{size, space, text};
use crate::ui::widgets::button::Button;
use crate::ui::widgets::{fact, input, menu, section};
use crate::ui::{icons, style, words};

/// Draws it.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>) {
    let lights = lights(scene);
    section::show(ui, "Room", |_| {});
    ui.add_space(space::S);
    room(ui, scene);
    ui.add_space(space::L);
    section::show(ui, "Names", |_| {});
    ui.add_space(space::S);
    for light in &lights {
        let content = scene.stage.adding.names.entry(light.id.clone()).or_insert_with(|| light.name.to_string());
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = space::S;
            let label = format!("Name of {}", light.name);
            input::line(ui, content, &label, &light.name, size::FIELD, MAX_NAME);
            let blink = format!("Let {} blink", light.name);
            if ui.add(Button::new("Blink").icon(icons::LIGHTBULB).name(&blink)).clicked() {
                scene.out.lights(Command::Identify(light.id.clone()));
            }
            let color = style::tokens(ui).text3;
            ui.add(Label::new(style::job(&light.model, text::SIDE, color)).truncate());
        });
        ui.add_space(space::XS);
    }
}

fn lights(scene: &Scene<'_>) -> Vec<Arc<Light>> {
    let Some(known) = scene.stage.adding.connection(&scene.view.lights) else { return Vec::new() };
    scene.view.lights.lights.values().filter(|light| light.connection == known.id).cloned().collect()
}

fn room(ui: &mut Ui, scene: &mut Scene<'_>) {
    let lights = &scene.view.lights;
    let rooms: Vec<_> = lights.groups.values().filter(|group| group.kind == GroupKind::Room).cloned().collect();
    let chosen = match &scene.stage.adding.room {
        Room::Same => "As the device says".to_owned(),
        Room::Known(id) => lights.groups.get(id).map(|room| room.name.to_string()).unwrap_or_default(),
        Room::New(_) => "A new room".to_owned(),
    };
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = space::S;
        menu::drop_down(ui, "Room", "", &chosen, |ui| {
            let desk = &mut scene.stage.adding;
            if menu::item(ui, desk.room == Room::Same, "As the device says", "").clicked() {
                desk.room = Room::Same;
            }
            for room in &rooms {
                let known = Room::Known(room.id.clone());
                let side = words::many(room.lights.len(), "light");
                if menu::item(ui, desk.room == known, &room.name, &side).clicked() {
                    desk.room = known;
                }
            }
            if menu::item(ui, matches!(desk.room, Room::New(_)), "A new room\u{2026}", "").clicked() {
                desk.room = Room::New(String::new());
            }
        });
        if let Room::New(name) = &mut scene.stage.adding.room {
            input::line(ui, name, "Name of the new room", "Living room", size::FIELD, MAX_NAME);
        }
    });
}

/// The way on: what was changed is sent.
pub fn next(ui: &mut Ui, scene: &mut Scene<'_>) {
    let unnamed = matches!(&scene.stage.adding.room, Room::New(name) if name.trim().is_empty());
    if !ui.add_enabled(!unnamed, Button::new("Keep it").ember().tall()).clicked() {
        return;
    }
    let all = lights(scene);
    for light in &all {
        let typed = scene.stage.adding.names.get(&light.id).map(|name| name.trim().to_owned());
        if let Some(name) = typed.filter(|name| !name.is_empty() && **name != *light.name) {
            scene.out.lights(Command::Rename { light: light.id.clone(), name });
        }
    }
    let ids: BTreeSet<_> = all.iter().map(|light| light.id.clone()).collect();
    let put = match &scene.stage.adding.room {
        Room::Same => None,
        Room::Known(id) => scene.view.lights.groups.get(id).map(|room| Command::PutGroup {
            group: Some(room.id.clone()),
            name: room.name.to_string(),
            kind: GroupKind::Room,
            lights: room.lights.union(&ids).cloned().collect(),
        }),
        Room::New(name) => {
            let name = name.trim().to_owned();
            Some(Command::PutGroup { group: None, name, kind: GroupKind::Room, lights: ids })
        }
    };
    if let Some(put) = put.filter(|_| !all.is_empty()) {
        scene.out.lights(put);
    }
    scene.stage.adding.step = Step::Done;
}

/// Draws the last step.
pub fn done(ui: &mut Ui, scene: &mut Scene<'_>) {
    let t = style::tokens(ui);
    let Some(known) = scene.stage.adding.connection(&scene.view.lights).cloned() else { return };
    let lights = lights(scene);
    ui.label(style::job(&format!("{} is part of the house now", known.name), text::TILE_NAME, t.text1));
    ui.add_space(space::S);
    let words = "If its address changes it is found again by itself; if it is switched off, it is there again as soon as it \
                 answers.";
    ui.add(Label::new(style::job(words, text::BODY, t.text2)).wrap());
    ui.add_space(space::L);
    ui.scope(|ui| {
        ui.set_max_width(size::CARD);
        for light in lights {
            let room =
                scene.view.lights.room_of(&light.id).map_or(words::UNKNOWN.to_owned(), |room| room.name.to_string());
            fact::word(ui, &light.name, &room);
        }
    });
}
