//! What the rule would do now, and what each source shows at each device: changes with every edit.

use egui::{Align2, CornerRadius, Label, Rect, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use crate::model::alarms::rule::{Compare, Rule, Source};
use crate::ui::panels::automations::live::Live;
use crate::ui::panels::automations::reading::Reading;
use crate::ui::panels::automations::units::Unit;
use crate::ui::scene::Scene;
use crate::ui::standing::Standing;
use crate::ui::theme::{radius, size, space, stroke, text};
use crate::ui::widgets::limit_bar::{self, LimitBar};
use crate::ui::widgets::{alarm_shape, glyph};
use crate::ui::{style, words};

/// Devices whose readings are shown; the nearest come first.
const SHOWN: usize = 24;
/// The height of one of them.
const LINE: f32 = 26.0;

/// Whether the rule would fire now, and where.
pub fn banner(ui: &mut Ui, scene: &mut Scene<'_>, rule: &Rule, now: &Live) {
    let t = style::tokens(ui);
    if now.ticks {
        scene.stage.ticking = true;
    }
    let (level, sentence) = now.sentence(rule, scene.choices.scale);
    let width = ui.available_width();
    let left = 2.0 * space::M + size::SHAPE;
    let mut job = style::job(&sentence, if level.is_some() { text::STRONG } else { text::BODY }, t.text1);
    job.wrap.max_width = width - left - space::M;
    let galley = ui.painter().layout_job(job);
    let height = (galley.size().y + 2.0 * space::S).max(size::ACTION);
    let (rect, response) = ui.allocate_exact_size(vec2(width, height), Sense::hover());
    let line =
        level.map_or(Stroke::new(stroke::HAIR, t.line), |level| Stroke::new(stroke::FOCUS, alarm_shape::ink(level, t)));
    ui.painter().rect(rect, CornerRadius::same(radius::TILE), t.bg2, line, StrokeKind::Inside);
    let middle = pos2(rect.left() + space::M + size::SHAPE / 2.0, rect.center().y);
    match level {
        Some(level) => alarm_shape::level(ui.painter(), middle, size::SHAPE, level, t),
        None if rule.enabled => glyph::paint(ui.painter(), middle, Standing::Live, t),
        None => glyph::paint(ui.painter(), middle, Standing::Off, t),
    }
    let at = pos2(rect.left() + left, rect.center().y - galley.size().y / 2.0);
    ui.painter().galley(at, galley, t.text1);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &sentence));
}

/// The bar of a source's value against its threshold.
pub fn bar(ui: &Ui, rect: Rect, source: &Source, reading: &Reading, ends: (f64, f64)) {
    let above = source.compare == Compare::AtLeast;
    let bar = LimitBar { ends, limit: reading.threshold, above, value: reading.value, level: source.level };
    limit_bar::paint(ui, rect, &bar);
}

/// What the source shows at each device.
pub fn places(ui: &mut Ui, scene: &Scene<'_>, source: &Source, i: usize, now: &Live) {
    let t = style::tokens(ui);
    ui.add_space(space::XS);
    ui.spacing_mut().item_spacing.y = 0.0;
    let near = now.by_nearness(i);
    if near.is_empty() {
        ui.label(style::job("No device is in its scope", text::BODY, t.text2));
        return;
    }
    for (place, reading) in near.iter().take(SHOWN) {
        line(ui, scene, source, &place.name, reading, now.ends(i));
    }
    if near.len() > SHOWN {
        let more = format!("and {} farther from the threshold", words::many(near.len() - SHOWN, "device"));
        ui.label(style::job(&more, text::SIDE, t.text3));
    }
    ui.add_space(space::XS);
    let hint = "On and off as of the newest reading; readings in a row and times are not waited for here";
    ui.add(Label::new(style::job(hint, text::SIDE, t.text3)).wrap());
}

fn line(ui: &mut Ui, scene: &Scene<'_>, source: &Source, name: &str, reading: &Reading, ends: (f64, f64)) {
    let t = style::tokens(ui);
    let scale = scene.choices.scale;
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), LINE), Sense::hover());
    let y = rect.center().y;
    let named = (rect.width() * 0.18).clamp(96.0, 200.0);
    style::paint_within(ui.painter(), rect.left_center(), Align2::LEFT_CENTER, name, text::BODY, t.text1, named);
    let unit = Unit::of_input(&source.input);
    let value = reading.value.map_or_else(|| words::UNKNOWN.to_owned(), |value| unit.words(value, scale));
    let figure = rect.left() + named + space::S + 84.0;
    style::paint(ui.painter(), pos2(figure, y), Align2::RIGHT_CENTER, &value, text::FIGURE, t.text1);
    let wide = (rect.width() * 0.22).clamp(96.0, 320.0);
    let track = Rect::from_min_size(pos2(figure + space::M, y - 10.0), vec2(wide, 20.0));
    bar(ui, track, source, reading, ends);
    let word = pos2(track.right() + space::L, y);
    let (role, ink) = if reading.on { (text::STRONG, t.text1) } else { (text::BODY, t.text2) };
    style::paint(ui.painter(), word, Align2::LEFT_CENTER, if reading.on { "ON" } else { "off" }, role, ink);
    let note = reading.note(unit, source.threshold, scale);
    let from = word + vec2(36.0, 0.0);
    style::paint_within(ui.painter(), from, Align2::LEFT_CENTER, &note, text::SIDE, t.text2, rect.right() - from.x);
    let state = if reading.on { "ON" } else { "off" };
    response.widget_info(|| WidgetInfo::labeled(Role::Row, true, format!("{name}: {value}, {state}, {note}")));
    if rect.right() - from.x < 240.0 {
        response.on_hover_text(note);
    }
}
