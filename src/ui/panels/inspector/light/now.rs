//! Who a light is and how it is now: name, state, switch, brightness.

use egui::{Align, Label, Layout, Ui, vec2};

use crate::model::lights::{Aim, Command, Light, MAX_NAME};
use crate::ui::panels::lights::acts;
use crate::ui::panels::lights::state::{Asked, Desk};
use crate::ui::scene::Scene;
use crate::ui::theme::{size, space, text};
use crate::ui::widgets::field::{self, Edited};
use crate::ui::widgets::slider::Slider;
use crate::ui::widgets::{ask, button, menu, pill, section, slider, toggle};
use crate::ui::{icons, light_words, style};

/// Draws the section.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>, desk: &mut Desk, light: &Light) {
    let t = style::tokens(ui);
    section::quiet(ui, "Light", |ui| {
        if button::icon(ui, icons::X, "Hide the inspector", false).clicked() {
            scene.stage.inspector = Some(false);
        }
        pill::chip_of(ui, light_words::standing(light), light_words::standing_word(light));
    });
    ui.add_space(space::S);
    name(ui, scene, desk, light);
    let room = scene.view.lights.room_of(&light.id).map_or("in no room", |room| &*room.name);
    let can = &light.capabilities;
    let parts = match (can.segments, can.pixels) {
        (2.., _) => format!(", {} segments", can.segments),
        (_, 2..) => format!(", {} pixels", can.pixels),
        _ => String::new(),
    };
    let side = format!("{}, {room}{parts}", light.model);
    ui.add(Label::new(style::job(&side, text::SIDE, t.text2)).truncate());
    if let Some((what, why)) = light_words::trouble(&light.reach, scene.now.wall, &scene.now.zone) {
        ui.add_space(space::S);
        ui.label(style::job(&what, text::STRONG, t.text1));
        ui.add(Label::new(style::job(&why, text::SIDE, t.text2)).wrap());
    }
    ui.add_space(space::M);
    brightness(ui, scene, desk, light);
    if desk.asked == Some(Asked::Forget(light.id.clone())) {
        ui.add_space(space::M);
        let question = format!("Forget {}? Its name and its places in scenes go.", light.name);
        if let Some(yes) = ask::show(ui, &question, "Forget it", "Keep it") {
            desk.asked = None;
            if yes {
                scene.out.lights(Command::ForgetLight(light.id.clone()));
            }
        }
    }
}

fn name(ui: &mut Ui, scene: &mut Scene<'_>, desk: &mut Desk, light: &Light) {
    let t = style::tokens(ui);
    let Some((_, mut content)) = desk.renaming.take().filter(|(id, _)| *id == light.id) else {
        ui.horizontal(|ui| {
            let room = ui.available_width() - 3.0 * (size::CONTROL + space::S);
            ui.scope(|ui| {
                ui.set_max_width(room);
                ui.add(Label::new(style::job(&light.name, text::NAME, t.text1)).truncate());
            });
            if button::icon(ui, icons::BOOKMARK, "Favourite (B)", light.favourite).clicked() {
                let favourite = !light.favourite;
                scene.out.lights(Command::SetFavourite { light: light.id.clone(), favourite });
            }
            if button::icon(ui, icons::PENCIL, "Rename (F2)", false).clicked() {
                desk.renaming = Some((light.id.clone(), light.name.to_string()));
            }
            let more = button::icon(ui, icons::ELLIPSIS, "More", false);
            menu::popup(&more, |ui| {
                if light.capabilities.identify && menu::item(ui, false, "Identify", "I").clicked() {
                    scene.out.lights(Command::Identify(light.id.clone()));
                }
                if menu::item(ui, false, "Forget\u{2026}", "").clicked() {
                    desk.asked = Some(Asked::Forget(light.id.clone()));
                }
            });
        });
        return;
    };
    match field::line(ui, &mut content, "Name of the light", ui.available_width(), MAX_NAME) {
        Edited::Open => desk.renaming = Some((light.id.clone(), content)),
        Edited::Done if !content.trim().is_empty() && content.trim() != &*light.name => {
            scene.out.lights(Command::Rename { light: light.id.clone(), name: content.trim().to_owned() });
        }
        Edited::Done | Edited::Left => {}
    }
}

fn brightness(ui: &mut Ui, scene: &mut Scene<'_>, desk: &Desk, light: &Light) {
    let t = style::tokens(ui);
    let state = light.stack.shown();
    let aims = || vec![Aim::Light(light.id.clone())];
    let row = vec2(ui.available_width(), size::CONTROL);
    ui.allocate_ui_with_layout(row, Layout::right_to_left(Align::Center), |ui| {
        let mut on = state.on;
        if toggle::show(ui, &mut on, "On").changed() {
            acts::switch(scene, desk, aims(), on);
        }
        if !light.capabilities.dimming {
            return;
        }
        let share = if state.on { state.brightness } else { 0.0 };
        let words = if state.on { light_words::percent(state.brightness) } else { "off".to_owned() };
        ui.allocate_ui_with_layout(vec2(size::PERCENT, size::CONTROL), Layout::right_to_left(Align::Center), |ui| {
            ui.label(style::job(&words, text::TAG_FIGURE, t.text1))
        });
        let moved = Slider { chosen: true, ..Slider::share("Brightness", share) }.show(ui);
        if let Some(to) = moved.to {
            let gesture = slider::gesture(ui, &moved.response);
            acts::set(scene, aims(), acts::brightness(to, state.on, moved.response.dragged()), Some(gesture));
        }
    });
}
