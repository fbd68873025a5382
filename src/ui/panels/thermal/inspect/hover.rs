//! The tag of a cell: its temperature, where it is, its neighbours, and its last minute. For the pointer that rests on a
//! cell and for the keyboard's cursor alike.
//!
//! Invariant: every figure is of the frame shown.

use egui::{
    Align2, CornerRadius, Id, LayerId, Order, Painter, Rect, Response, Shape, Stroke, StrokeKind, Ui, pos2, vec2,
};

use crate::model::sensors::{Device, DeviceId};
use crate::model::thermal::ThermalFrame;
use crate::ui::panels::thermal::inspect::state::Tool;
use crate::ui::scene::Scene;
use crate::ui::theme::{over_heat, radius, size, space, stroke, text, time};
use crate::ui::widgets::heat_view;
use crate::ui::{style, words};
use crate::units::temperature::Scale;

/// The least height of the line, K: less would show the noise of the sensor as a change.
const LEAST: f32 = 2.0;

/// Marks the cell under the pointer in the picture that fills `well`, and shows its tag.
pub fn pointed(ui: &Ui, scene: &mut Scene<'_>, device: &Device, well: Rect, response: &Response) {
    let Some(frame) = scene.pictures.frame(&device.id).filter(|frame| frame.extremes.is_some()) else { return };
    let mounting = scene.array(&device.id).map(|array| scene.choice(&array).mounting).unwrap_or_default();
    let shown = mounting.shown(frame.size);
    let rect = heat_view::fit(well, shown);
    let rests = !response.dragged() && scene.stage.inspect.tool == Tool::Hand;
    let Some(pointer) = response.hover_pos().filter(|at| rests && rect.contains(*at)) else { return };
    let (x, y) = heat_view::under(rect, shown, pointer);
    let marked = heat_view::cell_rect(rect, shown, x, y);
    heat_view::mark_cell(ui.painter(), marked);
    show(ui, scene, device, mounting.cell_at(frame.size, x, y), marked);
}

/// Shows the tag of a cell, by its row-major index, beside `anchor`: where the cell is on screen. One tag is shown in a
/// frame of the window, the first.
pub fn show(ui: &Ui, scene: &mut Scene<'_>, device: &Device, cell: usize, anchor: Rect) {
    let Some(frame) = scene.pictures.frame(&device.id) else { return };
    if !scene.stage.watched.is_first(ui.ctx().cumulative_pass_nr()) {
        return;
    }
    let of = (&device.id, cell);
    scene.stage.watched.look(ui.ctx(), scene.port, scene.now, of, &frame);
    let layer = LayerId::new(Order::Tooltip, Id::unique("cell tag"));
    let painter = ui.ctx().layer_painter(layer).with_clip_rect(ui.ctx().content_rect());
    let place = beside(anchor, ui.clip_rect());
    let edge = Stroke::new(stroke::HAIR, over_heat::TAG_EDGE);
    painter.rect(place, CornerRadius::same(radius::CONTROL), over_heat::TAG, edge, StrokeKind::Inside);
    let inner = place.shrink2(vec2(space::M, space::S));
    let below = figures(&painter, inner, &frame, cell, scene.choices.scale);
    minute(&painter, Rect::from_min_max(pos2(inner.left(), below), inner.max), scene, &device.id, &frame);
}

/// Left of the cell, or right of it where there is no room.
fn beside(anchor: Rect, within: Rect) -> Rect {
    let [width, height] = size::CELL_TAG;
    let left = anchor.left() - space::L - width;
    let x = if left >= within.left() { left } else { anchor.right() + space::L };
    let y = (anchor.center().y - height / 2.0).clamp(within.top(), (within.bottom() - height).max(within.top()));
    Rect::from_min_size(pos2(x, y), vec2(width, height))
}

/// The value, its place and its neighbours; hands back where they end.
fn figures(painter: &Painter, rect: Rect, frame: &ThermalFrame, cell: usize, scale: Scale) -> f32 {
    let (row, col) = (cell / frame.size.cols() + 1, cell % frame.size.cols() + 1);
    let (role, value) = match frame.get(cell) {
        Some(celsius) => (text::TAG_FIGURE, words::degrees_with_unit(Some(celsius), scale)),
        None => (text::STRONG, "no value".to_owned()),
    };
    let side = |at, anchor, words: &str, role| style::paint(painter, at, anchor, words, role, over_heat::TAG_SIDE);
    let value = style::paint(painter, rect.min, Align2::LEFT_TOP, &value, role, over_heat::TAG_TEXT);
    let place = format!("row {row} col {col}");
    side(pos2(rect.right(), value.center().y), Align2::RIGHT_CENTER, &place, text::SIDE);
    let y = value.bottom() + text::SIDE.line / 2.0;
    side(pos2(rect.left(), y), Align2::LEFT_CENTER, "neighbours", text::SIDE);
    let around = words::degrees(heat_view::neighbours(frame, cell), scale);
    side(pos2(rect.right(), y), Align2::RIGHT_CENTER, &around, text::FIGURE);
    y + text::SIDE.line / 2.0 + space::XS
}

/// The last minute as a line, with what it spans under it.
fn minute(painter: &Painter, rect: Rect, scene: &Scene<'_>, device: &DeviceId, frame: &ThermalFrame) {
    let line = scene.stage.watched.line(frame.wall);
    let foot = rect.bottom() - text::COLUMN.line;
    let chart = Rect::from_min_max(rect.min, pos2(rect.right(), foot - 2.0));
    curve(painter, chart, &line, frame.wall.as_millisecond());
    let side = |at, anchor, words: &str| style::paint(painter, at, anchor, words, text::COLUMN, over_heat::TAG_SIDE);
    let newest = scene.pictures.newest(device);
    let is_newest = newest.is_some_and(|newest| newest.wall == frame.wall) && !scene.stage.past.is_past();
    let end = if is_newest { "now".to_owned() } else { words::clock(frame.wall, &scene.now.zone) };
    side(pos2(rect.right(), foot), Align2::RIGHT_TOP, &end);
    let begin = if scene.stage.watched.is_unrecorded() { "not recorded" } else { "\u{2212}60\u{a0}s" };
    side(pos2(rect.left(), foot), Align2::LEFT_TOP, begin);
}

/// A line over the minute that ends at `to`, ms; where nothing came for long it is broken.
fn curve(painter: &Painter, rect: Rect, line: &[(i64, f32)], to: i64) {
    let (low, high) = line.iter().fold((f32::MAX, f32::MIN), |(low, high), (_, v)| (low.min(*v), high.max(*v)));
    if low > high {
        return;
    }
    let missing = (LEAST - (high - low)).max(0.0) / 2.0;
    let (low, high) = (low - missing, high + missing);
    let place = |&(at, value): &(i64, f32)| {
        let ago = (to - at) as f32 / time::CELL.as_millis() as f32;
        pos2(rect.right() - ago * rect.width(), rect.bottom() - (value - low) / (high - low) * rect.height())
    };
    let ink = Stroke::new(stroke::SPARK, over_heat::TAG_TEXT);
    for run in line.chunk_by(|a, b| b.0 - a.0 <= time::CELL_LEAP) {
        painter.add(Shape::line(run.iter().map(place).collect(), ink));
    }
}
