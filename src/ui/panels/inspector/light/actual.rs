//! What is wanted of a light and what it says, side by side.

use egui::Ui;

use crate::model::lights::Light;
use crate::ui::panels::lights::row;
use crate::ui::scene::Scene;
use crate::ui::theme::space;
use crate::ui::widgets::{fact, section};
use crate::ui::{light_words, words};

/// Draws the section.
pub fn show(ui: &mut Ui, scene: &Scene<'_>, light: &Light) {
    section::quiet(ui, "Wanted and actual", |_| ());
    ui.add_space(space::S);
    fact::figure(ui, "Wanted", &light_words::state(&light.wanted));
    let reported = light_words::reported(light);
    let said = reported.as_deref().unwrap_or(words::UNKNOWN);
    fact::figure(ui, "Actual", said);
    if light_words::differs(light) {
        fact::word(ui, "Differs", "waiting for its answer");
    }
    if reported.is_none() {
        fact::word(ui, "Confirmed", "it does not say how it is");
    }
    if light.streaming_fps > 0.0 {
        fact::figure(ui, "Frames", &format!("{:.0}\u{a0}fps", light.streaming_fps));
    }
    if scene.view.lights.master < 1.0 {
        fact::figure(ui, "Master brightness", &light_words::percent(scene.view.lights.master));
    }
    let connection = scene.view.lights.connections.get(&light.connection);
    fact::figure(ui, "Answers in", &row::latency(connection.map(AsRef::as_ref)));
}
