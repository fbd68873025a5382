//! The small window: the picture with the least margin, on top of other programs. The bar of alarms stays under it.

use egui::{Rect, Ui, UiBuilder, vec2};

use crate::ui::desk::arrange;
use crate::ui::icons;
use crate::ui::panels::overview::order;
use crate::ui::panels::thermal::{self, tile};
use crate::ui::scene::Scene;
use crate::ui::theme::{size, space};
use crate::ui::widgets::{blank, button};

/// Draws the page.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>) {
    let devices = scene.devices();
    order::measure(scene);
    let mut tiles: Vec<_> = devices.iter().filter(|device| thermal::has_tile(scene, device)).cloned().collect();
    let hovered = ui.ui_contains_pointer();
    order::put_in_order(ui.ctx(), scene, &mut tiles, hovered);
    let rect = ui.available_rect_before_wrap();
    let picture = rect.with_max_x(rect.right() - size::CONTROL - space::XS);
    match tiles.first() {
        Some(device) => tile::show(ui, scene, device, picture),
        None => {
            let mut place = ui.new_child(UiBuilder::new().max_rect(picture));
            blank::line(&mut place, "No thermal array has sent a picture yet");
        }
    }
    let corner = Rect::from_min_size(picture.right_top() + vec2(space::XS, 0.0), vec2(size::CONTROL, size::CONTROL));
    let mut place = ui.new_child(UiBuilder::new().max_rect(corner).id_salt("back"));
    if button::icon(&mut place, icons::MAXIMIZE, "Back to the whole window (Esc)", false).clicked() {
        arrange::leave_small(scene);
    }
    ui.advance_cursor_after_rect(rect);
}
