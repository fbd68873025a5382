//! How the window was left: kept a second after it last changed, put on again at the next start.

use egui::Context;

use crate::model::layouts::LEFT;
use crate::ui::desk::arrange;
use crate::ui::desk::layout::Layout;
use crate::ui::scene::Scene;
use crate::ui::theme::time;

/// Arranges the window as it was left, if that is known.
pub fn restore(scene: &mut Scene<'_>) {
    match scene.view.layouts.saved.get(LEFT).map(|body| Layout::read(body)) {
        // Colours come from the settings, which may have been changed outside since.
        Some(Ok(layout)) => arrange::apply(scene, &Layout { colours: None, ..layout }),
        Some(Err(why)) => {
            scene.stage.saying = Some(format!("How the window was left cannot be read: {why}. It opens as new."));
        }
        None => {}
    }
}

/// Keeps how the window is, a second after it last changed. Looks only in frames in which somebody did something.
pub fn remember(ctx: &Context, scene: &mut Scene<'_>) {
    let (now, active) = ctx.input(|i| (i.time, !i.events.is_empty()));
    let first = scene.stage.desk.left.0.is_none();
    if active || first {
        let layout = arrange::capture(scene);
        if scene.stage.desk.left.0.as_deref() != Some(&layout) {
            let due = (!first).then(|| now + time::LEFT.as_secs_f64());
            scene.stage.desk.left = (Some(Box::new(layout)), due);
        }
    }
    let Some(due) = scene.stage.desk.left.1 else { return };
    if now < due {
        ctx.request_repaint_after(std::time::Duration::from_secs_f64(due - now));
        return;
    }
    scene.stage.desk.left.1 = None;
    if let Some(layout) = scene.stage.desk.left.0.take() {
        arrange::keep_left(scene, &layout);
        scene.stage.desk.left.0 = Some(layout);
    }
}
