//! Lights: rooms with one control each, every light in a row of its own, scenes, and what discovery found.
//!
//! ```text
//! head: filter, maker, rooms or makers
//! findings
//! selected: on, off, brightness, colour, white, room, scene
//! room   (o) ----|==o==|----  38-90 %     scenes
//!  light (o) --------o------  80 %        who drives it    answer
//! ```

pub mod acts;
pub mod bulk;
pub mod cells;
pub mod draft;
pub mod empty;
pub mod head;
pub mod list;
pub mod room;
pub mod row;
pub mod rows;
pub mod scenes;
pub mod state;

use egui::Ui;

use crate::ui::icons;
use crate::ui::panels::history;
use crate::ui::panels::lights::rows::Wanted;
use crate::ui::panels::lights::state::Asked;
use crate::ui::scene::Scene;
use crate::ui::theme::space;
use crate::ui::widgets::button::Button;

/// Draws the page.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>) {
    let mut desk = std::mem::take(&mut scene.stage.lights);
    desk.settle(&scene.view.lights, scene.view.seq, &mut scene.stage.undo);
    if scene.view.lights.lights.is_empty() {
        head::findings(ui, scene);
        empty::show(ui, scene);
    } else {
        head::show(ui, scene, &mut desk);
        head::findings(ui, scene);
        ui.add_space(space::S);
        if let Some(Asked::Delete(id)) = desk.asked.clone() {
            let group = scene.view.lights.groups.get(&id).cloned();
            if group.is_none_or(|group| room::ask_delete(ui, scene, &group)) {
                desk.asked = None;
            }
            ui.add_space(space::S);
        }
        bulk::show(ui, scene, &mut desk);
        desk.plan.refresh(&scene.view.lights, scene.view.seq, &desk.wanted);
        if desk.plan.sections.is_empty() {
            history::said(ui, icons::FILTER, "No light matches the filter", "");
            ui.vertical_centered(|ui| {
                if ui.add(Button::new("Clear the filter").icon(icons::X)).clicked() {
                    desk.wanted = Wanted { by: desk.wanted.by, ..Wanted::default() };
                }
            });
        } else {
            list::show(ui, scene, &mut desk);
        }
    }
    scene.stage.lights = desk;
}
