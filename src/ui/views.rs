//! How each array's picture is looked at: range, isotherm, mode. Remembered by device, changes no number.
//!
//! Invariant: a held range is finite and at least [`LEAST_HELD`] wide; [`Views::hold`] and [`Views::take_over`] are the
//! doors.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::heat::isotherm::Isotherm;
use crate::model::sensors::DeviceId;
use crate::ui::theme::time;

/// The narrowest range that can be held, K.
pub const LEAST_HELD: f32 = 0.5;
/// The coldest and the hottest end that can be held, C.
pub const HELD: (f32, f32) = (-150.0, 3_000.0);

/// From where a picture takes its lowest and highest temperature.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Range {
    /// Each picture from itself.
    #[default]
    Auto,
    /// From itself, following slowly.
    Slow,
    /// From the 2nd to the 98th hundredth of its cells.
    Percentile,
    /// Held, C.
    Locked(f32, f32),
}

impl Range {
    /// Whether it is held.
    #[must_use]
    pub const fn is_locked(self) -> bool {
        matches!(self, Self::Locked(..))
    }
}

/// A range that follows the coldest and hottest hundredth of a picture slowly: an exponential approach with the time
/// constant [`time::FOLLOW`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Slow {
    /// Its ends, C.
    pub ends: (f32, f32),
    /// Of when.
    pub at: Timestamp,
}

impl Slow {
    /// Where it is at `at` if the picture asks for `wanted`. A picture of before starts it anew.
    #[must_use]
    pub fn follow(before: Option<Self>, wanted: (f32, f32), at: Timestamp) -> Self {
        let Some(before) = before.filter(|before| before.at <= at) else { return Self { ends: wanted, at } };
        let passed = at.duration_since(before.at).as_secs_f32() / time::FOLLOW.as_secs_f32();
        let share = 1.0 - (-passed).exp();
        let (low, high) = before.ends;
        Self { ends: (low + (wanted.0 - low) * share, high + (wanted.1 - high) * share), at }
    }
}

/// What the colours mean.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Temperatures.
    #[default]
    Heat,
    /// Grey below this limit, C, one hue from it up.
    AboveLimit(f32),
    /// Kelvin above or below the learned usual picture.
    Difference,
}

/// How one picture is looked at.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct View {
    /// The range of its colours.
    pub range: Range,
    /// What is outlined.
    pub isotherm: Option<Isotherm>,
    /// What its colours mean.
    pub mode: Mode,
}

impl View {
    fn is_sound(&self) -> bool {
        let range = match self.range {
            Range::Locked(low, high) => sound((low, high)) == (low, high),
            _ => true,
        };
        let mode = !matches!(self.mode, Mode::AboveLimit(limit) if !limit.is_finite());
        range && mode && self.isotherm.is_none_or(|isotherm| isotherm.levels().all(f32::is_finite))
    }
}

/// How all pictures are looked at.
#[derive(Debug, Default)]
pub struct Views {
    /// By device; absent = as a new one.
    pub by_device: BTreeMap<DeviceId, View>,
    /// The array that the inspected one is compared with.
    pub beside: Option<DeviceId>,
    /// What held ranges were before.
    before: BTreeMap<DeviceId, Range>,
}

impl Views {
    /// How a device's picture is looked at.
    #[must_use]
    pub fn of(&self, id: &DeviceId) -> View {
        self.by_device.get(id).cloned().unwrap_or_default()
    }

    /// How a device's picture is looked at, to be changed.
    pub fn edit(&mut self, id: &DeviceId) -> &mut View {
        self.by_device.entry(id.clone()).or_default()
    }

    /// Whether the range of a device is held.
    #[must_use]
    pub fn is_locked(&self, id: &DeviceId) -> bool {
        self.by_device.get(id).is_some_and(|view| view.range.is_locked())
    }

    /// Holds the range of a device between two temperatures, C.
    pub fn hold(&mut self, id: &DeviceId, ends: (f32, f32)) {
        let (low, high) = sound(ends);
        let range = std::mem::replace(&mut self.edit(id).range, Range::Locked(low, high));
        if !range.is_locked() {
            self.before.insert(id.clone(), range);
        }
    }

    /// Lets the range of a device go: it is as before it was held.
    pub fn let_go(&mut self, id: &DeviceId) {
        if self.is_locked(id) {
            self.edit(id).range = self.before.remove(id).unwrap_or_default();
        }
    }

    /// Holds the ranges of these devices as they are, C; lets them go if all are held already.
    pub fn toggle_lock(&mut self, spans: &[(DeviceId, (f32, f32))]) {
        if spans.iter().all(|(id, _)| self.is_locked(id)) {
            spans.iter().for_each(|(id, _)| self.let_go(id));
            return;
        }
        for (id, span) in spans {
            if !self.is_locked(id) {
                self.hold(id, *span);
            }
        }
    }

    /// All views that are not as of a new device, to be kept in a layout. What is compared is of the moment.
    #[must_use]
    pub fn kept(&self) -> BTreeMap<DeviceId, View> {
        let other = self.by_device.iter().filter(|(_, view)| **view != View::default());
        other.map(|(id, view)| (id.clone(), view.clone())).collect()
    }

    /// Takes views from a layout over, in place of all; one that could not be drawn is left out.
    pub fn take_over(&mut self, kept: &BTreeMap<DeviceId, View>) {
        let sound = kept.iter().filter(|(_, view)| view.is_sound());
        self.by_device = sound.map(|(id, view)| (id.clone(), view.clone())).collect();
        self.before.clear();
    }
}

/// Ends that can be held: finite, in order, and not too near to each other.
fn sound((low, high): (f32, f32)) -> (f32, f32) {
    let within = |end: f32, other: f32| if end.is_finite() { end.clamp(HELD.0, HELD.1) } else { other };
    let low = within(low, HELD.0).min(HELD.1 - LEAST_HELD);
    (low, within(high, HELD.1).max(low + LEAST_HELD))
}
