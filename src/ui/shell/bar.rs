//! The bar at the bottom: always there. What must be told, a line each; then how many devices are live.

use egui::{Align2, CornerRadius, Rect, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use crate::model::system::{Level, Notice};
use crate::ui::scene::Scene;
use crate::ui::standing::Standing;
use crate::ui::theme::{size, space, stroke, text};
use crate::ui::widgets::{alarm_shape, glyph};
use crate::ui::{style, words};

/// Notices shown at once; the others are counted.
const SHOWN: usize = 3;

/// The height of the bar now.
#[must_use]
pub fn height(scene: &Scene<'_>) -> f32 {
    size::BAR * (1 + scene.view.system.notices.len().min(SHOWN)) as f32
}

/// Draws the bar's content.
pub fn show(ui: &mut Ui, scene: &Scene<'_>) {
    ui.spacing_mut().item_spacing.y = 0.0;
    let mut notices: Vec<_> = scene.view.system.notices.iter().collect();
    notices.sort_by_key(|(_, notice)| (std::cmp::Reverse(notice.level), notice.since));
    let more = notices.len().saturating_sub(SHOWN);
    for (_, notice) in notices.into_iter().take(SHOWN) {
        row(ui, scene, notice);
    }
    count(ui, scene, more);
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

/// "4 of 5 devices live", and how the others stand.
fn count(ui: &mut Ui, scene: &Scene<'_>, more: usize) {
    let t = style::tokens(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), size::BAR), Sense::hover());
    ui.painter().hline(rect.x_range(), rect.top(), Stroke::new(stroke::HAIR, t.line));
    let devices = &scene.view.sensors.devices;
    let n = |standing| devices.values().filter(|device| Standing::of(device) == standing).count();
    let live = n(Standing::Live);
    let sentence = match devices.len() {
        0 => "No device has dialled in yet".to_owned(),
        all if all == live => format!("{} live", words::many(all, "device")),
        all => format!("{live} of {} live", words::many(all, "device")),
    };
    let y = rect.center().y;
    let left = rect.left() + space::L;
    let worst = Standing::ALL.into_iter().rfind(|standing| n(*standing) > 0 && *standing != Standing::Off);
    glyph::paint(ui.painter(), pos2(left + 8.0, y), worst.unwrap_or(Standing::Off), t);
    let at = pos2(left + 16.0 + space::M, y);
    let said = style::paint(ui.painter(), at, Align2::LEFT_CENTER, &sentence, text::BODY, t.text1);
    if more > 0 {
        let at = pos2(said.right() + space::L, y);
        let words = format!("{more} more to be told");
        style::paint(ui.painter(), at, Align2::LEFT_CENTER, &words, text::BODY, t.text2);
    }
    let mut right = rect.right() - space::L;
    for standing in Standing::ALL.into_iter().rev().filter(|standing| n(*standing) > 0) {
        let words = format!("{} {}", n(standing), standing.word());
        let at = pos2(right, y);
        let placed = style::paint(ui.painter(), at, Align2::RIGHT_CENTER, &words, text::SIDE, t.text2);
        glyph::paint(ui.painter(), pos2(placed.left() - space::S - size::GLYPH / 2.0, y), standing, t);
        right = placed.left() - space::S - size::GLYPH - space::L;
    }
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &sentence));
}
