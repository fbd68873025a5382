//! Figures of rules as people read and write them: in their units, temperatures in the scale that was chosen.

use crate::heat::watch::measure;
use crate::model::alarms::rule::Input;
use crate::ui::words;
use crate::units::temperature::{Scale, ZERO_CELSIUS_K};

/// A kind of figure, by the unit that rules have it in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// A temperature.
    Celsius,
    /// A difference of temperatures.
    Kelvin,
    /// Its rate of change.
    KelvinPerMinute,
    /// Anything else, as it is.
    Plain(&'static str),
}

impl Unit {
    /// The unit of this name: `C`, `K`, `K/min`, `%`, `points`, `s`, `cells` or empty.
    #[must_use]
    pub fn of(name: &str) -> Self {
        match name {
            "C" => Self::Celsius,
            "K" => Self::Kelvin,
            "K/min" => Self::KelvinPerMinute,
            "%" => Self::Plain("%"),
            "points" => Self::Plain("points"),
            "s" => Self::Plain("s"),
            "cells" => Self::Plain("cells"),
            _ => Self::Plain(""),
        }
    }

    /// The unit of an input.
    #[must_use]
    pub fn of_input(input: &Input) -> Self {
        Self::of(measure::unit(input))
    }

    /// The unit of differences between such figures.
    #[must_use]
    pub fn of_difference(self) -> Self {
        match self {
            Self::Celsius => Self::Kelvin,
            Self::Plain("%") => Self::Plain("points"),
            other => other,
        }
    }

    /// A figure of rules as it is shown.
    #[must_use]
    pub fn shown(self, value: f64, scale: Scale) -> f64 {
        match (self, scale) {
            (Self::Celsius, Scale::Fahrenheit) => value * 1.8 + 32.0,
            (Self::Celsius, Scale::Kelvin) => value + f64::from(ZERO_CELSIUS_K),
            (Self::Kelvin | Self::KelvinPerMinute, Scale::Fahrenheit) => value * 1.8,
            _ => value,
        }
    }

    /// A figure as it was typed, for rules: rounded to what can be told apart.
    #[must_use]
    pub fn typed(self, value: f64, scale: Scale) -> f64 {
        let value = match (self, scale) {
            (Self::Celsius, Scale::Fahrenheit) => (value - 32.0) / 1.8,
            (Self::Celsius, Scale::Kelvin) => value - f64::from(ZERO_CELSIUS_K),
            (Self::Kelvin | Self::KelvinPerMinute, Scale::Fahrenheit) => value / 1.8,
            _ => value,
        };
        (value * 1e4).round() / 1e4
    }

    /// The unit as written behind a figure, with the space before it.
    #[must_use]
    pub fn suffix(self, scale: Scale) -> String {
        let degrees = scale.unit();
        let difference = if scale == Scale::Fahrenheit { degrees } else { "K" };
        match self {
            Self::Celsius => format!("\u{a0}{degrees}"),
            Self::Kelvin => format!("\u{a0}{difference}"),
            Self::KelvinPerMinute => format!("\u{a0}{difference}/min"),
            Self::Plain("") => String::new(),
            Self::Plain(unit) => format!("\u{a0}{unit}"),
        }
    }

    /// Decimals that are worth showing.
    #[must_use]
    pub fn decimals(self) -> usize {
        match self {
            Self::Plain("cells" | "s") => 0,
            Self::Plain("") => 3,
            _ => 1,
        }
    }

    /// How far a figure moves for each point of dragging.
    #[must_use]
    pub fn step(self) -> f64 {
        match self {
            Self::Plain("cells" | "s") => 0.2,
            _ => 0.1,
        }
    }

    /// A figure with its unit.
    #[must_use]
    pub fn words(self, value: f64, scale: Scale) -> String {
        let decimals = if self == Self::Plain("") { 3 } else { self.decimals() };
        let shown = self.shown(value, scale);
        let figure = if self == Self::Plain("") {
            words::trimmed(shown, decimals)
        } else {
            words::minus(&format!("{shown:.decimals$}"))
        };
        format!("{figure}{}", self.suffix(scale))
    }
}
