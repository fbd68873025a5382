//! What ports 80 and 443 need, by system: this one first.

use egui::{Label, Ui};

use crate::port::doctor;
use crate::ui::panels::system::bridge::parts::padded;
use crate::ui::style;
use crate::ui::theme::text;

/// Draws the section.
pub(super) fn show(ui: &mut Ui) {
    super::super::part(ui, "What ports 80 and 443 need", "", |ui| {
        let here = doctor::low_ports_here();
        let (own, others): (Vec<_>, Vec<_>) = doctor::LOW_PORTS.iter().partition(|(_, hint)| *hint == here);
        let t = style::tokens(ui);
        for (system, hint) in own.into_iter().chain(others) {
            padded(ui, |ui| {
                ui.label(style::job(system, text::STRONG, t.text1));
                ui.add(Label::new(style::job(hint, text::BODY, t.text2)).wrap().selectable(true));
            });
        }
    });
}
