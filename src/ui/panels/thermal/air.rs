//! Air: gas, smoke and flame channels, a line for each device with its channels side by side.

use std::sync::Arc;

use egui::{Align2, Rect, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use crate::heat::gas::ChannelMeaning;
use crate::model::sensors::Device;
use crate::port::slots::ChannelSlot;
use crate::ui::panels::inspector::channels;
use crate::ui::scene::Scene;
use crate::ui::standing::Standing;
use crate::ui::style;
use crate::ui::theme::{Density, size, space, stroke, text};
use crate::ui::widgets::alarmed::Alarmed;
use crate::ui::widgets::{self, alarm_shape, glyph, ground, section, spark};

/// One line: a device and its channels that mean something, in the order in which they are shown.
pub struct Line {
    device: Arc<Device>,
    channels: Vec<(ChannelMeaning, Arc<ChannelSlot>)>,
}

/// All lines: accepted devices that have such a channel.
#[must_use]
pub fn rows(scene: &Scene<'_>, devices: &[Arc<Device>]) -> Vec<Line> {
    let slots = scene.port.slots.devices();
    let accepted = devices.iter().filter(|device| device.accepted);
    let line = |device: &Arc<Device>| {
        let all = slots.get(&device.id)?.channels();
        let mut channels: Vec<_> =
            all.iter().map(|channel| (ChannelMeaning::of(&channel.key), Arc::clone(channel))).collect();
        channels.retain(|(meaning, _)| *meaning != ChannelMeaning::Spare);
        channels.sort_by_key(|(meaning, _)| *meaning as u8);
        (!channels.is_empty()).then(|| Line { device: Arc::clone(device), channels })
    };
    accepted.filter_map(line).collect()
}

fn columns(width: f32) -> usize {
    if width >= size::AIR_TWO { 2 } else { 1 }
}

/// The height of the section with `n` lines.
#[must_use]
pub fn height(width: f32, n: usize, density: Density) -> f32 {
    size::SECTION + space::S + n.div_ceil(columns(width)) as f32 * density.row(size::ROW)
}

/// Draws the section.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>, lines: &[Line]) {
    let t = style::tokens(ui);
    section::show(ui, "Air", |ui| {
        ui.label(style::job("percent of full scale; ppm needs a calibration in clean air", text::SIDE, t.text3));
        super::time::live(ui, scene);
    });
    ui.add_space(space::S - ui.spacing().item_spacing.y);
    let (width, tall) = (ui.available_width(), style::row(ui, size::ROW));
    let columns = columns(width);
    let rows = lines.len().div_ceil(columns);
    let (area, _) = ui.allocate_exact_size(vec2(width, rows as f32 * tall), Sense::hover());
    let gap = if columns > 1 { space::L } else { 0.0 };
    let each = (width - gap) / columns as f32;
    for column in 0..columns {
        let n = lines.len().saturating_sub(column * rows).min(rows);
        let min = area.min + vec2(column as f32 * (each + gap), 0.0);
        ground::paint(ui, Rect::from_min_size(min, vec2(each, n as f32 * tall)));
    }
    let name = |line: &Line| ui.painter().layout_job(style::job(&line.device.name, text::BUTTON, t.text1)).size().x;
    let name = lines.iter().map(name).fold(0.0, f32::max);
    let places = Places::of(lines.iter().map(|line| line.channels.len()).max().unwrap_or(1), name, each);
    for (i, line) in lines.iter().enumerate() {
        let at = area.min + vec2((i / rows) as f32 * (each + gap), (i % rows) as f32 * tall);
        row(ui, scene, line, Rect::from_min_size(at, vec2(each, tall)), i % rows > 0, places);
    }
}

/// Where the parts of a row are: the same in all rows, so that channels stand under each other.
#[derive(Clone, Copy)]
struct Places {
    name: f32,
    channel: f32,
    shown: usize,
}

impl Places {
    /// For names and up to `n` channels in a row of this width.
    fn of(n: usize, name: f32, width: f32) -> Self {
        let room = width - 3.0 * space::M - size::GLYPH;
        let name = name.ceil().clamp(size::AIR_NAME[0], size::AIR_NAME[1]);
        let fitting = ((room - name) / size::AIR_CHANNEL[0]) as usize;
        let shown = fitting.clamp(1, n.max(1));
        let channel = ((room - name) / shown as f32).min(size::AIR_CHANNEL[1]);
        Self { name: room - channel * shown as f32, channel, shown }
    }
}

fn row(ui: &Ui, scene: &mut Scene<'_>, line: &Line, rect: Rect, ruled: bool, places: Places) {
    let t = style::tokens(ui);
    let Line { device, channels } = line;
    let standing = Standing::of(device);
    let response = ui.interact(rect, ui.scope_id().with(("air", &device.id)), Sense::click());
    let alarmed = Alarmed::of(&scene.view.alarms, &device.id);
    let words = alarmed.as_ref().map(|alarmed| format!(", {}", alarmed.words())).unwrap_or_default();
    let sentence = format!("{}, air, {}{words}", device.name, standing.word());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &sentence));
    let selected = scene.stage.selected.as_ref() == Some(&device.id);
    ground::row(ui, rect.shrink(1.0), selected, response.hovered());
    if ruled {
        ui.painter().hline(rect.x_range().shrink(1.0), rect.top(), Stroke::new(stroke::HAIR, t.line));
    }
    let y = rect.center().y;
    let glyph = pos2(rect.left() + space::M + size::GLYPH / 2.0, y);
    match &alarmed {
        // It stands where the glyph does: what is wrong with the air says more than that its sensor is live.
        Some(alarmed) => alarmed.paint(ui.painter(), glyph, size::SHAPE, t),
        None => glyph::paint(ui.painter(), glyph, standing, t),
    }
    let left = rect.left() + 2.0 * space::M + size::GLYPH;
    let hidden = channels.len().saturating_sub(places.shown);
    let more = if hidden > 0 { format!("+{hidden}") } else { String::new() };
    let end = left + places.name;
    let more = style::paint(ui.painter(), pos2(end, y), Align2::RIGHT_CENTER, &more, text::AXIS_FIGURE, t.text3);
    let room = more.left() - space::S - left;
    style::paint_within(ui.painter(), pos2(left, y), Align2::LEFT_CENTER, &device.name, text::BUTTON, t.text1, room);
    for (i, (meaning, channel)) in channels.iter().take(places.shown).enumerate() {
        let min = pos2(end + i as f32 * places.channel, rect.top());
        let cell = Rect::from_min_size(min, vec2(places.channel, rect.height()));
        reading(ui, device, *meaning, channel, cell.with_min_x(cell.left() + space::L));
    }
    widgets::focus_ring(ui, &response, 0);
    if response.clicked() {
        scene.stage.select(&device.id);
    }
}

/// One channel: its label, its line over time, its figure.
fn reading(ui: &Ui, device: &Device, meaning: ChannelMeaning, channel: &ChannelSlot, rect: Rect) {
    let t = style::tokens(ui);
    let standing = Standing::of(device);
    let value = channel.readings.last().map(|(_, value)| value).filter(|_| standing == Standing::Live);
    let figure = channels::figure(meaning, value);
    let y = rect.center().y;
    let flame = channels::is_flame(meaning, value);
    let (role, color) = if flame { (text::STRONG, t.danger) } else { (text::FIGURE, t.text1) };
    let right = pos2(rect.right(), y);
    let mut end = style::paint(ui.painter(), right, Align2::RIGHT_CENTER, &figure, role, color).left();
    if flame {
        let at = pos2(end - space::S - size::SHAPE / 2.0, y);
        alarm_shape::octagon(ui.painter(), at, size::SHAPE, t);
        end -= space::S + size::SHAPE;
    }
    // All figures of a channel have the same room, so that lines end under each other.
    let end = end.min(rect.right() - size::FIGURE_SHORT) - space::S;
    let label = match meaning {
        // The shape and its word need the room, and say it.
        ChannelMeaning::FlameDigital if flame => "",
        ChannelMeaning::FlameDigital => "Detector",
        ChannelMeaning::Plain => &channel.key,
        known => known.name(),
    };
    let at = pos2(rect.left(), y);
    let room = end - rect.left();
    let label = style::paint_within(ui.painter(), at, Align2::LEFT_CENTER, label, text::BODY, t.text2, room);
    let start = (label.right() + space::S).max(end - size::SPARK[0]);
    if meaning != ChannelMeaning::FlameDigital && end - start >= size::SPARK_MIN {
        let line = Rect::from_min_max(pos2(start, y - size::SPARK[1] / 2.0), pos2(end, y + size::SPARK[1] / 2.0));
        let mut series = Vec::new();
        channel.readings.read(&mut series);
        let least = if meaning.is_analogue() { 80.0 } else { 1.0 };
        spark::line(ui.painter(), line, &series, least, Stroke::new(stroke::SPARK, t.text2));
    }
    let id = ui.scope_id().with(("air", &device.id, &channel.key));
    let title = channels::title(meaning, &channel.key);
    let sentence = format!("{}, {title}: {figure}, {}", device.name, standing.word());
    ui.interact(rect, id, Sense::hover()).widget_info(|| WidgetInfo::labeled(Role::Label, true, &sentence));
}
