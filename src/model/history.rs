//! History: what a channel showed over time, thinned to what is asked for.

use std::sync::Arc;

use jiff::Timestamp;

use crate::model::sensors::DeviceId;

/// The key of a device's hottest cell among its channels.
pub const HOTTEST: &str = "hottest";

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Span {
    /// Whose.
    pub device: DeviceId,
    /// A channel's key on the wire, or [`HOTTEST`].
    pub channel: Arc<str>,
    /// From then on.
    pub from: Timestamp,
    /// Up to then.
    pub to: Timestamp,
    /// How many points at most, 2..=10,000.
    pub points: u16,
}

/// How fine the points are that an answer was made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Resolution {
    /// Every reading.
    Full,
    /// One second.
    Second,
    /// One minute.
    Minute,
}

impl Resolution {
    /// All, the finest first.
    pub const ALL: [Self; 3] = [Self::Full, Self::Second, Self::Minute];

    /// Its word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Second => "second",
            Self::Minute => "minute",
        }
    }
}

/// A stretch of time and what the channel showed in it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// When it begins, ms since 1970.
    pub at_ms: i64,
    /// The lowest value.
    pub min: f32,
    /// The mean.
    pub mean: f32,
    /// The highest value.
    pub max: f32,
}

/// The answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// What was asked for.
    pub span: Span,
    /// How fine the points behind it are.
    pub resolution: Resolution,
    /// Points in order of time; where nothing was heard there are none.
    pub points: Vec<Point>,
}

/// What the store holds of history.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Extent {
    /// Bytes of packed blocks.
    pub bytes: u64,
    /// The oldest reading, ms since 1970.
    pub oldest_ms: Option<i64>,
    /// Channels known.
    pub channels: u32,
}
