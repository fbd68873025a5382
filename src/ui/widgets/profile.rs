//! Profiles: values along a line of cells, with the ends of their range.
//!
//! Invariant: where a cell has no value the line is broken.

use egui::{Align2, Role, Sense, Shape, Stroke, Ui, WidgetInfo, pos2, vec2};

use crate::ui::theme::{size, space, text};
use crate::ui::widgets::spark;
use crate::ui::{style, words};
use crate::units::temperature::Scale;

/// The least range that a profile is spread over, K.
const LEAST: f32 = 2.0;

/// Draws a profile as wide as there is room; `name` is what a screen reader says before its range.
pub fn show(ui: &mut Ui, values: &[Option<f32>], name: &str, scale: Scale) {
    let t = style::tokens(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), size::TREND), Sense::hover());
    let known = || values.iter().flatten().copied();
    let (low, high) = (known().reduce(f32::min), known().reduce(f32::max));
    let chart = rect.with_max_y(rect.bottom() - text::AXIS_FIGURE.line - 2.0);
    let hair = Stroke::new(1.0, t.line);
    [chart.top(), chart.center().y, chart.bottom()].into_iter().for_each(|y| {
        ui.painter().hline(chart.x_range(), y, hair);
    });
    let sentence = format!("{name}, {}, {}", range(low, high, scale), words::many(values.len(), "cell"));
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &sentence));
    if let (Some(low), Some(high)) = (low, high) {
        let missing = (LEAST - (high - low)).max(0.0) / 2.0;
        let (floor, span) = (low - missing, high - low + 2.0 * missing);
        let inner = chart.shrink2(vec2(0.0, space::XS));
        let step = inner.width() / values.len().saturating_sub(1).max(1) as f32;
        let place = |(i, value): (usize, f32)| {
            pos2(inner.left() + i as f32 * step, inner.bottom() - (value - floor) / span * inner.height())
        };
        let cells: Vec<_> = values.iter().enumerate().collect();
        for run in cells.split(|(_, value)| value.is_none()) {
            let points: Vec<_> = run.iter().filter_map(|(i, value)| value.map(|value| place((*i, value)))).collect();
            spark::fill(ui.painter(), &points, chart.bottom(), t.series[2]);
            ui.painter().add(Shape::line(points, Stroke::new(t.chart, t.series[2])));
        }
    }
    let side = |at, anchor, words: &str| style::paint(ui.painter(), at, anchor, words, text::AXIS_FIGURE, t.text3);
    side(rect.left_bottom(), Align2::LEFT_BOTTOM, &words::degrees(low, scale));
    side(rect.center_bottom(), Align2::CENTER_BOTTOM, &words::many(values.len(), "cell"));
    side(rect.right_bottom(), Align2::RIGHT_BOTTOM, &words::degrees(high, scale));
}

fn range(low: Option<f32>, high: Option<f32>, scale: Scale) -> String {
    match (low, high) {
        (Some(low), Some(high)) => words::range(low, high, scale),
        _ => words::UNKNOWN.to_owned(),
    }
}
