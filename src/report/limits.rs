//! Limits: which thresholds of the rules hold for a channel, in the unit in which its trend is drawn.

use std::sync::Arc;

use crate::heat::gas::{self, ChannelMeaning};
use crate::model::alarms::rule::{ChannelUnit, Input, Level, Rule, Source};
use crate::model::history::HOTTEST;
use crate::model::sensors::DeviceId;
use crate::model::thermal::meters;
use crate::units::temperature::Scale;

/// Bits of the converters of the sensor boards.
const ADC_BITS: u8 = 12;

/// In which unit a channel is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unit {
    /// Degrees Celsius.
    Degrees,
    /// Kelvin between two temperatures.
    Kelvin,
    /// Percent of a 12-bit converter's full scale.
    Percent,
    /// As it came.
    Plain,
}

impl Unit {
    /// The unit of a channel, by its key: of a sensor line, of the hottest cell, or of a region's figure.
    #[must_use]
    pub fn of(channel: &str) -> Self {
        match channel {
            HOTTEST => Self::Degrees,
            key if is_region(key, "D") => Self::Kelvin,
            key if is_region(key, "SBCPL") => Self::Degrees,
            key if ChannelMeaning::of(key).is_analogue() => Self::Percent,
            _ => Self::Plain,
        }
    }

    /// A stored value in this unit.
    #[must_use]
    pub fn value(self, stored: f64) -> f64 {
        if self == Self::Percent { gas::percent(stored, ADC_BITS) } else { stored }
    }

    /// A value in this unit, with temperatures and their differences in a scale.
    #[must_use]
    pub fn in_scale(self, value: f64, scale: Scale) -> f64 {
        match self {
            Self::Degrees => f64::from(scale.of(value as f32)),
            Self::Kelvin => f64::from(scale.of_difference(value as f32)),
            Self::Percent | Self::Plain => value,
        }
    }

    /// What is written behind a value in this scale.
    #[must_use]
    pub const fn word(self, scale: Scale) -> &'static str {
        match self {
            Self::Degrees => scale.unit(),
            Self::Kelvin if matches!(scale, Scale::Fahrenheit) => scale.unit(),
            Self::Kelvin => "K",
            Self::Percent => "%",
            Self::Plain => "",
        }
    }
}

/// A limit of a channel.
#[derive(Clone, Debug, PartialEq)]
pub struct Limit {
    /// Where it is, in the channel's [`Unit`].
    pub value: f64,
    /// How bad it is to reach it.
    pub level: Level,
    /// The source's name.
    pub name: Arc<str>,
}

/// The limits of a device's channel, by the sources that raise an alarm with no other; ascending, each value once with its worst level. `rest` is the channel's learned
/// rest level, percent points of full scale.
#[must_use]
pub fn limits<'a>(
    rules: impl Iterator<Item = &'a Rule>,
    device: &DeviceId,
    channel: &str,
    rest: Option<f64>,
) -> Vec<Limit> {
    let holding = rules.filter(|rule| rule.enabled && rule.scope.holds(device));
    let mut all: Vec<Limit> = holding
        .flat_map(Rule::deciding)
        .filter_map(|source| {
            let value = value(source, channel, rest)?;
            Some(Limit { value, level: source.level, name: Arc::clone(&source.name) })
        })
        .filter(|limit| limit.value.is_finite())
        .collect();
    all.sort_by(|a, b| a.value.total_cmp(&b.value).then(b.level.cmp(&a.level)));
    all.dedup_by(|later, earlier| (later.value - earlier.value).abs() < 1e-9);
    all
}

fn value(source: &Source, channel: &str, rest: Option<f64>) -> Option<f64> {
    match &source.input {
        Input::Hottest { .. } if channel == HOTTEST => Some(source.threshold),
        Input::Region { region, figure } if *channel == *meters::key(region, *figure) => Some(source.threshold),
        Input::Channel { key, unit } if same_input(key, channel) => Some(match (unit, Unit::of(channel)) {
            (ChannelUnit::Raw, drawn) => drawn.value(source.threshold),
            (ChannelUnit::Percent, Unit::Plain) => source.threshold / gas::percent(1.0, ADC_BITS),
            (ChannelUnit::Percent, _) => source.threshold,
        }),
        Input::AboveRest { key } if same_input(key, channel) => rest.map(|rest| rest + source.threshold),
        _ => None,
    }
}

/// Whether a key is that of a region or delta with one of these letters: `S1`, `B12.max`.
fn is_region(key: &str, letters: &str) -> bool {
    let label = key.split_once('.').map_or(key, |(label, _)| label);
    let mut rest = label.chars();
    rest.next().is_some_and(|letter| letters.contains(letter))
        && label.len() > 1
        && rest.all(|digit| digit.is_ascii_digit())
}

/// `DIO` and `MPY30` are the same input under two names.
fn same_input(a: &str, b: &str) -> bool {
    let flame = |key| ChannelMeaning::of(key) == ChannelMeaning::FlameDigital;
    a == b || (flame(a) && flame(b))
}
