//! The connection of a light: where it leads, how it fares, what was counted; and what the light can do, as data.

use egui::{Label, Ui};

use crate::model::lights::{Command, Light};
use crate::ui::panels::lights::rows;
use crate::ui::scene::Scene;
use crate::ui::theme::{space, text};
use crate::ui::widgets::button::{self, Button};
use crate::ui::widgets::{fact, section};
use crate::ui::{icons, light_words, style, words};

/// Draws the section.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>, light: &Light) {
    let t = style::tokens(ui);
    section::quiet(ui, "Connection", |_| ());
    ui.add_space(space::S);
    let Some(connection) = scene.view.lights.connections.get(&light.connection).cloned() else {
        ui.label(style::job("Its connection is gone", text::BODY, t.text2));
        return;
    };
    let simulated = if connection.simulated { ", simulated" } else { "" };
    fact::word(ui, "Device", &format!("{}{simulated}", connection.name));
    fact::word(ui, "Says it is", if connection.model.is_empty() { words::UNKNOWN } else { &connection.model });
    fact::figure(ui, "Address", &connection.target.address);
    fact::word(ui, "Protocol", &rows::family(&scene.view.lights, &connection.target.family));
    if let Some(identity) = &connection.identity {
        fact::figure(ui, "Identity", identity);
    }
    let counts = connection.counts;
    let figures = format!("{} out, {} in", words::count(counts.sent), words::count(counts.received));
    fact::figure(ui, "Packets", &figures);
    if counts.malformed > 0 {
        fact::figure(ui, "Malformed", &words::count(counts.malformed));
    }
    fact::figure(ui, "Outages", &words::count(counts.outages));
    if let Some((what, why)) = light_words::trouble(&connection.reach, scene.now.wall, &scene.now.zone) {
        ui.add_space(space::S);
        ui.label(style::job(&what, text::STRONG, t.text1));
        ui.add(Label::new(style::job(&why, text::SIDE, t.text2)).wrap().selectable(true));
        ui.add_space(space::S);
        if ui.add(Button::new("Try now").icon(icons::REFRESH_CW)).clicked() {
            scene.out.lights(Command::Retry(connection.id.clone()));
        }
    }
}

const RAW: &str = "Raw data of a light";

/// What the light can do, as it said; closed until asked for.
pub fn raw(ui: &mut Ui, scene: &mut Scene<'_>, light: &Light) {
    let open = scene.stage.opened.contains(RAW);
    section::quiet(ui, "Raw data", |ui| {
        let (icon, name) =
            if open { (icons::CHEVRON_UP, "Close raw data") } else { (icons::CHEVRON_DOWN, "Open raw data") };
        if button::icon(ui, icon, name, false).clicked() {
            scene.stage.flip(RAW);
        }
    });
    if !open {
        return;
    }
    let can = &light.capabilities;
    fact::figure(ui, "Id", &light.id.0);
    fact::figure(ui, "Known there as", &light.local);
    let range = can.mirek.as_ref().map(|range| format!("{}\u{2013}{}", range.start(), range.end()));
    fact::figure(ui, "Mirek", range.as_deref().unwrap_or(words::UNKNOWN));
    if let Some(gamut) = &can.color {
        let corners = [gamut.red, gamut.green, gamut.blue].map(|xy| format!("{:.3} {:.3}", xy.x(), xy.y()));
        fact::figure(ui, "Gamut", &corners.join(", "));
    }
    fact::figure(ui, "Segments, pixels", &format!("{}, {}", can.segments, can.pixels));
    fact::figure(ui, "Changes a second", &words::trimmed(f64::from(can.rates.changes_hz), 1));
    fact::figure(ui, "Frames a second", &words::trimmed(f64::from(can.rates.frames_hz), 1));
    fact::word(ui, "Fades by itself", if can.transition { "yes" } else { "no" });
}
