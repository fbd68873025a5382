//! The meters: what all regions and deltas of an array read, a row each; and what makes new ones.

use egui::{Align2, EventFilter, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use crate::model::sensors::Device;
use crate::model::thermal::Array;
use crate::model::thermal::region::{Figure, RegionId, Regions};
use crate::ui::panels;
use crate::ui::panels::inspector::{region_deltas, region_subject};
use crate::ui::panels::thermal::inspect::state::{Tool, row_id};
use crate::ui::scene::Scene;
use crate::ui::style;
use crate::ui::theme::{size, space, text};
use crate::ui::widgets::{self, blank, ground, key_button, section};

/// Width of a column of figures.
const FIGURE: f32 = 52.0;
/// Width of the labels.
const LABEL: f32 = 40.0;
/// The columns.
const COLUMNS: [(&str, Figure); 3] = [("max", Figure::Max), ("avg", Figure::Mean), ("min", Figure::Min)];

/// Reads the regions in the frame that is shown.
pub fn read(scene: &mut Scene<'_>, device: &Device, regions: &std::sync::Arc<Regions>) {
    if let Some(frame) = scene.pictures.frame(&device.id) {
        scene.stage.inspect.reading.look(&device.id, &frame, regions);
    }
}

/// Draws the section.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>, device: &Device, array: &Array) {
    let regions = scene.stage.inspect.drawn(array);
    read(scene, device, &regions);
    section::quiet(ui, "Meters", |_| {});
    ui.add_space(space::XS);
    if regions.is_empty() {
        blank::line(ui, "Nothing is measured in this picture yet");
        ui.add_space(space::S);
    } else {
        header(ui);
        for region in &regions.regions {
            let name = if region.mask && region.name.is_empty() { "left out" } else { &region.name };
            row(ui, scene, array, &region.id, name);
        }
        for delta in &regions.deltas {
            let words = region_deltas::words(delta);
            let name = if delta.name.is_empty() { words.as_str() } else { &delta.name };
            row(ui, scene, array, &delta.id, name);
        }
        ui.add_space(space::M);
    }
    buttons(ui, scene);
    region_deltas::show(ui, scene, array, &regions);
}

fn header(ui: &mut Ui) {
    let t = style::tokens(ui);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), size::SECTION), Sense::hover());
    for (i, (word, _)) in COLUMNS.iter().enumerate() {
        let at = pos2(column(rect, i), rect.center().y);
        style::paint(ui.painter(), at, Align2::RIGHT_CENTER, word, text::COLUMN, t.text3);
    }
}

/// The right edge of a column of figures.
fn column(rect: Rect, i: usize) -> f32 {
    rect.right() - space::XS - FIGURE * (COLUMNS.len() - 1 - i) as f32
}

fn row(ui: &mut Ui, scene: &mut Scene<'_>, array: &Array, id: &RegionId, name: &str) {
    let t = style::tokens(ui);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), size::TABLE_ROW), Sense::hover());
    let rect = rect.expand2(vec2(space::XS, 0.0));
    let response = ui.interact(rect, row_id(&array.device, id), Sense::click());
    let selected = scene.stage.inspect.selected.as_ref() == Some(id);
    ground::row(ui, rect, selected, response.hovered());
    let y = rect.center().y;
    let left = rect.left() + space::S;
    style::paint(ui.painter(), pos2(left, y), Align2::LEFT_CENTER, id.as_str(), text::KEY, t.text1);
    let scale = scene.choices.scale;
    let mut told = Vec::new();
    let mut room = column(rect, 0) - FIGURE;
    for (i, (word, figure)) in COLUMNS.iter().enumerate() {
        // A spot and a delta are one number each, a mask is none.
        if id.as_str().starts_with('M') || (i > 0 && (id.is_spot() || id.is_delta())) {
            continue;
        }
        let figure = region_subject::figure(id, scene.stage.inspect.reading.figure(id, *figure), scale);
        let at = pos2(column(rect, i), y);
        style::paint(ui.painter(), at, Align2::RIGHT_CENTER, &figure, text::FIGURE, t.text1);
        told.push(if i == 0 && (id.is_spot() || id.is_delta()) { figure } else { format!("{word} {figure}") });
    }
    if told.is_empty() {
        room = rect.right();
    }
    let at = pos2(left + LABEL, y);
    style::paint_within(ui.painter(), at, Align2::LEFT_CENTER, name, text::BODY, t.text2, room - at.x);
    let sentence = [format!("{id} {name}").trim_end().to_owned(), told.join(", ")].join(", ");
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, selected, sentence.trim_end_matches(", ")));
    widgets::focus_ring(ui, &response, 0);
    if response.clicked() || response.gained_focus() {
        scene.stage.inspect.take(Tool::Hand);
        scene.stage.inspect.focus = false;
        scene.stage.inspect.select(Some(id.clone()));
        if response.clicked() {
            response.request_focus();
        }
    }
    // Arrows move the region, not the focus.
    let arrows = EventFilter { horizontal_arrows: true, vertical_arrows: true, ..EventFilter::default() };
    ui.memory_mut(|m| m.set_focus_lock_filter(response.id, arrows));
}

fn buttons(ui: &mut Ui, scene: &mut Scene<'_>) {
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(space::S, space::S);
        for tool in [Tool::Spot, Tool::Box, Tool::Line] {
            let name = format!("New {}", tool.word().to_lowercase());
            if key_button::show(ui, tool.word(), tool.digit(), &name).clicked() {
                scene.stage.inspect.take(tool);
                (scene.stage.page, scene.stage.enlarged) = (panels::order::THERMAL, true);
            }
        }
    });
}
