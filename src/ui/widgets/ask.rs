//! Questions asked in place, never in a box on top.

use egui::{Label, Ui};

use crate::ui::style;
use crate::ui::theme::{space, text};
use crate::ui::widgets::button::Button;

/// A question with two answers, `yes` first; hands back which was given.
pub fn show(ui: &mut Ui, question: &str, yes: &str, no: &str) -> Option<bool> {
    let t = style::tokens(ui);
    ui.add(Label::new(style::job(question, text::BODY, t.text1)).wrap());
    ui.add_space(space::S);
    ui.horizontal(|ui| {
        let yes = ui.add(Button::new(yes)).clicked();
        let no = ui.add(Button::new(no)).clicked();
        if yes || no { Some(yes) } else { None }
    })
    .inner
}
