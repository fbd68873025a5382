//! The other arrays, small, beside the inspected one: the most urgent first, as on the overview.

use std::sync::Arc;

use egui::{Align2, CornerRadius, Id, Rect, ScrollArea, Sense, Stroke, StrokeKind, Ui, UiBuilder, Vec2, pos2, vec2};

use crate::model::sensors::{Device, DeviceId};
use crate::ui::panels::overview::order;
use crate::ui::panels::thermal;
use crate::ui::panels::thermal::facts::Facts;
use crate::ui::scene::Scene;
use crate::ui::standing::Standing;
use crate::ui::theme::{over_heat, radius, size, space, stroke, text};
use crate::ui::widgets::alarmed::Alarmed;
use crate::ui::widgets::heat_view::{self, HeatView, Hottest};
use crate::ui::widgets::{self, glyph, past};
use crate::ui::{style, words};

/// Draws them into `rect`; what has no room is scrolled to.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>, device: &Device, rect: Rect) {
    let mut tiles: Vec<_> =
        scene.devices().into_iter().filter(|device| thermal::has_tile(scene, device) && device.accepted).collect();
    let hovered = ui.rect_contains_pointer(rect);
    order::put_in_order(ui.ctx(), scene, &mut tiles, hovered);
    let beside = scene.stage.views.beside.clone();
    tiles.retain(|tile| tile.id != device.id && Some(&tile.id) != beside.as_ref());
    let (columns, tile) = plan(rect.width());
    let rows = tiles.len().div_ceil(columns) as f32;
    let mut child = ui.new_child(UiBuilder::new().max_rect(rect).id_salt("others"));
    child.shrink_clip_rect(rect.expand(stroke::FOCUS));
    ScrollArea::vertical().auto_shrink(false).show(&mut child, |ui| {
        let high = (rows * (tile.y + space::S) - space::S).max(0.0);
        let (area, _) = ui.allocate_exact_size(vec2(rect.width(), high), Sense::hover());
        for (i, device) in tiles.iter().enumerate() {
            let at = vec2((i % columns) as f32, (i / columns) as f32) * (tile + Vec2::splat(space::S));
            show_tile(ui, scene, device, Rect::from_min_size(area.min + at, tile));
        }
    });
}

/// Tiles side by side, and the size of each: its picture has 4:3.
fn plan(width: f32) -> (usize, Vec2) {
    let columns = (((width + space::S) / (size::OTHER + space::S)) as usize).max(1);
    let wide = ((width + space::S) / columns as f32 - space::S).floor();
    (columns, vec2(wide, (size::OTHER_HEAD + (wide - 2.0) * 0.75).round()))
}

/// The id under which a small tile has the keyboard.
fn id(device: &DeviceId) -> Id {
    Id::unique(("other", device))
}

fn show_tile(ui: &Ui, scene: &mut Scene<'_>, device: &Arc<Device>, rect: Rect) {
    let response = ui.interact(rect, id(&device.id), Sense::click());
    if response.gained_focus() {
        response.scroll_to_me(None);
    }
    if !ui.is_rect_visible(rect) {
        return;
    }
    let t = style::tokens(ui);
    let frame = scene.pictures.frame(&device.id);
    let array = scene.array(&device.id).as_deref().cloned();
    let facts = Facts { device, standing: scene.standing(device), frame: frame.as_deref(), array };
    let ground = if response.hovered() { t.bg3 } else { t.bg2 };
    ui.painter().rect_filled(rect, CornerRadius::same(radius::TILE), ground);
    head(ui, scene, &facts, Rect::from_min_size(rect.min, vec2(rect.width(), size::OTHER_HEAD)));
    let well = Rect::from_min_max(rect.min + vec2(1.0, size::OTHER_HEAD), rect.max - vec2(1.0, 1.0));
    let well = past::inside(well, facts.standing);
    let lost = facts.standing.is_lost();
    let mounting = facts.array.as_ref().map(|array| scene.choice(array).mounting).unwrap_or_default();
    let alarmed = Alarmed::of(&scene.view.alarms, &device.id);
    let said = alarmed.map(|alarmed| format!(", {}", alarmed.words())).unwrap_or_default();
    HeatView {
        id: &device.id,
        mounting,
        lut: if lost { &over_heat::LOST } else { scene.choices.palette.lut() },
        smooth: scene.choices.smooth,
        lost,
        scale: scene.choices.scale,
        sentence: &format!("Inspect {}{said}", facts.sentence(scene.choices.scale)),
        hottest: Hottest::Plain,
        tag: false,
    }
    .show(ui, well, scene.pictures, &response);
    if facts.standing == Standing::Past {
        let shown = facts.frame.map_or(well, |frame| heat_view::fit(well, mounting.shown(frame.size)));
        past::border(ui.painter(), shown, stroke::PAST_SMALL, t);
    }
    let border =
        alarmed.and_then(|alarmed| alarmed.border(t)).map_or(Stroke::new(stroke::HAIR, t.line), |(line, _)| line);
    ui.painter().rect_stroke(rect, CornerRadius::same(radius::TILE), border, StrokeKind::Inside);
    widgets::focus_ring(ui, &response, radius::TILE);
    if response.clicked() {
        scene.stage.select(&device.id);
    }
}

/// State or alarm, name, and the hottest cell or the state's word.
fn head(ui: &Ui, scene: &Scene<'_>, facts: &Facts<'_>, rect: Rect) {
    let t = style::tokens(ui);
    let painter = ui.painter().with_clip_rect(rect.intersect(ui.clip_rect()));
    let y = rect.center().y;
    let mut left = rect.left() + space::S;
    match Alarmed::of(&scene.view.alarms, &facts.device.id) {
        Some(alarmed) => {
            alarmed.paint(&painter, pos2(left + size::SHAPE / 2.0, y), size::SHAPE, t);
            left += size::SHAPE + space::XS;
        }
        None => {
            glyph::paint(&painter, pos2(left + size::GLYPH / 2.0, y), facts.standing, t);
            left += size::GLYPH + space::XS;
        }
    }
    let (words, color) = match facts.hottest() {
        Some(celsius) => (words::degrees(Some(celsius), scene.choices.scale), t.text1),
        None if facts.standing.is_lost() => ("lost".to_owned(), t.text3),
        None => (words::UNKNOWN.to_owned(), t.text3),
    };
    let right = pos2(rect.right() - space::S, y);
    let figure = style::paint(&painter, right, Align2::RIGHT_CENTER, &words, text::FIGURE, color);
    let room = figure.left() - space::XS - left;
    style::paint_within(&painter, pos2(left, y), Align2::LEFT_CENTER, &facts.device.name, text::BUTTON, t.text1, room);
}
