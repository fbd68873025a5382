//! About: version, where data is, what closing does, licences.

use egui::{Frame, Label, Margin, Ui};

use crate::ui::choices::{Closing, Words};
use crate::ui::scene::Scene;
use crate::ui::style;
use crate::ui::theme::{space, text};
use crate::ui::widgets::{fact, segment};
use crate::ui::words;

/// Licences of what is shipped in the window and is not code.
const LICENCES: &str = "Inter \u{a9} The Inter Project Authors, SIL Open Font License 1.1. JetBrains Mono \u{a9} The JetBrains \
                        Mono Project Authors, SIL Open Font License 1.1. Lucide \u{a9} Lucide Contributors, ISC License.";

/// Draws the section.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>) {
    let t = style::tokens(ui);
    super::part(ui, "About", "", |ui| {
        Frame::NONE.inner_margin(Margin::symmetric(space::M as i8, space::S as i8)).show(ui, |ui| {
            fact::figure(ui, "Hearthlight", &scene.view.system.version);
            let data = if scene.view.system.data.is_empty() { words::UNKNOWN } else { &scene.view.system.data };
            fact::figure(ui, "Data folder", data);
            let closing: Vec<_> = Closing::ALL.iter().map(|(value, _, words)| (*value, *words)).collect();
            fact::with(ui, "Closing the window", |ui| {
                if let Some(chosen) = segment::show(ui, "Closing the window", scene.choices.closing, &closing) {
                    scene.choices.closing = chosen;
                }
            });
            ui.add_space(space::S);
            let warning = "Hearthlight is not a certified fire alarm.";
            ui.label(style::job(warning, text::BODY, t.text1));
            ui.add(Label::new(style::job(LICENCES, text::SIDE, t.text3)).wrap());
        });
    });
}
