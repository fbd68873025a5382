//! The hottest cell of each array as a fact, now and then: for Hue apps, which know arrays as thermometers.
//!
//! Invariant: a device's figure is told when it changed by [`STEP`], and once in [`PAUSE`] at most.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;

use crate::model::sensors::DeviceId;
use crate::model::thermal::Update;
use crate::units::moment::Moment;

/// How much it must change to be told again, K.
pub const STEP: f32 = 0.2;
/// How long it is not told again.
pub const PAUSE: Duration = Duration::from_secs(10);

/// What was told.
#[derive(Debug, Default)]
pub struct Hottest(BTreeMap<DeviceId, Told>);

#[derive(Clone, Copy, Debug)]
struct Told {
    at: Moment,
    wall: Timestamp,
    celsius: f32,
}

impl Hottest {
    /// Looks at the newest figures, °C, of the arrays that are there; says what is to be told.
    pub fn look(
        &mut self,
        now: Moment,
        wall: Timestamp,
        figures: impl Iterator<Item = (DeviceId, f32)>,
    ) -> Vec<Update> {
        let mut before = std::mem::take(&mut self.0);
        let mut updates = Vec::new();
        for (device, celsius) in figures.filter(|(_, celsius)| celsius.is_finite()) {
            let is_news = |told: &Told| (celsius - told.celsius).abs() >= STEP && now.since(told.at) >= PAUSE;
            let told = before.remove(&device).filter(|told| !is_news(told)).unwrap_or_else(|| {
                updates.push(Update::Hottest { device: device.clone(), at: wall, celsius });
                Told { at: now, wall, celsius }
            });
            self.0.insert(device, told);
        }
        updates
    }

    /// What was told of each array.
    #[must_use]
    pub fn state(&self) -> BTreeMap<DeviceId, (Timestamp, f32)> {
        self.0.iter().map(|(device, told)| (device.clone(), (told.wall, told.celsius))).collect()
    }
}
