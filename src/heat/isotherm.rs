//! Isotherms: which cells of a picture are outlined, and how many they are.

use serde::{Deserialize, Serialize};

use crate::model::thermal::ThermalFrame;

/// Which cells an isotherm outlines. Both ends of a range belong to it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Isotherm {
    /// At or above, C.
    Above(f32),
    /// At or below, C.
    Below(f32),
    /// Between, C.
    Between(f32, f32),
}

impl Isotherm {
    /// Whether a temperature is inside, C.
    #[must_use]
    pub fn holds(self, celsius: f32) -> bool {
        match self {
            Self::Above(limit) => celsius >= limit,
            Self::Below(limit) => celsius <= limit,
            Self::Between(low, high) => (low..=high).contains(&celsius),
        }
    }

    /// The temperatures its outline runs along, C.
    pub fn levels(self) -> impl Iterator<Item = f32> {
        let (one, other) = match self {
            Self::Above(limit) | Self::Below(limit) => (limit, None),
            Self::Between(low, high) => (low, Some(high).filter(|high| *high != low)),
        };
        std::iter::once(one).chain(other)
    }

    /// The share of the picture that is inside, 0..=1, of cells that have a value and no mask; `None` if there are none.
    #[must_use]
    pub fn share(self, frame: &ThermalFrame) -> Option<f32> {
        let seen = frame.seen_cells().flatten();
        let (inside, all) = seen.fold((0_u32, 0_u32), |(inside, all), t| (inside + u32::from(self.holds(t)), all + 1));
        (all > 0).then(|| inside as f32 / all as f32)
    }
}
