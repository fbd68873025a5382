//! The keyboard on an inspected picture: tools, a cell that arrows move, regions that arrows move and resize.
//!
//! Invariant: arrows belong to the picture only while it, or the row of a region, has the keyboard; the keys used here
//! are taken out of the frame's input, so that nothing else acts on them too.

use egui::{Context, Event, FocusDirection, Key, Modifiers};

use crate::model::thermal::Array;
use crate::model::thermal::region::{Cell, Region, RegionId, Regions, Shape};
use crate::ui::panels;
use crate::ui::panels::thermal::inspect::state::{Grip, Hold, Tool, picture_id, row_id};
use crate::ui::panels::thermal::inspect::{acts, drag, shapes, tools};
use crate::ui::scene::Scene;
use crate::units::grid::Mounting;

/// Cells of a step with Shift.
const LONG: i32 = 5;
const ARROWS: [(Key, (i32, i32)); 4] =
    [(Key::ArrowLeft, (-1, 0)), (Key::ArrowRight, (1, 0)), (Key::ArrowUp, (0, -1)), (Key::ArrowDown, (0, 1))];

/// Does what the pressed keys ask for while an array is inspected. Not while text is edited. Esc is not among them: what
/// it lets go of first is said by [`super::state::Desk::let_go`].
pub fn handle(ctx: &Context, scene: &mut Scene<'_>) {
    let inspects = scene.stage.enlarged && scene.stage.page == panels::order::THERMAL && !scene.stage.keys;
    if !inspects || scene.stage.closing || ctx.text_edit_focused() || egui::Popup::is_any_open(ctx) {
        return;
    }
    let Some(array) = scene.stage.selected.clone().and_then(|id| scene.array(&id)) else { return };
    take_tool(ctx, scene);
    let regions = scene.stage.inspect.regions(&array);
    selected(ctx, scene, &array);
    match owner(ctx, scene, &regions, &array) {
        Owner::Picture => picture(ctx, scene, &array, &regions),
        Owner::Row => arrows(ctx, scene, &array, &regions),
        Owner::Other => {}
    }
    let held = ARROWS.iter().any(|(key, _)| ctx.input(|i| i.key_down(*key)));
    let by_keys = scene.stage.inspect.grip.as_ref().is_some_and(|grip| grip.hold == Hold::Keys);
    if by_keys && !held {
        drag::release(scene, &array, false);
    }
}

/// Who has the keyboard.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Owner {
    Picture,
    Row,
    Other,
}

fn owner(ctx: &Context, scene: &Scene<'_>, regions: &Regions, array: &Array) -> Owner {
    let Some(focused) = ctx.memory(|m| m.focused()) else { return Owner::Other };
    let labels = || regions.regions.iter().map(|r| &r.id).chain(regions.deltas.iter().map(|d| &d.id));
    if focused == picture_id(&array.device) {
        Owner::Picture
    } else if scene.stage.inspect.selected.is_some() && labels().any(|id| row_id(&array.device, id) == focused) {
        Owner::Row
    } else {
        Owner::Other
    }
}

/// With Shift a digit is another sign, so that tools are also known by the place of their key.
fn take_tool(ctx: &Context, scene: &mut Scene<'_>) {
    for action in tools::ACTIONS {
        for chord in action.chords {
            if !take_if(ctx, chord.key, |held| held.matches_exact(chord.modifiers)).is_empty() {
                (action.run)(scene);
            }
        }
    }
}

/// Keys of the selected region or delta.
fn selected(ctx: &Context, scene: &mut Scene<'_>, array: &Array) {
    let Some(id) = scene.stage.inspect.selected.clone() else { return };
    if !taken(ctx, Key::F2).is_empty() {
        begin_name(scene, array, &id);
    }
    let on_control = ctx
        .memory(|m| m.focused())
        .is_some_and(|focused| focused != picture_id(&array.device) && focused != row_id(&array.device, &id));
    if !on_control && [Key::Delete, Key::Backspace].into_iter().any(|key| !taken(ctx, key).is_empty()) {
        acts::remove(scene, array, &id);
    }
}

/// Begins to edit the name of a region or delta, in the inspector.
pub fn begin_name(scene: &mut Scene<'_>, array: &Array, id: &RegionId) {
    let regions = scene.stage.inspect.regions(array);
    let region = regions.get(id).map(|region| &region.name);
    if let Some(name) = region.or_else(|| regions.delta(id).map(|delta| &delta.name)) {
        scene.stage.inspect.naming = Some((id.clone(), name.to_string()));
        scene.stage.inspector = Some(true);
    }
}

fn picture(ctx: &Context, scene: &mut Scene<'_>, array: &Array, regions: &Regions) {
    arrows(ctx, scene, array, regions);
    for modifiers in taken(ctx, Key::Enter) {
        enter(scene, array, regions, modifiers.shift);
    }
}

/// Enter: sets a corner where the keyboard is, or selects what is there.
pub fn enter(scene: &mut Scene<'_>, array: &Array, regions: &Regions, again: bool) {
    let cursor = cursor(scene, array);
    (scene.stage.inspect.cursor, scene.stage.inspect.by_keys) = (Some(cursor), true);
    if scene.stage.inspect.tool == Tool::Hand {
        let hit = shapes::hit(&regions.regions, shapes::centre(cursor), 0.0);
        scene.stage.inspect.select(hit);
    } else {
        drag::corner(scene, array, shapes::centre(cursor), again);
        if !scene.stage.inspect.corners.is_empty() {
            drag::preview(scene, array, shapes::centre(cursor));
        }
    }
}

/// The cell where the keyboard is: the middle of the array to begin with.
fn cursor(scene: &Scene<'_>, array: &Array) -> Cell {
    let middle = Cell { row: (array.size.rows() / 2) as u16, col: (array.size.cols() / 2) as u16 };
    let known = scene.stage.inspect.cursor.unwrap_or(middle);
    Cell { row: known.row.min((array.size.rows() - 1) as u16), col: known.col.min((array.size.cols() - 1) as u16) }
}

fn arrows(ctx: &Context, scene: &mut Scene<'_>, array: &Array, regions: &Regions) {
    let mounting = scene.choice(array).mounting;
    for (key, step) in ARROWS {
        for modifiers in taken(ctx, key) {
            // egui would carry the focus on in the arrow's direction.
            ctx.memory_mut(|m| m.move_focus(FocusDirection::None));
            scene.stage.inspect.by_keys = true;
            let held = scene.stage.inspect.selected.as_ref().and_then(|id| regions.get(id)).cloned();
            match held.filter(|_| scene.stage.inspect.tool == Tool::Hand) {
                Some(region) => shift(scene, array, mounting, &region, step, modifiers),
                None => step_cursor(scene, array, mounting, step, modifiers.shift),
            }
        }
    }
}

/// Moves the keyboard's cell.
fn step_cursor(scene: &mut Scene<'_>, array: &Array, mounting: Mounting, step: (i32, i32), long: bool) {
    let (cols, rows) = mounting.sensor_step(step);
    let by = if long { LONG } else { 1 };
    let at = cursor(scene, array);
    let moved = shapes::moved(&Shape::Spot(at), ((cols * by) as f32, (rows * by) as f32), array.size);
    if let Shape::Spot(cell) = moved {
        scene.stage.inspect.cursor = Some(cell);
        if !scene.stage.inspect.corners.is_empty() {
            scene.stage.inspect.next = Some(shapes::centre(cell));
            drag::preview(scene, array, shapes::centre(cell));
        }
    }
}

/// Moves a region, or its far side with Alt or Ctrl, as seen; sent when the arrow is let go.
fn shift(
    scene: &mut Scene<'_>,
    array: &Array,
    mounting: Mounting,
    region: &Region,
    step: (i32, i32),
    modifiers: Modifiers,
) {
    let by = if modifiers.shift { LONG } else { 1 };
    let resizes = modifiers.alt || modifiers.command || modifiers.ctrl;
    let desk = &mut scene.stage.inspect;
    let before = desk.draft.as_ref().filter(|draft| draft.id == region.id).unwrap_or(region).shape.clone();
    let shape = if resizes {
        // The far side is the right or the lower one as seen.
        let far = (step.0.abs(), step.1.abs());
        let out = step.0 + step.1;
        shapes::grown(&before, mounting.sensor_step(far), out * by, array.size)
    } else {
        let (cols, rows) = mounting.sensor_step(step);
        shapes::moved(&before, ((cols * by) as f32, (rows * by) as f32), array.size)
    };
    let verb = if resizes { "resize" } else { "move" };
    match &mut desk.grip {
        Some(grip) if grip.was.id == region.id => grip.verb = verb,
        grip => *grip = Some(Grip { was: region.clone(), hold: Hold::Keys, verb }),
    }
    desk.draft = Some(Region { shape, ..region.clone() });
}

/// Takes all presses of a key out of the frame's input; hands back what was held with each.
fn taken(ctx: &Context, key: Key) -> Vec<Modifiers> {
    take_if(ctx, key, |_| true)
}

/// The same for presses whose modifiers fit; with Shift, keys of that place on the keyboard too.
fn take_if(ctx: &Context, key: Key, fits: impl Fn(&Modifiers) -> bool) -> Vec<Modifiers> {
    let mut found = Vec::new();
    ctx.input_mut(|i| {
        i.events.retain(|event| match event {
            Event::Key { key: pressed, physical_key, pressed: true, modifiers, .. }
                if (*pressed == key || (modifiers.shift && *physical_key == Some(key))) && fits(modifiers) =>
            {
                found.push(*modifiers);
                false
            }
            _ => true,
        });
    });
    found
}
