//! Buttons: plain, the one ember button of a view, and icons with a name.

use egui::{Align2, CornerRadius, Response, Role, Sense, Stroke, StrokeKind, Ui, Vec2, Widget, WidgetInfo, pos2, vec2};

use crate::ui::theme::{radius, size, space, stroke, text};
use crate::ui::{style, widgets};

/// A button with a word, and an icon if it has one.
#[must_use = "add it to a Ui"]
pub struct Button<'a> {
    text: &'a str,
    icon: Option<char>,
    ember: bool,
    name: Option<&'a str>,
    height: f32,
}

impl<'a> Button<'a> {
    /// A plain button.
    pub const fn new(text: &'a str) -> Self {
        Self { text, icon: None, ember: false, name: None, height: size::CONTROL }
    }

    /// With an icon before the word.
    pub const fn icon(mut self, icon: char) -> Self {
        self.icon = Some(icon);
        self
    }

    /// The first action of a view: one at most.
    pub const fn ember(mut self) -> Self {
        self.ember = true;
        self
    }

    /// Taller, for the first action of a question.
    pub const fn tall(mut self) -> Self {
        self.height = size::ACTION;
        self
    }

    /// Its accessible name, where the word alone does not say what it acts on.
    pub const fn name(mut self, name: &'a str) -> Self {
        self.name = Some(name);
        self
    }
}

impl Widget for Button<'_> {
    fn ui(self, ui: &mut Ui) -> Response {
        let t = style::tokens(ui);
        let enabled = ui.is_enabled();
        let (fill, ink) = match (self.ember, enabled) {
            (_, false) => (t.bg2, t.text3),
            (true, _) => (t.ember, t.on_ember),
            (false, _) => (t.bg3, t.text1),
        };
        let galley = ui.painter().layout_job(style::job(self.text, text::BUTTON, ink));
        let icon = if self.icon.is_some() { text::ICON_S.size + space::S } else { 0.0 };
        let wanted = vec2(galley.size().x + icon + 2.0 * space::M, self.height);
        let (rect, response) = ui.allocate_exact_size(wanted, Sense::click());
        let fill = if response.hovered() && !self.ember { t.bg3.lerp_to_gamma(t.text1, 0.08) } else { fill };
        let corner = CornerRadius::same(radius::CONTROL);
        ui.painter().rect(rect, corner, fill, border(ui, self.ember), StrokeKind::Inside);
        let left = rect.left() + space::M;
        if let Some(icon) = self.icon {
            style::icon(ui.painter(), pos2(left + text::ICON_S.size / 2.0, rect.center().y), icon, text::ICON_S, ink);
        }
        let at = Align2::LEFT_CENTER.anchor_size(pos2(left + icon, rect.center().y), galley.size());
        ui.painter().galley(at.min, galley, ink);
        response.widget_info(|| WidgetInfo::labeled(Role::Button, enabled, self.name.unwrap_or(self.text)));
        widgets::focus_ring(ui, &response, radius::CONTROL);
        response
    }
}

/// The border that controls have in this look.
pub(crate) fn border(ui: &Ui, filled: bool) -> Stroke {
    let t = style::tokens(ui);
    match t.look {
        _ if filled => Stroke::NONE,
        crate::ui::theme::Look::Dark => Stroke::NONE,
        crate::ui::theme::Look::Light => Stroke::new(stroke::HAIR, t.line),
        crate::ui::theme::Look::Contrast => Stroke::new(stroke::HAIR, t.edge),
    }
}

/// A button that is only an icon; its name is its tooltip.
pub fn icon(ui: &mut Ui, icon: char, name: &str, on: bool) -> Response {
    let t = style::tokens(ui);
    let (rect, response) = ui.allocate_exact_size(Vec2::splat(size::CONTROL), Sense::click());
    if on || response.hovered() {
        let fill = if on { t.ember_dim } else { t.bg3 };
        ui.painter().rect_filled(rect, CornerRadius::same(radius::CONTROL), fill);
    }
    let ink = if on { t.ember } else { t.text2 };
    style::icon(ui.painter(), rect.center(), icon, text::ICON_M, ink);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, ui.is_enabled(), name));
    widgets::focus_ring(ui, &response, radius::CONTROL);
    response.on_hover_text(name)
}
