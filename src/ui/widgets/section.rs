//! Section headers: capitals, with a count or a control at the right; no rule under them.

use egui::text::LayoutJob;
use egui::{Align, Color32, Layout, Sense, Ui, UiBuilder, vec2};

use crate::ui::style;
use crate::ui::theme::{size, space, text};

/// A section header; `right` is laid out from the right edge.
pub fn show<R>(ui: &mut Ui, title: &str, right: impl FnOnce(&mut Ui) -> R) -> R {
    capitals(ui, title, size::SECTION, style::tokens(ui).text2, right)
}

/// A section header of the inspector.
pub fn quiet<R>(ui: &mut Ui, title: &str, right: impl FnOnce(&mut Ui) -> R) -> R {
    capitals(ui, title, size::SECTION, style::tokens(ui).text3, right)
}

/// A section header of the inspector as high as a control, where it carries one with a word.
pub fn quiet_tall<R>(ui: &mut Ui, title: &str, right: impl FnOnce(&mut Ui) -> R) -> R {
    capitals(ui, title, size::CONTROL, style::tokens(ui).text3, right)
}

/// A section header as high as a control, for pages whose header carries controls.
pub fn tall<R>(ui: &mut Ui, title: &str, right: impl FnOnce(&mut Ui) -> R) -> R {
    capitals(ui, title, size::CONTROL, style::tokens(ui).text2, right)
}

fn capitals<R>(ui: &mut Ui, title: &str, height: f32, color: Color32, right: impl FnOnce(&mut Ui) -> R) -> R {
    header(ui, style::job(&title.to_uppercase(), text::SECTION, color), height, right)
}

/// What has no room at the right is cut at the title: a header never makes its page wider.
pub(super) fn header<R>(ui: &mut Ui, title: LayoutJob, height: f32, right: impl FnOnce(&mut Ui) -> R) -> R {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
    let mut left = ui.new_child(UiBuilder::new().max_rect(rect).layout(Layout::left_to_right(Align::Center)));
    left.label(title);
    let rest = rect.with_min_x((left.min_rect().right() + space::S).min(rect.right()));
    let mut child = ui.new_child(UiBuilder::new().max_rect(rest).layout(Layout::right_to_left(Align::Center)));
    // Rings around controls may stand out of the header, but not over its title.
    let clip = rest.expand2(vec2(0.0, space::S)).with_max_x(rest.right() + space::S);
    child.set_clip_rect(clip.intersect(ui.clip_rect()));
    right(&mut child)
}
