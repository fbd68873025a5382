//! The bar at the bottom: always there. What the program must tell, a line each; under it the line of alarms.

use egui::{Align2, CornerRadius, Rect, Role, Sense, Ui, UiBuilder, WidgetInfo, pos2, vec2};

use crate::model::system::{Level, Notice};
use crate::ui::scene::Scene;
use crate::ui::shell::alarm_bar;
use crate::ui::theme::{size, space, stroke, text};
use crate::ui::widgets::alarm_shape;
use crate::ui::{style, words};

/// Notices shown at once; the others are counted.
const SHOWN: usize = 3;

/// The height that the bar is to have.
#[must_use]
pub fn height(scene: &Scene<'_>) -> f32 {
    let told = scene.view.system.notices.len();
    size::BAR * (told.min(SHOWN) + usize::from(told > SHOWN)) as f32 + alarm_bar::height(scene)
}

/// The height of the bar now, on its way to [`height`].
pub fn grown(ui: &Ui, scene: &mut Scene<'_>) -> f32 {
    let target = height(scene);
    if style::is_still(ui.ctx()) {
        return target;
    }
    let now = scene.stage.bar.growth.toward(target, ui.input(|i| i.time));
    if now != target {
        ui.ctx().request_repaint();
    }
    now
}

/// Draws the bar's content.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>) {
    let panel = ui.max_rect();
    let content = alarm_bar::content(panel, height(scene));
    let mut child = ui.new_child(UiBuilder::new().max_rect(content));
    child.set_clip_rect(panel.intersect(ui.clip_rect()));
    child.spacing_mut().item_spacing.y = 0.0;
    alarm_bar::show(&mut child, scene, notices);
    ui.advance_cursor_after_rect(panel);
}

fn notices(ui: &mut Ui, scene: &mut Scene<'_>) {
    let mut notices: Vec<_> = scene.view.system.notices.iter().collect();
    notices.sort_by_key(|(_, notice)| (std::cmp::Reverse(notice.level), notice.since));
    let more = notices.len().saturating_sub(SHOWN);
    for (_, notice) in notices.into_iter().take(SHOWN) {
        row(ui, scene, notice);
    }
    if more > 0 {
        let t = style::tokens(ui);
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), size::BAR), Sense::hover());
        let words = format!("{more} more to be told");
        let at = pos2(rect.left() + space::L + size::SHAPE + space::M, rect.center().y);
        style::paint(ui.painter(), at, Align2::LEFT_CENTER, &words, text::BODY, t.text2);
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &words));
    }
}

fn row(ui: &mut Ui, scene: &Scene<'_>, notice: &Notice) {
    let t = style::tokens(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), size::BAR), Sense::hover());
    let (word, color) = match notice.level {
        Level::Notice => ("Notice", t.notice),
        Level::Warning => ("WARNING", t.warning),
    };
    let top = Rect::from_min_size(rect.min, vec2(rect.width(), stroke::LEVEL));
    ui.painter().rect_filled(top, CornerRadius::ZERO, color);
    let y = rect.center().y;
    let left = rect.left() + space::L;
    alarm_shape::paint(ui.painter(), pos2(left + 8.0, y), 16.0, notice.level, t);
    let at = pos2(left + 16.0 + space::M, y);
    let word = style::paint(ui.painter(), at, Align2::LEFT_CENTER, word, text::STRONG, t.text1);
    let since = words::since(notice.since, scene.now.wall, &scene.now.zone);
    let right = pos2(rect.right() - space::L, y);
    let since = style::paint(ui.painter(), right, Align2::RIGHT_CENTER, &format!("since {since}"), text::SIDE, t.text3);
    let at = pos2(word.right() + space::M, y);
    let room = since.left() - space::L - at.x;
    style::paint_within(ui.painter(), at, Align2::LEFT_CENTER, &notice.text, text::BODY, t.text1, room);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, format!("{:?}: {}", notice.level, notice.text)));
    response.on_hover_text(&*notice.text);
}
