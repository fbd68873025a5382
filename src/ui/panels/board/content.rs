//! What panes show, and how it is drawn.

use egui::{Rect, Response, ScrollArea, Sense, Ui, UiBuilder, pos2, vec2};

use crate::model::sensors::DeviceId;
use crate::ui::panels;
use crate::ui::panels::board::pane::Pane;
use crate::ui::panels::board::state::Board;
use crate::ui::panels::history::picks::Trends;
use crate::ui::panels::history::{journal, legend, trends};
use crate::ui::panels::overview::alarms;
use crate::ui::panels::thermal::around;
use crate::ui::panels::thermal::facts::Facts;
use crate::ui::panels::thermal::{has_tile, tile};
use crate::ui::scene::Scene;
use crate::ui::theme::{size, space};
use crate::ui::widgets::{blank, heat_view, past};
use crate::ui::{desk, icons, style, words};

/// The figure beside its name: the newest value, or how many alarms.
#[must_use]
pub fn figure(scene: &Scene<'_>, board: &Board, pane: &Pane) -> String {
    match pane {
        Pane::Picture(device) => {
            let Some(device) = scene.view.sensors.devices.get(device) else { return String::new() };
            let frame = scene.pictures.frame(&device.id);
            let facts = Facts { device, standing: scene.standing(device), frame: frame.as_deref(), array: None };
            if facts.is_now() {
                words::degrees_with_unit(facts.hottest(), scene.choices.scale)
            } else {
                facts.standing.word().to_owned()
            }
        }
        Pane::Trend { .. } => {
            let pick = board.trends.get(pane).and_then(|trends| trends.picks.first());
            pick.map(|pick| legend::newest(scene, pick)).unwrap_or_default()
        }
        Pane::Alarms => alarms::count(scene),
        Pane::Journal => String::new(),
    }
}

/// Draws what a pane shows.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>, board: &mut Board, pane: &Pane, rect: Rect, response: &Response) {
    let known = |device: &DeviceId| scene.view.sensors.devices.contains_key(device);
    match pane {
        Pane::Picture(device) | Pane::Trend { device, .. } if !known(device) => gone(ui, device, rect),
        Pane::Picture(device) => picture(ui, scene, device, rect, response),
        Pane::Trend { device, channel, minutes } => {
            let trends = board.trends.entry(pane.clone());
            let trends = trends.or_insert_with(|| Trends::alone(device, channel, *minutes));
            trends::alone(ui, scene, trends, rect.shrink2(vec2(space::S, space::M)));
        }
        Pane::Alarms => list(ui, scene, rect),
        Pane::Journal => tail(ui, scene, board, rect),
    }
}

fn gone(ui: &Ui, device: &DeviceId, rect: Rect) {
    let cause = format!("No sensor here is {device}");
    let next = "It shows again when it dials in; or close this pane";
    blank::over(ui, rect, icons::UNPLUG, &cause, next, blank::inks(style::tokens(ui)));
}

/// The picture with its palette bar, and its figures where there is room for them.
fn picture(ui: &Ui, scene: &mut Scene<'_>, id: &DeviceId, rect: Rect, response: &Response) {
    let Some(device) = scene.view.sensors.devices.get(id).cloned() else { return };
    if !has_tile(scene, &device) {
        let ink = blank::inks(style::tokens(ui));
        blank::over(ui, rect, icons::FLAME, "No picture", "This sensor has no thermal array", ink);
        return;
    }
    let frame = scene.pictures.frame(id);
    let array = scene.array(id).as_deref().cloned();
    let facts = Facts { device: &device, standing: scene.standing(&device), frame: frame.as_deref(), array };
    let below = if rect.height() > size::PANE { size::TILE_FOOT_DENSE } else { space::S };
    let scale = if facts.has_temperatures() { size::SCALE } else { space::S };
    let room = Rect::from_min_max(rect.min + vec2(space::S, space::S), rect.max - vec2(scale, below));
    let well = match &frame {
        // The palette bar stands beside the picture, wherever that leaves room.
        Some(frame) if facts.has_temperatures() => {
            let mounting = facts.array.as_ref().map(|array| scene.choice(array).mounting).unwrap_or_default();
            heat_view::fit(room, mounting.shown(frame.size))
        }
        _ => room,
    };
    tile::picture(ui, scene, &facts, past::inside(well, facts.standing), response, true);
    let beside = Rect::from_min_max(well.right_top(), pos2(well.right() + size::SCALE, well.bottom()));
    around::scale_bar(ui, scene, &facts, beside);
    if below > space::S {
        let foot = Rect::from_min_max(pos2(rect.left(), rect.bottom() - below), rect.max);
        if facts.is_now() {
            around::foot(ui, scene, &facts, foot);
        } else {
            around::note(ui, &facts, foot);
        }
    }
    desk::menu::of_picture(response, scene, &device);
}

fn list(ui: &mut Ui, scene: &mut Scene<'_>, rect: Rect) {
    let lines = alarms::lines(scene);
    let mut place = ui.new_child(UiBuilder::new().max_rect(rect).id_salt("alarms"));
    ScrollArea::vertical().auto_shrink(false).show(&mut place, |ui| {
        let wanted = vec2(ui.available_width(), alarms::rows_height(&lines, scene.choices.density));
        let (rows, _) = ui.allocate_exact_size(wanted, Sense::hover());
        alarms::rows(ui, scene, &lines, rows);
    });
}

/// The journal, newest first; an entry that is opened is shown in History.
fn tail(ui: &mut Ui, scene: &mut Scene<'_>, board: &mut Board, rect: Rect) {
    let mut place = ui.new_child(UiBuilder::new().max_rect(rect).id_salt("journal"));
    place.set_clip_rect(rect.intersect(ui.clip_rect()));
    journal::show(&mut place, scene, &mut board.journal, &mut board.wanted, &mut board.opened);
    if board.opened.is_open() {
        scene.stage.history.opened = std::mem::take(&mut board.opened);
        super::acts::open(scene, &Pane::Journal);
        scene.stage.page = panels::order::HISTORY;
        ui.ctx().request_repaint();
    }
}
