//! Adding a device, in five steps: what, find, prove, name and place, done. The same steps for every family.
//!
//! Invariant: the third step does something that can be seen; nothing is kept if a person cancels before the last.

mod find;
mod head;
mod place;
mod prove;
pub mod state;
mod what;

use egui::{Align, Layout, Ui, vec2};

use crate::model::lights::Command;
use crate::ui::panels;
use crate::ui::panels::adding::state::Step;
use crate::ui::scene::Scene;
use crate::ui::style;
use crate::ui::theme::{size, space, stroke};
use crate::ui::widgets::button::Button;
use crate::ui::widgets::scroll;

/// Begins to add a device.
pub fn begin(scene: &mut Scene<'_>) {
    scene.stage.adding.begin(scene.stage.page);
}

/// Stops adding one; what is not finished is forgotten.
pub fn cancel(scene: &mut Scene<'_>) {
    if let Some(made) = scene.stage.adding.unfinished(&scene.view.lights) {
        scene.out.lights(Command::Disconnect(made));
    }
    leave(scene);
}

fn leave(scene: &mut Scene<'_>) {
    scene.stage.adding.open = false;
    if scene.view.lights.search.running {
        scene.out.lights(Command::Search(false));
    }
}

/// Draws the step instead of a page.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>) {
    ui.spacing_mut().item_spacing.y = 0.0;
    head::show(ui, scene.stage.adding.step);
    let room = ui.available_height() - size::ACTION - 2.0 * space::M;
    ui.allocate_ui(vec2(ui.available_width(), room.max(size::ROW)), |ui| {
        ui.set_min_height(room);
        scroll::page(ui, |ui| {
            ui.add_space(space::L);
            match scene.stage.adding.step {
                Step::What => what::show(ui, scene),
                Step::Find => find::show(ui, scene),
                Step::Prove => prove::show(ui, scene),
                Step::Place => place::show(ui, scene),
                Step::Done => place::done(ui, scene),
            }
        });
    });
    foot(ui, scene);
}

/// Cancel at the left; back and on at the right.
fn foot(ui: &mut Ui, scene: &mut Scene<'_>) {
    let t = style::tokens(ui);
    let line = egui::Stroke::new(stroke::HAIR, t.line);
    ui.painter().hline(ui.max_rect().x_range(), ui.cursor().top(), line);
    ui.add_space(space::M);
    let step = scene.stage.adding.step;
    ui.horizontal(|ui| {
        if step != Step::Done && ui.add(Button::new("Cancel").tall().name("Cancel adding a device")).clicked() {
            cancel(scene);
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = space::S;
            match step {
                Step::What => what::next(ui, scene),
                Step::Find => find::next(ui, scene),
                Step::Prove => prove::next(ui, scene),
                Step::Place => place::next(ui, scene),
                Step::Done => last(ui, scene),
            }
            if matches!(step, Step::Find | Step::Prove | Step::Place) && ui.add(Button::new("Back").tall()).clicked() {
                back(scene);
            }
        });
    });
}

fn back(scene: &mut Scene<'_>) {
    match scene.stage.adding.step {
        Step::Find => scene.stage.adding.step = Step::What,
        Step::Place => scene.stage.adding.step = Step::Prove,
        Step::Prove => {
            if let Some(made) = scene.stage.adding.unfinished(&scene.view.lights) {
                scene.out.lights(Command::Disconnect(made));
            }
            scene.stage.adding.asked = None;
            to_find(scene);
        }
        Step::What | Step::Done => {}
    }
}

/// Goes to the second step, and begins to look.
fn to_find(scene: &mut Scene<'_>) {
    scene.stage.adding.step = Step::Find;
    if !scene.view.lights.search.running {
        scene.out.lights(Command::Search(true));
    }
}

fn last(ui: &mut Ui, scene: &mut Scene<'_>) {
    if ui.add(Button::new("Go to Lights").ember().tall()).clicked() {
        leave(scene);
        scene.stage.page = panels::place("Lights").unwrap_or(panels::order::OVERVIEW);
    }
    if ui.add(Button::new("Add another").tall()).clicked() {
        scene.stage.adding.begin(scene.stage.page);
    }
}
