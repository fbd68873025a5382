//! Air: gas, smoke and flame channels of all devices, a line each.

use std::sync::Arc;

use egui::{Align2, CornerRadius, Rect, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use crate::heat::gas::ChannelMeaning;
use crate::model::sensors::Device;
use crate::port::slots::ChannelSlot;
use crate::ui::panels::inspector::channels;
use crate::ui::scene::Scene;
use crate::ui::standing::Standing;
use crate::ui::theme::{size, space, stroke, text};
use crate::ui::widgets::{self, glyph, section, spark};
use crate::ui::{style, words};

/// One line: a device and one of its channels.
pub struct Line {
    device: Arc<Device>,
    channel: Arc<ChannelSlot>,
}

/// All lines: channels of accepted devices that mean something.
#[must_use]
pub fn rows(scene: &Scene<'_>, devices: &[Arc<Device>]) -> Vec<Line> {
    let slots = scene.port.slots.devices();
    let accepted = devices.iter().filter(|device| device.accepted);
    let pairs = accepted.filter_map(|device| Some((device, slots.get(&device.id)?.channels())));
    pairs
        .flat_map(|(device, channels)| {
            let known = channels.iter().filter(|channel| ChannelMeaning::of(&channel.key) != ChannelMeaning::Spare);
            known.map(|channel| Line { device: Arc::clone(device), channel: Arc::clone(channel) }).collect::<Vec<_>>()
        })
        .collect()
}

fn columns(width: f32) -> usize {
    if width >= size::AIR_TWO { 2 } else { 1 }
}

/// The height of the section with `n` lines.
#[must_use]
pub fn height(width: f32, n: usize) -> f32 {
    size::SECTION + space::S + n.div_ceil(columns(width)) as f32 * size::ROW
}

/// Draws the section.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>, lines: &[Line]) {
    let t = style::tokens(ui);
    section::show(ui, "Air", |ui| {
        ui.label(style::job("percent of full scale; ppm needs a calibration in clean air", text::SIDE, t.text3));
    });
    ui.add_space(space::S - ui.spacing().item_spacing.y);
    let width = ui.available_width();
    let columns = columns(width);
    let rows = lines.len().div_ceil(columns);
    let (area, _) = ui.allocate_exact_size(vec2(width, rows as f32 * size::ROW), Sense::hover());
    let gap = if columns > 1 { space::L } else { 0.0 };
    let each = (width - gap) / columns as f32;
    for column in 0..columns {
        let n = lines.len().saturating_sub(column * rows).min(rows);
        let min = area.min + vec2(column as f32 * (each + gap), 0.0);
        super::panel(ui, Rect::from_min_size(min, vec2(each, n as f32 * size::ROW)));
    }
    for (i, line) in lines.iter().enumerate() {
        let at = area.min + vec2((i / rows) as f32 * (each + gap), (i % rows) as f32 * size::ROW);
        row(ui, scene, line, Rect::from_min_size(at, vec2(each, size::ROW)), i % rows > 0);
    }
}

fn row(ui: &Ui, scene: &mut Scene<'_>, line: &Line, rect: Rect, ruled: bool) {
    let t = style::tokens(ui);
    let standing = Standing::of(&line.device);
    let id = ui.scope_id().with(("air", &line.device.id, &line.channel.key));
    let response = ui.interact(rect, id, Sense::click());
    mark(ui, scene.stage.selected.as_ref() == Some(&line.device.id), response.hovered(), rect);
    if ruled {
        ui.painter().hline(rect.x_range().shrink(1.0), rect.top(), Stroke::new(stroke::HAIR, t.line));
    }
    let y = rect.center().y;
    glyph::paint(ui.painter(), pos2(rect.left() + space::M + size::GLYPH / 2.0, y), standing, t);
    let meaning = ChannelMeaning::of(&line.channel.key);
    let newest = line.channel.readings.last().map(|(_, value)| value);
    let figure = if standing == Standing::Live { channels::figure(meaning, newest) } else { words::UNKNOWN.to_owned() };
    let right = pos2(rect.right() - space::M, y);
    style::paint(ui.painter(), right, Align2::RIGHT_CENTER, &figure, text::FIGURE, t.text1);
    let line_end = right.x - size::FIGURE - space::S;
    let spark_rect = Rect::from_min_max(
        pos2(line_end - size::SPARK[0], y - size::SPARK[1] / 2.0),
        pos2(line_end, y + size::SPARK[1] / 2.0),
    );
    if meaning != ChannelMeaning::FlameDigital {
        let mut series = Vec::new();
        line.channel.readings.read(&mut series);
        let least = if meaning.is_analogue() { 80.0 } else { 1.0 };
        spark::line(ui.painter(), spark_rect, &series, least, Stroke::new(stroke::SPARK, t.text2));
    }
    let left = rect.left() + 2.0 * space::M + size::GLYPH;
    let name = &line.device.name;
    let room = spark_rect.left() - space::S - left;
    let at = pos2(left, y);
    let placed = style::paint_within(ui.painter(), at, Align2::LEFT_CENTER, name, text::BUTTON, t.text1, room);
    let title = channels::title(meaning, &line.channel.key);
    let rest = spark_rect.left() - space::S - placed.right() - space::S;
    let at = pos2(placed.right() + space::S, y);
    style::paint_within(ui.painter(), at, Align2::LEFT_CENTER, &title, text::BODY, t.text3, rest);
    let sentence = format!("{name}, {title}: {figure}, {}", standing.word());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &sentence));
    widgets::focus_ring(ui, &response, 0);
    if response.clicked() {
        scene.stage.select(&line.device.id);
    }
}

fn mark(ui: &Ui, selected: bool, hovered: bool, rect: Rect) {
    let t = style::tokens(ui);
    let inner = rect.shrink(1.0);
    if selected {
        ui.painter().rect_filled(inner, CornerRadius::ZERO, t.ember_dim);
        let bar = Rect::from_min_size(inner.min, vec2(size::HERE[0], inner.height()));
        ui.painter().rect_filled(bar, CornerRadius::ZERO, t.ember);
    } else if hovered {
        ui.painter().rect_filled(inner, CornerRadius::ZERO, t.bg3);
    }
}
