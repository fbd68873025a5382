//! The rail: places that exist, icon and word; narrow windows put the icon over the word.

use egui::{Align2, CornerRadius, Rect, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use crate::ui::panels::PAGES;
use crate::ui::panels::page::Page;
use crate::ui::scene::Scene;
use crate::ui::theme::{radius, size, space, stroke, text};
use crate::ui::widgets::alarmed::Alarmed;
use crate::ui::{style, widgets};

/// Draws the rail's content.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>, wide: bool) {
    ui.spacing_mut().item_spacing.y = space::XS;
    // Where not all of them have room they are lower, and in the end icons without words.
    let usual = style::row(ui, if wide { size::RAIL_ITEM } else { size::RAIL_ITEM_NARROW });
    let room = ui.available_height() - 2.0 * space::M - space::L - space::XS * (PAGES.len() + 1) as f32;
    let height = usual.min(room / PAGES.len() as f32).max(size::CONTROL);
    ui.add_space(space::M);
    for (place, page) in PAGES.iter().enumerate() {
        if page.below_line && place > 0 && PAGES.get(place - 1).is_some_and(|above| !above.below_line) {
            divider(ui);
        }
        let alarmed = alarmed(scene, page);
        if item(ui, page, place == scene.stage.page, (wide, height), alarmed) {
            scene.stage.page = place;
        }
    }
}

/// The line between the things of the house and what is about all of them.
fn divider(ui: &mut Ui) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), space::L), Sense::hover());
    let line = Stroke::new(stroke::HAIR, style::tokens(ui).line);
    ui.painter().hline(rect.x_range().shrink(space::L), rect.center().y, line);
}

/// The worst alarm of a place: of everything on Overview, of the sensors it shows on Thermal.
fn alarmed(scene: &Scene<'_>, page: &Page) -> Option<Alarmed> {
    match page.name {
        "Overview" => Alarmed::any(&scene.view.alarms, |_| true),
        "Thermal" => Alarmed::any(&scene.view.alarms, |id| scene.view.sensors.devices.contains_key(id)),
        _ => None,
    }
}

fn item(ui: &mut Ui, page: &Page, here: bool, (wide, height): (bool, f32), alarmed: Option<Alarmed>) -> bool {
    let t = style::tokens(ui);
    let (row, _) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
    let rect = row.shrink2(vec2(space::S, 0.0));
    let response = ui.interact(rect, ui.scope_id().with(page.name), Sense::click());
    if here || response.hovered() {
        ui.painter().rect_filled(rect, CornerRadius::same(radius::CONTROL), t.bg3);
    }
    if here {
        let bar = Rect::from_center_size(pos2(rect.left() + size::HERE[0] / 2.0, rect.center().y), size::HERE.into());
        ui.painter().rect_filled(bar, CornerRadius::same(radius::PICTURE), t.ember);
    }
    let (icon_ink, ink) = if here { (t.ember, t.text1) } else { (t.text2, t.text2) };
    if !wide && height < size::RAIL_WORD {
        style::icon(ui.painter(), rect.center(), page.icon, text::ICON_L, icon_ink);
    } else if wide {
        let icon = pos2(rect.left() + space::M + text::ICON_L.size / 2.0, rect.center().y);
        style::icon(ui.painter(), icon, page.icon, text::ICON_L, icon_ink);
        let at = pos2(rect.left() + 2.0 * space::M + text::ICON_L.size, rect.center().y);
        style::paint(ui.painter(), at, Align2::LEFT_CENTER, page.name, text::BUTTON, ink);
    } else {
        let at = rect.center();
        style::icon(ui.painter(), at - vec2(0.0, 9.0), page.icon, text::ICON_L, icon_ink);
        style::paint(ui.painter(), at + vec2(0.0, 13.0), Align2::CENTER_CENTER, page.name, text::COLUMN, ink);
    }
    response.widget_info(|| WidgetInfo::selected(Role::Tab, true, here, page.name));
    widgets::focus_ring(ui, &response, radius::CONTROL);
    let response = response.on_hover_text(page.name);
    if let Some(alarmed) = alarmed {
        let across = size::SHAPE_RAIL;
        let at = if wide {
            pos2(rect.right() - space::S - across / 2.0, rect.center().y)
        } else {
            pos2(rect.right() - across / 2.0 - 1.0, rect.top() + across / 2.0 + 1.0)
        };
        alarmed.paint(ui.painter(), at, across, t);
        let sentence = format!("{} on {}", alarmed.words(), page.name);
        let place = Rect::from_center_size(at, vec2(across, across));
        let id = ui.scope_id().with((page.name, "alarm"));
        ui.interact(place, id, Sense::hover()).widget_info(|| WidgetInfo::labeled(Role::Image, true, &sentence));
    }
    response.clicked()
}
