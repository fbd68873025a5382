//! The main tile: the device with the least margin, its picture as large as it goes, ten minutes of trend.

use std::sync::Arc;

use egui::{Align2, CornerRadius, Rect, Sense, Stroke, StrokeKind, Ui, pos2, vec2};

use crate::heat::margin::Margin;
use crate::model::alarms::alarm::{Alarm, State};
use crate::model::alarms::rule::Level;
use crate::model::history::HOTTEST;
use crate::model::sensors::{Device, DeviceId};
use crate::report::chart;
use crate::report::limits;
use crate::ui::panels::thermal::facts::Facts;
use crate::ui::panels::thermal::{around, tile};
use crate::ui::scene::Scene;
use crate::ui::standing::Standing;
use crate::ui::theme::{radius, size, space, stroke, text, time};
use crate::ui::trend::Channel;
use crate::ui::widgets::plot::{Limit, Line, Plot};
use crate::ui::widgets::{self, alarm_shape, glyph, past};
use crate::ui::{icons, style, words};

/// Draws the tile in `rect`.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>, device: &Device, rect: Rect) {
    if Standing::of(device) == Standing::Off {
        // Nothing to show large yet: the plain tile has the buttons that it needs.
        tile::show(ui, scene, device, rect);
        return;
    }
    let response = ui.interact(rect, tile::id(&device.id), Sense::click());
    if !ui.is_rect_visible(rect) {
        return;
    }
    let t = style::tokens(ui);
    ui.painter().rect_filled(rect, CornerRadius::same(radius::TILE), t.bg2);
    let frame = scene.pictures.frame(&device.id);
    let array = scene.array(&device.id).as_deref().cloned();
    let facts = Facts { device, standing: scene.standing(device), frame: frame.as_deref(), array };
    let alarm = scene.view.alarms.of_device(&device.id).into_iter().find(|alarm| alarm.state != State::Cleared);
    head(ui, scene, &facts, alarm.as_ref(), Rect::from_min_size(rect.min, vec2(rect.width(), size::MAIN_HEAD)));
    let well = Rect::from_min_max(
        rect.min + vec2(1.0, size::MAIN_HEAD),
        pos2(rect.right() - size::SCALE_MAIN, rect.bottom() - size::MAIN_FOOT),
    );
    tile::picture(ui, scene, &facts, past::inside(well, facts.standing), &response, true);
    if facts.has_temperatures() {
        let side = Rect::from_min_max(pos2(well.right(), well.top()), pos2(rect.right(), well.bottom()));
        around::bar_of(ui, scene, &facts, side, size::PALETTE_MAIN);
    }
    foot(ui, scene, &facts, Rect::from_min_max(pos2(rect.left(), well.bottom()), rect.max));
    let selected = scene.stage.selected.as_ref() == Some(&device.id);
    let border = match alarm.as_deref() {
        Some(alarm) if alarm.level >= Level::Warning => Stroke::new(stroke::LEVEL, alarm_shape::ink(alarm.level, t)),
        _ if selected => Stroke::new(stroke::SELECTED, t.ember),
        _ => Stroke::new(stroke::HAIR, t.line),
    };
    ui.painter().rect_stroke(rect, CornerRadius::same(radius::TILE), border, StrokeKind::Inside);
    widgets::focus_ring(ui, &response, radius::TILE);
    if response.clicked() {
        scene.stage.select(&device.id);
    }
    if response.double_clicked() {
        scene.stage.enlarged = true;
    }
}

fn head(ui: &Ui, scene: &mut Scene<'_>, facts: &Facts<'_>, alarm: Option<&Arc<Alarm>>, rect: Rect) {
    let t = style::tokens(ui);
    let y = rect.center().y;
    let mut left = rect.left() + space::L;
    if let Some(alarm) = alarm {
        alarm_shape::level(ui.painter(), pos2(left + size::SHAPE_LARGE / 2.0, y), size::SHAPE_LARGE, alarm.level, t);
        left += size::SHAPE_LARGE + space::M;
    } else if facts.standing != Standing::Live {
        glyph::paint(ui.painter(), pos2(left + size::GLYPH / 2.0, y), facts.standing, t);
        left += size::GLYPH + space::S;
    }
    if scene.stage.views.is_locked(&facts.device.id) {
        style::icon(ui.painter(), pos2(left + text::ICON_S.size / 2.0, y), icons::LOCK, text::ICON_S, t.text2);
        left += text::ICON_S.size + space::S;
    }
    let small = rect.width() < size::NARROW_MAIN;
    let right = figure(ui, scene, facts, pos2(rect.right() - space::L, y), small);
    let room = right - space::M - left;
    let at = pos2(left, y);
    let name =
        style::paint_within(ui.painter(), at, Align2::LEFT_CENTER, &facts.device.name, text::NAME, t.text1, room);
    let side = match facts.frame {
        Some(frame) if facts.standing.is_lost() => format!("last {}", words::clock(frame.wall, &scene.now.zone)),
        Some(frame) if facts.standing == Standing::Past => words::clock(frame.wall, &scene.now.zone),
        _ => facts.side(),
    };
    let galley = ui.painter().layout_job(style::job(&side, text::SIDE, t.text3));
    // A side fact goes before a name is shortened, and is never cut itself.
    if name.right() + space::M + galley.size().x <= right - space::M {
        ui.painter().galley(pos2(name.right() + space::M, y - galley.size().y / 2.0 + 1.0), galley, t.text3);
    }
}

/// The hottest cell, or for how long there was no data; hands back its left edge.
fn figure(ui: &Ui, scene: &mut Scene<'_>, facts: &Facts<'_>, right: egui::Pos2, small: bool) -> f32 {
    let t = style::tokens(ui);
    let painter = ui.painter();
    if facts.is_now() {
        let scale = scene.choices.scale;
        let at = right - vec2(0.0, 5.0);
        let unit = style::paint(painter, at, Align2::RIGHT_CENTER, scale.unit(), text::MAIN_UNIT, t.text2);
        let words = words::degrees(facts.hottest(), scale);
        let at = pos2(unit.left() - space::XS, right.y);
        let role = if small { text::TILE_FIGURE } else { text::MAIN_FIGURE };
        return style::paint(painter, at, Align2::RIGHT_CENTER, &words, role, t.text1).left();
    }
    let words = if facts.standing.is_lost() {
        scene.stage.ticking = true;
        let since = facts.frame.map_or(facts.device.since, |frame| frame.wall);
        format!("no data {}", words::age(scene.now.since(since)))
    } else if facts.frame.is_some() {
        "no \u{b0}C yet".to_owned()
    } else {
        facts.standing.word().to_owned()
    };
    style::paint(painter, right, Align2::RIGHT_CENTER, &words, text::TILE_FIGURE, t.text3).left()
}

fn foot(ui: &Ui, scene: &mut Scene<'_>, facts: &Facts<'_>, rect: Rect) {
    let t = style::tokens(ui);
    let inner = rect.shrink2(vec2(space::L, space::XS));
    // In a narrow tile the figures take all of it.
    let width = size::MAIN_FIGURES.min(inner.width());
    let figures = Rect::from_min_max(pos2(inner.right() - width, inner.top()), inner.max);
    let chart = Rect::from_min_max(inner.min, pos2(figures.left() - space::XL, inner.bottom()));
    if chart.width() > 0.0 {
        trend(ui, scene, facts.device, chart.shrink2(vec2(0.0, space::S)));
        ui.painter().vline(figures.left() - space::M, rect.y_range().shrink(1.0), Stroke::new(stroke::HAIR, t.line));
    }
    let extremes = facts.frame.filter(|_| facts.is_now()).and_then(|frame| frame.extremes);
    let scale = scene.choices.scale;
    let rate = scene.pictures.get(&facts.device.id).and_then(|picture| picture.rate).filter(|_| extremes.is_some());
    let margin = heat_margin(scene, &facts.device.id);
    let over = margin.is_some_and(|margin| margin.left() < 0.0);
    let left = margin.map(|margin| around::left(facts, margin, scale));
    let left = left.unwrap_or_else(|| ("margin", words::UNKNOWN.to_owned()));
    let rows = [
        ("max", words::degrees(extremes.map(|e| e.max), scale)),
        ("mean", words::degrees(extremes.map(|e| e.mean), scale)),
        left,
        ("rate", words::rate(rate, scale)),
    ];
    let step = figures.height() / rows.len() as f32;
    for (i, (label, figure)) in rows.iter().enumerate() {
        let y = figures.top() + (i as f32 + 0.5) * step;
        style::paint(ui.painter(), pos2(figures.left(), y), Align2::LEFT_CENTER, label, text::SIDE, t.text2);
        let color = if over && i == 2 { t.danger } else { t.text1 };
        style::paint(ui.painter(), pos2(figures.right(), y), Align2::RIGHT_CENTER, figure, text::FIGURE, color);
    }
}

fn heat_margin<'a>(scene: &'a Scene<'_>, device: &DeviceId) -> Option<&'a Margin> {
    scene.stage.margins.get(device).and_then(|margins| margins.heat.as_ref())
}

fn trend(ui: &Ui, scene: &mut Scene<'_>, device: &Device, rect: Rect) {
    let mut trend = std::mem::take(&mut scene.stage.overview.trend);
    let then = scene.stage.past.shown();
    let channel = Channel { device: device.id.clone(), key: HOTTEST.into(), until: then };
    trend.refresh(scene.port, scene.now, &channel);
    let to = then.unwrap_or(scene.now.wall).as_millisecond();
    let span = (to - time::OVERVIEW.as_millis() as i64, to);
    let scale = scene.choices.scale;
    let mut points = trend.points(scene.port, scene.now, &channel, span);
    scene.stage.overview.trend = trend;
    for point in &mut points {
        (point.min, point.mean, point.max) = (scale.of(point.min), scale.of(point.mean), scale.of(point.max));
    }
    let rules = scene.view.alarms.rules.values().map(|rule| &**rule);
    let limits = limits::limits(rules, &device.id, HOTTEST, None);
    let limits: Vec<_> = limits
        .into_iter()
        .map(|limit| Limit { value: f64::from(scale.of(limit.value as f32)), name: String::new() })
        .collect();
    let runs = chart::runs(&points);
    let line = Line { name: "hottest", points: &points, runs: &runs, series: 0 };
    Plot {
        name: "Ten minutes",
        lines: &[line],
        limits: &limits,
        shades: &[],
        span,
        unit: scale.unit(),
        zone: &scene.now.zone,
        least: 2.0,
    }
    .paint_bare(ui, rect);
}
