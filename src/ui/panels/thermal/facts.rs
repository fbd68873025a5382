//! What is known of a device's picture, and how it is said.

use crate::model::sensors::Device;
use crate::model::thermal::{Array, Calibration, ThermalFrame};
use crate::ui::standing::Standing;
use crate::ui::words;
use crate::units::temperature::Scale;

/// A device, its picture and what they are worth now.
pub struct Facts<'a> {
    /// The device.
    pub device: &'a Device,
    /// How it stands.
    pub standing: Standing,
    /// Its frame that is shown.
    pub frame: Option<&'a ThermalFrame>,
    /// Its array.
    pub array: Option<Array>,
}

impl Facts<'_> {
    /// Whether there is a picture with temperatures, of now or of before.
    #[must_use]
    pub fn has_temperatures(&self) -> bool {
        self.frame.is_some_and(|frame| frame.extremes.is_some())
    }

    /// Whether the numbers are temperatures of the instant that is shown: of now, or of an instant of the past.
    #[must_use]
    pub fn is_now(&self) -> bool {
        matches!(self.standing, Standing::Live | Standing::Past) && self.has_temperatures()
    }

    /// The hottest cell of the instant that is shown, C.
    #[must_use]
    pub fn hottest(&self) -> Option<f32> {
        self.frame.filter(|_| self.is_now()).and_then(|frame| frame.extremes).map(|e| e.max)
    }

    /// Size, rate and what else is worth a side fact.
    #[must_use]
    pub fn side(&self) -> String {
        let size = self.frame.map(|frame| format!("{}\u{d7}{}", frame.size.cols(), frame.size.rows()));
        let period = self.device.period.map(|period| words::period(Some(period)));
        [size, period].into_iter().flatten().collect::<Vec<_>>().join(" \u{b7} ")
    }

    /// Why a frame shows no temperatures: the cause, and what happens next.
    #[must_use]
    pub fn no_temperatures(&self) -> (&'static str, &'static str) {
        const SOON: &str = "Temperatures with the next frame";
        match self.array.as_ref().map(|array| array.calibration) {
            Some(Calibration::Missing) => ("Not calibrated", "No temperatures until its calibration comes"),
            _ if self.frame.is_some_and(|frame| frame.calibrated) => {
                ("No cell has a value", "The array sends frames, but every cell is broken")
            }
            Some(Calibration::Stored | Calibration::Received | Calibration::Changed) => ("Calibration has come", SOON),
            Some(Calibration::NotNeeded) | None => ("No temperatures yet", SOON),
        }
    }

    /// The sentence a screen reader says.
    #[must_use]
    pub fn sentence(&self, scale: Scale) -> String {
        let (name, word) = (&self.device.name, self.standing.word());
        match self.frame.and_then(|frame| frame.extremes.map(|e| (frame, e))) {
            Some((frame, e)) => {
                let (row, col) = (e.max_at as usize / frame.size.cols() + 1, e.max_at as usize % frame.size.cols() + 1);
                let hottest = words::degrees(Some(e.max), scale);
                format!("{name}, hottest {hottest} degrees at row {row} column {col}, {word}")
            }
            None if self.frame.is_some() => {
                format!("{name}, no temperatures: {}, {word}", self.no_temperatures().0.to_lowercase())
            }
            None if self.standing == Standing::Past => format!("{name}, nothing recorded, {word}"),
            None => format!("{name}, no picture yet, {word}"),
        }
    }
}
