//! Toasts: one sentence that goes by itself, with at most one thing to do about it. Never for an alarm.
//!
//! Invariant: a toast under the pointer stays.

use egui::{Align, Align2, Area, Context, Id, Label, Layout, Order, vec2};

use crate::ui::style;
use crate::ui::theme::{size, space, text, time};
use crate::ui::widgets::button::Button;
use crate::ui::widgets::ground;
use crate::units::moment::Moment;

/// At most so many at once; the oldest goes.
const MOST: usize = 3;

/// What a toast offers to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Offer {
    /// Take the last step back.
    Undo,
    /// Do the undone step again.
    Redo,
    /// Show the file of a job.
    Show(u64),
}

#[derive(Debug)]
struct Toast {
    /// When it goes; `None` as long as it was not drawn.
    until: Option<Moment>,
    sentence: String,
    offer: Option<(&'static str, Offer)>,
}

/// Toasts on screen.
#[derive(Debug, Default)]
pub struct Toasts {
    shown: Vec<Toast>,
}

impl Toasts {
    /// Shows a sentence.
    pub fn say(&mut self, sentence: impl Into<String>) {
        self.push(Toast { until: None, sentence: sentence.into(), offer: None });
    }

    /// Shows a sentence with a button.
    pub fn offer(&mut self, sentence: impl Into<String>, word: &'static str, offer: Offer) {
        // What one step offers ends with the next.
        let steps = [Offer::Undo, Offer::Redo];
        if steps.contains(&offer) {
            self.shown.retain(|toast| !toast.offer.as_ref().is_some_and(|(_, old)| steps.contains(old)));
        }
        self.push(Toast { until: None, sentence: sentence.into(), offer: Some((word, offer)) });
    }

    fn push(&mut self, toast: Toast) {
        if self.shown.len() >= MOST {
            self.shown.remove(0);
        }
        self.shown.push(toast);
    }

    /// Draws the toasts `above` the bottom, at the right; asks to be drawn again when the next one goes. Hands back
    /// what was taken.
    pub fn show(&mut self, ctx: &Context, now: Moment, above: f32) -> Option<Offer> {
        self.shown.iter_mut().for_each(|toast| _ = toast.until.get_or_insert(now + time::TOAST));
        let id = Id::unique("toasts");
        let hovered = ctx.read_response(id).is_some_and(|area| area.contains_pointer());
        if hovered {
            // From when the pointer leaves they have a second more.
            let least = now + time::TOAST_LEFT;
            self.shown.iter_mut().for_each(|toast| toast.until = toast.until.map(|until| until.max(least)));
        }
        self.shown.retain(|toast| toast.until.is_some_and(|until| until > now));
        let next = self.shown.iter().filter_map(|toast| toast.until).min()?;
        if !hovered {
            ctx.request_repaint_after(next.since(now));
        }
        let offset = vec2(-space::L, -above - space::L);
        let area = Area::new(id).order(Order::Foreground).anchor(Align2::RIGHT_BOTTOM, offset);
        let mut taken = None;
        area.fade_in(false).show(ctx, |ui| {
            ui.spacing_mut().item_spacing.y = space::S;
            for (i, toast) in self.shown.iter().enumerate() {
                if one(ui, toast) {
                    taken = Some(i);
                }
            }
        });
        taken.and_then(|i| self.shown.remove(i).offer).map(|(_, offer)| offer)
    }
}

/// One toast; true if its button was pressed.
fn one(ui: &mut egui::Ui, toast: &Toast) -> bool {
    let t = style::tokens(ui);
    let frame = ground::card(t, space::M);
    let content = |ui: &mut egui::Ui| {
        ui.set_width(size::TOAST - 2.0 * space::M);
        let Some((word, _)) = &toast.offer else {
            ui.add(Label::new(style::job(&toast.sentence, text::BODY, t.text1)).wrap());
            return false;
        };
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let pressed = ui.add(Button::new(word).name(&format!("{word}: {}", toast.sentence))).clicked();
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                ui.add(Label::new(style::job(&toast.sentence, text::BODY, t.text1)).wrap());
            });
            pressed
        })
        .inner
    };
    frame.show(ui, content).inner
}
