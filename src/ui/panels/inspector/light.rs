//! The inspector of a light: who it is, what it shows, its colours, who drives it, what it answers, how it was. While a room or scene
//! is edited, the editor stands in its place.

pub mod actual;
pub mod colour;
pub mod group_editor;
pub mod history;
pub mod layers;
pub mod link;
pub mod now;
pub mod scene_editor;
pub mod segments;
pub mod setup;

use egui::Ui;

use crate::ui::panels::inspector::{self, part, rule};
use crate::ui::panels::lights::draft::Draft;
use crate::ui::scene::Scene;
use crate::ui::theme::space;
use crate::ui::widgets::{blank, section};

/// Draws the inspector's content.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>) {
    let mut desk = std::mem::take(&mut scene.stage.lights);
    if let Some(mut draft) = desk.draft.take() {
        let mut open = true;
        part(ui, |ui| {
            open = match &mut *draft {
                Draft::Group(group) => group_editor::show(ui, scene, &mut desk, group),
                Draft::Scene(edited) => scene_editor::show(ui, scene, &mut desk, edited),
            };
        });
        desk.draft = open.then_some(draft);
    } else if let Some(light) = desk.here.as_ref().and_then(|id| scene.view.lights.lights.get(id)).cloned() {
        part(ui, |ui| now::show(ui, scene, &mut desk, &light));
        let can = &light.capabilities;
        if can.color.is_some() || can.mirek.is_some() {
            rule(ui);
            part(ui, |ui| colour::show(ui, scene, &mut desk, &light));
        }
        if can.segments > 1 && can.color.is_some() {
            rule(ui);
            part(ui, |ui| segments::show(ui, scene, &mut desk, &light));
        }
        rule(ui);
        part(ui, |ui| layers::show(ui, scene, &light));
        rule(ui);
        part(ui, |ui| actual::show(ui, scene, &light));
        rule(ui);
        part(ui, |ui| setup::show(ui, scene, &mut desk, &light));
        rule(ui);
        part(ui, |ui| link::show(ui, scene, &light));
        rule(ui);
        part(ui, |ui| history::show(ui, scene, &light));
        rule(ui);
        part(ui, |ui| link::raw(ui, scene, &light));
    } else {
        part(ui, |ui| {
            section::quiet(ui, "Light", |ui| inspector::close(ui, scene));
            ui.add_space(space::S);
            blank::line(ui, "Select a light to see everything about it");
        });
    }
    scene.stage.lights = desk;
}
