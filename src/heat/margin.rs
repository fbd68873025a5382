//! Margins: how far what a device measures now is from the thresholds of the rules that hold for it.
//!
//! A margin in degrees cannot be compared with one in percent. So each is also a *share*: 0 at the threshold or beyond,
//! 1 where a quiet house would be, [`QUIET`] for temperatures and 0 for everything else.

use std::sync::Arc;

use crate::heat::gas;
use crate::model::alarms::rule::{ChannelUnit, Compare, Input, Level, Rule, Source};
use crate::model::learned::Learned;
use crate::model::sensors::DeviceId;
use crate::model::thermal::ThermalFrame;
use crate::units::grid::Patch;

/// The temperature of a quiet house, C.
pub const QUIET: f64 = 20.0;
/// Bits of the converters of the sensor boards.
const ADC_BITS: u8 = 12;

/// What a device measures now.
#[derive(Clone, Copy, Debug)]
pub struct Present<'a> {
    /// Whose.
    pub device: &'a DeviceId,
    /// Its newest picture, with what its regions show.
    pub frame: Option<&'a ThermalFrame>,
    /// Its channels with their newest readings, as they came.
    pub channels: &'a [(Arc<str>, f64)],
    /// What was learned of it.
    pub learned: Option<&'a Learned>,
    /// How fast its hottest block rises, K/min.
    pub rise: Option<f64>,
    /// Cells in its largest unusual group.
    pub unusual: Option<f64>,
    /// Cells at or above the lowest temperature a rule asks for: never fewer than any one rule counts.
    pub hot_cells: Option<f64>,
}

/// How far a value is from its threshold.
#[derive(Clone, Debug, PartialEq)]
pub struct Margin {
    /// The source's name.
    pub name: Arc<str>,
    /// How bad it is to reach the threshold.
    pub level: Level,
    /// The value now, in `unit`.
    pub value: f64,
    /// The threshold, in `unit`.
    pub threshold: f64,
    /// `C`, `K`, `K/min`, `%`, `points`, `cells` or empty.
    pub unit: &'static str,
    /// On which side of the threshold it is on.
    pub compare: Compare,
    /// The margin as a share, 0..=1; 0 at the threshold or beyond.
    pub share: f64,
}

impl Margin {
    /// What is left up to the threshold, in `unit`; negative beyond it.
    #[must_use]
    pub fn left(&self) -> f64 {
        match self.compare {
            Compare::AtLeast => self.threshold - self.value,
            Compare::AtMost => self.value - self.threshold,
        }
    }
}

/// The margins of one device.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Margins {
    /// The smallest of all, by share.
    pub least: Option<Margin>,
    /// The smallest of those in degrees Celsius.
    pub heat: Option<Margin>,
}

/// The margins of a device, from the sources that raise an alarm with no other. Silence has none: nothing is measured.
#[must_use]
pub fn margins<'a>(rules: impl Iterator<Item = &'a Rule>, present: &Present<'_>) -> Margins {
    let mut out = Margins::default();
    let holding = rules.filter(|rule| rule.enabled && rule.scope.holds(present.device));
    for source in holding.flat_map(Rule::deciding) {
        let Some((value, unit)) = measure(&source.input, present) else { continue };
        let margin = margin(source, value, unit);
        if unit == "C" {
            keep(&mut out.heat, &margin);
        }
        keep(&mut out.least, &margin);
    }
    out
}

fn keep(slot: &mut Option<Margin>, margin: &Margin) {
    if slot.as_ref().is_none_or(|known| (margin.share, known.level) < (known.share, margin.level)) {
        *slot = Some(margin.clone());
    }
}

fn margin(source: &Source, value: f64, unit: &'static str) -> Margin {
    let quiet = if unit == "C" { QUIET } else { 0.0 };
    let mut margin = Margin {
        name: Arc::clone(&source.name),
        level: source.level,
        value,
        threshold: source.threshold,
        unit,
        compare: source.compare,
        share: 0.0,
    };
    let width = (source.threshold - quiet).abs().max(1.0);
    margin.share = (margin.left() / width).clamp(0.0, 1.0);
    margin
}

/// The value of an input now, and its unit; `None` if it is not known, or a broken number.
fn measure(input: &Input, present: &Present<'_>) -> Option<(f64, &'static str)> {
    let (value, unit) = match input {
        Input::Hottest { area: None } => (f64::from(present.frame?.extremes?.max), "C"),
        Input::Hottest { area: Some(area) } => (hottest(present.frame?, *area)?, "C"),
        Input::HotCells { .. } => (present.hot_cells?, "cells"),
        Input::Rise { .. } => (present.rise?, "K/min"),
        Input::Difference { area, against } => {
            let frame = present.frame?;
            (hottest(frame, *area)? - mean(frame, *area, *against)?, "K")
        }
        Input::Region { region, figure } => {
            let unit = if region.is_delta() { "K" } else { "C" };
            (f64::from(present.frame?.meters.figure(region, *figure)?), unit)
        }
        Input::Unusual => (present.unusual?, "cells"),
        Input::Channel { key, unit: ChannelUnit::Raw } => (channel(present, key)?, ""),
        Input::Channel { key, unit: ChannelUnit::Percent } => (gas::percent(channel(present, key)?, ADC_BITS), "%"),
        Input::AboveRest { key } => {
            let rest = present.learned?.rests.get(key).filter(|rest| !rest.learning)?;
            (gas::percent(channel(present, key)?, ADC_BITS) - f64::from(rest.median), "points")
        }
        Input::Silent => return None,
    };
    value.is_finite().then_some((value, unit))
}

fn channel(present: &Present<'_>, key: &str) -> Option<f64> {
    let flame = gas::ChannelMeaning::FlameDigital;
    let same = |known: &str| {
        known == key || (gas::ChannelMeaning::of(known) == flame && gas::ChannelMeaning::of(key) == flame)
    };
    present.channels.iter().find(|(known, _)| same(known)).map(|(_, value)| *value)
}

fn hottest(frame: &ThermalFrame, area: Patch) -> Option<f64> {
    cells(frame, |row, col| holds(area, row, col)).map(f64::from).reduce(f64::max)
}

/// The mean of one area, or of all that is not in the other.
fn mean(frame: &ThermalFrame, apart_from: Patch, of: Option<Patch>) -> Option<f64> {
    let wanted = |row, col| of.map_or_else(|| !holds(apart_from, row, col), |area| holds(area, row, col));
    let (sum, n) = cells(frame, wanted).fold((0.0, 0_u32), |(sum, n), value| (sum + f64::from(value), n + 1));
    (n > 0).then(|| sum / f64::from(n))
}

fn cells(frame: &ThermalFrame, wanted: impl Fn(usize, usize) -> bool) -> impl Iterator<Item = f32> {
    let cols = frame.size.cols();
    frame.seen_cells().enumerate().filter_map(move |(i, value)| value.filter(|_| wanted(i / cols, i % cols)))
}

fn holds(area: Patch, row: usize, col: usize) -> bool {
    (usize::from(area.top)..=usize::from(area.bottom)).contains(&row)
        && (usize::from(area.left)..=usize::from(area.right)).contains(&col)
}
