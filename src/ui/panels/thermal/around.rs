//! What stands around a picture: its palette bar with the ends as figures, its range and rate.
//!
//! Invariant: a figure is shown whole or not at all.

use egui::{Align2, Rect, Ui, pos2, vec2};

use crate::heat::margin::Margin;
use crate::ui::panels::thermal::facts::Facts;
use crate::ui::scene::Scene;
use crate::ui::standing::Standing;
use crate::ui::theme::{over_heat, size, space, text};
use crate::ui::widgets::palette_bar;
use crate::ui::{reasons, style, words};
use crate::units::temperature::Scale;

/// The palette bar with its own ends as figures above and below.
pub fn scale_bar(ui: &Ui, scene: &Scene<'_>, facts: &Facts<'_>, rect: Rect) {
    if !facts.has_temperatures() {
        return;
    }
    bar_of(ui, scene, facts, rect, size::PALETTE);
}

/// The palette bar of a device's picture, `width` wide in the middle of `rect`.
pub fn bar_of(ui: &Ui, scene: &Scene<'_>, facts: &Facts<'_>, rect: Rect, width: f32) {
    let (span, scale) = (scene.pictures.span(&facts.device.id), scene.choices.scale);
    if facts.standing.is_lost() {
        return bar(ui, rect, &over_heat::LOST, span, scale, width);
    }
    let paint = scene.pictures.paint(&facts.device.id);
    let lut = paint.along(scene.choices.palette.lut(), span, span);
    strip(ui, rect, &lut, [paint.words(span.0, scale), paint.words(span.1, scale)], width);
}

/// Paints a palette bar `width` wide in the middle of `rect`, with the ends of its span.
pub fn bar(ui: &Ui, rect: Rect, lut: &[[u8; 3]; 256], span: (f32, f32), scale: Scale, width: f32) {
    strip(ui, rect, lut, [span.0, span.1].map(|end| words::degrees(Some(end), scale)), width);
}

fn strip(ui: &Ui, rect: Rect, lut: &[[u8; 3]; 256], [low, high]: [String; 2], width: f32) {
    if rect.height() < size::PALETTE_LEAST {
        return;
    }
    let t = style::tokens(ui);
    let x = rect.center().x;
    let strip =
        Rect::from_min_max(pos2(x - width / 2.0, rect.top() + 20.0), pos2(x + width / 2.0, rect.bottom() - 20.0));
    palette_bar::paint(ui.painter(), strip, lut);
    let ends = [(high, rect.top() + 2.0, Align2::CENTER_TOP), (low, rect.bottom() - 2.0, Align2::CENTER_BOTTOM)];
    for (words, y, anchor) in ends {
        style::paint(ui.painter(), pos2(x, y), anchor, &words, text::AXIS_FIGURE, t.text2);
    }
}

/// Margin, or range where no rule holds, and rate. What has no room is left out, the rate first; a figure is never cut.
pub fn foot(ui: &Ui, scene: &Scene<'_>, facts: &Facts<'_>, rect: Rect) {
    let Some(e) = facts.frame.and_then(|frame| frame.extremes) else { return };
    let t = style::tokens(ui);
    let scale = scene.choices.scale;
    let ink = |words: &str| ui.painter().layout_job(style::job(words, text::FIGURE, t.text2));
    let margin = scene.stage.margins.get(&facts.device.id).and_then(|margins| margins.heat.as_ref());
    let range = margin.map_or_else(
        || words::range(e.min, e.max, scale),
        |margin| {
            let (word, figure) = left(facts, margin, scale);
            format!("{word} {figure}")
        },
    );
    let (range, rate) = (ink(&range), ink(&words::rate(rate_of(scene, facts), scale)));
    let inner = rect.shrink2(vec2(space::M, 0.0));
    let both = range.size().x + space::S + rate.size().x <= inner.width();
    if range.size().x <= inner.width() {
        ui.painter().galley(inner.left_center() - vec2(0.0, range.size().y / 2.0), range, t.text2);
    }
    // There is no rate of the past.
    if both && facts.standing != Standing::Past {
        ui.painter().galley(inner.right_center() - rate.size() * vec2(1.0, 0.5), rate, t.text2);
    }
}

/// Mean, margin (or lowest, where no rule holds) and rate under each other; a figure without room is left out.
pub fn figures(ui: &Ui, scene: &Scene<'_>, facts: &Facts<'_>, rect: Rect) {
    let Some(e) = facts.frame.and_then(|frame| frame.extremes) else { return };
    let t = style::tokens(ui);
    let scale = scene.choices.scale;
    let margin = scene.stage.margins.get(&facts.device.id).and_then(|margins| margins.heat.as_ref());
    let lines = [
        ("mean", words::degrees(Some(e.mean), scale)),
        margin.map_or_else(|| ("min", words::degrees(Some(e.min), scale)), |margin| left(facts, margin, scale)),
        ("rate", words::rate(rate_of(scene, facts), scale)),
    ];
    let top = rect.bottom() - lines.len() as f32 * size::TILE_LINE;
    for (i, (label, figure)) in lines.iter().enumerate() {
        let y = top + (i as f32 + 0.5) * size::TILE_LINE;
        let galley = ui.painter().layout_job(style::job(figure, text::FIGURE, t.text2));
        if galley.size().x > rect.width() {
            continue;
        }
        let room = rect.width() - galley.size().x - space::XS;
        ui.painter().galley(pos2(rect.right(), y) - galley.size() * vec2(1.0, 0.5), galley, t.text2);
        let label = ui.painter().layout_job(style::job(label, text::SIDE, t.text3));
        if label.size().x <= room {
            ui.painter().galley(pos2(rect.left(), y - label.size().y / 2.0), label, t.text3);
        }
    }
}

/// A margin as a word and a figure. It is always that of now, and says so beside a picture of the past.
pub fn left(facts: &Facts<'_>, margin: &Margin, scale: Scale) -> (&'static str, String) {
    let (word, figure) = reasons::left(margin, scale);
    let word = match (facts.standing, word) {
        (Standing::Past, "over") => "over now",
        (Standing::Past, _) => "margin now",
        _ => word,
    };
    (word, figure)
}

fn rate_of(scene: &Scene<'_>, facts: &Facts<'_>) -> Option<f32> {
    scene.pictures.get(&facts.device.id).and_then(|picture| picture.rate)
}

/// The side fact of a tile without figures.
pub fn note(ui: &Ui, facts: &Facts<'_>, rect: Rect) {
    let note = match facts.standing {
        Standing::Off => format!("says it is {}", facts.device.location),
        Standing::Live | Standing::Past => {
            facts.array.as_ref().map(|array| words::meaning(array.meaning)).unwrap_or_default()
        }
        _ => facts.device.address.to_string(),
    };
    let (at, room) = (pos2(rect.left() + space::M, rect.center().y), rect.width() - 2.0 * space::M);
    let color = style::tokens(ui).text3;
    style::paint_within(ui.painter(), at, Align2::LEFT_CENTER, &note, text::SIDE, color, room);
}
