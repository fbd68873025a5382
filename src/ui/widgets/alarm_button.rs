//! Buttons on the bar of an alarm: a word and its key cap, in the bar's own colours.

use egui::{Color32, CornerRadius, Id, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use crate::ui::theme::{radius, size, space, stroke, text};
use crate::ui::{style, widgets};

/// The colours of a button.
#[derive(Clone, Copy, Debug)]
pub struct Ink {
    /// Its ground.
    pub fill: Color32,
    /// Word, icon and key.
    pub text: Color32,
    /// Its border; transparent for none.
    pub border: Color32,
    /// The focus ring, which must be seen on the bar.
    pub ring: Color32,
}

/// A button that is put into a rectangle: the bar lays its buttons out itself.
#[derive(Clone, Copy, Debug)]
pub struct AlarmButton<'a> {
    /// Its word; may be empty.
    pub word: &'a str,
    /// Behind the word.
    pub icon: Option<char>,
    /// The key that does the same.
    pub key: Option<&'a str>,
    /// Its accessible name.
    pub name: &'a str,
    /// Its colours.
    pub ink: Ink,
}

impl AlarmButton<'_> {
    /// How wide it is, at least as wide as it must be to be hit.
    #[must_use]
    pub fn width(&self, ui: &Ui, height: f32) -> f32 {
        let measure = |words: &str, role| {
            if words.is_empty() {
                0.0
            } else {
                ui.painter().layout_job(style::job(words, role, self.ink.text)).size().x
            }
        };
        let cap = self.key.map_or(0.0, |key| cap_width(measure(key, text::KEY)));
        let parts = [measure(self.word, text::BUTTON), self.icon.map_or(0.0, |_| text::ICON_S.size), cap];
        let n = parts.iter().filter(|part| **part > 0.0).count();
        let margin = if self.word.is_empty() { space::S } else { space::M };
        let wanted = parts.iter().sum::<f32>() + n.saturating_sub(1) as f32 * space::S + 2.0 * margin;
        wanted.max(height.min(size::ALARM_BUTTON)).ceil()
    }

    /// Shows it: painted in `rect`, hit in at least the height of an alarm button.
    pub fn show(&self, ui: &Ui, id: Id, rect: Rect, hit: Rect) -> Response {
        let response = ui.interact(hit, id, Sense::click());
        let Ink { fill, text: color, border, ring } = self.ink;
        let fill = if response.hovered() { fill.lerp_to_gamma(color, 0.08) } else { fill };
        let corner = CornerRadius::same(radius::CONTROL);
        ui.painter().rect(rect, corner, fill, Stroke::new(stroke::HAIR, border), StrokeKind::Inside);
        let y = rect.center().y;
        let mut x = rect.left() + if self.word.is_empty() { (rect.width() - self.content(ui)) / 2.0 } else { space::M };
        if !self.word.is_empty() {
            let galley = ui.painter().layout_job(style::job(self.word, text::BUTTON, color));
            let wide = galley.size();
            ui.painter().galley(pos2(x, y - wide.y / 2.0), galley, color);
            x += wide.x + space::S;
        }
        if let Some(icon) = self.icon {
            style::icon(ui.painter(), pos2(x + text::ICON_S.size / 2.0, y), icon, text::ICON_S, color);
            x += text::ICON_S.size + space::S;
        }
        if let Some(key) = self.key {
            let galley = ui.painter().layout_job(style::job(key, text::KEY, color));
            let cap =
                Rect::from_min_size(pos2(x, y - size::SECTION / 2.0), vec2(cap_width(galley.size().x), size::SECTION));
            ui.painter().rect_filled(cap, CornerRadius::same(radius::KEY), fill.lerp_to_gamma(color, 0.14));
            ui.painter().galley(cap.center() - galley.size() / 2.0, galley, color);
        }
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, self.name));
        if response.has_focus() {
            let around = Stroke::new(stroke::FOCUS, ring);
            let corner = CornerRadius::same(radius::CONTROL + stroke::FOCUS_GAP as u8);
            ui.painter().rect_stroke(rect.expand(stroke::FOCUS_GAP), corner, around, StrokeKind::Outside);
        }
        if self.name == self.word { response } else { response.on_hover_text(self.name) }
    }

    fn content(&self, ui: &Ui) -> f32 {
        let key = self.key.map(|key| ui.painter().layout_job(style::job(key, text::KEY, self.ink.text)).size().x);
        let parts = [self.icon.map(|_| text::ICON_S.size), key.map(cap_width)];
        let n = parts.iter().flatten().count();
        parts.iter().flatten().sum::<f32>() + n.saturating_sub(1) as f32 * space::S
    }
}

fn cap_width(letters: f32) -> f32 {
    (letters + 2.0 * space::XS + 2.0).max(size::SECTION)
}

/// The colours of a button on the theme's own grounds.
#[must_use]
pub fn plain(ui: &Ui) -> Ink {
    let t = style::tokens(ui);
    let border = widgets::button::border(ui, false);
    let border = if border.width > 0.0 { border.color } else { Color32::TRANSPARENT };
    Ink { fill: t.bg3, text: t.text1, border, ring: t.focus }
}
