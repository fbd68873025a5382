//! Temperatures: Celsius inside the house, other scales only where a person reads them.

use serde::{Deserialize, Serialize};

/// 0 degrees Celsius in kelvin.
pub const ZERO_CELSIUS_K: f32 = 273.15;

/// The scale in which a person reads temperatures. Everything stored or served is Celsius.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scale {
    /// Degrees Celsius.
    #[default]
    Celsius,
    /// Degrees Fahrenheit.
    Fahrenheit,
    /// Kelvin.
    Kelvin,
}

impl Scale {
    /// Converts a temperature in Celsius to this scale.
    #[must_use]
    pub fn of(self, celsius: f32) -> f32 {
        match self {
            Self::Celsius => celsius,
            Self::Fahrenheit => celsius * 1.8 + 32.0,
            Self::Kelvin => celsius + ZERO_CELSIUS_K,
        }
    }

    /// Converts a temperature difference in kelvin to this scale.
    #[must_use]
    pub fn of_difference(self, kelvin: f32) -> f32 {
        match self {
            Self::Celsius | Self::Kelvin => kelvin,
            Self::Fahrenheit => kelvin * 1.8,
        }
    }

    /// Converts a temperature in this scale to Celsius: the reverse of [`Self::of`].
    #[must_use]
    pub fn celsius(self, shown: f32) -> f32 {
        match self {
            Self::Celsius => shown,
            Self::Fahrenheit => (shown - 32.0) / 1.8,
            Self::Kelvin => shown - ZERO_CELSIUS_K,
        }
    }

    /// Converts a temperature difference in this scale to kelvin: the reverse of [`Self::of_difference`].
    #[must_use]
    pub fn kelvin(self, shown: f32) -> f32 {
        match self {
            Self::Celsius | Self::Kelvin => shown,
            Self::Fahrenheit => shown / 1.8,
        }
    }

    /// The unit as written behind a number.
    #[must_use]
    pub const fn unit(self) -> &'static str {
        match self {
            Self::Celsius => "\u{b0}C",
            Self::Fahrenheit => "\u{b0}F",
            Self::Kelvin => "K",
        }
    }
}
