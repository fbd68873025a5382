//! The tools beside an inspected picture.

use egui::{Key, Layout, Rect, Stroke, Ui, UiBuilder};

use crate::ui::actions::{Action, Chord, Line};
use crate::ui::panels;
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

/// Whether an array fills the page.
fn inspects(scene: &Scene<'_>) -> bool {
    scene.stage.enlarged && scene.stage.page == panels::THERMAL && scene.selected().is_some()
}

const TOOL: Action = Action { enabled: inspects, ..Action::BASE };

/// Takes each tool into the hand, in the order of [`Tool::ALL`].
#[rustfmt::skip]
pub static ACTIONS: &[Action] = &[
    Action { name: "Hand: select and move", icon: icons::HAND, chords: &[Chord::plain(Key::H)], run: |s| s.stage.inspect.take(Tool::Hand), ..TOOL },
    Action { name: "Add a spot", icon: icons::CROSSHAIR, chords: &[Chord::plain(Key::Num1)], run: |s| s.stage.inspect.take(Tool::Spot), ..TOOL },
    Action { name: "Add a box", icon: icons::SQUARE, chords: &[Chord::plain(Key::Num2)], run: |s| s.stage.inspect.take(Tool::Box), ..TOOL },
    Action { name: "Add a circle", icon: icons::CIRCLE, chords: &[Chord::shift(Key::Num2)], run: |s| s.stage.inspect.take(Tool::Circle), ..TOOL },
    Action { name: "Add a polygon", icon: icons::PENTAGON, chords: &[Chord::shift(Key::Num3)], run: |s| s.stage.inspect.take(Tool::Polygon), ..TOOL },
    Action { name: "Add a line", icon: icons::SPLINE, chords: &[Chord::plain(Key::Num3)], run: |s| s.stage.inspect.take(Tool::Line), ..TOOL },
    Action { name: "Add a mask", icon: icons::EYE_OFF, chords: &[Chord::plain(Key::Num4)], run: |s| s.stage.inspect.take(Tool::Mask), ..TOOL },
];

/// Keys of the picture and of what is selected in it.
pub static KEYS: &[Line] = &[
    (&["Enter"], "Set a corner, or select what is there; a polygon is closed by Enter twice"),
    (
        &["\u{2190}", "\u{2191}", "\u{2192}", "\u{2193}"],
        "Move in the picture, or the selected region; Shift by five cells",
    ),
    (&["Alt", "\u{2190} \u{2192}"], "Resize the selected region"),
    (&["F2"], "Rename it"),
    (&["Delete"], "Remove it"),
    (&["Esc"], "Let go: what was begun, the tool, the selection"),
];

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
            for (kind, action) in Tool::ALL.into_iter().zip(ACTIONS) {
                let in_hand = measures && scene.stage.inspect.tool == kind;
                if tool::show(ui, action.icon, kind.digit(), &action.tip(), in_hand).clicked() {
                    (action.run)(scene);
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
            scene.undo();
        }
    });
}
