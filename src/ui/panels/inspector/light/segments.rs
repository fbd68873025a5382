//! The segments of a light: a strip of cells and the stops between which they blend.

use egui::Ui;

use crate::model::lights::state::Color;
use crate::model::lights::{Aim, Light};
use crate::ui::panels::lights::acts;
use crate::ui::panels::lights::state::{Desk, Strip};
use crate::ui::scene::Scene;
use crate::ui::style;
use crate::ui::theme::{space, text};
use crate::ui::widgets::button::Button;
use crate::ui::widgets::section;
use crate::ui::widgets::stops::{self, Stops};

type Deed = fn(&mut Stops);

/// What the buttons do.
const DEEDS: [(&str, Deed); 3] = [("Spread", Stops::spread), ("Mirror", Stops::mirror), ("Reverse", Stops::reverse)];

/// Draws the section.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>, desk: &mut Desk, light: &Light) {
    let t = style::tokens(ui);
    let n = usize::from(light.capabilities.segments);
    let shown = light.stack.shown().color;
    section::quiet(ui, "Segments", |ui| {
        ui.label(style::job("drag a stop, double-click to add", text::SIDE, t.text3));
    });
    ui.add_space(space::S);
    let mut strip = Strip::of(desk.strip.take(), &light.id, &shown);
    let mut changed = stops::show(ui, &mut strip.stops, n).map(|moved| moved.gesture);
    ui.add_space(space::S);
    ui.horizontal_wrapped(|ui| {
        for (name, deed) in DEEDS {
            if ui.add(Button::new(name)).clicked() {
                deed(&mut strip.stops);
                changed = Some(None);
            }
        }
        if ui.add(Button::new("Add a stop")).clicked() && strip.stops.add(middle(&strip.stops)) {
            changed = Some(None);
        }
        let banded = matches!(shown, Color::Gradient(_));
        if banded && ui.add(Button::new("One colour")).clicked() {
            let color = Color::Xy(strip.stops.chosen_color());
            acts::paint(scene, desk, vec![Aim::Light(light.id.clone())], color, None);
        }
    });
    if let Some(gesture) = changed {
        let color = strip.send(&shown, n);
        acts::paint(scene, desk, vec![Aim::Light(light.id.clone())], color, gesture);
    }
    desk.strip = Some(strip);
}

/// Half way from the chosen stop to the next one.
fn middle(stops: &Stops) -> f32 {
    let at = |i: usize| stops.all().get(i).map(|stop| stop.at);
    let here = at(stops.chosen).unwrap_or(0.0);
    (here + at(stops.chosen + 1).unwrap_or(1.0)) / 2.0
}
