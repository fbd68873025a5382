//! Automations > Schedules: what acts by the clock or for an app: schedules, rules, timers, behaviours, scenes by the time
//! of day; and an editor for simple schedules.
//!
//! Invariant: nothing is in force before it is saved; what apps keep is changed only as a whole.

pub mod draft;
mod editor;
pub mod entries;
mod list;
mod row;
pub mod state;

use egui::{Rect, Ui, UiBuilder, pos2};

use crate::ui::panels::automations::plans::draft::Draft;
use crate::ui::scene::Scene;
use crate::ui::theme::{size, space};

/// Begins a new schedule.
pub fn begin(scene: &mut Scene<'_>) {
    scene.stage.plans.draft = Some(Box::new(Draft::new(scene.view)));
}

/// Draws the part.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>) {
    let mut desk = std::mem::take(&mut scene.stage.plans);
    desk.settle(scene.view, scene.now.wall);
    let page = ui.available_rect_before_wrap();
    let [width, beside] = size::PLAN_EDITOR;
    let Some(draft) = desk.draft.take() else {
        list::show(ui, scene, &mut desk);
        scene.stage.plans = desk;
        return;
    };
    let (left, right) = if page.width() >= beside {
        let split = page.right() - width;
        let left = page.with_max_x(split - space::L);
        (Some(left), Rect::from_min_max(pos2(split, page.top()), page.max))
    } else {
        (None, page)
    };
    if let Some(left) = left {
        list::show(&mut ui.new_child(UiBuilder::new().max_rect(left).id_salt("plans")), scene, &mut desk);
    }
    // A row of the list may have opened another one.
    let draft = desk.draft.take().unwrap_or(draft);
    desk.draft = editor::show(&mut ui.new_child(UiBuilder::new().max_rect(right).id_salt("plan")), scene, draft);
    scene.stage.plans = desk;
    ui.advance_cursor_after_rect(page);
}
