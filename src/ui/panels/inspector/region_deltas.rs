//! Deltas: two figures are chosen, and their difference is measured.

use egui::{Ui, vec2};

use crate::model::thermal::Array;
use crate::model::thermal::region::{Delta, Figure, RegionId, Regions};
use crate::ui::panels::inspector::region_subject;
use crate::ui::panels::thermal::inspect::acts;
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

/// The button that begins a delta, or the one being put together. It takes two regions.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>, array: &Array, regions: &Regions) {
    let mut measured = regions.regions.iter().filter(|region| !region.mask);
    let (Some(first), Some(second)) = (measured.next(), measured.next()) else { return };
    ui.add_space(space::S);
    let Some(mut pair) = scene.stage.inspect.pair.take() else {
        if ui.add(Button::new("Delta").icon(icons::PLUS).name("Add delta")).clicked() {
            let chosen = scene.stage.inspect.selected.clone().filter(|id| regions.get(id).is_some_and(|r| !r.mask));
            let of = chosen.unwrap_or_else(|| first.id.clone());
            let minus = if of == second.id { first.id.clone() } else { second.id.clone() };
            scene.stage.inspect.pair = Some([(of, Figure::Max), (minus, Figure::Max)]);
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
