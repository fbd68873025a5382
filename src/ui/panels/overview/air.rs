//! Air: boards without an array, two lines each: smoke and flame now, what is usual, what is left up to the limit.

use std::sync::Arc;

use egui::{Align2, Rect, Role, Sense, Stroke, Ui, UiBuilder, WidgetInfo, pos2, vec2};

use crate::heat::gas::ChannelMeaning;
use crate::model::sensors::Device;
use crate::port::slots::DeviceSlot;
use crate::ui::panels::inspector::channels;
use crate::ui::panels::thermal;
use crate::ui::scene::Scene;
use crate::ui::standing::Standing;
use crate::ui::theme::{Density, size, space, stroke, text};
use crate::ui::widgets::{self, alarm_shape, glyph, ground, section};
use crate::ui::{reasons, style, words};

/// Below this width a line has no room for two readings side by side.
const NARROW: f32 = 400.0;

/// A device without an array, and its readings.
pub struct Line {
    device: Arc<Device>,
    slot: Arc<DeviceSlot>,
}

/// All lines: accepted devices that have channels and no array.
#[must_use]
pub fn rows(scene: &Scene<'_>, devices: &[Arc<Device>]) -> Vec<Line> {
    let slots = scene.port.slots.devices();
    let line = |device: &Arc<Device>| {
        let slot = slots.get(&device.id).filter(|slot| !slot.channels().is_empty())?;
        Some(Line { device: Arc::clone(device), slot: Arc::clone(slot) })
    };
    let without = |device: &&Arc<Device>| device.accepted && !scene.view.thermal.arrays.contains_key(&device.id);
    devices.iter().filter(without).filter_map(line).collect()
}

/// The height of the block with `n` lines and its header; 0 without lines.
#[must_use]
pub fn height(n: usize, density: Density) -> f32 {
    if n == 0 { 0.0 } else { size::SECTION + space::S + n as f32 * density.row(size::ROW_TWO) }
}

/// Draws the block in `rect`.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>, lines: &[Line], rect: Rect) {
    let t = style::tokens(ui);
    let head = Rect::from_min_size(rect.min, vec2(rect.width(), size::SECTION));
    let mut place = ui.new_child(UiBuilder::new().max_rect(head).id_salt("air"));
    section::show(&mut place, "Air", |ui| {
        ui.label(style::job("percent of full scale", text::SIDE, t.text3));
        thermal::time::live(ui, scene);
    });
    let top = head.bottom() + space::S;
    ground::paint(ui, rect.with_min_y(top));
    let tall = scene.choices.density.row(size::ROW_TWO);
    for (i, line) in lines.iter().enumerate() {
        let at = pos2(rect.left(), top + i as f32 * tall);
        let row = Rect::from_min_size(at, vec2(rect.width(), tall));
        if !ui.is_rect_visible(row) {
            continue;
        }
        if i > 0 {
            ui.painter().hline(row.x_range().shrink(1.0), row.top(), Stroke::new(stroke::HAIR, t.line));
        }
        draw(ui, scene, line, row);
    }
}

fn draw(ui: &Ui, scene: &mut Scene<'_>, line: &Line, rect: Rect) {
    let t = style::tokens(ui);
    let standing = Standing::of(&line.device);
    let response = ui.interact(rect, ui.scope_id().with(("air", &line.device.id)), Sense::click());
    let selected = scene.stage.selected.as_ref() == Some(&line.device.id);
    ground::row(ui, rect.shrink(1.0), selected, response.hovered());
    let (upper, lower) = (rect.center().y - 8.0, rect.center().y + 9.0);
    glyph::paint(ui.painter(), pos2(rect.left() + space::M + size::GLYPH / 2.0, upper), standing, t);
    let left = rect.left() + 2.0 * space::M + size::GLYPH;
    let smoke = reading(line, standing, ChannelMeaning::Smoke);
    let (flame, burns) = flame(line, standing);
    let right = rect.right() - space::M;
    // In a narrow column flame stands under smoke, so that names stay whole.
    let narrow = rect.width() < NARROW;
    let second = value(ui, pos2(right, if narrow { lower } else { upper }), "flame", &flame, burns);
    let first = value(ui, pos2(if narrow { right } else { second }, upper), "smoke", &smoke, false);
    let name = &line.device.name;
    let room = first - left;
    style::paint_within(ui.painter(), pos2(left, upper), Align2::LEFT_CENTER, name, text::BUTTON, t.text1, room);
    let under = usual(scene, line, standing);
    let room = if narrow { second - left } else { right - left };
    style::paint_within(ui.painter(), pos2(left, lower), Align2::LEFT_CENTER, &under, text::SIDE, t.text3, room);
    let sentence = format!("{name}, smoke: {smoke}, flame: {flame}, {under}");
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &sentence));
    widgets::focus_ring(ui, &response, 0);
    if response.clicked() {
        scene.stage.select(&line.device.id);
    }
}

/// A label and a figure, from the right, of the same width in all rows; hands back where the next one ends.
fn value(ui: &Ui, right: egui::Pos2, label: &str, figure: &str, loud: bool) -> f32 {
    let t = style::tokens(ui);
    let (role, ink) = if loud { (text::STRONG, t.danger) } else { (text::FIGURE, t.text1) };
    let placed = style::paint(ui.painter(), right, Align2::RIGHT_CENTER, figure, role, ink);
    let start = right.x - size::FIGURE_SHORT;
    if loud {
        let at = pos2(placed.left() - space::S - size::SHAPE / 2.0, right.y);
        alarm_shape::octagon(ui.painter(), at, size::SHAPE, t);
    } else {
        let at = pos2(start.min(placed.left()) - space::S, right.y);
        style::paint(ui.painter(), at, Align2::RIGHT_CENTER, label, text::SIDE, t.text2);
    }
    start - 3.5 * space::L
}

fn reading(line: &Line, standing: Standing, meaning: ChannelMeaning) -> String {
    let channels = line.slot.channels();
    let channel = channels.iter().find(|channel| ChannelMeaning::of(&channel.key) == meaning);
    let value = channel.and_then(|channel| channel.readings.last()).map(|(_, value)| value);
    channels::figure(meaning, value.filter(|_| standing == Standing::Live))
}

/// A flame seen by the detector; else what the analogue input shows; else what the detector says.
fn flame(line: &Line, standing: Standing) -> (String, bool) {
    let detector = reading(line, standing, ChannelMeaning::FlameDigital);
    if detector == "FLAME" {
        return (detector, true);
    }
    let analogue = reading(line, standing, ChannelMeaning::Flame);
    if analogue == words::UNKNOWN { (detector, false) } else { (analogue, false) }
}

/// What is usual and what is left, or how the device stands.
fn usual(scene: &Scene<'_>, line: &Line, standing: Standing) -> String {
    if standing != Standing::Live {
        return format!(
            "{} since {}",
            standing.word(),
            words::since(line.device.since, scene.now.wall, &scene.now.zone)
        );
    }
    let learned = line.slot.learned.load_full();
    let rest = learned.as_ref().and_then(|learned| {
        let smoke = |key: &str| ChannelMeaning::of(key) == ChannelMeaning::Smoke;
        learned.rests.iter().find(|(key, _)| smoke(key)).map(|(_, rest)| rest)
    });
    let rest = match rest {
        Some(rest) if rest.learning => "learning".to_owned(),
        Some(rest) => format!("rest {:.1}\u{a0}%", rest.median),
        None => "no rest level yet".to_owned(),
    };
    let least = scene.stage.margins.get(&line.device.id).and_then(|margins| margins.least.as_ref());
    // A bare number without a unit says nothing here: a detector is on or off.
    let margin = least.filter(|margin| !margin.unit.is_empty()).map(|margin| {
        let left = match margin.unit {
            // As all figures of the block, in percent of full scale.
            "%" | "points" => format!("{:.1}", margin.left().abs()),
            unit => reasons::value(margin.left().abs(), unit, scene.choices.scale),
        };
        format!(" \u{b7} {} {left}", if margin.left() < 0.0 { "over" } else { "margin" })
    });
    format!("{rest}{}", margin.unwrap_or_default())
}
