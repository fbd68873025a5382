//! Overview: the hottest margin first and largest, the alarms, the lights, the air; nothing that needs a click to be read.
//!
//! Invariant: tiles change places only for a difference that matters, and not under the pointer for [`crate::ui::theme::time::ORDER`].

pub mod air;
pub mod alarms;
pub mod empty;
pub mod lights;
pub mod main_tile;
pub mod order;
pub mod plan;
pub mod rooms;
pub mod state;

use std::sync::Arc;

use egui::{Rect, Sense, Ui, vec2};

use crate::model::sensors::Device;
use crate::ui::panels;
use crate::ui::panels::overview::plan::{Needed, Plan};
use crate::ui::panels::thermal::{self, tile, time};
use crate::ui::scene::Scene;
use crate::ui::standing::Standing;
use crate::ui::theme::space;
use crate::ui::widgets::{blank, scroll, section};

/// Draws the page.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>) {
    let devices = scene.devices();
    if devices.is_empty() {
        if scene.view.lights.lights.is_empty() {
            empty::show(ui, scene);
        } else {
            lights::page(ui, scene);
        }
        return;
    }
    scene.stage.enlarged = false;
    if scene.stage.board.on {
        panels::board::show(ui, scene);
        return;
    }
    order::measure(scene);
    let mut tiles: Vec<_> = devices.iter().filter(|device| thermal::has_tile(scene, device)).cloned().collect();
    let hovered = scene.stage.overview.tiles.is_some_and(|area| ui.rect_contains_pointer(area));
    order::put_in_order(ui.ctx(), scene, &mut tiles, hovered);
    if scene.stage.selected.is_none() && !scene.stage.touched {
        scene.stage.selected = tiles.first().or_else(|| devices.first()).map(|device| device.id.clone());
    }
    let live = tiles.iter().filter(|device| Standing::of(device) == Standing::Live).count();
    time::keys(ui, scene);
    let fact = format!("least margin first \u{b7} {live} of {} live", tiles.len());
    section::tall(ui, "Heat", |ui| {
        panels::board::switch(ui, scene);
        thermal::controls(ui, scene, &fact);
    });
    ui.add_space(space::S);
    let air = air::rows(scene, &devices);
    let lines = alarms::lines(scene);
    let density = scene.choices.density;
    let needed = Needed {
        tiles: tiles.len(),
        alarms: alarms::height(&lines, density),
        lights: lights::heights(lights::refresh(scene), density),
        air: air::height(air.len(), density),
    };
    let room = ui.available_size();
    let plan = Plan::of(&needed, vec2(room.x, room.y));
    scroll::page(ui, |ui| {
        let (area, _) = ui.allocate_exact_size(plan.size, Sense::hover());
        let place = |rect: Rect| rect.translate(area.min.to_vec2());
        pictures(ui, scene, &tiles, &plan, area);
        alarms::show(ui, scene, &lines, place(plan.alarms));
        if let Some(rect) = plan.lights {
            lights::show(ui, scene, place(rect));
        }
        if let Some(rect) = plan.air {
            air::show(ui, scene, &air, place(rect));
        }
    });
    time::naming(ui, scene);
    // In the order of the tiles; Enter lets the selected one fill Thermal.
    thermal::keys(ui, scene, &tiles, 1);
    if scene.stage.enlarged {
        scene.stage.page = panels::order::THERMAL;
        ui.ctx().request_repaint();
    }
}

fn pictures(ui: &mut Ui, scene: &mut Scene<'_>, tiles: &[Arc<Device>], plan: &Plan, area: Rect) {
    let place = |rect: Rect| rect.translate(area.min.to_vec2());
    scene.stage.overview.tiles = Some(place(plan.heat));
    if tiles.is_empty() {
        let mut place = ui.new_child(egui::UiBuilder::new().max_rect(place(plan.heat)));
        blank::line(&mut place, "No thermal array has sent a picture yet");
    }
    for (i, (device, rect)) in tiles.iter().zip(plan.tiles()).enumerate() {
        if i == 0 && plan.main.is_some() {
            main_tile::show(ui, scene, device, place(rect));
        } else {
            tile::show(ui, scene, device, place(rect));
        }
    }
}
