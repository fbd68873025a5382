//! What a light can do, as data: faces draw what they find here, and nobody asks for a brand.

use std::ops::RangeInclusive;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::units::color::Gamut;

/// What a light does when its power comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PowerOn {
    /// It is off.
    Off,
    /// It is on, in a white of its own.
    On,
    /// It is as it was.
    Previous,
}

/// How often a light takes something, at most.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rates {
    /// Changes a second.
    pub changes_hz: f32,
    /// Frames a second; 0 if it cannot be streamed to.
    pub frames_hz: f32,
}

/// What a light can do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Capabilities {
    /// Whether it can be dimmed.
    pub dimming: bool,
    /// The colours it mixes; `None` if it has one colour only.
    pub color: Option<Gamut>,
    /// The whites it mixes, mirek; `None` if it cannot.
    pub mirek: Option<RangeInclusive<u16>>,
    /// Parts that take a colour each without streaming; 0 if it has none.
    pub segments: u16,
    /// Pixels that can be streamed to; 0 if it cannot be streamed to, 1 for a bulb.
    pub pixels: u16,
    /// Whether it fades by itself.
    pub transition: bool,
    /// The effects that it has by itself, by its own names.
    pub effects: Arc<[Arc<str>]>,
    /// What it can do when its power comes back; empty if it cannot be told.
    pub power_on: Arc<[PowerOn]>,
    /// Whether it can make itself known, by blinking.
    pub identify: bool,
    /// How often it takes something.
    pub rates: Rates,
}

impl Capabilities {
    /// A light that can only be switched.
    #[must_use]
    pub fn switch(changes_hz: f32) -> Self {
        Self {
            dimming: false,
            color: None,
            mirek: None,
            segments: 0,
            pixels: 0,
            transition: false,
            effects: Arc::new([]),
            power_on: Arc::new([]),
            identify: false,
            rates: Rates { changes_hz, frames_hz: 0.0 },
        }
    }
}
