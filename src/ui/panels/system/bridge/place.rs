//! Where the bridge stands and which zone its clock has: what sunrise, sunset and times of schedules are counted by.

use egui::{Label, Ui};
use jiff::tz::TimeZone;

use crate::model::bridge::plan::Here;
use crate::model::bridge::{Command, Identity};
use crate::ui::panels::system::bridge::parts::padded;
use crate::ui::panels::system::bridge::state::Standing;
use crate::ui::scene::Scene;
use crate::ui::theme::{size, space, text};
use crate::ui::widgets::button::Button;
use crate::ui::widgets::{fact, input};
use crate::ui::{icons, style, words};

/// Longest name of a zone.
const ZONE_LIMIT: usize = 64;
/// Zones that are proposed.
const PROPOSED: usize = 4;

/// Draws the section.
pub(super) fn show(ui: &mut Ui, scene: &mut Scene<'_>) {
    super::super::part(ui, "Place and time", "for schedules, sunrise and sunset", |ui| {
        padded(ui, |ui| match scene.stage.bridge.standing.take() {
            Some(form) => edit(ui, scene, form),
            None => shown(ui, scene),
        });
    });
}

fn shown(ui: &mut Ui, scene: &mut Scene<'_>) {
    let identity = &scene.view.bridge.identity;
    fact::word(ui, "Time zone", &identity.zone);
    fact::figure(ui, "Latitude and longitude", &place(identity));
    if let Some(sun) = sun(scene) {
        fact::word(ui, "The sun today", &sun);
    }
    ui.add_space(space::XS);
    if ui.add(Button::new("Change\u{2026}").icon(icons::PENCIL).name("Change place and time zone\u{2026}")).clicked() {
        let (latitude, longitude) = identity.place.unwrap_or_default();
        // Nobody lives in UTC by choice: what this computer has is a better beginning.
        let zone = match &*identity.zone {
            "UTC" => scene.now.zone.iana_name().unwrap_or("UTC").to_owned(),
            zone => zone.to_owned(),
        };
        scene.stage.bridge.standing = Some(Standing { zone, latitude, longitude });
    }
}

/// When the sun rises and sets today, by the clock of the bridge.
fn sun(scene: &Scene<'_>) -> Option<String> {
    let identity = &scene.view.bridge.identity;
    let here = Here::new(&identity.zone, identity.place);
    let sun = here.sun(here.shows(scene.now.wall).date())?;
    let shown = |at| here.shows(at).strftime("%H:%M").to_string();
    Some(match (sun.sunrise(), sun.sunset()) {
        (Some(rise), Some(set)) => format!("rises {}, sets {}", shown(rise), shown(set)),
        _ if sun.is_up(scene.now.wall) => "does not set".to_owned(),
        _ => "does not rise".to_owned(),
    })
}

fn place(identity: &Identity) -> String {
    identity.place.map_or_else(
        || "not settled: nothing happens at sunrise or sunset".to_owned(),
        |(latitude, longitude)| {
            format!("{}\u{b0}, {}\u{b0}", words::trimmed(latitude, 4), words::trimmed(longitude, 4))
        },
    )
}

fn edit(ui: &mut Ui, scene: &mut Scene<'_>, mut form: Standing) {
    let t = style::tokens(ui);
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = space::M;
        input::under(ui, "Time zone", |ui| {
            input::line(ui, &mut form.zone, "Time zone", "Europe/Berlin", size::FIELD, ZONE_LIMIT);
        });
        for (label, value, most) in [("Latitude", &mut form.latitude, 90.0), ("Longitude", &mut form.longitude, 180.0)]
        {
            let number = input::Number {
                name: label,
                before: "",
                unit: "\u{b0}",
                width: size::FIGURE,
                range: -most..=most,
                step: 0.01,
                decimals: 4,
            };
            input::under(ui, label, |ui| input::number(ui, value, &number));
        }
    });
    let zone = form.zone.trim().to_owned();
    let known = TimeZone::get(&zone).is_ok();
    if !known {
        propose(ui, &mut form);
    }
    ui.add(Label::new(style::job("North and east are positive", text::SIDE, t.text3)));
    ui.add_space(space::S);
    let done = ui.horizontal(|ui| {
        let save = ui.add_enabled(known, Button::new("Save").icon(icons::CHECK).name("Save place and time zone"));
        let left = ui.add(Button::new("Cancel").name("Leave place and time zone")).clicked();
        if save.clicked() {
            let identity = &scene.view.bridge.identity;
            if *identity.zone != *zone {
                scene.out.bridge(Command::SetZone(zone));
            }
            if identity.place != Some((form.latitude, form.longitude)) {
                scene.out.bridge(Command::SetPlace(form.latitude, form.longitude));
            }
        }
        save.clicked() || left
    });
    scene.stage.bridge.standing = (!done.inner).then_some(form);
}

/// Zones whose names hold what was typed.
fn propose(ui: &mut Ui, form: &mut Standing) {
    let t = style::tokens(ui);
    let typed = form.zone.trim().to_lowercase().replace(' ', "_");
    let near: Vec<String> = jiff::tz::db()
        .available()
        .map(|name| name.as_str().to_owned())
        .filter(|name| !typed.is_empty() && name.to_lowercase().contains(&typed))
        .take(PROPOSED)
        .collect();
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.y = space::XS;
        let words =
            if near.is_empty() { "No zone has this name: write it like Europe/Berlin" } else { "Meant is perhaps" };
        ui.label(style::job(words, text::SIDE, t.text2));
        for name in near {
            if ui.add(Button::new(&name)).clicked() {
                form.zone = name;
            }
        }
    });
}
