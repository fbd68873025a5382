//! Lights that an alarm lights up: which, how, and for how long.

use std::sync::Arc;

use egui::{ScrollArea, Ui};

use crate::model::deed::{ALERT_COLORS, Until};
use crate::model::lights::state::{Change, Color};
use crate::model::lights::{Aim, Lights};
use crate::ui::scene::Scene;
use crate::ui::style;
use crate::ui::theme::{size, text};
use crate::ui::widgets::{input, menu};

/// Draws the parts of an alert; `i` is the place of its action.
pub fn show(ui: &mut Ui, scene: &Scene<'_>, alert: (&mut Vec<Aim>, &mut Change, &mut Until), i: usize) {
    let (aims, change, until) = alert;
    let t = style::tokens(ui);
    let plain = |ui: &mut Ui, words: &str| ui.label(style::job(words, text::BODY, t.text1));
    plain(ui, "light up");
    pick_lights(ui, &scene.view.lights, aims, i);
    plain(ui, "in");
    pick_color(ui, change, i);
    plain(ui, "at");
    let mut percent = (change.brightness.unwrap_or(1.0) * 100.0).round() as u32;
    if input::count(ui, &mut percent, &format!("Brightness of action {}", i + 1), "%", 1..=100).changed() {
        (change.on, change.brightness) = (Some(true), Some(percent as f32 / 100.0));
    }
    let words = [(Until::Cleared, "until it is over"), (Until::Acknowledged, "until acknowledged")];
    let chosen = words.iter().find(|(kind, _)| kind == until).map_or("", |(_, word)| *word);
    menu::drop_down(ui, &format!("End of action {}", i + 1), "", chosen, |ui| {
        for (kind, word) in words {
            if menu::item(ui, kind == *until, word, "").clicked() {
                *until = kind;
            }
        }
    });
}

fn pick_lights(ui: &mut Ui, lights: &Lights, aims: &mut Vec<Aim>, i: usize) {
    let names: Vec<Arc<str>> = aims.iter().map(|aim| name(lights, aim)).collect();
    let shown = match names.as_slice() {
        [] => "no lights".to_owned(),
        [first, second] => format!("{first}, {second}"),
        [first] => first.to_string(),
        [first, others @ ..] => format!("{first} and {} more", others.len()),
    };
    menu::drop_down(ui, &format!("Lights of action {}", i + 1), "", &shown, |ui| {
        ScrollArea::vertical().max_height(size::MENU_HIGH).show(ui, |ui| {
            choice(ui, lights, aims, Aim::All);
            lights.groups.keys().for_each(|id| choice(ui, lights, aims, Aim::Group(id.clone())));
            lights.lights.keys().for_each(|id| choice(ui, lights, aims, Aim::Light(id.clone())));
        });
    });
}

/// One thing to aim at, chosen or not. All lights, and some of them, exclude each other.
fn choice(ui: &mut Ui, lights: &Lights, aims: &mut Vec<Aim>, aim: Aim) {
    let is_chosen = aims.contains(&aim);
    if menu::item(ui, is_chosen, &name(lights, &aim), "").clicked() {
        aims.retain(|known| *known != aim && (*known == Aim::All) == (aim == Aim::All));
        if !is_chosen {
            aims.push(aim);
        }
    }
}

fn name(lights: &Lights, aim: &Aim) -> Arc<str> {
    let removed = |id: &str| format!("{id} (removed)").into();
    match aim {
        Aim::All => "all lights".into(),
        Aim::Group(id) => lights.groups.get(id).map_or_else(|| removed(&id.0), |group| Arc::clone(&group.name)),
        Aim::Light(id) => lights.lights.get(id).map_or_else(|| removed(&id.0), |light| Arc::clone(&light.name)),
    }
}

fn pick_color(ui: &mut Ui, change: &mut Change, i: usize) {
    let of = |xy| Some(Color::Xy(xy));
    let known = ALERT_COLORS.iter().find(|(_, color)| change.color == of(color.linear().xy()));
    let shown = match (known, &change.color) {
        (Some((word, _)), _) => (*word).to_owned(),
        (None, Some(color)) => color.xy().linear().srgb().hex(),
        (None, None) => "their colour".to_owned(),
    };
    menu::drop_down(ui, &format!("Colour of action {}", i + 1), "", &shown, |ui| {
        for (word, color) in ALERT_COLORS {
            if menu::item(ui, shown == word, word, "").clicked() {
                change.color = of(color.linear().xy());
            }
        }
    });
}
