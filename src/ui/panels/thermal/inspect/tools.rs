//! The tools beside an inspected picture.

use egui::{Key, Rect, Stroke, Ui, UiBuilder, Vec2, vec2};

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
    scene.stage.enlarged && scene.stage.page == panels::order::THERMAL && scene.selected().is_some()
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

/// Draws them into `rect`, row by row. Without temperatures there is nothing to measure.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>, rect: Rect, measures: bool) {
    let columns = columns(rect.height());
    for (i, (kind, action)) in Tool::ALL.into_iter().zip(ACTIONS).enumerate() {
        let in_hand = measures && scene.stage.inspect.tool == kind;
        let clicked = at(ui, i, cell(rect, columns, i), measures, |ui| {
            tool::show(ui, action.icon, kind.digit(), &action.tip(), in_hand).clicked()
        });
        if clicked {
            (action.run)(scene);
        }
    }
    undo(ui, scene, cell(rect, columns, Tool::ALL.len()), columns == 1);
}

/// The place of a button, in rows of so many.
fn cell(rect: Rect, columns: usize, i: usize) -> Rect {
    let step = size::TOOL + space::XS;
    let at = vec2((i % columns) as f32 * step, (i / columns) as f32 * step);
    Rect::from_min_size(rect.min + at, Vec2::splat(size::TOOL))
}

fn at<R>(ui: &mut Ui, salt: usize, place: Rect, enabled: bool, content: impl FnOnce(&mut Ui) -> R) -> R {
    let mut child = ui.new_child(UiBuilder::new().max_rect(place).id_salt(salt));
    if !enabled {
        child.disable();
    }
    content(&mut child)
}

/// The button that takes the last step back; in a single column a line parts it from the tools.
fn undo(ui: &mut Ui, scene: &mut Scene<'_>, place: Rect, apart: bool) {
    let last = scene.stage.undo.last().map(|step| format!("Undo: {} (Ctrl+Z)", step.words));
    let name = last.clone().unwrap_or_else(|| "Nothing to undo".to_owned());
    let down = if apart { space::S + space::XS } else { 0.0 };
    if apart {
        let line = place.shrink2(vec2(space::S, 0.0));
        let hair = Stroke::new(stroke::HAIR, style::tokens(ui).line);
        ui.painter().hline(line.x_range(), line.top() + space::XS, hair);
    }
    let place = place.translate(vec2(0.0, down));
    if at(ui, BUTTONS, place, last.is_some(), |ui| tool::show(ui, icons::UNDO, "", &name, false).clicked()) {
        scene.undo();
    }
}
