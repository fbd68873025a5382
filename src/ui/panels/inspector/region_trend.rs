//! The last ten minutes of a region or delta, and how fast it changes.

use egui::{Align2, Rect, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use crate::model::alarms::rule::Input;
use crate::model::thermal::meters::key;
use crate::model::thermal::region::Figure;
use crate::report::chart;
use crate::ui::panels::inspector::region_subject::Subject;
use crate::ui::scene::Scene;
use crate::ui::theme::{size, space, text, time};
use crate::ui::trend::{self, Channel};
use crate::ui::widgets::plot::{Limit, Line, Plot};
use crate::ui::widgets::section;
use crate::ui::{pictures, style, words};

fn channel(scene: &Scene<'_>, subject: &Subject<'_>) -> Channel {
    Channel { device: subject.device.id.clone(), key: key(subject.id, Figure::Max), until: scene.stage.past.at }
}

/// How fast it changes, K a minute, where that is known.
#[must_use]
pub fn rate(scene: &Scene<'_>, subject: &Subject<'_>) -> Option<f32> {
    let newest = Channel { until: None, ..channel(scene, subject) };
    pictures::rate(&trend::readings(scene.port, &newest))
}

/// Draws the section.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>, subject: &Subject<'_>) {
    let t = style::tokens(ui);
    section::quiet(ui, "Last 10 minutes", |_| {});
    ui.add_space(space::S);
    let channel = channel(scene, subject);
    let mut trend = std::mem::take(&mut scene.stage.inspect.trend);
    trend.refresh(scene.port, scene.now, &channel);
    let end = channel.until.unwrap_or(scene.now.wall);
    let to = end.as_millisecond();
    let span = (to - time::OVERVIEW.as_millis() as i64, to);
    let mut points = trend.points(scene.port, scene.now, &channel, span);
    scene.stage.inspect.trend = trend;
    let scale = scene.choices.scale;
    let shown = |v: f32| if subject.id.is_delta() { scale.of_difference(v) } else { scale.of(v) };
    for point in &mut points {
        (point.min, point.mean, point.max) = (shown(point.min), shown(point.mean), shown(point.max));
    }
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), size::TREND), Sense::hover());
    let name = format!("Last ten minutes of {}", subject.id);
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &name));
    let chart = Rect::from_min_max(rect.min, pos2(rect.right(), rect.bottom() - text::AXIS_FIGURE.line - 2.0));
    ui.painter().hline(chart.x_range(), chart.bottom(), Stroke::new(1.0, t.line));
    let runs = chart::runs(&points);
    let line = Line { name: subject.id.as_str(), points: &points, runs: &runs, series: 0 };
    let limits = limits(scene, subject, shown);
    let (zone, unit) = (&scene.now.zone, scale.unit());
    Plot { name: &name, lines: &[line], limits: &limits, shades: &[], span, unit, zone, least: 2.0 }
        .paint_bare(ui, chart);
    let from = end.checked_sub(time::OVERVIEW).unwrap_or(end);
    let ends = [(from, rect.left_bottom(), Align2::LEFT_BOTTOM), (end, rect.right_bottom(), Align2::RIGHT_BOTTOM)];
    for (at, place, anchor) in ends {
        let words = words::since(at, end, zone);
        style::paint(ui.painter(), place, anchor, &words, text::AXIS_FIGURE, t.text3);
    }
}

/// The limits of rules that look at its hottest cell.
fn limits(scene: &Scene<'_>, subject: &Subject<'_>, shown: impl Fn(f32) -> f32) -> Vec<Limit> {
    let rules = scene.view.alarms.rules.values().filter(|rule| rule.enabled && rule.scope.holds(&subject.device.id));
    let of_it = |input: &Input| match input {
        Input::Region { region, figure } => region == subject.id && (*figure == Figure::Max || region.is_delta()),
        _ => false,
    };
    let deciding = rules.flat_map(|rule| rule.deciding()).filter(|source| of_it(&source.input));
    deciding.map(|source| Limit { value: f64::from(shown(source.threshold as f32)), name: String::new() }).collect()
}
