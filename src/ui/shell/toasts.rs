//! Toasts: one sentence that goes by itself. Never for an alarm.

use egui::{Align2, Area, Context, CornerRadius, Frame, Id, Label, Margin, Order, Stroke, vec2};

use crate::ui::style;
use crate::ui::theme::{radius, size, space, stroke, text, time};
use crate::units::moment::Moment;

/// At most so many at once; the oldest goes.
const MOST: usize = 3;

/// Toasts on screen.
#[derive(Debug, Default)]
pub struct Toasts {
    shown: Vec<(Moment, String)>,
}

impl Toasts {
    /// Shows a sentence from now on.
    pub fn say(&mut self, now: Moment, sentence: String) {
        if self.shown.len() >= MOST {
            self.shown.remove(0);
        }
        self.shown.push((now + time::TOAST, sentence));
    }

    /// Draws the toasts above the bar, at the right; asks to be drawn again when the next one goes.
    pub fn show(&mut self, ctx: &Context, now: Moment, above: f32) {
        self.shown.retain(|(until, _)| *until > now);
        let Some(next) = self.shown.iter().map(|(until, _)| *until).min() else { return };
        ctx.request_repaint_after(next.since(now));
        let offset = vec2(-space::L, -above - space::L);
        let area = Area::new(Id::unique("toasts")).order(Order::Foreground).anchor(Align2::RIGHT_BOTTOM, offset);
        area.fade_in(false).show(ctx, |ui| {
            let t = style::tokens(ui);
            ui.spacing_mut().item_spacing.y = space::S;
            for (_, sentence) in &self.shown {
                Frame::NONE
                    .fill(t.bg3)
                    .stroke(Stroke::new(stroke::HAIR, t.edge))
                    .corner_radius(CornerRadius::same(radius::TILE))
                    .inner_margin(Margin::same(space::M as i8))
                    .show(ui, |ui| {
                        ui.set_width(size::TOAST - 2.0 * space::M);
                        ui.add(Label::new(style::job(sentence, text::BODY, t.text1)).wrap());
                    });
            }
        });
    }
}
