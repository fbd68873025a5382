//! The list of lights: only the rows in sight are drawn. Arrows move, Shift with them picks, Left and Right dim.

use std::sync::Arc;

use egui::{
    Align, CornerRadius, Key, Margin, Modifiers, Rect, ScrollArea, Stroke, StrokeKind, Ui, UiBuilder, pos2, vec2,
};

use crate::model::lights::{Command, LightId};
use crate::ui::panels::lights::draft::Draft;
use crate::ui::panels::lights::rows::{Plan, Row};
use crate::ui::panels::lights::state::{Desk, Pick};
use crate::ui::panels::lights::{acts, room, row, scenes};
use crate::ui::scene::Scene;
use crate::ui::style;
use crate::ui::theme::{radius, size, space, stroke};
use crate::ui::widgets::slider;

/// Rows that the Page keys move by.
const PAGE: isize = 10;

/// What changed while rows were drawn: the list itself must not, meanwhile.
#[derive(Default)]
struct Changes {
    focused: bool,
    picked: Option<(LightId, Pick)>,
    rooms: Vec<(usize, room::Done)>,
    edit: Option<Draft>,
}

/// Draws the list in all the room that is left.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>, desk: &mut Desk) {
    keys(ui, scene, desk);
    let rect = ui.available_rect_before_wrap();
    let mut child = ui.new_child(UiBuilder::new().max_rect(rect.with_max_x(rect.right() + space::M)).id_salt("lights"));
    let follow = std::mem::take(&mut desk.follow).then(|| desk.here.as_ref().and_then(|id| desk.plan.top_of(id)));
    let plan = std::mem::take(&mut desk.plan);
    let at = desk.at.take().and_then(|key| plan.sections.iter().position(|section| section.key == key));
    let mut changes = Changes::default();
    let area = ScrollArea::vertical().auto_shrink(false).content_margin(Margin::ZERO);
    area.show_viewport(&mut child, |ui, seen| {
        ui.set_height(plan.height());
        let (left, top) = (ui.max_rect().left(), ui.max_rect().top());
        let place = |y: f32, high: f32| Rect::from_min_size(pos2(left, top + y), vec2(rect.width(), high));
        if let Some(y) = follow.flatten() {
            ui.scroll_to_rect(place(y - size::ROW, size::LIGHT_ROW + 2.0 * size::ROW), None);
        }
        if let Some(section) = at {
            ui.scroll_to_rect(place(plan.span(section).start, size::ROW), Some(Align::TOP));
        }
        grounds(ui, &plan, (seen.top(), seen.bottom()), place);
        for (y, of) in plan.seen(seen.top(), seen.bottom()) {
            draw(ui, scene, desk, &plan, of, place(y, Plan::row_height(of)), &mut changes);
        }
    });
    desk.plan = plan;
    ui.advance_cursor_after_rect(rect);
    desk.row_focused = changes.focused || ui.memory(|m| m.focused()).is_none();
    take_over(scene, desk, changes);
}

fn draw(ui: &mut Ui, scene: &mut Scene<'_>, desk: &Desk, plan: &Plan, of: Row, place: Rect, changes: &mut Changes) {
    match of {
        Row::Head(s) => {
            if let Some(section) = plan.sections.get(s) {
                changes.rooms.push((s, room::show(ui, scene, desk, section, place)));
            }
        }
        Row::Scenes(s) => {
            if let Some(section) = plan.sections.get(s)
                && let Some(draft) = scenes::strip(ui, scene, section, place)
            {
                changes.edit = Some(draft);
            }
        }
        Row::Light(s, l) => {
            if let Some(light) = plan.light(s, l) {
                let done = row::show(ui, scene, desk, light, place, s);
                changes.focused |= done.focused;
                if let Some(pick) = done.pick {
                    changes.picked = Some((light.id.clone(), pick));
                }
            }
        }
    }
}

/// The tiles under the sections.
fn grounds(ui: &Ui, plan: &Plan, (from, to): (f32, f32), place: impl Fn(f32, f32) -> Rect) {
    let t = style::tokens(ui);
    for s in 0..plan.sections.len() {
        let span = plan.span(s);
        if span.end >= from && span.start <= to {
            let rect = place(span.start, span.end - span.start);
            let line = Stroke::new(stroke::HAIR, t.line);
            ui.painter().rect(rect, CornerRadius::same(radius::TILE), t.bg2, line, StrokeKind::Inside);
        }
    }
}

fn take_over(scene: &mut Scene<'_>, desk: &mut Desk, changes: Changes) {
    if let Some((id, how)) = changes.picked {
        desk.pick(&id, how);
        scene.stage.inspector = scene.stage.inspector.or(Some(true));
    }
    for (s, done) in changes.rooms {
        if done.hand.is_some() {
            desk.hand = done.hand;
        }
        if done.flip
            && let Some(section) = desk.plan.sections.get(s)
            && !desk.wanted.flipped.remove(&section.key)
        {
            desk.wanted.flipped.insert(Arc::clone(&section.key));
        }
        if done.pick
            && let Some(section) = desk.plan.sections.get(s)
        {
            desk.picked = room::ids(section).cloned().collect();
            desk.here = desk.picked.first().cloned();
        }
        if done.ask.is_some() {
            desk.asked = done.ask;
        }
        if let Some(draft) = done.edit {
            acts::edit(scene, desk, draft);
        }
    }
    if let Some(draft) = changes.edit {
        acts::edit(scene, desk, draft);
    }
}

/// Keys of the list, where no control has the keyboard.
fn keys(ui: &Ui, scene: &mut Scene<'_>, desk: &mut Desk) {
    let elsewhere = ui.memory(|m| m.focused()).is_some() && !desk.row_focused;
    if elsewhere || ui.ctx().text_edit_focused() || egui::Popup::is_any_open(ui.ctx()) || scene.stage.keys {
        desk.row_focused = false;
        return;
    }
    desk.row_focused = true;
    let shift = ui.input(|i| i.modifiers.shift);
    let take = |key: Key| {
        let held = if shift { Modifiers::SHIFT } else { Modifiers::NONE };
        ui.input_mut(|i| i.count_and_consume_key(held, key)) as isize
    };
    let step = take(Key::ArrowDown) - take(Key::ArrowUp) + PAGE * (take(Key::PageDown) - take(Key::PageUp));
    let last = isize::MAX / 2;
    let step = step + last * (take(Key::End) - take(Key::Home)).signum();
    if step != 0 {
        desk.step(step, shift);
        // egui would carry the focus on in the arrow's direction.
        ui.memory_mut(|m| m.move_focus(egui::FocusDirection::None));
    }
    let by = take(Key::ArrowRight) - take(Key::ArrowLeft);
    if by != 0 && !desk.picked.is_empty() {
        let share = by as f32 * if shift { 0.1 } else { 0.01 };
        scene.stage.undo.gesture = Some(slider::hash(&desk.picked));
        scene.out.lights(Command::Step { aims: acts::aims(desk), by: share });
        ui.memory_mut(|m| m.move_focus(egui::FocusDirection::None));
    }
    if take(Key::Enter) > 0 && desk.here.is_some() {
        scene.stage.inspector = Some(true);
    }
}
