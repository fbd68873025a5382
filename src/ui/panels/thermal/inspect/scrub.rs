//! The line of time under an inspected picture: the trend of its hottest cell with alarms and bookmarks, the play head,
//! and under it the buttons.

pub mod bookmarks;
pub mod chart;
pub mod out;
pub mod state;
pub mod transport;

use egui::{Rect, Stroke, Ui, vec2};

use crate::model::sensors::Device;
use crate::ui::scene::Scene;
use crate::ui::style;
use crate::ui::theme::{size, space, stroke};
use crate::ui::widgets::ground;

/// Draws it into `rect`.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>, device: &Device, rect: Rect) {
    ground::paint(ui, rect);
    let (upper, lower) = rect.split_top_bottom_at_y(rect.bottom() - size::TRANSPORT);
    let mut line = std::mem::take(&mut scene.stage.inspect.time);
    let points = upper.width().clamp(100.0, 2_000.0) as u16;
    let journaled = scene.view.alarms.journaled;
    line.aim(&device.id, scene.stage.past.at, scene.now.wall);
    line.trends.refresh(scene.port, scene.now, scene.choices.scale, points);
    if scene.stage.past.is_past() {
        // In the present the line moves on with the frames that come, and rests if none do.
        line.trends.wake_up(ui.ctx());
    }
    line.trends.refresh_alarms(scene.port, scene.now.moment, journaled);
    chart::show(ui, scene, &line, device, upper.shrink2(vec2(size::KNOB / 2.0, 0.0)));
    ui.painter().hline(lower.x_range().shrink(1.0), lower.top(), Stroke::new(stroke::HAIR, style::tokens(ui).line));
    transport::show(ui, scene, &mut line, device, lower.shrink2(vec2(space::S, 0.0)));
    scene.stage.inspect.time = line;
}
