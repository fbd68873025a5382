//! The tools beside an inspected picture.

use egui::{Rect, Ui};

use crate::model::sensors::Device;
use crate::ui::scene::Scene;

/// Draws them into `rect`.
pub fn show(ui: &mut Ui, _scene: &mut Scene<'_>, _device: &Device, rect: Rect) {
    super::super::panel(ui, rect);
}
