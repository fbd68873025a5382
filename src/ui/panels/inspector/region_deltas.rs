//! Deltas: two figures are chosen, and their difference is measured.

use std::sync::Arc;

use egui::{Key, Ui, vec2};

use crate::model::thermal::Array;
use crate::model::thermal::region::{Delta, Figure, RegionId, Regions};
use crate::ui::actions::{Action, Chord};
use crate::ui::panels;
use crate::ui::panels::inspector::region_subject;
use crate::ui::panels::thermal::inspect::acts;
use crate::ui::panels::thermal::inspect::state::Pair;
use crate::ui::scene::Scene;
use crate::ui::theme::{space, text};
use crate::ui::widgets::button::Button;
use crate::ui::widgets::menu;
use crate::ui::{icons, style};

/// A delta in words: `S1 − S2`, `B1 max − B2 mean`.
#[must_use]
pub fn words(delta: &Delta) -> String {
    format!("{} \u{2212} {}", figure(&delta.of), figure(&delta.minus))
}

fn figure((id, figure): &(RegionId, Figure)) -> String {
    if id.is_spot() { id.to_string() } else { format!("{id} {}", figure.word()) }
}

/// The selected region less another: at once, for hands that stay on the keyboard.
pub static ACTIONS: &[Action] = &[Action {
    name: "Add a delta: the selected region less another one",
    icon: icons::MINUS,
    chords: &[Chord::plain(Key::D)],
    enabled: |scene| measured(scene).is_some(),
    run: |scene| {
        if let Some((array, pair)) = measured(scene) {
            acts::add_delta(scene, &array, pair);
        }
    },
    ..Action::BASE
}];

/// The inspected array, and the delta that it would have.
fn measured(scene: &Scene<'_>) -> Option<(Arc<Array>, Pair)> {
    let inspected = scene.stage.enlarged && scene.stage.page == panels::order::THERMAL;
    let array = scene.selected().filter(|_| inspected).and_then(|device| scene.array(&device.id))?;
    let pair = pair_of(scene, &scene.stage.inspect.regions(&array))?;
    Some((array, pair))
}

/// What a delta begins with: the selected region, or the first, less the first other one.
fn pair_of(scene: &Scene<'_>, regions: &Regions) -> Option<Pair> {
    let measured = || regions.regions.iter().filter(|region| !region.mask).map(|region| &region.id);
    let chosen = scene.stage.inspect.selected.as_ref().filter(|id| measured().any(|known| known == *id));
    let of = chosen.or_else(|| measured().next())?;
    let minus = measured().find(|id| *id != of)?;
    Some([(of.clone(), Figure::Max), (minus.clone(), Figure::Max)])
}

/// The button that begins a delta, or the one being put together. It takes two regions.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>, array: &Array, regions: &Regions) {
    let Some(first) = pair_of(scene, regions) else { return };
    ui.add_space(space::S);
    let Some(mut pair) = scene.stage.inspect.pair.take() else {
        if ui.add(Button::new("Delta").icon(icons::PLUS).name("Add delta")).clicked() {
            scene.stage.inspect.pair = Some(first);
        }
        return;
    };
    let (mut add, mut keep) = (false, true);
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(space::S, space::S);
        let words = ["Delta of", "Delta minus"];
        for (i, (chosen, name)) in pair.iter_mut().zip(words).enumerate() {
            if i > 0 {
                ui.label(style::job("\u{2212}", text::BODY, style::tokens(ui).text2));
            }
            let shown = figure(chosen);
            let mut picked = None;
            menu::drop_down(ui, &format!("{name}: {shown}"), "", &shown, |ui| {
                picked = region_subject::figures(ui, regions, chosen);
            });
            if let Some(picked) = picked {
                *chosen = picked;
            }
        }
        let two = pair.first() != pair.last();
        add = ui.add_enabled(two, Button::new("Add").name("Add this delta")).clicked();
        keep = !ui.add(Button::new("Cancel").name("No delta")).clicked();
    });
    if add {
        acts::add_delta(scene, array, pair);
    } else if keep {
        scene.stage.inspect.pair = Some(pair);
    }
}
