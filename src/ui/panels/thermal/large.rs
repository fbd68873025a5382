//! One array fills the page: the picture, its palette bar, its trend and figures.

use egui::{Align2, CornerRadius, Rect, Sense, Stroke, Ui, pos2, vec2};

use crate::model::sensors::Device;
use crate::ui::panels::thermal::facts::Facts;
use crate::ui::panels::thermal::{around, tile};
use crate::ui::scene::Scene;
use crate::ui::standing::Standing;
use crate::ui::theme::{over_heat, radius, size, space, stroke, text};
use crate::ui::widgets::alarmed::{self, Alarmed};
use crate::ui::widgets::button::Button;
use crate::ui::widgets::{glyph, section, spark};
use crate::ui::{icons, style, words};

/// Draws the page for one device.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>, device: &Device) {
    section::tall(ui, "Heat", |ui| {
        super::controls(ui, scene, "");
        ui.with_layout(egui::Layout::left_to_right(egui::Align::Center), |ui| {
            if ui.add(Button::new("All arrays").icon(icons::ARROW_LEFT)).clicked() {
                scene.stage.enlarged = false;
            }
        });
    });
    ui.add_space(space::S);
    let t = style::tokens(ui);
    let (rect, response) = ui.allocate_exact_size(ui.available_size(), Sense::click());
    ui.painter().rect_filled(rect, CornerRadius::same(radius::TILE), t.bg2);
    let frame = scene.pictures.frame(&device.id);
    let array = scene.array(&device.id).as_deref().cloned();
    let facts = Facts { device, standing: Standing::of(device), frame: frame.as_deref(), array };
    head(ui, scene, &facts, Rect::from_min_size(rect.min, vec2(rect.width(), size::MAIN_HEAD)));
    let well = Rect::from_min_max(
        rect.min + vec2(1.0, size::MAIN_HEAD),
        pos2(rect.right() - size::SCALE_MAIN, rect.bottom() - size::MAIN_FOOT),
    );
    tile::picture(ui, scene, &facts, well, &response, true);
    if frame.as_deref().is_some_and(|frame| frame.extremes.is_some()) {
        let lut = if facts.standing.is_lost() { &over_heat::LOST } else { scene.choices.palette.lut() };
        let span = scene.pictures.span(&device.id, scene.choices.range);
        let side = Rect::from_min_max(pos2(well.right(), well.top()), pos2(rect.right(), well.bottom()));
        around::bar(ui, side, lut, span, scene.choices.scale, size::PALETTE_MAIN);
    }
    foot(ui, scene, &facts, Rect::from_min_max(pos2(rect.left(), well.bottom()), rect.max));
    let border = (Stroke::new(stroke::HAIR, t.line), false);
    let alarmed = Alarmed::of(&scene.view.alarms, &device.id).and_then(|alarmed| alarmed.border(t));
    alarmed::frame(ui.painter(), rect, alarmed.unwrap_or(border));
    if response.double_clicked() {
        scene.stage.enlarged = false;
    }
}

fn head(ui: &Ui, scene: &mut Scene<'_>, facts: &Facts<'_>, rect: Rect) {
    let t = style::tokens(ui);
    let y = rect.center().y;
    let mut left = rect.left() + space::L;
    let alarmed = Alarmed::of(&scene.view.alarms, &facts.device.id);
    if let Some(alarmed) = &alarmed {
        let across = alarmed.across();
        alarmed.paint(ui.painter(), pos2(left + across / 2.0, y), across, t);
        left += across + space::M;
    }
    glyph::paint(ui.painter(), pos2(left + size::GLYPH / 2.0, y), facts.standing, t);
    let at = pos2(left + size::GLYPH + space::S, y);
    let name = style::paint(ui.painter(), at, Align2::LEFT_CENTER, &facts.device.name, text::TITLE, t.text1);
    let mut side = facts.side();
    if let Some(array) = &facts.array {
        let choice = scene.choice(array);
        side = format!(
            "{side} \u{b7} {} \u{b7} emissivity {:.2}",
            words::meaning(array.meaning),
            choice.optics.emissivity
        );
    }
    if let Some(alarmed) = &alarmed {
        side = format!("{} \u{b7} {side}", alarmed.word());
    }
    style::paint(ui.painter(), pos2(name.right() + space::M, y + 1.0), Align2::LEFT_CENTER, &side, text::BODY, t.text3);
    let right = pos2(rect.right() - space::L, y);
    if facts.is_now() {
        let scale = scene.choices.scale;
        let unit = style::paint(
            ui.painter(),
            right - vec2(0.0, 5.0),
            Align2::RIGHT_CENTER,
            scale.unit(),
            text::MAIN_UNIT,
            t.text2,
        );
        let words = words::degrees(facts.hottest(), scale);
        let at = pos2(unit.left() - space::XS, y);
        style::paint(ui.painter(), at, Align2::RIGHT_CENTER, &words, text::MAIN_FIGURE, t.text1);
    } else if facts.standing.is_lost() {
        scene.stage.ticking = true;
        let since = facts.frame.map_or(facts.device.since, |frame| frame.wall);
        let words = format!("no data {}", words::age(scene.now.since(since)));
        style::paint(ui.painter(), right, Align2::RIGHT_CENTER, &words, text::TILE_FIGURE, t.text3);
    }
}

fn foot(ui: &Ui, scene: &Scene<'_>, facts: &Facts<'_>, rect: Rect) {
    let t = style::tokens(ui);
    let inner = rect.shrink2(vec2(space::L, space::M));
    let figures = Rect::from_min_max(pos2(inner.right() - size::MAIN_FIGURES, inner.top()), inner.max);
    let chart = Rect::from_min_max(inner.min, pos2(figures.left() - space::XL, inner.bottom()));
    if let Some(slot) = scene.port.slots.device(&facts.device.id) {
        let mut series = Vec::new();
        slot.hottest.read(&mut series);
        spark::trend(ui.painter(), chart, &series, 2.0, Stroke::new(t.chart, t.series[0]));
    }
    ui.painter().vline(figures.left() - space::M, rect.y_range().shrink(1.0), Stroke::new(stroke::HAIR, t.line));
    let extremes = facts.frame.filter(|_| facts.is_now()).and_then(|frame| frame.extremes);
    let scale = scene.choices.scale;
    let rate = scene.pictures.get(&facts.device.id).and_then(|picture| picture.rate).filter(|_| extremes.is_some());
    let rows = [
        ("average", words::degrees(extremes.map(|e| e.mean), scale)),
        ("minimum", words::degrees(extremes.map(|e| e.min), scale)),
        ("rate", words::rate(rate, scale)),
    ];
    let step = figures.height() / rows.len() as f32;
    for (i, (label, figure)) in rows.iter().enumerate() {
        let y = figures.top() + (i as f32 + 0.5) * step;
        style::paint(ui.painter(), pos2(figures.left(), y), Align2::LEFT_CENTER, label, text::SIDE, t.text2);
        style::paint(ui.painter(), pos2(figures.right(), y), Align2::RIGHT_CENTER, figure, text::FIGURE, t.text1);
    }
}
