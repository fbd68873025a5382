//! A snapshot: one thermal picture with all that is known of it, as numbers or as a picture.

mod csv;
mod json;
mod overlay;
mod png;

use std::sync::Arc;

use jiff::tz::TimeZone;

use crate::model::exports::Look;
use crate::model::learned::Baseline;
use crate::model::sensors::DeviceId;
use crate::model::thermal::ThermalFrame;
use crate::model::thermal::region::{Region, Regions, Shape};
use crate::report::drawing::{DrawError, Drawing};
use crate::report::meters::{self, Measured};

/// What is told of the device beside the frame's own facts.
#[derive(Clone, Debug, PartialEq)]
pub struct Facts {
    /// The device.
    pub device: DeviceId,
    /// What people call it.
    pub name: String,
    /// The place it reports for.
    pub location: String,
    /// The room or group it is in; empty for none.
    pub place: String,
    /// Whether it says of itself that it is simulated.
    pub simulated: bool,
    /// Where people read the time.
    pub zone: TimeZone,
}

/// A snapshot.
#[derive(Clone, Debug)]
pub struct Shot {
    facts: Facts,
    measured: Measured,
    usual: Option<Arc<Baseline>>,
}

impl Shot {
    /// A frame, measured by these regions.
    #[must_use]
    pub fn new(facts: Facts, frame: &ThermalFrame, regions: &Arc<Regions>) -> Self {
        Self { facts, measured: meters::measured(frame, regions), usual: None }
    }

    /// The same with the usual picture, for colours that are about it.
    #[must_use]
    pub fn against(self, usual: Option<Arc<Baseline>>) -> Self {
        Self { usual, ..self }
    }

    /// Facts and meters in lines that begin with `#`, then the matrix in degrees Celsius, row by row.
    #[must_use]
    pub fn csv(&self) -> String {
        csv::csv(self)
    }

    /// The same fields as a frame of the API, with facts and meters.
    #[must_use]
    pub fn json(&self) -> String {
        json::json(self)
    }

    /// The picture as it was on screen, with regions, figures and scale.
    #[must_use]
    pub fn drawing(&self, look: &Look) -> Drawing {
        png::drawing(self, look)
    }

    /// The drawing as PNG.
    ///
    /// # Errors
    /// If it cannot be drawn.
    pub fn png(&self, look: &Look) -> Result<Vec<u8>, DrawError> {
        self.drawing(look).png()
    }

    const fn frame(&self) -> &ThermalFrame {
        &self.measured.frame
    }
}

/// The kind of a region in words.
const fn kind(region: &Region) -> &'static str {
    if region.mask {
        return "mask";
    }
    match region.shape {
        Shape::Spot(_) => "spot",
        Shape::Box(_) => "box",
        Shape::Circle { .. } => "circle",
        Shape::Polygon(_) => "polygon",
        Shape::Line { .. } => "line",
    }
}

/// `B1 Door`, or `B1` if it has no name.
fn title(id: &str, name: &str) -> String {
    if name.is_empty() { id.to_owned() } else { format!("{id} {name}") }
}
