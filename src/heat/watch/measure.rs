//! What an input reads now: one place for the evaluator and for whoever asks "what would fire now".

use std::sync::Arc;

use crate::heat::gas;
use crate::heat::watch::baseline;
use crate::heat::watch::rest::{MARGIN, same_key};
use crate::heat::watch::scene::{Block, Flood, Group, Scene};
use crate::model::alarms::rule::{ChannelUnit, Compare, Input};
use crate::model::learned::{Learned, Rest};
use crate::model::thermal::ThermalFrame;
use crate::model::thermal::meters::Meters;
use crate::model::thermal::region::{Figure, RegionId};

/// Bits of the boards' converters.
const ADC_BITS: u8 = 12;
/// A channel above its rest level must exceed its noise so many times.
const NOISES: f64 = 5.0;
/// A device must be silent for so many of its periods.
const PERIODS: f64 = 3.0;

/// What is known of a device now.
#[derive(Clone, Copy, Debug, Default)]
pub struct Facts<'a> {
    /// Its newest frame, with what its regions show.
    pub frame: Option<&'a ThermalFrame>,
    /// What was learned of it.
    pub learned: Option<&'a Learned>,
    /// Its channels' newest readings as they came, by key.
    pub channels: &'a [(Arc<str>, f64)],
    /// How fast its hottest block rises, K/min.
    pub rise: Option<f64>,
    /// For how long no valid packet came, s.
    pub silent_s: Option<f64>,
    /// Its learned period, s.
    pub period_s: Option<f64>,
}

/// What an input reads.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measured {
    /// In the unit of the input.
    pub value: f64,
    /// The lowest threshold that counts, in the same unit; 0 if any does. See [`effective`].
    pub threshold_at_least: f64,
    /// Row and column of the cell, where there is one.
    pub cell: Option<(u16, u16)>,
}

impl Measured {
    const fn plain(value: f64) -> Self {
        Self { value, threshold_at_least: 0.0, cell: None }
    }
}

/// The threshold that counts: the source's own, but never nearer than `at_least`.
#[must_use]
pub fn effective(compare: Compare, threshold: f64, at_least: f64) -> f64 {
    match compare {
        Compare::AtLeast if at_least > 0.0 => threshold.max(at_least),
        Compare::AtMost if at_least > 0.0 => threshold.min(-at_least),
        _ => threshold,
    }
}

/// The unit of an input: `C`, `K`, `K/min`, `%`, `points`, `s`, `cells` or empty.
#[must_use]
pub fn unit(input: &Input) -> &'static str {
    match input {
        Input::Region { region, .. } if region.is_delta() => "K",
        Input::Hottest { .. } | Input::Region { .. } => "C",
        Input::HotCells { .. } | Input::Unusual => "cells",
        Input::Rise { .. } => "K/min",
        Input::Difference { .. } => "K",
        Input::Channel { unit: ChannelUnit::Raw, .. } => "",
        Input::Channel { unit: ChannelUnit::Percent, .. } => "%",
        Input::AboveRest { .. } => "points",
        Input::Silent => "s",
    }
}

/// What an input looks at, in words: `hottest cell`, `ADC1 above rest`.
#[must_use]
pub fn words(input: &Input) -> String {
    match input {
        Input::Hottest { area: None } => "hottest cell".to_owned(),
        Input::Hottest { area: Some(_) } => "hottest cell of an area".to_owned(),
        Input::HotCells { at_least } => format!("connected cells at {at_least} °C or above"),
        Input::Rise { floor } => format!("rise of the hottest block above {floor} °C"),
        Input::Difference { against: None, .. } => "hottest cell of an area above the rest".to_owned(),
        Input::Difference { against: Some(_), .. } => "hottest cell of an area above another".to_owned(),
        Input::Region { region, .. } if region.is_spot() || region.is_delta() => region.to_string(),
        Input::Region { region, figure } => format!("{region} {}", figure.word()),
        Input::Unusual => "connected cells above the usual picture".to_owned(),
        Input::Channel { key, .. } => key.to_string(),
        Input::AboveRest { key } => format!("{key} above rest"),
        Input::Silent => "silence".to_owned(),
    }
}

/// What `input` reads now; `None` if it has no value: nothing came, or it is still being learned.
///
/// Of a channel in percent whose rest level is being learned only thresholds well above the present level count.
#[must_use]
pub fn measure(input: &Input, facts: &Facts<'_>) -> Option<Measured> {
    match input {
        Input::Channel { key, .. } | Input::AboveRest { key } => {
            let (channel, raw) = facts.channels.iter().find(|(channel, _)| same_key(channel, key))?;
            let rests = facts.learned.map(|learned| &learned.rests);
            of_channel(input, *raw, rests.and_then(|rests| rests.get(channel)))
        }
        Input::Silent => Some(of_silence(facts.silent_s?, facts.period_s)),
        _ => of_frame(input, facts),
    }
    .filter(|measured| measured.value.is_finite())
}

fn of_frame(input: &Input, facts: &Facts<'_>) -> Option<Measured> {
    let mut spare = Vec::new();
    let frame = facts.frame?;
    let scene = Scene::of(frame, &mut spare)?;
    let baseline = facts.learned.and_then(|learned| learned.baseline.as_deref());
    let mut flood = Flood::default();
    let unusual = match input {
        Input::Unusual => baseline.and_then(|known| baseline::largest_unusual(known, &scene, &mut flood)),
        _ => None,
    };
    let block = scene.hottest_block();
    Sight { scene: &scene, meters: &frame.meters, flood: &mut flood, rise: facts.rise, block, unusual }.measure(input)
}

/// A channel's reading as one of the channel inputs reads it.
pub(super) fn of_channel(input: &Input, raw: f64, rest: Option<&Rest>) -> Option<Measured> {
    let percent = percent(raw);
    match input {
        Input::Channel { unit: ChannelUnit::Raw, .. } => Some(Measured::plain(raw)),
        Input::Channel { unit: ChannelUnit::Percent, .. } => {
            let learning = rest.filter(|rest| rest.learning && !rest.samples.is_empty());
            let threshold_at_least = learning.map_or(0.0, |rest| f64::from(rest.median) + MARGIN);
            Some(Measured { threshold_at_least, ..Measured::plain(percent) })
        }
        Input::AboveRest { .. } => {
            let rest = rest.filter(|rest| !rest.learning)?;
            let threshold_at_least = NOISES * f64::from(rest.mad);
            Some(Measured { threshold_at_least, ..Measured::plain(percent - f64::from(rest.median)) })
        }
        _ => None,
    }
}

/// A silence of so many seconds.
pub(super) fn of_silence(seconds: f64, period_s: Option<f64>) -> Measured {
    let threshold_at_least = period_s.filter(|period| period.is_finite()).map_or(0.0, |period| PERIODS * period);
    Measured { threshold_at_least, ..Measured::plain(seconds) }
}

/// ADC counts in percent.
pub(super) fn percent(raw: f64) -> f64 {
    gas::percent(raw, ADC_BITS)
}

/// A frame, and what was found in it so far.
#[derive(Debug)]
pub(super) struct Sight<'a> {
    /// The picture.
    pub scene: &'a Scene<'a>,
    /// What its regions show.
    pub meters: &'a Meters,
    /// Finds groups.
    pub flood: &'a mut Flood,
    /// How fast the hottest block rises, K/min.
    pub rise: Option<f64>,
    /// The hottest block.
    pub block: Option<Block>,
    /// The largest unusual group; `None` if the usual picture is not known.
    pub unusual: Option<Option<Group>>,
}

impl Sight<'_> {
    /// What one of the thermal inputs reads.
    pub fn measure(&mut self, input: &Input) -> Option<Measured> {
        let (value, cell) = match input {
            Input::Hottest { area } => {
                let (celsius, cell) = self.scene.hottest(*area)?;
                (f64::from(celsius), Some(cell))
            }
            Input::HotCells { at_least } => size_of(self.hot_group(*at_least)),
            Input::Rise { floor } => {
                let (rise, block) = (self.rise?, self.block?);
                (if block.mean < *floor { rise.min(0.0) } else { rise }, Some(block.cell))
            }
            Input::Difference { area, against } => {
                let (kelvin, cell) = self.scene.difference(*area, *against)?;
                (kelvin, Some(cell))
            }
            Input::Unusual => size_of(self.unusual?),
            Input::Region { region, figure } => self.region(region, *figure)?,
            Input::Channel { .. } | Input::AboveRest { .. } | Input::Silent => return None,
        };
        Some(Measured { cell: cell.map(|cell| self.scene.place(cell)), ..Measured::plain(value) })
    }

    /// A figure of a region and the cell that shows it; of a delta, its difference.
    fn region(&self, id: &RegionId, figure: Figure) -> Option<(f64, Option<usize>)> {
        let value = f64::from(self.meters.figure(id, figure)?);
        let cell = self.meters.reading(id).and_then(|reading| reading.cell(figure));
        Some((value, cell.map(|cell| cell as usize)))
    }

    fn hot_group(&mut self, at_least: f32) -> Option<Group> {
        if self.scene.extremes.max < at_least {
            return None;
        }
        self.flood.largest(self.scene, self.scene.cells.iter().map(|&celsius| celsius >= at_least))
    }
}

fn size_of(group: Option<Group>) -> (f64, Option<usize>) {
    (group.map_or(0.0, |group| group.n as f64), group.map(|group| group.hottest))
}
