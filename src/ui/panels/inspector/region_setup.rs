//! How a region is set up: the emissivity of what is there.

use egui::{Ui, vec2};

use crate::model::thermal::Array;
use crate::model::thermal::region::Region;
use crate::ui::panels::thermal::inspect::acts;
use crate::ui::scene::Scene;
use crate::ui::theme::{space, text};
use crate::ui::widgets::{button, fact, field, menu, section};
use crate::ui::{icons, style};

/// Emissivities of common materials between 8 and 14 µm: word, range as printed, and the figure taken from it.
const MATERIALS: [(&str, &str, f32); 15] = [
    ("Skin", "0.98", 0.98),
    ("Water", "0.96", 0.96),
    ("Electrical tape", "0.95", 0.95),
    ("Concrete", "0.92\u{2013}0.95", 0.94),
    ("Paper", "0.93", 0.93),
    ("Paint, plastic, rubber", "0.90\u{2013}0.95", 0.93),
    ("Wood", "0.90\u{2013}0.95", 0.93),
    ("Circuit board", "0.91", 0.91),
    ("Glass", "0.85\u{2013}0.95", 0.90),
    ("Steel, oxidised", "0.75\u{2013}0.90", 0.83),
    ("Aluminium, anodised", "0.77", 0.77),
    ("Copper, oxidised", "0.65", 0.65),
    ("Steel, galvanised", "0.25", 0.25),
    ("Steel, polished", "0.10\u{2013}0.20", 0.15),
    ("Aluminium, polished", "0.04\u{2013}0.10", 0.07),
];

/// Draws the section.
pub fn show(ui: &mut Ui, scene: &mut Scene<'_>, array: &Array, region: &Region) {
    section::quiet(ui, "Set up", |_| {});
    ui.add_space(space::XS);
    let held = scene.stage.inspect.emissivity.take().filter(|(id, _)| *id == region.id).map(|(_, e)| e);
    let mut emissivity = held.or(region.emissivity);
    let mut settled = false;
    fact::with(ui, "Emissivity", |ui| match &mut emissivity {
        Some(e) => {
            if button::icon(ui, icons::X, "Emissivity: as the array", false).clicked() {
                emissivity = None;
                settled = true;
                return;
            }
            let figure = field::Figure { name: "Emissivity of the region", unit: "", step: 0.005, decimals: 2 };
            let response = field::figure(ui, e, 0.05..=1.0, figure);
            settled = response.drag_stopped() || response.lost_focus() || (response.changed() && !response.dragged());
        }
        None => {
            let words = format!("as the array, {:.2}", scene.choice(array).optics.emissivity);
            ui.label(style::job(&words, text::BODY, style::tokens(ui).text1));
        }
    });
    ui.add_space(space::XS);
    ui.spacing_mut().item_spacing = vec2(space::S, space::XS);
    let shown = emissivity.and_then(|e| MATERIALS.iter().find(|(.., known)| (known - e).abs() < 0.001));
    let word = shown.map_or("Choose", |(word, ..)| word);
    fact::with(ui, "Material", |ui| {
        menu::drop_down(ui, &format!("Material: {word}"), "", word, |ui| {
            for (material, range, e) in MATERIALS {
                let here = shown.is_some_and(|(word, ..)| *word == material);
                if menu::item(ui, here, material, range).clicked() {
                    (emissivity, settled) = (Some(e), true);
                }
            }
        });
    });
    if settled {
        let changed = Region { emissivity, ..region.clone() };
        let was = scene.stage.inspect.regions(array).get(&region.id).cloned();
        acts::put(scene, &array.device, changed, was, "change the emissivity of");
    } else if let Some(e) = emissivity.filter(|_| emissivity != region.emissivity) {
        scene.stage.inspect.emissivity = Some((region.id.clone(), e));
    }
}
