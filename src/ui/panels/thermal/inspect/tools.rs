//! The tools beside an inspected picture.

use egui::{Layout, Rect, Stroke, Ui, UiBuilder};

use crate::ui::panels::thermal::inspect::acts;
use crate::ui::panels::thermal::inspect::state::Tool;
use crate::ui::scene::Scene;
use crate::ui::theme::{size, space, stroke};
use crate::ui::widgets::tool;
use crate::ui::{icons, style};

/// Tools and the button behind them.
pub const BUTTONS: usize = Tool::ALL.len() + 1;

/// How many columns of tools a height needs.
#[must_use]
pub fn columns(height: f32) -> usize {
    let fit = ((height + space::XS) / (size::TOOL + space::XS)) as usize;
    // The line before the last button takes as much as half a tool.
    BUTTONS.div_ceil(fit.saturating_sub(1).max(1))
}

/// The icon of a tool.
#[must_use]
pub const fn icon(tool: Tool) -> char {
    match tool {
        Tool::Hand => icons::HAND,
        Tool::Spot => icons::CROSSHAIR,
        Tool::Box => icons::SQUARE,
        Tool::Circle => icons::CIRCLE,
        Tool::Polygon => icons::PENTAGON,
        Tool::Line => icons::SPLINE,
        Tool::Mask => icons::EYE_OFF,
    }
}

/// Draws them into `rect`. Without temperatures there is nothing to measure.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>, rect: Rect, measures: bool) {
    let mut column = ui.new_child(UiBuilder::new().max_rect(rect).id_salt("tools"));
    column.spacing_mut().item_spacing = egui::Vec2::splat(space::XS);
    let several = columns(rect.height()) > 1;
    let layout = if several {
        Layout::left_to_right(egui::Align::TOP).with_main_wrap(true)
    } else {
        Layout::top_down(egui::Align::LEFT)
    };
    column.with_layout(layout, |ui| {
        ui.add_enabled_ui(measures, |ui| {
            for kind in Tool::ALL {
                let name = format!("{} ({})", kind.word(), kind.keys());
                let in_hand = measures && scene.stage.inspect.tool == kind;
                if tool::show(ui, icon(kind), kind.digit(), &name, in_hand).clicked() {
                    scene.stage.inspect.take(kind);
                }
            }
        });
        if !several {
            line(ui);
        }
        undo(ui, scene);
    });
}

fn line(ui: &mut Ui) {
    let (rect, _) = ui.allocate_exact_size(egui::vec2(size::TOOL, space::S), egui::Sense::hover());
    let inner = rect.shrink2(egui::vec2(space::S, 0.0));
    ui.painter().hline(inner.x_range(), inner.center().y, Stroke::new(stroke::HAIR, style::tokens(ui).line));
}

fn undo(ui: &mut Ui, scene: &mut Scene<'_>) {
    let last = scene.stage.undo.last().map(|step| format!("Undo: {} (Ctrl+Z)", step.words));
    let name = last.clone().unwrap_or_else(|| "Nothing to undo".to_owned());
    ui.add_enabled_ui(last.is_some(), |ui| {
        if tool::show(ui, icons::UNDO, "", &name, false).clicked() {
            acts::undo(scene);
        }
    });
}
