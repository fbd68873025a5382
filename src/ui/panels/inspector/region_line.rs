//! The temperatures along a line of the picture.

use egui::Ui;

use crate::model::thermal::region::{RegionId, Shape};
use crate::ui::panels::inspector::region_subject::Subject;
use crate::ui::scene::Scene;
use crate::ui::theme::space;
use crate::ui::widgets::{profile, section};

/// The line whose profile is shown: the selected one, else the first there is.
#[must_use]
pub fn of<'a>(subject: &Subject<'a>) -> Option<&'a RegionId> {
    let is_line = |id: &RegionId| {
        subject.regions.get(id).is_some_and(|region| !region.mask && matches!(region.shape, Shape::Line { .. }))
    };
    if is_line(subject.id) {
        return Some(subject.id);
    }
    subject.regions.regions.iter().map(|region| &region.id).find(|id| is_line(id))
}

/// Draws the section.
pub fn show(ui: &mut Ui, scene: &Scene<'_>, line: &RegionId) {
    section::quiet(ui, &format!("Line {line}"), |_| {});
    ui.add_space(space::S);
    let values = scene.stage.inspect.reading.profile(line);
    profile::show(ui, &values, &format!("Profile of {line}"), scene.choices.scale);
}
