//! How bright a light was in the last minutes, as this window saw it.

use egui::{Align2, Rect, Role, Sense, Shape, Stroke, Ui, WidgetInfo, pos2, vec2};

use crate::model::lights::Light;
use crate::ui::scene::Scene;
use crate::ui::theme::{size, space, text};
use crate::ui::widgets::{section, spark};
use crate::ui::{light_words, style, words};

/// Draws the section.
pub fn show(ui: &mut Ui, scene: &Scene<'_>, light: &Light) {
    let t = style::tokens(ui);
    let now = scene.now.moment;
    let corners = scene.stage.trails.steps(light, now);
    let values = || corners.iter().map(|(_, value)| *value as f32);
    let low = words_of(values().fold(f32::INFINITY, f32::min));
    let high = words_of(values().fold(0.0, f32::max));
    let span = if low == high { high } else { format!("{low} to {high}") };
    section::quiet(ui, "Brightness, last 10 minutes", |ui| {
        ui.label(style::job(&span, text::SIDE, t.text2));
    });
    ui.add_space(space::S);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), size::TREND), Sense::hover());
    let name = format!("Brightness of {} in the last ten minutes: {span}", light.name);
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &name));
    let chart = Rect::from_min_max(rect.min, pos2(rect.right(), rect.bottom() - text::AXIS_FIGURE.line - 2.0));
    let points = spark::points(&corners, chart.shrink2(vec2(0.0, 1.0)), (0.0, 1.0));
    spark::fill(ui.painter(), &points, chart.bottom(), t.series[0]);
    ui.painter().hline(chart.x_range(), chart.bottom(), Stroke::new(1.0, t.line));
    ui.painter().add(Shape::line(points, Stroke::new(t.chart, t.series[0])));
    let from = corners.first().map_or(now, |(at, _)| *at);
    let opened = scene.stage.trails.began() == Some(from);
    for (at, place, anchor) in
        [(from, rect.left_bottom(), Align2::LEFT_BOTTOM), (now, rect.right_bottom(), Align2::RIGHT_BOTTOM)]
    {
        let mut words = words::since(scene.now.wall_of(at), scene.now.wall, &scene.now.zone);
        if opened && at == from && anchor == Align2::LEFT_BOTTOM {
            words.push_str(", when this window opened");
        }
        style::paint(ui.painter(), place, anchor, &words, text::AXIS_FIGURE, t.text3);
    }
}

/// A brightness; none is off.
fn words_of(share: f32) -> String {
    if share <= 0.0 { "off".to_owned() } else { light_words::percent(share) }
}
