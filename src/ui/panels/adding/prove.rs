//! The third step: the device answers, and shows that it is the right one.
//!
//! Invariant: each light is let blink once by itself, and again as often as a person asks for it.

use std::sync::Arc;

use egui::{Label, Ui};

use crate::model::lights::connection::{Connection, Reach};
use crate::model::lights::{Command, Light};
use crate::ui::panels::adding::state::Step;
use crate::ui::scene::Scene;
use crate::ui::standing::Standing;
use crate::ui::theme::{size, space, text};
use crate::ui::widgets::button::Button;
use crate::ui::widgets::{fact, glyph, ground, section};
use crate::ui::{icons, style, words};

/// So many lights are let blink by themselves.
const BLINK: usize = 8;

/// Draws it.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>) {
    let Some(asked) = scene.stage.adding.asked.clone() else { return };
    let Some(known) = scene.stage.adding.connection(&scene.view.lights).cloned() else {
        let refused = "Nothing was connected. If it was refused, the reason stands at the bottom right; go back to change \
                       what was written.";
        state(ui, Standing::Pending, &format!("Asking {}", asked.address), refused);
        return;
    };
    let standing = told(ui, scene, &known);
    ui.add_space(space::L);
    facts(ui, &known);
    if standing == Standing::Live {
        ui.add_space(space::L);
        lights(ui, scene, &known);
    }
}

/// How it fares, with cause and cure.
fn told(ui: &mut Ui, scene: &mut Scene<'_>, known: &Connection) -> Standing {
    let retry = |ui: &mut Ui, scene: &mut Scene<'_>| {
        ui.add_space(space::M);
        if ui.add(Button::new("Try again").icon(icons::REFRESH_CW)).clicked() {
            scene.out.lights(Command::Retry(known.id.clone()));
        }
    };
    match &known.reach {
        Reach::Online => {
            state(ui, Standing::Live, &format!("{} answers", known.name), "");
            Standing::Live
        }
        Reach::Starting => {
            state(ui, Standing::Pending, &format!("Trying {}", known.target.address), "");
            Standing::Pending
        }
        Reach::Waiting { what } => {
            state(ui, Standing::Pending, what, "It goes on by itself as soon as that is done.");
            Standing::Pending
        }
        Reach::Unreachable { since, why } => {
            let since = words::since(*since, scene.now.wall, &scene.now.zone);
            state(
                ui,
                Standing::Offline,
                &format!("No answer from {}", known.target.address),
                &format!(
                    "{why} (since {since}). It is tried again and again. Is it switched on, and is the address right?"
                ),
            );
            retry(ui, scene);
            Standing::Offline
        }
        Reach::Refused { why } => {
            state(ui, Standing::Offline, "It is there, but does not let us in", why);
            retry(ui, scene);
            Standing::Offline
        }
    }
}

fn state(ui: &mut Ui, standing: Standing, head: &str, next: &str) {
    let t = style::tokens(ui);
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = space::S;
        glyph::show(ui, standing);
        ui.add(Label::new(style::job(head, text::TILE_NAME, t.text1)).wrap());
    });
    if !next.is_empty() {
        ui.add_space(space::XS);
        ui.add(Label::new(style::job(next, text::BODY, t.text2)).wrap());
    }
}

fn facts(ui: &mut Ui, known: &Connection) {
    let t = style::tokens(ui);
    ground::tile(t, space::M).show(ui, |ui| {
        ui.set_width(size::CARD.min(ui.available_width()));
        fact::word(ui, "What it is", if known.model.is_empty() { words::UNKNOWN } else { &known.model });
        fact::figure(ui, "Address", &known.target.address);
        fact::figure(ui, "Told apart by", known.identity.as_deref().unwrap_or(words::UNKNOWN));
        let latency = known.latency_ms.map(|ms| format!("{ms:.0} ms"));
        fact::figure(ui, "Answer", latency.as_deref().unwrap_or(words::UNKNOWN));
    });
}

fn of(scene: &Scene<'_>, known: &Connection) -> Vec<Arc<Light>> {
    scene.view.lights.lights.values().filter(|light| light.connection == known.id).cloned().collect()
}

fn lights(ui: &mut Ui, scene: &mut Scene<'_>, known: &Connection) {
    let t = style::tokens(ui);
    let all = of(scene, known);
    section::show(ui, &format!("Lights {}", all.len()), |_| {});
    ui.add_space(space::XS);
    let words = match all.len() {
        0 => "It has told of no light yet.",
        1 => "It blinks now. Is it the right one?",
        _ => "They blink now. Let one blink again to see which it is.",
    };
    ui.label(style::job(words, text::BODY, t.text2));
    ui.add_space(space::S);
    for light in all {
        let can = light.capabilities.identify || light.capabilities.dimming;
        let fresh = scene.stage.adding.blinked.len() < BLINK && scene.stage.adding.blinked.insert(light.id.clone());
        if fresh && can {
            scene.out.lights(Command::Identify(light.id.clone()));
        }
        fact::with(ui, &light.name, |ui| {
            let name = format!("Let {} blink", light.name);
            if ui.add_enabled(can, Button::new("Blink").icon(icons::LIGHTBULB).name(&name)).clicked() {
                scene.out.lights(Command::Identify(light.id.clone()));
            }
            ui.label(style::job(&light.model, text::SIDE, t.text3));
        });
    }
}

/// The way on, once it answers.
pub fn next(ui: &mut Ui, scene: &mut Scene<'_>) {
    let ready = scene.stage.adding.connection(&scene.view.lights).is_some_and(|known| known.reach == Reach::Online);
    let button = Button::new("It is the right one").tall();
    if ready {
        if ui.add(button.ember()).clicked() {
            scene.stage.adding.step = Step::Place;
        }
    } else {
        let _ = ui.add_enabled(false, button);
    }
}
