//! Inspection: one array fills the page.
//!
//! ```text
//!  header: name, facts, controls
//!  tools | picture with regions                | range and histogram
//!        |                                     | the other arrays
//!  line of time: trend, alarms, bookmarks, transport
//! ```
//! In a page too small for that the picture takes it alone, and the rest is scrolled to.

pub mod acts;
pub mod axis;
pub mod compare;
pub mod drag;
pub mod head;
pub mod hover;
pub mod keys;
pub mod marks;
pub mod others;
pub mod overlay;
pub mod parts;
pub mod place;
pub mod range;
pub mod reading;
pub mod scrub;
pub mod shapes;
pub mod state;
pub mod tags;
pub mod tools;
pub mod watched;

use std::sync::Arc;

use egui::{Event, EventFilter, Response, Sense, Ui};

use crate::model::sensors::Device;
use crate::model::thermal::region::Cell;
use crate::model::thermal::{Array, ThermalFrame};
use crate::ui::panels::thermal::facts::Facts;
use crate::ui::panels::thermal::inspect::overlay::Overlay;
use crate::ui::panels::thermal::inspect::parts::Parts;
use crate::ui::panels::thermal::inspect::place::Place;
use crate::ui::panels::thermal::inspect::state::{Tool, picture_id};
use crate::ui::panels::thermal::tile;
use crate::ui::scene::Scene;
use crate::ui::theme::{radius, space};
use crate::ui::widgets::alarmed::{self, Alarmed};
use crate::ui::widgets::{past, scroll};
use crate::ui::{style, widgets, words};
use crate::units::grid::Size;

/// Draws the page for one device.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>, device: &Device) {
    ui.spacing_mut().item_spacing.y = 0.0;
    let frame = scene.pictures.frame(&device.id);
    let array = scene.array(&device.id);
    let facts =
        Facts { device, standing: scene.standing(device), frame: frame.as_deref(), array: array.as_deref().cloned() };
    if let Some(array) = &array {
        scene.stage.inspect.settle(array);
    }
    head::show(ui, scene, &facts);
    ui.add_space(space::S);
    let size = frame.as_ref().map(|frame| frame.size).or(array.as_ref().map(|array| array.size));
    let mounting = array.as_ref().map(|array| scene.choice(array).mounting).unwrap_or_default();
    let shown = mounting.shown(size.unwrap_or(Size::MLX90640));
    let room = ui.available_rect_before_wrap();
    match Parts::of(room, shown) {
        Some(parts) => {
            body(ui, scene, &facts, frame.as_ref(), parts);
            ui.advance_cursor_after_rect(room);
        }
        None => scroll::page(ui, |ui| {
            let parts = Parts::stacked(ui.available_rect_before_wrap(), room.height(), shown);
            ui.allocate_rect(parts.all(), Sense::hover());
            body(ui, scene, &facts, frame.as_ref(), parts);
        }),
    }
}

fn body(ui: &mut Ui, scene: &mut Scene<'_>, facts: &Facts<'_>, frame: Option<&Arc<ThermalFrame>>, parts: Parts) {
    let device = facts.device;
    tools::show(ui, scene, parts.tools, facts.has_temperatures());
    let halves = compare::halves(scene, &device.id, parts.picture);
    let picture = halves.map_or(parts.picture, |halves| past::inside(halves.first, facts.standing));
    let response = ui.interact(picture, picture_id(&device.id), Sense::click_and_drag());
    tile::picture(ui, scene, facts, picture, &response, false);
    if let Some(halves) = &halves {
        compare::show(ui, scene, device, halves);
    }
    if let (Some(array), Some(frame)) = (&facts.array, frame)
        && frame.extremes.is_some()
        && frame.size == array.size
    {
        regions(ui, scene, facts, array, frame, &response);
    }
    hover::pointed(ui, scene, device, picture, &response);
    let alarmed = Alarmed::of(&scene.view.alarms, &device.id).and_then(|alarmed| alarmed.border(style::tokens(ui)));
    if let Some(border) = alarmed {
        alarmed::frame(ui.painter(), picture, border);
    }
    if scene.stage.inspect.by_keys {
        widgets::focus_ring(ui, &response, radius::PICTURE);
    }
    range::show(ui, scene, device, parts.range);
    others::show(ui, scene, device, parts.others);
    scrub::show(ui, scene, device, parts.time);
}

/// The regions over the picture, under the pointer and under the keyboard.
fn regions(
    ui: &Ui,
    scene: &mut Scene<'_>,
    facts: &Facts<'_>,
    array: &Array,
    frame: &Arc<ThermalFrame>,
    response: &Response,
) {
    let place = Place::of(response.rect, frame.size, scene.choice(array).mounting);
    keyboard(ui, scene, array, response);
    drag::handle(ui, scene, response, place, array);
    let drawn = scene.stage.inspect.drawn(array);
    let mut reading = std::mem::take(&mut scene.stage.inspect.reading);
    let meters = reading.look(&array.device, frame, &drawn);
    let overlay = Overlay {
        place,
        frame,
        regions: &drawn,
        meters,
        desk: &scene.stage.inspect,
        scale: scene.choices.scale,
        figures: !facts.standing.is_lost(),
        focused: response.has_focus(),
    };
    overlay.show(ui.painter());
    scene.stage.inspect.reading = reading;
    if let Some(cursor) = scene.stage.inspect.pointed().filter(|_| response.has_focus()) {
        say_cursor(scene, facts, frame, cursor, response);
        if scene.stage.inspect.tool == Tool::Hand {
            let index = usize::from(cursor.row) * frame.size.cols() + usize::from(cursor.col);
            hover::show(ui, scene, facts.device, index, place.of_cell(cursor));
        }
    }
}

/// Arrows and Enter are for the picture while it has the keyboard; Tab leaves it.
fn keyboard(ui: &Ui, scene: &mut Scene<'_>, array: &Array, response: &Response) {
    if std::mem::take(&mut scene.stage.inspect.focus) {
        response.request_focus();
    }
    if response.gained_focus() {
        let middle = Cell { row: (array.size.rows() / 2) as u16, col: (array.size.cols() / 2) as u16 };
        scene.stage.inspect.by_keys = !ui.input(|i| i.pointer.any_down() || i.pointer.any_released());
        scene.stage.inspect.cursor.get_or_insert(middle);
    }
    let arrows = EventFilter { horizontal_arrows: true, vertical_arrows: true, ..EventFilter::default() };
    ui.memory_mut(|m| m.set_focus_lock_filter(response.id, arrows));
    // A screen reader's press is an Enter; a Space is none.
    let asked = response.clicked() && !response.clicked_by(egui::PointerButton::Primary);
    let by_key = ui.input(|i| i.events.iter().any(|e| matches!(e, Event::Key { pressed: true, .. })));
    if asked && !by_key {
        let regions = scene.stage.inspect.regions(array);
        keys::enter(scene, array, &regions, false);
    }
}

/// Says where the keyboard is, and what is there.
fn say_cursor(scene: &Scene<'_>, facts: &Facts<'_>, frame: &ThermalFrame, at: Cell, response: &Response) {
    let index = usize::from(at.row) * frame.size.cols() + usize::from(at.col);
    let here = words::degrees(frame.get(index), scene.choices.scale);
    let (row, col) = (at.row + 1, at.col + 1);
    let sentence = format!("{}, {here} degrees at row {row} column {col}", facts.sentence(scene.choices.scale));
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, &sentence));
}
