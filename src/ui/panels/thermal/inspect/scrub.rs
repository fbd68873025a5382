//! The line of time under an inspected picture.

use egui::{Rect, Ui};

use crate::model::sensors::Device;
use crate::ui::scene::Scene;

/// Draws it into `rect`.
pub fn show(ui: &mut Ui, _scene: &mut Scene<'_>, _device: &Device, rect: Rect) {
    super::super::panel(ui, rect);
}
