//! What the sections of a region speak of, and how they write its figures.

use egui::Ui;

use crate::model::sensors::Device;
use crate::model::thermal::Array;
use crate::model::thermal::region::{Figure, Region, RegionId, Regions};
use crate::ui::scene::Scene;
use crate::ui::standing::Standing;
use crate::ui::widgets::menu;
use crate::ui::words;
use crate::units::temperature::Scale;

/// What the sections of a region are drawn with.
pub struct Subject<'a> {
    /// Its device.
    pub device: &'a Device,
    /// Its array.
    pub array: &'a Array,
    /// All regions, with the draft.
    pub regions: &'a Regions,
    /// Its label.
    pub id: &'a RegionId,
}

impl<'a> Subject<'a> {
    /// The region; `None` for a delta.
    #[must_use]
    pub fn region(&self) -> Option<&'a Region> {
        self.regions.get(self.id)
    }

    /// What it is called: its label, and its name if it has one.
    #[must_use]
    pub fn title(&self) -> String {
        let name = match self.region() {
            Some(region) => &region.name,
            None => self.regions.delta(self.id).map_or(&self.id.0, |delta| &delta.name),
        };
        if name.is_empty() { self.id.to_string() } else { format!("{} {name}", self.id) }
    }

    /// Whether what is shown is of now.
    #[must_use]
    pub fn is_now(&self, scene: &Scene<'_>) -> bool {
        Standing::of(self.device) == Standing::Live && !scene.stage.past.is_past()
    }
}

/// A figure of a region, or of a delta, as people read it.
#[must_use]
pub fn figure(id: &RegionId, value: Option<f32>, scale: Scale) -> String {
    if id.is_delta() { difference(value, scale) } else { words::degrees(value, scale) }
}

/// A difference of temperatures, without its unit.
#[must_use]
pub fn difference(kelvin: Option<f32>, scale: Scale) -> String {
    kelvin.map_or_else(|| words::UNKNOWN.to_owned(), |k| words::minus(&format!("{:.1}", scale.of_difference(k))))
}

/// The list from which a figure of a region is picked.
pub fn figures(ui: &mut Ui, regions: &Regions, chosen: &(RegionId, Figure)) -> Option<(RegionId, Figure)> {
    let mut picked = None;
    for region in regions.regions.iter().filter(|region| !region.mask) {
        let figures: &[Figure] = if region.id.is_spot() { &[Figure::Max] } else { &Figure::ALL };
        for figure in figures {
            let word =
                if region.id.is_spot() { region.id.to_string() } else { format!("{} {}", region.id, figure.word()) };
            let here = chosen.0 == region.id && chosen.1 == *figure;
            if menu::item(ui, here, &word, &region.name).clicked() {
                picked = Some((region.id.clone(), *figure));
            }
        }
    }
    picked
}
