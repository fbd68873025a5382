//! The pointer on an inspected picture: it makes regions, selects, moves and resizes them.
//!
//! Invariant: while something is dragged only the draft changes; a command goes at the release.

use egui::{CursorIcon, PointerButton, Pos2, Response, Ui};

use crate::model::thermal::Array;
use crate::model::thermal::region::{MAX_CORNERS, Point, Region, Regions};
use crate::ui::panels::thermal::inspect::place::Place;
use crate::ui::panels::thermal::inspect::state::{Grip, Hold, Tool};
use crate::ui::panels::thermal::inspect::{acts, shapes};
use crate::ui::scene::Scene;
use crate::ui::theme::size;

/// Does what the pointer asks for.
pub fn handle(ui: &Ui, scene: &mut Scene<'_>, response: &Response, place: Place, array: &Array) {
    let primary = PointerButton::Primary;
    let regions = scene.stage.inspect.regions(array);
    if response.is_pointer_button_down_on() {
        scene.stage.inspect.by_keys = false;
    }
    if response.drag_started_by(primary)
        && let Some(origin) = ui.input(|i| i.pointer.press_origin())
    {
        response.request_focus();
        take(scene, array, place, &regions, origin);
    }
    if let Some(at) = response.interact_pointer_pos().or(response.hover_pos()) {
        scene.stage.inspect.next = Some(place.in_cells(at));
        follow(scene, array, place.in_cells(at));
    }
    if response.drag_stopped_by(primary) {
        let again = ui.input(|i| i.modifiers.shift);
        release(scene, array, again);
    } else if response.clicked_by(primary)
        && let Some(at) = response.interact_pointer_pos()
    {
        response.request_focus();
        let again = ui.input(|i| i.modifiers.shift);
        press(scene, array, place, &regions, at, again);
    }
    if response.double_clicked_by(primary) && scene.stage.inspect.tool == Tool::Hand && is_idle(scene) {
        scene.stage.enlarged = false;
    }
    icon(ui, scene, response, place, &regions);
}

fn is_idle(scene: &Scene<'_>) -> bool {
    scene.stage.inspect.selected.is_none() && scene.stage.inspect.draft.is_none()
}

/// How near the pointer must be to a mark, in cells.
fn reach(place: Place) -> f32 {
    size::HANDLE_HIT / 2.0 / place.cell().max(f32::EPSILON)
}

/// The handle of the selected region under the pointer.
fn handle_at(scene: &Scene<'_>, place: Place, regions: &Regions, at: Pos2) -> Option<(Region, usize)> {
    let region = scene.stage.inspect.selected.as_ref().and_then(|id| regions.get(id))?;
    let near = |handle: &Point| place.on_screen(*handle).distance(at);
    let handles = shapes::handles(&region.shape);
    let (i, handle) = handles.iter().enumerate().min_by(|(_, a), (_, b)| near(a).total_cmp(&near(b)))?;
    (near(handle) <= size::HANDLE_HIT / 2.0).then(|| (region.clone(), i))
}

/// A drag begins.
fn take(scene: &mut Scene<'_>, array: &Array, place: Place, regions: &Regions, origin: Pos2) {
    let at = place.in_cells(origin);
    if scene.stage.inspect.tool == Tool::Hand {
        let grip = match handle_at(scene, place, regions, origin) {
            Some((was, i)) => Some(Grip { was, hold: Hold::Handle(i), verb: "resize" }),
            None => {
                let hit = shapes::hit(&regions.regions, at, reach(place));
                scene.stage.inspect.select(hit.clone());
                let was = hit.and_then(|id| regions.get(&id).cloned());
                was.map(|was| Grip { was, hold: Hold::Whole(at), verb: "move" })
            }
        };
        scene.stage.inspect.grip = grip;
    } else if scene.stage.inspect.corners.is_empty() && acts::has_room(scene, array) {
        scene.stage.inspect.corners.push(at);
    }
}

/// The pointer is at another place.
fn follow(scene: &mut Scene<'_>, array: &Array, at: Point) {
    let desk = &mut scene.stage.inspect;
    if let Some(grip) = &desk.grip {
        let shape = match grip.hold {
            Hold::Whole(from) => shapes::moved(&grip.was.shape, (at.x - from.x, at.y - from.y), array.size),
            Hold::Handle(i) => shapes::with_handle(&grip.was.shape, i, at, array.size),
            Hold::Keys => return,
        };
        desk.draft = Some(Region { shape, ..grip.was.clone() });
    } else if !desk.corners.is_empty() {
        preview(scene, array, at);
    }
}

/// The draft of what would be made if the next corner were at `at`.
pub fn preview(scene: &mut Scene<'_>, array: &Array, at: Point) {
    let desk = &scene.stage.inspect;
    let tool = desk.tool;
    let corners: Vec<_> = desk.corners.iter().copied().chain([at]).collect();
    let draft = shapes::made(tool, &corners, array.size).and_then(|shape| acts::fresh(scene, array, tool, shape));
    scene.stage.inspect.draft = draft;
}

/// A drag ends: what was held or drawn is sent.
pub fn release(scene: &mut Scene<'_>, array: &Array, again: bool) {
    if let Some(grip) = scene.stage.inspect.grip.take() {
        if let Some(draft) = scene.stage.inspect.draft.take() {
            acts::put(scene, &array.device, draft, Some(grip.was), grip.verb);
        }
    } else if scene.stage.inspect.tool == Tool::Polygon {
        if let Some(at) = scene.stage.inspect.next {
            corner(scene, array, at, again);
        }
    } else if scene.stage.inspect.tool != Tool::Hand {
        finish(scene, array, again);
    }
}

/// A click: selects, or sets a corner.
fn press(scene: &mut Scene<'_>, array: &Array, place: Place, regions: &Regions, at: Pos2, again: bool) {
    let point = place.in_cells(at);
    scene.stage.inspect.cursor = Some(shapes::cell_of(point, array.size));
    if scene.stage.inspect.tool == Tool::Hand {
        if handle_at(scene, place, regions, at).is_none() {
            scene.stage.inspect.select(shapes::hit(&regions.regions, point, reach(place)));
        }
    } else {
        corner(scene, array, point, again);
    }
}

/// Sets a corner: with the last one the region is made. A polygon is closed by its first or its last cell once more.
pub fn corner(scene: &mut Scene<'_>, array: &Array, at: Point, again: bool) {
    if !acts::has_room(scene, array) {
        return;
    }
    let desk = &mut scene.stage.inspect;
    let cell = |p: &Point| shapes::cell_of(*p, array.size);
    let enough = match desk.tool {
        Tool::Hand => return,
        Tool::Spot => true,
        Tool::Box | Tool::Circle | Tool::Line | Tool::Mask => !desk.corners.is_empty(),
        Tool::Polygon => {
            let known = [desk.corners.first(), desk.corners.last()].into_iter().flatten().any(|p| cell(p) == cell(&at));
            if known && desk.corners.len() < 3 {
                return;
            }
            if known {
                return close(scene, array, again);
            }
            desk.corners.len() + 1 >= MAX_CORNERS
        }
    };
    desk.corners.push(at);
    if enough {
        close(scene, array, again);
    }
}

/// Makes the region of the corners that are set.
fn close(scene: &mut Scene<'_>, array: &Array, again: bool) {
    let desk = &scene.stage.inspect;
    let made = shapes::made(desk.tool, &desk.corners, array.size);
    scene.stage.inspect.draft = made.and_then(|shape| acts::fresh(scene, array, scene.stage.inspect.tool, shape));
    finish(scene, array, again);
}

/// Sends what was drawn, selects it, and takes the hand again, unless the tool is to stay.
fn finish(scene: &mut Scene<'_>, array: &Array, again: bool) {
    let drawn = scene.stage.inspect.draft.take();
    let Some(region) = drawn else {
        // A line of one cell says nothing yet: its first end stays.
        scene.stage.inspect.corners.truncate(1);
        return;
    };
    let id = region.id.clone();
    acts::put(scene, &array.device, region, None, "add");
    let desk = &mut scene.stage.inspect;
    desk.drop_begun();
    if !again {
        desk.tool = Tool::Hand;
        desk.select(Some(id));
    }
}

/// The pointer says what it would do.
fn icon(ui: &Ui, scene: &Scene<'_>, response: &Response, place: Place, regions: &Regions) {
    let Some(at) = response.hover_pos() else { return };
    let icon = if scene.stage.inspect.tool != Tool::Hand {
        CursorIcon::Crosshair
    } else if let Some(grip) = &scene.stage.inspect.grip {
        if grip.verb == "move" { CursorIcon::Grabbing } else { CursorIcon::Crosshair }
    } else if handle_at(scene, place, regions, at).is_some() {
        CursorIcon::Crosshair
    } else if shapes::hit(&regions.regions, place.in_cells(at), reach(place)).is_some() {
        CursorIcon::Grab
    } else {
        return;
    };
    ui.ctx().set_cursor_icon(icon);
}
