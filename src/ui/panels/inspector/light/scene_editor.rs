//! The editor of a scene: its name, its place, its time, and what it holds: states, moving colours, parts of the day.

use egui::Ui;

use crate::model::lights::scene::Slot;
use crate::model::lights::state::Color;
use crate::model::lights::{Command, MAX_NAME};
use crate::ui::panels::lights::draft::{Held, MOST_COLORS, MOST_SLOTS, SceneDraft};
use crate::ui::panels::lights::state::Desk;
use crate::ui::scene::Scene;
use crate::ui::theme::{size, space, text};
use crate::ui::widgets::button::{self, Button};
use crate::ui::widgets::slider::Slider;
use crate::ui::widgets::{fact, input, menu, section, segment, swatch};
use crate::ui::{icons, light_words, style, words};
use crate::units::color::Gamut;

/// The longest time that a scene takes to be there, s.
const LONGEST_S: f64 = 600.0;

/// Draws the editor; false when it is done with.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>, desk: &mut Desk, draft: &mut SceneDraft) -> bool {
    let t = style::tokens(ui);
    let mut open = true;
    let title = if draft.id.is_some() { "Scene" } else { "New scene" };
    section::quiet(ui, title, |ui| open = !button::icon(ui, icons::X, "Cancel editing", false).clicked());
    ui.add_space(space::S);
    let width = ui.available_width() - 2.0 * space::S;
    let entered = input::first(ui, &mut draft.name, "Name of the scene", "Name", width, MAX_NAME);
    ui.add_space(space::S);
    place(ui, scene, draft);
    let mut seconds = f64::from(draft.transition_ms) / 1e3;
    fact::with(ui, "Takes", |ui| {
        let number = input::Number {
            name: "Transition of the scene",
            before: "",
            unit: "\u{a0}s",
            width: size::FIGURE,
            range: 0.0..=LONGEST_S,
            step: 0.1,
            decimals: 1,
        };
        if input::number(ui, &mut seconds, &number).changed() {
            draft.transition_ms = (seconds * 1e3).round() as u32;
        }
    });
    ui.add_space(space::S);
    let choices = draft.choices();
    if let Some(held) = segment::wide(ui, "Holds", draft.held, &choices) {
        draft.held = held;
    }
    ui.add_space(space::S);
    match draft.held {
        Held::Now => {
            let words = match &draft.only {
                Some(only) => format!("What {} show now", words::many(only.len(), "light")),
                None => "What its lights show now, each its own".to_owned(),
            };
            ui.label(style::job(&words, text::SIDE, t.text2));
        }
        Held::Kept => drop(ui.label(style::job("The states that it holds already", text::SIDE, t.text2))),
        Held::Moving => moving(ui, desk, draft),
        Held::OfDay => of_day(ui, scene, draft),
    }
    ui.add_space(space::M);
    finish(ui, scene, desk, draft, entered) && open
}

fn place(ui: &mut Ui, scene: &Scene<'_>, draft: &mut SceneDraft) {
    let groups = &scene.view.lights.groups;
    let name = draft.group.as_ref().and_then(|id| groups.get(id)).map_or("Whole house", |group| &group.name);
    fact::with(ui, "Of", |ui| {
        menu::drop_down(ui, &format!("Scene of: {name}"), "", name, |ui| {
            if menu::item(ui, draft.group.is_none(), "Whole house", "").clicked() {
                draft.group = None;
            }
            for group in groups.values() {
                if menu::item(ui, draft.group.as_ref() == Some(&group.id), &group.name, "").clicked() {
                    draft.group = Some(group.id.clone());
                }
            }
        });
    });
}

/// Colours, how bright and how fast.
fn moving(ui: &mut Ui, desk: &mut Desk, draft: &mut SceneDraft) {
    ui.horizontal_wrapped(|ui| {
        for i in 0..draft.palette.colors.len() {
            let Some(color) = draft.palette.colors.get(i) else { break };
            let name = format!("Colour {} of the scene, {}", i + 1, light_words::color(color));
            if swatch::dot(ui, light_words::paint(color.xy()), i == draft.chosen, &name).clicked() {
                draft.chosen = i;
            }
        }
        let full = draft.palette.colors.len() >= MOST_COLORS;
        if !full && button::icon(ui, icons::PLUS, "Add a colour", false).clicked() {
            draft.add_color();
        }
        if draft.palette.colors.len() > 1 && button::icon(ui, icons::MINUS, "Remove the chosen colour", false).clicked()
        {
            draft.remove_color();
        }
    });
    ui.add_space(space::S);
    let chosen = draft.chosen;
    if let Some(color) = draft.palette.colors.get_mut(chosen) {
        let across = ui.available_width().min(size::WHEEL);
        if let Some(picked) = desk.wheel.show(ui, across, Gamut::C, color.xy(), "Colour of the scene") {
            *color = Color::Xy(picked.xy);
        }
    }
    ui.add_space(space::S);
    let palette = &mut draft.palette;
    for (label, name, value) in [
        ("Brightness", "Brightness of the scene", &mut palette.brightness),
        ("Speed", "Speed of the scene", &mut palette.speed),
    ] {
        fact::with(ui, label, |ui| {
            let t = style::tokens(ui);
            ui.label(style::job(&light_words::percent(*value), text::FIGURE, t.text1));
            let slider = Slider { reset: 0.5, chosen: true, ..Slider::share(name, *value) };
            if let Some(to) = slider.show(ui).to {
                *value = to;
            }
        });
    }
}

/// The parts of the day, each with its scene.
fn of_day(ui: &mut Ui, scene: &Scene<'_>, draft: &mut SceneDraft) {
    let t = style::tokens(ui);
    let view = &scene.view.lights;
    let offered: Vec<_> = draft.for_slots(view).map(|known| (known.id.clone(), known.name.to_string())).collect();
    if offered.is_empty() {
        ui.label(style::job("Save other scenes of this place first", text::SIDE, t.text2));
        return;
    }
    let mut gone = None;
    for (i, slot) in draft.slots.iter_mut().enumerate() {
        ui.horizontal(|ui| {
            minutes(ui, slot, i);
            let name = offered.iter().find(|(id, _)| *id == slot.scene).map_or("removed", |(_, name)| name);
            menu::drop_down(ui, &format!("Scene of part {}: {name}", i + 1), "", name, |ui| {
                for (id, name) in &offered {
                    if menu::item(ui, *id == slot.scene, name, "").clicked() {
                        slot.scene = id.clone();
                    }
                }
            });
            if button::icon(ui, icons::X, &format!("Remove part {}", i + 1), false).clicked() {
                gone = Some(i);
            }
        });
    }
    if let Some(i) = gone {
        draft.slots.remove(i);
    }
    if draft.slots.len() < MOST_SLOTS
        && ui.add(Button::new("Add a part of the day").icon(icons::PLUS)).clicked()
        && let Some((first, _)) = offered.first()
    {
        let after = draft.slots.last().map_or(7 * 60, |slot| (slot.from_minute + 120).min(1439));
        draft.slots.push(Slot { from_minute: after, scene: first.clone() });
    }
}

/// When a part of the day begins, as hours and minutes.
fn minutes(ui: &mut Ui, slot: &mut Slot, i: usize) {
    let (mut hour, mut minute) = (u32::from(slot.from_minute / 60), u32::from(slot.from_minute % 60));
    let hours = input::count(ui, &mut hour, &format!("Hour of part {}", i + 1), "\u{a0}h", 0..=23);
    let minutes = input::count(ui, &mut minute, &format!("Minute of part {}", i + 1), "\u{a0}min", 0..=59);
    if hours.changed() || minutes.changed() {
        slot.from_minute = u16::try_from(hour * 60 + minute).unwrap_or(0).min(1439);
    }
}

/// Save, cancel, delete; false when one of them was pressed. `entered` is as good as Save.
fn finish(ui: &mut Ui, scene: &mut Scene<'_>, desk: &mut Desk, draft: &SceneDraft, entered: bool) -> bool {
    let t = style::tokens(ui);
    let command = draft.command(&scene.view.lights);
    let mut open = true;
    ui.horizontal(|ui| {
        let save = ui.add_enabled_ui(command.is_ok(), |ui| ui.add(Button::new("Save").ember().icon(icons::CHECK)));
        match command {
            Ok(command) if entered || save.inner.clicked() => {
                desk.makes(&scene.view.lights, format!("add the scene {}", draft.name.trim()), &command);
                scene.out.lights(command);
                open = false;
            }
            Ok(_) => {}
            Err(missing) => drop(ui.label(style::job(missing, text::SIDE, t.text2))),
        }
        if ui.add(Button::new("Cancel")).clicked() {
            open = false;
        }
        if let Some(id) = draft.id.clone()
            && ui.add(Button::new("Delete").icon(icons::TRASH_2)).clicked()
        {
            scene.out.lights(Command::RemoveScene(id));
            open = false;
        }
    });
    open
}
