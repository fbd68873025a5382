//! The channels of the trends: a list to choose from, and what each line is.

use std::sync::Arc;

use egui::{Align2, CornerRadius, Rect, Role, Sense, Shape, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use crate::heat::gas::ChannelMeaning;
use crate::model::history::HOTTEST;
use crate::model::sensors::DeviceId;
use crate::model::thermal::meters;
use crate::model::thermal::region::Regions;
use crate::report::limits::Unit;
use crate::ui::panels::history::picks::{MOST, Pick, Trends};
use crate::ui::panels::inspector::channels as measured;
use crate::ui::scene::Scene;
use crate::ui::theme::{dash, radius, size, space, stroke, text};
use crate::ui::widgets::{button, menu};
use crate::ui::{icons, style, words};

/// Length of the sample of a line.
const SAMPLE: f32 = 28.0;

/// The channels of a device, its hottest cell first, then the figures of its regions.
#[must_use]
pub fn channels(scene: &Scene<'_>, device: &DeviceId) -> Vec<Arc<str>> {
    let array = scene.array(device);
    let hottest = array.iter().map(|_| HOTTEST.into());
    let regions = array.iter().flat_map(|array| meters::keys(&array.regions)).map(|(key, ..)| key);
    let slot = scene.port.slots.device(device);
    let known = slot.map(|slot| slot.channels());
    let spare = |key: &str| ChannelMeaning::of(key) == ChannelMeaning::Spare;
    let lines = known.iter().flat_map(|all| all.iter()).map(|channel| Arc::clone(&channel.key));
    hottest.chain(regions).chain(lines.filter(|key| !spare(key))).collect()
}

/// The list of all channels of all devices.
pub fn add(ui: &mut Ui, scene: &Scene<'_>, trends: &mut Trends) {
    let full = trends.picks.len() >= MOST;
    let words = if full { "Six channels are shown" } else { "Add a channel" };
    ui.add_enabled_ui(!full, |ui| {
        menu::drop_down(ui, words, "", words, |ui| {
            egui::ScrollArea::vertical().max_height(2.0 * size::MENU).show(ui, |ui| {
                for device in scene.devices().iter().filter(|device| device.accepted) {
                    let channels = channels(scene, &device.id);
                    if !channels.is_empty() {
                        menu::heading(ui, &device.name);
                    }
                    for channel in channels {
                        let here = trends.picks.iter().any(|p| p.device == device.id && p.channel == channel);
                        let unit = Unit::of(&channel).word(scene.choices.scale);
                        if menu::item(ui, here, &title(scene, &device.id, &channel), unit).clicked() {
                            trends.add(&device.id, &channel);
                        }
                    }
                }
            });
        });
    });
}

/// What each line is, its newest value, and the way to take it away.
pub fn show(ui: &mut Ui, scene: &Scene<'_>, trends: &mut Trends) {
    let mut gone = None;
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(space::S, space::XS);
        for (i, pick) in trends.picks.iter().enumerate() {
            if chip(ui, scene, pick) {
                gone = Some(i);
            }
        }
    });
    if let Some(i) = gone {
        trends.picks.remove(i);
        ui.ctx().request_repaint();
    }
}

fn chip(ui: &mut Ui, scene: &Scene<'_>, pick: &Pick) -> bool {
    let t = style::tokens(ui);
    let name = name(scene, pick);
    let figure = newest(scene, pick);
    let mut job = style::job(&name, text::BODY, t.text1);
    style::append(&mut job, "  ", text::BODY, t.text2);
    let ink = if pick.failed().is_some() { t.warning } else { t.text1 };
    style::append(&mut job, &figure, text::FIGURE, ink);
    let galley = ui.painter().layout_job(job);
    let width = SAMPLE + space::S + galley.size().x + size::CONTROL + 2.0 * space::S;
    let (rect, response) = ui.allocate_exact_size(vec2(width, size::CONTROL), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, format!("{name}: {figure}")));
    let border = Stroke::new(stroke::HAIR, t.line);
    ui.painter().rect(rect, CornerRadius::same(radius::CONTROL), t.bg2, border, StrokeKind::Inside);
    let y = rect.center().y;
    let color = t.series.get(pick.series).copied().unwrap_or(t.text2);
    let (dashes, gaps) = dash::SERIES.get(pick.series).copied().unwrap_or_default();
    let sample = [pos2(rect.left() + space::S, y), pos2(rect.left() + space::S + SAMPLE, y)];
    let line = Stroke::new(stroke::FOCUS, color);
    if dashes.is_empty() {
        ui.painter().line_segment(sample, line);
    } else {
        ui.painter().extend(Shape::dashed_line_with_offset(&sample, line, dashes, gaps, 0.0));
    }
    let at = Align2::LEFT_CENTER.anchor_size(pos2(sample[1].x + space::S, y), galley.size());
    ui.painter().galley(at.min, galley, t.text1);
    let place = Rect::from_min_size(pos2(rect.right() - size::CONTROL, rect.top()), vec2(size::CONTROL, size::CONTROL));
    let mut place = ui.new_child(egui::UiBuilder::new().max_rect(place).id_salt((&pick.device, &pick.channel)));
    let clicked = button::icon(&mut place, icons::X, &format!("Take {name} away"), false).clicked();
    if let Some(why) = pick.failed() {
        response.on_hover_text(why);
    }
    clicked
}

/// The newest value in sight with its unit; or that it failed.
#[must_use]
pub fn newest(scene: &Scene<'_>, pick: &Pick) -> String {
    if pick.failed().is_some() {
        return "cannot be read".to_owned();
    }
    let Some(newest) = pick.newest() else { return words::UNKNOWN.to_owned() };
    let value = figure(pick.unit(), f64::from(newest.mean));
    match pick.unit() {
        Unit::Plain => value,
        unit => format!("{value}\u{a0}{}", unit.word(scene.choices.scale)),
    }
}

/// What people call a chosen channel.
#[must_use]
pub fn name(scene: &Scene<'_>, pick: &Pick) -> String {
    format!("{} {}", scene.device_name(&pick.device), title(scene, &pick.device, &pick.channel))
}

/// A value as people read it; a bare whole number has no decimals.
#[must_use]
pub fn figure(unit: Unit, value: f64) -> String {
    let decimals = usize::from(unit != Unit::Plain || value.fract().abs() > 1e-6);
    words::minus(&format!("{value:.decimals$}"))
}

/// A channel without its device: a region by its label, name and figure.
#[must_use]
pub fn title(scene: &Scene<'_>, device: &DeviceId, channel: &str) -> String {
    if channel == HOTTEST {
        return HOTTEST.to_owned();
    }
    let region = || region(&scene.array(device)?.regions, channel);
    region().unwrap_or_else(|| measured::title(ChannelMeaning::of(channel), channel))
}

/// What people call a figure of a region: `B1 Laptop, max`.
#[must_use]
pub fn region(regions: &Regions, channel: &str) -> Option<String> {
    let (key, id, figure) = meters::keys(regions).into_iter().find(|(key, ..)| **key == *channel)?;
    let name = regions.get(&id).map(|region| &region.name).or_else(|| regions.delta(&id).map(|delta| &delta.name));
    let name = name.filter(|name| !name.is_empty()).map_or_else(|| id.to_string(), |name| format!("{id} {name}"));
    Some(if *key == *id.as_str() { name } else { format!("{name}, {}", figure.word()) })
}
